"""How the editor of a mail is laid out: text with its helps, audience, time, attachments."""

from typing import Any

from crispy_forms.layout import HTML, Div, Fieldset, Layout

MORE_BUTTON, FIND_BUTTON, STAY_BUTTON = "more_rows", "find_people", "stay"
"""Buttons that save the draft and come back to the editor."""


def _problems(field: str) -> HTML:
    """What stands in the way of a release, beside the field in which it is mended."""
    return HTML(
        f'<div id="feld-{field}" class="rundmail-anchor">'
        f'{{% include "rundmails/parts/problems_at.html" with field="{field}" %}}</div>'
    )


def _part(name: str) -> HTML:
    return HTML(f'{{% include "rundmails/parts/{name}.html" %}}')


def editor_layout(form: Any) -> Layout:
    """The layout of ``RundmailForm`` with the rows it has."""
    rows = [Div(part, sign, css_class="app-row rundmail-row") for part, sign in form.rows]
    attached = ["remove"] if form.attached else []
    people = ["people"] if form.fields["people"].choices else []
    return Layout(
        _part("draft_hint"),
        Fieldset(
            "Text",
            _problems("subject"),
            "subject",
            _part("markdown_help"),
            _problems("body"),
            "body",
            _part("placeholders"),
            _problems("reply_to"),
            "reply_to",
        ),
        Fieldset(
            "An wen?",
            _part("audience_hint"),
            _problems("audience"),
            *rows,
            _part("more_rows"),
            HTML('<div id="personen"></div>'),
            "person_name",
            _part("find_people"),
            *people,
            css_id="empfaenger",
        ),
        Fieldset(
            "Veranstaltung und Anhänge",
            _problems("event"),
            "event",
            "attach_calendar",
            _problems("attachments"),
            *attached,
            "files",
        ),
        Fieldset(
            "Wann?",
            _problems("send_at"),
            "when",
            "send_on",
            "milestone",
            Div("days", "side", css_class="app-row"),
            "clock",
        ),
        _part("editor_buttons"),
    )

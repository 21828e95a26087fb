"""Saving a draft while it is being typed: what is valid, and who else is at it is told.

The script of the page (``static/js/profiles.js``) posts the whole form to an address of its
own. Without it the buttons do the same.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone

from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from tandems.profiles.completeness import progress

CONFLICT = (
    "Nicht gespeichert: jemand anderes hat diesen Bogen inzwischen geändert. Klicken Sie auf "
    "„Entwurf speichern“, dann sehen Sie beide Fassungen."
)
BROKEN = "Nicht gespeichert: bitte klicken Sie auf „Entwurf speichern“."


class Autosave:
    """Before ``UpdatePage``: a POST saves what is valid and answers with JSON.

    The answer has ``saved``, a German ``message``, the new ``version`` for the form's hidden
    field, and ``sections``, the navigation as HTML. A page says how to save
    (``save_answers``) and may leave the rest as it is.
    """

    request: HttpRequest
    http_method_names: Any = ("post",)
    save_answers: Any
    """Of form and valid answers: saves them by the door of the room, returns the record."""

    def make_form(self, record: Any = None) -> Any:
        """The form as posted, or with ``record`` a fresh one about it."""
        kwargs = self.get_form_kwargs()  # type: ignore[attr-defined]  # a page follows
        if record is not None:
            kwargs.update(instance=record, data=None, files=None)
        return self.get_form_class()(**kwargs)  # type: ignore[attr-defined]  # likewise

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save what is valid. Fields in error stay with the browser, which still has them."""
        form = self.make_form()
        form.full_clean()
        codes = {error.code for error in form.non_field_errors().as_data()}
        if "conflict" in codes:
            return _answer(message=CONFLICT, conflict=True)
        if codes:
            return _answer(message=BROKEN)
        values = form.valid_answers()
        if not values:
            return _answer(message=BROKEN)
        try:
            record = self.save_answers(form, values)
        except EditConflict:
            return _answer(message=CONFLICT, conflict=True)
        except Refused as refusal:
            return _answer(message=f"Nicht gespeichert: {refusal}")
        rows = progress(record, record.sheet, own=form.own)
        wrong = [str(form[name].label) for name in form.errors if name in form.fields]
        time = timezone.localtime()
        message = f"Gespeichert um {time:%H:%M} Uhr"
        if wrong:
            message += f", noch ohne: {', '.join(wrong)}"
        return _answer(
            saved=True,
            message=f"{message}.",
            version=self.make_form(record).version_token,
            sections=render_to_string("profiles/parts/progress.html", {"progress": rows}),
        )


def _answer(**said: Any) -> JsonResponse:
    return JsonResponse(
        {"saved": False, **said},
        headers={"Cache-Control": "no-store"},
        json_dumps_params={"ensure_ascii": False},
    )

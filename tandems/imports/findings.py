"""What the check found about a line, in words and as the choice it leaves."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from programmes.people.models import Person
from programmes.people.permissions import posts_of
from tandems.applications.models import Application, ApplicationState
from tandems.imports.models import ApplicantImport, Decision, ImportLine

FIELD = "zeile-"
"""The choice for a line is posted under this and its key."""

FORM = "auswahl"
BATCH = 500


@dataclass(frozen=True)
class Known:
    """Somebody a line resembles, as the reader may know of them."""

    name: str
    details: str
    application: str
    """The state of their application in this cycle, or nothing."""
    is_self: bool

    @property
    def text(self) -> str:
        """One sentence about them."""
        if self.is_self:
            return "Das sind vermutlich Sie selbst; Ihre eigene Bewerbung trägt jemand anders ein."
        told = f"Ähnelt {self.name}{f' ({self.details})' if self.details else ''}"
        if self.application:
            return f"{told}: hat in diesem Durchgang schon eine Bewerbung ({self.application})."
        return f"{told}."

    @property
    def may_be_taken(self) -> bool:
        """Whether the line can become an application of theirs."""
        return not self.is_self and not self.application


class Acquaintances:
    """The known people of some lines, read in two queries; only whom ``user`` may see."""

    def __init__(self, run: ApplicantImport, lines: Iterable[Any], user: Any) -> None:
        keys = sorted({key for line in lines for key in line.known})
        own = posts_of(user).person
        self._known: dict[int, Known] = {}
        for start in range(0, len(keys), BATCH):
            part = keys[start : start + BATCH]
            people = Person.objects.visible_to(user).filter(
                pk__in=part, municipality=run.municipality_id
            )
            applications = (
                Application.objects.visible_to(user)
                .filter(cycle=run.cycle_id, person__in=part)
                .exclude(state=ApplicationState.WITHDRAWN)
            )
            states = dict(applications.values_list("person", "state"))
            for person in people:
                details = ", ".join(text for text in (person.position, person.email) if text)
                state = ApplicationState(states[person.pk]).label if person.pk in states else ""
                self._known[person.pk] = Known(
                    person.full_name, details, state, is_self=person.pk == own
                )

    def of(self, line: ImportLine) -> dict[int, Known]:
        """Those the line resembles, by their key."""
        return {key: self._known[key] for key in line.known if key in self._known}


def sentences(line: ImportLine, known: dict[int, Known]) -> list[tuple[str, str]]:
    """What is to be said about the line: the column it is about, or nothing, and the text."""
    found = [(column, text) for column, text in line.problems]
    if line.twins:
        rows = ", ".join(str(number) for number in line.twins)
        same = "Zeile" if len(line.twins) == 1 else "den Zeilen"
        found.append(("", f"Vielleicht dieselbe Person wie in {same} {rows}."))
    found.extend(("", one.text) for one in known.values())
    found.extend(("", note) for note in line.notes)
    return found


def as_text(line: ImportLine, known: dict[int, Known]) -> str:
    """The same for a table on paper or in a file."""
    return " ".join(
        f"{column}: {text}" if column else text for column, text in sentences(line, known)
    )


def as_html(line: ImportLine, known: dict[int, Known]) -> SafeString | str:
    """The same for the page."""
    rows = [
        (format_html("<strong>{}:</strong> {}", column, text) if column else text,)
        for column, text in sentences(line, known)
    ]
    if not rows:
        return ""
    return format_html(
        '<ul class="imports__findings">{}</ul>', format_html_join("", "<li>{}</li>", rows)
    )


def decision_text(line: ImportLine, known: dict[int, Known]) -> str:
    """What was chosen, in words."""
    if line.decision == Decision.KNOWN and line.person in known:
        return f"als {known[line.person].name}"
    if line.is_faulty and line.decision == Decision.OPEN:
        return "berichtigen oder weglassen"
    return Decision(line.decision).label


def choices(line: ImportLine, known: dict[int, Known]) -> list[tuple[str, str]]:
    """What can be chosen for the line: posted value and label."""
    if line.is_faulty:
        return [("", "berichtigen"), (Decision.SKIP, "weglassen")]
    taken = [
        (str(key), f"als {one.name} übernehmen") for key, one in known.items() if one.may_be_taken
    ]
    first = [("", "bitte wählen")] if line.is_doubtful else []
    return [*first, *taken, (Decision.NEW, "als neue Person"), (Decision.SKIP, "weglassen")]


def select(line: ImportLine, known: dict[int, Known], url: str) -> SafeString:
    """The field that chooses; with JavaScript a choice is kept at once."""
    chosen = str(line.person) if line.decision == Decision.KNOWN else line.decision
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, SafeString(" selected") if value == chosen else "", label)
            for value, label in choices(line, known)
        ),
    )
    return format_html(
        '<span class="kern-form-input__select-wrapper imports__choice">'
        '<select class="kern-form-input__select" name="{}{}" form="{}" aria-label="{}" '
        'hx-post="{}" hx-trigger="change" hx-swap="none" hx-include="#{}">{}</select></span>',
        FIELD,
        line.pk,
        FORM,
        f"Auswahl für Zeile {line.number}",
        url,
        FORM,
        options,
    )

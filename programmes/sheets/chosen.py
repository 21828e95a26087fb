"""Labels and badges of a choice of people: made from an address, the same way now and later."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import rules
from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property

from mentoring.ui.exports import Table
from mentoring.ui.forms import KernForm
from programmes.cycles.models import Cycle
from programmes.organisations.models import Municipality
from programmes.sheets.contents import Guest
from programmes.sheets.labels import (
    FORMATS,
    SOURCES,
    labels_of,
    labels_pdf,
    labels_table,
    pages_of,
)
from programmes.sheets.pdf import BADGES_A_PAGE, badges_pdf
from programmes.sheets.selections import COUNCIL, PEOPLE, Selection

LABELS, BADGES = "etiketten", "namensschilder"


@dataclass(frozen=True)
class Paper:
    """What a choice becomes: a table, and pages when they are asked for."""

    table: Table
    pdf: Callable[[], bytes]
    number: int
    pages: int
    missing: Sequence[Municipality] = ()
    """Kommunen whose address is not known."""
    left_out: int = 0


class LabelForm(KernForm):
    """What the labels are for, and on which sheet."""

    fuer = forms.ChoiceField(label="Etiketten für", choices=list(SOURCES.items()), required=False)
    bogen = forms.ChoiceField(
        label="Etikettenbogen",
        choices=[(one.key, one.label) for one in FORMATS.values()],
        required=False,
    )
    ab = forms.IntegerField(
        label="Erstes freies Etikett",
        help_text="Gezählt von links nach rechts, dann nach unten.",
        min_value=1,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """A sheet begun has a first free label, no later than its last."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["fuer"] = data.get("fuer") or next(iter(SOURCES))
        data["bogen"] = data.get("bogen") or next(iter(FORMATS))
        a_page = FORMATS[data["bogen"]].a_page
        if (data.get("ab") or 1) > a_page:
            self.add_error("ab", f"Dieser Bogen hat nur {a_page} Etiketten.")
        return data

    def paper(self, selection: Selection) -> Paper:
        """The labels."""
        source, form = self.cleaned_data["fuer"], FORMATS[self.cleaned_data["bogen"]]
        start = self.cleaned_data.get("ab") or 1
        found = labels_of(selection, source)
        return Paper(
            labels_table(found, source, selection.used_filters()),
            lambda: labels_pdf(found.labels, form, start),
            len(found.labels),
            pages_of(len(found.labels), form, start),
            found.missing,
            found.left_out,
        )


class BadgeForm(KernForm):
    """Whose badges, and what stands on them."""

    fuer = forms.ChoiceField(
        label="Namensschilder für",
        choices=[(PEOPLE, "jede Person der Auswahl"), (COUNCIL, "jedes Mitglied des Beirats")],
        required=False,
    )
    rollen = forms.BooleanField(label="Rolle nennen", required=False)

    def paper(self, selection: Selection) -> Paper:
        """The badges."""
        council = self.cleaned_data.get("fuer") == COUNCIL
        found = selection.council() if council else selection.people()
        roles = bool(self.cleaned_data.get("rollen"))
        guests = [
            Guest(
                one.person.first_name,
                one.person.last_name,
                one.house.short_name,
                one.role,
                one.person.title,
            )
            for one in found
        ]
        headings = ["Titel", "Vorname", "Nachname", "Kommune", *(["Rolle"] if roles else [])]
        rows = [
            [one.title, one.first_name, one.last_name, one.house, *([one.role] if roles else [])]
            for one in guests
        ]
        cycle = selection.cycle
        occasion = f"{cycle.programme}, Durchgang Nr. {cycle.number}"
        return Paper(
            Table("Namensschilder", headings, rows, selection.used_filters()),
            lambda: badges_pdf(guests, occasion, roles=roles),
            len(guests),
            -(-len(guests) // BADGES_A_PAGE),
        )


@dataclass(frozen=True)
class Kind:
    """Something printed of a choice of people."""

    title: str
    form: type[LabelForm | BadgeForm]
    intro: str


KINDS: dict[str, Kind] = {
    LABELS: Kind(
        "Adressetiketten",
        LabelForm,
        "Mit der Anschrift der Kommune, für gängige Etikettenbögen oder als Tabelle für den "
        "Seriendruck. Drucken Sie in Originalgröße (100 %), sonst passen die Ränder nicht.",
    ),
    BADGES: Kind(
        "Namensschilder",
        BadgeForm,
        "Zehn Schilder auf einem Blatt A4 (90 × 54 mm) mit Schneidemarken. Schilder für die "
        "Gäste einer Veranstaltung finden Sie bei deren Blättern.",
    ),
}


class Choice:
    """What ``user`` chose with a query string: filters of the participant list, and options.

    Raises ``PermissionDenied`` or ``Http404`` if the user may not open the participant list.
    """

    def __init__(self, kind: str, user: Any, cycle: Cycle, query: str) -> None:
        self.kind = KINDS[kind]
        self.query = query
        self.selection = Selection(user, cycle, query)
        self.form = self.kind.form(QueryDict(query))
        self.is_valid = self.form.is_valid() and self.selection.is_valid

    @cached_property
    def paper(self) -> Paper:
        """What it becomes; only of a valid choice."""
        return self.form.paper(self.selection)

    @property
    def keys(self) -> list[int]:
        """Whom it is for (primary keys); only of a valid choice."""
        return self.selection.keys(self.form.cleaned_data.get("fuer") or PEOPLE)


def cycle_to_print(user: Any, pk: int) -> Cycle | None:
    """The cycle (primary key) if ``user`` may print of it now, otherwise ``None``."""
    found: Cycle | None = (
        Cycle.objects.visible_to(user)
        .filter(pk=pk)
        .select_related("programme__logistics_partner")
        .first()
    )
    if found is None or not rules.test_rule("sheets.print", user, found):
        return None
    return found

"""Address labels: what stands on one, and the sheets they are printed on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mentoring.ui.exports import Table
from mentoring.ui.pdf import house_pdf
from programmes.organisations.models import Municipality
from programmes.people.models import Salutation
from programmes.sheets.fitting import fitting, largest
from programmes.sheets.selections import (
    BILLING,
    COUNCIL,
    HOUSES,
    PEOPLE,
    Selection,
    Somebody,
    distinct_houses,
)

SOURCES = {
    PEOPLE: "jede Person der Auswahl, persönlich",
    COUNCIL: "jedes Mitglied des Beirats, persönlich",
    HOUSES: "jede Kommune der Auswahl, Postanschrift",
    BILLING: "jede Kommune der Auswahl, Rechnungsanschrift",
}
"""What there is a label for."""

PERSONAL = "Persönlich"
"""Stands above the name: who opens the mail of the house leaves it closed (DIN 5008)."""

ON_ENVELOPES = {str(Salutation.MR.label): "Herrn"}
"""An address stands in the accusative, a salutation does not."""

_SIZES = (11, 10, 9, 8, 7, 6)
_POINTS = 72 / 25.4


@dataclass(frozen=True)
class Format:
    """A sheet A4 of labels. All measures are millimetres; ``static/css/sheets_labels.css``
    has the same ones.

    ``pad_x`` and ``pad_y`` stay empty inside a label, for printers that are a little off.
    """

    key: str
    label: str
    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    step_x: float
    step_y: float
    pad_x: float
    pad_y: float

    @property
    def a_page(self) -> int:
        """How many labels a sheet has."""
        return self.columns * self.rows


FORMATS: dict[str, Format] = {
    one.key: one
    for one in (
        Format(
            "70x36",
            "70 × 36 mm, 24 je Bogen (etwa Avery Zweckform 3475)",
            *(3, 8),
            *(70, 36),
            *(0, 4.5),
            *(70, 36),
            *(6, 3),
        ),
        Format(
            "99x38",
            "99,1 × 38,1 mm, 14 je Bogen (etwa Avery Zweckform L7163)",
            *(2, 7),
            *(99.1, 38.1),
            *(4.65, 15.15),
            *(101.6, 38.1),
            *(6, 3),
        ),
        Format(
            "63x38",
            "63,5 × 38,1 mm, 21 je Bogen (etwa Avery Zweckform L7160)",
            *(3, 7),
            *(63.5, 38.1),
            *(7.2, 15.15),
            *(66.05, 38.1),
            *(4, 3),
        ),
    )
}
"""Sheets by their measures; the article numbers are only there to be found."""


@dataclass(frozen=True)
class Label:
    """An address. ``note`` stands above it."""

    note: str
    salutation: str
    title: str
    first_name: str
    last_name: str
    house: str
    street: str
    postal_code: str
    city: str

    @property
    def name(self) -> str:
        """As on an envelope: "Herrn Dr. Max Muster"; "" for a Kommune."""
        salutation = ON_ENVELOPES.get(self.salutation, self.salutation)
        parts = (salutation, self.title, self.first_name, self.last_name)
        return " ".join(part for part in parts if part)

    @property
    def lines(self) -> list[str]:
        """From top to bottom, without empty ones."""
        return [
            line for line in (self.note, self.name, self.house, self.street, self.place) if line
        ]

    @property
    def place(self) -> str:
        """Postal code and place."""
        return f"{self.postal_code} {self.city}"


@dataclass(frozen=True)
class Labels:
    """The labels of a choice, and the Kommunen whose address is not known."""

    labels: list[Label]
    missing: list[Municipality]
    left_out: int
    """How many have no label, because the address is missing."""


def labels_of(selection: Selection, source: str) -> Labels:
    """The labels of ``selection`` for a key of ``SOURCES``.

    A label needs postal code and place; large Kommunen have a postal code and no street.
    """
    if source in (PEOPLE, COUNCIL):
        found = selection.people() if source == PEOPLE else selection.council()
        pairs = [(one.house, _personal(one)) for one in found]
    else:
        billing = source == BILLING
        pairs = [(house, _of_house(house, billing=billing)) for house in selection.houses()]
    complete = [label for _, label in pairs if label.postal_code and label.city]
    without = [house for house, label in pairs if not (label.postal_code and label.city)]
    return Labels(complete, distinct_houses(without), len(without))


def _personal(one: Somebody) -> Label:
    person, house = one.person, one.house
    salutation = person.get_salutation_display() if person.salutation != Salutation.NONE else ""
    return Label(
        PERSONAL,
        salutation,
        person.title,
        person.first_name,
        person.last_name,
        house.name,
        house.street,
        house.postal_code,
        house.city,
    )


def _of_house(house: Municipality, *, billing: bool) -> Label:
    if not billing:
        where = (house.name, house.street, house.postal_code, house.city)
    elif house.billing_postal_code and house.billing_city:
        where = (
            house.billing_name or house.name,
            house.billing_street,
            house.billing_postal_code,
            house.billing_city,
        )
    else:  # as the page of the Kommune says: "wie Anschrift"
        where = (
            house.billing_name or house.name,
            house.street,
            house.postal_code,
            house.city,
        )
    return Label("", "", "", "", "", *where)


def labels_table(found: Labels, source: str, filters: Sequence[tuple[str, str]]) -> Table:
    """For a mail merge: one field a column."""
    title = "Adressetiketten"
    if source in (PEOPLE, COUNCIL):
        headings = ["Vermerk", "Anrede", "Titel", "Vorname", "Nachname", "Kommune"]
        rows = [
            [one.note, one.salutation, one.title, one.first_name, one.last_name, one.house]
            for one in found.labels
        ]
    else:
        headings = ["Empfänger"]
        rows = [[one.house] for one in found.labels]
    headings += ["Straße und Hausnummer", "Postleitzahl", "Ort"]
    rows = [
        [*row, one.street, one.postal_code, one.city]
        for row, one in zip(rows, found.labels, strict=True)
    ]
    return Table(title, headings, rows, filters)


# --- On paper ---------------------------------------------------------------------------
@dataclass(frozen=True)
class Placed:
    """A label on its sheet: which column and row, and the size in points its lines fit in."""

    label: Label
    column: int
    row: int
    size: int


def size_of(label: Label, form: Format) -> int:
    """The largest size, in points, in which the label's lines fit between its edges.

    A house number alone on a line is hard to read, and so is small print: a name takes two
    lines rather than less than 9 points, a street rather than less than 8.
    """
    width = (form.width - 2 * form.pad_x) * _POINTS
    height = (form.height - 2 * form.pad_y) * _POINTS
    where = (label.street, label.place)
    return (
        largest(label.lines, (11, 10, 9), width, height, whole=(label.name, *where))
        or largest(label.lines, (11, 10, 9, 8), width, height, whole=where)
        or fitting(label.lines, _SIZES, width, height)
    )


def labels_pdf(labels: Sequence[Label], form: Format, start: int) -> bytes:
    """``labels`` on sheets of ``form``, the first at position ``start``, counted from 1.

    Positions run from left to right, then down, so that a sheet begun can be used up.
    """
    context: dict[str, Any] = {"pages": list(_pages(labels, form, start)), "form": form}
    return house_pdf("sheets/labels_pdf.html", context)


def pages_of(number: int, form: Format, start: int) -> int:
    """How many sheets ``number`` labels take."""
    return -(-(number + start - 1) // form.a_page) if number else 0


def _pages(labels: Sequence[Label], form: Format, start: int) -> Iterator[list[Placed]]:
    page: list[Placed] = []
    for number, label in enumerate(labels, start - 1):
        at = number % form.a_page
        if page and at == 0:
            yield page
            page = []
        page.append(Placed(label, at % form.columns, at // form.columns, size_of(label, form)))
    if page:
        yield page

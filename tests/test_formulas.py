"""No file of the product makes a spreadsheet run what somebody typed.

Every text in the database begins like a formula here; then every list is exported, and every
sheet, and each cell of each file is looked at.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import DatabaseError, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.test import Client
from django.urls import resolve
from openpyxl import load_workbook

from mentoring.ui.exports import escape_formula
from mentoring.ui.lists import ListPage, lists
from programmes.sheets.tables import SHEETS
from tandems.imports import blank
from tandems.imports.columns import columns_of
from tests.access.grammar import NAMES, Row
from tests.access.matrix import MATRIX
from tests.access.test_access import path_of, sign_in
from tests.access.world import World, build
from tests.conftest import Cast, Stage
from tests.plugins import ROOT

BEGINNINGS = ("=1+1;", "+49 ", "-2+3 ", "@SUM(A1) ", "\t=1 ")
WINGS = ("programmes", "tandems", "mentoring")
# Texts that the product compares or looks up, and that nobody types.
OURS = re.compile(
    r"key|code|hash|nonce|token|state|kind|uid|type|purpose|sha|path|file|password|session|"
    r"message|version|query|format|content|sequence|group|model|action|name_of_"
)
FILES = tuple(f"{label}/{form}" for label in SHEETS for form in ("xlsx", "csv"))
CHOSEN = ("etiketten/xlsx", "etiketten/csv", "namensschilder/xlsx", "namensschilder/csv")


def make_hostile() -> int:
    """Put one of ``BEGINNINGS`` before every text that people type; returns how many columns."""
    changed = 0
    for model in (model for wing in WINGS for model in apps.get_app_config(wing).get_models()):
        for field in model._meta.concrete_fields:
            typed = isinstance(field, models.CharField | models.TextField)
            if not typed or field.choices or field.primary_key or OURS.search(field.name):
                continue
            beginning = Value(BEGINNINGS[changed % len(BEGINNINGS)])
            longer = Concat(beginning, F(field.name))
            text = Substr(longer, 1, field.max_length) if field.max_length else longer
            try:
                with transaction.atomic():
                    # Django's own queryset: ours would count versions and fill search keys.
                    rows: models.QuerySet = models.QuerySet(model).exclude(**{field.name: ""})
                    changed += bool(rows.update(**{field.name: text}))
            except DatabaseError:
                continue  # a code with a form of its own, which the database checks
    return changed


def cells_of(data: bytes) -> list[Any]:
    """All cells of a workbook or a CSV; fails on a formula."""
    if not data.startswith(b"PK"):
        text = io.StringIO(data.decode("utf-8-sig"), newline="")
        return [cell for row in csv.reader(text, delimiter=";") for cell in row]
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/")]
        assert not any(b"<f>" in book.read(name) or b"<f " in book.read(name) for name in sheets)
    found = [cell for sheet in load_workbook(io.BytesIO(data)) for row in sheet for cell in row]
    assert {cell.data_type for cell in found} <= {"s", "inlineStr", "n", "d"}
    return [cell.value for cell in found]


def check(data: bytes, where: str) -> int:
    """Every text is harmless; returns how many had to be made so."""
    texts = [cell for cell in cells_of(data) if isinstance(cell, str)]
    for text in texts:
        is_number = re.fullmatch(r"-[\d.,]+|\+[\d ()/-]+", text)
        assert is_number or escape_formula(text) == text, (where, text)
    return sum(text.startswith("'") and escape_formula(text[1:]) != text[1:] for text in texts)


def readers_of(row: Row) -> list[str]:
    """Who may open it, those who see most first."""
    likely = ("lead", "operator", "hr", "logistics", *NAMES)
    return [name for name in dict.fromkeys(likely) if row.get.get(name) == "200"]


def exports_of(rows: list[Row], world: World, cast: Cast) -> dict[str, int]:
    """Each list that one of ``rows`` leads to, and how many hostile cells its files had."""
    found: dict[str, int] = {}
    for row in rows:
        with transaction.atomic():  # some rows make what they point at
            for name, number in exports_of_row(row, world, cast):
                found[name] = found.get(name, 0) + number
            transaction.set_rollback(True)
    return found


def exports_of_row(row: Row, world: World, cast: Cast) -> Iterator[tuple[str, int]]:
    """The list that ``row`` leads to, if it is one, and its hostile cells in each format."""
    if not readers_of(row):
        return
    path = path_of(row, world)
    view: Any = getattr(resolve(path).func, "view_class", object)
    if not issubclass(view, ListPage):
        return
    for form in ("xlsx", "csv"):
        for name in readers_of(row):
            cache.clear()
            answer = sign_in(cast, name).get(path, {"export": form})
            assert answer.status_code == 200, row
            if not view.exportable:
                return
            assert "attachment" in answer["Content-Disposition"], row
            number = check(answer.content, f"{row} {form}")
            yield view.list_name, number
            if number:
                break


@pytest.fixture
def hostile(stage: Stage, cast: Cast) -> World:
    world = build(stage, cast)
    attendees(world)
    assert make_hostile() > 60
    return world


def attendees(world: World) -> None:
    """Somebody at the event whose sheets are printed, and where the Kommunen are."""
    from tests.programmes.groups.makers import make_attendee

    event = world.sheet_event
    event.venue, event.room, event.catering = "Saal", "Raum", "Suppe"
    event.save()
    event.agenda.create(topic="Thema", speaker="Frau Rat")
    make_attendee(event, world.cast.mentee, municipality=world.stage.own, role="Mentee")
    models.QuerySet(type(world.stage.own)).update(street="Weg", postal_code="48143", city="Ort")


def test_no_cell_of_any_export_is_a_formula(hostile: World, cast: Cast) -> None:
    found = exports_of(MATRIX, hostile, cast)
    known = {name for name in lists.names() if lists.get(name).__module__.startswith(WINGS)}
    not_asked = {name for name in known - set(found) if lists.get(name).exportable}
    assert not not_asked, "a list without a row in the access matrix"
    silent = sorted(name for name, number in found.items() if not number)
    assert not silent, f"nothing hostile stood in {silent}: the test proves nothing of them"


def test_no_cell_of_any_sheet_is_a_formula(hostile: World, cast: Cast) -> None:
    browser: Client = sign_in(cast, "logistics")
    event = hostile.sheet_event
    base = f"/durchgaenge/{event.cycle_id}"
    addresses = [f"{base}/veranstaltungen/{event.pk}/blaetter/{one}/" for one in FILES]
    for address in [*addresses, *(f"{base}/listen/{one}/" for one in CHOSEN)]:
        answer = browser.get(address)
        assert "attachment" in answer["Content-Disposition"], address
        assert check(answer.content, address), address


def test_a_question_that_begins_like_a_formula_is_none_in_the_template(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    column = columns_of(stage.cycle)[0]
    hostile = replace(column, heading="=1+1")
    monkeypatch.setattr(blank, "columns_of", lambda cycle: [hostile])
    assert cells_of(blank.blank_xlsx(stage.cycle))[0].startswith("=1+1")
    assert cells_of(blank.blank_csv(stage.cycle))[0].startswith("'=1+1")


def test_nothing_else_writes_tables() -> None:
    writes = re.compile(r"\bWorkbook\(|\bcsv\.(?:writer|DictWriter)\(")
    found = {
        path.relative_to(ROOT).as_posix()
        for wing in WINGS
        for path in (ROOT / wing).rglob("*.py")
        if writes.search(path.read_text(encoding="utf-8"))
    }
    assert found == {
        "mentoring/ui/exports.py",
        "tandems/imports/blank.py",
        "tandems/demo/papers.py",
    }

"""Everything for the Startworkshop in one ZIP."""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import rules
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from mentoring.ui.background import ExportRequest
from mentoring.ui.exports import WRITERS, Table
from mentoring.ui.list_exports import list_for, run_export
from programmes.cycles.models import Cycle
from programmes.events.domain import keeps_needs, needs_kept_until
from programmes.events.models import Event, EventKind
from programmes.events.wording import when
from programmes.roadmap.models import Milestone
from programmes.sheets.chosen import LABELS, Choice, cycle_to_print
from programmes.sheets.contents import WHO, Content, Options, keys, read, still_seen
from programmes.sheets.pdf import sheet_pdf
from programmes.sheets.tables import SHEETS, Sheet

LISTS = {
    "Teilnehmerliste": "cycles.participants",
    "Kontakte der Kommunen": "sheets.contacts",
}
"""Name of the files and of the list they are exports of."""

CONTENTS = (
    ("Teilnehmerliste", "PDF und Excel"),
    ("Anwesenheitsliste zum Unterschreiben", "PDF und Excel"),
    ("Namensschilder", "PDF und Excel für den Seriendruck"),
    ("Catering", "PDF"),
    ("Raumblatt", "PDF"),
    ("Tagesordnung", "PDF"),
    ("Adressetiketten, 70 × 36 mm, persönlich", "PDF und Excel für den Seriendruck"),
    ("Kontakte der Kommunen", "PDF und Excel"),
    ("LIESMICH.txt", "was enthalten ist, wann und für wen erstellt"),
)
"""What is in it, for whoever is about to make one."""


@dataclass(frozen=True)
class Piece:
    """A file of the ZIP: its name, what it is for, and how it is made."""

    name: str
    purpose: str
    make: Callable[[], bytes]


def start_workshops(user: Any, cycle: Cycle) -> list[Event]:
    """The Startworkshops of ``cycle`` that take place, the next one first."""
    found = Event.objects.visible_to(user).filter(cycle=cycle, kind=EventKind.START).planned()
    events = list(found.select_related("cycle__programme__logistics_partner").order_by("starts_at"))
    now = timezone.now()
    return sorted(events, key=lambda event: event.is_over(now))


def where_to_plan(user: Any, cycle: Cycle) -> str:
    """The address where a Startworkshop is planned, from its milestone if there is one."""
    url = reverse("events:event_add", args=[cycle.pk])
    milestones = Milestone.objects.visible_to(user).filter(cycle=cycle, key__startswith="start")
    found = milestones.order_by("starts_on", "pk").values_list("pk", flat=True).first()
    return f"{url}?meilenstein={found}" if found is not None else url


def pieces(user: Any, event: Event, options: Options) -> list[Piece]:
    """The files of the ZIP as ``user`` sees the event and its cycle, in the order of the day.

    Nothing is read before a piece is made, but what all sheets of the event share.
    """
    cycle = event.cycle
    content = read(event, user, options)
    labels = Choice(LABELS, user, cycle, "").paper
    return [
        *_list_files("Teilnehmerliste", "Name, Kommune, Rolle, E-Mail, Telefon", user, cycle),
        *_sheet_files("anwesenheit", content, "xlsx"),
        *_sheet_files("namensschilder", content, "xlsx"),
        *_sheet_files("catering", content),
        *_sheet_files("raum", content),
        *_sheet_files("tagesordnung", content),
        Piece(
            "Adressetiketten.pdf",
            f"{labels.number} Etiketten 70 × 36 mm, persönlich, für alle Teilnehmer/innen",
            labels.pdf,
        ),
        Piece(
            "Adressetiketten.xlsx",
            "dieselben Anschriften für den Seriendruck",
            lambda: written(labels.table, "xlsx"),
        ),
        *_list_files("Kontakte der Kommunen", "Anschrift, Personalstelle, Beirat", user, cycle),
    ]


def _list_files(name: str, purpose: str, user: Any, cycle: Cycle) -> Iterator[Piece]:
    for wanted in ("pdf", "xlsx"):
        make = partial(_exported, list_request(LISTS[name], cycle, wanted), user)
        yield Piece(f"{name}.{wanted}", purpose, make)


def _exported(request: ExportRequest, user: Any) -> bytes:
    out = io.BytesIO()
    run_export(request, user=user, out=out)
    return out.getvalue()


def _sheet_files(key: str, content: Content, *others: str) -> Iterator[Piece]:
    sheet = SHEETS[key]
    yield Piece(f"{sheet.label}.pdf", sheet.purpose.rstrip("."), lambda: sheet_pdf(key, content))
    for wanted in others:
        make = partial(_as_table, sheet, content, wanted)
        yield Piece(f"{sheet.label}.{wanted}", "dasselbe als Tabelle", make)


def _as_table(sheet: Sheet, content: Content, wanted: str) -> bytes:
    return written(sheet.table(content), wanted)


def written(table: Table, wanted: str) -> bytes:
    """``table`` as a file (a key of ``WRITERS``)."""
    out = io.BytesIO()
    WRITERS[wanted](table, out)
    return out.getvalue()


def readme(event: Event, user: Any, options: Options, files: list[Piece], now: datetime) -> bytes:
    """What is inside, made when and for whom; with the line ends of Windows, and a BOM."""
    lines = [
        f"Alles für: {event.title}",
        f"{event.cycle.programme}, {event.cycle}",
        when(event),
        "",
        f"Erstellt am {timezone.localtime(now):%d.%m.%Y, %H:%M} Uhr für {_name_of(user)}.",
        "Enthalten ist, was diese Person an diesem Tag sehen durfte. Was sich danach ändert,",
        "steht nicht darin: Erstellen Sie die Datei kurz vor dem Startworkshop noch einmal.",
        "",
        f"Auf Anwesenheitsliste und Namensschildern steht, {WHO[options.who]}.",
        "",
        "Inhalt:",
        *(f"- {one.name}: {one.purpose}" for one in files),
        "",
        "Zertifikate und Teilnahmebestätigungen gehören nicht dazu; sie entstehen nach der",
        "Anwesenheit am Ende des Durchgangs.",
        "",
        "Die Dateien enthalten personenbezogene Daten. Bitte löschen Sie sie, sobald Sie sie",
        "nicht mehr brauchen.",
        "",
    ]
    return "\r\n".join(lines).encode("utf-8-sig")


def _name_of(user: Any) -> str:
    person = getattr(user, "person", None)
    return f"{person} ({user.email})" if person is not None else str(user.email)


def package(
    event: Event, user: Any, options: Options, *, progress: Callable[[int, int], Any]
) -> bytes:
    """The ZIP as ``user`` may have it now; ``progress`` is told files done and files in all.

    Raises ``PermissionDenied`` or ``Http404`` if the user may not open one of the lists.
    """
    now = timezone.now()
    files = pieces(user, event, options)
    folder = f"Startworkshop {timezone.localtime(event.starts_at):%Y-%m-%d}"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{folder}/LIESMICH.txt", readme(event, user, options, files, now))
        for done, one in enumerate(files):
            progress(done, len(files))
            archive.writestr(f"{folder}/{one.name}", one.make())
    progress(len(files), len(files))
    return out.getvalue()


# --- Whose it is ------------------------------------------------------------------------
def list_request(name: str, cycle: Cycle, wanted: str = "") -> ExportRequest:
    """An export of a whole list of ``cycle``."""
    return ExportRequest(name, "", {"cycle_pk": cycle.pk}, "", wanted, rows=0)


def params(event: Event, user: Any, options: Options) -> dict[str, Any]:
    """What the job needs, as JSON; with what ``user`` sees now, to compare later.

    Raises ``PermissionDenied`` or ``Http404`` if the user may not open one of the lists.
    """
    return {
        "event": event.pk,
        "cycle": event.cycle_id,
        "who": options.who,
        "keys": keys(event, user, options),
        "needs": sees_needs(user, event),
        "lists": {name: _shown(name, event.cycle, user) for name in LISTS.values()},
    }


def _shown(name: str, cycle: Cycle, user: Any) -> dict[str, Any]:
    """The rows and columns ``user`` sees of a list; raises as ``list_for``."""
    view = list_for(list_request(name, cycle), user)
    return {
        "keys": list(view.filtered().order_by("pk").values_list("pk", flat=True)),
        "columns": sorted(column.key for column in view.export_columns()),
    }


def sees_needs(user: Any, event: Event) -> bool:
    """Whether the ZIP says what is eaten."""
    return bool(rules.test_rule("events.see_needs", user, event.cycle))


def event_of(user: Any, pk: int, cycle_pk: int) -> Event | None:
    """The Startworkshop (primary key) if ``user`` may print of it now, otherwise ``None``."""
    cycle = cycle_to_print(user, cycle_pk)
    if cycle is None:
        return None
    return next((event for event in start_workshops(user, cycle) if event.pk == pk), None)


def kept_until(event: Event) -> datetime | None:
    """When the ZIP must be gone: needs are not kept longer in it than elsewhere."""
    return needs_kept_until(event) if keeps_needs(event) else None


def still_readable(user: Any, made: dict[str, Any]) -> bool:
    """Whether ``user`` still sees everybody and everything that the ZIP was made of."""
    event = event_of(user, made["event"], made["cycle"])
    if event is None or (made["needs"] and not sees_needs(user, event)):
        return False
    try:
        now = params(event, user, Options(made["who"]))
    except (PermissionDenied, Http404):
        return False
    return still_seen(made, now["keys"]) and all(
        still_seen(shown, now["lists"][name]["keys"])
        and set(now["lists"][name]["columns"]).issuperset(shown["columns"])
        for name, shown in made["lists"].items()
    )

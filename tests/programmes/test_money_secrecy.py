"""Money, sheets and certificates tell nobody an outcome before its time, and never a pair.

The Logistikpartner reads every page and file of these rooms twice, in two worlds that differ
in nothing but the secret: both must read the same.
"""

import io
import re
import zipfile

import pytest
from django.urls import URLResolver, get_resolver, reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from programmes.billing.run import propose
from programmes.cycles.models import Participant, ParticipantRole
from programmes.events.models import EventKind
from tandems.applications.models import Application, ApplicationState
from tandems.pairs.models import TandemState
from tests import factories as make
from tests.programmes.certificates.makers import make_held, make_presence
from tests.tandems.pairs.makers import make_mentee, make_mentor, make_tandem

ROOMS = {
    "billing",
    "payments",
    "invoice_mails",
    "suppliers",
    "budget",
    "certificates",
    "sheets",
}
# What differs between any two readings: tokens, one-time ids, and the minute of printing.
_TOKENS = re.compile(r"<input type=\"hidden\"[^>]*>|Stand:? [\d.]+,? [\d:]+ Uhr|\d\d:\d\d Uhr")
KINDS = ("teilnahmebestaetigung", "zertifikat")


def names_in_cycle(resolver=None, room="", path=""):
    """Names and further arguments of the routes of these rooms that need only a cycle."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names_in_cycle(
                pattern, pattern.namespace or room, path + str(pattern.pattern)
            )
            continue
        route = path + str(pattern.pattern)
        wanted = re.findall(r"<(?:\w+:)?(\w+)>", route)
        if room in ROOMS and wanted[:1] == ["cycle_pk"]:
            name = f"{room}:{pattern.name}"
            if wanted == ["cycle_pk"]:
                yield name, []
            elif wanted == ["cycle_pk", "kind"]:
                yield from ((name, [kind]) for kind in KINDS)
            elif wanted == ["cycle_pk", "form"]:
                yield from ((name, [form]) for form in ("pdf", "xlsx"))


def text_of(data, kind):
    """What a file says; of a ZIP what its files say."""
    if "pdf" in kind:
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    if "zip" in kind:
        folder = zipfile.ZipFile(io.BytesIO(data))
        return "\n".join(f"{one}: {text_of(folder.read(one), one)}" for one in folder.namelist())
    if "xlsx" in kind or "spreadsheet" in kind:
        sheets = load_workbook(io.BytesIO(data)).worksheets
        return "\n".join(str(row) for sheet in sheets for row in sheet.values)
    return data.decode("utf-8-sig")


def everything(browser, cycle):
    """By address what the Logistikpartner reads, each list also as a file."""
    found = {}
    for name, further in names_in_cycle():
        address = reverse(name, args=[cycle.pk, *further])
        found[address] = reading(browser, address)
        if "export=csv" in found[address]:
            found[f"{address}?export=csv"] = reading(browser, f"{address}?export=csv")
    return found


def reading(browser, address):
    answer = browser.get(address)
    assert answer.status_code < 500, address
    data = answer.getvalue() if answer.streaming else answer.content
    text = text_of(data, answer.headers.get("Content-Type", ""))
    return f"{answer.status_code} {_TOKENS.sub('', text)}"


@pytest.fixture
def hopeful(stage, cast):
    """An applicant whose place is decided and who was not told yet, and who came to an event."""
    person = make.make_person("Hanna", "Hoffnung", municipality=stage.own)
    make.make_participant(stage.cycle, stage.own, ParticipantRole.APPLICANT, person=person)
    make_presence(make_held(stage.cycle, "Startworkshop", EventKind.START), person)
    make_presence(make_held(stage.cycle, "Vernetzungstreffen"), cast.mentee)
    return make.make_application(
        stage.cycle, stage.own, ApplicationState.DECLINED, person=person, informed_on=None
    )


def test_no_page_tells_the_outcome_before_the_applicant_was_told(client_of, stage, hopeful):
    browser = client_of("logistics")
    before = everything(browser, stage.cycle)
    assert sum(text.startswith("200") for text in before.values()) >= 15
    Application.objects.filter(pk=hopeful.pk).update(state=ApplicationState.PLACED)
    assert everything(browser, stage.cycle) == before
    # Told, the applicant is a mentee: now the pages must differ, or they would prove nothing.
    Participant.objects.filter(person=hopeful.person).update(role=ParticipantRole.MENTEE)
    after = everything(browser, stage.cycle)
    changed = {address for address in before if after[address] != before[address]}
    for name in ("certificates:people", "billing:run"):
        assert reverse(name, args=[stage.cycle.pk]) in changed


def test_an_applicant_is_never_billed(stage, hopeful):
    houses = {row.municipality: row.mentees for row in propose(stage.cycle).rows}
    assert houses == {stage.own: 1, stage.other: 0}


def test_no_page_tells_a_pair(client_of, stage, cast):
    make_presence(make_held(stage.cycle, "Startworkshop", EventKind.START), cast.mentee)
    mentee = make_mentee(stage.cycle, stage.own, person=cast.mentee)
    mentor = make_mentor(stage.cycle, stage.other, person=cast.mentor)
    browser = client_of("logistics")
    before = everything(browser, stage.cycle)
    tandem = make_tandem(mentee, mentor, TandemState.SEALED)
    assert everything(browser, stage.cycle) == before
    tandem.delete()
    make_tandem(mentee, mentor, TandemState.ACTIVE)
    assert everything(browser, stage.cycle) == before

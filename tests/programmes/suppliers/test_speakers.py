"""Referent/innen and what is agreed with them; how long they are known."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from mentoring.files.models import StoredFile
from mentoring.log.models import LogEntry
from mentoring.ui.errors import Refused
from programmes.people import retention as people
from programmes.suppliers import retention
from programmes.suppliers.domain import commissions, speakers
from programmes.suppliers.models import Commission, CommissionState, Speaker, SupplierInvoice
from tests import factories as make
from tests.programmes.cycles.test_at_once import at_once, refusals
from tests.programmes.events.makers import at, make_event
from tests.programmes.suppliers.makers import make_commission, make_invoice, make_speaker

State = CommissionState


@pytest.fixture
def url(stage):
    def page(name, *args):
        return reverse(f"suppliers:{name}", args=[stage.cycle.pk, *args])

    return page


def text_of(response):
    return response.content.decode()


@pytest.fixture
def past(stage):
    """An event that is over."""
    return make_event(stage.cycle, at("2025-03-01 09:00"))


def test_the_same_person_is_told_beside_the_name_and_what_was_typed_stays(stage, client_of, url):
    make_speaker(stage.programme, email="ada@buero.example", city="Köln")
    browser = client_of("member")
    form = {"name": "Dr. Ada  Vortrag ", "email": "ADA@buero.example", "topics": "Führung"}
    answer = browser.post(url("speaker_create"), form)
    said = "schon auf der Liste: Dr. Ada Vortrag, ada@buero.example, Köln"
    assert said in str(answer.context["form"].errors["name"])
    assert "Führung" in text_of(answer)
    other = make_speaker(stage.programme, "Bo")
    form["_version"] = browser.get(url("speaker_change", other.pk)).context["form"].version_token
    answer = browser.post(url("speaker_change", other.pk), form)
    assert said in str(answer.context["form"].errors["name"])
    elsewhere = Speaker(
        programme=make.make_programme(), name=form["name"], email="ada@buero.example"
    )
    assert speakers.same_as(elsewhere) is None, "each programme has its own list"


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "Dr. Äda Vortrag", "email": ""},
        {"name": "A. Vortrag", "email": "ada@buero.example"},
    ],
)
def test_the_same_name_or_address_is_asked_about_once(typed, stage, client_of, url):
    make_speaker(stage.programme, "Dr. Aeda Vortrag", email="ada@buero.example")
    browser = client_of("member")
    assert 'type="checkbox" name="another"' not in text_of(browser.get(url("speaker_create")))
    answer = browser.post(url("speaker_create"), typed)
    assert "Dr. Aeda Vortrag, ada@buero.example" in str(answer.context["form"].errors["another"])
    assert 'type="checkbox" name="another"' in text_of(answer)
    assert browser.post(url("speaker_create"), {**typed, "another": "on"}).status_code == 302
    second = Speaker.objects.get(name=typed["name"])
    token = browser.get(url("speaker_change", second.pk)).context["form"].version_token
    change = {**typed, "phone": "0221 1", "_version": token}
    assert browser.post(url("speaker_change", second.pk), change).status_code == 302, "not again"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_enter_somebody_once(stage, cast):
    def enter():
        speaker = Speaker(programme=stage.programme, name="Ada", email="ada@buero.example")
        return speakers.create(speaker, by=cast.user("member"))

    found = refusals(at_once(enter, enter))
    assert len(found) == 1
    assert "schon auf der Liste: Ada" in found[0]


def test_faster_than_the_check_is_refused_too(stage, cast, monkeypatch):
    there = make_speaker(stage.programme)
    checks = iter([None, there])
    monkeypatch.setattr(speakers, "same_as", lambda _: next(checks))
    mine = Speaker(programme=stage.programme, name=there.name, email=there.email)
    with pytest.raises(Refused, match="schon auf der Liste"):
        speakers.create(mine, another=True, by=cast.user("member"))


def test_a_commission_from_asking_to_calling_off(stage, client_of, url):
    browser = client_of("member")
    speaker, event = make_speaker(stage.programme), make_event(stage.cycle)
    page = browser.get(
        url("commission_create"), {"referent": speaker.pk, "veranstaltung": event.pk}
    )
    assert (
        page.context["form"].initial
        == {
            "speaker": speaker,
            "event": event,
            "category": "speaker",
        }
        or page.context["form"].initial["speaker"] == speaker
    )
    form = {
        "category": "speaker",
        "speaker": speaker.pk,
        "event": event.pk,
        "topic": "Gut führen",
        "fee": "1.200,00",
        "travel_costs": "",
    }
    browser.post(url("commission_create"), form)
    row = Commission.objects.get()
    assert (row.state, row.total) == (State.ASKED, 1200)
    page = text_of(browser.get(reverse("events:event", args=[stage.cycle.pk, event.pk])))
    assert "Dr. Ada Vortrag, 1.200,00 € (angefragt)" in page
    browser.post(url("commission_agree", row.pk))
    row.refresh_from_db()
    assert row.state == State.AGREED
    assert "1.200,00 €" in text_of(browser.get(url("speaker", speaker.pk)))
    browser.post(url("commission_cancel", row.pk), {"reason": "erkrankt"})
    row.refresh_from_db()
    assert (row.state, row.note) == (State.CANCELLED, "abgesagt: erkrankt")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "supplier"),
        ({"supplier": "Burg", "speaker": "own"}, "supplier"),
        ({"category": "room", "speaker": "own"}, "speaker"),
        ({"supplier": "Burg", "fee": "-1"}, "fee"),
        ({"supplier": "Burg", "travel_costs": "-1"}, "travel_costs"),
        ({"supplier": "Burg", "category": "nichts"}, "category"),
    ],
)
def test_odd_commissions_are_refused_beside_the_field(given, field, stage, client_of, url):
    if "speaker" in given:
        given = {**given, "speaker": make_speaker(stage.programme).pk}
    form = {"category": "speaker", "topic": "x", "fee": "1", **given}
    answer = client_of("member").post(url("commission_create"), form)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]


def test_a_firm_may_send_somebody_to_speak(stage, client_of, url):
    form = {
        "category": "speaker",
        "supplier": "Rhetorik GmbH",
        "topic": "x",
        "fee": "0",
        "agreed": "on",
    }
    assert client_of("member").post(url("commission_create"), form).status_code == 302
    assert Commission.objects.get().state == State.AGREED


def test_one_with_an_invoice_is_not_deleted(stage, cast):
    row = make_commission(stage.cycle)
    make_invoice(stage.cycle, commission=row)
    with pytest.raises(Refused, match="Rechnung"):
        commissions.delete(row, by=cast.user("member"))


def test_invoices_follow_their_commission_to_another_event(stage, cast):
    row = make_commission(stage.cycle)
    invoice = make_invoice(stage.cycle, commission=row)
    row.event = make_event(stage.cycle)
    commissions.save(row, by=cast.user("member"))
    invoice.refresh_from_db()
    assert invoice.event == row.event


def test_whoever_is_deleted_is_gone_from_everywhere_but_the_vouchers(
    stage, cast, past, client_of, url
):
    speaker = speakers.create(
        Speaker(programme=stage.programme, name="Xenia Unikum", email="x@buero.example"),
        by=cast.user("lead"),
    )
    row = commissions.create(
        Commission(
            cycle=stage.cycle, event=past, category="speaker", speaker=speaker, topic="Mut", fee=9
        ),
        agreed=True,
        by=cast.user("lead"),
    )
    make_invoice(stage.cycle, commission=row, supplier="Xenia Unikum", state="paid")
    browser = client_of("member")
    page = text_of(browser.get(url("speaker_delete", speaker.pk)))
    assert "Ein Auftrag bleibt ohne den Namen stehen" in page
    assert "§ 147 AO" in page
    assert browser.post(url("speaker_delete", speaker.pk)).status_code == 200, "needs a reason"
    answer = browser.post(url("speaker_delete", speaker.pk), {"reason": "auf Wunsch"})
    assert answer.url == url("speakers")
    row.refresh_from_db()
    assert (row.speaker, row.supplier_name) == (None, speakers.NOBODY_KNOWN)
    about = ("programmes.speaker", "programmes.commission")
    entries = [
        entry
        for entry in LogEntry.objects.all()
        if f"{entry.content_type.app_label}.{entry.content_type.model}" in about
    ]
    assert not entries
    assert SupplierInvoice.objects.get().supplier == "Xenia Unikum"


@pytest.mark.parametrize("what", ["ahead", "unpaid"])
def test_nobody_is_deleted_while_something_is_to_be_done(what, stage, cast, past):
    speaker = make_speaker(stage.programme)
    event = past if what == "unpaid" else make_event(stage.cycle)
    row = make_commission(stage.cycle, speaker=speaker, event=event)
    if what == "unpaid":
        make_invoice(stage.cycle, commission=row, state="approved")
    with pytest.raises(Refused, match="Sagen Sie den Auftrag ab"):
        speakers.delete(speaker, reason="x", by=cast.user("lead"))


def test_a_person_with_the_same_address_is_told_and_erased(stage, cast, past):
    person = make.make_person(email="ada@buero.example")
    speaker = make_speaker(stage.programme, email="ada@buero.example")
    make_commission(stage.cycle, "Mut zur Lücke", speaker=speaker, event=past)
    known = str(dict(people.known_about(person))["Als Referent/in"])
    assert "Mut zur Lücke" in known
    assert "Honorar 800,00 €" in known
    people.erase(person, by=cast.operator)
    assert not Speaker.objects.exists()


def test_the_day_of_the_entry_is_the_one_it_was_in_germany(stage, client_of, url):
    late = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    speaker = make_speaker(stage.programme, created_at=late)
    page = client_of("lead").get(url("speaker", speaker.pk))
    assert dict(page.context["details"])["eingetragen am"] == date(2026, 7, 2)


def test_speakers_are_forgotten_two_years_after_their_last_cycle(stage):
    today = timezone.localdate()
    long_ago = timezone.now() - timedelta(days=900)
    old = make.make_cycle(stage.programme, state="closed", ended_on=today - timedelta(days=800))
    young = make.make_cycle(stage.programme, state="closed", ended_on=today - timedelta(days=700))
    made = {
        name: make_speaker(stage.programme, name, created_at=long_ago)
        for name in ("nie", "alt", "jung", "offen")
    }
    make_speaker(stage.programme, "neu")
    for name, cycle in (("alt", old), ("jung", young), ("offen", stage.cycle)):
        make_commission(cycle, speaker=made[name])
    assert retention.delete_speakers() == 2
    assert set(Speaker.objects.values_list("name", flat=True)) == {"jung", "offen", "neu"}
    assert Commission.objects.filter(supplier=speakers.NOBODY_KNOWN).count() == 1
    assert retention.delete_speakers() == 0


def test_vouchers_are_kept_eight_years_from_the_end_of_theirs(stage, time_machine):
    old = make.make_cycle(
        stage.programme, state="closed", start_year=2016, end_year=2018, ended_on=date(2018, 12, 1)
    )
    time_machine.move_to(at("2018-11-01 12:00"), tick=False)
    row = make_commission(old)
    first = make_invoice(
        old,
        invoiced_on=date(2018, 1, 2),
        state="paid",
        paid_on=date(2018, 2, 1),
        data=b"%PDF-1.7 alt",
        commission=row,
    )
    later = make_invoice(
        old, invoiced_on=date(2018, 12, 30), state="paid", paid_on=date(2019, 1, 3)
    )
    open_one = make_invoice(stage.cycle, invoiced_on=date(2018, 1, 2), amount=Decimal(3))
    time_machine.move_to(at("2026-12-31 12:00"), tick=False)
    assert retention.delete_vouchers() == 0
    time_machine.move_to(at("2027-01-01 12:00"), tick=False)
    path = first.file.content.path
    assert retention.delete_vouchers() == 2, "the invoice and its commission"
    assert set(SupplierInvoice.objects.all()) == {later, open_one}
    assert not StoredFile.objects.filter(sha256=first.file.sha256).exists()
    assert path
    assert not Commission.objects.exists()

"""Certificates: who fulfils them, what stands on them, and never a pair."""

import csv
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mentoring.jobs.domain import claim_next, run_claimed
from mentoring.jobs.models import Job, JobState
from mentoring.log.models import LogEntry
from programmes.certificates import views
from programmes.certificates.attendance import Attended
from programmes.certificates.domain import proposed_text
from programmes.certificates.layout import sheet_of
from programmes.certificates.logos import made_foot
from programmes.certificates.making import entitled, holders_of, in_order, stem_of
from programmes.certificates.models import CertificateKind, CertificateText
from programmes.certificates.placeholders import facts_of, sample_holder
from programmes.cycles.domain import mark_left
from programmes.cycles.models import Participant, ParticipantRole
from programmes.events.models import Attendee, Event, EventKind, EventState
from programmes.people.models import Person
from tests import factories as make
from tests.programmes.certificates.makers import (
    SLUG,
    make_held,
    make_logo,
    make_presence,
    page,
    read,
    roles_in,
    row_of,
    words_of,
)
from tests.programmes.einvoices.validation import pdf_problems


def listed(browser, cycle, **query):
    """The rows of the list by name: attended, invited, and what somebody gets."""
    answer = browser.get(page("people", cycle), {"export": "csv", **query})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    head = next(at for at, row in enumerate(rows) if row and row[0] == "Name")
    return {row[0]: row[4:8] for row in rows[head + 1 :] if row}


def make_batch(browser, cycle, people, kind="attendance", form="pdf", **query):
    keys = [str(row_of(cycle, person).pk) for person in people]
    where = page("make", cycle, SLUG[kind]) + (
        "?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else ""
    )
    return browser.post(where, {"people": keys, "form": form})


# --- Who gets one -----------------------------------------------------------------------
def test_what_counts_is_who_was_there(client_of, stage, cast, year):
    rows = listed(client_of("logistics"), stage.cycle)
    assert rows["Ärmel, Anna"] == ["4", "4", "Ja", "Ja"]
    assert rows["Berg, Boris"] == ["0", "1", "Nein, es fehlt 1", "Nein, es fehlen 2"]
    mentee = f"{cast.mentee.last_name}, {cast.mentee.first_name}"
    assert rows[mentee] == ["2", "3", "Ja", "Ja"]


def test_an_event_that_was_called_off_counts_for_nobody(client_of, stage, year):
    Event.objects.filter(title="Startworkshop").update(
        state=EventState.CANCELLED, cancel_reason="Sturm"
    )
    assert listed(client_of("lead"), stage.cycle)["Ärmel, Anna"][:2] == ["3", "3"]


def test_filters_say_who_gets_what_and_who_has_left(client_of, stage, cast, year):
    CertificateText.objects.create(
        cycle=stage.cycle, kind="certificate", heading="Z", text="{name}", events_at_least=3
    )
    browser = client_of("member")
    assert list(listed(browser, stage.cycle, gets="certificate")) == ["Ärmel, Anna"]
    assert "Ärmel, Anna" not in listed(browser, stage.cycle, gets="-certificate")
    assert "Berg, Boris" in listed(browser, stage.cycle, gets="-attendance", role="mentor")
    mark_left(row_of(stage.cycle, year["anna"]), on=timezone.localdate(), by=cast.user("lead"))
    assert "Ärmel, Anna" not in listed(browser, stage.cycle)
    assert list(listed(browser, stage.cycle, left="ausgeschieden")) == ["Ärmel, Anna"]


def test_an_applicant_is_nobody_here_whatever_they_attended(client_of, stage, year):
    hopeful = make.make_person("Hanna", "Hoffnung", municipality=stage.own)
    entry = make.make_participant(stage.cycle, stage.own, ParticipantRole.APPLICANT, person=hopeful)
    make_presence(make_held(stage.cycle, "Startworkshop II"), hopeful)
    browser = client_of("logistics")
    assert "Hoffnung, Hanna" not in listed(browser, stage.cycle, left="alle")
    assert "Hoffnung" not in browser.get(page("make", stage.cycle, SLUG["attendance"])).text
    forged = make_batch(browser, stage.cycle, [hopeful])
    assert forged.headers["Content-Type"].startswith("text/html")
    single = browser.get(page("single", stage.cycle, entry.pk, SLUG["attendance"]))
    assert single.status_code == 404


# --- What stands on them ----------------------------------------------------------------
def test_the_pdf_says_who_and_what_and_nothing_of_a_tandem(client_of, stage, cast, year):
    browser = client_of("logistics")
    where = page("single", stage.cycle, row_of(stage.cycle, year["anna"]).pk, SLUG["attendance"])
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(where)
    said = words_of(answer.content)
    assert "Frau Dr. Anna Ärmel" in said
    assert "als Mentee teilgenommen und dabei 4 Veranstaltungen besucht" in said
    assert "Stadt Ahausen" in said
    assert "Startworkshop" in said
    assert "Vorher" not in said
    asked = " ".join(query["sql"] for query in queries).lower()
    assert "tandems_tandem" not in asked
    assert "tandems_match" not in asked
    assert "teilnahmebestaetigung-aermel-anna.pdf" in answer.headers["Content-Disposition"]
    document = read(answer.content)
    assert document.metadata.title == "Teilnahmebestätigung Dr. Anna Ärmel"
    assert document.trailer["/Root"]["/Lang"] == "de"
    assert LogEntry.objects.filter(
        action=LogEntry.Action.ACCESS,
        object_id=row_of(stage.cycle, year["anna"]).pk,
        actor=cast.user("logistics"),
    ).exists()


def test_who_lacks_events_gets_none_and_is_told_why(client_of, stage, year):
    where = page("single", stage.cycle, row_of(stage.cycle, year["boris"]).pk, SLUG["attendance"])
    answer = client_of("lead").get(where, follow=True)
    assert "Boris Berg war bei 0 Veranstaltungen; nötig sind 1." in answer.text


def test_logos_are_heard_and_a_kommune_without_one_is_named(client_of, stage, year):
    stage.own.logo = make_logo()
    stage.own.save()
    broken = make.make_municipality("Bruchdorf", logo=make_logo())
    broken.logo.content.storage.delete(broken.logo.content.name)
    speck = make.make_municipality("Punkthausen", logo=make_logo(1, 1))
    for house in (broken, speck):
        make.make_participation(stage.cycle, house)
    make.make_participation(stage.cycle, make.make_municipality("Absage"), state="declined")
    answer = client_of("lead").get(page("preview", stage.cycle, SLUG["certificate"]))
    tags = roles_in(answer.content)
    assert [alt for role, alt in tags if role == "Figure"] == ["Logo: Stadt Ahausen"]
    assert [role for role, _ in tags if role.startswith("H")] == ["H1", "H2", "H2"]
    said = words_of(answer.content)
    assert "Stadt Übelheim" in said
    assert "Stadt Bruchdorf" in said
    assert "Stadt Punkthausen" in said
    assert "Absage" not in said


@pytest.mark.parametrize(("houses", "events"), [(1, 3), (20, 12), (45, 5)])
def test_one_page_holds_logos_and_events(client_of, stage, cast, houses, events):
    for number in range(houses - 2):
        logo = make_logo(300 + number * 20, 300)
        make.make_participation(
            stage.cycle, make.make_municipality(f"Weithinten {number}", logo=logo)
        )
    for number in range(events):
        event = make_held(stage.cycle, f"{number}. Veranstaltung mit thematischem Schwerpunkt")
        make_presence(event, cast.mentee)
    where = page("single", stage.cycle, row_of(stage.cycle, cast.mentee).pk, SLUG["attendance"])
    document = read(client_of("lead").get(where).content)
    assert len(document.pages) == 1
    assert document.pages[0].extract_text().count("thematischem") == events


def test_a_usual_one_is_set_large_with_the_kommunen_at_its_foot(stage):
    text, facts = proposed_text(stage.cycle, CertificateKind.ATTENDANCE), facts_of(stage.cycle)
    foot = made_foot([stage.own, stage.other])
    few, many = (
        sheet_of(
            text,
            facts,
            sample_holder((Attended("Treffen", date(2026, 3, 1)),) * n),
            foot,
            anchor="z1",
        )
        for n in (5, 120)
    )
    assert (few.density, few.pinned) == ("wide", True)
    assert (many.density, many.pinned) == ("tight", False)


def test_thirty_long_events_flow_on_and_lose_nothing(client_of, stage, cast):
    for number in range(30):
        make_presence(make_held(stage.cycle, f"Nr. {number} {'sehr lang ' * 12}"), cast.mentee)
    where = page("single", stage.cycle, row_of(stage.cycle, cast.mentee).pk, SLUG["attendance"])
    document = read(client_of("lead").get(where).content)
    assert len(document.pages) == 2
    text = " ".join(one.extract_text() for one in document.pages)
    assert all(f"Nr. {number} sehr" in text for number in range(30))
    assert "Ahausen" in document.pages[1].extract_text()


# --- Many at once -----------------------------------------------------------------------
def test_one_pdf_has_a_page_for_each_and_the_zip_a_file(client_of, stage, cast, year):
    browser = client_of("logistics")
    people = [year["anna"], cast.mentee]
    document = read(make_batch(browser, stage.cycle, people).content)
    assert len(document.pages) == 2
    assert "Anna" in document.pages[0].extract_text()
    mentee = document.pages[1].extract_text()
    assert "2. Treffen aller" in mentee
    assert "3. Treffen aller" not in mentee, "nobody noted that they were there"
    twin = make.make_person("Anna", "Ärmel", municipality=stage.other)
    make.make_participant(stage.cycle, stage.other, person=twin)
    make_presence(Event.objects.get(title="Startworkshop"), twin)
    answer = make_batch(browser, stage.cycle, [*people, twin], form="zip")
    folder = zipfile.ZipFile(io.BytesIO(answer.content))
    names = folder.namelist()
    assert names[:2] == [
        "teilnahmebestaetigung-aermel-anna.pdf",
        "teilnahmebestaetigung-aermel-anna-2.pdf",
    ]
    first, second = (folder.read(name) for name in names[:2])
    assert "Stadt Ahausen" in words_of(first)
    assert "4 Veranstaltungen" in words_of(first)
    assert "eine Veranstaltung" in words_of(second)
    # Each has its own tags and no other's words.
    assert [role for role, _ in roles_in(second)].count("H1") == 1
    assert len(read(second).pages) == 1


@pytest.mark.parametrize(
    ("first", "last", "stem"),
    [
        ("Tarık", "Yıldız", "yildiz-tarik"),
        ("Łukasz", "Đorđević", "dordevic-lukasz"),
        ("Søren", "Weiß-Ægir", "weiss-aegir-soren"),
        ("İnci", "A\u0308rmel", "aermel-inci"),
    ],
)
def test_the_name_of_a_file_leaves_no_letter_out(stage, first, last, stem):
    person = make.make_person(first, last, municipality=stage.own)
    row = make.make_participant(stage.cycle, stage.own, person=person)
    text = CertificateText(kind=CertificateKind.CERTIFICATE)
    assert stem_of(text, row) == f"zertifikat-{stem}"


@pytest.mark.schematron
def test_verapdf_finds_nothing_to_hear_amiss(client_of, stage, cast, year, tmp_path):
    stage.own.logo = make_logo()
    stage.own.save()
    browser = client_of("logistics")
    people = [year["anna"], cast.mentee]
    whole = tmp_path / "alle.pdf"
    whole.write_bytes(make_batch(browser, stage.cycle, people).content)
    answer = make_batch(browser, stage.cycle, people, form="zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as folder:
        parts = [Path(folder.extract(name, tmp_path)) for name in folder.namelist()]
    found = pdf_problems([whole, *parts], ["PDFUA_1"])
    assert found == {path.name: [] for path in (whole, *parts)}


def test_only_the_filtered_are_offered_and_only_the_entitled(client_of, stage, year):
    browser = client_of("lead")
    where = page("make", stage.cycle, SLUG["attendance"])
    everybody = browser.get(where).text
    assert "Ärmel, Anna (Ahausen), Mentee" in everybody
    assert "Berg, Boris" not in everybody
    mentors = browser.get(where, {"role": "mentor"}).text
    assert "Niemand, der es bekommt" in mentors
    forged = make_batch(browser, stage.cycle, [year["anna"]], municipality=stage.other.pk)
    assert "Ärmel" not in forged.text
    assert forged.headers["Content-Type"].startswith("text/html")


def test_many_are_made_in_the_background_with_the_rights_of_then(
    client_of, stage, cast, year, monkeypatch
):
    monkeypatch.setattr(views, "DIRECT", 1)
    answer = make_batch(client_of("logistics"), stage.cycle, [year["anna"], cast.mentee])
    job = Job.objects.get()
    assert answer.headers["Location"] == job.get_absolute_url()
    run_claimed(*claim_next())
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.message
    assert job.result.expires_at is not None
    with job.result.content.open("rb") as content:
        assert len(read(content.read()).pages) == 2
    kept = client_of("logistics").get(job.result.get_absolute_url())
    assert kept.getvalue().startswith(b"%PDF")

    make_batch(client_of("logistics"), stage.cycle, [year["anna"], cast.mentee])
    Event.objects.filter(title__endswith="Treffen aller").delete()
    run_claimed(*claim_next())
    assert Job.objects.latest("pk").state == JobState.FAILED
    row_of(stage.cycle, cast.mentee).delete()
    assert client_of("logistics").get(job.result.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("name", ["people", "make", "single"])
def test_queries_do_not_grow(client_of, stage, cast, year, name):
    browser = client_of("logistics")

    anna, more = row_of(stage.cycle, year["anna"]), []

    def count():
        where = page("people", stage.cycle)
        if name == "single":
            where = page(name, stage.cycle, anna.pk, SLUG["attendance"])
        if name == "make":
            where = page(name, stage.cycle, SLUG["attendance"])
        data = {"people": [anna.pk, *more], "form": "pdf"}
        with CaptureQueriesContext(connection) as queries:
            answer = browser.post(where, data) if name == "make" else browser.get(where)
        assert answer.status_code == 200
        return len(queries)

    count()
    few = count()
    event = Event.objects.get(title="Startworkshop")
    for number in range(18):
        house = make.make_municipality(f"Dorf {number}")
        make.make_participation(stage.cycle, house)
        entry = make.make_participant(stage.cycle, house)
        make_presence(event, entry.person)
        more.append(entry.pk)
    assert count() == few


def test_four_hundred_are_read_in_as_many_queries_as_twenty(client_of, stage, cast):
    browser, user = client_of("logistics"), cast.user("logistics")
    event = make_held(stage.cycle, "Startworkshop", EventKind.START)

    def join(number):
        people = Person.objects.bulk_create(
            Person(
                first_name="Erika", last_name=f"Muster {n}", email=f"e{n}of{number}@stadt.example"
            )
            for n in range(number)
        )
        own, mentee = stage.own, ParticipantRole.MENTEE
        Participant.objects.bulk_create(
            Participant(cycle=stage.cycle, municipality=own, person=person, role=mentee)
            for person in people
        )
        answered = {"answer": "yes", "answered_at": timezone.now(), "attended": True}
        Attendee.objects.bulk_create(
            Attendee(event=event, person=person, **answered) for person in people
        )

    def counted():
        kind = CertificateKind.ATTENDANCE
        with CaptureQueriesContext(connection) as queries:
            people = in_order(entitled(stage.cycle, user, kind))
            assert all(holder.attended for holder in holders_of(stage.cycle, people, user))
            facts_of(stage.cycle)
            for where in (page("people", stage.cycle), page("make", stage.cycle, SLUG[kind])):
                assert browser.get(where).status_code == 200
        return len(people), len(queries)

    join(20)
    counted()
    few = counted()
    join(380)
    assert counted() == (few[0] + 380, few[1])


# --- The words --------------------------------------------------------------------------
def text_form(browser, cycle, kind="attendance", **changes):
    """Post the form as it stands, with ``changes``."""
    where = page("text", cycle, SLUG[kind])
    shown = browser.get(where)
    form = shown.context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in data.items() if value not in (None, False)}
    if isinstance(data.get("dated_on"), date):
        data["dated_on"] = data["dated_on"].isoformat()
    return browser.post(where, {**data, "_version": form.version_token, **changes})


def test_the_proposal_is_saved_by_the_first_who_changes_it(client_of, stage, cast):
    browser = client_of("logistics")
    assert CertificateText.objects.count() == 0
    answer = text_form(browser, stage.cycle, heading="Bescheinigung für {name}", place="Ahausen")
    assert answer.status_code == 302
    text = CertificateText.objects.get()
    assert text.kind == CertificateKind.ATTENDANCE
    assert "{anrede} {name}" in text.text
    assert cast.lead.full_name in text.signatures
    preview = client_of("member").get(page("preview", stage.cycle, SLUG["attendance"]))
    assert "Bescheinigung für Dr. Erika Beispiel" in words_of(preview.content)
    assert "Ahausen, den" in words_of(preview.content)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{name} und {tandem}", "Den Platzhalter {tandem} gibt es nicht."),
        ("{name:kurz}", "Erlaubt sind: {anrede}, {name}, {kommune}"),
        ("hat teilgenommen", "Im Text fehlt {name}"),
    ],
)
def test_a_wrong_placeholder_is_refused_at_its_field(client_of, stage, text, told):
    answer = text_form(client_of("lead"), stage.cycle, text=text)
    assert answer.status_code == 200
    assert any(told in error for error in answer.context["form"].errors["text"])
    assert CertificateText.objects.count() == 0


@pytest.mark.parametrize("day", ["0026-07-01", "2206-07-01"])
def test_a_mistyped_year_is_refused_at_the_date(client_of, stage, day):
    answer = text_form(client_of("lead"), stage.cycle, dated_on=day)
    assert "Jahreszahl" in str(answer.context["form"].errors["dated_on"])
    assert CertificateText.objects.count() == 0


def test_the_preview_shows_what_is_typed_and_saves_nothing(client_of, stage):
    answer = text_form(client_of("lead"), stage.cycle, heading="Nur ein Versuch", vorschau="1")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "Nur ein Versuch" in words_of(answer.content)
    assert CertificateText.objects.count() == 0


def test_two_who_begin_at_once_are_told(client_of, stage):
    lead, logistics = client_of("lead"), client_of("logistics")
    where = page("text", stage.cycle, SLUG["certificate"])
    token = lead.get(where).context["form"].version_token
    text_form(logistics, stage.cycle, "certificate", heading="Von der anderen")
    data = {"heading": "Von mir", "text": "{name}", "events_at_least": "1", "_version": token}
    answer = lead.post(where, data)
    assert "jemand anderes" in answer.text
    assert CertificateText.objects.get().heading == "Von der anderen"


def test_a_name_in_braces_stays_a_name(client_of, stage, year):
    year["anna"].last_name = "{kommune} <b>&"
    year["anna"].save()
    where = page("single", stage.cycle, row_of(stage.cycle, year["anna"]).pk, SLUG["attendance"])
    assert "Dr. Anna {kommune} <b>&" in words_of(client_of("lead").get(where).content)


# --- One's own --------------------------------------------------------------------------
def test_ones_own_is_there_after_release_and_closing_event(client_of, stage, cast, year):
    browser = client_of("mentee")
    where = f"/meine-zertifikate/{row_of(stage.cycle, cast.mentee).pk}/{SLUG['attendance']}.pdf"
    assert browser.get(where).status_code == 404
    release = page("release", stage.cycle, SLUG["attendance"])
    assert client_of("logistics").post(release).status_code == 302
    closing = make_held(
        stage.cycle, "Abschluss", "closing", starts_at=timezone.now() - timezone.timedelta(hours=1)
    )
    assert browser.get(where).status_code == 404
    assert "Teilnahmebestätigung" not in browser.get("/").text
    Event.objects.filter(pk=closing.pk).update(ends_at=timezone.now())
    assert "Ihre Teilnahmebestätigung" in browser.get("/").text
    assert cast.mentee.last_name in words_of(browser.get(where).content)
    assert "Teilnahmebestätigung" not in client_of("mentor").get("/").text
    withdraw = page("withdraw", stage.cycle, SLUG["attendance"])
    client_of("lead").post(withdraw)
    assert browser.get(where).status_code == 404

"""Auskunft and erasure: who gets them, what is in them, what is left."""

import json

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.files.domain import store_bytes
from mentoring.files.models import StoredFile
from mentoring.jobs.domain import RESULT_PURPOSE
from mentoring.log.models import LogEntry
from mentoring.ui.errors import Refused
from programmes.people.models import Person
from programmes.privacy import domain
from programmes.privacy.models import Erasure
from tandems.applications.models import Application, ApplicationState
from tandems.mentors.models import Approach, Mentor, MentorState, PoolEntry
from tandems.profiles.models import Exclusion
from tandems.selection.models import ApplicationNote
from tests import factories as make


@pytest.fixture
def person(stage):
    return make.make_person("Xaver", "Unikum", municipality=stage.own, phone="02501 99")


@pytest.fixture
def application(stage, person):
    return make.make_application(
        stage.cycle,
        stage.own,
        ApplicationState.DECLINED,
        person=person,
        statement="Geheime Stellungnahme",
        motivation="Unverwechselbare Motivation",
    )


def erase(person, cast, by="hr", reference="10-43/2026", name=None):
    return domain.erase_on_request(
        person, reference=reference, typed_name=name or person.full_name, by=cast.user(by)
    )


def accesses(record) -> int:
    kind = ContentType.objects.get_for_model(type(record))
    return LogEntry.objects.filter(
        content_type=kind, object_id=record.pk, action=LogEntry.Action.ACCESS
    ).count()


# --- Auskunft ------------------------------------------------------------------------------
def test_everybody_reads_what_is_known_of_themselves(cast, client_of):
    for name in ("mentee", "mentor", "hr", "lead", "logistics", "stranger", "operator"):
        page = client_of(name).get("/meine-daten/auskunft/")
        assert page.status_code == 200
        assert cast.user(name).email in page.content.decode()


def test_the_file_for_machines_has_what_the_page_has(stage, cast, client_of):
    make.make_application(stage.cycle, stage.own, person=cast.mentee, motivation="Mein Weg")
    answer = client_of("mentee").get("/meine-daten/auskunft/json/")
    found = json.loads(answer.content)
    assert found["auskunft_ueber"] == cast.mentee.full_name
    assert "Mein Weg" in str(found["teile"])
    assert answer["Content-Disposition"].startswith("attachment")
    assert cast.mentee.last_name not in answer["Content-Disposition"]


def test_the_pdf_is_one(cast, client_of):
    assert client_of("mentee").get("/meine-daten/auskunft/pdf/").content.startswith(b"%PDF")


def test_the_own_personalstelle_answers_and_nobody_else(application, person, client_of):
    url = f"/personen/{person.pk}/auskunft/"
    page = client_of("hr").get(url)
    assert "Unverwechselbare Motivation" in page.content.decode()
    assert "Geheime Stellungnahme" not in page.content.decode()
    for name in ("other_hr", "lead", "member", "permanent", "logistics", "operator", "mentee"):
        assert client_of(name).get(url).status_code in (403, 404)


def test_how_somebody_signs_in_is_theirs_alone(stage, cast, client_of):
    client_of("mentee").get("/")
    page = client_of("hr").get(f"/personen/{cast.mentee.pk}/auskunft/").content.decode()
    assert "Angemeldeter Browser" not in page
    assert "Anmeldung und Protokoll" not in page


def test_every_access_is_logged(person, cast, client_of):
    client_of("hr").get(f"/personen/{person.pk}/auskunft/")
    client_of("hr").get(f"/personen/{person.pk}/auskunft/json/")
    client_of("mentee").get("/meine-daten/auskunft/")
    client_of("operator").get("/meine-daten/auskunft/")
    assert accesses(person) == 2
    assert accesses(cast.mentee) == 1
    assert accesses(cast.operator) == 1


# --- Erasure -------------------------------------------------------------------------------
def test_a_person_is_erased_with_all_that_is_known(stage, cast, person, application):
    ApplicationNote.objects.create(application=application, author=cast.member, text="Eindruck")
    make.make_consent(stage.cycle, person)
    export = store_bytes(
        b"Unikum", name="liste.csv", content_type="text/csv", purpose=RESULT_PURPOSE, by=None
    )
    application.motivation = "anders"
    application.save()
    erase(person, cast)
    assert not Person.objects.filter(pk=person.pk).exists()
    assert not Application.objects.filter(pk=application.pk).exists()
    assert not StoredFile.objects.filter(pk=export.pk).exists()
    log = str(list(LogEntry.objects.values_list("object_repr", "changes")))
    assert "Unikum" not in log
    assert f"Bewerbung {application.pk}" not in log
    done = Erasure.objects.get()
    assert (done.reference, done.municipality) == ("10-43/2026", stage.own)


def test_who_was_named_by_others_is_forgotten_there(stage, cast, person):
    other = make.make_application(
        stage.cycle, stage.own, ApplicationState.NOMINATED, superior=person
    )
    Exclusion.objects.create(cycle=stage.cycle, subject=other.person, person=person)
    idea = Mentor.objects.create(
        cycle=stage.cycle, municipality=stage.own, position="Amtsleitung", had_by=person
    )
    ApplicationNote.objects.create(application=other, author=person, text="Eindruck")
    PoolEntry.objects.create(
        programme=stage.programme, person=person, consent_on=timezone.localdate()
    )
    erase(person, cast)
    other.refresh_from_db()
    idea.refresh_from_db()
    assert (other.superior, idea.had_by) == (None, None)
    assert not Exclusion.objects.exists()
    assert not ApplicationNote.objects.exists()
    assert not PoolEntry.objects.exists()


def test_a_sign_in_goes_along(stage, cast):
    person = make.make_person(municipality=stage.own, sign_in=True)
    erase(person, cast)
    assert not User.objects.filter(pk=person.user_id).exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "Xaver"}, "genau"),
        ({"reference": "  "}, "Aktenzeichen"),
        ({"reference": "Antrag Unikum"}, "ohne den Namen"),
    ],
)
def test_name_and_reference_must_be_right(cast, person, change, said):
    with pytest.raises(Refused, match=said):
        erase(person, cast, **change)
    assert Person.objects.filter(pk=person.pk).exists()


def test_nobody_erases_themselves(cast):
    with pytest.raises(Refused, match="Kollegin"):
        erase(cast.hr, cast)


def seat(stage, person, cast):
    make.make_seat(stage.cycle.participations.get(municipality=stage.own), person=person)


def open_approach(stage, person, cast):
    mentor = Mentor.objects.create(
        cycle=stage.cycle,
        municipality=stage.own,
        position="Amtsleitung",
        person=person,
        state=MentorState.APPROACHED,
    )
    Approach.objects.create(mentor=mentor, by=cast.member)


def own_approach(stage, person, cast):
    mentor = Mentor.objects.create(
        cycle=stage.cycle,
        municipality=stage.other,
        position="Amtsleitung",
        person=make.make_person(),
        state=MentorState.APPROACHED,
    )
    Approach.objects.create(mentor=mentor, by=person)


def running_place(stage, person, cast):
    make.make_application(stage.cycle, stage.own, ApplicationState.PLACED, person=person)
    type(stage.cycle).objects.filter(pk=stage.cycle.pk).update(state="running")


def running_mentor(stage, person, cast):
    Mentor.objects.create(
        cycle=stage.cycle,
        municipality=stage.own,
        position="Amtsleitung",
        person=person,
        state=MentorState.AGREED,
        agreed_on=timezone.localdate(),
    )
    type(stage.cycle).objects.filter(pk=stage.cycle.pk).update(state="running")


@pytest.mark.parametrize(
    ("hinders", "said"),
    [
        (seat, "Sitz im Beirat"),
        (open_approach, "Anfrage"),
        (own_approach, "Anfrage"),
        (running_place, "Platz"),
        (running_mentor, "Mentor/in"),
    ],
)
def test_what_must_end_first_is_said_and_nothing_is_gone(hinders, said, stage, cast, person):
    hinders(stage, person, cast)
    make.make_consent(stage.cycle, person)
    with pytest.raises(Refused, match=said):
        erase(person, cast)
    assert Person.objects.get(pk=person.pk).phone == "02501 99"
    assert person.consents.exists()
    assert not Erasure.objects.exists()


def test_the_page_asks_for_both_and_says_the_same_of_everybody(
    stage, person, application, client_of
):
    other = make.make_person(municipality=stage.own)
    pages = [
        client_of("hr").get(f"/personen/{one.pk}/loeschen/").content.decode()
        for one in (person, other)
    ]
    lists = [page.split("kern-list--bullet")[1].split("</ul>")[0] for page in pages]
    assert lists[0] == lists[1]
    answer = client_of("hr").post(
        f"/personen/{person.pk}/loeschen/",
        {"reference": "10-43/2026", "typed_name": "xaver unikum"},
    )
    assert answer.status_code == 302
    assert not Person.objects.filter(pk=person.pk).exists()


def test_a_lead_erases_whom_no_personalstelle_answers_for(stage, cast, client_of):
    url = f"/personen/{cast.logistics.pk}/loeschen/"
    assert client_of("lead").get(url).status_code == 200
    assert client_of("member").get(url).status_code == 403
    assert client_of("lead").get(f"/personen/{cast.mentee.pk}/loeschen/").status_code == 403


def test_a_lead_erases_nothing_confidential(stage, cast):
    person = make.make_person("Ohne", "Kommune")
    make.make_application(stage.cycle, stage.own, person=person)
    with pytest.raises(Refused, match="eine Kommune verantwortlich"):
        erase(person, cast, by="lead")
    assert Application.objects.filter(person=person).exists()

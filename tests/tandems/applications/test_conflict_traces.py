"""Whoever must not know of an application finds no trace of it in lists of participants."""

import pytest
from django.urls import reverse

from mentoring.log.models import LogEntry
from programmes.cycles import domain as cycles
from programmes.cycles.models import Participant, ParticipantRole
from programmes.people.models import Person
from tandems.applications import domain
from tests import factories as make

NAME = "Öztürk"


@pytest.fixture
def nominated(by_hr, stage):
    """A nominated applicant beside another one, whom everybody may know."""
    domain.nominate(by_hr("submitted", last_name="Bekannt"), rank=2, by=make.make_user())
    return by_hr("nominated")


@pytest.fixture(params=["superior", "excluded", "typed", "surname"])
def concealed(request, nominated, cast, stage):
    """The same, with the member of the Beirat in conflict."""
    if request.param == "superior":
        nominated.superior = cast.member
        nominated.save()
    elif request.param == "excluded":
        make.make_exclusion(stage.cycle, nominated.person, cast.member)
    elif request.param == "typed":
        typed = f"Dr. {cast.member.last_name.upper()}, {cast.member.first_name}"
        make.make_exclusion(stage.cycle, nominated.person, name=typed)
    else:
        make.make_exclusion(
            stage.cycle,
            nominated.person,
            name=f"Frau {cast.member.last_name}",
            municipality=cast.member.municipality,
        )
    return nominated


def shown(browser, stage):
    """Every page that lists or counts people, for search and export too."""
    listed = reverse("cycles:participants", args=[stage.cycle.pk])
    parts = ["", "?left=alle", "?role=applicant", "?export=csv", f"?municipality={stage.own.pk}"]
    urls = [listed + part for part in parts]
    urls += [reverse("people"), reverse("people") + "?export=csv", "/"]
    return " ".join(browser.get(url).content.decode() for url in urls)


def test_no_list_and_no_page_shows_the_applicant(concealed, stage, client_of):
    person = concealed.person
    seen = shown(client_of("member"), stage)
    assert NAME not in seen
    assert "Bekannt" in seen
    assert client_of("member").get(person.get_absolute_url()).status_code == 404
    for name in ("lead", "logistics"):
        assert NAME in shown(client_of(name), stage), name
        assert client_of(name).get(person.get_absolute_url()).status_code == 200, name


def test_counts_and_the_log_keep_still(concealed, stage, cast, client_of):
    page = client_of("member").get(stage.cycle.get_absolute_url()).content.decode()
    assert "1 Bewerber/innen" in page
    assert (
        "2 Bewerber/innen" in client_of("lead").get(stage.cycle.get_absolute_url()).content.decode()
    )
    row = Participant.objects.get(person=concealed.person)
    user = cast.user("member")
    seat = cast.member.seats.get()
    seat.lead = True
    seat.save()
    entries = LogEntry.objects.visible_to(user)
    assert entries.filter(content_type__model="participant").exists()
    assert not entries.filter(content_type__model="participant", object_id=row.pk).exists()
    assert not entries.filter(content_type__model="person", object_id=concealed.person_id).exists()


def test_staff_of_the_own_kommune_in_conflict_miss_the_row_too(nominated, cast, stage, client_of):
    make.make_exclusion(stage.cycle, nominated.person, cast.hr)
    listed = reverse("cycles:participants", args=[stage.cycle.pk])
    assert NAME not in client_of("hr").get(listed).content.decode()


def test_it_stays_so_when_the_applicant_has_left(concealed, stage, cast, client_of):
    domain.withdraw(concealed, reason="Grund", by=cast.user("hr"))
    assert NAME not in shown(client_of("member"), stage)


def test_a_mentee_is_known_to_the_whole_cycle(concealed, stage, cast, client_of):
    cycles.add_participant(
        cycle=stage.cycle,
        person=concealed.person,
        municipality=stage.own,
        role=ParticipantRole.MENTEE,
        by=cast.user("hr"),
    )
    seen = Participant.objects.visible_to(cast.user("member")).filter(person=concealed.person)
    assert [row.role for row in seen] == [ParticipantRole.MENTEE]
    assert Person.objects.visible_to(cast.user("member")).filter(pk=concealed.person_id).exists()


def test_who_is_known_for_another_reason_stays_known(concealed, stage, cast):
    make.make_seat(stage.cycle.participations.get(municipality=stage.own), person=concealed.person)
    assert Person.objects.visible_to(cast.user("member")).filter(pk=concealed.person_id).exists()

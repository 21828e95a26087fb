"""Nobody gets hold of another one's rights by changing an address and inviting there."""

import pytest
from django.urls import reverse

from mentoring.accounts.models import User
from mentoring.ui.errors import Refused
from programmes.people.models import LogisticsStaff, MunicipalityStaff, Person
from tandems.applications import domain as applications
from tests import factories as make
from tests.tandems.applications.conftest import complete

pytestmark = pytest.mark.django_db


def doors(client, person: Person) -> set[int]:
    """What the pages answer that change the address and invite."""
    return {
        client.get(reverse(name, args=[person.pk])).status_code
        for name in ("person_change", "person_invite")
    }


@pytest.fixture
def seated(stage, cast) -> Person:
    """Holds a seat in the cycle and has no sign-in yet."""
    person = make.make_person(municipality=stage.own)
    participation = stage.cycle.participations.get(municipality=stage.own)
    return make.make_seat(participation, person=person)


def test_a_lead_invites_who_holds_nothing_but_a_seat(client_of, seated) -> None:
    assert doors(client_of("lead"), seated) == {200}


def test_a_lead_does_not_become_staff_of_a_kommune(client_of, seated, stage) -> None:
    post = MunicipalityStaff.objects.create(person=seated, municipality=stage.own)
    assert doors(client_of("lead"), seated) == {403}
    post.delete()
    LogisticsStaff.objects.create(person=seated, partner=stage.partner)
    assert doors(client_of("lead"), seated) == {403}


def test_a_lead_does_not_become_a_member_elsewhere(client_of, seated, stage) -> None:
    other = make.make_participation(make.make_cycle(make.make_programme()), stage.own)
    make.make_seat(other, person=seated)
    assert doors(client_of("lead"), seated) == {403}


def test_whoever_signs_in_already_is_edited_as_before(client_of, seated, stage) -> None:
    seated.user = make.make_user()
    seated.save()
    MunicipalityStaff.objects.create(person=seated, municipality=stage.own)
    assert client_of("lead").get(reverse("person_change", args=[seated.pk])).status_code == 200


def test_a_permanent_member_does_not_become_the_beirat(client_of, seated, stage) -> None:
    stage.programme.permanent_members.create(person=seated)
    assert doors(client_of("permanent"), seated) == {403}


def test_staff_do_not_become_their_kommunes_member_of_the_beirat(client_of, seated, stage) -> None:
    MunicipalityStaff.objects.create(person=seated, municipality=stage.own)
    assert doors(client_of("hr"), seated) == {403}
    # Whoever looks after all sign-ins mends an address that was wrong from the beginning.
    assert doors(client_of("operator"), seated) == {200}


def test_nor_by_way_of_an_application(seated, stage, cast) -> None:
    with pytest.raises(Refused, match="Kontaktdaten"):
        applications.create_draft(
            cycle=stage.cycle,
            municipality=stage.own,
            values=complete(email="fremd@anderswo.example"),
            person=seated,
            by=User.objects.get(person=cast.hr),
        )
    seated.refresh_from_db()
    assert seated.email != "fremd@anderswo.example"


def test_the_first_staff_are_named_once(client_of, stage, cast) -> None:
    """When all have gone, an operator names the next: old drafts are no lead's business."""
    add = reverse("municipality_staff_add", args=[stage.own.pk])
    MunicipalityStaff.objects.filter(municipality=stage.own).update(until=make.LONG_AGO)
    assert client_of("lead").get(add).status_code == 403
    assert client_of("operator").get(add).status_code == 200

"""What later rooms rely on: periods, what is known of a person, erasure."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.jobs.turns import daily
from mentoring.registry import Registry
from mentoring.ui.errors import Refused
from programmes.people import retention
from programmes.people.models import Invitation, Person
from programmes.people.retention import DataPeriod, PersonalData
from tests import factories as make

pytestmark = pytest.mark.django_db


def make_invitation(person: Person, days: int, **fields) -> Invitation:
    """An invitation whose time ended ``days`` ago."""
    return Invitation.objects.create(
        person=person,
        role="x",
        email=person.email,
        code_hash=f"{person.pk:064}",
        expires_at=timezone.now() - timedelta(days=days),
        **fields,
    )


def test_old_invitations_are_deleted_daily_whatever_became_of_them() -> None:
    old = [make_invitation(make.make_person(), 91), make_invitation(make.make_person(), 91)]
    Invitation.objects.filter(pk=old[0].pk).update(accepted_at=timezone.now() - timedelta(days=100))
    young = make_invitation(make.make_person(), 89)
    assert daily.get("people.periods")() == 2
    assert list(Invitation.objects.all()) == [young]
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert retention.delete_due() == 1


def test_each_period_is_counted_and_says_what_it_is(monkeypatch) -> None:
    periods: Registry[DataPeriod] = Registry("periods")
    periods.add("a", DataPeriod("Bewerbungen", "Ende", 365, lambda: 3, lambda cycle: 30))
    periods.add("b", DataPeriod("Einladungen", "Ende", 90, lambda: 4))
    monkeypatch.setattr(retention, "data_periods", periods)
    assert retention.delete_due() == 7


def test_what_is_known_of_a_person_names_posts_and_invitations() -> None:
    person = make.make_hr(make.make_municipality("Greven"), phone="02571 1")
    make_invitation(person, 1)
    [(label, rows)] = [entry for entry in retention.known_about(person) if "Zugang" in entry[0]]
    known = dict(rows)
    assert label == "Person und Zugang"
    assert known["Telefon"] == "02571 1"
    assert known["Zugang"] == person.user.email
    assert "Personalstelle Greven, seit 01.01.2020" in known["Aufgabe"]
    assert "abgelaufen" in known["Einladung"]


def test_erasing_removes_person_posts_invitations_and_sign_in() -> None:
    by = make.make_user()
    person = make.make_hr(make.make_municipality())
    make_invitation(person, 1)
    retention.erase(person, by=by)
    assert not Person.objects.exists()
    assert not Invitation.objects.exists()
    assert list(User.objects.all()) == [by]


def test_erasing_stops_as_a_whole_where_something_must_be_kept(monkeypatch) -> None:
    def refuse(person: Person, by: User) -> None:
        raise Refused("Eine Rechnung muss aufbewahrt werden.")

    shares: Registry[PersonalData] = Registry("shares")
    shares.add("own", PersonalData("x", retention.own_share, retention.erase_own_share), order=1)
    shares.add("later", PersonalData("y", lambda person: [], refuse), order=2)
    monkeypatch.setattr(retention, "erasure", shares)
    person = make.make_person()
    with pytest.raises(Refused):
        retention.erase(person, by=make.make_user())
    assert Person.objects.filter(pk=person.pk).exists()
    assert [label for label, _ in retention.known_about(person)] == ["x"]

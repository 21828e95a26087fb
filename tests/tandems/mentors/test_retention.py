"""Mentors: ideas pass with the cycle, refusals soon after, sheets with their period."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from mentoring.log.models import LogEntry
from programmes.cycles.models import Participant, ParticipantRole
from programmes.people.models import Person
from programmes.people.retention import known_about
from programmes.privacy.periods import pending
from tandems.mentors.models import Answer, Approach, Mentor, MentorState, PoolEntry
from tandems.mentors.retention import POOL_DAYS, counted
from tandems.profiles.models import ConsentKind, Exclusion
from tests import factories as make
from tests.programmes.privacy.makers import moved, night_of, own_period

ENDED = date(2027, 10, 1)


@pytest.fixture
def mentor(stage, cast):
    def mentor(state: str, answer: str = "", **fields) -> Mentor:
        if state != "idea":
            fields.setdefault("person", make.make_person(municipality=stage.other))
        if state == "agreed":
            fields.setdefault("agreed_on", date(2026, 5, 1))
        made = Mentor.objects.create(
            cycle=stage.cycle,
            municipality=stage.other,
            position="Amtsleitung",
            state=MentorState(state),
            had_by=cast.member,
            **fields,
        )
        if state != "idea":
            on = date(2026, 5, 1) if answer else None
            Approach.objects.create(mentor=made, by=cast.member, answer=answer, answered_on=on)
        return made

    return mentor


def close(stage) -> None:
    moved(stage.cycle, "closed", ended_on=ENDED)


@pytest.mark.parametrize(
    ("state", "answer", "days"),
    [
        ("idea", "", 1),
        ("approached", "", 1),
        ("refused", Answer.REFUSED, 28),
        ("paused", Answer.LATER, 28),
        ("agreed", Answer.AGREED, 90),
    ],
)
def test_each_goes_on_its_day_and_not_before(state, answer, days, stage, mentor):
    made = mentor(state, answer)
    night_of(date(2035, 1, 1))
    assert Mentor.objects.filter(pk=made.pk).exists()  # the cycle is open
    close(stage)
    night_of(ENDED + timedelta(days=days - 1))
    assert Mentor.objects.filter(pk=made.pk).exists()
    night_of(ENDED + timedelta(days=days))
    assert not Mentor.objects.filter(pk=made.pk).exists()
    assert not Approach.objects.exists()
    assert made.person is None or not Person.objects.filter(pk=made.person_id).exists()


def test_the_cycles_own_period_holds(stage, mentor):
    made = mentor("agreed", Answer.AGREED)
    own_period(stage.cycle, "mentors", 28)
    close(stage)
    night_of(ENDED + timedelta(days=28))
    assert not Mentor.objects.filter(pk=made.pk).exists()


def test_log_entries_and_exclusions_go_along_and_the_list_stays(stage, mentor):
    made = mentor("agreed", Answer.AGREED)
    made.capacity = 2
    made.save()
    make.make_participant(stage.cycle, stage.other, ParticipantRole.MENTOR, person=made.person)
    Exclusion.objects.create(cycle=stage.cycle, subject=made.person, name="Fritz Niemals")
    close(stage)
    night_of(ENDED + timedelta(days=90))
    assert not Exclusion.objects.exists()
    held = " ".join(LogEntry.objects.values_list("object_repr", flat=True))
    assert f"Mentor/in {made.pk}" not in held
    assert "Anfrage" not in held
    assert Participant.objects.filter(person=made.person).exists()


def test_who_is_in_the_pool_stays_a_person(stage, mentor):
    made = mentor("agreed", Answer.AGREED)
    PoolEntry.objects.create(
        programme=stage.programme, person=made.person, consent_on=date(2027, 9, 1)
    )
    close(stage)
    night_of(ENDED + timedelta(days=90))
    assert Person.objects.get(pk=made.person_id).email == made.person.email
    night_of(date(2027, 9, 1) + timedelta(days=POOL_DAYS - 1))
    assert PoolEntry.objects.exists()
    night_of(date(2027, 9, 1) + timedelta(days=POOL_DAYS))
    assert not PoolEntry.objects.exists()
    assert not Person.objects.filter(pk=made.person_id).exists()


def test_a_consent_to_be_asked_again_lasts_as_long_as_the_pool(stage, mentor):
    made = mentor("agreed", Answer.AGREED)
    make.make_consent(stage.cycle, made.person, kind=ConsentKind.ALUMNI)
    entry = PoolEntry.objects.create(
        programme=stage.programme, person=made.person, consent_on=date(2027, 9, 1)
    )
    close(stage)
    night_of(ENDED + timedelta(days=1200))
    assert made.person.consents.exists()
    entry.delete()
    night_of(ENDED + timedelta(days=1200))
    assert not made.person.consents.exists()


def test_nobody_reads_off_a_number_that_they_are_sought(stage, cast, mentor):
    mentor("approached", person=cast.lead)
    close(stage)
    found = pending(stage.cycle, "ideas")
    assert found is not None
    assert counted(stage.cycle, cast.user("lead"), found.keys) == 0
    assert counted(stage.cycle, cast.user("permanent"), found.keys) == 1


# --- Auskunft ------------------------------------------------------------------------------
def told(person: Person, to=None) -> str:
    return str(dict(known_about(person, to=to)).get("Mentorinnen und Mentoren", ""))


def test_who_was_not_asked_yet_does_not_learn_it_here(stage, mentor):
    made = mentor("approached")
    assert told(made.person) == ""
    released = mentor("approached", Answer.RELEASED)
    assert told(released.person) == ""
    planned = mentor("idea", person=make.make_person(municipality=stage.other))
    assert told(planned.person) == ""


def test_who_answered_reads_the_own_answer_and_not_who_asked(cast, mentor):
    made = mentor("refused", Answer.REFUSED)
    assert "sagt ab, am 01.05.2026" in told(made.person)
    assert cast.member.full_name not in told(made.person)


def test_who_agreed_reads_the_own_sheet(stage, cast, mentor):
    made = mentor("agreed", Answer.AGREED, department="Unverwechselbares Amt")
    assert "Unverwechselbares Amt" in told(made.person)
    assert "Unverwechselbares Amt" in told(made.person, cast.user("other_hr"))
    assert told(made.person, cast.user("hr")) == ""


def test_who_sought_reads_numbers_and_no_names(cast, mentor):
    mentor("idea")
    other = mentor("refused", Answer.REFUSED)
    assert "Von Ihnen eingetragene Ideen" in told(cast.member)
    assert other.person.full_name not in told(cast.member)


def test_the_pool_is_told(stage, cast):
    PoolEntry.objects.create(
        programme=stage.programme,
        person=cast.mentee,
        consent_on=timezone.localdate(),
        consent_text="Gern wieder",
    )
    assert "Gern wieder" in told(cast.mentee)

"""Who is erased is erased everywhere: posts, seats, mails and the log."""

import pytest
from django.utils import timezone

from mentoring.log.models import LogEntry
from mentoring.ui.errors import Refused
from programmes.cycles.models import CouncilSeat, Participant, ParticipantRole
from programmes.outbox.domain import queue_mail
from programmes.outbox.models import Delivery, MessageContent
from programmes.people import domain, retention
from programmes.people.models import Person
from tests import factories as make

HELD = ("object_repr", "changes", "changes_text", "additional_data", "actor_email")


@pytest.fixture
def person(stage, cast):
    """A former member of the Beirat who is a mentor now, with a sign-in and mail."""
    made = make.make_person("Xaver", "Unikum", municipality=stage.own, sign_in=True)
    seat = stage.cycle.participations.get(municipality=stage.own)
    make.make_seat(seat, person=made, until=timezone.localdate())
    make.make_participant(stage.cycle, stage.own, ParticipantRole.MENTOR, person=made)
    queue_mail(to_email=made.email, to_name="Xaver", subject="Hallo Xaver", text="x", purpose="x")
    made.phone = "02501 99"
    domain.change(made, by=made.user)
    return made


def test_what_is_known_names_seats_participation_and_mail(person, stage):
    make.make_participant(stage.cycle, stage.own, ParticipantRole.APPLICANT, person=person)
    known = dict(retention.known_about(person))
    text = str(known["Mitwirkung in Durchgängen"])
    assert "Sitz im Beirat" in text
    assert "Mentor/in in" in text
    assert "Bewerber" not in text
    assert "Hallo Xaver" in str(known["Post"])


def test_nothing_is_left(person, cast):
    address = person.email
    retention.erase(person, by=cast.operator)
    assert not Person.objects.filter(last_name="Unikum").exists()
    assert not Participant.objects.filter(role="mentor", person=person.pk).exists()
    mail = Delivery.objects.get()
    assert (mail.to_email, mail.to_name, mail.subject, mail.state) == ("", "", "", "failed")
    assert not MessageContent.objects.exists()
    log = str(list(LogEntry.objects.values_list(*HELD)))
    assert "Unikum" not in log
    assert address not in log
    assert "02501 99" not in log


def test_a_shared_mailbox_keeps_the_others_mail(person, cast):
    make.make_person(email=person.email)
    retention.erase(person, by=cast.operator)
    assert Delivery.objects.get().subject == "Hallo Xaver"


def test_who_sits_in_the_beirat_is_not_erased(person, cast):
    CouncilSeat.objects.filter(person=person).update(until=None)
    with pytest.raises(Refused, match="Sitz im Beirat"):
        retention.erase(person, by=cast.operator)
    assert Delivery.objects.get().subject == "Hallo Xaver"

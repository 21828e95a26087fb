"""What the log, the files and the periods know of a mail."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from mentoring.files.domain import may_read
from mentoring.files.models import StoredFile
from mentoring.log.domain import CONCEALED, readable
from mentoring.log.models import LogEntry
from mentoring.ui.errors import Refused
from programmes.cycles.models import Participant
from programmes.cycles.registries import must_be_finished
from programmes.events.links import rsvp_url
from programmes.outbox.models import Delivery, MessageContent, MessageTail
from programmes.people.models import Person
from programmes.rundmails import domain
from programmes.rundmails.domain import Choice
from programmes.rundmails.domain.sending import finish_sent, freeze_waiting
from programmes.rundmails.models import Recipient, Rundmail
from programmes.rundmails.retention import KEPT_DAYS, delete_old
from tests import factories as make
from tests.conftest import Cast, Stage
from tests.programmes.rundmails import makers

SECRET = "Glückwunsch zum Platz"


@pytest.fixture
def confidential(stage: Stage, cast: Cast) -> Rundmail:
    make.make_application(stage.cycle, stage.own, "placed")
    choice = Choice("applications", "placed")
    return makers.make_draft(stage.cycle, cast.lead.user, subject=SECRET, choices=[choice])


def test_the_log_tells_no_values_even_when_the_mail_is_confidential_no_longer(
    confidential: Rundmail, cast: Cast
) -> None:
    """Otherwise the old text would be read by those who see what has become of it."""
    confidential.subject = "Einladung"
    domain.save_draft(confidential, choices=[Choice("mentees")], by=cast.lead.user)
    assert Rundmail.objects.visible_to(cast.logistics.user).exists()
    entries = LogEntry.objects.filter(content_type__model__in=("rundmail", "audiencechoice"))
    assert entries.filter(actor=cast.lead.user).exists()
    for entry in entries:
        assert SECRET not in f"{entry.object_repr} {entry.changes}"
        assert "placed" not in f"{entry.object_repr} {entry.changes}"
        assert all(set(pair) <= {CONCEALED} for pair in entry.changes.values())


def test_entries_about_mails_are_read_by_who_sees_them(confidential: Rundmail, cast: Cast) -> None:
    about = LogEntry.objects.filter(content_type__model="rundmail")
    assert about.filter(readable(cast.lead.user)).exists()
    for name in ("logistics", "operator", "hr", "stranger"):
        user = cast.user(name)
        assert user is not None
        assert not about.filter(readable(user)).exists()


def test_an_attachment_is_read_by_who_sees_the_mail(confidential: Rundmail, cast: Cast) -> None:
    file = domain.add_attachment(confidential, makers.upload(), by=cast.lead.user).file
    readers = [
        name
        for name in ("lead", "member", "logistics", "hr", "operator", "mentee")
        if may_read(cast.user(name), file)
    ]
    assert readers == ["lead", "member"]


def test_recipients_hidden_from_somebody_stay_hidden(
    confidential: Rundmail, stage: Stage, cast: Cast
) -> None:
    applicant = make.make_person(municipality=stage.own)
    make.make_participant(stage.cycle, stage.own, "applicant", person=applicant)
    make.make_application(stage.cycle, stage.own, "placed", person=applicant, superior=cast.member)
    makers.release(confidential, cast.lead.user)
    assert Recipient.objects.visible_to(makers.fresh(cast.lead.user)).count() == 2
    assert Recipient.objects.visible_to(makers.fresh(cast.member.user)).count() == 1
    assert not Recipient.objects.visible_to(cast.logistics.user).exists()


def test_mails_are_deleted_with_all_that_belongs_to_them_when_their_time_is_over(
    stage: Stage, cast: Cast
) -> None:
    mail = makers.make_draft(stage.cycle, cast.lead.user)
    domain.add_attachment(mail, makers.upload(), by=cast.lead.user)
    makers.release(mail, cast.lead.user)
    domain.start_due()
    freeze_waiting()
    Delivery.objects.update(state="sent", sent_at=timezone.now())
    finish_sent()
    assert delete_old() == 0
    Rundmail.objects.update(ended_at=timezone.now() - timedelta(days=KEPT_DAYS))
    assert delete_old() == 1
    for model in (Rundmail, Recipient, Delivery, MessageTail, StoredFile):
        assert not model.objects.exists()


def test_drafts_of_an_open_cycle_are_kept(stage: Stage, cast: Cast) -> None:
    makers.make_draft(stage.cycle, cast.lead.user)
    Rundmail.objects.update(created_at=timezone.now() - timedelta(days=KEPT_DAYS + 1))
    assert delete_old() == 0
    stage.cycle.state = "closed"
    stage.cycle.save()
    assert delete_old() == 1


def test_a_cycle_does_not_close_over_mails_under_way(stage: Stage, cast: Cast) -> None:
    unfinished = must_be_finished.get("rundmails")
    mail = makers.make_draft(stage.cycle, cast.lead.user)
    assert unfinished(stage.cycle) == []
    makers.release(mail, cast.lead.user)
    assert "Rundmail wartet" in unfinished(stage.cycle)[0]


def test_nobody_but_the_recipient_gets_a_personal_link(
    stage: Stage, cast: Cast, client_of: Any
) -> None:
    """With somebody's link another could answer for them."""
    event = makers.make_event(stage.cycle)
    link = rsvp_url(makers.make_attendee(event, cast.mentee))
    body = "Bitte antworten: {rsvp_link}\n\n[Antworten]({rsvp_link})"
    mail = makers.make_draft(stage.cycle, cast.lead.user, body=body, event=event)

    def read(name: str, *args: int) -> str:
        address = reverse(f"rundmails:{name}", args=[stage.cycle.pk, mail.pk, *args])
        return str(client_of("member").get(address).content.decode())

    pages = {"draft": read("preview"), "its page": read("rundmail")}
    makers.release(mail, cast.lead.user)
    row = mail.recipients.get()
    pages |= {"released": read("preview"), "to come": read("message", row.pk)}
    domain.start_due()
    freeze_waiting()
    pages |= {"on its way": read("rundmail"), "archive": read("message", row.pk)}
    for name, page in pages.items():
        assert link.partition("/antwort/")[2].rstrip("/") not in page, name
    assert "Den persönlichen Link sieht nur" in pages["archive"]
    assert b"/antwort/" in bytes(MessageContent.objects.get().raw)
    parsed = message_from_bytes(bytes(MessageContent.objects.get().raw), policy=default)
    text = parsed.get_body(("plain",))
    assert text is not None
    assert link in text.get_content()


@pytest.fixture
def hidden(stage: Stage, cast: Cast) -> Person:
    """An applicant of whose application the member must not know."""
    person = make.make_person("Hildegard", municipality=stage.own)
    make.make_participant(stage.cycle, stage.own, "applicant", person=person)
    make.make_application(stage.cycle, stage.own, "nominated", person=person, superior=cast.member)
    return person


@pytest.fixture
def to_applicants(stage: Stage, cast: Cast, hidden: Person) -> Rundmail:
    """A mail to two applicants, released by the lead for later."""
    make.make_participant(
        stage.cycle, stage.own, "applicant", person=make.make_person("Otto", municipality=stage.own)
    )
    mail = makers.make_draft(
        stage.cycle,
        cast.lead.user,
        choices=[Choice("applicants")],
        send_at=timezone.now() + timedelta(days=5),
    )
    return makers.release(mail, cast.lead.user)


def test_who_confirms_learns_of_nobody_hidden_and_takes_nobody_off(
    to_applicants: Rundmail, hidden: Person, stage: Stage, cast: Cast, client_of: Any
) -> None:
    """Another, who saw them, released the mail to them."""
    Rundmail.objects.update(confirm_reason="moved")
    address = reverse("rundmails:confirm", args=[stage.cycle.pk, to_applicants.pk])
    assert "Hildegard" not in client_of("member").get(address).content.decode()
    makers.confirm(to_applicants, makers.fresh(cast.member.user))
    assert set(to_applicants.recipients.values_list("state", flat=True)) == {"fixed"}
    Rundmail.objects.update(send_at=timezone.now())
    domain.start_due()
    freeze_waiting()
    assert Delivery.objects.filter(person=hidden).count() == 1


def test_who_is_hidden_and_left_gets_no_mail_whoever_confirms_it(
    to_applicants: Rundmail, hidden: Person, cast: Cast
) -> None:
    Participant.objects.filter(person=hidden).update(left_on=timezone.localdate())
    changes = domain.changes_since_release(to_applicants, makers.fresh(cast.member.user))
    assert changes.gone == []
    makers.confirm(to_applicants, makers.fresh(cast.member.user))
    assert to_applicants.recipients.get(person=hidden).state == "withdrawn"


def test_what_keeps_a_mail_from_going_on_names_nobody_hidden(
    to_applicants: Rundmail, stage: Stage, cast: Cast
) -> None:
    event = makers.make_event(stage.cycle)
    Rundmail.objects.update(
        state="sending",
        confirm_reason="content",
        started_at=timezone.now(),
        event=event,
        body="{rsvp_link}",
    )
    with pytest.raises(Refused) as refusal:
        makers.confirm(to_applicants, makers.fresh(cast.member.user))
    assert "Otto" in str(refusal.value)
    assert "Hildegard" not in str(refusal.value)


def test_counts_give_nobody_away(
    to_applicants: Rundmail, hidden: Person, stage: Stage, cast: Cast, client_of: Any
) -> None:
    Rundmail.objects.update(send_at=timezone.now())
    domain.start_due()
    freeze_waiting()
    Delivery.objects.filter(person=hidden).update(state="failed", error="550 unbekannt")
    totals = {}
    for name in ("lead", "member"):
        browser = client_of(name)
        page = browser.get(reverse("rundmails:rundmails", args=[stage.cycle.pk]))
        shown = page.context["page_obj"].object_list[0]
        own = browser.get(to_applicants.get_absolute_url()).context["progress"]
        totals[name] = (shown.total, shown.failed, own.total, own.failed)
    assert totals == {"lead": (2, 1, 2, 1), "member": (1, 0, 1, 0)}
    assert "nicht bei allen angekommen" in client_of("lead").get("/").content.decode()
    assert "nicht bei allen angekommen" not in client_of("member").get("/").content.decode()

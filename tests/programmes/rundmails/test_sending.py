"""From the hour of sending to the last answer: each recipient once, whatever happens."""

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.utils import timezone

from mentoring.jobs.sweep import sweepers
from mentoring.ui.errors import Refused
from programmes.outbox.models import Delivery, MessageContent, MessageTail
from programmes.outbox.sender import drain
from programmes.people.models import Person
from programmes.people.retention import erase
from programmes.rundmails import domain
from programmes.rundmails.domain import Choice, sending
from programmes.rundmails.domain.sending import finish_sent, freeze_waiting
from programmes.rundmails.models import ConfirmReason, Recipient, Rundmail
from tests.conftest import Cast, Stage
from tests.programmes.outbox.conftest import mailbox  # noqa: F401 - the fixture
from tests.programmes.rundmails import makers
from tests.smtp import Mailbox


def make_started(stage: Stage, cast: Cast, number: int = 5, **fields: Any) -> Rundmail:
    """A mail whose sending has begun, to ``number`` mentees."""
    people = makers.make_mentees(stage.cycle, stage.own, number)
    choices = [Choice("person", str(person.pk)) for person in people]
    mail = makers.make_draft(stage.cycle, cast.lead.user, choices=choices, **fields)
    makers.release(mail, cast.lead.user)
    assert domain.start_due() == 1
    return stored(mail)


def stored(mail: Rundmail) -> Rundmail:
    return Rundmail.objects.get(pk=mail.pk)


def frozen() -> list[EmailMessage]:
    """The messages as they will be sent."""
    rows = MessageContent.objects.select_related("tail").order_by("pk")
    parts = ((bytes(row.raw), bytes(row.tail.raw) if row.tail else b"") for row in rows)
    return [message_from_bytes(raw + tail, policy=policy.default) for raw, tail in parts]  # type: ignore[misc]


def test_nothing_is_sent_before_its_hour(stage: Stage, cast: Cast) -> None:
    send_at = timezone.now() + timedelta(hours=1)
    makers.release(makers.make_draft(stage.cycle, cast.lead.user, send_at=send_at), cast.lead.user)
    assert domain.start_due() == 0
    assert freeze_waiting() == 0


def test_a_mail_begins_once(stage: Stage, cast: Cast) -> None:
    mail = make_started(stage, cast)
    assert mail.state == "sending"
    assert domain.start_due() == 0


def test_the_sweep_does_it_all(stage: Stage, cast: Cast, mailbox: Mailbox) -> None:  # noqa: F811
    makers.make_mentees(stage.cycle, stage.own, 3)
    mail = makers.release(makers.make_draft(stage.cycle, cast.lead.user), cast.lead.user)
    sweepers.get("rundmails.due")()
    freeze_waiting()
    sweepers.get("rundmails.finished")()
    assert stored(mail).state == "sending"
    drain()
    sweepers.get("rundmails.finished")()
    assert stored(mail).state == "sent"
    assert stored(mail).ended_at is not None
    assert len(mailbox.taken) == 4
    assert max(mailbox.copies.values()) == 1


def test_each_gets_their_own_message_with_the_same_attachments(stage: Stage, cast: Cast) -> None:
    event = makers.make_event(stage.cycle)
    people = makers.make_mentees(stage.cycle, stage.own, 2)
    mail = makers.make_draft(
        stage.cycle,
        cast.lead.user,
        subject="Für {nachname}",
        choices=[Choice("person", str(person.pk)) for person in people],
        reply_to="beirat@stadt.example",
        event=event,
        attach_calendar=True,
    )
    domain.add_attachment(mail, makers.upload(), by=cast.lead.user)
    makers.release(mail, cast.lead.user)
    domain.start_due()
    freeze_waiting()
    messages = frozen()
    assert [row["Subject"] for row in messages] == ["Für Nummer0000", "Für Nummer0001"]
    assert len({row["Message-ID"] for row in messages}) == 2
    for message, person in zip(messages, people, strict=True):
        assert message["Reply-To"] == "beirat@stadt.example"
        assert person.email in message["To"]
        plain = message.get_body(("plain",))
        assert plain is not None
        assert plain.get_content().startswith(f"Guten Tag {person.full_name},")
        files = {part.get_filename(): part for part in message.iter_attachments()}
        assert set(files) == {"Ablauf.pdf", "Termin.ics"}
        assert files["Ablauf.pdf"].get_content() == makers.PDF
        assert files["Termin.ics"].get_content_type() == "text/calendar"
    # Kept once, however many there are.
    assert MessageTail.objects.count() == 1


def test_deliveries_are_as_confidential_as_their_mail(stage: Stage, cast: Cast) -> None:
    make_started(stage, cast, 1)
    freeze_waiting()
    assert not Delivery.objects.get().confidential
    Rundmail.objects.update(confidential=True)
    mail = Rundmail.objects.get()
    Recipient.objects.update(delivery=None)
    assert mail.confidential
    freeze_waiting()
    assert Delivery.objects.order_by("pk").last().confidential  # type: ignore[union-attr]


def test_it_goes_on_where_it_was_broken_off(
    stage: Stage, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chunk by chunk, and a chunk that fails leaves nothing behind."""
    monkeypatch.setattr(sending, "CHUNK", 2)
    mail = make_started(stage, cast, 5)
    calls = 0
    queue_batch = sending.outbox.queue_batch

    def fail_at_second(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        made = queue_batch(*args, **kwargs)
        if calls == 2:
            raise RuntimeError("killed")
        return made

    monkeypatch.setattr(sending.outbox, "queue_batch", fail_at_second)
    freeze_waiting()
    assert Delivery.objects.count() == 2
    assert finish_sent() == 0
    assert domain.progress(mail).waiting == 3
    freeze_waiting()
    assert Delivery.objects.count() == 5
    assert set(Recipient.objects.values_list("email", flat=True)) == set(
        Delivery.objects.values_list("to_email", flat=True)
    )


def test_an_attachment_deleted_meanwhile_holds_the_mail_before_the_first_message(
    stage: Stage, cast: Cast
) -> None:
    people = makers.make_mentees(stage.cycle, stage.own, 3)
    mail = makers.make_draft(
        stage.cycle, cast.lead.user, choices=[Choice("person", str(p.pk)) for p in people]
    )
    row = domain.add_attachment(mail, makers.upload(), by=cast.lead.user)
    makers.release(mail, cast.lead.user)
    assert domain.start_due() == 1
    storage, name = row.file.content.storage, row.file.content.name
    storage.delete(name)
    freeze_waiting()
    held = stored(mail)
    assert (held.state, held.confirm_reason) == ("sending", ConfirmReason.CONTENT)
    assert not Delivery.objects.filter(purpose="rundmail").exists()
    assert finish_sent() == 0
    with pytest.raises(Refused, match=r"Ablauf\.pdf"):
        domain.confirm(held, seen="", by=cast.lead.user)
    # It is the very file that must come back, not another of its name.
    with open(storage.path(name), "wb") as file:
        file.write(b"anders")
    with pytest.raises(Refused):
        domain.confirm(held, seen="", by=cast.lead.user)
    with open(storage.path(name), "wb") as file:
        file.write(makers.PDF)
    domain.confirm(held, seen="", by=cast.lead.user)
    assert freeze_waiting() == 3


def test_once_the_first_chunk_is_out_the_attachment_may_go(
    stage: Stage, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "CHUNK", 2)
    monkeypatch.setattr(sending, "TURN_SECONDS", -1.0)
    people = makers.make_mentees(stage.cycle, stage.own, 3)
    mail = makers.make_draft(
        stage.cycle, cast.lead.user, choices=[Choice("person", str(p.pk)) for p in people]
    )
    row = domain.add_attachment(mail, makers.upload(), by=cast.lead.user)
    makers.release(mail, cast.lead.user)
    domain.start_due()
    letter = sending.Letter(stored(mail))
    assert sending._freeze_chunk(stored(mail), letter, sending.read_attachments(stored(mail))) == 2
    row.file.content.storage.delete(row.file.content.name)
    monkeypatch.setattr(sending, "TURN_SECONDS", 20.0)
    assert freeze_waiting() == 1
    assert all(
        [part.get_filename() for part in message.iter_attachments()] == ["Ablauf.pdf"]
        for message in frozen()
    )


def test_who_is_erased_meanwhile_gets_nothing_and_stands_nowhere(stage: Stage, cast: Cast) -> None:
    mail = make_started(stage, cast, 2)
    person = Recipient.objects.order_by("pk")[0].person
    assert person is not None
    erase(person, by=cast.operator)
    freeze_waiting()
    assert Delivery.objects.count() == 1
    gone = Recipient.objects.get(person=None)
    assert (gone.name, gone.email, gone.search_key, gone.state) == ("", "", "", "withdrawn")
    assert not mail.choices.filter(value=str(person.pk)).exists()


def test_progress_counts_each_recipient_once(
    stage: Stage, cast: Cast, django_assert_num_queries: Any
) -> None:
    mail = make_started(stage, cast, 7)
    with django_assert_num_queries(1):
        assert domain.progress(mail).waiting == 7
    freeze_waiting()
    now = timezone.now()
    keys = list(Delivery.objects.order_by("pk").values_list("pk", flat=True))
    for key, values in zip(
        keys,
        [
            {"state": "sent", "sent_at": now},
            {"state": "failed", "error": "550"},
            {"state": "unclear", "error": "?"},
            {"state": "sending", "sending_since": now, "claim": mail.batch},
        ],
        strict=False,
    ):
        Delivery.objects.filter(pk=key).update(**values)
    found = domain.progress(mail)
    assert (found.total, found.waiting, found.queued, found.sending) == (7, 0, 3, 1)
    assert (found.sent, found.failed, found.unclear, found.stopped) == (1, 1, 1, 0)
    assert found.done == 3


def test_failed_ones_are_sent_again_one_or_all(
    stage: Stage,
    cast: Cast,
    mailbox: Mailbox,  # noqa: F811
) -> None:
    mail = make_started(stage, cast, 4)
    mailbox.at_recipient = lambda address: "550 5.1.1 unbekannt"
    freeze_waiting()
    drain()
    finish_sent()
    assert stored(mail).state == "sent"
    assert domain.progress(mail).failed == 4
    mailbox.at_recipient = lambda address: None
    first = Recipient.objects.order_by("pk")[0]
    domain.retry(first, by=cast.lead.user)
    assert stored(mail).state == "sending"
    assert domain.retry_all_failed(mail, by=cast.lead.user) == 3
    drain()
    finish_sent()
    assert stored(mail).state == "sent"
    assert domain.progress(mail).sent == 4
    assert len(mailbox.taken) == 4
    with pytest.raises(Refused, match="nicht fehlgeschlagen"):
        domain.retry(first, by=cast.lead.user)
    with pytest.raises(Refused, match="keine Sendung"):
        domain.retry_all_failed(mail, by=cast.lead.user)


def test_about_an_unclear_one_a_person_decides(stage: Stage, cast: Cast) -> None:
    mail = make_started(stage, cast, 2)
    freeze_waiting()
    Delivery.objects.update(state="unclear", error="?")
    assert finish_sent() == 1
    first, second = Recipient.objects.order_by("pk")
    domain.resolve_unclear(first, sent=True, by=cast.lead.user)
    assert stored(mail).state == "sent"
    domain.resolve_unclear(second, sent=False, by=cast.lead.user)
    assert stored(mail).state == "sending"
    found = domain.progress(mail)
    assert (found.sent, found.queued) == (1, 1)


def test_who_waits_without_a_message_has_none_to_repeat(stage: Stage, cast: Cast) -> None:
    make_started(stage, cast, 1)
    with pytest.raises(Refused, match="noch nichts versandt"):
        domain.retry(Recipient.objects.get(), by=cast.lead.user)


def test_a_test_mail_goes_to_oneself_alone(stage: Stage, cast: Cast) -> None:
    mail = makers.make_draft(
        stage.cycle, cast.lead.user, subject="{vorname}", body="{rsvp_link} {quark}"
    )
    delivery = domain.send_test(mail, by=cast.lead.user)
    assert delivery.to_email == cast.lead.user.email
    assert delivery.subject == "Probe: Erika"
    assert delivery.batch is None
    assert Delivery.objects.count() == 1
    assert stored(mail).state == "draft"


@pytest.mark.parametrize("number", [10, 200])
def test_a_chunk_takes_the_same_few_queries_however_large(
    stage: Stage, cast: Cast, number: int, django_assert_max_num_queries: Any
) -> None:
    makers.make_mentees(stage.cycle, stage.own, number)
    mail = makers.make_draft(stage.cycle, cast.lead.user)
    makers.release(mail, cast.lead.user)
    domain.start_due()
    letter = sending.Letter(stored(mail))
    # Savepoints, the lock, the recipients, the tail, deliveries and contents in a few parts.
    with django_assert_max_num_queries(24):
        assert sending._freeze_chunk(stored(mail), letter, []) == min(number + 1, 200)


def test_a_value_that_goes_missing_in_the_middle_holds_the_rest(
    stage: Stage, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "CHUNK", 2)
    mail = make_started(stage, cast, 3)
    letter = sending.Letter(mail)
    assert sending._freeze_chunk(mail, letter, []) == 2
    last = Recipient.objects.order_by("pk").last()
    assert last is not None
    Person.objects.filter(pk=last.person_id).update(first_name="")
    assert freeze_waiting() == 0
    assert stored(mail).confirm_reason == ConfirmReason.CONTENT
    with pytest.raises(Refused, match="vorname"):
        domain.confirm(mail, seen="", by=cast.lead.user)
    Person.objects.filter(pk=last.person_id).update(first_name="Anna")
    domain.confirm(mail, seen="", by=cast.lead.user)
    assert freeze_waiting() == 1

"""Mailings of invoices and reminders: planned, released once, each with its own files."""

from collections import Counter
from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connection, connections
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.ui.errors import Refused
from programmes.billing.domain import whole
from programmes.invoice_mails import domain
from programmes.invoice_mails.domain import sending
from programmes.invoice_mails.models import (
    FILE_LOST,
    NOT_ARRIVED,
    InvoiceLetter,
    InvoiceMailing,
    MailingKind,
)
from programmes.invoice_mails.retention import delete_old
from programmes.outbox import sender
from programmes.outbox.domain import note_bounce
from programmes.outbox.models import Delivery, DeliveryState, MessageContent
from programmes.rundmails.retention import KEPT_DAYS
from tests.programmes.billing.makers import make_storno
from tests.programmes.invoice_mails.makers import (
    make_mailing,
    make_overdue,
    make_sendable,
    release,
)
from tests.programmes.payments.makers import make_payment
from tests.smtp import Mailbox, smtp_server

pytestmark = pytest.mark.django_db
REMINDER = MailingKind.REMINDER


@pytest.fixture
def by(cast) -> User:
    return cast.user("logistics")


@pytest.fixture
def mailbox(settings):
    settings.MAIL_PER_MINUTE = 0
    settings.SMTP_TIMEOUT = 3
    with smtp_server(Mailbox()) as box:
        settings.SMTP = box.config
        yield box


def send_all() -> None:
    domain.send_waiting()
    sender.drain()


def files_in(message) -> dict[str, bytes]:
    return {
        part.get_filename(): part.get_payload(decode=True)
        for part in message.walk()
        if part.get_filename()
    }


# --- sending ------------------------------------------------------------------------------
def test_each_kommune_gets_its_own_files_once(stage, by, mailbox):
    invoices = [make_sendable(stage.cycle, name) for name in ("Ahaus", "Bocholt", "Coesfeld")]
    mailing = make_mailing(stage.cycle, *invoices, by=by)
    assert not domain.to_send().exists(), "a draft sends nothing"
    release(mailing, by)
    for _ in range(2):
        send_all()
    assert Counter(address for address, _ in mailbox.taken) == Counter(
        one.municipality.billing_email for one in invoices
    )
    for invoice, message in zip(
        sorted(invoices, key=lambda one: one.municipality.billing_email),
        sorted(mailbox.messages, key=lambda one: str(one["To"]).rpartition("<")[2]),
        strict=True,
    ):
        assert invoice.municipality.billing_email in str(message["To"])
        assert message["Subject"] == f"Rechnung {invoice.number}: {stage.programme}"
        assert files_in(message) == {
            stored.name: whole(stored, invoice) for stored in (invoice.pdf, invoice.xml)
        }
    assert set(mailbox.copies.values()) == {1}
    assert set(Delivery.objects.values_list("batch", flat=True)) == {mailing.batch}


def test_the_mail_looks_as_a_rundmail_does_and_no_value_becomes_markup(stage, by, mailbox):
    invoice = make_sendable(stage.cycle, "Ahaus")
    house = invoice.municipality
    house.name = "Stadt <b>Ahaus</b> [x](https://boese.example)"
    house.save()
    release(make_mailing(stage.cycle, invoice, by=by), by)
    send_all()
    (message,) = mailbox.messages
    html = next(p for p in message.walk() if p.get_content_type() == "text/html")
    page = html.get_payload(decode=True).decode()
    assert "Stadt &lt;b&gt;Ahaus&lt;/b&gt; [x](https://boese.example)" in page
    assert str(stage.cycle) in page
    assert "{" not in page.split("<body")[1].split(">", 1)[1]


def test_killed_between_release_and_outbox_nothing_is_lost_or_doubled(
    stage, by, mailbox, monkeypatch
):
    invoices = [make_sendable(stage.cycle) for _ in range(3)]
    release(make_mailing(stage.cycle, *invoices, by=by), by)
    queue, calls = sending.outbox.queue_mail, []

    def die(**words):
        calls.append(words["to_email"])
        if len(calls) == 2:
            raise SystemExit
        return queue(**words)

    monkeypatch.setattr(sending.outbox, "queue_mail", die)
    with pytest.raises(SystemExit):
        domain.send_waiting()
    assert Delivery.objects.count() == InvoiceLetter.objects.filter(sent_out=True).count() == 1
    send_all()
    assert len(mailbox.taken) == Delivery.objects.count() == 3
    assert not domain.to_send().exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_hand_over_each_letter_once(stage, by):
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time there")
    release(make_mailing(stage.cycle, *[make_sendable(stage.cycle) for _ in range(6)], by=by), by)
    ready, handed = Barrier(2), []

    def work() -> None:
        ready.wait()
        handed.append(domain.send_waiting())
        connections.close_all()

    _together(work)
    assert sum(handed) == Delivery.objects.count() == 6


# --- releasing ----------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_of_two_who_release_at_once_one_succeeds(stage, by):
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time there")
    invoice = make_sendable(stage.cycle)
    same = make_mailing(stage.cycle, invoice, by=by)
    other = make_mailing(stage.cycle, invoice, by=by)
    ready, done, refused = Barrier(3), [], []
    jobs = [same, same, other]

    def work() -> None:
        mailing = jobs.pop()
        seen = domain.plan_of(mailing).seen
        ready.wait()
        try:
            done.append(domain.release(mailing, seen=seen, by=User.objects.get(pk=by.pk)))
        except Refused as refusal:
            refused.append(str(refusal))
        connections.close_all()

    _together(work, 3)
    assert (len(done), len(refused)) == (1, 2), refused
    assert InvoiceLetter.objects.counted().count() == 1, "the invoice goes out once"


def _together(work, number: int = 2) -> None:
    threads = [Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_released_is_what_was_shown_or_nothing(stage, by, cast):
    invoice = make_sendable(stage.cycle)
    mailing = make_mailing(stage.cycle, invoice, by=by)
    seen = domain.plan_of(mailing).seen
    with pytest.raises(Refused, match="kann nur der Logistikpartner"):
        domain.release(mailing, seen=seen, by=cast.user("lead"))
    invoice.municipality.billing_email = "andere@stadt.example"
    invoice.municipality.save()
    with pytest.raises(Refused, match="etwas geändert"):
        domain.release(mailing, seen=seen, by=by)
    seen = domain.plan_of(mailing).seen
    stage.programme.name = "Umbenanntes Programm"
    stage.programme.save()
    with pytest.raises(Refused, match="etwas geändert"):
        domain.release(mailing, seen=seen, by=by)
    release(mailing, by)
    with pytest.raises(Refused, match="inzwischen freigegeben"):
        release(mailing, by)
    assert InvoiceLetter.objects.get().email == "andere@stadt.example"


def test_what_is_missing_is_said_all_at_once(stage, by):
    without_address = make_sendable(stage.cycle, "Ahaus")
    without_address.municipality.billing_email = ""
    without_address.municipality.save()
    draft = make_mailing(
        stage.cycle, without_address, by=by, subject="", body="{rechnungnummer} {faellig}"
    )
    said = " ".join(domain.plan_of(draft).all_problems)
    for part in (
        "Meinten Sie {rechnungsnummer}?",
        "Meinten Sie {faellig_am}?",
        "Der Betreff fehlt.",
        "Ahaus (CM-",
        "Es fehlt die E-Mail für Rechnungen",
    ):
        assert part in said
    with pytest.raises(Refused, match="E-Mail für Rechnungen"):
        release(draft, by)
    empty = make_mailing(stage.cycle, by=by)
    with pytest.raises(Refused, match="an niemanden"):
        release(empty, by)
    assert not Delivery.objects.exists()


def test_a_file_that_is_not_the_one_that_was_made_stops_the_release(stage, by):
    invoice = make_sendable(stage.cycle)
    mailing = make_mailing(stage.cycle, invoice, by=by)
    with invoice.pdf.content.storage.open(invoice.pdf.content.name, "wb") as file:
        file.write(b"%PDF-1.7 etwas anderes")
    with pytest.raises(Refused, match="nicht mehr die"):
        release(mailing, by)


def test_what_was_sent_is_not_offered_and_not_sent_again(stage, by):
    invoice, other = make_sendable(stage.cycle), make_sendable(stage.cycle)
    both = make_mailing(stage.cycle, invoice, other, by=by)
    release(make_mailing(stage.cycle, invoice, by=by), by)
    assert list(domain.candidates(stage.cycle, MailingKind.INVOICES)) == [other]
    (gone,) = domain.plan_of(both).left_out
    assert (gone.invoice, "schon mit einem anderen Versand" in gone.why) == (invoice, True)
    release(both, by)
    assert InvoiceLetter.objects.counted().count() == 2
    with pytest.raises(Refused, match="steht nicht mehr zur Auswahl"):
        make_mailing(stage.cycle, invoice, by=by)


# --- reminding ----------------------------------------------------------------------------
def test_paid_or_cancelled_between_draft_and_release_is_left_out_and_said(stage, by, mailbox):
    paid, cancelled, partly = (make_overdue(stage.cycle, name) for name in "ABC")
    mailing = make_mailing(stage.cycle, paid, cancelled, partly, kind=REMINDER, by=by)
    before = domain.plan_of(mailing)
    assert len(before.going) == 3
    make_payment(paid, "1000.00")
    make_payment(partly, "400.00")
    make_storno(cancelled)
    with pytest.raises(Refused, match="etwas geändert"):
        domain.release(mailing, seen=before.seen, by=by)
    release(mailing, by)
    assert dict(mailing.letters.values_list("invoice", "left_out")) == {
        paid.pk: "inzwischen bezahlt",
        cancelled.pk: "inzwischen storniert",
        partly.pk: "",
    }
    make_payment(partly, "100.00")
    send_all()
    (message,) = mailbox.messages
    text = next(p for p in message.walk() if p.get_content_type() == "text/plain")
    assert "Offen sind 600,00 €." in text.get_payload(decode=True).decode(), "as released"
    assert len(files_in(message)) == 2


def test_nobody_is_reminded_twice_in_a_short_time_without_asking(stage, by):
    invoice = make_overdue(stage.cycle)
    release(make_mailing(stage.cycle, invoice, kind=REMINDER, by=by), by)
    with time_machine.travel(timezone.now() + timedelta(days=13)):
        second = make_mailing(stage.cycle, invoice, kind=REMINDER, by=by)
        assert [one for one, _ in domain.plan_of(second).again] == [invoice]
        with pytest.raises(Refused, match="erst vor Kurzem"):
            release(second, by)
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert domain.plan_of(second).again == ()
        release(second, by)
    with time_machine.travel(timezone.now() + timedelta(days=16)):
        third = make_mailing(stage.cycle, invoice, kind=REMINDER, by=by)
        release(third, by, remind_again=True)
        assert InvoiceLetter.objects.counted().count() == 3


# --- what became of it --------------------------------------------------------------------
def test_unclear_and_failed_letters_are_decided_about(stage, by, mailbox):
    unclear, refused = make_sendable(stage.cycle), make_sendable(stage.cycle)
    dropped = unclear.municipality.billing_email  # read here: the server has its own thread
    mailbox.at_data = lambda address: "take and drop" if address == dropped else "550 5.1.1 nein"
    release(make_mailing(stage.cycle, unclear, refused, by=by), by)
    send_all()
    letters = {letter.invoice_id: letter for letter in InvoiceLetter.objects.all()}
    states = dict(InvoiceLetter.objects.values_list("invoice", "delivery__state"))
    assert states == {unclear.pk: DeliveryState.UNCLEAR, refused.pk: DeliveryState.FAILED}
    mailbox.at_data = lambda address: None
    domain.resolve_unclear(letters[unclear.pk], sent=True, by=by)
    with pytest.raises(Refused, match="schon entschieden"):
        domain.resolve_unclear(letters[unclear.pk], sent=False, by=by)
    domain.retry(letters[refused.pk], by=by)
    sender.drain()
    assert set(InvoiceLetter.objects.values_list("delivery__state", flat=True)) == {"sent"}
    taken = Counter(address for address, _ in mailbox.taken)
    assert taken == {unclear.municipality.billing_email: 1, refused.municipality.billing_email: 1}


def test_what_failed_or_came_back_is_offered_again_to_the_corrected_address(stage, by, mailbox):
    failed, back = make_sendable(stage.cycle), make_sendable(stage.cycle)
    refused = failed.municipality.billing_email
    mailbox.at_data = lambda address: "550 5.1.1 nein" if address == refused else None
    release(make_mailing(stage.cycle, failed, back, by=by), by)
    assert not domain.candidates(stage.cycle, MailingKind.INVOICES).exists()
    send_all()
    first = InvoiceLetter.objects.get(invoice=failed)
    note_bounce(InvoiceLetter.objects.get(invoice=back).delivery.message_id, "unbekannt")
    assert InvoiceLetter.objects.in_trouble().count() == 2
    assert set(domain.candidates(stage.cycle, MailingKind.INVOICES)) == {failed, back}
    failed.municipality.billing_email = "richtig@stadt.example"
    failed.municipality.save()
    release(make_mailing(stage.cycle, failed, back, by=by), by)
    send_all()
    assert "richtig@stadt.example" in dict(mailbox.taken)
    assert not InvoiceLetter.objects.in_trouble().exists(), "the later one counts"
    with pytest.raises(Refused, match="inzwischen eine andere E-Mail"):
        domain.retry(first, by=by)


def test_what_failed_is_not_called_sent_once_its_message_is_gone(stage, by, mailbox):
    invoice = make_sendable(stage.cycle)
    mailbox.at_data = lambda address: "550 5.1.1 nein"
    release(make_mailing(stage.cycle, invoice, by=by), by)
    send_all()
    InvoiceMailing.objects.update(released_at=timezone.now() - timedelta(days=KEPT_DAYS + 1))
    delete_old()
    letter = InvoiceLetter.objects.get()
    assert (letter.sent_out, letter.left_out) == (False, NOT_ARRIVED)
    assert list(domain.candidates(stage.cycle, MailingKind.INVOICES)) == [invoice]


def test_a_letter_whose_file_is_lost_waits_no_longer_and_the_others_go(stage, by, mailbox):
    lost, whole_one = make_sendable(stage.cycle), make_sendable(stage.cycle)
    release(make_mailing(stage.cycle, lost, whole_one, by=by), by)
    lost.pdf.content.storage.delete(lost.pdf.content.name)
    send_all()
    assert [address for address, _ in mailbox.taken] == [whole_one.municipality.billing_email]
    assert not domain.to_send().exists()
    (letter,) = InvoiceLetter.objects.in_trouble()
    assert (letter.invoice, letter.left_out) == (lost, FILE_LOST)


def test_a_storno_is_to_be_sent_as_an_invoice_is(stage, by, client_of, mailbox):
    invoice = make_sendable(stage.cycle)
    release(make_mailing(stage.cycle, invoice, by=by), by)
    send_all()
    said = "noch nicht per E-Mail versandt"
    assert said not in client_of("logistics").get("/").content.decode()
    storno = make_storno(invoice)
    assert list(domain.candidates(stage.cycle, MailingKind.INVOICES)) == [storno]
    assert said in client_of("logistics").get("/").content.decode()


def test_the_messages_go_after_their_time_and_the_letter_stays(stage, by, mailbox):
    release(make_mailing(stage.cycle, make_sendable(stage.cycle), by=by), by)
    send_all()
    assert delete_old() == 0
    InvoiceMailing.objects.update(released_at=timezone.now() - timedelta(days=KEPT_DAYS + 1))
    assert delete_old() == 1
    assert not MessageContent.objects.exists()
    letter = InvoiceLetter.objects.get()
    assert (letter.delivery, letter.sent_out) == (None, True)
    send_all()
    assert len(mailbox.taken) == 1, "and nothing is sent again"


def test_of_an_overpaid_invoice_nothing_is_open_in_the_mail(stage, by):
    invoice = make_sendable(stage.cycle)
    make_payment(invoice, "1200.00")
    mailing = make_mailing(stage.cycle, invoice, by=by, body="{offen} sind offen.")
    (letter,) = domain.plan_of(mailing).going
    assert letter.message.text.startswith("0,00 € sind offen.")

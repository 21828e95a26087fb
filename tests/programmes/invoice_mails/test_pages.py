"""The pages of mailings: written, previewed, released, followed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programmes.billing.models import Invoice
from programmes.invoice_mails import domain
from programmes.invoice_mails.models import InvoiceMailing, MailingKind, MailingState
from programmes.outbox.domain import note_bounce
from programmes.outbox.models import Delivery
from tests.programmes.invoice_mails.makers import (
    make_mailing,
    make_overdue,
    make_sendable,
    release,
)
from tests.programmes.payments.makers import make_payment


def text_of(response):
    return response.content.decode()


def hidden(page, name):
    return text_of(page).split(f'name="{name}" value="')[1].split('"')[0]


@pytest.fixture
def url(stage):
    def page(name, *args):
        return reverse(f"invoice_mails:{name}", args=[stage.cycle.pk, *args])

    return page


@pytest.fixture
def by(cast):
    return cast.user("logistics")


def test_from_the_invoices_to_what_each_kommune_was_sent(stage, client_of, url):
    invoice, other = make_sendable(stage.cycle, "Ahaus"), make_sendable(stage.cycle, "Bocholt")
    logistics = client_of("logistics")
    start = text_of(logistics.get("/"))
    assert "noch nicht per E-Mail versandt" in start
    page = logistics.get(url("create"))
    assert "checked" not in text_of(page).split("<main")[1], "nobody is chosen by itself"
    assert text_of(logistics.get(url("create"), {"alle": "1"})).count(" checked") == 2
    form = {
        "invoices": [str(invoice.pk)],
        "subject": "{art} {rechnungsnummer}",
        "body": "Guten Tag,\n\nfür {kommune}: **{betrag}**, {offen} offen.",
        "_form_id": hidden(page, "_form_id"),
    }
    page = logistics.post(url("create"), form, follow=True)
    assert "Versandt wird erst nach Ihrer Freigabe" in text_of(page)
    mailing = InvoiceMailing.objects.get()
    assert not Delivery.objects.exists()

    preview = text_of(client_of("lead").get(url("preview", mailing.pk)))
    for said in (
        f"Rechnung {invoice.number}",
        "<strong>1.000,00 €</strong>",
        invoice.municipality.billing_email,
        invoice.pdf.name,
        invoice.xml.name,
    ):
        assert said in preview
    assert "Weiter zur Freigabe" not in preview, "a lead reads, the partner releases"
    assert other.number not in preview

    asked = logistics.get(url("release", mailing.pk))
    assert "1 E-Mail freigeben?" in text_of(asked)
    answer = {name: hidden(asked, name) for name in ("seen", "_form_id")}
    done = text_of(logistics.post(url("release", mailing.pk), answer, follow=True))
    assert "1 E-Mail geht jetzt hinaus." in done
    again = text_of(logistics.post(url("release", mailing.pk), answer, follow=True))
    assert "nur einmal ausgeführt" in again
    # Another tab has a form of its own.
    answer["_form_id"] = ""
    tab = logistics.post(url("release", mailing.pk), answer, follow=True)
    assert tab.redirect_chain[-1][0] == mailing.get_absolute_url()
    assert "inzwischen freigegeben" in text_of(tab)
    assert "0 E-Mails" not in text_of(tab)
    assert f">Rechnungsversand vom {timezone.localdate():%d.%m.%Y}</h1>" in text_of(tab)
    domain.send_waiting()
    letter = mailing.letters.get()
    page = text_of(logistics.get(url("letter", mailing.pk, letter.pk)))
    assert "für Stadt Ahaus: <strong>1.000,00 €</strong>" in page
    assert f"{invoice.pdf.name}, {invoice.xml.name}" in page

    page = text_of(logistics.get(invoice.get_absolute_url()))
    assert "Rechnungsversand" in page.split('id="versand"')[1]
    assert "Per E-Mail versenden" not in page
    for name in ("edit", "preview", "release"):
        answer = logistics.get(url(name, mailing.pk))
        assert answer["Location"] == mailing.get_absolute_url(), name
    archive = logistics.get(reverse("rundmails:rundmails", args=[stage.cycle.pk]))
    assert url("mailings") in text_of(archive)


def test_what_changed_since_the_preview_is_shown_before_it_is_released(stage, client_of, url, by):
    invoice, other = make_overdue(stage.cycle, "Ahaus"), make_overdue(stage.cycle, "Bocholt")
    mailing = make_mailing(stage.cycle, invoice, other, kind=MailingKind.REMINDER, by=by)
    logistics = client_of("logistics")
    asked = logistics.get(url("release", mailing.pk))
    make_payment(invoice, "1000.00")
    answer = {name: hidden(asked, name) for name in ("seen", "_form_id")}
    shown = logistics.post(url("release", mailing.pk), answer)
    assert "Es hat sich etwas geändert" in text_of(shown)
    assert "Ahaus: inzwischen bezahlt" in text_of(shown)
    assert InvoiceMailing.objects.get().state == MailingState.DRAFT
    answer = {name: hidden(shown, name) for name in ("seen", "_form_id")}
    done = text_of(logistics.post(url("release", mailing.pk), answer, follow=True))
    assert "1 E-Mail geht jetzt hinaus. 1 weggefallen" in done
    assert "inzwischen bezahlt" in done
    open_list = logistics.get(reverse("payments:overdue", args=[stage.cycle.pk]))
    assert "zuletzt erinnert" in text_of(open_list)
    assert "Zahlungserinnerung schreiben" in text_of(open_list)


def test_a_second_reminder_asks_for_a_tick(stage, client_of, url, by):
    invoice = make_overdue(stage.cycle)
    release(make_mailing(stage.cycle, invoice, kind=MailingKind.REMINDER, by=by), by)
    second = make_mailing(stage.cycle, invoice, kind=MailingKind.REMINDER, by=by)
    logistics = client_of("logistics")
    asked = logistics.get(url("release", second.pk))
    assert "Vor Kurzem schon erinnert" in text_of(asked)
    answer = {name: hidden(asked, name) for name in ("seen", "_form_id")}
    refused = logistics.post(url("release", second.pk), answer)
    assert "Setzen Sie das Häkchen" in text_of(refused)
    answer = {name: hidden(refused, name) for name in ("seen", "_form_id")}
    done = logistics.post(url("release", second.pk), {**answer, "remind_again": "on"})
    assert done.status_code == 302
    assert InvoiceMailing.objects.filter(state=MailingState.RELEASED).count() == 2


def test_a_mail_that_came_back_is_shown_with_what_to_do(stage, client_of, url, by):
    mailing = make_mailing(stage.cycle, make_sendable(stage.cycle), by=by)
    release(mailing, by)
    domain.send_waiting()
    logistics = client_of("logistics")
    page = text_of(logistics.get(url("mailing", mailing.pk)))
    assert "berichtigen Sie bei der Kommune" not in page
    note_bounce(Delivery.objects.get().message_id, "Postfach unbekannt")
    page = text_of(logistics.get(url("mailing", mailing.pk)))
    for said in ("zurückgekommen", "berichtigen Sie bei der Kommune", "neu versenden"):
        assert said in page
    assert "nicht angekommen" in text_of(logistics.get("/"))


def test_a_draft_keeps_what_is_incomplete_and_says_what_is_missing(stage, client_of, url):
    logistics = client_of("logistics")
    page = logistics.get(url("create"))
    form = {"subject": "", "body": "", "_form_id": hidden(page, "_form_id")}
    page = text_of(logistics.post(url("create"), form, follow=True))
    for said in ("Der Betreff fehlt.", "Der Text fehlt.", "an niemanden"):
        assert said in page
    assert "Freigeben" not in page
    mailing = InvoiceMailing.objects.get()
    assert logistics.get(url("create"), {"art": "unsinn"}).status_code == 404
    logistics.post(url("delete", mailing.pk))
    assert not InvoiceMailing.objects.exists()


def test_of_two_who_edit_the_second_is_told(stage, client_of, url, by):
    mailing = make_mailing(stage.cycle, make_sendable(stage.cycle), by=by)
    logistics = client_of("logistics")
    page = logistics.get(url("edit", mailing.pk))
    form = {"subject": "Zweiter", "body": "x", "_version": hidden(page, "_version")}
    stored = InvoiceMailing.objects.get()
    stored.subject = "Erster"
    stored.save()
    page = text_of(logistics.post(url("edit", mailing.pk), form))
    assert "Erster" in page
    assert "Zweiter" in page
    assert InvoiceMailing.objects.get().subject == "Erster"


@pytest.mark.parametrize("name", ["mailing", "preview", "release", "edit", "released", "mailings"])
def test_as_many_queries_for_several_rows_as_for_one(stage, client_of, url, by, name):
    browser = client_of("logistics")

    def queries(number):
        invoices = [make_sendable(stage.cycle) for _ in range(number)]
        mailing = make_mailing(stage.cycle, *invoices, by=by)
        if name == "released":
            release(mailing, by)
        address = {
            "mailings": url("mailings"),
            "released": mailing.get_absolute_url(),
        }.get(name) or url(name, mailing.pk)
        browser.get(address)
        with CaptureQueriesContext(connection) as found:
            assert browser.get(address).status_code == 200
        return len(found)

    one = queries(1)
    assert queries(4) == one
    assert one <= 40
    assert Invoice.objects.count() == 5

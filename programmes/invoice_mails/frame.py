"""What this room adds to the start page and to the pages of earlier rooms."""

from typing import Any

import rules
from django.db.models import Count, Max, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from mentoring.ui.lists import Column
from mentoring.ui.navigation import StartItem
from mentoring.ui.views import Action
from programmes.billing.models import Invoice, InvoiceState
from programmes.billing.registries import ExtraColumns
from programmes.cycles.frame import open_cycles
from programmes.cycles.models import Cycle
from programmes.cycles.permissions import roles_of
from programmes.invoice_mails.domain.candidates import SENDABLE
from programmes.invoice_mails.models import InvoiceLetter, InvoiceMailing, MailingKind
from programmes.invoice_mails.pages import outcome
from programmes.organisations.sections import Section


def mailings_button(user: Any, cycle: Cycle) -> Action | None:
    """The way to the mailings, from the invoices and from the Rundmails."""
    if not rules.test_rule("invoice_mails.list", user, cycle):
        return None
    return Action("Rechnungsversand", reverse("invoice_mails:mailings", args=[cycle.pk]))


def reminder_button(user: Any, cycle: Cycle) -> Action | None:
    """Remind of what is overdue."""
    if not rules.test_rule("invoice_mails.send", user, cycle):
        return None
    url = reverse("invoice_mails:create", args=[cycle.pk])
    return Action("Zahlungserinnerung schreiben", f"{url}?art={MailingKind.REMINDER}", icon="mail")


def send_button(user: Any, invoice: Invoice) -> Action | None:
    """From an issued invoice that was not sent yet."""
    may = rules.test_rule("invoice_mails.send", user, invoice.cycle)
    if not may or invoice.state != InvoiceState.ISSUED or invoice.pdf_id is None:
        return None
    letters = InvoiceLetter.objects.lasting().filter(
        invoice=invoice, mailing__kind=MailingKind.INVOICES
    )
    if letters.exists():
        return None
    return Action("Per E-Mail versenden", reverse("invoice_mails:create", args=[invoice.cycle_id]))


def invoice_section(request: HttpRequest, invoice: Invoice) -> Section | None:
    """When the invoice was sent and reminded of; for who sees the mailings."""
    if not rules.test_rule("invoice_mails.list", request.user, invoice.cycle):
        return None
    letters = list(
        InvoiceLetter.objects.visible_to(request.user)
        .counted()
        .filter(invoice=invoice)
        .select_related("mailing", "delivery")
        .order_by("mailing__released_at", "pk")
    )
    if not letters:
        return None
    rows = [(letter, outcome(letter)) for letter in letters]
    return Section("invoice_mails/invoice_section.html", {"rows": rows})


def _with_last_reminder(invoices: QuerySet) -> QuerySet:
    reminders = (
        InvoiceLetter.objects.lasting()
        .filter(invoice=OuterRef("pk"), mailing__kind=MailingKind.REMINDER)
        .order_by()
        .values("invoice")
        .annotate(last=Max("mailing__released_at"))
    )
    return invoices.annotate(last_reminder=Subquery(reminders.values("last")))


LAST_REMINDER = ExtraColumns(
    _with_last_reminder,
    [
        Column(
            "last_reminder",
            "zuletzt erinnert",
            lambda row: timezone.localdate(row.last_reminder) if row.last_reminder else None,
            sort="last_reminder",
        )
    ],
)


def start_entries(request: HttpRequest) -> list[StartItem]:
    """For the Logistikpartner: invoices nobody has sent, letters that did not arrive."""
    logistics = roles_of(request.user).logistics
    cycles = [cycle for cycle in open_cycles(request) if cycle.pk in logistics]
    if not cycles:
        return []
    return [*_unsent(cycles), *_in_trouble(request, cycles)]


def _unsent(cycles: list[Cycle]) -> list[StartItem]:
    sent = InvoiceLetter.objects.lasting().filter(mailing__kind=MailingKind.INVOICES)
    counted = dict(
        Invoice.objects.filter(cycle__in=cycles, state__in=SENDABLE, pdf__isnull=False)
        .exclude(state=InvoiceState.PAID)
        .exclude(pk__in=sent.values("invoice"))
        .order_by()
        .values_list("cycle")
        .annotate(number=Count("pk"))
    )
    return [
        StartItem(
            "Rechnungen versenden",
            f"{cycle}: ausgestellt, aber noch nicht per E-Mail versandt oder nicht angekommen.",
            reverse("invoice_mails:create", args=[cycle.pk]),
            "hinweis",
            count=counted[cycle.pk],
        )
        for cycle in cycles
        if counted.get(cycle.pk)
    ]


def _in_trouble(request: HttpRequest, cycles: list[Cycle]) -> list[StartItem]:
    letters = InvoiceLetter.objects.in_trouble()
    trouble = (
        InvoiceMailing.objects.visible_to(request.user)
        .filter(cycle__in=cycles, letters__in=letters.values("pk"))
        .annotate(number=Count("letters"))
        .order_by("pk")
    )
    return [
        StartItem(
            "E-Mail mit Rechnung nicht angekommen",
            mailing.subject,
            mailing.get_absolute_url(),
            "entscheidung",
            count=mailing.number,
        )
        for mailing in trouble
    ]

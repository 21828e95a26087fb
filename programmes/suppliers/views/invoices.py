"""The page of a supplier's invoice, and each step on its way to being paid."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from mentoring.ui.tags import money
from mentoring.ui.views import Action, DetailPage, ObjectActionPage
from programmes.people.models import Person
from programmes.suppliers.domain import invoices
from programmes.suppliers.forms import PayForm, StepForm, StepReasonForm
from programmes.suppliers.models import CommissionState, SupplierInvoice, SupplierInvoiceState
from programmes.suppliers.pages import OnInvoice
from programmes.suppliers.views.entering import incoming_of
from programmes.suppliers.views.said import changed_since, details_of, grouped, remembered

State = SupplierInvoiceState
XML = "application/xml"


class InvoicePage(OnInvoice, DetailPage):
    """One invoice with all that happened to it."""

    rule = "suppliers.list"
    template_name = "suppliers/invoice.html"

    def breadcrumbs(self) -> Any:
        """Down to the list."""
        return super().breadcrumbs()[:-1]

    def details(self) -> list[tuple[str, Any]]:
        """What it says."""
        return details_of(self.invoice)

    def actions(self) -> list[Action]:
        """The next step, for who may take it, and the way back."""
        row = self.invoice
        pays = row.state == State.APPROVED and self.allowed("suppliers.pay", self.cycle)
        pay = [Action("Als bezahlt eintragen", self.page("pay", row.pk), "primary")] * pays
        if not self.cycle.is_open:
            return pay
        found = []
        if row.state == State.RECEIVED and self.allowed("suppliers.check", self.cycle):
            found.append(Action("Prüfen", self.page("check", row.pk), "primary", "checklist"))
        if row.state == State.CHECKED and self.approves:
            found.append(Action("Freigeben", self.page("approve", row.pk), "primary"))
        found += pay
        if row.state == State.RECEIVED and self.allowed("suppliers.enter", self.cycle):
            found.append(Action("Bearbeiten", self.page("change", row.pk), icon="edit"))
        if may_reject(self, row):
            found.append(Action("Zurückweisen", self.page("reject", row.pk)))
        if may_step_back(self, row):
            found.append(Action("Schritt zurücknehmen", self.page("back", row.pk), "tertiary"))
        return found

    @property
    def approves(self) -> bool:
        """Whether the user may approve this one: a lead who did not write it."""
        leads = self.allowed("suppliers.approve", self.cycle)
        return leads and self.user.pk not in invoices.written_by(self.invoice)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What happened, what to think of, the file."""
        row = self.invoice
        own = row.state == State.CHECKED and not self.approves
        return super().get_context_data(
            steps=steps_of(row),
            warnings=warnings_about(row),
            own=own and self.allowed("suppliers.approve", self.cycle),
            waits_for=WAITS_FOR.get(State(row.state), ""),
            readable=row.file is not None and incoming_of(row.file)[0] is not None,
            **kwargs,
        )


WAITS_FOR = {
    State.RECEIVED: "Beirat oder Logistikpartner prüfen, ob sie sachlich und rechnerisch stimmt.",
    State.CHECKED: "Die Leitung des Beirats gibt sie zur Zahlung frei.",
    State.APPROVED: "Der Logistikpartner bezahlt sie.",
}


class InvoiceReadable(OnInvoice, DetailPage):
    """What an e-invoice says, for people: the XML itself is for machines."""

    rule = "suppliers.list"
    template_name = "suppliers/readable.html"

    def get_title(self) -> str:
        """Of which invoice."""
        return "Inhalt der E-Rechnung"

    def details(self) -> list[tuple[str, Any]]:
        """The figures as they stand in the file, not as they were entered."""
        found, _ = self.incoming
        if found is None:
            return []
        return [
            ("Rechnungssteller", found.supplier),
            ("Rechnungsnummer", found.number),
            ("Rechnungsdatum", found.invoiced_on),
            ("Fällig am", found.due_on),
            ("Netto", money(found.net)),
            ("Umsatzsteuer", money(found.tax)),
            ("Betrag, brutto", money(found.amount)),
            ("IBAN", grouped(found.iban)),
            ("BIC", found.bic),
        ]

    @property
    def incoming(self) -> Any:
        """What the file says, and why not."""
        if not hasattr(self, "_incoming"):
            file = self.invoice.file
            self._incoming = (
                incoming_of(file) if file is not None else (None, "Es gibt keine Datei.")
            )
        return self._incoming

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The lines beside the figures, and where they differ from what was entered."""
        found, problem = self.incoming
        return super().get_context_data(
            incoming=found,
            problem=problem,
            differs=differences(found, self.invoice) if found else [],
            **kwargs,
        )


class _Step(OnInvoice, ObjectActionPage):
    """A step: the page shows what is decided on, and remembers which version that was."""

    form_class: Any = StepForm
    template_name = "suppliers/step.html"

    def check_rule(self) -> None:
        """The rule, and what hangs on the state of the invoice."""
        super().check_rule()
        if not self.may():
            raise PermissionDenied

    def may(self) -> bool:
        """Whether the user may take this step with the invoice as it stands."""
        return True

    def get_initial(self) -> dict[str, Any]:
        """The version shown, and what it says."""
        return {**super().get_initial(), **self._as_shown()}

    def _as_shown(self) -> dict[str, Any]:
        return {"seen": self.invoice.version, "shown": remembered(self.invoice)}

    def form_invalid(self, form: Any) -> Any:
        """Shown anew with what the invoice says now: from here on that is what was seen."""
        del self._object
        shown = form.data.get("shown", "")
        form.data = form.data.copy()
        for name, value in self._as_shown().items():
            form.data[name] = value
        return self.render_to_response(
            self.get_context_data(form=form, changes=changed_since(shown, self.invoice))
        )

    @property
    def seen(self) -> int:
        """The version the decision was made on."""
        return int(self.form.cleaned_data["seen"])

    def get_question(self) -> str:
        """For all steps: which invoice, how much."""
        row = self.invoice
        return f"{self.title}: Nr. {row.number} von {row.supplier} über {money(row.amount)}?"

    def consequences(self) -> list[str]:
        """What to think of."""
        return warnings_about(self.invoice)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What it says and the file, to look at before."""
        return super().get_context_data(
            file=self.invoice.file, details=details_of(self.invoice), **kwargs
        )


class InvoiceCheck(_Step):
    """It is right."""

    rule = "suppliers.check"
    title = "Rechnung prüfen"
    button_label = "Stimmt sachlich und rechnerisch"
    success_message = "Die Rechnung ist geprüft. Jetzt gibt die Leitung des Beirats sie frei."

    def perform(self) -> SupplierInvoice:
        """By way of the domain."""
        return invoices.check(self.invoice, seen=self.seen, by=self.user)


class InvoiceApprove(_Step):
    """It may be paid."""

    rule = "suppliers.approve"
    title = "Rechnung freigeben"
    button_label = "Zur Zahlung freigeben"
    success_message = "Die Rechnung ist freigegeben. Der Logistikpartner bezahlt sie."

    def perform(self) -> SupplierInvoice:
        """By way of the domain."""
        return invoices.approve(self.invoice, seen=self.seen, by=self.user)


class InvoicePay(_Step):
    """It was paid."""

    rule = "suppliers.pay"
    title = "Rechnung als bezahlt eintragen"
    button_label = "Als bezahlt eintragen"
    form_class = PayForm
    success_message = "Die Rechnung ist als bezahlt eingetragen."

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the invoice, which was there before it was paid."""
        return {**super().get_form_kwargs(), "invoice": self.invoice}

    def consequences(self) -> list[str]:
        """The money itself is sent elsewhere."""
        iban = grouped(self.invoice.iban)
        to = f" auf {iban}" if iban else ""
        return [
            f"Die Überweisung{to} veranlassen Sie bei Ihrer Bank: hier halten Sie nur fest, dass "
            "bezahlt ist.",
            *super().consequences(),
        ]

    def perform(self) -> SupplierInvoice:
        """By way of the domain."""
        day: date = self.form.cleaned_data["paid_on"]
        return invoices.pay(self.invoice, paid_on=day, seen=self.seen, by=self.user)


class InvoiceReject(_Step):
    """It goes back."""

    rule = "suppliers.check"
    title = "Rechnung zurückweisen"
    button_label = "Zurückweisen"
    danger = True
    reason_field = "required"
    form_class = StepReasonForm
    success_message = "Die Rechnung ist zurückgewiesen."

    def may(self) -> bool:
        """Once it is released, only a lead or who pays."""
        return self.invoice.state not in State.unpaid() or may_reject(self, self.invoice)

    def consequences(self) -> list[str]:
        """Nobody is told by the application."""
        return [
            "Sie zählt im Budget nicht mehr. Kommt sie berichtigt wieder, erfassen Sie sie neu, "
            "auch unter derselben Nummer.",
            "Den Rechnungssteller benachrichtigen Sie selbst.",
        ]

    def perform(self) -> SupplierInvoice:
        """By way of the domain."""
        return invoices.reject(self.invoice, reason=self.reason, seen=self.seen, by=self.user)


class InvoiceBack(_Step):
    """Take the last step back."""

    title = "Letzten Schritt zurücknehmen"
    rule = "suppliers.check"
    button_label = "Zurücknehmen"
    danger = True
    reason_field = "required"
    form_class = StepReasonForm
    success_message = "Der letzte Schritt ist zurückgenommen."

    def may(self) -> bool:
        """Whoever may take a step may take it back."""
        return self.invoice.state not in BACK_RULES or may_step_back(self, self.invoice)

    def consequences(self) -> list[str]:
        """Where that leads."""
        before = invoices.BEFORE.get(State(self.invoice.state))
        return [f"Die Rechnung ist danach wieder {before.label}."] if before else []

    def perform(self) -> SupplierInvoice:
        """By way of the domain."""
        return invoices.step_back(self.invoice, reason=self.reason, seen=self.seen, by=self.user)


BACK_RULES = {
    State.CHECKED: "suppliers.check",
    State.APPROVED: "suppliers.approve",
    State.PAID: "suppliers.pay",
    State.REJECTED: "suppliers.check",
}


def may_reject(page: Any, invoice: SupplierInvoice) -> bool:
    """Before it is released whoever checks; then a lead or who pays."""
    if invoice.state in (State.RECEIVED, State.CHECKED):
        return bool(page.allowed("suppliers.check", page.cycle))
    if invoice.state == State.APPROVED:
        rules = ("suppliers.approve", "suppliers.pay")
        return any(page.allowed(rule, page.cycle) for rule in rules)
    return False


def may_step_back(page: Any, invoice: SupplierInvoice) -> bool:
    """Whoever may take a step may take it back."""
    rule = BACK_RULES.get(State(invoice.state))
    return rule is not None and bool(page.allowed(rule, page.cycle))


def warnings_about(invoice: SupplierInvoice) -> list[str]:
    """What to think of before it is released or paid, one German sentence each."""
    lines = []
    commission = invoice.commission
    if commission is not None and invoice.state in State.unpaid():
        if commission.state != CommissionState.AGREED:
            lines.append(f"Der Auftrag „{commission}“ ist {commission.get_state_display()}.")
        others = commission.invoices.exclude(state=State.REJECTED).exclude(pk=invoice.pk)
        billed = sum((row.amount for row in others), invoice.amount)
        if billed > commission.total:
            more = "Mit den anderen Rechnungen dazu liegt sie" if others else "Sie liegt"
            lines.append(
                f"{more} {money(billed - commission.total)} über dem Auftrag "
                f"({money(commission.total)})."
            )
    if invoice.state in State.unpaid():
        if invoice.due_on is not None and invoice.due_on < timezone.localdate():
            lines.append(f"Sie war am {invoice.due_on:%d.%m.%Y} fällig.")
        if not invoice.iban:
            lines.append("Es ist keine IBAN eingetragen.")
    return lines


CHANGED = "Angaben zur Zahlung zuletzt geändert"


def steps_of(invoice: SupplierInvoice) -> list[tuple[str, str]]:
    """What happened to it: what, and by whom or when. One query for all the names."""
    users = {
        "erfasst": invoice.created_by_id,
        CHANGED: invoice.changed_by_id,
        "geprüft": invoice.checked_by_id,
        "freigegeben": invoice.approved_by_id,
    }
    people = Person.objects.filter(user__in=[pk for pk in users.values() if pk is not None])
    names = {person.user_id: person.full_name for person in people}
    entered = f"{timezone.localtime(invoice.created_at):%d.%m.%Y}"
    steps = []
    for what, pk in users.items():
        reached = {
            "erfasst": True,
            CHANGED: pk is not None,
            "geprüft": invoice.state in (State.CHECKED, State.APPROVED, State.PAID),
            "freigegeben": invoice.state in (State.APPROVED, State.PAID),
        }[what]
        if not reached:
            continue
        name = names.get(pk, "jemandem ohne Zugang")
        steps.append((what, f"von {name}, am {entered}" if what == "erfasst" else f"von {name}"))
    if invoice.paid_on is not None:
        steps.append(("bezahlt", f"am {invoice.paid_on:%d.%m.%Y}"))
    return steps


def differences(found: Any, invoice: SupplierInvoice) -> list[tuple[str, str, str]]:
    """Where what was entered is not what the file says: label, there, here."""
    rows = [
        ("Rechnungsnummer", found.number[:60], invoice.number),
        ("Betrag", money(found.amount), money(invoice.amount)),
        ("IBAN", grouped(found.iban), grouped(invoice.iban)),
        ("Rechnungsdatum", f"{found.invoiced_on:%d.%m.%Y}", f"{invoice.invoiced_on:%d.%m.%Y}"),
    ]
    return [(label, there, here) for label, there, here in rows if there and there != here]

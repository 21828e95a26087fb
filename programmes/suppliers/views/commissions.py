"""Pages of commissions."""

from typing import Any

from mentoring.ui.tags import money
from mentoring.ui.views import Action, CreatePage, DetailPage, ObjectActionPage, UpdatePage
from programmes.events.models import Event
from programmes.suppliers.domain import commissions
from programmes.suppliers.forms import CancelCommissionForm, CommissionForm, NewCommissionForm
from programmes.suppliers.models import (
    Category,
    Commission,
    CommissionState,
    Speaker,
    SupplierInvoice,
    SupplierInvoiceState,
)
from programmes.suppliers.pages import (
    OfCommissions,
    OnCommission,
    commission_badge,
    invoice_badge,
    one_of,
)


class CommissionPage(OnCommission, DetailPage):
    """One commission with its invoices."""

    rule = "suppliers.list"
    template_name = "suppliers/commission.html"

    def breadcrumbs(self) -> Any:
        """Down to the list."""
        return super().breadcrumbs()[:-1]

    def details(self) -> list[tuple[str, Any]]:
        """Who does what for how much."""
        row = self.commission
        return [
            ("Stand", commission_badge(row)),
            ("Art", row.get_category_display()),
            ("Beauftragt", row.supplier_name),
            ("Veranstaltung", row.event),
            ("Honorar oder Preis", money(row.fee)),
            ("Reisekosten, höchstens", money(row.travel_costs)),
            ("Zusammen", money(row.total)),
            ("Bemerkung", row.note),
        ]

    def actions(self) -> list[Action]:
        """What comes next, for who plans."""
        row = self.commission
        if not self.cycle.is_open or not self.allowed("suppliers.commission", self.cycle):
            return []
        found = []
        if row.state != CommissionState.AGREED:
            found.append(
                Action("Zusage eintragen", self.page("commission_agree", row.pk), "primary")
            )
        else:
            enter = f"{self.page('enter')}?auftrag={row.pk}"
            found.append(Action("Rechnung erfassen", enter, "primary", "add"))
        found.append(Action("Bearbeiten", self.page("commission_change", row.pk), icon="edit"))
        if row.state != CommissionState.CANCELLED:
            found.append(Action("Absagen", self.page("commission_cancel", row.pk)))
        if not self.invoices:
            found.append(
                Action("Löschen", self.page("commission_delete", row.pk), "tertiary", "delete")
            )
        return found

    @property
    def invoices(self) -> list[SupplierInvoice]:
        """Those that were written for it."""
        if not hasattr(self, "_invoices"):
            rows = SupplierInvoice.objects.visible_to(self.request.user)
            self._invoices = list(rows.filter(commission=self.commission).order_by("pk"))
        return self._invoices

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Its invoices, and whether they are more than was agreed."""
        counted = [row for row in self.invoices if row.state != SupplierInvoiceState.REJECTED]
        billed = sum(row.amount for row in counted)
        over = billed - self.commission.total
        agreed = self.commission.state == CommissionState.AGREED
        return super().get_context_data(
            invoices=[(row, invoice_badge(row)) for row in self.invoices],
            over=over if agreed and over > 0 else None,
            **kwargs,
        )


class CommissionCreate(OfCommissions, CreatePage):
    """Order something."""

    model = Commission
    form_class = NewCommissionForm
    rule = "suppliers.commission"
    title = "Auftrag anlegen"
    success_message = "Der Auftrag ist angelegt."

    def get_initial(self) -> dict[str, Any]:
        """From the page of an event or of somebody who speaks."""
        initial = super().get_initial()
        given = self.request.GET
        event, speaker = given.get("veranstaltung", ""), given.get("referent", "")
        if event:
            rows = Event.objects.visible_to(self.request.user).filter(cycle=self.cycle)
            initial["event"] = one_of(rows, event)
        if speaker:
            people = Speaker.objects.visible_to(self.request.user)
            found = one_of(people.filter(programme=self.cycle.programme_id), speaker)
            initial["speaker"] = found
            initial["category"] = Category.SPEAKER if found else ""
        return initial

    def get_form_kwargs(self) -> dict[str, Any]:
        """Of this cycle."""
        return {
            **super().get_form_kwargs(),
            "instance": Commission(cycle=self.cycle),
            "cycle": self.cycle,
            "user": self.user,
        }

    def save(self, form: Any) -> Commission:
        """By way of the domain."""
        return commissions.create(form.instance, agreed=form.cleaned_data["agreed"], by=self.user)


class CommissionChange(OnCommission, UpdatePage):
    """Change what was agreed."""

    form_class = CommissionForm
    rule = "suppliers.commission"
    title = "Auftrag bearbeiten"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Of this cycle."""
        return {**super().get_form_kwargs(), "cycle": self.cycle, "user": self.user}

    def save(self, form: Any) -> Commission:
        """By way of the domain."""
        return commissions.save(form.instance, by=self.user)


class CommissionAgree(OnCommission, ObjectActionPage):
    """They said yes."""

    rule = "suppliers.commission"
    title = "Zusage eintragen"
    button_label = "Zugesagt"
    success_message = "Der Auftrag ist zugesagt."

    def get_question(self) -> str:
        """Who said yes to what."""
        row = self.commission
        return f"Hat {row.supplier_name} „{row.topic}“ zugesagt?"

    def consequences(self) -> list[str]:
        """What it means for the budget."""
        return [f"Im Budget gelten {money(self.commission.total)} als beauftragt."]

    def perform(self) -> None:
        """By way of the domain."""
        commissions.agree(self.commission, by=self.user)


class CommissionCancel(OnCommission, ObjectActionPage):
    """It will not be."""

    rule = "suppliers.commission"
    title = "Auftrag absagen"
    button_label = "Absagen"
    danger = True
    reason_field = "optional"
    form_class = CancelCommissionForm
    success_message = "Der Auftrag ist abgesagt."

    def get_question(self) -> str:
        """Which one."""
        return f"Soll der Auftrag „{self.commission}“ als abgesagt gelten?"

    def consequences(self) -> list[str]:
        """Nobody is told by the application."""
        return [
            "Im Budget zählt er nicht mehr als beauftragt.",
            "Die Absage selbst teilen Sie mit: die Anwendung verschickt keine Nachricht.",
        ]

    def perform(self) -> None:
        """By way of the domain."""
        commissions.cancel(self.commission, reason=self.reason, by=self.user)


class CommissionDelete(OnCommission, ObjectActionPage):
    """Delete what was entered by mistake."""

    rule = "suppliers.commission"
    title = "Auftrag löschen"
    button_label = "Endgültig löschen"
    danger = True
    success_message = "Der Auftrag ist gelöscht."

    def get_question(self) -> str:
        """Which one."""
        return f"Soll der Auftrag „{self.commission}“ gelöscht werden?"

    def consequences(self) -> list[str]:
        """Calling off keeps it."""
        return [
            "Wurde er nur abgesagt, sagen Sie ihn besser ab: dann bleibt er nachzulesen.",
            "Das lässt sich nicht rückgängig machen.",
        ]

    def perform(self) -> None:
        """By way of the domain."""
        commissions.delete(self.commission, by=self.user)

    def get_success_url(self) -> str:
        """To the list."""
        return self.page("commissions")

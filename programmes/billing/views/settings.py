"""Pages of how is billed, of what a Kommune wants on its invoices, of what a cycle costs."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from mentoring.ui.navigation import Crumb
from mentoring.ui.tags import money
from mentoring.ui.versions import FIELD as VERSION_FIELD
from mentoring.ui.views import UpdatePage
from programmes.billing import settings
from programmes.billing.models import Buyer, CycleFee, Issuer, OrderNumber, Way
from programmes.billing.pages import InCycle
from programmes.billing.setting_forms import (
    BuyerForm,
    CycleFeeForm,
    IssuerForm,
    OrderNumberForm,
)
from programmes.cycles.models import Participation
from programmes.cycles.views.base import acting_user
from programmes.organisations.models import LogisticsPartner, Municipality
from programmes.organisations.permissions import edits_municipality, edits_partner
from programmes.organisations.views import MUNICIPALITIES, PARTNERS, crumb


class Beside(UpdatePage):
    """A form about a record that stands beside the page's object, and may not be stored yet."""

    def new(self) -> Any:
        """The record as it begins."""
        raise NotImplementedError

    def current(self) -> Any:
        """The record as stored, otherwise as it begins."""
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        """The record beside, instead of the object of the page.

        A form that was filled from no stored record still makes a new one, even if somebody
        else was faster: saving it then shows both versions.
        """
        posted = self.request.method == "POST"
        first = posted and not self.request.POST.get(VERSION_FIELD)
        return {**super().get_form_kwargs(), "instance": self.new() if first else self.current()}


class IssuerSettings(Beside):
    """How a Logistikpartner bills."""

    model: ClassVar[type[models.Model]] = LogisticsPartner
    form_class = IssuerForm
    rule = "billing.settings"
    title = "Rechnungsstellung"
    template_name = "billing/settings.html"

    def new(self) -> Issuer:
        """As every Logistikpartner begins."""
        return Issuer(partner=self.object)

    def current(self) -> Issuer:
        """As stored, if it is."""
        return settings.issuer_for(self.object)

    def breadcrumbs(self) -> list[Crumb]:
        """Below the Logistikpartner."""
        return [PARTNERS, crumb(self.object)]

    def save(self, form: Any) -> Issuer:
        """By way of the domain."""
        return settings.save_issuer(form.instance, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """Back here: what is missing still stands above the form."""
        return reverse("billing:settings", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the Logistikpartner must still say of itself."""
        # Read anew: the form writes what was typed into its own instance.
        stored = settings.issuer_for(self.object)
        changes = edits_partner(self.request.user, self.object)
        return super().get_context_data(
            gaps=settings.missing_at(stored) if stored.way == Way.HERE else [],
            mended_at=reverse("partner_change" if changes else "partner", args=[self.object.pk]),
            **kwargs,
        )


class BuyerPage(Beside):
    """What a Kommune wants on its invoices, and in which form they come."""

    model: ClassVar[type[models.Model]] = Municipality
    form_class = BuyerForm
    rule = "billing.buyer"
    template_name = "billing/buyer.html"

    def new(self) -> Buyer:
        """Empty."""
        return Buyer(municipality=self.object)

    def current(self) -> Buyer:
        """As stored, if it is."""
        return settings.buyer_for(self.object)

    def get_title(self) -> str:
        """Whose."""
        return f"Rechnungsangaben {self.object}"

    def breadcrumbs(self) -> list[Crumb]:
        """Below the Kommune."""
        return [MUNICIPALITIES, crumb(self.object)]

    def save(self, form: Any) -> Any:
        """By way of the domain."""
        return settings.save_buyer(form.instance, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """Back here, where the form of the invoices is said anew."""
        return reverse("billing:buyer", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """In which form invoices come as things stand."""
        house = self.object
        possible, sentence = settings.form_of_invoices(house, settings.buyer_for(house))
        changes = edits_municipality(self.request.user, house)
        page = "municipality_change" if changes else "municipality"
        return super().get_context_data(
            possible=possible,
            sentence=sentence,
            mended_at=reverse(page, args=[house.pk]),
            changes=changes,
            **kwargs,
        )


class OrderNumberPage(InCycle, Beside):
    """A Kommune's order number for one Durchgang."""

    model: ClassVar[type[models.Model]] = Participation
    pk_url_kwarg = "participation_pk"
    form_class = OrderNumberForm
    rule = "billing.order_number"

    def get_queryset(self) -> Any:
        """The Kommunen of the cycle in the address."""
        return (
            Participation.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related("municipality", "cycle")
        )

    def get_rule_object(self) -> Any:
        """The Kommune in the cycle."""
        return self.get_object()

    def new(self) -> OrderNumber:
        """Empty."""
        return OrderNumber(participation=self.object)

    def current(self) -> OrderNumber:
        """As stored, if it is."""
        return settings.order_number_for(self.object)

    def get_title(self) -> str:
        """Whose."""
        return f"Bestellnummer {self.object.municipality}"

    def save(self, form: Any) -> Any:
        """By way of the domain."""
        return settings.save_order_number(form.instance, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """To the invoices."""
        return self.page("invoices")


class FeePage(InCycle, Beside):
    """What the Durchgang costs a Kommune."""

    form_class = CycleFeeForm
    rule = "billing.fee"
    title = "Gebühr des Durchgangs"
    template_name = "billing/fee.html"

    def get_object(self) -> Any:
        """The cycle: what it costs hangs on it."""
        return self.cycle

    def get_rule_object(self) -> Any:
        """The cycle."""
        return self.cycle

    def new(self) -> CycleFee:
        """Empty."""
        return CycleFee(cycle=self.cycle)

    def current(self) -> CycleFee:
        """As stored, if it is."""
        return settings.fee_for(self.cycle)

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the programme's fee, which holds where none is set."""
        fee = money(self.cycle.programme.fee_per_mentee)
        return {**super().get_form_kwargs(), "programme_fee": fee}

    def save(self, form: Any) -> Any:
        """By way of the domain."""
        return settings.save_fee(form.instance, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """To the invoices."""
        return self.page("invoices")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What holds today."""
        return super().get_context_data(terms=settings.terms_of(self.cycle), **kwargs)

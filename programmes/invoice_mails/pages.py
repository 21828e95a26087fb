"""What the pages of this room have in common."""

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.ui.lists import Badge
from mentoring.ui.navigation import Crumb
from programmes.cycles.models import Cycle
from programmes.cycles.views.base import OfCycle, found_or_404
from programmes.invoice_mails.models import InvoiceLetter, InvoiceMailing, MailingState
from programmes.outbox.models import DeliveryState

_KINDS: dict[str, str] = {
    DeliveryState.SENT: "success",
    DeliveryState.FAILED: "danger",
    DeliveryState.UNCLEAR: "warning",
}


def outcome(letter: InvoiceLetter) -> Badge:
    """What became of a letter of a released mailing."""
    if letter.left_out:
        return Badge("info", "nicht versandt")
    if letter.delivery is not None:
        if letter.delivery.bounced_at is not None:
            return Badge("danger", "zurückgekommen")
        state = letter.delivery.state
        return Badge(_KINDS.get(state, "info"), letter.delivery.get_state_display())
    return Badge("success", "versandt") if letter.sent_out else Badge("info", "wartet")


def reason(letter: InvoiceLetter) -> str:
    """Why it was not sent or did not arrive, if it is known."""
    if letter.left_out:
        return letter.left_out
    if letter.delivery is None:
        return ""
    return letter.delivery.bounce or letter.delivery.error


def state_badge(mailing: InvoiceMailing) -> Badge:
    """Draft or released."""
    draft = mailing.state == MailingState.DRAFT
    return Badge("warning" if draft else "success", mailing.get_state_display())


class InCycle(OfCycle):
    """A page of this room below ``/durchgaenge/<cycle_pk>/rechnungen/versand/``."""

    request: Any  # its user is signed in by the time a page asks

    def page(self, name: str, *args: Any) -> str:
        """The address of a page of this room in the same cycle."""
        return reverse(f"invoice_mails:{name}", args=[self.cycle.pk, *args])

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle, its invoices and their mailings."""
        invoices = reverse("billing:invoices", args=[self.cycle.pk])
        return [
            *super().breadcrumbs(),
            Crumb("Rechnungen", invoices),
            Crumb("Versand", self.page("mailings")),
        ]


class OnMailing(InCycle):
    """A page about one mailing of the cycle that the user may see."""

    @cached_property
    def mailing(self) -> InvoiceMailing:
        """The mailing of the address."""
        mailings = (
            InvoiceMailing.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related("cycle__programme", "created_by__person", "released_by__person")
        )
        found: InvoiceMailing = found_or_404(mailings, self.kwargs["pk"])
        return found

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed."""
        return self.mailing.state == MailingState.DRAFT

    def get_rule_object(self) -> Cycle:
        """The cycle; the mailing must be one the user may see."""
        return self.mailing.cycle

    @property
    def page_of_mailing(self) -> str:
        """The address of the mailing's own page."""
        return self.page("mailing", self.mailing.pk)

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the mailing."""
        return [
            *super().breadcrumbs(),
            Crumb(str(self.mailing), self.page_of_mailing),
        ]

    def get_success_url(self) -> str:
        """Back to the mailing."""
        return self.page_of_mailing

    def get_cancel_url(self) -> str:
        """Back to the mailing."""
        return self.page_of_mailing

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The mailing, for every template."""
        kwargs.setdefault("mailing", self.mailing)
        return super().get_context_data(**kwargs)

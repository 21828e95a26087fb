"""The pages of mentee and mentor: all of theirs, and one tandem."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.ui.navigation import Crumb
from mentoring.ui.pdf import house_pdf
from mentoring.ui.views import SIGNED_IN, Action, PageView
from programmes.cycles.frame import participations
from programmes.cycles.views.base import acting_user, found_or_404
from programmes.people.permissions import posts_of
from tandems.pairs.models import Tandem
from tandems.pairs.readings import note_readings
from tandems.portal.contents import (
    USUAL,
    Half,
    dates_of,
    documents_of,
    partner_of,
    parts_of,
    read,
    tandems_of,
)

FILE_NAME = "mentoringvereinbarung.pdf"


class OwnPage(PageView):
    """ "Mein Tandem": dates, tandems, documents, whom to ask."""

    rule = SIGNED_IN
    title = "Mein Tandem"
    template_name = "portal/own.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """All of it, in a number of queries that does not grow with meetings or dates."""
        user = acting_user(self.request)
        entries, parts = participations(user), parts_of(user)
        note_readings((one.tandem for part in parts for one in part.tandems), by=user)
        return super().get_context_data(
            parts=parts,
            dates=dates_of(user, entries),
            documents=documents_of(user, entries),
            **kwargs,
        )


class OfTandem:
    """A page about one's own tandem (``pk``); the rule is asked about the tandem."""

    request: Any  # its user is signed in by the time a page asks: ``PageView`` saw to it
    kwargs: dict[str, Any]

    @cached_property
    def tandem(self) -> Tandem:
        """The tandem of the address, if it is the user's own and known to them."""
        found: Tandem = found_or_404(tandems_of(self.request.user), self.kwargs["pk"])
        return found

    @property
    def partner(self) -> Half:
        """The other one."""
        return partner_of(self.tandem, posts_of(self.request.user).person)

    def get_rule_object(self) -> Any:
        """The tandem."""
        return self.tandem

    def page(self, name: str, *args: int) -> str:
        """The address of another page about this tandem."""
        return reverse(f"portal:{name}", args=[self.tandem.pk, *args])

    def breadcrumbs(self) -> list[Crumb]:
        """Below the tandem's page."""
        return [
            Crumb("Mein Tandem", reverse("portal:own")),
            Crumb(f"Tandem mit {self.partner.person}", self.page("tandem")),
        ]

    def get_success_url(self) -> str:
        """Back to the tandem."""
        return self.page("tandem")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The tandem and the other one."""
        return super().get_context_data(  # type: ignore[misc]  # a page follows
            tandem=self.tandem, partner=self.partner, **kwargs
        )


class TandemPage(OfTandem, PageView):
    """One tandem with all its meetings."""

    rule = "portal.view"
    template_name = "portal/tandem.html"

    def get_title(self) -> str:
        """With whom."""
        return f"Tandem mit {self.partner.person}"

    def breadcrumbs(self) -> list[Crumb]:
        """Below the page of all."""
        return super().breadcrumbs()[:-1]

    def actions(self) -> list[Action]:
        """Enter a meeting, while the tandem goes on."""
        if not self.allowed("portal.write", self.tandem):
            return []
        return [Action("Treffen eintragen", self.page("meeting_add"), "primary", "add")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """As on the page of all."""
        note_readings([self.tandem], by=self.request.user)
        return super().get_context_data(one=read([self.tandem], self.request.user)[0], **kwargs)


class AgreementPdf(OfTandem, PageView):
    """The Mentoringvereinbarung, to fill in on the screen or by hand, and to sign."""

    rule = "portal.read"
    title = "Mentoringvereinbarung"
    http_method_names = ("get", "head", "options")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How many meetings are usual."""
        least, most = USUAL
        return super().get_context_data(least=least, most=most, **kwargs)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The PDF; its name names nobody."""
        return HttpResponse(
            house_pdf("portal/agreement_pdf.html", context),
            content_type="application/pdf",
            headers={"Content-Disposition": f'attachment; filename="{FILE_NAME}"'},
        )

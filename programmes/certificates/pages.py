"""What the pages of this room have in common."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.ui.navigation import Crumb
from programmes.certificates.domain import text_of
from programmes.certificates.models import CertificateKind, CertificateText
from programmes.cycles.views.base import OfCycle

SLUGS = {
    "teilnahmebestaetigung": CertificateKind.ATTENDANCE,
    "zertifikat": CertificateKind.CERTIFICATE,
}
_NAMES = {kind: slug for slug, kind in SLUGS.items()}


def slug_of(kind: str) -> str:
    """The kind as addresses write it."""
    return _NAMES[CertificateKind(kind)]


def kind_of(slug: str) -> CertificateKind:
    """The kind an address names; raises ``Http404`` for none."""
    if slug not in SLUGS:
        raise Http404
    return SLUGS[slug]


def pdf_response(data: bytes, name: str, *, attachment: bool = False) -> HttpResponse:
    """``data`` to look at, or to be saved."""
    way = "attachment" if attachment else "inline"
    return HttpResponse(
        data,
        content_type="application/pdf",
        headers={"Content-Disposition": f'{way}; filename="{name}"'},
    )


class InCycle(OfCycle):
    """A page of this room below ``/durchgaenge/<cycle_pk>/``."""

    def page(self, name: str, *args: Any) -> str:
        """The address of a page of this room in the same cycle."""
        return reverse(f"certificates:{name}", args=[self.cycle.pk, *args])

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle and its certificates."""
        return [*super().breadcrumbs(), Crumb("Zertifikate", self.page("people"))]


class OnKind(InCycle):
    """A page about one kind of certificate."""

    @cached_property
    def kind(self) -> CertificateKind:
        """The kind of the address."""
        return kind_of(self.kwargs["kind"])

    @cached_property
    def text(self) -> CertificateText:
        """Its words, or those the cycle begins with."""
        return text_of(self.cycle, self.kind)

    def get_rule_object(self) -> Any:
        """The cycle, for a kind that exists."""
        _ = self.kind
        return super().get_rule_object()


class OnText(OnKind):
    """A page about the words of one kind."""

    def breadcrumbs(self) -> list[Crumb]:
        """Below the page of all texts."""
        return [*super().breadcrumbs(), Crumb("Texte", self.page("texts"))]

    def get_success_url(self) -> str:
        """Back to the texts."""
        return self.page("texts")

"""What the pages of this room have in common."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from mentoring.ui.navigation import Crumb
from mentoring.ui.views import ObjectMixin
from programmes.cycles.models import Cycle
from programmes.cycles.views.base import OfCycle
from programmes.documents.domain import chooses_audience
from programmes.documents.models import Document


class InCycle(OfCycle):
    """A page of this room below ``/durchgaenge/<cycle_pk>/``."""

    def page(self, name: str, *args: int) -> str:
        """The address of a page of this room in the same cycle."""
        return reverse(f"documents:{name}", args=[self.cycle.pk, *args])

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle and its documents."""
        return [*super().breadcrumbs(), Crumb("Unterlagen", self.page("documents"))]

    @property
    def chooses_audience(self) -> bool:
        """Whether the user decides who reads a document."""
        return chooses_audience(self.request.user, self.cycle)


class OnDocument(InCycle, ObjectMixin):
    """A page about one document the user may read, of the cycle in the address."""

    model: ClassVar[type[models.Model]] = Document

    def get_queryset(self) -> Any:
        """The readable documents of the cycle."""
        return (
            Document.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related("cycle__programme")
        )

    @property
    def document(self) -> Document:
        """The document of this page."""
        found: Document = self.get_object()
        return found

    def get_rule_object(self) -> Cycle:
        """The rule is asked about the cycle, for a document of it the user may read."""
        return self.document.cycle

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the document."""
        return [*super().breadcrumbs(), Crumb(self.document.title, self.page_of_document)]

    @property
    def page_of_document(self) -> str:
        """The address of the document's own page."""
        return self.page("document", self.document.pk)

    def get_success_url(self) -> str:
        """Back to the document."""
        return self.page_of_document

"""What the pages of this room have in common."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import reverse

from mentoring.ui.exports import CONTENT_TYPES
from tandems.applications.pages import InCycle, OnApplication


class OfSelection(InCycle):
    """A page of the Beirat below a cycle; the rule is asked about the cycle."""

    rule: ClassVar[str | None] = "selection.use"

    def own_page(self, name: str, *args: int) -> str:
        """The address of a page of this room in the same cycle."""
        return reverse(f"selection:{name}", args=[self.cycle.pk, *args])


class OnCandidate(OnApplication):
    """A page of the Beirat about one application."""

    rule: ClassVar[str | None] = "selection.decide"

    def own_page(self, name: str, *args: int) -> str:
        """The address of a page of this room in the same cycle."""
        return reverse(f"selection:{name}", args=[self.cycle.pk, *args])

    def get_queryset(self) -> Any:
        """With what a Steckbrief needs."""
        return super().get_queryset().select_related("cycle__programme", "photo")


def pdf_response(data: bytes, name: str, *, attachment: bool = False) -> HttpResponse:
    """A PDF to look at, or to keep."""
    how = "attachment" if attachment else "inline"
    return HttpResponse(
        data,
        content_type=CONTENT_TYPES["pdf"],
        headers={"Content-Disposition": f'{how}; filename="{name}"'},
    )

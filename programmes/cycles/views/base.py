"""What the pages of one programme and of one Durchgang have in common."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property

from mentoring.accounts.models import User
from mentoring.ui.navigation import Crumb
from programmes.cycles.models import Cycle, Programme

PROGRAMMES = Crumb("Programme", reverse_lazy("cycles:programmes"))  # type: ignore[arg-type]  # text once shown


def acting_user(request: HttpRequest) -> User:
    """Who acts; raises ``PermissionDenied`` for nobody, whom no page lets this far."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def found_or_404(queryset: Any, pk: Any) -> Any:
    """The row with ``pk`` from what the user may see; raises ``Http404``."""
    try:
        found = queryset.filter(pk=pk).first()
    except (OverflowError, ValueError):
        found = None  # a number beyond the column's range, or beyond what becomes one
    if found is None:
        raise Http404
    return found


class OfProgramme:
    """A page below a programme (``pk``); the rule is asked about the programme."""

    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def programme(self) -> Programme:
        """The programme of the address."""
        programmes = Programme.objects.visible_to(self.request.user)
        found: Programme = found_or_404(programmes, self.kwargs["pk"])
        return found

    def get_rule_object(self) -> Any:
        """The programme."""
        return self.programme

    def breadcrumbs(self) -> list[Crumb]:
        """Below the programme's page."""
        return [PROGRAMMES, Crumb(str(self.programme), self.programme.get_absolute_url())]


class OfCycle:
    """A page below a cycle (``cycle_pk``); the rule is asked about the cycle."""

    request: HttpRequest
    kwargs: dict[str, Any]
    parents: tuple[tuple[str, str], ...] = ()
    """Label and route of the pages between the cycle's and this one."""

    @cached_property
    def cycle(self) -> Cycle:
        """The cycle of the address."""
        cycles = Cycle.objects.visible_to(self.request.user).select_related("programme")
        found: Cycle = found_or_404(cycles, self.kwargs["cycle_pk"])
        return found

    def get_rule_object(self) -> Any:
        """The cycle."""
        return self.cycle

    def url(self, name: str, *args: Any) -> str:
        """The address of another page of this cycle."""
        return reverse(f"cycles:{name}", args=[self.cycle.pk, *args])

    def breadcrumbs(self) -> list[Crumb]:
        """Below the cycle's page."""
        return [
            Crumb(str(self.cycle.programme), self.cycle.programme.get_absolute_url()),
            Crumb(f"Durchgang Nr. {self.cycle.number}", self.cycle.get_absolute_url()),
            *(Crumb(label, self.url(name)) for label, name in self.parents),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The cycle, for every template."""
        return super().get_context_data(cycle=self.cycle, **kwargs)  # type: ignore[misc]  # a page follows

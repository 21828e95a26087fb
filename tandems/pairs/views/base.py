"""What the pages of the matching have in common, in this room and in later ones."""

from typing import Any, ClassVar

from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.ui.errors import Forbidden
from mentoring.ui.navigation import Crumb
from programmes.cycles.views.base import OfCycle, acting_user, found_or_404
from tandems.pairs.domain import HALVES
from tandems.pairs.models import Tandem
from tandems.pairs.permissions import decided_tandems, is_concerned
from tandems.pairs.readings import note_readings

__all__ = ["OfMatching", "OnTandem", "acting_user", "found_or_404"]

CONCERNED = (
    "In diesem Durchgang kommen Sie selbst als Mentee oder Mentor/in in Frage, oder Sie sind schon "
    "gefragt. Darum matcht der Beirat ohne Sie: aus den anderen Paaren ließe sich Ihres erraten."
)
CONCERNED_ADVICE = (
    "Nach der Bekanntgabe sehen Sie Ihr eigenes Tandem auf Ihrer Seite. Ihre übrigen Aufgaben im "
    "Beirat bleiben Ihnen; Ihre Kommune vertritt hier das andere Mitglied oder eine Leitung."
)


class OfMatching(OfCycle):
    """A page below ``/durchgaenge/<cycle_pk>/matching/``, for who matches.

    A seat holder who may be half of a pair is told so, before anything is looked up.
    """

    request: Any  # its user is signed in by the time a page asks: ``PageView`` saw to it
    rule: ClassVar[str | None] = "pairs.match"

    def check_rule(self) -> None:
        """Raise ``Forbidden`` for who is concerned, ``PermissionDenied`` as the rule says."""
        if is_concerned(self.request.user, self.cycle):
            raise Forbidden(CONCERNED, CONCERNED_ADVICE)
        super().check_rule()  # type: ignore[misc]  # a page follows

    def page(self, name: str, *args: Any) -> str:
        """The address of a page of this room in the same cycle."""
        return reverse(f"pairs:{name}", args=[self.cycle.pk, *args])

    @cached_property
    def leads(self) -> bool:
        """Whether the user closes and seals here."""
        return bool(self.allowed("pairs.lead", self.cycle))  # type: ignore[attr-defined]  # a page follows

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle and the wall."""
        return [
            *super().breadcrumbs(),
            Crumb("Matching", reverse("matching:wall", args=[self.cycle.pk])),
        ]


class OnTandem(OfMatching):
    """A page about one tandem on which the user decides; opening it is noted."""

    @cached_property
    def tandem(self) -> Tandem:
        """The tandem of the address; 404 for one the user must not know of."""
        rows = Tandem.objects.filter(decided_tandems(self.request.user), cycle=self.cycle)
        found: Tandem = found_or_404(rows.select_related(*HALVES), self.kwargs["pk"])
        found.cycle = found.application.cycle = found.mentor.cycle = self.cycle
        note_readings([found], acting_user(self.request))
        return found

    def get_rule_object(self) -> Any:
        """The cycle; the tandem must be visible."""
        cycle = super().get_rule_object()
        # Whoever may not open any such page is told so first.
        if self.allowed("pairs.match", cycle):  # type: ignore[attr-defined]  # a page follows
            _ = self.tandem
        return cycle

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the tandem."""
        return [*super().breadcrumbs(), Crumb("Tandem", self.page("tandem", self.tandem.pk))]

    def get_success_url(self) -> str:
        """Back to the tandem."""
        return self.page("tandem", self.tandem.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The tandem, for every template."""
        return super().get_context_data(tandem=self.tandem, **kwargs)

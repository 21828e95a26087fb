"""A Rundmail draft to silent tandems."""

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.ui.forms import KernForm
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import FormPage
from tandems.meetings.counts import NUDGED_AFTER
from tandems.meetings.filters import TandemFilter
from tandems.meetings.forms import NudgeForm
from tandems.meetings.nudging import draft_nudge
from tandems.meetings.views.base import OfYear, acting_user
from tandems.pairs.models import TandemState

MOST = 100
"""Of more tandems nobody ticks single ones: then it is all of them."""


class NudgePage(OfYear, FormPage):
    """The silent tandems among those that were filtered, all ticked; a POST stores the draft."""

    title = "Rundmail-Entwurf an stille Tandems"
    template_name = "meetings/nudge.html"
    submit_label = "Entwurf anlegen"
    once = True
    success_message = (
        "Der Entwurf ist angelegt, verschickt ist nichts. Prüfen Sie Text und Empfänger/innen; "
        "freigeben kann ihn eine Leitung."
    )

    @cached_property
    def weeks(self) -> int:
        """So long without a meeting, as the filter says."""
        typed = self.request.GET.get("silent", "")
        weeks = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else 0
        return weeks or NUDGED_AFTER

    @cached_property
    def silent(self) -> Any:
        """Running ones, with counts, that fit the filters of the overview."""
        query = self.request.GET.copy()
        query["silent"] = str(self.weeks)
        running = self.followed().filter(state__in=TandemState.running())
        rows = TandemFilter(query, running, request=self.request).qs
        return rows.order_by("silent_since", "mentee_person__sort_key", "pk")

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle and its tandems."""
        return [*super().breadcrumbs(), Crumb("Tandems", self.page("overview"))]

    @cached_property
    def number(self) -> int:
        """How many there are."""
        return self.silent.count()

    def get_form_class(self) -> Any:
        """With a list to tick, unless it would be too long."""
        return NudgeForm if self.number <= MOST else KernForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """What there is to choose from."""
        kwargs = super().get_form_kwargs()
        return {**kwargs, "tandems": self.silent} if self.number <= MOST else kwargs

    def get_initial(self) -> dict[str, Any]:
        """All of them."""
        return {"tandems": [row.pk for row in self.silent]} if self.number <= MOST else {}

    def save(self, form: Any) -> Any:
        """By way of the domain."""
        return draft_nudge(
            self.cycle,
            weeks=self.weeks,
            tandems=form.cleaned_data.get("tandems", self.silent),
            by=acting_user(self.request),
        )

    def get_success_url(self) -> str:
        """The draft, to look at."""
        return reverse("rundmails:rundmail", args=[self.cycle.pk, self.saved.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How long, the other filters, and whether there is anybody."""
        others = [
            (name, value)
            for name in ("search", "municipality", "state", "accompanied")
            if (value := self.request.GET.get(name))
        ]
        return super().get_context_data(
            weeks=self.weeks,
            other_filters=others,
            number=self.number,
            listed=self.number <= MOST,
            **kwargs,
        )

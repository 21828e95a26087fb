"""The page on which a Kommune ranks all its applications together and nominates several."""

from typing import Any

import rules
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.accounts.models import User
from mentoring.log.domain import record_accesses
from mentoring.ui.lists import Badge
from mentoring.ui.views import Action, FormPage
from programmes.cycles.models import Cycle, CycleState, Participation, ParticipationState
from programmes.cycles.views.base import acting_user, found_or_404
from programmes.organisations.models import Municipality
from programmes.people.permissions import posts_of
from tandems.applications.domain import changeable
from tandems.applications.models import Application, ApplicationState
from tandems.applications.nominate import (
    FIXED,
    NotReady,
    RanksMoved,
    equal_ranks,
    read_ranks,
    save_ranking,
)
from tandems.applications.pages import STATE_BADGES, InCycle
from tandems.applications.ranking_forms import NOMINATE, RankingForm
from tandems.applications.registries import are_ranks_fixed


class RankingPage(InCycle, FormPage):
    """Submitted and nominated applications of the own Kommune in one table."""

    rule = "applications.rank"
    title = "Rangfolge"
    template_name = "applications/ranking.html"
    form_class = RankingForm

    def get_title(self) -> str:
        """Of which Kommune."""
        return f"Rangfolge {self.house.short_name}"

    @cached_property
    def houses(self) -> list[Municipality]:
        """The user's Kommunen that take part; one, as a rule."""
        part = Participation.objects.filter(
            cycle=self.cycle,
            state=ParticipationState.CONFIRMED,
            municipality__in=posts_of(self.request.user).municipalities,
        )
        return list(
            Municipality.objects.filter(pk__in=part.values("municipality")).order_by("sort_key")
        )

    @cached_property
    def house(self) -> Municipality:
        """The one of the address, otherwise the first."""
        wanted = self.request.GET.get("kommune", "")
        if not wanted:
            return self.houses[0]
        own = Municipality.objects.filter(pk__in=[house.pk for house in self.houses])
        found: Municipality = found_or_404(own, wanted if wanted.isdecimal() else 0)
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The statements stand on the page, so opening it counts as reading."""
        rows = read_ranks(self.cycle, self.house, acting_user(request))
        record_accesses(Application.objects.filter(pk__in=rows), by=request.user)
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The rows as they stand now."""
        return {
            **super().get_form_kwargs(),
            "cycle": self.cycle,
            "municipality": self.house,
            "rows": read_ranks(self.cycle, self.house, acting_user(self.request)),
        }

    def save(self, form: RankingForm) -> list[Application]:
        """By way of the domain; who was faster, and what is missing, is shown in the table."""
        try:
            return save_ranking(
                self.cycle,
                self.house,
                ranks=form.ranks,
                read=form.read,
                nominated=form.chosen,
                late_reason=form.cleaned_data.get("late_reason", ""),
                by=acting_user(self.request),
            )
        except RanksMoved as moved:
            form.show_moved(moved.stored)
            raise
        except NotReady as refusal:
            form.show_faults(refusal.faults)
            raise

    def get_success_url(self) -> str:
        """This page again."""
        own = f"?kommune={self.house.pk}" if len(self.houses) > 1 else ""
        return self.page("ranking") + own

    def get_success_message(self) -> str:
        """Who was nominated; and which ranks several share, for that may be a slip."""
        rows = read_ranks(self.cycle, self.house, acting_user(self.request)).values()
        shared = equal_ranks(list(rows))
        if shared:
            messages.warning(self.request, f"Gleiche Ränge: {said(shared)}.")
        names = [row.person.full_name for row in self.saved]
        if names:
            if len(names) == 1:
                return f"{names[0]} ist jetzt nominiert. Der Beirat kann die Bewerbung lesen."
            return (
                f"{', '.join(names)} sind jetzt nominiert. Der Beirat kann die Bewerbungen lesen."
            )
        return "Die Rangfolge ist gespeichert."

    def get_cancel_url(self) -> str:
        """The list."""
        return self.page("list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A line for each application, with its fields and what stands beside them."""
        context = super().get_context_data(**kwargs)
        form: RankingForm = context["form"]
        shared = equal_ranks(list(form.rows.values()))
        context.update(
            lines=[self._line(form, row, shared) for row in form.rows.values()],
            houses=self.houses if len(self.houses) > 1 else [],
            house=self.house,
            deadline=form.deadline,
            phase=self.cycle.state == CycleState.APPLICATION,
            fixed=FIXED if are_ranks_fixed(self.cycle) else "",
            nominate=NOMINATE,
            shared=said(shared),
        )
        return context

    def _line(
        self, form: RankingForm, row: Application, shared: dict[int, list[Application]]
    ) -> dict[str, Any]:
        rank, chosen = f"rank-{row.pk}", f"chosen-{row.pk}"
        states = any(question.key == "statement" for question in changeable(row))
        badge = Badge(STATE_BADGES.get(row.state, "info"), row.get_state_display())
        return {
            "row": row,
            "url": self.page("detail", row.pk),
            "edit": f"{self.page('edit', row.pk)}#id_statement" if states else "",
            "rank": form[rank] if rank in form.fields else None,
            "chosen": form[chosen] if chosen in form.fields else None,
            "badge": badge,
            "nominated": row.state == ApplicationState.NOMINATED,
            "equal": [
                other.person.full_name for other in shared.get(row.rank or 0, []) if other != row
            ],
            "change": form.changes[row.pk],
        }


def said(shared: dict[int, list[Application]]) -> str:
    """The shared ranks in words."""
    return "; ".join(
        f"Rang {rank} haben {' und '.join(row.person.full_name for row in rows)}"
        for rank, rows in shared.items()
    )


def ranking_action(user: User, cycle: Cycle) -> Action | None:
    """A button of the list of applications, for HR staff while there is something to rank."""

    if not rules.test_rule("applications.rank", user, cycle):
        return None
    if cycle.state not in (CycleState.PLANNING, CycleState.APPLICATION):
        return None
    return Action("Rangfolge", reverse("applications:ranking", args=[cycle.pk]), "secondary")

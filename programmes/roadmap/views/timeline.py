"""The Fahrplan at a glance: as a timeline, and as a PDF to hand out."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from mentoring.ui.pdf import html_to_pdf
from mentoring.ui.views import Action, PageView
from programmes.cycles.models import CouncilSeat
from programmes.cycles.views.base import OfCycle
from programmes.roadmap.models import Milestone, MilestoneState
from programmes.roadmap.timeline import Chart, Standing, draw, fitting, hints, standing, when


@dataclass(frozen=True)
class Row:
    """A milestone in the table that says what the timeline shows."""

    milestone: Milestone
    when: str
    standing: Standing
    hints: tuple[str, ...]
    responsible: str = ""


class Overview(OfCycle, PageView):
    """The milestones of a cycle, all on one page."""

    request: Any  # its user is signed in by the time a page asks: ``PageView`` saw to it
    rule = "roadmap.view"
    title = "Fahrplan"

    @cached_property
    def milestones(self) -> list[Milestone]:
        """All of the cycle that the user may see, in the order of their dates."""
        return list(Milestone.objects.visible_to(self.request.user).filter(cycle=self.cycle))

    def shown(self) -> list[Milestone]:
        """Those that are drawn: the dropped ones only if the address asks for them."""
        if self.request.GET.get("entfallene") == "1":
            return self.milestones
        return [m for m in self.milestones if m.state != MilestoneState.DROPPED]


class TimelinePage(Overview):
    """The two years as a drawing, and the same as a table."""

    template_name = "roadmap/timeline.html"

    def actions(self) -> list[Action]:
        """Adding to it, and what is taken along: on paper, or in one's own calendar."""
        if not self.milestones:
            return []
        paper = reverse("roadmap:pdf", args=[self.cycle.pk])
        add = reverse("roadmap:milestone_add", args=[self.cycle.pk])
        adding = [Action("Meilenstein anlegen", add, "primary", "add")]
        return [
            *(adding if self.allowed("roadmap.change", self.cycle) else []),
            Action("PDF in A4", f"{paper}?format=a4", icon="download"),
            Action("PDF in A3", f"{paper}?format=a3", icon="download"),
            Action("Im eigenen Kalender", reverse("roadmap:calendar"), icon="calendar-today"),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Drawing and table, or the way to a first Fahrplan."""
        today, shown = timezone.localdate(), self.shown()
        dropped = sum(m.state == MilestoneState.DROPPED for m in self.milestones)
        plan_url = ""
        if not self.milestones and self.allowed("roadmap.plan", self.cycle):
            plan_url = reverse("roadmap:plan", args=[self.cycle.pk])
        return super().get_context_data(
            chart=draw(shown, today=today) if shown else None,
            rows=[Row(m, when(m, weekdays=True), standing(m, today), hints(m)) for m in shown],
            dropped_count=dropped,
            today=today,
            with_dropped=len(shown) == len(self.milestones),
            plan_url=plan_url,
            **kwargs,
        )


@dataclass(frozen=True)
class Paper:
    """The room a sheet has for the timeline, in millimetres."""

    width: float
    height: float

    def fit(self, chart: Chart) -> "Paper":
        """The size of ``chart`` on this sheet."""
        scale = min(self.width / chart.width, self.height / chart.height)
        return Paper(round(chart.width * scale, 1), round(chart.height * scale, 1))


# The sheet without its margins and the two lines above the drawing (static/css/roadmap-pdf.css).
PAPERS = {"a4": Paper(267, 164), "a3": Paper(390, 251)}


class TimelinePdf(Overview):
    """Timeline and table on paper: to hand out in A4, to hang up in A3."""

    @cached_property
    def milestones(self) -> list[Milestone]:
        """With those who are responsible."""
        found = Milestone.objects.visible_to(self.request.user).filter(cycle=self.cycle)
        seats = Prefetch("seats", CouncilSeat.objects.select_related("person"))
        return list(found.select_related("municipality").prefetch_related(seats))

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The PDF."""
        wanted = self.request.GET.get("format", "")
        name = wanted if wanted in PAPERS else "a4"
        today, shown, sheet = timezone.localdate(), self.shown(), PAPERS[name]
        chart = fitting(shown, today=today, ratio=sheet.height / sheet.width) if shown else None
        html = render_to_string(
            "roadmap/pdf.html",
            {
                **context,
                "title": f"Fahrplan, {self.cycle.programme}, {self.cycle}",
                "format": name,
                "chart": chart,
                "paper": sheet.fit(chart) if chart else None,
                "today": today,
                "rows": [
                    Row(m, when(m, weekdays=True), standing(m, today), hints(m), responsible(m))
                    for m in shown
                ],
            },
        )
        return HttpResponse(
            html_to_pdf(html),
            content_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="fahrplan-{name}.pdf"'},
        )


def responsible(milestone: Milestone) -> str:
    """The seats and the Kommune that look after ``milestone``."""
    names = [str(seat.person) for seat in milestone.seats.all()]
    if milestone.municipality is not None:
        names.append(str(milestone.municipality))
    return ", ".join(names)

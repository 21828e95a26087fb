"""The budget of a Durchgang: what is planned, committed, billed and paid."""

import io
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from mentoring.accounts.models import User
from mentoring.ui import exports
from mentoring.ui.list_exports import filename
from mentoring.ui.navigation import Crumb
from mentoring.ui.tags import money
from mentoring.ui.views import (
    Action,
    CreatePage,
    ObjectActionPage,
    ObjectMixin,
    PageView,
    UpdatePage,
)
from programmes.budget import domain
from programmes.budget.chart import group_of, groups_of
from programmes.budget.forms import BudgetLineForm
from programmes.budget.models import BudgetLine
from programmes.budget.summary import Summary, summary_of
from programmes.cycles.models import Cycle
from programmes.cycles.views.base import OfCycle, acting_user
from programmes.suppliers.registries import SPENDING, tabs_for

HEADINGS = (
    "Veranstaltung",
    "Art",
    "geplant",
    "beauftragt",
    "in Rechnung",
    "bezahlt",
    "voraussichtlich",
    "verfügbar",
)


class InBudget(OfCycle):
    """A page of this room below ``/durchgaenge/<cycle_pk>/``."""

    request: Any  # its user is signed in by the time a page asks: ``PageView`` saw to it

    @property
    def user(self) -> User:
        """Who acts."""
        return acting_user(self.request)

    def page(self, name: str, *args: int) -> str:
        """The address of a page of this room in the same cycle."""
        return reverse(f"budget:{name}", args=[self.cycle.pk, *args])

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle and its budget, one of the views of what it spends."""
        return [*super().breadcrumbs(), Crumb(SPENDING), Crumb("Budget", self.page("budget"))]

    def get_success_url(self) -> str:
        """Back to the budget."""
        return self.page("budget")


class BudgetPage(InBudget, PageView):
    """Everything on one page, and as a file."""

    rule = "budget.view"
    title = "Budget"
    template_name = "budget/budget.html"

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the spending; the budget is this page."""
        return super().breadcrumbs()[:-1]

    def actions(self) -> list[Action]:
        """Plan something, who may."""
        if not self.may_plan:
            return []
        return [Action("Planansatz anlegen", self.page("create"), "primary", "add")]

    @property
    def may_plan(self) -> bool:
        """Whether the user plans, and there is still something to plan."""
        return self.cycle.is_open and self.allowed("budget.plan", self.cycle)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the file asked for by ``?export=``."""
        wanted = request.GET.get("export", "")
        if wanted not in exports.FORMATS:
            return self.render_to_response(self.get_context_data())
        out = io.BytesIO()
        exports.WRITERS[wanted](table_of(summary_of(self.cycle, self.user), self), out)
        name = filename(f"Budget {self.cycle.programme} Nr {self.cycle.number}", wanted)
        return HttpResponse(
            out.getvalue(),
            content_type=exports.CONTENT_TYPES[wanted],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The figures, as tables and as bars."""
        summary = summary_of(self.cycle, self.user)
        formats = exports.FORMATS.items() if summary.rows else ()
        return super().get_context_data(
            summary=summary,
            whole=group_of("Insgesamt", summary.total),
            groups=groups_of(summary.rows),
            may_plan=self.may_plan,
            exports=[(name, label, f"?export={name}") for name, label in formats],
            tabs=tabs_for(self.request.user, self.cycle),
            tab="budget",
            **kwargs,
        )


class LineCreate(InBudget, CreatePage):
    """Plan an amount."""

    model = BudgetLine
    form_class = BudgetLineForm
    rule = "budget.plan"
    title = "Planansatz anlegen"
    success_message = "Der Planansatz ist angelegt."

    def get_form_kwargs(self) -> dict[str, Any]:
        """Of this cycle."""
        line = BudgetLine(cycle=self.cycle)
        return {
            **super().get_form_kwargs(),
            "instance": line,
            "cycle": self.cycle,
            "user": self.user,
        }

    def save(self, form: Any) -> BudgetLine:
        """By way of the domain."""
        return domain.create(form.instance, by=self.user)


class OnLine(ObjectMixin, InBudget):
    """A page about one planned amount of the cycle."""

    model: ClassVar[type[models.Model]] = BudgetLine

    def get_queryset(self) -> Any:
        """Those of the cycle the user may see."""
        lines = BudgetLine.objects.visible_to(self.request.user)
        return lines.filter(cycle=self.cycle).select_related("cycle__programme", "event")

    def get_rule_object(self) -> Cycle:
        """The cycle, once the line is found in it."""
        self.get_object()
        return self.cycle


class LineChange(OnLine, UpdatePage):
    """Change a planned amount."""

    form_class = BudgetLineForm
    rule = "budget.plan"
    title = "Planansatz bearbeiten"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Of this cycle."""
        return {**super().get_form_kwargs(), "cycle": self.cycle, "user": self.user}

    def save(self, form: Any) -> BudgetLine:
        """By way of the domain."""
        return domain.save(form.instance, by=self.user)


class LineDelete(OnLine, ObjectActionPage):
    """Plan it no more."""

    rule = "budget.plan"
    title = "Planansatz löschen"
    button_label = "Endgültig löschen"
    danger = True
    success_message = "Der Planansatz ist gelöscht."

    def get_question(self) -> str:
        """Which one."""
        return f"Soll „{self.object}“ über {money(self.object.planned)} gelöscht werden?"

    def consequences(self) -> list[str]:
        """Orders and invoices are something else."""
        return [
            "Aufträge und Rechnungen bleiben, wie sie sind.",
            "Das lässt sich nicht rückgängig machen.",
        ]

    def perform(self) -> None:
        """By way of the domain."""
        domain.delete(self.object, by=self.user)


def table_of(summary: Summary, page: PageView) -> exports.Table:
    """The budget as a table: a row an event and kind, the sum last."""
    rows: list[list[Any]] = [
        [row.label, category.label, *_amounts(figures)]
        for row in summary.rows
        for category, figures in row.by_category
    ]
    rows.append(["Insgesamt", "", *_amounts(summary.total)])
    return exports.Table(
        title="Budget",
        headings=HEADINGS,
        rows=rows,
        numeric=[False, False, *[True] * 6],
        context=", ".join(crumb.label for crumb in page.breadcrumbs()),
    )


def _amounts(figures: Any) -> list[Any]:
    return [
        figures.planned,
        figures.committed,
        figures.billed,
        figures.paid,
        figures.expected,
        figures.free,
    ]

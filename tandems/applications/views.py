"""Pages of the applications of a Durchgang: list, form, reading page, sheet as PDF."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import cached_property

from mentoring.log.domain import record_access, record_accesses
from mentoring.ui.lists import Badge, Column, ListPage
from mentoring.ui.navigation import Crumb
from mentoring.ui.pdf import html_to_pdf
from mentoring.ui.views import Action, DetailPage
from tandems.applications import deadline, domain
from tandems.applications.filters import ApplicationFilter
from tandems.applications.models import Application, ApplicationState
from tandems.applications.pages import STATE_BADGES, InCycle, OnApplication
from tandems.applications.registries import (
    application_actions,
    application_sections,
    list_actions,
)
from tandems.applications.steps import open_steps
from tandems.profiles.models import TargetGroup
from tandems.profiles.questions import Needed, Reader, missing, read


def _group(row: Application) -> str:
    return TargetGroup(row.target_group).short if row.target_group else ""


class ApplicationList(InCycle, ListPage):
    """For HR staff all of their own Kommune, for the Beirat the nominated ones."""

    rule = "applications.list"
    list_name = "applications.applications"
    title = "Bewerbungen"
    filterset_class = ApplicationFilter
    default_sort = "name"
    empty_title = "Noch keine Bewerbungen"
    empty_text = (
        "Hier stehen die Bewerbungen Ihrer Kommune. Dem Beirat zeigt diese Liste, was die "
        "Kommunen nominiert haben."
    )
    columns: ClassVar = [
        Column(
            "name",
            "Name",
            lambda row: f"{row.person.last_name}, {row.person.first_name}",
            sort="person__sort_key",
            link=lambda row: row.get_absolute_url(),
        ),
        Column("house", "Kommune", "municipality.short_name", sort="municipality__sort_key"),
        Column("group", "Zielgruppe", _group, sort="target_group"),
        Column("position", "Funktion", "position", sort="position"),
        Column(
            "state",
            "Stand",
            lambda row: Badge(STATE_BADGES.get(row.state, "info"), row.get_state_display()),
            sort=("state", "rank"),
        ),
        Column("rank", "Rang", "rank", sort=("rank", "person__sort_key"), numeric=True),
    ]

    def get_queryset(self) -> Any:
        """What the user may see of this cycle."""
        return (
            Application.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related("person", "municipality")
        )

    def filterset(self, queryset: Any = None) -> Any:
        """With the filters that later rooms know for this cycle."""
        if not hasattr(self, "_filterset"):
            self._filterset = ApplicationFilter(
                self.request.GET, queryset, request=self.request, cycle=self.cycle
            )
        return self._filterset

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle."""
        return super().breadcrumbs()[:-1]

    def actions(self) -> list[Action]:
        """A new one while the cycle takes applications, and what later rooms add."""
        own = self.get_empty_action()
        further = [make(self.request.user, self.cycle) for make in list_actions]
        return [action for action in (own, *further) if action is not None]

    def get_empty_action(self) -> Action | None:
        """HR staff enter a new one."""
        if not self.allowed("applications.add", self.cycle):
            return None
        return Action("Bewerbung anlegen", self.page("new"), "primary", "add")

    def note_export(self) -> None:
        """Whoever exports the list has read what is in it."""
        record_accesses(self.filtered(), by=self.request.user)


class ApplicationDetail(OnApplication, DetailPage):
    """The Profilbogen to read. Opening it is entered in the log."""

    rule = "applications.view"
    template_name = "applications/detail.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it, and log that it was shown."""
        record_access(self.application, by=request.user)
        return super().get(request, *args, **kwargs)

    def get_title(self) -> str:
        """The applicant's name."""
        return self.application.person.full_name

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the list."""
        return super().breadcrumbs()[:-1]

    def details(self) -> list[tuple[str, Any]]:
        """Where the application stands."""
        found = self.application
        state = Badge(STATE_BADGES.get(found.state, "info"), found.get_state_display())
        rows: list[tuple[str, Any]] = [("Stand", state), ("Kommune", found.municipality)]
        if found.rank is not None:
            rows.append(("Rang der Kommune", found.rank))
        for label, moment in (
            ("von der Person selbst ausgefüllt am", found.handed_in_at),
            ("eingereicht am", found.submitted_at),
            ("nominiert am", found.nominated_at),
            ("zurückgezogen am", found.withdrawn_at),
        ):
            if moment is not None:
                rows.append((label, timezone.localtime(moment).date()))
        if found.withdrawal_reason:
            rows.append(("Grund", found.withdrawal_reason))
        return [*rows, *deadline.facts(found, self.request.user)]

    def actions(self) -> list[Action]:
        """Editing and the steps that are open now, for the own Personalstelle."""
        found = self.application
        sheet = [Action("Als PDF", self.page("sheet", found.pk), "tertiary", "download")]
        further = (make(self.request.user, found) for make in application_actions)
        sheet += [action for action in further if action is not None]
        if not self.allowed("applications.handle", found):
            return sheet
        edit = []
        if domain.changeable(found):
            kind = "primary" if self.missing else "secondary"
            edit = [Action("Bearbeiten", self.page("edit", found.pk), kind, "edit")]
        papers = [
            Action("Einwilligungen", self.page("consents", found.pk), "tertiary"),
            Action("Zum Unterschreiben", self.page("signing", found.pk), "tertiary", "download"),
        ]
        steps = [
            Action(step.label, self.page(step.name, found.pk), self._kind(step.kind))
            for step in open_steps(found)
        ]
        # What ends something stands last.
        ending = [action for action in steps if action.kind == "tertiary"]
        going_on = [action for action in steps if action.kind != "tertiary"]
        order = ("primary", "secondary", "tertiary")
        return sorted(
            [*going_on, *edit, *papers, *sheet, *ending],
            key=lambda action: order.index(action.kind),
        )

    def _kind(self, kind: str) -> str:
        """What cannot be done yet, for something is missing, is not the main button."""
        return "secondary" if kind == "primary" and self.missing else kind

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The sheet as this reader may read it, and what is still missing."""
        parts = (make(self.request.user, self.application) for make in application_sections)
        found = [part for part in parts if part is not None]
        return super().get_context_data(
            first_sections=[part for part in found if part.first],
            further_sections=[part for part in found if not part.first],
            sections=read(self.application, self.reader, self.application.sheet),
            missing=self.missing,
            **kwargs,
        )

    @cached_property
    def missing(self) -> list[str]:
        """What the next step still needs, for the own Personalstelle."""
        needed = {
            ApplicationState.DRAFT: Needed.TO_SUBMIT,
            ApplicationState.SUBMITTED: Needed.TO_NOMINATE,
        }.get(ApplicationState(self.application.state))
        if needed is None or self.reader != Reader.HOUSE:
            return []
        return [
            question.label for question in missing(self.application, needed, self.application.sheet)
        ]


class ApplicationSheet(ApplicationDetail):
    """The same sheet as PDF, to print. Who may not see it is not on it: paper goes round."""

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The PDF; its name does not tell whose it is."""
        html = render_to_string(
            "applications/sheet_pdf.html",
            {
                **context,
                "application": self.application,
                "now": timezone.localtime(),
            },
        )
        name = f"bewerbung-{self.application.pk}.pdf"
        return HttpResponse(
            html_to_pdf(html),
            content_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="{name}"'},
        )

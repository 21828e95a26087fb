"""Pages of the applications of a Durchgang: list, form, reading page, sheet as PDF."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils import timezone

from mentoring.log.domain import record_access, record_accesses
from mentoring.ui.errors import Refused
from mentoring.ui.lists import Badge, Column, ListPage
from mentoring.ui.navigation import Crumb
from mentoring.ui.pdf import html_to_pdf
from mentoring.ui.views import Action, CreatePage, DetailPage, UpdatePage
from programmes.cycles.models import ParticipationState
from programmes.organisations.models import Municipality
from programmes.people.permissions import posts_of
from tandems.applications import domain
from tandems.applications.filters import ApplicationFilter
from tandems.applications.forms import SUBMIT_BUTTON, ApplicationForm, NewApplicationForm
from tandems.applications.models import Application, ApplicationState
from tandems.applications.pages import STATE_BADGES, InCycle, OnApplication
from tandems.applications.profile import Needed, Reader, missing, read
from tandems.applications.steps import open_steps


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
        Column("group", "Zielgruppe", "get_target_group_display", sort="target_group"),
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

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle."""
        return super().breadcrumbs()[:-1]

    def actions(self) -> list[Action]:
        """HR staff enter a new one while the cycle takes applications."""
        if not self.allowed("applications.add", self.cycle):
            return []
        return [Action("Bewerbung anlegen", self.page("new"), "primary", "add")]

    def get_empty_action(self) -> Action | None:
        """As the button beside the heading."""
        return next(iter(self.actions()), None)

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
            ("eingereicht am", found.submitted_at),
            ("nominiert am", found.nominated_at),
            ("zurückgezogen am", found.withdrawn_at),
        ):
            if moment is not None:
                rows.append((label, timezone.localtime(moment).date()))
        if found.withdrawal_reason:
            rows.append(("Grund", found.withdrawal_reason))
        return rows

    def actions(self) -> list[Action]:
        """Editing and the steps that are open now, for the own Personalstelle."""
        found = self.application
        sheet = [Action("Als PDF", self.page("sheet", found.pk), "tertiary", "download")]
        if not self.allowed("applications.handle", found):
            return sheet
        edit = []
        if domain.changeable(found):
            edit = [Action("Bearbeiten", self.page("edit", found.pk), "secondary", "edit")]
        steps = [
            Action(step.label, self.page(step.name, found.pk), step.kind)
            for step in open_steps(found)
        ]
        order = ("primary", "secondary", "tertiary")
        return sorted([*steps, *edit, *sheet], key=lambda action: order.index(action.kind))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The sheet as this reader may read it, and what is still missing."""
        return super().get_context_data(
            sections=read(self.application, self.reader), missing=self._missing(), **kwargs
        )

    def _missing(self) -> list[str]:
        needed = {
            ApplicationState.DRAFT: Needed.TO_SUBMIT,
            ApplicationState.SUBMITTED: Needed.TO_NOMINATE,
        }.get(ApplicationState(self.application.state))
        if needed is None or self.reader != Reader.HOUSE:
            return []
        return [question.label for question in missing(self.application, needed)]


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


class TwoButtons:
    """A form whose buttons stand in its layout: saving a draft, and submitting."""

    submit_label = ""

    def get_cancel_url(self) -> str:
        """None here: the layout's own row of buttons holds it."""
        return ""

    def is_draft(self) -> bool:
        """Whether the button to submit is shown."""
        return True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What ``applications/buttons.html`` needs."""
        crumbs = self.breadcrumbs()  # type: ignore[attr-defined]  # a page follows in the order
        return super().get_context_data(  # type: ignore[misc]  # likewise
            is_draft=self.is_draft(), back_url=crumbs[-1].url, **kwargs
        )


class NewApplication(TwoButtons, InCycle, CreatePage):
    """HR staff enter somebody new."""

    rule = "applications.add"
    title = "Bewerbung anlegen"
    model = Application
    form_class = NewApplicationForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Cycle, user and the Kommunen they may enter for."""
        return {
            **super().get_form_kwargs(),
            "cycle": self.cycle,
            "user": self.request.user,
            "municipalities": self._municipalities(),
        }

    def _municipalities(self) -> list[Municipality]:
        taking_part = self.cycle.participations.filter(state=ParticipationState.CONFIRMED)
        return list(
            Municipality.objects.visible_to(self.request.user).filter(
                pk__in=posts_of(self.request.user).municipalities
                & set(taking_part.values_list("municipality", flat=True))
            )
        )

    def save(self, form: NewApplicationForm) -> Application:
        """Make the draft, and submit it if that was asked."""
        municipality = form.municipality
        if municipality is None:
            raise Refused("Bitte wählen Sie die Kommune.")
        draft = domain.create_draft(
            cycle=self.cycle,
            municipality=municipality,
            values=form.answers(),
            person=form.person,
            by=self.request.user,
        )
        return domain.submit(draft, by=self.request.user) if form.submits else draft

    def get_success_url(self) -> str:
        """The new application."""
        return self.page("detail", self.saved.pk)

    def get_success_message(self) -> str:
        """What was done."""
        return _saved_message(self.saved)


class EditApplication(TwoButtons, OnApplication, UpdatePage):
    """HR staff go on writing; what may be changed hangs on the state."""

    rule = "applications.handle"
    form_class = ApplicationForm

    def get_title(self) -> str:
        """What is being done."""
        return "Bewerbung bearbeiten"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]  # as FormPage
        """The form shows the whole sheet, so opening it counts as reading."""
        record_access(self.application, by=request.user)
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Cycle and user, which decide what is asked."""
        return {**super().get_form_kwargs(), "cycle": self.cycle, "user": self.request.user}

    def save(self, form: ApplicationForm) -> Application:
        """Save, and submit if that was asked."""
        saved = domain.save_draft(form.instance, values=form.answers(), by=self.request.user)
        if saved.state == ApplicationState.DRAFT and SUBMIT_BUTTON in form.data:
            saved = domain.submit(saved, by=self.request.user)
        return saved

    def get_success_message(self) -> str:
        """What was done."""
        return _saved_message(self.saved)

    def is_draft(self) -> bool:
        """Whether the button to submit is shown."""
        return self.application.state == ApplicationState.DRAFT


def _saved_message(application: Application) -> str:
    if application.state == ApplicationState.DRAFT:
        return "Der Entwurf ist gespeichert. Eingereicht ist er noch nicht."
    if application.state == ApplicationState.SUBMITTED:
        return "Die Bewerbung ist gespeichert und eingereicht."
    return "Ihre Änderungen sind gespeichert."

"""Writing a Profilbogen: a new one, going on with one, saving by the way, the signing sheet."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from mentoring.log.domain import record_access
from mentoring.ui.errors import Refused
from mentoring.ui.pdf import house_pdf
from mentoring.ui.views import CreatePage, ObjectMixin, PageView, UpdatePage
from programmes.cycles.models import ParticipationState
from programmes.cycles.views.base import acting_user
from programmes.organisations.models import Municipality
from programmes.people.permissions import posts_of
from tandems.applications import domain
from tandems.applications.forms import SUBMIT_BUTTON, ApplicationForm, NewApplicationForm
from tandems.applications.models import Application, ApplicationState
from tandems.applications.own_sheet import warn_of_open_link
from tandems.applications.pages import InCycle, OnApplication
from tandems.profiles.autosave import Autosave
from tandems.profiles.completeness import progress
from tandems.profiles.forms import SheetForm
from tandems.profiles.printed import signing_context


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
    template_name = "profiles/sheet_form.html"
    title = "Bewerbung anlegen"
    model = Application
    form_class = NewApplicationForm
    autosaved_later = True

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
    template_name = "profiles/sheet_form.html"
    form_class = ApplicationForm

    def get_title(self) -> str:
        """What is being done."""
        return "Bewerbung bearbeiten"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]  # as FormPage
        """The form shows the whole sheet, so opening it counts as reading."""
        record_access(self.application, by=request.user)
        warn_of_open_link(request, self.application)
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

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How far the sheet is, and where a draft saves itself."""
        application = self.application
        autosave = self.page("autosave", application.pk) if self.is_draft() else ""
        return super().get_context_data(
            progress=progress(application, application.sheet), autosave_url=autosave, **kwargs
        )


class AutosaveApplication(Autosave, EditApplication):
    """Saves the draft while it is typed. A submitted one changes only by the button."""

    def save_answers(self, form: SheetForm, values: dict[str, Any]) -> Application:
        """By the door, as long as it is a draft."""
        if self.application.state != ApplicationState.DRAFT:
            raise Refused(
                "Diese Bewerbung ist kein Entwurf mehr. Bitte klicken Sie auf „Speichern“."
            )
        return domain.save_draft(form.instance, values=values, by=acting_user(self.request))


class SigningSheet(OnApplication, ObjectMixin, PageView):
    """The sheet to print and sign, with the words of the consents. Only for the own Kommune."""

    rule = "applications.handle"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The PDF; its name does not tell whose it is."""
        application = self.application
        record_access(application, by=request.user)
        pdf = house_pdf("profiles/signing_pdf.html", signing_context(application))
        name = f"bewerbung-{application.pk}-unterschrift.pdf"
        return HttpResponse(
            pdf,
            content_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="{name}"'},
        )


def _saved_message(application: Application) -> str:
    if application.state == ApplicationState.DRAFT:
        return "Der Entwurf ist gespeichert. Eingereicht ist er noch nicht."
    if application.state == ApplicationState.SUBMITTED:
        return "Die Bewerbung ist gespeichert und eingereicht."
    return "Ihre Änderungen sind gespeichert."

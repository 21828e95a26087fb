"""The applicant fills in the own sheet by a personal link; the Personalstelle sends it."""

from typing import Any, ClassVar

import rules
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.urls import reverse

from mentoring.ui.forms import ConfirmForm
from mentoring.ui.views import ActionPage, FormPage, ObjectActionPage, PageView, UpdatePage
from tandems.applications import own_domain, papers
from tandems.applications.forms import ApplicationForm
from tandems.applications.models import Application, ApplicationState
from tandems.applications.pages import OnApplication
from tandems.applications.papers_views import PhotoForm, picture
from tandems.applications.registries import Section
from tandems.links.pages import EndLink, SendLink, last_link, shown
from tandems.links.sheets import FillsInSheet, HandsIn, OfOwnRecord
from tandems.profiles.autosave import Autosave
from tandems.profiles.questions import Needed

BOTH_WRITE = (
    "{name} hat einen offenen persönlichen Link und kann den Bogen gerade selbst bearbeiten. "
    "Ändern Sie beide dasselbe, fragt Sie das Programm, was gelten soll; überschrieben wird "
    "nichts von selbst."
)


# --- By the link ----------------------------------------------------------------------
class OwnApplication(OfOwnRecord):
    """A page about the application the link is for."""

    purpose = own_domain.PURPOSE
    routes = "applications"

    def records(self) -> QuerySet[Application]:
        """With photo and Kommune."""
        return Application.objects.select_related(
            "cycle__programme", "person__municipality", "municipality", "photo"
        )

    @property
    def application(self) -> Application:
        """The application of the link; raises ``Http404``."""
        found: Application = self.record
        return found


class OwnSheetForm(ApplicationForm):
    """The sheet without what only the Kommune answers."""

    buttons = "links/buttons.html"

    def before(self) -> list[Any]:
        """Nothing: the page says it."""
        return []


class OwnSheetPage(OwnApplication, FillsInSheet, UpdatePage):
    """The sheet to fill in, with the photo."""

    template_name = "applications/own_sheet.html"
    form_class = OwnSheetForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """For the conditions of its cycle."""
        return {**super().get_form_kwargs(), "cycle": self.application.cycle}

    def save_answers(self, form: OwnSheetForm, values: dict[str, Any]) -> Application:
        """By the door for who has the link."""
        return own_domain.save_own(self.link, form.instance, values=values)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the photo, if there may be one."""
        return super().get_context_data(
            photo_url=self.go("applications:own_photo"),
            has_photo=papers.photo_of(self.application) is not None,
            **kwargs,
        )


class OwnAutosave(Autosave, OwnSheetPage):
    """Saves the sheet while it is being typed."""

    keeps_typed = False


class HandInPage(OwnApplication, HandsIn, ActionPage):
    """Asks whether the sheet is to be handed in."""

    def consequences(self) -> list[str]:
        """Who reads it, and what cannot be done any more."""
        lines = [
            f"Ihre Personalstelle ({self.application.municipality}) liest Ihren Bogen und "
            "entscheidet, ob sie ihn an den Beirat weitergibt.",
            "Danach führt dieser Link nicht mehr zum Bogen. Möchten Sie noch etwas ändern, sagen "
            "Sie Ihrer Personalstelle Bescheid.",
        ]
        if missing := own_domain.missing_own(self.application, Needed.TO_SUBMIT):
            lines.append(f"Es fehlt noch: {', '.join(missing)}.")
        elif later := own_domain.missing_own(self.application, Needed.TO_NOMINATE):
            lines.append(
                f"Ohne diese Angaben kann Ihre Kommune Sie nicht nominieren: {', '.join(later)}."
            )
        return lines

    def perform(self) -> Application:
        """Hand in."""
        return own_domain.hand_in(self.link, self.application)


class OwnPhotoPage(OwnApplication, FormPage):
    """The applicant brings the photo."""

    template_name = "applications/own_photo.html"
    title = "Ihr Foto"
    form_class = PhotoForm
    submit_label = "Foto speichern"
    success_message = "Ihr Foto ist gespeichert."

    def save(self, form: PhotoForm) -> Application:
        """Take it in."""
        return papers.set_photo(
            self.application, form.cleaned_data["photo"], by=None, link=self.link
        )

    def get_success_url(self) -> str:
        """To look at it."""
        return self.go("applications:own_photo")

    def get_cancel_url(self) -> str:
        """Back to the sheet."""
        return self.go("applications:own_sheet")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The photo there is, and whether one may be brought."""
        return super().get_context_data(
            may_have=papers.may_have_photo(self.application),
            has_photo=papers.photo_of(self.application) is not None,
            picture_url=self.go("applications:own_picture"),
            remove_url=self.go("applications:remove_own_photo"),
            **kwargs,
        )


class OwnPicture(OwnApplication, PageView):
    """The photo itself, for who has proven the link."""

    http_method_names = ("get", "head", "options")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:  # type: ignore[override]  # a file instead of a page
        """The file."""
        return picture(papers.photo_of(self.application))


class RemoveOwnPhoto(OwnApplication, ActionPage):
    """Asks, and then deletes the photo."""

    title = "Foto löschen"
    question = "Soll Ihr Foto gelöscht werden?"
    button_label = "Endgültig löschen"
    danger: ClassVar[bool] = True
    form_class = ConfirmForm
    success_message = "Ihr Foto ist gelöscht."

    def perform(self) -> Application:
        """Delete."""
        return papers.remove_photo(self.application, by=None, link=self.link)

    def get_success_url(self) -> str:
        """Back to the page of the photo."""
        return self.go("applications:own_photo")

    def get_cancel_url(self) -> str:
        """Likewise."""
        return self.go("applications:own_photo")


# --- By the Personalstelle ------------------------------------------------------------
class SendOwnSheet(SendLink, OnApplication, ObjectActionPage):
    """Sends the applicant the link, or sends it again."""

    rule = "applications.handle"
    purpose = own_domain.PURPOSE

    def consequences(self) -> list[str]:
        """Also what becomes of a sheet that was handed in."""
        lines = [
            *super().consequences(),
            "Der Bogen fragt nur, was die Person selbst beantwortet; Ihre Stellungnahme und "
            "alles andere von Ihnen sieht sie nicht.",
        ]
        if self.application.handed_in_at is not None:
            lines.append(
                "Der Bogen ist schon abgegeben. Er ist dann wieder offen, und die Person gibt ihn "
                "noch einmal ab."
            )
        return lines

    def perform(self) -> Any:
        """Send it."""
        return own_domain.invite(
            self.application, until=self.form.cleaned_data["until"], by=self.request.user
        )


class EndOwnSheet(EndLink, OnApplication, ObjectActionPage):
    """Ends the link."""

    rule = "applications.handle"
    purpose = own_domain.PURPOSE


def section(user: Any, application: Application) -> Section | None:
    """The state of the link on the application's page, for who handles the application."""
    if not rules.test_rule("applications.handle", user, application):
        return None
    args = [application.cycle_id, application.pk]
    may_send = own_domain.may_invite(application)
    link = last_link(own_domain.PURPOSE, application.pk, user)
    if link is None and not may_send and application.handed_in_at is None:
        return None
    send_url = reverse("applications:send_link", args=args) if may_send else ""
    found = None
    if link is not None:
        end_url = reverse("applications:end_link", args=args)
        found = shown(link, send_url=send_url, end_url=end_url)
    context = {
        "shown": found,
        "send_url": send_url,
        "handed_in_at": application.handed_in_at,
        "is_draft": application.state == ApplicationState.DRAFT,
        "warning": BOTH_WRITE.format(name=application.person.full_name)
        if found is not None and found.is_open
        else "",
    }
    return Section("applications/own_link.html", context, first=True)


def warn_of_open_link(request: HttpRequest, application: Application) -> None:
    """Say on the Personalstelle's form that the applicant may be writing too."""
    link = last_link(own_domain.PURPOSE, application.pk, request.user)
    if link is not None and shown(link).is_open:
        messages.warning(request, BOTH_WRITE.format(name=application.person.full_name))

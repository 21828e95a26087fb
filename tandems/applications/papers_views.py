"""Pages for photo and signed sheet: by the Personalstelle, and the photo by personal link."""

from typing import Any, ClassVar

import rules
from django.http import FileResponse, Http404
from django.urls import reverse

from mentoring.files.forms import CheckedFileField
from mentoring.files.models import StoredFile
from mentoring.ui.forms import KernForm
from mentoring.ui.views import FormPage, ObjectActionPage
from programmes.people.permissions import posts_of
from tandems.applications import papers
from tandems.applications.models import Application
from tandems.applications.pages import OnApplication
from tandems.applications.registries import Section

PHOTO_HINT = (
    "JPEG oder PNG, höchstens 10 MB. Wir verkleinern das Bild und entfernen alles, was die Kamera "
    "sonst noch notiert hat, auch den Ort der Aufnahme."
)


class PhotoForm(KernForm):
    """A picture."""

    photo = CheckedFileField(
        label="Foto für den Steckbrief",
        allowed=papers.PHOTO_KINDS,
        max_bytes=papers.PHOTO_MAX_BYTES,
        help_text=PHOTO_HINT,
    )


class SignedSheetForm(KernForm):
    """The scan or photo of the signed paper."""

    signed_sheet = CheckedFileField(label="Unterschriebener Bogen", allowed=papers.SIGNED_KINDS)


class PaperPage(OnApplication, FormPage):
    """A file of the application; the object is the application of the address."""

    rule = "applications.handle"
    template_name = "applications/paper.html"

    def get_object(self) -> Application:
        """The application, if the user may see it; raises ``Http404``."""
        if not hasattr(self, "_application"):
            try:
                self._application = self.get_queryset().filter(pk=self.kwargs["pk"]).first()
            except OverflowError:
                self._application = None
        if self._application is None:
            raise Http404
        return self._application

    def get_cancel_url(self) -> str:
        """Back to the application."""
        return self.get_success_url()


class PhotoPage(PaperPage):
    """The Personalstelle brings the photo."""

    title = "Foto"
    form_class = PhotoForm
    submit_label = "Foto speichern"
    success_message = "Das Foto ist gespeichert."

    def save(self, form: PhotoForm) -> Application:
        """Take it in."""
        return papers.set_photo(self.application, form.cleaned_data["photo"], by=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether a photo may be brought at all."""
        if not papers.may_have_photo(self.application):
            kwargs["hint"] = papers.NO_CONSENT
        return super().get_context_data(**kwargs)


class SignedSheetPage(PaperPage):
    """The Personalstelle brings the signed sheet."""

    title = "Unterschriebener Bogen"
    form_class = SignedSheetForm
    submit_label = "Bogen speichern"
    success_message = "Der unterschriebene Bogen ist gespeichert."

    def save(self, form: SignedSheetForm) -> Application:
        """Take it in."""
        return papers.set_signed_sheet(
            self.application, form.cleaned_data["signed_sheet"], by=self.request.user
        )


class RemovePaper(OnApplication, ObjectActionPage):
    """Asks, and then deletes a file."""

    rule = "applications.handle"
    danger: ClassVar[bool] = True
    button_label = "Endgültig löschen"

    def get_title(self) -> str:
        """What is asked."""
        return self.title


class RemovePhoto(RemovePaper):
    title = "Foto löschen"
    question = "Soll das Foto gelöscht werden?"
    success_message = "Das Foto ist gelöscht."

    def consequences(self) -> list[str]:
        """What goes with it."""
        return ["Der Steckbrief hat dann kein Foto. Sie können jederzeit ein neues hochladen."]

    def perform(self) -> Any:
        """Delete."""
        return papers.remove_photo(self.application, by=self.request.user)


class RemoveSignedSheet(RemovePaper):
    title = "Unterschriebenen Bogen löschen"
    question = "Soll der unterschriebene Bogen gelöscht werden?"
    success_message = "Der unterschriebene Bogen ist gelöscht."

    def perform(self) -> Any:
        """Delete."""
        return papers.remove_signed_sheet(self.application, by=self.request.user)


def section(user: Any, application: Application) -> Section | None:
    """Photo and signed sheet on the application's page, as far as ``user`` may see them."""
    photo = papers.photo_of(application)
    own_house = application.municipality_id in posts_of(user).municipalities
    if photo is None and not own_house:
        return None
    context: dict[str, Any] = {"photo": photo, "own_house": own_house}
    if own_house:
        context["signed"] = application.signed_sheet
    if rules.test_rule("applications.handle", user, application):
        context["urls"] = {
            name: reverse(f"applications:{name}", args=[application.cycle_id, application.pk])
            for name in ("photo", "remove_photo", "signed_sheet", "remove_signed_sheet")
        }
    return Section("applications/papers.html", context)


def picture(stored: StoredFile | None) -> FileResponse:
    """The photo as an answer; raises ``Http404`` where there is none."""
    if stored is None:
        raise Http404
    try:
        content = stored.content.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, content_type=stored.content_type, filename=stored.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response

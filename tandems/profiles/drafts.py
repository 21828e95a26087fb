"""Pages on which a draft of the Profilbogen is worked on."""

from typing import Any, ClassVar

from django.http import Http404

from mentoring.ui.navigation import Crumb
from mentoring.ui.views import ActionPage, FormPage, UpdatePage
from programmes.cycles.views.base import acting_user
from tandems.profiles import domain
from tandems.profiles.models import ProfileVersion, SheetKind
from tandems.profiles.pages import OnVersion
from tandems.profiles.version_forms import QuestionForm, VersionForm


class OnDraft(OnVersion):
    """A page that works on a draft."""

    rule: ClassVar[str | None] = "profiles.edit_versions"

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the version."""
        address = self.page("version", self.version.number)
        return [*super().breadcrumbs(), Crumb(str(self.version), address)]

    def get_success_url(self) -> str:
        """Back to the version."""
        return self.page("version", self.version.number)


class ChangeVersion(OnDraft, UpdatePage):
    """What is asked, question by question."""

    form_class = VersionForm
    title = "Fassung bearbeiten"

    def get_object(self) -> ProfileVersion:
        """The draft."""
        return self.version

    def get_title(self) -> str:
        """Which one."""
        return f"{self.version} bearbeiten"

    def save(self, form: VersionForm) -> Any:
        """By way of the domain."""
        return domain.save_version(
            form.instance,
            asked=form.asked(),
            note=form.cleaned_data["note"],
            by=acting_user(self.request),
        )


class AddQuestion(OnDraft, FormPage):
    """Add a question of one's own."""

    form_class = QuestionForm
    title = "Eigene Frage"
    once = True
    success_message = "Die Frage steht im Entwurf."

    def save(self, form: QuestionForm) -> Any:
        """By way of the domain."""
        kind = SheetKind(form.cleaned_data["sheet"])
        return domain.save_question(self.version, kind, form.entry(), by=acting_user(self.request))


class OnQuestion(OnDraft):
    """A page about one question of one's own."""

    @property
    def kind(self) -> SheetKind:
        """Of which sheet; raises ``Http404``."""
        if self.kwargs["kind"] not in SheetKind.values:
            raise Http404
        return SheetKind(self.kwargs["kind"])

    @property
    def entry(self) -> dict[str, Any]:
        """The question as the draft keeps it; raises ``Http404``."""
        for entry in self.version.changes.get(self.kind, {}).get("own", []):
            if entry["key"] == self.kwargs["key"]:
                found: dict[str, Any] = entry
                return found
        raise Http404


class ChangeQuestion(OnQuestion, FormPage):
    """Change a question of one's own."""

    form_class = QuestionForm
    title = "Eigene Frage bearbeiten"
    success_message = "Die Frage ist gespeichert."

    def get_form(self, form_class: Any = None) -> Any:
        """Without the sheet: a question does not move."""
        form = super().get_form(form_class)
        del form.fields["sheet"]
        return form

    def get_initial(self) -> dict[str, Any]:
        """As it stands."""
        return {**self.entry, "choices": "\n".join(self.entry.get("choices", []))}

    def save(self, form: QuestionForm) -> Any:
        """By way of the domain."""
        return domain.save_question(
            self.version,
            self.kind,
            form.entry(),
            key=self.entry["key"],
            by=acting_user(self.request),
        )


class DeleteQuestion(OnQuestion, ActionPage):
    """Take a question of one's own out of the draft."""

    title = "Eigene Frage löschen"
    button_label = "Frage löschen"
    danger = True
    success_message = "Die Frage ist gelöscht."

    def get_question(self) -> str:
        """Which one."""
        return f"Soll die Frage „{self.entry['label']}“ aus dem Entwurf verschwinden?"

    def consequences(self) -> list[str]:
        """What stays."""
        return ["Frühere Fassungen behalten sie, und gegebene Antworten bleiben gespeichert."]

    def perform(self) -> Any:
        """Remove."""
        return domain.remove_question(
            self.version, self.kind, self.entry["key"], by=acting_user(self.request)
        )


class PublishVersion(OnDraft, ActionPage):
    """Publish a draft."""

    title = "Fassung veröffentlichen"
    button_label = "Veröffentlichen"
    success_message = "Die Fassung ist veröffentlicht. Durchgänge können sie jetzt verwenden."

    def get_question(self) -> str:
        """Which one."""
        return f"Soll {self.version} veröffentlicht werden?"

    def consequences(self) -> list[str]:
        """That it stays."""
        return ["Danach ändert sie niemand mehr. Wer etwas anderes braucht, beginnt eine neue."]

    def perform(self) -> Any:
        """Publish."""
        return domain.publish_version(self.version, by=acting_user(self.request))


class DeleteVersion(OnDraft, ActionPage):
    """Throw a draft away."""

    title = "Entwurf löschen"
    button_label = "Endgültig löschen"
    danger = True
    success_message = "Der Entwurf ist gelöscht."

    def get_question(self) -> str:
        """Which one."""
        return f"Soll der Entwurf von {self.version} gelöscht werden?"

    def perform(self) -> None:
        """Delete."""
        domain.delete_version(self.version, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """To the versions."""
        return self.page("versions")

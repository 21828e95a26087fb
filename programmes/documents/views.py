"""Pages of the documents of a Durchgang, and of those somebody reads outside its pages."""

from itertools import groupby
from typing import Any

from mentoring.ui.lists import Badge
from mentoring.ui.views import (
    SIGNED_IN,
    Action,
    CreatePage,
    DetailPage,
    ObjectActionPage,
    PageView,
    UpdatePage,
)
from programmes.cycles.views.base import acting_user
from programmes.documents import domain
from programmes.documents.forms import DocumentForm, NewDocumentForm, VersionForm
from programmes.documents.models import Document, DocumentVersion
from programmes.documents.pages import InCycle, OnDocument
from programmes.documents.registries import document_uses


class DocumentPage(OnDocument, DetailPage):
    """One document with all its versions."""

    rule = "documents.list"
    template_name = "documents/document.html"

    def breadcrumbs(self) -> Any:
        """Down to the list."""
        return super().breadcrumbs()[:-1]

    def details(self) -> list[tuple[str, Any]]:
        """What it is and who reads it."""
        document = self.document
        return [
            ("Beschreibung", document.description),
            ("Art", Badge("info", document.type_label)),
            ("Lesen dürfen", document.audience),
        ]

    def actions(self) -> list[Action]:
        """For who keeps the documents."""
        if not self.allowed("documents.keep", self.cycle):
            return []
        pk = self.document.pk
        newer = [Action("Neue Fassung", self.page("version", pk), "primary", "add")]
        return [
            *([] if self.document.is_link else newer),
            Action("Bearbeiten", self.page("change", pk), icon="edit"),
            Action("Löschen", self.page("delete", pk), "tertiary", "delete"),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """All versions, the newest first, and where the document is shown."""
        document = self.document
        # Who does not keep documents may not know of every event that shows one.
        keeps = self.allowed("documents.keep", self.cycle)
        return super().get_context_data(
            versions=document.versions.select_related("file"),
            uses=uses_of(document) if keeps else [],
            **kwargs,
        )


class DocumentCreate(InCycle, CreatePage):
    """File something."""

    model = Document
    form_class = NewDocumentForm
    rule = "documents.keep"
    title = "Unterlage ablegen"
    submit_label = "Ablegen"
    success_message = "Die Unterlage ist abgelegt."

    def get_form_kwargs(self) -> dict[str, Any]:
        """A document of this cycle; the audience as far as the user chooses it."""
        return {
            **super().get_form_kwargs(),
            "instance": Document(cycle=self.cycle),
            "chooses_audience": self.chooses_audience,
        }

    def save(self, form: Any) -> Document:
        """By way of the domain."""
        return domain.create(
            form.instance,
            upload=form.cleaned_data["upload"] or None,
            by=acting_user(self.request),
        )


class DocumentChange(OnDocument, UpdatePage):
    """Change what stands about a document."""

    form_class = DocumentForm
    rule = "documents.keep"
    title = "Unterlage bearbeiten"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The audience only for the Beirat."""
        return {**super().get_form_kwargs(), "chooses_audience": self.chooses_audience}

    def save(self, form: Any) -> Document:
        """By way of the domain."""
        return domain.save(form.instance, by=acting_user(self.request))


class VersionCreate(OnDocument, CreatePage):
    """Add a newer file."""

    form_class = VersionForm
    rule = "documents.keep"
    submit_label = "Neue Fassung ablegen"

    def get_title(self) -> str:
        """Of which document."""
        return f"Neue Fassung von „{self.document}“"

    def save(self, form: Any) -> DocumentVersion:
        """By way of the domain."""
        version = domain.add_version(
            self.document,
            upload=form.cleaned_data["upload"],
            note=form.cleaned_data["note"],
            by=acting_user(self.request),
        )
        self.success_message = f"Fassung {version.number} ist abgelegt."
        return version


class DocumentDelete(OnDocument, ObjectActionPage):
    """Delete a document with all its versions."""

    rule = "documents.keep"
    title = "Unterlage löschen"
    button_label = "Endgültig löschen"
    danger = True
    success_message = "Die Unterlage ist gelöscht."

    def get_question(self) -> str:
        """Which one."""
        return f"Soll „{self.document}“ gelöscht werden?"

    def consequences(self) -> list[str]:
        """Versions, and where it is shown."""
        versions = self.document.versions.count()
        lines = [f"Sie verschwindet auch hier: {use}" for use in uses_of(self.document)]
        if versions > 1:
            lines.append(f"Alle {versions} Fassungen der Datei werden gelöscht.")
        elif versions:
            lines.append("Die Datei wird gelöscht.")
        return [*lines, "Das lässt sich nicht rückgängig machen."]

    def perform(self) -> None:
        """By way of the domain."""
        domain.delete(self.document, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """To the list."""
        return self.page("documents")


class OwnDocuments(PageView):
    """What the user reads, of all cycles: for those who open no cycle's own pages."""

    rule = SIGNED_IN
    title = "Unterlagen"
    template_name = "documents/own.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """By cycle, the newest first."""
        documents = (
            Document.objects.visible_to(self.request.user)
            .select_related("cycle__programme")
            .with_newest()
            .order_by("-cycle__start_year", "-cycle__number", "cycle", "sort_key", "pk")
        )
        groups = [
            (cycle, list(found)) for cycle, found in groupby(documents, lambda row: row.cycle)
        ]
        return super().get_context_data(groups=groups, **kwargs)


def uses_of(document: Document) -> list[str]:
    """Where a document is shown, as later rooms tell."""
    return [line for lines in document_uses for line in lines(document)]

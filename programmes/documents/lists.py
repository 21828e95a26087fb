"""The list of the documents of a Durchgang."""

from typing import Any

import django_filters
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mentoring.files.checks import KINDS
from mentoring.files.domain import DOCUMENTS
from mentoring.ui.lists import Column, ListFilterSet, ListPage, SearchFilter
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import Action
from programmes.documents.models import AUDIENCES, LINK, Document, DocumentVersion
from programmes.documents.pages import InCycle

TYPES = [("link", LINK), *((kind, KINDS[kind].label) for kind in DOCUMENTS)]


def reading_link(document: Document) -> SafeString:
    """The way to the newest file, or to the other platform, which is said to be one."""
    if document.is_link:
        return format_html(
            '<a class="kern-link" rel="noopener noreferrer external" href="{}">'
            'Link öffnen<span class="kern-sr-only">: {} (externer Link)</span></a>',
            document.url,
            document.title,
        )
    return format_html(
        '<a class="kern-link" href="{}">Herunterladen<span class="kern-sr-only">: {}</span></a>',
        document.address,
        document.title,
    )


def _type(document: Document) -> str:
    return f"Link zu {document.host}" if document.is_link else document.type_label


class DocumentFilter(ListFilterSet):
    """By words of title and description, type and audience."""

    q = SearchFilter()
    type = django_filters.ChoiceFilter(
        label="Art", choices=TYPES, method="of_type", empty_label="alle"
    )
    audience = django_filters.ChoiceFilter(
        label="Für", choices=[*AUDIENCES.items()], method="read_by", empty_label="alle"
    )

    class Meta:
        model = Document
        fields: tuple[str, ...] = ()

    def of_type(self, queryset: Any, name: str, value: str) -> Any:
        """Links, or files of a type."""
        if value == "link":
            return queryset.exclude(url="")
        return queryset.filter(newest_type=KINDS[value].content_type)

    def read_by(self, queryset: Any, name: str, value: str) -> Any:
        """Those a group reads."""
        return queryset.filter(**{value: True})


class DocumentList(InCycle, ListPage):
    """What the user may read of this cycle."""

    list_name = "documents.documents"
    rule = "documents.list"
    title = "Unterlagen"
    filterset_class = DocumentFilter
    default_sort = "title"
    empty_title = "Noch keine Unterlagen"
    empty_text = (
        "Hier liegen Dateien und Links, die der Durchgang braucht: Flyer, Präsentationen, Listen "
        "für das Vernetzungstreffen, eine TaskCard. Wer eine Unterlage liest, steht dabei."
    )

    def get_queryset(self) -> QuerySet[Document]:
        """With what the newest version brings to sort and filter by."""
        newest = DocumentVersion.objects.filter(document=OuterRef("pk")).order_by("-number")
        return (
            Document.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .annotate(
                newest_at=Coalesce(Subquery(newest.values("created_at")[:1]), "created_at"),
                newest_type=Subquery(newest.values("file__content_type")[:1]),
                newest_size=Coalesce(Subquery(newest.values("file__size")[:1]), 0),
            )
            .with_newest()
        )

    def get_columns(self) -> list[Column]:
        """The title leads to the page with all versions, the type to the newest file."""
        return [
            Column(
                "title",
                "Titel",
                "title",
                sort="sort_key",
                link=lambda row: self.page("document", row.pk),
            ),
            Column("type", "Art", _type, sort=("newest_type", "sort_key")),
            Column("audience", "Für", "audience"),
            Column("number", "Fassung", "newest.number", numeric=True),
            Column("newest_at", "Stand", lambda row: row.newest_at.date(), sort="newest_at"),
            Column("size", "Größe", "newest.size_label", sort="newest_size", numeric=True),
            Column("get", "Öffnen", reading_link, export=False),
        ]

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle; this page is the room's first."""
        return super().breadcrumbs()[:-1]

    def actions(self) -> list[Action]:
        """File something new; what is not of this cycle."""
        found = [action] if (action := self.get_empty_action()) else []
        if self._reads_elsewhere():
            found.append(Action("Aus allen Durchgängen", reverse("documents:own"), "tertiary"))
        return found

    def get_empty_action(self) -> Action | None:
        """The same for an empty list."""
        if not self.allowed("documents.keep", self.cycle):
            return None
        return Action("Unterlage ablegen", self.page("create"), "primary", "add")

    def _reads_elsewhere(self) -> bool:
        """Mentees of another cycle than they help to run find its documents nowhere else."""
        return Document.objects.visible_to(self.request.user).exclude(cycle=self.cycle).exists()

"""The documents of a Durchgang: files in versions, and links to other platforms."""

from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Prefetch, Q
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from mentoring.files.checks import KINDS, german_size
from mentoring.files.models import StoredFile
from mentoring.records import Keyed, KeyedQuerySet
from programmes.cycles.models import Cycle


class DocumentQuerySet(KeyedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The documents ``user`` may read: see ``programmes.documents.permissions``."""
        from programmes.documents.permissions import visible_documents

        return self.filter(visible_documents(user))

    def with_newest(self) -> Self:
        """Each with its newest version at hand: two queries, however many there are."""
        newest = DocumentVersion.objects.select_related("file").order_by("-number")[:1]
        return self.prefetch_related(Prefetch("versions", newest, to_attr="_newest"))


LINK = "Link"
_LABELS = {kind.content_type: kind.label for kind in KINDS.values()}


AUDIENCES = {
    "for_hr": "Personalstellen",
    "for_logistics": "Logistikpartner",
    "for_mentees": "Mentees",
    "for_mentors": "Mentor/innen",
}
"""The fields that say who reads a document beside the Beirat, with their labels."""


class Document(Keyed):
    """A file in its versions, or a link. The Beirat reads all of them; the rest is chosen."""

    key_fields: ClassVar[tuple[str, ...]] = ("title",)
    search_only_fields: ClassVar[tuple[str, ...]] = ("description",)

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField("Titel", max_length=160)
    description = models.TextField("Beschreibung", max_length=2000, blank=True)
    url = models.URLField("Link", max_length=500, blank=True)
    for_hr = models.BooleanField(AUDIENCES["for_hr"], default=False)
    for_logistics = models.BooleanField(AUDIENCES["for_logistics"], default=False)
    for_mentees = models.BooleanField(AUDIENCES["for_mentees"], default=False)
    for_mentors = models.BooleanField(AUDIENCES["for_mentors"], default=False)
    created_at = models.DateTimeField("angelegt am", default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(DocumentQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Unterlage"
        verbose_name_plural = "Unterlagen"
        ordering = ("sort_key", "pk")
        indexes = (models.Index(fields=["cycle", "sort_key"], name="document_cycle_sort"),)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page in the cycle."""
        return reverse("documents:document", args=[self.cycle_id, self.pk])

    @property
    def is_link(self) -> bool:
        """Whether it leads to another platform instead of holding a file."""
        return bool(self.url)

    @property
    def newest(self) -> "DocumentVersion | None":
        """The newest version; ``None`` for a link. Fetched once, or by ``with_newest()``."""
        if not hasattr(self, "_newest"):
            self._newest = list(self.versions.select_related("file").order_by("-number")[:1])
        return self._newest[0] if self._newest else None

    @property
    def address(self) -> str:
        """Where a reader gets it: the other platform, or the newest file."""
        if self.is_link or self.newest is None:
            return self.url
        return self.newest.file.get_absolute_url()

    @property
    def host(self) -> str:
        """The name of the platform a link leads to."""
        return urlsplit(self.url).hostname or ""

    @property
    def type_label(self) -> str:
        """What it is: "Link", or the type of its newest file."""
        if self.is_link or self.newest is None:
            return LINK
        return self.newest.type_label

    @property
    def audience(self) -> list[str]:
        """Who reads it, the Beirat always."""
        chosen = (label for name, label in AUDIENCES.items() if getattr(self, name))
        return ["Beirat", *chosen]


class DocumentVersion(models.Model):
    """One version of a document's file; an older one stays to be had."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField("Fassung")
    file = models.OneToOneField(
        StoredFile, verbose_name="Datei", on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField("Was ist neu?", max_length=300, blank=True)
    created_at = models.DateTimeField("vom", default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        app_label = "programmes"
        verbose_name = "Fassung einer Unterlage"
        verbose_name_plural = "Fassungen von Unterlagen"
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(
                fields=["document", "number"], name="document_version_number_once"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="document_version_number_positive"
            ),
        )

    def __str__(self) -> str:
        return f"Fassung {self.number}"

    @property
    def type_label(self) -> str:
        """The type of its file by its usual name."""
        return _LABELS.get(self.file.content_type, "Datei")

    @property
    def size_label(self) -> str:
        """How large its file is: "1,2 MB"."""
        return german_size(self.file.size)


@receiver(post_delete, sender=DocumentVersion, dispatch_uid="programmes.documents.remove_file")
def remove_file(sender: type[DocumentVersion], instance: DocumentVersion, **kwargs: Any) -> None:
    """Nothing else holds the file, whichever way the version went: with its cycle, too."""
    StoredFile.objects.filter(pk=instance.file_id).delete()

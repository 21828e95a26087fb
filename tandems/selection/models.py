"""Notes of the Beirat on an application, from the Vorstellungstermin above all."""

from typing import Any, Self

from django.db import models

from mentoring.records import Versioned, VersionedQuerySet
from programmes.people.models import Person
from tandems.applications.models import Application


class ApplicationNoteQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Own notes, and those others in the Beirat share, on visible applications."""
        from tandems.selection.permissions import visible_notes

        return self.filter(visible_notes(user))


class ApplicationNote(Versioned):
    """What one member of the Beirat noted; ``shared`` lets the others of the Beirat read it."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="application_notes")
    text = models.TextField("Notiz", max_length=4000, blank=True)
    shared = models.BooleanField("mit dem Beirat teilen", default=False)
    changed_at = models.DateTimeField("geändert am", auto_now=True)

    objects = models.Manager.from_queryset(ApplicationNoteQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "Notiz"
        verbose_name_plural = "Notizen"
        constraints = (
            models.UniqueConstraint(fields=["application", "author"], name="note_once_an_author"),
        )

    def __str__(self) -> str:
        return f"Notiz {self.pk}"

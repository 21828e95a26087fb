"""Stored files: the row knows what the file is, the disk only an unguessable name."""

import secrets
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone


def unguessable_path(instance: "StoredFile", filename: str) -> str:
    """A fresh path below ``MEDIA_ROOT`` that owes nothing to the file's name."""
    token = secrets.token_hex(20)
    return f"{token[:2]}/{token}"


class StoredFile(models.Model):
    """A file whose content was checked (uploads) or made by us (exports, PDFs).

    It belongs to no cycle; who may read it says the reader of its ``purpose``
    (``mentoring.files.domain.readers``).
    """

    name = models.CharField("Dateiname", max_length=150)
    purpose = models.CharField("Zweck", max_length=60)
    content = models.FileField("Datei", upload_to=unguessable_path, max_length=100, unique=True)
    content_type = models.CharField("Dateityp", max_length=100)
    size = models.PositiveBigIntegerField("Größe in Byte")
    sha256 = models.CharField("SHA-256", max_length=64)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="abgelegt von",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField("abgelegt am", default=timezone.now)
    expires_at = models.DateTimeField("wird gelöscht am", null=True, blank=True)

    class Meta:
        app_label = "mentoring"
        verbose_name = "Datei"
        verbose_name_plural = "Dateien"
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(
                fields=["expires_at"], name="file_expires", condition=Q(expires_at__isnull=False)
            ),
        )
        constraints = (
            models.CheckConstraint(condition=~Q(purpose=""), name="file_has_purpose"),
            models.CheckConstraint(condition=~Q(content=""), name="file_has_content"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where the file is to be had, for who may read it."""
        return reverse("files:file", kwargs={"pk": self.pk})


@receiver(post_delete, sender=StoredFile, dispatch_uid="mentoring.files.remove_content")
def remove_content(sender: type[StoredFile], instance: StoredFile, **kwargs: Any) -> None:
    """Remove the file from the disk once the deletion of its row is certain."""
    storage, path = instance.content.storage, instance.content.name or ""
    # robust: a file that cannot be removed is left to the orphan clean-up.
    transaction.on_commit(lambda: storage.delete(path), robust=True)

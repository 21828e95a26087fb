"""Posted forms that have already done their work, against double posting."""

from django.db import models
from django.utils import timezone


class SubmittedForm(models.Model):
    """A form that was posted and acted on; ``location`` is where it led to."""

    key = models.CharField("Kennung", max_length=64, unique=True)
    location = models.CharField("führte zu", max_length=1000, blank=True)
    created_at = models.DateTimeField("abgesendet am", default=timezone.now, db_index=True)

    class Meta:
        app_label = "mentoring"
        verbose_name = "abgesendetes Formular"
        verbose_name_plural = "abgesendete Formulare"

    def __str__(self) -> str:
        return self.key

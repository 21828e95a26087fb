"""The words of a Durchgang's certificates."""

from typing import Any, Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from mentoring.records import Versioned, VersionedQuerySet
from programmes.cycles.models import Cycle


class CertificateKind(models.TextChoices):
    ATTENDANCE = "attendance", "Teilnahmebestätigung"
    CERTIFICATE = "certificate", "Zertifikat"


class CertificateTextQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Those of cycles whose certificates ``user`` may print."""
        from programmes.certificates.permissions import visible_certificate_texts

        return self.filter(visible_certificate_texts(user))


class CertificateText(Versioned):
    """What stands on one kind of certificate of a cycle, and who gets it."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="certificate_texts")
    kind = models.CharField("Art", max_length=11, choices=CertificateKind, editable=False)
    heading = models.CharField("Überschrift", max_length=80)
    text = models.TextField("Text", max_length=3000)
    events_at_least = models.PositiveSmallIntegerField(
        "mindestens besuchte Veranstaltungen",
        default=0,
        validators=[MaxValueValidator(100)],
    )
    lists_events = models.BooleanField("besuchte Veranstaltungen aufzählen", default=True)
    place = models.CharField("Ort", max_length=80, blank=True)
    dated_on = models.DateField("Datum", null=True, blank=True)
    signatures = models.TextField(
        "Unterschriften",
        max_length=600,
        blank=True,
        help_text="Eine Zeile je Unterschrift: Name, Funktion.",
    )
    with_logos = models.BooleanField("mit den Logos aller Kommunen", default=True)
    released_at = models.DateTimeField("freigegeben am", null=True, blank=True, editable=False)
    """Since when mentees and mentors fetch their own; the closing event must be over, too."""

    objects = models.Manager.from_queryset(CertificateTextQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Text eines Zertifikats"
        verbose_name_plural = "Texte von Zertifikaten"
        ordering = ("cycle", "kind")
        constraints = (
            models.UniqueConstraint(fields=["cycle", "kind"], name="certificate_text_once"),
            models.CheckConstraint(
                condition=Q(kind__in=CertificateKind.values), name="certificate_kind_known"
            ),
        )

    def __str__(self) -> str:
        return self.get_kind_display()

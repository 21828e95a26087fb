"""Meetings of a tandem, and calls for help."""

from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from mentoring.records import Versioned, VersionedQuerySet
from programmes.people.models import Person
from tandems.pairs.models import Tandem


class MeetingForm(models.TextChoices):
    PRESENCE = "presence", "in Präsenz"
    ONLINE = "online", "online"
    PHONE = "phone", "am Telefon"


class TandemMeetingQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The two's own, and those of the tandems ``user`` follows in the Beirat.

        The Personalstelle sees none, not even how many (design, rule 7).
        """
        from tandems.meetings.permissions import visible_meetings

        return self.filter(visible_meetings(user))


class TandemMeeting(Versioned):
    """That the two met or will meet: day, form, length. Of what they spoke is kept nowhere."""

    tandem = models.ForeignKey(Tandem, on_delete=models.CASCADE, related_name="meetings")
    met_on = models.DateField("am")
    form = models.CharField("Form", max_length=8, choices=MeetingForm)
    minutes = models.PositiveSmallIntegerField(
        "Dauer in Minuten", validators=[MinValueValidator(5), MaxValueValidator(720)]
    )
    entered_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    entered_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(TandemMeetingQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "Treffen eines Tandems"
        verbose_name_plural = "Treffen der Tandems"
        ordering = ("met_on", "pk")
        indexes = (models.Index(fields=["tandem", "met_on"], name="tandem_meeting_day"),)

    def __str__(self) -> str:
        return f"Treffen {self.pk}"


class HelpCallQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Own calls, those one is the contact of, and, once that seat has ended, the leads'."""
        from tandems.meetings.permissions import visible_help_calls

        return self.filter(visible_help_calls(user))


class HelpCall(Versioned):
    """ "Wir brauchen Hilfe": one of the two asks the contact in the Beirat. No words are kept."""

    tandem = models.ForeignKey(Tandem, on_delete=models.CASCADE, related_name="help_calls")
    asked_by = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField("am", default=timezone.now, editable=False)
    settled_on = models.DateField("erledigt am", null=True, blank=True, editable=False)

    objects = models.Manager.from_queryset(HelpCallQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "Bitte um Hilfe"
        verbose_name_plural = "Bitten um Hilfe"
        ordering = ("-asked_at", "-pk")

    def __str__(self) -> str:
        return f"Bitte um Hilfe {self.pk}"

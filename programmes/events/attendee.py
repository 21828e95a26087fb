"""Who is invited, what they answered, who came."""

from typing import Any, Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from mentoring.records import Versioned, VersionedQuerySet
from mentoring.text import search_key
from programmes.events.event import Event
from programmes.organisations.models import Municipality
from programmes.people.models import Person


class Answer(models.TextChoices):
    OPEN = "open", "noch offen"
    YES = "yes", "zugesagt"
    NO = "no", "abgesagt"


class AttendeeQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The invitations ``user`` may see: see ``programmes.events.permissions``."""
        from programmes.events.permissions import visible_attendees

        return self.filter(visible_attendees(user))

    def search(self, text: str) -> Self:
        """Those whose person's search key contains every word of ``text``."""
        found = self
        for word in search_key(text).split():
            found = found.filter(person__search_key__contains=word)
        return found


class Attendee(Versioned):
    """A person invited to an event.

    ``nonce`` goes into the signed personal link; a new one ends the links sent before.
    ``diet`` and ``access_needs`` are read by Logistikpartner and leads alone and deleted 14
    days after the event.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="attendees")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attendances")
    municipality = models.ForeignKey(
        Municipality,
        verbose_name="Kommune",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    role = models.CharField("eingeladen als", max_length=40, blank=True)
    nonce = models.UUIDField(default=uuid4, editable=False)
    answer = models.CharField("Antwort", max_length=4, choices=Answer, default=Answer.OPEN)
    answered_at = models.DateTimeField("geantwortet am", null=True, blank=True)
    note = models.CharField("Bemerkung", max_length=300, blank=True)
    diet = models.CharField("Essen", max_length=200, blank=True)
    access_needs = models.CharField("Barrierefreiheit", max_length=300, blank=True)
    attended = models.BooleanField("war da", null=True, blank=True)
    invited_at = models.DateTimeField("eingeladen am", default=timezone.now)
    mailed_at = models.DateTimeField("Einladung versandt am", null=True, blank=True)
    told_sequence = models.PositiveIntegerField(null=True, editable=False)
    """The event's ``sequence`` in the last mail: lower than now, the person knows old dates."""
    reminded_at = models.DateTimeField("erinnert am", null=True, blank=True)

    objects = models.Manager.from_queryset(AttendeeQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Einladung zu einer Veranstaltung"
        verbose_name_plural = "Eingeladene"
        ordering = ("person__sort_key", "pk")
        indexes = (models.Index(fields=["event", "answer"], name="attendee_event_answer"),)
        constraints = (
            models.UniqueConstraint(
                fields=["event", "person"],
                name="attendee_once",
                violation_error_message="Diese Person ist schon eingeladen.",
            ),
            models.CheckConstraint(
                condition=Q(answer__in=Answer.values), name="attendee_answer_known"
            ),
            models.CheckConstraint(
                condition=Q(answer="open") | Q(answered_at__isnull=False),
                name="attendee_answered_has_time",
            ),
        )

    def __str__(self) -> str:
        return f"Einladung {self.pk}"

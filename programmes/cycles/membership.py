"""Who takes part in a Durchgang: Kommunen, seats in the Beirat, participants."""

from typing import Any, Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from mentoring.records import Versioned, VersionedQuerySet
from mentoring.text import search_key
from programmes.cycles.cycle import Cycle, CycleState
from programmes.organisations.models import Municipality
from programmes.people.models import Person


class ParticipationState(models.TextChoices):
    INVITED = "invited", "eingeladen"
    CONFIRMED = "confirmed", "nimmt teil"
    DECLINED = "declined", "nimmt nicht teil"


class ParticipationQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Participations in the cycles ``user`` may open."""
        from programmes.cycles.permissions import visible_cycles

        return self.filter(cycle__in=Cycle.objects.filter(visible_cycles(user)))


class Participation(Versioned):
    """A Kommune in a cycle.

    ``mentees`` and ``mentors`` are published figures: written when a cycle closes, or
    typed in for cycles from before the installation. They are empty until then.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="participations")
    municipality = models.ForeignKey(
        Municipality,
        verbose_name="Kommune",
        on_delete=models.PROTECT,
        related_name="participations",
    )
    state = models.CharField(
        "Stand",
        max_length=10,
        choices=ParticipationState,
        default=ParticipationState.INVITED,
        editable=False,
    )
    places_wished = models.PositiveSmallIntegerField(
        "gewünschte Plätze", null=True, blank=True, validators=[MaxValueValidator(50)]
    )
    note = models.CharField("Bemerkung", max_length=300, blank=True)
    mentees = models.PositiveSmallIntegerField("Mentees", null=True, blank=True)
    mentors = models.PositiveSmallIntegerField("Mentor/innen", null=True, blank=True)
    left_reason = models.CharField(
        "Grund des Ausscheidens", max_length=300, blank=True, editable=False
    )

    objects = models.Manager.from_queryset(ParticipationQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Teilnahme"
        verbose_name_plural = "Teilnahmen"
        constraints = (
            models.UniqueConstraint(
                fields=["cycle", "municipality"],
                name="participation_once",
                violation_error_message="Diese Kommune ist in diesem Durchgang schon eingetragen.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ParticipationState.values), name="participation_state_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.municipality} in {self.cycle}"


class SeatFunction(models.TextChoices):
    HR_DEVELOPMENT = "hr_development", "Personalentwicklung"
    EQUALITY = "equality", "Gleichstellung"
    OTHER = "other", "andere"


class CouncilSeatQuerySet(VersionedQuerySet):
    def current(self) -> Self:
        """Seats that give access today: held, and in a cycle that has not ended.

        ``until`` is the first day without access, so that ending a seat works at once.
        """
        today = timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gt=today), since__lte=today).exclude(
            participation__cycle__state__in=CycleState.ended()
        )

    def held(self) -> Self:
        """Seats nobody has ended, also those of a cycle that has."""
        return self.filter(until=None)

    def visible_to(self, user: Any) -> Self:
        """Seats in the cycles ``user`` may open."""
        from programmes.cycles.permissions import visible_cycles

        return self.filter(participation__cycle__in=Cycle.objects.filter(visible_cycles(user)))


class CouncilSeat(Versioned):
    """A seat in the Beirat.

    It hangs on the Kommune's participation, so a Kommune that does not take part can have
    none; ``chair`` 1 or 2 keeps a third seat out in the database, not only in the form.
    """

    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="seats")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="seats")
    chair = models.PositiveSmallIntegerField(
        "Platz der Kommune", choices=((1, "1"), (2, "2")), editable=False
    )
    function = models.CharField("Funktion", max_length=16, choices=SeatFunction)
    lead = models.BooleanField("Leitung (Treiber/in)", default=False)
    since = models.DateField("seit", default=timezone.localdate)
    until = models.DateField("beendet am", null=True, blank=True)

    objects = models.Manager.from_queryset(CouncilSeatQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Sitz im Beirat"
        verbose_name_plural = "Sitze im Beirat"
        ordering = ("participation__municipality__sort_key", "chair")
        constraints = (
            models.UniqueConstraint(
                fields=["participation", "chair"],
                condition=Q(until=None),
                name="seat_two_per_municipality",
            ),
            models.UniqueConstraint(
                fields=["participation", "person"], condition=Q(until=None), name="seat_once"
            ),
            models.CheckConstraint(condition=Q(chair__in=(1, 2)), name="seat_chair_known"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="seat_dates"
            ),
        )

    def __str__(self) -> str:
        return f"Sitz {self.participation.municipality}"


class ParticipantRole(models.TextChoices):
    APPLICANT = "applicant", "Bewerber/in"
    MENTEE = "mentee", "Mentee"
    MENTOR = "mentor", "Mentor/in"


class ParticipantQuerySet(VersionedQuerySet):
    def search(self, text: str) -> Self:
        """Those whose person's search key contains every word of ``text``."""
        found = self
        for word in search_key(text).split():
            found = found.filter(person__search_key__contains=word)
        return found

    def present(self) -> Self:
        """Those who have not left."""
        return self.filter(left_on=None)

    def visible_to(self, user: Any) -> Self:
        """The participants ``user`` may see: see ``programmes.cycles.permissions``."""
        from programmes.cycles.permissions import visible_participants

        return self.filter(visible_participants(user))


class Participant(Versioned):
    """The bridge over the privacy wall: somebody the Logistikpartner may know of.

    Written by `tandems` through ``programmes.cycles.domain`` alone. A mentee row
    exists only once the applicant was told.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="participants")
    municipality = models.ForeignKey(
        Municipality, verbose_name="Kommune", on_delete=models.PROTECT, related_name="participants"
    )
    role = models.CharField("Rolle", max_length=10, choices=ParticipantRole)
    joined_on = models.DateField("seit", default=timezone.localdate)
    left_on = models.DateField("ausgeschieden am", null=True, blank=True)

    objects = models.Manager.from_queryset(ParticipantQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Teilnehmer/in"
        verbose_name_plural = "Teilnehmer/innen"
        constraints = (
            models.UniqueConstraint(
                fields=["cycle", "person", "role"], name="participant_role_once"
            ),
            models.CheckConstraint(
                condition=Q(role__in=ParticipantRole.values), name="participant_role_known"
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                name="participant_dates",
            ),
        )
        indexes = (models.Index(fields=["cycle", "role", "municipality"], name="participant_list"),)

    def __str__(self) -> str:
        return f"{self.get_role_display()} in {self.cycle}"

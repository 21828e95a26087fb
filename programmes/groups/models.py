"""The groups in which the mentees meet for a Vernetzungstreffen."""

from typing import Any, Self

from django.db import models

from mentoring.records import Versioned, VersionedQuerySet
from programmes.cycles.models import Participant
from programmes.events.models import Event
from programmes.roadmap.models import Milestone


class GroupQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Groups of the milestones ``user`` may see."""
        from programmes.roadmap.permissions import visible_milestones

        return self.filter(milestone__in=Milestone.objects.filter(visible_milestones(user)))


class Group(Versioned):
    """A group for one Vernetzungstreffen (``milestone``); once settled it has its event."""

    milestone = models.ForeignKey(
        Milestone, on_delete=models.CASCADE, related_name="networking_groups"
    )
    name = models.CharField("Name der Gruppe", max_length=80)
    event = models.OneToOneField(
        Event, on_delete=models.SET_NULL, null=True, blank=True, related_name="networking_group"
    )

    objects = models.Manager.from_queryset(GroupQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Vernetzungsgruppe"
        verbose_name_plural = "Vernetzungsgruppen"
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=["milestone", "name"], name="group_name_once"),
        )

    def __str__(self) -> str:
        return self.name


class GroupMemberQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Members whose participation ``user`` may see."""
        from programmes.cycles.permissions import visible_participants

        return self.filter(participant__in=Participant.objects.filter(visible_participants(user)))


class GroupMember(models.Model):
    """A mentee in a group; in one only per Vernetzungstreffen."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")

    objects = models.Manager.from_queryset(GroupMemberQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Mitglied einer Vernetzungsgruppe"
        verbose_name_plural = "Mitglieder von Vernetzungsgruppen"
        ordering = ("participant__person__sort_key", "pk")
        constraints = (
            models.UniqueConstraint(fields=["milestone", "participant"], name="group_member_once"),
        )

    def __str__(self) -> str:
        return f"Gruppenmitglied {self.pk}"

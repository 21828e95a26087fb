"""Personal links: somebody without a sign-in fills in their own sheet."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from programmes.cycles.models import Cycle
from programmes.people.models import Person


class PersonalLinkQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Links that still lead somewhere."""
        return self.filter(closed_at=None, expires_at__gt=timezone.now())

    def visible_to(self, user: Any) -> Self:
        """Links of the records ``user`` handles: each purpose says which."""
        from tandems.links.permissions import visible_links

        return self.filter(visible_links(user))


class PersonalLink(models.Model):
    """A link to one record, for the one person it is about (design, rule 8).

    Whoever opens it proves with a code sent to ``email`` that the mailbox is theirs. Only
    the hash of the link is stored. ``purpose`` names an entry of ``tandems.links.registry``,
    ``record`` is the primary key of what the link leads to.
    """

    purpose = models.CharField(max_length=20)
    record = models.PositiveBigIntegerField()
    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="personal_links")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="personal_links")
    email = models.EmailField("geschickt an")
    code_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField("geschickt am", default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField("gültig bis")
    opened_at = models.DateTimeField("zuerst geöffnet am", null=True)
    closed_at = models.DateTimeField("beendet am", null=True)

    objects = models.Manager.from_queryset(PersonalLinkQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "persönlicher Link"
        verbose_name_plural = "persönliche Links"
        constraints = (
            models.UniqueConstraint(
                fields=["purpose", "record"],
                condition=Q(closed_at=None),
                name="personal_link_one_open",
            ),
        )

    def __str__(self) -> str:
        return f"persönlicher Link {self.pk}"

"""To whom a Rundmail goes: fixed at release, one row per person."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from mentoring.text import search_key
from programmes.outbox.models import Delivery
from programmes.people.models import Person
from programmes.rundmails.mail import Rundmail


class RecipientState(models.TextChoices):
    """Whether the mail goes to somebody; what became of it says the delivery."""

    FIXED = "fixed", "bekommt die Mail"
    WITHDRAWN = "withdrawn", "inzwischen nicht mehr dabei"
    ADDED = "added", "später dazugekommen, wartet"


class RecipientQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Recipients of the mails ``user`` may open, without people hidden from them."""
        from programmes.rundmails.permissions import visible_recipients

        return self.filter(visible_recipients(user))

    def search(self, text: str) -> Self:
        """Those whose name contains every word of ``text``."""
        found = self
        for word in search_key(text).split():
            found = found.filter(search_key__contains=word)
        return found


class Recipient(models.Model):
    """A person on a mail's list, with name and address as they were at release."""

    rundmail = models.ForeignKey(Rundmail, on_delete=models.CASCADE, related_name="recipients")
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField("Name", max_length=200)
    email = models.EmailField("E-Mail")
    state = models.CharField(
        "Stand", max_length=9, choices=RecipientState, default=RecipientState.FIXED
    )
    delivery = models.OneToOneField(
        Delivery, on_delete=models.SET_NULL, null=True, blank=True, related_name="recipient"
    )
    sort_key = models.CharField(max_length=500, editable=False)
    search_key = models.TextField(editable=False)

    objects = models.Manager.from_queryset(RecipientQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Empfänger/in"
        verbose_name_plural = "Empfänger/innen"
        ordering = ("sort_key", "pk")
        indexes = (
            models.Index(fields=["rundmail", "sort_key"], name="recipient_mail_sort"),
            models.Index(fields=["rundmail", "state"], name="recipient_mail_state"),
            models.Index(fields=["person"], name="recipient_person"),
        )
        constraints = (
            models.UniqueConstraint(fields=["rundmail", "person"], name="recipient_person_once"),
            # One message per address too: two people may share a mailbox.
            models.UniqueConstraint(
                fields=["rundmail", "email"],
                condition=~Q(email=""),
                name="recipient_address_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RecipientState.values), name="recipient_state_known"
            ),
        )

    def __str__(self) -> str:
        return f"Empfänger/in {self.pk}"

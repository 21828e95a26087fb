"""The usual mails of a programme."""

from typing import Any, ClassVar, Self

from django.db import models

from mentoring.records import Keyed, KeyedQuerySet
from programmes.cycles.models import Programme


class RundmailTemplateQuerySet(KeyedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Templates of the programmes whose cycles ``user`` writes mails in."""
        from programmes.rundmails.permissions import visible_templates

        return self.filter(visible_templates(user))


class RundmailTemplate(Keyed):
    """A text to begin with. ``milestone_key`` says at which milestone it is offered.

    ``audiences`` lists ``[audience, value]`` pairs; a name nobody has registered is left out.
    """

    key_fields: ClassVar[tuple[str, ...]] = ("title",)

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="rundmail_templates"
    )
    key = models.SlugField("Schlüssel", max_length=40, editable=False)
    title = models.CharField("Name der Vorlage", max_length=120)
    subject = models.CharField("Betreff", max_length=200)
    body = models.TextField("Text", max_length=20000)
    milestone_key = models.SlugField("Meilenstein", max_length=40, blank=True)
    days_from_milestone = models.SmallIntegerField("Tage danach", default=0)
    audiences = models.JSONField(default=list, blank=True, editable=False)

    objects = models.Manager.from_queryset(RundmailTemplateQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Vorlage einer Rundmail"
        verbose_name_plural = "Vorlagen für Rundmails"
        ordering = ("sort_key", "pk")
        constraints = (
            models.UniqueConstraint(fields=["programme", "key"], name="rundmail_template_key_once"),
        )

    def __str__(self) -> str:
        return self.title

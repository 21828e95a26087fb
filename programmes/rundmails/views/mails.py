"""The Rundmails of a Durchgang: the list of all, and the page of one."""

from typing import Any, ClassVar

from django.db.models.functions import Coalesce

from mentoring.ui.lists import Column, ListPage
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import Action
from programmes.rundmails.counts import shown_counts, with_counts
from programmes.rundmails.filters import RundmailFilter
from programmes.rundmails.models import Rundmail
from programmes.rundmails.registries import archive_links
from programmes.rundmails.subjects import shown_subject, with_subjects
from programmes.rundmails.views.base import (
    CONFIDENTIAL,
    InCycle,
    state_badge,
    user_name,
)
from programmes.rundmails.words import AudienceWords


class RundmailList(InCycle, ListPage):
    """Every mail of the cycle the user may know of, the newest first."""

    rule = "rundmails.list"
    list_name = "rundmails.rundmails"
    title = "Rundmails"
    filterset_class = RundmailFilter
    default_sort = "-created"
    empty_title = "Noch keine Rundmail"
    empty_text = (
        "Eine Rundmail geht an alle, die Sie auswählen. Sie können mit einer Vorlage beginnen, "
        "und ohne Ihre Freigabe wird nichts versandt."
    )
    _author: ClassVar = Column("author", "angelegt von", lambda row: user_name(row.created_by))
    _created: ClassVar = Column("created", "angelegt am", "created_at", sort="created_at")

    def get_columns(self) -> list[Column]:
        """The confidential ones are marked for those who may know of them."""
        words = AudienceWords(self.cycle, self.request.user)
        marked = [
            Column(
                "confidential",
                "Vertraulich",
                lambda row: CONFIDENTIAL if row.confidential else "",
                sort=("confidential", "-created_at"),
            )
        ]
        return [
            Column(
                "subject",
                "Betreff",
                shown_subject,
                sort="sort_key",
                link=lambda row: row.get_absolute_url(),
            ),
            Column("state", "Stand", state_badge, sort=("state", "confirm_reason")),
            *(marked if self.inside else []),
            Column("audience", "An", lambda row: words.of(row.choices.all())),
            Column("out", "Versand", "out_at", sort="out_at"),
            Column("counts", "Zustellung", shown_counts),
            self._author,
            self._created,
        ]

    def get_queryset(self) -> Any:
        """The visible mails, counted, with the parts of their audience."""
        mails = Rundmail.objects.visible_to(self.request.user).filter(cycle=self.cycle)
        return (
            with_counts(with_subjects(mails), self.request.user)
            .annotate(out_at=Coalesce("started_at", "send_at"))
            .select_related("created_by__person")
            .prefetch_related("choices")
        )

    def filterset(self, queryset: Any = None) -> Any:
        """Whoever sees no confidential mail is not asked about them."""
        fresh = not hasattr(self, "_filterset")
        found = super().filterset(queryset)
        if fresh and not self.inside:
            del found.filters["confidential"]
        return found

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle."""
        return super().breadcrumbs()[:-1]

    def actions(self) -> list[Action]:
        """Write one; ständige Mitglieder also keep the templates."""
        actions = [action] if (action := self.get_empty_action()) else []
        others = (offer(self.request.user, self.cycle) for offer in archive_links)
        return [*actions, *self._template_action(), *(one for one in others if one is not None)]

    def _template_action(self) -> list[Action]:
        programme = self.cycle.programme
        if not self.allowed("rundmails.change_templates", programme):
            return []
        return [Action("Vorlagen", self.templates_url())]

    def get_empty_action(self) -> Action | None:
        """The first one."""
        if not self.allowed("rundmails.create", self.cycle):
            return None
        return Action("Rundmail schreiben", self.page("create"), "primary", "add")

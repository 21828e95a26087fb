"""What did this person get? The mails of a Durchgang, by person."""

from typing import Any

from django.db.models.functions import Coalesce
from django.utils.functional import cached_property

from mentoring.ui.lists import Column, ListPage
from programmes.cycles.views.base import found_or_404
from programmes.people.models import Person
from programmes.rundmails.archive import received_by
from programmes.rundmails.subjects import shown_subject, with_subjects
from programmes.rundmails.views.base import CONFIDENTIAL, InCycle
from programmes.rundmails.views.recipients import outcome, reason


class PersonArchive(InCycle, ListPage):
    """Every mail somebody got in the cycle, as far as the user may know of it."""

    rule = "rundmails.list"
    list_name = "rundmails.person"
    default_sort = "-time"
    empty_title = "Keine Rundmails"
    empty_text = "Diese Person hat in diesem Durchgang noch keine Rundmail bekommen."

    @cached_property
    def person(self) -> Person:
        """The person of the address, if the user may see them."""
        people = Person.objects.visible_to(self.request.user)
        found: Person = found_or_404(people, self.kwargs["person_pk"])
        return found

    def get_rule_object(self) -> Any:
        """The cycle; the person must be visible."""
        self.person  # noqa: B018  # raises 404
        return super().get_rule_object()

    def get_title(self) -> str:
        """Whose mails."""
        return f"Rundmails an {self.person}"

    def get_columns(self) -> list[Column]:
        """The confidential ones are marked for those who may know of them."""
        marked = Column(
            "confidential",
            "Vertraulich",
            lambda row: CONFIDENTIAL if row.rundmail.confidential else "",
        )
        return [
            Column("time", "Zeit", "at", sort="at"),
            Column(
                "subject",
                "Betreff",
                lambda row: shown_subject(row.rundmail),
                sort="rundmail__sort_key",
                link=lambda row: self.page("message", row.rundmail_id, row.pk),
            ),
            *([marked] if self.inside else []),
            Column("email", "An", "email"),
            Column("state", "Stand", outcome, sort=("delivery__state", "state")),
            Column("reason", "Grund", reason),
        ]

    def get_queryset(self) -> Any:
        """The visible ones."""
        rows: Any = received_by(self.person, self.cycle, self.request.user)
        rows = with_subjects(rows.select_related("rundmail", "delivery"), "rundmail__")
        return rows.annotate(at=Coalesce("delivery__sent_at", "rundmail__started_at"))

"""The tandems of a cycle: how often they met, when last, how long they have been silent."""

from dataclasses import replace
from datetime import date
from typing import ClassVar

from django.db.models import DateField, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from mentoring.log.domain import record_accesses
from mentoring.ui.lists import Badge, Column, ListPage
from mentoring.ui.views import Action
from tandems.applications.models import ApplicationState
from tandems.meetings.counts import NUDGED_AFTER, wanted_meetings, weeks_silent
from tandems.meetings.filters import TandemFilter
from tandems.meetings.views.base import OfYear, acting_user
from tandems.mentors.models import MentorState
from tandems.pairs.models import Tandem, TandemState

STATE_BADGES: dict[str, str] = {
    TandemState.REVEALED: "info",
    TandemState.ACTIVE: "success",
    TandemState.COMPLETED: "info",
    TandemState.ENDED_EARLY: "warning",
}
_NO_DAY = date(9999, 12, 31)


def who_has_left(row: Tandem) -> str:
    """Which half of a running tandem is in the programme no more, "" if both are."""
    if row.state not in TandemState.running():
        return ""
    if row.application.state != ApplicationState.PLACED:
        return "Mentee ausgeschieden"
    return "" if row.mentor.state == MentorState.AGREED else "Mentor/in ausgeschieden"


def state_badge(row: Tandem) -> Badge:
    """The state; where one of the two has left, that."""
    left = who_has_left(row)
    if left:
        return Badge("warning", left)
    return Badge(STATE_BADGES.get(row.state, "info"), row.get_state_display())


def row_url(row: Tandem) -> str:
    """The page of a tandem in its year."""
    return reverse("meetings:tandem", args=[row.cycle_id, row.pk])


class OverviewPage(OfYear, ListPage):
    """All revealed tandems of the cycle that the user follows."""

    list_name = "meetings.tandems"
    title = "Tandems"
    filterset_class = TandemFilter
    default_sort = "silent"
    empty_title = "Noch kein Tandem ist bekannt gegeben"
    empty_text = (
        "Nach der Bekanntgabe stehen hier alle Tandems des Durchgangs: wie oft sie sich getroffen "
        "haben, wann zuletzt, und wer sie begleitet."
    )
    intro = (
        "Sie sehen Tage und Zahlen, mehr nicht: was die beiden besprechen, bleibt bei ihnen. "
        "Gezählt wird, was bis heute stattgefunden hat."
    )
    columns: ClassVar = [
        Column(
            "mentee",
            "Mentee",
            "mentee_person.full_name",
            sort="mentee_person__sort_key",
            link=row_url,
        ),
        Column(
            "mentee_house",
            "Kommune",
            "application.municipality.short_name",
            sort=("application__municipality__sort_key", "mentee_person__sort_key"),
        ),
        Column("mentor", "Mentor/in", "mentor_person.full_name", sort="mentor_person__sort_key"),
        Column(
            "mentor_house",
            "Kommune",
            "mentor.municipality.short_name",
            sort=("mentor__municipality__sort_key", "mentor_person__sort_key"),
        ),
        Column("state", "Stand", state_badge, sort=("state", "mentee_person__sort_key")),
        Column("met", "Treffen", "met", sort="met", numeric=True),
        Column("last", "zuletzt", "last_met", sort="last_order"),
        Column("silent", "still seit Wochen", weeks_silent, sort="silent_order", numeric=True),
        Column(
            "accompanied",
            "Begleitung",
            "accompanied_by.full_name",
            sort="accompanied_by__sort_key",
        ),
    ]

    def get_columns(self) -> list[Column]:
        """The heading says how many meetings the programme wants."""
        wanted = wanted_meetings(self.cycle.programme)
        return [
            replace(column, label=f"Treffen bisher (von {wanted})")
            if column.key == "met"
            else column
            for column in super().get_columns()
        ]

    def get_queryset(self) -> QuerySet[Tandem]:
        """What the user follows; both databases sort an empty day to the same end."""
        never = Value(_NO_DAY, output_field=DateField())
        return self.followed().annotate(
            silent_order=Coalesce("silent_since", never), last_order=Coalesce("last_met", never)
        )

    def actions(self) -> list[Action]:
        """A draft to those who are silent, and the end of the year."""
        if not self.followed().filter(state__in=TandemState.running()).exists():
            return []
        found = [Action("Rundmail-Entwurf an stille Tandems", self._nudge_url(), "secondary")]
        if self.allowed("pairs.follow_lead", self.cycle):
            found.append(Action("Alle abschließen", self.page("complete_all"), "tertiary"))
        return found

    def _nudge_url(self) -> str:
        """With the filters that are in use, so that the draft goes to those who are shown."""
        query = self.request.GET.copy()
        for name in ("sort", "page", "export"):
            query.pop(name, None)
        if not query.get("silent"):
            query["silent"] = str(NUDGED_AFTER)
        return f"{self.page('nudge')}?{query.urlencode()}"

    def note_export(self) -> None:
        """Whoever exports the list has read what is in it."""
        record_accesses(self.filtered(), by=acting_user(self.request))

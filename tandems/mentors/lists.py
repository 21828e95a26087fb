"""The lists of this room: mentors, approaches, Kommunen."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property

from mentoring.log.domain import record_accesses
from mentoring.ui.lists import Badge, Column, ListPage
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import Action
from programmes.cycles.models import Participation, ParticipationState
from tandems.applications.models import Application, ApplicationState
from tandems.mentors.filters import ApproachFilter, MentorFilter
from tandems.mentors.models import Answer, Approach, Mentor, MentorState
from tandems.mentors.pages import STATE_BADGES, InCycle


def last_asked() -> Prefetch:
    """The approaches of each mentor that were one, the newest first, as ``asked``."""
    rows = Approach.objects.exclude(answer=Answer.RELEASED).select_related("by")
    return Prefetch("approaches", rows, to_attr="asked")


def _asked_by(row: Any) -> str:
    return row.asked[0].by.full_name if row.asked else ""


def _asked_on(row: Any) -> Any:
    return timezone.localtime(row.asked[0].claimed_at).date() if row.asked else None


class MentorList(InCycle, ListPage):
    """For the Beirat all of the cycle, for HR staff those of the own Kommune."""

    rule = "mentors.list"
    list_name = "mentors.mentors"
    title = "Mentor/innen"
    filterset_class = MentorFilter
    default_sort = "name"
    empty_title = "Noch keine Mentor/innen"
    empty_text = (
        "Hier stehen Ideen, Anfragen und Zusagen dieses Durchgangs. Jede Idee hilft: eine "
        "Funktion und ein Haus genügen, ein Name ist nicht nötig."
    )
    columns: ClassVar = [
        Column(
            "name",
            "Name oder Funktion",
            "called",
            sort="name_key",
            link=lambda row: row.get_absolute_url(),
        ),
        Column("house", "Kommune", "municipality.short_name", sort="municipality__sort_key"),
        Column("position", "Funktion", "position", sort="position"),
        Column(
            "state",
            "Stand",
            lambda row: Badge(STATE_BADGES.get(row.state, "info"), row.get_state_display()),
            sort=("state", "name_key"),
        ),
        Column("topics", "Themen", "topic_labels"),
        Column("asked_by", "angefragt von", _asked_by),
        Column("asked_on", "angefragt am", _asked_on),
        Column("agreed_on", "zugesagt am", "agreed_on", sort="agreed_on"),
        Column("capacity", "Mentees", "capacity", sort="capacity", numeric=True),
        Column(
            "sheet",
            "Profilbogen",
            lambda row: "abgegeben" if row.handed_in_at else "",
            sort="handed_in_at",
        ),
    ]

    def get_queryset(self) -> QuerySet[Mentor]:
        """What the user may see of this cycle."""
        return (
            Mentor.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related("person", "municipality")
            .prefetch_related(last_asked())
            .annotate(name_key=Coalesce("person__sort_key", "position"))
        )

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle; this page is the room's first."""
        return super().breadcrumbs()[:-1]

    def actions(self) -> list[Action]:
        """A new idea, and for the Beirat the way to pool, history and overview."""
        found = [action] if (action := self.get_empty_action()) else []
        if self.allowed("mentors.pool", self.cycle):
            found += [
                Action("Pool", self.page("pool")),
                Action("Anfragen", self.page("approaches"), "tertiary"),
                Action("Nach Kommunen", self.page("overview"), "tertiary"),
                Action("Anfragetext", self.page("guide"), "tertiary"),
            ]
        return found

    def get_empty_action(self) -> Action | None:
        """Enter an idea."""
        if not self.allowed("mentors.add", self.cycle):
            return None
        return Action("Idee eintragen", self.page("new"), "primary", "add")

    def note_export(self) -> None:
        """Whoever exports the list has read what is in it."""
        record_accesses(self.filtered(), by=self.request.user)


class ApproachList(InCycle, ListPage):
    """Who asked whom, when, with what answer."""

    rule = "mentors.list"
    list_name = "mentors.approaches"
    title = "Anfragen an Mentor/innen"
    filterset_class = ApproachFilter
    default_sort = "-claimed"
    empty_title = "Noch keine Anfragen"
    empty_text = "Sobald jemand die Anfrage bei einer Idee übernimmt, steht sie hier."
    columns: ClassVar = [
        Column(
            "mentor",
            "Name oder Funktion",
            "mentor.called",
            sort="name_key",
            link=lambda row: row.mentor.get_absolute_url(),
        ),
        Column(
            "house",
            "Kommune",
            "mentor.municipality.short_name",
            sort="mentor__municipality__sort_key",
        ),
        Column("by", "angefragt von", "by.full_name", sort="by__sort_key"),
        Column("claimed", "übernommen am", "claimed_at", sort="claimed_at"),
        Column(
            "answer",
            "Antwort",
            lambda row: row.get_answer_display() or Badge("warning", "noch offen"),
            sort="answer",
        ),
        Column("answered", "beantwortet am", "answered_on", sort="answered_on"),
    ]

    def get_queryset(self) -> QuerySet[Approach]:
        """What the user may see of this cycle."""
        return (
            Approach.objects.visible_to(self.request.user)
            .filter(mentor__cycle=self.cycle)
            .select_related("mentor__person", "mentor__municipality", "by")
            .annotate(name_key=Coalesce("mentor__person__sort_key", "mentor__position"))
        )

    def note_export(self) -> None:
        """Whoever exports the list has read what is in it."""
        record_accesses(self.filtered(), by=self.request.user)


class HouseOverview(InCycle, ListPage):
    """Whether the search is shared out fairly: per Kommune ideas, approaches, mentees."""

    rule = "mentors.overview"
    list_name = "mentors.overview"
    title = "Mentor/innen nach Kommunen"
    default_sort = "house"
    empty_title = "Noch keine Kommune"
    empty_text = "Sobald Kommunen ihre Teilnahme bestätigt haben, stehen sie hier."

    def get_columns(self) -> list[Column]:
        """Counted from what the user sees, in two queries for all rows."""

        def counted(key: str, label: str, numbers: str) -> Column:
            def value(row: Participation) -> int:
                return int(getattr(self, numbers).get(row.municipality_id, {}).get(key, 0))

            return Column(key, label, value, numeric=True)

        return [
            Column(
                "house",
                "Kommune",
                "municipality.short_name",
                sort="municipality__sort_key",
                link=lambda row: f"{self.page('list')}?municipality={row.municipality_id}",
            ),
            counted("ideas", "Ideen", "mentors"),
            counted("open", "offene Anfragen", "mentors"),
            counted("agreed", "Zusagen", "mentors"),
            counted("capacity", "Plätze bei Mentor/innen", "mentors"),
            counted("no", "Absagen und Pausen", "mentors"),
            counted("nominated", "Nominierte", "applications"),
            counted("placed", "mit Platz", "applications"),
            Column("wished", "gewünschte Plätze", "places_wished", numeric=True),
        ]

    def get_queryset(self) -> QuerySet[Participation]:
        """The Kommunen that take part."""
        return Participation.objects.filter(
            cycle=self.cycle, state=ParticipationState.CONFIRMED
        ).select_related("municipality")

    @property
    def intro(self) -> str:  # type: ignore[override]  # computed here
        """How far the whole search is."""
        agreed = sum(row["agreed"] for row in self.mentors.values())
        room = sum(row["capacity"] for row in self.mentors.values())
        return (
            f"Zugesagt haben {agreed} Mentor/innen für zusammen {room} Mentees. Der Durchgang hat "
            f"{self.cycle.places} Plätze."
        )

    @cached_property
    def mentors(self) -> Mapping[int, Mapping[str, int]]:
        """Per Kommune how many entries are in which state."""
        states = MentorState
        found: dict[int, dict[str, int]] = {}
        rows = (
            Mentor.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .order_by()
            .values_list("municipality", "state", "capacity")
            .annotate(number=Count("pk"))
        )
        keys = {states.IDEA: "ideas", states.APPROACHED: "open", states.AGREED: "agreed"}
        for house, state, capacity, number in rows:
            row = found.setdefault(
                house, dict.fromkeys(("ideas", "open", "agreed", "capacity", "no"), 0)
            )
            row[keys.get(MentorState(state), "no")] += number
            if state == states.AGREED:
                row["capacity"] += number * capacity
        return found

    @cached_property
    def applications(self) -> Mapping[int, Mapping[str, int]]:
        """Per Kommune how many were handed over to the Beirat, and how many have a place."""
        rows = (
            Application.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle, state__in=ApplicationState.with_council())
            .order_by()
            .values("municipality")
            .annotate(
                nominated=Count("pk"), placed=Count("pk", filter=Q(state=ApplicationState.PLACED))
            )
        )
        return {
            row["municipality"]: {"nominated": row["nominated"], "placed": row["placed"]}
            for row in rows
        }

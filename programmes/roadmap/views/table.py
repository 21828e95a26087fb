"""The milestones of a Durchgang as a table, and the log of their moves."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.functional import cached_property

from mentoring.ui.lists import Badge, Column, ListPage
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import Action, ActionPage
from programmes.cycles.models import CouncilSeat, Cycle
from programmes.cycles.views.base import acting_user, found_or_404
from programmes.roadmap import calendar, domain
from programmes.roadmap.filters import MilestoneFilter
from programmes.roadmap.models import Milestone, Move
from programmes.roadmap.timeline import hints
from programmes.roadmap.views.base import InRoadmap, state_badge


class MilestoneTable(InRoadmap, ListPage):
    """All milestones, to be filtered and taken along."""

    list_name = "roadmap.milestones"
    rule = "roadmap.view"
    title = "Fahrplan als Tabelle"
    template_name = "roadmap/table.html"
    filterset_class = MilestoneFilter
    default_sort = "starts_on"
    empty_title = "Noch kein Fahrplan"
    empty_text = (
        "Aus der Vorlage des Programms und dem Datum des Startworkshops entstehen alle "
        "Meilensteine und Aufgaben auf einmal. Das macht, wer den Beirat leitet."
    )
    columns = (
        Column(
            "title",
            "Meilenstein",
            "title",
            sort="sort_key",
            link=lambda row: row.get_absolute_url(),
        ),
        Column("starts_on", "am oder ab", "starts_on", sort=("starts_on", "ends_on")),
        Column("weekday", "Tag", lambda row: calendar.weekday(row.starts_on)),
        Column(
            "ends_on",
            "bis",
            lambda row: row.ends_on if row.days else None,
            sort=("ends_on", "starts_on"),
        ),
        Column("track", "Bereich", "get_track_display", sort=("track", "starts_on")),
        Column("kind", "Art", "get_kind_display", sort=("kind", "starts_on")),
        Column("responsible", "zuständig", lambda row: responsible(row) or None),
        Column("state", "Stand", state_badge, sort=("state", "starts_on")),
        Column("hint", "Hinweis", lambda row: hint(row)),
    )

    def get_queryset(self) -> QuerySet[Milestone]:
        """Those of the cycle the user may see, with who is responsible."""
        seats = CouncilSeat.objects.select_related("person").order_by("person__sort_key")
        return (
            Milestone.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related("municipality")
            .prefetch_related(Prefetch("seats", queryset=seats))
        )

    def breadcrumbs(self) -> list[Crumb]:
        """Below the cycle: it is one of the Fahrplan's views."""
        return super().breadcrumbs()[:-1]

    @cached_property
    def planned(self) -> bool:
        """Whether the cycle has a Fahrplan."""
        return Milestone.objects.filter(cycle=self.cycle).exists()

    def actions(self) -> list[Action]:
        """The Beirat adds to the Fahrplan, leads begin it."""
        if self.planned and self.allowed("roadmap.change", self.cycle):
            return [Action("Meilenstein anlegen", self.page("milestone_add"), "primary", "add")]
        return []

    def get_empty_action(self) -> Action | None:
        """For leads: begin."""
        if self.planned or not self.allowed("roadmap.plan", self.cycle):
            return None
        return Action("Fahrplan anlegen", self.page("plan"), "primary", "add")


def responsible(milestone: Milestone) -> list[str]:
    """Who is responsible, by name: seats and the Kommune."""
    names = [str(seat.person) for seat in milestone.seats.all()]
    house = milestone.municipality
    return [*names, house.short_name] if house is not None else names


def hint(milestone: Milestone) -> Badge | None:
    """What speaks against the date of a milestone that is planned."""
    found = hints(milestone)
    return Badge("warning", "; ".join(found)) if found else None


class MoveList(InRoadmap, ListPage):
    """What was moved, when and by whom; the latest can be taken back."""

    list_name = "roadmap.moves"
    rule = "roadmap.view"
    title = "Verschiebungen"
    template_name = "roadmap/moves.html"
    default_sort = "-moved_at"
    empty_title = "Noch nichts verschoben"
    empty_text = (
        "Wenn ein Meilenstein verschoben wird, an dem andere hängen, steht hier, was mitging. "
        "Die letzte Verschiebung lässt sich zurücknehmen."
    )

    def get_queryset(self) -> QuerySet[Move]:
        """All of this cycle."""
        return (
            Move.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related("moved_by__person", "undone_by__person", "milestone")
        )

    @cached_property
    def latest(self) -> Move | None:
        """The one that can be taken back."""
        return domain.latest_move(self.cycle)

    def get_columns(self) -> list[Column]:
        """Taking back is for the Beirat."""
        columns = [
            Column("moved_at", "verschoben am", "moved_at", sort=("moved_at", "pk")),
            Column(
                "title",
                "Meilenstein",
                "title",
                sort=("title", "moved_at"),
                link=lambda row: row.milestone.get_absolute_url() if row.milestone else None,
            ),
            Column("from_on", "von", "from_on", sort=("from_on", "moved_at")),
            Column("to_on", "auf", "to_on", sort=("to_on", "moved_at")),
            Column("along", "mitgegangen", lambda row: along(row)),
            Column("moved_by", "durch", lambda row: name_of(row.moved_by)),
            Column("undone_at", "zurückgenommen am", "undone_at", sort=("undone_at", "moved_at")),
            Column("undone_by", "zurückgenommen durch", lambda row: name_of(row.undone_by)),
        ]
        if self.allowed("roadmap.change", self.cycle):
            columns.append(
                Column("undo", "Zurücknehmen", self._offer, export=False, link=self._offer_url)
            )
        return columns

    def _offer(self, row: Move) -> str:
        if self.latest is None or row.pk != self.latest.pk:
            return ""
        return f"Verschiebung von „{row.title}“ zurücknehmen"

    def _offer_url(self, row: Move) -> str | None:
        return self.page("move_undo", row.pk) if self._offer(row) else None


def along(done: Move) -> str:
    """What else moved: "3 Meilensteine, 2 Aufgaben"."""
    kinds = [entry["what"] for entry in done.changes]
    milestones, tasks = kinds.count("milestone") - 1, kinds.count("task")
    parts = []
    if milestones > 0:
        parts.append("1 Meilenstein" if milestones == 1 else f"{milestones} Meilensteine")
    if tasks:
        parts.append("1 Aufgabe" if tasks == 1 else f"{tasks} Aufgaben")
    return ", ".join(parts)


def name_of(user: Any) -> str:
    """The person's name, or the sign-in's if it is nobody's."""
    if user is None:
        return ""
    return str(getattr(user, "person", None) or user)


class MoveUndo(InRoadmap, ActionPage):
    """Take the latest move back."""

    rule = "roadmap.change"
    title = "Verschiebung zurücknehmen"
    button_label = "Verschiebung zurücknehmen"
    success_message = "Die Verschiebung ist zurückgenommen."

    @cached_property
    def done(self) -> Move:
        """The move of the address, of this cycle."""
        moves = Move.objects.visible_to(self.request.user).filter(cycle=self.cycle)
        found: Move = found_or_404(moves.select_related("cycle"), self.kwargs["pk"])
        return found

    def get_rule_object(self) -> Cycle:
        """The cycle; the move must be one of its."""
        return self.done.cycle

    def breadcrumbs(self) -> list[Crumb]:
        """Below the list of moves."""
        return [*super().breadcrumbs(), Crumb("Verschiebungen", self.page("moves"))]

    def get_question(self) -> str:
        """Which one."""
        done = self.done
        return (
            f"Soll „{done.title}“ vom {done.to_on:%d.%m.%Y} zurück auf den {done.from_on:%d.%m.%Y}?"
        )

    def consequences(self) -> list[str]:
        """What goes back with it."""
        lines = []
        if text := along(self.done):
            lines.append(f"Auch zurück gehen: {text}.")
        if any(self.done.followed.values()):
            lines.append("Was sonst daran hängt, Veranstaltungen und Rundmails, geht mit zurück.")
        lines.append("Was seither neu dazugekommen ist, bleibt, wo es ist.")
        return lines

    def perform(self) -> Move:
        """By way of the domain."""
        return domain.undo(self.done, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """Back to the list."""
        return self.page("moves")

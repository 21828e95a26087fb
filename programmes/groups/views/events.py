"""The events of the groups of a Vernetzungstreffen, and who is invited to them."""

from typing import Any

from django.utils.functional import cached_property

from mentoring.ui.views import ActionPage
from programmes.cycles.views.base import acting_user
from programmes.groups import domain
from programmes.groups.board import GroupRow
from programmes.groups.forms import EventsForm
from programmes.groups.views.groups import OfGroups


class GroupsEvents(OfGroups, ActionPage):
    """One event per group, to which its mentees are invited."""

    title = "Veranstaltungen anlegen"
    button_label = "Veranstaltungen anlegen"
    form_class = EventsForm

    @cached_property
    def waiting(self) -> list[GroupRow]:
        """The groups whose event is to be made."""
        return [row for row in self.board.rows if row.members and row.event is None]

    def get_question(self) -> str:
        """For how many."""
        number = len(self.waiting)
        if not number:
            return "Jede Gruppe hat schon ihre Veranstaltung."
        groups = "Gruppe" if number == 1 else "Gruppen"
        return f"Soll für {number} {groups} je eine Veranstaltung angelegt werden?"

    def consequences(self) -> list[str]:
        """What is made, group by group."""
        if not self.waiting:
            return []
        day = f"{self.milestone.starts_on:%d.%m.%Y}"
        lines = [
            f"{domain.event_title(self.milestone, row.group)}: {len(row.members)} Mentees"
            for row in self.waiting
            if row.group is not None
        ]
        return [
            *lines,
            f"Alle finden zunächst am {day} statt. Zeit und Ort können Sie danach für jede "
            "Veranstaltung ändern.",
            "Die Mentees stehen dann auf der Liste der Eingeladenen. Es geht noch keine Mail "
            "hinaus.",
        ]

    def perform(self) -> Any:
        """By way of the domain."""
        data = self.form.cleaned_data
        made = domain.plan_events(
            self.milestone,
            begins=data["begins"],
            ends=data["ends"],
            by=acting_user(self.request),
        )
        number = len(made)
        self.success_message = (
            f"{number} {'Veranstaltung ist' if number == 1 else 'Veranstaltungen sind'} angelegt."
            if made
            else "Jede Gruppe hatte schon ihre Veranstaltung."
        )
        return made


class GroupsSettle(OfGroups, ActionPage):
    """Bring the invitations of the groups' events in line with the groups."""

    title = "Einladungen abgleichen"
    button_label = "Einladungen abgleichen"
    success_message = "Die Einladungen entsprechen jetzt den Gruppen."

    def get_question(self) -> str:
        """Whether there is something to do."""
        if any(row.to_invite or row.to_take_back for row in self.board.rows):
            return "Sollen die Einladungen den Gruppen angeglichen werden?"
        return "Die Einladungen entsprechen schon den Gruppen."

    def consequences(self) -> list[str]:
        """Who is invited and whose invitation is taken back, by name."""
        lines = []
        for row in self.board.rows:
            lines += [f"{row.name}: {m.person} wird eingeladen." for m in row.to_invite]
            for attendee in row.to_take_back:
                answered = attendee.answer != "open"
                answer = f" Die Antwort ({attendee.get_answer_display()}) geht verloren."
                lines.append(
                    f"{row.name}: die Einladung von {attendee.person} wird zurückgenommen."
                    + (answer if answered else "")
                )
        if lines:
            lines.append("Es geht keine Mail hinaus. Bitte sagen Sie den Betroffenen Bescheid.")
        return lines

    def perform(self) -> Any:
        """By way of the domain."""
        return domain.settle_invitations(self.milestone, by=acting_user(self.request))

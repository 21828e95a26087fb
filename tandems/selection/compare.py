"""Two to four applications side by side."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html

from mentoring.log.domain import record_accesses
from mentoring.ui.lists import Column
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import Action, PageView
from tandems.applications.models import Application, ApplicationState
from tandems.applications.views import ApplicationList
from tandems.profiles.questions import Kept, Reader, questions
from tandems.selection.pages import OfSelection
from tandems.selection.permissions import own_notes, with_council

LEAST, MOST = 2, 4
FIELD = "b"
NOT_COMPARED = (Kept.PERSON, Kept.CONSENT)
"""Contact data and consents tell nothing about who fits."""


def _box(row: Application) -> Any:
    return format_html(
        '<span class="kern-form-check"><input class="kern-form-check__checkbox" type="checkbox" '
        'name="{0}" value="{1}" id="wahl-{1}" form="vergleich"><label class="kern-label" '
        'for="wahl-{1}">{2}, {3}</label></span>',
        FIELD,
        row.pk,
        row.person.last_name,
        row.person.first_name,
    )


class CompareChoice(OfSelection, ApplicationList):
    """The list with a box before each name; works without scripts."""

    rule = "selection.use"
    list_name = "selection.choice"
    title = "Bewerbungen vergleichen"
    template_name = "selection/choice.html"
    exportable = False
    page_size = 200
    intro = "Wählen Sie zwei bis vier Bewerbungen aus."
    empty_title = "Noch nichts zu vergleichen"
    empty_text = "Hier stehen die Bewerbungen, die die Kommunen nominiert haben."
    columns: ClassVar = [
        Column("name", "Bewerbung", _box, sort="person__sort_key"),
        *ApplicationList.columns[1:],
    ]

    def get_queryset(self) -> Any:
        """What the Beirat decides about."""
        return with_council(self.request.user, self.cycle).select_related("person", "municipality")

    def actions(self) -> list[Action]:
        """None: the button stands below the list."""
        return []

    def get_empty_action(self) -> Action | None:
        """None: the Kommunen nominate."""
        return None

    def breadcrumbs(self) -> list[Crumb]:
        """Below the list of applications."""
        return [*super().breadcrumbs(), Crumb("Bewerbungen", self.page("list"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Where the choice is sent to."""
        return super().get_context_data(compare_url=self.own_page("compare"), **kwargs)


@dataclass(frozen=True)
class Row:
    """A question, and what each of the applications answers."""

    label: str
    answers: list[list[str]]
    notes: bool = False


class Comparison(OfSelection, PageView):
    """The sheet's questions as rows, the applications as columns."""

    title = "Bewerbungen im Vergleich"
    template_name = "selection/compare.html"

    def chosen(self) -> list[Application]:
        """The chosen applications in the order of the choice, as far as the user sees them."""
        keys = list(dict.fromkeys(self.request.GET.getlist(FIELD)))
        if not all(key.isascii() and key.isdigit() and len(key) < 10 for key in keys):
            return []
        rows = with_council(self.request.user, self.cycle)
        found = rows.select_related("person", "municipality").in_bulk(
            [int(key) for key in keys[: MOST + 1]]
        )
        for application in found.values():
            application.cycle = self.cycle  # one object, which reads its sheet once
        return [found[int(key)] for key in keys if int(key) in found]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The comparison, entered in the log, or what is wrong with the choice."""
        asked = set(request.GET.getlist(FIELD))
        chosen = self.chosen()
        if not LEAST <= len(asked) <= MOST:
            error = f"Bitte wählen Sie zwei bis vier Bewerbungen aus. Gewählt: {len(asked)}."
        elif len(chosen) < len(asked):
            error = "Mindestens eine der gewählten Bewerbungen steht nicht zur Auswahl."
        else:
            pks = [found.pk for found in chosen]
            record_accesses(Application.objects.filter(pk__in=pks), by=request.user)
            return self.render_to_response(
                self.get_context_data(chosen=chosen, rows=self.rows(chosen))
            )
        return self.render_to_response(self.get_context_data(error=error))

    def rows(self, chosen: list[Application]) -> list[Row]:
        """What the Beirat reads of each, question by question; nothing where nobody answered."""
        states = ApplicationState
        found = [
            Row("Kommune", [[str(row.municipality)] for row in chosen]),
            Row("Rang der Kommune", [[str(row.rank)] for row in chosen]),
            Row("Stand", [[str(states(row.state).label)] for row in chosen]),
        ]
        for question in questions(chosen[0].sheet):
            if question.kept in NOT_COMPARED or not question.seen_by & Reader.COUNCIL:
                continue
            answers = [question.lines(row) for row in chosen]
            if any(answers):
                found.append(Row(question.label, answers))
        notes = {
            note.application_id: note.text.splitlines()
            for note in own_notes(self.request.user).filter(application__in=chosen)
        }
        if notes:
            found.append(Row("Meine Notiz", [notes.get(row.pk, []) for row in chosen], notes=True))
        return found

    def actions(self) -> list[Action]:
        """Another choice."""
        return [Action("Andere wählen", self.own_page("choose"), "secondary")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Where to choose."""
        return super().get_context_data(choose_url=self.own_page("choose"), **kwargs)

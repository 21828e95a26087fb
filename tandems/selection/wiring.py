"""What this room adds to earlier ones."""

from typing import Any

import django_filters
import rules
from django.urls import reverse

from mentoring.accounts.models import User
from mentoring.jobs.domain import JobKind, kinds
from mentoring.log.domain import track
from mentoring.ui.views import Action
from programmes.cycles.models import Cycle
from programmes.cycles.permissions import sits_on_council
from programmes.people.retention import erasure
from programmes.privacy.periods import keep
from tandems.applications.models import Application
from tandems.applications.registries import (
    FurtherFilter,
    Section,
    application_actions,
    application_sections,
    list_actions,
    list_filters,
)
from tandems.applications.retention import before_deletion
from tandems.selection import jobs, retention
from tandems.selection.models import ApplicationNote
from tandems.selection.permissions import own_notes, shared_notes


def _application_button(label: str, name: str, rule: str, icon: str = "") -> Any:
    def make(user: User, application: Application) -> Action | None:
        if not rules.test_rule(rule, user, application):
            return None
        url = reverse(f"selection:{name}", args=[application.cycle_id, application.pk])
        return Action(label, url, "tertiary", icon)

    return make


def _list_button(label: str, name: str) -> Any:
    def make(user: User, cycle: Cycle) -> Action | None:
        if not sits_on_council(user, cycle):
            return None
        return Action(label, reverse(f"selection:{name}", args=[cycle.pk]), "secondary")

    return make


def _notes_section(user: User, application: Application) -> Section | None:
    """The own note and those others share, on the page of an application."""
    if not sits_on_council(user, application.cycle):
        return None
    own = own_notes(user).filter(application=application).first()
    others = list(shared_notes(user).filter(application=application))
    if own is None and not others:
        return None
    return Section("selection/notes_section.html", {"own": own, "others": others})


def _note_filter(user: User, cycle: Cycle) -> django_filters.Filter | None:
    """Whether the user noted something, for who sits on the Beirat."""
    if not sits_on_council(user, cycle):
        return None

    def by_note(queryset: Any, name: str, value: str) -> Any:
        noted = own_notes(user).filter(application__cycle=cycle).values("application")
        return queryset.filter(pk__in=noted) if value == "yes" else queryset.exclude(pk__in=noted)

    return django_filters.ChoiceFilter(
        field_name="notes",
        label="Mit eigener Notiz",
        choices=(("yes", "ja"), ("no", "nein")),
        empty_label="alle",
        method=by_note,
    )


track(
    ApplicationNote,
    cycle_of=lambda note: note.application.cycle_id,
    confidential=True,
    keep_days=365,
)
kinds.add(jobs.KIND, JobKind("Steckbriefe als Heft", jobs.run, jobs.readable))
application_actions.add(
    "selection.note", _application_button("Meine Notiz", "note", "selection.decide"), order=10
)
application_actions.add(
    "selection.sheet",
    _application_button("Steckbrief", "sheet", "selection.sheet", "download"),
    order=20,
)
application_actions.add(
    "selection.anonymous",
    _application_button("Anonymer Steckbrief", "anonymous", "selection.decide"),
    order=30,
)
application_sections.add("selection.notes", _notes_section)
list_actions.add("selection.compare", _list_button("Vergleichen", "choose"), order=10)
list_actions.add("selection.notes", _list_button("Meine Notizen", "notes"), order=20)
list_actions.add("selection.booklet", _list_button("Steckbriefe als Heft", "booklet"), order=30)
list_filters.add("noted", FurtherFilter(_note_filter))
erasure.add("selection", retention.SHARE)
before_deletion.add("selection", retention.before_deletion)
keep("notes", retention.NOTES, order=50)

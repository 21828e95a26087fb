"""Makers of both halves of a pair, and of tandems in any state."""

from datetime import date
from typing import Any

from django.utils import timezone

from programmes.cycles.models import Cycle, CycleState
from programmes.organisations.models import Municipality
from tandems.applications.models import Application, ApplicationState
from tandems.mentors.models import Mentor, MentorState
from tandems.pairs.models import EndReason, Tandem, TandemState
from tests import factories as make


def in_matching(cycle: Cycle, state: CycleState = CycleState.MATCHING) -> Cycle:
    """The cycle of the stage, at the time of the matching (or a later ``state``)."""
    cycle.state = state
    cycle.matching_on = date(2026, 2, 1)
    if state == CycleState.RUNNING:
        cycle.running_on = date(2026, 3, 1)
    cycle.save()
    return cycle


def make_mentee(cycle: Cycle, municipality: Municipality, **fields: Any) -> Application:
    """An applicant who got a place and was told."""
    return make.make_application(cycle, municipality, ApplicationState.PLACED, **fields)


def make_mentor(cycle: Cycle, municipality: Municipality, **fields: Any) -> Mentor:
    """An agreed mentor who is free at the Startworkshop."""
    fields.setdefault("state", MentorState.AGREED)
    fields.setdefault("position", "Fachbereichsleitung")
    if fields["state"] != MentorState.IDEA:
        fields.setdefault("person", make.make_person(municipality=municipality))
    if fields["state"] == MentorState.AGREED:
        fields.setdefault("agreed_on", date(2026, 1, 15))
    fields["answers"] = {"free_at_start": "yes", **fields.get("answers", {})}
    return Mentor.objects.create(cycle=cycle, municipality=municipality, **fields)


def make_tandem(
    application: Application,
    mentor: Mentor,
    state: TandemState = TandemState.PROPOSED,
    **fields: Any,
) -> Tandem:
    """A tandem with the times its state needs."""
    now = timezone.now()
    if state != TandemState.PROPOSED:
        fields.setdefault("agreed_at", now)
    if state not in (TandemState.PROPOSED, TandemState.AGREED):
        fields.setdefault("sealed_at", now)
    if state in TandemState.known():
        fields.setdefault("revealed_at", now)
    if state in (TandemState.COMPLETED, TandemState.ENDED_EARLY):
        fields.setdefault("ended_on", timezone.localdate())
    if state == TandemState.ENDED_EARLY:
        fields.setdefault("end_reason", EndReason.TIME)
    return Tandem.objects.create(
        cycle=application.cycle,
        application=application,
        mentor=mentor,
        mentee_person=application.person,
        mentor_person=mentor.person,
        state=state,
        **fields,
    )

"""The objects the rows of the matrix point at: one of each, own and foreign."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from mentoring.accounts.models import KeptForm, User
from mentoring.files.domain import store_bytes
from mentoring.jobs.domain import RESULT_PURPOSE
from mentoring.jobs.models import Job, JobState
from mentoring.ui.background import ExportRequest
from programmes.cycles.models import Cycle, CycleState
from programmes.organisations.domain import LOGO
from programmes.outbox.models import Delivery
from programmes.people.codes import new_code
from programmes.people.models import Invitation, MunicipalityStaff
from tandems.applications.models import ApplicationState
from tests import factories as make
from tests.access import (
    billing_rows,
    billing_run_rows,
    budget_rows,
    call_rows,
    certificate_rows,
    document_rows,
    event_rows,
    group_rows,
    import_rows,
    invoice_mail_rows,
    link_rows,
    matching_rows,
    meeting_rows,
    mentor_rows,
    pair_rows,
    payment_rows,
    place_rows,
    portal_rows,
    privacy_rows,
    profile_rows,
    registration_rows,
    reveal_rows,
    roadmap_rows,
    rundmail_rows,
    selection_rows,
    sheet_rows,
    suggestion_rows,
    supplier_rows,
)
from tests.conftest import Cast, Stage
from tests.factories import LONG_AGO, SOME_TIME


@dataclass(frozen=True)
class World:
    """The stage, its cast, and records made for the matrix.

    "own" is what the Kommune of ``cast.hr`` holds; "foreign" belongs to a programme in
    which nobody of the cast has a part.
    """

    stage: Stage
    cast: Cast
    records: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.records[name]
        except KeyError:
            raise AttributeError(name) from None


def build(stage: Stage, cast: Cast) -> World:
    """Everything a row may name, beyond stage and cast."""
    foreign_programme = make.make_programme(name="Fremdes Programm")
    foreign_cycle = make.make_cycle(foreign_programme, number=1)
    foreign_house = make.make_municipality("Fernstadt")
    foreign_participation = make.make_participation(foreign_cycle, foreign_house)
    foreign_seat = make.make_seat(foreign_participation, lead=True).seats.get()
    complete = {
        "department": "Fachbereich Soziales",
        "role_since": LONG_AGO,
        "topics": ["leadership"],
        "expectations": "Erfahrung mit Veränderungen",
        "goals": "Sicher führen",
        "consent_on": SOME_TIME.date(),
        "statement": "Wir befürworten die Teilnahme.",
    }
    applications = {
        "draft": make.make_application(stage.cycle, stage.own),
        "complete_draft": make.make_application(stage.cycle, stage.own, **complete),
    }
    for state in ("submitted", "nominated", "not_nominated"):
        applications[state] = make.make_application(
            stage.cycle, stage.own, ApplicationState(state), **complete
        )
    hr = cast.user("hr")
    uninvited = make.make_person(municipality=stage.own)
    MunicipalityStaff.objects.create(person=uninvited, municipality=stage.own, since=LONG_AGO)
    return World(
        stage,
        cast,
        {
            **applications,
            **document_rows.records(stage, cast),
            **roadmap_rows.records(stage, cast),
            **event_rows.records(stage, cast),
            **registration_rows.records(stage, cast),
            **group_rows.records(stage, cast),
            **rundmail_rows.records(stage, cast),
            **billing_rows.records(stage, cast),
            **billing_run_rows.records(stage, cast),
            **payment_rows.records(stage, cast),
            **invoice_mail_rows.records(stage, cast),
            **supplier_rows.records(stage, cast),
            **budget_rows.records(stage, cast),
            **certificate_rows.records(stage, cast),
            **sheet_rows.records(stage, cast),
            **call_rows.records(stage, cast),
            **privacy_rows.records(stage, cast),
            **profile_rows.records(stage, cast),
            **link_rows.records(stage, cast),
            **import_rows.records(stage, cast),
            **selection_rows.records(stage, cast),
            **place_rows.records(stage, cast),
            **mentor_rows.records(stage, cast),
            **pair_rows.records(stage, cast),
            **matching_rows.records(stage, cast),
            **suggestion_rows.records(stage, cast),
            **reveal_rows.records(stage, cast),
            **meeting_rows.records(stage, cast),
            **portal_rows.records(stage, cast),
            **_ground(hr),
            **_invitation(stage),
            "foreign_programme": foreign_programme,
            "foreign_cycle": foreign_cycle,
            "foreign_house": foreign_house,
            "foreign_participation": foreign_participation,
            "foreign_seat": foreign_seat,
            "foreign_person": make.make_person(municipality=foreign_house),
            "foreign_post": make.make_hr(foreign_house).municipality_posts.get(),
            "foreign_application": make.make_application(
                foreign_cycle, foreign_house, ApplicationState.NOMINATED
            ),
            "unused_house": make.make_municipality("Neudorf"),
            "removable": make.make_participation(
                stage.cycle, make.make_municipality("Fehlgriff"), state="invited"
            ),
            "closed_cycle": Cycle.objects.get(programme=stage.programme, number=10),
            "planned_cycle": make.make_cycle(stage.programme, number=12, state=CycleState.PLANNING),
            "hr_post": cast.hr.municipality_posts.get(),
            "logistics_post": cast.logistics.logistics_posts.get(),
            "permanent_post": cast.permanent.permanent_posts.get(),
            "member_seat": cast.member.seats.get(),
            "uninvited": uninvited,
            "locked": make.make_user("gesperrt@stadt.example", is_active=False),
        },
    )


def _ground(hr: User | None) -> dict[str, Any]:
    """What HR staff own in the rooms of the ground, and two mails in trouble."""
    mail = {"to_email": "post@stadt.example", "subject": "Einladung", "purpose": "Einladung"}
    result = store_bytes(
        b"a;b", name="liste.csv", content_type="text/csv", purpose=RESULT_PURPOSE, by=hr
    )
    return {
        "job": Job.objects.create(kind="export", title="Export", created_by=hr),
        "done_job": Job.objects.create(
            kind="export",
            title="Export",
            params=ExportRequest("people.people", "Personen", {}, "", "csv", 1).as_params(),
            created_by=hr,
            state=JobState.DONE,
            finished_at=timezone.now(),
            result=result,
        ),
        "own_file": result,
        "logo": store_bytes(b"x", name="logo.png", content_type="image/png", purpose=LOGO, by=hr),
        "kept": KeptForm.objects.create(user=hr, path="/personen/", data="[]"),
        "session": UserSession.objects.create(
            user=hr, ip="127.0.0.1", session_key=_open_session(), user_agent="Firefox"
        ),
        "unclear_mail": Delivery.objects.create(
            **mail, message_id="<1@x.example>", state="unclear", error="keine Antwort"
        ),
        "failed_mail": Delivery.objects.create(
            **mail, message_id="<2@x.example>", state="failed", error="abgelehnt"
        ),
    }


def _open_session() -> str:
    session = SessionStore()
    session.create()
    return str(session.session_key)


def _invitation(stage: Stage) -> dict[str, Any]:
    """An open invitation of a colleague of ``cast.hr``, with its code."""
    code, code_hash = new_code()
    person = make.make_person(municipality=stage.own)
    MunicipalityStaff.objects.create(person=person, municipality=stage.own, since=LONG_AGO)
    invitation = Invitation.objects.create(
        person=person,
        role="Personalstelle",
        email=person.email,
        code_hash=code_hash,
        expires_at=timezone.now() + timedelta(days=14),
    )
    return {"invitation": invitation, "invitation_code": code}

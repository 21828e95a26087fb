"""The access matrix: personal links, the pages behind them, photo and signed sheet."""

from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from programmes.people.codes import new_code
from tandems.applications.own_domain import PURPOSE
from tandems.links.models import PersonalLink
from tandems.mentors.models import Mentor, MentorState
from tandems.mentors.own_sheet import PURPOSE as MENTOR
from tests import factories as make
from tests.access.grammar import row
from tests.conftest import Cast, Stage

APPLICATION = "durchgaenge/<int:cycle_pk>/bewerbungen/<int:pk>/"
MENTORS = "durchgaenge/<int:cycle_pk>/mentoren/<int:pk>/"
BY_LINK = "bogen/<str:code>/"
OWN_HR = "200: hr | 404: *"
OWN_HR_ACTS = "ok: hr | 404: *"
NOBODY = "404: *"
# Without a code from the mailbox everybody is led to the front page, whoever is signed in.
TO_FRONT = "302: *"


def of(name):
    return lambda world: {
        "cycle_pk": getattr(world, name).cycle_id,
        "pk": getattr(world, name).pk,
    }


def code(name):
    return lambda world: {"code": getattr(world, name)}


def unknown(world):
    return {"code": "x" * 43}


def until(world):
    return {"until": (timezone.localdate() + timedelta(days=7)).isoformat()}


def no_picture(world):
    return {"photo": SimpleUploadedFile("bild.jpg", b"kein Bild")}


def behind(route, name):
    """A page behind the link: nothing without proof, and nothing behind an unknown one."""
    return [
        row(f"{BY_LINK}{route}", code(name), get=TO_FRONT, post=TO_FRONT, public=True),
        row(
            f"{BY_LINK}{route}",
            unknown,
            get=NOBODY,
            post=NOBODY,
            public=True,
            label="unknown",
        ),
    ]


def of_hr(route, *, post=OWN_HR, data=None):
    """A page for the own Personalstelle about its draft; foreign is not there."""
    return [
        row(f"{APPLICATION}{route}/", of("draft"), get=OWN_HR, post=post, data=data),
        row(
            f"{APPLICATION}{route}/",
            of("foreign_application"),
            get=NOBODY,
            post=NOBODY,
            label="foreign",
        ),
        row(
            f"{APPLICATION}{route}/",
            of("nominated"),
            get="200: hr | 403: lead member | 404: *",
            label="nominated",
            post="ok: hr | 403: lead member | 404: *",
            data=data,
        ),
    ]


ROWS: list[Any] = [
    row(BY_LINK, code("link_code"), get="200: *", post="302: *", public=True),
    row(BY_LINK, unknown, get=NOBODY, post=NOBODY, public=True, label="unknown"),
    *behind("code/", "link_code"),
    row(
        f"{BY_LINK}schliessen/",
        code("link_code"),
        get=TO_FRONT,
        post=TO_FRONT,
        public=True,
    ),
    *behind("bewerbung/", "link_code"),
    *behind("bewerbung/abgeben/", "link_code"),
    *behind("bewerbung/zwischenspeichern/", "link_code"),
    *behind("bewerbung/foto/", "link_code"),
    *behind("bewerbung/foto/bild/", "link_code"),
    *behind("bewerbung/foto/loeschen/", "link_code"),
    *behind("mentorin-mentor/", "mentor_link_code"),
    *behind("mentorin-mentor/abgeben/", "mentor_link_code"),
    *behind("mentorin-mentor/zwischenspeichern/", "mentor_link_code"),
    row(
        f"{BY_LINK}mentorin-mentor/",
        code("link_code"),
        get=NOBODY,
        post=NOBODY,
        public=True,
        label="of another purpose",
    ),
    *of_hr("link", post=OWN_HR_ACTS, data=until),
    *of_hr("link-beenden", post=OWN_HR_ACTS),
    *of_hr("foto", data=no_picture),
    *of_hr("foto-loeschen", post=OWN_HR_ACTS),
    *of_hr("unterschrift"),
    *of_hr("unterschrift-loeschen", post=OWN_HR_ACTS),
    row("meine-bewerbung/", get="200: *"),
    row(
        f"{MENTORS}link/",
        of("invited_mentor"),
        get="200: hr lead member | 404: *",
        post="ok: hr lead member | 404: *",
        data=until,
    ),
    row(
        f"{MENTORS}link-beenden/",
        of("invited_mentor"),
        get="200: hr lead member | 404: *",
        post="ok: hr lead member | 404: *",
    ),
]


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """An open link of a draft and one of a mentor, with their codes."""
    draft = make.make_application(stage.cycle, stage.own)
    mentor = Mentor.objects.create(
        cycle=stage.cycle,
        municipality=stage.own,
        person=make.make_person(municipality=stage.own),
        state=MentorState.AGREED,
        agreed_on=date(2026, 1, 15),
        position="Fachbereichsleitung",
    )
    return {
        "link_code": _link(PURPOSE, draft),
        "mentor_link_code": _link(MENTOR, mentor),
        "invited_mentor": mentor,
    }


def _link(purpose: str, record: Any) -> str:
    code, code_hash = new_code()
    PersonalLink.objects.create(
        purpose=purpose,
        record=record.pk,
        cycle=record.cycle,
        person=record.person,
        email=record.person.email,
        code_hash=code_hash,
        expires_at=timezone.now() + timedelta(days=14),
    )
    return code

"""What the people of the demo have done today, through the doors the pages use.

So it stands in the log, with who did it, and there is something to read there.
"""

from datetime import timedelta
from typing import Any

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from programmes.cycles.domain import answer_invitation, appoint
from programmes.cycles.models import ParticipationState, SeatFunction
from tandems.applications.domain import create_draft, nominate, not_nominate, submit
from tandems.applications.models import Application, ApplicationState
from tandems.demo.cycles import Cast
from tandems.demo.house import House
from tandems.demo.people import Crowd
from tandems.demo.profiles import agreed, answers, statement
from tandems.demo.signins import sign_in

JOINS_TODAY = "Neuenkirchen"


def act_today(crowd: Crowd, house: House, cast: Cast) -> None:
    """The lead takes in one more Kommune, two Personalstellen enter and decide."""
    lead, hr, other_hr = (
        User.objects.get(email=sign_in(key).email) for key in ("lead", "hr", "other_hr")
    )
    invited = cast.cycle.participations.get(municipality=house.municipalities[JOINS_TODAY])
    part = answer_invitation(invited, state=ParticipationState.CONFIRMED, by=lead)
    with acting(lead):
        member = crowd.person(house.municipalities[JOINS_TODAY], position="Personalentwicklung")
    appoint(part, person=member, function=SeatFunction.HR_DEVELOPMENT, lead=False, by=lead)

    best = submit(_enter(crowd, house, cast, "Ahlen", by=hr), by=hr)
    nominate(best, rank=3, by=hr)
    undecided = Application.objects.filter(
        cycle=cast.cycle, municipality=best.municipality, state=ApplicationState.SUBMITTED
    ).order_by("submitted_at")
    not_nominate(undecided[0], by=hr)
    submit(_enter(crowd, house, cast, "Greven", by=other_hr), by=other_hr)


def _enter(crowd: Crowd, house: House, cast: Cast, name: str, *, by: User) -> Application:
    """A complete draft for somebody new."""
    somebody = crowd.build(house.municipalities[name])
    known = answers(crowd.rng)
    day = crowd.today - timedelta(days=1)
    values: dict[str, Any] = {
        **{key: value for key, value in known.items() if key != "answers"},
        **known["answers"],
        **agreed(day),
        "statement": statement(crowd.rng),
        "consent_forward": day,
        "consent_privacy": day,
        "role_since": crowd.today - timedelta(days=200),
        "first_name": somebody.first_name,
        "last_name": somebody.last_name,
        "email": somebody.email,
        "phone": somebody.phone,
    }
    return create_draft(
        cycle=cast.cycle, municipality=house.municipalities[name], values=values, by=by
    )

"""What a new mail begins with: a usual mail, a milestone, an event."""

from dataclasses import dataclass, field
from typing import Any

from programmes.cycles.models import Cycle
from programmes.cycles.permissions import roles_of
from programmes.events.models import Event
from programmes.roadmap.models import Milestone
from programmes.rundmails.domain import Choice
from programmes.rundmails.forms.timing import MORNING, Side, When
from programmes.rundmails.models import RundmailTemplate
from programmes.rundmails.usual import usual_mails

ATTENDEES = "attendees"


@dataclass(frozen=True)
class Proposal:
    """The first values of the editor and the audience proposed with them."""

    initial: dict[str, Any]
    choices: list[Choice] = field(default_factory=list)
    template_key: str = ""


def propose(
    cycle: Cycle, user: Any, *, template: str = "", milestone: str = "", event: str = ""
) -> Proposal:
    """From the parameters of an address; what is unknown or not visible is left out."""
    usual = _usual(cycle, template)
    hung = _one(Milestone.objects.visible_to(user).planned().filter(cycle=cycle), milestone)
    events = Event.objects.visible_to(user).planned().filter(cycle=cycle)
    about = _one(events, event)
    if hung is None and about is not None:
        hung = about.milestone
    if about is None and hung is not None:
        about = _only(events.filter(milestone=hung))
    initial: dict[str, Any] = {"reply_to": _reply_to(cycle, user)}
    if about is not None:
        initial["event"] = about.pk
    if usual is not None:
        initial |= {"subject": usual.subject, "body": usual.body}
    if hung is not None:
        initial |= _hung(hung, usual)
    return Proposal(initial, _choices(usual, about), usual.key if usual is not None else "")


def _usual(cycle: Cycle, key: str) -> RundmailTemplate | None:
    found: RundmailTemplate | None = (
        usual_mails(cycle.programme).filter(key=key).first() if key else None
    )
    return found


def _one(rows: Any, key: str) -> Any:
    """The row with the primary key ``key``, or ``None``."""
    fits = key.isascii() and key.isdecimal() and len(key) < 19
    return rows.filter(pk=int(key)).first() if fits else None


def _only(rows: Any) -> Any:
    """The row, if there is exactly one."""
    found = list(rows[:2])
    return found[0] if len(found) == 1 else None


def _hung(milestone: Milestone, usual: RundmailTemplate | None) -> dict[str, Any]:
    """Hung on ``milestone``, as far from it as the usual mail says."""
    values: dict[str, Any] = {"milestone": milestone.pk}
    if usual is not None:
        values |= {
            "when": When.HUNG,
            "days": abs(usual.days_from_milestone),
            "side": Side.AFTER if usual.days_from_milestone > 0 else Side.BEFORE,
            "clock": MORNING,
        }
    return values


def _reply_to(cycle: Cycle, user: Any) -> str:
    """The own address; for the Logistikpartner that of the institute, if it names one."""
    partner = cycle.programme.logistics_partner
    if cycle.pk in roles_of(user).logistics and partner is not None and partner.contact_email:
        return str(partner.contact_email)
    return str(user.email)


def _choices(usual: RundmailTemplate | None, event: Event | None) -> list[Choice]:
    """The proposed audience: those invited to the event, else the groups of the usual mail."""
    named = [(str(pair[0]), str(pair[1])) for pair in (usual.audiences if usual else [])]
    invited = [value for audience, value in named if audience == ATTENDEES]
    if event is not None and (invited or usual is None):
        return [Choice(ATTENDEES, f"{event.pk}:{value}") for value in invited or ["invited"]]
    return [Choice(*pair) for pair in named if pair[0] != ATTENDEES]

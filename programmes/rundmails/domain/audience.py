"""To whom a mail would go, and who is left out."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError

from programmes.cycles.models import Cycle, Participant
from programmes.cycles.permissions import roles_of
from programmes.outbox.messages import check_address
from programmes.people.models import Person
from programmes.rundmails.models import Recipient, RecipientState, Rundmail
from programmes.rundmails.permissions import hidden_in
from programmes.rundmails.registries import Audience, audiences

NO_ADDRESS = "keine E-Mail-Adresse"
BAD_ADDRESS = "Die E-Mail-Adresse ist nicht gültig."
LEFT = "nicht mehr dabei"
NOT_OFFERED = "nicht mehr verfügbare Auswahl"
TAKEN_OFF = "ausgenommen („ohne“)"


@dataclass(frozen=True)
class Choice:
    """One part of an audience, as a form hands it over: added, or with ``minus`` taken off."""

    audience: str
    value: str = ""
    minus: bool = False


@dataclass(frozen=True)
class LeftOut:
    """Somebody who is meant but gets no mail; ``reason`` is German."""

    person: Person
    reason: str


@dataclass(frozen=True)
class Resolution:
    """Who gets the mail, sorted by name, and who is left out.

    ``meant`` holds the primary keys of all who belong, also those without an address.
    ``seen`` stands for exactly this list and this version of the mail: a page that shows the
    list hands it to ``release``, which refuses if either has changed since.
    """

    people: list[Person]
    left_out: list[LeftOut]
    meant: frozenset[int]
    seen: str


@dataclass(frozen=True)
class Changes:
    """Who came and who went since the recipients were fixed; ``seen`` is for ``confirm``.

    ``unseen`` went too, but the user must not know that they were there.
    """

    added: list[Person]
    gone: list[Recipient]
    """Whoever was erased has no person any more."""
    unseen: list[Recipient]
    seen: str

    def __bool__(self) -> bool:
        return bool(self.added or self.gone)


def may_choose(audience: Audience, cycle: Cycle, user: Any) -> bool:
    """Whether ``user`` may use ``audience`` in ``cycle``: confidential ones inside the Beirat."""
    return not audience.confidential or cycle.pk in roles_of(user).inside


def choices_of(mail: Rundmail) -> list[Choice]:
    """The stored choices of a mail."""
    return [Choice(row.audience, row.value, row.minus) for row in mail.choices.all()]


def describe_choices(mail: Rundmail, user: Any) -> list[tuple[Choice, str]]:
    """The stored choices with a German label each, also of what is offered no longer."""
    choices = choices_of(mail)
    labels: dict[str, dict[str, str]] = {}
    for name in {choice.audience for choice in choices}:
        if name in audiences and may_choose(audiences.get(name), mail.cycle, user):
            labels[name] = dict(audiences.get(name).choices(mail.cycle, user))
    return [
        (choice, labels.get(choice.audience, {}).get(choice.value, NOT_OFFERED))
        for choice in choices
    ]


def resolve_audience(mail: Rundmail, user: Any) -> Resolution:
    """Who would get ``mail`` now, only from what ``user`` may see. No choice means nobody."""
    meant: dict[int, Person] = {}
    gone: dict[int, Person] = {}
    taken_off: set[int] = set()
    for choice in choices_of(mail):
        if choice.audience not in audiences:
            continue
        audience = audiences.get(choice.audience)
        if not may_choose(audience, mail.cycle, user):
            continue
        members = audience.members(mail.cycle, choice.value, user)
        if choice.minus:
            taken_off.update(members.values_list("pk", flat=True))
            continue
        meant |= {person.pk: person for person in members.select_related("municipality")}
        if audience.gone is not None:
            left = audience.gone(mail.cycle, choice.value, user)
            gone |= {person.pk: person for person in left}
    left_out = [
        LeftOut(person, LEFT) for key, person in gone.items() if key not in meant.keys() | taken_off
    ]
    left_out += [LeftOut(meant.pop(key), TAKEN_OFF) for key in taken_off & meant.keys()]
    people, without_mail = _addressed(_sorted(meant.values()))
    left_out = sorted(left_out + without_mail, key=lambda left: _order(left.person))
    rows = ((person.pk, person.email) for person in people)
    return Resolution(people, left_out, frozenset(meant), fingerprint(mail, rows))


def _order(person: Person) -> tuple[str, int]:
    return (person.sort_key, person.pk)


def _sorted(people: Iterable[Person]) -> list[Person]:
    return sorted(people, key=_order)


def _addressed(people: list[Person]) -> tuple[list[Person], list[LeftOut]]:
    """Those who get the mail, one per mailbox, and the others with the reason."""
    found: dict[str, Person] = {}
    left_out = []
    for person in people:
        reason = _fault(person.email)
        other = found.get(person.email.casefold())
        if not reason and other is not None:
            reason = f"gleiche E-Mail-Adresse wie {other}"
        if reason:
            left_out.append(LeftOut(person, reason))
        else:
            found[person.email.casefold()] = person
    return list(found.values()), left_out


def _fault(email: str) -> str:
    if not email:
        return NO_ADDRESS
    try:
        check_address(email)
    except ValidationError:
        return BAD_ADDRESS
    return ""


def fingerprint(mail: Rundmail, rows: Iterable[tuple[object, object]]) -> str:
    """A word for exactly this version of ``mail`` and these rows, in whatever order."""
    written = f"{mail.pk} {mail.version}\n" + "\n".join(sorted(f"{a} {b}" for a, b in rows))
    return sha256(written.encode()).hexdigest()[:32]


def changes_since_release(mail: Rundmail, user: Any) -> Changes:
    """Who came and went since the recipients of a released mail were fixed.

    Somebody whose address is missing now has not gone: the one fixed at release stays. Nor
    has somebody whom ``user`` does not find because of a conflict of interest: another, who
    saw them, released the mail to them.
    """
    resolution = resolve_audience(mail, user)
    fixed = list(mail.recipients.filter(state=RecipientState.FIXED).select_related("person"))
    hidden = hidden_in(mail.cycle_id, user)
    concealed = [row for row in fixed if row.person_id in hidden]
    known_rows = [row for row in fixed if row.person_id not in hidden]
    gone = [row for row in known_rows if row.person_id not in resolution.meant]
    stay = [row for row in known_rows if row.person_id in resolution.meant]
    unseen = _left(mail, concealed)
    stay += [row for row in concealed if row not in unseen]
    known = {row.person_id for row in stay}
    addresses = {row.email.casefold() for row in stay}
    added = [
        person
        for person in resolution.people
        if person.pk not in known and person.email.casefold() not in addresses
    ]
    rows = [("+", person.pk) for person in added] + [("-", row.pk) for row in gone]
    return Changes(added, gone, unseen, fingerprint(mail, rows))


def _left(mail: Rundmail, rows: list[Recipient]) -> list[Recipient]:
    """Those of ``rows`` who have left the cycle."""
    if not rows:
        return []
    present = Participant.objects.filter(cycle=mail.cycle_id).present()
    there = set(present.values_list("person", flat=True))
    return [row for row in rows if row.person_id not in there]

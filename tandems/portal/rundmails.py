"""Rundmails to tandems that are known, and what such a mail can say of the other half.

Everything here counts from the reveal of each tandem and holds while it runs; all of it makes a
mail confidential (design, rules 1 and 3).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from programmes.cycles.models import Cycle
from programmes.cycles.permissions import roles_of
from programmes.people.models import Person
from programmes.rundmails.models import Rundmail
from programmes.rundmails.registries import Audience, Placeholder
from tandems.pairs.models import Tandem, TandemState
from tandems.portal.contents import Half, partner_of

MENTEES, MENTORS = "mentees", "mentors"
KNOWN = Q(revealed_at__isnull=False, state__in=TandemState.running())

# --- to whom ------------------------------------------------------------------------------
_LABELS = {
    "": "alle mit bekannt gegebenem Tandem",
    MENTEES: "Mentees mit bekannt gegebenem Tandem",
    MENTORS: "Mentor/innen mit bekannt gegebenem Tandem",
}


def _choices(cycle: Cycle, user: Any) -> list[tuple[str, str]]:
    return list(_LABELS.items())


def _people(cycle: Cycle, value: str, user: Any, which: Q) -> QuerySet[Person]:
    if value not in _LABELS or cycle.pk not in roles_of(user).council:
        return Person.objects.none()
    rows = Tandem.objects.visible_to(user).filter(which, cycle=cycle)
    chosen = Q()
    if value != MENTORS:
        chosen |= Q(pk__in=rows.values("mentee_person"))
    if value != MENTEES:
        chosen |= Q(pk__in=rows.values("mentor_person"))
    found: QuerySet[Person] = Person.objects.filter(chosen)
    return found


def _members(cycle: Cycle, value: str, user: Any) -> QuerySet[Person]:
    return _people(cycle, value, user, KNOWN)


def _gone(cycle: Cycle, value: str, user: Any) -> QuerySet[Person]:
    return _people(cycle, value, user, Q(state=TandemState.ENDED_EARLY))


REVEALED = Audience("Tandems", _choices, _members, gone=_gone, confidential=True)

# --- what is said of the other half --------------------------------------------------------
# Two zero-width non-joiners around a value: nobody sees or hears them, and the archive finds
# what is for the recipient's eyes alone. A seat holder in conflict with one half reads the
# archive too (rule 2).
_MARK = "\u200c\u200c"
_MARKED = re.compile(f"{_MARK}.*?{_MARK}", re.DOTALL)
_CONCEALED = "[nur für die Empfängerin oder den Empfänger]"


def conceal(text: str) -> str:
    """``text`` without what was said of the other half."""
    return _MARKED.sub(_CONCEALED, text)


def _values(
    said: Callable[[Half], str], between: str
) -> Callable[[Rundmail, Sequence[Person], str], Mapping[int, str]]:
    """For each person what ``said`` says of the other halves of their tandems."""

    def values(mail: Rundmail, people: Sequence[Person], argument: str) -> Mapping[int, str]:
        wanted = {person.pk for person in people}
        rows = (
            Tandem.objects.filter(KNOWN, cycle=mail.cycle_id)
            .filter(Q(mentee_person__in=wanted) | Q(mentor_person__in=wanted))
            .select_related("application__municipality", "mentor__municipality")
            .select_related("mentee_person", "mentor_person")
            .order_by("mentee_person__sort_key", "pk")
        )
        found: dict[int, list[str]] = {}
        for row in rows:
            for person in (row.mentee_person_id, row.mentor_person_id):
                if person in wanted:
                    found.setdefault(person, []).append(said(partner_of(row, person)))
        return {
            person: f"{_MARK}{_joined(parts, between)}{_MARK}" for person, parts in found.items()
        }

    return values


def _joined(parts: list[str], between: str) -> str:
    """Two joined by ``between``, further ones before them by commas."""
    *first, last = parts
    return f"{', '.join(first)}{between}{last}" if first else last


def _contact(half: Half) -> str:
    person = half.person
    known = (person.full_name, half.municipality.name, person.email, person.phone)
    return ", ".join(part for part in known if part)


def _problem(mail: Rundmail, argument: str) -> str:
    if Tandem.objects.filter(KNOWN, cycle=mail.cycle_id).exists():
        return ""
    return (
        "In diesem Durchgang ist noch kein Tandem bekannt gegeben. Diesen Platzhalter gibt es ab "
        "der Bekanntgabe."
    )


PARTNER = Placeholder(
    "Name der Tandempartnerin oder des Tandempartners (ab der Bekanntgabe)",
    "Dr. Erika Beispiel",
    _values(lambda half: half.person.full_name, " und "),
    problem=_problem,
    confidential=True,
    conceal=conceal,
)
CONTACT = Placeholder(
    "Name, Kommune, E-Mail-Adresse und Telefon der anderen Hälfte (ab der Bekanntgabe)",
    "Dr. Erika Beispiel, Stadt Musterstadt, erika.beispiel@stadt.example, 0251 1234",
    _values(_contact, "; und "),
    problem=_problem,
    confidential=True,
    conceal=conceal,
)

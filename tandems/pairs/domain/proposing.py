"""A tandem is proposed, and taken back."""

from django.db import transaction

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle
from programmes.cycles.permissions import roles_of
from tandems.applications.models import Application, ApplicationState
from tandems.mentors.models import Mentor
from tandems.pairs.domain.frame import touch
from tandems.pairs.domain.locks import (
    LEADS_ONLY,
    check_lead,
    check_state,
    held,
    held_cycle,
    held_halves,
)
from tandems.pairs.hindrances import Hindrances
from tandems.pairs.models import Tandem, TandemState, TandemVoice
from tandems.pairs.permissions import decided_tandems
from tandems.pairs.registries import dissolved

NOT_NOW = (
    "Dieses Paar lässt sich zurzeit nicht vorschlagen. Woran es liegt, lesen nicht alle, die "
    "mitmatchen: bitte fragen Sie eine (andere) Leitung des Beirats."
)
"""Where the reason is a tandem hidden from who asks (design, rule 2)."""


def propose(application: Application, mentor: Mentor, *, reason: str = "", by: User) -> Tandem:
    """Propose the two as a tandem; any member of the Beirat who matches may.

    After a tandem of either that ended early it is a match anew (``after``), as secret as
    the first and revealed by itself. Raises ``Refused`` where a rule forbids the pair or a
    warning was not overruled, for a mentee without a place or with a live tandem, for a
    mentor nobody has named yet, and to whom one of the two is hidden.
    """
    with transaction.atomic(), acting(by):
        cycle = held_cycle(application.cycle)
        mentee, other = held_halves(cycle, application, mentor, by)
        if mentee.state != ApplicationState.PLACED:
            raise Refused(
                f"{mentee.person.full_name} hat keinen Platz in diesem Durchgang: die Bewerbung "
                f"steht auf „{mentee.get_state_display()}“."
            )
        if other.person is None:
            raise Refused(
                f"{other.called} ist bisher eine Idee ohne Namen. Fragen Sie zuerst jemanden an; "
                "ein Tandem lässt sich nur mit einer Person vorschlagen."
            )
        _check_free(mentee, by)
        _check_rules(cycle, mentee, other, by)
        tandem: Tandem = Tandem.objects.create(
            cycle=cycle,
            application=mentee,
            mentor=other,
            mentee_person=mentee.person,
            mentor_person=other.person,
            reason=reason.strip(),
            proposed_by=by,
            after=_tandem_before(cycle, mentee, other),
        )
        touch(cycle)
        return tandem


def dissolve(tandem: Tandem, *, reason: str = "", by: User) -> None:
    """Delete a tandem that is not known yet, with its voices; the reason stays with the mentee.

    While it is proposed whoever proposed it may, and a lead at any time before the reveal.
    Raises ``Refused`` to others, after the reveal, and without a ``reason`` once others have
    spoken or decided.
    """
    with transaction.atomic(), acting(by):
        stored = held(tandem, by=by)
        check_state(stored, *(TandemState(state) for state in TandemState.secret()))
        if stored.state != TandemState.PROPOSED:
            check_lead(stored.cycle, by)
        elif not may_dissolve(stored, by):
            raise Refused(f"{LEADS_ONLY} Oder wer das Tandem vorgeschlagen hat.")
        if needs_reason(stored, by) and not reason.strip():
            raise Refused(
                "Andere haben sich zu diesem Tandem schon geäußert: bitte schreiben Sie, warum es "
                "aufgelöst wird."
            )
        if reason.strip():
            for keep in dissolved:
                keep(stored, reason.strip(), by)
        stored.delete()
        touch(stored.cycle)


def may_dissolve(tandem: Tandem, by: User) -> bool:
    """Whether ``by``, who decides on it, may take a secret tandem back."""
    if tandem.cycle_id in roles_of(by).lead:
        return True
    return tandem.state == TandemState.PROPOSED and tandem.proposed_by_id == by.pk


def needs_reason(tandem: Tandem, by: User) -> bool:
    """Whether somebody other than ``by`` has spoken or decided on it."""
    others = TandemVoice.objects.filter(tandem=tandem).exclude(recorded_by=by)
    return tandem.state != TandemState.PROPOSED or others.exists()


def _check_free(mentee: Application, by: User) -> None:
    tandems = Tandem.objects.filter(application=mentee, state__in=TandemState.live())
    live = tandems.first()
    if live is not None:
        if not tandems.filter(decided_tandems(by)).exists():
            raise Refused(NOT_NOW)
        raise Refused(
            f"{mentee.person.full_name} hat schon ein Tandem (Stand: {live.get_state_display()}). "
            "Erst wenn es aufgelöst oder beendet ist, lässt sich ein anderes vorschlagen. Eine "
            "zweite Wahl halten Sie als mögliches Match fest."
        )


def _check_rules(cycle: Cycle, mentee: Application, mentor: Mentor, by: User) -> None:
    against = Hindrances(cycle).of(mentee, mentor)
    shown = {one.rule for one in Hindrances(cycle, by).of(mentee, mentor)}
    if any(one.blocks_proposal and one.rule not in shown for one in against):
        raise Refused(NOT_NOW)
    if refusing := [one.sentence for one in against if one.refuses]:
        raise Refused(" ".join(refusing))
    open_ones = [one.sentence for one in against if one.blocks_proposal]
    if open_ones:
        raise Refused(
            f"{' '.join(open_ones)} Eine Leitung des Beirats kann mit Begründung darüber "
            "hinweggehen, auf der Seite des Paars."
        )


def _tandem_before(cycle: Cycle, mentee: Application, mentor: Mentor) -> Tandem | None:
    """The tandem that ended early and left one of the two over, the mentee's before the mentor's.

    The mentor's counts only while nobody was matched with them since.
    """
    ended = Tandem.objects.filter(cycle=cycle, state=TandemState.ENDED_EARLY)
    newest = ("-ended_on", "-pk")
    own: Tandem | None = ended.filter(application=mentee).order_by(*newest).first()
    if own is not None:
        return own
    followed = Tandem.objects.filter(cycle=cycle, after__isnull=False).values("after")
    left: Tandem | None = (
        ended.filter(mentor=mentor).exclude(pk__in=followed).order_by(*newest).first()
    )
    return left

"""What the hard rules of a cycle do, and a lead's word that a warning holds nothing up."""

from collections.abc import Mapping

from django.db import transaction

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from tandems.applications.models import Application
from tandems.mentors.models import Mentor
from tandems.pairs.domain.frame import touch
from tandems.pairs.domain.locks import check_lead, held_cycle, held_halves
from tandems.pairs.hindrances import Hindrances
from tandems.pairs.models import MatchingFrame, Overrule, PairRule, Tandem, TandemState
from tandems.pairs.settings import RULES, differences

TAKEN_BACK = "Das hat inzwischen schon jemand zurückgenommen. Laden Sie die Seite des Paars neu."
GONE = "Diese Warnung besteht nicht mehr. Laden Sie die Seite des Paars neu."


def save_rules(
    frame: MatchingFrame,
    settings: Mapping[PairRule, str],
    *,
    mentors_first: bool | None = None,
    by: User,
) -> MatchingFrame:
    """Set what each rule in ``settings`` does; all others do what is shipped.

    ``frame`` carries the version the change began with; ``mentors_first=None`` leaves that
    as it is. A rule that refuses from now on takes no account of what was overruled before.
    Raises ``EditConflict``, and ``Refused`` to whoever does not lead, for a setting the rule
    may not have, and for ``mentors_first`` once mentors were told.
    """
    with transaction.atomic(), acting(by):
        cycle = held_cycle(frame.cycle)
        check_lead(cycle, by)
        for rule, word in settings.items():
            if word not in RULES[rule].choices:
                raise Refused(f"Die Regel „{RULES[rule].title}“ lässt sich so nicht einstellen.")
        if mentors_first is not None and mentors_first != frame.mentors_first:
            _check_nobody_told(frame)
            frame.mentors_first = mentors_first
        frame.rules = differences(settings)
        frame.save(update_fields=["rules", "mentors_first"])
        touch(cycle)
        return frame


def _check_nobody_told(frame: MatchingFrame) -> None:
    told = Tandem.objects.filter(
        cycle=frame.cycle_id, mentor_told_at__isnull=False, state__in=TandemState.live()
    )
    if told.exists():
        raise Refused(
            "Die ersten Mentor/innen kennen ihr Match schon. Ob sie es zuerst erfahren, lässt sich "
            "in diesem Durchgang nicht mehr ändern."
        )


def overrule(
    application: Application, mentor: Mentor, rule: PairRule, *, reason: str, by: User
) -> Overrule:
    """A lead's word that the warning ``rule`` does not hold the pair up.

    Raises ``Refused`` without a ``reason``, for a rule that refuses, for a warning that is
    not there or was overruled already, and to whoever does not lead or may not see the pair.
    """
    with transaction.atomic(), acting(by):
        cycle = held_cycle(application.cycle)
        mentee, other = held_halves(cycle, application, mentor, by)
        check_lead(cycle, by)
        against = {one.rule: one for one in Hindrances(cycle).of(mentee, other)}
        found = against.get(rule)
        if found is None:
            raise Refused(GONE)
        if found.refuses:
            raise Refused(
                f"{found.sentence} Diese Regel verhindert das Paar; darüber lässt sich nicht "
                "hinweggehen."
            )
        if found.overrule is not None:
            raise Refused(
                "Über diese Warnung ist schon jemand hinweggegangen. Laden Sie die Seite des Paars "
                "neu, dann sehen Sie die Begründung."
            )
        if not reason.strip():
            raise Refused("Bitte schreiben Sie, warum die Warnung nicht im Weg steht.")
        made: Overrule = Overrule.objects.create(
            application=mentee, mentor=other, rule=rule, reason=reason.strip(), overruled_by=by
        )
        touch(cycle)
        return made


def take_back(overrule: Overrule, *, by: User) -> None:
    """Take back a word about a warning: it stands again, also before a tandem is sealed.

    Raises ``Refused`` if it is gone, and to whoever does not lead or may not see the pair.
    """
    with transaction.atomic(), acting(by):
        cycle = held_cycle(overrule.application.cycle)
        held_halves(cycle, overrule.application, overrule.mentor, by)
        check_lead(cycle, by)
        stored = Overrule.objects.select_for_update().filter(pk=overrule.pk).first()
        if stored is None:
            raise Refused(TAKEN_BACK)
        stored.delete()
        touch(cycle)

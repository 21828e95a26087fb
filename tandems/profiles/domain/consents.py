"""Giving and withdrawing a consent, each apart from all others (Art. 7 DSGVO)."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle
from programmes.people.models import Person
from tandems.profiles.models import Consent, ConsentKind, SheetKind
from tandems.profiles.questions import Question, questions
from tandems.profiles.registry import consent_withdrawn
from tandems.profiles.versions import sheet_of, version_of


def give_consent(
    *,
    cycle: Cycle,
    person: Person,
    kind: ConsentKind,
    sheet_kind: SheetKind = SheetKind.APPLICANT,
    on: date | None = None,
    by: User | None,
) -> Consent:
    """Note a consent with the words of the sheet; giving it again keeps the first.

    ``on`` is the day it was given, by default today. ``by`` is ``None`` where the person
    gives it by their own link. Raises ``Refused`` for a day to come, and for a consent the
    cycle's sheet does not ask for.
    """
    on = on or timezone.localdate()
    with transaction.atomic(), acting(by):
        cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
        given = Consent.objects.valid().filter(cycle=cycle, person=person, kind=kind).first()
        if given is not None:
            return given
        _check_day(on)
        question = _asked(cycle, kind, sheet_kind)
        version = version_of(cycle)
        return Consent.objects.create(
            cycle=cycle,
            person=person,
            kind=kind,
            given_on=on,
            text=question.text,
            version_number=version.number if version else 0,
            recorded_by=by,
        )


def correct_consent(consent: Consent, *, on: date, by: User) -> Consent:
    """Put right the day the Personalstelle noted. Raises ``Refused``."""
    with transaction.atomic(), acting(by):
        stored = _locked(consent)
        if stored.recorded_by_id is None:
            raise Refused(
                "Diese Einwilligung hat die Person selbst gegeben; ihr Tag lässt sich nicht ändern."
            )
        _check_day(on)
        stored.given_on = on
        stored.save()
        return stored


def withdraw_consent(consent: Consent, *, by: User | None) -> Consent:
    """Note today that a consent is withdrawn, and have later rooms do what follows.

    That is possible at any time, also when the cycle is over. Raises ``Refused`` if it was
    withdrawn already.
    """
    with transaction.atomic(), acting(by):
        stored = _locked(consent)
        stored.withdrawn_on = max(timezone.localdate(), stored.given_on)
        stored.save()
        for follow in consent_withdrawn:
            follow(stored, by)
        return stored


def _locked(consent: Consent) -> Consent:
    """The row as it stands now, after its cycle, still valid."""
    cycle = Cycle.objects.select_for_update().get(pk=consent.cycle_id)
    stored = Consent.objects.select_for_update().filter(pk=consent.pk).first()
    if stored is None or stored.withdrawn_on is not None:
        raise Refused("Diese Einwilligung ist schon widerrufen. Laden Sie die Seite neu.")
    stored.cycle = cycle
    return stored


def _check_day(on: date) -> None:
    if on > timezone.localdate():
        raise Refused(
            "Die Einwilligung ist mit einem Tag in der Zukunft eingetragen. Tragen Sie den Tag "
            "ein, an dem sie gegeben wurde."
        )


def _asked(cycle: Cycle, kind: ConsentKind, sheet_kind: SheetKind) -> Question:
    for question in questions(sheet_of(cycle, sheet_kind)):
        if question.consent == kind:
            return question
    raise Refused(
        f"Der Profilbogen dieses Durchgangs fragt nicht nach der Einwilligung „{kind.label}“."
    )

"""How long calls for help are kept, what is known of a person's year, and erasure.

Meetings go with their tandem (``tandems.pairs.retention``).
"""

from collections.abc import Collection

from django.db.models import Q
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting, forget
from programmes.cycles.models import Cycle
from programmes.people.models import Person
from programmes.people.retention import PersonalData
from programmes.privacy.periods import DataOfCycle, Found, ended_day
from tandems.meetings.domain import contact_of
from tandems.meetings.models import HelpCall, TandemMeeting
from tandems.pairs.models import Tandem


def before_deletion(tandems: list[int]) -> None:
    """Meetings and calls cascade; what the log says of them is forgotten."""
    for model in (TandemMeeting, HelpCall):
        rows = model._default_manager.filter(tandem__in=tandems)
        keys = list(rows.values_list("pk", flat=True))
        rows.delete()
        forget(model, keys)


def found_calls(cycle: Cycle) -> Found:
    """Calls that were seen to, and all of a cycle that has ended."""
    ended = ended_day(cycle)
    rows = HelpCall.objects.filter(tandem__cycle=cycle)
    for pk, settled_on in rows.values_list("pk", "settled_on"):
        day = settled_on or ended
        if day is not None:
            yield pk, day


def remove_calls(cycle: Cycle, keys: Collection[int]) -> None:
    """Delete that there was a call."""
    HelpCall.objects.filter(tandem__cycle=cycle, pk__in=keys).delete()
    forget(HelpCall, keys)


def known(person: Person) -> list[tuple[str, str]]:
    """Each meeting of the person's tandems, and each call for help; calls to them as a number."""
    tandems = Tandem.objects.filter(
        Q(mentee_person=person) | Q(mentor_person=person), revealed_at__isnull=False
    )
    meetings = TandemMeeting.objects.filter(tandem__in=tandems.values("pk"))
    rows = [
        (
            f"Treffen Ihres Tandems in {meeting.tandem.cycle}",
            f"{meeting.met_on:%d.%m.%Y}, {meeting.get_form_display()}, {meeting.minutes} Minuten",
        )
        for meeting in meetings.select_related("tandem__cycle").order_by("met_on", "pk")
    ]
    for call in HelpCall.objects.filter(asked_by=person).select_related("contact").order_by("pk"):
        day = f"{timezone.localtime(call.asked_at):%d.%m.%Y}"
        rows.append(("Ihre Bitte um Hilfe", f"am {day} an {call.contact.full_name}"))
    asked = HelpCall.objects.filter(contact=person).count()
    if asked:
        rows.append(("Bitten um Hilfe, die an Sie gingen", str(asked)))
    return rows


def known_to(person: Person, reader: User) -> list[tuple[str, str]]:
    """Nothing: a Personalstelle knows of no meeting, not even how many (design, rule 7)."""
    return []


def erase(person: Person, by: User) -> None:
    """Delete the person's calls; open ones that went to them go to the next contact.

    Their meetings go with their tandems; meetings they entered for others' do not exist.
    """
    with acting(by):
        TandemMeeting.objects.filter(entered_by=person).update(entered_by=None)
        waiting = HelpCall.objects.filter(contact=person, settled_on=None)
        for call in waiting.select_related("tandem__application", "tandem__mentor", "asked_by"):
            contact = contact_of(call.tandem, call.asked_by)
            if contact is not None and contact.pk != person.pk:
                call.contact = contact
                call.save(update_fields=["contact"])
        rows = HelpCall.objects.filter(Q(asked_by=person) | Q(contact=person))
        keys = list(rows.values_list("pk", flat=True))
        HelpCall.objects.filter(pk__in=keys).delete()
    forget(HelpCall, keys)


SHARE = PersonalData("Treffen des Tandems", known, erase, known_to)
CALLS = DataOfCycle(
    label="Bitten der Tandems um Hilfe",
    counts_from="Tag der Erledigung, sonst Ende des Durchgangs",
    days=90,
    least=14,
    most=365,
    found=found_calls,
    remove=remove_calls,
    why="So lange lässt sich nachfragen. Was jemand schrieb, war nie gespeichert.",
    effect="Wer wann wen um Hilfe gebeten hat.",
)

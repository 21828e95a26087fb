"""What this room adds to earlier ones."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.utils import timezone

from mentoring.log.domain import frame_readers, track
from mentoring.ui.navigation import cycle_switcher, navigation, start_items
from programmes.cycles import frame
from programmes.cycles.admin import ProgrammeAdmin
from programmes.cycles.domain.sign_ins import SIGNING_IN
from programmes.cycles.models import (
    CouncilSeat,
    Cycle,
    CycleState,
    Participant,
    Participation,
    PermanentMember,
    Programme,
)
from programmes.cycles.permissions import roles_of, works_in_programme
from programmes.cycles.retention import SHARE
from programmes.cycles.sections import municipality_history
from programmes.organisations.models import Municipality
from programmes.organisations.permissions import organisation_readers
from programmes.organisations.sections import municipality_sections
from programmes.people.models import LogisticsStaff, MunicipalityStaff
from programmes.people.permissions import (
    NOBODY,
    invitable,
    person_editors,
    person_visibility,
    posts_of,
    rights_of_others,
    staff_grantors,
)
from programmes.people.retention import erasure


def _council_and_participants(user: Any) -> Q:
    """The Beirat knows itself, its participants, its Logistikpartner, every Personalstelle."""
    inside = roles_of(user).inside
    if not inside:
        return NOBODY
    seats = CouncilSeat.objects.filter(participation__cycle__in=inside)
    participants = Participant.objects.visible_to(user).filter(cycle__in=inside)
    partners = Programme.objects.filter(cycles__in=inside).values("logistics_partner")
    logistics = LogisticsStaff.objects.current().filter(partner__in=partners)
    return (
        Q(pk__in=seats.values("person"))
        | Q(pk__in=participants.values("person"))
        | Q(pk__in=logistics.values("person"))
        | Q(pk__in=MunicipalityStaff.objects.current().values("person"))
    )


def _known_to_logistics(user: Any) -> Q:
    """The Logistikpartner knows the participants and the Beirat of its cycles."""
    cycles = roles_of(user).logistics
    if not cycles:
        return NOBODY
    seats = CouncilSeat.objects.current().filter(participation__cycle__in=cycles)
    participants = Participant.objects.visible_to(user).filter(cycle__in=cycles)
    return Q(pk__in=seats.values("person")) | Q(pk__in=participants.values("person"))


def _council_of_own_cycles(user: Any) -> Q:
    """HR staff know whom to ask: the Beirat of the cycles their Kommune is in."""
    houses = posts_of(user).municipalities
    if not houses:
        return NOBODY
    cycles = Participation.objects.filter(municipality__in=houses).values("cycle")
    seats = CouncilSeat.objects.current().filter(participation__cycle__in=cycles)
    return Q(pk__in=seats.values("person"))


def _seats_led(user: Any) -> Q:
    leading = roles_of(user).leading
    if not leading:
        return NOBODY
    seats = CouncilSeat.objects.filter(participation__cycle__in=leading)
    return Q(pk__in=seats.values("person"))


def _participants_led(user: Any) -> Q:
    """Mentees and mentors get their sign-in from a lead; applicants come by personal link."""
    leading = roles_of(user).leading
    if not leading:
        return NOBODY
    entries = Participant.objects.visible_to(user).present()
    return Q(pk__in=entries.filter(cycle__in=leading, role__in=SIGNING_IN).values("person"))


def _permanent_colleagues(user: Any) -> Q:
    programmes = roles_of(user).permanent
    if not programmes:
        return NOBODY
    members = PermanentMember.objects.filter(programme__in=programmes)
    return Q(pk__in=members.values("person"))


def _council_of_own_programmes(user: Any) -> Q:
    """Ständige Mitglieder know whom to ask to sit again."""
    programmes = roles_of(user).permanent
    if not programmes:
        return NOBODY
    seats = CouncilSeat.objects.held().filter(participation__cycle__programme__in=programmes)
    return Q(pk__in=seats.values("person"))


def _permanent_members_for_operators(user: Any) -> Q:
    if not user.is_operator:
        return NOBODY
    return Q(pk__in=PermanentMember.objects.values("person"))


def _seats_and_memberships(user: Any) -> Q:
    """Seats in cycles ``user`` does not lead, memberships in programmes that are not theirs."""
    roles, today = roles_of(user), timezone.localdate()
    seats = (
        CouncilSeat.objects.filter(Q(until=None) | Q(until__gt=today))
        .exclude(participation__cycle__state__in=CycleState.ended())
        .exclude(participation__cycle__in=roles.leading)
    )
    members = PermanentMember.objects.filter(Q(until=None) | Q(until__gte=today)).exclude(
        programme__in=roles.permanent
    )
    return Q(pk__in=seats.values("person")) | Q(pk__in=members.values("person"))


def _names_first_staff(user: Any, organisation: Any) -> bool:
    """Leads and permanent members name the *first* staff of whom they bring in.

    From then on only the organisation itself does, or an operator when nobody there is left:
    whoever names a Personalstelle decides who reads that Kommune's applications.
    """
    roles = roles_of(user)
    led = Q(pk__in=roles.leading) | Q(programme__in=roles.permanent)
    if organisation.staff.exists():
        return False
    if isinstance(organisation, Municipality):
        return Cycle.objects.filter(led, participations__municipality=organisation).exists()
    return Cycle.objects.filter(led, programme__logistics_partner=organisation).exists()


def _led_cycles(user: Any) -> Q:
    leading = roles_of(user).leading
    return Q(cycle_id__in=leading) if leading else NOBODY


for registry in (person_visibility,):
    registry.add("council and participants", _council_and_participants)
    registry.add("known to logistics", _known_to_logistics)
    registry.add("council of own cycles", _council_of_own_cycles)
    registry.add("council of own programmes", _council_of_own_programmes)
for registry in (person_visibility, person_editors, invitable):
    registry.add("permanent colleagues", _permanent_colleagues)
    registry.add("permanent members, for operators", _permanent_members_for_operators)
    registry.add("seats led", _seats_led)

invitable.add("participants led", _participants_led)

rights_of_others.add("seats and memberships", _seats_and_memberships)
staff_grantors.add("leads", _names_first_staff)
organisation_readers.add("programme", works_in_programme)
frame_readers.add("led cycles", _led_cycles)

municipality_sections.add("history", municipality_history)

cycle_switcher.add("cycles", frame.switcher)
navigation.add("cycle", frame.cycle_navigation, order=20)
navigation.add("members of the cycle", frame.members_navigation, order=60)
navigation.add("programmes", frame.general_navigation, order=70)
start_items.add("first steps: programme", frame.operator_items, order=20)
start_items.add("cycles led", frame.lead_items)
start_items.add("mentees and mentors without a sign-in", frame.sign_in_items)
start_items.add("Startworkshop", frame.workshop_items)
start_items.add("own Kommune invited", frame.house_items)
start_items.add("participants, for logistics", frame.logistics_items)
start_items.add("own participation", frame.participant_items)
start_items.add("former members", frame.former_items)

erasure.add("cycles", SHARE, order=500)

admin.site.register(Programme, ProgrammeAdmin)

track(Programme)
track(PermanentMember)
track(Cycle, cycle_of=lambda cycle: cycle.pk)
track(Participation, cycle_of=lambda participation: participation.cycle_id)
track(CouncilSeat, cycle_of=lambda seat: seat.participation.cycle_id)
track(Participant, personal=True, cycle_of=lambda participant: participant.cycle_id)

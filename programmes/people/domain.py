"""Every change to people and to the posts they hold for an organisation."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from mentoring.accounts.domain import create_user
from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.organisations.models import LogisticsPartner, Municipality
from programmes.people.codes import new_code
from programmes.people.mails import send_invitation
from programmes.people.models import (
    Invitation,
    LogisticsStaff,
    MunicipalityStaff,
    Person,
)

StaffPost = MunicipalityStaff | LogisticsStaff

INVITATION_KEEP_DAYS = 90
OPERATOR = (
    "Sie sind als Betreiber/in angemeldet. Betreiber/innen sind kein Mitglied eines Programms; "
    "nehmen Sie die Einladung mit einem eigenen Zugang an."
)
_ONE_LINE = ("title", "first_name", "last_name", "phone", "position")


def tidy(person: Person) -> None:
    """Bring the text fields into the form we keep: one line, address in lower case.

    A line end in a name would otherwise break the header of a mail.
    """
    for name in _ONE_LINE:
        setattr(person, name, " ".join(getattr(person, name).split()))
    person.email = person.email.strip().lower()


@transaction.atomic
def create_person(*, by: User, **fields: Any) -> Person:
    """Somebody new to the programme. Raises ``ValidationError`` by field.

    Two people may have the same address; ``sharing_mailbox`` finds them.
    """
    person = Person(**fields)
    tidy(person)
    person.full_clean()
    with acting(by):
        person.save()
    return person


@transaction.atomic
def change(person: Person, *, by: User | None) -> bool:
    """Save changed contact data; true if that withdrew an open invitation.

    ``by`` is ``None`` where the person does it by their own link. An invitation sent to the
    old address may have reached somebody else, so it ends with the address. A sign-in never
    changes here. Raises ``EditConflict``.
    """
    tidy(person)
    stored = Person.objects.filter(pk=person.pk).values_list("email", flat=True).first()
    with acting(by):
        person.save()
        withdrawn = False
        if stored != person.email:
            for invitation in _unanswered(person):
                withdrawn = invitation.is_open or withdrawn
                invitation.withdrawn_at = timezone.now()
                invitation.save(update_fields=["withdrawn_at"])
    return withdrawn


def sharing_mailbox(person: Person, *, seen_by: User) -> QuerySet[Person]:
    """Others with the same address, as far as ``seen_by`` may know of them."""
    if not person.email:
        return Person.objects.none()
    same = Person.objects.visible_to(seen_by).filter(email__iexact=person.email)
    return same.exclude(pk=person.pk)


@transaction.atomic
def name_staff(
    organisation: Municipality | LogisticsPartner,
    *,
    person: Person,
    by: User,
    since: date | None = None,
) -> StaffPost:
    """Give ``person`` a post at ``organisation``, from ``since`` (default: today).

    Raises ``Refused`` for a person of another Kommune, for one who holds the post already,
    and for one who signs in as an operator: operators are members of nothing.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.user is not None and person.user.is_superuser:
        raise Refused(
            f"{person} meldet sich als Betreiber/in an. Betreiber/innen haben in Programmen "
            "keine Aufgabe; legen Sie eine eigene Person mit eigener Adresse an."
        )
    since = since or timezone.localdate()
    post: StaffPost
    held: QuerySet[Any]
    if isinstance(organisation, Municipality):
        if person.municipality_id not in (None, organisation.pk):
            raise Refused(
                f"{person} gehört zu {person.municipality}. Für eine Kommune arbeiten nur eigene "
                "Leute in der Personalstelle."
            )
        held = MunicipalityStaff.objects.filter(municipality=organisation)
        post = MunicipalityStaff(municipality=organisation, person=person, since=since)
    else:
        held = LogisticsStaff.objects.filter(partner=organisation)
        post = LogisticsStaff(partner=organisation, person=person, since=since)
    if held.filter(Q(until=None) | Q(until__gte=since), person=person).exists():
        raise Refused(f"{person} ist bei {organisation} bereits eingetragen.")
    with acting(by):
        if isinstance(organisation, Municipality) and person.municipality_id is None:
            person.municipality = organisation
            person.save()
        post.save()
    return post


@transaction.atomic
def end_staff(post: StaffPost, *, by: User, last_day: date | None = None) -> None:
    """End a post with the end of ``last_day`` (default: today).

    Raises ``Refused`` if it has ended already or if the day is before the first one.
    """
    post = type(post).objects.select_for_update().get(pk=post.pk)
    last_day = last_day or timezone.localdate()
    if post.until is not None and post.until < timezone.localdate():
        raise Refused(f"Das ist schon zum {post.until:%d.%m.%Y} beendet worden.")
    if last_day < post.since:
        raise Refused(f"Der letzte Tag liegt vor dem ersten ({post.since:%d.%m.%Y}).")
    post.until = last_day
    with acting(by):
        post.save(update_fields=["until"])


def _unanswered(person: Person) -> QuerySet[Invitation]:
    """Invitations of ``person`` that were neither accepted nor withdrawn, locked."""
    return Invitation.objects.select_for_update().filter(
        person=person, accepted_at=None, withdrawn_at=None
    )


# --- Invitations ----------------------------------------------------------------------
@transaction.atomic
def invite(person: Person, *, role: str, by: User) -> Invitation:
    """Offer ``person`` a sign-in, by a mail to their address; ``role`` says as what.

    It is open for ``settings.INVITATION_DAYS``. Raises ``Refused`` without an address, for
    somebody who has a sign-in, and while another invitation is open.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    _require_invitable(person)
    for earlier in _unanswered(person):
        if earlier.is_open:
            raise Refused(
                f"{person} ist schon eingeladen, gültig bis {_day(earlier.expires_at)}. Sie "
                "können diese Einladung erneut senden oder zurückziehen."
            )
        # The database knows one unanswered invitation a person; an expired one makes room.
        earlier.withdrawn_at = timezone.now()
        earlier.save(update_fields=["withdrawn_at"])
    code, code_hash = new_code()
    invitation = Invitation(
        person=person,
        role=" ".join(role.split())[:200] or "Mitglied des Programms",
        email=person.email,
        code_hash=code_hash,
        created_by=by,
        expires_at=_expiry(),
    )
    with acting(by):
        invitation.save()
    send_invitation(invitation, code, by=by)
    return invitation


@transaction.atomic
def resend(invitation: Invitation, *, by: User) -> Invitation:
    """Send a new code to the person's present address; the old code ends.

    Raises ``Refused`` once the invitation was accepted or withdrawn.
    """
    person = Person.objects.select_for_update().get(pk=invitation.person_id)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    _require_unanswered(invitation)
    _require_invitable(person)
    code, invitation.code_hash = new_code()
    invitation.email = person.email
    invitation.expires_at = _expiry()
    with acting(by):
        invitation.save(update_fields=["code_hash", "email", "expires_at"])
    send_invitation(invitation, code, by=by)
    return invitation


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User) -> None:
    """End an invitation; its link says so from now on.

    Raises ``Refused`` once it was accepted or withdrawn.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    _require_unanswered(invitation)
    invitation.withdrawn_at = timezone.now()
    with acting(by):
        invitation.save(update_fields=["withdrawn_at"])


@transaction.atomic
def accept(invitation: Invitation, *, by: User) -> Person:
    """Link the invited person with the sign-in ``by``, which opened the invitation.

    Raises ``Refused`` unless the invitation is open, for an operator, and where sign-in or
    person are linked already.
    """
    person, invitation = _open_and_locked(invitation)
    if by.is_superuser or by.is_staff:
        raise Refused(OPERATOR)
    if not by.is_active:
        raise Refused(f"Der Zugang {by.email} ist gesperrt.")
    if Person.objects.filter(user=by).exists():
        raise Refused(
            f"Der Zugang {by.email} gehört schon zu einer anderen Person. Jede Person braucht "
            "einen eigenen Zugang."
        )
    person.user = by
    invitation.accepted_at = timezone.now()
    with acting(by):
        person.save()
        invitation.save(update_fields=["accepted_at"])
    return person


@transaction.atomic
def accept_with_new_sign_in(
    invitation: Invitation, *, password: str | None, email: str | None = None
) -> User:
    """Create the sign-in an invited person chose and link it; without a password by code.

    ``email`` is an own address that was confirmed, where the invited one is somebody
    else's sign-in. Raises ``ValidationError`` by field for an address that is taken or a
    weak password, and ``Refused`` as ``accept`` does.
    """
    # Locked before the sign-in is made: a second post waits, and then finds it accepted.
    _open_and_locked(invitation)
    user = create_user(email=email or invitation.email, password=password, by=None)
    accept(invitation, by=user)
    return user


def delete_old_invitations() -> int:
    """Delete invitations whose time ended ``INVITATION_KEEP_DAYS`` ago; returns how many."""
    limit = timezone.now() - timedelta(days=INVITATION_KEEP_DAYS)
    return Invitation.objects.filter(expires_at__lt=limit).delete()[0]


def _require_invitable(person: Person) -> None:
    if person.user_id is not None:
        raise Refused(f"{person} hat schon einen Zugang und braucht keine Einladung.")
    if not person.email:
        raise Refused(
            f"Für {person} ist keine E-Mail-Adresse eingetragen. Tragen Sie zuerst eine ein."
        )


def _open_and_locked(invitation: Invitation) -> tuple[Person, Invitation]:
    person = Person.objects.select_for_update().get(pk=invitation.person_id)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not invitation.is_open or person.user_id is not None:
        raise Refused("Diese Einladung gilt nicht mehr.")
    return person, invitation


def _require_unanswered(invitation: Invitation) -> None:
    if invitation.accepted_at is not None:
        raise Refused("Diese Einladung ist schon angenommen worden.")
    if invitation.withdrawn_at is not None:
        raise Refused("Diese Einladung ist zurückgezogen. Sie können neu einladen.")


def _expiry() -> datetime:
    return timezone.now() + timedelta(days=settings.INVITATION_DAYS)


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%d.%m.%Y}"

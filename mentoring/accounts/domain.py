"""Every change to a sign-in. Who that is to the programme is the business of later rooms."""

from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused

TAKEN = "Mit dieser E-Mail-Adresse gibt es bereits einen Zugang."
LAST_OPERATOR = (
    "Das ist der letzte aktive Betreiberzugang. Legen Sie zuerst einen anderen an, sonst kann "
    "niemand mehr Zugänge verwalten."
)


def create_user(*, email: str, password: str | None, by: User | None) -> User:
    """A new sign-in; without a password only by code.

    ``by`` is ``None`` where nobody is signed in yet: at the first start, and when an
    invitation is accepted. Raises ``ValidationError`` by field for an address that is taken
    (whatever its case) or is none, and for a password that is too weak.
    """
    return _create(email=email, password=password, operator=False, by=by)


def create_operator(*, email: str, by: User) -> User:
    """A further operator, who sets a password by a link (see ``welcome``).

    Raises ``ValidationError`` as ``create_user`` does and ``Refused`` unless ``by`` is an
    operator.
    """
    _require_operator(by)
    return _create(email=email, password=None, operator=True, by=by)


@transaction.atomic
def create_first_operator(*, email: str, password: str) -> User:
    """The operator of a new installation. Raises ``Refused`` once there is one."""
    # There is no row of an operator to lock yet; this one stands in every installation, and
    # two people with the same link must not both become the first.
    ContentType.objects.select_for_update().get(app_label="mentoring", model="user")
    if operator_exists():
        raise Refused("Diese Installation hat schon einen Betreiberzugang.")
    return _create(email=email, password=password, operator=True, by=None)


def operator_exists() -> bool:
    """Whether anybody ever became an operator; a deactivated one counts too."""
    return bool(User.objects.filter(is_superuser=True).exists())


@transaction.atomic
def deactivate(user: User, *, reason: str, by: User) -> None:
    """End all sessions of ``user`` and let them sign in no more.

    Raises ``Refused`` unless ``by`` is an operator, for the last operator, for a sign-in that
    is not active, and without a reason.
    """
    _require_operator(by)
    reason = reason.strip()
    if not reason:
        raise Refused("Bitte geben Sie einen Grund an.")
    # Locked in a fixed order, so that the last two operators cannot lock each other out.
    operators = list(User.objects.select_for_update().operators().order_by("pk"))
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise Refused("Dieser Zugang ist bereits gesperrt.")
    if user in operators and len(operators) == 1:
        raise Refused(LAST_OPERATOR)
    user.is_active = False
    user.status_reason = reason
    with acting(by):
        user.save(update_fields=["is_active", "status_reason"])
    end_all_sessions(user, by=by)


@transaction.atomic
def reactivate(user: User, *, reason: str, by: User) -> None:
    """Let ``user`` sign in again. The reason stands in the log beside the change.

    Raises ``Refused`` unless ``by`` is an operator, and for a sign-in that is active.
    """
    _require_operator(by)
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_active:
        raise Refused("Dieser Zugang ist nicht gesperrt.")
    user.is_active = True
    user.status_reason = reason.strip()
    with acting(by):
        user.save(update_fields=["is_active", "status_reason"])


def end_session(session: UserSession, *, by: User) -> None:
    """Sign out one browser. Raises ``Refused`` for a session of somebody else."""
    if session.user_id != by.pk and not by.is_operator:
        raise Refused("Diese Sitzung gehört zu einem anderen Zugang.")
    with transaction.atomic():
        SessionStore().delete(session.session_key)
        session.delete()


def end_other_sessions(*, current_key: str | None, by: User) -> int:
    """Sign out all browsers of ``by`` but the one with ``current_key``; returns how many."""
    others = list(UserSession.objects.filter(user=by).exclude(session_key=current_key))
    for session in others:
        end_session(session, by=by)
    return len(others)


def end_all_sessions(user: User, *, by: User) -> int:
    """Sign ``user`` out everywhere; returns from how many browsers."""
    found = list(UserSession.objects.filter(user=user))
    for session in found:
        end_session(session, by=by)
    return len(found)


@transaction.atomic
def _create(*, email: str, password: str | None, operator: bool, by: User | None) -> User:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as fault:
        raise ValidationError({"email": fault}) from fault
    user = User(email=email, is_staff=operator, is_superuser=operator)
    if password is not None:
        try:
            validate_password(password, user)
        except ValidationError as fault:
            raise ValidationError({"password": fault}) from fault
    user.set_password(password)
    # The unique column decides between two at the same moment; asking first keeps the
    # transaction of whoever called us usable.
    user.full_clean(exclude=["password", "last_login"])
    with acting(by):
        user.save()
    return user


def _require_operator(by: User) -> None:
    if not by.is_operator:
        raise Refused("Das dürfen nur Betreiber/innen.")

"""Signing somebody in without a password, and mails that let them set one."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import perform_login, user_pk_to_url_str
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from mentoring.accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """The user of a page that has a rule. Raises ``PermissionDenied`` for nobody."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def sign_in(request: HttpRequest, user: User, *, redirect_url: str | None = None) -> HttpResponse:
    """Sign ``user`` in after a proof other than a password, such as an accepted invitation.

    Goes through allauth's stages, so that a second factor is asked for once there is one.
    Returns where to go: ``redirect_url``, the start page, or the next stage.
    """
    # allauth's function carries no types.
    response: HttpResponse = perform_login(
        request, user, redirect_url=redirect_url, email=user.email
    )
    return response


def password_link(user: User) -> str:
    """The address under which ``user`` sets a password, once, within
    ``settings.PASSWORD_RESET_TIMEOUT`` seconds.
    """
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    return str(get_adapter().get_reset_password_from_key_url(key))


def send_welcome(user: User) -> None:
    """Mail a new operator the link under which they set their password."""
    get_adapter().send_mail(
        "account/email/welcome", user.email, {"password_url": password_link(user)}
    )

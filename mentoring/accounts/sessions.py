"""Sessions: how long they last, which ones a user has, and how they end."""

import time
from typing import Any

from allauth.account import signals
from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from mentoring.accounts import domain
from mentoring.accounts.models import User

TOUCHED = "touched_at"
"""Key in the session: when it was last written for being used, in seconds since 1970."""


@receiver(user_logged_in, dispatch_uid="mentoring.accounts.sessions")
def start(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """A session counts from its sign-in."""
    request.session[TOUCHED] = int(time.time())


def touch(request: HttpRequest) -> None:
    """Let the session's eight hours begin anew, unless that was done minutes ago."""
    now = int(time.time())
    if now - request.session.get(TOUCHED, 0) < settings.SESSION_TOUCH_SECONDS:
        return
    # Changing it is enough: the session middleware writes it with a new end.
    request.session[TOUCHED] = now
    UserSession.objects.filter(session_key=request.session.session_key).update(
        last_seen_at=timezone.now(), ip=get_adapter().get_client_ip(request)
    )


@receiver([signals.password_changed, signals.password_set], dispatch_uid="others end")
def end_others(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """After a new password only the browser it was typed in stays signed in.

    Django turns the others away already, by the hash of the password; so they also vanish
    from the list.
    """
    domain.end_other_sessions(current_key=request.session.session_key, by=user)


@receiver(signals.password_reset, dispatch_uid="all end")
def end_all(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """After a reset no browser stays signed in."""
    domain.end_all_sessions(user, by=user)


def current_sessions(user: User) -> list[UserSession]:
    """The browsers ``user`` is signed in with, the one used last first. Writes nothing."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return list(
        UserSession.objects.filter(user=user, session_key__in=alive).order_by("-last_seen_at")
    )


_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
# In this order: each of these browsers also calls itself by a later name.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)


def device_name(user_agent: str) -> str:
    """What the owner of a session recognises it by, such as "Firefox unter Windows"."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if browser and system:
        return f"{browser} unter {system}"
    return browser or system or "Unbekanntes Gerät"


def delete_expired() -> int:
    """Delete sessions that ended by themselves and what was noted about them."""
    over = Session.objects.filter(expire_date__lt=timezone.now())
    count = over.count()
    if count:
        over.delete()
    gone = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    return count + gone.delete()[0]

"""What the visitor's session knows: which links are proven, and what waits to be typed again.

A proof is for one link alone. It ends some time after the last step, in any case after a
working day.
"""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.http.request import QueryDict
from django.urls import Resolver404, resolve
from django.utils import timezone

from mentoring.ui.kept import FormKeeper
from programmes.people.proofs import MailboxProof
from tandems.links.domain import find_link, note_opened
from tandems.links.mails import send_digits
from tandems.links.models import PersonalLink

IDLE = timedelta(hours=2)
MOST = timedelta(hours=8)
RENEWED_EVERY = timedelta(minutes=5)
MOST_KEPT_CHARACTERS = 300_000

_PROVEN = "links.proven"
_KEPT = "links.kept"
_NOT_KEPT = ("csrfmiddlewaretoken", "_form_id", "_kept")
_PROOF = MailboxProof("links.mailbox")


# --- The proof ------------------------------------------------------------------------
def ask_for_proof(link: PersonalLink, request: HttpRequest) -> None:
    """Mail a code to the address the link was sent to. Raises ``Refused`` after too many."""
    _PROOF.ask(link.pk, request, email=link.email, send=send_digits)


def waits_for_code(link: PersonalLink, request: HttpRequest) -> bool:
    """Whether a code was sent for ``link`` from this browser that is still good."""
    return _PROOF.waiting(link.pk, request) is not None


def prove(link: PersonalLink, request: HttpRequest, digits: str) -> None:
    """Take the code for a proof of ``link``. Raises ``Refused`` for a wrong one."""
    _PROOF.check(link.pk, request, digits)
    _PROOF.forget(request)
    # Whoever knew the session's key before is not to share the proof.
    request.session.cycle_key()
    now = timezone.now()
    _write(request, link, began=now, seen=now)
    note_opened(link)


def is_proven(link: PersonalLink, request: HttpRequest) -> bool:
    """Whether this browser's proof of ``link`` holds; looking at it goes on with it."""
    proof = request.session.get(_PROVEN, {}).get(str(link.pk))
    if proof is None:
        return False
    now = timezone.now()
    began, seen = (datetime.fromisoformat(proof[name]) for name in ("began", "seen"))
    if now > seen + IDLE or now > began + MOST:
        return False
    if now > seen + RENEWED_EVERY:
        _write(request, link, began=began, seen=now)
    return True


def forget_proof(link: PersonalLink, request: HttpRequest) -> None:
    """End the proof, and drop what was kept: somebody else may use this computer next."""
    for name, key in ((_PROVEN, str(link.pk)), (_KEPT, _record(link))):
        held = request.session.get(name, {})
        if held.pop(key, None) is not None:
            request.session[name] = held


def _write(request: HttpRequest, link: PersonalLink, *, began: datetime, seen: datetime) -> None:
    proofs = request.session.get(_PROVEN, {})
    proofs[str(link.pk)] = {"began": began.isoformat(), "seen": seen.isoformat()}
    request.session[_PROVEN] = proofs


# --- What was typed when the proof ran out ----------------------------------------------
def keep_typed(link: PersonalLink, request: HttpRequest) -> bool:
    """Keep the posted form with the session; false if it is too long for that.

    It hangs on the record, so that a link sent again finds it in the same browser.
    """
    fields = [
        [name, [str(value) for value in values]]
        for name, values in request.POST.lists()
        if name not in _NOT_KEPT
    ]
    if sum(len(name) + sum(map(len, values)) for name, values in fields) > MOST_KEPT_CHARACTERS:
        return False
    held = request.session.get(_KEPT, {})
    held[_record(link)] = {"page": _page(request), "fields": fields}
    request.session[_KEPT] = held
    return True


def page_with_typed(link: PersonalLink, request: HttpRequest) -> str:
    """The name of the route whose form was kept for ``link``, "" if none was."""
    return str(request.session.get(_KEPT, {}).get(_record(link), {}).get("page", ""))


def _typed(request: HttpRequest) -> QueryDict | None:
    link = _link_of(request)
    if link is None or not is_proven(link, request):
        return None
    kept = request.session[_KEPT].get(_record(link))
    if not kept or kept["page"] != _page(request):
        return None
    data = QueryDict(mutable=True)
    for name, values in kept["fields"]:
        data.setlist(name, values)
    return data


def _discard(request: HttpRequest) -> None:
    link = _link_of(request)
    # The pages on the way to the sheet are forms too.
    if link is not None and page_with_typed(link, request) == _page(request):
        held = request.session[_KEPT]
        del held[_record(link)]
        request.session[_KEPT] = held


def _link_of(request: HttpRequest) -> PersonalLink | None:
    """The link whose page this is; not looked for while the session keeps nothing."""
    if not request.session.get(_KEPT):
        return None
    try:
        code: Any = resolve(request.path_info).kwargs.get("code")
    except Resolver404:
        return None
    return find_link(code) if isinstance(code, str) else None


def _page(request: HttpRequest) -> str:
    return resolve(request.path_info).view_name


def _record(link: PersonalLink) -> str:
    return f"{link.purpose} {link.record}"


KEEPER = FormKeeper(
    kept=_typed, token=lambda request: "", discard=_discard, rescue=lambda request: None
)
"""Lets ``FormPage`` show again what was typed when the proof had run out."""

"""Freezing a message: from its parts to the very bytes that go over the line."""

import re
import unicodedata
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from email.charset import QP, Charset
from email.utils import make_msgid, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.message import sanitize_address
from django.core.validators import validate_email

Attachment = tuple[str, bytes, str]
"""File name, content, content type."""

_OWN_HEADERS = frozenset(
    name.lower()
    for name in ("To", "Cc", "Bcc", "From", "Subject", "Reply-To", "Message-ID", "Date", "Sender")
)

# Unicode's explicit directional formatting characters (UAX #9, 2).
_TURNING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


@dataclass(frozen=True)
class Frozen:
    """A message ready to be queued. ``raw`` has CRLF line ends and never changes again."""

    to_email: str
    to_name: str
    subject: str
    message_id: str
    raw: bytes


@dataclass(frozen=True)
class Outgoing:
    """One message of many, before it is frozen; ``person`` is the ``Person`` written to."""

    to_email: str
    to_name: str
    subject: str
    text: str
    html: str = ""
    person: Any = None


def freeze(
    *,
    to_email: str,
    to_name: str = "",
    subject: str,
    text: str,
    html: str = "",
    reply_to: str = "",
    attachments: Sequence[Attachment] = (),
    headers: dict[str, str] | None = None,
    from_email: str = "",
    boundary: str = "",
) -> Frozen:
    """Build the message with its own Message-ID and Date and return its bytes.

    ``boundary`` parts text and attachments, where it must be a certain one. Raises
    ``ValidationError`` for an address that is none, ``ValueError`` for an extra header that
    is ours to set.
    """
    to_email = to_email.strip()
    check_address(to_email)
    to_name, subject = one_line(to_name)[:200], one_line(subject)[:250]
    if reply_to:
        check_address(parseaddr(one_line(reply_to))[1])
    message_id = new_message_id()
    extra = {one_line(name): one_line(value) for name, value in (headers or {}).items()}
    for name in extra:
        if name.lower() in _OWN_HEADERS or not re.fullmatch(r"[A-Za-z0-9-]+", name):
            raise ValueError(f"header {name!r} cannot be set")
    mail = EmailMultiAlternatives(
        subject=subject,
        body=without_nul(text),
        from_email=from_email or settings.DEFAULT_FROM_EMAIL,
        to=[address(to_name, to_email)],
        reply_to=[one_line(reply_to)] if reply_to else [],
        headers={
            "Message-ID": message_id,
            # RFC 3834: keeps absence notes from answering.
            "Auto-Submitted": "auto-generated",
            **extra,
        },
    )
    if html:
        mail.attach_alternative(without_nul(html), "text/html")
    for name, content, content_type in attachments:
        mail.attach(one_line(name), content, content_type)
    return Frozen(to_email, to_name, subject, message_id, as_bytes(mail, boundary))


_STAND_IN: Attachment = ("-", b"-", "application/octet-stream")


def freeze_many(
    messages: Iterable[Outgoing], *, batch: uuid.UUID, reply_to: str = ""
) -> list[Frozen]:
    """The beginnings of messages that share their end (``freeze_tail``), up to where it begins."""
    heads = []
    for message in messages:
        whole = freeze(
            to_email=message.to_email,
            to_name=message.to_name,
            subject=message.subject,
            text=message.text,
            html=message.html,
            reply_to=reply_to,
            attachments=[_STAND_IN],
            boundary=_boundary(batch),
        )
        heads.append(replace(whole, raw=_parted(whole.raw, batch)[0]))
    return heads


def freeze_tail(attachments: Sequence[Attachment], *, batch: uuid.UUID) -> bytes:
    """The end that all messages of ``batch`` share: their attachments, encoded once."""
    whole = freeze(
        to_email="niemand@mentoring.example",
        subject="-",
        text="-",
        attachments=attachments,
        boundary=_boundary(batch),
    )
    return _parted(whole.raw, batch)[1]


def _boundary(batch: uuid.UUID) -> str:
    # "=_" stands in no quoted-printable and no base64 text (RFC 2045, 6.7).
    return f"=_{batch.hex}"


def _parted(raw: bytes, batch: uuid.UUID) -> tuple[bytes, bytes]:
    """``raw`` before and from the second boundary on, that is from the first attachment."""
    line = f"\r\n--{_boundary(batch)}\r\n".encode()
    first = raw.index(line)
    second = raw.index(line, first + len(line) - 2)
    return raw[:second], raw[second:]


def as_bytes(mail: EmailMessage, boundary: str = "") -> bytes:
    """``mail`` as it goes over the line: CRLF line ends, and nothing but 7 bit ASCII.

    A relay that cannot do 8BITMIME would otherwise re-encode what we have frozen.
    """
    charset = Charset("utf-8")
    charset.body_encoding = QP
    mail.encoding = charset
    message = mail.message()
    if boundary:
        message.set_boundary(boundary)
    raw: bytes = message.as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # Django's MIMEMixin adds it
    return raw if raw.endswith(b"\r\n") else raw + b"\r\n"


def check_address(email: str) -> None:
    """Raise ``ValidationError`` (German) unless ``email`` is one plain address."""
    try:
        validate_email(email)
    except ValidationError as error:
        raise ValidationError(
            "Diese E-Mail-Adresse ist nicht gültig. Bitte prüfen Sie die Schreibweise, "
            "zum Beispiel name@kommune.de.",
            code="email",
        ) from error


def address(name: str, email: str) -> str:
    """A header's worth of name and address; the name is encoded where it must be."""
    if not name:
        return email
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{email}>'


def envelope_address(email: str) -> str:
    """``email`` with its domain as ASCII (punycode), as the SMTP dialogue wants it."""
    return parseaddr(sanitize_address(email, "utf-8"))[1]


def new_message_id() -> str:
    """A Message-ID (RFC 5322, 3.6.4) that nobody has used before."""
    return make_msgid(domain=message_domain())


def message_domain() -> str:
    """The domain for our Message-IDs: the sender's, which exists in fact."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return domain or urlsplit(settings.BASE_URL).hostname or "localhost"


def one_line(text: str) -> str:
    """``text`` on one line: line breaks and other control characters become spaces.

    What turns the direction of writing is left out: with it a name could pose as another.
    """
    shown = encodable(text).translate(_TURNING)
    return " ".join(
        "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in shown).split()
    )


def without_nul(text: str) -> str:
    """``text`` without NUL characters, which no mail may hold (RFC 5322, 2.3)."""
    return encodable(text).replace("\0", "")


def encodable(text: str) -> str:
    """``text`` with halves of surrogate pairs, which no encoding can hold, as "?"."""
    return text.encode("utf-8", "replace").decode("utf-8")

"""Handing one message over: to an SMTP server, or into a folder where none is set up.

The question that decides everything is whether the server may have taken the message. Up
to the final dot it certainly has not, so a fault is temporary or permanent; from the dot to
the answer nobody knows, so a fault there is ``Unanswered`` and never tried again by itself.
"""

import os
import re
import smtplib
import socket
import ssl
from collections.abc import Container
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from django.conf import settings

from programmes.outbox.messages import envelope_address

_MESSAGE_END = b".\r\n"
NO_CONNECTION = "Der Mailserver antwortete nicht, oder die Verbindung brach ab."
UNCONFIRMED = "Der Mailserver hat die Nachricht bekommen, aber nicht bestätigt."


class Fault(Exception):
    """A message was not handed over; the text is German and names nobody."""


class Temporary(Fault):
    """Certainly not taken; later it may work."""


class Unreachable(Temporary):
    """No connection to the server, or it refuses us: no fault of the message."""


class Permanent(Fault):
    """Certainly not taken, and it never will be."""


class Unanswered(Fault):
    """Taken perhaps: the message was complete, the answer is missing."""


class Transport(Protocol):
    """Hands messages over, one after the other, over one connection."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def connect(self) -> None:
        """Be ready for the next message; raises ``Unreachable``."""

    def send(self, name: str, to_email: str, raw: bytes) -> None:
        """Hand one message over; raises a ``Fault``. ``name`` is unique to the message."""


def open_transport() -> Transport:
    """The transport that the settings ask for."""
    return SmtpTransport(settings.SMTP) if settings.SMTP else FolderTransport(mail_folder())


def mail_folder() -> Path:
    """Where mails are written while no mail server is set up."""
    return Path(settings.DATA_DIR) / "mail"


class FolderTransport:
    """Writes each message as an ``.eml`` file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is held open."""

    def connect(self) -> None:
        """Make the folder, readable by this account only."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Unreachable("Der Ordner für Mails lässt sich nicht anlegen.") from error

    def send(self, name: str, to_email: str, raw: bytes) -> None:
        """Write ``<name>.eml``, whole or not at all."""
        target = self._folder / f"{name}.eml"
        part = target.with_suffix(".part")
        try:
            with open(part, "wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, target)
        except OSError as error:
            raise Temporary("Die Mail ließ sich nicht in den Ordner schreiben.") from error


class SmtpTransport:
    """One SMTP connection, opened when first needed and again after it broke."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._host: str = config["EMAIL_HOST"]
        self._user: str = config["EMAIL_HOST_USER"] or ""
        self._password: str = config["EMAIL_HOST_PASSWORD"] or ""
        self._tls = bool(config.get("EMAIL_USE_TLS"))
        self._ssl = bool(config.get("EMAIL_USE_SSL"))
        self._port = int(config["EMAIL_PORT"] or (465 if self._ssl else 587 if self._tls else 25))
        self._smtp: smtplib.SMTP | None = None
        self._used = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take leave of the server."""
        if self._smtp is not None:
            try:
                self._smtp.quit()
            except (smtplib.SMTPException, OSError):
                # Everything was answered already; only the goodbye got lost.
                self._smtp.close()
            self._smtp = None

    def connect(self) -> None:
        """Open the connection unless it is open; raises ``Unreachable``."""
        if self._smtp is not None:
            return
        try:
            self._smtp = self._open()
            self._used = 0
        except ssl.SSLCertVerificationError as error:
            raise Unreachable("Das Zertifikat des Mailservers ist nicht gültig.") from error
        except smtplib.SMTPAuthenticationError as error:
            raise Unreachable(
                f"Der Mailserver nimmt unsere Anmeldung nicht an ({error.smtp_code})."
            ) from error
        except smtplib.SMTPNotSupportedError as error:
            raise Unreachable("Der Mailserver bietet keine Verschlüsselung (STARTTLS).") from error
        except TimeoutError as error:
            raise Unreachable("Der Mailserver antwortet nicht.") from error
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable("Der Mailserver ist nicht erreichbar.") from error

    def _open(self) -> smtplib.SMTP:
        # The default context verifies certificate and host name.
        context = ssl.create_default_context()
        timeout = settings.SMTP_TIMEOUT
        smtp: smtplib.SMTP
        if self._ssl:
            smtp = smtplib.SMTP_SSL(self._host, self._port, timeout=timeout, context=context)
        else:
            smtp = smtplib.SMTP(self._host, self._port, timeout=timeout)
        try:
            if self._tls:
                smtp.starttls(context=context)
            if self._user:
                smtp.login(self._user, self._password)
            smtp.ehlo_or_helo_if_needed()
            if smtp.sock is not None:
                # Without it the dot waits for the acknowledgement of the text: 40 ms each.
                smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def send(self, name: str, to_email: str, raw: bytes) -> None:
        """Hand one message over.

        A server may close a connection after so many messages: a first "no" to a used
        connection is answered by a new connection, not by a pause.
        """
        self.connect()
        try:
            self._envelope(to_email)
        except Temporary:
            if self._smtp is not None or not self._used:
                raise
            self.connect()
            self._envelope(to_email)
        self._data(raw)
        self._used += 1

    def _envelope(self, to_email: str) -> None:
        sender = envelope_address(settings.DEFAULT_FROM_EMAIL)
        self._expect(self._command("MAIL", f"FROM:<{sender}>"), (250,), "den Absender")
        recipient = envelope_address(to_email)
        self._expect(self._command("RCPT", f"TO:<{recipient}>"), (250, 251), "die Adresse")
        self._expect(self._command("DATA"), (354,), "die Nachricht")

    def _data(self, raw: bytes) -> None:
        assert self._smtp is not None
        try:
            # RFC 5321, 4.5.2: a dot at the beginning of a line is doubled.
            self._smtp.send(re.sub(rb"(?m)^\.", b"..", raw))
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Temporary(NO_CONNECTION) from error
        try:
            self._smtp.send(_MESSAGE_END)
            reply = self._smtp.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Unanswered(UNCONFIRMED) from error
        if not 200 <= reply[0] < 600:
            self._drop()
            raise Unanswered(UNCONFIRMED)
        self._expect(reply, range(200, 300), "die Nachricht")

    def _command(self, command: str, argument: str = "") -> tuple[int, bytes]:
        assert self._smtp is not None
        try:
            return self._smtp.docmd(command, argument)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Temporary(NO_CONNECTION) from error

    def _expect(self, reply: tuple[int, bytes], good: Container[int], what: str) -> None:
        """Raise unless ``reply`` is one of ``good``; the connection is ready for more after."""
        code, text = reply
        if code in good:
            return
        # Only the codes: the text of an answer often quotes the address.
        detail = re.match(rb"[245]\.\d{1,3}\.\d{1,3}", text)
        shown = f"{code} {detail[0].decode()}" if detail else f"{code}"
        if code == 421 or code < 200:
            self._drop()
        else:
            self._reset()
        if 500 <= code < 600:
            raise Permanent(f"Der Mailserver hat {what} abgelehnt ({shown}).")
        raise Temporary(f"Der Mailserver hat {what} vorläufig abgelehnt ({shown}).")

    def _reset(self) -> None:
        assert self._smtp is not None
        try:
            self._smtp.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

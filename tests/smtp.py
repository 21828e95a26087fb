"""A real SMTP server on loopback that counts, and misbehaves when told to."""

import asyncio
import logging
import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

# It logs every line of every dialogue.
logging.getLogger("mail.log").setLevel(logging.WARNING)

ACCEPTED = "250 2.0.0 angenommen"


@dataclass
class Mailbox:
    """What the server took, and how it answers.

    ``at_recipient`` and ``at_data`` return an answer for an address, or ``None`` to accept;
    the answers "drop" and "take and drop" close the connection, before or after counting.
    """

    at_recipient: Callable[[str], str | None] = lambda address: None
    at_data: Callable[[str], str | None] = lambda address: None
    seconds: float = 0.0
    port: int = 0
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    connections: int = 0

    async def handle_EHLO(  # the name is the library's
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, answers: list[str]
    ) -> list[str]:
        """Count connections."""
        self.connections += 1
        session.host_name = hostname
        return answers

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept or refuse a recipient."""
        answer = self.at_recipient(address)
        if answer == "drop":
            _abort(server)
            await asyncio.Event().wait()
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return ACCEPTED

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a message, or not."""
        if self.seconds:
            await asyncio.sleep(self.seconds)
        (address,) = envelope.rcpt_tos
        answer = self.at_data(address)
        if answer == "drop":
            _abort(server)
            await asyncio.Event().wait()
        if answer in (None, "take and drop"):
            assert isinstance(envelope.content, bytes)
            self.taken.append((address, envelope.content))
        if answer == "take and drop":
            _abort(server)
            await asyncio.Event().wait()
        return answer or ACCEPTED

    @property
    def messages(self) -> list[Message]:
        """What was taken, parsed."""
        return [message_from_bytes(raw) for _, raw in self.taken]

    @property
    def copies(self) -> Counter[str]:
        """How often each Message-ID was taken."""
        return Counter(str(message["Message-ID"]) for message in self.messages)

    @property
    def config(self) -> dict[str, Any]:
        """As ``settings.SMTP``."""
        return {
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": self.port,
            "EMAIL_HOST_USER": None,
            "EMAIL_HOST_PASSWORD": None,
        }

    @property
    def url(self) -> str:
        """As ``SMTP_URL``."""
        return f"smtp://127.0.0.1:{self.port}"


class _FreePort(Controller):
    """A controller on whatever port is free."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def _abort(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


@contextmanager
def smtp_server(mailbox: Mailbox, tls: ssl.SSLContext | None = None) -> Iterator[Mailbox]:
    """Serve ``mailbox`` on a free port of 127.0.0.1; with ``tls`` it offers STARTTLS."""
    controller = _FreePort(
        mailbox, hostname="127.0.0.1", port=0, tls_context=tls, require_starttls=tls is not None
    )
    controller.start()
    mailbox.port = controller.port
    try:
        yield mailbox
    finally:
        controller.stop()

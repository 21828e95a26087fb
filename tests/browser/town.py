"""A product with the stage of the stories, a worker, and a mail server that keeps what comes."""

import contextlib
import email.policy
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path
from typing import cast

from tests.browser.names import AWARE, GUIDES, JANA, JOERG, PLACED, STILL, address
from tests.browser.product import running
from tests.browser.visitor import Visitor
from tests.factories import PASSWORD
from tests.smtp import Mailbox, smtp_server
from tests.waiting import wait_until

PEOPLE = {
    "lead": address("Lena", "Leitung"),
    "member": address("Mara", "Mit-Glied"),
    "logistics": address("Lotte", "Lager"),
    "permanent": address("Petra", "Plan"),
    "hr": address("Hanna", "Haus"),
    "other_hr": address("Hanna", "Größe"),
    "applicant": address(*AWARE),
    "mentee": address(*PLACED[0]),
    "mentor": address(*GUIDES[0]),
    "year_mentee": address(*JANA),
    "year_mentor": address(*JOERG),
    "silent_mentee": address(*STILL),
}
BUILD = "from tests.browser.stage import build; build()"


@dataclass
class Town:
    """Where the stories happen. ``visit`` belongs to the test that runs."""

    base: str
    mailbox: Mailbox
    cycles: dict[str, int]
    visit: Callable[..., Visitor]

    def cycle(self, story: str) -> str:
        """The address of the story's own cycle."""
        return f"/durchgaenge/{self.cycles[story]}/"

    def stranger(self, **options: object) -> Visitor:
        """Somebody who is not signed in."""
        return self.visit(self.base, **options)

    def person(self, key: str, **options: object) -> Visitor:
        """One of ``PEOPLE``, signed in."""
        visitor = self.stranger(**options)
        visitor.sign_in(PEOPLE[key], PASSWORD)
        return visitor

    def at_own_sheet(self, to: str, **options: object) -> tuple[Visitor, str]:
        """Somebody who proved by code the personal link mailed to ``to``; with its path."""
        link = self.link_to(to, "Ihr persönlicher Link", "/bogen/")
        somebody = self.stranger(**options)
        somebody.go(link)
        somebody.check()
        assert not self.mails("Ihr Code", to), "who looks has not asked for a code"
        somebody.press("Code anfordern")
        somebody.page.wait_for_url("**/code/")
        somebody.check()
        code = re.search(r"\b\d{6}\b", self.text_to(to, "Ihr Code"))
        assert code is not None
        somebody.field("Code aus der E-Mail").fill(code[0])
        somebody.press("Weiter zum Bogen")
        somebody.page.wait_for_url(lambda url: "/code/" not in url)
        somebody.check()
        return somebody, link

    def mails(self, subject: str, to: str = "") -> list[tuple[str, EmailMessage]]:
        """Address and message of those taken so far that have ``subject`` in theirs."""
        found = []
        for recipient, raw in list(self.mailbox.taken):
            message = cast(EmailMessage, message_from_bytes(raw, policy=email.policy.default))
            if subject in str(message["Subject"]) and to in recipient:
                found.append((recipient, message))
        return found

    def text_to(self, to: str, subject: str) -> str:
        """The text of the one mail with ``subject`` that reaches ``to``."""
        mails = wait_until(lambda: self.mails(subject, to), 30, f"{subject!r} to {to}")
        assert len(mails) == 1
        body = mails[0][1].get_body(("plain",))
        assert body is not None
        return str(body.get_content())

    def link_to(self, to: str, subject: str, begins: str) -> str:
        """The path of the link in that mail whose path starts with ``begins``."""
        found = re.search(rf"http\S+?({re.escape(begins)}\S+)", self.text_to(to, subject))
        assert found is not None
        return found[1]


@contextlib.contextmanager
def open_town(folder: Path) -> Iterator[Callable[[Callable[..., Visitor]], Town]]:
    """Start everything; gives a function that opens the town to the visitors of a test."""
    with smtp_server(Mailbox()) as mailbox:
        env = {"SMTP_URL": mailbox.url, "MAIL_PER_MINUTE": "0"}
        with running(folder, worker=True, env=env) as (stack, base):
            printed = stack.manage("shell", "--no-imports", "-c", BUILD)
            cycles = json.loads(printed.splitlines()[-1])
            yield lambda visit: Town(base, mailbox, cycles, visit)

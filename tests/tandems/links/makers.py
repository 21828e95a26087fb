"""A link sent by the Personalstelle, and how somebody walks through its pages."""

import re
from datetime import date
from email import message_from_bytes, policy
from typing import Any

from django.test import Client
from django.urls import reverse

from programmes.outbox.models import Delivery
from tandems.applications import own_domain
from tandems.applications.models import Application
from tandems.links.models import PersonalLink
from tests import factories as make
from tests.conftest import Cast, Stage

SECRET = "Unverwechselbare Beweggründe der Bewerberin"
STATEMENT = "Vertrauliche Stellungnahme der Kommune"
_HIDDEN = re.compile(r'<input type="hidden" name="(_version|_form_id|_kept)" value="([^"]*)">')
ANSWERS = {
    "first_name": "Käthe",
    "last_name": "Öztürk",
    "department": "Jugendamt",
    "position": "Sachgebietsleitung",
    "target_group": "leadership",
    "motivation": SECRET,
    "topics": ["leadership", "conflict"],
    "career": "Ausbildung, dann Studium",
    "expectations": "Offenheit",
    "goals": "Sicher führen",
}
"""What a browser posts for a sheet that is complete enough to hand in."""


def make_draft(stage: Stage, **fields: Any) -> Application:
    """A draft of Käthe with something to read in it, and the Kommune's statement."""
    fields.setdefault("motivation", SECRET)
    person = make.make_person(
        "Käthe", "Öztürk", email="kaethe.oeztuerk@ahausen.example", municipality=stage.own
    )
    return make.make_application(
        stage.cycle, stage.own, person=person, statement=STATEMENT, **fields
    )


def send(draft: Application, cast: Cast, *, until: date | None = None) -> str:
    """Send the link of ``draft`` as the own Personalstelle; returns its code."""
    own_domain.invite(draft, until=until, by=cast.user("hr"))
    return code_in_mail()


def last_mail() -> tuple[str, str, str]:
    """Recipient, subject and text of the mail queued last."""
    delivery = Delivery.objects.order_by("pk").last()
    assert delivery is not None
    message = message_from_bytes(bytes(delivery.content.raw), policy=policy.default)
    return delivery.to_email, delivery.subject, str(message.get_content())


def code_in_mail() -> str:
    """The code of the link in the last mail."""
    found = re.search(r"/bogen/([\w-]{30,})/", last_mail()[2])
    assert found
    return found[1]


def digits_in_mail() -> str:
    """The six digits in the last mail."""
    found = re.search(r"\b(\d{6})\b", last_mail()[2])
    assert found
    return found[1]


def url(name: str, code: str) -> str:
    """The address of a page behind the link."""
    return reverse(name if ":" in name else f"links:{name}", args=[code])


def proven(code: str, browser: Client | None = None) -> Client:
    """A browser that has asked for a code and typed it."""
    browser = browser or Client()
    browser.post(url("front", code))
    answer = browser.post(url("code", code), {"digits": digits_in_mail()})
    assert answer.status_code == 302
    return browser


def page(answer: Any) -> str:
    """What the browser shows."""
    return str(answer.content.decode())


def hidden_of(browser: Client, address: str) -> dict[str, str]:
    """The hidden fields of the form on a page."""
    return dict(_HIDDEN.findall(page(browser.get(address))))


def last_link() -> PersonalLink:
    """The link made last."""
    found = PersonalLink.objects.order_by("pk").last()
    assert found is not None
    return found

"""From Markdown to the message: nothing a person is called ever becomes markup."""

from email import message_from_bytes, policy
from typing import Any

import pytest

from programmes.outbox.messages import freeze
from programmes.rundmails.render import preview_for, render
from tests import factories as make
from tests.conftest import Cast, Stage
from tests.programmes.rundmails import makers


def message(stage: Stage, by: Any, body: str, person: Any, **fields: Any) -> Any:
    return render(makers.make_draft(stage.cycle, by, body=body, **fields), [person])[0]


def test_markdown_becomes_html_and_readable_text(stage: Stage, cast: Cast) -> None:
    body = """# Einladung

Wir **freuen** uns
auf _Sie_: [Anfahrt](https://stadt.example/anfahrt_a_b) oder https://stadt.example/x_y.

- erstens
- zweitens
  - darunter

3. drei
4. vier

> Zitat

---
"""
    found = message(stage, cast.lead.user, body, cast.mentee)
    assert found.text.startswith(
        """Einladung

Wir freuen uns
auf Sie: Anfahrt (https://stadt.example/anfahrt_a_b) oder https://stadt.example/x_y.

- erstens
- zweitens
  - darunter

3. drei
4. vier

> Zitat

--------------------
"""
    )
    for part in (
        "<h1>Einladung</h1>",
        "<strong>freuen</strong> uns<br>",
        "<em>Sie</em>",
        '<a href="https://stadt.example/anfahrt_a_b">Anfahrt</a>',
        '<a href="https://stadt.example/x_y">https://stadt.example/x_y</a>.',
        '<ol start="3">',
        "<blockquote>",
    ):
        assert part in found.content
    assert found.content in found.html
    assert found.html.startswith('<!DOCTYPE html>\n<html lang="de">')


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "<img src=https://boese.example/x.png>",
        "![Bild](https://boese.example/x.png)",
        "[hier](javascript:alert(1))",
        "[hier](data:text/html,x)",
        '<a href="https://boese.example" onclick="x()">hier</a>',
        "<style>body{display:none}</style>",
    ],
)
def test_nothing_is_loaded_or_run_from_a_mail(stage: Stage, cast: Cast, typed: str) -> None:
    html = message(stage, cast.lead.user, typed, cast.mentee).html.lower()
    for forbidden in ("<script", "<img", '<a href="javascript', '<a href="data', "<style"):
        assert forbidden not in html
    assert " src=" not in html.replace("&lt;img src=", "")


@pytest.mark.parametrize(
    "name",
    ["<b>Kim</b>", "**Kim**", "[Kim](https://boese.example)", "Kim & Co", "{nachname}", "# Kim"],
)
def test_a_name_stays_a_name(stage: Stage, cast: Cast, name: str) -> None:
    person = make.make_person(name, "Berg", municipality=stage.own)
    body = "Guten Tag {vorname}\n\n{vorname}\n\n- {vorname}\n\n[{vorname}](https://x.example/{vorname})"
    found = message(stage, cast.lead.user, body, person, subject="An {vorname}")
    assert found.subject == f"An {name}"
    assert found.text.startswith(f"Guten Tag {name}\n\n{name}\n\n- {name}\n\n{name} (https://x.")
    escaped = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert f"<p>Guten Tag {escaped}</p>" in found.content
    assert f"<p>{escaped}</p>" in found.content
    assert "<b>" not in found.content
    assert "boese.example)" not in found.content.replace(f">{escaped}<", "><").replace(escaped, "")
    assert '<a href="https://boese' not in found.content


def test_a_value_cannot_break_out_of_a_links_address(stage: Stage, cast: Cast) -> None:
    person = make.make_person('"><b>', "javascript:alert(1)")
    body = "[a]({nachname}) [b](https://x.example/?q={vorname})"
    found = message(stage, cast.lead.user, body, person)
    assert 'href="javascript%3Aalert%281%29"' in found.content
    assert 'href="https://x.example/?q=%22%3E%3Cb%3E"' in found.content


def test_personal_links_are_links(stage: Stage, cast: Cast) -> None:
    event = makers.make_event(stage.cycle)
    makers.make_attendee(event, cast.mentee)
    body = "{rsvp_link}\n\n[Antworten]({rsvp_link})"
    found = message(stage, cast.lead.user, body, cast.mentee, event=event)
    url = found.text.splitlines()[0]
    assert url.startswith("http://localhost:8000/antwort/")
    assert f"Antworten ({url})" in found.text
    assert f'<a href="{url}">{url}</a>' in found.content
    assert f'<a href="{url}">Antworten</a>' in found.content


def test_no_header_is_smuggled_in_by_a_name_or_a_subject(stage: Stage, cast: Cast) -> None:
    person = make.make_person("Kim\r\nBcc: alle@stadt.example", "Berg\nX-Boese: 1")
    found = message(
        stage, cast.lead.user, "{vorname}", person, subject="An {vorname}\r\nX-Boese: 2"
    )
    assert "\n" not in found.subject
    assert "\r" not in found.subject
    raw = freeze(
        to_email=person.email,
        to_name=person.full_name,
        subject=found.subject,
        text=found.text,
        html=found.html,
    ).raw
    parsed = message_from_bytes(raw, policy=policy.default)
    assert parsed["Bcc"] is None
    assert parsed["X-Boese"] is None
    assert [address.addr_spec for address in parsed["To"].addresses] == [person.email]


def test_a_preview_shows_samples_where_there_is_no_value(stage: Stage, cast: Cast) -> None:
    mail = makers.make_draft(stage.cycle, cast.lead.user, body="{kommune} {rsvp_link} {quark}")
    homeless = make.make_person("Kim", "Berg")
    found = preview_for(mail, homeless)
    assert "Stadt Musterstadt https://mentoring.example/antwort/… {quark}" in found.text
    assert found.missing == ("{kommune}", "{rsvp_link}", "{quark}")
    # Of what does not exist no sample can stand there.
    assert (found.unknown, found.sampled) == (("{quark}",), ("{kommune}", "{rsvp_link}"))
    assert render(mail, [homeless])[0].text.startswith("  {quark}")


def test_a_message_for_each_in_their_order(
    stage: Stage, cast: Cast, django_assert_num_queries: Any
) -> None:
    event = makers.make_event(stage.cycle)
    people = makers.make_mentees(stage.cycle, stage.own, 30)
    for person in people:
        makers.make_attendee(event, person)
    mail = makers.make_draft(
        stage.cycle, cast.lead.user, event=event, body="{nachname} {kommune} {rsvp_link}"
    )
    with django_assert_num_queries(1):
        messages = render(mail, people)
    assert [row.person for row in messages] == people
    assert len({row.text for row in messages}) == 30

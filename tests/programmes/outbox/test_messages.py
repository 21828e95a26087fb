"""What a frozen message looks like, whatever is put into it."""

from email import message_from_bytes, policy
from email.header import decode_header, make_header
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from programmes.outbox.messages import Frozen, freeze


def frozen(**changes: Any) -> Frozen:
    values = {"to_email": "erika@stadt.example", "subject": "Betreff", "text": "Guten Tag"}
    return freeze(**{**values, **changes})


def parsed(message: Frozen) -> Any:
    return message_from_bytes(message.raw, policy=policy.default)


def test_it_is_complete_and_nothing_but_seven_bit_lines() -> None:
    message = frozen(
        to_name="Jürgen Groß-Äßler",
        subject="Einladung – Vernetzungstreffen 🎉",
        text="Grüße\n.\n.. zwei Punkte\n" + "lang " * 600 + "\nEnde",
        html="<p>Grüße</p>",
        attachments=[("Plan für März.pdf", b"%PDF-1.4 \x00\xff", "application/pdf")],
    )
    assert message.raw.isascii()
    lines = message.raw.split(b"\r\n")
    assert max(len(line) for line in lines) <= 998
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    mail = parsed(message)
    assert mail["Subject"] == "Einladung – Vernetzungstreffen 🎉"
    assert mail["To"].addresses[0].display_name == "Jürgen Groß-Äßler"
    assert mail["Message-ID"] == message.message_id
    assert mail["Date"]
    plain = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert plain.startswith("Grüße\n.\n.. zwei Punkte\n")
    assert mail.get_body(("html",)).get_content().strip() == "<p>Grüße</p>"
    (attachment,) = mail.iter_attachments()
    assert attachment.get_filename() == "Plan für März.pdf"
    assert attachment.get_content() == b"%PDF-1.4 \x00\xff"


@pytest.mark.parametrize("field", ["subject", "to_name"])
@pytest.mark.parametrize("breaker", ["\n", "\r\n", "\r", "\x0b", "\u2028", "\x00"])
def test_no_header_can_be_smuggled_in(field: str, breaker: str) -> None:
    message = frozen(**{field: f"Harmlos{breaker}Bcc: boese@example.org"})
    mail = parsed(message)
    assert "Bcc" not in mail
    assert [a.addr_spec for a in mail["To"].addresses] == ["erika@stadt.example"]
    assert "Harmlos Bcc: boese@example.org" in str(
        make_header(decode_header(str(mail["Subject" if field == "subject" else "To"])))
    )


@pytest.mark.parametrize("field", ["subject", "to_name"])
def test_no_name_and_no_subject_turns_the_direction_of_writing(field: str) -> None:
    mail = parsed(frozen(**{field: "\u202eakirE \u2066Reich\u2069"}))
    shown = mail["Subject"] if field == "subject" else mail["To"].addresses[0].display_name
    assert shown == "akirE Reich"


@pytest.mark.parametrize(
    "address",
    ["", "erika", "a@b.example\nBcc: c@d.example", "a@b.example, c@d.example", "<a@b.example>"],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValidationError, match="nicht gültig"):
        frozen(to_email=address)


@pytest.mark.parametrize(
    "name", ['O"Neill', "Müller, Erika", "a@b.example", "\u202egnp.exe", "\ud800halb", "😀", "\\"]
)
def test_odd_names_change_nothing_about_the_recipient(name: str) -> None:
    mail = parsed(frozen(to_name=name))
    assert [a.addr_spec for a in mail["To"].addresses] == ["erika@stadt.example"]


def test_a_domain_with_umlauts_is_written_in_ascii() -> None:
    message = frozen(to_email="erika@münster.example")
    assert b"xn--mnster-3ya.example" in message.raw


def test_our_own_headers_cannot_be_overridden() -> None:
    with pytest.raises(ValueError, match="cannot be set"):
        frozen(headers={"bcc": "c@d.example"})


def test_every_message_has_an_identity_of_its_own() -> None:
    assert frozen().message_id != frozen().message_id

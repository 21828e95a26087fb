"""What did this person get? By person, and the very text that went out."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from programmes.outbox.models import MessageContent, MessageTail
from programmes.rundmails.archive import sent_message
from programmes.rundmails.sections import person_section
from tests.conftest import Cast, Stage
from tests.programmes.rundmails.page_makers import SECRET, make_mail, make_recipient

pytestmark = pytest.mark.django_db

HEAD = (
    "From: Mentoring <post@mentoring.example>\r\n"
    "To: =?utf-8?q?Erika_M=C3=BCller?= <erika@stadt.example>\r\n"
    "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"
    "Reply-To: antwort@stadt.example\r\n"
    "MIME-Version: 1.0\r\n"
    'Content-Type: multipart/mixed; boundary="M"\r\n\r\n'
    '--M\r\nContent-Type: multipart/alternative; boundary="A"\r\n\r\n'
    "--A\r\nContent-Type: text/plain; charset=utf-8\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n\r\nSch=C3=B6ne Gr=C3=BC=C3=9Fe\r\n"
    "--A\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    "<!DOCTYPE html><html><head><title>T</title></head><body style='margin:0'>"
    "<p style='color:red' onclick='x()'>Hallo <strong>Erika</strong></p>"
    "<script>alert(1)</script></body></html>\r\n--A--\r\n"
)
TAIL = (
    "--M\r\nContent-Type: application/pdf\r\n"
    'Content-Disposition: attachment; filename="plan.pdf"\r\n\r\nx\r\n--M--\r\n'
)


def archive_url(stage: Stage, person: Any, query: str = "") -> str:
    return reverse("rundmails:person", args=[stage.cycle.pk, person.pk]) + query


def test_the_archive_shows_what_somebody_got(stage: Stage, cast: Cast, client_of: Any) -> None:
    out = make_mail(stage.cycle, state="sent", subject="Angekommenes")
    row = make_recipient(out, cast.mentee, "sent")
    failed = make_mail(stage.cycle, state="sent", subject="Verlorenes")
    make_recipient(failed, cast.mentee, "failed")
    waiting = make_mail(stage.cycle, state="released", subject="Noch nicht versandt")
    make_recipient(waiting, cast.mentee)
    page = client_of("logistics").get(archive_url(stage, cast.mentee)).content.decode()
    assert "Angekommenes" in page
    assert "02.03.2026 09:00" in page
    assert "550 Postfach unbekannt" in page
    assert "Noch nicht versandt" not in page
    assert reverse("rundmails:message", args=[stage.cycle.pk, out.pk, row.pk]) in page


@pytest.mark.parametrize("query", ["", "?export=csv"])
def test_confidential_mails_are_in_the_beirats_archive_alone(
    stage: Stage, cast: Cast, client_of: Any, query: str
) -> None:
    secret = make_mail(stage.cycle, state="sent", subject=SECRET, confidential=True)
    row = make_recipient(secret, cast.mentee, "sent")
    make_recipient(make_mail(stage.cycle, state="sent", subject="Raumplan"), cast.mentee, "sent")
    url = archive_url(stage, cast.mentee, query)
    logistics = b"".join(client_of("logistics").get(url)).decode("utf-8-sig")
    assert "Raumplan" in logistics
    assert SECRET not in logistics
    assert "ertraulich" not in logistics
    assert SECRET in b"".join(client_of("member").get(url)).decode("utf-8-sig")
    message = reverse("rundmails:message", args=[stage.cycle.pk, secret.pk, row.pk])
    assert client_of("logistics").get(message).status_code == 404
    assert client_of("member").get(message).status_code == 200


def test_the_persons_page_counts_only_what_the_reader_may_know(
    stage: Stage, cast: Cast, client_of: Any
) -> None:
    secret = make_mail(stage.cycle, state="sent", subject=SECRET, confidential=True)
    make_recipient(secret, cast.mentee, "sent")
    member = SimpleNamespace(user=cast.user("member"))
    logistics = SimpleNamespace(user=cast.user("logistics"))
    section = person_section(member, cast.mentee)
    assert section is not None
    assert section.context["rows"][0]["number"] == 1
    assert person_section(logistics, cast.mentee) is None
    page = client_of("member").get(cast.mentee.get_absolute_url()).content.decode()
    assert f"1 Rundmail in {stage.cycle}" in page


def test_the_text_is_shown_as_it_went_out_and_does_no_harm(
    stage: Stage, cast: Cast, client_of: Any
) -> None:
    mail = make_mail(stage.cycle, state="sent")
    row = make_recipient(mail, cast.mentee, "sent")
    assert sent_message(row.delivery) is None
    tail = MessageTail.objects.create(batch=mail.batch, raw=TAIL.encode())
    MessageContent.objects.create(delivery=row.delivery, raw=HEAD.encode(), tail=tail)
    sent = sent_message(row.delivery)
    assert sent is not None
    assert sent.subject == "Grüße"
    assert sent.text.strip() == "Schöne Grüße"
    assert sent.html == "<p>Hallo <strong>Erika</strong></p>"
    assert sent.attachments == ("plan.pdf",)
    url = reverse("rundmails:message", args=[stage.cycle.pk, mail.pk, row.pk])
    page = client_of("logistics").get(url).content.decode()
    assert "Die Mail, wie sie hinausging" in page
    assert "Schöne Grüße" in page
    assert "antwort@stadt.example" in page
    assert "alert(1)" not in page


def test_a_recipient_is_found_at_their_own_mail_only(
    stage: Stage, cast: Cast, client_of: Any
) -> None:
    one, other = make_mail(stage.cycle, state="sent"), make_mail(stage.cycle, state="sent")
    row = make_recipient(one, cast.mentee, "sent")
    wrong = reverse("rundmails:message", args=[stage.cycle.pk, other.pk, row.pk])
    assert client_of("lead").get(wrong).status_code == 404

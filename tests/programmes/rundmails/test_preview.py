"""Preview, test mail, release, approval, confirmation: what is seen is what goes out."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from programmes.cycles.models import ParticipantRole
from programmes.outbox.models import Delivery
from programmes.roadmap.models import Milestone
from programmes.rundmails.models import Rundmail
from tests import factories as make
from tests.conftest import Cast, Stage
from tests.programmes.rundmails.page_makers import make_mail, make_recipient

pytestmark = pytest.mark.django_db


def url(name: str, mail: Rundmail, query: str = "") -> str:
    return reverse(f"rundmails:{name}", args=[mail.cycle_id, mail.pk]) + query


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def hidden(response: Any, name: str) -> str:
    return str(response.context["form"][name].value())


def mentees(stage: Stage, *names: str, **fields: Any) -> list[Any]:
    return [
        make.make_participant(
            stage.cycle,
            stage.own,
            ParticipantRole.MENTEE,
            person=make.make_person(last_name=name, municipality=stage.own, **fields),
        )
        for name in names
    ]


# --- Preview ------------------------------------------------------------------------------
def test_the_preview_names_everybody_and_who_is_left_out(
    stage: Stage, cast: Cast, client_of: Any
) -> None:
    mentees(stage, "Ackermann", "Öztürk")
    mentees(stage, "Ohneadresse", email="")
    mail = make_mail(stage.cycle, "mentees", reply_to="antwort@stadt.example")
    page = text_of(client_of("member").get(url("preview", mail)))
    for name in ("Ackermann", "Öztürk", cast.mentee.last_name):
        assert name in page
    assert "Wer sie bekommt: 3 Personen" in page
    left_out = page.split('id="wer-nicht"')[1]
    assert "Ohneadresse" in left_out
    assert "Adresse" in left_out
    assert "antwort@stadt.example" in page


def test_it_shows_the_mail_as_any_one_of_them_gets_it(stage: Stage, client_of: Any) -> None:
    _, two = mentees(stage, "Ackermann", "Zeller")
    mail = make_mail(stage.cycle, "mentees", body="Hallo {name}, **willkommen**")
    page = text_of(client_of("lead").get(url("preview", mail, f"?an={two.person.pk}")))
    assert "Erika Zeller, <strong>willkommen</strong>" in page
    assert "Hallo Erika Ackermann" not in page
    outsider = make.make_person()
    for asked in (str(outsider.pk), "x", "9" * 30):
        assert client_of("lead").get(url("preview", mail, f"?an={asked}")).status_code == 404


def test_it_tells_an_unknown_placeholder_from_one_without_a_value(
    stage: Stage, cast: Cast, client_of: Any
) -> None:
    mail = make_mail(stage.cycle, "mentees", body="{foo} {rsvp_link}")
    page = text_of(client_of("lead").get(url("preview", mail, f"?an={cast.mentee.pk}")))
    unknown = page.index("Diesen Platzhalter gibt es nicht")
    sampled = page.index("Ohne Wert für diese Person")
    assert unknown < page.index("{foo}", unknown) < sampled
    assert "{foo}" not in page[sampled:].partition("<details")[0]


def test_it_is_searched_and_paged(stage: Stage, client_of: Any) -> None:
    mentees(stage, *(f"Muster {number:03}" for number in range(60)))
    mail = make_mail(stage.cycle, "mentees")
    browser = client_of("lead")
    assert "Seite 2 von 2" in text_of(browser.get(url("preview", mail, "?page=2")))
    found = text_of(browser.get(url("preview", mail, "?q=muster+007")))
    assert "Muster 007" in found
    assert "Muster 008" not in found


def test_nobody_chosen_is_nobody(stage: Stage, client_of: Any) -> None:
    page = text_of(client_of("lead").get(url("preview", make_mail(stage.cycle))))
    assert "Diese Rundmail geht noch an niemanden" in page


# --- Test mail ------------------------------------------------------------------------------
def test_a_test_goes_to_oneself_alone(stage: Stage, cast: Cast, client_of: Any) -> None:
    mail = make_mail(stage.cycle, "mentees")
    client_of("member").post(url("test", mail))
    delivery = Delivery.objects.get()
    assert delivery.to_email == cast.user("member").email  # type: ignore[union-attr]
    assert delivery.subject.startswith("Probe: ")
    mail.refresh_from_db()
    assert mail.state == "draft"


# --- Release --------------------------------------------------------------------------------
def test_what_is_released_is_what_was_seen(stage: Stage, client_of: Any) -> None:
    mentees(stage, "Ackermann")
    mail = make_mail(stage.cycle, "mentees")
    browser = client_of("logistics")
    page = browser.get(url("release", mail))
    assert "an 2 Personen freigeben?" in text_of(page)
    seen = hidden(page, "seen")
    mentees(stage, "Nachzügler")
    refused = browser.post(url("release", mail), {"seen": seen})
    assert "Es wurde nichts freigegeben." in text_of(refused)
    assert "Nachzügler" in text_of(refused)
    mail.refresh_from_db()
    assert mail.state == "draft"
    browser.post(url("release", mail), {"seen": hidden(refused, "seen")})
    mail.refresh_from_db()
    assert mail.state != "draft"
    assert mail.recipients.count() == 3


@pytest.mark.parametrize("seen", ["", "erfunden", "x" * 5000])
def test_a_release_that_saw_nothing_releases_nothing(
    stage: Stage, client_of: Any, seen: str
) -> None:
    mail = make_mail(stage.cycle, "mentees")
    assert client_of("lead").post(url("release", mail), {"seen": seen}).status_code == 200
    mail.refresh_from_db()
    assert mail.state == "draft"


def test_posted_twice_it_is_released_once(stage: Stage, client_of: Any) -> None:
    mail = make_mail(stage.cycle, "mentees")
    browser = client_of("lead")
    page = browser.get(url("release", mail))
    data = {"seen": hidden(page, "seen"), "_form_id": page.context["once_id"]}
    first = browser.post(url("release", mail), data)
    again = browser.post(url("release", mail), data, follow=True)
    assert first.headers["Location"] == mail.get_absolute_url()
    assert "schon einmal abgesendet" in text_of(again)
    assert mail.recipients.count() == 1


def test_what_is_in_the_way_stands_on_the_release_page(stage: Stage, client_of: Any) -> None:
    mail = make_mail(stage.cycle, "mentees", body="{rsvp_link}")
    page = text_of(client_of("lead").get(url("release", mail)))
    assert "Vor der Freigabe zu klären" in page


def test_a_member_does_not_release_a_confidential_mail(stage: Stage, client_of: Any) -> None:
    mail = make_mail(stage.cycle, "mentees", confidential=True)
    assert client_of("member").get(url("release", mail)).status_code == 403
    assert client_of("logistics").get(url("release", mail)).status_code == 404
    assert client_of("lead").get(url("release", mail)).status_code == 200


def test_four_eyes_ask_a_second_person(stage: Stage, client_of: Any) -> None:
    stage.cycle.four_eyes = True
    stage.cycle.save()
    mail = make_mail(stage.cycle, "mentees", confidential=True, created_by=None)
    lead, member = client_of("lead"), client_of("member")
    page = text_of(lead.get(mail.get_absolute_url()))
    assert "Vier Augen" in page
    assert url("release", mail) not in page
    start = text_of(member.get("/"))
    assert "Rundmail mitprüfen" in start
    asked = member.get(url("approve", mail))
    old = hidden(asked, "version")
    mail.subject = "Anders"
    mail.save()
    refused = member.post(url("approve", mail), {"version": old})
    assert "inzwischen geändert" in text_of(refused)
    member.post(url("approve", mail), {"version": hidden(refused, "version")})
    assert url("release", mail) in text_of(lead.get(mail.get_absolute_url()))
    assert client_of("logistics").get(url("approve", mail)).status_code == 404


# --- Later ----------------------------------------------------------------------------------
def released(stage: Stage, cast: Cast, **fields: Any) -> Rundmail:
    later = timezone.now() + timedelta(days=30)
    fields = {"send_at": later, "released_by": cast.user("lead"), **fields}
    mail = make_mail(stage.cycle, "mentees", state="released", **fields)
    make_recipient(mail, cast.mentee)
    return mail


def test_a_moved_mail_is_confirmed_with_who_came_and_went(
    stage: Stage, cast: Cast, client_of: Any
) -> None:
    milestone = Milestone.objects.create(
        cycle=stage.cycle,
        title="Startworkshop",
        starts_on=timezone.localdate() + timedelta(days=60),
        ends_on=timezone.localdate() + timedelta(days=60),
    )
    mail = released(stage, cast, confirm_reason="moved", milestone=milestone)
    gone = make_recipient(mail, make.make_person(last_name="Gegangen"))
    mentees(stage, "Gekommen")
    browser = client_of("lead")
    assert "Rundmail bestätigen" in text_of(browser.get("/"))
    asked = browser.get(url("confirm", mail))
    page = text_of(asked)
    assert "Der Meilenstein wurde verschoben." in page
    assert f"„Startworkshop“ ist jetzt am {milestone.starts_on:%d.%m.%Y}" in page
    assert "Gekommen" in page.split("Neu dabei")[1].split("Nicht mehr dabei")[0]
    assert "Gegangen" in page.split("Nicht mehr dabei")[1]
    browser.post(url("confirm", mail), {"seen": hidden(asked, "seen")})
    mail.refresh_from_db()
    gone.refresh_from_db()
    assert mail.confirm_reason == ""
    assert gone.state == "withdrawn"


def test_a_release_is_taken_back(stage: Stage, cast: Cast, client_of: Any) -> None:
    mail = released(stage, cast)
    browser = client_of("lead")
    assert url("withdraw", mail) in text_of(browser.get(mail.get_absolute_url()))
    browser.post(url("withdraw", mail))
    mail.refresh_from_db()
    assert mail.state == "draft"
    assert not mail.recipients.exists()


def test_anybody_who_sees_a_mail_may_stop_it(stage: Stage, cast: Cast, client_of: Any) -> None:
    mail = released(stage, cast, confidential=True)
    assert client_of("logistics").post(url("stop", mail)).status_code == 404
    client_of("member").post(url("stop", mail))
    mail.refresh_from_db()
    assert mail.state == "stopped"


def test_a_draft_is_deleted_and_nothing_else(stage: Stage, cast: Cast, client_of: Any) -> None:
    draft, out = make_mail(stage.cycle), released(stage, cast)
    browser = client_of("member")
    browser.post(url("delete", draft))
    assert browser.post(url("delete", out)).status_code == 200
    assert list(Rundmail.objects.all()) == [out]


def test_failed_and_unclear_ones_are_decided(stage: Stage, client_of: Any) -> None:
    mail = make_mail(stage.cycle, "mentees", state="sent")
    unclear = make_recipient(mail, make.make_person(), "unclear")
    browser = client_of("lead")
    assert "Rundmail nicht bei allen angekommen" in text_of(browser.get("/"))
    decide = reverse("rundmails:decide", args=[stage.cycle.pk, mail.pk, unclear.pk])
    assert "Kam die Mail an?" in text_of(browser.get(decide))
    assert browser.post(decide, {}).status_code == 200
    browser.post(decide, {"fate": "arrived"})
    assert unclear.delivery is not None
    unclear.delivery.refresh_from_db()
    assert unclear.delivery.state == "sent"
    assert "Rundmail nicht bei allen angekommen" not in text_of(browser.get("/"))

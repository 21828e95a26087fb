"""The list of who registered, for Beirat and Logistikpartner."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programmes.cycles.models import Participation
from programmes.events.registries import event_sections
from tests import factories as make
from tests.programmes.registrations.makers import make_interest, make_public_event

pytestmark = pytest.mark.usefixtures("clock")


def text_of(response):
    return response.content.decode()


@pytest.fixture
def pages(event):
    def page(name, *args):
        return reverse(f"registrations:{name}", args=[event.cycle_id, event.pk, *args])

    return page


def test_beirat_and_partner_see_who_registered(event, client_of, pages):
    make_interest(event, last_name="Öztürk")
    make_interest(event, "zwei@x.example", "pending", last_name="Ohm")
    for name in ("lead", "member", "logistics"):
        text = text_of(client_of(name).get(pages("registrations")))
        assert "Öztürk, Rita" in text
        assert ("einladen" in text) is (name == "lead"), name
    lead = client_of("lead")
    assert "Ohm" not in text_of(lead.get(pages("registrations"), {"q": "oeztuerk"}))
    assert "Ohm" not in text_of(lead.get(pages("registrations"), {"state": "confirmed"}))
    export = text_of(lead.get(pages("registrations"), {"export": "csv"}))
    assert "rita@neustadt.example" in export
    assert "csrf" not in export


def test_one_click_invites_the_kommune(event, client_of, pages):
    house = make.make_municipality("Neustadt")
    interest = make_interest(event)
    lead = client_of("lead")
    answer = lead.post(pages("invite", interest.pk), follow=True)
    assert "Neustadt ist als eingeladen eingetragen" in text_of(answer)
    assert Participation.objects.get(municipality=house).state == "invited"
    other = make_interest(event, "kollege@neustadt.example", municipality="Neustadt")
    answer = lead.post(pages("invite", other.pk), follow=True)
    assert "Neustadt steht schon im Durchgang: eingeladen" in text_of(answer)
    assert Participation.objects.filter(municipality=house).count() == 1


def test_an_unknown_kommune_is_asked_for(event, client_of, pages):
    house = make.make_municipality("Neustadt")
    interest = make_interest(event, municipality="Neu-Stadt am See")
    lead = client_of("lead")
    page = pages("invite", interest.pk)
    answer = lead.post(page)
    assert answer.status_code == 200
    assert "Neu-Stadt am See" in text_of(answer)
    assert lead.post(page, {"municipality": "99999999"}).status_code == 200
    assert not Participation.objects.filter(municipality=house).exists()
    lead.post(page, {"municipality": house.pk})
    assert Participation.objects.filter(municipality=house).exists()


def test_ids_of_other_events_are_not_found(stage, event, client_of, pages):
    elsewhere = make_interest(make_public_event(stage.cycle, title="Andere"))
    assert client_of("lead").get(pages("invite", elsewhere.pk)).status_code == 404
    assert client_of("lead").get(pages("invite", 10**30)).status_code == 404


def test_telling_of_a_change_names_whom(event, client_of, pages):
    make_interest(event)
    lead = client_of("logistics")
    assert pages("tell") not in text_of(lead.get(pages("registrations")))
    event.sequence += 1
    event.save()
    assert pages("tell") in text_of(lead.get(pages("registrations")))
    assert "Rita Reich" in text_of(lead.get(pages("tell")))
    answer = lead.post(pages("tell"), follow=True)
    assert "Eine E-Mail ist unterwegs" in text_of(answer)


def test_the_events_page_names_the_public_address(event, client_of, cast, rf, url):
    make_interest(event)
    request = rf.get("/")
    request.user = cast.user("lead")
    section = event_sections.get("public registration")(request, event)
    assert section.context["public_url"].endswith(url)
    assert section.context["confirmed"] == 1
    request.user = cast.user("mentee")
    assert event_sections.get("public registration")(request, event) is None


def test_as_many_queries_for_twenty_rows_as_for_one(event, client_of, pages):
    make_interest(event)
    lead = client_of("lead")

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert lead.get(pages("registrations")).status_code == 200
        return len(queries)

    lead.get(pages("registrations"))
    few = count()
    for number in range(20):
        row = make.make_participation(event.cycle, make.make_municipality())
        make_interest(event, f"p{number}@x.example", participation=row)
    assert count() == few
    assert few <= 25

"""The pages of the meeting and of the telling, walked as lead, member and HR staff."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tandems.applications import domain as applications
from tandems.applications.models import Application
from tandems.places.models import Allocation, Voice
from tests import factories as make
from tests.tandems.applications.ranking_makers import make_deadline
from tests.tandems.places.makers import line, nominate, start


@pytest.fixture
def url(stage):
    def of(name, *args):
        return reverse(f"places:{name}", args=[stage.cycle.pk, *args])

    return of


@pytest.fixture
def four(stage):
    """Two of each Kommune, ranked."""
    return [
        nominate(
            stage.cycle, house, rank, person=make.make_person("Erika", name, municipality=house)
        )
        for house, rank, name in (
            (stage.own, 1, "Ahornblatt"),
            (stage.own, 2, "Birkenzweig"),
            (stage.other, 1, "Ulmenrinde"),
            (stage.other, 2, "Ülzenkraut"),
        )
    ]


def hidden(page, name):
    """The value of a hidden field."""
    return re.search(rf'name="{name}" value="([^"]*)"', page).group(1)


def called_optional(page, name):
    """Whether the label of a field says that it may stay empty."""
    label = re.search(rf'<label[^>]*for="id_{name}">(.*?)</label>', page, re.S).group(1)
    return "optional" in label


def text_of(response):
    return response.content.decode()


def test_the_whole_meeting(stage, cast, client_of, url, four):
    lead, member = client_of("lead"), client_of("member")
    stage.cycle.places = 3
    stage.cycle.save()
    assert "4 Nominierungen" in text_of(member.get(url("meeting")))
    member.post(url("start"), {"rule": "rounds", "met_on": "2026-11-22"})
    page = text_of(member.get(url("meeting")))
    assert "2 von 3 Plätzen vergeben" in page
    assert "Gleichstand 1" in page
    assert "1 von 2 Bewerbungen bekommt einen Platz." in page

    tie = text_of(member.get(url("tie", 1)))
    refused = member.post(url("tie", 1), {"opened": hidden(tie, "opened"), "reason": "Los"})
    assert refused.status_code == 200  # nobody chosen
    done = member.post(
        url("tie", 1),
        {"opened": hidden(tie, "opened"), "reason": "Los", "placed": [line(four[1]).pk]},
    )
    assert done.status_code == 302
    assert "3 von 3 Plätzen vergeben" in text_of(member.get(url("meeting")))

    voices = text_of(member.get(url("voices")))
    data = {"opened": hidden(voices, "opened")}
    for part in stage.cycle.participations.all():
        data[f"stance-{part.pk}"] = "agree"
    assert member.post(url("voices"), data).status_code == 302
    assert Voice.objects.count() == 2

    assert lead.post(url("close")).status_code == 302
    assert "beschlossen" in text_of(member.get(url("meeting")))
    assert member.get(url("minutes"))["Content-Type"] == "application/pdf"


def test_the_second_editor_of_a_line_sees_both_versions(stage, cast, client_of, url, four):
    start(stage.cycle, cast.user("lead"), places=2)
    first, second = client_of("lead"), client_of("member")
    address = url("line", line(four[1]).pk)
    mine, yours = text_of(first.get(address)), text_of(second.get(address))
    done = {"outcome": "declined", "reason": "Verzicht", "_version": hidden(mine, "_version")}
    assert first.post(address, done).status_code == 302
    other = {"outcome": "placed", "reason": "Tausch", "_version": hidden(yours, "_version")}
    answer = second.post(address, other)
    assert answer.status_code == 200
    assert "Zwei Fassungen" in text_of(answer)
    assert line(four[1]).outcome == "declined"


def test_a_change_without_reason_is_refused_beside_what_was_typed(
    stage, cast, client_of, url, four
):
    start(stage.cycle, cast.user("lead"), places=2)
    browser, address = client_of("member"), url("line", line(four[1]).pk)
    page = text_of(browser.get(address))
    assert not called_optional(page, "reason")
    data = {"outcome": "waiting", "number": 7, "_version": hidden(page, "_version")}
    answer = browser.post(address, data)
    assert "Bitte begründen Sie" in answer.context["form"].errors["reason"][0]
    assert answer.context["form"]["number"].value() == "7"
    assert re.search(r'value="waiting"[^>]* checked', text_of(answer))


def test_what_a_close_lacks_is_said_at_its_field(stage, cast, client_of, url, four):
    start(stage.cycle, cast.user("lead"), places=4)
    browser = client_of("lead")
    assert not called_optional(text_of(browser.get(url("close"))), "missing_note")
    answer = browser.post(url("close"), {"missing_note": " "})
    assert "Es fehlen (noch geltende) Stimmen" in answer.context["form"].errors["missing_note"][0]
    assert not answer.context["form"].non_field_errors()
    assert browser.post(url("close"), {"missing_note": "verhindert"}).status_code == 302


def test_one_place_and_one_who_waits_are_told_of_as_one(stage, cast, client_of, url):
    for rank in (1, 2):
        nominate(stage.cycle, stage.own, rank)
    start(stage.cycle, cast.user("lead"), places=1)
    close = text_of(client_of("lead").get(url("close")))
    assert "1 von 1 Platz wird vergeben, 1 kommt auf die Warteliste." in close


def test_a_number_of_places_without_its_reason_is_said_there(stage, cast, client_of, url, four):
    start(stage.cycle, cast.user("lead"), places=2)
    browser = client_of("lead")
    token = hidden(text_of(browser.get(url("frame"))), "_version")
    answer = browser.post(url("frame"), {"places": 4, "rule": "ranks", "_version": token})
    assert "warum sich die Zahl" in answer.context["form"].errors["places_note"][0]


def test_before_the_deadline_proposal_and_close_warn(stage, cast, client_of, url, four):
    make_deadline(stage.cycle, date(2026, 6, 19))
    make.make_application(stage.cycle, stage.other, "submitted")
    warning = "Bis zum 19.06.2026 können die Kommunen noch nominieren"
    with time_machine.travel("2026-06-19 12:00 +02:00"):
        lead = client_of("lead")
        assert warning in text_of(lead.get(url("start")))
        start(stage.cycle, cast.user("lead"), places=2)
        assert warning in text_of(lead.get(url("close")))
    with time_machine.travel("2026-06-20 12:00 +02:00"):
        assert "noch nominieren" not in text_of(client_of("lead").get(url("close")))


def test_a_voice_recorded_twice_at_once_is_told_and_may_be_saved_again(
    stage, cast, client_of, url, four
):
    start(stage.cycle, cast.user("lead"), places=4)
    first, second = client_of("lead"), client_of("member")
    part = stage.cycle.participations.get(municipality=stage.own)
    mine = {
        "opened": hidden(text_of(first.get(url("voices"))), "opened"),
        f"stance-{part.pk}": "agree",
    }
    yours = {
        "opened": hidden(text_of(second.get(url("voices"))), "opened"),
        f"stance-{part.pk}": "object",
        f"text-{part.pk}": "Zu wenig beraten",
    }
    assert first.post(url("voices"), mine).status_code == 302
    told = text_of(second.post(url("voices"), yours))
    assert "hat inzwischen jemand anderes" in told
    assert "Zu wenig beraten" in told
    yours["opened"] = hidden(told, "opened")
    assert second.post(url("voices"), yours).status_code == 302
    assert Voice.objects.get().stance == "object"


def test_only_a_lead_closes_and_changes_the_places(stage, cast, client_of, url, four):
    start(stage.cycle, cast.user("lead"), places=4)
    for name in ("close", "frame"):
        assert client_of("member").get(url(name)).status_code == 403
        assert client_of("lead").get(url(name)).status_code == 200


def test_places_are_changed_on_the_page(stage, cast, client_of, url, four):
    start(stage.cycle, cast.user("lead"), places=2)
    browser = client_of("lead")
    token = hidden(text_of(browser.get(url("frame"))), "_version")
    data = {"places": 4, "rule": "ranks", "places_note": "Zwei mehr", "_version": token}
    assert browser.post(url("frame"), data).status_code == 302
    assert "4 von 4 Plätzen vergeben" in text_of(browser.get(url("meeting")))


def test_the_sitting_is_noted(stage, cast, client_of, url, four):
    start(stage.cycle, cast.user("lead"), places=2)
    browser = client_of("member")
    token = hidden(text_of(browser.get(url("sitting"))), "_version")
    part = stage.cycle.participations.get(municipality=stage.own)
    data = {"met_on": "2026-11-20", "present": [part.pk], "minutes": "Kurz", "_version": token}
    assert browser.post(url("sitting"), data).status_code == 302
    assert list(Allocation.objects.get().present.all()) == [part]


def test_hr_reads_nothing_before_the_close_and_its_own_after_it(stage, cast, client_of, url, four):
    allocation = start(stage.cycle, cast.user("lead"), places=4)
    hr = client_of("hr")
    assert hr.get(url("meeting")).status_code == 403
    before = text_of(hr.get(url("outcomes")))
    assert "Noch nicht beschlossen" in before
    assert "Ahornblatt" not in before
    from tandems.places import domain
    from tests.tandems.places.makers import agree

    agree(allocation, cast.user("lead"))
    domain.close(allocation, by=cast.user("lead"))
    page = text_of(hr.get(url("outcomes")))
    assert "Ahornblatt" in page
    assert "Ulmenrinde" not in page
    assert "2 Ergebnisse noch nicht mitgeteilt" in text_of(hr.get("/"))
    assert "Ahausen, Übelheim" in text_of(client_of("lead").get("/"))
    tomorrow = timezone.localdate() + timedelta(days=1)
    refused = hr.post(url("tell", four[0].pk), {"informed_on": tomorrow.isoformat()})
    assert "Zukunft" in text_of(refused)
    assert hr.get(url("letter", four[0].pk))["Content-Type"] == "application/pdf"
    assert client_of("other_hr").get(url("letter", four[0].pk)).status_code == 404
    today = timezone.localdate().isoformat()
    told = {"informed_on": today, "expected": "placed"}
    assert hr.post(url("tell", four[0].pk), told).status_code == 302
    assert Application.objects.get(pk=four[0].pk).informed_on
    assert "1 Ergebnis noch nicht mitgeteilt" in text_of(hr.get("/"))


def test_texts_are_adapted_and_a_wrong_placeholder_is_named(stage, client_of, url):
    hr = client_of("hr")
    address = url("house_text", stage.own.pk, "declined")
    assert "Urteil über Sie" in text_of(hr.get(address))
    wrong = text_of(hr.post(address, {"text": "Hallo {name}"}))
    assert "Diesen Platzhalter gibt es nicht: {name}" in wrong
    assert hr.post(address, {"text": "Hallo {vorname}"}).status_code == 302
    assert "Hallo {vorname}" in text_of(hr.get(address))
    assert hr.get(url("house_text", stage.other.pk, "declined")).status_code == 404


def test_the_page_says_what_changed_since_the_proposal(stage, cast, client_of, url, four):
    start(stage.cycle, cast.user("lead"), places=2)
    applications.withdraw(four[0], reason="Neue Stelle", by=cast.user("hr"))
    browser = client_of("member")
    page = text_of(browser.get(url("meeting")))
    assert "Zurückgezogen: Erika Ahornblatt" in page
    assert "1 von 2 Plätzen vergeben" in page
    answer = browser.post(url("anew"), follow=True)
    assert "1 weggefallen" in text_of(answer)


def test_moving_on_to_the_matching_warns(stage, cast, client_of, url, four):
    step = reverse("cycles:step", args=[stage.cycle.pk, "matching-beginnen"])
    assert "Platzvergabe ist noch nicht beschlossen" in text_of(client_of("lead").get(step))


@pytest.mark.parametrize("name", ["meeting", "voices", "outcomes"])
def test_queries_do_not_grow_with_nominations(stage, cast, client_of, url, name):
    browser = client_of("hr" if name == "outcomes" else "lead")
    for _ in range(10):
        nominate(stage.cycle, stage.own)
        nominate(stage.cycle, stage.other)
    allocation = start(stage.cycle, cast.user("lead"), places=3)
    numbers = []
    for more in (0, 180):
        for _ in range(more // 2):
            nominate(stage.cycle, stage.own)
            nominate(stage.cycle, stage.other)
        if name == "outcomes":
            Application.objects.filter(state="nominated").update(state="waiting")
        elif more:
            from tandems.places import domain

            domain.propose_anew(allocation, by=cast.user("lead"))
        browser.get(url(name))
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(url(name)).status_code == 200
        numbers.append(len(captured))
    assert numbers[0] == numbers[1]
    assert numbers[1] <= 32


def test_in_a_meeting_of_one_mind_all_voices_are_filled_in_at_once(
    stage, cast, client_of, url, four
):
    start(stage.cycle, cast.lead.user)
    member = client_of("member")
    agreed = re.compile(r'value="agree"[^>]*checked')
    assert not agreed.search(text_of(member.get(url("voices"))))
    page = text_of(member.get(url("voices"), {"alle": "zustimmung"}))
    assert len(agreed.findall(page)) == stage.cycle.participations.count()
    assert not Voice.objects.exists()

"""The whole set on one page: what is in the way, who is left over; its seal; who read it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.models import LogEntry
from mentoring.ui.errors import Refused
from programmes.cycles.models import Participation
from tandems.applications.domain import withdraw
from tandems.applications.models import Application
from tandems.mentors import domain as mentors
from tandems.mentors.models import MentorState
from tandems.pairs import domain
from tandems.pairs.models import Tandem, TandemState, TandemVoice
from tandems.pairs.readings import note_readings
from tandems.pairs.review import review
from tests import factories as make
from tests.tandems.pairs.makers import in_matching, make_mentee, make_mentor, make_tandem


@pytest.fixture
def cycle(stage):
    return in_matching(stage.cycle)


@pytest.fixture
def lead(cast):
    return cast.user("lead")


def pair(cycle, stage, state=TandemState.AGREED, **mentor):
    return make_tandem(
        make_mentee(cycle, stage.own), make_mentor(cycle, stage.other, **mentor), state
    )


def url(name, cycle, *args):
    return reverse(f"pairs:{name}", args=[cycle.pk, *args])


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def accesses(user):
    return LogEntry.objects.filter(action=LogEntry.Action.ACCESS, actor=user)


def test_the_set_says_what_is_in_the_way(cycle, stage, lead):
    fine = pair(cycle, stage)
    left = pair(cycle, stage, TandemState.SEALED)
    moved = pair(cycle, stage)
    withdrawn = pair(cycle, stage)
    mentors.end(left.mentor, by=lead)
    moved.mentee_person.municipality = stage.other
    moved.mentee_person.save()
    withdraw(withdrawn.application, reason="Neue Stelle", by=lead)
    found = review(cycle, lead)
    rows = {row.tandem.pk: row for row in found.rows}
    assert rows[fine.pk].sealable
    assert "ausgeschieden" in rows[left.pk].in_the_way[0]
    assert "arbeitet inzwischen auch" in rows[moved.pk].in_the_way[0]
    assert "zurückgezogen" in rows[withdrawn.pk].in_the_way[0]
    assert [row.tandem.pk for row in found.broken] == [left.pk]
    assert len(found.held_up) == 2


def test_it_says_who_is_left_over_and_who_has_too_many(cycle, stage, lead):
    over = make_mentor(cycle, stage.other, capacity=2)
    for _ in range(2):
        make_tandem(make_mentee(cycle, stage.own), over, TandemState.AGREED)
    mentors.change_capacity(over, capacity=1, by=lead)
    unmatched = make_mentee(cycle, stage.own)
    free = make_mentor(cycle, stage.own)
    make_mentor(cycle, stage.own, state=MentorState.APPROACHED)
    found = review(cycle, lead)
    assert found.unmatched == [unmatched]
    assert [load.mentor for load in found.waiting] == [free]
    assert [(load.mentor, load.number) for load in found.overloaded] == [(over, 2)]
    assert all("höchstens einen Mentee" in row.in_the_way[0] for row in found.rows)


def test_it_says_whose_voice_is_missing_and_how_the_kommunen_mix(cycle, stage, lead):
    tandem = pair(cycle, stage, TandemState.PROPOSED)
    part = Participation.objects.get(cycle=cycle, municipality=stage.own)
    domain.speak(tandem, part, "agree", by=lead)
    found = review(cycle, lead)
    assert found.missing_voices == [("Übelheim", 1)]
    assert found.mix == [("Ahausen", [("Übelheim", 1)], 1)]


def test_what_is_hidden_is_neither_listed_nor_counted_but_said(cast, cycle, stage, client_of):
    hidden = make_mentee(
        cycle, stage.own, superior=cast.lead, person=make.make_person("Geheim", "Halten")
    )
    partner = make_mentor(cycle, stage.other, person=make.make_person("Ganz", "Verborgen"))
    make_tandem(hidden, partner, TandemState.AGREED)
    pair(cycle, stage)
    page = text_of(client_of("lead").get(url("review", cycle)))
    assert "nicht mitgezählt ist, woran Sie nicht mitwirken" in page
    assert "1 beschlossen" in page
    assert "Halten" not in page
    # As at the wall: were the name missing from the mentors without a mentee, it would be known.
    assert page.index("Mentor/innen ohne Mentee") < page.index("Ganz Verborgen")
    whole = text_of(client_of("member").get(url("review", cycle)))
    assert "2 beschlossen" in whole
    assert "Verborgen" in whole


def test_it_reads_the_same_with_a_hidden_tandem_and_without(cast, cycle, stage, client_of):
    """To a superior, and to whom the mentor has excluded: no number, no name more or less."""
    partner = make_mentor(cycle, stage.other)
    subordinate = make_mentee(cycle, stage.own, superior=cast.lead)
    excluding = make_mentor(cycle, stage.other)
    make.make_exclusion(cycle, excluding.person, cast.member)
    free = make_mentee(cycle, stage.own)
    browsers = {name: client_of(name) for name in ("lead", "member")}
    tandems = {"lead": (subordinate, partner), "member": (free, excluding)}
    for name, browser in browsers.items():
        pages = [
            url("review", cycle),
            url("pair", cycle, free.pk, partner.pk),
            url("propose", cycle, free.pk, partner.pk),
        ]
        before = [words_of(browser.get(page)) for page in pages]
        tandem = make_tandem(*tandems[name], TandemState.SEALED)
        assert [words_of(browser.get(page)) for page in pages] == before
        # Only who proposes it all the same is refused, and is not told why.
        with pytest.raises(Refused) as refused:
            domain.propose(free, partner, by=User.objects.get(pk=cast.user(name).pk))
        assert "lässt sich zurzeit nicht vorschlagen" in str(refused.value)
        tandem.delete()


def words_of(response):
    return re.sub(r'<input type="hidden"[^>]*>', "", text_of(response))


def test_the_page_shows_names_and_the_way_to_the_seal(cycle, stage, client_of):
    tandem = pair(cycle, stage)
    page = text_of(client_of("lead").get(url("review", cycle)))
    assert tandem.mentee_person.full_name in page
    assert tandem.mentor_person.full_name in page
    assert "1 Tandem versiegeln" in page
    assert "1 Tandem versiegeln" not in text_of(client_of("member").get(url("review", cycle)))


def test_queries_do_not_grow(cycle, stage, client_of):
    browser = client_of("lead")
    pair(cycle, stage, TandemState.PROPOSED)
    pair(cycle, stage)
    make_mentee(cycle, stage.own)
    make_mentor(cycle, stage.other)

    def count():
        LogEntry.objects.all().delete()
        with CaptureQueriesContext(
            connection,
        ) as found:
            text_of(browser.get(url("review", cycle)))
        return len(found)

    count()
    few = count()
    for _ in range(10):
        pair(cycle, stage, TandemState.PROPOSED)
        pair(cycle, stage)
        make_mentee(cycle, stage.own)
        make_mentor(cycle, stage.other)
    assert count() == few


def test_sealing_on_the_page(cycle, stage, client_of):
    fine, broken = pair(cycle, stage), pair(cycle, stage)
    Tandem.objects.filter(pk=broken.pk).update(reason="x")
    broken.mentor.state = MentorState.PAUSED
    broken.mentor.save()
    browser = client_of("lead")
    response = browser.get(url("seal", cycle))
    page = text_of(response)
    assert "Soll 1 Tandem versiegelt werden?" in page
    assert f"Bleibt offen: {broken.mentee_person.full_name}" in page
    late = pair(cycle, stage)
    seen = response.context["form"]["seen"].value()
    answer = browser.post(url("seal", cycle), {"seen": seen}, follow=True)
    said = answer.content.decode()
    assert "1 Tandem ist versiegelt." in said
    assert "bleiben offen" in said
    states = dict(Tandem.objects.values_list("pk", "state"))
    assert states == {fine.pk: "sealed", broken.pk: "agreed", late.pk: "agreed"}
    again = browser.post(url("seal", cycle), {"seen": seen}, follow=True).content.decode()
    assert "nichts mehr zu versiegeln" in again
    bad = browser.post(url("seal", cycle), {"seen": "1,2"})
    assert "beschädigt" in bad.content.decode()


def test_the_way_over_the_pages(cycle, stage, client_of):
    mentee, mentor = make_mentee(cycle, stage.own), make_mentor(cycle, stage.other)
    member, lead = client_of("member"), client_of("lead")
    propose = url("propose", cycle, mentee.pk, mentor.pk)
    assert "Sollen" in text_of(member.get(propose))
    assert member.post(propose, {"reason": "Passt gut"}).status_code == 302
    tandem = Tandem.objects.get()
    page = text_of(member.get(url("tandem", cycle, tandem.pk)))
    assert "Passt gut" in page
    assert "Geheim:" in page
    assert url("voice", cycle, tandem.pk) in page
    assert url("agree", cycle, tandem.pk) not in page
    part = {one.municipality_id: one.pk for one in Participation.objects.filter(cycle=cycle)}
    own, other = part[stage.own.pk], part[stage.other.pk]
    # A member speaks for their own Kommune alone, and does not close.
    form = member.get(url("voice", cycle, tandem.pk)).context["form"]
    assert f"stance-{own}" in form.fields
    assert not {f"stance-{other}", "close"} & set(form.fields)
    data = {"opened": form.token, f"stance-{own}": "object"}
    bad = member.post(url("voice", cycle, tandem.pk), data)
    assert "worin der Einwand besteht" in bad.content.decode()
    data[f"stance-{own}"] = "agree"
    assert member.post(url("voice", cycle, tandem.pk), data).status_code == 302
    # In the meeting a lead records what is left and closes with it.
    form = lead.get(url("voice", cycle, tandem.pk)).context["form"]
    data = {"opened": form.token, f"stance-{own}": "agree", "close": "on"}
    refused = lead.post(url("voice", cycle, tandem.pk), data)
    assert "Übelheim fehlt noch" in refused.content.decode()
    data[f"stance-{other}"] = "agree"
    assert lead.post(url("voice", cycle, tandem.pk), data).status_code == 302
    assert Tandem.objects.get().state == TandemState.AGREED
    assert "Wieder öffnen" in text_of(lead.get(url("tandem", cycle, tandem.pk)))
    lead.post(url("reopen", cycle, tandem.pk), {"reason": "Nachfrage des Mentors"})
    page = text_of(lead.get(url("tandem", cycle, tandem.pk)))
    assert "Nachfrage des Mentors" in page
    assert "vor dem Öffnen: Zustimmung" in page
    # Without a word it is not dissolved any more.
    lead.post(url("dissolve", cycle, tandem.pk), {"reason": ""})
    assert Tandem.objects.exists()
    answer = lead.post(url("dissolve", cycle, tandem.pk), {"reason": "Doch anders"})
    assert answer["Location"] == url("review", cycle)
    assert not Tandem.objects.exists()


def test_two_who_record_at_once_do_not_overwrite(cycle, stage, client_of, lead):
    tandem = pair(cycle, stage, TandemState.PROPOSED)
    part = Participation.objects.select_related("municipality").get(
        cycle=cycle, municipality=stage.own
    )
    browser, address = client_of("member"), url("voice", cycle, tandem.pk)
    opened = browser.get(address).context["form"].token
    domain.speak(tandem, part, "object", "Zu weit", by=lead)
    data = {"opened": opened, f"stance-{part.pk}": "agree"}
    told = browser.post(address, data)
    assert "hat inzwischen jemand anderes „Einwand“ eingetragen" in told.content.decode()
    assert TandemVoice.objects.get().stance == "object"
    data["opened"] = told.context["form"]["opened"].value()
    assert browser.post(address, data).status_code == 302
    assert TandemVoice.objects.get().stance == "agree"


def test_who_is_concerned_is_told_why_they_see_nothing(cast, cycle, stage, client_of):
    tandem = pair(cycle, stage)
    make_mentor(cycle, stage.own, person=cast.member, state=MentorState.APPROACHED)
    browser = client_of("member")
    for address in (
        url("review", cycle),
        url("tandem", cycle, tandem.pk),
        url("tandem", cycle, 987654),
    ):
        response = browser.get(address)
        page = response.content.decode()
        assert response.status_code == 403
        assert "kommen Sie selbst als Mentee oder Mentor/in in Frage" in page
        assert tandem.mentee_person.last_name not in page


def test_reading_a_secret_match_is_logged_once_a_day(cycle, stage, client_of, cast):
    secret, known = pair(cycle, stage), pair(cycle, stage, TandemState.REVEALED)
    browser = client_of("member")
    for _ in range(2):
        text_of(browser.get(url("review", cycle)))
        text_of(browser.get(url("tandem", cycle, secret.pk)))
    text_of(browser.get(url("tandem", cycle, known.pk)))
    entries = accesses(cast.user("member"))
    assert [entry.object_id for entry in entries] == [secret.pk]
    assert secret.mentee_person.last_name not in str(list(entries.values()))
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        assert note_readings([secret, known], cast.user("member")) == 1
    assert entries.all().count() == 2
    assert note_readings([secret], cast.user("lead")) == 1


def test_noting_readings_takes_few_queries(cycle, stage, lead, django_assert_max_num_queries):
    rows = [pair(cycle, stage) for _ in range(12)]
    with django_assert_max_num_queries(4):
        assert note_readings(rows, lead) == 12
    with django_assert_max_num_queries(2):
        assert note_readings(rows, lead) == 0


def test_the_start_page_counts_what_waits(cycle, stage, client_of, lead):
    pair(cycle, stage, TandemState.PROPOSED)
    pair(cycle, stage)
    gone = pair(cycle, stage, TandemState.SEALED)
    mentors.end(gone.mentor, by=lead)
    page = text_of(client_of("lead").get("/"))
    assert "1 Stimme Ihrer Kommune zu einem Tandem fehlt" in page
    assert "Matching prüfen und versiegeln" in page
    assert "Mentor/in nach dem Versiegeln ausgeschieden" in page
    assert gone.mentee_person.last_name not in page
    member = text_of(client_of("member").get("/"))
    assert "1 Stimme Ihrer Kommune" in member
    assert "prüfen und versiegeln" not in member
    for name in ("hr", "logistics", "mentee", "mentor", "permanent"):
        page = text_of(client_of(name).get("/")).lower()
        assert "versiegel" not in page
        assert "zu einem tandem fehlt" not in page


def test_nobody_else_knows_of_a_secret_tandem(cycle, stage, cast, client_of):
    tandem = pair(cycle, stage, TandemState.SEALED)
    for name in ("hr", "other_hr", "logistics", "permanent", "mentee", "mentor", "stranger"):
        assert not Tandem.objects.visible_to(cast.user(name)).exists()
        assert client_of(name).get(tandem.get_absolute_url()).status_code in (403, 404)
    assert Application.objects.filter(pk=tandem.application_id).exists()

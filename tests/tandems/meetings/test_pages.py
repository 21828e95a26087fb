"""The year as the Beirat follows it: days and numbers, silence, and a draft to the silent."""

import io
import re
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from programmes.cycles.models import Cycle, CycleState
from programmes.cycles.registries import must_be_finished, tandem_counts
from programmes.rundmails import domain as rundmails
from programmes.rundmails.models import Rundmail
from tandems.meetings import domain
from tandems.meetings.counts import with_counts
from tandems.meetings.models import HelpCall, MeetingForm, TandemMeeting
from tandems.pairs.models import EndReason, Tandem, TandemState
from tests import factories as make
from tests.tandems.meetings.makers import in_year, make_meeting, make_pair, running_tandem
from tests.tandems.pairs.makers import make_mentee, make_mentor

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)
SECRET = "Unverwechselbaum"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-06-01 10:00+02:00", tick=False) as found:
        yield found


def page(name, stage, *args):
    return reverse(f"meetings:{name}", args=[stage.cycle.pk, *args])


def pair(stage, name="", state=TandemState.ACTIVE, **fields):
    """A tandem whose mentee is called ``name``."""
    person = make.make_person("Erika", name or "Muster", municipality=stage.own)
    mentee = make_mentee(stage.cycle, stage.own, person=person)
    return make_pair(mentee, make_mentor(stage.cycle, stage.other), state, **fields)


# --- The overview --------------------------------------------------------------------------
def test_only_what_has_taken_place_counts(stage, cast, client_of):
    tandem = running_tandem(stage, cast, TandemState.ACTIVE)
    make_meeting(tandem, TODAY)
    make_meeting(tandem, date(2026, 4, 1))
    make_meeting(tandem, TODAY + timedelta(days=1))
    row = with_counts(Tandem.objects.all()).get()
    assert (row.met, row.last_met, row.silent_since) == (2, TODAY, TODAY)
    text = client_of("member").get(page("overview", stage)).content.decode()
    assert "Treffen bisher (von 8 bis 10)" in text
    assert "02.06.2026" not in text


def test_silence_counts_from_the_last_meeting_or_else_from_the_reveal(stage, cast):
    in_year(stage)
    never, once, ended = pair(stage), pair(stage), pair(stage, state=TandemState.COMPLETED)
    make_meeting(once, date(2026, 5, 10))
    found = {row.pk: row.silent_since for row in with_counts(Tandem.objects.all())}
    assert found == {never.pk: date(2026, 3, 6), once.pk: date(2026, 5, 10), ended.pk: None}


def test_the_overview_is_filtered_and_sorts_the_silent_first(stage, cast, client_of):
    in_year(stage)
    make_meeting(pair(stage, "Amsel", accompanied_by=cast.member), date(2026, 5, 28))
    pair(stage, "Dohle", TandemState.COMPLETED)
    pair(stage, "Buchfink")
    make_meeting(pair(stage, "Celle"), date(2026, 4, 20))
    browser = client_of("member")

    def names(query=""):
        context = browser.get(page("overview", stage) + query).context
        return [row.mentee_person.last_name for row in context["page_obj"]]

    assert names() == ["Buchfink", "Celle", "Amsel", "Dohle"]
    assert names("?silent=6") == ["Buchfink", "Celle"]
    assert names("?state=running") == ["Buchfink", "Celle", "Amsel"]
    assert names("?state=completed") == ["Dohle"]
    assert names(f"?accompanied={cast.member.pk}") == ["Amsel"]
    assert names("?accompanied=nobody&silent=6") == ["Buchfink", "Celle"]
    assert names("?search=buch") == ["Buchfink"]
    assert len(names(f"?municipality={stage.other.pk}")) == 4
    assert names("?sort=mentee") == ["Amsel", "Buchfink", "Celle", "Dohle"]


def test_secret_pairs_and_pairs_in_conflict_stand_nowhere(stage, cast, client_of):
    in_year(stage)
    for state in (TandemState.PROPOSED, TandemState.AGREED, TandemState.SEALED):
        pair(stage, SECRET, state)
    hidden = pair(stage, SECRET)
    hidden.application.superior = cast.member
    hidden.application.save()
    for query in ("", "?silent=1", f"?search={SECRET}"):
        response = client_of("member").get(page("overview", stage) + query)
        assert list(response.context["page_obj"]) == []
    response = client_of("lead").get(page("overview", stage))
    assert [row.pk for row in response.context["page_obj"]] == [hidden.pk]


def test_a_seat_holder_who_is_a_half_follows_the_others_alone(stage, cast, client_of):
    in_year(stage)
    mentor = make_mentor(stage.cycle, stage.own, person=cast.member)
    own = make_pair(make_mentee(stage.cycle, stage.other), mentor, TandemState.ACTIVE)
    other = pair(stage)
    browser = client_of("member")
    rows = browser.get(page("overview", stage)).context["page_obj"]
    assert [row.pk for row in rows] == [other.pk]
    assert browser.get(page("tandem", stage, own.pk)).status_code == 404


@pytest.mark.parametrize("wanted", ["xlsx", "csv", "pdf"])
def test_form_and_length_of_a_meeting_leave_by_no_way(stage, cast, client_of, wanted, monkeypatch):
    monkeypatch.setattr("mentoring.ui.exports.html_to_pdf", lambda html: html.encode())
    tandem = running_tandem(stage, cast, TandemState.ACTIVE)
    make_meeting(tandem, date(2026, 5, 4), form=MeetingForm.PHONE, minutes=617)
    browser = client_of("lead")
    file = browser.get(f"{page('overview', stage)}?export={wanted}").content
    if wanted == "xlsx":
        rows = load_workbook(io.BytesIO(file)).active.iter_rows(values_only=True)
        file = repr(list(rows)).encode()
    shown = browser.get(page("tandem", stage, tandem.pk)).content
    assert b"04.05.2026" in shown
    assert cast.mentee.last_name.encode() in file
    for text in (file, shown, browser.get(page("overview", stage)).content):
        # As a number of its own: keys and tokens hold any digits.
        assert not re.search(rb"(?<![\w/=\"-])617(?![\w/\"])", text)
        assert b"am Telefon" not in text


@pytest.mark.parametrize("who", ["hr", "other_hr", "logistics", "permanent"])
def test_house_and_logistics_see_no_meeting_not_even_how_many(stage, cast, client_of, who):
    tandem = running_tandem(stage, cast, TandemState.ACTIVE)
    make_meeting(tandem, date(2026, 5, 4))
    user = cast.user(who)
    assert not TandemMeeting.objects.visible_to(user).exists()
    assert not HelpCall.objects.visible_to(user).exists()
    browser = client_of(who)
    for address in (page("overview", stage), page("tandem", stage, tandem.pk)):
        assert browser.get(address).status_code == 403
    assert page("overview", stage) not in browser.get("/").content.decode()


def test_twenty_tandems_take_no_more_queries_than_one(stage, cast, client_of):
    tandem = running_tandem(stage, cast, TandemState.ACTIVE)
    make_meeting(tandem, date(2026, 5, 4))
    browser = client_of("lead")

    def queries(address):
        with CaptureQueriesContext(connection) as counted:
            assert browser.get(address).status_code == 200
        return len(counted)

    addresses = (
        page("overview", stage),
        f"{page('overview', stage)}?silent=1&sort=met",
        f"{page('nudge', stage)}?silent=1",
        "/",
    )
    for address in addresses:
        queries(address)
    before = [queries(address) for address in addresses]
    for _ in range(19):
        make_meeting(pair(stage, accompanied_by=cast.member), date(2026, 3, 20))
    assert [queries(address) for address in addresses] == before


# --- A tandem ------------------------------------------------------------------------------
def test_the_story_of_a_year(stage, cast, client_of):
    tandem = running_tandem(stage, cast)
    lead, member = client_of("lead"), client_of("member")
    assert "Ich begleite" in member.get(page("tandem", stage, tandem.pk)).content.decode()
    member.post(page("mine", stage, tandem.pk))
    domain.enter_meeting(
        tandem, met_on=date(2026, 5, 4), form="online", minutes=60, by=cast.user("mentee")
    )
    call = domain.call_for_help(tandem, "Bitte melden", by=cast.user("mentor"))
    start = str(member.get("/").context["groups"])
    assert "Ein Tandem bittet um Hilfe" in start
    text = member.get(page("tandem", stage, tandem.pk)).content.decode()
    assert "1 von 8 bis 10 Treffen" in text
    assert "Das Tandem bittet um Hilfe" in text
    # The lead is not who was asked, and does not learn that somebody was.
    assert "Hilfe" not in lead.get(page("tandem", stage, tandem.pk)).content.decode()
    member.post(page("settle", stage, tandem.pk, call.pk))
    assert "Hilfe" not in str(member.get("/").context["groups"])
    end = {"on": "2026-06-01", "reason": "time"}
    assert member.post(page("end", stage, tandem.pk), end).status_code == 403
    lead.post(page("end", stage, tandem.pk), end)
    tandem.refresh_from_db()
    assert (tandem.state, tandem.end_reason) == (TandemState.ENDED_EARLY, EndReason.TIME)


def test_who_is_left_over_leads_to_the_wall_until_a_new_match_is_known(stage, cast, client_of):
    tandem = running_tandem(stage, cast, TandemState.ENDED_EARLY)
    address = page("tandem", stage, tandem.pk)
    words = f"Neues Match für {cast.mentee.full_name}"
    assert words in client_of("member").get(address).content.decode()
    again = make_pair(
        tandem.application, make_mentor(stage.cycle, stage.other), TandemState.SEALED, after=tandem
    )
    # While it is secret nothing changes here.
    assert words in client_of("member").get(address).content.decode()
    make_pair_known(again)
    assert words not in client_of("member").get(address).content.decode()


def make_pair_known(tandem):
    Tandem.objects.filter(pk=tandem.pk).update(
        state=TandemState.REVEALED, revealed_at="2026-05-30T10:00Z"
    )


def test_who_left_the_programme_needs_no_new_match(stage, cast, client_of):
    tandem = running_tandem(stage, cast)
    domain.end_early(
        tandem, on=TODAY, reason=EndReason.MENTEE_LEFT, leavers=["mentee"], by=cast.user("lead")
    )
    text = client_of("lead").get(page("tandem", stage, tandem.pk)).content.decode()
    assert "Neues Match" not in text


def test_a_mentee_who_withdrew_is_shown_until_the_tandem_is_ended(stage, cast, client_of):
    tandem = running_tandem(stage, cast)
    tandem.application.state = "withdrawn"
    tandem.application.withdrawn_at = tandem.revealed_at
    tandem.application.save()
    assert "Mentee ausgeschieden" in client_of("lead").get(page("overview", stage)).content.decode()


def test_a_second_lead_is_told_that_somebody_was_faster(stage, cast, client_of):
    tandem = running_tandem(stage, cast)
    browser = client_of("lead")
    address = page("companion", stage, tandem.pk)
    form = browser.get(address).context["form"]
    data = {"accompanied_by": cast.lead.pk, "_version": form.version_token}
    domain.accompany_oneself(tandem, by=cast.user("member"))
    response = browser.post(address, data)
    assert "jemand anderes" in response.content.decode()
    tandem.refresh_from_db()
    assert tandem.accompanied_by == cast.member


# --- A draft to the silent -----------------------------------------------------------------
def recipients(mail, user):
    return {person.pk for person in rundmails.resolve_audience(mail, user).people}


def halves(*tandems):
    return {person for row in tandems for person in (row.mentee_person_id, row.mentor_person_id)}


def silent_tandems(stage):
    """Two that are silent for twelve weeks, one that met, a secret one and one that ended."""
    in_year(stage)
    silent = [pair(stage, "Amsel"), pair(stage, "Buchfink")]
    make_meeting(pair(stage, "Celle"), date(2026, 5, 20))
    pair(stage, SECRET, TandemState.SEALED)
    pair(stage, "Elster", TandemState.ENDED_EARLY)
    return silent


def test_the_draft_goes_to_exactly_those_who_are_silent_and_is_not_sent(stage, cast, client_of):
    silent = silent_tandems(stage)
    browser = client_of("member")
    form = browser.get(f"{page('nudge', stage)}?silent=8").context["form"]
    assert form["tandems"].initial == [row.pk for row in silent]
    browser.post(f"{page('nudge', stage)}?silent=8", {"tandems": [row.pk for row in silent]})
    mail = Rundmail.objects.get()
    assert (mail.confidential, mail.state) == (True, "draft")
    assert recipients(mail, cast.user("member")) == halves(*silent)
    # Whoever meets before it is sent is left alone.
    make_meeting(silent[0], TODAY)
    assert recipients(mail, cast.user("member")) == halves(silent[1])
    assert not Rundmail.objects.visible_to(cast.user("logistics")).exists()


def test_a_part_of_them_is_exactly_that_part_and_nobody_is_nobody(stage, cast, client_of):
    silent = silent_tandems(stage)
    browser = client_of("member")
    address = f"{page('nudge', stage)}?silent=8"
    response = browser.post(address, {"tandems": []})
    assert "mindestens ein Tandem" in response.content.decode()
    assert not Rundmail.objects.exists()
    browser.post(address, {"tandems": [silent[1].pk]})
    assert recipients(Rundmail.objects.get(), cast.user("member")) == halves(silent[1])


def test_a_tandem_that_is_not_silent_or_hidden_cannot_be_chosen(stage, cast, client_of):
    silent_tandems(stage)
    for name in ("Celle", SECRET):
        tandem = Tandem.objects.get(mentee_person__last_name=name)
        client_of("member").post(f"{page('nudge', stage)}?silent=8", {"tandems": [tandem.pk]})
    assert not Rundmail.objects.exists()


def test_the_audience_gives_no_one_away_to_who_must_not_know(stage, cast):
    silent = silent_tandems(stage)
    silent[0].application.superior = cast.member
    silent[0].application.save()
    mail = Rundmail(cycle=stage.cycle, subject="Hallo", body="Hallo")
    choices = [rundmails.Choice("silent_tandems", "8")]
    rundmails.create(mail, choices=choices, by=cast.user("lead"))
    assert recipients(mail, cast.user("lead")) == halves(*silent)
    assert recipients(mail, cast.user("member")) == halves(silent[1])
    for who in ("logistics", "hr", "former"):
        assert recipients(mail, cast.user(who)) == set()


# --- The end of the cycle ------------------------------------------------------------------
def gaps(cycle):
    return list(must_be_finished.get("meetings")(cycle))


def test_a_cycle_closes_when_no_tandem_runs_and_none_is_secret(stage, cast, client_of):
    running_tandem(stage, cast, TandemState.ACTIVE)
    secret = pair(stage, SECRET, TandemState.SEALED)
    assert len(gaps(stage.cycle)) == 2
    assert SECRET not in str(gaps(stage.cycle))
    secret.delete()
    client_of("lead").post(page("complete_all", stage), {"on": TODAY.isoformat()})
    assert gaps(stage.cycle) == []


def test_the_published_number_counts_a_mentee_matched_anew_once(stage, cast):
    first = running_tandem(stage, cast, TandemState.ENDED_EARLY)
    mentor = make_mentor(stage.cycle, stage.other)
    make_pair(first.application, mentor, TandemState.COMPLETED, after=first)
    pair(stage, state=TandemState.COMPLETED)
    pair(stage, SECRET, TandemState.SEALED)
    assert tandem_counts.get("meetings")(Cycle.objects.get(pk=stage.cycle.pk)) == 2


def test_the_tandems_of_a_kommune_that_leaves_end(stage, cast):
    tandem = running_tandem(stage, cast, TandemState.ACTIVE)
    leaving = domain.leaving.LEAVING
    part = stage.cycle.participations.get(municipality=stage.other)
    assert cast.mentor.full_name in leaving.consequences(part, cast.user("lead"))[0]
    leaving.leave(part, "Haushaltssperre", cast.user("lead"))
    tandem.refresh_from_db()
    assert (tandem.state, tandem.end_reason) == (TandemState.ENDED_EARLY, EndReason.MENTOR_LEFT)


def test_leads_are_told_of_the_silent_as_a_number(stage, cast, client_of):
    silent_tandems(stage)
    words = "2 Tandems seit 8 Wochen oder länger ohne Treffen"
    assert words in str(client_of("lead").get("/").context["groups"])
    assert words not in str(client_of("member").get("/").context["groups"])


def test_before_and_after_the_year_there_is_no_page(stage, cast, client_of):
    running_tandem(stage, cast, TandemState.COMPLETED)
    stage.cycle.state = CycleState.CLOSED
    stage.cycle.save()
    assert client_of("lead").get(page("overview", stage)).status_code == 403

"""What is posted: seats, Kommunen, steps, a new Durchgang; twice, late, and wrong."""

import re

import pytest
from django.urls import reverse

from mentoring.log.models import LogEntry
from programmes.cycles.models import (
    CouncilSeat,
    Cycle,
    CycleState,
    Participation,
    PermanentMember,
    Programme,
)
from programmes.people.models import Invitation, Person
from tests import factories as make

NASTY = ("\x00", "a\x00b", "😀" * 400, "‮gnp.exe", "x" * 100_000, "' OR 1=1 --", "<script>")


def page(name, *args):
    return reverse(f"cycles:{name}", args=args)


def hidden(client, url):
    """The hidden fields of the form on ``url``, as a browser would post them."""
    text = client.get(url).content.decode()
    found = re.findall(r'<input type="hidden" name="(_\w+)" value="([^"]*)"', text)
    return dict(found)


def refused(answer, words):
    assert answer.status_code == 200
    assert words in answer.content.decode(), answer.content.decode()
    return True


NEW_PERSON = {
    "first_name": "Jörg",
    "last_name": "O’Neill-Größer",
    "email": "joerg@ahausen.example",
    "function": "equality",
    "invite": "on",
}


@pytest.fixture
def own(stage):
    return Participation.objects.get(cycle=stage.cycle, municipality=stage.own)


# --- Seats --------------------------------------------------------------------------------
def test_a_new_person_gets_a_seat_and_an_invitation(stage, own, client_of, cast):
    url = page("seat_add", stage.cycle.pk, own.pk)
    lead = client_of("lead")
    data = {**NEW_PERSON, **hidden(lead, url)}
    assert lead.post(url, data).status_code == 302
    seat = CouncilSeat.objects.get(person__first_name="Jörg")
    assert (seat.person.municipality, seat.chair) == (stage.own, 2)
    assert Invitation.objects.get().person == seat.person
    assert LogEntry.objects.get_for_object(seat).get().actor == cast.lead.user
    # Posted again, as by a double click: one person, one seat, one mail.
    assert lead.post(url, data).status_code == 302
    assert Person.objects.filter(first_name="Jörg").count() == 1


def test_a_known_person_gets_a_seat(stage, own, client_of, cast):
    url = page("seat_add", stage.cycle.pk, own.pk)
    data = {"person": cast.hr.pk, "function": "other"}
    assert client_of("lead").post(url, data).status_code == 302
    assert CouncilSeat.objects.filter(person=cast.hr).exists()
    assert not Invitation.objects.exists()


def test_only_people_of_the_kommune_may_be_chosen(stage, own, client_of, cast):
    url = page("seat_add", stage.cycle.pk, own.pk)
    for person in (cast.other_hr, make.make_person(), cast.stranger):
        answer = client_of("lead").post(url, {"person": person.pk, "function": "other"})
        assert answer.status_code == 200
    assert CouncilSeat.objects.filter(participation=own).count() == 1


def test_a_third_seat_is_refused_and_what_was_typed_stays(stage, own, client_of):
    make.make_seat(own)
    before = Person.objects.count()
    url = page("seat_add", stage.cycle.pk, own.pk)
    answer = client_of("lead").post(url, NEW_PERSON)
    assert refused(answer, "schon zwei Sitze")
    assert refused(answer, "joerg@ahausen.example")
    assert Person.objects.count() == before


def test_a_seat_for_a_kommune_that_has_not_confirmed(stage, client_of):
    invited = make.make_participation(stage.cycle, make.make_municipality(), state="invited")
    url = page("seat_add", stage.cycle.pk, invited.pk)
    assert refused(client_of("lead").post(url, NEW_PERSON), "nicht zugesagt")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"function": "other"}, "Wählen Sie eine Person oder beschreiben"),
        ({"function": "other", "first_name": "A"}, "Geben Sie den Nachnamen an"),
        ({**NEW_PERSON, "email": ""}, "braucht es eine E-Mail-Adresse"),
        ({**NEW_PERSON, "email": "keine"}, "gültige E-Mail"),
        ({**NEW_PERSON, "function": ""}, "Funktion"),
        ({**NEW_PERSON, "person": "hr"}, "zugleich eine neue beschrieben"),
    ],
)
def test_what_a_seat_needs(stage, own, client_of, cast, data, words):
    if data.get("person") == "hr":
        data = {**data, "person": cast.hr.pk}
    url = page("seat_add", stage.cycle.pk, own.pk)
    assert refused(client_of("lead").post(url, data), words)


def test_ending_a_seat_and_the_last_lead(stage, own, client_of, cast):
    lead = client_of("lead")
    seat = CouncilSeat.objects.get(person=cast.member)
    url = page("seat_end", stage.cycle.pk, seat.pk)
    assert "ab sofort" in lead.get(url).content.decode()
    assert lead.post(url, hidden(lead, url)).status_code == 302
    assert client_of("member").get(page("council", stage.cycle.pk)).status_code == 404
    assert lead.post(url).status_code == 404
    url = page("seat_end", stage.cycle.pk, CouncilSeat.objects.get(person=cast.lead).pk)
    assert refused(lead.post(url), "leitet den Beirat allein")


def test_two_leads_edit_one_seat(stage, client_of, cast):
    lead = client_of("lead")
    seat = CouncilSeat.objects.get(person=cast.member)
    url = page("seat_change", stage.cycle.pk, seat.pk)
    mine = {"function": "equality", **hidden(lead, url)}
    assert lead.post(url, {"function": "other", **hidden(lead, url)}).status_code == 302
    answer = lead.post(url, mine)
    assert refused(answer, "jemand anderes diesen Datensatz geändert")
    seat.refresh_from_db()
    assert seat.function == "other"


# --- Kommunen -----------------------------------------------------------------------------
def test_inviting_and_confirming_a_kommune(stage, client_of):
    lead, house = client_of("lead"), make.make_municipality("Neustadt")
    assert (
        lead.post(
            page("participation_add", stage.cycle.pk),
            {"municipality": house.pk, "places_wished": 3},
        ).status_code
        == 302
    )
    row = Participation.objects.get(municipality=house)
    assert (row.state, row.places_wished) == ("invited", 3)
    url = page("participation_change", stage.cycle.pk, row.pk)
    data = {"answer": "confirmed", "places_wished": 4, "note": "ruft an", **hidden(lead, url)}
    assert lead.post(url, data).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.places_wished, row.note) == ("confirmed", 4, "ruft an")
    # The same form once more comes from an older version.
    assert refused(lead.post(url, {**data, "note": "anders"}), "jemand anderes")


def test_a_kommune_is_not_simply_declined(stage, own, client_of, cast):
    lead = client_of("lead")
    url = page("participation_change", stage.cycle.pk, own.pk)
    data = {"answer": "declined", "places_wished": 9, **hidden(lead, url)}
    answer = lead.post(url, data)
    leave = page("participation_leave", stage.cycle.pk, own.pk)
    assert answer["Location"] == leave
    own.refresh_from_db()
    assert (own.state, own.places_wished) == ("confirmed", 9)
    shown = lead.get(leave).content.decode()
    assert f"{cast.member}: Der Sitz im Beirat endet heute" in shown
    assert f"{cast.mentee.full_name} (Mentee)" in shown
    assert cast.mentor.full_name not in shown  # of the other Kommune
    assert refused(lead.post(leave, {"reason": ""}), "Grund")
    assert lead.post(leave, {"reason": "Haushaltssperre"})["Location"] == page(
        "participations", stage.cycle.pk
    )
    own.refresh_from_db()
    assert (own.state, own.left_reason) == ("declined", "Haushaltssperre")
    assert not own.seats.held().exists()
    listed = page("participations", stage.cycle.pk)
    assert "Haushaltssperre" in lead.get(listed).content.decode()
    # Notes and reasons are for the Beirat.
    assert "Haushaltssperre" not in client_of("other_hr").get(listed).content.decode()
    assert "nimmt nicht (mehr) teil" in lead.get(leave).content.decode()


def test_a_lead_whose_own_kommune_leaves_ends_on_the_start_page(stage, client_of):
    make.make_seat(stage.cycle.participations.get(municipality=stage.own), lead=True)
    house = stage.cycle.participations.get(municipality=stage.other)
    answer = client_of("lead").post(
        page("participation_leave", stage.cycle.pk, house.pk), {"reason": "Haushaltssperre"}
    )
    assert answer["Location"] == "/"


# --- The path -----------------------------------------------------------------------------
def test_a_lead_moves_the_cycle_on(stage, client_of):
    lead = client_of("lead")
    assert "Matching beginnen" in lead.get(page("path", stage.cycle.pk)).content.decode()
    url = page("step", stage.cycle.pk, "matching-beginnen")
    assert lead.post(url, hidden(lead, url)).status_code == 302
    stage.cycle.refresh_from_db()
    assert stage.cycle.state == CycleState.MATCHING
    # The second lead, whose page still shows the button:
    assert refused(lead.post(url), "jemand anderes schneller")


def test_a_planned_cycle_says_what_is_missing(stage, client_of):
    planned = make.make_cycle(stage.programme, number=12, state="planning")
    permanent = client_of("permanent")
    text = permanent.get(page("path", planned.pk)).content.decode()
    assert "niemand als Treiber/in" in text
    url = page("step", planned.pk, "beirat-bestaetigen")
    assert refused(permanent.post(url), "niemand als Treiber/in")
    row = make.make_participation(planned, make.make_municipality())
    make.make_seat(row, lead=True)
    assert permanent.post(url).status_code == 302
    # From now on the seats lead, and the ständige Mitglieder no longer.
    assert permanent.get(page("path", planned.pk)).status_code == 403


def test_cancelling_asks_for_a_reason(stage, client_of):
    lead = client_of("lead")
    url = page("cycle_cancel", stage.cycle.pk)
    assert lead.post(url, {"reason": ""}).status_code == 200
    assert lead.post(url, {"reason": "zu wenige Kommunen"}).status_code == 302
    stage.cycle.refresh_from_db()
    assert stage.cycle.cancel_reason == "zu wenige Kommunen"
    assert lead.get(page("cycle", stage.cycle.pk)).status_code == 404


def test_two_edit_the_cycle(stage, client_of):
    lead = client_of("lead")
    url = page("cycle_change", stage.cycle.pk)
    data = {"title": "Mein Titel", "start_year": 2025, "end_year": 2027, "places": 24}
    mine = {**data, **hidden(lead, url)}
    assert lead.post(url, {**data, "title": "Ihr Titel", **hidden(lead, url)}).status_code == 302
    answer = lead.post(url, mine)
    assert refused(answer, "Mein Titel")
    assert refused(answer, "Ihr Titel")
    assert Cycle.objects.get(pk=stage.cycle.pk).title == "Ihr Titel"


def test_the_reveal_does_not_precede_the_startworkshop(stage, client_of):
    lead = client_of("lead")
    url = page("cycle_change", stage.cycle.pk)
    data = {"title": "T", "start_year": 2025, "end_year": 2024, "places": 24, **hidden(lead, url)}
    assert refused(lead.post(url, data), "liegt vor dem Beginn")
    data |= {"end_year": 2027, "reveal_at": "2026-01-01T10:00"}
    assert refused(lead.post(url, data), "zuerst das Datum des Startworkshops")
    data |= {"start_workshop_on": "2026-02-01"}
    assert refused(lead.post(url, data), "nicht vor dem Startworkshop")


# --- Starting -----------------------------------------------------------------------------
def start_data(stage, cast, **changes):
    seat = CouncilSeat.objects.get(person=cast.member, participation__cycle=stage.cycle)
    return {
        "number": 12,
        "title": "Durchgang 12",
        "start_year": 2027,
        "end_year": 2029,
        "places": 20,
        f"house_{stage.own.pk}": "on",
        f"seat_{seat.pk}": "on",
        f"lead_{seat.pk}": "on",
        **changes,
    }


def test_the_form_proposes_what_the_last_cycle_had(stage, cast, client_of):
    declined = make.make_participation(
        stage.cycle, make.make_municipality("Zett"), state="declined"
    )
    text = client_of("permanent").get(page("cycle_start", stage.programme.pk)).content.decode()
    assert f"{cast.member} behält den Sitz" in text
    assert 'value="12"' in text

    def checked(name):
        return re.search(rf'<input[^>]*name="{name}"[^>]*>', text)[0].count("checked") == 1

    assert checked(f"house_{stage.own.pk}")
    assert not checked(f"house_{declined.municipality_id}")


def test_the_proposal_of_the_form_can_be_posted_as_it_is(stage, cast, client_of):
    """Seats of Kommunen that were only invited, or declined, do not contradict their houses."""
    for state in ("invited", "declined"):
        house = make.make_participation(stage.cycle, make.make_municipality(state), state=state)
        make.make_seat(house)
    url = page("cycle_start", stage.programme.pk)
    permanent = client_of("permanent")
    text = permanent.get(url).content.decode()
    ticked = re.findall(r'<input type="checkbox" name="(\w+)"[^>]* checked', text)
    data = {key: value for key, value in start_data(stage, cast).items() if "_" not in key}
    data |= {"start_year": 2027, "end_year": 2029, **dict.fromkeys(ticked, "on")}
    assert permanent.post(url, {**data, **hidden(permanent, url)}).status_code == 302
    started = Cycle.objects.get(number=12)
    houses = {part.municipality.name for part in started.participations.all()}
    assert "Stadt invited" in houses
    assert "Stadt declined" not in houses
    seats = CouncilSeat.objects.filter(participation__cycle=started)
    assert seats.filter(participation__municipality__name="Stadt invited").count() == 1


def test_a_taken_number_is_said_beside_it_with_all_else(stage, cast, client_of):
    url = page("cycle_start", stage.programme.pk)
    wrong = start_data(stage, cast, number=stage.cycle.number, end_year=2020)
    answer = client_of("permanent").post(url, wrong)
    errors = answer.context["form"].errors
    assert errors["number"] == [f"Den Durchgang Nr. {stage.cycle.number} gibt es schon."]
    assert "vor dem Beginn" in errors["end_year"][0]
    past = client_of("permanent").post(page("past_cycle_add", stage.programme.pk), wrong)
    assert "gibt es schon" in past.context["form"].errors["number"][0]


def test_starting_a_cycle(stage, cast, client_of):
    url = page("cycle_start", stage.programme.pk)
    permanent = client_of("permanent")
    extra = make.make_municipality("Neustadt")
    data = start_data(stage, cast, others=[extra.pk], **hidden(permanent, url))
    assert permanent.post(url, data).status_code == 302
    cycle = Cycle.objects.get(number=12)
    assert {p.municipality for p in cycle.participations.all()} == {stage.own, extra}
    seat = CouncilSeat.objects.get(participation__cycle=cycle)
    assert (seat.person, seat.lead) == (cast.member, True)
    assert permanent.post(url, data).status_code == 302
    assert Cycle.objects.filter(number=12).count() == 1
    # Without the one-time id: the number is taken.
    assert refused(permanent.post(url, start_data(stage, cast)), "gibt es schon")


def test_a_seat_needs_its_kommune_and_a_lead_their_seat(stage, cast, client_of):
    url = page("cycle_start", stage.programme.pk)
    permanent = client_of("permanent")
    data = start_data(stage, cast)
    del data[f"house_{stage.own.pk}"]
    assert refused(permanent.post(url, data), "nur behalten, wenn auch")
    seat = CouncilSeat.objects.get(person=cast.member)
    data = start_data(stage, cast)
    del data[f"seat_{seat.pk}"]
    assert refused(permanent.post(url, data), "Nur wer den Sitz behält")
    assert refused(permanent.post(url, start_data(stage, cast, end_year=2020)), "vor dem Beginn")
    assert not Cycle.objects.filter(number=12).exists()


def test_entering_an_earlier_cycle(stage, cast, client_of):
    url = page("past_cycle_add", stage.programme.pk)
    data = {
        "number": 3,
        "title": "Durchgang 3",
        "start_year": 2011,
        "end_year": 2012,
        "tandems": 23,
        f"took_{stage.own.pk}": "on",
        f"mentees_{stage.own.pk}": 3,
    }
    permanent = client_of("permanent")
    wrong = {**data, f"mentors_{stage.other.pk}": 2}
    assert refused(permanent.post(url, wrong), "stehen hier Zahlen")
    assert permanent.post(url, data).status_code == 302
    cycle = Cycle.objects.get(number=3)
    assert cycle.participations.get().mentees == 3
    history = client_of("former").get(page("programme_history", stage.programme.pk))
    assert "2011–2012" in history.content.decode()


# --- Programmes ---------------------------------------------------------------------------
def test_an_operator_makes_a_programme_and_names_its_first_member(db, cast, stage, client_of):
    operator = client_of("operator")
    data = {
        "name": "Zweites Programm",
        "kind": "other",
        "fee_per_mentee": "450,50",
        "tandem_months": 12,
        "meetings_min": 8,
        "meetings_max": 10,
    }
    assert refused(
        operator.post(page("programme_add"), {**data, "meetings_max": 2}), "kleiner als die Mindest"
    )
    assert operator.post(page("programme_add"), data).status_code == 302
    programme = Programme.objects.get(name="Zweites Programm")
    assert str(programme.fee_per_mentee) == "450.50"
    url = page("permanent_member_add", programme.pk)
    answer = operator.post(
        url,
        {
            "first_name": "Änne",
            "last_name": "Öz",
            "email": "ae@stadt.example",
            "municipality": stage.own.pk,
            "invite": "on",
        },
    )
    assert answer.status_code == 302
    post = PermanentMember.objects.get(programme=programme)
    assert post.person.municipality == stage.own
    assert Invitation.objects.filter(person=post.person).exists()


def test_ending_a_permanent_membership(stage, cast, client_of):
    post = PermanentMember.objects.get(person=cast.permanent)
    url = page("permanent_member_end", stage.programme.pk, post.pk)
    operator = client_of("operator")
    assert refused(operator.post(url), "das einzige ständige Mitglied")
    make.make_permanent_member(stage.programme)
    assert client_of("lead").post(url).status_code == 404
    permanent = client_of("permanent")
    assert permanent.post(url, follow=True).status_code == 200
    assert permanent.get(page("cycle_start", stage.programme.pk)).status_code == 404
    assert operator.post(url).status_code in (200, 404)


# --- Bad input ----------------------------------------------------------------------------
@pytest.mark.parametrize("text", NASTY)
def test_bad_input_never_breaks_a_form(stage, own, cast, client_of, text):
    lead, permanent, operator = client_of("lead"), client_of("permanent"), client_of("operator")
    for client, url, data in (
        (
            lead,
            page("seat_add", stage.cycle.pk, own.pk),
            {
                "first_name": text,
                "last_name": text,
                "email": text,
                "function": text,
                "person": text,
            },
        ),
        (lead, page("participation_add", stage.cycle.pk), {"municipality": text, "note": text}),
        (
            lead,
            page("participation_change", stage.cycle.pk, own.pk),
            {"answer": text, "note": text},
        ),
        (lead, page("cycle_change", stage.cycle.pk), {"title": text, "start_year": text}),
        (lead, page("cycle_cancel", stage.cycle.pk), {"reason": ""}),
        (
            permanent,
            page("cycle_start", stage.programme.pk),
            {"number": text, "title": text, "others": [text]},
        ),
        (permanent, page("past_cycle_add", stage.programme.pk), {"number": text, "title": text}),
        (operator, page("programme_add"), {"name": text, "fee_per_mentee": text}),
    ):
        assert client.post(url, data).status_code == 200, url
    for url in (
        page("participants", stage.cycle.pk),
        page("council", stage.cycle.pk),
        page("participations", stage.cycle.pk),
        page("log"),
    ):
        query = {
            "q": text[:3000],
            "sort": text[:3000],
            "page": text[:3000],
            "municipality": text[:3000],
            "who": text[:3000],
            "since": text[:3000],
            "model": text[:3000],
            "state": text[:3000],
        }
        assert lead.get(url, query).status_code == (400 if "\x00" in text else 200), url

"""What mentee and mentor read and enter on their own pages."""

import io
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from programmes.documents.models import Document
from programmes.events.models import Answer, Attendee, Event
from programmes.outbox.models import Delivery
from tandems.meetings.models import HelpCall, TandemMeeting
from tandems.pairs.models import Tandem
from tests import factories as make
from tests.tandems.pairs.makers import make_mentee, make_mentor, make_tandem

OWN = "/mein-tandem/"


def url(name, *args):
    return reverse(f"portal:{name}", args=args)


def shown(browser, address=OWN):
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def day(ahead=0):
    return timezone.localdate() + timedelta(days=ahead)


def long_revealed(two, days=200):
    Tandem.objects.filter(pk=two.tandem.pk).update(
        revealed_at=timezone.now() - timedelta(days=days)
    )
    two.tandem.refresh_from_db()
    return two


def enter(two, ahead=0, **fields):
    fields = {"form": "online", "minutes": 60, **fields}
    return TandemMeeting.objects.create(tandem=two.tandem, met_on=day(ahead), **fields)


def values(ahead=0, **more):
    return {"met_on": day(ahead).isoformat(), "form": "presence", "minutes": "90", **more}


def test_each_reads_the_other_ones_contact_after_the_reveal(pair):
    two = pair("revealed")
    mentee, mentor = shown(two.as_mentee), shown(two.as_mentor)
    for text in ("Max Geheimrat", "Übelheim", "Leitung Tiefbau", "02561 22"):
        assert text in mentee
    for text in ("Mia Mentee", "Ahausen", "Sachgebietsleitung", "02561 11"):
        assert text in mentor
    assert two.mentor_person.email in mentee
    assert two.mentee_person.email in mentor


def test_either_enters_a_meeting_and_both_see_and_change_it(pair):
    two = long_revealed(pair("revealed"))
    done = two.as_mentee.post(url("meeting_add", two.tandem.pk), values(-10))
    assert done.status_code == 302
    meeting = TandemMeeting.objects.get()
    assert meeting.entered_by == two.mentee_person
    two.tandem.refresh_from_db()
    assert two.tandem.state == "active"
    for browser in (two.as_mentee, two.as_mentor):
        page = shown(browser)
        assert f"{day(-10):%d.%m.%Y}" in page
        assert "in Präsenz, 90 Minuten" in page
        assert "1 von 8 bis 10 Treffen" in page
    browser, address = two.as_mentor, url("meeting", two.tandem.pk, meeting.pk)
    token = browser.get(address).context["form"].version_token
    changed = browser.post(address, values(-9, minutes="45", _version=token))
    assert changed.status_code == 302
    assert "45 Minuten" in shown(two.as_mentee)
    # The mentee's form is older by now: nothing is overwritten, both versions are shown.
    late = two.as_mentee.post(address, values(-10, minutes="120", _version=token))
    assert "Zwei Fassungen" in late.content.decode()
    meeting.refresh_from_db()
    assert meeting.minutes == 45
    gone = two.as_mentee.post(url("meeting_delete", two.tandem.pk, meeting.pk))
    assert gone.status_code == 302
    assert "45 Minuten" not in shown(two.as_mentor)


def test_planned_meetings_stand_apart_and_do_not_count(pair):
    two = long_revealed(pair("active"))
    for ahead in (-30, -20, 14):
        enter(two, ahead)
    one = two.as_mentor.get(OWN).context["parts"][0].tandems[0]
    assert [m.met_on for m in one.met] == [day(-20), day(-30)]
    assert [m.met_on for m in one.planned] == [day(14)]
    assert one.counter == "2 von 8 bis 10 Treffen"


def test_the_counter_goes_past_ten_in_words_and_the_bar_does_not(pair):
    two = long_revealed(pair("active"))
    for number in range(11):
        enter(two, -number)
    one = two.as_mentee.get(OWN).context["parts"][0].tandems[0]
    assert one.counter == "11 Treffen, mehr als die üblichen 8 bis 10"
    assert (one.bar, one.at_most) == (10, 10)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"minutes": "3"}, "minutes"),
        ({"minutes": "sehr lang"}, "minutes"),
        ({"met_on": "2062-01-01"}, "met_on"),
        ({"met_on": "2001-01-01"}, "met_on"),
        ({"met_on": "gestern"}, "met_on"),
        ({"form": "brieflich"}, "form"),
    ],
)
def test_what_was_wrong_stands_beside_its_field_and_the_rest_stays(pair, typed, field):
    two = pair("revealed")
    answer = two.as_mentee.post(url("meeting_add", two.tandem.pk), values(**typed))
    form = answer.context["form"]
    assert list(form.errors) == [field]
    assert form["minutes"].value() == typed.get("minutes", "90")
    assert not TandemMeeting.objects.exists()


def test_a_second_meeting_on_one_day_is_asked_about(pair):
    two = long_revealed(pair("active"))
    enter(two, -3)
    browser, address = two.as_mentor, url("meeting_add", two.tandem.pk)
    asked = browser.post(address, values(-3))
    assert "steht schon ein Treffen" in asked.content.decode()
    assert TandemMeeting.objects.count() == 1
    assert browser.post(address, values(-3, twice="on")).status_code == 302
    assert TandemMeeting.objects.count() == 2


def test_a_form_sent_twice_makes_one_meeting(pair):
    two = pair("revealed")
    browser, address = two.as_mentee, url("meeting_add", two.tandem.pk)
    once = browser.get(address).context["once_id"]
    for _ in range(2):
        assert browser.post(address, values(_form_id=once)).status_code == 302
    assert TandemMeeting.objects.count() == 1


def test_usual_lengths_are_suggested_and_nothing_asks_for_content(pair):
    two = pair("revealed")
    page = shown(two.as_mentee, url("meeting_add", two.tandem.pk))
    assert '<datalist id="treffen-dauer">' in page
    assert 'list="treffen-dauer"' in page
    assert "<textarea" not in page


def test_a_mentor_of_two_sees_each_tandem_apart(pair, stage):
    two = long_revealed(pair("active"))
    second_person = make.make_person("Nora", "Zweite", municipality=stage.own)
    second = make_tandem(
        make_mentee(stage.cycle, stage.own, person=second_person), two.mentor, "revealed"
    )
    enter(two, -5)
    part = two.as_mentor.get(OWN).context["parts"][0]
    assert [(one.partner.person.last_name, len(one.met)) for one in part.tandems] == [
        ("Mentee", 1),
        ("Zweite", 0),
    ]
    assert "Zweite" not in shown(two.as_mentee)
    assert two.as_mentee.get(url("tandem", second.pk)).status_code == 404


def test_mentee_in_one_cycle_and_mentor_in_another_reads_both(pair, stage):
    two = pair("active")
    later = make.make_cycle(stage.programme, number=30, start_year=2026, state="running")
    make.make_participation(later, stage.own)
    make.make_participation(later, stage.other)
    mentor = make_mentor_of(later, stage, two.mentee_person)
    third = make.make_person("Theo", "Dritter", municipality=stage.other)
    make_tandem(make_mentee(later, stage.other, person=third), mentor, "revealed")
    parts = two.as_mentee.get(OWN).context["parts"]
    assert [(part.is_mentee, part.tandems[0].partner.person.last_name) for part in parts] == [
        (False, "Dritter"),
        (True, "Geheimrat"),
    ]


def make_mentor_of(cycle, stage, person):
    make.make_participant(cycle, stage.own, "mentor", person=person)
    return make_mentor(cycle, stage.own, person=person)


def test_an_early_end_leaves_the_list_to_read_and_takes_the_contact(pair):
    two = long_revealed(pair("active"))
    meeting = enter(two, -5)
    Tandem.objects.filter(pk=two.tandem.pk).update(
        state="ended_early", ended_on=day(), end_reason="time"
    )
    page = shown(two.as_mentee, url("tandem", two.tandem.pk))
    assert f"{day(-5):%d.%m.%Y}" in page
    assert "Max Geheimrat" in page
    assert two.mentor_person.email not in page
    assert "02561 22" not in page
    assert "Zeit oder Entfernung" not in page
    for name, *args in (
        ("meeting_add",),
        ("meeting", meeting.pk),
        ("meeting_delete", meeting.pk),
        ("agreement_signed",),
        ("help",),
    ):
        address = url(name, two.tandem.pk, *args)
        assert two.as_mentee.get(address).status_code == 403, name
        assert two.as_mentor.post(address).status_code == 403, name
    assert TandemMeeting.objects.count() == 1


def test_with_the_end_of_the_cycle_all_of_it_is_gone(pair, stage):
    two = pair("completed")
    stage.cycle.state = "closed"
    stage.cycle.closed_on = day()
    type(stage.cycle).objects.filter(pk=stage.cycle.pk).update(state="closed")
    assert "Geheimrat" not in shown(two.as_mentee)
    for name in ("tandem", "agreement"):
        assert two.as_mentee.get(url(name, two.tandem.pk)).status_code == 404


def test_a_foreign_tandem_and_its_meetings_are_not_there(pair, cast, client_of):
    two = pair("active")
    meeting = enter(two)
    for name in ("lead", "member", "hr", "other_hr", "logistics", "mentee", "mentor", "operator"):
        browser = client_of(name)
        for page in ("tandem", "meeting_add", "agreement", "agreement_signed", "help"):
            assert browser.get(url(page, two.tandem.pk)).status_code == 404, (name, page)
        for page in ("meeting", "meeting_delete"):
            assert browser.get(url(page, two.tandem.pk, meeting.pk)).status_code == 404


def test_a_meeting_is_only_there_in_its_own_tandem(pair, stage):
    two = pair("active")
    other = make_tandem(
        make_mentee(stage.cycle, stage.own, person=make.make_person(municipality=stage.own)),
        two.mentor,
        "active",
    )
    foreign = TandemMeeting.objects.create(tandem=other, met_on=day(), form="phone", minutes=60)
    browser = two.as_mentor
    assert browser.get(url("meeting", two.tandem.pk, foreign.pk)).status_code == 404
    assert browser.post(url("meeting_delete", two.tandem.pk, foreign.pk)).status_code == 404
    assert browser.get(url("meeting", other.pk, foreign.pk)).status_code == 200


# --- agreement ----------------------------------------------------------------------------
def test_the_agreement_holds_both_names_and_fields_to_fill_in(pair):
    two = pair("revealed")
    answer = two.as_mentor.get(url("agreement", two.tandem.pk))
    assert answer["Content-Type"] == "application/pdf"
    assert "Geheimrat" not in answer["Content-Disposition"]
    reader = PdfReader(io.BytesIO(answer.content))
    text = " ".join(page.extract_text() for page in reader.pages)
    for words in ("Mia Mentee", "Max Geheimrat", "Ahausen", "8- bis 10-mal"):
        assert words in text
    fields = reader.get_fields()
    assert {"ziele", "abstand", "dauer", "praesenz", "ort_datum_mentee"} <= set(fields)


def test_the_day_of_the_agreement_is_noted_by_either(pair):
    two = long_revealed(pair("revealed"))
    browser, address = two.as_mentor, url("agreement_signed", two.tandem.pk)
    page = browser.get(address)
    future = browser.post(
        address,
        {"agreement_on": day(3).isoformat(), "_version": page.context["form"].version_token},
    )
    assert list(future.context["form"].errors) == ["agreement_on"]
    done = browser.post(
        address,
        {"agreement_on": day(-3).isoformat(), "_version": page.context["form"].version_token},
    )
    assert done.status_code == 302
    assert f"Unterschrieben am {day(-3):%d.%m.%Y}" in shown(two.as_mentee)


def test_the_agreement_is_asked_for_four_weeks_after_the_reveal(pair):
    two = pair("revealed")
    asked = "Mentoringvereinbarung noch nicht unterschrieben"
    assert asked not in shown(two.as_mentee, "/")
    long_revealed(two, 28)
    assert asked in shown(two.as_mentee, "/")
    assert asked in shown(two.as_mentor, "/")
    Tandem.objects.update(agreement_on=day())
    assert asked not in shown(two.as_mentee, "/")


# --- help ---------------------------------------------------------------------------------
def test_a_call_for_help_goes_once_to_the_own_contact(pair, cast):
    two = pair("active")
    browser, address = two.as_mentee, url("help", two.tandem.pk)
    page = browser.get(address)
    assert cast.member.full_name in page.content.decode()
    data = {"words": "Bitte rufen Sie mich an.", "_form_id": page.context["once_id"]}
    for _ in range(2):
        assert browser.post(address, data).status_code == 302
    delivery = Delivery.objects.get(purpose="meetings.help")
    assert delivery.to_email == cast.member.email
    assert delivery.confidential
    assert HelpCall.objects.get().asked_by == two.mentee_person
    assert "Bitte rufen" not in str(list(HelpCall.objects.values()))
    assert not mail.outbox


def test_a_call_for_help_needs_no_words(pair, cast):
    two = pair("active")
    assert two.as_mentor.post(url("help", two.tandem.pk), {"words": " "}).status_code == 302
    # The mentor's own Kommune is Übelheim, whose seat is the lead's.
    assert Delivery.objects.get(purpose="meetings.help").to_email == cast.lead.email


# --- dates and documents ------------------------------------------------------------------
def test_own_dates_with_the_answer_and_the_way_to_give_it(pair, stage):
    two = pair()
    stage.cycle.start_workshop_on = day(40)
    stage.cycle.save()
    assert "Einladung folgt" in shown(two.as_mentee)
    starts = timezone.now() + timedelta(days=40)
    event = Event.objects.create(
        cycle=stage.cycle,
        title="Startworkshop in Ahausen",
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        venue="Rathaus",
    )
    row = Attendee.objects.create(event=event, person=two.mentee_person)
    page = two.as_mentee.get(OWN)
    (date,) = page.context["dates"]
    assert (date.title, date.waits) == ("Startworkshop in Ahausen", True)
    answered = two.as_mentee.post(date.url, {"answer": "yes"})
    assert answered.status_code == 302
    row.refresh_from_db()
    assert row.answer == Answer.YES
    (date,) = two.as_mentee.get(OWN).context["dates"]
    assert (date.answer.text, date.waits) == ("zugesagt", False)


def test_documents_for_ones_own_part_stand_there(pair, stage):
    two = pair()
    for title, who in (("Für Mentees", "for_mentees"), ("Für die Mentoren", "for_mentors")):
        Document.objects.create(
            cycle=stage.cycle, title=title, url="https://stadt.example/x", **{who: True}
        )
    mentee, mentor = shown(two.as_mentee), shown(two.as_mentor)
    assert ("Für Mentees" in mentee, "Für die Mentoren" in mentee) == (True, False)
    assert ("Für Mentees" in mentor, "Für die Mentoren" in mentor) == (False, True)


def test_who_is_neither_mentee_nor_mentor_has_no_such_page(client_of):
    for name in ("lead", "hr", "logistics", "operator", "stranger"):
        browser = client_of(name)
        assert "Sie nehmen an keinem laufenden Durchgang teil" in shown(browser)
        assert OWN not in shown(browser, "/")
    assert OWN in shown(client_of("mentee"), "/")


def test_as_many_queries_for_many_meetings_as_for_one(pair, stage):
    two = long_revealed(pair("active"))
    enter(two, -1)
    Document.objects.create(
        cycle=stage.cycle, title="Erstes", url="https://a.example", for_mentees=True
    )
    browser, counts = two.as_mentee, []
    shown(browser)
    for _ in range(2):
        with CaptureQueriesContext(connection) as found:
            shown(browser)
        counts.append(len(found))
        for number in range(20):
            enter(two, -number - 2)
            Document.objects.create(
                cycle=stage.cycle, title=f"Nr. {number}", url="https://a.example", for_mentees=True
            )
    assert counts[0] == counts[1]

"""Before the reveal nothing of ours tells a pair: no page, start item, calendar, PDF or mail."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from django.urls import reverse
from django.utils import timezone

from mentoring.log.models import LogEntry
from mentoring.ui.errors import Refused
from mentoring.ui.navigation import navigation
from programmes.outbox.models import MessageContent
from programmes.roadmap import feed
from programmes.rundmails import domain as rundmails
from programmes.rundmails.archive import sent_message
from programmes.rundmails.domain import Choice
from programmes.rundmails.domain.sending import freeze_waiting
from programmes.rundmails.models import Recipient
from programmes.rundmails.render import preview_for
from tandems.applications.models import Application
from tandems.meetings.models import TandemMeeting
from tandems.pairs.models import Tandem
from tandems.portal.rundmails import CONTACT, PARTNER, REVEALED
from tests import factories as make
from tests.programmes.rundmails.makers import fresh, make_draft
from tests.tandems.pairs.makers import make_mentee, make_tandem
from tests.tandems.portal.conftest import SECRET, browser_of

OWN = "/mein-tandem/"
HIDDEN = ("proposed", "agreed", "sealed")
ALL = Choice("tandems")


def url(name, *args):
    return reverse(f"portal:{name}", args=args)


def page_of(browser, address=OWN):
    """What the page says, without what differs from one request to the next."""
    text = browser.get(address).content.decode()
    return re.sub(r'<input type="hidden"[^>]*>', "", text)


@pytest.mark.parametrize("state", HIDDEN)
def test_until_the_reveal_both_read_the_same_with_a_pair_and_without(pair, state):
    two = pair()
    places = (OWN, "/", "/termine/", "/unterlagen/", "/meine-daten/")
    browsers = (two.as_mentee, two.as_mentor)
    before = [[page_of(browser, place) for place in places] for browser in browsers]
    assert "Ihr Match erfahren Sie am Startworkshop" in before[0][0]
    assert "Ihr Match erfahren Sie am Startworkshop" in before[1][0]
    tandem = make_tandem(two.application, two.mentor, state)
    after = [[page_of(browser, place) for place in places] for browser in browsers]
    assert before == after
    for browser in browsers:
        for name in ("tandem", "meeting_add", "agreement", "agreement_signed", "help"):
            assert browser.get(url(name, tandem.pk)).status_code == 404
            assert browser.post(url(name, tandem.pk)).status_code == 404


def test_a_rematch_is_as_secret_as_the_first(pair, stage):
    two = pair("ended_early")
    next_mentor = pair().mentor
    before = page_of(two.as_mentee)
    assert "bespricht der Beirat mit Ihnen" in before
    again = make_tandem(two.application, next_mentor, "sealed", after=two.tandem)
    assert page_of(two.as_mentee) == before
    assert two.as_mentee.get(url("tandem", again.pk)).status_code == 404


def test_a_mentor_told_first_reads_the_name_and_no_more(pair):
    two = pair("sealed", mentor_told_at=timezone.now())
    page = page_of(two.as_mentor)
    assert "Mia Mentee" in page
    assert "nehmen Sie vor dem Startworkshop keinen Kontakt auf" in page
    assert two.mentee_person.email not in page
    assert "02561 11" not in page
    assert "Treffen eintragen" not in page
    for name in ("meeting_add", "agreement", "agreement_signed", "help"):
        assert two.as_mentor.get(url(name, two.tandem.pk)).status_code == 403, name
    mentee = page_of(two.as_mentee)
    assert SECRET not in mentee
    assert "Ihr Match erfahren Sie am Startworkshop" in mentee
    assert two.as_mentee.get(url("tandem", two.tandem.pk)).status_code == 404


def test_that_a_mentor_read_it_early_is_logged_once_a_day(pair):
    two = pair("sealed", mentor_told_at=timezone.now())
    for _ in range(2):
        page_of(two.as_mentor)
        page_of(two.as_mentor, url("tandem", two.tandem.pk))
        page_of(two.as_mentee)
    read = LogEntry.objects.filter(action=LogEntry.Action.ACCESS, object_id=two.tandem.pk)
    assert [entry.actor for entry in read] == [two.mentor_person.user]


# --- Personalstelle and Logistikpartner ----------------------------------------------------
def house_page(browser, application):
    return browser.get(
        reverse("applications:detail", args=[application.cycle_id, application.pk])
    ).content.decode()


def mentor_page(browser, mentor):
    return browser.get(
        reverse("mentors:detail", args=[mentor.cycle_id, mentor.pk])
    ).content.decode()


@pytest.mark.parametrize("state", HIDDEN)
def test_the_personalstelle_learns_of_the_other_half_with_the_reveal(pair, client_of, state):
    two = pair(state, **({"mentor_told_at": timezone.now()} if state == "sealed" else {}))
    hr, other_hr = client_of("hr"), client_of("other_hr")
    assert SECRET not in house_page(hr, two.application)
    assert 'id="tandem"' not in house_page(hr, two.application)
    assert "Mia Mentee" not in mentor_page(other_hr, two.mentor)
    Tandem.objects.filter(pk=two.tandem.pk).update(
        state="active", revealed_at=timezone.now(), sealed_at=timezone.now()
    )
    TandemMeeting.objects.create(
        tandem=two.tandem, met_on=timezone.localdate(), form="phone", minutes=77
    )
    mentee, mentor = house_page(hr, two.application), mentor_page(other_hr, two.mentor)
    assert f"Max {SECRET}" in mentee
    assert "Übelheim" in mentee
    assert "Mia Mentee" in mentor
    for page in (mentee, mentor):
        assert f"Tandem seit {timezone.localdate():%d.%m.%Y}" in page
        assert not re.search(r"\b77\b", re.sub(r'"[^"]*"', "", page))
        assert "am Telefon" not in page
        assert "Zum Tandem" not in page


def test_the_personalstelle_reads_nothing_of_a_secret_rematch(pair, client_of, stage):
    two = pair("ended_early")
    third = make.make_person("Zoe", "Nachfolge", municipality=stage.own)
    make_tandem(make_mentee(stage.cycle, stage.own, person=third), two.mentor, "sealed")
    page = mentor_page(client_of("other_hr"), two.mentor)
    assert "Mia Mentee" in page
    assert "Nachfolge" not in page
    assert "Zeit oder Entfernung" not in page
    assert "Stand im Matching" not in page


def test_the_beirat_finds_the_way_to_a_secret_pair_without_its_name(pair, client_of):
    two = pair("sealed")
    page = house_page(client_of("lead"), two.application)
    assert SECRET not in page
    assert reverse("pairs:tandem", args=[two.application.cycle_id, two.tandem.pk]) in page


def test_the_beirat_finds_the_way_to_a_known_tandem(pair, client_of):
    two = pair("active")
    way = reverse("meetings:tandem", args=[two.application.cycle_id, two.tandem.pk])
    assert way in house_page(client_of("lead"), two.application)
    assert way not in house_page(client_of("hr"), two.application)


# --- calendar -----------------------------------------------------------------------------
def test_planned_meetings_stand_in_the_calendars_of_the_two_alone(pair, cast):
    two = pair("active")
    for ahead in (-3, 5):
        TandemMeeting.objects.create(
            tandem=two.tandem,
            met_on=timezone.localdate() + timedelta(days=ahead),
            form="online",
            minutes=60,
        )
    for person in (two.mentee_person, two.mentor_person):
        (entry,) = feed.entries_of(person.user)
        assert entry.summary == "Tandemtreffen"
        assert entry.starts == timezone.localdate() + timedelta(days=5)
        assert SECRET not in repr(entry)
        assert "Mia" not in repr(entry)
    for name in ("lead", "member", "hr", "other_hr", "logistics", "mentee", "mentor"):
        assert "Tandemtreffen" not in repr(feed.entries_of(cast.user(name))), name


# --- mails --------------------------------------------------------------------------------
def mail_to_all(stage, cast, body="{anrede}, {tandem_partner}: {tandem_kontakt}"):
    user = fresh(cast.user("lead"))
    choices = (Choice("mentees"), Choice("mentors"))
    return make_draft(stage.cycle, user, choices=choices, subject="Tandem", body=body), user


@pytest.mark.parametrize("state", HIDDEN)
def test_before_the_reveal_a_mail_has_no_value_and_no_audience(pair, stage, cast, state):
    two = pair(state, **({"mentor_told_at": timezone.now()} if state == "sealed" else {}))
    mail, user = mail_to_all(stage, cast)
    people = [two.mentee_person, two.mentor_person]
    for placeholder in (PARTNER, CONTACT):
        assert placeholder.values(mail, people, "") == {}
    for value in ("", "mentees", "mentors"):
        assert not REVEALED.members(stage.cycle, value, user).exists()
    refused = " ".join(str(problem) for problem in rundmails.check(mail, user))
    assert "noch kein Tandem bekannt gegeben" in refused
    assert SECRET not in refused
    with pytest.raises(Refused):
        rundmails.release(mail, seen=rundmails.resolve_audience(mail, user).seen, by=user)


def test_a_refusal_names_only_who_has_no_known_tandem(pair, stage, cast):
    two = pair("active")
    third = make.make_person("Zoe", "Nachfolge", municipality=stage.own)
    make.make_participant(stage.cycle, stage.own, person=third)
    mail, user = mail_to_all(stage, cast)
    names = [name for problem in rundmails.check(mail, user) for name in problem.names]
    assert "Zoe Nachfolge" in names
    assert two.mentee_person.full_name not in names
    # A secret pair changes not a word of it.
    before = [str(problem) for problem in rundmails.check(mail, user)]
    make_tandem(make_mentee(stage.cycle, stage.own, person=third), pair().mentor, "sealed")
    left = [line for line in before if "Nachfolge" in line]
    again = [str(problem) for problem in rundmails.check(mail, fresh(user))]
    assert all("Nachfolge" in line for line in again)
    assert len(left) == len(again)


def sent_texts(mail, user):
    """What each recipient reads, and what the archive shows of it, by primary key."""
    rundmails.release(mail, seen=rundmails.resolve_audience(mail, user).seen, by=user)
    rundmails.start_due()
    freeze_waiting()
    found = {}
    for row in Recipient.objects.filter(rundmail=mail).select_related("delivery"):
        content = MessageContent.objects.select_related("tail").get(delivery=row.delivery)
        raw = bytes(content.raw) + (bytes(content.tail.raw) if content.tail else b"")
        parsed = message_from_bytes(raw, policy=default)
        text = parsed.get_body(("plain",)).get_content().replace("\u200c", "")
        found[row.person_id] = (text, sent_message(row.delivery))
    return found


def test_each_gets_the_name_of_the_own_partner_and_nobody_reads_over_the_shoulder(
    pair, stage, cast, client_of
):
    two = pair("active")
    second = make.make_person("Nora", "Zweite", municipality=stage.own, sign_in=True)
    make_tandem(make_mentee(stage.cycle, stage.own, person=second), two.mentor, "revealed")
    user = fresh(cast.user("lead"))
    mail = make_draft(
        stage.cycle,
        user,
        choices=(ALL,),
        subject="Ihr Tandem",
        body="{anrede}, Ihr Gegenüber: {tandem_partner}. {tandem_kontakt}",
    )
    assert mail.confidential
    people = {person.pk for person in rundmails.resolve_audience(mail, user).people}
    assert people == {two.mentee_person.pk, two.mentor_person.pk, second.pk}
    assert SECRET not in preview_for(mail, two.mentee_person).text
    texts = sent_texts(mail, user)
    text, archived = texts[two.mentee_person.pk]
    assert f"Ihr Gegenüber: Max {SECRET}." in text
    assert two.mentor_person.email in text
    assert "Nora" not in text
    assert "Mia Mentee und Nora Zweite." in texts[two.mentor_person.pk][0]
    # Who looks into the archive may be the superior of one of them.
    assert archived.concealed
    for shown in (archived.text, archived.html):
        assert "Mentee" in shown
        assert SECRET not in shown
        assert two.mentor_person.email not in shown


def test_the_partner_may_not_stand_in_a_subject(pair, stage, cast):
    pair("active")
    user = fresh(cast.user("lead"))
    mail = make_draft(
        stage.cycle, user, choices=(ALL,), subject="Sie und {tandem_partner}", body="Hallo"
    )
    assert [problem.field for problem in rundmails.check(mail, user)] == ["subject"]


def test_the_logistikpartner_knows_neither_audience_nor_placeholder(pair, stage, cast):
    pair("active")
    user = fresh(cast.user("logistics"))
    assert not REVEALED.members(stage.cycle, "", user).exists()
    with pytest.raises(Refused, match="nur der Beirat"):
        make_draft(stage.cycle, user, body="{tandem_partner}")
    with pytest.raises(Refused):
        make_draft(stage.cycle, user, choices=(ALL,))


def test_a_superior_does_not_write_to_the_tandem_of_their_own(pair, stage, cast):
    two = pair("active")
    Application.objects.filter(pk=two.application.pk).update(superior=cast.lead)
    assert not REVEALED.members(stage.cycle, "", fresh(cast.user("lead"))).exists()
    assert REVEALED.members(stage.cycle, "", fresh(cast.user("member"))).count() == 2


def test_an_early_end_takes_somebody_out_of_the_audience(pair, stage, cast):
    two = pair("ended_early")
    user = cast.user("lead")
    assert not REVEALED.members(stage.cycle, "", user).exists()
    assert two.mentee_person in REVEALED.gone(stage.cycle, "mentees", user)


def test_the_way_to_the_own_page_stands_there_for_everybody_alike(pair, rf):
    two = pair()
    for person in (two.mentee_person, two.mentor_person):
        request = rf.get("/")
        request.user = person.user
        labels = [item.label for make_items in navigation for item in make_items(request)]
        assert labels.count("Mein Tandem") == 1
    assert browser_of(two.mentee_person).get(OWN).status_code == 200

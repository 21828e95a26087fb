"""What leaks if it can: who is sought, who was asked, what a sheet says."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from mentoring.log.domain import readable
from mentoring.log.models import LogEntry
from mentoring.ui.errors import Refused
from mentoring.ui.navigation import navigation, start_items
from programmes.people.models import Person
from tandems.applications.models import ApplicationState
from tandems.mentors import domain
from tandems.mentors.models import Approach, Mentor, PoolEntry
from tandems.mentors.start import unfinished
from tandems.profiles.models import Exclusion
from tests import factories as make
from tests.tandems.mentors.makers import make_entry, make_idea, make_mentor

NAME = "Kennwort-Geheimrat"
POST = "Kennwort-Leitung-Tiefbau"
OUTSIDERS = ("hr", "logistics", "operator", "former", "stranger", "mentee", "mentor", "permanent")
PAGES = ("list", "approaches", "overview", "pool", "new", "guide", "entry_new")
ONE = (
    *("detail", "edit", "delete", "claim", "release", "agree", "refuse", "postpone", "again"),
    *("capacity", "house", "end", "sheet_edit", "sheet", "profile"),
)


def address(name, cycle, *args):
    return reverse(f"mentors:{name}", args=[cycle.pk, *args])


def everything_shown(client, cycle):
    """Start page, lists, search, exports, people: all that is said without an id."""
    texts = [client.get("/").content.decode(), client.get("/personen/").content.decode()]
    for name in PAGES:
        texts.append(client.get(address(name, cycle)).content.decode())
    for name in ("list", "approaches", "overview", "pool"):
        url = address(name, cycle)
        for query in ({"sort": "state"}, {"state": "agreed"}, {"answer": "open"}):
            texts.append(client.get(url, query).content.decode())
        csv = client.get(url, {"export": "csv"})
        texts.append(csv.content.decode("utf-8", "replace"))
        xlsx = client.get(url, {"export": "xlsx"})
        if xlsx.status_code == 200 and "spreadsheet" in xlsx["Content-Type"]:
            sheet = load_workbook(io.BytesIO(xlsx.content)).active
            texts += [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row]
    return " ".join(texts)


def assert_unknown(client, *mentors):
    """Nothing names them, and every address of them is a 404."""
    shown = everything_shown(client, mentors[0].cycle)
    assert NAME not in shown
    assert POST not in shown
    for mentor in mentors:
        for name in ONE:
            url = address(name, mentor.cycle, mentor.pk)
            assert client.get(url).status_code == 404, name
            assert client.post(url).status_code == 404, name


@pytest.fixture
def secret(stage, cast):
    """Somebody of the other Kommune, in the state wanted."""

    def make_one(state="agreed", **fields):
        person = fields.pop("person", None)
        if state == "idea":
            return make_idea(stage.cycle, stage.other, position=POST, had_by=cast.member)
        if person is None:
            person = make.make_person("Xaver", NAME, municipality=stage.other)
        return make_mentor(
            stage.cycle, stage.other, state, by=cast.member, person=person, position=POST, **fields
        )

    return make_one


@pytest.mark.parametrize("name", OUTSIDERS)
def test_outsiders_know_of_no_search(secret, client_of, name):
    """HR of another Kommune, Logistikpartner, applicants, mentees, operators: nothing."""
    found = [secret(state) for state in ("idea", "approached", "refused", "paused")]
    assert_unknown(client_of(name), *found)


@pytest.mark.parametrize("name", OUTSIDERS)
def test_outsiders_know_nothing_of_a_mentor_but_the_participant(secret, stage, client_of, name):
    mentor = secret("agreed", answers={"motivation": POST})
    browser = client_of(name)
    for page in ONE:
        assert browser.get(address(page, stage.cycle, mentor.pk)).status_code == 404
    assert POST not in everything_shown(browser, stage.cycle)


def test_hr_sees_the_own_house_and_no_pool(secret, stage, client_of):
    idea, asked = secret("idea"), secret("approached")
    make_entry(
        stage.cycle, stage.own, person=make.make_person("X", "Poolperson", municipality=stage.own)
    )
    browser = client_of("other_hr")
    shown = browser.get(address("list", stage.cycle)).context["page_obj"]
    assert {row.pk for row in shown} == {idea.pk, asked.pk}
    assert browser.get(address("pool", stage.cycle)).status_code == 403
    assert "Poolperson" not in everything_shown(browser, stage.cycle)


@pytest.mark.parametrize("state", ["approached", "agreed", "refused", "paused"])
@pytest.mark.parametrize("name", ["lead", "member"])
def test_who_is_sought_does_not_read_along(secret, stage, cast, client_of, name, state):
    """Not in lists, counts, history, exports, filters or on the start page."""
    person = getattr(cast, name)
    # The Kommune is no reason to hide anything: others of it are seen.
    mine = make_mentor(
        stage.cycle, stage.other, state, by=cast.former, person=person, position=POST
    )
    other = make_mentor(stage.cycle, stage.other, state, by=cast.former)
    browser = client_of(name)
    for page in ONE:
        assert browser.get(address(page, stage.cycle, mine.pk)).status_code == 404
    assert POST not in everything_shown(browser, stage.cycle)
    listed = browser.get(address("list", stage.cycle))
    assert [row.pk for row in listed.context["page_obj"]] == [other.pk]
    asked = browser.get(address("approaches", stage.cycle))
    assert [row.mentor_id for row in asked.context["page_obj"]] == [other.pk]
    overview = browser.get(address("overview", stage.cycle)).context["view"]
    counts = overview.mentors[stage.other.pk]
    assert sum(counts[key] for key in ("ideas", "open", "agreed", "no")) == 1


def test_the_count_that_keeps_a_cycle_open_tells_nobody(stage, cast):
    make_mentor(stage.cycle, stage.other, "approached", by=cast.member, person=cast.lead)
    assert unfinished(stage.cycle) == []


def test_the_pool_hides_oneself(stage, cast, client_of):
    make_entry(stage.cycle, stage.other, person=cast.lead, consent_text=POST, origin=POST)
    browser = client_of("lead")
    assert POST not in everything_shown(browser, stage.cycle)
    entry = PoolEntry.objects.get()
    for name in ("entry", "entry_plan", "entry_pause", "entry_remove"):
        assert browser.get(address(name, stage.cycle, entry.pk)).status_code == 404
    assert "1–1" in client_of("member").get(address("pool", stage.cycle)).content.decode()


def test_who_is_named_as_out_of_the_question_does_not_read_along(secret, stage, cast, client_of):
    mentor = secret("agreed")
    Exclusion.objects.create(cycle=stage.cycle, subject=mentor.person, person=cast.lead)
    browser = client_of("lead")
    for page in ONE:
        assert browser.get(address(page, stage.cycle, mentor.pk)).status_code == 404
    assert POST not in everything_shown(browser, stage.cycle)
    with pytest.raises(Refused) as refusal:
        domain.claim(
            make_idea(stage.cycle, stage.other), person=mentor.person, by=cast.user("lead")
        )
    assert "schon" not in str(refusal.value)
    assert client_of("member").get(address("detail", stage.cycle, mentor.pk)).status_code == 200


def test_an_applicant_nobody_knows_of_stays_unknown(stage, cast, client_of):
    """A draft of the other Kommune: the lead gets the same pages as without it."""
    applicant = make.make_person("Xaver", NAME, municipality=stage.own)
    idea = make_idea(stage.cycle, stage.own)
    typed = {"first_name": "Xaver", "last_name": NAME}
    browser = client_of("lead")
    before = browser.post(address("claim", stage.cycle, idea.pk), {"first_name": "Xaver"}).content
    make.make_application(stage.cycle, stage.own, ApplicationState.SUBMITTED, person=applicant)
    after = browser.post(address("claim", stage.cycle, idea.pk), {"first_name": "Xaver"}).content
    assert before.count(b"gemeint?") == after.count(b"gemeint?") == 0
    done = browser.post(address("claim", stage.cycle, idea.pk), typed)
    assert done.status_code == 302
    # A person of its own: the applicant's data are not touched by it.
    assert Mentor.objects.get(pk=idea.pk).person != applicant


def test_an_ended_cycle_shows_nothing(secret, stage, client_of):
    mentor = secret("agreed")
    stage.cycle.state = "closed"
    stage.cycle.save()
    for name in ("lead", "member", "other_hr"):
        browser = client_of(name)
        assert browser.get(address("detail", stage.cycle, mentor.pk)).status_code == 404
        assert browser.get(address("list", stage.cycle)).status_code in (403, 404)


def test_the_log_holds_no_values(stage, cast, approached):
    domain.agree(approached, on=timezone.localdate(), by=cast.user("member"))
    make_entry(stage.cycle, stage.own, consent_text=NAME)
    entries = LogEntry.objects.filter(data_class="confidential")
    assert entries.count() >= 4
    for entry in entries:
        held = " ".join(
            str(getattr(entry, name))
            for name in ("object_repr", "changes", "changes_text", "serialized_data")
        )
        for word in (NAME, "Jugendamt", "Öztürk", str(cast.member)):
            assert word not in held
    for name in ("operator", "logistics", "hr", "former", "stranger"):
        seen = LogEntry.objects.filter(readable(cast.user(name)))
        assert not seen.filter(data_class="confidential").exists(), name


def test_people_named_for_an_approach_are_known_to_few(approached, cast):
    for name, known in (("member", True), ("lead", True), ("other_hr", True), ("hr", False)):
        seen = Person.objects.visible_to(cast.user(name)).filter(pk=approached.person_id)
        assert seen.exists() is known, name
    for name in ("logistics", "operator", "former", "stranger", "mentee", "permanent"):
        seen = Person.objects.visible_to(cast.user(name)).filter(pk=approached.person_id)
        assert not seen.exists(), name


def test_the_room_adds_its_parts():
    assert "mentors" in start_items.names()
    assert "mentors" in navigation.names()


def test_approaches_have_no_place_for_a_mentee_or_a_reason():
    assert {field.name for field in Approach._meta.fields} == {
        *("id", "mentor", "by", "claimed_at", "answer", "answered_on")
    }

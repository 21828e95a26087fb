"""Notes of the Beirat: own ones are nobody else's, shared ones have an author."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring.log.domain import readable
from mentoring.log.models import LogEntry
from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from tandems.applications.models import ApplicationState
from tandems.selection import domain
from tandems.selection.models import ApplicationNote
from tests import factories as make
from tests.tandems.selection.makers import make_nominated, make_note

TOKEN = re.compile(r'name="_version" value="([^"]+)"')
OWN = "Mein unverwechselbarer Eindruck"
SHARED = "Diesen Eindruck teile ich"


@pytest.fixture
def found(stage):
    return make_nominated(stage)


def url(name, found, *args):
    return reverse(f"selection:{name}", args=[found.cycle_id, *args])


def note_url(found):
    return url("note", found, found.pk)


def page(answer):
    return answer.content.decode()


def token(answer):
    return TOKEN.search(page(answer)).group(1)


def test_writing_and_sharing(found, cast, client_of):
    lead, member = client_of("lead"), client_of("member")
    lead.post(note_url(found), {"text": OWN})
    places = (note_url(found), url("notes", found), found.get_absolute_url())
    for place in places:
        assert OWN in page(lead.get(place))
        assert OWN not in page(member.get(place))
    opened = token(lead.get(note_url(found)))
    lead.post(note_url(found), {"text": SHARED, "shared": "on", "_version": opened})
    for place in places:
        text = page(member.get(place))
        assert SHARED in text
        assert cast.lead.full_name in text
    for name in ("hr", "other_hr", "permanent", "logistics", "operator"):
        for place in places:
            assert SHARED not in page(client_of(name).get(place))


def test_the_way_to_the_next_application(stage, found, client_of):
    after = make_nominated(stage, stage.other)
    answer = client_of("lead").post(note_url(found), {"text": OWN, "next": "1"})
    assert answer["Location"] == note_url(after)
    assert page(client_of("lead").get(note_url(found))).count("Weiter: ") == 1


def test_what_is_typed_is_saved_by_itself_and_the_button_goes_on(found, client_of):
    lead = client_of("lead")
    answer = lead.post(note_url(found), {"text": "Erste"}, headers={"HX-Request": "true"})
    assert "Von selbst gespeichert" in page(answer)
    assert ApplicationNote.objects.get().text == "Erste"
    second = {"text": "Erste Zeile", "_version": token(answer)}
    lead.post(note_url(found), second, headers={"HX-Request": "true"})
    newest = token(lead.get(note_url(found)))
    assert lead.post(note_url(found), {"text": "Fertig", "_version": newest}).status_code == 302
    assert ApplicationNote.objects.get().text == "Fertig"


def test_saving_by_itself_never_begins_to_share(found, client_of):
    lead, auto = client_of("lead"), {"HX-Request": "true"}
    lead.post(note_url(found), {"text": "Halb", "shared": "on"}, headers=auto)
    assert not ApplicationNote.objects.get().shared
    lead.post(note_url(found), {"text": "Halb", "shared": "on", "_version": token(
        lead.get(note_url(found)))})  # fmt: skip
    assert ApplicationNote.objects.get().shared
    opened = token(lead.get(note_url(found)))
    lead.post(note_url(found), {"text": "Doch nicht", "_version": opened}, headers=auto)
    assert not ApplicationNote.objects.get().shared


def test_two_tabs_do_not_overwrite_each_other(found, client_of):
    lead = client_of("lead")
    lead.post(note_url(found), {"text": "Aus dem ersten Fenster"})
    answer = lead.post(note_url(found), {"text": "Aus dem zweiten Fenster"})
    assert answer.status_code == 200
    assert "Aus dem ersten Fenster" in page(answer)
    assert "Aus dem zweiten Fenster" in page(answer)
    assert ApplicationNote.objects.get().text == "Aus dem ersten Fenster"
    again = {"text": "Beides", "_version": token(answer)}
    assert lead.post(note_url(found), again).status_code == 302
    assert ApplicationNote.objects.get().text == "Beides"
    auto = lead.post(note_url(found), {"text": "Blind"}, headers={"HX-Request": "true"})
    assert "konnte nicht" in page(auto)
    assert ApplicationNote.objects.get().text == "Beides"


def test_the_door_asks_again(stage, cast, found):
    note = domain.save_note(found, text="a", shared=False, version=None, by=cast.user("lead"))
    with pytest.raises(EditConflict):
        domain.save_note(found, text="b", shared=False, version=None, by=cast.user("lead"))
    domain.save_note(found, text="b", shared=True, version=note.version, by=cast.user("lead"))
    with pytest.raises(Refused):
        domain.save_note(found, text="x", shared=False, version=None, by=cast.user("hr"))
    found.superior = cast.member
    found.save()
    with pytest.raises(Refused):
        domain.save_note(found, text="x", shared=False, version=None, by=cast.user("member"))


def test_conflict_of_interest_hides_all_notes(found, cast, client_of):
    make_note(found, cast.member, SHARED, shared=True)
    lead = client_of("lead")
    assert SHARED in page(lead.get(url("notes", found)))
    found.superior = cast.lead
    found.save()
    text = page(lead.get(url("notes", found)))
    assert SHARED not in text
    assert found.person.last_name not in text
    assert not ApplicationNote.objects.visible_to(cast.user("lead")).exists()


def test_a_private_note_is_in_nobodys_log_and_no_log_holds_words(found, cast):
    domain.save_note(found, text=OWN, shared=False, version=None, by=cast.user("member"))
    entries = LogEntry.objects.filter(content_type__model="applicationnote")
    assert entries.exists()
    assert not any(OWN in str(entry.changes) for entry in entries)
    for name in ("lead", "hr", "permanent", "operator"):
        assert not entries.filter(readable(cast.user(name))).exists()


def test_a_seat_that_ended_keeps_the_shared_note_and_hides_the_own_one(found, cast, client_of):
    make_note(found, cast.member, SHARED, shared=True)
    cast.member.seats.update(until=make.LONG_AGO)
    assert SHARED in page(client_of("lead").get(url("notes", found)))
    assert client_of("member").get(note_url(found)).status_code == 404


def test_an_emptied_note_is_none(found, cast, client_of):
    make_note(found, cast.member, "", shared=True)
    text = page(client_of("lead").get(url("notes", found)))
    assert cast.member.full_name not in text


def test_the_list_knows_where_one_has_noted_something(stage, found, cast, client_of):
    other = make_nominated(stage, stage.other)
    make_note(found, cast.lead, OWN)
    make_note(other, cast.member, SHARED, shared=True)
    address = reverse("applications:list", args=[stage.cycle.pk])
    noted = page(client_of("lead").get(address, {"noted": "yes"}))
    assert found.person.last_name in noted
    assert other.get_absolute_url() not in noted
    rest = page(client_of("lead").get(address, {"noted": "no"}))
    assert found.get_absolute_url() not in rest
    assert other.get_absolute_url() in rest
    assert "Mit eigener Notiz" not in page(client_of("hr").get(address))


def test_the_list_is_filtered_by_topic_and_rank(stage, found, client_of):
    other = make_nominated(stage, stage.other, topics=["politics"], rank=2)
    address = reverse("applications:list", args=[stage.cycle.pk])
    for query in ({"topic": "digital"}, {"rank": "1"}):
        text = page(client_of("lead").get(address, query))
        assert found.get_absolute_url() in text
        assert other.get_absolute_url() not in text


@pytest.mark.parametrize("name", ["notes", "choose"])
def test_queries_do_not_grow_with_the_rows(stage, cast, client_of, name):
    browser, numbers = client_of("lead"), []
    for more in (1, 19):
        for _ in range(more):
            make_note(make_nominated(stage), cast.lead, OWN)
        address = reverse(f"selection:{name}", args=[stage.cycle.pk])
        browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            browser.get(address)
        numbers.append(len(captured))
    assert numbers[0] == numbers[1]
    assert numbers[1] <= 30


def test_only_what_the_beirat_decides_about_is_there(stage, cast, client_of):
    lost = make_nominated(stage, state=ApplicationState.WITHDRAWN, nominated_at=make.SOME_TIME)
    own = make_nominated(stage, state=ApplicationState.SUBMITTED)
    address = reverse("selection:notes", args=[stage.cycle.pk])
    text = page(client_of("member").get(address))
    for hidden in (lost, own):
        assert hidden.person.last_name not in text
    assert "Noch keine nominierten" in text

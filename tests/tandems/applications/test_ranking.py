"""A Kommune ranks its applications together, and nominates several at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring.log.models import LogEntry
from mentoring.ui.errors import Refused
from programmes.cycles.models import CycleState, Participant
from tandems.applications import domain
from tandems.applications.models import Application
from tandems.applications.nominate import NotReady, RanksMoved, as_read, read_ranks, save_ranking
from tandems.applications.registries import ranks_fixed
from tests import factories as make
from tests.tandems.applications.ranking_makers import STATEMENT, token_in, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(stage):
    return reverse("applications:ranking", args=[stage.cycle.pk])


@pytest.fixture
def three(by_hr):
    """One nominated first, two submitted and not ranked."""
    first = by_hr("nominated", rank=1, last_name="Albers", email="a@ahausen.example")
    second = by_hr("submitted", last_name="Brandt", email="b@ahausen.example", statement=STATEMENT)
    third = by_hr("submitted", last_name="Çelik", email="c@ahausen.example")
    return first, second, third


def text_of(page):
    return page.content.decode()


def ranks():
    return dict(Application.objects.values_list("person__last_name", "rank"))


def states():
    return dict(Application.objects.values_list("person__last_name", "state"))


def save(stage, cast, rows, **values):
    """Save as the own HR with what is stored now in mind."""
    user = cast.user("hr")
    read = as_read(read_ranks(stage.cycle, stage.own, user))
    return save_ranking(stage.cycle, stage.own, ranks=rows, read=read, by=user, **values)


# --- The page -----------------------------------------------------------------------------
def test_all_own_applications_stand_in_one_table_with_their_statement(three, client_of, url, by_hr):
    by_hr("draft", last_name="Entwurf", email="d@ahausen.example")
    by_hr("not_nominated", last_name="Abgelehnt", email="e@ahausen.example")
    page = client_of("hr").get(url)
    text = text_of(page)
    assert [line["row"].person.last_name for line in page.context["lines"]] == [
        "Albers",
        "Brandt",
        "Çelik",
    ]
    assert STATEMENT in text
    assert "Entwurf" not in text
    assert "Abgelehnt" not in text
    assert (
        f"{reverse('applications:edit', args=[three[1].cycle_id, three[1].pk])}#id_statement"
        in text
    )
    # Reading confidential words is entered in the log, for each.
    seen = LogEntry.objects.filter(action=LogEntry.Action.ACCESS, content_type__model="application")
    assert {entry.object_id for entry in seen} >= {row.pk for row in three}


def test_ranks_are_saved_together_and_shared_ones_pointed_out(three, client_of, url):
    hr = client_of("hr")
    first, second, third = three
    data = typed(
        hr.get(url), **{f"rank_{first.pk}": 2, f"rank_{second.pk}": 1, f"rank_{third.pk}": 1}
    )
    answer = hr.post(url, data, follow=True)
    assert ranks() == {"Albers": 2, "Brandt": 1, "Çelik": 1}
    assert "Die Rangfolge ist gespeichert" in text_of(answer)
    assert "Gleiche Ränge: Rang 1 haben Käthe Brandt und Käthe Çelik." in text_of(answer)
    assert "gleicher Rang wie Käthe Çelik" in text_of(answer)
    assert [line["row"].person.last_name for line in answer.context["lines"]][-1] == "Albers"
    assert states()["Brandt"] == "submitted"  # a rank is no nomination


def test_what_is_no_rank_is_refused_beside_its_field_and_nothing_saved(three, client_of, url):
    hr = client_of("hr")
    first, second, third = three
    data = typed(
        hr.get(url),
        **{f"rank_{first.pk}": "", f"rank_{second.pk}": 100, f"rank_{third.pk}": "zwei"},
    )
    page = hr.post(url, data)
    errors = page.context["form"].errors
    assert set(errors) == {f"rank-{row.pk}" for row in three}
    assert "behält einen Rang" in errors[f"rank-{first.pk}"][0]
    assert 'value="zwei"' in text_of(page)
    assert ranks() == {"Albers": 1, "Brandt": None, "Çelik": None}


def test_the_statement_of_an_application_may_be_written_from_there(three, client_of, url):
    page = client_of("hr").get(url)
    edits = {line["row"].person.last_name: bool(line["edit"]) for line in page.context["lines"]}
    # With the Beirat it stays as it was read there.
    assert edits == {"Albers": False, "Brandt": True, "Çelik": True}


# --- Two at once --------------------------------------------------------------------------
def test_two_who_rank_at_once_are_shown_both_versions(three, cast, stage, client_of, url):
    first, second, third = three
    hr = client_of("hr")
    page = hr.get(url)
    save(stage, cast, {first.pk: 3, second.pk: 5})
    mine = typed(page, **{f"rank_{second.pk}": 2, f"rank_{third.pk}": 4})
    shown = hr.post(url, mine)
    text = text_of(shown)
    assert "hat jemand anderes sie geändert" in text
    assert "inzwischen gespeichert: Rang 5 statt kein Rang" in text
    assert "inzwischen gespeichert: Rang 3 statt Rang 1" in text
    values = {field.name: field.value() for field in shown.context["form"]}
    assert values[f"rank-{second.pk}"] == "2"  # typed: it stays
    assert values[f"rank-{first.pk}"] == "3"  # not touched: what is stored
    assert values[f"rank-{third.pk}"] == "4"
    assert ranks() == {"Albers": 3, "Brandt": 5, "Çelik": None}  # nothing overwritten
    again = hr.post(
        url, {**{n: str(v or "") for n, v in values.items()}, "_ranks": token_in(shown)}
    )
    assert again.status_code == 302
    assert ranks() == {"Albers": 3, "Brandt": 2, "Çelik": 4}


def test_who_was_nominated_withdrawn_or_new_meanwhile_is_noticed(
    three, by_hr, cast, client_of, url
):
    _, second, third = three
    hr = client_of("hr")
    page = hr.get(url)
    domain.nominate(second, rank=2, by=cast.user("hr"))
    domain.withdraw(third, by=cast.user("hr"))
    by_hr("submitted", last_name="Dorn", email="d@ahausen.example")
    shown = hr.post(url, typed(page, **{f"rank_{second.pk}": 3, f"rank_{third.pk}": 2}))
    text = text_of(shown)
    assert "inzwischen gespeichert: nominiert, Rang 2 statt kein Rang" in text
    assert "inzwischen dazugekommen" in text
    assert "Çelik" not in text
    assert ranks()["Brandt"] == 2


def test_a_forged_or_foreign_fingerprint_saves_nothing(three, client_of, url):
    hr = client_of("hr")
    data = typed(hr.get(url), **{f"rank_{three[0].pk}": 7})
    for token in ("", "x", data["_ranks"][:-2] + "xx"):
        page = hr.post(url, {**data, "_ranks": token})
        assert "stammt nicht von dieser Seite" in text_of(page)
        assert ranks()["Albers"] == 1
    assert hr.post(url, {**data, "_ranks": token_in(page)}).status_code == 302
    assert ranks()["Albers"] == 7


def test_the_door_itself_notices_another_writer(three, cast, stage):
    user = cast.user("hr")
    read = as_read(read_ranks(stage.cycle, stage.own, user))
    domain.change_rank(three[0], rank=9, by=user)
    with pytest.raises(RanksMoved):
        save_ranking(stage.cycle, stage.own, ranks={three[0].pk: 2}, read=read, by=user)
    assert ranks()["Albers"] == 9


# --- Nominating several -------------------------------------------------------------------
def test_the_chosen_are_nominated_together_with_their_ranks(three, client_of, url):
    hr = client_of("hr")
    _, second, third = three
    data = typed(
        hr.get(url),
        **{f"rank_{second.pk}": 2, f"rank_{third.pk}": 3},
        **{f"chosen_{second.pk}": "on", f"chosen_{third.pk}": "on"},
        nominate=1,
    )
    answer = hr.post(url, data, follow=True)
    assert "Käthe Brandt, Käthe Çelik sind jetzt nominiert" in text_of(answer)
    assert set(states().values()) == {"nominated"}
    assert Participant.objects.filter(person__in=[second.person, third.person]).count() == 2


def test_one_nominated_alone_is_told_of_as_one(three, client_of, url):
    hr = client_of("hr")
    second = three[1]
    data = typed(hr.get(url), **{f"rank_{second.pk}": 2, f"chosen_{second.pk}": "on"}, nominate=1)
    said = text_of(hr.post(url, data, follow=True))
    assert "Käthe Brandt ist jetzt nominiert. Der Beirat kann die Bewerbung lesen." in said


def test_without_that_button_nobody_is_nominated(three, client_of, url):
    hr = client_of("hr")
    second = three[1]
    data = typed(hr.get(url), **{f"rank_{second.pk}": 2, f"chosen_{second.pk}": "on"})
    hr.post(url, data)
    assert states()["Brandt"] == "submitted"


def test_what_is_missing_is_said_for_each_person_and_nobody_is_nominated(
    three, by_hr, cast, client_of, url
):
    hr = client_of("hr")
    _, second, third = three
    lacking = by_hr("submitted", last_name="Dorn", email="d@ahausen.example", superior_agreed="")
    data = typed(
        hr.get(url),
        **{f"rank_{second.pk}": 2, f"rank_{lacking.pk}": 3},
        **{f"chosen_{row.pk}": "on" for row in (second, third, lacking)},
        nominate=1,
    )
    page = hr.post(url, data)
    errors = page.context["form"].errors
    assert "zuerst einen Rang" in errors[f"chosen-{third.pk}"][0]
    assert "Zustimmung der Führungskraft: wer" in errors[f"chosen-{lacking.pk}"][0]
    assert f"chosen-{second.pk}" not in errors
    assert states()["Brandt"] == "submitted"
    assert ranks() == {"Albers": 1, "Brandt": None, "Çelik": None, "Dorn": None}
    assert not Participant.objects.filter(person=second.person).exists()
    values = {field.name: field.value() for field in page.context["form"]}
    assert values[f"rank-{second.pk}"] == "2"  # what was typed stays


def test_choosing_nobody_is_no_nomination(three, client_of, url):
    hr = client_of("hr")
    page = hr.post(url, typed(hr.get(url), nominate=1))
    assert "Kreuzen Sie an" in text_of(page)


# --- When ranks stay ----------------------------------------------------------------------
def test_once_the_platzvergabe_has_begun_ranks_of_nominated_ones_stay(
    three, cast, stage, client_of, url, monkeypatch
):
    hr = client_of("hr")
    first, second, _ = three
    stale = typed(hr.get(url), **{f"rank_{first.pk}": 4})
    monkeypatch.setattr(ranks_fixed, "_entries", {"test": (100, lambda cycle: True)})
    page = hr.get(url)
    assert "Die Platzvergabe hat begonnen" in text_of(page)
    assert f"rank-{first.pk}" not in page.context["form"].fields
    assert f"rank-{second.pk}" in page.context["form"].fields
    # A form from before does not slip through.
    hr.post(url, stale)
    assert ranks()["Albers"] == 1
    with pytest.raises(Refused, match="Platzvergabe hat begonnen"):
        save(stage, cast, {first.pk: 4})
    with pytest.raises(Refused, match="Platzvergabe hat begonnen"):
        domain.change_rank(first, rank=4, by=cast.user("hr"))
    detail = client_of("hr").get(first.get_absolute_url())
    assert "Rang ändern" not in text_of(detail)


@pytest.mark.parametrize("state", [CycleState.MATCHING, CycleState.RUNNING])
def test_after_the_application_phase_nothing_changes(three, cast, stage, client_of, url, state):
    type(stage.cycle).objects.filter(pk=stage.cycle.pk).update(state=state)
    stage.cycle.refresh_from_db()
    with pytest.raises(Refused):
        save(stage, cast, {three[0].pk: 4})
    page = client_of("hr").get(url)
    assert not any(name.startswith("chosen") for name in page.context["form"].fields)


# --- Who sees it --------------------------------------------------------------------------
def test_another_kommune_ranks_its_own_alone(three, stage, client_of, url):
    theirs = make.make_application(
        stage.cycle, stage.other, "submitted", person=make.make_person("Uwe", "Übel")
    )
    other = text_of(client_of("other_hr").get(url))
    assert "Übel" in other
    for name in ("Albers", "Brandt", "Çelik", STATEMENT):
        assert name not in other
    assert "Übel, Uwe" not in text_of(client_of("hr").get(url))
    assert client_of("hr").get(f"{url}?kommune={stage.other.pk}").status_code == 404
    browser = client_of("other_hr")
    page = browser.get(url)
    browser.post(url, typed(page, **{f"rank_{three[0].pk}": 9, f"rank_{theirs.pk}": 2}))
    assert ranks()["Albers"] == 1
    assert ranks()["Übel"] == 2


def test_who_is_in_conflict_neither_sees_nor_moves_the_application(three, cast, client_of, url):
    first, second, _ = three
    Application.objects.filter(pk=first.pk).update(superior=cast.hr)
    hr = client_of("hr")
    page = hr.get(url)
    assert "Albers" not in text_of(page)
    # A shared rank would say that there is somebody.
    data = typed(page, **{f"rank_{second.pk}": 1, f"rank_{first.pk}": 9})
    answer = hr.post(url, data, follow=True)
    assert "Rang 1 haben" not in text_of(answer)
    assert "Albers" not in text_of(answer)
    assert ranks()["Albers"] == 1
    assert ranks()["Brandt"] == 1


def test_whoever_works_for_two_kommunen_ranks_each_apart(three, stage, cast, client_of, url):
    from programmes.people.models import MunicipalityStaff

    MunicipalityStaff.objects.create(person=cast.hr, municipality=stage.other, since=make.LONG_AGO)
    make.make_application(
        stage.cycle, stage.other, "submitted", person=make.make_person("Uwe", "Übel")
    )
    hr = client_of("hr")
    assert "Übel, Uwe" not in text_of(hr.get(url))
    assert "Übel, Uwe" in text_of(hr.get(f"{url}?kommune={stage.other.pk}"))
    # The ranks of one are not saved with the page of the other.
    data = typed(hr.get(f"{url}?kommune={stage.other.pk}"))
    assert "stammt nicht von dieser Seite" in text_of(hr.post(url, data))


def test_the_page_asks_as_much_for_twenty_as_for_one(three, stage, client_of, url):
    hr = client_of("hr")

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert hr.get(url).status_code == 200
        return len(queries)

    count()
    few = count()
    for number in range(20):
        make.make_application(stage.cycle, stage.own, "submitted", statement=f"Nr. {number}")
    # Each reading is entered in the log, many at a time.
    assert count() <= few + 2


def test_not_ready_names_everyone(three, cast, stage):
    _, second, third = three
    with pytest.raises(NotReady) as refusal:
        save(stage, cast, {}, nominated=[second.pk, third.pk])
    assert set(refusal.value.faults) == {second.pk, third.pk}

"""Published figures, the history of a Kommune, and mentees who came back as mentors."""

import pytest

from programmes.cycles.domain.figures import history_of, returned_mentors, with_figures
from programmes.cycles.models import Cycle, ParticipantRole, Participation
from tests import factories as make

MENTEE, MENTOR = ParticipantRole.MENTEE, ParticipantRole.MENTOR


@pytest.fixture
def old(stage, cast):
    """The closed cycle Nr. 10, in which the own Kommune took part."""
    cycle = Cycle.objects.get(number=10)
    cycle.start_year, cycle.end_year = 2022, 2024
    cycle.save()
    return cycle


def test_the_history_counts_closed_cycles_only(stage, cast, old):
    declined = make.make_cycle(stage.programme, number=9, state="closed", start_year=2020)
    make.make_participation(declined, stage.own, state="declined")
    for name in ("lead", "hr", "former", "logistics", "permanent"):
        assert [row.cycle for row in history_of(stage.own, cast.user(name))] == [old], name
    for name in ("stranger", "mentee", "operator"):
        assert history_of(stage.own, cast.user(name)) == [], name


def test_figures_of_an_open_cycle_are_not_published(stage, cast, old):
    Participation.objects.filter(cycle__in=[stage.cycle, old]).update(mentees=2, mentors=3)
    figures = {cycle.number: cycle for cycle in with_figures(Cycle.objects.all())}
    assert (figures[10].houses, figures[10].all_mentees, figures[10].all_mentors) == (1, 2, 3)
    assert (figures[11].houses, figures[11].all_mentees) == (2, None)


def returned(stage, person, *, cycle=None, municipality=None):
    return make.make_participant(
        cycle or stage.cycle, municipality or stage.own, MENTOR, person=person
    )


def test_a_returned_mentee_is_named_only_to_who_knows_them(stage, cast, old):
    person = make.make_person("Thea", "Zurück", municipality=stage.own)
    make.make_participant(old, stage.own, MENTEE, person=person)
    assert returned_mentors(stage.own, cast.user("lead")).count == 0
    returned(stage, person)
    for name in ("lead", "hr", "logistics"):
        found = returned_mentors(stage.own, cast.user(name))
        assert (found.count, [str(p) for p in found.people]) == (1, ["Thea Zurück"]), name
    # Who is asked as a mentor in an open cycle is not told by a number either.
    for name in ("former", "permanent", "other_hr", "stranger", "operator"):
        assert returned_mentors(stage.own, cast.user(name)).count == 0, name


def test_in_a_closed_cycle_the_number_is_published_without_the_name(stage, cast, old):
    person = make.make_person("Thea", "Zurück", municipality=stage.own)
    older = make.make_cycle(
        stage.programme, number=9, state="closed", start_year=2020, end_year=2022
    )
    make.make_participant(older, stage.own, MENTEE, person=person)
    returned(stage, person, cycle=old)
    found = returned_mentors(stage.own, cast.user("former"))
    assert (found.count, found.people, found.unnamed) == (1, (), 1)
    named = returned_mentors(stage.own, cast.user("hr"))
    assert (named.count, named.unnamed) == (1, 0)


def test_mentor_first_and_mentee_later_is_no_return(stage, cast, old):
    person = make.make_person(municipality=stage.own)
    older = make.make_cycle(
        stage.programme, number=9, state="closed", start_year=2020, end_year=2022
    )
    returned(stage, person, cycle=older)
    make.make_participant(old, stage.own, MENTEE, person=person)
    assert returned_mentors(stage.own, cast.user("hr")).count == 0


def test_the_page_of_a_kommune_shows_it(stage, cast, old, client_of):
    person = make.make_person("Thea", "Zurück", municipality=stage.own)
    make.make_participant(old, stage.own, MENTEE, person=person)
    returned(stage, person)
    Participation.objects.filter(cycle=old).update(mentees=5, mentors=4)
    url = stage.own.get_absolute_url()
    text = client_of("hr").get(url).content.decode()
    assert "Geschichte im Programm" in text
    assert "Thea Zurück" in text
    former = client_of("former").get(url).content.decode()
    assert "Durchgang Nr. 10" in former
    assert "Zurück" not in former
    assert "Geschichte im Programm" not in client_of("operator").get(url).content.decode()

"""What is said of one pair and of all pairs at once never differs, and is read at once."""

import random
import time

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programmes.cycles.models import CycleState
from tandems.applications.models import Application
from tandems.mentors.models import Mentor, MentorState
from tandems.pairs.hindrances import Hindrances, Severity
from tandems.pairs.models import MatchingFrame, PairRule, TandemState
from tandems.pairs.settings import RULES
from tests import factories as make
from tests.tandems.pairs.makers import in_matching, make_mentee, make_mentor, make_tandem

pytestmark = pytest.mark.django_db

FIRST = ("Anna", "Anna Lena", "Bernd", "Jürgen", "Karl-Heinz", "Ute")
LAST = ("Müller", "Meier", "von Berg", "Weiß", "Mueller")
AMT = ("", "Bauen", "Jugend und Soziales", "Soziales")


def loaded(cycle):
    """Both halves as the pages read them."""
    wanted = ("person", "municipality", "cycle")
    return (
        list(Application.objects.filter(cycle=cycle).select_related(*wanted).order_by("pk")),
        list(Mentor.objects.filter(cycle=cycle).select_related(*wanted).order_by("pk")),
    )


def cast(cycle, houses, seed, size=9):
    """Halves whose names, houses, exclusions and tandems collide more often than in life."""
    dice = random.Random(seed)

    def person():
        return make.make_person(
            dice.choice(FIRST), dice.choice(LAST), municipality=dice.choice([*houses, None])
        )

    mentors = []
    for _ in range(size):
        state = dice.choice(list(MentorState))
        named = state != MentorState.IDEA or dice.random() < 0.5
        mentors.append(
            make_mentor(
                cycle,
                dice.choice(houses),
                state=state,
                person=person() if named else None,
                department=dice.choice(AMT),
                capacity=dice.choice((1, 1, 2)),
                answers={"free_at_start": dice.choice(("yes", "no", ""))},
            )
        )
    someone = [mentor.person for mentor in mentors if mentor.person]
    mentees = []
    for _ in range(size):
        typed = f"{dice.choice(('', 'Frau', 'Dr.', *FIRST))} {dice.choice(LAST)}"
        mentees.append(
            make_mentee(
                cycle,
                dice.choice(houses),
                # Now and then a mentor who is a mentee, told or not yet.
                person=person() if dice.random() < 0.9 or not someone else someone.pop(),
                department=dice.choice(AMT),
                target_group=dice.choice(("", "leadership")),
                superior=dice.choice([None, None, *(m.person for m in mentors)]),
                answers={"superior_agreed": dice.choice(("", typed))},
                informed_on=dice.choice((None, cycle.matching_on)),
            )
        )
    people = [half.person for half in (*mentors, *mentees) if half.person is not None]
    for _ in range(size):
        house = dice.choice([None, *houses])
        subject = dice.choice(people)
        one = dice.choice([one for one in people if one != subject])
        fields = dice.choice(
            (
                {"person": one},
                {"name": f"{dice.choice(FIRST)} {dice.choice(LAST)}", "municipality": house},
                {"name": dice.choice(LAST), "municipality": house},
                {"municipality": dice.choice(houses)},
                {"department": dice.choice(AMT[1:]), "municipality": house},
            )
        )
        make.make_exclusion(cycle, subject, **fields)
    earlier = make.make_cycle(cycle.programme, state=CycleState.CLOSED)
    for _ in range(size // 2):
        one, other = dice.sample(people, 2)
        before = make_mentee(earlier, houses[0], person=make.make_person())
        then = make_mentor(earlier, houses[1], person=make.make_person())
        state = dice.choice((TandemState.COMPLETED, TandemState.ENDED_EARLY, TandemState.SEALED))
        tandem = make_tandem(before, then, state)
        type(tandem).objects.filter(pk=tandem.pk).update(mentee_person=one, mentor_person=other)
    free = list(mentees)
    for mentor in mentors:
        if mentor.person is not None and dice.random() < 0.6:
            mentee = free.pop()
            if mentee.person_id != mentor.person_id:
                state = dice.choice((*TandemState.live(), TandemState.ENDED_EARLY))
                make_tandem(mentee, mentor, state)


def settings(cycle, seed):
    dice = random.Random(seed)
    chosen = {rule.value: dice.choice(known.choices) for rule, known in RULES.items()}
    MatchingFrame.objects.update_or_create(cycle=cycle, defaults={"rules": chosen})


@pytest.mark.parametrize("seed", range(6))
def test_one_pair_and_all_pairs_never_disagree(stage, seed):
    cycle = in_matching(stage.cycle)
    cast(cycle, [stage.own, stage.other, make.make_municipality()], seed)
    if seed % 2:
        settings(cycle, seed)
    applications, mentors = loaded(cycle)
    found = Hindrances(cycle)
    masks = found.masks(applications, mentors)
    assert set(masks) == {rule for rule, severity in found.settings.items() if severity}
    refused = found.refused(applications, mentors)
    for row, application in enumerate(applications):
        for column, mentor in enumerate(mentors):
            spoken = found.of(application, mentor)
            said = {hindrance.rule for hindrance in spoken}
            assert said == {rule for rule, mask in masks.items() if mask[row, column]}
            hard = {one.rule for one in spoken if one.severity == Severity.REFUSE}
            assert bool(hard - {PairRule.CAPACITY}) == refused[row, column]
            assert all(hindrance.sentence for hindrance in spoken)


def test_the_random_casts_reach_every_rule(stage):
    """Else the comparison above would prove nothing."""
    cycle = in_matching(stage.cycle)
    for seed in range(3):
        cast(cycle, [stage.own, stage.other, make.make_municipality()], seed)
    masks = Hindrances(cycle).masks(*loaded(cycle))
    for rule, mask in masks.items():
        assert mask.any(), rule
        assert not mask.all(), rule


def test_nobody_at_either_side_is_no_fault(stage):
    cycle = in_matching(stage.cycle)
    make_mentee(cycle, stage.own)
    applications, mentors = loaded(cycle)
    for rows, columns in (([], []), (applications, []), ([], mentors)):
        for mask in Hindrances(cycle).masks(rows, columns).values():
            assert mask.shape == (len(rows), len(columns))


def test_the_number_of_queries_does_not_grow(stage):
    cycle = in_matching(stage.cycle)
    counts = []
    for size in (4, 12):
        cast(cycle, [stage.own, stage.other], seed=size, size=size)
        applications, mentors = loaded(cycle)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found = Hindrances(cycle)
            found.masks(applications, mentors)
            for application in applications:
                for mentor in mentors:
                    for hindrance in found.of(application, mentor):
                        assert hindrance.overrule is None
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 5


def test_a_whole_large_cycle_is_compared_in_well_under_a_second(stage):
    cycle = in_matching(stage.cycle)
    cast(cycle, [stage.own, stage.other], seed=1, size=12)
    applications, mentors = loaded(cycle)
    # 500 of each, made of a few: the comparing itself is what takes the time.
    many, others = (applications * 50)[:500], (mentors * 50)[:500]
    found = Hindrances(cycle)
    began = time.process_time()  # the machine may be busy with something else
    masks = found.masks(many, others)
    took = time.process_time() - began
    assert took < 0.8, f"{took:.2f} s"  # a tenth of that on an idle machine
    assert all(mask.dtype == np.bool_ and mask.shape == (500, 500) for mask in masks.values())

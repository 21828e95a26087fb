"""Proposals for groups: balanced, near, Kommunen together, always the same."""

import random
import time
from collections import Counter

import pytest

from programmes.groups.dividing import House
from programmes.groups.grouping import Mentee, by_distance, by_region, spread, usual_count
from programmes.organisations.distance import kilometres

MUENSTER, AHLEN, BORKEN, BUENDE = (
    (51.9607, 7.6261),
    (51.7633, 7.8911),
    (51.8440, 6.8583),
    (52.1982, 8.5864),
)


def mentees_of(*numbers):
    """``numbers[i]`` mentees of Kommune ``i``."""
    houses = [house for house, number in enumerate(numbers) for _ in range(number)]
    return [Mentee(key, house) for key, house in enumerate(houses)]


def scattered(count, seed=7, regions=("",)):
    chance = random.Random(seed)
    return [
        House(
            key,
            chance.choice(regions),
            (51.4 + chance.random(), 6.5 + chance.random() * 2),
        )
        for key in range(count)
    ]


def crowd(houses, number, seed=3):
    chance = random.Random(seed)
    return [Mentee(key, chance.choice(houses).key) for key in range(number)]


def sizes(groups):
    return sorted(len(group.members) for group in groups)


def torn(groups, mentees):
    """How many more groups the Kommunen are spread over than there are Kommunen."""
    house = {mentee.key: mentee.house for mentee in mentees}
    pairs = {(house[key], i) for i, group in enumerate(groups) for key in group.members}
    return len(pairs) - len(set(house.values()))


def test_distance_as_the_crow_flies():
    assert kilometres(MUENSTER, AHLEN) == pytest.approx(28.5, abs=0.5)
    assert kilometres(MUENSTER, MUENSTER) == 0


@pytest.mark.parametrize(("mentees", "groups"), [(0, 0), (1, 1), (8, 1), (12, 2), (40, 7)])
def test_about_six_in_a_group(mentees, groups):
    assert usual_count(mentees) == groups


@pytest.mark.parametrize("count", [1, 2, 3, 5, 7])
def test_sizes_differ_by_one_at_most_and_everybody_is_in_one(count):
    houses = scattered(12)
    mentees = crowd(houses, 31)
    groups = by_distance(mentees, houses, count)
    assert len(groups) == count
    assert sizes(groups)[-1] - sizes(groups)[0] <= 1
    assert sorted(key for group in groups for key in group.members) == list(range(31))


def test_neighbours_meet():
    houses = [House(0, "", MUENSTER), House(1, "", (51.97, 7.60)), House(2, "", BUENDE)]
    houses.append(House(3, "", (52.20, 8.60)))
    groups = by_distance(mentees_of(2, 2, 2, 2), houses, 2)
    assert {group.members for group in groups} == {(0, 1, 2, 3), (4, 5, 6, 7)}
    assert {group.name for group in groups} == {"Gruppe West", "Gruppe Ost"}


def test_kommunen_stay_together_where_the_sizes_allow():
    # Two of each: three groups of four can be made without tearing anybody apart.
    houses = scattered(6)
    mentees = mentees_of(2, 2, 2, 2, 2, 2)
    assert torn(by_distance(mentees, houses, 3), mentees) == 0
    # Fewer are torn apart than there are groups, however the numbers fall.
    houses = scattered(20)
    mentees = crowd(houses, 60)
    assert torn(by_distance(mentees, houses, 9), mentees) < 9


def test_the_same_mentees_give_the_same_groups_in_whatever_order():
    houses = scattered(15, regions=("West", "Ost", "Nord", ""))
    mentees = crowd(houses, 43)
    for propose in (by_distance, by_region):
        first = propose(mentees, houses, 6)
        random.Random(1).shuffle(mentees)
        assert propose(mentees, list(reversed(houses)), 6) == first


def test_a_kommune_whose_place_is_unknown_fills_what_is_left():
    houses = [House(0, "", MUENSTER), House(1, "", BUENDE), House(2)]
    mentees = mentees_of(4, 2, 2)
    groups = by_distance(mentees, houses, 2)
    assert {group.members for group in groups} == {(0, 1, 2, 3), (4, 5, 6, 7)}


def test_without_any_coordinates_the_groups_are_still_balanced():
    houses = [House(key) for key in range(5)]
    assert sizes(by_distance(crowd(houses, 17), houses, 3)) == [5, 6, 6]


def test_one_mentee_and_none():
    assert [group.members for group in by_distance([Mentee(9, 0)], [House(0)], 4)] == [(9,)]
    assert [group.members for group in by_region([Mentee(9, 0)], [House(0, "West")], 4)] == [(9,)]
    assert by_distance([], [], 3) == []
    assert by_region([], [], 3) == []


def test_groups_along_the_regionalgruppen():
    houses = [House(0, "West", BORKEN), House(1, "Ost", AHLEN), House(2, "Ost", BUENDE)]
    groups = by_region(mentees_of(6, 3, 3), houses, 2)
    assert [(group.name, len(group.members)) for group in groups] == [
        ("Gruppe Ost", 6),
        ("Gruppe West", 6),
    ]


def test_a_large_regionalgruppe_is_divided_and_a_tiny_one_joins_the_nearest():
    houses = [House(0, "West", BORKEN), House(1, "Mitte", MUENSTER), House(2, "Ost", AHLEN)]
    groups = by_region(mentees_of(2, 14, 5), houses, 3)
    assert [group.name for group in groups] == [
        "Gruppe Mitte und West 1",
        "Gruppe Mitte und West 2",
        "Gruppe Ost",
    ]
    assert sizes(groups) == [5, 8, 8]


def test_fewer_groups_than_regionalgruppen_join_the_smallest():
    houses = [House(0, "West", BORKEN), House(1, "Mitte", MUENSTER), House(2, "Ost", AHLEN)]
    groups = by_region(mentees_of(4, 8, 5), houses, 2)
    assert [group.name for group in groups] == ["Gruppe Mitte und West", "Gruppe Ost"]


def test_who_has_no_regionalgruppe_goes_with_the_nearest_or_the_smallest():
    near_borken = (51.85, 6.90)
    houses = [House(0, "West", BORKEN), House(1, "Ost", AHLEN), House(2, "", near_borken), House(3)]
    groups = {group.name: group.members for group in by_region(mentees_of(3, 3, 2, 2), houses, 2)}
    assert groups == {"Gruppe West": (0, 1, 2, 6, 7), "Gruppe Ost": (3, 4, 5, 8, 9)}


def test_without_regionalgruppen_it_is_the_distance():
    houses = scattered(8)
    mentees = crowd(houses, 20)
    assert by_region(mentees, houses, 3) == by_distance(mentees, houses, 3)


def test_names_are_never_given_twice():
    for regions in (("",), ("A", "B", "C")):
        houses = scattered(30, regions=regions)
        names = [group.name for group in by_region(crowd(houses, 90), houses, 15)]
        assert max(Counter(names).values()) == 1


@pytest.mark.parametrize("propose", [by_distance, by_region])
def test_two_thousand_mentees_are_not_waited_for(propose):
    houses = scattered(100, regions=("A", "B", "C", "D", ""))
    mentees = crowd(houses, 2000)
    began = time.perf_counter()
    groups = propose(mentees, houses, usual_count(2000))
    assert time.perf_counter() - began < 20
    assert sum(sizes(groups)) == 2000


def test_mean_and_longest_distance_count_every_pair():
    away = kilometres(MUENSTER, AHLEN)
    found = spread([MUENSTER, MUENSTER, AHLEN, None])
    assert found.longest == pytest.approx(away)
    assert found.mean == pytest.approx(away * 2 / 3)
    assert spread([MUENSTER, None]).mean is None

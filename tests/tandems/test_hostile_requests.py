"""What somebody tries who does not use the pages as they are meant.

Keys of one Durchgang below the address of another, pages that act when they are merely
opened, values no field of ours would send, and rights that ended while a page stood open.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from programmes.cycles.models import CouncilSeat, CycleState
from programmes.rundmails.models import Rundmail
from tandems.matching.models import Bias, DroppedIdea, IdeaComment, IdeaVoice, MatchIdea
from tandems.meetings.models import HelpCall, TandemMeeting
from tandems.pairs.models import Overrule, Tandem, TandemVoice
from tandems.places.models import Allocation
from tandems.suggestions.models import Suggestion
from tests import factories as make
from tests.access.grammar import SUCCESS, Row
from tests.access.matrix import MATCHING, MEETINGS, PAIRS, PORTAL, REVEAL, SUGGESTIONS
from tests.access.test_access import path_of, sign_in
from tests.access.world import World, build
from tests.tandems.pairs.makers import in_matching, make_mentee, make_mentor, make_tandem

ROWS: list[Row] = [*PAIRS, *MATCHING, *SUGGESTIONS, *REVEAL, *MEETINGS, *PORTAL]
KEPT: tuple[Any, ...] = (
    Tandem,
    TandemVoice,
    Overrule,
    MatchIdea,
    IdeaVoice,
    IdeaComment,
    Bias,
    DroppedIdea,
    TandemMeeting,
    HelpCall,
    Suggestion,
)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is taken back: each row makes its own records."""
    cache.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def reader_of(row: Row) -> str:
    """Somebody of the cast who may open it, or "" for nobody."""
    allowed = [name for name, answer in row.get.items() if answer in SUCCESS]
    return next((name for name in ("lead", "member", "mentor") if name in allowed), "")


def stored() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in KEPT]


def test_no_page_acts_when_it_is_opened(stage, cast):
    world = build(stage, cast)
    browsers = {name: sign_in(cast, name) for name in ("lead", "member", "mentor")}
    acted = []
    for row in ROWS:
        if not (name := reader_of(row)):
            continue
        with undone():
            path = path_of(row, world)
            before = stored()
            assert browsers[name].get(path).status_code in (200, 302), path
            browsers[name].head(path)
            if stored() != before:
                acted.append(str(row))
    assert not acted


def second_cycle(world: World) -> int:
    """Another cycle of the programme, in which lead and member sit as well."""
    cycle = make.make_cycle(world.stage.programme, number=14)
    for house, person, lead in (
        (world.stage.other, world.cast.lead, True),
        (world.stage.own, world.cast.member, False),
    ):
        make.make_seat(make.make_participation(cycle, house), person=person, lead=lead)
    return in_matching(cycle, CycleState.RUNNING).pk


def test_the_key_of_one_cycle_opens_nothing_below_another(stage, cast):
    world = build(stage, cast)
    other = second_cycle(world)
    browsers = {name: sign_in(cast, name) for name in ("lead", "member")}
    opened, asked = [], 0
    for row in ROWS:
        name = reader_of(row)
        if name not in browsers:
            continue
        with undone():
            kwargs = row.kwargs(world)
            # Some rows name a key that stands in no address of theirs.
            if "cycle_pk" not in kwargs or row.route.count("<") < 2:
                continue
            mixed = Row(**{**vars(row), "kwargs": lambda _w, k=kwargs: {**k, "cycle_pk": other}})
            path, data, before = path_of(mixed, world), row.data(world), stored()
            answers = [browsers[name].get(path), browsers[name].post(path, data)]
            asked += 1
            if {answer.status_code for answer in answers} != {404} or stored() != before:
                opened.append(f"{row}: {[answer.status_code for answer in answers]}")
    assert not opened
    assert asked > 30


@pytest.mark.parametrize("typed", ["²", "٣", "9" * 30, "9" * 5000, "-1", "a\x00b", "🙈"])
@pytest.mark.parametrize("half", ["mentor", "application"])
def test_a_key_that_is_none_is_refused_in_words(stage, cast, client_of, half, typed):
    in_matching(stage.cycle)
    mentee = make_mentee(stage.cycle, stage.own)
    mentor = make_mentor(stage.cycle, stage.other)
    page = ("mentee", mentee.pk) if half == "mentor" else ("mentor", mentor.pk)
    url = reverse(f"matching:{page[0]}", args=[stage.cycle.pk, page[1]])
    answer = client_of("lead").post(url, {half: typed, "reason": "Passt"})
    assert answer.status_code == 200
    assert "steht nicht (mehr) an der Wand" in answer.content.decode() or "\x00" in typed
    assert not MatchIdea.objects.exists()


@pytest.mark.parametrize("typed", ["9" * 20, "9" * 5000, "²", "-1", "a\x00b"])
def test_no_draft_goes_to_a_tandem_that_is_none(stage, cast, client_of, typed):
    in_matching(stage.cycle, CycleState.RUNNING)
    long_ago = timezone.now() - timedelta(weeks=20)
    mentee, mentor = make_mentee(stage.cycle, stage.own), make_mentor(stage.cycle, stage.other)
    make_tandem(mentee, mentor, "active", revealed_at=long_ago)
    url = reverse("meetings:nudge", args=[stage.cycle.pk])
    answer = client_of("lead").post(url, {"tandems": [typed]})
    assert answer.status_code == 200
    assert not Rundmail.objects.exists()


@pytest.mark.parametrize("typed", ["9" * 20, "9" * 5000, "²", "-1", "a\x00b"])
def test_nobody_was_present_who_is_none(stage, cast, client_of, typed):
    Allocation.objects.create(cycle=stage.cycle, places=3)
    url = reverse("places:sitting", args=[stage.cycle.pk])
    assert client_of("lead").get(url).status_code == 200
    assert client_of("lead").post(url, {"present": [typed]}).status_code == 200
    assert not Allocation.objects.get().present.exists()


def test_whose_seat_has_ended_is_told_no_change_any_more(stage, cast, client_of):
    in_matching(stage.cycle)
    make_mentee(stage.cycle, stage.own)
    browser = client_of("member")
    wall = reverse("matching:wall", args=[stage.cycle.pk])
    assert browser.get(wall).status_code == 200
    CouncilSeat.objects.filter(person=cast.member).update(until=timezone.localdate())
    changes = reverse("matching:changes", args=[stage.cycle.pk])
    answer = browser.get(changes, {"stand_token": "x.y"}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 404
    assert "Mentee" not in answer.content.decode()

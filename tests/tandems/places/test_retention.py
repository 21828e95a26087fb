"""Of a deleted application the Platzvergabe keeps Kommune and outcome, and what was hidden."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mentoring.log.models import LogEntry
from programmes.people.retention import erase
from tandems.applications.models import Application, ApplicationState
from tandems.places import domain
from tandems.places.board import board
from tandems.places.models import Allocation, AllocationLine, AllocationState, Outcome
from tandems.places.retention import SHARE
from tandems.profiles.models import Exclusion
from tests import factories as make
from tests.programmes.privacy.makers import moved, night_of
from tests.tandems.places.makers import agree, closed, line, nominate, start

TOLD = date(2026, 4, 1)


def closed_allocation(stage):
    allocation = Allocation.objects.create(
        cycle=stage.cycle, places=1, state=AllocationState.CLOSED, closed_at=timezone.now()
    )
    lines = {}
    for outcome in (Outcome.PLACED, Outcome.DECLINED):
        application = make.make_application(
            stage.cycle, stage.own, ApplicationState(outcome.value), informed_on=TOLD
        )
        lines[outcome] = AllocationLine.objects.create(
            allocation=allocation, application=application, rank=1, outcome=outcome
        )
    return lines


def test_the_night_takes_the_person_out_of_the_line(stage):
    lines = closed_allocation(stage)
    moved(stage.cycle, "running", running_on=TOLD)
    night_of(TOLD + timedelta(days=90))
    kept, bare = AllocationLine.objects.order_by("pk")
    assert kept.application == lines[Outcome.PLACED].application
    assert (bare.application, bare.outcome) == (None, "declined")


def test_a_person_is_told_what_their_house_told_until_it_tells_anew(stage, cast):
    row = nominate(stage.cycle, stage.own)
    allocation = closed(stage.cycle, cast.user("lead"), places=1)
    assert SHARE.known(row.person) == []
    domain.tell(row, on=timezone.localdate(), by=cast.user("hr"))
    domain.decide_later(
        allocation,
        row,
        expected="placed",
        outcome="declined",
        reason="Platz zurückgegeben",
        by=cast.user("lead"),
    )
    assert SHARE.known(row.person) == [(f"Ergebnis in {stage.cycle}", "Platz erhalten, mitgeteilt")]
    domain.tell(row, on=timezone.localdate(), by=cast.user("hr"))
    today = f"{timezone.localdate():%d.%m.%Y}"
    assert SHARE.known(row.person) == [
        (f"Ergebnis in {stage.cycle}", f"kein Platz, mitgeteilt am {today}")
    ]


SECRET = "Unverwechselbaum"


@pytest.fixture
def minutes(stage, client_of, monkeypatch):
    """What the minutes of a member say, but for the time they were made."""
    monkeypatch.setattr("mentoring.ui.pdf.html_to_pdf", lambda html: html.encode())
    address = reverse("places:minutes", args=[stage.cycle.pk])

    def read(member):
        page = client_of(member).get(address).content.decode()
        return page[: page.index("Erstellt am")]

    return read


@pytest.fixture
def decided(stage, cast):
    """Two of the other Kommune; the second one's superior sits in the Beirat."""
    rows = []
    for rank, name in enumerate(("Ahornblatt", SECRET), start=1):
        person = make.make_person("Erika", name, municipality=stage.other)
        superior = cast.member if name == SECRET else None
        rows.append(nominate(stage.cycle, stage.other, rank, person=person, superior=superior))
    closed(stage.cycle, cast.user("lead"), places=2)
    return rows


def test_the_minutes_still_add_up_when_a_person_is_erased(stage, cast, client_of, decided, minutes):
    erase(decided[1].person, by=cast.user("lead"))
    page = minutes("lead")
    assert SECRET not in page
    assert "<td>gelöscht</td><td>–</td><td>Platz</td>" in page
    assert "2 von 2 Plätzen vergeben" in page
    shown = client_of("lead").get(reverse("places:meeting", args=[stage.cycle.pk]))
    assert "gelöscht" in shown.content.decode()
    found = board(Allocation.objects.get(), cast.user("lead"))
    assert (found.placed, found.free, found.hidden) == (1, 1, 0)


@pytest.mark.parametrize("why", ["superior", "excluded"])
def test_what_was_hidden_stays_hidden_when_it_is_erased(stage, cast, decided, minutes, why):
    if why == "excluded":
        Application.objects.filter(pk=decided[1].pk).update(superior=None)
        Exclusion.objects.create(cycle=stage.cycle, subject=decided[1].person, person=cast.member)
    before = minutes("member")
    erase(decided[1].person, by=cast.user("lead"))
    after = minutes("member")
    assert "gelöscht" not in after
    assert "1 von 2 Plätzen vergeben" in after
    assert after == before


def test_a_line_of_an_open_platzvergabe_goes(stage, cast):
    row = nominate(stage.cycle, stage.own)
    start(stage.cycle, cast.user("lead"))
    erase(row.person, by=cast.user("hr"))
    assert not AllocationLine.objects.exists()


def test_only_kommune_and_outcome_are_left(stage, cast):
    row = nominate(stage.cycle, stage.own)
    allocation = start(stage.cycle, cast.user("lead"), places=1)
    domain.decide_line(line(row), outcome="declined", reason=SECRET, by=cast.user("lead"))
    agree(allocation, cast.user("lead"))
    domain.close(allocation, by=cast.user("lead"))
    erase(row.person, by=cast.user("hr"))
    left = AllocationLine.objects.get()
    assert (left.erased_house, left.outcome) == (stage.own, "declined")
    assert (left.application, left.rank, left.proposed, left.reason) == (None, 0, "", "")
    assert not LogEntry.objects.filter(object_repr=str(left)).exists()

"""Whoever must not know of an application learns nothing of it here, and decides nothing."""

import pytest
from django.urls import reverse

from mentoring.ui.errors import Refused
from tandems.places import domain
from tandems.places.board import board
from tandems.places.domain import VoiceEntry
from tandems.places.models import Allocation, Stance
from tests import factories as make
from tests.tandems.places.makers import agree, line, nominate, start

SECRET = "Unverwechselbaum"


@pytest.fixture
def rows(stage, cast):
    """Three of the other Kommune; the member is the superior of the second."""
    found = []
    for rank, name in enumerate(("Ahornblatt", SECRET, "Birkenzweig"), start=1):
        person = make.make_person("Erika", name, municipality=stage.other)
        superior = cast.member if name == SECRET else None
        found.append(nominate(stage.cycle, stage.other, rank, person=person, superior=superior))
    return found


def pages(browser, stage):
    names = ("meeting", "anew", "voices", "sitting", "texts")
    urls = [reverse(f"places:{name}", args=[stage.cycle.pk]) for name in names]
    return " ".join(browser.get(url).content.decode() for url in [*urls, "/"])


def test_no_page_shows_the_hidden_line(stage, cast, client_of, rows):
    start(stage.cycle, cast.user("lead"), places=2)
    seen = pages(client_of("member"), stage)
    assert SECRET not in seen
    assert "Birkenzweig" in seen
    assert "Nicht aufgeführt und nicht mitgezählt: 1 Bewerbung" in seen
    assert "1 von 2 Plätzen vergeben" in seen
    assert SECRET in pages(client_of("lead"), stage)


@pytest.mark.parametrize("outcome", ["placed", "waiting", "declined"])
def test_counts_say_the_same_whatever_becomes_of_it(stage, cast, rows, outcome):
    start(stage.cycle, cast.user("lead"), places=1)
    lead, hidden = cast.user("lead"), line(rows[1])
    domain.decide_line(hidden, outcome=outcome, reason="Beratung", number=None, by=lead) if (
        outcome != "waiting"
    ) else None
    found = board(Allocation.objects.get(), cast.user("member"))
    assert (found.placed, found.undecided, found.hidden) == (1, 0, 1)
    assert [(row.name, str(row.stand)) for row in found.waiting] == [("Birkenzweig, Erika", "1")]


def test_the_minutes_leave_it_out(stage, cast, client_of, rows, monkeypatch):
    start(stage.cycle, cast.user("lead"), places=2)
    part = stage.cycle.participations.get(municipality=stage.other)
    objection = VoiceEntry(part, Stance.OBJECT, f"{SECRET} muss dabei sein", 0)
    domain.record_voices(Allocation.objects.get(), [objection], by=cast.user("lead"))
    monkeypatch.setattr("mentoring.ui.pdf.html_to_pdf", lambda html: html.encode())
    address = reverse("places:minutes", args=[stage.cycle.pk])
    assert SECRET not in client_of("member").get(address).content.decode()
    assert SECRET in client_of("lead").get(address).content.decode()
    assert SECRET not in pages(client_of("member"), stage)


def test_it_cannot_be_changed_nor_opened(stage, cast, client_of, rows):
    start(stage.cycle, cast.user("lead"), places=2)
    hidden, member = line(rows[1]), cast.user("member")
    address = reverse("places:line", args=[stage.cycle.pk, hidden.pk])
    assert client_of("member").get(address).status_code == 404
    assert client_of("member").post(address, {"outcome": "declined"}).status_code == 404
    with pytest.raises(Refused, match="nicht mitwirken"):
        domain.decide_line(hidden, outcome="declined", reason="Nein", by=member)


def test_a_tie_with_it_is_for_the_others(stage, cast, client_of):
    for name in ("Ahornblatt", SECRET):
        person = make.make_person("Erika", name, municipality=stage.other)
        superior = cast.member if name == SECRET else None
        nominate(stage.cycle, stage.other, 1, person=person, superior=superior)
    allocation = start(stage.cycle, cast.user("lead"), places=1)
    page = pages(client_of("member"), stage)
    assert SECRET not in page
    assert "Weitere Gleichstände berät der Beirat ohne Sie" in page
    tie = reverse("places:tie", args=[stage.cycle.pk, 1])
    assert client_of("member").get(tie).status_code == 404
    assert client_of("lead").get(tie).status_code == 200
    seen = board(allocation, cast.user("member")).rows[0].line
    with pytest.raises(Refused, match="nicht mitwirken"):
        domain.decide_line(seen, outcome="placed", reason="Ja", by=cast.user("member"))


def test_after_the_close_it_stays_hidden_from_later_decisions(stage, cast, client_of, rows):
    lead = cast.user("lead")
    allocation = start(stage.cycle, lead, places=2)
    agree(allocation, lead)
    domain.close(allocation, by=lead)
    seat = cast.member.seats.get()
    seat.lead = True
    seat.save()
    address = reverse("places:later", args=[stage.cycle.pk, rows[1].pk])
    assert client_of("member").get(address).status_code == 404
    assert SECRET not in pages(client_of("member"), stage)


def test_staff_in_conflict_do_not_tell_it(stage, cast, client_of, rows):
    lead = cast.user("lead")
    mine = nominate(stage.cycle, stage.own, 1, superior=cast.hr)
    allocation = start(stage.cycle, lead, places=4)
    agree(allocation, lead)
    domain.close(allocation, by=lead)
    address = reverse("places:tell", args=[stage.cycle.pk, mine.pk])
    assert client_of("hr").get(address).status_code == 404
    assert "Ergebnis noch nicht" not in client_of("hr").get("/").content.decode()

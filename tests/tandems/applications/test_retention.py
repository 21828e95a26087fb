"""Applications are kept for their period and not a day longer, with all that hangs on them."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.test import TestCase

from mentoring.files.domain import readers, store_bytes
from mentoring.log.models import LogEntry
from programmes.cycles.models import Cycle, CycleState, Participant, ParticipantRole, Participation
from programmes.people.models import Person
from programmes.people.retention import NotAllDeleted, delete_due, known_about
from programmes.privacy import periods
from tandems.applications.models import Application, ApplicationState
from tandems.profiles.models import Consent, Exclusion
from tandems.selection.models import ApplicationNote
from tests import factories as make
from tests.programmes.privacy.makers import BERLIN, at, moved, night_of, own_period

MATCHING = date(2026, 3, 2)
RUNNING = date(2026, 6, 1)
ENDED = date(2027, 10, 1)
TOLD = date(2026, 4, 1)
WITHDRAWN = datetime(2026, 3, 20, 12, tzinfo=BERLIN)


def days(number: int) -> timedelta:
    return timedelta(days=number)


def lives(application: Application) -> bool:
    return Application.objects.filter(pk=application.pk).exists()


@pytest.fixture
def application(stage):
    """An application of a person about whom nothing else is known."""

    def application(state: str, **fields) -> Application:
        made = make.make_application(stage.cycle, stage.own, ApplicationState(state), **fields)
        Consent.objects.filter(person=made.person).delete()
        return made

    return application


CASES = {
    "draft": ("draft", {}, "matching", MATCHING, 90),
    "submitted": ("submitted", {}, "matching", MATCHING, 90),
    "not nominated": ("not_nominated", {}, "matching", MATCHING, 90),
    "withdrawn as a draft": ("withdrawn", {"withdrawn_at": WITHDRAWN}, "matching", WITHDRAWN, 90),
    "draft of a cancelled cycle": ("draft", {}, "cancelled", ENDED, 90),
    "declined": ("declined", {"informed_on": TOLD}, "matching", TOLD, 90),
    "declined, never told": ("declined", {"informed_on": None}, "closed", ENDED, 90),
    "waited in vain": ("waiting", {"informed_on": TOLD}, "running", RUNNING, 90),
    "nominated, never decided": ("nominated", {}, "closed", ENDED, 90),
    "withdrawn after nomination": (
        "withdrawn",
        {"withdrawn_at": WITHDRAWN, "nominated_at": WITHDRAWN, "rank": 1},
        "matching",
        WITHDRAWN,
        90,
    ),
    "placed": ("placed", {}, "closed", ENDED, 90),
}


@pytest.mark.parametrize("case", CASES)
def test_each_class_goes_on_its_day_and_not_before(case, stage, application):
    state, fields, reached, counts_from, kept = CASES[case]
    made = application(state, **fields)
    reaches = {"matching_on": MATCHING}
    if reached in ("running", "closed"):
        reaches["running_on"] = RUNNING
    if reached in ("closed", "cancelled"):
        reaches["ended_on"] = ENDED
    if reached == "cancelled":
        reaches = {"ended_on": ENDED, "cancel_reason": "zu wenige"}
    moved(stage.cycle, reached, **reaches)
    day = counts_from.date() if isinstance(counts_from, datetime) else counts_from
    night_of(day + days(kept - 1))
    assert lives(made)
    night_of(day + days(kept))
    assert not lives(made)
    assert not Person.objects.filter(pk=made.person_id).exists()


@pytest.mark.parametrize("state", ["draft", "submitted", "not_nominated", "nominated", "waiting"])
def test_nothing_goes_while_the_cycle_still_needs_it(state, stage, application):
    made = application(state)
    if state == "waiting":
        moved(stage.cycle, "matching", matching_on=MATCHING)
    night_of(date(2035, 1, 1))
    assert lives(made)


def test_a_placed_application_stays_to_the_end(stage, application):
    made = application("placed")
    moved(stage.cycle, "running", matching_on=MATCHING, running_on=RUNNING)
    night_of(date(2035, 1, 1))
    assert lives(made)


def test_a_cycle_that_ended_before_the_day_was_kept_counts_from_its_last_year(stage, application):
    made = application("placed")
    moved(stage.cycle, "closed")
    night_of(date(stage.cycle.end_year, 12, 31) + days(89))
    assert lives(made)
    night_of(date(stage.cycle.end_year, 12, 31) + days(90))
    assert not lives(made)


def test_the_cycles_own_period_holds(stage, application):
    made = application("declined", informed_on=TOLD)
    elsewhere = make.make_application(
        make.make_cycle(stage.programme, number=77, state=CycleState.MATCHING),
        stage.own,
        ApplicationState.DECLINED,
        informed_on=TOLD,
    )
    own_period(stage.cycle, "declined", 14)
    night_of(TOLD + days(13))
    assert lives(made)
    night_of(TOLD + days(14))
    assert not lives(made)
    assert lives(elsewhere)


@pytest.fixture
def full(stage, application):
    """A declined application with files, notes, exclusions, a log and a row of its own."""
    readers._entries.setdefault("test.retention", (100, lambda user, stored: False))

    def stored(name: str):
        return store_bytes(
            b"x", name=name, content_type="image/png", purpose="test.retention", by=None
        )

    made = application(
        "declined", informed_on=TOLD, photo=stored("foto.png"), signed_sheet=stored("bogen.png")
    )
    made.motivation = "geändert"
    made.save()
    make.make_participant(stage.cycle, stage.own, ParticipantRole.APPLICANT, person=made.person)
    author = make.make_hr(stage.other)
    ApplicationNote.objects.create(application=made, author=author, text="Eindruck", shared=True)
    Exclusion.objects.create(cycle=stage.cycle, subject=made.person, name="Fritz Unerwünscht")
    return made


def test_files_notes_exclusions_rows_and_log_go_along(stage, full):
    paths = [Path(default_storage.path(f.content.name)) for f in (full.photo, full.signed_sheet)]
    assert all(path.exists() for path in paths)
    assert LogEntry.objects.filter(object_repr__startswith="Bewerbung ").exists()
    with at(TOLD + days(90)), TestCase.captureOnCommitCallbacks(execute=True):
        delete_due()
    assert not any(path.exists() for path in paths)
    assert not ApplicationNote.objects.exists()
    assert not Exclusion.objects.exists()
    assert not Participant.objects.filter(person=full.person_id).exists()
    names = (f"Bewerbung {full.pk}", full.person.full_name, "Notiz", "Ausschluss", "Bewerber/in in")
    held = " ".join(LogEntry.objects.values_list("object_repr", flat=True))
    assert not [name for name in names if name in held]


def test_published_figures_stay(stage, full):
    Participation.objects.filter(cycle=stage.cycle).update(mentees=3, mentors=2)
    moved(stage.cycle, "closed", ended_on=ENDED, published_tandems=3)
    night_of(ENDED + days(2000))
    assert Cycle.objects.get(pk=stage.cycle.pk).published_tandems == 3
    assert {p.mentees for p in Participation.objects.filter(cycle=stage.cycle)} == {3}


def test_a_person_with_another_record_survives_whole(stage, application):
    made = application("declined", informed_on=TOLD)
    make.make_participant(
        make.make_cycle(stage.programme, number=78), stage.own, person=made.person
    )
    night_of(TOLD + days(90))
    assert not lives(made)
    assert Person.objects.get(pk=made.person_id).email == made.person.email


def test_a_person_with_a_sign_in_survives(stage, application):
    person = make.make_person(municipality=stage.own, sign_in=True)
    made = application("declined", informed_on=TOLD, person=person)
    night_of(TOLD + days(90))
    assert not lives(made)
    assert Person.objects.filter(pk=person.pk).exists()


def test_a_consent_keeps_name_and_kommune_alone(stage, application):
    made = application("declined", informed_on=TOLD)
    make.make_consent(stage.cycle, made.person)
    night_of(TOLD + days(90))
    person = Person.objects.get(pk=made.person_id)
    assert (person.full_name, person.municipality) == (made.person.full_name, stage.own)
    assert (person.email, person.phone, person.position) == ("", "", "")
    assert "geändert" not in str(LogEntry.objects.filter(object_id=person.pk).values("changes"))


def test_running_twice_deletes_nothing_more(stage, application):
    application("declined", informed_on=TOLD)
    later = application("declined", informed_on=TOLD + days(1))
    assert night_of(TOLD + days(90)) >= 1
    assert night_of(TOLD + days(90)) == 0
    assert lives(later)


def test_killed_between_batches_it_goes_on_where_it_was(stage, application, monkeypatch):
    """Each batch goes whole or not at all; what was killed is done the next time."""
    made = [application("declined", informed_on=TOLD) for _ in range(5)]
    monkeypatch.setattr(periods, "BATCH", 2)
    data = periods.cycle_data.get("declined")
    calls = []

    def killed(cycle, keys):
        data.remove(cycle, keys)
        calls.append(keys)
        if len(calls) == 2:
            raise KeyboardInterrupt

    entries = periods.cycle_data._entries
    monkeypatch.setitem(entries, "declined", (20, replace(data, remove=killed)))
    with at(TOLD + days(90)), pytest.raises(KeyboardInterrupt):
        delete_due()
    assert sum(lives(one) for one in made) == 3
    monkeypatch.setitem(entries, "declined", (20, data))
    assert night_of(TOLD + days(90)) == 3
    assert not any(lives(one) for one in made)


def test_what_a_class_cannot_delete_holds_up_no_other(stage, application, monkeypatch):
    made = application("declined", informed_on=TOLD)
    stuck = application("not_nominated")
    moved(stage.cycle, "matching", matching_on=TOLD)
    data = periods.cycle_data.get("unfinished")
    monkeypatch.setitem(
        periods.cycle_data._entries,
        "unfinished",
        (10, replace(data, remove=lambda cycle, keys: None)),
    )
    with at(TOLD + days(90)), pytest.raises(NotAllDeleted, match="unfinished"):
        delete_due()
    assert lives(stuck)
    assert not lives(made)


# --- Auskunft -----------------------------------------------------------------------------
def told(person: Person, to=None) -> str:
    return str(known_about(person, to=to))


def test_an_outcome_nobody_told_yet_stays_out(stage, application):
    made = application("declined", informed_on=None, statement="Geheime Stellungnahme", rank=7)
    assert "kein Platz" not in told(made.person)
    assert "Geheime Stellungnahme" not in told(made.person)
    assert "Rang" not in told(made.person)
    Application.objects.filter(pk=made.pk).update(informed_on=TOLD)
    assert "kein Platz" in told(made.person)


def test_nobody_learns_who_was_named_or_that_somebody_was(stage, application):
    made = application("submitted")
    without = told(made.person)
    Exclusion.objects.create(cycle=stage.cycle, subject=made.person, name="Fritz Unerwünscht")
    assert told(made.person) == without
    named = make.make_person("Fritz", "Unerwünscht", municipality=stage.own)
    before = told(named)
    Exclusion.objects.create(cycle=stage.cycle, subject=made.person, person=named)
    assert told(named) == before


def test_notes_of_others_stay_out(stage, full):
    assert "Eindruck" not in told(full.person)


@pytest.mark.parametrize("conflict", ["superior", "excluded"])
def test_hr_with_a_conflict_gets_no_sign_of_the_application(conflict, stage, cast, application):
    made = application("nominated", motivation="Verräterische Motivation")
    make.make_consent(stage.cycle, made.person)
    assert "Verräterische Motivation" in told(made.person, cast.user("hr"))
    if conflict == "superior":
        Application.objects.filter(pk=made.pk).update(superior=cast.hr)
    else:
        Exclusion.objects.create(cycle=stage.cycle, subject=made.person, person=cast.hr)
    answer = told(made.person, cast.user("hr"))
    headings = [title for title, _ in known_about(made.person, to=cast.user("hr"))]
    assert headings == [
        title
        for title, _ in known_about(make.make_person(municipality=stage.own), to=cast.user("hr"))
    ]
    for word in ("Motivation", "Bewerbung", "Einwilligung", "Durchgang"):
        assert word not in answer

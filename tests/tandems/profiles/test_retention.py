"""Consents outlive the data they justified, exclusions end with the sheet and not before."""

from datetime import date, timedelta

import pytest

from mentoring.log.models import LogEntry
from programmes.people.models import Person
from programmes.people.retention import erase, known_about
from tandems.applications.models import Application, ApplicationState
from tandems.profiles.models import Consent, ConsentKind, Exclusion
from tests import factories as make
from tests.programmes.privacy.makers import moved, night_of, own_period

ENDED = date(2027, 10, 1)
YEARS = timedelta(days=3 * 365)


@pytest.fixture
def placed(stage):
    made = make.make_application(stage.cycle, stage.own, ApplicationState.PLACED)
    make.make_consent(stage.cycle, made.person)
    moved(stage.cycle, "closed", ended_on=ENDED)
    return made


def test_the_proof_outlives_the_data_and_then_goes_with_the_person(placed):
    night_of(ENDED + timedelta(days=90))
    assert not Application.objects.filter(pk=placed.pk).exists()
    night_of(ENDED + YEARS - timedelta(days=1))
    assert Consent.objects.filter(person=placed.person_id).exists()
    night_of(ENDED + YEARS)
    assert not Consent.objects.exists()
    assert not Person.objects.filter(pk=placed.person_id).exists()
    held = " ".join(LogEntry.objects.values_list("object_repr", flat=True))
    assert "Einwilligung" not in held


def test_never_before_the_sheet_it_justified(stage, placed):
    own_period(stage.cycle, "consents", 365)
    # A sheet whose deletion fails night after night still needs its proof.
    Application.objects.filter(pk=placed.pk).update(state=ApplicationState.DECLINED)
    own_period(stage.cycle, "declined", 3650)
    Application.objects.filter(pk=placed.pk).update(informed_on=ENDED)
    night_of(ENDED + timedelta(days=366))
    assert Consent.objects.filter(person=placed.person_id).exists()


def test_exclusions_keep_the_sheet_closed_to_its_end(stage, placed, cast):
    Exclusion.objects.create(cycle=stage.cycle, subject=placed.person, person=cast.hr)
    own_period(stage.cycle, "exclusions", 1)
    night_of(ENDED + timedelta(days=89))
    assert Exclusion.objects.exists()
    assert not Application.objects.visible_to(cast.user("hr")).exists()
    night_of(ENDED + timedelta(days=90))
    assert not Exclusion.objects.exists()


def test_what_no_sheet_needs_goes_on_its_day(stage, cast):
    Exclusion.objects.create(cycle=stage.cycle, subject=cast.mentee, name="Fritz Niemals")
    night_of(date(2035, 1, 1))
    assert Exclusion.objects.exists()  # the cycle is open
    moved(stage.cycle, "closed", ended_on=ENDED)
    night_of(ENDED + timedelta(days=27))
    assert Exclusion.objects.exists()
    night_of(ENDED + timedelta(days=28))
    assert not Exclusion.objects.exists()


def test_the_answer_tells_words_and_days(stage, cast):
    make.make_consent(
        stage.cycle, cast.mentee, kind=ConsentKind.PHOTO, withdrawn_on=date(2026, 2, 1)
    )
    text = str(dict(known_about(cast.mentee))["Einwilligungen"])
    assert "Wortlaut Foto und Presse" in text
    assert "widerrufen am 01.02.2026" in text


def test_erasure_takes_both_sides_of_an_exclusion(stage, cast):
    person = make.make_person(municipality=stage.own)
    Exclusion.objects.create(cycle=stage.cycle, subject=person, name="Fritz Niemals")
    Exclusion.objects.create(cycle=stage.cycle, subject=cast.mentee, person=person)
    make.make_consent(stage.cycle, person)
    erase(person, by=cast.user("hr"))
    assert not Exclusion.objects.exists()
    assert not Consent.objects.exists()
    held = " ".join(LogEntry.objects.values_list("object_repr", flat=True))
    assert "Ausschluss" not in held

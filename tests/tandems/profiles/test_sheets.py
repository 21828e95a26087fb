"""The shipped sheets ask what was agreed, and nothing that is not to be asked."""

import re

import pytest

from tandems.profiles.applicant_sheet import APPLICANT_SHEET
from tandems.profiles.mentor_sheet import MENTOR_SHEET
from tandems.profiles.models import SheetKind
from tandems.profiles.questions import Kept, Kind, Needed, questions
from tandems.profiles.versions import changed

SHEETS = [APPLICANT_SHEET, MENTOR_SHEET]
FORBIDDEN = re.compile(
    r"\b(alter|geburt\w*|famili\w*|kinder|religion|behinderung|gesundheit|ernährung)\b", re.I
)


@pytest.mark.parametrize("sheet", SHEETS)
def test_keys_are_unique_and_nothing_protected_is_asked(sheet):
    asked = list(questions(sheet))
    assert len({question.key for question in asked}) == len(asked)
    for question in asked:
        assert not FORBIDDEN.search(f"{question.label} {question.hint}"), question.key


@pytest.mark.parametrize("sheet", SHEETS)
def test_the_anonymous_sheet_shows_no_words_of_ones_own(sheet):
    shown = [question for question in questions(sheet) if question.anonymous]
    assert {"topics", "span_functional"} <= {question.key for question in shown}
    for question in shown:
        assert question.kind in (Kind.CHOICE, Kind.CHOICES, Kind.NUMBER), question.key
        assert question.kept != Kept.PERSON
        assert question.in_profile_sheet


def test_pay_and_career_track_are_off_until_switched_on():
    off = {"pay_grade", "career_track", "in_service_since"}
    usual = {question.key for question in questions(changed(SheetKind.APPLICANT, {}))}
    assert not off & usual
    on = changed(SheetKind.APPLICANT, {"applicant": {"on": sorted(off)}})
    assert off <= {question.key for question in questions(on)}


def test_what_the_rules_hang_on_cannot_be_switched_off():
    everything = [question.key for question in questions(APPLICANT_SHEET)]
    sheet = changed(
        SheetKind.APPLICANT, {"applicant": {"off": everything, "voluntary": everything}}
    )
    left = {question.key: question for question in questions(sheet)}
    assert {"first_name", "last_name", "email", "excluded", "superior", "consent_forward"} <= set(
        left
    )
    assert left["consent_forward"].needed == Needed.TO_NOMINATE
    assert "statement" not in left


def test_only_the_kommune_answers_what_is_its_own():
    own = {question.key for question in questions(APPLICANT_SHEET) if question.house_only}
    assert {"statement", "superior", "superior_agreed", "hr_agreed", "email"} <= own
    assert "excluded" not in own

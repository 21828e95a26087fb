"""What is kept of matching and of the tandems' year, how long, and what a person is told."""

import re
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta

import pytest

from mentoring.log.models import LogEntry
from mentoring.ui.errors import Refused
from programmes.cycles.models import CouncilSeat
from programmes.people.models import Person
from programmes.people.retention import erase, known_about
from programmes.privacy.periods import cycle_data, pending
from tandems.applications.models import Application
from tandems.matching.models import Bias, DroppedIdea, IdeaComment, IdeaVoice, MatchIdea
from tandems.meetings.models import HelpCall, TandemMeeting
from tandems.mentors.domain import delete_idea
from tandems.mentors.models import Mentor
from tandems.pairs.models import Overrule, PairRule, Tandem, TandemState, TandemVoice
from tandems.suggestions.models import Suggestion
from tests.programmes.privacy.makers import moved, night_of
from tests.tandems.meetings.makers import make_meeting, make_pair, running_tandem
from tests.tandems.pairs.makers import in_matching, make_mentee, make_mentor

pytestmark = pytest.mark.django_db

BEGUN = date(2026, 3, 1)
ENDED = date(2027, 3, 31)
BEFORE = datetime(2026, 2, 10, 12, tzinfo=UTC)


@pytest.fixture
def building():
    """With the log: what it says goes too."""
    return nullcontext


def thoughts(stage, cast, mentee, mentor, at=BEFORE):
    """Everything the Beirat keeps of a possible pair."""
    idea = MatchIdea.objects.create(
        application=mentee, mentor=mentor, had_by=cast.member, reason="gut", created_at=at
    )
    part = stage.cycle.participations.get(municipality=stage.own)
    IdeaVoice.objects.create(idea=idea, participation=part, stance="support")
    IdeaComment.objects.create(idea=idea, author=cast.lead, text="Ja")
    DroppedIdea.objects.create(
        application=mentee, mentor=mentor, reason="nein", dropped_by=cast.lead, dropped_at=at
    )
    Bias.objects.create(mentor=mentor, member=cast.member, declared_at=at)
    Overrule.objects.create(
        application=mentee,
        mentor=mentor,
        rule=PairRule.NOT_FREE,
        reason="kommt später",
        overruled_at=at,
    )
    return idea


THOUGHTS = (MatchIdea, IdeaVoice, IdeaComment, DroppedIdea, Bias, Overrule)


def counts(*models):
    return [model.objects.count() for model in models]


def log_of(*models):
    labels = [model._meta.model_name for model in models]
    return LogEntry.objects.filter(content_type__model__in=labels).count()


# --- Periods -------------------------------------------------------------------------------
def test_what_was_thought_goes_four_weeks_into_the_year_with_its_log(stage, cast):
    tandem = running_tandem(stage, cast, reason="passt", revealed_at=BEFORE)
    part = stage.cycle.participations.get(municipality=stage.own)
    TandemVoice.objects.create(tandem=tandem, participation=part, stance="agree")
    thoughts(stage, cast, tandem.application, tandem.mentor)
    Suggestion.objects.create(cycle=stage.cycle, basis="x", made_at=BEFORE)
    night_of(BEGUN + timedelta(days=27))
    assert counts(*THOUGHTS, TandemVoice, Suggestion) == [1] * 8
    assert log_of(*THOUGHTS, TandemVoice) > 0
    night_of(BEGUN + timedelta(days=28))
    assert counts(*THOUGHTS, TandemVoice, Suggestion) == [0] * 8
    assert log_of(*THOUGHTS, TandemVoice, Suggestion) == 0
    tandem.refresh_from_db()
    assert (tandem.reason, tandem.state) == ("", TandemState.REVEALED)


def test_a_match_anew_is_deliberated_in_peace(stage, cast):
    in_matching(stage.cycle, "running")
    mentee, mentor = make_mentee(stage.cycle, stage.own), make_mentor(stage.cycle, stage.other)
    thoughts(stage, cast, mentee, mentor)
    late = datetime(2026, 9, 1, 12, tzinfo=UTC)
    other = make_mentor(stage.cycle, stage.other)
    thoughts(stage, cast, make_mentee(stage.cycle, stage.own), other, late)
    pair = make_pair(mentee, mentor, TandemState.AGREED, reason="passt")
    night_of(date(2026, 9, 10))
    # The one is secret still, the other is of this week.
    assert MatchIdea.objects.count() == 2
    assert Overrule.objects.count() == 2
    Tandem.objects.filter(pk=pair.pk).update(
        state=TandemState.REVEALED, sealed_at=late, revealed_at=late
    )
    night_of(date(2026, 9, 20))
    assert MatchIdea.objects.count() == 1
    assert Tandem.objects.get().reason == "passt"
    night_of(date(2026, 10, 1))
    assert (MatchIdea.objects.count(), Tandem.objects.get().reason) == (0, "")


def test_tandems_and_meetings_go_after_the_end_and_figures_stay(stage, cast):
    tandem = running_tandem(stage, cast, TandemState.COMPLETED)
    make_meeting(tandem, date(2026, 5, 1))
    HelpCall.objects.create(tandem=tandem, asked_by=cast.mentee, contact=cast.lead)
    stage.cycle.refresh_from_db()
    stage.cycle.published_tandems = 1
    stage.cycle.save()
    moved(stage.cycle, "closed", ended_on=ENDED)
    night_of(ENDED + timedelta(days=89))
    assert counts(Tandem, TandemMeeting, HelpCall) == [1, 1, 1]
    night_of(ENDED + timedelta(days=90))
    assert counts(Tandem, TandemMeeting, HelpCall) == [0, 0, 0]
    assert log_of(Tandem, TandemMeeting, HelpCall) == 0
    stage.cycle.refresh_from_db()
    assert stage.cycle.published_tandems == 1


def test_who_left_in_the_year_is_kept_with_it_so_that_the_number_is_right(stage, cast):
    tandem = running_tandem(stage, cast, TandemState.ENDED_EARLY)
    Application.objects.filter(pk=tandem.application_id).update(
        state="withdrawn", withdrawn_at=BEFORE
    )
    night_of(date(2026, 12, 1))
    assert counts(Tandem, Application) == [1, 1]
    moved(stage.cycle, "closed", ended_on=ENDED)
    night_of(ENDED + timedelta(days=90))
    assert counts(Tandem, Application) == [0, 0]


def test_pairs_of_a_cycle_that_was_called_off_go_at_once(stage, cast):
    in_matching(stage.cycle)
    pair = make_pair(
        make_mentee(stage.cycle, stage.own),
        make_mentor(stage.cycle, stage.other),
        TandemState.AGREED,
    )
    moved(stage.cycle, "cancelled", ended_on=ENDED, cancel_reason="kein Geld")
    # Nobody is told of a number: it would tell that there were some.
    night_of(ENDED + timedelta(days=1))
    assert not Tandem.objects.filter(pk=pair.pk).exists()


def test_a_call_that_was_seen_to_goes_before_the_cycle_ends(stage, cast):
    tandem = running_tandem(stage, cast)
    day = date(2026, 5, 1)
    for settled_on in (day, None):
        HelpCall.objects.create(
            tandem=tandem, asked_by=cast.mentee, contact=cast.lead, settled_on=settled_on
        )
    night_of(day + timedelta(days=90))
    assert HelpCall.objects.get().settled_on is None


def test_the_number_of_tandems_leaves_out_what_a_reader_must_not_know(stage, cast):
    tandem = running_tandem(stage, cast, TandemState.COMPLETED)
    tandem.application.superior = cast.permanent
    tandem.application.save()
    other = make_pair(
        make_mentee(stage.cycle, stage.own),
        make_mentor(stage.cycle, stage.other),
        TandemState.COMPLETED,
    )
    moved(stage.cycle, "closed", ended_on=ENDED)
    data = cycle_data.get("tandems")
    found = pending(stage.cycle, "tandems")
    assert set(found.keys) == {tandem.pk, other.pk}
    assert data.counted(stage.cycle, cast.user("permanent"), found.keys) == 1
    assert data.counted(stage.cycle, cast.user("stranger"), found.keys) == 0


# --- What a person is told -----------------------------------------------------------------
def told(person, to=None):
    return str(known_about(person, to=to))


def test_the_two_are_told_of_their_tandem_and_meetings(stage, cast):
    tandem = running_tandem(stage, cast, TandemState.ACTIVE, agreement_on=date(2026, 3, 20))
    make_meeting(tandem, date(2026, 5, 1), minutes=75)
    HelpCall.objects.create(tandem=tandem, asked_by=cast.mentor, contact=cast.lead)
    for person, other in ((cast.mentee, cast.mentor), (cast.mentor, cast.mentee)):
        answer = told(person)
        assert other.full_name in answer
        for part in ("06.03.2026", "20.03.2026", "01.05.2026", "75 Minuten"):
            assert part in answer
    assert "Bitte um Hilfe" in told(cast.mentor)
    assert "Bitte um Hilfe" not in told(cast.mentee)


@pytest.mark.parametrize("state", TandemState.secret())
def test_nobody_is_told_of_a_pair_before_the_reveal(stage, cast, state):
    tandem = running_tandem(stage, cast, TandemState(state), reason="Unverwechselgrund")
    thoughts(stage, cast, tandem.application, tandem.mentor)
    for person, other in ((cast.mentee, cast.mentor), (cast.mentor, cast.mentee)):
        for answer in (told(person), told(person, cast.user("hr"))):
            assert other.last_name not in answer
            assert "Unverwechselgrund" not in answer
            assert "Tandem in" not in answer


def test_a_mentor_shown_first_is_told_and_the_mentee_is_not(stage, cast):
    running_tandem(stage, cast, TandemState.SEALED, mentor_told_at=BEFORE)
    assert cast.mentee.full_name in told(cast.mentor)
    assert cast.mentor.last_name not in told(cast.mentee)
    assert cast.mentee.last_name not in told(cast.mentor, cast.user("other_hr"))


def test_the_house_reads_of_the_tandem_and_of_no_meeting(stage, cast):
    tandem = running_tandem(stage, cast, TandemState.ACTIVE)
    make_meeting(tandem, date(2026, 5, 1), minutes=75)
    answer = told(cast.mentee, cast.user("hr"))
    assert cast.mentor.full_name in answer
    assert "01.05.2026" not in answer
    # As a word: the address of somebody invented may well have a 75 in it.
    assert not re.search(r"\b75\b", answer)


def test_what_somebody_wrote_in_the_beirat_is_told_as_numbers(stage, cast):
    tandem = running_tandem(stage, cast)
    idea = thoughts(stage, cast, tandem.application, tandem.mentor)
    idea.reason = "Unverwechselgrund"
    idea.save()
    answer = told(cast.member)
    assert "Von Ihnen eingetragene mögliche Matches" in answer
    assert "Unverwechselgrund" not in answer
    assert "mögliche Matches" not in told(cast.mentee)
    assert "mögliche Matches" not in told(cast.member, cast.user("hr"))


# --- Erasure -------------------------------------------------------------------------------
def test_nobody_is_erased_out_of_a_running_tandem(stage, cast):
    running_tandem(stage, cast)
    in_matching(stage.cycle)  # revealed at the workshop, the phase is begun later
    for person in (cast.mentee, cast.mentor):
        with pytest.raises(Refused, match="Tandem, dessen Jahr läuft"):
            erase(person, by=cast.user("hr"))


@pytest.mark.parametrize("half", ["mentee", "mentor"])
def test_with_one_half_goes_their_year_and_what_the_log_says(stage, cast, half):
    tandem = running_tandem(stage, cast, TandemState.ENDED_EARLY)
    make_meeting(tandem, date(2026, 5, 1))
    thoughts(stage, cast, tandem.application, tandem.mentor)
    HelpCall.objects.create(tandem=tandem, asked_by=cast.mentor, contact=cast.lead)
    moved(stage.cycle, "closed", ended_on=ENDED)
    person = getattr(cast, half)
    erase(person, by=cast.user("hr"))
    assert not Person.objects.filter(pk=person.pk).exists()
    assert counts(Tandem, TandemMeeting, HelpCall, MatchIdea, IdeaComment, Overrule) == [0] * 6
    assert log_of(Tandem, TandemMeeting, HelpCall, MatchIdea, IdeaComment, Overrule) == 0
    assert counts(Application, Mentor) == ([0, 1] if half == "mentee" else [1, 0])


def test_a_secret_pair_goes_without_a_word_and_frees_the_other(stage, cast):
    tandem = running_tandem(stage, cast, TandemState.SEALED)
    in_matching(stage.cycle)
    erase(cast.mentee, by=cast.user("hr"))
    assert not Tandem.objects.exists()
    assert Mentor.objects.get() == tandem.mentor


def test_of_who_leaves_the_beirat_no_words_stay_and_calls_go_to_the_next(stage, cast):
    tandem = running_tandem(stage, cast, accompanied_by=cast.member)
    idea = thoughts(stage, cast, tandem.application, tandem.mentor)
    IdeaComment.objects.create(idea=idea, author=cast.member, text="Nein")
    call = HelpCall.objects.create(tandem=tandem, asked_by=cast.mentee, contact=cast.member)
    CouncilSeat.objects.filter(person=cast.member).update(until=date(2026, 3, 7))
    erase(cast.member, by=cast.user("hr"))
    tandem.refresh_from_db()
    idea.refresh_from_db()
    call.refresh_from_db()
    assert (tandem.accompanied_by, idea.had_by, call.contact) == (None, None, cast.lead)
    assert [comment.author for comment in IdeaComment.objects.all()] == [cast.lead]
    assert not Bias.objects.exists()


def test_a_dropped_mentor_idea_leaves_nothing_in_the_log(stage, cast):
    in_matching(stage.cycle)
    mentor = make_mentor(stage.cycle, stage.other, state="idea", had_by=cast.lead)
    mentee = make_mentee(stage.cycle, stage.own)
    thoughts(stage, cast, mentee, mentor)
    delete_idea(mentor, by=cast.user("lead"))
    assert counts(*THOUGHTS) == [0] * 6
    assert log_of(*THOUGHTS) == 0

"""Working an assignment out: the same each time, at once or as a job, with the rights of now."""

import pytest

from mentoring.jobs.domain import claim_next, run_claimed, stop_job, take_back_lost
from mentoring.jobs.models import Job, JobState
from mentoring.log.models import LogEntry
from mentoring.ui.errors import Refused
from programmes.cycles.models import CouncilSeat
from tandems.applications.models import Application
from tandems.suggestions import domain, jobs
from tandems.suggestions.models import Suggestion
from tests.tandems.pairs.makers import in_matching, make_mentor
from tests.tandems.suggestions.makers import mentee, mentor, text_of, url


@pytest.fixture
def cycle(stage):
    return in_matching(stage.cycle)


@pytest.fixture
def six(stage, cycle):
    """Three mentees who look alike, and three mentors: only the keys tell them apart."""
    for at in range(3):
        mentee(stage, f"Name{at}", rank=at + 1)
        mentor(stage, f"Name{at}")


def test_the_same_input_gives_the_same_answer(stage, cast, cycle, six):
    first = domain.compute(cycle, by=cast.user("lead"))
    kept, basis = first.result, first.basis
    again = domain.compute(cycle, by=cast.user("member"))
    assert (again.result, again.basis) == (kept, basis)
    assert Suggestion.objects.count() == 1
    assert again.made_by == cast.user("member")


def test_all_of_the_cycle_goes_in_whoever_asks(stage, cast, cycle):
    """Otherwise each reader would see another assignment, and compare."""
    hidden = mentee(stage, "Unterstellt", superior=cast.member)
    mentor(stage, "Gut")
    found = domain.compute(cycle, by=cast.user("member"))
    assert [pair["mentee"] for pair in found.result["pairs"]] == [hidden.pk]


def test_only_who_matches_may_ask(stage, cast, cycle, six):
    make_mentor(cycle, stage.own, person=cast.member)
    for name in ("member", "hr", "logistics", "stranger"):
        with pytest.raises(Refused, match="wirken Sie nicht"):
            domain.compute(cycle, by=cast.user(name))
    assert not Suggestion.objects.exists()


def test_the_log_says_that_it_was_done_and_not_what(stage, cast, cycle, six):
    domain.compute(cycle, by=cast.user("lead"))
    entry = LogEntry.objects.filter(content_type__model="suggestion").get()
    assert entry.actor == cast.user("lead")
    assert entry.cycle_id == cycle.pk
    assert "mentee" not in str(entry.changes)


def test_a_small_cycle_is_worked_out_at_once(stage, cast, cycle, six, client_of):
    member = client_of("member")
    assert "Der Rechner schlägt vor" in text_of(member.get(url(stage, "compute")))
    answer = member.post(url(stage, "compute"))
    assert answer["Location"] == url(stage, "suggestions")
    assert not Job.objects.exists()
    assert len(Suggestion.objects.get().result["pairs"]) == 3


class TestALargeOne:
    @pytest.fixture
    def job(self, stage, cast, cycle, six, client_of, monkeypatch):
        monkeypatch.setattr(jobs, "DIRECT_PAIRS", 8)
        answer = client_of("member").post(url(stage, "compute"))
        job = Job.objects.get()
        assert answer["Location"] == job.get_absolute_url()
        return job

    def run(self, job):
        run_claimed(*claim_next())
        job.refresh_from_db()
        return job

    def test_is_a_job_that_names_nobody(self, job, stage, cast, client_of):
        assert "Es wird gerechnet" in text_of(client_of("member").get(url(stage, "suggestions")))
        assert job.params == {"cycle": stage.cycle.pk}
        assert "Name" not in job.title
        assert self.run(job).state == JobState.DONE
        page = text_of(client_of("member").get(url(stage, "suggestions")))
        assert "Es wird gerechnet" not in page
        assert "3 Paare" in page

    def test_gives_what_it_gives_at_once(self, job, stage, cast):
        self.run(job)
        kept = Suggestion.objects.get().result
        assert domain.compute(stage.cycle, by=cast.user("lead")).result == kept

    def test_is_not_asked_for_twice(self, job, stage, client_of):
        answer = client_of("member").post(url(stage, "compute"))
        assert answer["Location"] == job.get_absolute_url()
        assert Job.objects.count() == 1

    def test_killed_it_is_run_again(self, job, stage):
        claim_next()  # and nobody ever works on it
        Job.objects.update(heartbeat_at="2020-01-01T00:00+00:00")
        assert take_back_lost() == 1
        assert not Suggestion.objects.exists()
        assert self.run(job).state == JobState.DONE
        assert len(Suggestion.objects.get().result["pairs"]) == 3

    def test_stopped_it_writes_nothing(self, job, cast):
        claimed = claim_next()
        stop_job(job, by=cast.user("member"))
        run_claimed(*claimed)
        job.refresh_from_db()
        assert job.state == JobState.STOPPED
        assert not Suggestion.objects.exists()

    def test_ends_with_the_right_to_it(self, job, cast):
        CouncilSeat.objects.filter(person=cast.member).update(until="2020-06-01")
        assert self.run(job).state == JobState.FAILED
        assert "wirken Sie nicht" in job.message
        assert not Suggestion.objects.exists()

    def test_ends_for_who_became_half_of_a_pair(self, job, stage, cast):
        make_mentor(stage.cycle, stage.own, person=cast.member)
        assert self.run(job).state == JobState.FAILED
        assert not Suggestion.objects.exists()

    def test_says_when_there_is_nobody_left(self, job):
        Application.objects.update(state="waiting")
        assert self.run(job).state == JobState.FAILED
        assert "nichts zu vergleichen" in job.message


def test_another_cycle_is_not_touched(stage, cast, cycle, six):
    domain.compute(cycle, by=cast.user("lead"))
    assert list(Suggestion.objects.values_list("cycle", flat=True)) == [cycle.pk]
    assert not Suggestion.objects.visible_to(cast.user("hr")).exists()
    assert Suggestion.objects.visible_to(cast.user("member")).exists()

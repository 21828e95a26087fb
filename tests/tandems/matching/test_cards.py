"""Cards to lay on the table: whose there are, what stands on them, and who reads them."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from mentoring.jobs.domain import claim_next, run_claimed
from mentoring.jobs.models import Job, JobState
from mentoring.log.models import LogEntry
from programmes.cycles.models import Cycle, ParticipationState
from tandems.matching import cards_jobs
from tandems.matching.cards import Wanted, cards_pdf, mentees_for, mentors_for
from tandems.mentors.models import Mentor
from tests import factories as make
from tests.tandems.pairs.makers import in_matching, make_mentee, make_mentor, make_tandem
from tests.tandems.selection.makers import (
    SECRET,
    consent_to_photo,
    make_photo,
    pages_of,
    pictures_of,
)

ALL = {"people": "both", "per_page": "4", "parts": ["position", "topics", "words", "lines"]}


@pytest.fixture
def cycle(stage):
    return in_matching(stage.cycle)


@pytest.fixture
def url(cycle):
    return reverse("matching:cards", args=[cycle.pk])


def mentee(stage, name, house=None, **fields):
    house = house or stage.own
    person = make.make_person("Erika", name, municipality=house)
    return make_mentee(stage.cycle, house, person=person, **fields)


def mentor(stage, name, house=None, **fields):
    house = house or stage.other
    person = make.make_person("Martin", name, municipality=house)
    return make_mentor(stage.cycle, house, person=person, **fields)


def text_of(answer):
    assert answer["Content-Type"] == "application/pdf", answer.content.decode()
    return " ".join(pages_of(answer.content))


def test_both_halves_with_what_was_chosen(stage, cast, cycle, client_of, url):
    mentee(
        stage,
        "Ahornblatt",
        position="Leitung der Wunderstelle",
        topics=["leadership", "digital"],
        expectations="Jemand mit langem Atem",
        statement=SECRET,
    )
    mentor(
        stage,
        "Ulmenrinde",
        capacity=2,
        topics=["network"],
        answers={"motivation": "Erfahrung weitergeben"},
    )
    answer = client_of("member").post(url, ALL)
    mentees, mentors = pages_of(answer.content)
    for word in ("Mentee", "Erika Ahornblatt", "Ahausen", "Leitung der Wunderstelle"):
        assert word in mentees
    assert "Führung, Digitalisierung" in mentees
    assert "Sucht: Jemand mit langem Atem" in mentees
    for word in ("Mentor/in", "Martin Ulmenrinde", "Übelheim", "Netzwerk", "2 Plätze"):
        assert word in mentors
    assert "Bietet: Erfahrung weitergeben" in mentors
    for page in (mentees, mentors):
        assert "Durchgang Nr. 11 · vertraulich" in page
    assert SECRET not in mentees
    assert answer["Content-Disposition"] == 'attachment; filename="karten-matching-11.pdf"'
    bare = text_of(client_of("member").post(url, {**ALL, "people": "mentees", "parts": []}))
    assert "Ahornblatt" in bare
    for left_out in ("Wunderstelle", "Führung", "Atem", "Ulmenrinde"):
        assert left_out not in bare


def test_it_can_be_heard_and_has_a_language(stage, cast, cycle, client_of, url):
    mentee(stage, "Ahornblatt")
    reader = PdfReader(io.BytesIO(client_of("lead").post(url, ALL).content))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "de"


def test_eight_to_a_page(stage, cast, cycle, client_of, url):
    for at in range(9):
        mentee(stage, f"Name{at}", rank=at + 1)
    lead = client_of("lead")
    assert len(pages_of(lead.post(url, ALL).content)) == 3
    assert len(pages_of(lead.post(url, {**ALL, "per_page": "8"}).content)) == 2


def test_who_is_concerned_finds_no_card(stage, cast, cycle, client_of, url):
    """Own subordinates, and whoever names the reader as out of the question."""
    mentee(stage, "Sichtbar")
    mentee(stage, "Unterstellt", superior=cast.member)
    hidden = mentor(stage, "Verborgen")
    make.make_exclusion(cycle, hidden.person, cast.member)
    mentor(stage, "Bekannt")
    seen = text_of(client_of("member").post(url, ALL))
    assert "Sichtbar" in seen
    assert "Bekannt" in seen
    assert "Unterstellt" not in seen
    assert "Verborgen" not in seen
    assert "Unterstellt" in text_of(client_of("lead").post(url, ALL))


def test_a_tandem_with_a_hidden_half_takes_no_card_away(stage, cast, cycle, client_of, url):
    """A missing card would say who is matched with the one the reader must not know of."""
    hidden, taken = mentee(stage, "Unterstellt", superior=cast.member), mentor(stage, "Vergeben")
    make_tandem(hidden, taken)
    other, found = mentee(stage, "Anders"), mentor(stage, "Gefunden")
    make_tandem(other, found)
    free = {**ALL, "only_free": "on"}
    seen = text_of(client_of("member").post(url, free))
    assert "Vergeben" in seen
    assert "Anders" not in seen
    assert "Gefunden" not in seen
    everything = mentors_for(cast.user("lead"), cycle, Wanted(only_free=True))
    assert everything == []


def test_filters(stage, cast, cycle, client_of, url):
    mentee(stage, "Ahorn")
    mentee(stage, "Ulme", stage.other)
    mentor(stage, "Zugesagt")
    make_mentor(cycle, stage.other, state="idea", position="Leitung des Bauamts")
    seen = text_of(client_of("lead").post(url, {**ALL, "houses": [str(stage.other.pk)]}))
    assert "Ulme" in seen
    assert "Ahorn" not in seen
    assert "Leitung des Bauamts" in seen
    assert "Idee" in seen
    seen = text_of(client_of("lead").post(url, {**ALL, "agreed_only": "on"}))
    assert "Leitung des Bauamts" not in seen
    Mentor.objects.all().delete()
    page = client_of("lead").post(url, {**ALL, "people": "mentors"})
    assert "Mit dieser Auswahl gibt es keine Karten" in page.content.decode()


def test_only_who_got_a_place_has_a_card(stage, cast, cycle, client_of, url):
    mentee(stage, "Dabei")
    for state, name in (("waiting", "Wartend"), ("declined", "Abgelehnt")):
        make.make_application(
            cycle, stage.own, state, person=make.make_person("Eva", name, municipality=stage.own)
        )
    seen = text_of(client_of("lead").post(url, ALL))
    assert "Dabei" in seen
    assert "Wartend" not in seen
    assert "Abgelehnt" not in seen


def test_a_photo_needs_the_consent_and_the_choice(stage, cast, cycle, client_of, url):
    agreed = mentee(stage, "Einwilligung", photo=make_photo())
    consent_to_photo(agreed)
    mentee(stage, "Ohne", photo=make_photo())
    lead = client_of("lead")
    assert pictures_of(lead.post(url, ALL).content) == 0
    chosen = {**ALL, "parts": [*ALL["parts"], "photo"]}
    assert pictures_of(lead.post(url, chosen).content) == 1


def test_whoever_prints_has_read(stage, cast, cycle, client_of, url):
    one, other = mentee(stage, "Eins"), mentor(stage, "Zwei")
    client_of("member").post(url, ALL)
    read = LogEntry.objects.filter(action=LogEntry.Action.ACCESS, actor=cast.user("member"))
    keys = set(read.values_list("content_type__model", "object_id"))
    assert {("application", one.pk), ("mentor", other.pk)} <= keys


def test_who_may_become_half_of_a_pair_has_no_cards(stage, cast, cycle, client_of, url):
    make_mentor(cycle, stage.own, person=cast.member)
    mentee(stage, "Ahorn")
    assert client_of("member").get(url).status_code == 403
    assert client_of("member").post(url, ALL).status_code == 403


class TestMany:
    @pytest.fixture
    def job(self, stage, cast, cycle, client_of, url, monkeypatch):
        monkeypatch.setattr(cards_jobs, "DIRECT_CARDS", 2)
        for at in range(2):
            mentee(stage, f"Name{at}", rank=at + 1)
        mentor(stage, "Ulme")
        answer = client_of("member").post(url, ALL)
        job = Job.objects.get()
        assert answer["Location"] == job.get_absolute_url()
        return job

    def run(self, job):
        run_claimed(*claim_next())
        job.refresh_from_db()
        return job

    def file(self, job, client):
        return client.get(reverse("files:file", args=[job.result_id]))

    def test_are_a_job_that_names_nobody(self, job, cast, client_of):
        assert "Name0" not in str(job.params) + job.title
        assert self.run(job).state == JobState.DONE
        answer = self.file(job, client_of("member"))
        assert "Name1" in " ".join(pages_of(answer.getvalue()))
        assert self.file(job, client_of("lead")).status_code == 404
        assert LogEntry.objects.filter(action=LogEntry.Action.ACCESS).count() >= 3

    def test_are_not_made_once_a_right_has_ended(self, job, stage, cast):
        one = mentees_for(cast.user("lead"), stage.cycle, Wanted())[0]
        one.superior = cast.member
        one.save()
        assert self.run(job).state == JobState.FAILED
        assert job.message == cards_jobs.CHANGED
        assert job.result is None

    def test_are_read_only_as_long_as_everybody_on_them_is_seen(self, job, stage, cast, client_of):
        self.run(job)
        one = mentees_for(cast.user("lead"), stage.cycle, Wanted())[0]
        one.superior = cast.member
        one.save()
        assert self.file(job, client_of("member")).status_code == 404

    def test_stay_where_somebody_found_a_tandem_meanwhile(self, job, stage, cast):
        user = cast.user("lead")
        make_tandem(
            mentees_for(user, stage.cycle, Wanted())[0], mentors_for(user, stage.cycle, Wanted())[0]
        )
        assert self.run(job).state == JobState.DONE


def test_the_number_of_queries_does_not_grow(stage, cast, cycle, django_user_model):
    user = cast.user("lead")

    def queries():
        wanted = Wanted(only_free=True)
        # Fresh objects, which have read nothing yet.
        reader, read = django_user_model.objects.get(pk=user.pk), Cycle.objects.get(pk=cycle.pk)
        with CaptureQueriesContext(connection) as caught:
            mentees, mentors = mentees_for(reader, read, wanted), mentors_for(reader, read, wanted)
            cards_pdf(read, mentees, mentors, wanted, photos=frozenset())
        return len(caught)

    mentee(stage, "Eins")
    mentor(stage, "Zwei")
    few = queries()
    for at in range(6):
        mentee(stage, f"Name{at}", rank=at + 2)
        mentor(stage, f"Name{at}")
    assert queries() == few


def test_long_names_and_texts_stay_on_their_card(stage, cast, cycle):
    """One sheet for four of them, however much was typed."""
    long = "Überlanges Wortungetüm mit Verwaltungsvorschriftensammlung " * 20
    for at in range(4):
        person = make.make_person(
            "Maximiliane-Charlotte",
            "Freifrau von Schulze-Übelhoer-Münkelmann",
            municipality=stage.own,
        )
        make_mentee(
            cycle,
            stage.own,
            rank=at + 1,
            person=person,
            position=long[:160],
            department=long[:160],
            expectations=long,
            topics=["leadership", "change", "communication", "self_management", "politics"],
        )
    wanted = Wanted()
    found = mentees_for(cast.user("lead"), cycle, wanted)
    (page,) = pages_of(cards_pdf(cycle, found, [], wanted, photos=frozenset()))
    # The name is never cut.
    assert page.replace("- ", "-").replace("-", "").count("Münkelmann") >= 4
    assert page.count("vertraulich") == 4


def test_the_page_offers_only_kommunen_of_the_cycle(stage, cast, cycle, client_of, url):
    make.make_municipality("Fernstadt")
    make.make_participation(
        cycle, make.make_municipality("Eingeladen"), state=ParticipationState.INVITED
    )
    page = client_of("lead").get(url).content.decode()
    assert "Ahausen" in page
    assert "Fernstadt" not in page

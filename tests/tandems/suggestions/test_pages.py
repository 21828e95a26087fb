"""The best three and the assignment, as each reader of them sees it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring.log.models import LogEntry
from tandems.matching.models import Mark, MatchIdea
from tandems.mentors.models import Mentor
from tandems.pairs.domain import frame_of
from tandems.pairs.models import Tandem
from tandems.suggestions import domain
from tandems.suggestions.models import Suggestion
from tests import factories as make
from tests.tandems.pairs.makers import in_matching, make_mentor, make_tandem
from tests.tandems.suggestions.makers import mentee, mentor, text_of, url


@pytest.fixture
def cycle(stage):
    return in_matching(stage.cycle)


@pytest.fixture
def compute(stage, cast, cycle):
    def run():
        return domain.compute(cycle, by=cast.user("lead"))

    return run


def pair_of(page, name):
    """What the page says of one mentee."""
    found = re.search(
        rf"<(section|article)[^>]*>\s*<h\d[^>]*><a[^>]*>Erika {name}<.*?</\1>", page, re.S
    )
    return found.group(0) if found else ""


class TestTheBestThree:
    def test_in_words_with_a_bar_and_reasons(self, stage, cast, cycle, client_of):
        mentee(stage, "Ahorn", topics=["leadership", "digital"])
        mentor(stage, "Gut", topics=["leadership", "digital", "network"])
        mentor(stage, "Fern", topics=["family"])
        page = pair_of(text_of(client_of("member").get(url(stage, "best"))), "Ahorn")
        assert page.index("Gut") < page.index("Fern")
        assert "Alle gewünschten Themen werden angeboten" in page
        assert re.search(r'role="img" aria-label="[^"%]+, \d von 5 Balken"', page)
        assert "%" not in page
        assert "Prozent" not in page

    def test_are_three_at_most(self, stage, cast, cycle, client_of):
        mentee(stage, "Ahorn")
        for at in range(5):
            mentor(stage, f"Nummer{at}")
        page = pair_of(text_of(client_of("member").get(url(stage, "best"))), "Ahorn")
        assert page.count('role="img"') == 3

    def test_an_idea_with_five_fields_is_compared_too(self, stage, cast, cycle, client_of):
        mentee(stage, "Ahorn", topics=["digital"])
        make_mentor(cycle, stage.other, state="idea", position="Leitung der IT", topics=["digital"])
        page = pair_of(text_of(client_of("member").get(url(stage, "best"))), "Ahorn")
        assert "Leitung der IT" in page
        assert "Idee" in page
        assert "Warnung" in page

    def test_leave_out_what_a_rule_or_the_beirat_forbids(self, stage, cast, cycle, client_of):
        found = mentee(stage, "Ahorn")
        mentor(stage, "Eigenes", stage.own)
        banned = mentor(stage, "Verworfen")
        MatchIdea.objects.create(
            application=found, mentor=banned, mark=Mark.BANNED, mark_reason="kennen sich"
        )
        full = mentor(stage, "Belegt")
        make_tandem(mentee(stage, "Buche"), full)
        mentor(stage, "Frei")
        page = pair_of(text_of(client_of("member").get(url(stage, "best"))), "Ahorn")
        assert "Frei" in page
        for name in ("Eigenes", "Verworfen", "Belegt"):
            assert name not in page

    def test_stand_on_the_mentees_page_while_there_is_no_tandem(
        self, stage, cast, cycle, client_of
    ):
        found, other = mentee(stage, "Ahorn"), mentor(stage, "Gut")
        address = reverse("matching:mentee", args=[cycle.pk, found.pk])
        assert "die besten drei" in text_of(client_of("member").get(address))
        make_tandem(found, other)
        assert "die besten drei" not in text_of(client_of("member").get(address))

    def test_of_who_has_a_tandem_are_shown_only_when_asked_for(self, stage, cast, cycle, client_of):
        make_tandem(mentee(stage, "Buche"), mentor(stage, "Belegt"))
        mentee(stage, "Ahorn")
        member = client_of("member")
        page = text_of(member.get(url(stage, "best")))
        assert pair_of(page, "Ahorn")
        assert not pair_of(page, "Buche")
        page = text_of(member.get(url(stage, "best") + "?alle=1"))
        assert "Belegt" in pair_of(page, "Buche")

    def test_never_name_who_must_not_be_known(self, stage, cast, cycle, client_of):
        mentee(stage, "Ahorn")
        mentee(stage, "Unterstellt", superior=cast.member)
        hidden = mentor(stage, "Verborgen")
        make.make_exclusion(cycle, hidden.person, cast.member)
        page = text_of(client_of("member").get(url(stage, "best")))
        assert "Ahorn" in page
        assert "Unterstellt" not in page
        assert "Verborgen" not in page
        assert "Verborgen" in text_of(client_of("lead").get(url(stage, "best")))

    def test_a_place_taken_by_somebody_hidden_is_not_said_to_be_taken(
        self, stage, cast, cycle, client_of
    ):
        make_tandem(mentee(stage, "Unterstellt", superior=cast.member), mentor(stage, "Belegt"))
        mentee(stage, "Ahorn")
        assert "Belegt" in pair_of(text_of(client_of("member").get(url(stage, "best"))), "Ahorn")
        assert "Belegt" not in pair_of(text_of(client_of("lead").get(url(stage, "best"))), "Ahorn")

    def test_who_may_be_half_of_a_pair_reads_none(self, stage, cast, cycle, client_of):
        make_mentor(cycle, stage.own, person=cast.member)
        mentee(stage, "Ahorn")
        for name in ("best", "suggestions", "weights", "compute"):
            answer = client_of("member").get(url(stage, name))
            assert answer.status_code == 403
            assert "kommen Sie selbst" in answer.content.decode()


class TestOntoTheWall:
    def test_a_suggestion_becomes_an_idea_under_the_own_name(self, stage, cast, cycle, client_of):
        found, other = mentee(stage, "Ahorn"), mentor(stage, "Gut")
        member = client_of("member")
        address = url(stage, "take", found.pk, other.pk)
        assert "Erika Ahorn (Ahausen) und Martin Gut" in text_of(member.get(address))
        answer = member.post(address, {"back": "best", "reason": "Themen"})
        assert answer["Location"] == f"{url(stage, 'best')}#mentee-{found.pk}"
        idea = MatchIdea.objects.get()
        assert (idea.had_by, idea.reason) == (cast.member, "Themen")
        assert "Steht schon an der Wand" in text_of(member.get(url(stage, "best")))

    def test_twice_it_is_refused(self, stage, cast, cycle, client_of):
        found, other = mentee(stage, "Ahorn"), mentor(stage, "Gut")
        address = url(stage, "take", found.pk, other.pk)
        client_of("lead").post(address)
        assert "steht schon an der Wand" in text_of(client_of("member").post(address))
        assert MatchIdea.objects.count() == 1

    def test_not_with_who_must_not_be_known(self, stage, cast, cycle, client_of):
        found, other = mentee(stage, "Ahorn"), mentor(stage, "Gut")
        hidden = mentee(stage, "Unterstellt", superior=cast.member)
        member = client_of("member")
        for address in (
            url(stage, "take", hidden.pk, other.pk),
            url(stage, "take", found.pk, 9999),
        ):
            assert member.get(address).status_code == 404
            assert member.post(address).status_code == 404


class TestTheAssignment:
    def test_says_what_each_gives_up_for_the_others(self, stage, cast, cycle, client_of, compute):
        """One mentor is the best for both; only one of them can have her."""
        mentee(stage, "Ahorn", topics=["digital", "network"])
        mentee(stage, "Buche", topics=["digital"])
        mentor(stage, "Beliebt", topics=["digital"])
        mentor(stage, "Anders", topics=["network"])
        compute()
        page = text_of(client_of("member").get(url(stage, "suggestions")))
        assert "Anders" in pair_of(page, "Ahorn")
        assert "Gibt nichts auf" in pair_of(page, "Buche")
        assert "2 Paare" in page
        assert "Der Beirat matcht, nicht der Rechner" in page
        assert "%" not in pair_of(page, "Ahorn")

    def test_names_the_better_one_where_the_reader_sees_them(
        self, stage, cast, cycle, client_of, compute
    ):
        for name in ("Ahorn", "Buche"):
            mentee(stage, name, topics=["digital"])
        mentor(stage, "Beliebt", topics=["digital"])
        mentor(stage, "Anders", topics=["family"])
        compute()
        page = text_of(client_of("member").get(url(stage, "suggestions")))
        assert "Martin Beliebt würde deutlich besser passen" in page
        make.make_exclusion(
            cycle, Mentor.objects.get(person__last_name="Beliebt").person, cast.member
        )
        page = text_of(client_of("member").get(url(stage, "suggestions")))
        assert "Beliebt" not in page

    def test_honours_what_is_pinned_and_banned(self, stage, cast, cycle, client_of, compute):
        found = mentee(stage, "Ahorn", topics=["digital"])
        best, other = (
            mentor(stage, "Bestens", topics=["digital"]),
            mentor(stage, "Zweiter", topics=["family"]),
        )
        idea = MatchIdea.objects.create(application=found, mentor=other, mark=Mark.PINNED)
        compute()
        page = pair_of(text_of(client_of("member").get(url(stage, "suggestions"))), "Ahorn")
        assert "Zweiter" in page
        assert "gesetzt" in page
        idea.mark, idea.mark_reason = Mark.NONE, ""
        idea.save()
        MatchIdea.objects.create(
            application=found, mentor=best, mark=Mark.BANNED, mark_reason="nein"
        )
        third = mentor(stage, "Dritter", topics=["digital"])
        compute()
        page = pair_of(text_of(client_of("member").get(url(stage, "suggestions"))), "Ahorn")
        assert third.person.last_name in page
        assert "Bestens" not in page

    def test_says_when_what_is_pinned_cannot_be(self, stage, cast, cycle, client_of, compute):
        MatchIdea.objects.create(
            application=mentee(stage, "Ahorn"),
            mentor=mentor(stage, "Eigenes", stage.own),
            mark=Mark.PINNED,
        )
        compute()
        page = text_of(client_of("member").get(url(stage, "suggestions")))
        assert "Gesetzt, aber nicht möglich" in page
        assert "Erika Ahorn und Martin Eigenes: Eine Regel verhindert dieses Paar" in page

    def test_says_which_rule_or_whose_place_stands_in_the_way(
        self, stage, cast, cycle, client_of, compute
    ):
        mentee(stage, "Ahorn")
        mentee(stage, "Buche")
        mentee(stage, "Ulme", stage.other)
        mentor(stage, "Einzig")
        compute()
        page = text_of(client_of("member").get(url(stage, "suggestions")))
        assert "2 Mentees ohne Vorschlag" in page
        left = next(name for name in ("Ahorn", "Buche") if "alles an andere" in pair_of(page, name))
        assert "Martin Einzig" in pair_of(page, left)
        assert "1 wegen „Selbe Kommune“" in pair_of(page, "Ulme")

    def test_leaves_out_pairs_with_a_hidden_half_without_counting_them(
        self, stage, cast, cycle, client_of, compute
    ):
        mentee(stage, "Unterstellt", superior=cast.member, topics=["digital"])
        mentee(stage, "Ahorn", topics=["leadership"])
        mentor(stage, "Gibtsnicht", topics=["digital"])
        mentor(stage, "Gut", topics=["leadership"])
        compute()
        page = text_of(client_of("member").get(url(stage, "suggestions")))
        assert "Gut" in pair_of(page, "Ahorn")
        assert "Unterstellt" not in page
        assert "Gibtsnicht" not in page
        assert "1 Paar<" in page
        assert "Gezeigt wird, was Sie selbst sehen" in page
        page = text_of(client_of("lead").get(url(stage, "suggestions")))
        assert "Gibtsnicht" in pair_of(page, "Unterstellt")
        assert "Gezeigt wird, was Sie selbst sehen" not in page

    def test_counts_no_pair_with_a_hidden_mentor(self, stage, cast, cycle, client_of, compute):
        mentee(stage, "Ahorn", topics=["leadership"])
        mentee(stage, "Buche", topics=["digital"])
        mentor(stage, "Gut", topics=["leadership"])
        hidden = mentor(stage, "Verborgen", topics=["digital"])
        make.make_exclusion(cycle, hidden.person, cast.member)
        compute()
        assert "2 Paare" in text_of(client_of("lead").get(url(stage, "suggestions")))
        page = text_of(client_of("member").get(url(stage, "suggestions")))
        assert "1 Paar<" in page
        # Neither with a pair nor without one: both would tell.
        assert not pair_of(page, "Buche")
        assert "Verborgen" not in page

    def test_does_not_name_whose_place_goes_to_somebody_hidden(
        self, stage, cast, cycle, client_of, compute
    ):
        """ "Her only place is taken" would say by whom, to who does not see the one."""
        mentee(stage, "Unterstellt", superior=cast.member, topics=["digital"])
        mentee(stage, "Ahorn", topics=["network"])
        mentor(stage, "Einzig", topics=["digital"])
        compute()
        seen = text_of(client_of("lead").get(url(stage, "suggestions")))
        assert "Martin Einzig" in pair_of(seen, "Ahorn")
        assert "alles an andere" in pair_of(seen, "Ahorn")
        page = pair_of(text_of(client_of("member").get(url(stage, "suggestions"))), "Ahorn")
        assert page
        assert "Einzig" not in page

    def test_names_an_exclusion_only_as_such(self, stage, cast, cycle, client_of, compute):
        found, other = mentee(stage, "Ahorn"), mentor(stage, "Gut")
        make.make_exclusion(cycle, found.person, other.person)
        compute()
        page = pair_of(text_of(client_of("member").get(url(stage, "suggestions"))), "Ahorn")
        assert "Ausgeschlossen" in page
        assert "Gut" not in page

    def test_who_has_found_a_tandem_since_is_marked_and_read(
        self, stage, cast, cycle, client_of, compute
    ):
        found, other = mentee(stage, "Ahorn"), mentor(stage, "Gut")
        compute()
        tandem = make_tandem(found, other)
        page = text_of(client_of("member").get(url(stage, "suggestions")))
        assert "hat inzwischen ein Tandem" in pair_of(page, "Ahorn")
        read = LogEntry.objects.filter(
            action=LogEntry.Action.ACCESS, actor=cast.user("member"), object_id=tandem.pk
        )
        assert read.filter(content_type__model="tandem").exists()

    def test_an_empty_page_says_what_to_do(self, stage, cast, cycle, client_of):
        page = text_of(client_of("member").get(url(stage, "suggestions")))
        assert "Noch nichts berechnet" in page
        answer = text_of(client_of("member").post(url(stage, "compute")))
        assert "Es gibt noch nichts zu vergleichen" in answer


class TestTheBasis:
    @pytest.fixture
    def stale(self, stage, cast, cycle, client_of, compute):
        """A function that says whether the page calls itself outdated."""
        self.found, self.other = mentee(stage, "Ahorn"), mentor(stage, "Gut")
        compute()

        def ask():
            page = text_of(client_of("member").get(url(stage, "suggestions")))
            return "Die Grundlage hat sich geändert" in page

        assert not ask()
        return ask

    def test_a_voice_or_a_comment_changes_nothing(self, stage, stale):
        MatchIdea.objects.create(application=self.found, mentor=self.other, reason="gut")
        assert not stale()

    def test_a_sheet(self, stale):
        self.found.topics = ["network"]
        self.found.save()
        assert stale()

    def test_a_decision(self, stale):
        MatchIdea.objects.create(
            application=self.found, mentor=self.other, mark=Mark.BANNED, mark_reason="nein"
        )
        assert stale()

    def test_a_tandem(self, stale):
        make_tandem(self.found, self.other)
        assert stale()

    def test_an_exclusion(self, stage, stale):
        make.make_exclusion(stage.cycle, self.found.person, self.other.person)
        assert stale()

    def test_weights_and_rules(self, stage, cast, stale):
        frame = frame_of(stage.cycle)
        domain.save_weights(frame, {"topics": 1}, by=cast.user("lead"))
        assert stale()

    def test_another_mentor(self, stage, stale):
        mentor(stage, "Neu")
        assert stale()

    def test_where_a_kommune_lies(self, stage, stale):
        stage.other.latitude, stage.other.longitude = "51.9", "7.6"
        stage.other.save()
        assert stale()

    def test_computed_anew_it_holds_again(self, stage, stale, compute):
        mentor(stage, "Neu")
        compute()
        assert not stale()


def test_the_number_of_queries_hangs_on_nothing(stage, cast, cycle, client_of, compute):
    def queries(name):
        browser = client_of("member")
        with CaptureQueriesContext(connection) as caught:
            text_of(browser.get(url(stage, name)))
        return len(caught)

    def fill(numbers):
        for at in numbers:
            mentee(stage, f"Name{at}", rank=at + 1)
            mentor(stage, f"Name{at}", capacity=1)
            mentee(stage, f"Ohne{at}", stage.other, rank=at + 1)
        compute()

    fill(range(1))
    pages = ("suggestions", "best")
    few = [queries(name) for name in pages]
    fill(range(1, 12))
    many = [queries(name) for name in pages]
    assert many == few


def test_many_are_paged(stage, cast, cycle, client_of, compute):
    for at in range(32):
        mentee(stage, f"Name{at:02}", rank=at + 1)
        mentor(stage, f"Name{at:02}")
    compute()
    member = client_of("member")
    first = text_of(member.get(url(stage, "suggestions")))
    assert first.count('class="suggest__pair"') == 30
    assert "Seite 1 von 2" in first
    second = text_of(member.get(url(stage, "suggestions") + "?page=2"))
    assert second.count('class="suggest__pair"') == 2
    assert text_of(member.get(url(stage, "best") + "?page=2")).count("suggest__mentee") == 15


def test_the_kept_result_holds_no_name(stage, cast, cycle, compute):
    mentee(stage, "Ahorn", motivation="Unverwechselbare Worte")
    mentor(stage, "Gut")
    mentee(stage, "Buche")
    kept = str(compute().result)
    for word in ("Ahorn", "Gut", "Buche", "Unverwechselbar", "Ahausen"):
        assert word not in kept
    assert not Tandem.objects.exists()
    assert not MatchIdea.objects.exists()
    assert Suggestion.objects.count() == 1

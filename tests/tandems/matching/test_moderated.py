"""The moderated mode: one mentee after the other, with what the reader may see, and voices."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring.log.models import LogEntry
from tandems.matching import domain
from tandems.matching.models import Bias, IdeaVoice, Mark, MatchIdea
from tandems.pairs.models import TandemState
from tests import factories as make
from tests.tandems.pairs.makers import in_matching, make_mentee, make_mentor, make_tandem


@pytest.fixture
def cycle(stage):
    return in_matching(stage.cycle)


def mentee(stage, name, house=None, **fields):
    house = house or stage.own
    person = make.make_person("Erika", name, municipality=house)
    return make_mentee(stage.cycle, house, person=person, **fields)


def mentor(stage, name, house=None, **fields):
    house = house or stage.other
    person = make.make_person("Martin", name, municipality=house)
    return make_mentor(stage.cycle, house, person=person, **fields)


def at(application):
    return reverse("matching:moderated", args=[application.cycle_id, application.pk])


def text_of(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def link(page, name):
    """Where "Weiter" or "Zurück" leads."""
    found = re.search(rf'id="{name}"[^>]* href="([^"]+)"', page)
    return found.group(1) if found else ""


def test_it_begins_with_the_first_open_one_by_kommune_and_name(stage, cast, cycle, client_of):
    begin = reverse("matching:moderated", args=[cycle.pk])
    member = client_of("member")
    assert "Noch keine Mentees" in text_of(member.get(begin))
    mentee(stage, "Ulme", stage.other)
    second, first = mentee(stage, "Buche"), mentee(stage, "Ahorn")
    assert member.get(begin)["Location"] == at(first)
    make_tandem(first, mentor(stage, "Gut"), TandemState.AGREED)
    assert member.get(begin)["Location"] == at(second)


def test_forward_and_back_pass_over_who_is_decided(stage, cast, cycle, client_of):
    first, second, third = (mentee(stage, name) for name in ("Ahorn", "Buche", "Cembra"))
    last = mentee(stage, "Ulme", stage.other)
    make_tandem(second, mentor(stage, "Gut"), TandemState.AGREED)
    make_tandem(third, mentor(stage, "Neu"), TandemState.PROPOSED)
    member = client_of("member")
    page = text_of(member.get(at(first)))
    assert "1 von 4" in page
    assert "3 noch offen" in page
    # Proposed is not decided: the Kommunen concerned have still to agree.
    assert link(page, "weiter") == at(third)
    assert link(page, "zurueck") == at(last)
    page = text_of(member.get(at(third)))
    assert "3 von 4" in page
    assert link(page, "zurueck") == at(first)
    # The place in the row stays, whatever is decided meanwhile.
    page = text_of(member.get(at(second)))
    assert "2 von 4" in page
    assert link(page, "weiter") == at(third)
    assert "schon entschieden" in page
    assert link(text_of(member.get(at(last))), "weiter") == at(first)


def test_when_all_are_decided_nothing_leads_on(stage, cast, cycle, client_of):
    only = mentee(stage, "Ahorn")
    make_tandem(only, mentor(stage, "Gut"), TandemState.SEALED)
    page = text_of(client_of("member").get(at(only)))
    assert "alle entschieden" in page
    assert not link(page, "weiter")
    assert not link(page, "zurueck")


def test_it_shows_the_essentials_and_the_ideas(stage, cast, cycle, client_of):
    found = mentee(
        stage,
        "Ahorn",
        position="Leitung der Wunderstelle",
        topics=["leadership", "digital"],
        expectations="Jemand mit langem Atem. " * 30,
        statement="Nur für die Kommune",
    )
    other = mentor(stage, "Gut", topics=["network"])
    idea = MatchIdea.objects.create(
        application=found, mentor=other, reason="Beide mögen Brücken", mark=Mark.SECOND
    )
    domain.speak(
        idea, cycle.participations.get(municipality=stage.own), "doubt", by=cast.member.user
    )
    Bias.objects.create(mentor=other, member=cast.lead, text="aus dem Studium")
    page = text_of(client_of("member").get(at(found)))
    for words in (
        "Erika Ahorn",
        "Leitung der Wunderstelle",
        "Führung, Digitalisierung",
        "Jemand mit langem Atem",
        "Martin Gut",
        "Netzwerk",
        "Beide mögen Brücken",
        "zweite Wahl",
        "Zweifel 1</strong>: Ahausen",
        "aus dem Studium",
    ):
        assert words in page
    assert "<summary>Jemand" in page
    assert "Nur für die Kommune" not in page


def test_a_warning_is_said(stage, cast, cycle, client_of):
    found = mentee(stage, "Ahorn")
    other = mentor(stage, "Gut", state="approached")
    MatchIdea.objects.create(application=found, mentor=other)
    page = text_of(client_of("member").get(at(found)))
    assert "Warnung" in page
    assert "angefragt" in page


class TestVoices:
    @pytest.fixture
    def idea(self, stage, cycle):
        return MatchIdea.objects.create(
            application=mentee(stage, "Ahorn"), mentor=mentor(stage, "Gut")
        )

    def say(self, client, idea, part, stance):
        data = {"idea": idea.pk, "participation": part.pk if part else "", "stance": stance}
        return client.post(at(idea.application), data)

    def test_a_member_speaks_for_the_own_kommune(self, stage, cast, cycle, client_of, idea):
        member, own = client_of("member"), cycle.participations.get(municipality=stage.own)
        assert f'name="participation" value="{own.pk}"' in text_of(member.get(at(idea.application)))
        answer = self.say(member, idea, own, "support")
        # Back to the same page, so that a screen in full size stays so.
        assert answer["Location"] == at(idea.application)
        page = text_of(member.get(at(idea.application)))
        assert "Dafür 1</strong>: Ahausen" in page
        assert 'value="support" aria-pressed="true"' in page
        self.say(member, idea, own, "withdrawn")
        assert not IdeaVoice.objects.exists()

    def test_a_member_speaks_for_no_other(self, stage, cast, cycle, client_of, idea):
        other = cycle.participations.get(municipality=stage.other)
        answer = self.say(client_of("member"), idea, other, "support")
        assert "kern-alert--danger" in text_of(answer)
        assert not IdeaVoice.objects.exists()

    def test_a_lead_records_for_any_kommune(self, stage, cast, cycle, client_of, idea):
        lead = client_of("lead")
        for part in cycle.participations.filter(state="confirmed"):
            self.say(lead, idea, part, "support")
        assert "Dafür 2</strong>: Ahausen, Übelheim" in text_of(lead.get(at(idea.application)))

    def test_a_lead_who_chose_no_kommune_is_told(self, stage, cast, cycle, client_of, idea):
        page = text_of(self.say(client_of("lead"), idea, None, "support"))
        assert "Bitte wählen Sie, für welche Kommune" in page
        assert not IdeaVoice.objects.exists()

    def test_an_idea_of_another_mentee_is_no_choice(self, stage, cast, cycle, client_of, idea):
        strange = MatchIdea.objects.create(application=mentee(stage, "Buche"), mentor=idea.mentor)
        own = cycle.participations.get(municipality=stage.own)
        data = {"idea": strange.pk, "participation": own.pk, "stance": "support"}
        text_of(client_of("member").post(at(idea.application), data))
        assert not IdeaVoice.objects.exists()


class TestSecrecy:
    def test_who_must_not_be_known_is_no_stop(self, stage, cast, cycle, client_of):
        seen = mentee(stage, "Ahorn")
        hidden = mentee(stage, "Unterstellt", superior=cast.member)
        member = client_of("member")
        page = text_of(member.get(at(seen)))
        assert "1 von 1" in page
        assert "Unterstellt" not in page
        assert "Gezeigt wird, was Sie selbst sehen" in page
        assert member.get(at(hidden)).status_code == 404
        assert "2 noch offen" in text_of(client_of("lead").get(at(seen)))

    def test_an_idea_with_a_hidden_mentor_is_not_there(self, stage, cast, cycle, client_of):
        found, hidden = mentee(stage, "Ahorn"), mentor(stage, "Verborgen")
        idea = MatchIdea.objects.create(application=found, mentor=hidden)
        make.make_exclusion(cycle, hidden.person, cast.member)
        member = client_of("member")
        assert "Verborgen" not in text_of(member.get(at(found)))
        own = cycle.participations.get(municipality=stage.own)
        data = {"idea": idea.pk, "participation": own.pk, "stance": "support"}
        assert "Verborgen" not in text_of(member.post(at(found), data))
        assert not IdeaVoice.objects.exists()

    def test_a_tandem_with_a_hidden_half_decides_nothing_here(self, stage, cast, cycle, client_of):
        found, hidden = mentee(stage, "Ahorn"), mentor(stage, "Verborgen")
        make_tandem(found, hidden, TandemState.AGREED)
        make.make_exclusion(cycle, hidden.person, cast.member)
        page = text_of(client_of("member").get(at(found)))
        assert "Verborgen" not in page
        assert "1 noch offen" in page
        assert "Tandem" not in page.split('id="moderiert"')[1].split('id="ideen"')[0]

    def test_who_may_be_half_of_a_pair_is_told_why_not(self, stage, cast, cycle, client_of):
        found = mentee(stage, "Ahorn")
        make_mentor(cycle, stage.own, person=cast.member)
        answer = client_of("member").get(at(found))
        assert answer.status_code == 403
        assert "Ahorn" not in answer.content.decode()

    def test_reading_is_logged_and_asking_for_changes_is_not(self, stage, cast, cycle, client_of):
        found = mentee(stage, "Ahorn")
        tandem = make_tandem(found, mentor(stage, "Gut"))
        member = client_of("member")
        page = text_of(member.get(at(found)))
        stand = re.search(r"\?stand=(\w+)", page).group(1)
        for _ in range(3):
            member.get(f"{at(found)}?stand={stand}")
            member.get(f"{at(found)}?stand=alt")
        read = LogEntry.objects.filter(action=LogEntry.Action.ACCESS, actor=cast.user("member"))
        about = list(read.values_list("content_type__model", "object_id"))
        assert about.count(("application", found.pk)) == 1
        assert about.count(("tandem", tandem.pk)) == 1


def test_what_others_change_arrives_and_nothing_else_is_sent(stage, cast, cycle, client_of):
    found, other = mentee(stage, "Ahorn"), mentor(stage, "Gut")
    member = client_of("member")
    stand = re.search(r"\?stand=(\w+)", text_of(member.get(at(found)))).group(1)
    assert member.get(f"{at(found)}?stand={stand}").status_code == 204
    domain.add_idea(found, other, by=cast.user("lead"))
    assert "Martin Gut" in text_of(member.get(f"{at(found)}?stand={stand}"))


def test_the_number_of_queries_does_not_grow(stage, cast, cycle, client_of):
    found = mentee(stage, "Ahorn")

    def queries():
        browser = client_of("lead")
        with CaptureQueriesContext(connection) as caught:
            text_of(browser.get(at(found)))
        return len(caught)

    def fill(numbers):
        for number in numbers:
            other = mentor(stage, f"Name{number}")
            idea = MatchIdea.objects.create(application=found, mentor=other)
            part = cycle.participations.get(municipality=stage.own)
            domain.speak(idea, part, "support", by=cast.user("lead"))
            make_tandem(
                mentee(stage, f"Name{number}", rank=number + 2), mentor(stage, f"W{number}")
            )

    fill(range(1))
    few = queries()
    fill(range(1, 8))
    assert queries() == few

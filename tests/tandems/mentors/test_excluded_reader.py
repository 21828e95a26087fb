"""Whom a mentor names as out of the question answers for that mentor without learning of it."""

import pytest
from django.urls import reverse

from mentoring.ui.errors import Refused
from programmes.people.retention import known_about
from programmes.privacy.periods import cycle_data
from tandems.mentors import domain
from tandems.mentors.models import Mentor
from tandems.profiles.models import Consent, ConsentKind
from tests import factories as make
from tests.tandems.mentors.makers import make_mentor

WORDS = "Kennwort-Werdegang"


@pytest.fixture
def mentor(stage, cast):
    """A mentor of the own Kommune, whose sheet names its Personalstelle."""
    mentor = make_mentor(
        stage.cycle, stage.own, by=cast.lead, answers={"career": WORDS}, department="Tiefbau"
    )
    make.make_consent(stage.cycle, mentor.person, ConsentKind.ALUMNI)
    make.make_exclusion(stage.cycle, mentor.person, cast.hr)
    return mentor


def test_the_auskunft_of_the_personalstelle_leaves_the_sheet_out(mentor, cast, client_of):
    colleague = make.make_hr(mentor.municipality)
    assert WORDS in str(known_about(mentor.person, to=colleague.user))
    assert WORDS in str(known_about(mentor.person))
    for form in ("", "json/"):
        address = reverse("privacy:answer", args=[mentor.person.pk]) + form
        answer = client_of("hr").get(address)
        assert answer.status_code == 200
        shown = answer.content.decode()
        assert WORDS not in shown
        assert "Angefragt als Mentor" not in shown
        assert Consent.objects.get(person=mentor.person).text not in shown


def test_no_number_of_a_period_counts_them(mentor, stage, cast):
    make.make_exclusion(stage.cycle, mentor.person, cast.lead)
    keys = list(Mentor.objects.values_list("pk", flat=True))
    counted = cycle_data.get("mentors").counted
    assert counted is not None
    assert counted(stage.cycle, cast.user("member"), keys) == 1
    assert counted(stage.cycle, cast.user("lead"), keys) == 0


def test_whoever_is_named_while_their_own_page_was_open_is_told_nothing(stage, cast):
    idea = domain.add_idea(
        cycle=stage.cycle, municipality=stage.own, position="Kämmerei", by=cast.user("lead")
    )
    domain.claim(idea, person=cast.member, by=cast.user("lead"))
    with pytest.raises(Refused) as late:
        domain.claim(idea, named=domain.Named("Käthe", "Öztürk"), by=cast.user("member"))
    assert cast.member.last_name not in str(late.value)
    assert cast.lead.full_name not in str(late.value)

"""The page of a pair leads to the idea of the two, where there is one."""

from django.urls import reverse

from tandems.matching.models import MatchIdea
from tests.tandems.pairs.makers import in_matching, make_mentee, make_mentor


def test_the_page_of_a_pair_leads_to_its_idea(stage, client_of):
    cycle = in_matching(stage.cycle)
    mentee, mentor = make_mentee(cycle, stage.own), make_mentor(cycle, stage.other)
    address = reverse("pairs:pair", args=[cycle.pk, mentee.pk, mentor.pk])
    browser = client_of("member")
    assert "Mögliches Match" not in browser.get(address).content.decode()
    idea = MatchIdea.objects.create(application=mentee, mentor=mentor)
    page = browser.get(address).content.decode()
    assert reverse("matching:idea", args=[cycle.pk, idea.pk]) in page

"""The pages of the wall: a mentee, a mentor, an idea, and what may be done there."""

import re

import pytest
from django.urls import reverse

from tandems.matching import domain
from tandems.matching.models import Bias, IdeaComment, IdeaVoice, MatchIdea
from tandems.matching.registries import mentee_sections, wall_actions
from tandems.mentors.models import MentorState
from tests.tandems.matching.makers import house_of, idea, make_mentee, make_mentor
from tests.tandems.pairs.makers import make_tandem


def address(scene, name, *args):
    return reverse(f"matching:{name}", args=[scene.cycle.pk, *args])


def read(browser, url):
    answer = browser.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def form_of(html, **typed):
    """What a browser would send of the hidden fields, with what was typed."""
    fields = dict(re.findall(r'name="(_\w+)" value="([^"]*)"', html))
    return {**{k: v for k, v in fields.items() if k != "_kept"}, **typed}


def test_the_way_from_the_wall_to_an_idea(scene, client_of):
    browser = client_of("member")
    url = address(scene, "mentee", scene.mentee.pk)
    html = read(browser, url)
    answer = browser.post(url, form_of(html, mentor=scene.mentor.pk, reason="Beide bauen um."))
    assert answer.status_code == 302
    assert "Beide bauen um." in read(browser, url)
    assert "Mina Mentee" in read(browser, address(scene, "mentor", scene.mentor.pk))


def test_from_the_mentors_side(scene, client_of):
    browser = client_of("member")
    url = address(scene, "mentor", scene.mentor.pk)
    answer = browser.post(
        url, form_of(read(browser, url), application=scene.mentee.pk, reason="Passt")
    )
    assert answer.status_code == 302
    assert MatchIdea.objects.get().application == scene.mentee


def test_what_forbids_a_pair_is_said_beforehand_and_beside_the_field(scene, client_of):
    neighbour = make_mentor(scene.cycle, scene.stage.own)
    browser, url = client_of("member"), address(scene, "mentee", scene.mentee.pk)
    html = read(browser, url)
    forbidden = html.split('<optgroup label="Nicht möglich">')[1].split("</optgroup>")[0]
    assert f'value="{neighbour.pk}"' in forbidden
    assert "selbe Kommune" in forbidden
    answer = browser.post(url, form_of(html, mentor=neighbour.pk, reason="Trotzdem gut"))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'href="#id_mentor">Mentor/in: Beide arbeiten bei derselben Kommune' in html
    assert "Trotzdem gut" in html
    assert re.search(rf'value="{neighbour.pk}" selected', html)


def test_the_list_is_narrowed_and_keeps_the_choice(scene, client_of):
    other = make_mentor(scene.cycle, scene.stage.other)
    url = address(scene, "mentee", scene.mentee.pk)
    html = read(client_of("member"), f"{url}?q=Tara&mentor={other.pk}")
    options = re.findall(r'<option value="(\d+)"( selected)?', html)
    assert sorted(options) == sorted([(str(other.pk), " selected"), (str(scene.mentor.pk), "")])
    html = read(client_of("member"), f"{url}?q=Niemand&mentor=99999999999999999999999")
    assert not re.findall(r'<option value="\d+"', html)


def test_who_is_gone_is_refused_beside_the_field(scene, client_of):
    browser, url = client_of("member"), address(scene, "mentee", scene.mentee.pk)
    gone = make_mentor(scene.cycle, scene.stage.other, state=MentorState.REFUSED)
    html = browser.post(url, {"mentor": gone.pk, "reason": "Ja"}).content.decode()
    assert "Diese Person steht nicht (mehr) an der Wand" in html


def test_the_own_voice_with_one_button(scene, client_of):
    found = scene.idea()
    browser, url = client_of("member"), address(scene, "voice", found.pk)
    own = house_of(scene.cycle, scene.stage.own)
    sent = {"participation": own.pk, "seen": "", "back": "mentee", "stance": "support"}
    answer = browser.post(url, sent)
    assert answer.headers["Location"].endswith(f"/mentees/{scene.mentee.pk}/#idee-{found.pk}")
    html = read(browser, address(scene, "mentee", scene.mentee.pk))
    assert re.search(r'value="support" aria-pressed="true"', html)
    browser.post(url, {**sent, "seen": "support", "stance": "withdraw"})
    assert not IdeaVoice.objects.exists()


def test_who_was_second_is_told_and_may_insist(scene, client_of):
    found = scene.idea()
    own = house_of(scene.cycle, scene.stage.own)
    domain.speak(found, own, "doubt", by=scene.lead)
    browser, url = client_of("member"), address(scene, "voice", found.pk)
    html = browser.post(
        url, {"participation": own.pk, "seen": "", "back": "mentee", "stance": "support"}
    ).content.decode()
    assert "hat inzwischen jemand anderes „Zweifel“ eingetragen" in html
    assert 'name="back"' in html
    assert browser.post(url, {"participation": own.pk, "stance": "support"}).status_code == 302
    assert IdeaVoice.objects.get().stance == "support"


def test_only_a_lead_is_offered_the_other_kommunen(scene, client_of):
    found = scene.idea()
    url = address(scene, "voice", found.pk)
    assert "Übelheim</option>" not in read(client_of("member"), url)
    assert "Übelheim</option>" in read(client_of("lead"), url)
    other = house_of(scene.cycle, scene.stage.other)
    html = client_of("member").post(url, {"participation": other.pk, "stance": "support"})
    assert "können Sie keine Stimme eintragen" in html.content.decode()


def test_comments_of_ones_own_can_be_changed(scene, client_of):
    found = scene.idea()
    browser, url = client_of("member"), address(scene, "idea", found.pk)
    html = read(browser, url)
    sent = form_of(html, text="Beide im Sozialamt.")
    browser.post(url, sent)
    browser.post(url, sent)  # pressed twice
    said = IdeaComment.objects.get()
    assert "Beide im Sozialamt." in read(client_of("lead"), url)
    own, delete = (address(scene, name, said.pk) for name in ("comment", "delete_comment"))
    assert own in read(browser, url)
    assert own not in read(client_of("lead"), url)
    assert client_of("lead").get(own).status_code == 404
    browser.post(own, form_of(read(browser, own), text="Beide im Jugendamt."))
    assert IdeaComment.objects.get().text == "Beide im Jugendamt."
    assert browser.post(delete).status_code == 302
    assert not IdeaComment.objects.exists()


def test_two_editors_of_a_reason_see_both_versions(scene, client_of):
    found = scene.idea()
    browser, url = client_of("member"), address(scene, "reason", found.pk)
    opened = read(browser, url)
    client_of("lead").post(url, form_of(read(client_of("lead"), url), reason="Von der Leitung"))
    html = browser.post(url, form_of(opened, reason="Vom Mitglied")).content.decode()
    assert "Zwei Fassungen" in html
    assert "Von der Leitung" in html
    assert "Vom Mitglied" in html
    assert MatchIdea.objects.get().reason == "Von der Leitung"


def test_a_lead_settles_and_is_told_what_is_in_the_way(scene, client_of):
    first = scene.idea()
    second = idea(scene.mentee, make_mentor(scene.cycle, scene.stage.other), by=scene.member)
    browser = client_of("lead")
    for found in (first, second):
        url = address(scene, "mark", found.pk)
        answer = browser.post(url, form_of(read(browser, url), mark="pinned", mark_reason=""))
    html = answer.content.decode()
    assert "Für diese Person ist schon ein anderes mögliches Match gesetzt: Tara Mentorin" in html
    wall = read(browser, address(scene, "wall"))
    assert wall.count(">gesetzt<") == 1


def test_deleting_says_what_goes_and_asks_why(scene, client_of):
    found = scene.idea()
    domain.comment(found, "Passt", by=scene.lead)
    domain.speak(found, house_of(scene.cycle, scene.stage.own), "support", by=scene.lead)
    browser, url = client_of("member"), address(scene, "delete", found.pk)
    html = read(browser, url)
    assert "Gelöscht wird auch: 1 Stimme und 1 Bemerkung." in html
    assert browser.post(url, {"reason": ""}).status_code == 200
    assert browser.post(url, {"reason": "Doch zu weit"}).status_code == 302
    mentee = read(client_of("lead"), address(scene, "mentee", scene.mentee.pk))
    assert "Doch zu weit" in mentee


def test_an_own_idea_alone_is_deleted_without_a_reason(scene, client_of):
    found = scene.idea()
    browser, url = client_of("member"), address(scene, "delete", found.pk)
    assert 'name="reason"' not in read(browser, url)
    assert browser.post(url).status_code == 302
    assert not MatchIdea.objects.exists()


@pytest.mark.parametrize("half", ["mentee", "mentor"])
def test_a_member_says_whom_they_know(scene, client_of, half):
    found = scene.idea()
    pk = getattr(scene, half).pk
    browser = client_of("member")
    url = address(scene, f"bias_{half}", pk)
    assert browser.post(url, {"text": "Nachbarin"}).status_code == 302
    name = scene.cast.member.full_name
    for shown in (address(scene, "wall"), address(scene, "idea", found.pk)):
        assert f"befangen: {name} kennt" in read(client_of("lead"), shown)
    said = Bias.objects.get()
    assert "Nachbarin" in read(browser, url)
    back = address(scene, "withdraw_bias", said.pk)
    assert client_of("lead").post(back).status_code == 404
    assert browser.post(back).headers["Location"] == address(scene, half, pk)
    assert not Bias.objects.exists()


def test_what_may_be_proposed_is_offered(scene, client_of):
    found = scene.idea()
    propose = reverse("pairs:propose", args=[scene.cycle.pk, scene.mentee.pk, scene.mentor.pk])
    url = address(scene, "idea", found.pk)
    assert propose in read(client_of("member"), url)
    make_tandem(scene.mentee, scene.mentor)
    html = read(client_of("member"), url)
    assert propose not in html
    assert "Aus dieser Idee ist ein Tandem geworden" in html


def test_later_rooms_add_to_it(scene, client_of, monkeypatch):
    from mentoring.ui.views import Action
    from tandems.applications.registries import Section

    seen = []

    def section(user, application):
        seen.append((user, application))
        return Section("matching/_pages.html", {}, first=True)

    for registry, made in (
        (mentee_sections, section),
        (wall_actions, lambda user, cycle: Action("Vorschläge des Tages", "/x/", "primary")),
    ):
        monkeypatch.setattr(registry, "_entries", {"test": (1, made)})
    assert "Vorschläge des Tages" in read(client_of("member"), address(scene, "wall"))
    read(client_of("member"), address(scene, "mentee", scene.mentee.pk))
    assert seen == [(scene.member, scene.mentee)]


def test_the_start_page_counts_mentees_without_an_idea(scene, client_of):
    make_mentee(scene.cycle, scene.stage.other, superior=scene.cast.member)
    start = read(client_of("member"), "/")
    assert "1 Mentee ohne mögliches Match" in start
    assert "2 Mentees ohne mögliches Match" in read(client_of("lead"), "/")
    assert address(scene, "wall") in start
    scene.idea()
    assert "ohne mögliches Match" not in read(client_of("member"), "/")
    assert "ohne mögliches Match" not in read(client_of("hr"), "/")


def test_a_ban_without_its_reason_is_told_at_the_field(scene, client_of):
    found = scene.idea()
    browser, url = client_of("lead"), address(scene, "mark", found.pk)
    html = read(browser, url)
    label = re.search(r'<label[^>]*for="id_mark_reason">(.*?)</label>', html, re.S).group(1)
    assert "optional" not in label
    answer = browser.post(url, form_of(html, mark="banned", mark_reason=" "))
    form = answer.context["form"]
    assert "Bitte begründen Sie" in form.errors["mark_reason"][0]
    assert form["mark"].value() == "banned"
    assert browser.post(url, form_of(html, mark="second")).status_code == 302


def test_no_choice_shows_raw_dashes(scene, client_of):
    found = scene.idea()
    for url in (address(scene, "voice", found.pk), address(scene, "wall")):
        html = read(client_of("lead"), url)
        assert "<select" in html
        assert "-----" not in html

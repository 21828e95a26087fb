"""A Kommune leaves in the middle: its applications end with it, and nothing is given away."""

import pytest
from django.urls import reverse

from mentoring.ui.errors import Refused
from programmes.cycles import domain as cycles
from programmes.cycles.models import Participant, ParticipationState
from tandems.applications.models import Application
from tests import factories as make

pytestmark = pytest.mark.django_db
WHY = "Haushaltssperre"


@pytest.fixture
def part(stage):
    return stage.cycle.participations.get(municipality=stage.own)


@pytest.fixture
def of_all_states(stage, by_hr):
    """A draft, a submitted, a declined and a nominated application of the own Kommune."""
    names = {"draft": "Entwurf", "submitted": "Wartend", "not_nominated": "Intern"}
    for state, name in names.items():
        by_hr(state, last_name=f"{name}-Geheim", email=f"{state}@ahausen.example")
    return by_hr("nominated", last_name="Bekannt", email="n@ahausen.example")


def leave(part, cast, reason=WHY):
    return cycles.answer_invitation(
        part, state=ParticipationState.DECLINED, reason=reason, by=cast.user("lead")
    )


def text_of(page):
    return page.content.decode()


def test_the_page_shows_what_the_lead_may_know_and_nothing_else(
    of_all_states, stage, part, client_of
):
    url = reverse("cycles:participation_leave", args=[stage.cycle.pk, part.pk])
    text = text_of(client_of("lead").get(url))
    assert "Die Bewerbung von Käthe Bekannt (nominiert) wird zurückgezogen." in text
    assert "Käthe Bekannt (Bewerber/in)" in text
    assert "Geheim" not in text
    Application.objects.exclude(pk=of_all_states.pk).delete()
    # Whether there are drafts makes no difference at all.
    assert lines(client_of("lead").get(url)) == lines_in(text)


def lines(page):
    return lines_in(text_of(page))


def lines_in(text):
    return text.split("kern-alert__body")[1].split("</ul>")[0]


def test_every_application_is_withdrawn_with_the_reason(of_all_states, stage, part, cast):
    other = make.make_application(stage.cycle, stage.other, "nominated")
    leave(part, cast)
    own = Application.objects.filter(municipality=stage.own)
    assert set(own.values_list("state", flat=True)) == {"withdrawn"}
    assert own.count() == 4  # nothing that was typed is lost before its period
    found = own.get(pk=of_all_states.pk)
    assert found.withdrawal_reason == f"Die Kommune nimmt nicht mehr teil: {WHY}"
    assert Participant.objects.get(person=found.person).left_on is not None
    other.refresh_from_db()
    assert other.state == "nominated"


def test_a_draft_alone_does_not_let_the_kommune_go_silently(stage, part, cast, by_hr):
    draft = by_hr("draft")
    with pytest.raises(Refused, match="Nennen Sie den Grund") as refusal:
        leave(part, cast, reason="")
    assert "Bewerbung" not in str(refusal.value)
    draft.refresh_from_db()
    assert draft.state == "draft"
    leave(part, cast)
    draft.refresh_from_db()
    assert draft.state == "withdrawn"


def test_what_is_hidden_from_the_lead_is_handled_and_not_told(
    of_all_states, stage, part, cast, client_of
):
    Application.objects.filter(pk=of_all_states.pk).update(superior=cast.lead)
    url = reverse("cycles:participation_leave", args=[stage.cycle.pk, part.pk])
    lead = client_of("lead")
    assert "Bekannt" not in text_of(lead.get(url))
    answer = lead.post(url, {"reason": WHY}, follow=True)
    assert "nimmt nicht mehr teil" in text_of(answer)
    assert "Bekannt" not in text_of(answer)
    of_all_states.refresh_from_db()
    assert of_all_states.state == "withdrawn"
    assert not Participant.objects.present().filter(municipality=stage.own).exists()


def test_it_is_all_or_nothing(of_all_states, stage, part, cast):
    # The last lead of the Beirat is of this Kommune, which is only found out at the end.
    make.make_seat(part, lead=True)
    stage.cycle.participations.get(municipality=stage.other).seats.update(lead=False)
    with pytest.raises(Refused, match="leitet den Beirat allein"):
        leave(part, cast)
    of_all_states.refresh_from_db()
    assert of_all_states.state == "nominated"
    assert Participant.objects.present().filter(person=of_all_states.person).exists()


def test_the_personalstelle_no_longer_opens_the_cycle(of_all_states, part, cast, client_of):
    leave(part, cast)
    assert client_of("hr").get(of_all_states.get_absolute_url()).status_code == 404

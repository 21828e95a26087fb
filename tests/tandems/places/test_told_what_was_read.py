"""Between reading an outcome and ticking it as told the Beirat may decide anew."""

import pytest
from django.urls import reverse
from django.utils import timezone

from mentoring.ui.errors import Refused
from tandems.applications.models import Application
from tandems.applications.outcomes import shown_outcome
from tandems.places import domain
from tests.tandems.places.makers import closed, nominate


@pytest.fixture
def placed(stage, cast):
    row = nominate(stage.cycle, stage.own)
    closed(stage.cycle, cast.user("lead"), places=1)
    return Application.objects.get(pk=row.pk)


def decided_anew(application, by):
    domain.decide_later(
        application.cycle.allocation,
        application,
        expected="placed",
        outcome="declined",
        reason="Platz zurückgegeben",
        by=by,
    )


def test_the_page_ticks_what_it_showed_and_nothing_else(placed, cast, client_of):
    address = reverse("places:tell", args=[placed.cycle_id, placed.pk])
    form = client_of("hr").get(address).context["form"]
    posted = {name: form[name].value() for name in form.fields}
    decided_anew(placed, cast.user("lead"))
    answer = client_of("hr").post(address, posted)
    assert answer.status_code == 200
    assert "inzwischen auf „kein Platz“" in answer.content.decode()
    now = Application.objects.get(pk=placed.pk)
    assert now.informed_on is None
    assert shown_outcome(now) is None
    posted["expected"] = "declined"
    assert client_of("hr").post(address, posted).status_code == 302
    assert shown_outcome(Application.objects.get(pk=placed.pk)) == "declined"


def test_the_door_asks_for_the_outcome_that_was_told(placed, cast):
    with pytest.raises(Refused, match="inzwischen"):
        domain.tell(placed, expected="waiting", on=timezone.localdate(), by=cast.user("hr"))

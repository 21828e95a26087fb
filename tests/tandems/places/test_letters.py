"""All letters of a Kommune in one file, and adapted words put back to those all share."""

import pytest
from django.urls import reverse

from mentoring.jobs.domain import claim_next, run_claimed
from mentoring.jobs.models import Job, JobState
from mentoring.log.models import LogEntry
from tandems.applications.models import Application
from tandems.places import domain, letters
from tandems.places.models import Allocation, OutcomeText
from tandems.places.texts import DEFAULTS, Texts
from tests import factories as make
from tests.tandems.places.makers import closed, nominate


@pytest.fixture
def html(monkeypatch):
    """PDFs as the HTML they are made of."""
    monkeypatch.setattr("mentoring.ui.pdf.html_to_pdf", lambda html: html.encode())


def named(stage, house, *names):
    return [
        nominate(stage.cycle, house, at, person=make.make_person("Erika", name, municipality=house))
        for at, name in enumerate(names, start=1)
    ]


def address(name, *args):
    return reverse(f"places:{name}", args=args)


def test_one_file_holds_the_own_letters_alone(stage, cast, client_of, html):
    named(stage, stage.own, "Ahornblatt", "Birkenzweig")
    named(stage, stage.other, "Unverwechselbaum")
    closed(stage.cycle, cast.user("lead"), places=2)
    url = address("letters", stage.cycle.pk, stage.own.pk)
    assert url in client_of("hr").get(address("outcomes", stage.cycle.pk)).content.decode()
    page = client_of("hr").post(url).content.decode()
    assert page.count("<section>") == 2
    assert "herzlichen" in page.lower()
    assert page.index("Ahornblatt") < page.index("Birkenzweig")
    assert "Unverwechselbaum" not in page
    assert (
        client_of("hr").get(address("letters", stage.cycle.pk, stage.other.pk)).status_code == 404
    )
    assert LogEntry.objects.filter(action=LogEntry.Action.ACCESS).count() == 2


def test_many_letters_are_a_job_for_the_outcomes_of_now(stage, cast, client_of, html, monkeypatch):
    monkeypatch.setattr("tandems.places.views.telling.DIRECT_LETTERS", 1)
    rows = named(stage, stage.own, "Ahornblatt", "Birkenzweig")
    closed(stage.cycle, cast.user("lead"), places=2)
    url = address("letters", stage.cycle.pk, stage.own.pk)
    assert client_of("hr").post(url).status_code == 302
    claimed = claim_next()
    assert claimed is not None
    run_claimed(*claimed)
    job = Job.objects.get()
    assert job.state == JobState.DONE
    assert letters.readable(cast.user("hr"), job.params)
    assert not letters.readable(cast.user("other_hr"), job.params)
    domain.decide_later(
        Allocation.objects.get(),
        Application.objects.get(pk=rows[0].pk),
        expected="placed",
        outcome="declined",
        reason="Platz zurückgegeben",
        by=cast.user("lead"),
    )
    assert not letters.readable(cast.user("hr"), job.params)


def test_adapted_words_give_way_to_those_above_them(stage, cast, client_of):
    for house in (None, stage.own, stage.other):
        OutcomeText.objects.create(
            cycle=stage.cycle, municipality=house, outcome="declined", text=f"Wort von {house}"
        )
    own = address("reset_house_text", stage.cycle.pk, stage.own.pk, "declined")
    assert own in client_of("hr").get(address("outcomes", stage.cycle.pk)).content.decode()
    assert client_of("hr").post(own).status_code == 302
    texts = Texts(stage.cycle, cast.user("hr"))
    assert texts.of("declined", stage.own.pk) == "Wort von None"
    assert OutcomeText.objects.filter(municipality=stage.other).exists()
    common = address("reset_text", stage.cycle.pk, "declined")
    assert common in client_of("lead").get(address("texts", stage.cycle.pk)).content.decode()
    assert client_of("lead").post(common).status_code == 302
    assert Texts(stage.cycle, cast.user("hr")).of("declined", stage.own.pk) == DEFAULTS["declined"]

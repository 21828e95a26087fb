"""The usual mails: shipped, filled in once, changed, reset, offered at their milestone."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from programmes.events.models import Attendee, Event
from programmes.roadmap.models import Milestone, TemplateMilestone
from programmes.rundmails.audiences import audiences
from programmes.rundmails.models import Rundmail, RundmailTemplate
from programmes.rundmails.placeholders import uses_in
from programmes.rundmails.registries import placeholders
from programmes.rundmails.sections import event_section, milestone_section
from programmes.rundmails.usual import fill, shipped, usual_mails
from tests.conftest import Cast, Stage
from tests.factories import SOME_TIME
from tests.programmes.rundmails.page_makers import SECRET, make_mail

pytestmark = pytest.mark.django_db


def templates_url(stage: Stage) -> str:
    return reverse("rundmails:templates", args=[stage.programme.pk])


def create_url(stage: Stage, query: str) -> str:
    return reverse("rundmails:create", args=[stage.cycle.pk]) + query


def make_milestone(stage: Stage, key: str, title: str = "Startworkshop") -> Milestone:
    day = date(2030, 9, 27)
    return Milestone.objects.create(
        cycle=stage.cycle, key=key, title=title, starts_on=day, ends_on=day
    )


def make_event(stage: Stage, milestone: Milestone | None = None) -> Event:
    return Event.objects.create(
        cycle=stage.cycle,
        milestone=milestone,
        title="Startworkshop",
        starts_at=SOME_TIME,
        ends_at=SOME_TIME.replace(hour=16),
    )


def test_eight_mails_are_shipped_and_use_only_what_there_is() -> None:
    assert set(shipped()) == {
        "info",
        "bewerbung",
        "vorstellung",
        "start",
        "erinnerung",
        "zwischenbilanz",
        "abschluss",
        "dank",
    }
    for mail in shipped().values():
        for use in uses_in(mail.subject, mail.body):
            assert use.name in placeholders, (mail.key, use.written)
        for audience, _ in mail.audiences:
            assert audience in audiences, (mail.key, audience)
        assert len(mail.subject) <= 200
        assert mail.body.startswith("{anrede},")


def test_they_are_filled_in_once_and_never_over_a_change(stage: Stage) -> None:
    assert usual_mails(stage.programme).count() == 8
    changed = RundmailTemplate.objects.get(key="dank")
    changed.subject = "Danke!"
    changed.save()
    RundmailTemplate.objects.filter(key="info").delete()
    fill(stage.programme)
    assert usual_mails(stage.programme).count() == 8
    assert RundmailTemplate.objects.get(key="dank").subject == "Danke!"


def test_the_list_is_for_permanent_members(stage: Stage, client_of: Any) -> None:
    page = client_of("permanent").get(templates_url(stage))
    assert "Einladung zum Startworkshop" in page.content.decode()
    assert "14 Tage vorher" in page.content.decode()
    for name, status in (("lead", 403), ("logistics", 403), ("mentee", 404)):
        assert client_of(name).get(templates_url(stage)).status_code == status


def test_a_template_is_changed_and_reset(stage: Stage, client_of: Any) -> None:
    template = usual_mails(stage.programme).get(key="start")
    TemplateMilestone.objects.create(
        programme=stage.programme, key="start", title="Startworkshop", start_week=0, end_week=0
    )
    browser = client_of("permanent")
    url = reverse("rundmails:template", args=[stage.programme.pk, template.pk])
    form = browser.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields} | {"_version": form.version_token}
    refused = browser.post(url, {**data, "body": "{erfunden}"})
    assert "Diesen Platzhalter gibt es nicht: {erfunden}" in refused.content.decode()
    assert browser.post(url, {**data, "body": "Hallo {vorname}"}).status_code == 302
    template.refresh_from_db()
    assert template.body == "Hallo {vorname}"
    reset = reverse("rundmails:template_reset", args=[stage.programme.pk, template.pk])
    assert reset in browser.get(url).content.decode()
    browser.post(reset)
    template.refresh_from_db()
    assert template.body == shipped()["start"].body


# --- Offered at the right milestone ---------------------------------------------------------
def test_a_milestone_offers_its_usual_mails_until_they_are_begun(stage: Stage, cast: Cast) -> None:
    milestone = make_milestone(stage, "start")
    request = SimpleNamespace(user=cast.user("logistics"))
    section = milestone_section(request, milestone)
    assert section is not None
    assert [offer.label for offer in section.context["offers"]] == [
        "Übliche Rundmail: „Einladung zum Startworkshop“ schreiben",
        "Übliche Rundmail: „Erinnerung an den Startworkshop“ schreiben",
    ]
    make_mail(stage.cycle, milestone=milestone, template_key="start")
    section = milestone_section(request, milestone)
    assert section is not None
    assert len(section.context["offers"]) == 1
    assert len(section.context["mails"]) == 1


def test_the_section_keeps_confidential_mails_from_the_logistikpartner(
    stage: Stage, cast: Cast
) -> None:
    milestone = make_milestone(stage, "start")
    event = make_event(stage, milestone)
    make_mail(stage.cycle, subject=SECRET, confidential=True, milestone=milestone, event=event)
    for name, seen in (("member", 1), ("logistics", 0)):
        request = SimpleNamespace(user=cast.user(name))
        for section in (milestone_section(request, milestone), event_section(request, event)):
            assert section is not None
            assert len(section.context["mails"]) == seen
    for name in ("hr", "mentee"):
        request = SimpleNamespace(user=cast.user(name))
        assert milestone_section(request, milestone) is None
        assert event_section(request, event) is None


def test_a_new_mail_begins_with_template_milestone_and_event(
    stage: Stage, cast: Cast, client_of: Any
) -> None:
    milestone = make_milestone(stage, "start")
    event = make_event(stage, milestone)
    Attendee.objects.create(event=event, person=cast.mentee)
    query = f"?vorlage=erinnerung&meilenstein={milestone.pk}"
    browser = client_of("lead")
    form = browser.get(create_url(stage, query)).context["form"]
    assert form["body"].value() == shipped()["erinnerung"].body
    assert (form["when"].value(), form["days"].value(), form["side"].value()) == (
        "hung",
        14,
        "before",
    )
    assert form["event"].value() == event.pk
    assert form["part_0"].value() == f"attendees|{event.pk}:open"
    assert form["part_1"].value() == f"attendees|{event.pk}:yes"
    assert form["reply_to"].value() == cast.user("lead").email  # type: ignore[union-attr]
    data = {name: form[name].value() or "" for name in form.fields}
    data = {k: v for k, v in data.items() if k not in ("files", "remove", "people", "send_on")}
    browser.post(create_url(stage, query), {**data, "attach_calendar": ""})
    mail = Rundmail.objects.get()
    assert (mail.template_key, mail.milestone, mail.days_from_milestone) == (
        "erinnerung",
        milestone,
        -14,
    )
    assert mail.choices.count() == 2


def test_without_an_event_the_groups_of_the_template_are_proposed(
    stage: Stage, client_of: Any
) -> None:
    form = client_of("lead").get(create_url(stage, "?vorlage=start")).context["form"]
    assert [form[f"part_{number}"].value() for number in range(2)] == ["mentees|", "mentors|"]


@pytest.mark.parametrize(
    "query",
    ["?vorlage=%F0%9F", "?meilenstein=99999999999999999999", "?veranstaltung=-1", "?vorlage="],
)
def test_an_odd_address_begins_an_empty_mail(stage: Stage, client_of: Any, query: str) -> None:
    response = client_of("lead").get(create_url(stage, query))
    assert response.status_code == 200
    assert not response.context["form"]["body"].value()

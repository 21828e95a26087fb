"""The template of a programme's Fahrplan: shipped, changed, and put back."""

import re
from datetime import date

import pytest
from django.urls import reverse

from mentoring.ui.errors import Refused
from programmes.roadmap import domain
from programmes.roadmap.models import Milestone, Task, TemplateMilestone, TemplateTask
from tests import factories as make
from tests.programmes.cycles.test_at_once import at_once


def page(name, *args):
    return reverse(f"roadmap:{name}", args=args)


def hidden(client, url):
    text = client.get(url).content.decode()
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))


@pytest.fixture
def permanent(client_of):
    return client_of("permanent")


@pytest.fixture
def template(stage):
    domain.shipped_template(stage.programme)
    return {row.key: row for row in TemplateMilestone.objects.filter(programme=stage.programme)}


def test_the_shipped_template_is_loaded_on_first_use(stage, permanent):
    assert not TemplateMilestone.objects.exists()
    text = permanent.get(page("template", stage.programme.pk)).content.decode()
    assert "Woche −26 bis −15" in text
    assert "Kulturort für die Abschlussveranstaltung festlegen" in text
    assert "26 Wochen vorher" in text
    permanent.get(page("template", stage.programme.pk))
    assert (TemplateMilestone.objects.count(), TemplateTask.objects.count()) == (14, 18)


@pytest.mark.django_db(transaction=True)
def test_two_first_uses_at_once_load_it_once():
    programme = make.make_programme()
    at_once(*[lambda: domain.shipped_template(programme)] * 2)
    assert TemplateMilestone.objects.count() == 14


@pytest.mark.django_db(transaction=True)
def test_two_plan_a_cycle_at_once_and_one_is_told():
    user, cycle = make.make_user(), make.make_cycle()

    def plan():
        return domain.plan_roadmap(cycle, start_on=date(2026, 10, 2), by=user)

    refusals = [found for found in at_once(plan, plan) if isinstance(found, str)]
    assert len(refusals) == 1
    assert "schon einen Fahrplan" in refusals[0]
    assert Milestone.objects.count() == 14


@pytest.mark.django_db(transaction=True)
def test_two_move_at_once_and_one_is_told():
    user, cycle = make.make_user(), make.make_cycle()
    plan = domain.plan_roadmap(cycle, start_on=date(2030, 10, 4), by=user)
    start = next(row for row in plan if row.is_start)

    def move(day):
        seen = domain.preview_move(start, starts_on=day, user=user).fingerprint
        return lambda: domain.move(start, starts_on=day, by=user, seen=seen)

    found = at_once(move(date(2030, 10, 11)), move(date(2030, 10, 18)))
    assert len([row for row in found if isinstance(row, str)]) == 1


def test_what_is_changed_here_is_what_the_next_cycle_gets(stage, template, permanent, cast):
    url = page("template_milestone", stage.programme.pk, template["abschluss"].pk)
    data = {
        "title": "Abschlussfest",
        "track": "all",
        "kind": "event",
        "start_week": "52",
        "end_week": "52",
        **hidden(permanent, url),
    }
    assert permanent.post(url, data).status_code == 302
    planned = domain.plan_roadmap(stage.cycle, start_on=date(2026, 10, 2), by=cast.permanent.user)
    assert planned[-2].title == "Abschlussfest" or planned[-1].title == "Abschlussfest"
    assert Milestone.objects.get(key="abschluss").starts_on == date(2027, 10, 1)


def test_adding_a_milestone_and_a_task(stage, template, permanent):
    url = page("template_milestone_add", stage.programme.pk)
    data = {"title": "Fest für Ältere", "track": "all", "kind": "event", "start_week": "-3"}
    for _ in range(2):
        assert permanent.post(url, {**data, **hidden(permanent, url)}).status_code == 302
    keys = set(TemplateMilestone.objects.filter(title="Fest für Ältere").values_list("key", flat=1))
    assert keys == {"fest-fur-altere", "fest-fur-altere-2"}
    made = TemplateMilestone.objects.filter(title="Fest für Ältere").first()
    assert made.end_week == -3
    url = page("template_task_add", stage.programme.pk)
    data = {"title": "Musik", "milestone": made.pk, "week": "-1", "responsible": "logistics"}
    assert permanent.post(url, {**data, **hidden(permanent, url)}).status_code == 302
    assert TemplateTask.objects.get(title="Musik").milestone == made


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"start_week": "999"}, "kleiner oder gleich 156"),
        ({"start_week": "99999999999999999999"}, "kleiner oder gleich 156"),
        ({"start_week": "bald"}, "ganze Zahl"),
        ({"start_week": "2", "end_week": "1"}, "Das Ende liegt vor dem Beginn"),
        ({"title": ""}, "erforderlich"),
        ({"kind": "fest"}, "Auswahl"),
    ],
)
def test_odd_weeks_are_named(stage, template, permanent, changes, words):
    data = {"title": "Fest", "track": "all", "kind": "event", "start_week": "1", **changes}
    answer = permanent.post(page("template_milestone_add", stage.programme.pk), data)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert TemplateMilestone.objects.count() == 14


def test_a_task_hangs_on_a_milestone_of_its_programme(stage, template, permanent, cast):
    other = make.make_programme()
    domain.shipped_template(other)
    foreign = TemplateMilestone.objects.filter(programme=other).first()
    data = {"title": "Musik", "milestone": foreign.pk, "week": "0", "responsible": "council"}
    answer = permanent.post(page("template_task_add", stage.programme.pk), data)
    assert "Auswahl" in answer.content.decode()
    task = TemplateTask(programme=stage.programme, milestone=foreign, title="Musik", week=0)
    with pytest.raises(Refused, match="anderen Programm"):
        domain.save_template_task(task, by=cast.permanent.user)
    url = page("template_milestone", stage.programme.pk, foreign.pk)
    assert permanent.get(url).status_code == 404


def test_the_startworkshop_stays_in_week_0(stage, template, permanent, cast):
    start, user = template["start"], cast.permanent.user
    url = page("template_milestone", stage.programme.pk, start.pk)
    text = permanent.get(url).content.decode()
    assert 'name="start_week"' not in text
    assert "löschen" not in text
    delete = page("template_milestone_delete", stage.programme.pk, start.pk)
    assert "von ihm aus wird gezählt" in permanent.post(delete).content.decode()
    start.start_week = start.end_week = 1
    with pytest.raises(Refused, match="Woche 0"):
        domain.save_template_milestone(start, by=user)
    data = {"title": "Auftakt", "track": "all", "start_week": "5", **hidden(permanent, url)}
    assert permanent.post(url, data).status_code == 302
    start.refresh_from_db()
    assert (start.title, start.start_week) == ("Auftakt", 0)


def test_deleting_says_what_goes_with_it(stage, template, permanent):
    url = page("template_milestone_delete", stage.programme.pk, template["abschluss"].pk)
    text = permanent.get(url).content.decode()
    assert "Zertifikate drucken und siegeln" in text
    assert permanent.post(url, hidden(permanent, url)).status_code == 302
    assert TemplateTask.objects.count() == 14
    task = TemplateTask.objects.get(key="raeume")
    url = page("template_task_delete", stage.programme.pk, task.pk)
    assert permanent.post(url, hidden(permanent, url)).status_code == 302
    assert not TemplateTask.objects.filter(pk=task.pk).exists()


def test_back_to_the_shipped_template(stage, template, permanent, cast):
    domain.plan_roadmap(stage.cycle, start_on=date(2026, 10, 2), by=cast.permanent.user)
    domain.delete_template_milestone(template["abschluss"], by=cast.permanent.user)
    url = page("template_reset", stage.programme.pk)
    assert "werden gelöscht" in permanent.get(url).content.decode()
    assert permanent.post(url, hidden(permanent, url)).status_code == 302
    assert (TemplateMilestone.objects.count(), TemplateTask.objects.count()) == (14, 18)
    # What was planned from it stays.
    assert (Milestone.objects.count(), Task.objects.count()) == (14, 18)


def test_two_who_change_one_entry(stage, template, permanent):
    url = page("template_milestone", stage.programme.pk, template["info"].pk)
    data = {"title": "Ihrer", "track": "public", "kind": "event", "start_week": "-35"}
    mine = {**data, "title": "Meiner", **hidden(permanent, url)}
    assert permanent.post(url, {**data, **hidden(permanent, url)}).status_code == 302
    answer = permanent.post(url, mine).content.decode()
    assert "jemand anderes diesen Datensatz geändert" in answer


def test_the_way_there_is_on_the_programmes_page(stage, client_of):
    address = page("template", stage.programme.pk)
    url = reverse("cycles:programme", args=[stage.programme.pk])
    assert address in client_of("permanent").get(url).content.decode()
    for name in ("lead", "operator", "logistics"):
        assert address not in client_of(name).get(url).content.decode(), name

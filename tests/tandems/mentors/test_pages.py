"""The pages, from the idea to the Steckbrief."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from programmes.people.models import Person
from tandems.mentors import domain
from tandems.mentors.models import Approach, Mentor, MentorState, PoolEntry
from tandems.profiles.models import Consent, ConsentKind, Exclusion
from tests import factories as make
from tests.tandems.mentors.makers import make_entry, make_idea, make_mentor, sheet_values

TODAY = timezone.localdate


def url(name, cycle, *args):
    return reverse(f"mentors:{name}", args=[cycle.pk, *args])


def text_of(response):
    return " ".join(part.extract_text() for part in PdfReader(io.BytesIO(response.content)).pages)


def sheet_form(browser, mentor, **values):
    """What the form shows, as a browser posts it, with ``values`` typed in."""
    form = browser.get(url("sheet_edit", mentor.cycle, mentor.pk)).context["form"]
    data = {"_version": form.version_token}
    for bound in form:
        shown = bound.value()
        if not shown and getattr(bound.field.widget, "allow_multiple_selected", False):
            continue
        data[bound.html_name] = "" if shown is None else shown
    return {**data, **values}


def test_hr_proposes_from_the_own_house_alone(stage, client_of, cast):
    browser = client_of("hr")
    page = browser.get(url("new", stage.cycle))
    assert list(page.context["form"].fields["municipality"].queryset) == [stage.own]
    foreign = browser.post(
        url("new", stage.cycle), {"municipality": stage.other.pk, "position": "Amtsleitung"}
    )
    assert foreign.status_code == 200
    assert not Mentor.objects.exists()
    done = browser.post(
        url("new", stage.cycle),
        {"municipality": stage.own.pk, "position": "Amtsleitung", "topics": ["role"]},
    )
    assert done.status_code == 302
    idea = Mentor.objects.get()
    assert (idea.had_by, idea.topics, idea.person) == (cast.hr, ["role"], None)


def test_a_similar_idea_is_shown_before_a_double_is_made(stage, idea, client_of):
    browser = client_of("lead")
    data = {"municipality": stage.other.pk, "position": "leitung jugendamt"}
    answer = browser.post(url("new", stage.cycle), data)
    assert "Ähnliche Einträge" in answer.content.decode()
    assert Mentor.objects.count() == 1
    assert browser.post(url("new", stage.cycle), {**data, "anyway": "on"}).status_code == 302
    assert Mentor.objects.count() == 2


def test_what_others_typed_is_never_run_as_a_template(stage, client_of):
    make_idea(stage.cycle, stage.other, position="{{ form }}{% now %}<b>Leitung</b>")
    answer = client_of("lead").post(
        url("new", stage.cycle),
        {"municipality": stage.other.pk, "position": "{{ form }}{% now %}<b>Leitung</b>"},
    )
    assert "{{ form }}{% now %}&lt;b&gt;" in answer.content.decode()


def test_from_the_idea_to_the_yes(stage, idea, client_of, cast):
    browser = client_of("member")
    detail = url("detail", stage.cycle, idea.pk)
    assert "Anfrage übernehmen" in browser.get(detail).content.decode()
    browser.post(
        url("claim", stage.cycle, idea.pk),
        {"first_name": "Käthe", "last_name": "Öztürk", "email": "k@uebelheim.example"},
    )
    assert Approach.objects.get().by == cast.member
    late = client_of("lead").post(
        url("claim", stage.cycle, idea.pk), {"first_name": "Käthe", "last_name": "Anders"}
    )
    assert f"{cast.member.full_name} hat die Anfrage am" in late.content.decode()
    browser.post(url("agree", stage.cycle, idea.pk), {"on": TODAY().isoformat(), "capacity": "1"})
    page = browser.get(detail).content.decode()
    assert "hat zugesagt" in page
    assert "noch nicht abgegeben" in page
    assert "Profilbogen ausfüllen" in page


def test_a_known_name_is_asked_about(stage, approached, client_of):
    other = make_idea(stage.cycle, stage.other, position="Dezernat")
    browser = client_of("lead")
    typed = {"first_name": "Kaethe", "last_name": "Oeztuerk"}
    asked = browser.post(url("claim", stage.cycle, other.pk), typed)
    assert "Ist eine dieser Personen gemeint?" in asked.content.decode()
    same = {**typed, "known_person": str(approached.person_id)}
    refused = browser.post(url("claim", stage.cycle, other.pk), same).content.decode()
    assert "wird schon angefragt" in refused
    browser.post(url("claim", stage.cycle, other.pk), {**typed, "known_person": "new"})
    assert Person.objects.filter(last_name="Oeztuerk").exists()


def test_only_who_asked_or_a_lead_answers(stage, approached, client_of):
    colleague = make.make_seat(stage.cycle.participations.get(municipality=stage.own))
    from django.test import Client

    browser = Client()
    browser.force_login(colleague.user, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.get(url("detail", stage.cycle, approached.pk)).status_code == 200
    for name in ("agree", "refuse", "postpone", "release"):
        assert browser.post(url(name, stage.cycle, approached.pk)).status_code == 403
    assert client_of("lead").get(url("agree", stage.cycle, approached.pk)).status_code == 200


def test_the_sheet_after_a_phone_call(stage, cast, client_of):
    mentor = make_mentor(stage.cycle, stage.own, by=cast.lead)
    browser = client_of("hr")
    address = url("sheet_edit", stage.cycle, mentor.pk)
    first = browser.post(address, sheet_form(browser, mentor, career="Nur ein Teil"))
    assert first.status_code == 302, first.context["form"].errors
    mentor.refresh_from_db()
    assert (mentor.answers["career"], mentor.handed_in_at) == ("Nur ein Teil", None)
    data = sheet_form(
        browser,
        mentor,
        **sheet_values(),
        consent_discretion=TODAY().isoformat(),
        excluded_name_1="Erwin Ausgeschlossen",
        submit_now="1",
    )
    done = browser.post(address, data)
    assert done.status_code == 302, done.context["form"].errors
    mentor.refresh_from_db()
    assert mentor.handed_in_at is not None
    assert mentor.capacity == 2
    given = Consent.objects.get(person=mentor.person)
    assert (given.kind, given.given_on) == (ConsentKind.DISCRETION, TODAY())
    assert Exclusion.objects.get().subject == mentor.person
    for name in ("hr", "lead"):
        for page in ("detail", "sheet_edit"):
            shown = client_of(name).get(url(page, stage.cycle, mentor.pk)).content.decode()
            assert "Erwin" not in shown
    paper = text_of(browser.get(url("sheet", stage.cycle, mentor.pk)))
    assert "Geheime Motivation" in paper
    assert "Erwin" not in paper


def test_the_sheet_says_what_is_missing(stage, cast, client_of):
    mentor = make_mentor(stage.cycle, stage.own, by=cast.lead)
    browser = client_of("hr")
    answer = browser.post(
        url("sheet_edit", stage.cycle, mentor.pk),
        sheet_form(browser, mentor, motivation="bleibt stehen", submit_now="1"),
    )
    assert answer.status_code == 200
    assert "bleibt stehen" in answer.content.decode()
    assert answer.context["form"].errors["career"]


def test_two_editors_of_a_sheet(stage, cast, client_of):
    mentor = make_mentor(stage.cycle, stage.own, by=cast.lead)
    first, second = client_of("hr"), client_of("lead")
    early = sheet_form(first, mentor, career="von der Personalstelle")
    late = sheet_form(second, mentor, career="vom Beirat")
    address = url("sheet_edit", stage.cycle, mentor.pk)
    assert first.post(address, early).status_code == 302
    assert "jemand anderes diesen Datensatz" in second.post(address, late).content.decode()
    mentor.refresh_from_db()
    assert mentor.answers["career"] == "von der Personalstelle"


def test_the_steckbrief_is_one_page(stage, cast, client_of):
    person = make.make_person("Käthe", "Öztürk", municipality=stage.own)
    mentor = make_mentor(
        stage.cycle,
        stage.own,
        by=cast.lead,
        person=person,
        topics=["leadership"],
        answers={"career": "Station\n" * 60, "motivation": "Wort " * 700},
    )
    answer = client_of("lead").get(url("profile", stage.cycle, mentor.pk))
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 1
    assert "Öztürk" in text_of(answer)
    assert person.email not in text_of(answer)


@pytest.mark.parametrize("name", ["guide", "guide_pdf"])
def test_the_guide_names_dates_and_tasks_and_no_mentee(stage, cast, client_of, name):
    stage.cycle.start_workshop_on = TODAY().replace(year=2027)
    stage.cycle.save()
    applicant = make.make_application(
        stage.cycle, stage.own, make.ApplicationState.NOMINATED,
        person=make.make_person("Geheim", "Zuschuetzen", municipality=stage.own),
    )  # fmt: skip
    answer = client_of("lead").get(url(name, stage.cycle))
    shown = text_of(answer) if name == "guide_pdf" else answer.content.decode()
    assert "8 bis 10 Treffen" in shown
    assert ".2027" in shown
    assert cast.lead.full_name in shown
    assert applicant.person.last_name not in shown


def test_the_pool_pages(stage, cast, client_of):
    browser = client_of("lead")
    known = make.make_participant(stage.cycle, stage.other, "mentor").person
    data = {
        "municipality": stage.other.pk,
        "first_name": known.first_name,
        "last_name": known.last_name,
        "capacity": "1",
        "consent_on": TODAY().isoformat(),
        "consent_text": "Gern wieder.",
    }
    asked = browser.post(url("entry_new", stage.cycle), data)
    assert "Ist eine dieser Personen gemeint?" in asked.content.decode()
    browser.post(url("entry_new", stage.cycle), {**data, "known_person": str(known.pk)})
    entry = PoolEntry.objects.get()
    assert entry.person == known
    listed = browser.get(url("pool", stage.cycle), {"was": f"mentor-{stage.cycle.pk}"})
    assert [row.pk for row in listed.context["page_obj"]] == [entry.pk]
    listed = browser.get(url("pool", stage.cycle), {"was": f"mentee-{stage.cycle.pk}"})
    assert not listed.context["page_obj"].object_list
    browser.post(url("entry_plan", stage.cycle, entry.pk))
    assert Mentor.objects.get().person == known
    page = browser.get(url("entry", stage.cycle, entry.pk))
    assert "vorsehen" not in [action.label for action in page.context["actions"]]


def test_the_overview_counts_fairly(stage, cast, idea, client_of):
    make_mentor(stage.cycle, stage.other, by=cast.member, capacity=2)
    make_mentor(stage.cycle, stage.own, "approached", by=cast.lead)
    make.make_application(stage.cycle, stage.own, make.ApplicationState.NOMINATED)
    page = client_of("member").get(url("overview", stage.cycle), {"export": "csv"})
    rows = page.content.decode("utf-8-sig").splitlines()
    assert any(row.startswith("Übelheim;1;0;1;2;0;0;0") for row in rows), rows
    assert any(row.startswith("Ahausen;0;1;0;0;0;1;0") for row in rows), rows


def test_filters_of_the_list(stage, cast, idea, approached, client_of):
    mine = make_mentor(stage.cycle, stage.own, by=cast.lead, topics=["role"])
    browser = client_of("member")

    def found(**query):
        page = browser.get(url("list", stage.cycle), query).context["page_obj"]
        return {row.pk for row in page}

    assert found() == {approached.pk, mine.pk}
    assert found(state="agreed") == {mine.pk}
    assert found(topic="role") == {mine.pk}
    assert found(municipality=stage.other.pk) == {approached.pk}
    assert found(asked_by=cast.member.pk) == {approached.pk}
    assert found(search="oeztuerk") == {approached.pk}
    assert found(search="Jugendamt") == {approached.pk, mine.pk}


def test_start_items(stage, cast, approached, client_of):
    def titles(name):
        groups = client_of(name).get("/").context["groups"]
        return {item.title for group in groups for item in group["items"]}

    assert "1 offene Anfrage an Mentor/innen" in titles("member")
    assert "1 offene Anfrage an Mentor/innen" not in titles("lead")
    assert "Mentor/innen: 0 Zusagen, 0 von 24 Plätzen besetzbar" in titles("lead")
    assert "Wer aus Ihrem Haus käme als Mentor/in in Frage?" in titles("hr")
    assert "Wer aus Ihrem Haus käme als Mentor/in in Frage?" not in titles("other_hr")


def test_an_open_approach_keeps_the_cycle_from_closing(stage, cast, approached, door):
    from tandems.mentors.start import unfinished

    assert unfinished(stage.cycle) == [
        "Eine Anfrage an eine Mentorin oder einen Mentor ist noch ohne Antwort."
    ]
    domain.refuse(approached, on=TODAY(), by=door("member"))
    # Of an approach to a member of the Beirat the sentence would tell that very member.
    make_mentor(stage.cycle, stage.other, "approached", by=cast.member, person=cast.lead)
    assert unfinished(stage.cycle) == []


def test_an_entry_with_a_pause_is_not_offered(stage, client_of):
    entry = make_entry(stage.cycle, stage.other, paused_until=TODAY())
    browser = client_of("lead")
    labels = [a.label for a in browser.get(url("entry", stage.cycle, entry.pk)).context["actions"]]
    assert not [label for label in labels if "vorsehen" in label]
    listed = browser.get(url("pool", stage.cycle), {"paused": "no"})
    assert not listed.context["page_obj"].object_list
    assert MentorState.IDEA not in Mentor.objects.values_list("state", flat=True)

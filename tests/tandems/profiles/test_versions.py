"""Versions of the Profilbogen: worked on, published, chosen, and never changed after."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle
from tandems.applications import domain as applications
from tandems.applications.models import ApplicationState
from tandems.profiles import domain
from tandems.profiles.models import CycleProfile, ProfileVersion, SheetKind
from tandems.profiles.questions import Reader, questions, read
from tandems.profiles.versions import sheet_of
from tests import factories as make
from tests.tandems.profiles.makers import fresh, make_version

OWN = {"label": "Bevorzugter Wochentag?", "kind": "choice", "choices": ["Montag", "Freitag"]}


def keys(cycle):
    return [question.key for question in questions(sheet_of(cycle, SheetKind.APPLICANT))]


@pytest.fixture
def lead(cast):
    return cast.user("lead")


def test_a_cycle_uses_one_version(stage, lead):
    version = make_version(stage.programme, by=lead, off=["remark"], on=["pay_grade"], own=[OWN])
    assert "remark" in keys(stage.cycle)
    domain.choose_version(stage.cycle, version, by=lead)
    found = keys(fresh(stage.cycle))
    assert "remark" not in found
    assert "pay_grade" in found
    own = next(key for key in found if key.startswith("own_"))
    assert found.index(own) < found.index("consent_forward")
    domain.choose_version(stage.cycle, None, by=lead)
    assert "remark" in keys(fresh(stage.cycle))


def test_a_published_version_never_changes(stage, lead):
    version = make_version(stage.programme, by=lead, own=[OWN])
    key = version.changes["applicant"]["own"][0]["key"]
    for act in (
        lambda: domain.save_version(version, asked={}, note="x", by=lead),
        lambda: domain.save_question(version, SheetKind.APPLICANT, OWN, by=lead),
        lambda: domain.remove_question(version, SheetKind.APPLICANT, key, by=lead),
        lambda: domain.publish_version(version, by=lead),
        lambda: domain.delete_version(version, by=lead),
    ):
        with pytest.raises(Refused, match="veröffentlicht"):
            act()
    again = domain.begin_version(stage.programme, by=lead)
    domain.remove_question(again, SheetKind.APPLICANT, key, by=lead)
    version.refresh_from_db()
    assert version.changes["applicant"]["own"][0]["key"] == key


def test_one_draft_at_a_time_and_two_editors(stage, lead):
    draft = domain.begin_version(stage.programme, by=lead)
    with pytest.raises(Refused, match="schon einen Entwurf"):
        domain.begin_version(stage.programme, by=lead)
    seen = ProfileVersion.objects.get(pk=draft.pk)
    domain.save_version(draft, asked={}, note="eins", by=lead)
    with pytest.raises(EditConflict):
        domain.save_version(seen, asked={}, note="zwei", by=lead)


def test_it_is_fixed_with_the_first_submitted_application(stage, lead):
    version = make_version(stage.programme, by=lead, off=["remark"])
    make.make_application(stage.cycle, stage.own)
    domain.choose_version(stage.cycle, version, by=lead)
    make.make_application(stage.cycle, stage.own, ApplicationState.SUBMITTED)
    with pytest.raises(Refused, match="steht fest"):
        domain.choose_version(stage.cycle, None, by=lead)
    assert CycleProfile.objects.get().profile == version


def test_no_draft_and_nothing_foreign(stage, lead):
    draft = make_version(stage.programme, by=lead, publish=False)
    foreign = make_version(make.make_programme(), by=lead)
    for version in (draft, foreign):
        with pytest.raises(Refused, match="veröffentlichte Fassung"):
            domain.choose_version(stage.cycle, version, by=lead)


def test_switching_off_never_deletes_an_answer(stage, cast, lead):
    application = make.make_application(
        stage.cycle, stage.own, answers={"remark": "Das bleibt gespeichert"}
    )
    version = make_version(stage.programme, by=lead, off=["remark"])
    domain.choose_version(stage.cycle, version, by=lead)
    application = type(application).objects.select_related("person").get(pk=application.pk)
    applications.save_draft(application, values={"goals": "neu"}, by=cast.user("hr"))
    application.refresh_from_db()
    assert application.answers["remark"] == "Das bleibt gespeichert"
    shown = str(read(application, Reader.HOUSE, application.sheet))
    assert "Das bleibt" not in shown
    domain.choose_version(stage.cycle, None, by=lead)
    again = type(application).objects.get(pk=application.pk)
    assert "Das bleibt" in str(read(again, Reader.HOUSE, again.sheet))


def test_an_own_question_is_asked_answered_and_read(stage, cast, lead, client_of):
    entry = {**OWN, "needed": True, "hint": "<script>alert(1)</script>{{ 7 }}"}
    version = make_version(stage.programme, by=lead, own=[entry])
    domain.choose_version(stage.cycle, version, by=lead)
    key = version.changes["applicant"]["own"][0]["key"]
    draft = make.make_application(stage.cycle, stage.own)
    with pytest.raises(Refused, match="Bevorzugter Wochentag"):
        applications.submit(draft, by=cast.user("hr"))
    edit = reverse("applications:edit", args=[stage.cycle.pk, draft.pk])
    page = client_of("hr").get(edit).content.decode()
    assert "Bevorzugter Wochentag?" in page
    assert "<script>alert" not in page
    applications.save_draft(draft, values={key: "Freitag"}, by=cast.user("hr"))
    shown = client_of("hr").get(draft.get_absolute_url()).content.decode()
    assert "Freitag" in shown


def test_the_sheet_costs_no_query_for_each_row(stage, lead):
    domain.choose_version(stage.cycle, make_version(stage.programme, by=lead), by=lead)
    for _ in range(5):
        make.make_application(stage.cycle, stage.own)
    cycle = Cycle.objects.select_related("profile__profile").get(pk=stage.cycle.pk)
    with CaptureQueriesContext(connection) as captured:
        for _ in range(5):
            sheet_of(cycle, SheetKind.APPLICANT)
    assert not captured


def test_the_pages_from_draft_to_choice(stage, cast, client_of):
    lead, hr = client_of("lead"), client_of("hr")
    base = reverse("profiles:versions", args=[stage.programme.pk])
    lead.post(f"{base}neu/")
    draft = ProfileVersion.objects.get()
    page = lead.get(f"{base}1/bearbeiten/")
    form = page.context["form"]
    data = {name: form.initial.get(name, "") for name in form.fields}
    data |= {"note": "Kürzer", "applicant-remark": "off", "_version": form.version_token}
    assert lead.post(f"{base}1/bearbeiten/", data).status_code == 302
    question = {"sheet": "applicant", "label": "Lieblingstag?", "kind": "choice"}
    answer = lead.post(f"{base}1/frage/", {**question, "choices": "nur eine"})
    assert answer.context["form"].errors["choices"]
    lead.post(f"{base}1/frage/", {**question, "choices": "Montag\nFreitag"})
    assert "Lieblingstag?" in lead.get(f"{base}1/").content.decode()
    assert hr.get(f"{base}1/").status_code == 404
    lead.post(f"{base}1/veroeffentlichen/")
    draft.refresh_from_db()
    assert draft.published_at
    assert "remark" in draft.changes["applicant"]["off"]
    assert "Lieblingstag?" in hr.get(f"{base}1/").content.decode()
    choice = reverse("profiles:cycle", args=[stage.cycle.pk])
    assert lead.post(choice, {"version": "1"}).status_code == 302
    assert "Lieblingstag?" in hr.get(choice).content.decode()
    assert hr.post(choice, {"version": "0"}).status_code == 403


def test_the_editor_tells_the_second_of_two(stage, cast, client_of):
    base = reverse("profiles:versions", args=[stage.programme.pk])
    draft = domain.begin_version(stage.programme, by=cast.user("lead"))
    lead = client_of("lead")
    form = lead.get(f"{base}1/bearbeiten/").context["form"]
    data = {name: form.initial.get(name, "") for name in form.fields}
    domain.save_version(draft, asked={}, note="von jemand anderem", by=cast.user("permanent"))
    data |= {"note": "von mir", "_version": form.version_token}
    answer = lead.post(f"{base}1/bearbeiten/", data)
    assert [row.name for row in answer.context["form"].conflict] == ["note"]


def test_a_new_cycle_goes_on_with_the_version(stage, lead):
    version = make_version(stage.programme, by=lead)
    domain.choose_version(stage.cycle, version, by=lead)
    new = make.make_cycle(stage.programme, number=12, state="planning")
    domain.copy_choice(stage.cycle, new, lead)
    assert CycleProfile.objects.get(cycle=new).profile == version

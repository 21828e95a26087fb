"""A draft saves itself while it is typed: what is valid, and never over somebody else."""

import io
import re

import pytest
import time_machine
from django.urls import reverse
from pypdf import PdfReader

from tandems.applications.models import Application
from tandems.profiles.models import Consent, Exclusion
from tests import factories as make
from tests.tandems.applications.conftest import posted

VERSION = re.compile(r'name="_version" value="([^"]*)"')


@pytest.fixture
def draft(by_hr):
    return by_hr(consent_forward=None)


@pytest.fixture
def form(draft, stage, client_of):
    """The browser with the form open: its addresses, its version, a way to post."""

    class Form:
        hr = client_of("hr")
        edit = reverse("applications:edit", args=[stage.cycle.pk, draft.pk])
        auto = reverse("applications:autosave", args=[stage.cycle.pk, draft.pk])

        def __init__(self):
            self.page = self.hr.get(self.edit).content.decode()
            self.version = VERSION.search(self.page)[1]

        def save(self, **values):
            answer = self.hr.post(self.auto, {**posted(**values), "_version": self.version})
            assert answer.status_code == 200
            said = answer.json()
            self.version = said.get("version", self.version)
            return said

    return Form()


@time_machine.travel("2026-03-04T10:41:00+01:00", tick=False)
def test_it_says_when_and_hands_back_the_version(form, draft):
    said = form.save(goals="eins")
    assert said["saved"]
    assert said["message"] == "Gespeichert um 10:41 Uhr."
    assert "von" in said["sections"]
    form.save(goals="zwei")
    draft.refresh_from_db()
    assert draft.goals == "zwei"
    # The button saves afterwards without a conflict with oneself.
    answer = form.hr.post(form.edit, {**posted(goals="drei"), "_version": form.version})
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert draft.goals == "drei"


def test_what_is_not_valid_stays_out_and_the_rest_is_saved(form, draft):
    said = form.save(email="kein@", role_since="2025-02-30", goals="gespeichert", motivation="")
    assert said["saved"]
    assert "Dienstliche E-Mail-Adresse" in said["message"]
    draft.refresh_from_db()
    assert (draft.goals, draft.motivation) == ("gespeichert", "")
    assert draft.person.email == "kaethe@ahausen.example"
    assert draft.role_since.year == 2025


def test_another_editor_is_not_overwritten(form, draft):
    other = Application.objects.get(pk=draft.pk)
    other.goals = "von jemand anderem"
    other.save()
    said = form.save(goals="von mir")
    assert said["conflict"]
    assert "jemand anderes" in said["message"]
    draft.refresh_from_db()
    assert draft.goals == "von jemand anderem"


def test_acts_of_their_own_wait_for_the_button(form, draft, cast):
    form.save(
        consent_forward="2026-01-10", excluded=[cast.member.pk], excluded_name_1="Jo Unterwegs"
    )
    assert not Consent.objects.exists()
    assert not Exclusion.objects.exists()


def test_only_a_draft_saves_itself(by_hr, stage, client_of, form, draft):
    Application.objects.filter(pk=draft.pk).update(state="submitted", submitted_at=make.SOME_TIME)
    form.version = VERSION.search(form.hr.get(form.edit).content.decode())[1]
    said = form.save(goals="heimlich")
    assert not said["saved"]
    assert "kein Entwurf mehr" in said["message"]
    assert "data-autosave" not in form.hr.get(form.edit).content.decode()


def test_a_forged_version_saves_nothing(form, draft):
    form.version = "x"
    assert not form.save(goals="geschmuggelt")["saved"]


def test_the_navigation_says_what_is_missing(form, draft, stage, cast):
    assert "data-autosave" in form.page
    assert 'href="#teil-commitment"' in form.page
    assert 'id="teil-commitment"' in form.page
    assert "Es fehlt: Einwilligung: Weitergabe an den Beirat" in form.page


def test_exclusions_are_added_and_deleted_but_never_shown(form, draft, stage, cast):
    form.hr.post(
        form.edit,
        {
            **posted(excluded=[cast.member.pk]),
            "excluded_name_1": "Frau Dr. Vertraulich",
            "excluded_house_1": str(stage.other.pk),
            "excluded_house_2": str(stage.other.pk),
            "excluded_department_2": "Jugendamt",
            "_version": form.version,
        },
    )
    assert Exclusion.objects.filter(subject=draft.person).count() == 3
    again = form.hr.get(form.edit).content.decode()
    assert "Es sind Angaben hinterlegt; sie werden nicht wieder angezeigt." in again
    assert "Vertraulich" not in again
    assert (
        f'value="{cast.member.pk}" class="kern-form-check__checkbox" id="id_excluded_0" checked'
        not in again
    )
    detail = form.hr.get(draft.get_absolute_url()).content.decode()
    assert "Vertraulich" not in detail
    version = VERSION.search(again)[1]
    form.hr.post(form.edit, {**posted(), "excluded_clear": "on", "_version": version})
    assert not Exclusion.objects.exists()


@pytest.mark.parametrize("name", ["Vertraulich", "Frau", "Dr."])
def test_a_name_that_could_be_anybody(form, name):
    answer = form.hr.post(
        form.edit, {**posted(), "excluded_name_1": name, "_version": form.version}
    )
    assert answer.context["form"].errors["excluded_name_1"]
    assert not Exclusion.objects.exists()


def test_the_sheet_to_sign(form, draft, cast, stage):
    make.make_exclusion(stage.cycle, draft.person, name="Nie Auf Papier")
    draft.superior = cast.lead
    draft.save()
    url = reverse("applications:signing", args=[stage.cycle.pk, draft.pk])
    pdf = form.hr.get(url)
    text = " ".join(part.extract_text() for part in PdfReader(io.BytesIO(pdf.content)).pages)
    assert "Unterschrift Käthe Öztürk-O'Neill" in text
    assert "widerrufe ich sie, ist meine Bewerbung zurückgezogen" in text.replace("\n", " ")
    for hidden in ("Nie Auf", cast.lead.last_name, "Geheime Stellungnahme"):
        assert hidden not in text


def test_typing_a_name_does_not_tell_whether_it_is_there(form, draft, stage, cast):
    """Whoever guesses whom the applicant named by the link reads it off nothing."""
    make.make_exclusion(stage.cycle, draft.person, name="Erika Vertraulich")

    def shown_after(name):
        version = VERSION.search(form.hr.get(form.edit).content.decode())[1]
        typed = {**posted(), "excluded_name_1": name, "_version": version}
        assert form.hr.post(form.edit, typed).status_code == 302
        read = [form.hr.get(one).content.decode() for one in (form.edit, draft.get_absolute_url())]
        return [re.findall(r"[^<>]*hinterlegt[^<>]*", page) for page in read]

    assert shown_after("Erika Vertraulich") == shown_after("Jana Niemand")
    assert Exclusion.objects.filter(subject=draft.person).count() == 2

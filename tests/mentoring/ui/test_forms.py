"""Forms, through the real page: errors, two editors, double posts, kept forms."""

import re
from html import unescape

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import QueryDict

from mentoring.accounts.models import User
from mentoring.ui import submissions
from mentoring.ui.forms import FormKeeper, form_keepers
from mentoring.ui.models import SubmittedForm
from mentoring.ui.views import PageView
from programmes.organisations.models import Municipality
from tests import factories as make

pytestmark = pytest.mark.django_db


def hidden(response, name):
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    return unescape(found[1]) if found else None


def test_the_error_summary_leads_to_each_field(client):
    page = client.post("/probe/alles/", {"name": "", "places": "viele", "mail": "kein at"})
    text = page.content.decode()
    assert 'role="alert" tabindex="-1" autofocus' in text
    assert "<title>Fehler: Alle Felder" in text
    targets = re.findall(r'href="#(id_[^"]+)"', text)
    assert {"id_name", "id_places", "id_mail", "id_way_0", "id_ways_0", "id_agree"} <= set(targets)
    for target in targets:
        assert text.count(f'id="{target}"') == 1
    assert 'value="kein at"' in text
    field = re.search(r'<input type="email"[^>]*>', text)[0]
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="id_mail_error"' in field
    assert 'id="id_mail_error"' in text


def test_hints_and_optional_marks_are_tied_to_their_fields(client):
    text = client.get("/probe/alles/").content.decode()
    assert 'aria-describedby="id_name_helptext"' in text
    assert 'id="id_name_helptext"' in text
    assert re.search(r'for="id_about">Über Sie *<span class="kern-label__optional">', text)
    assert re.search(r"<fieldset[^>]*aria-describedby=\"id_ways_helptext\"", text)
    assert re.search(r'type="date"[^>]*id="id_day"|id="id_day"', text)
    assert 'value="1500.50"' in text
    assert "style=" not in text
    assert not re.search(r"<script(?![^>]*src=)", text)


def test_nul_and_control_characters_are_an_error_of_the_field(client):
    page = client.post("/probe/neu/", {"email": "a\x00b@stadt.example", "is_active": "on"})
    assert page.status_code == 200
    assert "unsichtbares Zeichen" in page.content.decode()
    assert 'value="ab@stadt.example"' in page.content.decode()
    assert not User.objects.filter(email="ab@stadt.example").exists()


@pytest.mark.parametrize(
    "text", ["x" * 200_000, "👩‍🎓@stadt.example", "\u202egro.elpmaxe@a", "'; --"]
)
def test_strange_text_is_no_server_error(client, text):
    assert client.post("/probe/neu/", {"email": text}).status_code == 200


def test_a_refusal_is_shown_and_nothing_typed_is_lost(client):
    page = client.post("/probe/neu/", {"email": "verboten@stadt.example", "is_active": "on"})
    text = page.content.decode()
    assert "darf kein Zugang angelegt werden" in text
    assert 'value="verboten@stadt.example"' in text
    assert not SubmittedForm.objects.exists()


def test_a_form_posted_twice_acts_once(client):
    form = client.get("/probe/neu/")
    data = {"email": "neu@stadt.example", "_form_id": hidden(form, "_form_id")}
    first = client.post("/probe/neu/", data)
    assert first.status_code == 302
    second = client.post("/probe/neu/", data, follow=True)
    assert second.redirect_chain[0][0] == "/probe/"
    assert "nur einmal ausgeführt" in second.content.decode()
    assert User.objects.filter(email="neu@stadt.example").count() == 1


def test_a_refused_form_may_be_sent_again(client):
    form = client.get("/probe/neu/")
    data = {"email": "verboten@stadt.example", "_form_id": hidden(form, "_form_id")}
    again = client.post("/probe/neu/", data)
    assert hidden(again, "_form_id") == data["_form_id"]
    data["email"] = "erlaubt@stadt.example"
    assert client.post("/probe/neu/", data).status_code == 302


@pytest.mark.parametrize("form_id", ["", "Unsinn", "a:b:c", "\x00"])
def test_a_form_id_of_no_use_does_not_stop_the_form(client, form_id):
    page = client.post("/probe/neu/", {"email": "x@stadt.example", "_form_id": form_id})
    assert page.status_code == 302


def test_old_submissions_are_deleted(db, time_machine_or_now):
    SubmittedForm.objects.create(key="alt", created_at=time_machine_or_now - 2 * submissions.KEEP)
    SubmittedForm.objects.create(key="neu")
    assert submissions.delete_old_submissions() == 1
    assert SubmittedForm.objects.get().key == "neu"


@pytest.fixture
def time_machine_or_now():
    from django.utils import timezone

    return timezone.now()


# --- Two editors ----------------------------------------------------------------------
@pytest.fixture
def place(db):
    return make.make_municipality("Ahausen", name="Stadt Ahausen", regional_group="Nord")


def place_data(page, **changes):
    data = {
        "name": "Stadt Ahausen",
        "short_name": "Ahausen",
        "kind": "city",
        "regional_group": "Nord",
        "_version": hidden(page, "_version"),
    }
    return {**data, **changes}


def test_the_second_editor_sees_both_versions(client, place):
    url = f"/probe/ort/{place.pk}/"
    page = client.get(url)
    other = Municipality.objects.get(pk=place.pk)
    other.name, other.regional_group = "Stadt Ahausen am See", "Süd"
    other.save()
    conflict = client.post(url, place_data(page, name="Ahausen, Stadt"))
    text = conflict.content.decode()
    assert "jemand anderes" in text
    assert "Ahausen, Stadt" in text
    assert "Stadt Ahausen am See" in text
    rows = {row.name: row for row in conflict.context["form"].conflict}
    assert set(rows) == {"name", "regional_group"}
    # What only the other one touched is proposed as stored, what both touched as typed.
    assert rows["regional_group"].take_stored
    assert not rows["name"].take_stored
    place.refresh_from_db()
    assert place.name == "Stadt Ahausen am See"
    choice = {"name": "Ahausen, Stadt", "_take-name": "mine", "_take-regional_group": "stored"}
    assert client.post(url, place_data(conflict, **choice)).status_code == 302
    place.refresh_from_db()
    assert (place.name, place.regional_group) == ("Ahausen, Stadt", "Süd")


def test_a_choice_survives_another_error(client, place):
    url = f"/probe/ort/{place.pk}/"
    page = client.get(url)
    other = Municipality.objects.get(pk=place.pk)
    other.regional_group = "Süd"
    other.save()
    conflict = client.post(url, place_data(page, name="Neu"))
    wrong = client.post(url, place_data(conflict, name="", **{"_take-regional_group": "stored"}))
    assert 'value="Süd"' in wrong.content.decode()


def test_what_does_not_contradict_is_saved_without_a_question(client, place):
    url = f"/probe/ort/{place.pk}/"
    page = client.get(url)
    other = Municipality.objects.get(pk=place.pk)
    other.phone = "0251 1234"
    other.save()
    assert client.post(url, place_data(page)).status_code == 302
    place.refresh_from_db()
    assert place.phone == "0251 1234"


def test_a_record_that_is_gone_is_said_so(client, place, monkeypatch):
    url = f"/probe/ort/{place.pk}/"
    page = client.get(url)
    place.delete()
    assert client.post(url, place_data(page, name="Neu")).status_code == 404


@pytest.mark.parametrize("version", ["", "1", "gefälscht:abc"])
def test_a_version_that_is_not_ours_saves_nothing(client, place, version):
    url = f"/probe/ort/{place.pk}/"
    page = client.post(url, place_data(client.get(url), name="Neu", _version=version))
    assert "Laden Sie die Seite neu" in page.content.decode()
    place.refresh_from_db()
    assert place.name == "Stadt Ahausen"


def test_the_race_between_check_and_write_ends_in_the_same_question(client, place, monkeypatch):
    from tests.mentoring.ui import site

    def slow(self, form):
        Municipality.objects.filter(pk=place.pk).update(name="Inzwischen anders")
        return form.save()

    monkeypatch.setattr(site.PlaceUpdate, "save", slow)
    url = f"/probe/ort/{place.pk}/"
    page = client.post(url, place_data(client.get(url), name="Meins"))
    assert page.status_code == 200
    assert [row.name for row in page.context["form"].conflict] == ["name"]


# --- Kept forms -----------------------------------------------------------------------
def test_a_kept_form_is_refilled_without_judging_it(client):
    gone = []
    old_id = hidden(client.get("/probe/neu/"), "_form_id")
    data = QueryDict(mutable=True)
    data.update({"email": "kein-at", "_form_id": old_id})
    keeper = FormKeeper(
        kept=lambda request: data,
        token=lambda request: "Marke",
        discard=gone.append,
        rescue=lambda request: None,
    )
    form_keepers.add("probe", keeper)
    page = client.get("/probe/neu/")
    text = page.content.decode()
    assert 'value="kein-at"' in text
    assert "Ihre Eingaben sind noch da" in text
    assert "kern-alert--danger" not in text
    assert hidden(page, "_kept") == "Marke"
    assert hidden(page, "_form_id") == old_id
    assert not gone
    client.post("/probe/neu/", {"email": "gut@stadt.example"})
    assert len(gone) == 1


# --- Confirm pages and rules ----------------------------------------------------------
def test_a_confirm_page_asks_first_and_wants_a_reason(client):
    other = make.make_user()
    url = f"/probe/{other.pk}/sperren/"
    asked = client.get(url).content.decode()
    assert f"Möchten Sie den Zugang {other.email} wirklich sperren?" in asked
    assert "Alle Sitzungen enden sofort." in asked
    other.refresh_from_db()
    assert other.is_active
    assert "Begründung:" in client.post(url, {}).content.decode()
    done = client.post(url, {"reason": "verlässt das Haus"}, follow=True)
    assert "Der Zugang ist gesperrt." in done.content.decode()
    again = client.post(url, {"reason": "noch einmal"})
    assert "schon gesperrt" in again.content.decode()


def test_a_view_without_a_rule_does_not_start():
    class Forgotten(PageView):
        pass

    class Unknown(PageView):
        rule = "ui_tests.gibtsnicht"

    class Both(PageView):
        rule = "signed_in"
        public = True

    for view in (Forgotten, Unknown, Both):
        with pytest.raises(ImproperlyConfigured):
            view.as_view()


def test_a_rule_that_says_no_is_a_403():
    from django.core.exceptions import PermissionDenied
    from django.test import RequestFactory

    from tests.mentoring.ui.site import ForbiddenPage

    request = RequestFactory().get("/")
    request.user = make.make_user(is_superuser=True)
    with pytest.raises(PermissionDenied):
        ForbiddenPage.as_view()(request)

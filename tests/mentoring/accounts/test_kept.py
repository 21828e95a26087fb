"""What is typed into a form whose session has ended is there again after signing in."""

from datetime import datetime, timedelta

import pytest
from django.contrib.messages import get_messages
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from mentoring.accounts import kept
from mentoring.accounts.models import KeptForm
from tests.mentoring.accounts.conftest import Browser
from tests.mentoring.accounts.urls import NotePage

pytestmark = pytest.mark.django_db
NOTE = "/probe/notiz/"
TYPED = "Erste Zeile – „Ümläute“ 👩‍💻\r\nzweite <b>Zeile</b>"


def messages_of(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


@pytest.fixture
def typing(browser, erika) -> tuple[Browser, dict[str, str]]:
    """A browser whose session ended while a form stood open, and the form's hidden fields."""
    browser.sign_in(erika.email)
    hidden = browser.hidden(NOTE)
    browser.session.flush()
    return browser, hidden


def test_typed_text_is_back_after_signing_in_and_was_not_sent(typing, erika):
    browser, hidden = typing
    response = browser.post(NOTE, {**hidden, "note": TYPED, "title": "", "tags": ["b", "a"]})
    assert response.status_code == 302
    assert response.url == "/anmelden/?next=%2Fprobe%2Fnotiz%2F"
    assert "melden Sie sich an, dann stehen sie wieder im Formular" in messages_of(response)
    assert NotePage.saved_notes == []

    response = browser.sign_in(erika.email, next=NOTE)
    assert response.url == NOTE
    page = browser.get(NOTE).content.decode()
    assert "zweite &lt;b&gt;Zeile&lt;/b&gt;" in page
    assert "Ihre Eingaben sind noch da" in page
    assert NotePage.saved_notes == []
    # Looking does not use it up: the page may be reloaded.
    assert "zweite &lt;b&gt;" in browser.get(NOTE).content.decode()

    browser.send(NOTE, {"note": TYPED})
    assert NotePage.saved_notes == [TYPED.replace("\r\n", "\n")] or NotePage.saved_notes == [TYPED]
    assert KeptForm.objects.count() == 0
    assert "zweite" not in browser.get(NOTE).content.decode()


def test_all_values_come_back_in_their_order(typing, erika, rf):
    browser, hidden = typing
    browser.post(NOTE, {**hidden, "note": "a\x00b", "tags": ["b", "a"], "title": ""})
    request = rf.get(NOTE)
    request.user = erika
    data = kept.kept_data(request)
    assert data.getlist("tags") == ["b", "a"]
    assert data["title"] == ""
    assert data["note"] == "a\x00b"


def test_secrets_are_never_kept(typing):
    browser, hidden = typing
    secrets = {"password": "p", "oldpassword": "p", "Neues_Passwort": "p", "kennwort2": "p"}
    browser.post(NOTE, {**hidden, **secrets, "note": "bleibt"})
    data = KeptForm.objects.get().as_query_dict()
    assert data["note"] == "bleibt"
    assert not {*secrets, "csrfmiddlewaretoken", kept.FIELD} & set(data)


def test_forms_with_a_password_carry_no_token(browser, erika):
    browser.sign_in(erika.email)
    for path in ("/anmelden/passwort/",):
        assert kept.FIELD not in browser.hidden(path)


def test_files_are_not_kept_and_the_user_is_told(typing):
    browser, hidden = typing
    upload = SimpleUploadedFile("lebenslauf.pdf", b"%PDF-1.7 geheim")
    response = browser.post(NOTE, {**hidden, "note": "mit Anlage", "attachment": upload})
    assert kept.FILES_LOST in messages_of(response)
    form = KeptForm.objects.get()
    assert "lebenslauf" not in form.data
    assert form.as_query_dict()["note"] == "mit Anlage"


def test_somebody_else_sees_nothing_of_it(typing, erika, hanne):
    browser, hidden = typing
    browser.post(NOTE, {**hidden, "note": TYPED})
    browser.sign_in(hanne.email, next=NOTE)
    for path in (NOTE, reverse("kept_forms"), "/"):
        assert "zweite" not in browser.get(path).content.decode()
        assert "Nicht gesendete Eingaben (1)" not in browser.get(path).content.decode()
    own = KeptForm.objects.get()
    assert browser.get(reverse("kept_form_discard", args=[own.pk])).status_code == 404
    browser.send(NOTE, {"note": "von Hanne"})
    assert KeptForm.objects.get().user == erika


def test_a_form_is_not_sent_in_the_name_of_who_signed_in_since(browser, erika, hanne):
    browser.sign_in(erika.email)
    hidden = browser.hidden(NOTE)
    browser.session.flush()
    browser.sign_in(hanne.email)
    token = browser.cookies["csrftoken"].value
    # Even with a valid CSRF token of the new session.
    response = browser.post(NOTE, {**hidden, "csrfmiddlewaretoken": token, "note": TYPED})
    assert response.url == "/"
    assert "anderen Zugang" in messages_of(response)
    assert NotePage.saved_notes == []
    assert KeptForm.objects.get().user == erika
    assert "zweite" not in browser.get(NOTE).content.decode()


def test_signed_in_again_in_another_tab(browser, erika):
    browser.sign_in(erika.email)
    hidden = browser.hidden(NOTE)
    browser.session.flush()
    browser.sign_in(erika.email)
    response = browser.post(NOTE + "?a=1", {**hidden, "note": TYPED})
    assert response.status_code == 302
    assert response.url == NOTE + "?a=1"
    assert "noch einmal ab" in messages_of(response)
    assert NotePage.saved_notes == []
    assert "zweite" in browser.get(NOTE).content.decode()


def test_without_a_token_a_stale_form_gets_the_usual_page(browser, erika):
    browser.sign_in(erika.email)
    response = browser.post(NOTE, {"note": TYPED, "csrfmiddlewaretoken": "x" * 64})
    assert response.status_code == 403
    assert "Formular ist abgelaufen" in response.content.decode()
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "\x00",
        signing.dumps([1, NOTE], salt="another"),
        signing.dumps("text", salt=kept.SALT),
        signing.dumps(["1", NOTE], salt=kept.SALT),
        signing.dumps([999_999, NOTE], salt=kept.SALT),
    ],
    # The tokens hold the time, and parallel runs must agree on the tests' names.
    ids=["empty", "letter", "nul", "other-salt", "no-pair", "text-pk", "unknown-pk"],
)
def test_a_tampered_token_keeps_nothing(browser, token):
    response = browser.post(NOTE, {kept.FIELD: token, "note": TYPED})
    assert response.status_code in (302, 403)
    assert not KeptForm.objects.exists()


def test_a_token_is_good_for_its_own_path_only(typing):
    browser, hidden = typing
    response = browser.post("/probe/andere/", {**hidden, "note": TYPED})
    assert response.url == "/anmelden/?next=/probe/andere/"
    assert not KeptForm.objects.exists()


def test_a_token_ends_after_two_weeks(browser, erika, time_machine):
    start = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.get_current_timezone())
    time_machine.move_to(start, tick=False)
    browser.sign_in(erika.email)
    hidden = browser.hidden(NOTE)
    time_machine.move_to(start + timedelta(days=14, minutes=1), tick=False)
    browser.post(NOTE, {**hidden, "note": TYPED})
    assert not KeptForm.objects.exists()


def test_too_much_text_is_refused_with_advice(typing):
    browser, hidden = typing
    response = browser.post(NOTE, {**hidden, "note": "ä" * (512 * 1024)})
    assert kept.TOO_LARGE in messages_of(response)
    assert not KeptForm.objects.exists()
    response = browser.post(NOTE, {**hidden, "note": "ä" * (511 * 1024)})
    assert KeptForm.objects.count() == 1


def test_at_most_five_are_kept_and_a_double_click_counts_once(typing, erika):
    browser, hidden = typing
    for number in (0, 1, 2, 3, 4, 5, 5):
        browser.post(NOTE, {**hidden, "note": f"Fassung {number}"})
    notes = [form.as_query_dict()["note"] for form in KeptForm.objects.all()]
    assert notes == [f"Fassung {number}" for number in (5, 4, 3, 2, 1)]


def test_a_deactivated_sign_in_keeps_nothing(typing, erika):
    browser, hidden = typing
    erika.is_active = False
    erika.save()
    response = browser.post(NOTE, {**hidden, "note": TYPED})
    assert response.status_code == 302
    assert not KeptForm.objects.exists()


def test_kept_for_a_day_then_deleted(typing, erika, time_machine):
    browser, hidden = typing
    browser.post(NOTE, {**hidden, "note": TYPED})
    made = KeptForm.objects.get().created_at
    time_machine.move_to(made + timedelta(hours=23, minutes=59), tick=False)
    assert KeptForm.objects.visible_to(erika).count() == 1
    assert kept.delete_expired() == 0
    time_machine.move_to(made + timedelta(hours=24), tick=False)
    assert KeptForm.objects.visible_to(erika).count() == 0
    assert kept.delete_expired() == 1


def test_it_can_be_discarded(typing, erika):
    browser, hidden = typing
    browser.post(NOTE, {**hidden, "note": TYPED})
    browser.sign_in(erika.email)
    assert NOTE in browser.get(reverse("kept_forms")).content.decode()
    assert "Nicht gesendete Eingaben" in browser.get("/").content.decode()
    response = browser.send(reverse("kept_form_discard", args=[KeptForm.objects.get().pk]), {})
    assert response.url == reverse("kept_forms")
    assert not KeptForm.objects.exists()


def test_htmx_is_told_to_leave_the_page(typing):
    browser, hidden = typing
    response = browser.post(NOTE, {**hidden, "note": TYPED}, HTTP_HX_REQUEST="true")
    assert response["HX-Redirect"] == "/anmelden/?next=%2Fprobe%2Fnotiz%2F"


def test_pages_without_sign_in_take_their_form(typing, erika):
    browser, _ = typing
    token = signing.dumps([erika.pk, "/anmelden/"], salt=kept.SALT)
    response = browser.send("/anmelden/", {kept.FIELD: token, "login": "x", "password": "y"})
    assert response.status_code == 200
    assert not KeptForm.objects.exists()

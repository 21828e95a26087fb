"""The anonymous Steckbrief: nothing on it, in it or about it tells whom it is about."""

import io
import re

import pytest
from django.urls import reverse
from pypdf import PdfReader

from mentoring.log.models import LogEntry
from tandems.selection import anonymous
from tests import factories as make
from tests.tandems.selection.makers import make_nominated, make_photo, pages_of, pictures_of

GIVE_AWAY = ("Öztürk", "Käthe", "Ahausen", "Wunder", "73")


@pytest.fixture
def found(stage):
    person = make.make_person("Käthe", "Öztürk-Groß", municipality=stage.own, phone="02501 / 12345")
    return make_nominated(stage, person=person, rank=73, photo=make_photo())


@pytest.fixture
def url(found):
    return reverse("selection:anonymous", args=[found.cycle_id, found.pk])


def ticked(**values):
    return {"code": "B", "take-target_group": "on", "take-topics": "on", **values}


def test_free_texts_are_not_taken_over_by_themselves(found, url, client_of):
    answer = client_of("lead").post(url, ticked())
    assert answer["Content-Type"] == "application/pdf"
    (text,) = pages_of(answer.content)
    assert text.startswith("Steckbrief B")
    assert "Führung, Digitalisierung" in text
    assert "Unverwechselbare" not in text
    for hidden in GIVE_AWAY:
        assert hidden not in text
    assert pictures_of(answer.content) == 0


def test_nothing_around_it_gives_the_person_away(found, url, client_of):
    answer = client_of("lead").post(url, ticked())
    assert answer["Content-Disposition"] == 'attachment; filename="steckbrief-b.pdf"'
    metadata = PdfReader(io.BytesIO(answer.content)).metadata
    assert metadata is not None
    assert metadata.title == "Steckbrief B"
    assert set(metadata) == {"/Title", "/Producer"}
    raw = answer.content.decode("latin-1")
    assert not re.search(rf"\b{found.pk}/anonym", raw)
    assert "/bewerbungen/" not in raw


def test_a_text_is_taken_as_edited_and_not_stored(found, url, client_of):
    before, known = found.motivation, set(LogEntry.objects.values_list("pk", flat=True))
    text = {"take-motivation": "on", "text-motivation": "Ich übernehme ein Team."}
    answer = client_of("lead").post(url, ticked(**text))
    assert "Ich übernehme ein Team." in pages_of(answer.content)[0]
    found.refresh_from_db()
    assert found.motivation == before
    entries = LogEntry.objects.exclude(pk__in=known)
    assert {entry.action for entry in entries} == {LogEntry.Action.ACCESS}


@pytest.mark.parametrize(
    "text",
    [
        "Ich bin Käthe.",
        "Frau Oeztuerk leitet.",
        "Das ist KÄTHES Ziel.",
        "So sagt die Öztürk-Groß.",
        "Mail: kaethe@ahausen.example",
        "Tel. 02501-12345",
    ],
)
def test_names_are_refused_and_the_text_stays(url, client_of, text):
    data = ticked(**{"take-goals": "on", "text-goals": text, "checked": "on"})
    data |= {"take-motivation": "on", "text-motivation": text, "take-goals": ""}
    answer = client_of("lead").post(url, data)
    assert answer["Content-Type"].startswith("text/html")
    page = answer.content.decode()
    assert "Name oder eine Adresse" in page
    assert text in page


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Ich arbeite in Ahausen.", "Ahausen"),
        ("Als Ahausener Beschäftigte.", "Ahausen"),
        ("Zuvor war ich in UEBELHEIM tätig.", "Übelheim"),
        ("Im Amt für Wunderfragen.", "Amt für Wunderfragen"),
        ("Ich habe die Leitung der Wunderstelle.", "Leitung der Wunderstelle"),
        ("Als Mutter und Sachgebietsleiterin.", "Mutter, Sachgebietsleiterin"),
    ],
)
def test_the_rest_is_warned_about_and_may_be_confirmed(url, client_of, text, hint):
    lead = client_of("lead")
    data = ticked(**{"take-motivation": "on", "text-motivation": text})
    answer = lead.post(url, data)
    page = answer.content.decode()
    assert answer["Content-Type"].startswith("text/html")
    assert "Das könnte verraten" in page
    assert hint in page
    assert 'name="checked"' in page
    assert lead.post(url, {**data, "checked": "on"})["Content-Type"] == "application/pdf"


def test_harmless_words_are_let_pass(found):
    text = "Ich möchte Annahmen prüfen, großen Druck aushalten und öfter führen."
    assert anonymous.names_in(text, found) == []
    assert anonymous.hints_in(text, found, anonymous.places_of(found)) == []


def test_a_text_that_is_not_ticked_is_not_checked(url, client_of):
    data = ticked(**{"text-motivation": "Käthe aus Ahausen"})
    answer = client_of("lead").post(url, data)
    assert answer["Content-Type"] == "application/pdf"


def test_the_code_is_drawn_and_short(found, url, client_of):
    assert len({anonymous.new_code() for _ in range(40)}) > 10
    answer = client_of("lead").post(url, ticked(code="Käthe"))
    assert "Bitte einen Großbuchstaben" in answer.content.decode()


def test_without_any_choice_there_is_no_sheet(url, client_of):
    answer = client_of("lead").post(url, {"code": "B"})
    assert "mindestens eine Angabe" in answer.content.decode()


def test_the_department_is_not_offered(url, client_of):
    assert "Amt für Wunderfragen" not in client_of("lead").get(url).content.decode()

"""The Steckbrief: one page, whatever was written, and nothing on it that is not its reader's."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from mentoring.log.models import LogEntry
from tandems.applications.models import ApplicationState
from tandems.profiles.models import Exclusion
from tandems.selection.contents import Part, ProfileSheet
from tandems.selection.fit import MARK, fit, share
from tandems.selection.pdf import sheet_pdf
from tests import factories as make
from tests.tandems.selection.makers import (
    MOTIVATION,
    SECRET,
    consent_to_photo,
    make_nominated,
    make_photo,
    pages_of,
    pictures_of,
)

LONG = "Ich möchte meine neue Rolle bewusst gestalten und suche dafür den Blick von außen. "


def url(application, name="sheet"):
    return reverse(f"selection:{name}", args=[application.cycle_id, application.pk])


def sheet(*parts, heading="Käthe Öztürk-O'Neill", photo=""):
    return ProfileSheet(heading, "Stadt Ahausen", "Mentoring, Durchgang Nr. 11", parts, photo)


def long_parts(text, number=8):
    return [Part(f"Frage {at}", text[:4000], True) for at in range(number)]


@pytest.mark.parametrize(
    "content",
    [
        sheet(),
        sheet(*long_parts("Kurz.")),
        sheet(*long_parts(LONG * 50)),
        sheet(*long_parts("W" * 4000)),
        sheet(*long_parts("Wort\n" * 800)),
        sheet(
            *[Part("Q" * 160, "W" * 160) for _ in range(40)],
            *[Part("Q" * 160, "W" * 4000, True) for _ in range(40)],
            heading=f"{'W' * 40} {'W' * 80} {'M' * 80}",
        ),
    ],
    ids=["empty", "tiny", "huge", "one-word", "one-word-a-line", "everything"],
)
def test_it_is_one_page_whatever_was_written(content):
    data = sheet_pdf(content, title="Steckbrief")
    pages = pages_of(data)
    assert len(pages) == 1
    # What the layout planned is what is printed: nothing was cut off at the bottom.
    fitted = fit(content)
    if last := [*fitted.facts, *fitted.texts][-1:]:
        assert "".join(last[0].text.split())[-15:] in "".join(pages[0].split())
    page = PdfReader(io.BytesIO(data)).pages[0].mediabox
    assert (round(page.width), round(page.height)) == (595, 842)


def test_short_texts_stand_in_the_largest_type_and_whole():
    fitted = fit(sheet(*long_parts(LONG)))
    assert fitted.tier == 1
    assert not any(MARK in text.text for text in fitted.texts)


def test_long_texts_are_cut_and_say_so_while_short_ones_stay_whole():
    fitted = fit(sheet(Part("Kurz", LONG.strip(), True), *long_parts(LONG * 50)))
    assert fitted.tier == 4
    assert fitted.texts[0].text == LONG.strip()
    assert all(text.text.endswith(MARK) for text in fitted.texts[1:])


def test_lines_are_shared_out_fairly():
    assert share([2, 30, 40], 22) == [2, 10, 10]
    assert share([], 5) == []
    assert share([3, 3], 60) == [3, 3]


def test_what_stands_on_it_and_what_never_does(stage, cast, client_of):
    seat = make.make_seat(stage.cycle.participations.get(municipality=stage.other))
    person = make.make_person(
        "Käthe", "Öztürk", municipality=stage.own, phone="02501 12345", email="kaethe@x.example"
    )
    found = make_nominated(stage, person=person, rank=73, superior=seat)
    excluded = make.make_person("Ausge", "Schlossen")
    Exclusion.objects.create(cycle=stage.cycle, subject=person, person=excluded)
    answer = client_of("lead").get(url(found))
    assert answer.status_code == 200
    assert "Öztürk" not in answer["Content-Disposition"]
    (text,) = pages_of(answer.content)
    for wanted in ("Käthe Öztürk", "Stadt Ahausen", "Amt für Wunderfragen", MOTIVATION, "Führung"):
        assert wanted in text
    for hidden in (SECRET, "73", "Rang", seat.last_name, "Schlossen", "12345", "kaethe@x"):
        assert hidden not in text


def test_reading_it_is_in_the_log(stage, cast, client_of):
    found = make_nominated(stage)
    client_of("member").get(url(found))
    entry = LogEntry.objects.filter(action=LogEntry.Action.ACCESS).get()
    assert (entry.object_id, entry.actor) == (found.pk, cast.user("member"))


def test_the_photo_needs_a_valid_consent(stage, cast, client_of):
    found, lead = make_nominated(stage, photo=make_photo()), client_of("lead")
    assert pictures_of(lead.get(url(found)).content) == 0
    consent = consent_to_photo(found)
    with_photo = lead.get(url(found)).content
    assert pictures_of(with_photo) == 1
    assert b"Standort" not in with_photo
    consent.withdrawn_on = timezone.localdate()
    consent.save()
    assert pictures_of(lead.get(url(found)).content) == 0


def test_a_photo_that_is_none_is_left_out(stage, cast, client_of):
    broken = make_photo()
    broken.content.storage.delete(broken.content.name)
    found = make_nominated(stage, photo=broken)
    consent_to_photo(found)
    assert pictures_of(client_of("lead").get(url(found)).content) == 0


def test_the_house_prints_its_own_and_no_others(stage, cast, client_of):
    found, hr = make_nominated(stage), client_of("hr")
    assert hr.get(url(found)).status_code == 200
    assert hr.get(url(make_nominated(stage, stage.other))).status_code == 404
    assert hr.get(url(found, "anonymous")).status_code == 403
    assert hr.get(url(found, "note")).status_code == 403


def test_a_withdrawn_application_is_no_candidate(stage, cast, client_of):
    found = make_nominated(stage, state=ApplicationState.WITHDRAWN, nominated_at=make.SOME_TIME)
    lead = client_of("lead")
    assert lead.get(found.get_absolute_url()).status_code == 200
    for name in ("sheet", "note", "anonymous"):
        assert lead.get(url(found, name)).status_code == 403


def test_conflict_of_interest_hides_all_of_it(stage, cast, client_of):
    found = make_nominated(stage, superior=cast.lead)
    for name in ("sheet", "note", "anonymous"):
        assert client_of("lead").get(url(found, name)).status_code == 404

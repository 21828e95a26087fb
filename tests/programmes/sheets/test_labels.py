"""Labels and badges of a choice: whom for, where on the sheet, and that everything fits."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from mentoring.jobs.domain import claim_next, run_claimed
from mentoring.jobs.models import Job
from programmes.cycles.models import CouncilSeat, ParticipantRole
from programmes.people.models import Salutation
from programmes.sheets import cycle_views
from programmes.sheets.labels import FORMATS, PERSONAL, Label, labels_pdf, size_of
from tests import factories as make
from tests.programmes.sheets.conftest import rows_of, words_of

MM = 25.4 / 72


def a_label(**fields):
    every = dict.fromkeys(("note", "salutation", "title", "first_name", "street"), "")
    address = {"house": "Stadt Ahausen", "postal_code": "48143", "city": "Münster"}
    return Label(**{**every, "last_name": "", **address, **fields})


def places_of(data):
    """Page, and millimetres from left and from top, of each piece of text in a PDF."""
    found = []
    for number, sheet in enumerate(PdfReader(io.BytesIO(data)).pages):

        def visit(text, cm, tm, font, size, number=number):
            if text.strip():
                x = cm[0] * tm[4] + cm[2] * tm[5] + cm[4]
                y = cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
                found.append((number, text.strip(), x * MM, 297 - y * MM))

        sheet.extract_text(visitor_text=visit)
    return found


# --- Whom for ---------------------------------------------------------------------------
def test_a_label_says_whose_house_and_that_it_is_personal(client_of, page, people):
    person = people["Ärmel"].person
    person.title, person.salutation = "Dr.", Salutation.MS
    person.save()
    rows = rows_of(client_of("logistics").get(page("labels_file", "xlsx"), {"q": "ärmel"}))
    assert rows == [
        [
            *("Vermerk", "Anrede", "Titel", "Vorname", "Nachname", "Kommune"),
            *("Straße und Hausnummer", "Postleitzahl", "Ort"),
        ],
        [
            *(PERSONAL, "Frau", "Dr.", "Zoe", "Ärmel", "Stadt Ahausen"),
            *("Am Markt 1", "01067", "Ahausen"),
        ],
    ]
    words = words_of(client_of("logistics").get(page("labels_file", "pdf"), {"q": "ärmel"}).content)
    assert words == "Persönlich Frau Dr. Zoe Ärmel Stadt Ahausen Am Markt 1 01067 Ahausen"
    person.salutation = Salutation.MR
    person.save()
    answer = client_of("logistics").get(page("labels_file", "pdf"), {"q": "ärmel"})
    assert "Herrn Dr. Zoe" in words_of(answer.content)


@pytest.mark.parametrize("name", ["labels", "badges"])
@pytest.mark.parametrize(
    ("query", "last_names"),
    [
        ({"role": "mentor"}, ["Zander"]),
        ({"role": "applicant"}, ["Ader"]),
        ({"q": "zoe"}, ["Ärmel"]),
        ({"left": "ausgeschieden"}, []),
        ({"sort": "-name", "role": "mentee"}, ["Ärmel"]),
    ],
)
def test_page_and_file_hold_exactly_the_filtered(
    client_of, stage, page, people, name, query, last_names
):
    stage.other.postal_code, stage.other.city = "48149", "Übelheim"
    stage.other.save()
    browser = client_of("logistics")
    rows = rows_of(browser.get(page(f"{name}_file", "xlsx"), query))
    text = str(rows[1:])
    for last in ("Ader", "Ärmel", "Zander"):
        assert (last in text) == (last in last_names)
    shown = browser.get(page(name), query)
    assert shown.context["paper"].number == len(rows) - 1


def test_one_kommune_alone(client_of, stage, page, people):
    query = {"municipality": stage.own.pk}
    for name in ("labels", "badges"):
        text = str(rows_of(client_of("logistics").get(page(f"{name}_file", "xlsx"), query)))
        assert "Ärmel" in text
        assert "Zander" not in text


def test_the_participant_list_hands_its_filters_on(client_of, stage, page, people):
    url = reverse("cycles:participants", args=[stage.cycle.pk])
    text = client_of("logistics").get(url, {"role": "mentor", "page": "1"}).content.decode()
    for name in ("labels", "badges"):
        assert f'href="{page(name)}?role=mentor"' in text
    assert page("labels") not in client_of("hr").get(url).content.decode()


def test_who_stands_on_the_list_twice_gets_one_label(client_of, stage, page, people):
    person = people["Ärmel"].person
    make.make_participant(stage.cycle, stage.own, ParticipantRole.MENTOR, person=person)
    rows = rows_of(client_of("logistics").get(page("badges_file", "xlsx"), {"rollen": "on"}))
    mine = [row for row in rows if "Ärmel" in row]
    assert [row[-1] for row in mine] == ["Mentee, Mentor/in"]


def test_labels_for_kommunen_and_their_billing_address(client_of, stage, page, people):
    stage.other.billing_name, stage.other.billing_street = "Stadtkasse", "Hof 2"
    stage.other.billing_postal_code, stage.other.billing_city = "48149", "Übelheim"
    stage.other.save()
    browser = client_of("logistics")
    post = rows_of(browser.get(page("labels_file", "xlsx"), {"fuer": "kommunen"}))
    assert post[1:] == [["Stadt Ahausen", "Am Markt 1", "01067", "Ahausen"]]
    billing = rows_of(browser.get(page("labels_file", "xlsx"), {"fuer": "rechnung"}))
    assert billing[1:] == [
        ["Stadt Ahausen", "Am Markt 1", "01067", "Ahausen"],
        ["Stadtkasse", "Hof 2", "48149", "Übelheim"],
    ]
    # Narrowed by people, only the Kommunen such people are from.
    only = {"fuer": "rechnung", "role": "applicant"}
    assert [row[0] for row in rows_of(browser.get(page("labels_file", "xlsx"), only))[1:]] == [
        "Stadt Ahausen"
    ]


def test_a_missing_address_is_named_with_the_way_to_mend_it(client_of, stage, page, people):
    answer = client_of("logistics").get(page("labels"), {"role": "mentor"})
    text = answer.content.decode()
    assert "Anschrift fehlt" in text
    assert f'href="{stage.other.get_absolute_url()}"' in text
    assert answer.context["paper"].number == 0


def test_labels_for_the_beirat(client_of, page, people, cast):
    text = str(rows_of(client_of("lead").get(page("labels_file", "xlsx"), {"fuer": "beirat"})))
    assert cast.member.last_name in text
    assert "Ärmel" not in text


# --- On the sheet -----------------------------------------------------------------------
@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda form: form.key)
def test_every_line_stands_inside_its_label_from_the_position_chosen(form):
    start = form.a_page - 2
    labels = [a_label(last_name=f"Nr{n}", house="Amt", postal_code="1", city="O") for n in range(9)]
    found = places_of(labels_pdf(labels, form, start))
    names = [(page, text, x, y) for page, text, x, y in found if text.startswith("Nr")]
    assert [text for _, text, _, _ in names] == [f"Nr{n}" for n in range(9)]
    for number, (page, _, x, y) in enumerate(names, start - 1):
        at = number % form.a_page
        left = form.left + at % form.columns * form.step_x
        top = form.top + at // form.columns * form.step_y
        assert page == number // form.a_page
        assert x == pytest.approx(left + form.pad_x, abs=0.3)
        assert top < y < top + form.height


def test_the_sheets_measure_what_they_say():
    for form in FORMATS.values():
        assert form.left + (form.columns - 1) * form.step_x + form.width <= 210
        assert form.top + (form.rows - 1) * form.step_y + form.height <= 297


@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda form: form.key)
def test_the_longest_names_there_can_be_still_fit(form):
    longest = a_label(
        note=PERSONAL,
        salutation="Frau",
        title="Professorin Dr. Dr. h. c.",
        first_name="Maximiliane-Friederike Wilhelmine",
        last_name="von und zu Müller-Lüdenscheidt-Wüstenhöfer",
        house="Verbandsgemeinde Nordrhein-Westfälische Städtelandschaft an der oberen Ems",
        street="Bürgermeister-Doktor-Wilhelm-Schröder-Straße 123 a, Hinterhaus",
        city="Neuenkirchen-Sankt-Arnold am Teutoburger Wald",
    )
    size = size_of(longest, form)
    assert 6 <= size < size_of(a_label(last_name="Ader"), form) == 11
    top = form.top
    for _, _, x, y in places_of(labels_pdf([longest], form, 1)):
        assert form.left <= x <= form.left + form.width
        assert top + 1 < y < top + form.height - form.pad_y


def test_a_long_name_takes_two_lines_before_it_gets_small_and_the_street_keeps_its_number():
    form = FORMATS["70x36"]
    usual = {"note": PERSONAL, "salutation": "Frau", "title": "Dr.", "street": "Am Markt 1"}
    named = a_label(**usual, first_name="Wilhelmine", last_name="Mühlenweg-Großkreutz")
    assert size_of(named, form) == 11
    street = "Bürgermeister-Wolfgang-Straße 128 a"
    size = size_of(a_label(house="Stadt Köln", street=street), form)
    assert size == 9
    long = a_label(street="Bürgermeister-Wolfgang-Oberhuber-Straße 128 a, Hinterhaus")
    assert size_of(long, form) >= 10, "no size keeps it on one line"


def test_labels_are_tagged(client_of, page, people):
    answer = client_of("logistics").get(page("labels_file", "pdf"))
    root = PdfReader(io.BytesIO(answer.content)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "de"


@pytest.mark.parametrize(
    "query",
    [{"bogen": "70x36", "ab": "25"}, {"ab": "0"}, {"role": "x"}, {"fuer": "x"}, {"bogen": "A0"}],
)
def test_a_wrong_choice_is_said_and_makes_no_file(client_of, page, people, query):
    browser = client_of("logistics")
    text = browser.get(page("labels"), query).content.decode()
    assert "Diese Auswahl geht nicht" in text
    assert browser.get(page("labels_file", "pdf"), query).status_code == 302
    assert browser.post(f"{page('labels_file', 'pdf')}?ab=0").status_code == 302
    assert not Job.objects.exists()


# --- In the background ------------------------------------------------------------------
def test_many_labels_are_made_in_the_background_for_who_still_may(
    client_of, cast, page, people, monkeypatch, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(cycle_views, "DIRECT", 1)
    browser, url = client_of("member"), page("labels_file", "pdf") + "?q=a&bogen=99x38"
    assert "im Hintergrund" in browser.get(url).content.decode()
    assert browser.post(url).status_code == 302
    claimed = claim_next()
    assert claimed is not None
    run_claimed(*claimed)
    job = Job.objects.get()
    assert job.state == "done", job.message
    answer = browser.get(job.result.get_absolute_url())
    assert "Zoe Ärmel" in words_of(b"".join(answer.streaming_content))
    CouncilSeat.objects.filter(person=cast.member).update(until=timezone.localdate())
    assert browser.get(job.result.get_absolute_url()).status_code == 404


def test_labels_go_with_who_stands_on_them_even_if_others_come(
    client_of, page, people, stage, monkeypatch, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(cycle_views, "DIRECT", 1)
    browser = client_of("logistics")
    browser.post(page("labels_file", "pdf"))
    run_claimed(*claim_next())
    file = Job.objects.get().result.get_absolute_url()
    for _ in range(2):
        make.make_participant(stage.cycle, stage.own, ParticipantRole.MENTEE)
    assert b"".join(browser.get(file).streaming_content).startswith(b"%PDF")
    people["Ärmel"].delete()
    assert browser.get(file).status_code == 404

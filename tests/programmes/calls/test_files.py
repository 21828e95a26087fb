"""The Ausschreibung as Word and PDF, in the name of the own Kommune."""

import io
from datetime import date

import pytest
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn

from programmes.calls.word import as_word
from programmes.calls.written import written
from tests.programmes.calls.makers import make_call
from tests.programmes.roadmap.makers import make_roadmap

pytestmark = pytest.mark.django_db

RICH = """# Groß

Ein Absatz mit **fett**, *kursiv*, `Code` und [Link](https://beispiel.example/a?b=1&c=2)
in zwei Zeilen, dazu [böse](javascript:alert(1)).

## Klein

1. eins
2. zwei
   - darunter

   Fortsetzung
3. drei

Dazwischen

1. wieder eins

> Zitat

---

Am {startworkshop} in {kommune} <&>.
"""


def read(content):
    return Document(io.BytesIO(content))


def body(document):
    return [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs]


@pytest.fixture
def url(stage):
    return lambda name: reverse(f"calls:{name}", args=[stage.cycle.pk])


@pytest.fixture
def agreed(stage):
    make_roadmap(stage.cycle)
    return make_call(stage.cycle, agreed_on=date(2026, 1, 10))


def test_word_holds_headings_lists_and_the_dates_as_a_table(stage, agreed):
    document = read(as_word(written(agreed, stage.own)))
    styles = body(document)
    assert styles[0] == ("Title", "Ausschreibung: Mentoring im Musterland")
    assert styles[1] == ("Subtitle", "Durchgang Nr. 11 (2025–2027), Stadt Ahausen")
    headings = [text for style, text in styles if style == "Heading 1"]
    assert headings[0] == "Worum es geht"
    assert headings[-2:] == ["Termine", "Teilnahmebedingungen"]
    assert ("List Bullet", "eine Führungsrolle,") in styles
    assert any(style == "List Number" for style, _ in styles)
    table = document.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["Termin", "Wann", "Wo"]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    rows = {row.cells[0].text: row.cells[1].text for row in table.rows}
    assert rows["Startworkshop (thematischer Schwerpunkt Teil I)"] == "2. Oktober 2026"
    assert not any("{" in text or "**" in text for _, text in styles)


def test_word_says_nothing_of_who_made_it(stage, agreed):
    core = read(as_word(written(agreed, stage.own))).core_properties
    assert (core.author, core.last_modified_by, core.comments) == ("", "", "")
    assert (core.title, core.language) == ("Ausschreibung: Mentoring im Musterland", "de-DE")


def test_word_is_german_and_a4(stage, agreed):
    document = read(as_word(written(agreed)))
    languages = {tag.get(qn("w:val")) for tag in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"de-DE"}
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_word_writes_all_that_markdown_can(stage):
    make_roadmap(stage.cycle)
    document = read(as_word(written(make_call(stage.cycle, text=RICH), stage.own)))
    styles = body(document)
    assert ("Heading 1", "Groß") in styles
    assert ("Heading 2", "Klein") in styles
    assert ("List Bullet 2", "darunter") in styles
    assert ("List Continue", "Fortsetzung") in styles
    assert ("Quote", "Zitat") in styles
    assert ("Normal", "Am 2. Oktober 2026 in Stadt Ahausen <&>.") in styles
    runs = {run.text: run for paragraph in document.paragraphs for run in paragraph.runs}
    assert runs["fett"].bold
    assert runs["kursiv"].italic
    targets = {
        relation.target_ref for relation in document.part.rels.values() if relation.is_external
    }
    assert targets == {"https://beispiel.example/a?b=1&c=2"}


def test_every_numbered_list_begins_at_its_own_first_number(stage):
    document = read(as_word(written(make_call(stage.cycle, text=RICH, conditions="3. drei"))))
    numbers = [
        paragraph._p.pPr.numPr.numId.val
        for paragraph in document.paragraphs
        if paragraph.style.name == "List Number"
    ]
    assert len(numbers) == 5
    assert numbers[0] == numbers[1] == numbers[2]
    assert len({numbers[2], numbers[3], numbers[4]}) == 3
    starts = {
        num.numId: num.lvlOverride_lst[0].startOverride.val
        for num in document.part.numbering_part.element.num_lst
        if num.lvlOverride_lst
    }
    assert [starts[number] for number in numbers[2:]] == [1, 1, 3]


def test_hr_gets_it_in_the_name_of_its_own_kommune(stage, client_of, agreed, url):
    hr = client_of("hr")
    page = hr.get(url("call")).content.decode()
    own = f"{url('word')}?kommune={stage.own.pk}"
    assert own in page
    answer = hr.get(own)
    assert answer["Content-Disposition"] == 'attachment; filename="ausschreibung-durchgang-11.docx"'
    text = "\n".join(text for _, text in body(read(answer.content)))
    assert "Stadt Ahausen" in text
    assert "Entwurf" not in text
    # In another's name it is nobody's but theirs.
    assert hr.get(f"{url('word')}?kommune={stage.other.pk}").status_code == 404
    assert hr.get(f"{url('pdf')}?kommune=9x").status_code == 404
    assert hr.get(f"{url('pdf')}?kommune={10**30}").status_code == 404


def test_the_logistics_partner_gets_the_call_for_no_kommune_in_particular(
    stage, cast, client_of, agreed, url
):
    browser = client_of("logistics")
    text = "\n".join(text for _, text in body(read(browser.get(url("word")).content)))
    assert "(Name der Kommune)" in text
    assert cast.hr.email not in text
    assert browser.get(f"{url('word')}?kommune={stage.own.pk}").status_code == 404


def test_pdf_is_one_and_a_draft_says_so(stage, client_of, url):
    make_call(stage.cycle)
    answer = client_of("hr").get(url("pdf"))
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Type"] == "application/pdf"
    word = read(client_of("hr").get(url("word")).content)
    assert ("Normal", "Entwurf: vom Beirat noch nicht vereinbart.") in body(word)

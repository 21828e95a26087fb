"""What is accepted as which file, and what is said about what is not."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict

from mentoring.files import checks
from mentoring.files.checks import Checked, check_upload, clean_name
from mentoring.files.forms import CheckedFileField
from tests.mentoring.files import samples
from tests.mentoring.files.samples import upload

ALL = tuple(checks.KINDS)
MEGABYTE = 1024 * 1024


def check(name: str, data: bytes, allowed: tuple[str, ...] = ALL) -> Checked:
    return check_upload(upload(name, data), allowed=allowed, max_bytes=MEGABYTE)


def refusal(name: str, data: bytes, allowed: tuple[str, ...] = ALL) -> str:
    with pytest.raises(ValidationError) as caught:
        check(name, data, allowed)
    (message,) = caught.value.messages
    return message


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("plan.pdf", samples.pdf(), "pdf"),
        ("Plan.PDF", b"\n" + samples.pdf(), "pdf"),
        ("bild.png", samples.image("PNG"), "png"),
        ("bild.jpg", samples.image("JPEG"), "jpeg"),
        ("bild.jpeg", samples.image("JPEG"), "jpeg"),
        ("liste.xlsx", samples.xlsx(), "xlsx"),
        ("brief.docx", samples.office(), "docx"),
        ("liste.csv", "Name;Ort\nÄnne;Münster".encode("cp1252"), "csv"),
        ("notiz.txt", "Grüße 😀".encode(), "txt"),
        ("rechnung.xml", "<?xml version='1.0'?><a>ä</a>".encode(), "xml"),
        ("rechnung.xml", "\ufeff<?xml version='1.0'?>\n<a/>".encode(), "xml"),
        ("rechnung.xml", "<?xml version='1.0'?><a>ä</a>".encode("utf-16"), "xml"),
        ("rechnung.xml", b"<a/>", "xml"),
        ("auszug.xml", "\ufeff<?xml version='1.0'?><a>ä</a>".encode(), "xml"),
        ("auszug.zip", samples.archive(a=b"<a/>"), "zip"),
    ],
)
def test_the_content_decides_what_it_is(name: str, data: bytes, kind: str) -> None:
    checked = check(name, data)
    assert checked == Checked(name, kind, checks.KINDS[kind].content_type)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("leer.pdf", b"", "ist leer"),
        ("gross.pdf", b"%PDF-" + b"x" * MEGABYTE, "zu groß. Erlaubt sind höchstens 1 MB"),
        ("bild.pdf", samples.image("PNG"), "endet auf .pdf, ist dem Inhalt nach aber eine PNG"),
        ("programm.pdf", b"MZ\x90\x00\x03" + b"\0" * 300, "unbekannten Dateityp"),
        ("seite.pdf", b"<html><script>alert(1)</script></html>", "unbekannten Dateityp"),
        ("bild.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unbekannten Dateityp"),
        ("kaputt.pdf", b"%PDF-1.7\nNur der Anfang", "ist beschädigt"),
        ("geheim.pdf", samples.pdf("geheim"), "mit einem Kennwort geschützt"),
        ("kaputt.png", samples.image("PNG")[:60], "ist beschädigt"),
        ("halbe-bombe.png", samples.png_bomb()[:-20], "ist beschädigt"),
        ("kaputt.jpg", samples.image("JPEG", (400, 400))[:700], "ist beschädigt"),
        ("bombe.png", samples.png_bomb(), "zu viele Bildpunkte"),
        ("text.txt", b"a" * 9000 + b"\0", "ist keine reine Textdatei"),
        ("archiv.docx", samples.xlsx(), "endet auf .docx, ist dem Inhalt nach aber eine Excel"),
        ("archiv.xlsx", b"PK\x03\x04 kaputt", "unbekannten Dateityp"),
        ("gepackt.docx", samples.packed_with_lzma(samples.office()), "ist beschädigt"),
        ("kaputt.xml", b"<a><b></a>", "kein fehlerfreies XML"),
        ("lacher.xml", samples.BILLION_LAUGHS, "Dokumenttyp-Definition"),
        (
            "fremd.xml",
            b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
            "Dokumenttyp-Definition",
        ),
        (
            "dtd.xml",
            b"<!DOCTYPE a SYSTEM 'http://x.example/a.dtd'><a/>",
            "Dokumenttyp-Definition",
        ),
        (
            "makro.docx",
            samples.office(word__vbaProject_DOT_bin=b"x"),
            "enthält Makros; bitte speichern Sie sie ohne Makros",
        ),
        (
            "makro.xlsx",
            samples.office("xl/workbook.xml", "application/vnd.ms-excel.sheet.macroEnabled.main"),
            "enthält Makros",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(name: str, data: bytes, says: str) -> None:
    message = refusal(name, data)
    assert says in message
    assert message.startswith(f"Die Datei „{name}“ ")


def test_a_kind_that_is_not_wanted_is_refused_and_what_is_wanted_is_said() -> None:
    message = refusal("plan.pdf", samples.pdf(), ("png", "jpeg"))
    assert message == "Die Datei „plan.pdf“ ist eine PDF-Datei. Erlaubt sind: PNG, JPEG."


def test_a_zip_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "MAX_UNPACKED_BYTES", 5 * MEGABYTE)
    bomb = samples.office(word__media__a=b"\0" * 6 * MEGABYTE)
    assert len(bomb) < 20_000
    assert "ist ausgepackt zu groß" in refusal("bombe.docx", bomb)


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\Plan.pdf", "Plan.pdf"),
        ("a\x00b\nc.pdf", "abc.pdf"),
        ("\u202egnp.exe", "gnp.exe"),
        ('<b>"x"|?.pdf', "_b__x___.pdf"),
        ("...", "Datei"),
        ("", "Datei"),
        ("Übersicht 😀.pdf", "Übersicht 😀.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_names_become_harmless(given: str, cleaned: str) -> None:
    assert clean_name(given) == cleaned


def test_a_name_without_an_ending_gets_the_right_one() -> None:
    assert check("Plan", samples.pdf()).name == "Plan.pdf"


def test_the_field_checks_while_the_form_is_validated() -> None:
    class Form(forms.Form):
        file = CheckedFileField(allowed=("pdf",), max_bytes=MEGABYTE)

    def filled(name: str, data: bytes) -> Form:
        return Form({}, MultiValueDict({"file": [upload(name, data)]}))

    form = filled("bild.pdf", samples.image("PNG"))
    assert "Erlaubt sind: PDF." in str(form.errors["file"])
    assert Form.base_fields["file"].help_text == "Erlaubt: PDF, höchstens 1 MB."
    assert 'accept=".pdf"' in str(form["file"])
    fine = filled("..\\Plan.pdf", samples.pdf())
    assert fine.is_valid()
    assert fine.cleaned_data["file"].name == "Plan.pdf"


BOMB = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (f"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY l0 'x'>{BOMB}]><a>&l9;</a>", "DTD"),
        ("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a/>", "DTD"),
        ("<?xml version='1.0'?><!DOCTYPE a SYSTEM 'https://x.example/a.dtd'><a/>", "DTD"),
        ("<?xml version='1.0'?><a><b></a>", "kein fehlerfreies XML"),
        ("<?xml version='1.0' encoding='nirgends'?><a/>", "kein fehlerfreies XML"),
        ("<a>", "kein fehlerfreies XML"),
    ],
)
def test_xml_that_is_broken_or_declares_a_document_type_is_refused(data, said):
    assert said in refusal("rechnung.xml", data.encode())

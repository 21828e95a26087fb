"""Tables and choices no office program makes: each is answered in German, none by a fault."""

import io
import zipfile

import pytest

from tests.tandems.imports.makers import JAN, KAETHE, checked, send, xlsx


def rewritten(data: bytes, name: str, change) -> bytes:
    """The workbook with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            content = old.read(part.filename)
            new.writestr(part.filename, change(content) if part.filename == name else content)
    return out.getvalue()


def merging(ref: str) -> bytes:
    cells = f'</sheetData><mergeCells count="1"><mergeCell ref="{ref}"/></mergeCells>'.encode()
    change = lambda content: content.replace(b"</sheetData>", cells)  # noqa: E731
    return rewritten(xlsx(KAETHE), "xl/worksheets/sheet1.xml", change)


def told(answer) -> str:
    assert answer.status_code == 200
    return str(answer.context["form"].errors)


@pytest.mark.parametrize("ref", ["A0", "::", "ZZZZZ9:ZZZZZ10", "A$$1", "9A"])
def test_a_merged_area_that_is_none(client_of, stage, ref):
    assert "beschädigt" in told(send(client_of("hr"), stage, merging(ref)))


def test_packed_data_that_break_in_the_middle(client_of, stage):
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx(KAETHE))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            new.writestr(part.filename, old.read(part.filename))
        at = new.getinfo("xl/worksheets/sheet1.xml").header_offset
    data = bytearray(out.getvalue())
    start = at + 30 + len("xl/worksheets/sheet1.xml")
    data[start : start + 40] = b"\xff" * 40
    assert "beschädigt" in told(send(client_of("hr"), stage, bytes(data)))


def test_a_sheet_that_the_book_names_and_does_not_have(client_of, stage):
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx(KAETHE))) as old,
        zipfile.ZipFile(out, "w") as new,
    ):
        for part in old.infolist():
            if part.filename != "xl/worksheets/sheet1.xml":
                new.writestr(part.filename, old.read(part.filename))
    answer = send(client_of("hr"), stage, out.getvalue())
    assert answer.status_code == 200


@pytest.mark.parametrize("number", ["9" * 900, "99999999999999999999999", "٣", "-1", "1.5"])
def test_choices_for_lines_and_people_there_are_not(client_of, stage, number):
    browser = client_of("hr")
    run = checked(browser, stage, xlsx(KAETHE, JAN))
    line = run.lines.earliest("number")
    for name, value in ((f"zeile-{number}", "skip"), (f"zeile-{line.pk}", number)):
        answer = browser.post(run.get_absolute_url(), {name: value}, follow=True)
        assert answer.status_code == 200
    answer = browser.post(run.get_absolute_url(), {f"zeile-{line.pk}": number * 9}, follow=True)
    assert "aus dem, was angeboten wird" in answer.content.decode()
    assert {found.decision for found in run.lines.all()} == {"new"}

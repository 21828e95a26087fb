"""The pages of the documents: list, form, versions, and what is read outside a cycle."""

import csv
import io

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring.log.models import LogEntry
from programmes.documents.models import Document
from programmes.documents.registries import document_uses
from programmes.documents.shown import visible_documents_of
from tests import factories as make
from tests.mentoring.files import samples
from tests.programmes.documents.makers import make_document, make_version

ALL = dict.fromkeys(("for_hr", "for_logistics", "for_mentees", "for_mentors"), True)


@pytest.fixture
def url(stage):
    def page(name, *args):
        return reverse(f"documents:{name}", args=[stage.cycle.pk, *args])

    return page


def text_of(response):
    return response.content.decode()


def status(browser, address):
    response = browser.get(address)
    if response.streaming:
        response.getvalue()
    return response.status_code


def titles(response):
    table = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    head = next(i for i, row in enumerate(table) if "Titel" in row)
    return [row[0] for row in table[head + 1 :] if row and row[0]]


def hidden(page, name):
    return text_of(page).split(f'name="{name}" value="')[1].split('"')[0]


def test_a_file_is_filed_and_read_by_whom_it_is_for(client_of, url):
    form = {
        "title": "Leitfaden",
        "upload": samples.upload("Leitfaden.pdf", samples.pdf()),
        "for_mentees": "on",
    }
    answer = client_of("lead").post(url("create"), form, follow=True)
    assert "Die Unterlage ist abgelegt" in text_of(answer)
    assert "Leitfaden.pdf" in text_of(answer)
    file = Document.objects.get().newest.file.get_absolute_url()
    for name, answer in (
        ("mentee", 200),
        ("member", 200),
        ("mentor", 404),
        ("hr", 404),
        ("logistics", 404),
    ):
        assert status(client_of(name), file) == answer, name
    assert "Leitfaden" in text_of(client_of("mentee").get(reverse("documents:own")))
    assert "Leitfaden" not in text_of(client_of("mentor").get(reverse("documents:own")))


def test_an_older_version_stays_to_be_had_by_the_same_readers(stage, client_of, url):
    document = make_document(stage.cycle, for_mentees=True)
    old = document.newest.file.get_absolute_url()
    form = {"upload": samples.upload("neu.pdf", samples.pdf()), "note": "Termine ergänzt"}
    answer = client_of("lead").post(url("version", document.pk), form, follow=True)
    assert "Fassung 2 ist abgelegt" in text_of(answer)
    assert "Termine ergänzt" in text_of(answer)
    assert status(client_of("mentee"), old) == 200
    assert status(client_of("mentor"), old) == 404


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "eine Datei aus oder geben Sie einen Link ein"),
        ({"url": "javascript:alert(1)"}, "vollständige Adresse"),
        ({"url": "data:text/html,x"}, "vollständige Adresse"),
        ({"url": "ftp://server.example/x"}, "vollständige Adresse"),
        ({"url": "https://x.example/" + "a" * 600}, "höchstens 500 Zeichen"),
        ({"url": "https://ok.example/\x00"}, "unsichtbares Zeichen"),
        ({"title": ""}, "erforderlich"),
    ],
)
def test_odd_input_is_told_beside_its_field_and_kept(client_of, url, given, said):
    form = {"title": "Mein Plan", **given}
    answer = client_of("lead").post(url("create"), form)
    assert answer.status_code == 200
    assert said in text_of(answer)
    assert form["title"] in text_of(answer)
    assert not Document.objects.exists()


def test_both_file_and_link_are_too_much(client_of, url):
    form = {
        "title": "Plan",
        "url": "https://ok.example/",
        "upload": samples.upload("a.pdf", samples.pdf()),
    }
    assert "nicht beides" in text_of(client_of("lead").post(url("create"), form))


def test_a_file_is_judged_by_its_content(client_of, url):
    form = {"title": "Plan", "upload": samples.upload("plan.pdf", b"MZ\x90\x00 a program")}
    assert "Erlaubt sind" in text_of(client_of("lead").post(url("create"), form))
    form = {"title": "Plan", "upload": samples.upload("leer.pdf", b"")}
    assert client_of("lead").post(url("create"), form).status_code == 200
    assert not Document.objects.exists()


def test_a_link_is_marked_as_external(stage, client_of, url):
    document = make_document(
        stage.cycle, "TaskCard", url="https://www.taskcards.de/board?a=1&b=2", **ALL
    )
    for name, page in (
        ("lead", url("documents")),
        ("lead", url("document", document.pk)),
        ("mentee", reverse("documents:own")),
    ):
        text = text_of(client_of(name).get(page))
        assert 'rel="noopener noreferrer external"' in text, page
        assert "www.taskcards.de" in text, page


def test_a_form_posted_twice_files_once(client_of, url):
    lead = client_of("lead")
    form = {"title": "Plan", "url": "https://ok.example/"}
    form["_form_id"] = hidden(lead.get(url("create")), "_form_id")
    for _ in range(2):
        assert lead.post(url("create"), form).status_code == 302
    assert Document.objects.count() == 1


def test_the_partner_files_for_itself_and_others_but_does_not_change_who_reads(
    stage, client_of, url
):
    logistics = client_of("logistics")
    page = text_of(logistics.get(url("create")))
    assert "lesen auch Sie" in page
    assert 'name="for_logistics"' not in page
    logistics.post(url("create"), {"title": "Räume", "url": "https://ok.example/"})
    document = Document.objects.get()
    assert document.for_logistics
    change = url("change", document.pk)
    page = logistics.get(change)
    assert 'name="for_' not in text_of(page)
    form = {
        "title": "Räume neu",
        "url": "https://ok.example/",
        "for_mentees": "on",
        "_version": hidden(page, "_version"),
    }
    assert logistics.post(change, form).status_code == 302
    document.refresh_from_db()
    assert (document.title, document.for_logistics, document.for_mentees) == (
        "Räume neu",
        True,
        False,
    )


def test_the_second_of_two_editors_is_told(stage, client_of, url):
    document = make_document(stage.cycle, "Flyer")
    lead, change = client_of("lead"), url("change", document.pk)
    opened = hidden(lead.get(change), "_version")
    document.title = "Flyer 2026"
    document.save()
    answer = lead.post(change, {"title": "Faltblatt", "_version": opened})
    assert answer.status_code == 200
    assert "hat jemand anderes diesen Datensatz geändert" in text_of(answer)
    assert Document.objects.get().title == "Flyer 2026"


def test_deleting_says_what_goes_with_it(stage, client_of, url, monkeypatch):
    document = make_document(stage.cycle, "Flyer", for_hr=True)
    make_version(document)
    monkeypatch.setattr(document_uses, "_entries", dict(document_uses._entries))
    document_uses.add("test", lambda shown: [f"Meilenstein „Auftakt mit {shown}“"])
    lead = client_of("lead")
    page = text_of(lead.get(url("delete", document.pk)))
    assert "Alle 2 Fassungen" in page
    assert "Auftakt mit Flyer" in page
    assert "Auftakt" in text_of(lead.get(url("document", document.pk)))
    assert "Auftakt" not in text_of(client_of("hr").get(url("document", document.pk)))
    answer = lead.post(url("delete", document.pk), follow=True)
    assert "Die Unterlage ist gelöscht" in text_of(answer)
    assert not Document.objects.exists()


def test_search_filters_and_sorting(stage, client_of, url):
    make_document(stage.cycle, "Öffentlichkeit", description="für die Presse")
    make_document(stage.cycle, "Otto", for_hr=True)
    make_document(stage.cycle, "TaskCard", url="https://www.taskcards.de/a")
    make_document(stage.cycle, "Zeitplan", for_mentees=True)
    lead = client_of("lead")

    def found(**query):
        return titles(lead.get(url("documents"), {**query, "export": "csv"}))

    assert found() == ["Öffentlichkeit", "Otto", "TaskCard", "Zeitplan"]
    assert found(q="oeffentlich") == ["Öffentlichkeit"]
    assert found(q="presse") == ["Öffentlichkeit"]
    assert found(type="link") == ["TaskCard"]
    assert found(type="pdf") == ["Öffentlichkeit", "Otto", "Zeitplan"]
    assert found(type="docx") == []
    assert found(audience="for_mentees") == ["Zeitplan"]
    for key in ("type", "newest_at", "size", "-title"):
        assert len(found(sort=key)) == 4
    for odd in ({"type": "exe"}, {"audience": "version"}, {"q": "x" * 900}, {"page": "99999999"}):
        assert lead.get(url("documents"), odd).status_code == 200


def test_every_export_opens(stage, client_of, url):
    make_document(stage.cycle, "=1+1", url="https://www.taskcards.de/a")
    for kind in ("csv", "xlsx", "pdf"):
        assert client_of("lead").get(url("documents"), {"export": kind}).status_code == 200


def test_each_sees_in_the_list_what_is_theirs(stage, client_of, url):
    make_document(stage.cycle, "Protokoll")
    make_document(stage.cycle, "Ablauf", for_logistics=True)
    make_document(stage.cycle, "Aushang", for_hr=True)
    for name, seen in (
        ("member", ["Ablauf", "Aushang", "Protokoll"]),
        ("logistics", ["Ablauf"]),
        ("hr", ["Aushang"]),
    ):
        answer = client_of(name).get(url("documents"), {"export": "csv"})
        assert titles(answer) == seen, name


def test_one_entry_in_the_navigation_for_who_reads_something(stage, client_of, url):
    own = reverse("documents:own")
    assert f'href="{own}"' not in text_of(client_of("mentee").get("/"))
    make_document(stage.cycle, "Leitfaden", for_mentees=True)
    assert f'href="{own}"' in text_of(client_of("mentee").get("/"))
    assert f'href="{own}"' not in text_of(client_of("mentor").get("/"))
    start = text_of(client_of("lead").get("/"))
    assert f'href="{url("documents")}"' in start
    assert f'href="{own}"' not in start


def test_documents_of_a_cycle_one_only_takes_part_in_are_found(stage, cast, client_of, url):
    other = make.make_cycle(stage.programme, number=12, state="running")
    make.make_participation(other, stage.other)
    make.make_participant(other, stage.other, person=cast.lead)
    link = f'href="{reverse("documents:own")}"'
    assert link not in text_of(client_of("lead").get(url("documents")))
    make_document(other, "Leitfaden", for_mentees=True)
    assert link in text_of(client_of("lead").get(url("documents")))


def test_who_left_reads_nothing_more(stage, cast, client_of):
    document = make_document(stage.cycle, for_mentees=True)
    row = stage.cycle.participants.get(person=cast.mentee)
    row.left_on = row.joined_on
    row.save()
    assert status(client_of("mentee"), document.newest.file.get_absolute_url()) == 404


def test_other_rooms_show_documents_in_two_queries(stage, cast, django_assert_num_queries):
    user = cast.user("mentee")
    make_document(stage.cycle, "Nur Beirat")
    for number in range(20):
        document = make_document(stage.cycle, f"Blatt {number:02}", for_mentees=True)
    make_version(document)
    make_document(stage.cycle, "Karte", url="https://www.taskcards.de/a", for_mentees=True)
    visible_documents_of(stage.cycle.documents, user)  # roles are read once per user
    with django_assert_num_queries(2):
        documents = visible_documents_of(stage.cycle.documents, user)
        text = render_to_string("documents/parts/list.html", {"documents": documents})
    assert len(documents) == 21
    assert "Nur Beirat" not in text
    assert "Fassung 2 vom" in text
    assert "externer Link zu www.taskcards.de" in text
    assert render_to_string("documents/parts/list.html", {"documents": []}).strip() == ""


@pytest.mark.parametrize("name", ["documents", "own", "document"])
def test_as_many_queries_for_twenty_rows_as_for_one(stage, client_of, url, name):
    document = make_document(stage.cycle)
    address = (
        reverse("documents:own")
        if name == "own"
        else url(name, *([document.pk] if name == "document" else []))
    )
    lead = client_of("lead")

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert lead.get(address).status_code == 200
        return len(queries)

    lead.get(address)
    few = count()
    for number in range(20):
        make_document(stage.cycle, f"Blatt {number}")
        make_version(document)
    assert count() == few
    assert few <= 25


def test_the_log_names_what_changed(stage, client_of, url):
    client_of("lead").post(url("create"), {"title": "Plan", "url": "https://ok.example/"})
    entry = LogEntry.objects.get(object_repr="Plan")
    assert entry.cycle_id == stage.cycle.pk
    # Operators read the log, but no documents.
    assert "ok.example" not in str(entry.changes)

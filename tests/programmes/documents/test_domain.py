"""What the doors of the documents let through, and what becomes of the files."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage

from mentoring.files.models import StoredFile
from mentoring.ui.errors import Refused
from programmes.cycles.registries import copied_on_new_cycle
from programmes.documents import domain
from programmes.documents.models import Document, DocumentVersion
from tests import factories as make
from tests.mentoring.files import samples
from tests.programmes.cycles.test_at_once import at_once, refusals
from tests.programmes.documents.makers import make_document, make_version


def pdf(name="flyer.pdf"):
    return samples.upload(name, samples.pdf())


def on_disk(stored: StoredFile) -> bool:
    return Path(default_storage.path(stored.content.name)).exists()


def test_a_file_becomes_version_one_and_a_newer_one_version_two(stage, cast):
    by = cast.user("lead")
    document = domain.create(Document(cycle=stage.cycle, title="Flyer"), upload=pdf(), by=by)
    assert [v.number for v in document.versions.all()] == [1]
    second = domain.add_version(document, upload=pdf(), note="neue Termine", by=by)
    assert second.number == 2
    assert Document.objects.get().newest == second
    assert second.file.purpose == domain.VERSION


def test_a_document_is_a_file_or_a_link(stage, cast):
    by = cast.user("lead")
    for url, upload in (("", None), ("https://www.taskcards.de/a", pdf())):
        with pytest.raises(Refused, match="entweder"):
            domain.create(Document(cycle=stage.cycle, title="Plan", url=url), upload=upload, by=by)
    link = domain.create(
        Document(cycle=stage.cycle, title="Plan", url="https://www.taskcards.de/a"), by=by
    )
    assert link.newest is None
    with pytest.raises(Refused, match="keine Fassungen"):
        domain.add_version(link, upload=pdf(), by=by)
    link.url = ""
    with pytest.raises(Refused, match="entweder"):
        domain.save(link, by=by)


def test_what_is_no_document_is_not_stored(stage, cast):
    program = samples.upload("flyer.pdf", b"MZ\x90\x00 no document at all")
    with pytest.raises(ValidationError, match="Erlaubt sind"):
        domain.create(
            Document(cycle=stage.cycle, title="Flyer"), upload=program, by=cast.user("lead")
        )
    assert not Document.objects.exists()


def test_what_the_partner_files_it_reads_and_cannot_take_away_from_itself(stage, cast):
    by = cast.user("logistics")
    document = domain.create(Document(cycle=stage.cycle, title="Räume"), upload=pdf(), by=by)
    assert document.for_logistics
    document.for_logistics = False
    with pytest.raises(Refused, match="nur der Beirat"):
        domain.save(document, by=by)
    document = Document.objects.get()
    document.title = "Räume und Wege"
    assert domain.save(document, by=by).title == "Räume und Wege"
    document.for_logistics = False
    domain.save(document, by=cast.user("member"))
    assert not Document.objects.visible_to(by).exists()


def test_deleting_takes_all_files_along(stage, cast, django_capture_on_commit_callbacks):
    document = make_document(stage.cycle)
    make_version(document)
    files = [version.file for version in document.versions.select_related("file")]
    assert all(map(on_disk, files))
    with django_capture_on_commit_callbacks(execute=True):
        domain.delete(document, by=cast.user("lead"))
    assert not StoredFile.objects.filter(pk__in=[f.pk for f in files]).exists()
    assert not any(map(on_disk, files))
    with pytest.raises(Refused, match="inzwischen"):
        domain.add_version(document, upload=pdf(), by=cast.user("lead"))


def test_documents_go_with_their_cycle(db):
    cycle = make.make_cycle()
    make_document(cycle)
    cycle.delete()
    assert not StoredFile.objects.exists()


def test_nothing_changes_in_a_cycle_that_has_ended(stage, cast):
    document = make_document(stage.cycle)
    type(stage.cycle).objects.filter(pk=stage.cycle.pk).update(state="closed")
    by = cast.user("lead")
    for act in (
        lambda: domain.create(Document(cycle=stage.cycle, title="Neu"), upload=pdf(), by=by),
        lambda: domain.save(document, by=by),
        lambda: domain.add_version(document, upload=pdf(), by=by),
        lambda: domain.delete(document, by=by),
    ):
        with pytest.raises(Refused, match="abgeschlossen"):
            act()
    assert not Document.objects.visible_to(by).exists()


def test_a_new_cycle_takes_over_links_and_newest_files(stage, cast):
    document = make_document(stage.cycle, "Flyer", for_hr=True)
    make_version(document, b"%PDF-1.7 two")
    make_document(stage.cycle, "TaskCard", url="https://www.taskcards.de/a")
    lost = make_document(stage.cycle, "Verloren")
    Path(default_storage.path(lost.newest.file.content.name)).unlink()
    new = make.make_cycle(stage.programme, number=12, state="planning")
    copier = copied_on_new_cycle.get("documents")
    assert not copier.chosen
    copier.copy(stage.cycle, new, cast.user("permanent"))
    flyer, card = Document.objects.filter(cycle=new).order_by("title")
    assert (flyer.title, flyer.for_hr, flyer.newest.number) == ("Flyer", True, 1)
    with flyer.newest.file.content.open("rb") as content:
        assert content.read() == b"%PDF-1.7 two"
    assert flyer.newest.file_id != document.newest.file_id
    assert card.url == "https://www.taskcards.de/a"


@pytest.mark.django_db(transaction=True)
def test_two_who_upload_at_once_get_a_number_each():
    cycle = make.make_cycle()
    document, user = make_document(cycle), make.make_user()

    def add():
        return domain.add_version(document, upload=pdf(), by=user)

    assert not refusals(at_once(add, add, add))
    numbers = DocumentVersion.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3, 4]

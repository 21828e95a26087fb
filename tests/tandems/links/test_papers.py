"""Photo and signed sheet: only the picture is kept, and only who may reads them."""

from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from mentoring.files.models import StoredFile
from tandems.applications import domain, papers
from tandems.applications.models import Application, ApplicationState
from tandems.profiles.domain import give_consent, withdraw_consent
from tandems.profiles.models import Consent, ConsentKind
from tests import factories as make
from tests.tandems.links import makers
from tests.tandems.links.makers import page, proven, send, url

GPS, MAKE, ORIENTATION = 0x8825, 0x010F, 0x0112
CAMERA = "Unverwechselbare Kamera"


def photo(width=1600, height=900, *, turned=False, form="JPEG") -> bytes:
    """A picture, red on the left and blue on the right, with all that a telephone notes."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    exif = Image.Exif()
    exif[MAKE] = CAMERA
    if turned:
        exif[ORIENTATION] = 6  # the camera was turned: show it a quarter to the right
    place = exif.get_ifd(GPS)
    place[1], place[2] = "N", (51.0, 57.0, 46.0)
    place[3], place[4] = "E", (7.0, 37.0, 41.0)
    target = BytesIO()
    image.save(target, form, exif=exif, comment=b"aufgenommen in Ahausen")
    data = target.getvalue()
    with Image.open(BytesIO(data)) as written:
        assert written.getexif().get_ifd(GPS)
    return data


def upload(data: bytes, name="bild.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def consent(application, user=None):
    return give_consent(
        cycle=application.cycle, person=application.person, kind=ConsentKind.PHOTO, by=user
    )


def on_disk() -> list[Path]:
    root = Path(settings.MEDIA_ROOT)
    return [path for path in root.rglob("*") if path.is_file()]


@pytest.fixture
def draft(stage, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    application = makers.make_draft(stage)
    consent(application)
    return application


def of_hr(name, application):
    return reverse(f"applications:{name}", args=[application.cycle_id, application.pk])


def stored_photo(application) -> bytes:
    application.refresh_from_db()
    with application.photo.content.open("rb") as content:
        return bytes(content.read())


# --- Only the picture -------------------------------------------------------------------
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_place_and_camera_are_gone(draft, cast, form):
    name = "bild.jpg" if form == "JPEG" else "bild.png"
    papers.set_photo(draft, upload(photo(form=form), name), by=cast.user("hr"))
    data = stored_photo(draft)
    with Image.open(BytesIO(data)) as image:
        assert not dict(image.getexif())
        assert not image.getexif().get_ifd(GPS)
        assert not {"exif", "comment", "icc_profile", "xmp"} & set(image.info)
        assert image.format == "JPEG"
        assert image.size == (1200, 675)
    for trace in (b"Exif", b"GPS", CAMERA.encode(), b"Ahausen"):
        assert trace not in data


def test_a_turned_photo_stands_upright(draft, cast):
    papers.set_photo(draft, upload(photo(800, 400, turned=True)), by=cast.user("hr"))
    with Image.open(BytesIO(stored_photo(draft))) as image:
        assert image.size == (400, 800)
        red, _, blue = image.getpixel((200, 100))
        assert red > 200 > blue


def test_a_transparent_picture_gets_a_white_ground(draft, cast):
    target = BytesIO()
    Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(target, "PNG")
    papers.set_photo(draft, upload(target.getvalue(), "bild.png"), by=cast.user("hr"))
    with Image.open(BytesIO(stored_photo(draft))) as image:
        assert min(image.getpixel((25, 25))) > 250


@pytest.mark.parametrize("mode", ["L", "P", "1", "LA", "CMYK", "I;16"])
def test_every_kind_of_picture_is_drawn_anew(draft, cast, mode):
    target = BytesIO()
    form = "JPEG" if mode == "CMYK" else "PNG"
    Image.new(mode, (40, 30)).save(target, form)
    name = "bild.jpg" if form == "JPEG" else "bild.png"
    papers.set_photo(draft, upload(target.getvalue(), name), by=cast.user("hr"))
    with Image.open(BytesIO(stored_photo(draft))) as image:
        assert (image.mode, image.size) == ("RGB", (40, 30))


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("bild.jpg", b"MZ\x90\x00 kein Bild", "unbekannten Dateityp"),
        ("bild.jpg", b"%PDF-1.7 getarnt", "PDF-Datei"),
        ("bild.jpg", b"<svg xmlns='x'><script>1</script></svg>", "unbekannten Dateityp"),
        ("bild.jpg", b"\xff\xd8\xff\xe0abgeschnitten", "beschädigt"),
        ("bild.jpg", b"", "leer"),
        ("bild.png", photo(), "endet auf .png"),
    ],
)
def test_a_photo_that_is_no_picture(draft, client_of, name, data, said):
    answer = client_of("hr").post(of_hr("photo", draft), {"photo": upload(data, name)})
    assert answer.status_code == 200
    assert said in page(answer)
    draft.refresh_from_db()
    assert draft.photo is None
    assert not on_disk()


def test_without_consent_no_photo(draft, client_of):
    Consent.objects.all().delete()
    hr = client_of("hr")
    assert "fehlt die Einwilligung" in page(hr.get(of_hr("photo", draft)))
    answer = hr.post(of_hr("photo", draft), {"photo": upload(photo())})
    assert "fehlt die Einwilligung" in page(answer)
    assert not StoredFile.objects.exists()


def test_a_withdrawn_consent_takes_the_photo_away(draft, cast, client_of):
    papers.set_photo(draft, upload(photo()), by=cast.user("hr"))
    draft.refresh_from_db()
    address = draft.photo.get_absolute_url()
    assert status(client_of("hr"), address) == 200
    withdraw_consent(Consent.objects.get(), by=cast.user("hr"))
    draft.refresh_from_db()
    assert draft.photo is None
    assert client_of("hr").get(address).status_code == 404


# --- Nothing stays on the disk ------------------------------------------------------------
def test_replaced_and_deleted_files_leave_the_disk(draft, cast, django_capture_on_commit_callbacks):
    hr = cast.user("hr")
    with django_capture_on_commit_callbacks(execute=True):
        papers.set_photo(draft, upload(photo()), by=hr)
        papers.set_signed_sheet(draft, upload(photo(), "bogen.jpg"), by=hr)
    assert len(on_disk()) == 2
    with django_capture_on_commit_callbacks(execute=True):
        papers.set_photo(draft, upload(photo(300, 300)), by=hr)
        papers.set_signed_sheet(draft, upload(photo(), "neu.jpg"), by=hr)
    assert len(on_disk()) == StoredFile.objects.count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        papers.remove_photo(draft, by=hr)
    assert len(on_disk()) == 1
    with django_capture_on_commit_callbacks(execute=True):
        domain.delete_draft(Application.objects.get(pk=draft.pk), by=hr)
    assert not on_disk()
    assert not StoredFile.objects.exists()


# --- Who reads them -------------------------------------------------------------------------
@pytest.fixture
def nominated(stage, settings, tmp_path, cast):
    settings.MEDIA_ROOT = tmp_path
    application = make.make_application(stage.cycle, stage.own, ApplicationState.NOMINATED)
    consent(application)
    papers.set_photo(application, upload(photo()), by=cast.user("hr"))
    papers.set_signed_sheet(application, upload(photo(), "bogen.jpg"), by=cast.user("hr"))
    application.refresh_from_db()
    return application


def status(browser, address) -> int:
    """What the browser is answered; a file is read to its end, which closes it."""
    answer = browser.get(address)
    if answer.streaming:
        answer.getvalue()
    return int(answer.status_code)


def may_read(client_of, address) -> set[str]:
    names = ("hr", "other_hr", "lead", "member", "permanent", "former", "logistics")
    names += ("mentee", "mentor", "stranger", "operator", "anonymous")
    return {name for name in names if status(client_of(name), address) == 200}


def test_who_reads_photo_and_signed_sheet(nominated, draft, cast, client_of):
    assert may_read(client_of, nominated.photo.get_absolute_url()) == {"hr", "lead", "member"}
    assert may_read(client_of, nominated.signed_sheet.get_absolute_url()) == {"hr"}
    papers.set_photo(draft, upload(photo()), by=cast.user("hr"))
    draft.refresh_from_db()
    assert may_read(client_of, draft.photo.get_absolute_url()) == {"hr"}


def test_the_superior_does_not_see_the_photo(nominated, cast, client_of):
    nominated.superior = cast.lead
    nominated.save()
    assert may_read(client_of, nominated.photo.get_absolute_url()) == {"hr", "member"}


def test_the_page_shows_each_what_is_theirs(nominated, client_of):
    signed = nominated.signed_sheet.get_absolute_url()
    shown = page(client_of("hr").get(of_hr("detail", nominated)))
    assert signed in shown
    assert nominated.photo.get_absolute_url() in shown
    shown = page(client_of("lead").get(of_hr("detail", nominated)))
    assert nominated.photo.get_absolute_url() in shown
    assert signed not in shown
    assert "unterschriebener Bogen" not in shown


def test_who_changes_them(nominated, client_of):
    for name in ("lead", "member"):
        for page_name in ("photo", "remove_photo", "signed_sheet", "remove_signed_sheet"):
            assert client_of(name).post(of_hr(page_name, nominated)).status_code == 403
    hr = client_of("hr")
    answer = hr.post(of_hr("signed_sheet", nominated), {"signed_sheet": upload(b"MZ", "bogen.exe")})
    assert "unbekannten Dateityp" in page(answer)
    hr.post(of_hr("remove_signed_sheet", nominated))
    hr.post(of_hr("remove_photo", nominated))
    nominated.refresh_from_db()
    assert (nominated.photo, nominated.signed_sheet) == (None, None)


# --- By the link ----------------------------------------------------------------------------
def test_the_applicant_brings_the_photo(draft, cast, client_of):
    code = send(draft, cast)
    picture, photo_page = "applications:own_picture", "applications:own_photo"
    stranger = Client()
    stranger.post(url(photo_page, code), {"photo": upload(photo())})
    draft.refresh_from_db()
    assert draft.photo is None
    browser = proven(code)
    assert browser.get(url(picture, code)).status_code == 404
    browser.post(url(photo_page, code), {"photo": upload(photo())})
    assert status(browser, url(picture, code)) == 200
    assert "Foto löschen" in page(browser.get(url(photo_page, code)))
    # The address in the files' room is for who signs in, and the picture's for who has proven.
    draft.refresh_from_db()
    assert browser.get(draft.photo.get_absolute_url()).status_code == 302
    assert stranger.get(url(picture, code)).status_code == 302
    answer = browser.post(url(photo_page, code), {"photo": upload(b"kein Bild")})
    assert "unbekannten Dateityp" in page(answer)
    browser.post(url("applications:remove_own_photo", code))
    draft.refresh_from_db()
    assert draft.photo is None


def test_without_consent_the_applicant_is_told_where_to_give_it(draft, cast):
    Consent.objects.all().delete()
    code = send(draft, cast)
    browser = proven(code)
    address = url("applications:own_photo", code)
    assert "Zuerst die Einwilligung" in page(browser.get(address))
    browser.post(address, {"photo": upload(photo())})
    draft.refresh_from_db()
    assert draft.photo is None


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_broken_notes_of_the_camera_break_nothing():
    """Each byte of them changed in turn: a picture comes out, or a German sentence."""
    whole = photo(60, 40, turned=True)
    drawn, said = 0, set()
    for at in range(2, whole.index(b"\xff\xdb")):
        for value in (0x00, 0x07, 0xFF):
            data = bytearray(whole)
            data[at] = value
            try:
                drawn += bool(papers.only_the_picture(upload(bytes(data))))
            except ValidationError as error:
                said.update(error.messages)
    assert drawn > 100
    assert all(text.startswith(("Die Datei", "Das Foto")) for text in said)

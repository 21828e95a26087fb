"""Pages of Kommunen and Logistikpartner: forms, bad input, two editors, deletion."""

import io
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from mentoring.files.models import StoredFile
from mentoring.ui.errors import Refused
from mentoring.ui.navigation import start_items
from programmes.organisations import domain
from programmes.organisations.models import LogisticsPartner, Municipality
from tests import factories as make

FIELDS = {
    "name": "Stadt Greven",
    "short_name": "Greven",
    "kind": "city",
    "ags": "05 566 012",
    "street": "Rathausstraße 6",
    "postal_code": " 48268 ",
    "city": "Greven",
    "leitweg_id": "991-33333test-33",
    "latitude": "52,0917",
    "longitude": "7,6083",
}


def version_of(client: Client, url: str) -> dict[str, str]:
    """The hidden fields of the form, as a browser would send them back."""
    page = client.get(url).content.decode()
    found = re.findall(r'<input type="hidden" name="(_\w+)" value="([^"]*)"', page)
    assert any(name == "_version" for name, _ in found)
    return dict(found)


def picture(kind: str = "PNG", size: int = 0, dots: tuple[int, int] = (90, 60)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", dots).save(file, kind)
    return file.getvalue() + b"\0" * size


def test_an_operator_creates_a_municipality_with_normalised_numbers(client_of) -> None:
    answer = client_of("operator").post(reverse("municipality_add"), FIELDS)
    found = Municipality.objects.get(short_name="Greven")
    assert answer.url == found.get_absolute_url()
    assert (found.ags, found.postal_code) == ("05566012", "48268")
    assert found.leitweg_id == "991-33333TEST-33"
    assert (float(found.latitude), float(found.longitude)) == (52.0917, 7.6083)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("leitweg_id", "04011000-12345-99", "Prüfziffern der Leitweg-ID"),
        ("postal_code", "4826", "fünf Ziffern"),
        ("ags", "0556601", "acht Ziffern"),
        ("email", "keine-adresse", "E-Mail"),
        ("latitude", "77", "56"),
        ("latitude", "", "beide Koordinaten"),
        ("billing_city", "Münster", "abweichende Rechnungsadresse"),
        ("permanent_since", "6" * 5000, ""),
        ("name", "Stadt\x00Greven", "unsichtbares Zeichen"),
        ("name", "x" * 100_000, "höchstens 120"),
        ("kind", "kingdom", "gültige"),
    ],
)
def test_bad_input_is_said_and_kept(client_of, field: str, value: str, words: str) -> None:
    answer = client_of("operator").post(reverse("municipality_add"), {**FIELDS, field: value})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert "Rathausstraße 6" in answer.content.decode()
    assert not Municipality.objects.filter(short_name="Greven").exists()


@pytest.mark.parametrize("name", ["L'Aquila-Ähringen ß", "עיר", "Stadt 😀", "‮verkehrt"])
def test_unusual_names_are_stored_as_typed(client_of, name: str) -> None:
    client_of("operator").post(reverse("municipality_add"), {**FIELDS, "short_name": name})
    found = Municipality.objects.get(name="Stadt Greven")
    assert found.short_name == name
    assert client_of("hr").get(found.get_absolute_url()).status_code == 200


def test_hr_changes_the_own_municipality_and_no_other(client_of, stage) -> None:
    own = reverse("municipality_change", args=[stage.own.pk])
    other = reverse("municipality_change", args=[stage.other.pk])
    hr = client_of("hr")
    assert hr.get(other).status_code == 403
    assert hr.post(other, FIELDS).status_code == 403
    hidden = version_of(hr, own)
    assert hr.post(own, {**FIELDS, **hidden}).status_code == 302
    stage.own.refresh_from_db()
    assert stage.own.city == "Greven"


def test_the_second_editor_sees_both_versions(client_of, stage) -> None:
    url = reverse("municipality_change", args=[stage.own.pk])
    hr, operator = client_of("hr"), client_of("operator")
    first, second = version_of(hr, url), version_of(operator, url)
    assert hr.post(url, {**FIELDS, **first, "city": "Ahausen am See"}).status_code == 302
    answer = operator.post(url, {**FIELDS, **second, "city": "Ahausen"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Ahausen am See" in page
    assert "jemand anderes" in page
    stage.own.refresh_from_db()
    assert stage.own.city == "Ahausen am See"


def test_a_logo_is_stored_replaced_and_removed(client_of, stage) -> None:
    url = reverse("municipality_change", args=[stage.own.pk])
    hr = client_of("hr")

    def send(**extra: Any) -> Any:
        return hr.post(url, {**FIELDS, **version_of(hr, url), **extra})

    assert send(logo_upload=SimpleUploadedFile("wappen.png", picture())).status_code == 302
    stage.own.refresh_from_db()
    first = stage.own.logo
    assert first.purpose == "logo"
    assert hr.get(stage.own.get_absolute_url()).content.decode().count("Wappen: Greven") == 1
    send(logo_upload=SimpleUploadedFile("neu.jpg", picture("JPEG")))
    stage.own.refresh_from_db()
    assert stage.own.logo.name == "neu.jpg"
    assert not StoredFile.objects.filter(pk=first.pk).exists()
    send(remove_logo="on")
    stage.own.refresh_from_db()
    assert stage.own.logo is None
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("wappen.png", b"%PDF-1.4 nothing else"),
        ("wappen.pdf", b"%PDF-1.4 nothing else"),
        ("gross.png", picture(size=2 * 1024 * 1024)),
        ("leer.png", b""),
    ],
)
def test_a_logo_that_is_none_is_refused(client_of, stage, name: str, content: bytes) -> None:
    url = reverse("municipality_change", args=[stage.own.pk])
    hr = client_of("hr")
    upload = SimpleUploadedFile(name, content)
    answer = hr.post(url, {**FIELDS, **version_of(hr, url), "logo_upload": upload})
    assert answer.status_code == 200
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("dots", "told"),
    [((1, 1), "mit 1 × 1 Bildpunkten zu klein"), ((60, 3000), "60 × 3000 Bildpunkten zu schmal")],
)
def test_a_logo_nobody_would_see_is_refused_at_its_field(client_of, stage, dots, told) -> None:
    url = reverse("municipality_change", args=[stage.own.pk])
    hr = client_of("hr")
    upload = SimpleUploadedFile("wappen.png", picture(dots=dots))
    answer = hr.post(url, {**FIELDS, **version_of(hr, url), "logo_upload": upload})
    assert told in str(answer.context["form"].errors["logo_upload"])
    with pytest.raises(ValidationError, match=told):
        domain.save_municipality(stage.own, by=make.make_user(), logo=upload)
    assert not StoredFile.objects.exists()


def test_a_municipality_with_people_is_not_deleted(client_of, cast, stage) -> None:
    url = reverse("municipality_delete", args=[stage.own.pk])
    make.make_application(stage.cycle, stage.own)
    answer = client_of("operator").post(url)
    page = answer.content.decode()
    assert Municipality.objects.filter(pk=stage.own.pk).exists()
    assert "Personen" in page
    # An operator is not told of applications, nor how many people there are.
    assert "vertrauliche Unterlagen" in page
    assert "Bewerbung" not in page
    empty = make.make_municipality("Leerstadt")
    assert client_of("hr").post(reverse("municipality_delete", args=[empty.pk])).status_code == 403
    answer = client_of("operator").post(reverse("municipality_delete", args=[empty.pk]))
    assert answer.status_code == 302
    assert not Municipality.objects.filter(pk=empty.pk).exists()


def test_the_partner_form_normalises_and_checks(client_of) -> None:
    operator = client_of("operator")
    data = {
        "name": "Institut",
        "iban": "de89 3704 0044 0532 0130 00",
        "bic": "welade d1 mst",
        "vat_id": "de 136695976",
        "tax_number": "337/5901/1234",
    }
    bad = operator.post(reverse("partner_add"), {**data, "iban": "DE89 3704 0044 0532 0130 01"})
    assert "Prüfziffern der IBAN" in bad.content.decode()
    assert operator.post(reverse("partner_add"), data).status_code == 302
    found = LogisticsPartner.objects.get(name="Institut")
    assert (found.iban, found.bic) == ("DE89370400440532013000", "WELADED1MST")
    assert found.vat_id == "DE136695976"
    page = operator.get(found.get_absolute_url()).content.decode()
    assert "DE89 3704 0044 0532 0130 00" in page


def test_logistics_staff_change_their_own_institute_only(client_of, stage) -> None:
    foreign = make.make_partner()
    logistics = client_of("logistics")
    assert logistics.get(reverse("partner_change", args=[stage.partner.pk])).status_code == 200
    assert logistics.get(reverse("partner_change", args=[foreign.pk])).status_code == 403
    assert (
        client_of("hr").get(reverse("partner_change", args=[stage.partner.pk])).status_code == 403
    )


@pytest.mark.parametrize("name", ["stranger", "mentee", "mentor"])
def test_who_works_for_no_programme_sees_no_organisation(client_of, stage, name: str) -> None:
    client = client_of(name)
    assert client.get(reverse("municipalities")).status_code == 403
    assert client.get(stage.own.get_absolute_url()).status_code == 404
    assert client.get(stage.partner.get_absolute_url()).status_code == 404


def test_a_number_beyond_the_column_is_not_found(client_of) -> None:
    assert client_of("hr").get(f"/kommunen/{10**30}/").status_code == 404
    assert client_of("operator").get(f"/kommunen/{10**30}/personalstelle/neu/").status_code == 404


def test_the_list_filters_and_exports(client_of, stage) -> None:
    make.make_municipality("Kreisstadt", kind="district", regional_group="Nord")
    hr = client_of("hr")
    page = hr.get(reverse("municipalities"), {"kind": "district", "regional_group": "Nord"})
    assert "Kreisstadt" in page.content.decode()
    assert "Ahausen" not in page.content.decode().split("<tbody")[1]
    assert "Übelheim" in hr.get(reverse("municipalities"), {"q": "uebel"}).content.decode()
    export = hr.get(reverse("municipalities"), {"export": "csv"})
    assert "Kreisstadt" in export.content.decode("utf-8-sig")


@pytest.mark.parametrize("list_name", ["municipalities", "partners"])
def test_a_list_needs_as_many_queries_for_20_rows_as_for_1(client_of, list_name: str) -> None:
    client = client_of("hr")
    client.get(reverse(list_name))
    counts = []
    for more in (20, 0):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(list_name)).status_code == 200
        counts.append(len(queries))
        for _ in range(more):
            make.make_municipality()
            make.make_partner()
    assert counts[0] == counts[1]


def test_first_steps_show_what_an_operator_misses(client_of, stage, rf, cast) -> None:
    request = rf.get("/")
    request.user = cast.operator
    first_steps = start_items.get("first steps: organisations")
    assert first_steps(request) == []
    stage.programme.logistics_partner = None
    stage.programme.save()
    LogisticsPartner.objects.get(pk=stage.partner.pk).staff.all().delete()
    stage.partner.delete()
    assert [item.title for item in first_steps(request)] == ["Logistikpartner anlegen"]
    request.user = cast.user("hr")
    assert first_steps(request) == []


def test_deleting_says_what_depends_in_one_sentence(cast, stage) -> None:
    with pytest.raises(Refused, match="Ahausen kann nicht gelöscht werden, denn"):
        domain.delete_municipality(stage.own, by=cast.operator)


def test_the_admin_uses_the_same_checks(client_of, stage) -> None:
    operator = client_of("operator")
    url = reverse("admin:programmes_municipality_change", args=[stage.own.pk])
    assert operator.get(url).status_code == 200
    wrong = operator.post(url, {**FIELDS, "leitweg_id": "04011000-12345-99"})
    assert "Prüfziffern" in wrong.content.decode()
    assert operator.post(url, FIELDS).status_code == 302
    stage.own.refresh_from_db()
    assert stage.own.ags == "05566012"
    assert (
        operator.get(
            reverse("admin:programmes_municipality_delete", args=[stage.own.pk])
        ).status_code
        == 403
    )

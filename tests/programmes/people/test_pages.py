"""Pages of people, staff and invitations: who sees whom, forms, two editors."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programmes.people import domain
from programmes.people.models import Invitation, MunicipalityStaff, Person
from tandems.applications.models import ApplicationState
from tests import factories as make

CONTACT = {"first_name": "Erika", "last_name": "Muster", "email": "erika@stadt.example"}


def hidden_fields(client: Client, url: str) -> dict[str, str]:
    page = client.get(url).content.decode()
    return dict(re.findall(r'<input type="hidden" name="(_\w+)" value="([^"]*)"', page))


def rows_of(client: Client, **query: str) -> str:
    page: str = client.get(reverse("people"), query).content.decode()
    return page.partition("<tbody")[2]


# --- Who sees whom --------------------------------------------------------------------
def test_an_applicant_is_seen_by_the_own_house_alone(client_of, stage) -> None:
    applicant = make.make_person("Geheim", "Bewerberin", municipality=stage.own)
    make.make_application(stage.cycle, stage.own, ApplicationState.NOT_NOMINATED, person=applicant)
    for name in ("other_hr", "operator", "logistics", "lead", "member", "permanent", "former"):
        client = client_of(name)
        assert "Bewerberin" not in rows_of(client), name
        assert client.get(applicant.get_absolute_url()).status_code == 404, name
        export = client.get(reverse("people"), {"export": "csv"}).content.decode("utf-8-sig")
        assert "Bewerberin" not in export, name
    hr = client_of("hr")
    assert "Bewerberin" in rows_of(hr)
    assert hr.get(applicant.get_absolute_url()).status_code == 200


def test_hr_of_another_municipality_finds_no_person_of_the_own(client_of, cast, stage) -> None:
    person = make.make_person("Nur", "Hausintern", municipality=stage.own)
    other = client_of("other_hr")
    assert "Hausintern" not in rows_of(other, q="hausintern")
    for name in ("person", "person_change", "person_invite"):
        assert other.get(reverse(name, args=[person.pk])).status_code == 404
        assert other.post(reverse(name, args=[person.pk]), CONTACT).status_code in (404, 405)


def test_strangers_see_nothing(client_of, cast) -> None:
    for name in ("stranger", "mentee", "mentor"):
        client = client_of(name)
        for page in ("people", "invitations"):
            assert client.get(reverse(page)).status_code == 403, name
        assert client.get(cast.hr.get_absolute_url()).status_code == 404, name


def test_a_shared_mailbox_is_named_only_among_visible_people(client_of, cast, stage) -> None:
    own = make.make_person("Anna", "Sichtbar", municipality=stage.own, email="team@x.example")
    make.make_person("Bert", "Unsichtbar", municipality=stage.other, email="team@x.example")
    make.make_person("Cem", "Kollege", municipality=stage.own, email="team@x.example")
    page = client_of("hr").get(own.get_absolute_url()).content.decode()
    assert "Gemeinsames Postfach" in page
    assert "Kollege" in page
    assert "Unsichtbar" not in page


@pytest.mark.parametrize("page", ["people", "invitations"])
def test_a_list_needs_as_many_queries_for_20_rows_as_for_1(
    client_of, cast, stage, mails, page: str
) -> None:
    client = client_of("hr")
    client.get(reverse(page))
    counts = []
    for more in (20, 0):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(page)).status_code == 200
        counts.append(len(queries))
        for _ in range(more):
            person = make.make_person(municipality=stage.own)
            MunicipalityStaff.objects.create(person=person, municipality=stage.own)
            domain.invite(person, role="x", by=cast.user("hr"))
        if page == "invitations":
            # An empty list asks less; so the first count is taken with one row.
            counts = counts[-1:] if more == 0 else []
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(page))
            counts.append(len(queries))
    assert len(set(counts)) == 1


# --- Contact data ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "erika@", "E-Mail"),
        ("last_name", "Mus\x00ter", "unsichtbares Zeichen"),
        ("last_name", "x" * 100_000, "höchstens 80"),
        ("salutation", "king", "gültige"),
    ],
)
def test_bad_contact_data_is_said_and_nothing_stored(
    client_of, cast, field: str, value: str, words: str
) -> None:
    url = reverse("person_change", args=[cast.hr.pk])
    hr = client_of("hr")
    answer = hr.post(url, {**CONTACT, **hidden_fields(hr, url), field: value, "phone": "0251 9"})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert "0251 9" in answer.content.decode()
    cast.hr.refresh_from_db()
    assert cast.hr.phone == ""


@pytest.mark.parametrize("name", ["Ødegård-O'Brien", "שרה", "😀 Muster", "‮verkehrt"])
def test_unusual_names_are_kept_and_shown(client_of, cast, name: str) -> None:
    url = reverse("person_change", args=[cast.hr.pk])
    hr = client_of("hr")
    data = {**CONTACT, **hidden_fields(hr, url), "last_name": name}
    assert hr.post(url, data).url == cast.hr.get_absolute_url()
    cast.hr.refresh_from_db()
    assert cast.hr.last_name == name
    assert hr.get(reverse("people"), {"export": "xlsx"}).status_code == 200


def test_the_second_editor_sees_both_versions(client_of, cast, stage) -> None:
    person = make.make_hr(stage.own)
    url = reverse("person_change", args=[person.pk])
    hr, operator = client_of("hr"), client_of("operator")
    first, second = hidden_fields(hr, url), hidden_fields(operator, url)
    hr.post(url, {**CONTACT, **first, "phone": "0251 111"})
    data = {**CONTACT, **second, "phone": "0251 222", "municipality": stage.own.pk}
    page = operator.post(url, data).content.decode()
    assert "0251 111" in page
    assert "0251 222" in page
    person.refresh_from_db()
    assert person.phone == "0251 111"


def test_the_municipality_is_changed_by_operators_alone(client_of, cast, stage) -> None:
    url = reverse("person_change", args=[cast.hr.pk])
    hr = client_of("hr")
    hr.post(url, {**CONTACT, **hidden_fields(hr, url), "municipality": stage.other.pk})
    cast.hr.refresh_from_db()
    assert cast.hr.municipality == stage.own


def test_own_data_are_changed_without_touching_the_sign_in(client_of, cast) -> None:
    for name in ("mentee", "stranger", "logistics"):
        person = getattr(cast, name)
        client, before = client_of(name), person.user.email
        page = client.get(reverse("my_data")).content.decode()
        assert "Die Anmeldung ändert sich dadurch nicht" in page
        data = {**CONTACT, **hidden_fields(client, reverse("my_data"))}
        assert client.post(reverse("my_data"), data).url == reverse("my_data")
        person.refresh_from_db()
        assert (person.last_name, person.user.email) == ("Muster", before)


def test_who_has_no_post_reads_a_dash_for_it(client_of, cast) -> None:
    page = client_of("mentee").get(reverse("my_data")).content.decode()
    assert re.search(r"Aufgaben</dt>\s*<dd[^>]*>\s*<span[^>]*>–", page), page


def test_an_operator_has_no_own_data(client_of) -> None:
    client = client_of("operator")
    for answer in (client.get(reverse("my_data")), client.post(reverse("my_data"), CONTACT)):
        assert answer.status_code == 200
        assert "keiner Person" in answer.content.decode()


# --- Staff ----------------------------------------------------------------------------
STAFF = {**CONTACT, "since": "2026-01-15", "invite": "on"}


def test_naming_somebody_new_invites_them(client_of, stage, mails) -> None:
    url = reverse("municipality_staff_add", args=[stage.own.pk])
    hr = client_of("hr")
    assert hr.post(url, STAFF).url == stage.own.get_absolute_url()
    person = Person.objects.get(email="erika@stadt.example")
    assert person.municipality == stage.own
    assert person.municipality_posts.get().municipality == stage.own
    assert mails[-1].to[0].endswith("<erika@stadt.example>")
    page = hr.get(stage.own.get_absolute_url()).content.decode()
    assert "Erika Muster" in page


def test_an_operator_names_the_first_staff(client_of, stage, mails) -> None:
    house, institute = make.make_municipality("Neuland"), make.make_partner()
    operator = client_of("operator")
    for url in (
        reverse("municipality_staff_add", args=[house.pk]),
        reverse("partner_staff_add", args=[institute.pk]),
    ):
        assert operator.post(url, STAFF).status_code == 302
    assert len(mails) == 2
    assert house.staff.count() == institute.staff.count() == 1


def test_the_form_posted_twice_names_one_person(client_of, stage, mails) -> None:
    url = reverse("municipality_staff_add", args=[stage.own.pk])
    hr = client_of("hr")
    data = {**STAFF, **hidden_fields(hr, url)}
    assert hr.post(url, data).status_code == hr.post(url, data).status_code == 302
    assert Person.objects.filter(email="erika@stadt.example").count() == 1
    assert len(mails) == 1


def test_a_known_person_is_chosen_from_the_visible_ones_of_the_house(
    client_of, cast, stage, mails
) -> None:
    url = reverse("municipality_staff_add", args=[stage.own.pk])
    hr = client_of("hr")
    known = make.make_person(municipality=stage.own)
    both = hr.post(url, {**STAFF, "person": known.pk})
    assert "nicht beides" in both.content.decode()
    foreign = hr.post(url, {"person": cast.other_hr.pk, "since": "2026-01-15"})
    assert foreign.status_code == 200
    nobody = hr.post(url, {"since": "2026-01-15"})
    assert "neue Person gebraucht" in nobody.content.decode()
    assert hr.post(url, {"person": known.pk, "since": "2026-01-15"}).status_code == 302
    assert not mails


def test_staff_of_another_house_are_not_named_or_ended(client_of, cast, stage) -> None:
    hr = client_of("hr")
    foreign = cast.other_hr.municipality_posts.get()
    add = reverse("municipality_staff_add", args=[stage.other.pk])
    assert hr.post(add, STAFF).status_code == 403
    end = reverse("municipality_staff_end", args=[foreign.pk])
    assert hr.post(end, {"last_day": "2026-01-15"}).status_code in (403, 404)
    foreign.refresh_from_db()
    assert foreign.until is None


def test_a_post_is_ended_on_the_confirm_page(client_of, cast) -> None:
    post = cast.hr.municipality_posts.get()
    url = reverse("municipality_staff_end", args=[post.pk])
    hr = client_of("hr")
    page = hr.get(url).content.decode()
    assert "Das sind Sie selbst" in page
    assert "niemand mehr eingetragen" in page
    early = hr.post(url, {"last_day": "2019-12-31"})
    assert "vor dem ersten" in early.content.decode()
    assert hr.post(url, {"last_day": "2020-01-31"}).status_code == 302
    assert client_of("hr").get(reverse("people")).status_code == 403


def test_a_lead_names_the_first_staff_of_a_house_and_may_send_the_link_again(
    client_of, cast, stage, mails
) -> None:
    house = make.make_municipality("Neuland")
    url = reverse("municipality_staff_add", args=[house.pk])
    lead = client_of("lead")
    assert lead.post(url, STAFF).status_code == 403
    make.make_participation(stage.cycle, house)
    assert lead.post(url, STAFF).status_code == 302
    invitation = Invitation.objects.get()
    assert len(mails) == 1
    assert lead.post(reverse("invitation_resend", args=[invitation.pk])).status_code == 302
    # From now on the house names its own.
    assert lead.get(url).status_code == 403
    assert (
        client_of("member").post(reverse("invitation_resend", args=[invitation.pk])).status_code
        == 404
    )


# --- Invitations ----------------------------------------------------------------------
def test_inviting_resending_and_withdrawing_on_the_persons_page(
    client_of, cast, stage, mails
) -> None:
    colleague = make.make_person(municipality=stage.own)
    MunicipalityStaff.objects.create(person=colleague, municipality=stage.own)
    hr = client_of("hr")
    url = reverse("person_invite", args=[colleague.pk])
    assert "Personalstelle Ahausen" in hr.get(url).content.decode()
    assert hr.post(url).url == colleague.get_absolute_url()
    invitation = Invitation.objects.get()
    assert "schon eingeladen" in hr.post(url).content.decode()
    resend = reverse("invitation_resend", args=[invitation.pk])
    withdraw = reverse("invitation_withdraw", args=[invitation.pk])
    assert resend in hr.get(colleague.get_absolute_url()).content.decode()
    assert hr.post(resend).status_code == 302
    assert len(mails) == 2
    other = client_of("other_hr")
    assert other.post(resend).status_code == other.post(withdraw).status_code == 404
    assert "offen" in hr.get(reverse("invitations"), {"state": "open"}).content.decode()
    assert hr.post(withdraw).status_code == 302
    assert "ist zurückgezogen" in hr.post(resend).content.decode()
    listed = hr.get(reverse("invitations"), {"q": colleague.last_name, "state": "withdrawn"})
    assert colleague.last_name in listed.content.decode().partition("<tbody")[2]


def test_hr_does_not_invite_applicants_or_former_colleagues(client_of, cast, stage) -> None:
    mentee = make.make_person(municipality=stage.own)
    former = make.make_person(municipality=stage.own)
    MunicipalityStaff.objects.create(
        person=former, municipality=stage.own, since="2020-01-01", until="2020-12-31"
    )
    for person in (mentee, former):
        answer = client_of("hr").post(reverse("person_invite", args=[person.pk]))
        assert answer.status_code == 403


def test_a_changed_address_withdraws_the_invitation_and_says_so(
    client_of, cast, stage, mails
) -> None:
    colleague = make.make_person(municipality=stage.own)
    MunicipalityStaff.objects.create(person=colleague, municipality=stage.own)
    domain.invite(colleague, role="x", by=cast.user("hr"))
    hr = client_of("hr")
    url = reverse("person_change", args=[colleague.pk])
    answer = hr.post(url, {**CONTACT, **hidden_fields(hr, url)}, follow=True)
    assert "zurückgezogen" in answer.content.decode()
    assert not Invitation.objects.open().exists()

"""The Logistikpartner knows name, Kommune, role, e-mail and phone of anybody, and no more."""

import pytest
from django.urls import reverse

from programmes.cycles.models import ParticipantRole
from programmes.people.domain import create_person
from tests import factories as make


@pytest.fixture
def applicant(stage, cast):
    person = create_person(
        by=cast.user("hr"),
        first_name="Änne",
        last_name="Öz",
        salutation="ms",
        position="Geheimamtsleitung",
        email="aenne@ahausen.example",
        phone="02501 77",
        municipality=stage.own,
    )
    make.make_participant(stage.cycle, stage.own, ParticipantRole.APPLICANT, person=person)
    return person


def test_neither_list_nor_page_nor_export_tell_more(applicant, client_of):
    logistics, people = client_of("logistics"), reverse("people")
    page = logistics.get(applicant.get_absolute_url()).content.decode()
    export = logistics.get(people, {"export": "csv"}).content.decode()
    text = page + export + logistics.get(people).content.decode()
    assert "02501 77" in page
    assert "02501 77" in export
    for secret in ("Geheimamt", "Frau", "Funktion", ">Zugang", ";Zugang"):
        assert secret not in text, secret
    own = client_of("hr").get(applicant.get_absolute_url()).content.decode()
    assert "Geheimamt" in own


def test_nor_does_trying_in_the_search(applicant, stage, client_of):
    lists = (reverse("people"), reverse("cycles:participants", args=[stage.cycle.pk]))
    for url in lists:
        found = client_of("logistics").get(url, {"q": "Geheimamtsleitung", "access": "no"})
        assert "Änne" not in found.content.decode()
        assert "Änne" in client_of("logistics").get(url, {"q": "Oez"}).content.decode()

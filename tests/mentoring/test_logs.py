"""The process log holds neither personal links nor values of records."""

import logging
import secrets
import sys

import pytest
from django.conf import settings
from django.core.signing import dumps
from django.db import IntegrityError
from django.test import Client

from mentoring.logs import HIDDEN, CarefulFormatter


def formatted(record: logging.LogRecord) -> str:
    return CarefulFormatter(settings.LOGGING["formatters"]["line"]["format"]).format(record)


def test_the_settings_use_it():
    assert settings.LOGGING["formatters"]["line"]["()"] == "mentoring.logs.CarefulFormatter"
    assert settings.LOGGING["handlers"]["console"]["formatter"] == "line"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "einladung/{}/",
        "einrichtung/{}/",
        "anmelden/passwort/neu/1-{}/",
        "kalender/{}.ics",
        "antwort/{}/",
        "anmeldung/4/bestaetigen/{}/",
    ],
)
def test_a_turned_away_request_keeps_its_code(path, caplog):
    code = secrets.token_urlsafe(32) if "einrichtung" not in path else dumps("x", salt="y")
    answer = Client(enforce_csrf_checks=True).post("/" + path.format(code))
    assert answer.status_code in (403, 404)
    lines = [formatted(record) for record in caplog.records if record.name.startswith("django.")]
    assert lines
    assert not any(code in line for line in lines)
    assert any(HIDDEN in line for line in lines)


def test_ordinary_addresses_stay(caplog):
    logging.getLogger("django.request").warning("Not Found: %s", "/durchgaenge/4/bewerbungen/neu/")
    assert "/durchgaenge/4/bewerbungen/neu/" in formatted(caplog.records[-1])


@pytest.mark.django_db
def test_error_pages_are_kept_in_no_cache(client_of):
    for name, path in (("stranger", "/gibt-es-nicht/"), ("stranger", "/zugaenge/")):
        answer = client_of(name).get(path)
        assert answer.status_code in (403, 404)
        assert "no-store" in answer["Cache-Control"]


def test_values_in_database_errors_are_left_out():
    told = "duplicate key\nDETAIL:  Key (email)=(erika@stadt.example) exists."
    try:
        raise IntegrityError(told)
    except IntegrityError:
        record = logging.LogRecord("x", 40, "f", 1, "fault", (), sys.exc_info())
    text = formatted(record)
    assert "erika" not in text
    assert "duplicate key" in text

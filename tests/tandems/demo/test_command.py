"""`manage.py demo`: once, in demo mode alone, and all of it or nothing."""

import pytest
from django.core.management.base import CommandError

from mentoring.accounts.demo import shown_signins
from mentoring.accounts.models import User
from programmes.organisations.models import Municipality
from tandems.demo.signins import COMMON_KEY, SIGN_INS
from tests.tandems.demo.command import run


def test_it_is_refused_outside_demo_mode(db):
    with pytest.raises(CommandError, match="DEMO=true"):
        run()
    assert not User.objects.exists()
    assert not Municipality.objects.exists()


def test_it_is_refused_where_somebody_has_a_sign_in(db, settings):
    settings.DEMO = True
    User.objects.create_user("echt@stadt.example", "ein langes Testkennwort")
    with pytest.raises(CommandError, match="not of the demo"):
        run()
    assert not Municipality.objects.exists()


def test_a_failure_leaves_nothing_behind(db, settings, monkeypatch):
    settings.DEMO = True
    monkeypatch.setattr("tandems.demo.build.build_open_applications", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run()
    assert not User.objects.exists()
    assert not Municipality.objects.exists()


def test_a_negative_number_of_people_is_refused(db, settings):
    settings.DEMO = True
    with pytest.raises(CommandError, match="number of people"):
        run("--people=-1")


def test_no_sign_ins_are_shown_before_the_demo_is_built(db, settings):
    settings.DEMO = True
    assert shown_signins() == []


def test_the_command_prints_every_sign_in(db, settings):
    settings.DEMO = True
    said = run()
    assert COMMON_KEY in said
    assert all(entry.email in said and entry.role in said for entry in SIGN_INS)

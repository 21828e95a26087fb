"""Keeping the log: what is entered, what is concealed, when it goes."""

from datetime import timedelta

import pytest
from auditlog.context import disable_auditlog
from django.utils import timezone

from mentoring.log.domain import (
    CONCEALED,
    acting,
    delete_expired,
    policies,
    record_access,
    track,
)
from mentoring.log.models import DataClass, LogEntry
from programmes.cycles.models import Cycle
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from tandems.applications.models import Application, ApplicationState
from tests import factories as make


def entries(instance):
    return LogEntry.objects.get_for_object(instance).order_by("pk")


def last(instance):
    return entries(instance).last()


@pytest.fixture
def house(db):
    return make.make_municipality("Ahausen", city="Ahausen")


@pytest.fixture
def application(db):
    cycle = make.make_cycle()
    return make.make_application(
        cycle, make.make_municipality(), ApplicationState.SUBMITTED, motivation="Sehnsucht"
    )


def test_a_change_is_entered_with_its_fields(house):
    house.city = "Übelheim"
    house.save()
    entry = last(house)
    assert entry.action == LogEntry.Action.UPDATE
    assert entry.changes == {"city": ["Ahausen", "Übelheim"]}
    assert entry.data_class == DataClass.FRAME


def test_nothing_changed_is_no_entry(house):
    before = entries(house).count()
    house.save()
    assert entries(house).count() == before


def test_versions_and_keys_are_never_entered(house):
    house.short_name = "Bhausen"
    house.save()
    for entry in entries(house):
        assert not {"version", "sort_key", "search_key"} & entry.changes.keys()


def test_only_own_fields_are_entered(house):
    make.make_person(municipality=house)
    names = {field.name for field in Municipality._meta.fields}
    assert entries(house).first().changes.keys() <= names
    row = make.make_participation(make.make_cycle(), house)
    make.make_seat(row)
    assert "seats" not in entries(row).first().changes
    user = make.make_person(sign_in=True).user
    if user._meta.label_lower in policies:
        assert "person" not in entries(user).first().changes


def test_an_entry_knows_its_cycle(house):
    cycle = make.make_cycle()
    row = make.make_participation(cycle, house)
    make.make_seat(row)
    assert last(cycle).cycle_id == cycle.pk
    assert last(row).cycle_id == cycle.pk
    assert last(row.seats.get()).cycle_id == cycle.pk
    assert last(house).cycle_id is None


def test_deleting_is_entered(house):
    pk = house.pk
    house.delete()
    entry = LogEntry.objects.filter(object_id=pk, action=LogEntry.Action.DELETE).get()
    assert entry.changes["city"] == ["Ahausen", "None"]


def test_deleting_many_is_entered(house):
    make.make_person(municipality=house)
    Person.objects.filter(municipality=house).delete()
    assert LogEntry.objects.filter(
        content_type__model="person", action=LogEntry.Action.DELETE
    ).exists()


def test_updating_many_is_entered_row_by_row(house):
    other = make.make_municipality()
    Municipality.objects.filter(pk__in=[house.pk, other.pk]).update(city="Neu")
    for row in (house, other):
        assert last(row).changes == {"city": [CONCEALED, CONCEALED]}


# --- Actors -------------------------------------------------------------------------------
def test_with_logging_off_updating_many_is_not_entered_either(house):
    before = LogEntry.objects.count()
    with disable_auditlog():
        Municipality.objects.filter(pk=house.pk).update(phone="030 23125-1")
    assert LogEntry.objects.count() == before


def test_the_actor_is_named(house):
    one, two = make.make_user(), make.make_user()
    with acting(one):
        house.city = "A"
        house.save()
        with acting(two):
            house.city = "B"
            house.save()
        with acting(None):
            house.city = "C"
            house.save()
    house.city = "D"
    house.save()
    actors = [entry.actor for entry in entries(house)][1:]
    assert actors == [one, two, one, None]
    assert entries(house)[1].actor_email == one.email


def test_reading_names_the_reader_and_forgets_nobody(application):
    around, reader = make.make_user(), make.make_user()
    with acting(around):
        record_access(application, by=reader)
        application.goals = "neu"
        application.save()
    read, written = list(entries(application))[-2:]
    assert (read.action, read.actor) == (LogEntry.Action.ACCESS, reader)
    assert not read.changes
    assert (written.action, written.actor) == (LogEntry.Action.UPDATE, around)


def test_the_actor_of_a_request_is_named(client, stage, cast):
    client.force_login(cast.lead.user, backend="django.contrib.auth.backends.ModelBackend")
    row = make.make_participation(stage.cycle, make.make_municipality())
    answer = client.post(f"/durchgaenge/{stage.cycle.pk}/stand/matching-beginnen/")
    assert answer.status_code == 302
    assert last(Cycle.objects.get(pk=stage.cycle.pk)).actor == cast.lead.user
    assert last(row).actor is None


# --- Secrets ------------------------------------------------------------------------------
def everything(instance):
    return " ".join(
        f"{entry.changes} {entry.object_repr} {entry.serialized_data} {entry.additional_data} "
        f"{entry.changes_text}"
        for entry in entries(instance)
    )


def test_of_a_confidential_record_only_field_names_are_entered(application):
    application.motivation = "Sehnsucht nach mehr"
    application.rank = 3
    application.save()
    person = make.make_person(last_name="Ausgeschlossen")
    named = make.make_exclusion(
        application.cycle, application.person, person, name="Ausgeschlossen"
    )
    Application.objects.filter(pk=application.pk).update(goals="Sehnsucht im Stapel")
    text = everything(application)
    assert {"motivation", "rank"} <= entries(application)[1].changes.keys()
    assert entries(named)
    text += everything(named)
    for secret in ("Sehnsucht", "Ausgeschlossen", str(application.person), application.position):
        assert secret not in text
    for entry in entries(application):
        assert entry.data_class == DataClass.CONFIDENTIAL
        for value in (entry.changes or {}).values():
            assert value == [CONCEALED, CONCEALED]


def test_a_deleted_confidential_record_leaves_no_value(application):
    pk = application.pk
    application.delete()
    entry = LogEntry.objects.get(object_id=pk, action=LogEntry.Action.DELETE)
    assert {tuple(value) for value in entry.changes.values()} == {(CONCEALED, CONCEALED)}


def test_every_model_of_tandems_is_confidential():
    for policy in policies:
        if policy.model._meta.app_label == "tandems":
            assert policy.confidential, policy.model
        if policy.by_record:
            assert hasattr(policy.model._default_manager, "visible_to"), policy.model


def test_a_model_is_tracked_once():
    with pytest.raises(ValueError, match="registered twice"):
        track(Municipality)


# --- Expiry -------------------------------------------------------------------------------
def test_an_entry_goes_with_its_time(house, application):
    today = timezone.localdate()
    assert last(house).expires_on == today + timedelta(days=730)
    assert last(application).expires_on == today + timedelta(days=365)
    LogEntry.objects.get_for_object(house).update(expires_on=today)
    assert delete_expired() == 1
    assert entries(application).exists()
    assert not entries(house).exists()


# --- Readers ------------------------------------------------------------------------------
def test_a_record_that_is_gone_is_read_by_nobody_but_its_own_kind(stage, cast):
    """Frame entries stay readable after the record; personal and confidential ones do not."""
    person = make.make_person(municipality=stage.own)
    application = make.make_application(
        stage.cycle, stage.own, ApplicationState.NOMINATED, person=person
    )
    lead = cast.user("lead")
    visible = LogEntry.objects.visible_to(lead)
    assert visible.filter(content_type__model="application").exists()
    application.delete()
    assert not LogEntry.objects.visible_to(lead).filter(content_type__model="application").exists()


def test_nobody_reads_without_a_reason(stage, cast):
    for name in ("member", "permanent", "former", "hr", "logistics", "mentee", "stranger"):
        assert not LogEntry.objects.visible_to(cast.user(name)).exists(), name
    inactive = cast.user("operator")
    inactive.is_active = False
    assert not LogEntry.objects.visible_to(inactive).exists()


def test_the_log_is_not_in_the_admin():
    from django.contrib import admin

    assert LogEntry not in admin.site._registry

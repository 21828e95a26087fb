"""Rooms: found, loaded in order, and only what is there."""

from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps

from mentoring.rooms import WingConfig, all_rooms, import_if_present

WINGS = ("mentoring", "programmes", "tandems")


def test_rooms_stand_in_the_order_of_the_wings():
    found = [room.split(".")[0] for room in all_rooms()]
    assert sorted(set(found), key=found.index) == list(WINGS)
    assert found == sorted(found, key=WINGS.index)


def test_every_room_of_the_list_is_a_package():
    for room in all_rooms():
        assert hasattr(import_module(room), "__path__"), room


def test_every_package_with_models_is_a_room():
    for wing in WINGS:
        folder = Path(apps.get_app_config(wing).path)
        with_models = {path.parent.name for path in folder.glob("*/models.py")}
        assert with_models <= set(apps.get_app_config(wing).rooms), wing


def test_models_of_rooms_belong_to_their_wing():
    for wing in WINGS:
        config = apps.get_app_config(wing)
        assert isinstance(config, WingConfig)
        for model in config.get_models():
            if not model._meta.auto_created:
                assert model.__module__.split(".")[1] in config.rooms, model


def test_a_part_that_is_not_there_is_no_error():
    import_if_present("mentoring.log.wiring_that_is_not_there")


def test_an_error_inside_a_part_is_not_swallowed(tmp_path, monkeypatch):
    (tmp_path / "broken_part.py").write_text("import no_such_module_anywhere\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="no_such_module_anywhere"):
        import_if_present("broken_part")

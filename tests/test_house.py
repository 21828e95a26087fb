"""What the tools check must be what the house is: one list of rooms, one plan of tests."""

import re
import tomllib

from django.apps import apps

from mentoring.rooms import WingConfig
from tests.plugins import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TEST_SCRIPT = (ROOT / ".ci" / "test.py").read_text(encoding="utf-8")


def wings() -> dict[str, tuple[str, ...]]:
    configs = apps.get_app_configs()
    return {config.name: config.rooms for config in configs if isinstance(config, WingConfig)}


def test_the_import_contracts_name_every_room_in_its_order():
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    layers = {
        contract["containers"][0]: tuple(reversed(contract["layers"]))
        for contract in contracts
        if "containers" in contract
    }
    assert layers == wings()


def test_the_import_contracts_know_every_wing():
    linter = PROJECT["tool"]["importlinter"]
    assert set(linter["root_packages"]) == set(wings())
    protected = [one for one in linter["contracts"] if one["type"] == "protected"]
    assert set(protected[0]["protected_modules"]) == {f"{wing}.models" for wing in wings()}


def test_every_folder_of_a_wing_that_holds_models_is_a_room():
    found = {
        wing: {path.parent.name for path in (ROOT / wing).glob("*/models.py")} for wing in wings()
    }
    for wing, rooms in wings().items():
        assert found[wing] <= set(rooms)


def test_strict_types_hold_for_every_domain_of_every_wing():
    strict = [
        override["module"]
        for override in PROJECT["tool"]["mypy"]["overrides"]
        if override.get("disallow_untyped_defs")
    ]
    assert set(strict[0]) == {f"{w}.*.domain{more}" for w in wings() for more in ("", ".*")}


def test_the_image_copies_only_what_is_there_and_let_in():
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = [
        source
        for line in lines
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    ]
    let_in = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "manage.py" in copied
    assert [source for source in copied if not (ROOT / source).exists()] == []
    assert [source for source in copied if f"!{source}" not in let_in] == []


def test_the_plan_of_tests_knows_every_kind_that_runs_once():
    markers = {one.split(":")[0] for one in PROJECT["tool"]["pytest"]["ini_options"]["markers"]}
    [once] = re.findall(r"^ONCE = \((.*)\)$", TEST_SCRIPT, flags=re.MULTILINE)
    on_both = {"smoke", "matrix"}
    assert set(re.findall(r'"(\w+)"', once)) == markers - on_both

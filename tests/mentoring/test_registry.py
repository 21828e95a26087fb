"""Registries: named, ordered, never twice."""

import pytest

from mentoring.registry import Registry


@pytest.fixture
def registry():
    found = Registry("tests")
    found.add("b", 1)
    found.add("a", 2)
    found.add("z", 3, order=5)
    return found


def test_order_is_by_number_and_then_by_name(registry):
    assert registry.names() == ["z", "a", "b"]
    assert list(registry) == [3, 2, 1]
    assert len(registry) == 3


def test_a_name_is_taken_once(registry):
    with pytest.raises(ValueError, match="'a' is registered twice"):
        registry.add("a", 4)
    assert registry.get("a") == 2


def test_a_missing_name_is_answered_with_the_known_ones(registry):
    assert "c" not in registry
    with pytest.raises(LookupError, match="no 'c'; known: z, a, b"):
        registry.get("c")
    with pytest.raises(LookupError, match="known: none"):
        Registry("empty").get("c")


def test_add_returns_what_was_added(registry):
    assert registry.add("c", 9) == 9

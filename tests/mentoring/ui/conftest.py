"""The room's own little website and somebody who is signed in to it."""

from collections.abc import Iterator

import pytest
import rules
from django.test import Client

from mentoring.accounts.models import User
from mentoring.registry import Registry
from mentoring.ui.background import background_export
from mentoring.ui.forms import form_keepers
from mentoring.ui.health import readiness
from mentoring.ui.navigation import cycle_switcher, navigation, start_items

REGISTRIES: tuple[Registry, ...] = (
    navigation,
    start_items,
    cycle_switcher,
    form_keepers,
    background_export,
    readiness,
)


@pytest.fixture(autouse=True)
def _site(settings) -> Iterator[None]:
    """Our routes, and registries as no other room has filled them."""
    settings.ROOT_URLCONF = "tests.mentoring.ui.site"
    if not rules.rule_exists("ui_tests.nobody"):
        rules.add_rule("ui_tests.nobody", rules.always_deny)
    kept = [dict(registry._entries) for registry in REGISTRIES]
    for registry in REGISTRIES:
        if registry is not readiness:
            registry._entries.clear()
    yield
    for registry, entries in zip(REGISTRIES, kept, strict=True):
        registry._entries.clear()
        registry._entries.update(entries)


@pytest.fixture
def user(db) -> User:
    return User.objects.create_user("anna@stadt.example", "ein langes Testkennwort")


@pytest.fixture
def client(user: User) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client

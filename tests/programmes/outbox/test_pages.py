"""What an operator sees of the outbox, and decides; nobody sees a text."""

import pytest
from django.test import Client

from programmes.outbox.domain import queue_mail
from programmes.outbox.models import Delivery, DeliveryState
from tests import factories as make

pytestmark = pytest.mark.django_db


def trouble(state: str, **changes: object) -> Delivery:
    delivery = queue_mail(
        to_email="erika@stadt.example",
        subject="Betreff der Nachricht",
        text="Der Text",
        purpose="test",
        confidential=bool(changes.get("confidential")),
    )
    Delivery.objects.filter(pk=delivery.pk).update(state=state, error="Weil es nicht ging.")
    return delivery


@pytest.fixture
def operator() -> Client:
    browser = Client()
    browser.force_login(
        make.make_user(is_superuser=True), backend="django.contrib.auth.backends.ModelBackend"
    )
    return browser


def test_the_list_counts_everything_and_shows_what_is_stuck(operator: Client) -> None:
    trouble("failed")
    queue_mail(to_email="b@stadt.example", subject="Wartet", text="x", purpose="test")
    page = operator.get("/postausgang/").content.decode()
    assert "erika@stadt.example" in page
    assert "Betreff der Nachricht" in page
    assert "Weil es nicht ging." in page
    assert "Der Text" not in page
    assert "b@stadt.example" not in page
    assert "kein Mailserver eingerichtet" in page


@pytest.mark.parametrize("state", ["failed", "unclear"])
def test_of_a_confidential_one_only_that_it_is_stuck(operator: Client, state: str) -> None:
    delivery = trouble(state, confidential=True)
    path = {"failed": "wiederholen", "unclear": "kam-an"}[state]
    for address in ("/postausgang/", f"/postausgang/{delivery.pk}/{path}/"):
        page = operator.get(address).content.decode()
        assert "vertraulich" in page
        assert "Weil es nicht ging." in page
        assert "erika@" not in page
        assert "Betreff der" not in page


@pytest.mark.parametrize(
    ("state", "path", "after"),
    [
        ("failed", "wiederholen", DeliveryState.QUEUED),
        ("unclear", "kam-an", DeliveryState.SENT),
        ("unclear", "erneut-senden", DeliveryState.QUEUED),
    ],
)
def test_a_get_asks_and_a_post_decides_once(
    operator: Client, state: str, path: str, after: str
) -> None:
    delivery = trouble(state)
    address = f"/postausgang/{delivery.pk}/{path}/"
    assert operator.get(address).status_code == 200
    delivery.refresh_from_db()
    assert delivery.state == state
    assert operator.post(address).status_code == 302
    delivery.refresh_from_db()
    assert delivery.state == after
    assert operator.post(address).status_code == 404


def test_nobody_else_gets_in(operator: Client) -> None:
    delivery = trouble("failed")
    browser = Client()
    browser.force_login(make.make_user(), backend="django.contrib.auth.backends.ModelBackend")
    assert browser.get("/postausgang/").status_code == 403
    assert browser.post(f"/postausgang/{delivery.pk}/wiederholen/").status_code in (403, 404)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.FAILED


@pytest.mark.parametrize("rows", [1, 20])
def test_the_number_of_queries_does_not_grow(
    operator: Client, rows: int, django_assert_num_queries: object
) -> None:
    for _ in range(rows):
        trouble("failed")
    operator.get("/postausgang/")
    with django_assert_num_queries(6):  # type: ignore[operator]  # a fixture without a type
        operator.get("/postausgang/")

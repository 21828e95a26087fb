"""An operator is a member of nothing (design: roles)."""

import pytest

from programmes.people.permissions import posts_of
from tests.conftest import Cast


@pytest.mark.django_db
def test_a_post_left_from_earlier_gives_an_operator_nothing(cast: Cast) -> None:
    user = cast.user("hr")
    assert user is not None
    assert posts_of(user).municipalities
    user.is_superuser = True
    user.save()
    fresh = type(user).objects.get(pk=user.pk)
    assert not posts_of(fresh).municipalities

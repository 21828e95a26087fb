"""What a browser may send where it was offered a few rows."""

import pytest
from django.core.exceptions import ValidationError

from mentoring.ui.fields import RowsField
from programmes.organisations.models import Municipality
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("odd", ["x", "-1", "9" * 30, "0"])
def test_what_was_not_offered_is_a_message_and_no_fault(odd: str) -> None:
    house = make.make_municipality("Ahausen")
    field = RowsField(Municipality.objects.all())
    assert list(field.clean([str(house.pk)])) == [house]
    with pytest.raises(ValidationError):
        field.clean([str(house.pk), odd])

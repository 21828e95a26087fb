"""An address with a Kommune that cannot be one is answered as one there is not."""

import pytest
from django.urls import reverse


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 25, "0", "٣٣٣"])
@pytest.mark.parametrize("name", ["calls:pdf", "calls:word", "applications:ranking"])
def test_a_kommune_there_cannot_be(stage, client_of, name, number):
    address = reverse(name, args=[stage.cycle.pk])
    assert client_of("hr").get(address, {"kommune": number}).status_code == 404

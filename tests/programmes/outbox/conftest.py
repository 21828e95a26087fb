from collections.abc import Iterator
from typing import Any

import pytest

from tests.smtp import Mailbox, smtp_server


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """An SMTP server that the outbox is set to, with no limit per minute."""
    settings.MAIL_PER_MINUTE = 0
    settings.SMTP_TIMEOUT = 3
    with smtp_server(Mailbox()) as box:
        settings.SMTP = box.config
        yield box

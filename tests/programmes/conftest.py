from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.smtp import Mailbox, smtp_server
from tests.stack import Stack


@pytest.fixture
def slow_mailbox() -> Iterator[Mailbox]:
    """An SMTP server slow enough for a worker to be killed in the middle of sending."""
    with smtp_server(Mailbox(seconds=0.02)) as box:
        yield box


@pytest.fixture
def stack(transactional_db: None, tmp_path: Path, slow_mailbox: Mailbox) -> Iterator[Stack]:
    """Worker processes on this test's own database and broker, sending to ``slow_mailbox``."""
    env = {
        "SWEEP_SECONDS": "0.5",
        "MAIL_UNCLEAR_SECONDS": "3",
        "MAIL_PER_MINUTE": "0",
        "SMTP_URL": slow_mailbox.url,
    }
    stack = Stack.on_test_database(tmp_path / "data", env=env)
    yield stack
    stack.close()

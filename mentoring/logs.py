"""What the process writes to its own log: no personal links, no values of records."""

import logging
import re
from typing import Any

HIDDEN = "•••"
# Codes of personal links are longer than any word of our addresses.
_CODE = re.compile(r"(?<=/)[\w\-:.~=]{30,}")
# PostgreSQL quotes the values a constraint stumbled over on such a line.
_DETAIL = re.compile(r"(?m)^DETAIL:.*$")


class CarefulFormatter(logging.Formatter):
    """Python's, without codes in addresses and without the values in database errors.

    Django logs the path of each request that is turned away, and a link of an invitation
    would still be good then.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line, with codes hidden where it names an address."""
        line = super().formatMessage(record)
        return _CODE.sub(HIDDEN, line) if record.name.startswith("django.") else line

    def formatException(self, ei: Any) -> str:
        """The traceback, without PostgreSQL's details."""
        return _DETAIL.sub(f"DETAIL: {HIDDEN}", super().formatException(ei))

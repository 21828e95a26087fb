"""An SMTP server of its own process that writes down when it took each message.

``python -m tests.bench.smtp_clock FILE SECONDS`` prints its port, takes ``SECONDS`` to accept
a message, and appends a line with the monotonic time (seconds) of each to FILE.
"""

import signal
import sys
from time import monotonic

from tests.smtp import ACCEPTED, Mailbox, smtp_server


def main() -> None:
    """Serve until told to end."""
    path, seconds = sys.argv[1], float(sys.argv[2])
    with open(path, "a", buffering=1, encoding="ascii") as file:

        def note(address: str) -> str:
            file.write(f"{monotonic()}\n")
            return ACCEPTED  # an answer of its own: nothing is kept in memory

        with smtp_server(Mailbox(at_data=note, seconds=seconds)) as box:
            sys.stdout.write(f"{box.port}\n")
            sys.stdout.flush()
            signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main()

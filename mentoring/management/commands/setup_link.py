"""``manage.py setup_link``: where the first operator of a new installation begins."""

from typing import Any

from django.core.management.base import BaseCommand

from mentoring.accounts.domain import operator_exists
from mentoring.accounts.setup import setup_link


class Command(BaseCommand):
    """Prints the link, or nothing once there is an operator."""

    help = "Zeigt den Link, unter dem der erste Betreiberzugang angelegt wird."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the link; with an operator, say on stderr that none is needed."""
        if operator_exists():
            self.stderr.write("Es gibt schon einen Betreiberzugang; ein Link ist nicht nötig.")
            return
        self.stdout.write(setup_link())

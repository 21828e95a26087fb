"""`manage.py demo`: fill an empty installation with something to look at."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tandems.demo.build import build, is_empty
from tandems.demo.bulk import build_bulk
from tandems.demo.guard import is_demo_database
from tandems.demo.signins import COMMON_KEY, SIGN_INS


class Command(BaseCommand):
    """Builds the demo once; a second start keeps what is there."""

    help = "Fills an empty database with the demo programme (needs DEMO=true)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many people the cycle for measuring has."""
        parser.add_argument(
            "--people",
            type=int,
            default=0,
            help="also add a cycle with this many people, to measure lists with",
        )

    def handle(self, *args: Any, people: int, **options: Any) -> None:
        """Build, or say why not. Raises ``CommandError`` outside demo mode."""
        if not settings.DEMO:
            raise CommandError(
                "The demo needs DEMO=true: its password is public. Never set it where real "
                "people work."
            )
        if people < 0:
            raise CommandError("--people wants a number of people, not less than 0.")
        if is_demo_database():
            self.stdout.write("The demo is there already; nothing was changed.")
        elif is_empty():
            build()
            self.stdout.write("The demo was built.")
        else:
            raise CommandError(
                "This database has people in it who are not of the demo. The demo is built "
                "only in an empty one; choose another DATA_DIR or DATABASE_URL."
            )
        if people:
            done = build_bulk(people)
            self.stdout.write(
                f"A cycle with {people} people was added."
                if done
                else "The cycle for measuring is there already."
            )
        self._print_sign_ins()

    def _print_sign_ins(self) -> None:
        width = max(len(entry.role) for entry in SIGN_INS)
        reach = max(len(entry.email) for entry in SIGN_INS)
        self.stdout.write(f"\nSign in with password {COMMON_KEY} as\n")
        for entry in SIGN_INS:
            self.stdout.write(f"  {entry.role:<{width}}  {entry.email:<{reach}}  {entry.note}")

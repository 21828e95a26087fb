"""The command, and what it says."""

from io import StringIO

from django.core.management import call_command


def run(*options: str) -> str:
    """Run the command; returns what it said."""
    said = StringIO()
    call_command("demo", *options, stdout=said)
    return said.getvalue()

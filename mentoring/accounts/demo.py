"""The sign-ins of the demo, shown on the sign-in page and nowhere outside the demo."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from mentoring.registry import Registry


@dataclass(frozen=True)
class DemoSignIn:
    """A sign-in per role, with its password in clear."""

    role: str
    email: str
    password: str


demo_signins: Registry[Callable[[], list[DemoSignIn]]] = Registry("demo sign-ins")
"""Filled by the rooms that load the demo."""


def shown_signins() -> list[DemoSignIn]:
    """What the sign-in page shows: nothing unless this installation is a demo."""
    if not settings.DEMO:
        return []
    return [signin for contribution in demo_signins for signin in contribution()]

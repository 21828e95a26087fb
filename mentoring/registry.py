"""Registries: how a later room adds to an earlier one without being imported by it.

The earlier room owns a ``Registry`` and reads it; the later room fills it from its
``wiring.py``, which is loaded once at start (see ``mentoring.rooms``).
"""

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """An ordered collection of named contributions.

    Order is by ``order`` and then by name, never by import time, so that what the user
    sees does not depend on which room was loaded first.
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self._entries: dict[str, tuple[int, T]] = {}

    def add(self, name: str, entry: T, *, order: int = 100) -> T:
        """Add ``entry`` under ``name``. Raises ``ValueError`` if the name is taken."""
        if name in self._entries:
            raise ValueError(f"{self.title}: {name!r} is registered twice")
        self._entries[name] = (order, entry)
        return entry

    def get(self, name: str) -> T:
        """The entry called ``name``. Raises ``LookupError`` naming the known ones."""
        try:
            return self._entries[name][1]
        except KeyError:
            known = ", ".join(self.names()) or "none"
            raise LookupError(f"{self.title}: no {name!r}; known: {known}") from None

    def names(self) -> list[str]:
        """All names in order."""
        return sorted(self._entries, key=lambda name: (self._entries[name][0], name))

    def __iter__(self) -> Iterator[T]:
        return (self._entries[name][1] for name in self.names())

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def __len__(self) -> int:
        return len(self._entries)

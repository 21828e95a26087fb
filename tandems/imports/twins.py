"""Finding the same person under two spellings."""

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from mentoring.text import search_key

MOST = 10
"""So many resemblances are told; more would not help anybody to choose."""

_TITLES = {"dr", "prof", "dipl", "med", "rer", "nat", "phil", "jur", "ing", "mag"}
_PARTICLES = {"von", "vom", "van", "de", "der", "den", "zu", "zur", "zum", "und"}

Ref = TypeVar("Ref", bound=Hashable)


@dataclass(frozen=True)
class Who:
    """A name, folded and in its parts, and the address."""

    first: tuple[str, ...]
    last: tuple[str, ...]
    email: str

    @classmethod
    def of(cls, first_name: str, last_name: str, email: str) -> "Who":
        """Umlauts, ß, hyphens and titles make no difference."""
        return cls(_parts(first_name), _parts(last_name), email.strip().lower())

    def keys(self) -> set[tuple[str, ...]]:
        """Who shares one of these may be the same person."""
        first, last = "".join(self.first), "".join(self.last)
        if not first or not last:
            return set()
        found = {
            ("all", *sorted((*self.first, *self.last))),
            ("last", last, first),
            *(("last", last, name) for name in self.first),
            *(("first", first, name) for name in _core(self.last)),
        }
        return found

    def is_like(self, other: "Who") -> bool:
        """Whether the names may be one person's.

        The same letters however they are parted ("Anna-Lena", "Annalena"), one of two first
        names left out, one half of a double surname left out, first and last name swapped.
        """
        if not (self.first and self.last and other.first and other.last):
            return False
        if sorted((*self.first, *self.last)) == sorted((*other.first, *other.last)):
            return True
        same_first = "".join(self.first) == "".join(other.first)
        same_last = "".join(self.last) == "".join(other.last)
        if same_last:
            return same_first or _one_in_other(set(self.first), set(other.first))
        return same_first and _one_in_other(_core(self.last), _core(other.last))


class Register(Generic[Ref]):
    """People by what they are found by; asking costs the same however many there are."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[str, ...], list[Ref]] = defaultdict(list)
        self._by_email: dict[str, list[Ref]] = defaultdict(list)
        self._who: dict[Ref, Who] = {}

    def add(self, ref: Ref, who: Who) -> None:
        """Enter somebody."""
        self._who[ref] = who
        for key in who.keys():  # noqa: SIM118  # a method of its own, no dictionary
            self._by_key[key].append(ref)
        if who.email:
            self._by_email[who.email].append(ref)

    def like(self, who: Who, *, besides: Ref | None = None) -> list[Ref]:
        """Those who may be ``who``, at most ``MOST``, in the order they were entered."""
        found: dict[Ref, None] = {}
        for ref in self._by_email.get(who.email, ())[: MOST + 1] if who.email else ():
            found[ref] = None
        for key in sorted(who.keys()):
            for ref in self._by_key.get(key, ()):
                if len(found) > MOST:
                    break
                if ref not in found and who.is_like(self._who[ref]):
                    found[ref] = None
        found.pop(besides, None)  # type: ignore[arg-type]  # None is never entered
        order = list(found)
        return order[:MOST]


def _parts(text: str) -> tuple[str, ...]:
    parts = tuple(search_key(text).split())
    return tuple(part for part in parts if part not in _TITLES) or parts


def _core(last: tuple[str, ...]) -> set[str]:
    return {part for part in last if part not in _PARTICLES} or set(last)


def _one_in_other(one: set[str], other: set[str]) -> bool:
    return one <= other or other <= one

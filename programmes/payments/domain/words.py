"""Numbers and lists as sentences say them."""

from collections.abc import Sequence


def several(number: int, one: str, many: str) -> str:
    """ "1 Gutschrift" or "3 Gutschriften"."""
    return f"{number} {one if number == 1 else many}"


def joined(parts: Sequence[str]) -> str:
    """ "a, b und c"."""
    return f"{', '.join(parts[:-1])} und {parts[-1]}" if len(parts) > 1 else "".join(parts)

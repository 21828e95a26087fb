"""Which characters can be printed on an invoice."""

import unicodedata
from functools import lru_cache

from mentoring.ui.pdf import printable_characters

# Laid out, not drawn.
_BLANKS = frozenset("\n\r\t ")
# Control characters, which XML forbids, and what only a font of one's own gives a meaning.
_NO_TEXT = frozenset(("Cc", "Cs", "Co", "Cn"))


def unprintable(text: str) -> str:
    """The characters of ``text`` that our own fonts lack, each once, or "".

    A PDF/A must carry all it shows, and another machine's fonts may lack what this one's have.
    What cannot be seen is named by its code point.
    """
    found = dict.fromkeys(
        one
        for one in unicodedata.normalize("NFC", text)
        if one not in _BLANKS
        and (ord(one) not in _characters() or unicodedata.category(one) in _NO_TEXT)
    )
    return ", ".join(_shown(one) for one in found)


def _shown(character: str) -> str:
    seen = unicodedata.category(character)[0] in "LNPSM"
    return f"„{character}“" if seen else f"U+{ord(character):04X}"


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    return printable_characters()

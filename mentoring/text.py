"""Folding of German text into keys that sort and search alike on every database.

SQLite folds no umlauts and PostgreSQL's order depends on the server's locale, hence keys
that we make ourselves and store beside the text.
"""

import unicodedata

_LIGATURES = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"})


def sort_key(text: str) -> str:
    """``text`` as DIN 5007-1 sorts it: umlauts as their base letter, ß as ss.

    Punctuation counts as a space, so "Meyer-Abt" stands beside "Meyer Abt".
    """
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    letters = (c for c in folded if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())


def search_key(text: str) -> str:
    """``text`` folded so that "Müller", "Mueller" and "Muller" are found by each other."""
    key = sort_key(text)
    for written, folded in (("ae", "a"), ("oe", "o"), ("ue", "u")):
        key = key.replace(written, folded)
    return key

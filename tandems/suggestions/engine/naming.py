"""What somebody wishes for in a word or two, looked for in what others do.

Here a word also counts inside a longer one, as German builds them: "Planung" is found in
"Stadtplanung" and "Personal" in "Personalamt", "Recht" not in "Berechtigung".
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from tandems.suggestions.engine.words import Vocabulary, words_of

_SHORTEST = 3
"""Letters a word has at least to count inside a longer one."""

_LAST = "\U0010ffff"
_FOLD = str.maketrans({"ä": "a", "ö": "o", "ü": "u"})


def folded(word: str) -> str:
    """``word`` in small letters without umlauts, as its stem is written."""
    plain = word.casefold().translate(_FOLD)
    return plain.replace("ae", "a").replace("oe", "o").replace("ue", "u")


class Named:
    """The share of the words of each wish (rows) that each field (columns) names."""

    def __init__(
        self, wishes: Sequence[str], fields: Sequence[str], vocabulary: Vocabulary
    ) -> None:
        from scipy import sparse  # type: ignore[import-untyped]  # it takes a while to load

        stems: dict[str, dict[str, str]] = {wish: {} for wish in wishes}
        for wish, found in stems.items():
            for word in words_of(wish):
                found.setdefault(vocabulary.stem(word), word)
            found.pop("", None)
        self._stems = [stems[wish] for wish in wishes]
        """For each row the stems of its wish, with the words as they are written."""
        places = _Places(fields, vocabulary)
        terms: dict[str, int] = {}
        numbers: list[int] = []
        weights: list[float] = []
        starts = [0]
        for wished in self._stems:
            row = [terms.setdefault(stem, len(terms)) for stem in wished]
            numbers += row
            weights += [1 / max(len(row), 1)] * len(row)
            starts.append(len(numbers))
        self._terms = terms
        self._share: Any = sparse.csr_matrix(
            (np.array(weights, dtype=np.float32), np.array(numbers, dtype=np.int32), starts),
            shape=(len(wishes), max(len(terms), 1)),
        )
        self._found = np.zeros((max(len(terms), 1), len(fields)), dtype=np.float32)
        written = {stem: word for wish in self._stems for stem, word in wish.items()}
        for term, number in terms.items():
            self._found[number, places.of(term, folded(written[term]))] = 1.0
        self._known = (np.diff(starts) > 0, places.spoken)

    def rows(self, part: slice) -> np.ndarray:
        """The shares of some rows with all columns; NaN where wish or field is missing."""
        found = self._share[part] @ self._found
        found[~(self._known[0][part, None] & self._known[1])] = np.nan
        return np.asarray(found, dtype=np.float32)

    def at(self, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """The shares of some pairs."""
        found = np.asarray(self._share[i].multiply(self._found[:, j].T).sum(axis=1)).ravel()
        return np.where(self._known[0][i] & self._known[1][j], found, np.nan).astype(np.float32)

    def common(self, i: int, j: int, most: int = 3) -> list[str]:
        """The words of wish ``i`` that field ``j`` names, as the wish writes them."""
        kept = self._stems[i].items()
        return [word for stem, word in kept if self._found[self._terms[stem], j]][:most]


class _Places:
    """Where the words of the fields stand, by how they begin and how they end."""

    def __init__(self, fields: Sequence[str], vocabulary: Vocabulary) -> None:
        owners: dict[str, list[int]] = {}
        forms: dict[str, set[str]] = {}
        wholes: set[str] = set()
        self.spoken = np.zeros(len(fields), dtype=bool)
        for column, field in enumerate(fields):
            for word in words_of(field):
                if word not in forms:
                    stem = vocabulary.stem(word)
                    forms[word] = {stem, folded(word)} if stem else set()
                    wholes.add(folded(word)[::-1])
                for form in forms[word]:
                    owners.setdefault(form, []).append(column)
                    self.spoken[column] = True
        self._owners = owners
        self._forward = sorted(owners)
        self._backward = sorted(wholes.intersection(form[::-1] for form in owners))

    def of(self, stem: str, whole: str) -> list[int]:
        """The columns with a word that begins with ``stem`` or ends with ``whole``."""
        forms = {stem} if stem in self._owners else set()
        if len(stem) >= _SHORTEST:
            forms.update(_beginning(self._forward, stem))
            # With the whole word, for the stem of "Berechtigung" ends with "recht".
            forms.update(form[::-1] for form in _beginning(self._backward, whole[::-1]))
        return sorted({column for form in forms for column in self._owners[form]})


def _beginning(forms: Sequence[str], start: str) -> Iterable[str]:
    return forms[bisect_left(forms, start) : bisect_left(forms, start + _LAST)]

"""Texts in people's own words, compared by the words they share.

Words are reduced to their German stem; those that stand in every second text say little and
weigh little (idf). Two short texts rarely share much, so their cosine alone would look poor for
every pair: it is set against the mean of the cycle, and a pair that shares as much as usual
lies in the middle.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Any

import numpy as np
import Stemmer

_WORD = re.compile(r"[^\W\d_]{2,}")

_STOP = frozenset(
    """
    ab aber alle allem allen aller alles als also am an andere anderem anderen anderer anderes auch
    auf aus außerdem bei beim bereits besonders bin bis bisher bitte bzw da dabei dadurch dafür
    damit danach dann daran darauf darin darüber das dass davon dazu dein dem den denn der deren des
    deshalb dessen dich die dies diese diesem diesen dieser dieses doch dort du durch eher eigene
    eigenem eigenen eigener eigenes ein eine einem einen einer eines einige einigen einiger einmal
    er erst erste ersten es etc etwa etwas euch eure falls für ganz gegen gegenüber gern gerne
    geworden gibt gut gute guten guter hab habe haben hat hatte hatten hier hin hinaus ich ihm ihn
    ihnen ihr ihre ihrem ihren ihrer im immer in indem innen ins insbesondere ist ja je jede jedem
    jeden jeder jedes jemand jetzt kann kein keine keinen keiner konnte können könnte lange man
    manche manchmal mehr mein meine meinem meinen meiner mich mir mit mittlerweile muss musste
    müssen nach neben nicht nichts noch nun nur ob oder oft ohne schon sehr sei sein seine seinem
    seinen seiner seit selber selbst sich sie sind so sogar sollen sollte sonst soll sowie stets
    teilweise trotz um und uns unser unsere unserem unseren unter usw vbzw viel viele vielen vieler
    vom von vor wann war waren warum was weil weiter weitere weiteren weiterhin welche welchem
    welchen welcher welches wenig wenn wer werde werden weshalb wie wieder will wir wird wo wobei
    wollen worden wurde wurden würde würden wäre während zu zudem zum zur zwar zwischen über
    verwaltung verwaltungen kommune kommunen kommunal kommunale kommunalen öffentlich öffentlichen
    dienst haus hauses häuser mensch menschen stadt
    besser bringen erfahren erfahrung erfahrungen erwarte erwartung erwartungen finden freue ganze
    geben gehen gemacht habe helfen hilfreich hoffe jahr jahre jahren kennen kennenlernen lernen
    machen mentee mentees mentor mentorin mentoring mentors möchte möchten möglich nehmen neu neue
    neuen neuer neues sagen sehen thema themen wichtig wunsch wünsche wünschen zeit ziel ziele
    """.split()  # noqa: SIM905  # a list of words reads better as text
)
"""Words that say nothing of what somebody wants or can, those of the programme included."""


@cache
def _stops() -> frozenset[str]:
    return frozenset(Stemmer.Stemmer("german", 0).stemWords(word.casefold() for word in _STOP))


class Vocabulary(dict[str, int]):
    """The number of the stem of each piece of text between two spaces.

    Stems are numbered from 0 in the order in which they come. -1 stands for pieces that say
    nothing, lower numbers for those of several words. Each distinct piece is looked at once,
    however often it stands in however many texts.
    """

    def __init__(self) -> None:
        super().__init__()
        # No cache inside: each word is asked for once, and nothing of a sheet is kept.
        self._stemmer = Stemmer.Stemmer("german", 0)
        self._stops = _stops()
        self._of_stem: dict[str, int] = {}
        self._written: list[dict[str, str]] = []
        """For each stem the pieces it stands in, with the word itself."""
        self._several: dict[int, list[int]] = {-1: []}

    def __missing__(self, piece: str) -> int:
        found = []
        for word in words_of(piece):
            stem = self.stem(word)
            if not stem:
                continue
            number = self._of_stem.setdefault(stem, len(self._written))
            if number == len(self._written):
                self._written.append({})
            self._written[number].setdefault(piece, word)
            found.append(number)
        if len(found) == 1:
            self[piece] = found[0]
        elif found:
            self[piece] = -len(self._several) - 1
            self._several[self[piece]] = found
        else:
            self[piece] = -1
        return self[piece]

    @property
    def size(self) -> int:
        """How many stems there are."""
        return len(self._of_stem)

    def stem(self, word: str) -> str:
        """The stem of ``word``, empty if the word says nothing."""
        stem: str = self._stemmer.stemWord(word.casefold())
        return "" if stem in self._stops or len(stem) < 2 else stem

    def numbers(self, text: str) -> list[int]:
        """The stems of ``text``, each once, in ascending order."""
        found = sorted(set(map(self.__getitem__, text.split())))
        # Pieces of none or several words stand in front.
        words = bisect_left(found, 0)
        if found[:words] in ([], [-1]):
            return found[words:]
        more = set(found[words:])
        for number in found[:words]:
            more.update(self._several[number])
        return sorted(more) if len(more) > len(found) - words else found[words:]

    def written(self, text: str, numbers: Sequence[int]) -> list[str]:
        """A word of ``text`` for each of these stems, as it is written there."""
        pieces = dict.fromkeys(text.split())
        return [
            next(word for piece, word in self._written[number].items() if piece in pieces)
            for number in numbers
        ]


def words_of(text: str) -> list[str]:
    """The words of ``text`` as they are written."""
    return _WORD.findall(unicodedata.normalize("NFC", text))


class Alike:
    """How much the texts of ``ones`` (rows) and ``others`` (columns) have in common, 0 to 1."""

    def __init__(self, ones: Sequence[str], others: Sequence[str], vocabulary: Vocabulary) -> None:
        self._ones, self._vocabulary = ones, vocabulary
        left = [self._vocabulary.numbers(text) for text in ones]
        right = [self._vocabulary.numbers(text) for text in others]
        self._numbers = left, right
        self._known = (
            np.array([bool(row) for row in left], dtype=bool),
            np.array([bool(row) for row in right], dtype=bool),
        )
        self._left, self._right, self._idf = _weighed(left, right, self._vocabulary.size)
        pairs = int(self._known[0].sum()) * int(self._known[1].sum())
        shared = np.asarray(self._left.sum(axis=0)) @ np.asarray(self._right.sum(axis=0)).T
        self._usual = float(shared.sum()) / pairs if pairs else 0.0
        self._turned = self._right.T.tocsr()

    @property
    def tells(self) -> bool:
        """Whether any two texts share a word; if not, comparing them tells nothing."""
        return self._usual > 0

    def rows(self, part: slice) -> np.ndarray:
        """Scores of some rows with all columns; NaN where a text is missing."""
        return self._score(
            (self._left[part] @ self._turned).toarray(),
            self._known[0][part, None] & self._known[1],
        )

    def at(self, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """Scores of some pairs."""
        shared = self._left[i].multiply(self._right[j]).sum(axis=1)
        return self._score(np.asarray(shared).ravel(), self._known[0][i] & self._known[1][j])

    def _score(self, shared: np.ndarray, known: np.ndarray) -> np.ndarray:
        if not self.tells:
            return np.full(shared.shape, np.nan, dtype=np.float32)
        shared = shared.astype(np.float32, copy=False)
        shared /= shared + np.float32(self._usual)
        shared[~known] = np.nan
        return shared

    def common(self, i: int, j: int, most: int = 3) -> list[str]:
        """The words that say most among those both texts have, as row ``i`` writes them."""
        both = set(self._numbers[0][i]).intersection(self._numbers[1][j])
        first = sorted(both, key=lambda number: (-self._idf[number], number))[:most]
        return self._vocabulary.written(self._ones[i], first)


def _weighed(
    left: list[list[int]], right: list[list[int]], size: int
) -> tuple[Any, Any, list[float]]:
    """Both sides as sparse rows of length one, and the weight of each stem."""
    from scipy import sparse  # type: ignore[import-untyped]  # it takes a while to load

    sides = [np.array(list(chain.from_iterable(rows)), dtype=np.int32) for rows in (left, right)]
    counts = sum(np.bincount(numbers, minlength=size) for numbers in sides)
    idf = np.log1p(sum(map(bool, chain(left, right))) / np.maximum(counts, 1))

    def side(rows: list[list[int]], numbers: np.ndarray) -> Any:
        lengths = np.array(list(map(len, rows)), dtype=np.intp)
        weights = idf[numbers]
        owner = np.repeat(np.arange(len(rows)), lengths)
        norms = np.sqrt(np.bincount(owner, weights=weights**2, minlength=len(rows)))
        weights = (weights / norms[owner]).astype(np.float32)
        starts = np.concatenate([[0], np.cumsum(lengths)])
        return sparse.csr_matrix((weights, numbers, starts), shape=(len(rows), max(size, 1)))

    return side(left, sides[0]), side(right, sides[1]), idf.tolist()

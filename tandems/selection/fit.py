"""Making a Steckbrief fit its one page: smaller type first, then shorter texts.

Lines are counted with the widths of Fira Sans, without hyphenation, so on the safe side.
Lengths are in points and those of ``static/css/selection-sheet.css``, which also cuts off
whatever should still stick out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tandems.selection.contents import Part, ProfileSheet

MARK = "… (weiter im Profilbogen)"
SHORT_MARK = "…"
MORE = "Weitere Angaben stehen im Profilbogen."

TIERS = ((10.0, 13.5), (9.5, 12.8), (9.0, 12.1), (8.5, 11.4))
"""Size and leading, the largest first; ``t1`` to ``t4`` of the style sheet."""

HEIGHT = 740.0
WIDTH = 504.0
PHOTO_WIDTH, PHOTO_HEIGHT = 96.0, 118.0
LABEL_WIDTH = 132.0
NAMES = ((18.0, 22.0), (13.0, 16.0))
NAME_LINES = 3
HOUSE_LEADING, LINE_LEADING = 16.0, 11.0
ROW_GAP, TEXT_GAP, HEAD_GAP = 2.5, 7.0, 12.0
MOST_FACT_LINES, MOST_LABEL_LINES = 3, 2
FACTS_SHARE = 0.45
"""Facts take no more of the page than this; a sheet with more of them is an odd one."""

_LONGEST = 8000
"""No page holds more characters, so none are counted beyond."""

_BOLD = 1.07
_WIDTHS = {
    0.25: "!',.:;·‘’‚",
    0.3: " I`ijl\xa0ÌÍÎÏìíîï",
    0.35: "()J[]f{}•",
    0.4: '"rt',
    0.45: "*-17z|“”„",
    0.5: "+23<=>?FLcsvxy~çýÿ",
    0.55: "#$/4569ESTXYZ\\^_aegk§°ÈÉÊËÝàáâãäåèéêë–",
    0.6: "08ACKPVbdhnopquµ«»ÀÁÂÃÄÅÇßñòóôõöøùúûü€",
    0.65: "BDGR®",
    0.7: "HNOQUÑÒÓÔÕÖØÙÚÛÜ",
    0.75: "wŵ…",
    0.8: "&M—",
    0.85: "%W©",
    0.9: "mæ",
}
_EM = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_UNKNOWN = 1.3
"""Letters of other scripts and pictures come from another font and may be wide."""


@dataclass(frozen=True)
class Measured:
    """A text by its words: paragraphs of words with their widths in em."""

    paragraphs: tuple[tuple[tuple[str, float], ...], ...]

    @classmethod
    def of(cls, text: str) -> "Measured":
        """``text`` with its lines as paragraphs."""
        lines = text[:_LONGEST].splitlines() or [""]
        return cls(tuple(tuple((word, em(word)) for word in line.split()) for line in lines))

    def lines(self, width: float) -> list[tuple[str, bool]]:
        """The lines where one holds ``width`` em, and whether a paragraph ends with each."""
        found: list[tuple[str, bool]] = []
        for words in self.paragraphs:
            line, used = "", 0.0
            for word, wide in _pieces(words, width):
                if line and used + _EM[" "] + wide > width:
                    found.append((line, False))
                    line, used = "", 0.0
                used += wide + (_EM[" "] if line else 0.0)
                line = f"{line} {word}" if line else word
            found.append((line, True))
        return found


def em(text: str) -> float:
    """The width of ``text`` in em."""
    return sum(_EM.get(letter, _UNKNOWN) for letter in text)


def _pieces(words: Sequence[tuple[str, float]], width: float) -> list[tuple[str, float]]:
    """The words; one that is longer than a line in pieces."""
    found = []
    for word, wide in words:
        if wide <= width:
            found.append((word, wide))
            continue
        piece, used = "", 0.0
        for letter in word:
            more = _EM.get(letter, _UNKNOWN)
            if piece and used + more > width:
                found.append((piece, used))
                piece, used = "", 0.0
            piece, used = piece + letter, used + more
        found.append((piece, used))
    return found


def cut(text: Measured, width: float, most: int, mark: str = SHORT_MARK) -> str:
    """``text`` in at most ``most`` lines of ``width`` em; ``mark`` ends what was cut."""
    lines = text.lines(width)
    if len(lines) <= most:
        return _joined(lines)
    kept = lines[:most]
    words = kept[-1][0].split(" ")
    while words and em(" ".join([*words, mark])) > width:
        words.pop()
    kept[-1] = (" ".join([*words, mark]), True)
    return _joined(kept)


def _joined(lines: Sequence[tuple[str, bool]]) -> str:
    return "".join(line + ("\n" if ends else " ") for line, ends in lines).rstrip()


def share(needs: Sequence[int], available: int) -> list[int]:
    """``available`` lines for texts that need so many: the short ones whole, the rest alike.

    >>> share([2, 30, 40], 22)
    [2, 10, 10]
    """
    given = [0] * len(needs)
    left = available
    for done, at in enumerate(sorted(range(len(needs)), key=lambda i: needs[i])):
        given[at] = min(needs[at], left // (len(needs) - done))
        left -= given[at]
    return given


@dataclass(frozen=True)
class Fitted:
    """A Steckbrief as it is printed: ``tier`` 1 to 4, the name large or small."""

    sheet: ProfileSheet
    heading: str
    house: str
    line: str
    tier: int
    small_name: bool
    facts: list[Part] = field(default_factory=list)
    texts: list[Part] = field(default_factory=list)
    more: str = ""


def fit(sheet: ProfileSheet) -> Fitted:
    """``sheet`` in the largest type in which all of it fits, or cut in the smallest."""
    page = _Page(sheet)
    for tier in range(1, len(TIERS) + 1):
        found = page.laid_out(tier)
        if found is not None:
            return found
    return page.shortened()


class _Page:
    """The one page, with what it takes of the sheet's texts measured once."""

    def __init__(self, sheet: ProfileSheet) -> None:
        self.sheet = sheet
        self.left = WIDTH - (PHOTO_WIDTH if sheet.photo else 0.0)
        name = Measured.of(" ".join(sheet.heading.split()))
        sizes = [size for size in NAMES if len(name.lines(self._em(size[0], bold=True))) <= 2]
        self.name_size, self.name_leading = sizes[0] if sizes else NAMES[-1]
        self.heading = cut(name, self._em(self.name_size, bold=True), NAME_LINES)
        name_lines = len(Measured.of(self.heading).lines(self._em(self.name_size, bold=True)))
        self.house = cut(Measured.of(sheet.house), self._em(11.0, bold=True), 1)
        self.line = cut(Measured.of(sheet.line), self._em(8.5), 1)
        self.head = name_lines * self.name_leading + LINE_LEADING + HEAD_GAP
        self.head += HOUSE_LEADING if sheet.house else 0.0
        self.facts = [
            (p, Measured.of(p.label), Measured.of(p.text)) for p in sheet.parts if not p.long
        ]
        self.texts = [(p, Measured.of(p.label), Measured.of(p.text)) for p in sheet.parts if p.long]

    def _em(self, size: float, *, bold: bool = False) -> float:
        """How many em stand beside the photo."""
        return self.left / size / (_BOLD if bold else 1.0)

    def _fact(self, entry: tuple[Part, Measured, Measured], tier: int) -> tuple[Part, int, bool]:
        """A fact as printed, its number of lines, and whether all of it is there."""
        size = TIERS[tier - 1][0]
        label_em = LABEL_WIDTH / size / _BOLD
        value_em = (self.left - LABEL_WIDTH) / size
        _, label, value = entry
        lines = max(
            min(len(label.lines(label_em)), MOST_LABEL_LINES),
            min(len(value.lines(value_em)), MOST_FACT_LINES),
        )
        whole = len(value.lines(value_em)) <= MOST_FACT_LINES
        printed = Part(
            cut(label, label_em, MOST_LABEL_LINES), cut(value, value_em, MOST_FACT_LINES, MARK)
        )
        return printed, lines, whole

    def _facts(self, tier: int) -> tuple[list[Part], float, bool]:
        """The facts as printed, their height, and whether all of it is there."""
        leading, height, whole = TIERS[tier - 1][1], 0.0, True
        found: list[Part] = []
        for entry in self.facts:
            part, lines, complete = self._fact(entry, tier)
            more = lines * leading + ROW_GAP
            if height + more > HEIGHT * FACTS_SHARE:
                return found, height, False
            found.append(part)
            height, whole = height + more, whole and complete
        return found, height, whole

    def _top(self, facts: float) -> float:
        """The height of head and facts; a photo stands beside both."""
        top = self.head + facts
        return max(top, PHOTO_HEIGHT) if self.sheet.photo else top

    def _label(self, label: Measured, tier: int) -> tuple[str, int]:
        width = WIDTH / TIERS[tier - 1][0] / _BOLD
        return cut(label, width, MOST_LABEL_LINES), min(len(label.lines(width)), MOST_LABEL_LINES)

    def _result(self, tier: int, facts: list[Part], texts: list[Part], more: str = "") -> Fitted:
        small = self.name_size == NAMES[-1][0]
        return Fitted(
            self.sheet, self.heading, self.house, self.line, tier, small, facts, texts, more
        )

    def laid_out(self, tier: int) -> Fitted | None:
        """All of it in the type of ``tier``; ``None`` if that does not fit."""
        size, leading = TIERS[tier - 1]
        facts, height, whole = self._facts(tier)
        if not whole:
            return None
        used, texts = self._top(height), []
        for part, label, text in self.texts:
            heading, lines = self._label(label, tier)
            used += TEXT_GAP + (lines + len(text.lines(WIDTH / size))) * leading
            texts.append(Part(heading, part.text, True))
        return self._result(tier, facts, texts) if used <= HEIGHT else None

    def shortened(self) -> Fitted:
        """In the smallest type, the long texts cut to what is left of the page."""
        tier = len(TIERS)
        size, leading = TIERS[-1]
        facts, height, whole = self._facts(tier)
        more = "" if whole else MORE
        left = HEIGHT - self._top(height) - leading - TEXT_GAP
        room = left
        printed: list[tuple[str, Measured]] = []
        needs: list[int] = []
        for _, label, text in self.texts:
            heading, lines = self._label(label, tier)
            room -= TEXT_GAP + lines * leading
            # Each text that is begun gets two lines at least, or is left to the Profilbogen.
            if room < 2 * leading * (len(printed) + 1):
                room += TEXT_GAP + lines * leading
                more = MORE
                break
            printed.append((heading, text))
            needs.append(len(text.lines(WIDTH / size)))
        given = share(needs, int(room // leading))
        texts = [
            Part(heading, cut(text, WIDTH / size, lines, MARK), True)
            for (heading, text), lines in zip(printed, given, strict=True)
        ]
        return self._result(tier, facts, texts, more)

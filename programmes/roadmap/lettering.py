"""How wide text runs in Fira Sans: a server draws the timeline and has no browser to ask."""

# Measured in the semi-bold face, which is the wider one; in parts of the font size.
_CLASSES = (
    (0.24, " .,:;!·'|"),
    (0.28, "ij"),
    (0.32, "lIJ()[]"),
    (0.36, "f"),
    (0.40, "rt-"),
    (0.44, '„“"'),
    (0.48, "cszF17?"),
    (0.52, "vxyL235/–+"),
    (0.56, "aegkäESTVZ469"),
    (0.60, "bdhnopquöüßACPXYÄ08"),
    (0.64, "BGKR"),
    (0.68, "DHNUÜ"),
    (0.72, "OQÖ"),
    (0.76, "w…"),
    (0.80, "M&"),
    (0.84, "mW"),
)
_WIDTHS = {letter: width for width, letters in _CLASSES for letter in letters}
_OTHER = 0.9


def text_width(text: str, size: float) -> float:
    """The width of ``text`` at a font size of ``size``, rather too wide than too narrow."""
    return size * sum(_WIDTHS.get(letter, _OTHER) for letter in text)


def wrap(text: str, *, width: float, size: float, most: int) -> list[str]:
    """``text`` in at most ``most`` lines no wider than ``width``, cut with an ellipsis."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, size) <= width:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        *full, lines[-1] = _pieces(word, width, size)
        lines[-1:] = [*full, lines[-1]]
    if len(lines) > most:
        lines = lines[:most]
        while lines[-1] and text_width(lines[-1] + "…", size) > width:
            lines[-1] = lines[-1][:-1].rstrip()
        lines[-1] += "…"
    return lines


def _pieces(word: str, width: float, size: float) -> list[str]:
    """``word`` in pieces that fit, where it is too long for a line."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and text_width(pieces[-1] + letter, size) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces

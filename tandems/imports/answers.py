"""From a cell to an answer: one reader for each kind of question.

A reader takes what stands in the cell (text, number, date, or nothing) and the question. It
returns the answer as it is kept in JSON (dates in ISO form) and raises ``Wrong`` with a
German sentence that echoes at most 100 characters of the cell.
"""

import difflib
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from mentoring.text import search_key
from tandems.profiles.questions import YES_OR_NO, Question

ECHO = 100
FIRST_DAY = date(1950, 1, 1)
_EXCEL_DAYS = (18_264, 73_050)
"""Excel's numbers for 1950 to 2099: a date cell that lost its format."""
_EXCEL_START = date(1899, 12, 30)
_SPLIT = re.compile(r"[;\n|•]")
_DATES = (
    re.compile(r"(?P<d>\d{1,2})\s*[./]\s*(?P<m>\d{1,2})\s*[./]\s*(?P<y>\d{4}|\d{2})"),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?"),
)
_folded = lru_cache(maxsize=4096)(search_key)
"""The same few words stand in thousands of cells."""

_YES = {"ja", "j", "x", "1", "yes", "wahr", "true"}
_NO = {"nein", "n", "0", "no", "falsch", "false"}


class Wrong(Exception):
    """The cell does not answer its question; the message says why."""


def plain(value: Any) -> str:
    """What stands in a cell as text: numbers without ".0", dates as 26.09.2025."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Ja" if value else "Nein"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value).replace(".", ",")
    if isinstance(value, datetime):
        return (
            f"{value:%d.%m.%Y}" if not (value.hour or value.minute) else f"{value:%d.%m.%Y %H:%M}"
        )
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return str(value).strip()


def echo(text: str) -> str:
    """``text`` for a message: one line, at most ``ECHO`` characters."""
    text = " ".join(text.split())
    return text if len(text) <= ECHO else f"{text[: ECHO - 1]}…"


def empty_answer(question: Question) -> Any:
    """What an empty cell means, as the form has it."""
    return {"choices": [], "date": None, "number": None, "consent": None}.get(
        question.kind.value, ""
    )


def read_answer(question: Question, value: Any) -> Any:
    """The answer in the cell. Raises ``Wrong``."""
    if plain(value) == "":
        return empty_answer(question)
    return READERS[question.kind.value](question, value)


def _fits(question: Question, text: str) -> str:
    if len(text) > question.most:
        raise Wrong(f"Der Text hat {len(text)} Zeichen, erlaubt sind {question.most}.")
    return text


def _text(question: Question, value: Any) -> str:
    return _fits(question, " ".join(plain(value).split()))


def _long_text(question: Question, value: Any) -> str:
    text = plain(value).replace("\r\n", "\n").replace("\r", "\n")
    return _fits(question, text)


def _email(question: Question, value: Any) -> str:
    text = _fits(question, plain(value).removeprefix("mailto:").strip().lower())
    try:
        validate_email(text)
    except ValidationError:
        raise Wrong(f"„{echo(plain(value))}“ ist keine E-Mail-Adresse.") from None
    return text


def _date(question: Question, value: Any) -> str:
    day = _day(value)
    if (question.not_in_future or question.consent) and day > timezone.localdate():
        raise Wrong(f"Der {day:%d.%m.%Y} liegt in der Zukunft.")
    if day < FIRST_DAY:
        raise Wrong(f"Bitte prüfen Sie das Jahr: {day.day:02}.{day.month:02}.{day.year}.")
    return day.isoformat()


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if _EXCEL_DAYS[0] <= value <= _EXCEL_DAYS[1]:
            return _EXCEL_START + timedelta(days=int(value))
    else:
        for pattern in _DATES:
            if found := pattern.fullmatch(plain(value)):
                return _from_parts(found, plain(value))
    raise Wrong(f"„{echo(plain(value))}“ ist kein Datum. Schreiben Sie es so: 26.09.2025.")


def _from_parts(found: re.Match[str], text: str) -> date:
    year = int(found["y"])
    if len(found["y"]) == 2:
        # Two digits mean the hundred years that end in ten years from now.
        last = timezone.localdate().year + 10
        year = last - (last - year) % 100
    try:
        return date(year, int(found["m"]), int(found["d"]))
    except ValueError:
        raise Wrong(f"Den Tag „{echo(text)}“ gibt es nicht.") from None


@lru_cache(maxsize=256)
def _words(choices: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The key of each choice by its folded label; the bare key counts too."""
    return {search_key(key): key for key, _ in choices if key} | {
        search_key(label): key for key, label in choices if key
    }


def _unknown(question: Question, text: str) -> Wrong:
    labels = [str(label) for key, label in question.choices if key]
    folded = {search_key(label): label for label in labels}
    near = difflib.get_close_matches(_folded(text)[:200], folded, n=1, cutoff=0.7)
    told = f"„{echo(text)}“ steht nicht zur Wahl."
    if near:
        return Wrong(f"{told} Meinten Sie „{folded[near[0]]}“?")
    if len(labels) <= 6:
        return Wrong(f"{told} Möglich: {'; '.join(labels)}.")
    return Wrong(f"{told} Die möglichen Wörter stehen in der Vorlage, Blatt „Erläuterung“.")


def _choice(question: Question, value: Any) -> str:
    text = plain(value)
    key = _words(question.choices).get(_folded(text))
    if key is None:
        raise _unknown(question, text)
    return key


def _choices(question: Question, value: Any) -> list[str]:
    words = _words(question.choices)
    found: list[str] = []
    for part in _parts(plain(value), words):
        key = words.get(_folded(part))
        if key is None:
            raise _unknown(question, part)
        if key not in found:
            found.append(key)
    if len(found) < question.least:
        raise Wrong(f"Es sind mindestens {question.least} anzugeben.")
    if len(found) > question.most:
        raise Wrong(f"Es sind {len(found)} angegeben, höchstens {question.most} sind möglich.")
    return found


def _parts(text: str, words: dict[str, str]) -> list[str]:
    """The single choices; a comma parts them only where it does not belong to a label."""
    parts = []
    for part in _SPLIT.split(text):
        if _folded(part) in words:
            parts.append(part)
        else:
            parts.extend(part.split(","))
    return [part.strip() for part in parts if _folded(part)]


def _number(question: Question, value: Any) -> int:
    text = plain(value).replace(" ", "")
    if re.fullmatch(r"\d{1,3}(\.\d{3})+", text):
        text = text.replace(".", "")
    unit = search_key(question.unit)
    if unit and _folded(text).endswith(unit):
        text = _folded(text).removesuffix(unit).strip()
    if not re.fullmatch(r"\d{1,9}", text):
        raise Wrong(f"„{echo(plain(value))}“ ist keine ganze Zahl.")
    if not question.least <= int(text) <= question.most:
        raise Wrong(f"Möglich ist eine Zahl von {question.least} bis {question.most}.")
    return int(text)


def _is_yes(value: Any) -> bool:
    text = search_key(plain(value))
    if text not in _YES | _NO:
        raise Wrong(f"„{echo(plain(value))}“ ist weder Ja noch Nein.")
    return text in _YES


def _yes_no(question: Question, value: Any) -> str:
    return YES_OR_NO[0][0] if _is_yes(value) else YES_OR_NO[1][0]


def _promise(question: Question, value: Any) -> bool:
    return _is_yes(value)


READERS: dict[str, Callable[[Question, Any], Any]] = {
    "text": _text,
    "long_text": _long_text,
    "email": _email,
    "date": _date,
    "choice": _choice,
    "choices": _choices,
    "number": _number,
    "yes_no": _yes_no,
    "promise": _promise,
    "consent": _date,
}
"""By ``Kind``. A kind that is not here is no column of the table: people, exclusions."""

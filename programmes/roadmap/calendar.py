"""Days as the Fahrplan looks at them: public holidays in Nordrhein-Westfalen, bridge days."""

from datetime import date, timedelta
from functools import cache

import holidays

from mentoring.ui.errors import Refused

FIRST_DAY = date(1990, 1, 1)
LAST_DAY = date(2100, 12, 31)
"""No Durchgang lies outside: what is typed beyond is a slip."""

WEEKDAYS = (
    "Montag",
    "Dienstag",
    "Mittwoch",
    "Donnerstag",
    "Freitag",
    "Samstag",
    "Sonntag",
)
_DAY = timedelta(days=1)
_SATURDAY = 5


@cache
def _holidays_of(year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("DE", subdiv="NW", years=year, language="de"))


def holiday(day: date) -> str:
    """The name of the public holiday in Nordrhein-Westfalen, "" on any other day."""
    return _holidays_of(day.year).get(day, "")


def weekday(day: date) -> str:
    """The day of the week in German."""
    return WEEKDAYS[day.weekday()]


def _free(day: date) -> bool:
    return day.weekday() >= _SATURDAY or bool(holiday(day))


def warnings_for(day: date) -> tuple[str, ...]:
    """What speaks against ``day``: a holiday, the weekend, or a bridge day between them."""
    if not in_range(day):
        return ()
    if name := holiday(day):
        return (f"Feiertag in NRW: {name}",)
    if day.weekday() >= _SATURDAY:
        return (f"Wochenende: {weekday(day)}",)
    before, after = day - _DAY, day + _DAY
    if _free(before) and _free(after):
        if name := holiday(before):
            return (f"Brückentag nach {name}",)
        if name := holiday(after):
            return (f"Brückentag vor {name}",)
    return ()


def warnings_between(starts_on: date, ends_on: date) -> tuple[str, ...]:
    """As ``warnings_for`` for the first and the last day of a period."""
    if starts_on == ends_on:
        return warnings_for(starts_on)
    return (
        *(f"Beginn: {warning}" for warning in warnings_for(starts_on)),
        *(f"Ende: {warning}" for warning in warnings_for(ends_on)),
    )


def in_range(day: date) -> bool:
    """Whether a Durchgang may have a date on ``day``."""
    return FIRST_DAY <= day <= LAST_DAY


def later(day: date, days: int) -> date:
    """``days`` after ``day``. Raises ``Refused`` if no Durchgang lies there."""
    try:
        found = day + timedelta(days=days)
    except OverflowError:
        found = date.max
    check_day(found)
    return found


def check_day(day: date) -> None:
    """Raise ``Refused`` for a day no Durchgang has anything to do with."""
    if not in_range(day):
        raise Refused(
            f"Damit läge ein Datum außerhalb der Jahre {FIRST_DAY.year} bis {LAST_DAY.year}. "
            "Bitte prüfen Sie die Jahreszahl."
        )

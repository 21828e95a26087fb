"""The dates of the demo, counted from today so that it never looks old."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

# Weeks before and after the Startworkshop, as in the programme's own Fahrplan.
FIRST_TALKS = -46
COUNCIL_MEETS = -30
APPLICATION_BEGINS = -26
APPLICATION_ENDS = -15
PLACES_GIVEN = -12
MENTORS_FOUND = -6
INTERIM_REVIEW = 26
CLOSING_EVENT = 51
REPORT = 56


def workday(day: date) -> date:
    """``day``, or the nearest Friday or Monday if it falls on a weekend."""
    return day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))


def midweek(day: date) -> date:
    """The Wednesday of the week of ``day``: no movable public holiday falls on one."""
    return day + timedelta(days=2 - day.weekday())


def moment(day: date, hour: int = 10) -> datetime:
    """``day`` at ``hour`` o'clock, local time."""
    return timezone.make_aware(datetime.combine(day, time(hour)))


@dataclass(frozen=True)
class Dates:
    """The calendar of one cycle."""

    start: date

    def week(self, number: int) -> date:
        """The workday ``number`` weeks after the Startworkshop; negative: before it."""
        return workday(self.start + timedelta(weeks=number))

    @property
    def years(self) -> dict[str, int]:
        """First and last year, as the fields of a cycle."""
        return {"start_year": self.week(FIRST_TALKS).year, "end_year": self.week(REPORT).year}


def closed_cycle(today: date) -> Dates:
    """Nr. 9: two years before the one that runs."""
    return Dates(workday(running_cycle(today).start - timedelta(weeks=104)))


def running_cycle(today: date) -> Dates:
    """Nr. 10: its Zwischenbilanz is six weeks ahead."""
    return Dates(workday(today + timedelta(weeks=6 - INTERIM_REVIEW)))


def open_cycle(today: date) -> Dates:
    """Nr. 11: nine of the eleven weeks for applications have passed."""
    return Dates(midweek(today + timedelta(weeks=17)))


def matching_cycle(today: date) -> Dates:
    """The Nachwuchsförderkreis: its Startworkshop is five weeks ahead."""
    return Dates(midweek(today + timedelta(weeks=5)))

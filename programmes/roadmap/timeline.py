"""The timeline as geometry: where everything stands, in the units of an SVG's view box."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from programmes.roadmap import calendar
from programmes.roadmap.lettering import text_width, wrap
from programmes.roadmap.models import Milestone, MilestoneKind, MilestoneState, Track

SCREEN_WIDTH = 1200
SIZE = 14
"""The font size; what is read on paper follows from the scale the chart is printed at."""

_LINE = 18
_LEFT, _RIGHT = 116, 16
_HEAD = 74
_PAD, _GAP = 10, 14
_MIDDLE = 12  # of the diamond or bar, below the top of its row
_BAR = 14
_LABEL, _LABEL_LINES = 220, 4
_TICK = 34
_WEEKDAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
_MONTHS = ["Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"]
# In months. Of a wrong year ("2206") nothing worse comes than a chart that is mostly empty.
_STEPS = (1, 3, 6, 12, 24, 60, 120, 600, 1200, 6000, 12000, 60000, 120000)


@dataclass(frozen=True)
class Standing:
    """How far a milestone is, in words, and as the name of its look."""

    look: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(self.words)


@dataclass(frozen=True)
class Line:
    """A line of a label; ``x`` and ``y`` are where its letters stand."""

    x: int
    y: int
    text: str
    look: str
    """What it says: "date", "hint" or "title"."""
    strong: bool
    width: int
    within_word: bool
    """Whether it goes on with the word that the line before was too short for."""


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Mark:
    """A milestone on the timeline: a diamond or a bar, with its label."""

    milestone: Milestone
    standing: Standing
    name: str
    x: int
    y: int
    width: int
    lines: tuple[Line, ...]
    box: Box
    label: Box

    @property
    def is_event(self) -> bool:
        """Whether it is a diamond: a single date."""
        return self.milestone.kind == MilestoneKind.EVENT

    @property
    def diamond(self) -> str:
        """The corners of the diamond; the Startworkshop's is greater."""
        r = 11 if self.milestone.is_start else 8
        x, y = self.x, self.y
        return f"{x},{y - r} {x + r},{y} {x},{y + r} {x - r},{y}"

    @property
    def bar_top(self) -> int:
        """The upper edge of the bar."""
        return self.y - _BAR // 2

    @property
    def sign(self) -> tuple[int, int]:
        """Where the sign of what is done or overdue stands."""
        return (self.x if self.is_event else self.x + 9), self.y


@dataclass(frozen=True)
class Lane:
    """The milestones of one track."""

    label: str
    y: int
    height: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Tick:
    """A month or a year of the axis."""

    x: int
    label: str
    is_year: bool


@dataclass(frozen=True)
class Chart:
    """A whole timeline."""

    width: int
    height: int
    ticks: tuple[Tick, ...]
    lanes: tuple[Lane, ...]
    today: date
    today_x: int | None
    left: int = _LEFT
    head: int = _HEAD
    bar: int = _BAR

    @property
    def today_label_x(self) -> int:
        """Where "heute" is written, right of its line as long as there is room."""
        x = self.today_x or 0
        return x - 100 if x > self.width - 110 else x + 5


def standing(milestone: Milestone, today: date) -> Standing:
    """How far ``milestone`` is on the day ``today``."""
    fixed = ("fest",) if milestone.fixed else ()
    if milestone.state == MilestoneState.DONE:
        return Standing("done", ("erledigt", *fixed))
    if milestone.state == MilestoneState.DROPPED:
        return Standing("dropped", ("entfällt",))
    if milestone.ends_on < today:
        return Standing("overdue", ("überfällig", *fixed))
    return Standing("planned", ("geplant", *fixed))


def hints(milestone: Milestone) -> tuple[str, ...]:
    """What speaks against the dates of a milestone that is still planned: a holiday, say."""
    if milestone.state != MilestoneState.PLANNED:
        return ()
    return calendar.warnings_between(milestone.starts_on, milestone.ends_on)


def when(milestone: Milestone, *, weekdays: bool = False) -> str:
    """Its day or days: "25.09.2026", "01.03. – 15.05.2026", with weekdays if wished."""
    first, last = milestone.starts_on, milestone.ends_on
    ends = f"{_weekday(last) if weekdays else ''}{last:%d.%m.}{last.year}"
    if first == last:
        return ends
    begins = f"{_weekday(first) if weekdays else ''}{first:%d.%m.}"
    return f"{begins if first.year == last.year else f'{begins}{first.year}'} – {ends}"


def _weekday(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]}, "


def draw(milestones: Iterable[Milestone], *, today: date, width: int = SCREEN_WIDTH) -> Chart:
    """The chart of ``milestones``, of which there must be one at least."""
    order = {track: number for number, track in enumerate(Track.values)}
    found = sorted(
        milestones,
        key=lambda m: (order.get(m.track, len(order)), m.starts_on, m.ends_on, m.pk or 0),
    )
    axis = _Axis(found, width)
    lanes: list[Lane] = []
    y = _HEAD
    for track, members in groupby(found, key=lambda m: m.track):
        marks, height = _packed(list(members), axis, y + _PAD, today)
        lanes.append(Lane(Track(track).label, y, height + 2 * _PAD, marks))
        y += height + 2 * _PAD
    return Chart(width, y, tuple(axis.ticks()), tuple(lanes), today, axis.inside(today))


def fitting(milestones: Sequence[Milestone], *, today: date, ratio: float) -> Chart:
    """The chart with the largest letters whose height is at most ``ratio`` of its width."""
    for width in (1200, 1400, 1600, 1900, 2300, 2800, 3400, 4200):
        chart = draw(milestones, today=today, width=width)
        if chart.height <= ratio * width:
            break
    return chart


class _Axis:
    """Days as distances from the left."""

    def __init__(self, milestones: Sequence[Milestone], width: int) -> None:
        first, last = min(m.starts_on for m in milestones), max(m.ends_on for m in milestones)
        self.first = first.year * 12 + first.month - 1
        self.last = last.year * 12 + last.month
        self.width = width
        self.room = width - _LEFT - _RIGHT
        self._begin = _ordinal(self.first)
        self._span = _ordinal(self.last) - self._begin

    def x(self, ordinal: int) -> int:
        """Where the day with this ordinal begins."""
        return round(_LEFT + (ordinal - self._begin) / self._span * self.room)

    def inside(self, day: date) -> int | None:
        """Where ``day`` begins, if the axis reaches it."""
        reached = self._begin <= day.toordinal() < self._begin + self._span
        return self.x(day.toordinal()) if reached else None

    def ticks(self) -> Iterator[Tick]:
        """The beginnings of months or years, as many as have room."""
        step = next(s for s in _STEPS if (self.last - self.first) / s * _TICK <= self.room)
        for month in range(self.first, self.last):
            if month % step:
                continue
            is_year = month % 12 == 0
            if step < 12:
                yield Tick(self.x(_ordinal(month)), _MONTHS[month % 12], is_year=False)
            if is_year:
                yield Tick(self.x(_ordinal(month)), str(month // 12), is_year=True)
        # A chart that begins in the course of a year still says which one it is.
        if self.first % 12 and (step >= 12 or 12 - self.first % 12 > 1):
            yield Tick(_LEFT, str(self.first // 12), is_year=True)


def _ordinal(month: int) -> int:
    year, index = divmod(month, 12)
    if year > date.max.year:
        return date.max.toordinal() + 1
    return date(year, index + 1, 1).toordinal()


def _packed(
    milestones: Sequence[Milestone], axis: _Axis, top: int, today: date
) -> tuple[tuple[Mark, ...], int]:
    """The marks of a lane in as many rows as keep their labels apart, and their height."""
    drafts = [_Draft(milestone, axis, today) for milestone in milestones]
    rows: list[list[_Draft]] = []
    for draft in drafts:
        free = (row for row in rows if all(draft.clears(other) for other in row))
        row = next(free, None)
        if row is None:
            rows.append(row := [])
        row.append(draft)
    placed: dict[int, Mark] = {}
    y = top
    for row in rows:
        for draft in row:
            placed[id(draft)] = draft.at(y)
        y += max(draft.height for draft in row) + _PAD
    # In the order of their dates, which is the order in which the keyboard walks them.
    return tuple(placed[id(draft)] for draft in drafts), y - _PAD - top


class _Draft:
    """A mark whose row is not known yet."""

    def __init__(self, milestone: Milestone, axis: _Axis, today: date) -> None:
        self.milestone = milestone
        self.standing = standing(milestone, today)
        self.is_event = milestone.kind == MilestoneKind.EVENT
        self.x = axis.x(milestone.starts_on.toordinal())
        end = axis.x(milestone.ends_on.toordinal() + 1)
        self.width = 0 if self.is_event else max(end - self.x, 2 * SIZE)
        said = [word for word in self.standing.words if word != "geplant"]
        head = " · ".join([when(milestone), *said])
        room = max(_LABEL, text_width(head, SIZE), self.width)
        hint = "; ".join(hints(milestone))
        self.heard = " ".join(filter(None, [head, hint, milestone.title]))
        self.hint = wrap(hint, width=room, size=SIZE, most=_LABEL_LINES) if hint else []
        title = wrap(milestone.title, width=room, size=SIZE, most=_LABEL_LINES)
        self.texts = [head, *self.hint, *title]
        self.label_width = round(max(text_width(text, SIZE) for text in self.texts)) + 2
        self._place(axis)

    def _place(self, axis: _Axis) -> None:
        """Find the label's place: right of a diamond or below a bar, as long as it fits."""
        if not self.is_event:
            edge = axis.width - 2
            self.width = min(self.width, edge - self.x) or self.width
            self.label_x = max(_LEFT + 4, min(self.x, edge - self.label_width))
            self.left = min(self.x, self.label_x)
            self.right = max(self.x + self.width, self.label_x + self.label_width)
            return
        reach = 15
        self.label_x = self.x + reach
        self.left, self.right = self.x - reach, self.label_x + self.label_width
        if self.right > axis.width - 2 and self.x - reach - self.label_width > _LEFT:
            self.label_x = self.x - reach - self.label_width
            self.left, self.right = self.label_x, self.x + reach

    @property
    def height(self) -> int:
        """How much room its row needs."""
        return len(self.texts) * _LINE + (6 if self.is_event else _BAR + 8)

    def clears(self, other: "_Draft") -> bool:
        """Whether both have room in one row."""
        return self.left >= other.right + _GAP or other.left >= self.right + _GAP

    def at(self, y: int) -> Mark:
        """The mark, in a row that begins at ``y``."""
        first = y + _MIDDLE + 5 if self.is_event else y + _BAR + 21
        strong, rest = self.milestone.is_start, " ".join(self.milestone.title.split())
        above = 1 + len(self.hint)
        looks = ["date", *("hint" for _ in self.hint)]
        split = [False] * (above + 1)
        for text in self.texts[above:]:
            rest = rest[len(text) :]
            split.append(bool(rest) and not rest.startswith(" "))
            rest = rest.lstrip()
        lines = tuple(
            Line(
                self.label_x,
                first + number * _LINE,
                text,
                look=looks[number] if number < above else "title",
                strong=strong and number >= above,
                width=round(text_width(text, SIZE)),
                within_word=split[number],
            )
            for number, text in enumerate(self.texts)
        )
        return Mark(
            self.milestone,
            self.standing,
            self.heard,
            self.x,
            y + _MIDDLE,
            self.width,
            lines,
            Box(self.left - 4, y - 2, self.right - self.left + 8, self.height + 2),
            Box(self.label_x - 2, first - 14, self.label_width + 4, len(self.texts) * _LINE),
        )

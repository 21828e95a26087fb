"""Earlier cycles in numbers: what is public as it is public, nothing where nothing is."""

from dataclasses import dataclass
from datetime import date

from programmes.cycles.domain import PastHouse, record_past_cycle
from tandems.demo.house import House


@dataclass(frozen=True)
class Past:
    """The published figures of one cycle; ``houses`` gives mentees and mentors per Kommune."""

    number: int
    start_year: int
    end_year: int
    houses: dict[str, tuple[int | None, int | None]]
    start_workshop_on: date | None = None
    tandems: int | None = None


# Sources: press releases of Kreis Steinfurt on the first three cycles and of Stadt Greven
# on the third, reports of the Studieninstitut. Of the third, only the figures of two
# Kommunen were published. Of the cycles after it we know that there were some.
_UNKNOWN = (None, None)
PUBLIC = (
    Past(
        number=1,
        start_year=2006,
        end_year=2008,
        houses=dict.fromkeys(
            ("Emsdetten", "Kreis Steinfurt", "LWL", "Münster", "Rheine"), _UNKNOWN
        ),
    ),
    Past(
        number=2,
        start_year=2008,
        end_year=2010,
        houses=dict.fromkeys(
            (
                "Greven",
                "Kreis Steinfurt",
                "Kreis Warendorf",
                "Laer",
                "Münster",
                "Ostbevern",
                "Rheine",
            ),
            _UNKNOWN,
        ),
    ),
    Past(
        number=3,
        start_year=2010,
        end_year=2012,
        houses={
            "Ahlen": _UNKNOWN,
            "Greven": (1, 1),
            "Gronau": _UNKNOWN,
            "Kreis Steinfurt": (2, 2),
            "Kreis Warendorf": _UNKNOWN,
            "Münster": _UNKNOWN,
            "Rheine": _UNKNOWN,
        },
        start_workshop_on=date(2011, 9, 30),
        tandems=23,
    ),
)


def build_history(house: House, *, first: int, start_year: int) -> None:
    """Write the cycles before number ``first``, which begins in ``start_year``."""
    known = PUBLIC[-1]
    gap = (start_year - known.start_year) / (first - known.number)
    between = [
        Past(number, year, year + 2, {})
        for number in range(known.number + 1, first)
        for year in [known.start_year + round(gap * (number - known.number))]
    ]
    for past in (*PUBLIC, *between):
        cycle = record_past_cycle(
            house.programme,
            number=past.number,
            title=f"Durchgang {past.start_year}–{past.end_year}",
            start_year=past.start_year,
            end_year=past.end_year,
            tandems=past.tandems,
            houses=[
                PastHouse(house.municipalities[name], mentees, mentors)
                for name, (mentees, mentors) in past.houses.items()
            ],
            by=None,
        )
        if past.start_workshop_on:
            cycle.start_workshop_on = past.start_workshop_on
            cycle.save(update_fields=["start_workshop_on"])

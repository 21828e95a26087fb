"""Logos and seals of the Kommunen, as they stand at the foot of a certificate."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from mentoring.files.models import StoredFile
from programmes.cycles.models import Cycle, ParticipationState
from programmes.organisations.domain import logo_fault
from programmes.organisations.models import Municipality

DOTS = 300
"""Dots per inch on paper: what printers call sharp."""
_MM_PER_INCH = 25.4
_MOST_DOTS = 40_000_000
"""A picture of more dots is not unpacked: it would take the memory of the process."""

# Up to so many Kommunen: columns, and width and height of one place in millimetres.
_GRIDS = (
    (1, 1, 60, 24),
    (2, 2, 52, 22),
    (3, 3, 46, 20),
    (4, 4, 36, 18),
    (5, 5, 28, 17),
    (10, 5, 28, 15),
    (12, 6, 23, 13),
    (18, 6, 23, 12),
    (21, 7, 19, 11),
    (32, 8, 16, 9),
)
_SHORT, _LONG = 16, 32
"""Letters of a name beside the logos of others: beyond the first smaller, then the Kurzname."""
MOST = _GRIDS[-1][0]
"""More Kommunen are named in one paragraph: their logos would be too small to know them by."""


@dataclass(frozen=True)
class Place:
    """A Kommune at the foot: its logo by the key of the picture, or "" for its name in words."""

    name: str
    picture: str
    short_name: str = ""

    @property
    def word(self) -> str:
        """The name as it fits into the place of a logo."""
        return self.name if len(self.name) <= _LONG else self.short_name or self.name

    @property
    def is_long(self) -> bool:
        """Whether the word wants smaller letters."""
        return len(self.word) > _SHORT


@dataclass(frozen=True)
class Foot:
    """All Kommunen of a cycle, in the order of their names. Sizes are millimetres."""

    places: tuple[Place, ...]
    pictures: dict[str, tuple[str, bytes]]
    columns: int
    width: int
    height: int

    @property
    def grid(self) -> str:
        """The class of its grid in the style sheet; "" where the names stand in a paragraph."""
        return f"grid-{self.columns}-{self.height}" if self.columns else ""

    @property
    def tall(self) -> float:
        """Its height on paper in millimetres, with the line above."""
        if not self.places:
            return 0
        if not self.columns:
            return 10 + sum(len(place.name) + 2 for place in self.places) / 110 * 4.2
        rows = -(-len(self.places) // self.columns)
        return 10 + rows * (self.height + 3)


NO_FOOT = Foot((), {}, 0, 0, 0)


def foot_of(cycle: Cycle) -> Foot:
    """The foot of the certificates of ``cycle``: two queries, each logo read once."""
    houses = list(
        Municipality.objects.filter(
            participations__cycle=cycle, participations__state=ParticipationState.CONFIRMED
        ).order_by("sort_key", "pk")
    )
    return made_foot(houses)


def made_foot(houses: Sequence[Municipality]) -> Foot:
    """The foot with ``houses`` on it."""
    if not houses:
        return NO_FOOT
    found = next((grid[1:] for grid in _GRIDS if len(houses) <= grid[0]), None)
    if found is None:
        return _in_words(houses)
    columns, width, height = found
    stored = StoredFile.objects.in_bulk([house.logo_id for house in houses if house.logo_id])
    pictures: dict[str, tuple[str, bytes]] = {}
    places = []
    for house in houses:
        logo = stored.get(house.logo_id)
        picture = _scaled(logo, width, height) if logo else None
        if picture is not None:
            pictures[f"logo-{house.pk}"] = picture
        places.append(Place(house.name, f"logo-{house.pk}" if picture else "", house.short_name))
    if not pictures:
        return _in_words(houses)
    return Foot(tuple(places), pictures, columns, width, height)


def _in_words(houses: Sequence[Municipality]) -> Foot:
    return Foot(tuple(Place(house.name, "") for house in houses), {}, 0, 0, 0)


def _scaled(stored: StoredFile, width: int, height: int) -> tuple[str, bytes] | None:
    """Content type and bytes of a logo, no larger than a printer can show in that place.

    ``None`` for a file that is missing, no picture or none to be seen in print: the name then
    stands in words.
    """
    box = (round(width / _MM_PER_INCH * DOTS), round(height / _MM_PER_INCH * DOTS))
    out = io.BytesIO()
    try:
        with (
            stored.content.open("rb") as content,
            Image.open(content, formats=("PNG", "JPEG")) as picture,
        ):
            if picture.width * picture.height > _MOST_DOTS or logo_fault(*picture.size):
                return None
            flat = picture.format == "JPEG"
            ready = picture.convert("RGB" if flat else "RGBA")
            ready.thumbnail(box, Image.Resampling.LANCZOS)
            # A photo stays one; line art would show its edges.
            ready.save(out, "JPEG", quality=90) if flat else ready.save(out, "PNG", optimize=True)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return ("image/jpeg" if flat else "image/png"), out.getvalue()

"""How far Kommunen lie from each other, as the crow flies. Pure: no database."""

from collections.abc import Sequence
from math import asin, cos, radians, sin, sqrt

import numpy as np

_EARTH_KM = 6371.0088

Point = tuple[float, float]
"""Latitude and longitude in degrees."""


def kilometres(one: Point, other: Point) -> float:
    """The distance of two points (haversine)."""
    lat1, lon1, lat2, lon2 = map(radians, (*one, *other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(min(1.0, half)))


def kilometres_between(ones: Sequence[Point | None], others: Sequence[Point | None]) -> np.ndarray:
    """The distance of each of ``ones`` (rows) from each of ``others``; NaN for ``None``."""
    lat1, lon1 = _radians(ones)
    lat2, lon2 = _radians(others)
    half = np.sin((lat2 - lat1[:, None]) / 2) ** 2
    half += np.cos(lat1)[:, None] * np.cos(lat2) * np.sin((lon2 - lon1[:, None]) / 2) ** 2
    return 2 * _EARTH_KM * np.arcsin(np.sqrt(np.minimum(1.0, half)))


def _radians(points: Sequence[Point | None]) -> tuple[np.ndarray, np.ndarray]:
    nowhere = (float("nan"), float("nan"))
    degrees = np.array([point or nowhere for point in points], dtype=float).reshape(-1, 2)
    found = np.radians(degrees)
    return found[:, 0], found[:, 1]

"""The access matrix: one table per room, every route of the product in it."""

from tests.access.application_rows import ROWS as APPLICATIONS
from tests.access.cycle_rows import ROWS as CYCLES
from tests.access.ground_rows import ROWS as GROUND
from tests.access.people_rows import ROWS as PEOPLE

MATRIX = [*GROUND, *PEOPLE, *CYCLES, *APPLICATIONS]

"""What the tests of this room share."""

from tests.tandems.matching.makers import scene

__all__ = ["scene"]

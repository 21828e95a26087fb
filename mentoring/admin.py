"""What Django's admin shows of the ground; loaded by its autodiscovery."""

from mentoring.accounts import admin

__all__ = ["admin"]

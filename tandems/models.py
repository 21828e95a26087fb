"""All models of the confidential part, for Django's one `migrations/` per app."""

from tandems.applications.models import Application

__all__ = ["Application"]

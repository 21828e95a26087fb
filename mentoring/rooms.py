"""Rooms: one package per concept inside a wing (a Django app).

The list ``rooms`` of an ``AppConfig`` is the single place that names them. From it come
the order of imports that import-linter checks, the loading of rules and registrations at
start, and Celery's discovery of tasks.
"""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class WingConfig(AppConfig):
    """An app whose concepts live in rooms.

    ``rooms`` lists them from the earliest to the latest; a room may import only from
    rooms before it.
    """

    default_auto_field = "django.db.models.BigAutoField"
    rooms: tuple[str, ...] = ()

    def ready(self) -> None:
        """Load each room's rules (``permissions``) and registrations (``wiring``)."""
        for room in self.rooms:
            for part in ("permissions", "wiring"):
                import_if_present(f"{self.name}.{room}.{part}")


def import_if_present(module: str) -> None:
    """Import ``module`` unless there is none; an error inside it is not swallowed."""
    if find_spec(module) is not None:
        import_module(module)


def all_rooms() -> list[str]:
    """Dotted names of the rooms of all wings, in order of loading."""
    return [
        f"{config.name}.{room}"
        for config in apps.get_app_configs()
        if isinstance(config, WingConfig)
        for room in config.rooms
    ]

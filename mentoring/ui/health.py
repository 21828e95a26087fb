"""Is it alive, is it ready: for whoever watches the installation. No personal data."""

import logging
import os
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from kombu.exceptions import OperationalError as BrokerError

from mentoring.registry import Registry

logger = logging.getLogger(__name__)

readiness: Registry[Callable[[], tuple[bool, str]]] = Registry("readiness")
"""Each check says whether all is well, and a German sentence about it."""


def database_ready() -> tuple[bool, str]:
    """Whether the database answers a query."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except (DatabaseError, InterfaceError):
        logger.exception("readiness: database")
        return False, "Die Datenbank antwortet nicht."
    return True, "Die Datenbank antwortet."


def broker_ready() -> tuple[bool, str]:
    """Whether wake-ups can be sent. If not, work is accepted and waits for the sweep."""
    if not settings.REDIS_URL:
        folder = settings.QUEUE_DIR
        if folder.is_dir() and os.access(folder, os.W_OK):
            return True, "Die Warteschlange ist beschreibbar."
        return False, "Der Ordner der Warteschlange fehlt oder ist nicht beschreibbar."
    from mentoring.celery import app

    try:
        with app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
    except (BrokerError, OSError):
        logger.exception("readiness: broker")
        return False, "Redis antwortet nicht. Aufträge werden angenommen und warten."
    return True, "Redis antwortet."


readiness.add("database", database_ready, order=10)
readiness.add("broker", broker_ready, order=20)


def check_all() -> tuple[bool, dict[str, dict[str, bool | str]]]:
    """Whether every check is well, and what each says."""
    found: dict[str, dict[str, bool | str]] = {}
    for name in readiness.names():
        try:
            ok, detail = readiness.get(name)()
        except (DatabaseError, InterfaceError):
            # A later room's check reads the database too; that it is away is said above.
            ok, detail = False, "nicht prüfbar, weil die Datenbank nicht antwortet"
        found[name] = {"ok": ok, "detail": detail}
    return all(check["ok"] for check in found.values()), found

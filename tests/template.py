"""The database as the migrations leave it, kept to be copied for products of their own.

Copying takes a moment, while migrating takes longer than most tests.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import sql

Server = psycopg.Connection[Any] | CursorWrapper

_kept: list[str] = []
"""Name or path of the copy that is kept, of none or one."""


@contextmanager
def kept(*, configured: str) -> Iterator[None]:
    """Inside, there is a copy of the database of the tests as it is now.

    There is none while the connection is still to the one ``configured`` outside of tests:
    it stays so where no test of a run needs a database.
    """
    own = str(connection.settings_dict["NAME"])
    if own == configured:
        yield
        return
    connection.close()  # nobody may use what is copied
    if connection.vendor == "sqlite":
        copy = f"{own}.template"
        shutil.copyfile(own, copy)
    else:
        copy = f"{own}_template"
        with connection._nodb_cursor() as cursor:
            _drop(cursor, copy)
            _create(cursor, copy, own)
    _kept.append(copy)
    try:
        yield
    finally:
        _kept.remove(copy)
        if connection.vendor != "sqlite":
            with connection._nodb_cursor() as cursor:
                _drop(cursor, copy)


def copy_file(path: Path) -> bool:
    """Make the SQLite database ``path`` from the copy; whether there is one."""
    if not _kept or connection.vendor != "sqlite":
        return False
    shutil.copyfile(_kept[0], path)
    return True


def copy_database(server: Server, name: str) -> bool:
    """Make the PostgreSQL database ``name``, from the copy if there is one; whether there is."""
    has_template = bool(_kept) and connection.vendor == "postgresql"
    _create(server, name, _kept[0] if has_template else "template1")
    return has_template


def _create(server: Server, name: str, of: str) -> None:
    words = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    server.execute(words.format(sql.Identifier(name), sql.Identifier(of)))


def _drop(server: Server, name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))

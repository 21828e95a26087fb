"""Reading the environment strictly: what cannot be understood is told, never guessed."""

from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

TRUE = ("1", "true", "yes", "on")
FALSE = ("0", "false", "no", "off")


class Environment(environ.Env):
    """django-environ's reader, where each wrong value raises ``ImproperlyConfigured``.

    A variable that is set to nothing counts as not set, as in a copied `.env.example`.
    """

    def text(self, name: str, default: str = "") -> str:
        """The value without surrounding space, or ``default``."""
        return str(self.ENVIRON.get(name, "")).strip() or default

    def bool(self, var: str, default: Any = False) -> bool:
        """A switch: 1 or 0 (also true/false, yes/no, on/off)."""
        text = self.text(var).lower()
        if text and text not in TRUE + FALSE:
            raise ImproperlyConfigured(f"{var} must be 1 or 0, not {text!r}.")
        return text in TRUE if text else default

    def int(self, var: str, default: Any, *, least: Any = 1) -> int:
        """A whole number of at least ``least``."""
        text = self.text(var)
        if not text:
            return default
        if not text.isascii() or not text.isdigit() or int(text) < least:
            raise ImproperlyConfigured(
                f"{var} must be a whole number of {least} or more, not {text!r}."
            )
        return int(text)

    def float(self, var: str, default: Any) -> float:
        """A number greater than 0."""
        text = self.text(var)
        if not text:
            return default
        try:
            number = float(text)
        except ValueError:
            number = 0.0
        if not 0 < number < float("inf"):
            raise ImproperlyConfigured(f"{var} must be a number greater than 0, not {text!r}.")
        return number

    def db(self, var: str, default: str) -> dict[str, Any]:
        """A database as Django's setting wants it; PostgreSQL or SQLite."""
        address = self.text(var, default)
        scheme = address.partition("://")[0]
        if scheme not in ("sqlite", "postgresql", "postgres"):
            # The address itself may hold a password, so it is not repeated.
            raise ImproperlyConfigured(
                f"{var} must name a PostgreSQL or an SQLite database: "
                "postgresql://user:password@host:5432/name or sqlite:////folder/file."
            )
        return dict(self.db_url_config(address))

    def choice(self, name: str, default: str, *, among: tuple[str, ...]) -> str:
        """One of the words ``among``."""
        text = self.text(name, default)
        if text not in among:
            raise ImproperlyConfigured(f"{name} must be one of {', '.join(among)}, not {text!r}.")
        return text

"""Codes that stand in mails: drawn at random, stored as a hash only."""

import hashlib
import secrets

from django.utils.crypto import constant_time_compare, salted_hmac


def new_code() -> tuple[str, str]:
    """A code of 256 random bits for an address, and the hash to store."""
    code = secrets.token_urlsafe(32)
    return code, hash_of(code)


def hash_of(code: str) -> str:
    """SHA-256 of a code, in hex. No salt is needed: a code has 256 bits."""
    return hashlib.sha256(code.encode()).hexdigest()


def new_digits() -> tuple[str, str]:
    """Six digits for somebody to type, and the keyed hash to keep with the session."""
    digits = f"{secrets.randbelow(10**6):06}"
    return digits, _keyed(digits)


def digits_match(typed: str, kept: str) -> bool:
    """Whether what was typed has the kept hash."""
    return constant_time_compare(_keyed(typed), kept)


def _keyed(digits: str) -> str:
    # Keyed with SECRET_KEY: a plain hash of six digits is guessed at once.
    return salted_hmac("programmes.people.codes", digits, algorithm="sha256").hexdigest()

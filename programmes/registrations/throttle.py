"""How often somebody may register from one connection and for one address.

What is counted is a keyed hash that nobody can turn back, for as long as it is counted.
"""

import ipaddress

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

HOUR = 3600
DAY = 24 * HOUR
PER_CONNECTION = 40
"""A whole town hall may come from one address."""
PER_ADDRESS = 4
PER_ADDRESS_A_DAY = 8
"""Whoever is written to has not asked for it yet."""

_SALT = "programmes.registrations.throttle"


def may_register(request: HttpRequest, email: str) -> bool:
    """Count one registration; false when there were too many within an hour or a day."""
    address = email.strip().lower()
    return (
        _one_of("address", address, PER_ADDRESS, HOUR)
        and _one_of("address of the day", address, PER_ADDRESS_A_DAY, DAY)
        and _one_of("connection", _connection(request), PER_CONNECTION, HOUR)
    )


def _connection(request: HttpRequest) -> str:
    """Where the request comes from; of an IPv6 address the network a household gets."""
    address = str(get_adapter().get_client_ip(request))
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return address


def _one_of(kind: str, who: str, limit: int, seconds: int) -> bool:
    """Take one of ``limit`` slots that each come free again after so many seconds.

    Slots instead of a count: ``add()`` is the one step of the cache that only one wins.
    """
    name = salted_hmac(_SALT, f"{kind} {who}", algorithm="sha256").hexdigest()
    slots = (f"registrations.{name}.{slot}" for slot in range(limit))
    return any(cache.add(slot, True, timeout=seconds) for slot in slots)

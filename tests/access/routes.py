"""All routes of the product, as the URL resolver knows them."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

# Routes of libraries, by rule: who may use them is decided by one setting or mixin each,
# which tests/access/test_library_routes.py asks.
LIBRARY_PREFIXES = ("anmelden/", "^anmelden/", "verwaltung/")


def routes() -> list[str]:
    """Full routes, those of libraries left out."""
    return sorted(
        route for route in _walk(get_resolver()) if not route.startswith(LIBRARY_PREFIXES)
    )


def library_routes() -> list[str]:
    """Full routes below the prefixes of libraries."""
    return sorted(route for route in _walk(get_resolver()) if route.startswith(LIBRARY_PREFIXES))


def _walk(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route

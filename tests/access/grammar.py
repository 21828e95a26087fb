"""The language the access matrix is written in.

A row says, for one full route, what each member of the cast is answered:

    row("personen/<int:pk>/", {"pk": the.colleague}, get="200: hr lead | 404: *")

`*` stands for everybody whom the line does not name. The anonymous visitor is sent to
sign in unless the row is ``public``. Answers are status codes, `ok` (200, 302 or
303 to anywhere but the sign-in page) or `refused` (403 or 404).
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from tests.conftest import Cast

NAMES = tuple(field.name for field in fields(Cast))
SUCCESS = {"200", "ok", "302"}


@dataclass(frozen=True)
class Row:
    """One route with one set of objects."""

    route: str
    kwargs: Callable[[Any], dict[str, Any]]
    get: dict[str, str]
    post: dict[str, str]
    data: Callable[[Any], dict[str, Any]]
    public: bool
    label: str

    def __str__(self) -> str:
        return f"{self.route or '/'} [{self.label}]"


def row(
    route: str,
    kwargs: Callable[[Any], dict[str, Any]] | None = None,
    *,
    get: str,
    post: str = "",
    data: Callable[[Any], dict[str, Any]] | None = None,
    public: bool = False,
    label: str = "own",
) -> Row:
    """A row; ``kwargs`` and ``data`` are made from the world once it stands.

    Without ``post`` the page takes none: 405 for who may open it, and for the others what
    a GET answers.
    """
    got = parse(get, public=public)
    refused = {name: "405" if code in SUCCESS else code for name, code in got.items()}
    return Row(
        route,
        kwargs or (lambda world: {}),
        got,
        parse(post, public=public) if post else refused,
        data or (lambda world: {}),
        public,
        label,
    )


def parse(line: str, *, public: bool = False) -> dict[str, str]:
    """ "200: hr lead | 404: *" as an answer for each of the cast.

    On a public route the anonymous visitor is one of them; elsewhere he must sign in.

    Raises ``ValueError`` for an unknown or missing name.
    """
    answers: dict[str, str] = {} if public else {"anonymous": "login"}
    everybody = (*NAMES, "anonymous")
    others = ""
    for part in line.split("|"):
        code, _, names = part.partition(":")
        for name in names.split():
            if name == "*":
                others = code.strip()
            elif name in everybody:
                answers[name] = code.strip()
            else:
                raise ValueError(f"nobody of the cast is called {name!r}")
    missing = [name for name in everybody if name not in answers]
    if missing and not others:
        raise ValueError(f"no answer for {', '.join(missing)} in {line!r}")
    return {**dict.fromkeys(missing, others), **answers}


def fits(expected: str, status: int, location: str) -> bool:
    """Whether an answer is the expected one."""
    to_sign_in = location.startswith("/anmelden/")
    if expected == "login":
        return status == 302 and to_sign_in
    if expected == "ok":
        return status == 200 or (status in (302, 303) and not to_sign_in)
    if expected == "refused":
        return status in (403, 404)
    return status == int(expected)

"""The sign-ins of the demo, one per role: the only list of them.

They are printed on the sign-in page, so they work only where `DEMO` is set, and the
settings allow that on localhost alone.
"""

from dataclasses import dataclass

COMMON_KEY = "Mentoring-Vorschau-2006"
"""The password of all of them, printed beside the addresses: no secret."""


@dataclass(frozen=True)
class RoleSignIn:
    """One way into the demo: ``key`` is what the code calls it, ``role`` what users read."""

    key: str
    role: str
    email: str
    note: str


SIGN_INS = (
    RoleSignIn("lead", "Beiratsleitung", "leitung@demo.example", "Stadt Münster, Nr. 10 und 11"),
    RoleSignIn("member", "Beiratsmitglied", "mitglied@demo.example", "Stadt Rheine, Nr. 10 und 11"),
    RoleSignIn("permanent", "Ständiges Mitglied", "staendig@demo.example", "LWL"),
    RoleSignIn("hr", "Personalstelle", "personal@demo.example", "Stadt Ahlen"),
    RoleSignIn("other_hr", "Zweite Personalstelle", "personal2@demo.example", "Stadt Greven"),
    RoleSignIn("logistics", "Logistikpartner", "logistik@demo.example", "Demo-Institut"),
    RoleSignIn("mentee", "Mentee", "mentee@demo.example", "Stadt Gronau, Nr. 10"),
    RoleSignIn("mentor", "Mentor", "mentor@demo.example", "Kreis Steinfurt, Nr. 10"),
    RoleSignIn("former", "Früheres Beiratsmitglied", "ehemals@demo.example", "Bünde, Nr. 9"),
    RoleSignIn("operator", "Betrieb", "betrieb@demo.example", "technische Verwaltung"),
)


def sign_in(key: str) -> RoleSignIn:
    """The sign-in called ``key``. Raises ``LookupError`` if there is none."""
    for entry in SIGN_INS:
        if entry.key == key:
            return entry
    raise LookupError(f"no demo sign-in {key!r}")

"""How the keys of the Profilbogen read in a sentence.

Written here once more because the Profilbogen knows Django; a test compares the two.
"""

from collections.abc import Iterable

TOPICS = {
    "leadership": "Führung",
    "role": "Rollenklärung",
    "conflict": "Konflikte",
    "family": "Vereinbarkeit",
    "network": "Netzwerk",
    "career": "Karriereplanung",
    "change": "Veränderung gestalten",
    "communication": "Kommunikation",
    "self_management": "Selbstmanagement",
    "digital": "Digitalisierung",
    "politics": "Politik und Verwaltung",
}
ADMINISTRATIONS = {
    "district": "Kreis",
    "city": "Stadt",
    "community": "Gemeinde",
    "association": "Verband",
    "other": "andere Einrichtung",
}
IN_ADMINISTRATION = {
    "district": "in einem Kreis",
    "city": "in einer Stadt",
    "community": "in einer Gemeinde",
    "association": "in einem Verband",
    "other": "in einer anderen Einrichtung",
}
SIZES = {
    "small": "bis 20.000 Einwohner/innen",
    "medium": "20.000 bis 50.000 Einwohner/innen",
    "large": "50.000 bis 100.000 Einwohner/innen",
    "very_large": "über 100.000 Einwohner/innen",
}
LEVELS = {
    "board": "Verwaltungsvorstand",
    "division": "Dezernats- oder Fachbereichsleitung",
    "office": "Amts- oder Abteilungsleitung",
    "team": "Sachgebiets- oder Teamleitung",
    "staff": "Stabsstelle oder Spezialistenrolle",
}


def listed(parts: Iterable[str], word: str = "und") -> str:
    """``parts`` as a German enumeration: "a, b und c"."""
    found = list(parts)
    last = found.pop() if found else ""
    return f"{', '.join(found)} {word} {last}" if found else last


def quoted(words: Iterable[str]) -> str:
    """``words`` in German quotation marks, enumerated."""
    return listed(f"„{word}“" for word in words)


def ordered(keys: Iterable[str], labels: dict[str, str]) -> list[str]:
    """The labels of ``keys`` in the order of the list; a key not in it shows as it is."""
    chosen = frozenset(keys)
    known = [label for key, label in labels.items() if key in chosen]
    return known if len(known) == len(chosen) else known + sorted(chosen - labels.keys())

"""What the invented applicants wrote into their Profilbogen."""

from random import Random
from typing import Any

from tandems.applications.models import TargetGroup, Topic

_POSTS = {
    TargetGroup.LEADERSHIP: (
        "Sachgebietsleitung",
        "Teamleitung Bürgerbüro",
        "Abteilungsleitung (kommissarisch)",
        "Gruppenleitung Soziale Dienste",
        "Leitung der Stadtbücherei",
    ),
    TargetGroup.STAFF_POSITION: (
        "Büroleitung des Verwaltungsvorstands",
        "Klimaschutzmanagement",
        "Beteiligungssteuerung",
    ),
    TargetGroup.SPECIALIST: (
        "Digitalisierungsbeauftragte/r",
        "Koordination Schulentwicklungsplanung",
        "Leitende Bauleitplanung",
    ),
}
_DEPARTMENTS = (
    "Amt für Soziales und Teilhabe",
    "Fachbereich Bildung, Jugend und Familie",
    "Bauordnungs- und Denkmalamt",
    "Kämmerei und Steuern",
    "Haupt- und Personalamt",
    "Ordnung und Bürgerservice",
    "Umwelt, Klima und Mobilität",
    "Stadtbücherei und Kultur",
)
_MOTIVATIONS = (
    "Seit Kurzem leite ich ein Team, dem ich vorher selbst angehört habe. Ich möchte meine neue "
    "Rolle bewusst gestalten und suche dafür den Blick von außen.",
    "Meine Funktion gab es in unserem Haus bisher nicht. Der Austausch mit einer anderen "
    "Verwaltung hilft mir, nicht alles neu erfinden zu müssen.",
    "Ich übernehme Verantwortung für ein Projekt, das viele Ämter berührt, ohne Vorgesetzte zu "
    "sein. Wie man dabei überzeugt, möchte ich von jemandem lernen, der es kennt.",
    "Nach der Elternzeit bin ich mit reduzierter Stundenzahl in die Führung eingestiegen. Mich "
    "beschäftigt, wie beides gut zusammengeht – und wie ich das selbstbewusst vertrete.",
    "Ich habe viele Jahre fachlich gearbeitet und führe nun zum ersten Mal. Gespräche führen, "
    "Aufgaben abgeben, Konflikte ansprechen: Darin möchte ich sicherer werden.",
)
_GOALS = (
    "Klarheit darüber, was ich abgebe und was bei mir bleibt.",
    "Schwierige Gespräche vorbereiten und danach auswerten können.",
    "Ein eigenes Netzwerk über die Grenzen meines Hauses hinaus.",
    "Den nächsten Schritt planen – oder mich bewusst dagegen entscheiden.",
    "Mit Widerstand bei Veränderungen gelassener umgehen.",
)
_EXPECTATIONS = (
    "Offenheit, auch über eigene Irrwege zu sprechen.",
    "Erfahrung mit der Leitung mehrerer Teams.",
    "Jemand, der Politik und Verwaltung aus der Nähe kennt.",
    "Ehrliche Rückmeldung, auch wenn sie unbequem ist.",
)
_STATEMENTS = (
    "Die Personalentwicklung befürwortet die Teilnahme. Die Freistellung ist abgestimmt.",
    "Wir sehen großes Potenzial und unterstützen die Bewerbung ausdrücklich.",
    "Die Fachbereichsleitung trägt die Bewerbung mit; der Zeitpunkt passt.",
)
MENTOR_POSTS = (
    "Amtsleitung",
    "Fachbereichsleitung",
    "Leitung eines Dezernats",
    "Leitung Haupt- und Personalamt",
    "Kämmerei, Leitung",
    "Leitung des Jugendamts",
    "Leitung Gebäudemanagement",
    "Stabsstellenleitung Digitalisierung",
)


def answers(rng: Random) -> dict[str, Any]:
    """The fields of a complete Profilbogen, all but persons and dates."""
    group = rng.choice(list(TargetGroup))
    topics = rng.sample(Topic.values, rng.randint(2, 5))
    return {
        "target_group": group,
        "position": rng.choice(_POSTS[group]),
        "department": rng.choice(_DEPARTMENTS),
        "motivation": rng.choice(_MOTIVATIONS),
        "topics": [value for value in Topic.values if value in topics],
        "goals": rng.choice(_GOALS),
        "expectations": rng.choice(_EXPECTATIONS),
    }


def statement(rng: Random) -> str:
    """What the own Kommune says about an applicant."""
    return rng.choice(_STATEMENTS)

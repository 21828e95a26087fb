"""What the invented applicants wrote into their Profilbogen."""

from datetime import date
from random import Random
from typing import Any

from programmes.cycles.models import Cycle
from programmes.people.models import Person
from tandems.profiles.applicant_sheet import APPLICANT_SHEET
from tandems.profiles.common_questions import ADMINISTRATIONS
from tandems.profiles.models import Consent, ConsentKind, TargetGroup, Topic
from tandems.profiles.questions import questions

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
_CAREERS = (
    "Ausbildung zur Verwaltungsfachangestellten, Verwaltungslehrgang II, seit 2016 im Haus.",
    "Studium Soziale Arbeit, Bezirkssozialdienst, seit 2021 stellvertretende Leitung.",
    "Duales Studium Kommunaler Verwaltungsdienst, Kämmerei, Organisationsabteilung.",
    "Studium der Raumplanung in Dortmund, Planungsbüro, seit 2019 in der Bauleitplanung.",
)
_STRENGTHS = (
    "Ich höre zu, behalte den Überblick und bringe Dinge zu Ende.",
    "Ich erkläre Schwieriges einfach und gehe auf Menschen zu.",
    "Ich arbeite strukturiert und bleibe auch unter Druck freundlich.",
)
_DEVELOPMENT = (
    "Aufgaben abgeben, ohne sie im Kopf zu behalten.",
    "In großen Runden früher das Wort ergreifen.",
    "Nein sagen und dabei bleiben.",
)
_STYLES = (
    "Lieber ein kurzes Gespräch als eine lange E-Mail.",
    "Gut vorbereitet, gern mit Tagesordnung, offen für Umwege.",
    "Direkt, humorvoll, verbindlich.",
)
_HELPFUL = (
    "Jemand, der selbst aus dem eigenen Team heraus in die Leitung gewechselt ist.",
    "Erfahrung mit Ratsarbeit und mit schwierigen Ausschusssitzungen.",
    "Erfahrung mit Führung in Teilzeit.",
)
_FIELDS = ("Soziales", "Bauen und Planen", "Finanzen", "Personal und Organisation", "")
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
        "answers": _further(rng, group),
    }


def _further(rng: Random, group: str) -> dict[str, Any]:
    """The answers without a column, as ``Application.answers`` keeps them."""
    leads = group == TargetGroup.LEADERSHIP
    administrations = [value for value, _ in ADMINISTRATIONS]
    return {
        "span_functional": rng.randint(3, 14) if leads else rng.randint(0, 4),
        "span_disciplinary": rng.randint(2, 12) if leads else 0,
        "career": rng.choice(_CAREERS),
        "strengths": rng.choice(_STRENGTHS),
        "development": rng.choice(_DEVELOPMENT),
        "work_style": rng.choice(_STYLES),
        "helpful_experience": rng.choice(_HELPFUL),
        "wish_field": rng.choice(_FIELDS),
        "wish_administration": sorted(rng.sample(administrations, rng.randint(1, 3))),
        "wish_size": [rng.choice(["small", "medium", "large"])],
        "distance_km": rng.choice([20, 30, 40, 60]),
        "meeting_form": rng.choice(["presence", "presence", "both", "online"]),
        "time_commitment": True,
    }


def agreed(day: date) -> dict[str, str]:
    """Who in the own house agreed, as ``Application.answers`` keeps it."""
    return {
        "superior_agreed": "Leitung des Fachbereichs",
        "superior_agreed_on": day.isoformat(),
        "hr_agreed": "Personalentwicklung",
        "hr_agreed_on": day.isoformat(),
    }


def consents(cycle: Cycle, person: Person, day: date) -> list[Consent]:
    """What was consented to on the signed sheet, not yet saved; not everybody ticks all."""
    kinds = [ConsentKind.FORWARD, ConsentKind.PRIVACY]
    kinds += [ConsentKind.PHOTO] if person.pk % 3 else []
    kinds += [ConsentKind.ALUMNI] if person.pk % 4 else []
    return [
        Consent(cycle=cycle, person=person, kind=kind, given_on=day, text=_WORDING[kind])
        for kind in kinds
    ]


_WORDING = {
    question.consent: question.text
    for question in questions(APPLICANT_SHEET)
    if question.consent is not None
}


def statement(rng: Random) -> str:
    """What the own Kommune says about an applicant."""
    return rng.choice(_STATEMENTS)

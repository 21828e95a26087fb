"""The anonymous Steckbrief: what may stand on it, and what gives somebody away."""

import re
import secrets
import string
from collections.abc import Iterable, Iterator

from mentoring.text import search_key
from programmes.cycles.models import Participation
from programmes.organisations.models import Municipality
from tandems.applications.models import Application
from tandems.profiles.questions import Question
from tandems.selection.contents import FREE_KINDS, profile_questions

NEVER_FREE = ("department",)
"""An Amt is a place; the Funktion may be put in words that fit many."""

_PARTICLES = frozenset(
    ("von", "vom", "zu", "zum", "zur", "der", "die", "das", "den", "de", "del", "di", "da", "la",
     "le", "van", "und", "am", "an", "im", "in", "auf", "el", "al", "dr", "prof", "med", "phil")
)  # fmt: skip
# Place names hold words that say nothing alone.
_PLACE_WORDS = frozenset(("stadt", "kreis", "gemeinde", "landkreis", "verband", "amt", "bad"))
_MAIL = re.compile(r"\S+@\S+")
_DIGITS = re.compile(r"\d[\d /()-]{5,}\d")
_GENDERED = re.compile(
    r"\b(Frau|Herr|Herrn|Mutter|Vater|Mama|Papa|Tochter|Sohn|Ehefrau|Ehemann|Mann|Kollegin|"
    r"\w{2,}(?:leiterin|erin|orin|istin|ärin|entin|antin|ologin|rätin|meisterin|"
    r"leiter|meister|beauftragter|referentin))\b"
)


def new_code() -> str:
    """A letter and a digit drawn by lot: it owes nothing to the application."""
    letters = [letter for letter in string.ascii_uppercase if letter not in "IO"]
    return secrets.choice(letters) + secrets.choice("23456789")


def safe_questions(application: Application) -> Iterator[Question]:
    """Answered questions that give nobody away, as the sheet marks them."""
    for question in profile_questions(application):
        if question.anonymous and question.kind not in FREE_KINDS:
            yield question


def free_questions(application: Application) -> Iterator[Question]:
    """Answered questions in words of one's own: somebody has to read and edit them first."""
    for question in profile_questions(application):
        if question.kind in FREE_KINDS and question.key not in NEVER_FREE:
            yield question


def names_in(text: str, application: Application) -> list[str]:
    """The person's names and address as far as they stand in ``text``; nothing may hold them."""
    person = application.person
    own = {*_words(person.first_name), *_words(person.last_name)} - _PARTICLES
    found = [word for word in re.findall(r"[^\W\d_]+", text) if _is_one_of(word, own)]
    if _MAIL.search(text):
        found.append("eine E-Mail-Adresse")
    if person.phone and _digits(person.phone) in _digits(text):
        found.append("die Telefonnummer")
    return list(dict.fromkeys(found))


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit()) or "-"


def _words(text: str) -> Iterator[str]:
    """The words of a name, folded; single letters say nothing."""
    return (word for word in search_key(text).split() if len(word) > 1)


def _is_one_of(word: str, names: Iterable[str]) -> bool:
    """Whether ``word`` is one of the folded names, in the genitive too."""
    keys = search_key(word).split()
    return any(key == name or key == f"{name}s" for key in keys for name in names)


def hints_in(text: str, application: Application, places: Iterable[Municipality]) -> list[str]:
    """What in ``text`` may give the person away, as sentences: somebody has to decide."""
    found: list[str] = []
    key = f" {search_key(text)} "
    for place in places:
        for name in (place.short_name, place.name):
            if word := _place_in(key, name):
                found.append(f"„{word}“ ist oder enthält eine Kommune des Programms.")
                break
    department = " ".join(search_key(application.department).split())
    if department and f" {department} " in key:
        found.append(f"„{application.department}“ ist der Fachbereich oder das Amt.")
    position = search_key(application.position)
    if position and f" {position} " in key:
        found.append(f"„{application.position}“ ist genau die Bezeichnung der Funktion.")
    if _DIGITS.search(text):
        found.append("Im Text steht eine lange Zahl, vielleicht eine Telefonnummer.")
    gendered = list(dict.fromkeys(match.group() for match in _GENDERED.finditer(text)))
    if gendered:
        found.append(f"Das Geschlecht lässt sich erkennen an: {', '.join(gendered)}.")
    return list(dict.fromkeys(found))


def _place_in(key: str, name: str) -> str:
    """``name`` if it stands in the folded text, also as the beginning of a longer word."""
    folded = search_key(name)
    core = " ".join(word for word in folded.split() if word not in _PLACE_WORDS)
    # "Ahauser", "Ahausens": the place is still to be read from it.
    for wanted in filter(None, (folded, core)):
        if len(wanted) > 2 and f" {wanted}" in key:
            return name
    stem = core[:-2] if core.endswith("en") and len(core) > 5 else ""
    return name if stem and f" {stem}er " in key else ""


def places_of(application: Application) -> list[Municipality]:
    """The Kommunen of the programme, those of earlier cycles too, and the person's own."""
    programme = application.cycle.programme_id
    taking_part = Participation.objects.filter(cycle__programme=programme)
    found = Municipality.objects.filter(pk__in=taking_part.values("municipality"))
    return [application.municipality, *found.exclude(pk=application.municipality_id)]

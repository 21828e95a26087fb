"""The shipped Profilbogen for mentors; its record is a ``Mentor``.

Who asked, when and with what answer stands with the approaches, not here.
"""

from tandems.profiles.common_questions import (
    ADMINISTRATIONS,
    ALUMNI_TEXT,
    EXCLUDED,
    EXCLUDED_HINT,
    MOBILITY,
    PERSON,
    PHOTO_TEXT,
    PRIVACY_TEXT,
    SPANS,
    TEXT_LENGTH,
    consent,
    words,
)
from tandems.profiles.models import ConsentKind, Topic
from tandems.profiles.questions import (
    YES_OR_NO,
    Kept,
    Kind,
    Needed,
    Question,
    Section,
    Sheet,
)

TO_SUBMIT = Needed.TO_SUBMIT
LEVELS = (
    ("board", "Verwaltungsvorstand"),
    ("division", "Dezernats- oder Fachbereichsleitung"),
    ("office", "Amts- oder Abteilungsleitung"),
    ("team", "Sachgebiets- oder Teamleitung"),
    ("staff", "Stabsstelle oder Spezialistenrolle"),
)

ROLE = Section(
    "role",
    "Funktion und Erfahrung",
    (
        Question("department", "Fachbereich oder Amt", in_profile_sheet=True),
        Question("position", "Funktion", needed=TO_SUBMIT, in_profile_sheet=True, fixed=True),
        Question(
            "level",
            "Ebene",
            Kind.CHOICE,
            kept=Kept.ANSWERS,
            choices=LEVELS,
            in_profile_sheet=True,
            anonymous=True,
        ),
        Question(
            "leading_since",
            "Führungserfahrung seit",
            Kind.NUMBER,
            "Das Jahr genügt.",
            kept=Kept.ANSWERS,
            least=1960,
            most=2100,
            not_in_future=True,
            in_profile_sheet=True,
        ),
        *SPANS,
        words(
            "career",
            "Werdegang in Stationen",
            "Eine Station je Zeile.",
            needed=TO_SUBMIT,
            in_profile_sheet=True,
        ),
        Question(
            "known_administrations",
            "Diese Verwaltungen kenne ich",
            Kind.CHOICES,
            kept=Kept.ANSWERS,
            most=len(ADMINISTRATIONS),
            choices=ADMINISTRATIONS,
            in_profile_sheet=True,
            anonymous=True,
        ),
    ),
)

OFFER = Section(
    "offer",
    "Was ich weitergeben kann",
    (
        Question(
            "topics",
            "Themen, die ich begleiten kann",
            Kind.CHOICES,
            hint="Drei bis fünf Themen.",
            least=3,
            most=5,
            choices=tuple(Topic.choices),
            needed=TO_SUBMIT,
            in_profile_sheet=True,
            anonymous=True,
            fixed=True,
        ),
        words(
            "motivation",
            "Meine Motivation, und was ich weitergeben möchte",
            most=TEXT_LENGTH,
            needed=TO_SUBMIT,
            in_profile_sheet=True,
        ),
        words("expectations", "Erwartungen an die oder den Mentee", in_profile_sheet=True),
        words(
            "experience",
            "Erfahrung als Mentorin oder Mentor, frühere Teilnahme",
            "Auch als Mentee.",
            in_profile_sheet=True,
        ),
    ),
)

TIME = Section(
    "time",
    "Zeit und Mobilität",
    (
        Question(
            "capacity",
            "So viele Mentees kann ich begleiten",
            Kind.NUMBER,
            least=1,
            most=5,
            needed=TO_SUBMIT,
            fixed=True,
        ),
        words("time", "So viel Zeit habe ich", "Zum Beispiel: ein Treffen im Monat, nachmittags."),
        *MOBILITY,
        Question(
            "free_at_start",
            "Frei am Tag des Startworkshops",
            Kind.YES_NO,
            kept=Kept.ANSWERS,
            choices=YES_OR_NO,
        ),
        Question(
            "free_at_end",
            "Frei am Tag der Abschlussveranstaltung",
            Kind.YES_NO,
            kept=Kept.ANSWERS,
            choices=YES_OR_NO,
        ),
    ),
)

CONFLICT = Section("conflict", "Wer nicht in Frage kommt", (EXCLUDED,), hint=EXCLUDED_HINT)

COMMITMENT = Section(
    "commitment",
    "Verschwiegenheit und Einwilligungen",
    (
        consent(
            ConsentKind.DISCRETION,
            "Ich behandle alles, was ich im Tandem und über die Bewerberinnen und Bewerber "
            "erfahre, vertraulich, auch über das Ende des Durchgangs hinaus.",
            fixed=True,
        ),
        consent(ConsentKind.PHOTO, PHOTO_TEXT),
        consent(ConsentKind.ALUMNI, ALUMNI_TEXT),
        consent(ConsentKind.PRIVACY, PRIVACY_TEXT),
    ),
    hint="Jede Einwilligung steht für sich und lässt sich jederzeit widerrufen.",
)

MENTOR_SHEET: Sheet = (PERSON, ROLE, OFFER, TIME, CONFLICT, COMMITMENT)

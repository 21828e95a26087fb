"""The shipped Profilbogen for applicants.

Not asked: age, family and other protected characteristics. What somebody eats or needs to
take part belongs to an event, not to the person.
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
from tandems.profiles.models import ConsentKind, TargetGroup, Topic
from tandems.profiles.questions import Kept, Kind, Needed, Question, Reader, Section, Sheet

TO_SUBMIT, TO_NOMINATE = Needed.TO_SUBMIT, Needed.TO_NOMINATE

SIZES = (
    ("small", "bis 20.000 Einwohner/innen"),
    ("medium", "20.000 bis 50.000 Einwohner/innen"),
    ("large", "50.000 bis 100.000 Einwohner/innen"),
    ("very_large", "über 100.000 Einwohner/innen"),
)

ROLE = Section(
    "role",
    "Funktion",
    (
        Question("department", "Fachbereich oder Amt", needed=TO_SUBMIT, in_profile_sheet=True),
        Question(
            "position",
            "Aktuelle Funktion",
            needed=TO_SUBMIT,
            in_profile_sheet=True,
            fixed=True,
        ),
        Question(
            "target_group",
            "Zielgruppe",
            Kind.CHOICE,
            choices=tuple(TargetGroup.choices),
            needed=TO_SUBMIT,
            in_profile_sheet=True,
            anonymous=True,
            fixed=True,
        ),
        Question(
            "role_since",
            "In dieser Rolle seit",
            Kind.DATE,
            not_in_future=True,
            in_profile_sheet=True,
        ),
        *SPANS,
        Question(
            "pay_grade", "Eingruppierung oder Besoldung", kept=Kept.ANSWERS, most=40, off=True
        ),
        Question("career_track", "Laufbahn", kept=Kept.ANSWERS, most=80, off=True),
        Question(
            "in_service_since",
            "Im kommunalen Dienst seit",
            Kind.DATE,
            kept=Kept.ANSWERS,
            not_in_future=True,
            off=True,
        ),
        words(
            "career",
            "Werdegang und Ausbildung",
            "Kurz: die wichtigsten Stationen.",
            needed=TO_SUBMIT,
            in_profile_sheet=True,
        ),
    ),
)

MOTIVATION = Section(
    "motivation",
    "Motivation und Ziele",
    (
        Question(
            "motivation",
            "Motivation zur Teilnahme",
            Kind.LONG_TEXT,
            most=TEXT_LENGTH,
            needed=TO_SUBMIT,
            in_profile_sheet=True,
        ),
        Question(
            "topics",
            "Ziele und Themen",
            Kind.CHOICES,
            hint="Ein bis fünf Themen.",
            least=1,
            most=5,
            choices=tuple(Topic.choices),
            needed=TO_SUBMIT,
            in_profile_sheet=True,
            anonymous=True,
            fixed=True,
        ),
        Question(
            "goals",
            "Eigene Worte zu den Zielen",
            Kind.LONG_TEXT,
            most=TEXT_LENGTH,
            in_profile_sheet=True,
        ),
        words("strengths", "Selbsteinschätzung: meine Stärken", in_profile_sheet=True),
        words("development", "Selbsteinschätzung: meine Entwicklungsfelder", in_profile_sheet=True),
        words("work_style", "Mein Arbeits- und Kommunikationsstil", in_profile_sheet=True),
        words("remark", "Das möchte ich noch sagen"),
    ),
)

WISHES = Section(
    "wishes",
    "Wünsche zur Mentorin oder zum Mentor",
    (
        Question(
            "expectations",
            "Erwartungen an die Mentorin oder den Mentor",
            Kind.LONG_TEXT,
            most=TEXT_LENGTH,
            in_profile_sheet=True,
        ),
        words("helpful_experience", "Welche Erfahrung wäre hilfreich?", in_profile_sheet=True),
        Question("wish_field", "Fachgebiet", kept=Kept.ANSWERS, in_profile_sheet=True),
        Question(
            "wish_administration",
            "Art der Verwaltung",
            Kind.CHOICES,
            kept=Kept.ANSWERS,
            most=len(ADMINISTRATIONS),
            choices=ADMINISTRATIONS,
            in_profile_sheet=True,
            anonymous=True,
        ),
        Question(
            "wish_size",
            "Größe der Verwaltung",
            Kind.CHOICES,
            kept=Kept.ANSWERS,
            most=len(SIZES),
            choices=SIZES,
            in_profile_sheet=True,
            anonymous=True,
        ),
        words("wish_other", "Weitere Wünsche"),
        *MOBILITY,
    ),
)

CONFLICT = Section(
    "conflict",
    "Wer nicht in Frage kommt",
    (
        Question(
            "superior",
            "Eigene Führungskraft im Beirat",
            Kind.SEAT_HOLDER,
            hint="Nur falls die vorgesetzte Person einen Sitz im Beirat hat: sie findet diese "
            "Bewerbung dann nirgends.",
            seen_by=Reader.HOUSE,
            late=True,
            house_only=True,
            off_paper=True,
            fixed=True,
        ),
        EXCLUDED,
    ),
    hint=EXCLUDED_HINT,
)

COMMITMENT = Section(
    "commitment",
    "Zeitliche Zusage und Einwilligungen",
    (
        Question(
            "time_commitment",
            "Ich nehme an den Terminen des Fahrplans teil und plane Zeit für 8 bis 10 Treffen im "
            "Tandem ein.",
            Kind.PROMISE,
            kept=Kept.ANSWERS,
            needed=TO_NOMINATE,
        ),
        consent(
            ConsentKind.FORWARD,
            "Ich willige ein, dass meine Kommune diesen Profilbogen an den Beirat des Programms "
            "weitergibt: an die Personen, die ihn für die beteiligten Kommunen besetzen. Er "
            "entscheidet damit über die Plätze und sucht eine Mentorin oder einen Mentor. Die "
            "Einwilligung ist freiwillig; widerrufe ich sie, ist meine Bewerbung zurückgezogen.",
            needed=TO_NOMINATE,
            fixed=True,
        ),
        consent(ConsentKind.PHOTO, PHOTO_TEXT),
        consent(ConsentKind.ALUMNI, ALUMNI_TEXT),
        consent(ConsentKind.PRIVACY, PRIVACY_TEXT),
    ),
    hint="Jede Einwilligung steht für sich und lässt sich jederzeit widerrufen.",
)

HOUSE = Section(
    "house",
    "Angaben der Kommune",
    (
        Question(
            "superior_agreed",
            "Zustimmung der Führungskraft: wer",
            kept=Kept.ANSWERS,
            needed=TO_NOMINATE,
            house_only=True,
        ),
        Question(
            "superior_agreed_on",
            "Zustimmung der Führungskraft: wann",
            Kind.DATE,
            kept=Kept.ANSWERS,
            not_in_future=True,
            needed=TO_NOMINATE,
            house_only=True,
        ),
        Question(
            "hr_agreed",
            "Zustimmung der Personalentwicklung: wer",
            kept=Kept.ANSWERS,
            needed=TO_NOMINATE,
            house_only=True,
        ),
        Question(
            "hr_agreed_on",
            "Zustimmung der Personalentwicklung: wann",
            Kind.DATE,
            kept=Kept.ANSWERS,
            not_in_future=True,
            needed=TO_NOMINATE,
            house_only=True,
        ),
        Question(
            "statement",
            "Stellungnahme der Kommune",
            Kind.LONG_TEXT,
            hint="Lesen nur Ihre Personalstelle und, nach der Nominierung, der Beirat.",
            most=TEXT_LENGTH,
            house_only=True,
        ),
    ),
)

APPLICANT_SHEET: Sheet = (PERSON, ROLE, MOTIVATION, WISHES, CONFLICT, COMMITMENT, HOUSE)

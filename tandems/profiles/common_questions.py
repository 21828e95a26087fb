"""What both sheets ask alike: contact data, consents, meeting, who is out of the question."""

from typing import Any

from programmes.people.models import Salutation
from tandems.profiles.models import ConsentKind
from tandems.profiles.questions import Kept, Kind, Needed, Question, Section

TEXT_LENGTH = 4000
SHORT_LENGTH = 2000

ADMINISTRATIONS = (
    ("district", "Kreis"),
    ("city", "Stadt"),
    ("community", "Gemeinde"),
    ("association", "Verband"),
)
MEETING = (("presence", "in Präsenz"), ("online", "online"), ("both", "beides"))


def words(key: str, label: str, hint: str = "", **more: Any) -> Question:
    """A question answered in a paragraph or two of one's own words, kept in ``answers``."""
    more.setdefault("most", SHORT_LENGTH)
    return Question(key, label, Kind.LONG_TEXT, hint, kept=Kept.ANSWERS, **more)


_NO_CONSENT = (ConsentKind.PRIVACY, ConsentKind.DISCRETION)
"""Given apart and dated like a consent, but of another nature."""


def consent(kind: ConsentKind, text: str, **more: Any) -> Question:
    """A consent, given apart from all others; ``text`` is what is kept with it."""
    return Question(
        f"consent_{kind}",
        kind.label if kind in _NO_CONSENT else f"Einwilligung: {kind.label}",
        Kind.CONSENT,
        kept=Kept.CONSENT,
        consent=kind,
        text=text,
        late=True,
        **more,
    )


PERSON = Section(
    "person",
    "Person und Kontakt",
    (
        Question(
            "salutation",
            "Anrede",
            Kind.CHOICE,
            kept=Kept.PERSON,
            choices=tuple((value, label) for value, label in Salutation.choices if value),
            late=True,
        ),
        Question("title", "Titel", kept=Kept.PERSON, most=40, late=True),
        Question(
            "first_name",
            "Vorname",
            kept=Kept.PERSON,
            most=80,
            late=True,
            needed=Needed.TO_SUBMIT,
            fixed=True,
        ),
        Question(
            "last_name",
            "Nachname",
            kept=Kept.PERSON,
            most=80,
            late=True,
            needed=Needed.TO_SUBMIT,
            fixed=True,
        ),
        # The personal link goes to this address, so the person does not move it by that link.
        Question(
            "email",
            "Dienstliche E-Mail-Adresse",
            Kind.EMAIL,
            kept=Kept.PERSON,
            most=254,
            late=True,
            needed=Needed.TO_SUBMIT,
            fixed=True,
            house_only=True,
        ),
        Question("phone", "Dienstliches Telefon", kept=Kept.PERSON, most=40, late=True),
    ),
    hint="Diese Angaben gelten für die Person überall im Programm.",
)

SPANS = (
    Question(
        "span_functional",
        "Führungsspanne fachlich",
        Kind.NUMBER,
        "So viele Menschen führen Sie fachlich.",
        kept=Kept.ANSWERS,
        most=5000,
        unit="Personen",
        in_profile_sheet=True,
        anonymous=True,
    ),
    Question(
        "span_disciplinary",
        "Führungsspanne disziplinarisch",
        Kind.NUMBER,
        "So viele Menschen führen Sie disziplinarisch.",
        kept=Kept.ANSWERS,
        most=5000,
        unit="Personen",
        in_profile_sheet=True,
        anonymous=True,
    ),
)

MOBILITY = (
    Question(
        "distance_km",
        "So weit fahre ich für ein Treffen",
        Kind.NUMBER,
        "Einfache Entfernung in Kilometern.",
        kept=Kept.ANSWERS,
        most=500,
        unit="km",
        in_profile_sheet=True,
        anonymous=True,
    ),
    Question(
        "meeting_form",
        "So treffe ich mich am liebsten",
        Kind.CHOICE,
        kept=Kept.ANSWERS,
        choices=MEETING,
        in_profile_sheet=True,
        anonymous=True,
    ),
)

EXCLUDED = Question(
    "excluded",
    "Kommt nicht in Frage",
    Kind.EXCLUSIONS,
    kept=Kept.EXCLUSIONS,
    late=True,
    most=40,
    off_paper=True,
    fixed=True,
)
EXCLUDED_HINT = (
    "Menschen, Kommunen oder Ämter, mit denen ein Tandem nicht in Frage kommt. Nach dem Speichern "
    "zeigt diese Seite sie niemandem wieder. Wer genannt ist und einen Sitz im Beirat hat, findet "
    "diesen Bogen nirgends; der übrige Beirat liest nur, dass ein Paar ausgeschlossen ist."
)

PHOTO_TEXT = (
    "Ich willige ein, dass mein Foto im Steckbrief verwendet wird und Fotos von Veranstaltungen "
    "des Programms, auf denen ich zu sehen bin, für die Öffentlichkeitsarbeit der beteiligten "
    "Kommunen verwendet werden. Die Einwilligung ist freiwillig; ich kann sie jederzeit für die "
    "Zukunft widerrufen, ohne dass mir daraus ein Nachteil entsteht."
)
ALUMNI_TEXT = (
    "Ich willige ein, dass das Programm meine dienstlichen Kontaktdaten nach dem Ende des "
    "Durchgangs behält, um mich zu Treffen der Ehemaligen einzuladen und als Mentorin oder Mentor "
    "anzufragen. Die Einwilligung ist freiwillig; ich kann sie jederzeit für die Zukunft "
    "widerrufen."
)
PRIVACY_TEXT = (
    "Ich habe die Datenschutzhinweise des Programms gelesen (Art. 13 der "
    "Datenschutz-Grundverordnung)."
)

"""The placeholders of the frame, and what each of them says."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from programmes.cycles.models import Cycle
from programmes.events.calendar import place
from programmes.events.links import rsvp_url, without_tokens
from programmes.events.models import Attendee, Event, EventState
from programmes.people.models import Person, Salutation
from programmes.roadmap.models import Milestone, MilestoneState
from programmes.rundmails.models import Rundmail
from programmes.rundmails.registries import Placeholder, placeholders

LONG_DATE = "l, j. F Y"
START_NAMES = {"startworkshop": "start"}
"""What people type for a milestone in place of its key."""

NO_EVENT = "Dieser Platzhalter braucht eine Veranstaltung: Wählen Sie bei der Rundmail eine aus."

Values = Mapping[int, str]


def _each(text: Callable[[Person], str]) -> Callable[[Rundmail, Sequence[Person], str], Values]:
    """Values that follow from the person alone."""
    return lambda mail, people, argument: {person.pk: text(person) for person in people}


def _all(text: Callable[[Rundmail], str]) -> Callable[[Rundmail, Sequence[Person], str], Values]:
    """A value that is the same for everybody."""

    def values(mail: Rundmail, people: Sequence[Person], argument: str) -> Values:
        said = text(mail)
        return {person.pk: said for person in people}

    return values


def greeting(person: Person) -> str:
    """How a letter to ``person`` begins, without the comma."""
    name = " ".join(part for part in (person.title, person.last_name) if part)
    if person.salutation == Salutation.MS:
        return f"Sehr geehrte Frau {name}"
    if person.salutation == Salutation.MR:
        return f"Sehr geehrter Herr {name}"
    return f"Guten Tag {person.full_name}"


# --- dates of the Fahrplan ----------------------------------------------------------------
def _milestone(cycle: Cycle, argument: str) -> Milestone | None:
    """The milestone called by its key, or by its number for one that has none."""
    # Over the relation, so that a list of mails may fetch it for all of them at once.
    rows = [row for row in cycle.milestones.all() if row.state != MilestoneState.DROPPED]
    key = START_NAMES.get(argument.lower(), argument.lower())
    found = (row for row in rows if key in (str(row.pk), row.key or None))
    return next(found, None)


def long_date(day: date) -> str:
    """Such as "Donnerstag, 30. September 2027"."""
    return date_format(day, LONG_DATE)


def _milestone_dates(mail: Rundmail, people: Sequence[Person], argument: str) -> Values:
    milestone = _milestone(mail.cycle, argument)
    if milestone is None:
        return {}
    text = long_date(milestone.starts_on)
    if milestone.ends_on != milestone.starts_on:
        text = f"{text} bis {long_date(milestone.ends_on)}"
    return {person.pk: text for person in people}


def _milestone_problem(mail: Rundmail, argument: str) -> str:
    if _milestone(mail.cycle, argument) is not None:
        return ""
    return (
        f"Einen Meilenstein „{argument}“ gibt es im Fahrplan dieses Durchgangs nicht (mehr). "
        "Wählen Sie einen aus der Liste der Platzhalter."
    )


def _milestone_arguments(cycle: Cycle) -> list[tuple[str, str]]:
    rows = Milestone.objects.filter(cycle=cycle).exclude(state=MilestoneState.DROPPED)
    return [(row.key or str(row.pk), row.title) for row in rows]


# --- the event of the mail ----------------------------------------------------------------
def _event_problem(mail: Rundmail, argument: str) -> str:
    if mail.event is None:
        return NO_EVENT
    if mail.event.state == EventState.CANCELLED:
        return "Die gewählte Veranstaltung ist abgesagt."
    return ""


def _of_event(text: Callable[[Event], str]) -> Callable[[Rundmail, Sequence[Person], str], Values]:
    return _all(lambda mail: "" if mail.event is None else text(mail.event))


def event_time(event: Event) -> str:
    """Such as "Donnerstag, 30. September 2027, 9:00 bis 16:00 Uhr"."""
    begins, ends = timezone.localtime(event.starts_at), timezone.localtime(event.ends_at)
    if begins.date() == ends.date():
        return f"{long_date(begins.date())}, {_clock(begins)} bis {_clock(ends)} Uhr"
    return (
        f"{long_date(begins.date())}, {_clock(begins)} Uhr bis "
        f"{long_date(ends.date())}, {_clock(ends)} Uhr"
    )


def _clock(moment: date) -> str:
    return date_format(moment, "G:i")


def event_place(event: Event) -> str:
    """Where it is: the house, else that it is online."""
    return place(event) or ("online" if event.online_url else "")


def _own_event(mail: Rundmail, argument: str) -> str:
    fault = _event_problem(mail, argument)
    if not fault and mail.event is not None and not event_place(mail.event):
        return "Die gewählte Veranstaltung hat noch keinen Ort. Tragen Sie ihn dort ein."
    return fault


def _rsvp_links(mail: Rundmail, people: Sequence[Person], argument: str) -> Values:
    if mail.event is None:
        return {}
    wanted = {person.pk for person in people}
    rows = Attendee.objects.filter(event=mail.event)
    return {row.person_id: rsvp_url(row) for row in rows if row.person_id in wanted}


def registration_url(event: Event) -> str:
    """The public page on which outsiders register for ``event``."""
    return settings.BASE_URL + reverse("registrations:public", args=[event.pk])


def _registration_problem(mail: Rundmail, argument: str) -> str:
    fault = _event_problem(mail, argument)
    if not fault and mail.event is not None and not mail.event.public_registration:
        return "Die gewählte Veranstaltung hat keine öffentliche Anmeldeseite."
    return fault


# --- the programme ------------------------------------------------------------------------
def _partner(mail: Rundmail) -> str:
    partner = mail.cycle.programme.logistics_partner
    return "" if partner is None else partner.name


def _partner_problem(mail: Rundmail, argument: str) -> str:
    return "" if _partner(mail) else "Das Programm hat noch keinen Logistikpartner."


def _reply_problem(mail: Rundmail, argument: str) -> str:
    return "" if mail.reply_to else "Tragen Sie ein, an welche Adresse Antworten gehen."


for position, (name, placeholder) in enumerate(
    {
        "anrede": Placeholder(
            "Anrede, ohne Komma am Ende", "Sehr geehrte Frau Dr. Beispiel", _each(greeting)
        ),
        "vorname": Placeholder("Vorname", "Erika", _each(lambda person: person.first_name)),
        "nachname": Placeholder("Nachname", "Beispiel", _each(lambda person: person.last_name)),
        "name": Placeholder(
            "Titel, Vor- und Nachname", "Dr. Erika Beispiel", _each(lambda person: person.full_name)
        ),
        "kommune": Placeholder(
            "Kommune der Empfängerin oder des Empfängers",
            "Stadt Musterstadt",
            _each(lambda person: person.municipality.name if person.municipality else ""),
        ),
        "programm": Placeholder(
            "Name des Programms",
            "Mentoring im Musterland",
            _all(lambda mail: mail.cycle.programme.name),
            common=True,
        ),
        "durchgang": Placeholder(
            "Durchgang mit Nummer und Jahren",
            "Durchgang Nr. 11 (2025–2027)",
            _all(lambda mail: str(mail.cycle)),
            common=True,
        ),
        "termin": Placeholder(
            "Datum oder Zeitraum eines Meilensteins",
            "Donnerstag, 30. September 2027",
            _milestone_dates,
            argument="start",
            problem=_milestone_problem,
            arguments=_milestone_arguments,
            common=True,
        ),
        "veranstaltung": Placeholder(
            "Titel der gewählten Veranstaltung",
            "Startworkshop",
            _of_event(lambda event: event.title),
            problem=_event_problem,
            common=True,
        ),
        "veranstaltung_zeit": Placeholder(
            "Datum und Uhrzeit der gewählten Veranstaltung",
            "Donnerstag, 30. September 2027, 9:00 bis 16:00 Uhr",
            _of_event(event_time),
            problem=_event_problem,
            common=True,
        ),
        "veranstaltung_ort": Placeholder(
            "Ort der gewählten Veranstaltung",
            "Rathaus, Marktplatz 1, 12345 Musterstadt",
            _of_event(event_place),
            problem=_own_event,
            common=True,
        ),
        "rsvp_link": Placeholder(
            "persönlicher Link zum Zu- oder Absagen (nur für Eingeladene)",
            "https://mentoring.example/antwort/…",
            _rsvp_links,
            problem=_event_problem,
            link=True,
            conceal=without_tokens,
        ),
        "anmelde_link": Placeholder(
            "öffentliche Anmeldeseite der gewählten Veranstaltung",
            "https://mentoring.example/anmeldung/…",
            _of_event(registration_url),
            problem=_registration_problem,
            link=True,
        ),
        "portal_link": Placeholder(
            "Adresse dieser Anwendung",
            "https://mentoring.example/",
            _all(lambda mail: f"{settings.BASE_URL}/"),
            link=True,
        ),
        "logistikpartner": Placeholder(
            "Name des Logistikpartners",
            "Studieninstitut Musterland",
            _all(_partner),
            problem=_partner_problem,
            common=True,
        ),
        "antwort_an": Placeholder(
            "Adresse, an die Antworten gehen",
            "mentoring@stadt.example",
            _all(lambda mail: mail.reply_to),
            problem=_reply_problem,
        ),
    }.items()
):
    placeholders.add(name, placeholder, order=10 + position)

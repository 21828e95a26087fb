"""Placeholders: read from the text, checked before release, filled for each recipient."""

from datetime import date
from typing import Any

import pytest
import time_machine

from mentoring.ui.errors import Refused
from programmes.events.links import rsvp_url
from programmes.people.models import Salutation
from programmes.rundmails import domain
from programmes.rundmails.domain import Choice
from programmes.rundmails.placeholders import Use, listed_placeholders, parse, uses_in
from programmes.rundmails.registries import Placeholder, placeholders
from programmes.rundmails.render import preview_for, render
from tests import factories as make
from tests.conftest import Cast, Stage
from tests.programmes.rundmails import makers


def text_for(mail: Any, person: Any) -> str:
    """What stands above the foot of the plain text."""
    return render(mail, [person])[0].text.partition("\n\n-- \n")[0]


@pytest.mark.parametrize(
    ("source", "pieces"),
    [
        ("Hallo {vorname}!", ["Hallo ", Use("vorname"), "!"]),
        ("{termin:start}", [Use("termin", "start")]),
        ("{ Vorname }", [Use("vorname")]),
        ("{{vorname}}", ["{", "vorname", "}"]),
        ("{{{vorname}}}", ["{", Use("vorname"), "}"]),
        ("eine { allein", ["eine { allein"]),
        ("} und {", ["} und {"]),
        ("{}", [Use("")]),
        ("{a\nb}", ["{a\nb}"]),
        ("", []),
    ],
)
def test_what_stands_in_braces_is_a_placeholder(source: str, pieces: list[Any]) -> None:
    assert parse(source) == pieces


def test_each_placeholder_counts_once() -> None:
    assert uses_in("{name}", "{name} {kommune} {NAME}") == [Use("name"), Use("kommune")]


@pytest.mark.parametrize(
    ("salutation", "title", "greeting"),
    [
        (Salutation.MS, "Dr.", "Sehr geehrte Frau Dr. Berg"),
        (Salutation.MR, "", "Sehr geehrter Herr Berg"),
        (Salutation.NONE, "Dr.", "Guten Tag Dr. Kim Berg"),
    ],
)
def test_the_greeting(stage: Stage, cast: Cast, salutation: str, title: str, greeting: str) -> None:
    person = make.make_person("Kim", "Berg", salutation=salutation, title=title)
    mail = makers.make_draft(stage.cycle, cast.lead.user, body="{anrede},")
    assert text_for(mail, person) == f"{greeting},"


def test_every_placeholder_has_its_value(stage: Stage, cast: Cast) -> None:
    person = make.make_person("Kim", "Berg", municipality=stage.own)
    makers.make_milestone(stage.cycle, date(2027, 9, 30), key="start")
    makers.make_milestone(stage.cycle, date(2027, 3, 1), key="bewerbung", ends_on=date(2027, 5, 15))
    event = makers.make_event(
        stage.cycle,
        starts_at=makers.at("2027-09-30 09:00"),
        ends_at=makers.at("2027-09-30 16:30"),
        address="Marktplatz 1\n12345 Ahausen",
        public_registration=True,
    )
    attendee = makers.make_attendee(event, person)
    expected = {
        "{vorname} {nachname}": "Kim Berg",
        "{name}": "Kim Berg",
        "{kommune}": "Stadt Ahausen",
        "{programm}": "Mentoring im Musterland",
        "{durchgang}": "Durchgang Nr. 11 (2025–2027)",
        "{termin:start}": "Donnerstag, 30. September 2027",
        "{termin:Startworkshop}": "Donnerstag, 30. September 2027",
        "{termin:bewerbung}": "Montag, 1. März 2027 bis Samstag, 15. Mai 2027",
        "{veranstaltung}": "Startworkshop",
        "{veranstaltung_zeit}": "Donnerstag, 30. September 2027, 9:00 bis 16:30 Uhr",
        "{veranstaltung_ort}": "Rathaus, Marktplatz 1, 12345 Ahausen",
        "{rsvp_link}": rsvp_url(attendee),
        "{anmelde_link}": f"http://localhost:8000/anmeldung/{event.pk}/",
        "{portal_link}": "http://localhost:8000/",
        "{logistikpartner}": "Studieninstitut Musterland",
        "{antwort_an}": "beirat@stadt.example",
    }
    mail = makers.make_draft(
        stage.cycle,
        cast.lead.user,
        body="\n\n".join(expected),
        event=event,
        reply_to="beirat@stadt.example",
        choices=[Choice("attendees", f"{event.pk}:invited")],
    )
    assert domain.check(mail, cast.lead.user) == []
    assert text_for(mail, person).split("\n\n") == list(expected.values())
    named = {use.name for use in uses_in(mail.body)} | {"anrede"}
    # The confidential ones need a tandem: tests/tandems/portal/test_secrecy.py.
    open_ones = {name for name in placeholders.names() if not placeholders.get(name).confidential}
    assert named == open_ones


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{vornahme}", "Meinten Sie {vorname}?"),
        ("{völlig_anders}", "gibt es nicht."),
        ("{}", "gibt es nicht"),
        ("{vorname:x}", "Lassen Sie „:x“ weg"),
        ("{termin}", "Schreiben Sie {termin:start}"),
        ("{termin:nie}", "Einen Meilenstein „nie“ gibt es"),
        ("{termin:²}", "Einen Meilenstein „²“ gibt es"),
        ("{termin:99999999999999999999999}", "gibt es im Fahrplan"),
        ("{rsvp_link}", "braucht eine Veranstaltung"),
        ("{antwort_an}", "an welche Adresse"),
    ],
)
def test_what_cannot_be_filled_is_refused(
    stage: Stage, cast: Cast, written: str, said: str
) -> None:
    mail = makers.make_draft(stage.cycle, cast.lead.user, body=f"Hallo {written}")
    (problem,) = domain.check(mail, cast.lead.user)
    assert problem.field == "body"
    assert said in problem.text
    # It still can be looked at, and stands there as it was typed.
    assert "Hallo" in preview_for(mail, cast.mentee).text


@pytest.mark.parametrize(
    ("subject", "body", "problems"),
    [
        ("Los", "Hallo {{ Vorname }}, {{vorname}}", [("body", "{{vorname}}", "{vorname}")]),
        ("An {{name}}", "Hallo", [("subject", "{{name}}", "{name}")]),
        ("Los", "am {{termin:start}}", [("body", "{{termin:start}}", "{termin:start}")]),
        ("Los", "{{eigene}} {{{vorname}}} {{ }} {{", []),
    ],
)
def test_a_placeholder_in_double_braces_is_asked_about(
    stage: Stage, cast: Cast, subject: str, body: str, problems: list[tuple[str, str, str]]
) -> None:
    """Braces around anything else stay the way to write braces."""
    mail = makers.make_draft(
        stage.cycle,
        cast.lead.user,
        subject=subject,
        body=body,
        choices=[Choice("person", str(cast.mentee.pk))],
    )
    assert [(found.field, found.text) for found in domain.check(mail, cast.lead.user)] == [
        (field, f"In doppelten Klammern wird {written} nicht ausgefüllt. Meinten Sie {meant}?")
        for field, written, meant in problems
    ]


def test_who_lacks_a_value_is_named_ten_at_most(stage: Stage, cast: Cast) -> None:
    event = makers.make_event(stage.cycle)
    makers.make_attendee(event, cast.mentee)
    people = makers.make_mentees(stage.cycle, stage.own, 12)
    mail = makers.make_draft(stage.cycle, cast.lead.user, body="{rsvp_link}", event=event)
    (problem,) = domain.check(mail, cast.lead.user)
    assert problem.field == "body"
    assert problem.names == tuple(str(person) for person in people[:10])
    assert problem.more == 2
    assert str(people[0]) in str(problem)
    assert "und 2 weitere" in str(problem)


def test_milestones_of_another_cycle_and_dropped_ones_are_none(stage: Stage, cast: Cast) -> None:
    other = make.make_cycle(stage.programme, number=12)
    elsewhere = makers.make_milestone(other, date(2027, 9, 30), key="start")
    dropped = makers.make_milestone(
        stage.cycle, date(2027, 9, 30), key="info", state="dropped", drop_reason="online"
    )
    for argument in ("start", "info", elsewhere.pk, dropped.pk):
        mail = makers.make_draft(stage.cycle, cast.lead.user, body=f"{{termin:{argument}}}")
        assert "gibt es im Fahrplan" in domain.check(mail, cast.lead.user)[0].text


@time_machine.travel("2027-03-28 00:30:00+00:00", tick=False)
def test_times_are_those_of_the_clock_on_the_wall(stage: Stage, cast: Cast) -> None:
    """On the night in which the clock goes forward."""
    event = makers.make_event(
        stage.cycle,
        starts_at=makers.at("2027-03-28 01:30"),
        ends_at=makers.at("2027-03-28 03:30"),
    )
    mail = makers.make_draft(stage.cycle, cast.lead.user, body="{veranstaltung_zeit}", event=event)
    assert text_for(mail, cast.mentee) == "Sonntag, 28. März 2027, 1:30 bis 3:30 Uhr"


def test_the_list_beside_the_text(stage: Stage, cast: Cast) -> None:
    makers.make_milestone(stage.cycle, date(2027, 9, 30), key="start", title="Startworkshop")
    listed = {row.written: row for row in listed_placeholders(stage.cycle, cast.member.user)}
    assert listed["{vorname}"].sample
    assert listed["{termin:start}"].arguments == [("{termin:start}", "Startworkshop")]
    assert all(row.label and row.sample for row in listed.values())


@pytest.fixture
def secret_placeholder(monkeypatch: pytest.MonkeyPatch) -> None:
    """One as the confidential part registers it."""
    entry = Placeholder(
        "Tandem",
        "Kim Berg",
        lambda mail, people, argument: {person.pk: "geheim" for person in people},
        confidential=True,
    )
    monkeypatch.setitem(placeholders._entries, "tandem", (100, entry))


@pytest.mark.usefixtures("secret_placeholder")
def test_a_confidential_placeholder_is_the_beirats_alone(stage: Stage, cast: Cast) -> None:
    user = cast.logistics.user
    assert "{tandem}" not in {row.written for row in listed_placeholders(stage.cycle, user)}
    with pytest.raises(Refused, match="kann nur der Beirat"):
        makers.make_draft(stage.cycle, user, body="{tandem}")
    mail = makers.make_draft(stage.cycle, cast.member.user, subject="{Tandem}")
    assert mail.confidential
    domain.save_draft(with_subject(mail, "Hallo"), by=cast.member.user)
    assert not mail.confidential


def with_subject(mail: Any, subject: str) -> Any:
    mail.subject = subject
    return mail


def test_a_personal_link_stands_in_no_subject(stage: Stage, cast: Cast) -> None:
    """The operator reads the subjects of what could not be sent."""
    event = makers.make_event(stage.cycle)
    makers.make_attendee(event, cast.mentee)
    mail = makers.make_draft(stage.cycle, cast.lead.user, subject="{rsvp_link}", event=event)
    (problem,) = domain.check(mail, cast.lead.user)
    assert problem.field == "subject"
    assert "in den Text" in problem.text

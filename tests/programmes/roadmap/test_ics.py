"""Calendar files, read back by another library than the one that wrote them."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject

from programmes.roadmap.ics import CalendarEntry, calendar_file, uid_of

BERLIN = ZoneInfo("Europe/Berlin")


def entry(**fields: Any) -> CalendarEntry:
    fields = {
        "uid": "eins@stadt.example",
        "sequence": 0,
        "summary": "Startworkshop",
        "starts": datetime(2026, 9, 25, 9, 30, tzinfo=BERLIN),
        "ends": datetime(2026, 9, 25, 16, 0, tzinfo=BERLIN),
        **fields,
    }
    return CalendarEntry(**fields)


def read(*entries: CalendarEntry, **options: Any) -> Any:
    return vobject.readOne(calendar_file(entries, **options).decode())


def test_a_day_of_several_ends_before_the_next_one():
    found = read(entry(starts=date(2026, 10, 24), ends=date(2026, 10, 26))).vevent
    assert found.dtstart.value == date(2026, 10, 24)
    assert found.dtend.value == date(2026, 10, 27)
    assert "VALUE=DATE:20261024" in found.dtstart.serialize()


def test_a_period_of_months_does_not_make_its_reader_busy():
    found = read(entry(starts=date(2026, 3, 1), ends=date(2026, 5, 31))).vevent
    assert found.transp.value == "TRANSPARENT"
    assert read(entry()).vevent.transp.value == "OPAQUE"


@pytest.mark.parametrize(
    ("day", "in_utc"),
    [
        (date(2026, 3, 28), 9),  # the clock is put forward in the following night
        (date(2026, 3, 30), 8),
        (date(2026, 10, 24), 8),
        (date(2026, 10, 26), 9),
        (date(2041, 7, 1), 8),
    ],
)
def test_ten_o_clock_is_ten_o_clock_in_summer_and_in_winter(day, in_utc):
    starts = datetime(day.year, day.month, day.day, 10, tzinfo=BERLIN)
    written = calendar_file([entry(starts=starts, ends=starts + timedelta(hours=2))])
    assert b"DTSTART;TZID=Europe/Berlin:" + starts.strftime("%Y%m%dT100000").encode() in written
    found = vobject.readOne(written.decode()).vevent.dtstart.value
    # vobject computes with the zone as the file describes it, not with Python's own.
    assert found.astimezone(UTC) == datetime(day.year, day.month, day.day, in_utc, tzinfo=UTC)


def test_times_of_another_zone_are_written_in_ours():
    starts = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
    assert b"DTSTART;TZID=Europe/Berlin:20260701T100000" in calendar_file([entry(starts=starts)])


def test_both_rules_of_the_clock_are_written_out():
    zone = read(entry()).vtimezone
    assert zone.tzid.value == "Europe/Berlin"
    assert "BYMONTH=3" in zone.daylight.rrule.value
    assert "BYMONTH=10" in zone.standard.rrule.value


def test_a_change_keeps_the_uid_and_raises_the_sequence():
    number = uuid.uuid4()
    before = read(entry(uid=uid_of(number), sequence=1)).vevent
    after = read(entry(uid=uid_of(number), sequence=2)).vevent
    assert before.uid.value == after.uid.value == f"{number}@localhost"
    assert (before.sequence.value, after.sequence.value) == ("1", "2")


def test_text_comes_back_as_it_was():
    text = 'Übergabe; mit Süß, "Saures" \\ und mehr\nzweite Zeile: A:B\n\nnach der Lücke 🎓'
    found = read(entry(summary="Größe, Maß; 1:1", location="Bürgerhaus, Saal 2", description=text))
    assert found.vevent.summary.value == "Größe, Maß; 1:1"
    assert found.vevent.location.value == "Bürgerhaus, Saal 2"
    assert found.vevent.description.value == text


def test_long_lines_are_folded_between_letters():
    text = "Größenmaßstabsänderungsübersicht 🎓 " * 40
    written = calendar_file([entry(description=text)])
    lines = written.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    for line in lines:
        line.decode()  # no letter is cut in two
    assert vobject.readOne(written.decode()).vevent.description.value == text.strip()


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_no_text_smuggles_in_a_property(end):
    evil = f"x{end}ATTENDEE:mailto:boese@fern.example{end}END:VEVENT{end}BEGIN:VALARM"
    written = calendar_file(
        [
            entry(
                uid=evil,
                summary=evil,
                location=evil,
                description=evil,
                url=f"https://x.example/{evil}",
            )
        ],
        name=evil,
    )
    # Split as the strictest reader would: at everything Python takes for the end of a line.
    begun = [line.split(":")[0].split(";")[0] for line in written.decode().splitlines()]
    assert "ATTENDEE" not in begun
    assert [line for line in written.decode().splitlines() if line.startswith("BEGIN:")] == [
        "BEGIN:VCALENDAR",
        "BEGIN:VTIMEZONE",
        "BEGIN:DAYLIGHT",
        "BEGIN:STANDARD",
        "BEGIN:VEVENT",
    ]
    assert [child.name for child in vobject.readOne(written.decode()).vevent.components()] == []


def test_control_characters_are_left_out():
    written = calendar_file([entry(summary="Vor\x00trag\x07 \x1b[31mrot", description="a\x00b")])
    assert vobject.readOne(written.decode()).vevent.summary.value == "Vortrag [31mrot"


def test_what_is_called_off_says_so():
    assert read(entry(cancelled=True)).vevent.status.value == "CANCELLED"
    assert read(entry()).vevent.status.value == "CONFIRMED"


def test_the_calendar_has_a_name_and_says_how_often_to_ask():
    found = read(name="Mentoring, Süd; Nr. 11", refresh=timedelta(hours=6))
    assert found.contents["x-wr-calname"][0].value == "Mentoring, Süd; Nr. 11"
    assert found.contents["x-published-ttl"][0].value == "PT6H"
    assert found.prodid.value.startswith("-//")


def test_half_a_day_is_refused():
    with pytest.raises(ValueError, match="two days or two times"):
        calendar_file([entry(starts=date(2026, 1, 1))])

"""The tandems' year: eight meetings, the agreement, a call for help, an end before its time."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.matched import first_day
from tests.browser.names import GONE, JANA, JOERG, LIVELY, SPARE, STILL
from tests.browser.town import PEOPLE, Town
from tests.browser.visitor import Visitor, pdf_text

pytestmark = pytest.mark.browser

MENTEE, MENTOR = (" ".join(name) for name in (JANA, JOERG))
SILENT, LEAVER, FREE = (" ".join(name) for name in (STILL, GONE, SPARE))
WORDS = "Am besten erreichen Sie uns am Freitag vor zehn Uhr."
HELP = "Ein Tandem bittet Sie um Hilfe"


def meeting_day(number: int) -> date:
    """When the two met for the first, second, … time."""
    return first_day() + timedelta(weeks=4 * number, days=1)


def test_the_two_count_up_to_the_eighth_meeting(town: Town, folder: Path) -> None:
    mentee, mentor = town.person("year_mentee"), town.person("year_mentor")
    mentee.go("/")
    mentee.follow("Neues Treffen eintragen")
    mentee.page.wait_for_url("**/treffen/neu/")
    tandem = mentee.page.url.removesuffix("treffen/neu/").removeprefix(mentee.base)
    what_is_wrong_is_said_beside_the_field(mentee)
    for number in range(2, 8):
        enter(mentee, tandem, number)
    expect(mentee.page.locator("main")).to_contain_text("7 von 8 bis 10 Treffen")
    mentee.check()

    the_mentor_changes_one_and_enters_the_eighth(mentor, tandem)
    mentee.go("/mein-tandem/")
    expect(mentee.page.get_by_text("8 von 8 bis 10 Treffen").first).to_be_visible()
    expect(mentee.page.get_by_role("listitem").filter(has_text="45 Minuten")).to_have_count(1)
    mentee.check()
    on_paper_stands_what_was(mentee)

    the_agreement_is_signed(mentor, tandem, folder)
    they_ask_for_help(town, mentee, tandem)
    only_days_are_seen_by_others(town, tandem)


def fill(visitor: Visitor, day: date, minutes: str, form: str = "in Präsenz") -> None:
    """The form of a meeting."""
    visitor.field("Tag").fill(day.isoformat())
    visitor.field(form).check()
    visitor.field("Dauer").fill(minutes)


def line_of(visitor: Visitor, day: date) -> Locator:
    """The line of a meeting."""
    return visitor.page.get_by_role("listitem").filter(has_text=f"{day:%d.%m.%Y}")


def what_is_wrong_is_said_beside_the_field(mentee: Visitor) -> None:
    """A day before there was a tandem, and a length that is none: all that was typed stays."""
    mentee.check()
    early = first_day() - timedelta(days=1)
    fill(mentee, early, "3", "online")
    mentee.press("Treffen eintragen")
    day, minutes = mentee.field("Tag"), mentee.field("Dauer")
    expect(day).to_have_accessible_description(re.compile("erst seit dem"))
    expect(minutes).to_have_accessible_description(re.compile("von 5 bis 720"))
    expect(day).to_have_value(early.isoformat())
    expect(minutes).to_have_value("3")
    expect(mentee.field("online")).to_be_checked()
    mentee.check()
    fill(mentee, meeting_day(1), "90", "online")
    mentee.press("Treffen eintragen")
    mentee.page.get_by_text("Das Treffen ist eingetragen").wait_for()
    expect(mentee.page.locator("main")).to_contain_text("1 von 8 bis 10 Treffen")


def enter(visitor: Visitor, tandem: str, number: int) -> None:
    """The meeting with this number."""
    visitor.go(f"{tandem}treffen/neu/")
    fill(visitor, meeting_day(number), "60")
    visitor.press("Treffen eintragen")
    visitor.page.get_by_text("Das Treffen ist eingetragen").wait_for()


def the_mentor_changes_one_and_enters_the_eighth(mentor: Visitor, tandem: str) -> None:
    """Whoever entered it: both may."""
    mentor.go("/mein-tandem/")
    mentor.page.get_by_role("heading", name=f"Ihr Tandem mit {MENTEE}").wait_for()
    mentor.check()
    line_of(mentor, meeting_day(3)).get_by_role("link", name="Ändern").click()
    mentor.page.wait_for_url(re.compile(r"/treffen/\d+/$"))
    mentor.check()
    fill(mentor, meeting_day(3), "45", "am Telefon")
    mentor.press("Speichern")
    mentor.page.wait_for_url(f"**{tandem}")
    expect(mentor.page.get_by_text("am Telefon, 45 Minuten")).to_be_visible()
    twice_on_one_day(mentor, tandem)
    enter(mentor, tandem, 8)
    expect(mentor.page.locator("main")).to_contain_text("8 von 8 bis 10 Treffen")
    mentor.check()


def twice_on_one_day(mentor: Visitor, tandem: str) -> None:
    """Mostly both of the two entered the same: asked, and left as it is."""
    mentor.go(f"{tandem}treffen/neu/")
    fill(mentor, meeting_day(5), "60")
    mentor.press("Treffen eintragen")
    expect(mentor.page.get_by_role("alert").first).to_contain_text("steht schon ein Treffen")
    mentor.check()


def on_paper_stands_what_was(mentee: Visitor) -> None:
    """The page as it prints: the meetings, and nothing to click."""
    main = mentee.page.locator("main")
    mentee.page.emulate_media(media="print")
    expect(line_of(mentee, meeting_day(8))).to_be_visible()
    expect(main.get_by_text("8 von 8 bis 10 Treffen").first).to_be_visible()
    expect(mentee.page.get_by_role("banner")).to_be_hidden()
    for name in ("Ändern", "Treffen eintragen", "Wir brauchen Hilfe", "Vereinbarung als PDF"):
        expect(main.get_by_role("link", name=name)).to_have_count(0)  # nothing hidden has a role
    mentee.page.emulate_media(media="screen")
    expect(main.get_by_role("link", name="Treffen eintragen")).to_be_visible()


def the_agreement_is_signed(mentor: Visitor, tandem: str, folder: Path) -> None:
    """On paper, by both; only the day is kept."""
    mentor.go(tandem)
    file = mentor.download("Vereinbarung als PDF", folder)
    assert not any(word in file.name for word in (*JANA, *JOERG)), "a file name tells nothing"
    text = pdf_text(file.read_bytes())
    for words in (MENTEE, MENTOR, "Mentoringvereinbarung", "Stadt Ahausen", "Stadt Übelheim"):
        assert words in text
    mentor.follow("Eintragen, wann Sie unterschrieben haben")
    mentor.check()
    signed = mentor.field("Unterschrieben am")
    ahead = date.today() + timedelta(days=2)
    signed.fill(ahead.isoformat())
    mentor.press("Speichern")
    expect(signed).to_have_accessible_description(re.compile("liegt in der Zukunft"))
    expect(signed).to_have_value(ahead.isoformat())
    signed.fill(meeting_day(1).isoformat())
    mentor.press("Speichern")
    mentor.page.wait_for_url(f"**{tandem}")
    expect(mentor.page.get_by_text(f"Unterschrieben am {meeting_day(1):%d.%m.%Y}")).to_be_visible()


def they_ask_for_help(town: Town, mentee: Visitor, tandem: str) -> None:
    """The mail has the words, the contact the call; nobody else has either."""
    mentee.go(tandem)
    mentee.follow("Wir brauchen Hilfe")
    mentee.page.get_by_text("geht an Lena Leitung").wait_for()
    mentee.check()
    mentee.field("Was möchten Sie dazu sagen?").fill(WORDS)
    mentee.press("Nachricht senden")
    mentee.page.get_by_text("Ihre Nachricht an Lena Leitung ist unterwegs").wait_for()
    mentee.check()
    assert WORDS not in mentee.page.content()
    told = town.text_to(PEOPLE["lead"], HELP)
    assert WORDS in told
    assert len(town.mails(HELP)) == 1
    page = town.link_to(PEOPLE["lead"], HELP, "/durchgaenge/")

    lead, member = town.person("lead"), town.person("member")
    for reader, number in ((lead, 1), (member, 0)):
        reader.go("/")
        expect(reader.page.get_by_role("link", name="Ein Tandem bittet um Hilfe")).to_have_count(
            number
        )
        reader.go(page)
        assert WORDS not in reader.page.content()
    lead.check()
    lead.follow("Als erledigt eintragen")
    lead.press("Erledigt")
    lead.page.get_by_text("Die Bitte um Hilfe ist erledigt").wait_for()
    lead.check()


def only_days_are_seen_by_others(town: Town, tandem: str) -> None:
    """The Beirat reads days and a number, HR the name alone, the Logistikpartner nothing."""
    cycle = town.cycle("year")
    member = town.person("member")
    member.go(f"{cycle}tandems/")
    member.check()
    row = member.page.get_by_role("row").filter(has_text=MENTEE)
    expect(row.get_by_role("cell", name="8", exact=True)).to_have_count(1)
    expect(row).to_contain_text(f"{meeting_day(8):%d.%m.%Y}")
    row.get_by_role("link", name=MENTEE).click()
    member.page.get_by_role("heading", name=f"{MENTEE} und {MENTOR}").wait_for()
    member.check()
    said = member.page.locator("main").inner_text()
    assert all(f"{meeting_day(number):%d.%m.%Y}" in said for number in range(1, 9))
    for word in ("Minuten", "am Telefon", "in Präsenz", "online"):
        assert word not in said
    path = member.page.url.removeprefix(member.base)

    for key, other, page in (
        ("hr", MENTOR, f"{cycle}bewerbungen/"),
        ("other_hr", MENTEE, f"{cycle}mentoren/"),
    ):
        hr = town.person(key)
        hr.go(page)
        hr.follow(JANA[1] if key == "hr" else JOERG[1])
        told = hr.page.get_by_role("region", name="Tandem")
        expect(told).to_contain_text(other)
        hr.check()
        for number in range(1, 9):
            assert f"{meeting_day(number):%d.%m.%Y}" not in hr.page.content()
    for key in ("hr", "other_hr", "logistics", "silent_mentee"):
        visitor = town.person(key)
        for shut in (f"{cycle}tandems/", path, tandem, f"{tandem}vereinbarung.pdf"):
            assert visitor.page.request.get(shut).status in (403, 404), (key, shut)


def test_a_meeting_is_planned_without_scripts(town: Town) -> None:
    mentor = town.person("year_mentor", java_script_enabled=False)
    mentor.go("/mein-tandem/")
    counted = mentor.page.locator("label", has_text="von 8 bis 10 Treffen").inner_text()
    mentor.follow("Treffen eintragen")
    fill(mentor, date.today() + timedelta(weeks=500), "60", "online")
    mentor.press("Treffen eintragen")
    expect(mentor.field("Tag")).to_have_accessible_description(re.compile("mehr als ein Jahr"))
    expect(mentor.field("online")).to_be_checked()
    planned = date.today() + timedelta(weeks=2)
    fill(mentor, planned, "60", "online")
    mentor.press("Treffen eintragen")
    mentor.page.get_by_text("Das Treffen ist eingetragen").wait_for()
    mentor.page.get_by_role("heading", name="Geplant").wait_for()
    expect(line_of(mentor, planned)).to_contain_text("online, 60 Minuten")
    expect(mentor.page.get_by_text(counted).first).to_be_visible()  # planned ones do not count
    line_of(mentor, planned).get_by_role("link", name="Löschen").click()
    mentor.press("Löschen")
    mentor.page.get_by_text("Das Treffen ist gelöscht").wait_for()
    mentor.check()


def test_the_beirat_follows_and_one_tandem_ends(town: Town) -> None:
    cycle, lead, member = town.cycle("year"), town.person("lead"), town.person("member")
    a_draft_to_the_silent(town, member, cycle)
    tandem = the_member_accompanies(member, cycle)
    mentee = town.person("silent_mentee")
    mentee.go("/mein-tandem/")
    expect(mentee.page.get_by_role("article", name=LEAVER)).to_contain_text("Mara Mit-Glied")
    mentee.check()

    it_ends_early(lead, tandem)
    secret = somebody_else_is_found(lead, member)
    mentee.go("/mein-tandem/")
    expect(mentee.page.locator("main")).to_contain_text("bespricht der Beirat mit Ihnen")
    mentee.check()
    hr, other_hr, logistics = (town.person(key) for key in ("hr", "other_hr", "logistics"))
    for visitor, name in ((mentee, SPARE[1]), (other_hr, SPARE[1]), (logistics, "")):
        for path in ("/", "/mein-tandem/", "/meine-bewerbung/", "/termine/"):
            assert not name or name not in visitor.page.request.get(path).text(), path
        assert visitor.page.request.get(secret).status in (403, 404)
    the_own_half_shows_nothing_new(hr, f"{cycle}mentoren/", SPARE[1], SILENT)
    the_own_half_shows_nothing_new(other_hr, f"{cycle}bewerbungen/", STILL[1], FREE)
    lead.go(f"{cycle}tandems/")
    assert SPARE[1] not in lead.page.locator("main").inner_text(), "followed once it is known"


def a_draft_to_the_silent(town: Town, member: Visitor, cycle: str) -> None:
    """Filtered, then written to: a draft, and no mail."""
    member.go(f"{cycle}tandems/")
    member.field("ohne Treffen seit").fill("8")
    member.press("Filtern")
    member.page.wait_for_url("**silent=8**")
    member.check()
    rows = member.page.locator("main").get_by_role("row")
    expect(rows.filter(has_text=SILENT)).to_have_count(1)
    expect(rows.filter(has_text=SILENT).get_by_role("cell", name="20", exact=True)).to_have_count(1)
    expect(rows.filter(has_text=LIVELY[0][1])).to_have_count(0)
    member.follow("Rundmail-Entwurf an stille Tandems")
    member.check()
    chosen = member.page.get_by_role("group", name="An beide Hälften dieser Tandems")
    assert chosen.get_by_label(SILENT).is_checked()
    for box in chosen.get_by_role("checkbox").all():
        box.set_checked(False)
    member.press("Entwurf anlegen")
    expect(member.page.get_by_role("alert").first).to_contain_text("ginge die Mail an niemanden")
    member.check()
    chosen.get_by_label(SILENT).check()
    member.press("Entwurf anlegen")
    member.page.get_by_text("Der Entwurf ist angelegt, verschickt ist nichts").wait_for()
    member.check()
    told = member.page.locator("main").inner_text()
    assert "vertraulich" in told.casefold()
    assert not town.mails("Wie geht es Ihrem Tandem?")


def the_member_accompanies(member: Visitor, cycle: str) -> str:
    """The silent tandem. Returns the address."""
    member.go(f"{cycle}tandems/")
    member.follow(SILENT)
    member.page.get_by_role("heading", name=f"{SILENT} und {LEAVER}").wait_for()
    tandem = member.page.url.removeprefix(member.base)
    member.follow("Ich begleite")
    member.check()
    member.press("Ich begleite")
    member.page.get_by_text("Sie begleiten dieses Tandem jetzt").wait_for()
    member.check()
    assert not member.page.get_by_role("link", name="Vorzeitig beenden").count(), "for a lead"
    return tandem


def it_ends_early(lead: Visitor, tandem: str) -> None:
    """With a class of reason; the mentor leaves the programme."""
    lead.go(tandem)
    lead.check()
    lead.follow("Vorzeitig beenden")
    lead.check()
    lead.page.get_by_role("checkbox", name=LEAVER).check()
    lead.press("Tandem beenden")
    lead.page.get_by_role("alert").first.wait_for()
    lead.check()
    assert lead.page.get_by_role("checkbox", name=LEAVER).is_checked()
    lead.page.get_by_role("radio", name="Mentor/in hat die Kommune").check()
    lead.press("Tandem beenden")
    lead.page.get_by_text("Das Tandem ist beendet").wait_for()
    lead.check()


def somebody_else_is_found(lead: Visitor, member: Visitor) -> str:
    """At the wall as the first time, by itself. Returns the address of the new tandem."""
    lead.follow(f"Neues Match für {SILENT}")
    lead.page.get_by_role("heading", name=SILENT, level=1).wait_for()
    lead.check()
    box = lead.page.get_by_role("combobox", name="Mentor/in", exact=True)
    option = box.locator("option").filter(has_text=FREE)
    box.select_option(value=option.get_attribute("value"))
    lead.field("Was spricht dafür?").fill("Kennt den Weg.")
    lead.press("Idee hinzufügen")
    lead.page.get_by_text("Die Idee steht an der Wand").wait_for()
    lead.page.locator("main").get_by_role("heading", name=FREE).get_by_role("link").click()
    lead.follow("Als Tandem vorschlagen")
    lead.check()
    lead.press("Vorschlagen")
    lead.page.get_by_text("Jetzt sagen beide Kommunen").wait_for()
    lead.check()
    expect(lead.page.locator("main")).to_contain_text("Es wird für sich bekannt gegeben")
    secret = lead.page.url.removeprefix(lead.base)
    member.go(secret)
    member.check()
    return secret


def the_own_half_shows_nothing_new(hr: Visitor, people: str, own: str, other: str) -> None:
    """The page of the half that works in the house."""
    hr.go(people)
    hr.follow(own)
    hr.page.get_by_role("heading", level=1).wait_for()
    hr.check()
    assert other not in hr.page.content()

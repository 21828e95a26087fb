"""The matching: two at the wall at once, the decision, the secret kept, and the reveal."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.names import GUIDES, PLACED, address
from tests.browser.town import Town
from tests.browser.visitor import Visitor, pdf_text

pytestmark = pytest.mark.browser

MENTEE, MENTOR = (" ".join(name) for name in (PLACED[0], GUIDES[0]))
HIDDEN_MENTEE, HIDDEN_MENTOR = PLACED[0][1], GUIDES[0][1]
COLLEAGUE = " ".join(GUIDES[1])
OTHER = " ".join(PLACED[1])
REASON = "Beide haben ein Team neu übernommen."
TYPED = "Kennen dasselbe Haus."
QUESTION = "Ist der Weg nicht zu weit?"
SAME_EMPLOYER = "Beide arbeiten bei derselben Kommune: Ahausen."


def test_two_stand_at_the_wall_at_once(town: Town) -> None:
    cycle, lead, member = town.cycle("matching"), town.person("lead"), town.person("member")
    lead.go(f"{cycle}matching/")
    lead.check()
    lead.page.evaluate("window.neverLeft = true")
    card = lead.page.get_by_role("article", name=MENTEE)
    expect(card).to_contain_text("Noch keine Idee")

    a_pair_that_a_rule_forbids(member, cycle)
    the_member_has_an_idea(member)
    expect(card.get_by_role("link", name=MENTOR)).to_be_visible()
    expect(lead.page.get_by_role("status").first).to_contain_text("aktualisiert")
    member.go(f"{cycle}matching/")
    their_card = member.page.get_by_role("article", name=MENTEE)

    second = lead.context.new_page()
    second.goto(lead.page.url)
    second.get_by_role("article", name=MENTEE).get_by_role("link", name=MENTOR).click()
    second.get_by_role("button", name="dafür").click()
    second.get_by_text("Eingetragen für Ahausen: dafür").wait_for()
    expect(their_card).to_contain_text("dafür (1): Ahausen")
    second.get_by_role("textbox", name="Ihre Bemerkung").fill(QUESTION)
    second.get_by_role("button", name="Bemerkung hinzufügen").click()
    second.get_by_text("Ihre Bemerkung steht da").wait_for()
    expect(their_card).to_contain_text("1 Bemerkung")

    the_member_knows_the_mentor(member)
    expect(card).to_contain_text("befangen: Mara Mit-Glied kennt")
    assert lead.page.evaluate("window.neverLeft"), "the wall was never loaded anew"
    lead.check()


def other_half(visitor: Visitor, name: str) -> None:
    """Choose ``name`` as the mentor of a new idea."""
    box = visitor.page.get_by_role("combobox", name="Mentor/in", exact=True)
    option = box.locator("option").filter(has_text=name)
    box.select_option(value=option.get_attribute("value"))


def a_pair_that_a_rule_forbids(member: Visitor, cycle: str) -> None:
    """It says which, and what was typed stays."""
    member.go(f"{cycle}matching/")
    member.page.get_by_role("article", name=MENTEE).get_by_role("link", name=MENTEE).first.click()
    member.page.get_by_role("heading", name=MENTEE, level=1).wait_for()
    member.check()
    other_half(member, COLLEAGUE)
    member.field("Was spricht dafür?").fill(TYPED)
    member.press("Idee hinzufügen")
    expect(member.page.get_by_role("alert").first).to_contain_text(SAME_EMPLOYER)
    member.check()
    assert member.field("Was spricht dafür?").input_value() == TYPED


def the_member_has_an_idea(member: Visitor) -> None:
    """On the page at hand; what was typed for the forbidden pair is changed."""
    other_half(member, MENTOR)
    member.field("Was spricht dafür?").fill(REASON)
    member.press("Idee hinzufügen")
    member.page.get_by_text("Die Idee steht an der Wand").wait_for()
    assert member.page.get_by_text(REASON).is_visible()
    member.check()


def the_member_knows_the_mentor(member: Visitor) -> None:
    """And says so; it stands at each idea with the mentor."""
    member.page.locator("#wand").get_by_role("listitem").get_by_role(
        "link", name=MENTOR
    ).last.click()
    member.page.get_by_role("heading", name=MENTOR, level=1).wait_for()
    member.check()
    member.follow("Ich kenne diese Person")
    member.check()
    member.field("Woher?").fill("frühere Kollegin")
    member.press("Eintragen")
    member.page.get_by_text("Das steht jetzt an jeder Idee").wait_for()
    member.check()


def test_the_computer_suggests_and_a_meeting_goes_on_without_it(town: Town, folder: Path) -> None:
    cycle, lead = town.cycle("matching"), town.person("lead")
    lead.go(f"{cycle}matching/vorschlaege/")
    lead.check()
    lead.follow("Zuteilung berechnen")
    lead.check()
    lead.press("Berechnen")
    lead.page.get_by_text("Die Zuteilung ist berechnet").wait_for()
    lead.check()
    pairs = lead.page.get_by_role("region", name="3 Paare")
    for first_name, last_name in PLACED:
        assert pairs.get_by_role("link", name=f"{first_name} {last_name}").first.is_visible()
    said = lead.page.locator("main").inner_text()
    assert not re.search(r"\d\s*%|\d,\d", said), "words and bars, no number of truth"

    lead.follow("Die besten drei je Mentee")
    lead.check()
    part = lead.page.get_by_role("region", name=OTHER)
    best = part.get_by_role("listitem")
    expect(best.filter(has=lead.page.get_by_role("img"))).to_have_count(2)  # one is of the house
    best.get_by_role("button", name="Als Idee an die Wand").first.click()
    lead.page.get_by_text("Die Idee steht an der Wand").wait_for()
    lead.check()
    assert (
        lead.page.get_by_role("region", name=OTHER).get_by_text("Steht schon an der Wand").count()
    )

    lead.go(f"{cycle}matching/")
    lead.follow("Moderiert durchgehen")
    lead.page.wait_for_url("**/moderiert/*/")
    lead.check()
    keys_lead_through_the_meeting(lead)
    the_cards_are_printed(lead, cycle, folder)


def keys_lead_through_the_meeting(lead: Visitor) -> None:
    """The arrows from mentee to mentee, the space bar the clock."""
    first = lead.page.url
    name = lead.page.get_by_role("heading", level=2).first
    shown = name.inner_text()
    lead.page.keyboard.press("ArrowRight")
    expect(name).not_to_have_text(shown)
    expect(name).to_be_focused()
    assert lead.page.url != first
    lead.check()
    lead.page.keyboard.press("Space")
    expect(lead.page.get_by_role("button", name="Pause")).to_be_visible()
    expect(lead.page.get_by_role("timer")).not_to_have_text("5:00")
    lead.page.keyboard.press("Space")
    expect(lead.page.get_by_role("button", name="Start")).to_be_visible()
    lead.page.keyboard.press("ArrowLeft")
    expect(name).to_have_text(shown)
    assert lead.page.url == first


def the_cards_are_printed(lead: Visitor, cycle: str, folder: Path) -> None:
    """One for each person, each of them marked."""
    lead.go(f"{cycle}matching/karten/")
    lead.check()
    with lead.page.expect_download() as waiting:
        lead.press("Karten erstellen")
    waiting.value.save_as(folder / "karten.pdf")
    text = pdf_text((folder / "karten.pdf").read_bytes())
    for first_name, last_name in (*PLACED, *GUIDES):
        assert f"{first_name} {last_name}" in text
    assert text.count("vertraulich") >= len((*PLACED, *GUIDES))


def test_a_match_is_decided_kept_secret_and_revealed(town: Town) -> None:
    cycle, lead, member = town.cycle("matching"), town.person("lead"), town.person("member")
    application, mentor = the_pages_of_both(lead, cycle)
    pair = f"{cycle}matching/paar/{application}/{mentor}/"
    tandem = the_pair_is_decided(lead, member, pair)
    the_whole_set_is_sealed(lead, cycle)

    mentee, guide = town.person("mentee"), town.person("mentor")
    hr, other_hr = town.person("hr"), town.person("other_hr")
    logistics = town.person("logistics")
    own = {
        mentee: (HIDDEN_MENTOR, "meine-bewerbung/"),
        guide: (HIDDEN_MENTEE, ""),
        hr: (HIDDEN_MENTOR, f"{cycle}bewerbungen/{application}/".removeprefix("/")),
        other_hr: (HIDDEN_MENTEE, f"{cycle}mentoren/{mentor}/".removeprefix("/")),
    }
    for visitor, (name, page) in own.items():
        finds_nothing(visitor, cycle, name, f"/{page}")
        the_matching_is_shut(visitor, cycle, pair, tandem)
    calendars = [calendar_of(visitor) for visitor in (mentee, guide)]
    the_logistics_partner_knows_no_pair(logistics, cycle, pair, tandem)

    the_lead_reveals(lead, cycle)
    for visitor, other in ((mentee, GUIDES[0]), (guide, PLACED[0])):
        visitor.go("/mein-tandem/")
        visitor.page.get_by_role("heading", name=f"Ihr Tandem mit {' '.join(other)}").wait_for()
        assert visitor.page.get_by_role("link", name=address(*other)).is_visible()
        visitor.check()
    for visitor, (name, page) in ((one, own[one]) for one in (hr, other_hr)):
        visitor.go(f"/{page}")
        expect(visitor.page.get_by_role("region", name="Tandem")).to_contain_text(name)
        visitor.check()
        the_matching_is_shut(visitor, cycle, pair, tandem)
    other_hr.go(f"{cycle}bewerbungen/{application}/", status=404)
    hr.go(f"{cycle}mentoren/{mentor}/", status=404)
    the_logistics_partner_knows_no_pair(logistics, cycle, pair, tandem)
    for visitor, link in zip((mentee, guide), calendars, strict=True):
        assert "Tandem mit" not in visitor.page.request.get(link).text()


def the_pages_of_both(lead: Visitor, cycle: str) -> tuple[str, str]:
    """The primary keys of application and mentor, as they stand in addresses."""
    lead.go(f"{cycle}matching/")
    wall = lead.page.locator("#wand")

    def key(link: Locator) -> str:
        return (link.get_attribute("href") or "").strip("/").rpartition("/")[2]

    mentors = wall.get_by_role("region", name="Mentor/innen")
    return (
        key(wall.get_by_role("heading", name=MENTEE).get_by_role("link")),
        key(mentors.get_by_role("link", name=MENTOR)),
    )


def the_pair_is_decided(lead: Visitor, member: Visitor, pair: str) -> str:
    """Proposed by a member; closed by a lead, once both Kommunen agree. Returns the address."""
    member.go(pair)
    member.check()
    assert member.page.get_by_text("Dem Vorschlag steht nichts im Weg").is_visible()
    member.follow("Als Tandem vorschlagen")
    member.check()
    member.field("Warum passen die beiden").fill(REASON)
    member.press("Vorschlagen")
    member.page.get_by_text("Jetzt sagen beide Kommunen").wait_for()
    tandem = urlsplit(member.page.url).path
    member.check()
    member.follow("Stimmen eintragen")
    member.check()
    groups = member.page.get_by_role("group", name="Stimme von")
    expect(groups).to_have_count(1)  # that of the own Kommune
    groups.get_by_label("Zustimmung").check()
    member.press("Stimmen speichern")
    member.page.get_by_text("Gespeichert").wait_for()
    assert not member.page.get_by_role("link", name="Beschließen").count()

    lead.go(tandem)
    lead.check()
    lead.follow("Beschließen")
    lead.press("Beschließen")
    expect(lead.page.get_by_role("alert").first).to_contain_text("Die Stimme von Ahausen fehlt")
    lead.check()
    lead.go(tandem)
    lead.follow("Stimmen eintragen")
    lead.page.get_by_role("group", name="Stimme von Ahausen").get_by_label("Zustimmung").check()
    lead.field("Stimmen alle zu, das Tandem damit beschließen").check()
    lead.check()
    lead.press("Stimmen speichern")
    lead.page.get_by_text("Das Tandem ist beschlossen").wait_for()
    lead.check()
    return tandem


def the_whole_set_is_sealed(lead: Visitor, cycle: str) -> None:
    """After a look at who is left over."""
    lead.go(f"{cycle}matching/pruefen/")
    lead.check()
    assert lead.page.get_by_role("row", name=re.compile(f"{MENTEE}.*{MENTOR}")).is_visible()
    left = lead.page.get_by_role("region", name="Mentees ohne Tandem")
    expect(left.get_by_role("listitem")).to_have_count(2)
    lead.follow("1 Tandem versiegeln")
    lead.check()
    lead.press("1 Tandem versiegeln")
    lead.page.get_by_text("1 Tandem ist versiegelt").wait_for()
    lead.check()


def finds_nothing(visitor: Visitor, cycle: str, name: str, own: str) -> None:
    """Wherever this visitor may look, ``name`` does not stand; nor in what is downloaded."""
    for path in ("/", "/mein-tandem/", own):
        visitor.go(path)
        visitor.check()
        assert name not in visitor.page.content(), path
    places = [
        *("/termine/", "/unterlagen/", "/konto/kalender/", "/meine-daten/", "/personen/"),
        *("/meine-daten/auskunft/", "/durchgaenge/", "/auftraege/", "/protokoll/", cycle),
        *(f"{cycle}{page}/" for page in ("bewerbungen", "ergebnisse", "mentoren", "teilnehmende")),
        *(f"{cycle}{page}/" for page in ("veranstaltungen", "fahrplan", "rundmails", "unterlagen")),
    ]
    for path in places:
        answer = visitor.page.request.get(path)
        assert answer.status in (200, 403, 404), path
        assert name not in answer.text(), path


def the_matching_is_shut(visitor: Visitor, cycle: str, pair: str, tandem: str) -> None:
    """For all who do not match."""
    rooms = ("", "stand/", "pruefen/", "vorschlaege/", "karten/", "moderiert/", "bekanntgabe/")
    for path in (pair, tandem, f"{cycle}tandems/", *(f"{cycle}matching/{room}" for room in rooms)):
        assert visitor.page.request.get(path).status in (403, 404), path


def calendar_of(visitor: Visitor) -> str:
    """The address of the visitor's own calendar, in which nobody else stands."""
    visitor.go("/konto/kalender/")
    visitor.follow("Adresse erzeugen")
    visitor.press("Adresse erzeugen")
    link = visitor.field("Adresse zum Kopieren").input_value()
    told = visitor.page.request.get(link).text()
    assert "BEGIN:VCALENDAR" in told
    assert not any(last_name in told for _, last_name in (*PLACED, *GUIDES))
    return link


def the_logistics_partner_knows_no_pair(
    logistics: Visitor, cycle: str, pair: str, tandem: str
) -> None:
    """The participants stand in a list, and no two of them together."""
    the_matching_is_shut(logistics, cycle, pair, tandem)
    for path in ("bewerbungen/", "mentoren/", "ergebnisse/"):
        assert logistics.page.request.get(f"{cycle}{path}").status in (403, 404), path
    key = tandem.strip("/").rpartition("/")[2]
    assert logistics.page.request.get(f"/mein-tandem/{key}/").status == 404
    logistics.go(f"{cycle}teilnehmende/")
    rows = logistics.page.get_by_role("row").filter(has_text=HIDDEN_MENTEE)
    expect(rows).to_have_count(1)
    assert HIDDEN_MENTOR not in rows.inner_text()


def the_lead_reveals(lead: Visitor, cycle: str) -> None:
    """From the start page; read first who will see whom, then confirmed, then done."""
    lead.go("/")
    lead.follow("Bekanntgabe heute")
    lead.page.wait_for_url(f"**{cycle}matching/bekanntgabe/")
    lead.check()
    row = lead.page.get_by_role("row").filter(has_text=MENTEE)
    for told in (f"sieht {MENTOR}", f"sieht {MENTEE}", f"Ahausen sieht {MENTOR}"):
        expect(row).to_contain_text(told)
    lead.press("1 Tandem jetzt bekannt geben")
    expect(lead.page.get_by_role("alert").first).to_contain_text("dass Sie die Liste gelesen")
    lead.check()
    lead.field("Ich habe die Liste gelesen").check()
    lead.press("1 Tandem jetzt bekannt geben")
    lead.page.get_by_text("1 Tandem ist jetzt bekannt gegeben").wait_for()
    lead.check()

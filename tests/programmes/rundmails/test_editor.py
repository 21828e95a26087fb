"""Writing a Rundmail: nothing typed is lost, and a draft saves without being complete."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from programmes.roadmap.models import Milestone
from programmes.rundmails.models import Rundmail
from tests import factories as make
from tests.conftest import Cast, Stage
from tests.mentoring.files.samples import pdf, upload
from tests.programmes.rundmails.page_makers import make_mail

pytestmark = pytest.mark.django_db
EMPTY = {"subject": "", "body": "", "when": "now"}


def create_url(stage: Stage, query: str = "") -> str:
    return reverse("rundmails:create", args=[stage.cycle.pk]) + query


def edit_url(mail: Rundmail, query: str = "") -> str:
    return reverse("rundmails:edit", args=[mail.cycle_id, mail.pk]) + query


def posted(browser: Any, mail: Rundmail, **data: Any) -> Any:
    """Post the editor as it stands, with some fields typed anew."""
    page = browser.get(edit_url(mail))
    form = page.context["form"]
    values = {
        name: "" if form[name].value() is None else form[name].value()
        for name in form.fields
        if name not in ("files", "remove", "people", "attach_calendar")
    }
    return browser.post(edit_url(mail), {**values, "_version": form.version_token, **data})


def make_milestone(stage: Stage, **fields: Any) -> Milestone:
    fields.setdefault("title", "Startworkshop")
    fields.setdefault("starts_on", date(2030, 9, 27))
    fields.setdefault("ends_on", fields["starts_on"])
    return Milestone.objects.create(cycle=stage.cycle, **fields)


def errors_of(response: Any) -> dict[str, Any]:
    assert response.status_code == 200
    return dict(response.context["form"].errors)


def test_a_draft_is_saved_without_being_complete(stage: Stage, client_of: Any) -> None:
    browser = client_of("member")
    response = browser.post(create_url(stage), {**EMPTY, "body": "Nur ein Anfang"})
    mail = Rundmail.objects.get()
    assert response.headers["Location"] == mail.get_absolute_url()
    assert mail.body == "Nur ein Anfang"
    assert mail.state == "draft"
    assert "(ohne Betreff)" in browser.get(mail.get_absolute_url()).content.decode()


def test_an_unknown_placeholder_is_named_beside_the_field(stage: Stage, client_of: Any) -> None:
    mail = make_mail(stage.cycle, "mentees", body="Hallo {vornamme}")
    page = client_of("member").get(edit_url(mail)).content.decode()
    beside = page.split('id="feld-body"')[1].split("<textarea")[0]
    assert "Den Platzhalter {vornamme} gibt es nicht." in beside


def test_the_placeholders_stand_beside_the_text(stage: Stage, client_of: Any) -> None:
    make_milestone(stage, key="start")
    page = client_of("logistics").get(create_url(stage)).content.decode()
    for written in ("{anrede}", "{rsvp_link}", "{termin:start}"):
        assert f"<code data-insert>{written}</code>" in page
    assert "## Überschrift" in page


def test_the_audience_is_put_together_row_by_row(stage: Stage, client_of: Any) -> None:
    mail = make_mail(stage.cycle)
    browser = client_of("lead")
    response = posted(
        browser,
        mail,
        part_0="mentees|",
        sign_0="plus",
        part_1="council|leads",
        sign_1="minus",
        more_rows="1",
    )
    assert response.headers["Location"] == edit_url(mail) + "#empfaenger"
    stored = [(row.audience, row.value, row.minus) for row in mail.choices.all()]
    assert stored == [("mentees", "", False), ("council", "leads", True)]
    form = browser.get(edit_url(mail)).context["form"]
    assert len(form.rows) == 5
    assert form["part_1"].value() == "council|leads"
    assert form["sign_1"].value() == "minus"


def test_a_group_is_not_added_and_taken_off_at_once(stage: Stage, client_of: Any) -> None:
    mail = make_mail(stage.cycle)
    response = posted(
        client_of("lead"),
        mail,
        body="Das bleibt stehen",
        part_0="mentees|",
        sign_0="plus",
        part_1="mentees|",
        sign_1="minus",
    )
    assert "part_1" in errors_of(response)
    assert "Das bleibt stehen" in response.content.decode()
    assert not mail.choices.exists()


def test_a_person_is_searched_for_and_added(stage: Stage, cast: Cast, client_of: Any) -> None:
    mail = make_mail(stage.cycle)
    browser = client_of("lead")
    response = posted(browser, mail, person_name=cast.mentee.last_name, find_people="1")
    found = browser.get(response.headers["Location"].partition("#")[0])
    assert cast.mentee.full_name in found.content.decode()
    posted(browser, mail, people=[str(cast.mentee.pk)])
    assert [(row.audience, row.value) for row in mail.choices.all()] == [
        ("person", str(cast.mentee.pk))
    ]
    posted(browser, mail, subject="Noch einmal")
    assert mail.choices.count() == 1


def test_nobody_outside_the_cycle_is_found_or_added(stage: Stage, client_of: Any) -> None:
    mail = make_mail(stage.cycle)
    outsider = make.make_person(last_name="Fremdling")
    browser = client_of("lead")
    page = browser.get(edit_url(mail, "?person=Fremdling")).content.decode()
    assert "Niemand in diesem Durchgang heißt" in page
    for key in (str(outsider.pk), "9" * 30, "x"):
        assert "people" in errors_of(posted(browser, mail, people=[key]))
    assert not mail.choices.exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"when": "at", "send_on": ""}, "send_on"),
        ({"when": "at", "send_on": "2001-01-01"}, "send_on"),
        ({"when": "at", "send_on": "9999-12-31"}, "send_on"),
        ({"when": "at", "send_on": "2035-03-25", "clock": "02:30"}, "clock"),
        ({"when": "hung", "milestone": ""}, "milestone"),
        ({"when": "hung", "days": "99999999999999999999"}, "days"),
        ({"when": "sometime"}, "when"),
        ({"event": "99999999999999999999"}, "event"),
        ({"reply_to": "niemand"}, "reply_to"),
        ({"body": "a\x00b"}, "body"),
        ({"subject": "x" * 300}, "subject"),
        ({"part_0": "erfunden|"}, "part_0"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_text_stays(
    stage: Stage, client_of: Any, typed: dict[str, str], field: str
) -> None:
    mail = make_mail(stage.cycle, body="Alter Text")
    data = {"body": "Neuer Text", **typed}
    response = posted(client_of("lead"), mail, **data)
    assert field in errors_of(response)
    if field != "body":
        assert "Neuer Text" in response.content.decode()
    mail.refresh_from_db()
    assert mail.body == "Alter Text"


def test_a_fixed_time_is_kept_through_the_change_of_the_clock(stage: Stage, client_of: Any) -> None:
    mail = make_mail(stage.cycle)
    browser = client_of("lead")
    posted(browser, mail, when="at", send_on="2035-10-28", clock="02:30")
    mail.refresh_from_db()
    assert mail.send_at is not None
    assert f"{timezone.localtime(mail.send_at):%d.%m.%Y %H:%M %Z}" == "28.10.2035 02:30 CEST"
    assert browser.get(edit_url(mail)).context["form"]["when"].value() == "at"


def test_a_mail_hangs_on_a_milestone(stage: Stage, client_of: Any) -> None:
    milestone = make_milestone(stage)
    mail = make_mail(stage.cycle)
    browser = client_of("logistics")
    posted(
        browser, mail, when="hung", milestone=milestone.pk, days="14", side="before", clock="09:00"
    )
    mail.refresh_from_db()
    assert (mail.milestone, mail.days_from_milestone) == (milestone, -14)
    page = browser.get(mail.get_absolute_url()).content.decode()
    assert "14 Tage vor dem Meilenstein „Startworkshop“, um 09:00 Uhr: 13.09.2030" in page
    posted(browser, mail, when="now")
    mail.refresh_from_db()
    assert mail.days_from_milestone is None


def test_files_are_attached_and_taken_off(stage: Stage, client_of: Any) -> None:
    mail = make_mail(stage.cycle)
    browser = client_of("lead")
    wrong = [upload(f"plan{number}.exe", b"MZ\x00\x01") for number in (1, 2)]
    refused = posted(browser, mail, files=wrong)
    assert "files" in errors_of(refused)
    posted(browser, mail, files=[upload("plan.pdf", pdf())])
    attachment = mail.attachments.get()
    assert "plan.pdf" in browser.get(mail.get_absolute_url()).content.decode()
    assert b"".join(browser.get(attachment.file.get_absolute_url())).startswith(b"%PDF")
    assert client_of("hr").get(attachment.file.get_absolute_url()).status_code == 404
    posted(browser, mail, remove=[str(attachment.pk)])
    assert not mail.attachments.exists()


def test_two_writers_are_shown_both_versions(stage: Stage, client_of: Any) -> None:
    mail = make_mail(stage.cycle, "mentees")
    first, second = client_of("lead"), client_of("member")
    token = second.get(edit_url(mail)).context["form"].version_token
    posted(first, mail, part_0="mentors|", body="Vom ersten")
    response = second.post(
        edit_url(mail),
        {**EMPTY, "body": "Vom zweiten", "part_0": "mentees|", "clock": "08:00", "_version": token},
    )
    conflict = {row.name: (row.mine, row.stored) for row in response.context["form"].conflict}
    assert conflict["body"] == ("Vom zweiten", "Vom ersten")
    assert "part_0" in conflict
    mail.refresh_from_db()
    assert mail.body == "Vom ersten"
    assert [row.audience for row in mail.choices.all()] == ["mentors"]


def test_a_released_mail_is_written_no_more(stage: Stage, client_of: Any) -> None:
    mail = make_mail(stage.cycle, "mentees")
    browser = client_of("lead")
    page = browser.get(edit_url(mail))
    Rundmail.objects.filter(pk=mail.pk).update(
        state="released", released_at=timezone.now(), send_at=timezone.now()
    )
    response = browser.post(
        edit_url(mail),
        {**EMPTY, "body": "Zu spät", "_version": page.context["form"].version_token},
    )
    assert response.status_code == 200
    assert "Zu spät" in response.content.decode()
    mail.refresh_from_db()
    assert mail.body != "Zu spät"


def test_the_logistikpartner_cannot_make_a_mail_confidential_by_guessing(
    stage: Stage, client_of: Any
) -> None:
    secret = make_mail(stage.cycle, confidential=True)
    assert client_of("logistics").get(edit_url(secret)).status_code == 404

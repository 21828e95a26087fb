"""A mentor fills in the own sheet by a personal link; who keeps the sheet sends it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import rules
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from mentoring.ui.views import ActionPage, ObjectActionPage, UpdatePage
from programmes.people.models import Person
from tandems.applications.registries import Section
from tandems.links import domain as links
from tandems.links.models import PersonalLink
from tandems.links.pages import EndLink, SendLink, last_link, shown
from tandems.links.registry import Purpose
from tandems.links.sheets import FillsInSheet, HandsIn, OfOwnRecord
from tandems.mentors import domain
from tandems.mentors.domain.checks import check_state, locked
from tandems.mentors.models import Mentor, MentorState
from tandems.mentors.pages import OnMentor
from tandems.mentors.sheet_form import MentorSheetForm
from tandems.profiles.autosave import Autosave
from tandems.profiles.questions import Needed, missing

PURPOSE = "mentor"
NO_PERSON = "Hier ist noch niemand benannt, deshalb lässt sich kein Link schicken."


# --- The purpose ----------------------------------------------------------------------
def handled_by(user: Any) -> Q:
    """Who sees the mentor: Beirat and own Personalstelle; over ``PersonalLink``."""
    return Q(record__in=Mentor.objects.visible_to(user).values("pk"))


def wanted(link: PersonalLink) -> bool:
    """While somebody who agreed has not handed in the sheet."""
    return Mentor.objects.filter(
        pk=link.record, person=link.person_id, state=MentorState.AGREED, handed_in_at=None
    ).exists()


def ended(link: PersonalLink) -> str:
    """What the mentor may know of an ended link."""
    mentor = Mentor.objects.filter(pk=link.record, person=link.person_id).first()
    if mentor is not None and mentor.handed_in_at is not None:
        day = timezone.localtime(mentor.handed_in_at)
        return (
            f"Sie haben Ihren Profilbogen am {day:%d.%m.%Y} abgegeben. Vielen Dank! Möchten Sie "
            "noch etwas ändern, antworten Sie auf die E-Mail mit dem Link: Sie bekommen dann "
            "einen neuen."
        )
    return (
        "Ihr Profilbogen lässt sich über diesen Link nicht mehr ändern: der Link ist abgelaufen "
        "oder beendet. Was Sie vorher gespeichert haben, ist erhalten. Antworten Sie auf die "
        "E-Mail mit dem Link, wenn Sie noch etwas ändern möchten."
    )


FILLED_IN = Purpose("Profilbogen", "mentors:own_sheet", handled_by, wanted, ended)


# --- Doors ----------------------------------------------------------------------------
def may_invite(mentor: Mentor) -> bool:
    """Whether a link may be sent; the door checks it again."""
    return mentor.state == MentorState.AGREED and mentor.cycle.is_open


def invite(mentor: Mentor, *, by: User, until: date | None = None) -> PersonalLink:
    """Mail the mentor a link to the own sheet; one that was handed in is open again then.

    Raises ``Refused`` for who has not agreed, and as ``links.open_link`` does.
    """
    with transaction.atomic(), acting(by):
        stored = locked(mentor)
        check_state(stored, MentorState.AGREED)
        if stored.person is None:
            raise Refused(NO_PERSON)
        if stored.handed_in_at is not None:
            stored.handed_in_at = None
            stored.save()
        return links.open_link(
            purpose=PURPOSE,
            record=stored.pk,
            cycle=stored.cycle,
            person=stored.person,
            until=until,
            by=by,
        )


def save_own(link: PersonalLink, mentor: Mentor, *, values: Mapping[str, Any]) -> Mentor:
    """Save what the mentor typed.

    Raises ``Refused`` once the link has ended, ``EditConflict`` if somebody else changed the
    sheet meanwhile.
    """
    with transaction.atomic():
        links.still_open(link)
        return domain.save_sheet(mentor, values=values, by=None)


def hand_in_own(link: PersonalLink, mentor: Mentor) -> Mentor:
    """The mentor is done, the link ends. Raises ``Refused`` naming what is missing."""
    with transaction.atomic():
        links.still_open(link)
        handed_in = domain.hand_in(mentor, by=None)
        links.close_links_of(PURPOSE, mentor.pk, by=None)
        return handed_in


# --- Pages by the link ----------------------------------------------------------------
class OwnMentor(OfOwnRecord):
    """A page about the mentor the link is for."""

    purpose = PURPOSE
    routes = "mentors"

    def records(self) -> QuerySet[Mentor]:
        """With person and Kommune."""
        return Mentor.objects.select_related("cycle__programme", "person", "municipality")

    @property
    def mentor(self) -> Mentor:
        """The mentor of the link; raises ``Http404``."""
        found: Mentor = self.record
        return found


class OwnMentorForm(MentorSheetForm):
    """The sheet as the mentor fills it in."""

    buttons = "links/buttons.html"


class OwnMentorSheet(OwnMentor, FillsInSheet, UpdatePage):
    """The sheet to fill in."""

    template_name = "links/own_sheet.html"
    form_class = OwnMentorForm

    def save_answers(self, form: OwnMentorForm, values: dict[str, Any]) -> Mentor:
        """By the door for who has the link."""
        return save_own(self.link, form.instance, values=values)


class OwnMentorAutosave(Autosave, OwnMentorSheet):
    """Saves the sheet while it is being typed."""

    keeps_typed = False


class OwnMentorHandIn(OwnMentor, HandsIn, ActionPage):
    """Asks whether the sheet is to be handed in."""

    def consequences(self) -> list[str]:
        """Who reads it, and what cannot be done any more."""
        lines = [
            "Der Beirat liest Ihren Bogen und sucht damit eine Mentee oder einen Mentee für Sie.",
            "Danach führt dieser Link nicht mehr zum Bogen. Möchten Sie noch etwas ändern, "
            "antworten Sie auf die E-Mail mit dem Link.",
        ]
        if labels := [q.label for q in missing(self.mentor, Needed.TO_SUBMIT, self.mentor.sheet)]:
            lines.append(f"Es fehlt noch: {', '.join(labels)}.")
        return lines

    def perform(self) -> Mentor:
        """Hand in."""
        return hand_in_own(self.link, self.mentor)


# --- Pages of who sends it ------------------------------------------------------------
class InviteMentor(SendLink, OnMentor, ObjectActionPage):
    """Sends the mentor the link, or sends it again."""

    rule = "mentors.keep_sheet"
    purpose = PURPOSE

    def get_person(self) -> Person:
        """The mentor; raises ``Http404`` while nobody is named."""
        if self.mentor.person is None:
            raise Http404
        return self.mentor.person

    def consequences(self) -> list[str]:
        """Also what becomes of a sheet that was handed in."""
        lines = super().consequences()
        if self.mentor.handed_in_at is not None:
            lines.append(
                "Der Bogen ist schon abgegeben. Er ist dann wieder offen, und die Person gibt ihn "
                "noch einmal ab."
            )
        return lines

    def perform(self) -> Any:
        """Send it."""
        return invite(self.mentor, until=self.form.cleaned_data["until"], by=self.request.user)


class EndMentorLink(EndLink, OnMentor, ObjectActionPage):
    """Ends the link."""

    rule = "mentors.keep_sheet"
    purpose = PURPOSE


def section(user: Any, mentor: Mentor) -> Section | None:
    """The state of the link on the mentor's page, for who keeps the sheet."""
    if not rules.test_rule("mentors.keep_sheet", user, mentor):
        return None
    args, may_send = [mentor.cycle_id, mentor.pk], may_invite(mentor)
    send_url = reverse("mentors:invite_link", args=args) if may_send else ""
    link = last_link(PURPOSE, mentor.pk, user)
    if link is None:
        return Section("mentors/own_link.html", {"send_url": send_url}) if send_url else None
    end_url = reverse("mentors:end_link", args=args)
    found = shown(link, send_url=send_url, end_url=end_url)
    return Section("mentors/own_link.html", {"shown": found})

"""The page of one mail: where it stands, what it says, what can be done now."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django_htmx.http import HttpResponseClientRefresh

from mentoring.ui.views import Action, DetailPage
from programmes.outbox.models import STOPPED, DeliveryState
from programmes.people.models import Person
from programmes.rundmails import domain
from programmes.rundmails.forms.timing import in_words
from programmes.rundmails.models import Recipient, RecipientState, RundmailState
from programmes.rundmails.render import Message, preview_for
from programmes.rundmails.subjects import shown_subject
from programmes.rundmails.views.base import (
    CONFIDENTIAL,
    OnMail,
    state_badge,
    user_name,
)
from programmes.rundmails.words import AudienceWords

OPEN_STATES = (RundmailState.DRAFT, RundmailState.RELEASED)
TROUBLE_SHOWN = 20


@dataclass(frozen=True)
class Stop:
    """A state on the way of a mail, as the page draws it."""

    label: str
    passed: bool
    current: bool


def way(state: str) -> list[Stop]:
    """The states of a mail in their order; a stopped one ends where it was stopped."""
    last = RundmailState.STOPPED if state == RundmailState.STOPPED else RundmailState.SENT
    states = (RundmailState.DRAFT, RundmailState.RELEASED, RundmailState.SENDING, last)
    here = states.index(RundmailState(state))
    return [
        Stop(str(one.label), position < here, position == here)
        for position, one in enumerate(states)
    ]


class RundmailPage(OnMail, DetailPage):
    """One mail."""

    rule = "rundmails.view"
    template_name = "rundmails/rundmail.html"

    def get_title(self) -> str:
        """Its subject."""
        return shown_subject(self.mail)

    def breadcrumbs(self) -> list[Any]:
        """Down to the list."""
        return super().breadcrumbs()[:-1]

    def details(self) -> list[tuple[str, Any]]:
        """What is known of the mail; empty lines are left out."""
        mail = self.mail
        words = AudienceWords(self.cycle, self.request.user)
        rows = [
            ("Stand", state_badge(mail)),
            ("Vertraulich", CONFIDENTIAL if mail.confidential else ""),
            ("An", words.of(mail.choices.all())),
            ("Versand", self._when()),
            ("Antworten an", mail.reply_to),
            ("Veranstaltung", mail.event),
            ("Kalendereintrag", "wird angehängt" if mail.attach_calendar else ""),
            ("angelegt von", user_name(mail.created_by)),
            ("mitgeprüft von", user_name(mail.approved_by)),
            ("freigegeben von", user_name(mail.released_by)),
            ("freigegeben am", mail.released_at),
            ("Versand begonnen am", mail.started_at),
            ("Versand beendet am", mail.ended_at),
            ("angehalten von", user_name(mail.stopped_by)),
        ]
        return [(label, value) for label, value in rows if value not in ("", None)]

    def _when(self) -> str:
        """When it goes out, in words and as a date; "" once it is on its way."""
        mail = self.mail
        if mail.state not in OPEN_STATES:
            return ""
        words = in_words(mail)
        moment = domain.planned_send_at(mail)
        if mail.days_from_milestone is None or moment is None:
            return words
        return f"{words}: {timezone.localtime(moment):%d.%m.%Y, %H:%M} Uhr"

    def actions(self) -> list[Action]:
        """What this user may do with the mail now, the next step first."""
        offered = {
            RundmailState.DRAFT: self._draft_actions,
            RundmailState.RELEASED: self._released_actions,
            RundmailState.SENDING: self._sending_actions,
        }.get(RundmailState(self.mail.state))
        found = list(offered()) if offered is not None else []
        if self.mail.state != RundmailState.DRAFT:
            found.append(self._action("Empfänger/innen", "recipients"))
        return found

    def _action(self, label: str, name: str, kind: str = "secondary", icon: str = "") -> Action:
        return Action(label, self.page(name, self.mail.pk), kind, icon)

    def _draft_actions(self) -> Iterator[Action]:
        mail = self.mail
        if not self.problems and self._may_release_now():
            yield self._action("Freigeben", "release", "primary", "check")
        if self.second_person and self.allowed("rundmails.approve", mail):
            yield self._action("Zustimmen", "approve")
        yield self._action("Vorschau", "preview", "secondary", "visibility")
        if self.allowed("rundmails.write", mail):
            yield self._action("Bearbeiten", "edit", "secondary", "edit")
            yield self._action("Probe an mich", "test", "tertiary", "mail")
            yield self._action("Entwurf löschen", "delete", "tertiary", "delete")

    @cached_property
    def second_person(self) -> bool:
        """Whether a draft still needs a second pair of eyes."""
        return self.mail.state == RundmailState.DRAFT and domain.needs_second_person(self.mail)

    def _may_release_now(self) -> bool:
        """Whoever approved as the second person is not the one who releases."""
        mail = self.mail
        approved = (
            mail.confidential
            and mail.cycle.four_eyes
            and (mail.approved_by_id == self.request.user.pk)
        )
        return not self.second_person and not approved and self.allowed("rundmails.release", mail)

    def _released_actions(self) -> Iterator[Action]:
        may = self.allowed("rundmails.release", self.mail)
        if self.mail.confirm_reason and may:
            yield self._action("Bestätigen", "confirm", "primary", "check")
        yield self._action("Vorschau", "preview", "secondary", "visibility")
        if may:
            yield self._action("Freigabe zurücknehmen", "withdraw")
        yield self._action("Anhalten", "stop", "tertiary")

    def _sending_actions(self) -> Iterator[Action]:
        if self.mail.confirm_reason and self.allowed("rundmails.release", self.mail):
            yield self._action("Bestätigen", "confirm", "primary", "check")
        yield self._action("Anhalten", "stop", "primary")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; whoever follows the sending on it gets all of it anew at each next state."""
        shown = request.GET.get("stand")
        if getattr(request, "htmx", False) and shown != self.mail.state:
            return HttpResponseClientRefresh()
        return super().get(request, *args, **kwargs)

    @cached_property
    def is_due(self) -> bool:
        """Whether it is released for now and waits for nothing but a worker."""
        mail = self.mail
        released = mail.state == RundmailState.RELEASED and not mail.confirm_reason
        return released and mail.send_at is not None and mail.send_at <= timezone.now()

    @cached_property
    def problems(self) -> list[domain.Problem]:
        """What stands in the way of releasing a draft."""
        if self.mail.state != RundmailState.DRAFT:
            return []
        return domain.check(self.mail, self.request.user)

    def _sample(self) -> Message | None:
        """The mail as somebody gets it: a recipient, or who is looking at it."""
        person = (
            Person.objects.filter(
                pk__in=Recipient.objects.visible_to(self.request.user)
                .filter(rundmail=self.mail, person__isnull=False)
                .values("person")[:1]
            ).first()
            or Person.objects.filter(user=self.request.user).first()
        )
        return preview_for(self.mail, person) if person is not None else None

    def _trouble(self) -> list[Recipient]:
        """The first of those whose message failed or is unclear."""
        return list(
            Recipient.objects.visible_to(self.request.user)
            .filter(
                rundmail=self.mail,
                delivery__state__in=(DeliveryState.FAILED, DeliveryState.UNCLEAR),
            )
            .exclude(delivery__error=STOPPED)
            .select_related("delivery")
            .order_by("sort_key", "pk")[:TROUBLE_SHOWN]
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The way, the problems, the text, and how far the sending is."""
        mail = self.mail
        begun = mail.state not in OPEN_STATES or self.is_due
        waiting = Recipient.objects.visible_to(self.request.user).filter(
            rundmail=mail, state=RecipientState.ADDED
        )
        return super().get_context_data(
            way=way(mail.state),
            problems=self.problems,
            message=self._sample(),
            attachments=list(mail.attachments.select_related("file")),
            progress=domain.progress(mail, self.request.user) if begun else None,
            live=self.is_due or mail.state == RundmailState.SENDING,
            trouble=self._trouble() if begun else [],
            added=list(waiting.order_by("sort_key", "pk")) if begun else [],
            second_person=self.second_person,
            may_release=self.allowed("rundmails.release", mail),
            edit_url=self.page("edit", mail.pk),
            **kwargs,
        )

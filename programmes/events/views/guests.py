"""Who is invited to an event: the list, answers on behalf, mails."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.functional import cached_property

from mentoring.jobs.domain import start_job
from mentoring.ui.lists import Column, ListPage
from mentoring.ui.views import Action, ActionPage, FormPage
from programmes.cycles.views.base import acting_user
from programmes.events import domain, mails
from programmes.events.filters import AttendeeFilter
from programmes.events.forms.answers import AnswerOnBehalfForm
from programmes.events.forms.events import RecipientsForm
from programmes.events.models import Attendee, EventState
from programmes.events.views.base import OfAttendee, OfEvent, answer_badge


class AttendeeList(OfEvent, ListPage):
    """Everybody invited; needs only for who may read them, on the page and in exports."""

    rule = "events.list"
    list_name = "events.attendees"
    filterset_class = AttendeeFilter
    default_sort = "name"
    empty_title = "Noch niemand eingeladen"
    empty_text = "Laden Sie Gruppen des Durchgangs ein oder einzelne Personen."

    def get_title(self) -> str:
        """To which event."""
        return f"Eingeladene: {self.event.title}"

    def get_queryset(self) -> QuerySet[Attendee]:
        """Those the user sees."""
        found: QuerySet[Attendee] = self.attendees()
        return found

    def get_columns(self) -> list[Column]:
        """Needs where they are asked for and may be read; a name leads on to the answer."""
        changes = self.allowed("events.change", self.cycle)
        planned = self.event.state == EventState.PLANNED
        columns = [
            Column(
                "name",
                "Name",
                lambda row: f"{row.person.last_name}, {row.person.first_name}",
                sort="person__sort_key",
                link=self._answer_page if changes and planned else None,
            ),
            Column(
                "municipality",
                "Kommune",
                "municipality.short_name",
                sort=("municipality__sort_key", "person__sort_key"),
            ),
            Column("role", "eingeladen als", "role", sort=("role", "person__sort_key")),
            Column("answer", "Antwort", answer_badge, sort=("answer", "person__sort_key")),
            Column("note", "Bemerkung", "note"),
        ]
        if self._shows_needs():
            columns += [
                Column("diet", "Essen", "diet"),
                Column("access_needs", "Barrierefreiheit", "access_needs"),
            ]
        columns += [
            Column("mailed", "Einladung versandt am", "mailed_at", sort="mailed_at"),
            Column("reminded", "erinnert am", "reminded_at", sort="reminded_at"),
            Column("attended", "war da", "attended", sort=("attended", "person__sort_key")),
            Column("email", "E-Mail", "person.email"),
        ]
        return columns

    def _shows_needs(self) -> bool:
        asked = domain.keeps_needs(self.event)
        return asked and self.allowed("events.see_needs", self.cycle)

    def export_until(self) -> datetime | None:
        """With needs no longer than these are kept."""
        return domain.needs_kept_until(self.event) if self._shows_needs() else None

    def _answer_page(self, row: Attendee) -> str:
        return self.event_page("attendee_answer", row.pk)

    def actions(self) -> list[Action]:
        """Inviting more."""
        if not self.allowed("events.change", self.cycle) or self.event.is_over():
            return []
        if self.event.state != EventState.PLANNED:
            return []
        return [
            Action("Einladen", self.event_page("invite"), "primary", "add"),
            Action("Einzelne Person einladen", self.event_page("invite_person")),
        ]

    def get_empty_action(self) -> Action | None:
        """As the button beside the heading."""
        return next(iter(self.actions()), None)


class AnswerOnBehalf(OfAttendee, FormPage):
    """Enter what somebody answered by phone or on paper."""

    rule = "events.change"
    form_class = AnswerOnBehalfForm
    submit_label = "Antwort eintragen"
    success_message = "Die Antwort ist eingetragen."

    def get_title(self) -> str:
        """Whose."""
        return f"Antwort von {self.attendee.person}"

    def actions(self) -> list[Action]:
        """Taking the invitation back."""
        address = self.event_page("attendee_take_back", self.attendee.pk)
        return [Action("Einladung zurücknehmen", address, "tertiary")]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Needs only for who may read them."""
        return {
            **super().get_form_kwargs(),
            "attendee": self.attendee,
            "sees_needs": self.allowed("events.see_needs", self.cycle),
        }

    def save(self, form: Any) -> Attendee:
        """By way of the domain."""
        return domain.answer(
            self.attendee, **form.as_answer(), by=acting_user(self.request), on_behalf=True
        )


class TakeBack(OfAttendee, ActionPage):
    """Take an invitation back."""

    rule = "events.change"
    title = "Einladung zurücknehmen"
    button_label = "Einladung zurücknehmen"
    danger = True
    success_message = "Die Einladung ist zurückgenommen."

    def get_question(self) -> str:
        """Whose."""
        return f"Soll die Einladung von {self.attendee.person} zurückgenommen werden?"

    def consequences(self) -> list[str]:
        """What goes with it."""
        lines = ["Der Link zum Antworten gilt danach nicht mehr."]
        if self.attendee.mailed_at is not None:
            lines.append(
                "Die Einladung ist schon per E-Mail hinausgegangen. Sagen Sie der Person Bescheid, "
                "das geschieht nicht von selbst."
            )
        if self.attendee.answer == "yes":
            lines.append("Die Person hat schon zugesagt.")
        return lines

    def perform(self) -> None:
        """By way of the domain."""
        domain.take_back(self.attendee, by=acting_user(self.request))


class NoticePage(OfEvent, FormPage):
    """Send a mail to exactly those who are named here; nothing is sent before."""

    rule = "events.change"
    form_class = RecipientsForm
    template_name = "events/notice.html"
    once = True

    @cached_property
    def notice(self) -> mails.Notice:
        """The kind of mail in the address; raises ``Http404`` for an unknown one."""
        try:
            return mails.NOTICES[self.kwargs["notice"]]
        except KeyError:
            raise Http404 from None

    def get_rule_object(self) -> Any:
        """The cycle; the kind must exist."""
        return self.notice and super().get_rule_object()

    def get_title(self) -> str:
        """What, for which event."""
        return f"{self.notice.title}: {self.event.title}"

    @cached_property
    def due(self) -> list[Attendee]:
        """Those the mail is open to."""
        rows = mails.recipients(self.event, self.notice, self.request.user)
        return list(rows.order_by("person__sort_key", "pk"))

    def get_form_kwargs(self) -> dict[str, Any]:
        """Those with an address."""
        return {
            **super().get_form_kwargs(),
            "offered": mails.with_address(self.due),
            "known": self.attendees(),
            "describe": self._described,
        }

    @staticmethod
    def _described(row: Attendee) -> str:
        where = f", {row.municipality}" if row.municipality else ""
        again = f", zuletzt erinnert am {row.reminded_at:%d.%m.%Y}" if row.reminded_at else ""
        return f"{row.person} ({row.role}{where}){again}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How many get it, who cannot, and how it reads."""
        offered = mails.with_address(self.due)
        people = "1 Person" if len(offered) == 1 else f"{len(offered)} Personen"
        self.submit_label = f"An {people} senden"
        subject, text = mails.preview(self.notice, self.event, offered[0]) if offered else ("", "")
        return super().get_context_data(
            notice=self.notice,
            count=len(offered),
            without_address=[row.person for row in self.due if not row.person.email],
            example=offered[0].person if offered else None,
            subject=subject,
            text=text,
            **kwargs,
        )

    def save(self, form: Any) -> None:
        """Send, or start the job that does."""
        keys = [row.pk for row in form.cleaned_data["attendees"]]
        user = acting_user(self.request)
        if len(keys) > mails.DIRECT:
            params = {
                "event": self.event.pk,
                "notice": self.kwargs["notice"],
                "attendees": sorted(keys),
            }
            self.job = start_job(mails.JOB, by=user, params=params, title=self.get_title())
            self.success_message = "Die E-Mails werden jetzt nach und nach versandt."
            return
        sent = mails.send(self.notice, self.event, keys, by=user)
        self.success_message = (
            f"{sent} E-Mail ist unterwegs." if sent == 1 else f"{sent} E-Mails sind unterwegs."
        )

    job: Any = None

    def get_success_url(self) -> str:
        """The job's page, or the event."""
        return str(self.job.get_absolute_url()) if self.job else super().get_success_url()

"""What the two enter: meetings, the day of their agreement, a call for help."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import QuerySet
from django.urls import reverse

from mentoring.ui.views import CreatePage, FormPage, ObjectActionPage, UpdatePage
from programmes.people.models import Person
from tandems.meetings import domain
from tandems.meetings.models import HelpCall, TandemMeeting
from tandems.pairs.models import Tandem
from tandems.portal.contents import read
from tandems.portal.forms import LENGTHS, NO_CONTENT, AgreementForm, EnterMeetingForm, HelpForm
from tandems.portal.pages import OfTandem

NO_WORDS = "Bitte melden Sie sich bei mir."
"""What is sent where nothing was typed."""


class OnMeeting(OfTandem):
    """A page about a meeting of the tandem (``meeting_pk``)."""

    model: ClassVar[type[models.Model]] = TandemMeeting
    pk_url_kwarg = "meeting_pk"

    def get_queryset(self) -> QuerySet[TandemMeeting]:
        """The meetings of this tandem."""
        found: QuerySet[TandemMeeting] = TandemMeeting.objects.visible_to(self.request.user)
        return found.filter(tandem=self.tandem)


class MeetingForms(OnMeeting, FormPage):
    """What entering and changing have in common."""

    rule = "portal.write"
    template_name = "portal/meeting_form.html"
    form_class = EnterMeetingForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the tandem."""
        return {**super().get_form_kwargs(), "tandem": self.tandem}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The usual lengths, and what does not belong here."""
        return super().get_context_data(lengths=LENGTHS, no_content=NO_CONTENT, **kwargs)


class MeetingAdd(MeetingForms, CreatePage):
    """Enter a meeting."""

    title = "Treffen eintragen"
    submit_label = "Treffen eintragen"
    success_message = "Das Treffen ist eingetragen. Sie sehen es beide."

    def save(self, form: EnterMeetingForm) -> TandemMeeting:
        """By way of the domain."""
        values = form.cleaned_data
        return domain.enter_meeting(
            self.tandem,
            met_on=values["met_on"],
            form=values["form"],
            minutes=values["minutes"],
            by=self.request.user,
        )


class MeetingChange(MeetingForms, UpdatePage):
    """Change a meeting, whoever of the two entered it."""

    title = "Treffen ändern"

    def save(self, form: EnterMeetingForm) -> TandemMeeting:
        """By way of the domain."""
        values = form.cleaned_data
        return domain.change_meeting(
            form.instance,
            met_on=values["met_on"],
            form=values["form"],
            minutes=values["minutes"],
            by=self.request.user,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The way to delete it."""
        url = self.page("meeting_delete", self.object.pk)
        return super().get_context_data(delete_url=url, **kwargs)


class MeetingDelete(OnMeeting, ObjectActionPage):
    """Asks, and deletes a meeting."""

    rule = "portal.write"
    title = "Treffen löschen"
    once = True
    danger = True
    button_label = "Löschen"
    success_message = "Das Treffen ist gelöscht."

    def get_question(self) -> str:
        """Which one."""
        return f"Das Treffen am {self.object.met_on:%d.%m.%Y} löschen?"

    def consequences(self) -> list[str]:
        """What goes with it."""
        return [
            f"{self.object.get_form_display()}, {self.object.minutes} Minuten.",
            "Es verschwindet für Sie beide und zählt nicht mehr mit.",
        ]

    def perform(self) -> None:
        """By way of the domain."""
        domain.delete_meeting(self.object, by=self.request.user)


class AgreementPage(OfTandem, UpdatePage):
    """Note when the two signed."""

    rule = "portal.write"
    title = "Mentoringvereinbarung"
    template_name = "portal/agreement.html"
    form_class = AgreementForm
    model = Tandem

    def get_object(self) -> Tandem:
        """The tandem of the address."""
        return self.tandem

    def save(self, form: AgreementForm) -> Tandem:
        """By way of the domain."""
        return domain.note_agreement(
            form.instance, form.cleaned_data["agreement_on"], by=self.request.user
        )


class HelpPage(OfTandem, FormPage):
    """ "Wir brauchen Hilfe": a mail to the contact in the Beirat."""

    rule = "portal.write"
    title = "Wir brauchen Hilfe"
    template_name = "portal/help.html"
    form_class = HelpForm
    submit_label = "Nachricht senden"
    once = True

    @property
    def contact(self) -> Person | None:
        """Who gets it."""
        return read([self.tandem], self.request.user)[0].contact

    def save(self, form: HelpForm) -> HelpCall:
        """By way of the domain."""
        words = form.cleaned_data["words"].strip() or NO_WORDS
        return domain.call_for_help(self.tandem, words, by=self.request.user)

    def get_success_message(self) -> str:
        """To whom it went."""
        return (
            f"Ihre Nachricht an {self.saved.contact} ist unterwegs. Sie bekommen Antwort per "
            "E-Mail oder Telefon."
        )

    def get_cancel_url(self) -> str:
        """Back to the tandem."""
        return self.page("tandem")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Who gets it."""
        contact = self.contact
        return super().get_context_data(
            contact=contact, my_data=reverse("my_data"), no_content=NO_CONTENT, **kwargs
        )

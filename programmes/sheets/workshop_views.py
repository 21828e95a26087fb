"""Everything for the Startworkshop: what is in it, for which event, and go."""

from typing import Any

from django import forms
from django.utils.functional import cached_property

from mentoring.jobs.domain import start_job
from mentoring.jobs.models import Job
from mentoring.ui.forms import KernForm
from mentoring.ui.views import FormPage
from programmes.cycles.views.base import acting_user
from programmes.events.models import Event
from programmes.events.wording import when
from programmes.sheets import jobs, workshop
from programmes.sheets.contents import WHO, Options
from programmes.sheets.pages import OfLists


class WorkshopForm(KernForm):
    """Which event, where there are several, and who stands on its sheets."""

    event = forms.ChoiceField(label="Veranstaltung")
    wer = forms.ChoiceField(
        label="Auf Anwesenheitsliste und Namensschildern steht", choices=list(WHO.items())
    )

    def __init__(self, *args: Any, events: list[Event], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["event"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(event.pk, f"{event.title}, {when(event)}") for event in events]
        self.events = {str(event.pk): event for event in events}

    @property
    def chosen(self) -> Event:
        """The chosen event."""
        return self.events[self.cleaned_data["event"]]


class WorkshopPage(OfLists, FormPage):
    """Start the job that makes the ZIP; without a Startworkshop, the way to one."""

    rule = "sheets.print"
    title = "Alles für den Startworkshop"
    template_name = "sheets/workshop.html"
    form_class = WorkshopForm
    submit_label = "Datei erstellen"
    once = True

    @cached_property
    def events(self) -> list[Event]:
        """The Startworkshops there are."""
        return workshop.start_workshops(self.request.user, self.cycle)

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the events to choose from."""
        return {**super().get_form_kwargs(), "events": self.events}

    def save(self, form: Any) -> Job:
        """The job."""
        user = acting_user(self.request)
        event: Event = form.chosen
        return start_job(
            jobs.WORKSHOP,
            by=user,
            params=workshop.params(event, user, Options(form.cleaned_data["wer"])),
            title=f"Alles für: {event.title}",
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is inside, or where a Startworkshop is planned."""
        user = acting_user(self.request)
        return super().get_context_data(
            events=self.events,
            files=workshop.CONTENTS,
            add_url="" if self.events else workshop.where_to_plan(user, self.cycle),
            **kwargs,
        )

"""What belongs to an event besides its data: agenda, documents, minutes."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from mentoring.ui.views import FormPage, UpdatePage
from programmes.cycles.views.base import acting_user
from programmes.documents.models import Document
from programmes.events import domain
from programmes.events.forms.events import AgendaForm, DocumentsForm, MinutesForm
from programmes.events.models import Event
from programmes.events.views.base import OfEvent


class AgendaPage(OfEvent, FormPage):
    """Write the agenda; "Mehr Zeilen" works without JavaScript."""

    rule = "events.change"
    form_class = AgendaForm
    template_name = "events/agenda.html"
    submit_label = "Tagesordnung speichern"
    success_message = "Die Tagesordnung ist gespeichert."

    def get_title(self) -> str:
        """Of which event."""
        return f"Tagesordnung: {self.event.title}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The points as stored."""
        return {**super().get_form_kwargs(), "items": list(self.event.agenda.all())}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """More rows, or save."""
        if "more" in request.POST:
            form = self.get_form()
            form.data = {**request.POST.dict(), "rows": str(len(form.numbers))}
            form._errors = {}
            form.cleaned_data = {}
            return self.render_to_response(self.get_context_data(form=form))
        return super().post(request, *args, **kwargs)

    def save(self, form: Any) -> Event:
        """By way of the domain."""
        domain.save_agenda(self.event, form.points(), by=acting_user(self.request))
        return self.event


class DocumentsPage(OfEvent, FormPage):
    """Choose the documents that belong to the event."""

    rule = "events.change"
    form_class = DocumentsForm
    success_message = "Die Unterlagen sind gespeichert."

    def get_title(self) -> str:
        """Of which event."""
        return f"Unterlagen: {self.event.title}"

    def offered(self) -> QuerySet[Document]:
        """What the user may read in this cycle."""
        return Document.objects.visible_to(self.request.user).filter(cycle=self.cycle)

    def get_form_kwargs(self) -> dict[str, Any]:
        """What there is, and what is chosen."""
        chosen = list(self.event.documents.values_list("pk", flat=True))
        return {
            **super().get_form_kwargs(),
            "documents": self.offered(),
            "initial": {"documents": chosen},
        }

    def save(self, form: Any) -> Event:
        """By way of the domain."""
        domain.set_documents(
            self.event,
            list(form.cleaned_data["documents"]),
            offered=list(self.offered()),
            by=acting_user(self.request),
        )
        return self.event


class MinutesPage(OfEvent, UpdatePage):
    """Write the minutes, which the Beirat alone reads."""

    model = Event
    rule = "events.minutes"
    form_class = MinutesForm
    submit_label = "Protokoll speichern"
    success_message = "Das Protokoll ist gespeichert."

    def get_title(self) -> str:
        """Of which event."""
        return f"Protokoll: {self.event.title}"

    def save(self, form: Any) -> Event:
        """By way of the domain."""
        return domain.save_minutes(form.instance, by=acting_user(self.request))

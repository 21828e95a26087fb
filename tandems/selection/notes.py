"""Notes from the Vorstellungstermin: one page to write, one to look over all."""

from collections import defaultdict
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from mentoring.ui.forms import discard_kept
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import FormPage, ObjectMixin, PageView
from programmes.cycles.views.base import acting_user
from programmes.people.permissions import posts_of
from tandems.applications.models import Application
from tandems.selection import domain
from tandems.selection.forms import NoteForm
from tandems.selection.models import ApplicationNote
from tandems.selection.pages import OfSelection, OnCandidate
from tandems.selection.permissions import own_notes, shared_notes, with_council

PAGE_SIZE = 100
ORDER = ("municipality__sort_key", "rank", "person__sort_key", "pk")


class NotePage(OnCandidate, ObjectMixin, FormPage):
    """The own note on one application, beside those others share.

    What is typed is saved every few seconds where the browser runs scripts; sharing is not
    begun by that, only by the button.
    """

    template_name = "selection/note.html"
    form_class = NoteForm
    submit_label = ""  # the buttons stand in the form's layout
    success_message = "Ihre Notiz ist gespeichert."

    def get_title(self) -> str:
        """About whom."""
        return f"Notiz zu {self.application.person.full_name}"

    @cached_property
    def note(self) -> ApplicationNote:
        """The own note as stored, or a new one."""
        author = posts_of(self.request.user).person
        found = ApplicationNote.objects.visible_to(self.request.user).filter(
            application=self.application, author=author
        )
        return found.first() or ApplicationNote(
            application=self.application, author=self.request.user.person
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        """The note; read anew each time, for a form writes into it."""
        self.__dict__.pop("note", None)
        url = self.own_page("note", self.application.pk)
        return {**super().get_form_kwargs(), "instance": self.note, "autosave_url": url}

    def save(self, form: NoteForm) -> ApplicationNote:
        """Save what was typed."""
        return self._save(form, shared=form.cleaned_data["shared"])

    def _save(self, form: NoteForm, *, shared: bool) -> ApplicationNote:
        return domain.save_note(
            self.application,
            text=form.cleaned_data["text"],
            shared=shared,
            version=form.stored_version,
            by=acting_user(self.request),
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save by the button, or what was typed so far by itself."""
        if request.headers.get("HX-Request"):
            return self._autosave(request)
        return super().post(request, *args, **kwargs)

    def _autosave(self, request: HttpRequest) -> HttpResponse:
        form = self.get_form()
        was_shared = self.note.shared
        saved = None
        if form.is_valid():
            try:
                saved = self._save(form, shared=was_shared and form.cleaned_data["shared"])
            except (Refused, EditConflict):
                saved = None
        context: dict[str, Any] = {"failed": True}
        if saved is not None:
            discard_kept(request)
            token = NoteForm(instance=saved).version_token
            context = {"saved_at": timezone.localtime(), "token": token}
        return render(request, "selection/note_state.html", context)

    @cached_property
    def neighbours(self) -> tuple[Application | None, Application | None]:
        """The applications before and after this one, in the order of the overview."""
        rows = with_council(self.request.user, self.cycle).order_by(*ORDER)
        keys = list(rows.values_list("pk", flat=True))
        at = keys.index(self.application.pk)
        wanted = [keys[at - 1] if at else None, keys[at + 1] if at + 1 < len(keys) else None]
        found = Application.objects.select_related("person").in_bulk([k for k in wanted if k])
        before, after = (found.get(key) if key else None for key in wanted)
        return before, after

    def get_cancel_url(self) -> str:
        """None: "Meine Notizen" stands above."""
        return ""

    def get_success_url(self) -> str:
        """The next application, where that was asked for; otherwise the overview."""
        after = self.neighbours[1]
        if "next" in self.request.POST and after is not None:
            return self.own_page("note", after.pk)
        return f"{self.own_page('notes')}#b{self.application.pk}"

    def breadcrumbs(self) -> list[Crumb]:
        """Below the overview."""
        above = super().breadcrumbs()[:-1]
        return [*above, Crumb("Meine Notizen", self.own_page("notes"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The notes of others, and the ways to the neighbours."""
        before, after = self.neighbours
        return super().get_context_data(
            application=self.application,
            others=shared_notes(self.request.user).filter(application=self.application),
            before=before,
            after=after,
            **kwargs,
        )


class NotesOverview(OfSelection, PageView):
    """All nominated applications with the own note and those others share; prints with lines."""

    title = "Meine Notizen"
    template_name = "selection/notes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One entry for each application, in the order of Kommunen and ranks."""
        user = self.request.user
        rows = with_council(user, self.cycle).select_related("person", "municipality")
        page = Paginator(rows.order_by(*ORDER), PAGE_SIZE).get_page(self.request.GET.get("page"))
        shown = list(page.object_list)
        keys = [row.pk for row in shown]
        own = {note.application_id: note for note in own_notes(user).filter(application__in=keys)}
        others: defaultdict[int, list[ApplicationNote]] = defaultdict(list)
        for note in shared_notes(user).filter(application__in=keys):
            others[note.application_id].append(note)
        entries = [
            {
                "application": row,
                "own": own.get(row.pk),
                "others": others[row.pk],
                "url": self.own_page("note", row.pk),
            }
            for row in shown
        ]
        return super().get_context_data(
            entries=entries, page_obj=page, lines=range(6), noted=len(own), **kwargs
        )

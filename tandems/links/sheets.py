"""What applicants and mentors share on the pages of their own sheet, behind their link."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from mentoring.ui.forms import ConfirmForm
from tandems.links import domain
from tandems.links.pages import ByLink
from tandems.links.typed import posted_lines
from tandems.profiles.completeness import progress
from tandems.profiles.forms import SUBMIT_BUTTON


class OfOwnRecord(ByLink):
    """A page about the record the link is for; ``routes`` is the room's name in addresses."""

    routes: ClassVar[str]
    _record: Any

    def records(self) -> QuerySet[Any]:
        """The records such links are for, with what the pages read of them."""
        raise NotImplementedError

    @property
    def record(self) -> Any:
        """The record of the link, read once; raises ``Http404``."""
        if not hasattr(self, "_record"):
            found = self.records().filter(pk=self.link.record, person=self.link.person_id)
            self._record = found.first()
        if self._record is None:
            raise Http404
        return self._record

    def typed(self, request: HttpRequest) -> list[tuple[str, str]]:
        """What was posted, by the labels of the sheet."""
        link = domain.find_link(self.kwargs["code"])
        found = self.records().filter(pk=link.record).first() if link else None
        return posted_lines(found.sheet, request.POST) if found else []


class FillsInSheet(OfOwnRecord):
    """The sheet to fill in, before ``UpdatePage``.

    Saving keeps it a draft; handing in is asked on a page of its own. A page says how to
    save (``save_answers``).
    """

    title = "Ihr Profilbogen"
    submit_label = ""
    goes_on = False

    def get_object(self) -> Any:
        """The record of the link."""
        return self.record

    def get_form_kwargs(self) -> dict[str, Any]:
        """The person fills it in."""
        return {**super().get_form_kwargs(), "own": True}  # type: ignore[misc]  # a page follows

    def save_answers(self, form: Any, values: dict[str, Any]) -> Any:
        """Save ``values`` by the door of the room, as long as the link is good."""
        raise NotImplementedError

    def save(self, form: Any) -> Any:
        """Save all of it."""
        self.goes_on = SUBMIT_BUTTON in form.data
        return self.save_answers(form, form.answers())

    def get_success_url(self) -> str:
        """To the question whether to hand in, or back to the sheet."""
        return self.go(f"{self.routes}:own_hand_in" if self.goes_on else f"{self.routes}:own_sheet")

    def get_success_message(self) -> str:
        """That nothing is handed in yet."""
        return "" if self.goes_on else "Gespeichert. Abgegeben ist Ihr Profilbogen noch nicht."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whose it is, and how far it is."""
        return super().get_context_data(
            person=self.record.person,
            progress=progress(self.record, self.record.sheet, own=True),
            autosave_url=self.go(f"{self.routes}:own_autosave"),
            **kwargs,
        )


class HandsIn(OfOwnRecord):
    """Asks whether the sheet is to be handed in; before ``ActionPage``."""

    title = "Profilbogen abgeben"
    question = "Möchten Sie Ihren Profilbogen jetzt abgeben?"
    button_label = "Profilbogen abgeben"
    form_class: Any = ConfirmForm

    def get_cancel_url(self) -> str:
        """Back to the sheet."""
        return self.go(f"{self.routes}:own_sheet")

    def get_success_url(self) -> str:
        """The page that says it is done: the link has ended by now."""
        return self.go("links:front")

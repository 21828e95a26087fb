"""The Profilbogen of a mentor: typed after a phone call, printed, and as a Steckbrief."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from mentoring.log.domain import record_access
from mentoring.ui.pdf import house_pdf
from mentoring.ui.views import PageView, UpdatePage
from tandems.mentors import domain
from tandems.mentors.models import Mentor, MentorState
from tandems.mentors.pages import OnMentor
from tandems.mentors.sheet_form import MentorSheetForm
from tandems.profiles.forms import SUBMIT_BUTTON
from tandems.profiles.questions import questions, read
from tandems.selection.contents import ProfileSheet, on_profile_sheet, part_of, programme_line
from tandems.selection.pdf import sheet_pdf


class OnAgreed(OnMentor):
    """A page about somebody who agreed; before and after there is no sheet."""

    def get_queryset(self) -> Any:
        """Those who agreed."""
        return super().get_queryset().filter(state=MentorState.AGREED)


class EditSheet(OnAgreed, UpdatePage):
    """Personalstelle or Beirat type what the mentor says."""

    rule = "mentors.keep_sheet"
    title = "Profilbogen ausfüllen"
    form_class = MentorSheetForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]  # as FormPage
        """The form shows the whole sheet, so opening it counts as reading."""
        record_access(self.mentor, by=request.user)
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The user decides what is asked."""
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_cancel_url(self) -> str:
        """None here: the layout's own row of buttons holds it."""
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the row of buttons needs."""
        return super().get_context_data(back_url=self.page_of_mentor, **kwargs)

    def save(self, form: MentorSheetForm) -> Mentor:
        """Save, and hand in if that was asked."""
        saved = domain.save_sheet(form.instance, values=form.answers(), by=self.request.user)
        if SUBMIT_BUTTON in form.data:
            saved = domain.hand_in(saved, by=self.request.user)
        return saved

    def get_success_message(self) -> str:
        """What was done."""
        if self.saved.handed_in_at is None:
            return "Gespeichert. Abgegeben ist der Profilbogen noch nicht."
        return "Der Profilbogen ist gespeichert und abgegeben."


class Pdf(OnAgreed, PageView):
    """Something of a mentor on paper; reading it is entered in the log."""

    rule = "mentors.view"
    filename = ""

    def get_object(self) -> Mentor:
        """The mentor. Raises ``Http404`` for who has not agreed."""
        found = super().get_object()
        if not isinstance(found, Mentor):
            raise Http404
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file; its name does not tell whose it is."""
        record_access(self.mentor, by=request.user)
        return HttpResponse(
            self.content(),
            content_type="application/pdf",
            headers={
                "Content-Disposition": f'inline; filename="{self.filename}-{self.mentor.pk}.pdf"'
            },
        )

    def content(self) -> bytes:
        """The PDF."""
        raise NotImplementedError


class SheetPdf(Pdf):
    """The whole sheet, without what belongs on no paper."""

    filename = "mentor-bogen"

    def content(self) -> bytes:
        """As the reader may read it."""
        mentor = self.mentor
        context = {
            "title": mentor.called,
            "mentor": mentor,
            "cycle": self.cycle,
            "sections": read(mentor, self.reader, mentor.sheet),
        }
        return house_pdf("mentors/sheet_pdf.html", context)


class ProfilePdf(Pdf):
    """The Steckbrief: one page."""

    filename = "mentor-steckbrief"

    def content(self) -> bytes:
        """In the style of the applicants' Steckbriefe."""
        mentor = self.mentor
        answered = [
            question
            for question in questions(mentor.sheet)
            if on_profile_sheet(question) and question.is_answered(mentor)
        ]
        sheet = ProfileSheet(
            heading=mentor.called,
            house=str(mentor.municipality.name),
            line=f"{programme_line(mentor.cycle)}: Mentor/in",
            parts=tuple(part_of(question, mentor) for question in answered),  # type: ignore[arg-type]  # any record of a sheet
        )
        return sheet_pdf(sheet, title=f"Steckbrief {mentor.called}")

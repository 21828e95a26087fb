"""Steckbriefe: one, all of them as a booklet, and one without a name."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from mentoring.jobs.domain import start_job
from mentoring.log.domain import record_access, record_accesses
from mentoring.ui.errors import Refused
from mentoring.ui.views import FormPage, ObjectMixin, PageView
from programmes.cycles.views.base import acting_user
from tandems.applications.models import Application
from tandems.selection import jobs
from tandems.selection.contents import (
    ProfileSheet,
    profile_sheet,
    programme_line,
    with_photo_consent,
)
from tandems.selection.forms import AnonymousForm, BookletForm
from tandems.selection.pages import OfSelection, OnCandidate, pdf_response
from tandems.selection.pdf import ANONYMOUS_FOOT, booklet_pdf, sheet_pdf
from tandems.selection.permissions import with_council

DIRECT_SHEETS = 5
"""Up to so many Steckbriefe are made while the user waits."""


class ProfileSheetFile(OnCandidate, ObjectMixin, PageView):
    """The Steckbrief as PDF; its name does not tell whose it is."""

    rule = "selection.sheet"
    title = "Steckbrief"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file; whoever prints it has read it."""
        found = self.application
        record_access(found, by=request.user)
        sheet = profile_sheet(found, with_photo=found.pk in with_photo_consent([found]))
        data = sheet_pdf(sheet, title=f"Steckbrief {found.person.full_name}")
        return pdf_response(data, f"steckbrief-{found.pk}.pdf")


class BookletPage(OfSelection, FormPage):
    """Asks for the order, and makes the booklet at once or in the background."""

    title = "Steckbriefe als Heft"
    template_name = "selection/booklet_form.html"
    form_class = BookletForm
    submit_label = "Heft erstellen"

    @cached_property
    def number(self) -> int:
        """How many Steckbriefe there are for this user."""
        return with_council(self.request.user, self.cycle).count()

    def form_valid(self, form: Any) -> HttpResponse:
        """The file, or the page of the job."""
        user, order = acting_user(self.request), form.cleaned_data["order"]
        applications = jobs.applications_for(user, self.cycle, order)
        if not applications:
            form.add_error(None, "Es gibt noch keine nominierten Bewerbungen.")
            return self.form_invalid(form)
        if len(applications) <= DIRECT_SHEETS:
            pks = [found.pk for found in applications]
            record_accesses(Application.objects.filter(pk__in=pks), by=user)
            photos = with_photo_consent(applications)
            data = booklet_pdf(self.cycle, applications, photos=photos)
            return pdf_response(data, jobs.file_name(self.cycle), attachment=True)
        try:
            job = start_job(
                jobs.KIND,
                by=user,
                params=jobs.params(self.cycle, order, applications),
                title=f"Steckbriefe Durchgang Nr. {self.cycle.number}",
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        return HttpResponseRedirect(job.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How many there are, and whether it takes a while."""
        context = super().get_context_data(
            number=self.number, in_background=self.number > DIRECT_SHEETS, **kwargs
        )
        # It may answer with a file, after which the page still stands there.
        context["form"].helper.attrs = {"data-again": ""}
        return context


class AnonymousPage(OnCandidate, ObjectMixin, FormPage):
    """The anonymous Steckbrief, to sound out mentors: ticked and edited, never stored."""

    title = "Anonymer Steckbrief"
    template_name = "selection/anonymous.html"
    form_class = AnonymousForm
    submit_label = "PDF erstellen"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form shows the answers, so opening it counts as reading."""
        record_access(self.application, by=request.user)
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whose answers they are."""
        return {**super().get_form_kwargs(), "application": self.application}

    def form_valid(self, form: Any) -> HttpResponse:
        """The file. Neither its name nor anything in it owes anything to the application."""
        title = f"Steckbrief {form.cleaned_data['code']}"
        line = programme_line(self.cycle)
        sheet = ProfileSheet(heading=title, house="", line=line, parts=form.parts())
        record_access(self.application, by=self.request.user)
        data = sheet_pdf(sheet, title=title, foot=ANONYMOUS_FOOT)
        return pdf_response(data, f"{title.lower().replace(' ', '-')}.pdf", attachment=True)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, which may be sent again after it answered with a file."""
        context = super().get_context_data(**kwargs)
        context["form"].helper.attrs = {"data-again": ""}
        return context

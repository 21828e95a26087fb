"""The sheets of an event."""

import io
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.jobs.domain import start_job
from mentoring.ui.exports import FORMATS, WRITERS
from mentoring.ui.forms import KernForm
from mentoring.ui.list_exports import filename
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import PageView
from programmes.cycles.views.base import acting_user
from programmes.events.models import Event
from programmes.events.views.base import OfEvent, file_response
from programmes.sheets import jobs
from programmes.sheets.contents import WHO, Options, choices, number, read
from programmes.sheets.pdf import sheet_pdf
from programmes.sheets.tables import SHEETS, Sheet

DIRECT = 200
"""Up to so many names a PDF is made while the user waits."""


class OptionsForm(KernForm):
    """Who stands on the sheets, and what else."""

    wer = forms.ChoiceField(
        label="Auf den Blättern steht", choices=list(WHO.items()), required=False
    )
    rolle = forms.ChoiceField(label="eingeladen als", required=False)
    kommune = forms.TypedChoiceField(label="Kommune", coerce=int, required=False)
    rollen = forms.BooleanField(label="Rolle auf den Namensschildern nennen", required=False)

    def __init__(self, *args: Any, event: Event, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles, houses = choices(event, user)
        for name, found in (("rolle", [(one, one) for one in roles]), ("kommune", houses)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "alle"), *found]

    @property
    def options(self) -> Options:
        """What was chosen; what cannot be, counts as not chosen."""
        self.is_valid()
        data = self.cleaned_data
        return Options(
            data.get("wer") or Options.who,
            bool(data.get("rollen")),
            data.get("rolle") or "",
            data.get("kommune") or None,
        )


class OfSheets(OfEvent):
    """A page about the sheets of an event."""

    rule: ClassVar[str | None] = "events.change"

    @cached_property
    def choice(self) -> Options:
        """What is chosen in the address."""
        return self.form(self.request.GET).options

    def form(self, data: Any) -> OptionsForm:
        """The choice among what there is to choose."""
        return OptionsForm(data, event=self.event, user=self.request.user)

    def sheets(self, *sheet: str) -> str:
        """The address of the overview, or of a sheet in one of its formats."""
        name = "sheet" if sheet else "sheets"
        return reverse(f"sheets:{name}", args=[self.cycle.pk, self.event.pk, *sheet])

    @property
    def chosen(self) -> dict[str, Any]:
        """The choice as the fields of its form."""
        choice = self.choice
        every = {"wer": choice.who, "rolle": choice.role, "kommune": choice.house or ""}
        return {**every, "rollen": "on"} if choice.roles else every

    @property
    def query(self) -> str:
        """The same choice for another address."""
        return urlencode({name: value for name, value in self.chosen.items() if value})

    def breadcrumbs(self) -> list[Crumb]:
        """The event, and its sheets."""
        crumbs, here = super().breadcrumbs(), self.sheets()
        return crumbs if self.request.path == here else [*crumbs, Crumb("Blätter", here)]


class SheetsPage(OfSheets, PageView):
    """All sheets of an event, with the choice of who stands on them."""

    template_name = "sheets/sheets.html"
    title = "Blätter"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The choice, how many that are, and the files."""
        names = number(self.event, self.request.user, self.choice)
        return super().get_context_data(
            names=names,
            chosen=self.form(self.chosen),
            sheets=[(sheet, self._files(key)) for key, sheet in SHEETS.items()],
            **kwargs,
        )

    def _files(self, key: str) -> list[tuple[str, str]]:
        return [
            (
                label,
                f"{self.sheets(key, name)}?{self.query}",
            )
            for name, label in FORMATS.items()
        ]


class SheetFile(OfSheets, PageView):
    """A sheet as a file; with many names it is made in the background, which is asked first."""

    title = "Blatt im Hintergrund erstellen"

    @cached_property
    def sheet(self) -> Sheet:
        """The sheet of the address."""
        if self.kwargs["sheet"] not in SHEETS or self.kwargs["form"] not in FORMATS:
            raise Http404
        return SHEETS[self.kwargs["sheet"]]

    def get_rule_object(self) -> Any:
        """The cycle, for a sheet that exists."""
        _ = self.sheet
        return super().get_rule_object()

    @cached_property
    def names(self) -> int:
        """How many names the sheet has."""
        return number(self.event, self.request.user, self.choice)

    @property
    def is_long(self) -> bool:
        """Whether it takes longer than somebody waits."""
        return self.kwargs["form"] == "pdf" and self.sheet.by_name and self.names > DIRECT

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file, or the question whether to start a job."""
        if self.is_long:
            return TemplateResponse(request, "sheets/later.html", self._question())
        content = read(self.event, request.user, self.choice)
        name = filename(f"{self.sheet.label} {self.event.title}"[:80], self.kwargs["form"])
        if self.kwargs["form"] == "pdf":
            return file_response(sheet_pdf(self.kwargs["sheet"], content), name)
        out = io.BytesIO()
        WRITERS[self.kwargs["form"]](self.sheet.table(content), out)
        return file_response(out.getvalue(), name)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Start the job; a short sheet needs none."""
        if not self.is_long:
            return HttpResponseRedirect(request.get_full_path())
        job = start_job(
            jobs.KIND,
            by=acting_user(request),
            params=jobs.params(self.event, self.request.user, self.kwargs["sheet"], self.choice),
            title=f"{self.sheet.label} {self.event.title}",
        )
        return HttpResponseRedirect(job.get_absolute_url())

    def _question(self) -> dict[str, Any]:
        here = self.sheets()
        return self.get_context_data(
            sheet=self.sheet,
            names=self.names,
            about=self.event.title,
            back_url=f"{here}?{self.query}",
        )

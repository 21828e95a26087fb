"""The way to all lists and sheets of a Durchgang, its labels and its badges."""

import io
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import cached_property

from mentoring.jobs.domain import start_job
from mentoring.ui.exports import WRITERS
from mentoring.ui.list_exports import filename
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import PageView
from programmes.cycles.views.base import acting_user
from programmes.events.models import Event
from programmes.events.views.base import file_response
from programmes.events.wording import when
from programmes.sheets import jobs
from programmes.sheets.chosen import BADGES, KINDS, LABELS, Choice
from programmes.sheets.directory import directory
from programmes.sheets.pages import OfLists
from programmes.sheets.views import FORMATS

DIRECT = 200
"""Up to so many labels or badges are made while the user waits."""

PREVIEW = 50
"""So many rows of a choice are shown on its page."""


class ListsPage(OfLists, PageView):
    """All lists and sheets of the cycle that the user may open."""

    rule = "sheets.lists"
    title = "Listen und Blätter"
    template_name = "sheets/lists.html"

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle."""
        return super().breadcrumbs()[:-1]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The lists, and the way to the sheets of each coming event."""
        return super().get_context_data(
            parts=directory(self.request.user, self.cycle),
            prints=self.allowed("events.change", self.cycle),
            events=[(event, when(event)) for event in self._events()],
            **kwargs,
        )

    def _events(self) -> list[Event]:
        if not self.allowed("events.change", self.cycle):
            return []
        found = Event.objects.visible_to(self.request.user).filter(cycle=self.cycle).planned()
        return list(found.filter(ends_at__gt=timezone.now()).order_by("starts_at", "pk"))


class OfChoice(OfLists):
    """A page about what is printed of a choice of people."""

    rule: ClassVar[str | None] = "sheets.print"
    kind: ClassVar[str]
    route: ClassVar[str]

    @cached_property
    def choice(self) -> Choice:
        """What is chosen in the address."""
        return Choice(self.kind, self.request.user, self.cycle, self.request.GET.urlencode())

    @property
    def query(self) -> str:
        """The choice as the end of an address, with its question mark."""
        return f"?{self.choice.query}" if self.choice.query else ""

    def get_title(self) -> str:
        """What is printed."""
        return KINDS[self.kind].title


class ChoicePage(OfChoice, PageView):
    """Choose whom for, look at them, take the file."""

    template_name = "sheets/choice.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The choice, the first of those chosen, and the files."""
        choice = self.choice
        paper = choice.paper if choice.is_valid else None
        return super().get_context_data(
            intro=choice.kind.intro,
            fields=[*choice.selection.filters.form, *choice.form],
            paper=paper,
            rows=list(paper.table.rows)[:PREVIEW] if paper else [],
            more=max(0, paper.number - PREVIEW) if paper else 0,
            files=[
                (label, f"{self.page(self.route, key)}{self.query}")
                for key, label in FORMATS.items()
            ],
            reset_url=self.request.path,
            **kwargs,
        )


class ChoiceFile(OfChoice, PageView):
    """The file; many labels are laid out in the background, which is asked first."""

    def breadcrumbs(self) -> list[Crumb]:
        """Below the choice."""
        return [*super().breadcrumbs(), Crumb(self.get_title(), self._back())]

    def _back(self) -> str:
        return self.page(self.route.removesuffix("_file")) + self.query

    def get_rule_object(self) -> Any:
        """The cycle, for a format that exists."""
        if self.kwargs["form"] not in FORMATS:
            raise Http404
        return super().get_rule_object()

    @property
    def is_long(self) -> bool:
        """Whether it takes longer than somebody waits."""
        return self.kwargs["form"] == "pdf" and self.choice.paper.number > DIRECT

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file, or the question whether to start a job; a wrong choice is shown as such."""
        if not self.choice.is_valid:
            return HttpResponseRedirect(self._back())
        paper = self.choice.paper
        if self.is_long:
            context = self.get_context_data(
                sheet={"label": self.get_title()},
                about=str(self.cycle),
                names=paper.number,
                back_url=self._back(),
            )
            return TemplateResponse(request, "sheets/later.html", context)
        name = filename(f"{self.get_title()} {self.cycle.number}", self.kwargs["form"])
        if self.kwargs["form"] == "pdf":
            return file_response(paper.pdf(), name)
        out = io.BytesIO()
        WRITERS[self.kwargs["form"]](paper.table, out)
        return file_response(out.getvalue(), name)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Start the job; a short file needs none."""
        if not self.choice.is_valid or not self.is_long:
            return HttpResponseRedirect(request.get_full_path())
        job = start_job(
            jobs.CHOICE,
            by=acting_user(request),
            params=jobs.choice_params(self.kind, self.cycle, self.choice),
            title=f"{self.get_title()} {self.cycle}",
        )
        return HttpResponseRedirect(job.get_absolute_url())


class LabelsPage(ChoicePage):
    """Address labels."""

    kind, route = LABELS, "labels_file"


class LabelsFile(ChoiceFile):
    """Address labels as a file."""

    kind, route = LABELS, "labels_file"


class BadgesPage(ChoicePage):
    """Badges."""

    kind, route = BADGES, "badges_file"


class BadgesFile(ChoiceFile):
    """Badges as a file."""

    kind, route = BADGES, "badges_file"

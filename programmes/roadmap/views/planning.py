"""Beginning a Fahrplan, and moving a milestone: first a preview, then the act."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property

from mentoring.ui.errors import Refused
from mentoring.ui.forms import KernForm, KernFormHelper
from mentoring.ui.views import FormPage
from programmes.cycles.views.base import acting_user
from programmes.roadmap import calendar, domain
from programmes.roadmap.forms.milestones import (
    MoveDatesForm,
    MoveForm,
    PlanForm,
    WorkshopDateForm,
)
from programmes.roadmap.models import Milestone, Move
from programmes.roadmap.views.base import InRoadmap, OnMilestone


class PreviewedPage(FormPage):
    """A page in two steps: a GET with dates shows what would come, a POST does it.

    The form that acts is made anew from each preview; what a refused one said stands above.
    """

    once = True
    dates_form_class: type[KernForm]
    preview_label = "Vorschau zeigen"

    def dates_initial(self) -> dict[str, Any]:
        """What the form of the dates begins with."""
        return {}

    def dates_kwargs(self) -> dict[str, Any]:
        """What the form of the dates must know."""
        return {}

    def preview(self, dates: dict[str, Any]) -> Any:
        """What would come; may raise ``Refused``."""
        raise NotImplementedError

    def confirmation(self, preview: Any) -> dict[str, Any]:
        """The hidden fields of the form that acts."""
        raise NotImplementedError

    def posted_dates(self, form: Any) -> dict[str, Any]:
        """The dates of a posted form, as the form of the dates calls them."""
        raise NotImplementedError

    @cached_property
    def dates_form(self) -> KernForm:
        """The dates of the address, or of the form that was refused."""
        names = self.dates_form_class.base_fields
        data: Any = None
        if self.request.method == "POST":
            data = self.posted_dates(self.request.POST)
        elif any(name in self.request.GET for name in names):
            data = self.request.GET
        form = self.dates_form_class(data, initial=self.dates_initial(), **self.dates_kwargs())
        # Once there is a preview, the way back stands below it.
        way_back = "" if form.is_bound and form.is_valid() else self.get_cancel_url()
        form.helper = KernFormHelper(
            submit_label=self.preview_label, cancel_url=way_back, layout=form.layout
        )
        form.helper.form_method = "get"
        form.helper.form_action = "#vorschau"
        return form

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nothing is typed into the form that acts, so there is nothing to refill."""
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The dates, what they would bring about, and the form that does it."""
        refused = kwargs.pop("form", None)
        refusals = [str(error) for error in refused.non_field_errors()] if refused else []
        preview = None
        if self.dates_form.is_bound and self.dates_form.is_valid():
            try:
                preview = self.preview(self.dates_form.cleaned_data)
            except Refused as refusal:
                self.dates_form.add_error(None, str(refusal))
                refusals = []
        if refused and not refusals and self.dates_form.is_valid():
            refusals = ["Das Formular war beschädigt. Bitte prüfen Sie die Vorschau noch einmal."]
        initial = self.confirmation(preview) if preview is not None else {}
        form = self.get_form_class()(initial=initial)
        context = super().get_context_data(form=form, **kwargs)
        # Named, for otherwise the "#vorschau" would stay in the address of the next page.
        form.helper.form_action = self.request.path
        return {
            **context,
            "dates_form": self.dates_form,
            "preview": preview,
            "refusals": refusals,
        }


class PlanPage(InRoadmap, PreviewedPage):
    """Make a cycle's Fahrplan from the template and one date."""

    rule = "roadmap.plan"
    title = "Fahrplan anlegen"
    template_name = "roadmap/plan.html"
    form_class = PlanForm
    dates_form_class = WorkshopDateForm
    submit_label = "Fahrplan mit diesen Daten anlegen"
    success_message = (
        "Der Fahrplan ist angelegt. Tragen Sie jetzt ein, wer wofür zuständig ist, und passen Sie "
        "an, was in diesem Durchgang anders ist."
    )

    def dates_initial(self) -> dict[str, Any]:
        """The date the cycle has already, if any."""
        return {"datum": self.cycle.start_workshop_on}

    def dates_kwargs(self) -> dict[str, Any]:
        """The cycle, in whose years the date must lie."""
        return {"cycle": self.cycle}

    def preview(self, dates: dict[str, Any]) -> list[domain.PlannedMilestone]:
        """All milestones with their dates."""
        return domain.preview_plan(self.cycle.programme, dates["datum"])

    def confirmation(self, preview: Any) -> dict[str, Any]:
        """The date."""
        return {"start_on": self.dates_form.cleaned_data["datum"]}

    def posted_dates(self, form: Any) -> dict[str, Any]:
        """The date."""
        return {"datum": form.get("start_on", "")}

    def save(self, form: Any) -> list[Milestone]:
        """By way of the domain, with a date that a preview would have been shown of."""
        start_on = form.cleaned_data["start_on"]
        domain.check_year_of_workshop(self.cycle, start_on)
        return domain.plan_roadmap(self.cycle, start_on=start_on, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """To the Fahrplan."""
        return self.page("timeline")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether there is one already, and whether the previewed date is over."""
        context = super().get_context_data(
            planned=Milestone.objects.filter(cycle=self.cycle).exists(), **kwargs
        )
        # Only a hint: a cycle that is under way gets its Fahrplan too.
        over = bool(context["preview"]) and (
            self.dates_form.cleaned_data["datum"] < timezone.localdate()
        )
        return {**context, "over": over}


class MovePage(OnMilestone, PreviewedPage):
    """Move a milestone with all that hangs on it."""

    rule = "roadmap.change"
    template_name = "roadmap/move.html"
    form_class = MoveForm
    dates_form_class = MoveDatesForm
    submit_label = "So verschieben"
    saved: Move

    def get_title(self) -> str:
        """Which one."""
        return f"{self.milestone} verschieben"

    def dates_initial(self) -> dict[str, Any]:
        """As it stands."""
        found = self.milestone
        return {"ab": found.starts_on, "bis": found.ends_on if found.days else None}

    def dates_kwargs(self) -> dict[str, Any]:
        """The milestone, for the Startworkshop must lie in the years of its cycle."""
        return {"milestone": self.milestone}

    def preview(self, dates: dict[str, Any]) -> domain.Preview:
        """Every consequence."""
        found = domain.preview_move(
            self.milestone,
            starts_on=dates["ab"],
            ends_on=dates["bis"],
            user=self.request.user,
        )
        if found.nothing_changes:
            raise Refused(f"„{self.milestone}“ steht schon auf diesem Datum.")
        return found

    def confirmation(self, preview: Any) -> dict[str, Any]:
        """The dates, and which preview was seen."""
        return {
            "starts_on": preview.starts_on,
            "ends_on": preview.ends_on,
            "seen": MoveForm.token(preview.fingerprint),
        }

    def posted_dates(self, form: Any) -> dict[str, Any]:
        """The dates."""
        return {"ab": form.get("starts_on", ""), "bis": form.get("ends_on", "")}

    def save(self, form: Any) -> Move:
        """By way of the domain."""
        data = form.cleaned_data
        return domain.move(
            self.milestone,
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            by=acting_user(self.request),
            seen=data["seen"],
        )

    def get_success_message(self) -> str:
        """To when, and that it can be taken back."""
        return (
            f"„{self.saved.title}“ ist verschoben auf {calendar.weekday(self.saved.to_on)}, "
            f"{self.saved.to_on:%d.%m.%Y}. Unter „Verschiebungen“ lässt sich das zurücknehmen."
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The milestone, as it stands."""
        return super().get_context_data(milestone=self.milestone, **kwargs)

"""Forms of the template of a programme's Fahrplan."""

from typing import Any, ClassVar

from crispy_forms.layout import Layout, Row
from django import forms

from mentoring.ui.forms import VersionedModelForm
from programmes.roadmap.milestone import START
from programmes.roadmap.models import TemplateMilestone, TemplateTask


class TemplateMilestoneForm(VersionedModelForm):
    """A milestone in weeks before or after the Startworkshop."""

    end_week = forms.IntegerField(
        label="bis Woche",
        required=False,
        min_value=-156,
        max_value=156,
        help_text="Nur nötig, wenn der Meilenstein länger als einen Tag dauert.",
    )

    class Meta:
        model = TemplateMilestone
        fields = ("title", "track", "kind", "start_week", "end_week", "venue", "description")
        widgets: ClassVar = {"description": forms.Textarea(attrs={"rows": 4})}
        help_texts: ClassVar = {
            "start_week": "Gezählt vom Startworkshop: -4 heißt vier Wochen vorher, 2 zwei Wochen "
            "danach."
        }

    layout = Layout(
        "title", Row("track", "kind"), Row("start_week", "end_week"), "venue", "description"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.key == START:
            for name in ("start_week", "end_week", "kind"):
                del self.fields[name]
            self.layout = Layout("title", "track", "venue", "description")

    def clean(self) -> dict[str, Any]:
        """One week if no second is given; the weeks are in order."""
        super().clean()
        data = self.cleaned_data
        first, last = data.get("start_week"), data.get("end_week")
        if first is None or self.errors.keys() & {"start_week", "end_week"}:
            return data
        if last is None:
            data["end_week"] = first
        elif last < first:
            self.add_error("end_week", "Das Ende liegt vor dem Beginn.")
        return data


class TemplateTaskForm(VersionedModelForm):
    """A to-do in weeks before or after its milestone."""

    class Meta:
        model = TemplateTask
        fields = ("title", "milestone", "week", "responsible")
        help_texts: ClassVar = {
            "week": "Gezählt vom Meilenstein: -2 heißt fällig zwei Wochen vorher."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        milestones: Any = self.fields["milestone"]
        milestones.queryset = TemplateMilestone.objects.filter(programme=self.instance.programme)
        milestones.empty_label = "bitte wählen"

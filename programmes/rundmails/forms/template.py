"""The form of a usual mail."""

from typing import Any, ClassVar

from django import forms

from mentoring.ui.forms import VersionedModelForm
from programmes.roadmap.models import TemplateMilestone
from programmes.rundmails.models import RundmailTemplate
from programmes.rundmails.placeholders import uses_in
from programmes.rundmails.registries import placeholders


class TemplateForm(VersionedModelForm):
    """Name, text and the milestone at which a usual mail is offered."""

    class Meta:
        model = RundmailTemplate
        fields = ("title", "subject", "body", "milestone_key", "days_from_milestone")
        widgets: ClassVar = {"body": forms.Textarea(attrs={"class": "rundmail-body"})}
        labels: ClassVar = {"days_from_milestone": "Abstand in Tagen"}
        help_texts: ClassVar = {
            "milestone_key": "An diesem Meilenstein des Fahrplans wird die Mail angeboten.",
            "days_from_milestone": "Wann sie üblicherweise hinausgeht, gezählt vom Meilenstein: "
            "-14 sind zwei Wochen vorher, 7 eine Woche danach.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = dict(
            TemplateMilestone.objects.filter(programme=self.instance.programme_id).values_list(
                "key", "title"
            )
        )
        key = self.instance.milestone_key
        if key and key not in known:
            known[key] = f"{key} (nicht im Fahrplan)"
        self.fields["milestone_key"] = forms.ChoiceField(
            label="Meilenstein",
            required=False,
            choices=[("", "– keiner –"), *known.items()],
            help_text=self.fields["milestone_key"].help_text,
        )

    def clean_subject(self) -> str:
        """Only placeholders that there are."""
        return _checked(self.cleaned_data["subject"])

    def clean_body(self) -> str:
        """Only placeholders that there are."""
        return _checked(self.cleaned_data["body"])


def _checked(text: str) -> str:
    unknown = [use.written for use in uses_in(text) if use.name not in placeholders]
    if unknown:
        raise forms.ValidationError(
            f"Diesen Platzhalter gibt es nicht: {', '.join(unknown)}. Eine Liste steht beim "
            "Schreiben einer Rundmail neben dem Text."
        )
    return text

"""The page on which a lead hands an application over to another Kommune."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet

from mentoring.ui.forms import ReasonForm
from programmes.cycles.models import Participation, ParticipationState
from programmes.cycles.views.base import acting_user
from programmes.organisations.models import Municipality
from tandems.applications.models import ApplicationState
from tandems.applications.moving import NOT_YET, change_house
from tandems.applications.steps import StepPage


class MoveForm(ReasonForm):
    """Where to, with which rank, and that the applicant wants it."""

    municipality = forms.ModelChoiceField(
        Municipality.objects.none(),
        label="Neue Kommune",
        empty_label="bitte wählen",
        help_text="Zur Wahl stehen die Kommunen, die am Durchgang teilnehmen.",
    )
    rank = forms.IntegerField(
        label="Rang in der neuen Kommune",
        min_value=1,
        max_value=99,
        help_text="Fragen Sie die neue Personalstelle. Mehrere Bewerbungen dürfen denselben Rang "
        "haben.",
    )
    agreed = forms.BooleanField(
        label="Die Bewerberin oder der Bewerber weiß davon und ist einverstanden, dass die neue "
        "Personalstelle den Profilbogen liest",
    )
    reason = forms.CharField(
        label="Grund",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Den Grund lesen der Beirat und die neue Personalstelle.",
    )

    field_order = ("municipality", "rank", "agreed", "reason")

    def __init__(self, *args: Any, municipalities: QuerySet[Municipality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = municipalities  # type: ignore[attr-defined]  # a choice of models


class MovePage(StepPage):
    """Asks where to, and says who loses and who gains sight of what."""

    rule = "applications.move"
    title = "Kommune wechseln"
    button_label = "An die neue Kommune geben"
    form_class = MoveForm
    reason_field = "required"
    danger: ClassVar[bool] = True

    def get_question(self) -> str:
        """Who and from where."""
        found = self.application
        return (
            f"Hat {found.person.full_name} von {found.municipality} zu einer anderen Kommune "
            "gewechselt?"
        )

    def consequences(self) -> list[str]:
        """Who loses and gains sight of what."""
        found = self.application
        if found.state not in ApplicationState.with_council():
            return [NOT_YET]
        return [
            f"Die Personalstelle von {found.municipality} sieht die Bewerbung nicht mehr; ihre "
            "Stellungnahme und ihr Rang werden gelöscht.",
            "Die Personalstelle der neuen Kommune liest den Profilbogen, pflegt die Kontaktdaten "
            "und teilt das Ergebnis mit.",
            "Auch in der Teilnehmerliste und als Person gehört die Bewerberin oder der Bewerber "
            "zur neuen Kommune.",
        ]

    def get_form_kwargs(self) -> dict[str, Any]:
        """The other Kommunen that take part."""
        part = Participation.objects.filter(cycle=self.cycle, state=ParticipationState.CONFIRMED)
        houses = Municipality.objects.visible_to(self.request.user).filter(
            pk__in=part.values("municipality")
        )
        others = houses.exclude(pk=self.application.municipality_id).order_by("sort_key")
        return {**super().get_form_kwargs(), "municipalities": others}

    def perform(self) -> Any:
        """By way of the domain."""
        data = self.form.cleaned_data
        self.success_message = f"Die Bewerbung liegt jetzt bei {data['municipality']}."
        return change_house(
            self.application,
            municipality=data["municipality"],
            rank=data["rank"],
            reason=self.reason,
            by=acting_user(self.request),
        )

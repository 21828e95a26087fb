"""The form of a planned amount."""

from typing import Any

from crispy_forms.layout import Layout, Row

from mentoring.accounts.models import User
from mentoring.ui.forms import VersionedModelForm
from mentoring.ui.money import MoneyField
from programmes.budget.models import BudgetLine
from programmes.cycles.models import Cycle
from programmes.events.models import Event
from programmes.suppliers.forms import NOT_NEGATIVE, event_label
from programmes.suppliers.models import Category


class BudgetLineForm(VersionedModelForm):
    """How much is planned, for what."""

    planned = MoneyField(label="geplant, brutto (Euro)", min_value=0, error_messages=NOT_NEGATIVE)
    layout = Layout("label", Row("category", "planned"), "event")

    class Meta:
        model = BudgetLine
        fields = ("label", "category", "planned", "event")

    def __init__(self, *args: Any, cycle: Cycle, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        event: Any = self.fields["event"]
        event.queryset = Event.objects.visible_to(user).filter(cycle=cycle).order_by("starts_at")
        event.empty_label = "für den Durchgang als Ganzes"
        event.label_from_instance = event_label
        category: Any = self.fields["category"]
        category.choices = [("", "bitte wählen"), *Category.choices]

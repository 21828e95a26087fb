"""Forms of the reveal."""

from typing import Any

from django import forms

from mentoring.ui.forms import KernForm, VersionedModelForm
from tandems.pairs.models import MatchingFrame


class SeenForm(KernForm):
    """That the list was read; the digest of the list read travels along."""

    seen = forms.CharField(widget=forms.HiddenInput)
    confirmed = forms.BooleanField(label="")

    def __init__(self, *args: Any, confirm_label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["confirmed"].label = confirm_label
        self.fields["confirmed"].error_messages["required"] = (
            "Bitte bestätigen Sie, dass Sie die Liste gelesen haben."
        )

    def show_newest(self, seen: str) -> None:
        """Shown again with a new list, which has to be read and confirmed anew."""
        data: Any = self.data
        data = data.copy()
        data["seen"] = seen
        data.pop("confirmed", None)
        self.data = data


class RevealForm(SeenForm):
    """As above, with a reason where today is not the day."""

    reason = forms.CharField(
        label="Warum wird das Matching trotzdem heute bekannt gegeben?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Bleibt beim Durchgang stehen, nur für den Beirat.",
    )

    field_order = ("reason", "confirmed")

    def __init__(self, *args: Any, asks_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_reason:
            del self.fields["reason"]


class OrderForm(VersionedModelForm):
    """Whether mentors learn of their match first."""

    class Meta:
        model = MatchingFrame
        fields = ("mentors_first",)

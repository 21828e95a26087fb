"""The small forms of the acts about a mail."""

from django import forms

from mentoring.ui.forms import KernForm


class SeenForm(KernForm):
    """Carries what the page has shown, so that nothing else is acted on."""

    seen = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)


class ApproveForm(KernForm):
    """Carries the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class UnclearForm(KernForm):
    """What became of a message nobody knows the fate of."""

    fate = forms.ChoiceField(
        label="Kam die Mail an?",
        choices=(
            ("arrived", "Ja, sie ist angekommen."),
            ("again", "Nein oder unbekannt: noch einmal senden."),
        ),
        widget=forms.RadioSelect,
        help_text="Bitte fragen Sie im Zweifel nach. Kam sie doch schon an und wird noch einmal "
        "gesendet, dann kommt sie zweimal an.",
    )

"""Forms of the wall."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms

from mentoring.ui.forms import KernForm, ReasonForm, VersionedModelForm
from programmes.cycles.models import Participation
from tandems.applications.models import Application
from tandems.applications.reasons import DueReasonField
from tandems.matching.models import IdeaComment, IdeaStance, Mark, MatchIdea
from tandems.mentors.models import Mentor

WITHDRAW = "withdraw"


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class _NewIdeaForm(KernForm):
    """The other half of a new idea, and what speaks for it.

    ``shown`` are the choices at hand, with what forbids each; any of ``possible`` is taken.
    """

    half: ClassVar[str]
    label: ClassVar[str]

    reason = forms.CharField(
        label="Was spricht dafür?",
        max_length=1000,
        widget=_area(),
        help_text="Ein Satz genügt. Alle im Beirat, die beide Personen sehen, lesen ihn.",
    )

    def __init__(
        self,
        *args: Any,
        possible: Any,
        shown: Sequence[tuple[Application | Mentor, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        field = forms.ModelChoiceField(
            label=self.label,
            queryset=possible,
            error_messages={
                "required": "Bitte wählen Sie jemanden aus der Liste.",
                "invalid_choice": "Diese Person steht nicht (mehr) an der Wand. Bitte wählen Sie "
                "jemand anderen.",
            },
        )
        self.fields = {self.half: field, **self.fields}
        chosen = self._chosen(possible, {half.pk for half, _ in shown})
        field.widget.choices = [("", "bitte wählen"), *_grouped([*chosen, *shown])]

    def _chosen(
        self, possible: Any, known: Iterable[int]
    ) -> list[tuple[Application | Mentor, str]]:
        """What is chosen already, if a search has left it out."""
        value = self.data.get(self.half) if self.is_bound else self.initial.get(self.half)
        key = str(value or "")
        # Not every digit of Unicode is one that makes a number, nor is every number a key.
        if not (key.isascii() and key.isdecimal()) or len(key) > 15 or int(key) in known:
            return []
        return [(half, "") for half in possible.filter(pk=int(key))]


class MentorIdeaForm(_NewIdeaForm):
    """For a mentee: which mentor."""

    half, label = "mentor", "Mentor/in"


class MenteeIdeaForm(_NewIdeaForm):
    """For a mentor: which mentee."""

    half, label = "application", "Mentee"


def _grouped(shown: Iterable[tuple[Application | Mentor, str]]) -> list[tuple[str, Any]]:
    """Options by Kommune; those that a rule forbids stand last, with the rule."""
    groups: dict[str, list[tuple[int, str]]] = {}
    forbidden: list[tuple[int, str]] = []
    for half, forbids in shown:
        if forbids:
            forbidden.append((half.pk, f"{_called(half)}: {forbids}"))
        else:
            house = str(half.municipality.short_name)
            groups.setdefault(house, []).append((half.pk, _called(half)))
    found: list[tuple[str, Any]] = sorted(groups.items())
    return [*found, ("Nicht möglich", forbidden)] if forbidden else found


def _called(half: Application | Mentor) -> str:
    if isinstance(half, Mentor):
        place = half.position if half.person_id else "noch ohne Namen"
        return f"{half.called} ({place}, {half.get_state_display()})"
    return f"{half.person.full_name} ({half.position})" if half.position else half.person.full_name


class CommentForm(KernForm):
    """A comment on an idea."""

    text = forms.CharField(label="Ihre Bemerkung", max_length=1000, widget=_area())


class EditCommentForm(VersionedModelForm):
    """The own comment."""

    class Meta:
        model = IdeaComment
        fields = ("text",)
        widgets: ClassVar = {"text": _area()}


class ReasonOfIdeaForm(VersionedModelForm):
    """What speaks for an idea."""

    class Meta:
        model = MatchIdea
        fields = ("reason",)
        widgets: ClassVar = {"reason": _area()}


class MarkForm(VersionedModelForm):
    """What is settled about an idea."""

    class Meta:
        model = MatchIdea
        fields = ("mark", "mark_reason")
        field_classes: ClassVar = {"mark_reason": DueReasonField}
        widgets: ClassVar = {"mark": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mark: Any = self.fields["mark"]
        mark.choices = Mark.choices
        mark.required = False
        mark.help_text = (
            "„Gesetzt“ und „kommt nicht in Frage“ binden die Vorschläge des Computers. Gesetzt "
            "und zweite Wahl gibt es je Mentee höchstens einmal."
        )
        self.fields["mark_reason"].help_text = "Nötig bei „kommt nicht in Frage“."


class VoiceForm(KernForm):
    """What a Kommune says; ``seen`` is what it said when the page was opened."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    back = forms.CharField(widget=forms.HiddenInput, required=False)
    participation = forms.ModelChoiceField(
        label="Kommune",
        queryset=Participation.objects.none(),
        empty_label="bitte wählen",
        error_messages={
            "invalid_choice": "Für diese Kommune können Sie keine Stimme eintragen.",
            "required": "Bitte wählen Sie die Kommune.",
        },
    )
    stance = forms.ChoiceField(
        label="Stimme",
        choices=(*IdeaStance.choices, (WITHDRAW, "keine Stimme")),
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte wählen Sie, was die Kommune dazu sagt."},
    )

    def __init__(self, *args: Any, speaking: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["participation"]
        field.queryset = speaking
        field.label_from_instance = lambda part: part.municipality.short_name


class DeleteForm(ReasonForm):
    """Why an idea is deleted; asked where others said something."""

    def __init__(self, *args: Any, needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason: Any = self.fields["reason"]
        reason.max_length = 1000
        reason.help_text = "Die Begründung bleibt bei der oder dem Mentee stehen."
        if not needed:
            del self.fields["reason"]


class BiasForm(KernForm):
    """From where a member knows somebody."""

    text = forms.CharField(
        label="Woher?",
        max_length=200,
        required=False,
        help_text="Zum Beispiel „frühere Kollegin“. Das lesen alle, die die Person hier sehen.",
    )

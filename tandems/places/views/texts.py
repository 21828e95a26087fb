"""The words with which an outcome is told: those of the cycle, and a Kommune's own."""

import copy
from typing import Any

from django.http import Http404
from django.utils.functional import cached_property

from mentoring.ui.navigation import Crumb
from mentoring.ui.views import ActionPage, FormPage, PageView
from tandems.places import domain
from tandems.places.forms import TextForm
from tandems.places.models import Outcome, OutcomeText
from tandems.places.texts import DEFAULTS, Texts
from tandems.places.views.base import OfPlaces, acting_user
from tandems.places.views.telling import OfHouse


class OfText:
    """A page about the words for an outcome, of the cycle or of one Kommune."""

    request: Any
    kwargs: dict[str, Any]
    cycle: Any

    @property
    def house(self) -> int | None:
        """The Kommune whose own version it is."""
        return None

    @cached_property
    def outcome(self) -> Outcome:
        """The outcome of the address."""
        if self.kwargs["outcome"] not in Outcome.values:
            raise Http404
        return Outcome(self.kwargs["outcome"])

    @cached_property
    def all_texts(self) -> Texts:
        """The texts of the cycle."""
        return Texts(self.cycle, self.request.user)

    def get_rule_object(self) -> Any:
        """The cycle; the outcome must be one."""
        cycle = super().get_rule_object()  # type: ignore[misc]  # a page follows
        _ = self.outcome
        return cycle


class EditsText(OfText):
    """A page that changes the words."""

    form_class: Any = TextForm
    template_name: Any = "places/text.html"
    success_message = "Der Text ist gespeichert."

    def get_title(self) -> str:
        """Which text."""
        return f"Text für „{self.outcome.label}“"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The adapted version, or a new one from the text that holds."""
        row = self.all_texts.row(self.outcome, self.house)
        if row is None:
            row = OutcomeText(
                cycle=self.cycle,
                municipality_id=self.house,
                outcome=self.outcome,
                text=self.all_texts.of(self.outcome, self.house),
            )
        return {**super().get_form_kwargs(), "instance": copy.copy(row)}  # type: ignore[misc]  # likewise

    def save(self, form: TextForm) -> Any:
        """By way of the domain; the shipped words need no row of their own."""
        text = form.instance
        if not text.text.strip() or (text.pk is None and not form.has_changed()):
            return text
        return domain.save_text(text, by=acting_user(self.request))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The shipped words, to compare or take back."""
        return super().get_context_data(shipped=DEFAULTS[self.outcome], **kwargs)  # type: ignore[misc]  # likewise


class ResetsText(OfText):
    """A page that drops adapted words, so that those above them hold again."""

    title = "Text zurücksetzen"
    button_label = "Zurücksetzen"
    danger = True
    above = ""

    @cached_property
    def text(self) -> OutcomeText:
        """The adapted version; 404 while there is none."""
        found = self.all_texts.row(self.outcome, self.house)
        if found is None:
            raise Http404
        return found

    def get_rule_object(self) -> Any:
        """The cycle; there must be a text to drop."""
        cycle = super().get_rule_object()
        if self.allowed(self.rule, cycle):  # type: ignore[attr-defined]  # a page follows
            _ = self.text
        return cycle

    def get_question(self) -> str:
        """Which text."""
        return f"Soll für „{self.outcome.label}“ wieder {self.above} gelten?"

    def consequences(self) -> list[str]:
        """What is lost."""
        return ["Ihre Fassung wird gelöscht. Kopieren Sie sie vorher heraus, wenn sie noch dient."]

    def perform(self) -> None:
        """By way of the domain."""
        domain.reset_text(self.text, by=acting_user(self.request))


class TextsPage(OfPlaces, PageView):
    """The texts of the whole cycle, for the Beirat."""

    title = "Texte zu den Ergebnissen"
    template_name = "places/texts.html"

    def breadcrumbs(self) -> list[Crumb]:
        """Below the meeting page."""
        return [*super().breadcrumbs(), Crumb("Platzvergabe", self.page("meeting"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The three texts."""
        texts = Texts(self.cycle, self.request.user)
        return super().get_context_data(
            texts=[
                (
                    one.label,
                    texts.of(one.value),
                    self.page("text", one.value),
                    self.page("reset_text", one.value) if texts.row(one.value, None) else "",
                )
                for one in Outcome
            ],
            **kwargs,
        )


class OfCycleText(OfText, OfPlaces):
    """Of the words of the whole cycle."""

    def breadcrumbs(self) -> list[Crumb]:
        """Below the texts."""
        return [
            *super().breadcrumbs(),
            Crumb("Platzvergabe", self.page("meeting")),
            Crumb("Texte", self.page("texts")),
        ]

    def get_success_url(self) -> str:
        """To the texts."""
        return self.page("texts")


class OfHouseText(OfText, OfHouse):
    """Of a Kommune's own words."""

    @property
    def house(self) -> int | None:
        """One the user does HR work for, otherwise 404."""
        if self.kwargs["house_pk"] not in self.municipalities:
            raise Http404
        found: int = self.kwargs["house_pk"]
        return found

    def get_rule_object(self) -> Any:
        """The cycle; the Kommune must be the own one."""
        cycle = super().get_rule_object()
        if self.allowed("places.tell", cycle):  # type: ignore[attr-defined]  # a page follows
            _ = self.house
        return cycle

    def breadcrumbs(self) -> list[Crumb]:
        """Below the outcomes."""
        return [*super().breadcrumbs(), Crumb("Ergebnisse", self.page("outcomes"))]


class TextPage(OfCycleText, EditsText, FormPage):
    """The words of the cycle for one outcome."""


class HouseTextPage(OfHouseText, EditsText, FormPage):
    """A Kommune's own words for one outcome."""


class ResetTextPage(OfCycleText, ResetsText, ActionPage):
    """Back to the shipped words."""

    above = "der mitgelieferte Text"
    success_message = "Jetzt gilt wieder der mitgelieferte Text."


class ResetHouseTextPage(OfHouseText, ResetsText, ActionPage):
    """Back to the words all Kommunen share."""

    above = "der gemeinsame Text"
    success_message = "Jetzt gilt wieder der gemeinsame Text."

"""The whole set of tandems on one page, and its seal."""

from typing import Any, ClassVar

from django.core import signing
from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.ui.navigation import Crumb
from mentoring.ui.views import Action, ActionPage, PageView
from tandems.pairs import domain
from tandems.pairs.deciding_forms import SealForm
from tandems.pairs.readings import note_readings
from tandems.pairs.review import Review, review, tandems
from tandems.pairs.views.base import OfMatching, acting_user


class OnReview(OfMatching):
    """A page about the whole set."""

    @cached_property
    def review(self) -> Review:
        """What the user sees of it; that it was read is noted."""
        by = acting_user(self.request)
        found = review(self.cycle, by)
        note_readings([row.tandem for row in found.rows], by)
        return found


class ReviewPage(OnReview, PageView):
    """Every tandem, what stands in its way, who is left over, the mix of Kommunen."""

    title = "Matching prüfen und versiegeln"
    template_name = "pairs/review.html"

    def actions(self) -> list[Action]:
        """The seal and the reveal, for leads."""
        if not self.leads:
            return []
        found = []
        if number := len(self.review.sealable):
            found.append(Action(f"{tandems(number)} versiegeln", self.page("seal"), "primary"))
        if self.review.sealed:
            address = reverse("reveal:reveal", args=[self.cycle.pk])
            found.append(Action("Zur Bekanntgabe", address, "secondary"))
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The set."""
        return super().get_context_data(review=self.review, leads=self.leads, **kwargs)


class SealPage(OnReview, ActionPage):
    """Seal all that is decided and in order."""

    rule: ClassVar[str | None] = "pairs.lead"
    title = "Tandems versiegeln"
    form_class = SealForm

    @property
    def button_label(self) -> str:  # type: ignore[override]  # names the number
        """With the number."""
        return f"{tandems(len(self.review.sealable))} versiegeln"

    def get_question(self) -> str:
        """How many."""
        number = len(self.review.sealable)
        if not number:
            return "Zurzeit ist nichts zu versiegeln"
        verb = "Soll" if number == 1 else "Sollen"
        return f"{verb} {tandems(number)} versiegelt werden?"

    def get_initial(self) -> dict[str, Any]:
        """Which ones the lead has before them."""
        keys = [row.tandem.pk for row in self.review.sealable]
        return {"seen": signing.dumps(keys, salt=SealForm.SALT)}

    def consequences(self) -> list[str]:
        """What goes with it, and what is left."""
        found = self.review
        lines = ["Versiegelte Tandems sind fertig für die Bekanntgabe, und noch geheim."]
        lines += [f"Bleibt offen: {row.name}. {' '.join(row.in_the_way)}" for row in found.held_up]
        if number := len(found.proposed):
            lines.append(f"Erst vorgeschlagen und darum nicht dabei: {tandems(number)}.")
        if number := len(found.unmatched):
            who = "1 Mentee" if number == 1 else f"{number} Mentees"
            lines.append(f"Noch ohne Tandem: {who}.")
        if found.hidden_words:
            lines.append(f"{found.hidden_words} Das übernimmt eine andere Leitung.")
        lines.append("Mit Begründung lässt sich jedes einzelne wieder öffnen.")
        return lines

    def breadcrumbs(self) -> list[Crumb]:
        """Below the whole set."""
        return [*super().breadcrumbs(), Crumb("Prüfen und versiegeln", self.page("review"))]

    def perform(self) -> Any:
        """By way of the domain."""
        seen = self.form.cleaned_data["seen"]
        done = domain.seal(self.cycle, only=seen, by=acting_user(self.request))
        verb = "ist" if len(done.sealed) == 1 else "sind"
        said = f"{tandems(len(done.sealed))} {verb} versiegelt."
        if not done.sealed:
            said = "Es war nichts mehr zu versiegeln."
        if number := len(done.left):
            stay = "bleibt" if number == 1 else "bleiben"
            said += f" {tandems(number)} {stay} offen: was im Weg steht, lesen Sie unten."
        self.success_message = said
        return done

    def get_success_url(self) -> str:
        """Back to the set."""
        return self.page("review")

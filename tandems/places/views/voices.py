"""The voices of the Kommunen, recorded by their own members or by one for all."""

from typing import Any

from mentoring.ui.errors import Refused
from mentoring.ui.views import FormPage
from tandems.places import domain
from tandems.places.forms import VoicesForm
from tandems.places.models import Stance
from tandems.places.views.base import OfAllocation, acting_user

ALL_AGREE = "alle"


class VoicesPage(OfAllocation, FormPage):
    """One voice a Kommune, all on one page."""

    title = "Stimmen der Kommunen"
    template_name = "places/voices.html"
    form_class = VoicesForm
    submit_label = "Stimmen speichern"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The Kommunen; objections may name somebody this user must not know of."""
        return {
            **super().get_form_kwargs(),
            "rows": self.board.voices,
            "readable": not self.board.hidden,
        }

    def get_initial(self) -> dict[str, Any]:
        """On demand, agreement for all that is open: in most meetings all agree but one."""
        if ALL_AGREE not in self.request.GET:
            return {}
        initial: dict[str, Any] = {}
        for row in self.board.voices:
            key = row.participation.pk
            if row.voice is None:
                initial[f"stance-{key}"] = Stance.AGREE
            elif row.outdated:
                initial[f"again-{key}"] = True
        return initial

    def save(self, form: VoicesForm) -> Any:
        """By way of the domain; who was second may save again."""
        entries = form.entries
        try:
            number = domain.record_voices(self.allocation, entries, by=acting_user(self.request))
        except Refused:
            self.told = True
            raise
        self.success_message = (
            f"{number} Stimme{'n' if number != 1 else ''} gespeichert."
            if number
            else "An den Stimmen war nichts geändert."
        )
        return number

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each Kommune with its fields."""
        context = super().get_context_data(**kwargs)
        form: VoicesForm = context["form"]
        context["sections"] = form.sections()
        # Shown again after somebody else was faster, the form knows the new versions; a
        # form refilled or faulty keeps those its typing began with.
        context["token"] = (
            form.token if getattr(self, "told", False) else form.data.get("opened") or form.token
        )
        context["allocation"] = self.allocation
        open_ones = any(row.voice is None or row.outdated for row in self.board.voices)
        context["offer_all"] = open_ones and ALL_AGREE not in self.request.GET
        context["board"] = self.board
        return context

"""What the hard rules of a cycle do: read by who matches, set by a lead."""

import copy
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property

from mentoring.ui.views import FormPage
from tandems.pairs import domain
from tandems.pairs.models import MatchingFrame, PairRule
from tandems.pairs.rule_forms import RulesForm
from tandems.pairs.settings import LABELS, OFF, RULES, settings_of
from tandems.pairs.views.base import OfMatching, acting_user


class RulesPage(OfMatching, FormPage):
    """The rules with an explanation each; a lead changes them."""

    title = "Regeln des Matchings"
    template_name = "pairs/rules.html"
    form_class = RulesForm
    success_message = "Die Regeln sind gespeichert. Sie gelten ab sofort für alle Paare."

    @cached_property
    def frame(self) -> MatchingFrame:
        """How the cycle matches."""
        return domain.frame_of(self.cycle)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The frame's copy: a form writes into its instance."""
        return {**super().get_form_kwargs(), "instance": copy.copy(self.frame)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """For a lead only."""
        if not self.leads:
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def save(self, form: RulesForm) -> MatchingFrame:
        """By way of the domain."""
        frame = form.instance
        # The form has written into it; the door compares with what is stored.
        frame.mentors_first = self.frame.mentors_first
        return domain.save_rules(
            frame,
            form.chosen,
            mentors_first=form.cleaned_data["mentors_first"],
            by=acting_user(self.request),
        )

    def get_success_url(self) -> str:
        """The rules as they are now."""
        return self.page("rules")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rules for who only reads them; the one that nobody sets."""
        found = settings_of(self.frame)
        return super().get_context_data(
            rules=[
                (known.title, known.text, LABELS[found[rule] or OFF])
                for rule, known in RULES.items()
            ],
            fixed=RULES[PairRule.EXCLUDED],
            mentors_first=self.frame.mentors_first,
            leads=self.leads,
            **kwargs,
        )

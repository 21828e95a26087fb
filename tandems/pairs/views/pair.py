"""The page of a pair: both halves, what speaks against them, and going over a warning."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import Http404
from django.utils.functional import cached_property

from mentoring.accounts.models import User
from mentoring.ui.errors import Refused
from mentoring.ui.lists import Badge
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import Action, ActionPage, PageView
from tandems.applications.models import Application, ApplicationState
from tandems.mentors.models import Mentor, MentorState
from tandems.pairs import domain
from tandems.pairs.halves import half_of_mentee, half_of_mentor
from tandems.pairs.hindrances import Hindrance, Hindrances
from tandems.pairs.models import Overrule, PairRule, Tandem, TandemState
from tandems.pairs.permissions import decided_tandems
from tandems.pairs.readings import note_readings
from tandems.pairs.registries import pair_actions, pair_sections
from tandems.pairs.rule_forms import OverruleForm
from tandems.pairs.settings import RULES, Severity
from tandems.pairs.views.base import OfMatching, acting_user, found_or_404

REFUSED_BADGE = Badge("danger", "verhindert das Paar")
WARNED_BADGE = Badge("warning", "Warnung")
OVERRULED_BADGE = Badge("info", "Warnung, über die hinweggegangen wurde")


@dataclass(frozen=True)
class HindranceRow:
    """A hindrance as its page shows it; an address is "" where the user may not do that."""

    hindrance: Hindrance
    badge: Badge
    title: str
    overruled_by: str = ""
    overrule_url: str = ""
    take_back_url: str = ""


class OfPair(OfMatching):
    """A page about one pair, both halves of which the user may see."""

    def _half(self, rows: Any, key: str) -> Any:
        related = rows.select_related("person__municipality", "municipality")
        found = found_or_404(related.filter(cycle=self.cycle), self.kwargs[key])
        found.cycle = self.cycle
        return found

    @cached_property
    def application(self) -> Application:
        """The mentee's application."""
        rows = Application.objects.visible_to(self.request.user)
        found: Application = self._half(rows, "application_pk")
        return found

    @cached_property
    def mentor(self) -> Mentor:
        """The mentor, or the idea of one."""
        rows = Mentor.objects.visible_to(self.request.user)
        found: Mentor = self._half(rows, "mentor_pk")
        return found

    @cached_property
    def tandems(self) -> list[Tandem]:
        """The tandems the two are or were in this cycle, the newest first; noted as read."""
        found = list(
            Tandem.objects.filter(
                decided_tandems(self.request.user),
                cycle=self.cycle,
                application=self.application,
                mentor=self.mentor,
            ).order_by("-pk")
        )
        note_readings(found, acting_user(self.request))
        return found

    @property
    def live(self) -> Tandem | None:
        """The tandem the two are now."""
        return next((one for one in self.tandems if one.state in TandemState.live()), None)

    @cached_property
    def rules(self) -> Hindrances:
        """What speaks against pairs of this cycle, as far as the user may know."""
        return Hindrances(self.cycle, self.request.user)

    @cached_property
    def hindrances(self) -> list[Hindrance]:
        """What speaks against this pair."""
        return self.rules.of(self.application, self.mentor)

    def get_rule_object(self) -> Any:
        """The cycle; both halves must be visible and the mentee one of this matching."""
        cycle = super().get_rule_object()
        # Whoever may not open any such page is told so first.
        if self.allowed(self.rule or "", cycle):  # type: ignore[attr-defined]  # a page follows
            self._check_pair()
        return cycle

    def _check_pair(self) -> None:
        _ = self.mentor
        if self.application.state != ApplicationState.PLACED and not self.tandems:
            raise Http404

    def pair_page(self, name: str, *args: Any) -> str:
        """The address of a page about this pair."""
        return self.page(name, self.application.pk, self.mentor.pk, *args)

    def get_success_url(self) -> str:
        """Back to the pair."""
        return self.pair_page("pair")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Both halves, for every template."""
        return super().get_context_data(application=self.application, mentor=self.mentor, **kwargs)


class PairPage(OfPair, PageView):
    """Both Steckbriefe in short, and what speaks against the pair."""

    template_name = "pairs/pair.html"

    def get_title(self) -> str:
        """Who and who."""
        return f"{self.application.person.full_name} und {self.mentor.called}"

    @property
    def may_propose(self) -> bool:
        """Whether nothing stands between the pair and a proposal."""
        return (
            self.live is None
            and self.application.state == ApplicationState.PLACED
            and self.mentor.person is not None
            and not any(one.blocks_proposal for one in self.hindrances)
        )

    def actions(self) -> list[Action]:
        """To the tandem, or to proposing one; what later rooms add."""
        found = []
        if self.live is not None:
            found.append(Action("Zum Tandem", self.page("tandem", self.live.pk), "primary"))
        elif self.may_propose:
            found.append(Action("Als Tandem vorschlagen", self.pair_page("propose"), "primary"))
        user = acting_user(self.request)
        further = (make(user, self.application, self.mentor) for make in pair_actions)
        return [*found, *(action for action in further if action is not None)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What speaks against the pair, both halves, what later rooms add."""
        user = acting_user(self.request)
        parts = (make(user, self.application, self.mentor) for make in pair_sections)
        left = self.rules.places_left(self.mentor)
        return super().get_context_data(
            verdict=self._verdict(),
            rows=[self._row(one) for one in self.hindrances],
            notes=self._notes(),
            halves=[
                half_of_mentee(self.application),
                half_of_mentor(self.mentor, places_left=left),
            ],
            sections=[part for part in parts if part is not None],
            rules_url=self.page("rules"),
            **kwargs,
        )

    def _verdict(self) -> tuple[str, str, str]:
        """Kind, title and text of how the pair stands."""
        if self.live is not None:
            state = self.live.get_state_display()
            text = (
                "Bis zur Bekanntgabe wissen davon nur diejenigen im Beirat, die matchen."
                if not self.live.is_known
                else ""
            )
            return "info", f"Die beiden sind ein Tandem: {state}", text
        blocking = [one for one in self.hindrances if one.blocks_proposal]
        if any(one.refuses for one in blocking):
            return (
                "danger",
                "Dieses Paar ist nicht möglich",
                "Eine Regel verhindert es. Suchen Sie an der Wand ein anderes mögliches Match.",
            )
        if blocking:
            return (
                "warning",
                "Etwas spricht gegen dieses Paar",
                "Eine Leitung des Beirats kann mit Begründung über eine Warnung hinweggehen; dann "
                "lässt sich das Tandem vorschlagen.",
            )
        if self.mentor.person is None:
            return (
                "info",
                "Bisher eine Idee ohne Namen",
                "Ein Tandem lässt sich erst vorschlagen, wenn eine Person angefragt ist.",
            )
        later = "Beschlossen wird es erst mit der Zusage der Mentorin oder des Mentors."
        agreed = self.mentor.state == MentorState.AGREED
        return "success", "Dem Vorschlag steht nichts im Weg", "" if agreed else later

    def _row(self, one: Hindrance) -> HindranceRow:
        title = RULES[one.rule].title
        if one.refuses:
            return HindranceRow(one, REFUSED_BADGE, title)
        if one.overrule is None:
            url = self.pair_page("overrule", one.rule.value) if self.leads else ""
            return HindranceRow(one, WARNED_BADGE, title, overrule_url=url)
        return HindranceRow(
            one,
            OVERRULED_BADGE,
            title,
            overruled_by=_name_of(one.overrule.overruled_by),
            take_back_url=self.pair_page("take_back", one.rule.value) if self.leads else "",
        )

    def _notes(self) -> list[str]:
        """What is no hindrance and still worth knowing."""
        asked = self.rules.settings[PairRule.NOT_FREE] is not None
        agreed = self.mentor.state == MentorState.AGREED
        if asked and agreed and not self.mentor.answers.get("free_at_start"):
            return [
                f"Ob {self.mentor.called} am Tag des Startworkshops frei ist, steht noch nicht im "
                "Profilbogen."
            ]
        return []


def _name_of(user: User | None) -> str:
    person = getattr(user, "person", None)
    return person.full_name if person is not None else "eine Leitung des Beirats"


class OnWarning(OfPair):
    """A page about one rule that speaks against the pair, for a lead."""

    rule: ClassVar[str | None] = "pairs.lead"

    @cached_property
    def pair_rule(self) -> PairRule:
        """The rule of the address; 404 for a word that is none."""
        if self.kwargs["rule"] not in PairRule.values:
            raise Http404
        return PairRule(self.kwargs["rule"])

    @cached_property
    def hindrance(self) -> Hindrance | None:
        """What the rule says of the pair now."""
        return next((one for one in self.hindrances if one.rule == self.pair_rule), None)

    @property
    def only_shown(self) -> bool:
        """Whether nothing is to be done: who acts too late is told so by the door instead."""
        return self.request.method != "POST"

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the pair."""
        return [*super().breadcrumbs(), Crumb("Paar", self.pair_page("pair"))]


class OverrulePage(OnWarning, ActionPage):
    """Go over a warning, with the reason."""

    title = "Über eine Warnung hinweggehen"
    template_name = "pairs/overrule.html"
    form_class = OverruleForm
    button_label = "Über die Warnung hinweggehen"
    success_message = "Die Warnung hält das Paar nicht mehr auf. Ihre Begründung steht dabei."

    def _check_pair(self) -> None:
        super()._check_pair()
        _ = self.pair_rule
        if self.hindrance is None and self.only_shown:
            raise Http404

    def get_question(self) -> str:
        """What the warning says."""
        return self.hindrance.sentence if self.hindrance is not None else ""

    def consequences(self) -> list[str]:
        """What goes with it."""
        return [
            "Die Warnung bleibt auf der Seite des Paars stehen, mit Ihrem Namen und Ihrer "
            "Begründung.",
            "Ihre Entscheidung gilt nur für dieses Paar und lässt sich zurücknehmen.",
        ]

    def perform(self) -> Overrule:
        """By way of the domain."""
        return domain.overrule(
            self.application,
            self.mentor,
            self.pair_rule,
            reason=self.reason,
            by=acting_user(self.request),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether there is anything to go over."""
        refuses = self.hindrance is not None and self.hindrance.severity == Severity.REFUSE
        return super().get_context_data(refuses=refuses, **kwargs)


class TakeBackPage(OnWarning, ActionPage):
    """Take back a word about a warning."""

    title = "Warnung wieder gelten lassen"
    question = "Soll die Warnung wieder gelten?"
    button_label = "Warnung wieder gelten lassen"
    success_message = "Die Warnung gilt wieder."

    @cached_property
    def overrule(self) -> Overrule | None:
        """The word about the warning, if there is one."""
        rows = Overrule.objects.filter(application=self.application, mentor=self.mentor)
        return rows.filter(rule=self.pair_rule).first()

    def _check_pair(self) -> None:
        super()._check_pair()
        if self.overrule is None and self.only_shown:
            raise Http404

    def consequences(self) -> list[str]:
        """What goes with it."""
        lines = ["Die Begründung, mit der über die Warnung hinweggegangen wurde, wird gelöscht."]
        if self.hindrance is not None:
            lines.insert(0, self.hindrance.sentence)
        if self.live is not None and not self.live.is_known:
            lines.append("Das Tandem der beiden lässt sich dann nicht beschließen oder versiegeln.")
        return lines

    def perform(self) -> None:
        """By way of the domain."""
        if self.overrule is None:
            raise Refused(domain.TAKEN_BACK)
        domain.take_back(self.overrule, by=acting_user(self.request))

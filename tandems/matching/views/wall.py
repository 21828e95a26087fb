"""The wall, and what of it has changed."""

import hashlib
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from mentoring.ui.views import Action, PageView
from programmes.cycles.models import Cycle
from tandems.applications.models import Application, ApplicationState
from tandems.matching.filters import WallFilter
from tandems.matching.registries import wall_actions
from tandems.matching.views.base import OfWall, acting_user
from tandems.mentors.models import Mentor
from tandems.pairs.models import MatchingFrame
from tandems.pairs.readings import note_readings

CARDS, LINES = 50, 50
"""So many mentees, and so many mentors, stand on a page."""

SECONDS = 3
"""So often the wall asks whether something has changed."""


def stand_of(cycle: Cycle) -> str:
    """What differs as soon as anything at the wall of ``cycle`` may have changed.

    The edition is raised by every door of the matching; whether mentees or mentors changed in
    rooms that know no wall, their numbers and versions tell. It says nothing itself: who
    must not know of a pair does not read from it how often others spoke about it.
    """
    frame = MatchingFrame.objects.filter(cycle=cycle).values_list("edition", "version").first()
    mentors = Mentor.objects.filter(cycle=cycle).aggregate(n=Count("pk"), v=Sum("version"))
    placed = Application.objects.filter(cycle=cycle, state=ApplicationState.PLACED)
    mentees = placed.aggregate(n=Count("pk"), v=Sum("version"))
    parts = (cycle.pk, frame, *mentors.values(), *mentees.values())
    return salted_hmac("tandems.matching.stand", repr(parts)).hexdigest()[:24]


class OnWall(OfWall):
    """What the whole page and its renewal have in common."""

    @cached_property
    def filter(self) -> WallFilter:
        """The filters of the address."""
        return WallFilter(self.request.GET, wall=self.wall)

    def query(self, **changes: str) -> str:
        """The filters and pages of the address with some changed, without anything else."""
        kept = self.request.GET.copy()
        for name in list(kept):
            if name not in (*self.filter.fields, "page", "mpage") or not kept[name]:
                del kept[name]
        for name, value in changes.items():
            kept[name] = value
        return f"?{kept.urlencode()}" if kept else ""

    def fragment(self) -> tuple[SafeString, str]:
        """All that is renewed, and the stand it shows: that of the data and of its words."""
        stand = stand_of(self.cycle)  # before the rows: what changes in between is asked again
        mentees = _page(self.filter.mentee_keys(), CARDS, self.request.GET.get("page"))
        mentors = _page(self.filter.mentor_keys(), LINES, self.request.GET.get("mpage"))
        cards = self.wall.cards(_in_order(self.wall.mentees(), mentees))
        found = render_to_string(
            "matching/_wall.html",
            {
                "cycle": self.cycle,
                "cards": cards,
                "mentors": self.wall.mentor_lines(_in_order(self.wall.mentors(), mentors)),
                "counts": self.wall.counts,
                "leaves_out": self.wall.leaves_out,
                "filtered": self.filter.in_use,
                "mentee_page": mentees,
                "mentor_page": mentors,
                "mentee_pages": self.pages(mentees, "page"),
                "mentor_pages": self.pages(mentors, "mpage"),
                "wall_url": self.own_page("wall"),
            },
        )
        shown = [card.tandem for card in cards if card.tandem is not None]
        note_readings(shown, acting_user(self.request))
        words = hashlib.sha256(found.encode()).hexdigest()[:24]
        return found, f"{stand}.{words}"

    def pages(self, page: Page, parameter: str) -> list[tuple[str, str, bool]]:
        """Label, address and whether current of each page number."""
        if not page.has_other_pages():
            return []
        links = []
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
            url = ""
            if isinstance(number, int):
                url = f"{self.own_page('wall')}{self.query(**{parameter: str(number)})}"
            links.append((str(number), url, number == page.number))
        return links


class WallPage(OnWall, PageView):
    """Every mentee with the ideas, every mentor with their state."""

    title = "Matching"
    template_name = "matching/wall.html"

    def breadcrumbs(self) -> list[Any]:
        """Up to the cycle: this page is the last step itself."""
        return super().breadcrumbs()[:-1]

    def actions(self) -> list[Action]:
        """What rooms add, and the ways on."""
        user = acting_user(self.request)
        found = [action for make in wall_actions if (action := make(user, self.cycle)) is not None]
        review = Action("Prüfen und versiegeln", reverse("pairs:review", args=[self.cycle.pk]))
        rules = Action("Regeln", reverse("pairs:rules", args=[self.cycle.pk]), "tertiary")
        order = ("primary", "secondary", "tertiary")
        return sorted([*found, review, rules], key=lambda action: order.index(action.kind))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The fragment, with what asks for the next one."""
        fragment, stand = self.fragment()
        return super().get_context_data(
            fragment=fragment,
            stand=stand,
            now=timezone.localtime(),
            filter_form=self.filter,
            filtered=self.filter.in_use,
            reset_url=self.own_page("wall"),
            changes_url=f"{self.own_page('changes')}{self.query()}",
            reload_url=f"{self.own_page('wall')}{self.query()}",
            seconds=SECONDS,
            **kwargs,
        )


class ChangesPage(OnWall, PageView):
    """What the wall shows now, for a page that shows an older stand; 204 if it is none."""

    title = "Matching"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nothing, the fragment, or the page itself for who opens the address."""
        if request.headers.get("HX-Request") != "true":
            return HttpResponseRedirect(f"{self.own_page('wall')}{self.query()}")
        data, _, words = request.GET.get("stand_token", "").partition(".")
        if data == stand_of(self.cycle):
            return HttpResponse(status=204)
        fragment, stand = self.fragment()
        # Something changed that this reader does not see: then nothing is said of it.
        same = stand.partition(".")[2] == words
        answer = render_to_string(
            "matching/_changes.html",
            {"fragment": fragment, "stand": stand, "same": same, "now": timezone.localtime()},
        )
        return HttpResponse(answer, headers={"HX-Reswap": "none"} if same else {})


def _page(keys: list[int], size: int, wanted: str | None) -> Page:
    return Paginator(keys, size).get_page(wanted)


def _in_order(rows: Any, page: Page) -> list[Any]:
    """The rows of a page of keys, in its order."""
    found = rows.in_bulk(list(page.object_list))
    return [found[key] for key in page.object_list if key in found]

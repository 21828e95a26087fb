"""The page "Gerecht verteilt"."""

from typing import Any

from mentoring.ui.views import PageView
from programmes.roadmap.load import HouseLoad, load_of
from programmes.roadmap.views.tasks import InTasks


class LoadPage(InTasks, PageView):
    """How tasks and milestones are shared among the Kommunen of a cycle."""

    rule = "roadmap.view_load"
    title = "Gerecht verteilt?"
    template_name = "roadmap/load.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A row with its bar for each Kommune, and what nobody carries yet."""
        load = load_of(self.cycle)
        return super().get_context_data(
            load=load,
            rows=[(house, bars(house, load.most)) for house in load.houses],
            may_assign=self.allowed("roadmap.change", self.cycle),
            **kwargs,
        )


def bars(house: HouseLoad, most: int) -> list[tuple[str, int, int]]:
    """Kind, beginning and width of each part of a bar that is 100 long for ``most`` tasks."""
    found, begin = [], 0
    counted = 0
    for kind, number in (
        ("done", house.done),
        ("open", house.in_time),
        ("overdue", house.overdue),
    ):
        counted += number
        end = round(100 * counted / most) if most else 0
        if end > begin:
            found.append((kind, begin, end - begin))
        begin = end
    return found

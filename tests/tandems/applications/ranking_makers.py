"""What the tests of ranking, deadline and change of Kommune share."""

from datetime import date

from programmes.cycles.models import Cycle
from programmes.roadmap.models import Milestone
from tests.programmes.roadmap.makers import make_milestone

STATEMENT = "Geheime Stellungnahme der Personalstelle"


def make_deadline(cycle: Cycle, day: date) -> Milestone:
    """The application phase of the Fahrplan, which ends on ``day``."""
    return make_milestone(cycle, date(2026, 1, 2), day, key="bewerbung", title="Bewerbungsphase")


def token_in(page) -> str:
    """What the ranking page remembers of what it showed."""
    return page.content.decode().split('name="_ranks" value="')[1].split('"')[0]


def typed(page, **values: object) -> dict[str, str]:
    """The ranking as a browser posts it: what the page shows, changed as typed."""
    data = {"_ranks": token_in(page)}
    for field in page.context["form"]:
        if field.name.startswith("rank-") and field.value() is not None:
            data[field.name] = str(field.value())
    return {**data, **{name.replace("_", "-"): str(value) for name, value in values.items()}}

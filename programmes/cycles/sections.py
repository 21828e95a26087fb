"""The history of a Kommune, on its page."""

from django.http import HttpRequest

from programmes.cycles.domain.figures import history_of, returned_mentors
from programmes.cycles.permissions import works_in_programme
from programmes.organisations.models import Municipality
from programmes.organisations.sections import Section


def municipality_history(request: HttpRequest, municipality: Municipality) -> Section | None:
    """Cycles with published figures, and mentees who came back as mentors."""
    if request.user.is_operator or not works_in_programme(request.user):  # type: ignore[union-attr]  # signed in
        return None
    return Section(
        "cycles/municipality_history.html",
        {
            "rows": history_of(municipality, request.user),
            "returned": returned_mentors(municipality, request.user),
        },
    )

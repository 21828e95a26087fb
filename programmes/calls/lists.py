"""The list "Beteiligung": which Kommune has involved whom, and when."""

from typing import Any

import django_filters
from django.db.models import Q

from mentoring.ui.lists import Badge, Column, ListFilterSet, ListPage
from programmes.calls.pages import InCycle
from programmes.calls.permissions import involved_houses
from programmes.calls.views import missing_of
from programmes.cycles.models import Participation

MISSING = (
    Q(involvement=None) | Q(involvement__staff_council_on=None) | Q(involvement__equality_on=None)
)


def _missing(row: Participation) -> Badge:
    missing = missing_of(getattr(row, "involvement", None))
    return (
        Badge("warning", f"{' und '.join(missing)} fehlt")
        if len(missing) == 1
        else (Badge("warning", "beides fehlt") if missing else Badge("success", "vollständig"))
    )


class InvolvementFilter(ListFilterSet):
    """Where something is missing."""

    missing = django_filters.ChoiceFilter(
        label="Stand",
        choices=[("yes", "es fehlt etwas"), ("no", "vollständig")],
        method="by_missing",
        empty_label="alle",
    )

    class Meta:
        model = Participation
        fields: tuple[str, ...] = ()

    def by_missing(self, queryset: Any, name: str, value: str) -> Any:
        """Complete ones or the others."""
        return queryset.filter(MISSING) if value == "yes" else queryset.exclude(MISSING)


class InvolvementList(InCycle, ListPage):
    """For the Beirat: all Kommunen that take part."""

    list_name = "calls.involvements"
    rule = "calls.list_involvements"
    title = "Beteiligung von Personalrat und Gleichstellung"
    filterset_class = InvolvementFilter
    default_sort = "municipality"
    empty_title = "Noch nimmt keine Kommune teil"
    empty_text = (
        "Sobald eine Kommune zugesagt hat, steht sie hier. Ihre Personalstelle trägt ein, wann "
        "Personalrat und Gleichstellung beteiligt waren."
    )
    columns = (
        Column(
            "municipality",
            "Kommune",
            "municipality.short_name",
            sort="municipality__sort_key",
        ),
        Column(
            "staff_council",
            "Personalrat am",
            lambda row: getattr(getattr(row, "involvement", None), "staff_council_on", None),
            sort=("involvement__staff_council_on", "municipality__sort_key"),
        ),
        Column(
            "equality",
            "Gleichstellung am",
            lambda row: getattr(getattr(row, "involvement", None), "equality_on", None),
            sort=("involvement__equality_on", "municipality__sort_key"),
        ),
        Column("missing", "Was fehlt", _missing),
        Column(
            "note", "Bemerkung", lambda row: getattr(getattr(row, "involvement", None), "note", "")
        ),
    )

    def get_queryset(self) -> Any:
        """Those that take part, with their note."""
        return involved_houses(self.request.user, self.cycle).select_related(
            "municipality", "involvement"
        )

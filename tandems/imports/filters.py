"""The filter bar of a checked table."""

from typing import Any

import django_filters
from django.db.models import Q

from mentoring.ui.lists import ListFilterSet, SearchFilter
from tandems.imports.models import Decision, ImportLine

KINDS = {
    "fehler": ("nur mit Fehlern", Q(is_faulty=True)),
    "klaeren": ("zu klären", Q(is_doubtful=True)),
    "offen": ("ohne Auswahl", Q(is_faulty=False, decision=Decision.OPEN)),
    "gut": ("in Ordnung", Q(is_faulty=False, is_doubtful=False)),
    "weg": ("weggelassen", Q(decision=Decision.SKIP)),
}


class LineFilter(ListFilterSet):
    """Which lines are shown."""

    zeigen = django_filters.ChoiceFilter(
        label="Zeilen",
        choices=[(key, label) for key, (label, _) in KINDS.items()],
        empty_label="alle",
        method="of_kind",
    )
    name = SearchFilter(label="Name")

    class Meta:
        model = ImportLine
        fields = ("zeigen",)

    def of_kind(self, queryset: Any, name: str, value: str) -> Any:
        """Lines of one kind."""
        return queryset.filter(KINDS[value][1])

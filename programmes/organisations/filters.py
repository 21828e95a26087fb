"""Filters of the lists of organisations."""

import django_filters

from mentoring.ui.lists import ListFilterSet, SearchFilter
from programmes.organisations.models import LogisticsPartner, Municipality, MunicipalityKind


def regional_groups() -> list[tuple[str, str]]:
    """The Regionalgruppen that are in use, as choices."""
    names = (
        Municipality.objects.exclude(regional_group="")
        .order_by("regional_group")
        .values_list("regional_group", flat=True)
        .distinct()
    )
    return [(name, name) for name in names]


class MunicipalityFilter(ListFilterSet):
    """Text, kind and Regionalgruppe."""

    q = SearchFilter()
    kind = django_filters.ChoiceFilter(
        label="Art", choices=MunicipalityKind.choices, empty_label="alle"
    )
    regional_group = django_filters.ChoiceFilter(
        label="Regionalgruppe", choices=regional_groups, empty_label="alle"
    )

    class Meta:
        model = Municipality
        fields: tuple[str, ...] = ()


class PartnerFilter(ListFilterSet):
    """Text."""

    q = SearchFilter()

    class Meta:
        model = LogisticsPartner
        fields: tuple[str, ...] = ()

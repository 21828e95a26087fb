"""The log as leads and operators may read it."""

from datetime import datetime, time
from typing import Any

import django_filters
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from mentoring.log.domain import policies
from mentoring.log.models import LogEntry
from mentoring.text import search_key
from mentoring.ui.lists import Column, ListFilterSet, ListPage
from programmes.cycles.log_text import ACTIONS, LogText
from programmes.cycles.models import Cycle
from programmes.cycles.permissions import roles_of
from programmes.people.models import Person


def models_logged(request: HttpRequest) -> list[tuple[str, str]]:
    """What entries may be about, as choices; an operator is not offered what is secret."""
    operator = getattr(request.user, "is_operator", False)
    found = [
        (str(policy.model._meta.label_lower), str(policy.model._meta.verbose_name))
        for policy in policies
        if not (operator and policy.confidential)
    ]
    return sorted(found, key=lambda choice: choice[1].casefold())


def cycles_led(request: HttpRequest) -> QuerySet[Cycle]:
    """The cycles whose log the user reads."""
    return Cycle.objects.filter(pk__in=roles_of(request.user).leading)


class LogFilter(ListFilterSet):
    """Time, person, action, kind of record, cycle."""

    since = django_filters.DateFilter(label="von", method="from_day")
    until = django_filters.DateFilter(label="bis", method="to_day")
    who = django_filters.CharFilter(
        label="Wer (Name oder E-Mail)", method="by_person", max_length=200
    )
    action = django_filters.ChoiceFilter(label="Was geschah", choices=ACTIONS, empty_label="alles")
    model = django_filters.ChoiceFilter(label="Woran", method="about", empty_label="alles")
    cycle = django_filters.ModelChoiceFilter(
        label="Durchgang", queryset=cycles_led, method="of_cycle", empty_label="alle"
    )

    class Meta:
        model = LogEntry
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["model"].extra["choices"] = models_logged(self.request)
        if cycles_led(self.request).count() < 2:
            del self.filters["cycle"]

    def from_day(self, queryset: Any, name: str, value: Any) -> Any:
        """From the beginning of a day, Berlin time."""
        return queryset.filter(timestamp__gte=_moment(value, time.min))

    def to_day(self, queryset: Any, name: str, value: Any) -> Any:
        """Up to the end of a day, Berlin time."""
        return queryset.filter(timestamp__lte=_moment(value, time.max))

    def by_person(self, queryset: Any, name: str, value: str) -> Any:
        """Entries of somebody whose name or address contains the words."""
        if not search_key(value):
            return queryset.filter(actor_email__icontains=value.strip())
        # Only names the reader is shown: others could be found out by trying.
        named = Person.objects.visible_to(self.request.user).search(value).exclude(user=None)
        return queryset.filter(
            Q(actor__in=named.values("user")) | Q(actor_email__icontains=value.strip())
        )

    def about(self, queryset: Any, name: str, value: str) -> Any:
        """Entries about one kind of record."""
        kind = ContentType.objects.get_for_model(policies.get(value).model)
        return queryset.filter(content_type=kind)

    def of_cycle(self, queryset: Any, name: str, value: Cycle) -> Any:
        """Entries of one cycle."""
        return queryset.filter(cycle_id=value.pk)


def _moment(day: Any, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


class LogList(ListPage):
    """Who changed what, as far as this reader may know it."""

    list_name = "cycles.log"
    rule = "cycles.view_log"
    title = "Protokoll"
    filterset_class = LogFilter
    default_sort = "-time"
    empty_title = "Noch nichts verzeichnet"
    empty_text = "Jede Änderung erscheint hier mit Zeit, Person und Feldern."
    intro = (
        "Von vertraulichen Daten steht hier nur, welche Felder sich geändert haben, nie ihr "
        "Inhalt. Einträge werden nach einer Frist von selbst gelöscht."
    )

    def get_queryset(self) -> QuerySet[LogEntry]:
        """What this reader may know."""
        entries: QuerySet[LogEntry] = LogEntry.objects.visible_to(self.request.user)
        return entries.select_related("actor", "content_type")

    def get_columns(self) -> list[Column]:
        """The texts are made for one reader, who may not know everybody by name."""
        if not hasattr(self, "_text"):
            self._text = LogText(self.request.user)
        text = self._text
        return [
            Column("time", "Zeit", "timestamp", sort="timestamp"),
            Column("who", "Wer", text.actor, sort=("actor_email", "timestamp")),
            Column("what", "Was", text.subject),
            Column("action", "Aktion", text.action, sort=("action", "timestamp")),
            Column("fields", "Felder", text.changes),
        ]

    def rows(self, page: Any) -> Any:
        """All names of the page at once, then the rows."""
        self.get_columns()
        self._text.load(page.object_list)
        return super().rows(page)

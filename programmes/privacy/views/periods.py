"""Pages of the periods of deletion of a cycle."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from mentoring.ui.forms import KernForm
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import FormPage, PageView
from programmes.cycles.permissions import roles_of
from programmes.cycles.views.base import OfCycle, acting_user
from programmes.people.permissions import posts_of
from programmes.people.retention import data_periods
from programmes.privacy import domain
from programmes.privacy.models import CyclePeriod
from programmes.privacy.periods import (
    Concerns,
    DataOfCycle,
    all_days_of,
    cycle_data,
    pending,
)


@dataclass(frozen=True)
class Line:
    """A class of data as the page shows it."""

    key: str
    data: DataOfCycle
    days: int
    due_on: date | None
    count: int | None

    @property
    def period(self) -> str:
        """The period as people say it."""
        return days_in_words(self.days)

    @property
    def is_own(self) -> bool:
        """Whether the cycle has a period of its own."""
        return self.days != self.data.days

    @property
    def overdue(self) -> bool:
        """Whether it goes in the coming night."""
        return self.due_on is not None and self.due_on <= timezone.localdate()


def days_in_words(days: int) -> str:
    """Days as people say them."""
    if days == 1:
        return "1 Tag"
    if days % 365 == 0:
        shown = f"{days:,}".replace(",", ".")
        return f"{shown} Tage ({days // 365} {'Jahr' if days == 365 else 'Jahre'})"
    return f"{days} Tage"


class PeriodsPage(OfCycle, PageView):
    """All classes of data of a cycle that concern the reader, and those of every cycle."""

    rule = "privacy.read"
    title = "Löschfristen"
    template_name = "privacy/periods.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The cycle's own classes, and those that are the same for all."""
        everywhere = [
            (row.label, row.counts_from, days_in_words(row.days))
            for name in data_periods.names()
            if name not in cycle_data
            for row in (data_periods.get(name),)
        ]
        return super().get_context_data(
            lines=self.lines(),
            may_set=self.allowed("privacy.set", self.cycle),
            everywhere=everywhere,
            **kwargs,
        )

    def lines(self) -> list[Line]:
        """Nothing for the Logistikpartner: no class of `tandems` concerns it."""
        user, cycle = acting_user(self.request), self.cycle
        roles = roles_of(user)
        wanted = Concerns(0)
        if cycle.pk in roles.inside or cycle.programme_id in roles.permanent:
            wanted |= Concerns.COUNCIL
        if posts_of(user).municipalities:
            wanted |= Concerns.HOUSES
        days = all_days_of(cycle)
        found = []
        for key in cycle_data.names():
            data = cycle_data.get(key)
            if not data.concerns & wanted:
                continue
            coming = pending(cycle, key, days[key])
            count, due_on = None, None
            if coming is not None:
                if data.counted is not None:
                    count = data.counted(cycle, user, coming.keys)
                # A day that a hidden record alone has would tell of it.
                due_on = coming.due_on if count or data.begins is not None else None
            found.append(Line(key, data, days[key], due_on, count))
        return found


class PeriodForm(KernForm):
    """The period of one class in one cycle."""

    days = forms.IntegerField(label="Frist in Tagen", min_value=1)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    tonight = forms.BooleanField(
        label="Ja, was schon über dieser Frist liegt, soll in der kommenden Nacht gelöscht werden",
        required=False,
    )

    def __init__(self, *args: Any, data_class: DataOfCycle, warns: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._data, self._warns = data_class, warns
        days = self.fields["days"]
        days.min_value, days.max_value = data_class.least, data_class.most  # type: ignore[attr-defined]  # an IntegerField
        days.widget.attrs.update(min=data_class.least, max=data_class.most)
        days.help_text = (
            f"{data_class.least} bis {data_class.most} Tage. Vorgesehen sind {data_class.days}."
        )
        if not self.is_bound or not self._asks():
            self.fields["tonight"].widget = forms.HiddenInput()

    def _asks(self) -> str:
        """The warning for what was typed, "" if nothing goes tonight that would not anyway."""
        try:
            days = int(self.data.get(self.add_prefix("days"), ""))
        except ValueError:
            return ""
        return str(self._warns(days)) if self._data.least <= days <= self._data.most else ""

    def clean_days(self) -> int:
        """Within the bounds of the class."""
        days: int = self.cleaned_data["days"]
        if not self._data.least <= days <= self._data.most:
            raise forms.ValidationError(
                f"Möglich sind {self._data.least} bis {self._data.most} Tage."
            )
        return days

    def clean(self) -> dict[str, Any]:
        """A shorter period that deletes tonight is asked about first."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "days" in cleaned and (warning := self._asks()) and not cleaned.get("tonight"):
            self.add_error("tonight", warning)
        return cleaned


class PeriodChange(OfCycle, FormPage):
    """Set the cycle's own period of one class."""

    rule = "privacy.set"
    form_class = PeriodForm
    template_name = "privacy/period.html"
    success_message = "Die Frist ist gespeichert."

    @cached_property
    def data(self) -> DataOfCycle:
        """The class of the address; raises ``Http404``."""
        if self.kwargs["key"] not in cycle_data:
            raise Http404
        return cycle_data.get(self.kwargs["key"])

    @cached_property
    def row(self) -> CyclePeriod | None:
        """The cycle's own period, if there is one."""
        return CyclePeriod.objects.filter(cycle=self.cycle, key=self.kwargs["key"]).first()

    def get_rule_object(self) -> Any:
        """The cycle, for a class that there is."""
        _ = self.data
        return super().get_rule_object()

    def get_title(self) -> str:
        """Of what."""
        return f"Löschfrist: {self.data.label}"

    def breadcrumbs(self) -> list[Crumb]:
        """Below the list."""
        return [*super().breadcrumbs(), Crumb("Löschfristen", self.get_success_url())]

    def get_success_url(self) -> str:
        """Back to the list."""
        return reverse("privacy:periods", args=[self.cycle.pk])

    def get_initial(self) -> dict[str, Any]:
        """The period that holds now."""
        row = self.row
        return {
            "days": row.days if row is not None else self.data.days,
            "version": row.version if row is not None else None,
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        """The class with its bounds, and what a shorter period would do."""
        return {**super().get_form_kwargs(), "data_class": self.data, "warns": self.warning}

    def warning(self, days: int) -> str:
        """What a period of ``days`` deletes tonight; "" if that goes anyway or is nothing."""
        key, now = self.kwargs["key"], self.get_initial()["days"]
        if days >= now or not domain.due_with(self.cycle, key, days):
            return ""
        if domain.due_with(self.cycle, key, now) and self.data.begins is not None:
            return ""
        keys = domain.gone_tonight(self.cycle, key, days)
        user = acting_user(self.request)
        if self.data.counted is None:
            return "Mit dieser Frist wird in der kommenden Nacht gelöscht, was es davon gibt."
        count = self.data.counted(self.cycle, user, keys)
        if count is None:
            return "Mit dieser Frist wird in der kommenden Nacht gelöscht, was es davon gibt."
        return (
            f"Mit dieser Frist werden in der kommenden Nacht {count} gelöscht. Das lässt sich "
            "nicht rückgängig machen."
            if count
            else ""
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The class."""
        return super().get_context_data(data=self.data, **kwargs)

    def save(self, form: Any) -> CyclePeriod:
        """By way of the domain."""
        found = domain.set_period(
            self.cycle,
            self.kwargs["key"],
            days=form.cleaned_data["days"],
            version=form.cleaned_data["version"],
            by=acting_user(self.request),
        )
        if domain.due_with(self.cycle, self.kwargs["key"], found.days):
            messages.warning(self.request, "Was über der Frist liegt, wird in der Nacht gelöscht.")
        return found

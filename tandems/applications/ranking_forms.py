"""The forms in which a Kommune ranks and nominates its applications."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import QueryDict

from mentoring.ui.forms import KernForm
from programmes.cycles.models import Cycle, CycleState
from programmes.organisations.models import Municipality
from tandems.applications.deadline import Deadline, deadline_of
from tandems.applications.forms import RankForm
from tandems.applications.models import Application, ApplicationState
from tandems.applications.nominate import Read, as_read, ranks_change

SALT = "tandems.applications.ranking"
FIELD = "_ranks"
NOMINATE = "nominate"
"""The name of the button that nominates the chosen ones."""
STALE = (
    "Das Formular stammt nicht von dieser Seite oder ist beschädigt. Ihre Ränge stehen noch da: "
    "bitte prüfen Sie sie und speichern Sie noch einmal."
)
NOBODY = "Kreuzen Sie an, wen Sie nominieren möchten."


def late_reason_field(deadline: Deadline) -> forms.CharField:
    """Why a nomination comes after ``deadline``."""
    return forms.CharField(
        label="Grund der späten Nominierung",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"Die Frist ist am {deadline.day:%d.%m.%Y} abgelaufen. Der Beirat liest den "
        "Grund bei der Bewerbung.",
        error_messages={
            "required": f"Die Frist ist am {deadline.day:%d.%m.%Y} abgelaufen. Nennen Sie den "
            "Grund, warum Sie erst jetzt nominieren."
        },
    )


class NominateForm(RankForm):
    """Rank, and after the deadline the reason: asked anew with each post, as time goes on."""

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deadline = deadline_of(cycle)
        if deadline is not None and deadline.passed:
            self.fields["late_reason"] = late_reason_field(deadline)


class RankingForm(KernForm):
    """A rank for each application of a Kommune, a mark for whom to nominate.

    Carries, signed, what the page showed, so that a second person who ranks is noticed.
    """

    def __init__(
        self,
        data: Any = None,
        *args: Any,
        cycle: Cycle,
        municipality: Municipality,
        rows: Mapping[int, Application],
        **kwargs: Any,
    ) -> None:
        self.cycle, self.municipality, self.rows = cycle, municipality, rows
        self.deadline = deadline_of(cycle)
        self.changes = dict.fromkeys(rows, "")
        """For each application what somebody else changed meanwhile, in words."""
        self._stored: Read | None = None
        super().__init__(self._completed(data), *args, **kwargs)
        self._add_fields()

    def _completed(self, data: Any) -> Any:
        """Applications the page did not show yet keep their rank."""
        if data is None:
            return None
        filled = QueryDict(mutable=True)
        filled.update(data)
        for pk, row in self.rows.items():
            if f"rank-{pk}" not in filled:
                filled[f"rank-{pk}"] = "" if row.rank is None else str(row.rank)
        return filled

    def _add_fields(self) -> None:
        changes = ranks_change(self.cycle)
        for pk, row in self.rows.items():
            waits = row.state == ApplicationState.SUBMITTED
            if waits or changes:
                self.fields[f"rank-{pk}"] = forms.IntegerField(
                    label=f"Rang von {row.person.full_name}",
                    min_value=1,
                    max_value=99,
                    required=not waits,
                    initial=row.rank,
                    error_messages={
                        "required": "Wer nominiert ist, behält einen Rang.",
                        "invalid": "Der Rang ist eine ganze Zahl von 1 bis 99.",
                    },
                )
            if waits and self.cycle.state == CycleState.APPLICATION:
                self.fields[f"chosen-{pk}"] = forms.BooleanField(
                    label=f"{row.person.full_name} nominieren", required=False
                )
        if self.may_nominate and self.deadline is not None and self.deadline.passed:
            self.fields["late_reason"] = late_reason_field(self.deadline)
            # Only who nominates has to give it.
            self.fields["late_reason"].required = self.nominates

    @property
    def may_nominate(self) -> bool:
        """Whether there is somebody to nominate."""
        return any(name.startswith("chosen-") for name in self.fields)

    @property
    def may_save(self) -> bool:
        """Whether there is anything to fill in."""
        return bool(self.fields)

    @property
    def nominates(self) -> bool:
        """Whether the button pressed is the one that nominates."""
        return self.is_bound and NOMINATE in self.data

    @property
    def chosen(self) -> list[int]:
        """Whom to nominate (primary keys)."""
        if not self.nominates:
            return []
        return [pk for pk in self.rows if self.cleaned_data.get(f"chosen-{pk}")]

    @property
    def ranks(self) -> dict[int, int | None]:
        """The ranks typed, by primary key; what cannot change is not among them."""
        return {
            pk: self.cleaned_data[f"rank-{pk}"] for pk in self.rows if f"rank-{pk}" in self.fields
        }

    # --- What the page showed ----------------------------------------------------------
    @property
    def token(self) -> str:
        """What the page shows, signed, for the hidden field."""
        if self.is_bound and self._stored is None:
            return str(self.data.get(FIELD, ""))
        shown = as_read(self.rows) if self._stored is None else self._stored
        rows = [[pk, state, rank] for pk, (state, rank) in shown.items()]
        return signing.dumps([self.cycle.pk, self.municipality.pk, rows], salt=SALT)

    def clean(self) -> dict[str, Any]:
        """A form of this page, and somebody chosen if some are to be nominated."""
        super().clean()
        self.read = self._read()
        if self.nominates and not self.chosen and not self.errors:
            self.add_error(None, NOBODY)
        return self.cleaned_data

    def _read(self) -> Read:
        try:
            cycle, house, rows = signing.loads(self.data.get(FIELD, ""), salt=SALT)
            if [cycle, house] != [self.cycle.pk, self.municipality.pk]:
                raise ValueError("another page's ranks")
            return {int(pk): (str(state), rank) for pk, state, rank in rows}
        except (signing.BadSignature, ValueError, TypeError):
            self._stored = as_read(self.rows)
            self.add_error(None, ValidationError(STALE, code="stale"))
            return {}

    def show_moved(self, stored: Read) -> None:
        """Show both versions: what was typed stays in the fields, beside it what is stored.

        Where nothing was typed the stored rank takes its place.
        """
        self._stored = stored
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        self.data = typed
        for pk in self.rows:
            if pk not in stored:
                self.changes[pk] = "inzwischen nicht mehr in der Rangfolge"
                continue
            if pk not in self.read:
                self.changes[pk] = "inzwischen dazugekommen"
                continue
            (was_state, was), (state, rank) = self.read[pk], stored[pk]
            if (was_state, was) == (state, rank):
                continue
            now = "kein Rang" if rank is None else f"Rang {rank}"
            then = "kein Rang" if was is None else f"Rang {was}"
            words = [] if state == was_state else [ApplicationState(state).label]
            if rank != was:
                words.append(f"{now} statt {then}")
                if self.cleaned_data.get(f"rank-{pk}") == was:
                    typed[f"rank-{pk}"] = "" if rank is None else str(rank)
            self.changes[pk] = f"inzwischen gespeichert: {', '.join(words)}"

    def show_faults(self, faults: Mapping[int, str]) -> None:
        """Say beside each person what keeps them from being nominated."""
        for pk, fault in faults.items():
            name = f"chosen-{pk}"
            self.add_error(name if name in self.fields else None, fault)

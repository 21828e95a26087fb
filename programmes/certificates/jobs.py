"""Many certificates, made in the background."""

from collections.abc import Sequence
from typing import Any

import rules

from mentoring.files.models import StoredFile
from mentoring.jobs.domain import JobContext
from mentoring.ui.errors import Refused
from programmes.certificates.attendance import candidates
from programmes.certificates.domain import note_made, text_of
from programmes.certificates.making import CONTENT_TYPES, batch_name, entitled, in_order, made
from programmes.certificates.models import CertificateKind
from programmes.cycles.models import Cycle, Participant

KIND = "certificates.batch"
CHANGED = (
    "Inzwischen hat sich geändert, wen Sie sehen oder wer die nötigen Veranstaltungen besucht "
    "hat. Bitte wählen Sie die Personen noch einmal aus."
)


def params(
    cycle: Cycle, kind: CertificateKind, people: Sequence[Participant], form: str
) -> dict[str, Any]:
    """What the job needs, as JSON."""
    return {
        "cycle": cycle.pk,
        "kind": str(kind),
        "people": sorted(row.pk for row in people),
        "form": form,
    }


def run(context: JobContext) -> StoredFile:
    """Make them with the rights the user has now.

    Raises ``Refused`` if somebody is not entitled or not to be seen any more.
    """
    cycle, wanted = _cycle(context.by, context.params), context.params["people"]
    if cycle is None or not context.by.is_active:
        raise Refused(CHANGED)
    kind, form = CertificateKind(context.params["kind"]), context.params["form"]
    people = in_order(entitled(cycle, context.by, kind).filter(pk__in=wanted))
    if len(people) < len(wanted):
        raise Refused(CHANGED)
    data = made(cycle, kind, people, context.by, form, progress=context.progress)
    note_made(people, by=context.by)
    return context.store(
        data,
        name=batch_name(text_of(cycle, kind), cycle, form),
        content_type=CONTENT_TYPES[form],
    )


def readable(user: Any, params: dict[str, Any]) -> bool:
    """Whether ``user`` may still see everybody whose certificate is in the file."""
    cycle = _cycle(user, params)
    if cycle is None:
        return False
    seen = candidates(cycle, user).filter(pk__in=params["people"])
    return bool(seen.count() == len(params["people"]))


def _cycle(user: Any, params: dict[str, Any]) -> Cycle | None:
    cycles = Cycle.objects.visible_to(user).select_related("programme")
    found: Cycle | None = cycles.filter(pk=params["cycle"]).first()
    return found if rules.test_rule("certificates.print", user, found) else None

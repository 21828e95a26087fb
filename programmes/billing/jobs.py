"""Issuing many invoices, and packing many files, while the user does something else."""

from typing import Any

from mentoring.files.models import StoredFile
from mentoring.jobs.domain import JobContext
from mentoring.ui.errors import Refused
from programmes.billing import zips
from programmes.billing.domain.issuing import issue_each
from programmes.billing.models import Invoice
from programmes.cycles.models import Cycle
from programmes.people.permissions import posts_of

ZIP_KIND = "billing.zip"


def issue_all(context: JobContext) -> StoredFile | None:
    """Issue the drafts ``params["invoices"]`` names, as far as the owner still may
    and they still say what was shown.

    Bears being run again: what has its number by then is no draft any more. The result is a
    list of what was refused, with the reasons, and there is none if nothing was.
    """
    if context.by is None:
        raise Refused("Der Zugang, der das gestartet hat, besteht nicht mehr.")
    keys = context.params["invoices"]
    drafts = list(
        Invoice.objects.filter(
            pk__in=keys, state="draft", issuer__partner__in=posts_of(context.by).partners
        )
        .select_related("municipality", "issuer")
        .order_by("municipality__sort_key", "pk")
    )
    found = issue_each(
        drafts,
        seen=context.params["seen"],
        by=context.by,
        done=lambda count: context.progress(count, len(drafts)),
    )
    if not found.refused:
        return None
    lines = [f"{invoice.municipality}: {reason}" for invoice, reason in found.refused]
    text = (
        f"Ausgestellt: {len(found.issued)}. Nicht ausgestellt: {len(lines)}.\r\n"
        "Bitte ergänzen Sie, was fehlt, und stellen Sie diese Entwürfe dann aus.\r\n\r\n"
    )
    text += "\r\n".join(lines)
    return context.store(
        text.encode("utf-8-sig"), name="Nicht ausgestellt.txt", content_type="text/plain"
    )


def pack(context: JobContext) -> StoredFile | None:
    """The files of the invoices ``params["invoices"]`` names, as one ZIP."""
    if context.by is None:
        raise Refused("Der Zugang, der das gestartet hat, besteht nicht mehr.")
    cycle = Cycle.objects.select_related("programme").get(pk=context.params["cycle"])
    invoices = zips.with_files(
        Invoice.objects.visible_to(context.by).filter(
            cycle=cycle, pk__in=context.params["invoices"]
        )
    )
    data = zips.zip_of(invoices, done=context.progress)
    return context.store(data, name=zips.name_of(cycle), content_type="application/zip")


def readable(user: Any, params: dict[str, Any]) -> bool:
    """Whether the user sees all the invoices of the job, with the rights of now."""
    keys = params["invoices"]
    return Invoice.objects.visible_to(user).filter(pk__in=keys).distinct().count() == len(keys)

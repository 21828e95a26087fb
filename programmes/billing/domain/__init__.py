"""The doors of this room: everything that happens to an invoice."""

from programmes.billing.domain.drafts import (
    LineData,
    create_draft,
    delete_draft,
    issuer_of,
    line_of,
    save_draft,
    set_lines,
)
from programmes.billing.domain.elsewhere import record_elsewhere
from programmes.billing.domain.files import PURPOSE, make_files, whole
from programmes.billing.domain.issuing import Many, issue, issue_many, problems
from programmes.billing.domain.settling import settle
from programmes.billing.domain.storno import cancel, draft_again, why_no_storno
from programmes.billing.domain.words import preview, seen_of, shown

__all__ = [
    "PURPOSE",
    "LineData",
    "Many",
    "cancel",
    "create_draft",
    "delete_draft",
    "draft_again",
    "issue",
    "issue_many",
    "issuer_of",
    "line_of",
    "make_files",
    "preview",
    "problems",
    "record_elsewhere",
    "save_draft",
    "seen_of",
    "set_lines",
    "settle",
    "shown",
    "whole",
    "why_no_storno",
]

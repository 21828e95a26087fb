"""The doors of this room: mailings of invoices and of payment reminders."""

from programmes.invoice_mails.domain.candidates import candidates, last_sent
from programmes.invoice_mails.domain.drafts import RELEASED, create, delete_draft, save_draft
from programmes.invoice_mails.domain.plan import LeftOut, Plan, Planned, plan_of
from programmes.invoice_mails.domain.release import release
from programmes.invoice_mails.domain.sending import (
    resolve_unclear,
    retry,
    send_waiting,
    to_send,
    wake_sender,
)

__all__ = [
    "RELEASED",
    "LeftOut",
    "Plan",
    "Planned",
    "candidates",
    "create",
    "delete_draft",
    "last_sent",
    "plan_of",
    "release",
    "resolve_unclear",
    "retry",
    "save_draft",
    "send_waiting",
    "to_send",
    "wake_sender",
]

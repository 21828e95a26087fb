"""The doors of this room, and what its pages read besides.

Each door takes the acting user as ``by``, works in one transaction, locks cycle and mail and
raises ``Refused`` (German) if the state forbids it. Whether ``by`` may ask for it is decided
by the rules, in the view; releasing and confirming ask once more, for they are final.
"""

from programmes.rundmails.domain.audience import (
    Changes,
    Choice,
    LeftOut,
    Resolution,
    changes_since_release,
    choices_of,
    describe_choices,
    may_choose,
    resolve_audience,
)
from programmes.rundmails.domain.checks import Problem, check
from programmes.rundmails.domain.drafts import (
    MAX_ATTACHMENT_BYTES,
    PURPOSE,
    add_attachment,
    create,
    delete_draft,
    remove_attachment,
    save_draft,
)
from programmes.rundmails.domain.progress import Progress, progress
from programmes.rundmails.domain.release import (
    approve,
    confirm,
    needs_second_person,
    release,
    withdraw_release,
)
from programmes.rundmails.domain.sending import (
    resolve_unclear,
    retry,
    retry_all_failed,
    send_added,
    send_test,
    start_due,
    stop,
)
from programmes.rundmails.domain.timing import planned_send_at

__all__ = [
    "MAX_ATTACHMENT_BYTES",
    "PURPOSE",
    "Changes",
    "Choice",
    "LeftOut",
    "Problem",
    "Progress",
    "Resolution",
    "add_attachment",
    "approve",
    "changes_since_release",
    "check",
    "choices_of",
    "confirm",
    "create",
    "delete_draft",
    "describe_choices",
    "may_choose",
    "needs_second_person",
    "planned_send_at",
    "progress",
    "release",
    "remove_attachment",
    "resolve_audience",
    "resolve_unclear",
    "retry",
    "retry_all_failed",
    "save_draft",
    "send_added",
    "send_test",
    "start_due",
    "stop",
    "withdraw_release",
]

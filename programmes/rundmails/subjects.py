"""A subject as pages show it: filled with what is the same for everybody."""

from typing import Any

from programmes.rundmails.models import Rundmail
from programmes.rundmails.placeholders import fill_common

NO_SUBJECT = "(ohne Betreff)"


def shown_subject(mail: Rundmail) -> str:
    """The subject filled as far as it goes for all, or that there is none yet."""
    return fill_common(mail.subject, mail) or NO_SUBJECT


def with_subjects(mails: Any, path: str = "") -> Any:
    """The mails (or the rows whose mail stands at ``path``) with what their subjects name.

    The number of queries is the same for one and for many.
    """
    return mails.select_related(f"{path}event").prefetch_related(
        f"{path}cycle__programme__logistics_partner", f"{path}cycle__milestones"
    )

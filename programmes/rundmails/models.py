"""All models of the room, for `programmes.models`."""

from programmes.rundmails.mail import (
    AudienceChoice,
    ConfirmReason,
    Rundmail,
    RundmailAttachment,
    RundmailState,
)
from programmes.rundmails.recipient import Recipient, RecipientState
from programmes.rundmails.template import RundmailTemplate

__all__ = [
    "AudienceChoice",
    "ConfirmReason",
    "Recipient",
    "RecipientState",
    "Rundmail",
    "RundmailAttachment",
    "RundmailState",
    "RundmailTemplate",
]

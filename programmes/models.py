"""All models of the frame, for Django's one `migrations/` per app."""

from programmes.cycles.models import (
    CouncilSeat,
    Cycle,
    Participant,
    Participation,
    PermanentMember,
    Programme,
)
from programmes.organisations.models import LogisticsPartner, Municipality
from programmes.outbox.models import Delivery, MessageContent, SendingGate
from programmes.people.models import Invitation, LogisticsStaff, MunicipalityStaff, Person

__all__ = [
    "CouncilSeat",
    "Cycle",
    "Delivery",
    "Invitation",
    "LogisticsPartner",
    "LogisticsStaff",
    "MessageContent",
    "Municipality",
    "MunicipalityStaff",
    "Participant",
    "Participation",
    "PermanentMember",
    "Person",
    "Programme",
    "SendingGate",
]

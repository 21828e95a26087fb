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
from programmes.people.models import Invitation, LogisticsStaff, MunicipalityStaff, Person

__all__ = [
    "CouncilSeat",
    "Cycle",
    "Invitation",
    "LogisticsPartner",
    "LogisticsStaff",
    "Municipality",
    "MunicipalityStaff",
    "Participant",
    "Participation",
    "PermanentMember",
    "Person",
    "Programme",
]

"""All models of the room, for `programmes.models`."""

from programmes.cycles.cycle import Cycle, CycleState, PermanentMember, Programme, ProgrammeKind
from programmes.cycles.membership import (
    CouncilSeat,
    Participant,
    ParticipantRole,
    Participation,
    ParticipationState,
    SeatFunction,
)

__all__ = [
    "CouncilSeat",
    "Cycle",
    "CycleState",
    "Participant",
    "ParticipantRole",
    "Participation",
    "ParticipationState",
    "PermanentMember",
    "Programme",
    "ProgrammeKind",
    "SeatFunction",
]

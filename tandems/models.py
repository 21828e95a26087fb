"""All models of the confidential part, for Django's one `migrations/` per app."""

from tandems.applications.models import Application
from tandems.imports.models import ApplicantImport, ImportLine
from tandems.links.models import PersonalLink
from tandems.matching.models import Bias, IdeaComment, IdeaVoice, MatchIdea
from tandems.meetings.models import HelpCall, TandemMeeting
from tandems.mentors.models import Approach, Mentor, PoolEntry
from tandems.pairs.models import MatchingFrame, Overrule, Tandem, TandemVoice
from tandems.places.models import (
    Allocation,
    AllocationLine,
    LaterDecision,
    OutcomeText,
    Voice,
)
from tandems.profiles.models import Consent, CycleProfile, Exclusion, ProfileVersion
from tandems.selection.models import ApplicationNote
from tandems.suggestions.models import Suggestion

__all__ = [
    "Allocation",
    "AllocationLine",
    "ApplicantImport",
    "Application",
    "ApplicationNote",
    "Approach",
    "Bias",
    "Consent",
    "CycleProfile",
    "Exclusion",
    "HelpCall",
    "IdeaComment",
    "IdeaVoice",
    "ImportLine",
    "LaterDecision",
    "MatchIdea",
    "MatchingFrame",
    "Mentor",
    "OutcomeText",
    "Overrule",
    "PersonalLink",
    "PoolEntry",
    "ProfileVersion",
    "Suggestion",
    "Tandem",
    "TandemMeeting",
    "TandemVoice",
    "Voice",
]

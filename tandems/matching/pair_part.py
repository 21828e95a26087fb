"""What the wall adds to the page of a pair."""

from django.urls import reverse

from mentoring.accounts.models import User
from mentoring.ui.views import Action
from tandems.applications.models import Application
from tandems.matching.models import MatchIdea
from tandems.mentors.models import Mentor


def idea_button(user: User, application: Application, mentor: Mentor) -> Action | None:
    """To the idea of the two, if somebody had it."""
    ideas = MatchIdea.objects.visible_to(user).filter(application=application, mentor=mentor)
    pk = ideas.values_list("pk", flat=True).first()
    if pk is None:
        return None
    return Action("Mögliches Match", reverse("matching:idea", args=[application.cycle_id, pk]))

"""What personal links lead to: later rooms say so here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from mentoring.registry import Registry
from tandems.links.models import PersonalLink

NO_LONGER = "Ihr Profilbogen lässt sich über diesen Link nicht mehr ändern."


@dataclass(frozen=True)
class Purpose:
    """A kind of sheet somebody fills in by a personal link.

    ``label`` completes "Ihr persönlicher Link: …"; it goes into mails, so it names nothing
    confidential. ``page`` is the name of the route the proven visitor is led to; its one
    argument is the link's code. ``handled_by`` says for a user which links they see and end,
    over ``PersonalLink``. ``wanted`` says whether the record still waits to be filled in; if
    not, the link has done its duty. ``ended`` tells who had proven to be the person what
    became of their sheet, once the link leads nowhere.
    """

    label: str
    page: str
    handled_by: Callable[[Any], Q]
    wanted: Callable[[PersonalLink], bool]
    ended: Callable[[PersonalLink], str] = lambda link: NO_LONGER


purposes: Registry[Purpose] = Registry("purposes of personal links")

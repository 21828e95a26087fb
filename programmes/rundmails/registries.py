"""What a Rundmail can be sent to and filled with; every room may add its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from mentoring.registry import Registry
from mentoring.ui.views import Action
from programmes.cycles.models import Cycle
from programmes.people.models import Person
from programmes.rundmails.models import Rundmail


@dataclass(frozen=True)
class Audience:
    """A group of people a mail may go to.

    ``choices`` lists value and label of what there is to choose for a cycle and a user
    (several events, say; ``[("", label)]`` where there is nothing to choose). ``members``
    returns the persons, only from what the user may see, none for an odd value; ``gone``
    those who belonged once and left, so that the preview can say why they are missing.
    Anything from ``tandems`` is ``confidential`` and makes the mail so.
    """

    label: str
    choices: Callable[[Cycle, Any], list[tuple[str, str]]]
    members: Callable[[Cycle, str, Any], QuerySet[Person]]
    gone: Callable[[Cycle, str, Any], QuerySet[Person]] | None = None
    confidential: bool = False


@dataclass(frozen=True)
class Placeholder:
    """Something in braces that is filled for each recipient.

    ``values`` returns the text per person (primary key), for all recipients at once; whoever
    is missing or has an empty text has no value, and the release is refused with their
    names. ``argument`` says what may stand after the colon, as in {termin:startworkshop}.
    ``problem`` says in German why it cannot be used in this mail at all, or "". ``link``
    marks an http(s) address that our own code has made, shown as a link in the HTML version.
    ``conceal`` marks a value that is for the recipient's eyes alone, such as a personal link:
    it makes every such value in a text useless. Previews and the archive show none.
    ``common`` says that the value is the same for everybody: lists and headings show it.
    """

    label: str
    sample: str
    values: Callable[[Rundmail, Sequence[Person], str], Mapping[int, str]]
    argument: str = ""
    problem: Callable[[Rundmail, str], str] = lambda mail, argument: ""
    arguments: Callable[[Cycle], list[tuple[str, str]]] | None = None
    """Argument and its label for a cycle, for the list beside the text."""
    confidential: bool = False
    link: bool = False
    common: bool = False
    conceal: Callable[[str], str] | None = None


audiences: Registry[Audience] = Registry("audiences of a Rundmail")
placeholders: Registry[Placeholder] = Registry("placeholders of a Rundmail")

archive_links: Registry[Callable[[Any, Cycle], Action | None]] = Registry(
    "other mails of a Durchgang"
)
"""For a user and a cycle, the way to mails that are no Rundmails; ``None`` where they may not."""

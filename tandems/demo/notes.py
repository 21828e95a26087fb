"""What the demo's Beirat noted in the Vorstellungstermin: some of it shared, most of it not."""

from mentoring.accounts.models import User
from programmes.people.permissions import posts_of
from tandems.demo.cycles import Cast
from tandems.selection import domain
from tandems.selection.permissions import with_council

_OWN = (
    "Wirkt sehr reflektiert. Nachfragen: Wie groß ist das Team inzwischen?",
    "Kennt unser Haus aus einem gemeinsamen Projekt. Ziel noch etwas breit.",
)
_SHARED = (
    "Sucht ausdrücklich jemanden von außerhalb der eigenen Fachlichkeit.",
    "Hat im Gespräch gesagt, dass Treffen am Nachmittag am besten passen.",
    "Gute Vorstellung: klares Thema, realistische Erwartungen.",
)


def build_notes(cast: Cast, *, lead: User, member: User) -> None:
    """Notes of two members on nominated applications of ``cast``'s cycle."""
    for user, texts, shared in ((lead, _SHARED, True), (member, _OWN, False)):
        if posts_of(user).person is None:
            continue
        found = with_council(user, cast.cycle).order_by("municipality__sort_key", "rank", "pk")
        for application, text in zip(found, texts, strict=False):
            domain.save_note(application, text=text, shared=shared, version=None, by=user)

"""How long personal links are kept, what is known of a person by them, and erasure."""

from collections.abc import Collection

from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting, forget
from programmes.cycles.models import Cycle
from programmes.people.models import Person
from programmes.people.retention import PersonalData, hidden_from
from programmes.privacy.periods import DataOfCycle, Found
from programmes.privacy.release import release
from tandems.links.domain import KEEP_DAYS
from tandems.links.models import PersonalLink
from tandems.links.registry import purposes


def found(cycle: Cycle) -> Found:
    """The links that have ended, and when."""
    ended = PersonalLink.objects.filter(cycle=cycle, closed_at__isnull=False)
    return [
        (pk, timezone.localtime(closed).date())
        for pk, closed in ended.values_list("pk", "closed_at")
    ]


def remove(cycle: Cycle, keys: Collection[int]) -> None:
    """Delete the links with these keys."""
    rows = PersonalLink.objects.filter(pk__in=keys)
    people = set(rows.values_list("person", flat=True))
    rows.delete()
    forget(PersonalLink, keys)
    release(people)


def forget_links_of(cycle: int, records: Collection[int], purpose: str) -> None:
    """Delete the links to these records, which are deleted."""
    rows = PersonalLink.objects.filter(cycle=cycle, record__in=records, purpose=purpose)
    keys = list(rows.values_list("pk", flat=True))
    PersonalLink.objects.filter(pk__in=keys).delete()
    forget(PersonalLink, keys)


def known(person: Person) -> list[tuple[str, str]]:
    """Which links were sent to the person, and when they used them."""
    return _known(person, frozenset())


def known_to(person: Person, reader: User) -> list[tuple[str, str]]:
    """As ``known``, of the links that ``reader`` handles."""
    seen = set(PersonalLink.objects.visible_to(reader).values_list("pk", flat=True))
    rows = PersonalLink.objects.filter(person=person).values_list("pk", flat=True)
    return _known(person, hidden_from(reader, person), seen & set(rows))


def _known(
    person: Person, hidden: Collection[int], only: Collection[int] | None = None
) -> list[tuple[str, str]]:
    links = PersonalLink.objects.filter(person=person).exclude(cycle__in=hidden)
    if only is not None:
        links = links.filter(pk__in=only)
    rows = []
    for link in links.select_related("cycle").order_by("pk"):
        label = purposes.get(link.purpose).label if link.purpose in purposes else "Profilbogen"
        opened = f", geöffnet am {link.opened_at:%d.%m.%Y}" if link.opened_at else ""
        rows.append(
            (
                f"Persönlicher Link: {label}, {link.cycle}",
                f"am {link.created_at:%d.%m.%Y} an {link.email}, gültig bis "
                f"{link.expires_at:%d.%m.%Y}{opened}",
            )
        )
    return rows


def erase(person: Person, by: User) -> None:
    """Delete the person's links."""
    keys = list(PersonalLink.objects.filter(person=person).values_list("pk", flat=True))
    with acting(by):
        PersonalLink.objects.filter(pk__in=keys).delete()
    forget(PersonalLink, keys)


SHARE = PersonalData("Persönliche Links", known, erase, known_to)
LINKS = DataOfCycle(
    label="Persönliche Links",
    counts_from="Ende des Links",
    days=KEEP_DAYS,
    least=1,
    most=KEEP_DAYS,
    found=found,
    remove=remove,
    why="So lange lässt sich nachsehen, ob jemand den Link bekommen und geöffnet hat.",
    effect="An welche Adresse ein Link ging und wann er geöffnet wurde.",
)

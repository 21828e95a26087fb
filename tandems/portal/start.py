"""What mentee and mentor find in the navigation, on the start page and in their calendar."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.ui.navigation import NavItem, StartItem
from programmes.cycles.frame import participations
from programmes.people.permissions import posts_of
from programmes.roadmap.ics import CalendarEntry, uid_of
from tandems.meetings.models import TandemMeeting
from tandems.pairs.models import Tandem, TandemState
from tandems.portal.contents import OwnTandem, read, tandems_of

TO_SIGN = timedelta(weeks=4)
"""So long after the reveal the two have for their Mentoringvereinbarung."""


def navigation_items(request: HttpRequest) -> list[NavItem]:
    """ "Mein Tandem", for mentees and mentors: whether there is one or not."""
    if not participations(request.user):
        return []
    return [NavItem("Mein Tandem", reverse("portal:own"), general=True)]


def due(request: HttpRequest) -> list[StartItem]:
    """The way to the own page; and for each tandem that is known what comes next."""
    user = request.user
    if not participations(user):
        return []
    items = [
        StartItem(
            "Mein Tandem",
            "Ihre Termine, Ihr Tandem, Ihre Unterlagen und wen Sie im Beirat fragen.",
            reverse("portal:own"),
        )
    ]
    rows = tandems_of(user).filter(revealed_at__isnull=False, state__in=TandemState.running())
    for one in read(rows, user, with_contact=False):
        items.extend(_of(one))
    return items


def _of(one: OwnTandem) -> Iterator[StartItem]:
    tandem = one.tandem
    name = f"Tandem mit {one.partner.person}"
    if one.planned:
        yield StartItem(
            "Tandemtreffen",
            f"{name}: {one.planned[0].get_form_display()}",
            reverse("portal:tandem", args=[tandem.pk]),
            "termin",
            due=one.planned[0].met_on,
        )
    else:
        yield StartItem(
            "Neues Treffen eintragen",
            f"{name}: {one.counter}.",
            reverse("portal:meeting_add", args=[tandem.pk]),
            "aufgabe",
        )
    since = timezone.localdate(tandem.revealed_at)
    if tandem.agreement_on is None and since + TO_SIGN <= timezone.localdate():
        yield StartItem(
            "Mentoringvereinbarung noch nicht unterschrieben",
            f"{name}: Füllen Sie sie gemeinsam aus und tragen Sie dann den Tag ein.",
            reverse("portal:agreement_signed", args=[tandem.pk]),
            "fehlt",
        )


def feed(user: User) -> Iterable[CalendarEntry]:
    """The planned meetings of the two in their own calendars; the title names nobody."""
    if posts_of(user).person is None:
        return []
    running = Tandem.objects.filter(
        pk__in=tandems_of(user).order_by().values("pk"),
        revealed_at__isnull=False,
        state__in=TandemState.running(),
    )
    meetings = TandemMeeting.objects.filter(
        tandem__in=running.values("pk"), met_on__gte=timezone.localdate()
    )
    return [
        CalendarEntry(
            uid=uid_of(uuid5(NAMESPACE_URL, f"tandem-meeting-{meeting.pk}")),
            sequence=meeting.version,
            summary="Tandemtreffen",
            starts=meeting.met_on,
            ends=meeting.met_on,
            description=f"{meeting.get_form_display()}, {meeting.minutes} Minuten",
            url=settings.BASE_URL + reverse("portal:tandem", args=[meeting.tandem_id]),
        )
        for meeting in meetings
    ]

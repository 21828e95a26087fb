"""What this room shows on the pages of milestones, events and people."""

from dataclasses import dataclass
from typing import Any

import rules
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from mentoring.ui.lists import Badge
from programmes.cycles.models import Cycle
from programmes.cycles.permissions import roles_of
from programmes.events.models import Event
from programmes.organisations.sections import Section as PersonSection
from programmes.people.models import Person
from programmes.roadmap.models import Milestone
from programmes.roadmap.registries import Section
from programmes.rundmails.archive import received_by
from programmes.rundmails.forms.timing import in_words
from programmes.rundmails.models import Rundmail, RundmailState
from programmes.rundmails.subjects import shown_subject, with_subjects
from programmes.rundmails.usual import usual_mails
from programmes.rundmails.views.base import state_badge

TEMPLATE = "rundmails/milestone_section.html"
_BEFORE = (RundmailState.DRAFT, RundmailState.RELEASED)


@dataclass(frozen=True)
class Line:
    """A mail as the section names it."""

    subject: str
    url: str
    badge: Badge
    when: str


@dataclass(frozen=True)
class Offer:
    """A usual mail that could be written now."""

    label: str
    url: str


def milestone_section(request: Any, milestone: Milestone) -> Section | None:
    """The mails of a milestone, and the usual ones nobody has begun yet."""
    mails = Rundmail.objects.visible_to(request.user).filter(milestone=milestone)
    return _section(request, milestone.cycle, mails, milestone=milestone)


def event_section(request: Any, event: Event) -> Section | None:
    """The mails about an event, and the usual ones of its milestone."""
    mails = Rundmail.objects.visible_to(request.user).filter(event=event)
    return _section(request, event.cycle, mails, milestone=event.milestone, event=event)


def _section(
    request: Any,
    cycle: Cycle,
    mails: QuerySet[Rundmail],
    *,
    milestone: Milestone | None,
    event: Event | None = None,
) -> Section | None:
    if not rules.test_rule("rundmails.list", request.user, cycle):
        return None
    found = list(with_subjects(mails.select_related("milestone")).order_by("created_at", "pk"))
    hung = {"meilenstein": milestone.pk} if milestone is not None else {}
    about = {"veranstaltung": event.pk} if event is not None else {}
    base = reverse("rundmails:create", args=[cycle.pk])

    def address(**more: Any) -> str:
        return f"{base}?{urlencode({**more, **hung, **about})}"

    begun = {mail.template_key for mail in found}
    offers = [
        Offer(f"Übliche Rundmail: „{usual.title}“ schreiben", address(vorlage=usual.key))
        for usual in _usual(cycle, milestone)
        if usual.key not in begun
    ]
    return Section(
        TEMPLATE,
        {
            "mails": [_line(mail) for mail in found],
            "offers": offers,
            "create_url": address(),
        },
    )


def _usual(cycle: Cycle, milestone: Milestone | None) -> list[Any]:
    if milestone is None or not milestone.key:
        return []
    mails = usual_mails(cycle.programme).filter(milestone_key=milestone.key)
    return list(mails.order_by("days_from_milestone", "sort_key"))


def _line(mail: Rundmail) -> Line:
    when = f"({in_words(mail)})" if mail.state in _BEFORE else ""
    return Line(shown_subject(mail), mail.get_absolute_url(), state_badge(mail), when)


def person_section(request: Any, person: Person) -> PersonSection | None:
    """How many mails somebody got in each cycle whose mails the user may see."""
    roles = roles_of(request.user)
    cycles = Cycle.objects.filter(pk__in=roles.inside | roles.logistics)
    rows = []
    for cycle in cycles.order_by("-start_year", "pk"):
        number = received_by(person, cycle, request.user).aggregate(number=Count("pk"))["number"]
        if number:
            url = reverse("rundmails:person", args=[cycle.pk, person.pk])
            rows.append({"cycle": cycle, "number": number, "url": url})
    return PersonSection("rundmails/person_section.html", {"rows": rows}) if rows else None

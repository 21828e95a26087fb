"""The Rundmails of the demo: one that went out, one that will, and two being written."""

from datetime import time, timedelta

from django.utils import timezone

from mentoring.accounts.models import User
from programmes.events.models import Event, EventKind
from programmes.outbox.domain import queue_batch
from programmes.outbox.messages import Outgoing
from programmes.outbox.models import Delivery, DeliveryState
from programmes.roadmap.models import Milestone
from programmes.rundmails.domain import Choice, create, release, resolve_audience
from programmes.rundmails.models import Recipient, Rundmail, RundmailState
from programmes.rundmails.render import render
from programmes.rundmails.usual import shipped
from tandems.demo.cycles import Cast

AT_NINE = time(9, 0)


def build_running_mails(cast: Cast, *, logistics: User) -> None:
    """Nr. 10: the invitation to the Zwischenbilanz is out, its reminder is being written."""
    interim = Event.objects.get(cycle=cast.cycle, kind=EventKind.INTERIM)
    _sent(
        _write(cast, "zwischenbilanz", (Choice("mentees"), Choice("mentors")), logistics, interim),
        by=logistics,
    )
    _write(
        cast, "erinnerung", (Choice("attendees", f"{interim.pk}:open"),), logistics, event=interim
    )


def build_open_mails(cast: Cast, *, lead: User) -> None:
    """Nr. 11: one is released and waits for its day, a confidential one is being written."""
    introduction = Event.objects.get(cycle=cast.cycle, kind=EventKind.INTRODUCTION)
    mail = Rundmail(
        cycle=cast.cycle,
        subject="Erinnerung: Nominierungen für den Vorstellungstermin",
        body="{anrede},\n\nam {termin:vorstellung} stellen sich die Nominierten vor. Bitte "
        "entscheiden Sie bis dahin, wen {kommune} nominiert.\n\nHerzliche Grüße\nIhr Beirat von "
        "{programm}",
        reply_to=lead.email,
        milestone=Milestone.objects.get(cycle=cast.cycle, key="vorstellung"),
        days_from_milestone=-14,
        send_time=AT_NINE,
    )
    create(mail, choices=[Choice("houses", "confirmed")], by=lead)
    release(mail, seen=resolve_audience(mail, lead).seen, by=lead)
    _write(cast, "vorstellung", (Choice("applications", "nominated"),), lead, introduction)


def _write(
    cast: Cast, key: str, choices: tuple[Choice, ...], by: User, event: Event | None = None
) -> Rundmail:
    usual = shipped()[key]
    mail = Rundmail(
        cycle=cast.cycle,
        # The shipped reminder speaks of the Startworkshop; here it is of another event.
        subject=usual.subject.replace("{termin:start}", "{termin:zwischenbilanz}"),
        body=usual.body.replace("{termin:start}", "{termin:zwischenbilanz}"),
        reply_to=by.email,
        event=event,
        attach_calendar=event is not None,
        template_key=key,
    )
    return create(mail, choices=choices, by=by)


def _sent(mail: Rundmail, *, by: User) -> None:
    """Write the mail's past as it would stand there today: nothing is sent anew."""
    people = resolve_audience(mail, by).people
    day = timezone.now() - timedelta(days=15)
    deliveries = queue_batch(
        [
            Outgoing(
                person.email,
                person.full_name,
                message.subject,
                message.text,
                message.html,
                person,
            )
            for person, message in zip(people, render(mail, people), strict=True)
        ],
        batch=mail.batch,
        purpose="rundmail",
        confidential=False,
        by=by,
    )
    Recipient.objects.bulk_create(
        Recipient(
            rundmail=mail,
            person=person,
            name=person.full_name,
            email=person.email,
            delivery=delivery,
            sort_key=person.sort_key,
            search_key=person.search_key,
        )
        for person, delivery in zip(people, deliveries, strict=True)
    )
    Delivery.objects.filter(batch=mail.batch).update(
        state=DeliveryState.SENT, sent_at=day, ended_at=day, created_at=day, attempts=1
    )
    Rundmail.objects.filter(pk=mail.pk).update(
        state=RundmailState.SENT,
        created_at=day - timedelta(days=1),
        released_at=day,
        released_by=by,
        send_at=day,
        started_at=day,
        ended_at=day + timedelta(minutes=2),
    )

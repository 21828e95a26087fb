""" "Wir brauchen Hilfe": a mail to the contact in the Beirat, and that somebody saw to it."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.outbox.domain import queue_mail
from programmes.people.models import Person
from tandems.meetings.domain.contact import contact_of
from tandems.meetings.domain.locks import half, held_running
from tandems.meetings.models import HelpCall
from tandems.pairs.models import Tandem

TWICE = timedelta(seconds=10)
"""A second call within this time is a double click: nobody types another one so quickly."""

KEPT_UNSENT = timedelta(days=14)
"""So long the outbox holds the words if it cannot send them; sent, it forgets them at once."""

MOST = 2000
"""So many characters at most."""


def call_for_help(tandem: Tandem, words: str, *, by: User) -> HelpCall:
    """Send the contact of ``by``, one of the two, these words; they are kept nowhere.

    A second call within ten seconds is a double click and sends nothing. Raises ``Refused``
    without words, with more than 2,000 characters, without anybody to turn to, before the
    reveal, after the end, and to anybody but the two.
    """
    words = words.strip()
    with transaction.atomic(), acting(by):
        stored = held_running(tandem)
        person = half(stored, by)
        if not words:
            raise Refused("Bitte schreiben Sie kurz, worum es geht.")
        if len(words) > MOST:
            raise Refused(f"Bitte fassen Sie sich kürzer: höchstens {MOST} Zeichen.")
        before = HelpCall.objects.filter(
            tandem=stored, asked_by=person, asked_at__gte=timezone.now() - TWICE
        ).first()
        if before is not None:
            return before
        contact = contact_of(stored, person)
        if contact is None or not contact.email:
            raise Refused(
                "Im Moment ist im Beirat niemand eingetragen, an den Ihre Bitte gehen kann. "
                "Wenden Sie sich bitte an die Personalstelle Ihrer Kommune."
            )
        call = HelpCall.objects.create(tandem=stored, asked_by=person, contact=contact)
        _send(call, words, by)
        return call


def settle_help(call: HelpCall, *, by: User) -> HelpCall:
    """Note that the call has been seen to; doing it again keeps the first day.

    Raises ``Refused`` to whom the call is hidden, or if it is gone.
    """
    with transaction.atomic(), acting(by):
        stored: HelpCall | None = (
            HelpCall.objects.visible_to(by)
            .select_for_update(of=("self",))
            .filter(pk=call.pk)
            .first()
        )
        if stored is None:
            raise Refused(
                "Diese Bitte um Hilfe gibt es nicht (mehr), oder sie geht an jemand anderen."
            )
        if stored.settled_on is None:
            stored.settled_on = timezone.localdate()
            stored.save(update_fields=["settled_on"])
        return stored


def _send(call: HelpCall, words: str, by: User) -> None:
    asking: Person = call.asked_by
    cycle = call.tandem.cycle
    queue_mail(
        to_email=call.contact.email,
        to_name=call.contact.full_name,
        # Neutral: the subject stays in the outbox when the text is wiped.
        subject="Ein Tandem bittet Sie um Hilfe",
        text=render_to_string(
            "meetings/mail/help.txt",
            {
                "contact": call.contact,
                "asking": asking,
                "words": words,
                "cycle": cycle,
                "link": settings.BASE_URL
                + reverse("meetings:tandem", args=[cycle.pk, call.tandem_id]),
            },
        ),
        reply_to=asking.email,
        purpose="meetings.help",
        person=call.contact,
        confidential=True,
        ephemeral_until=timezone.now() + KEPT_UNSENT,
        by=by,
    )

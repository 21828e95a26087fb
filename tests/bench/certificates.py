"""Two hundred certificates in one PDF, with the logos of seventeen Kommunen."""

import io
from datetime import timedelta
from time import perf_counter

from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from mentoring.files.domain import store_bytes
from programmes.certificates.attendance import candidates
from programmes.certificates.making import in_order, made
from programmes.certificates.models import CertificateKind
from programmes.events.models import Answer, Attendee, Event, EventKind
from programmes.organisations.domain import LOGO
from tests import factories as make
from tests.bench import figure

PEOPLE, HOUSES, EVENTS = 200, 17, 6


@figure("certificates.seconds_per_page", "s")
def seconds_per_page() -> float:
    """Time of the whole PDF, reading included, divided by its pages."""
    cycle = make.make_cycle(number=64)
    houses = [make.make_municipality(logo=_logo(number)) for number in range(HOUSES)]
    seats = [make.make_participation(cycle, house) for house in houses]
    lead = make.make_seat(seats[0], lead=True)
    people = [
        make.make_participant(cycle, houses[number % HOUSES]).person for number in range(PEOPLE)
    ]
    for number in range(EVENTS):
        starts_at = timezone.now() - timedelta(weeks=number + 1)
        event = Event.objects.create(
            cycle=cycle,
            kind=EventKind.NETWORKING,
            title=f"{number + 1}. Vernetzungstreffen",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=3),
        )
        Attendee.objects.bulk_create(
            Attendee(
                event=event, person=one, answer=Answer.YES, answered_at=starts_at, attended=True
            )
            for one in people
        )
    began = perf_counter()
    rows = in_order(candidates(cycle, lead.user))
    data = made(cycle, CertificateKind.ATTENDANCE, rows, lead.user, "pdf")
    took = perf_counter() - began
    pages = len(PdfReader(io.BytesIO(data)).pages)
    assert pages == PEOPLE
    return took / pages


def _logo(number: int) -> object:
    picture = Image.effect_noise((900, 400 + 40 * number), 60).convert("RGB")
    out = io.BytesIO()
    picture.save(out, "PNG" if number % 2 else "JPEG")
    kind = "png" if number % 2 else "jpeg"
    return store_bytes(
        out.getvalue(), name=f"logo.{kind}", content_type=f"image/{kind}", purpose=LOGO
    )

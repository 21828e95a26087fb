"""A booklet of sixty Steckbriefe, each with a photo and with all texts as long as allowed."""

import io
from time import perf_counter

from PIL import Image
from pypdf import PdfReader

from mentoring.files.domain import store_bytes
from mentoring.jobs.domain import RESULT_PURPOSE
from tandems.applications.models import Application, ApplicationState
from tandems.profiles.models import Topic
from tandems.profiles.questions import Kept, Kind
from tandems.selection.contents import on_profile_sheet
from tandems.selection.jobs import applications_for
from tandems.selection.pdf import booklet_pdf
from tests import factories as make
from tests.bench import figure

SHEETS = 60
_WORDS = "Ich möchte meine neue Rolle bewusst gestalten und suche dafür den Blick von außen. "


def _full(application: Application) -> Application:
    """With an answer to every question of its Steckbrief."""
    for section in application.sheet:
        for question in filter(on_profile_sheet, section.questions):
            if question.kind in (Kind.TEXT, Kind.LONG_TEXT):
                answer = (_WORDS * 60)[: question.most]
                if question.kept == Kept.ANSWERS:
                    application.answers[question.key] = answer
                else:
                    setattr(application, question.key, answer)
    application.topics = Topic.values[:5]
    application.save()
    return application


def _photo() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((1200, 1600), 60).convert("RGB").save(out, "JPEG", quality=90)
    return out.getvalue()


@figure("booklet.seconds_per_sheet", "s")
def seconds_per_sheet() -> float:
    """Time of the whole booklet, divided by its Steckbriefe."""
    cycle = make.make_cycle(number=61)
    house = make.make_municipality()
    lead = make.make_seat(make.make_participation(cycle, house), lead=True)
    photo = _photo()
    for _ in range(SHEETS):
        stored = store_bytes(
            photo, name="foto.jpg", content_type="image/jpeg", purpose=RESULT_PURPOSE
        )
        _full(make.make_application(cycle, house, ApplicationState.NOMINATED, photo=stored))
    began = perf_counter()
    applications = applications_for(lead.user, cycle, "house")
    photos = frozenset(found.pk for found in applications)
    data = booklet_pdf(cycle, applications, photos=photos)
    took = perf_counter() - began
    # A cover, two pages of contents, and a page for each.
    assert len(PdfReader(io.BytesIO(data)).pages) == 3 + SHEETS
    return took / SHEETS

"""The one door through which a note of the Beirat is written."""

from django.db import transaction

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle
from programmes.people.permissions import posts_of
from tandems.applications.models import Application
from tandems.selection.models import ApplicationNote
from tandems.selection.permissions import decides_on


def save_note(
    application: Application, *, text: str, shared: bool, version: int | None, by: User
) -> ApplicationNote:
    """Write the own note of ``by`` on ``application``; ``shared`` lets the Beirat read it.

    ``version`` is the one the writing began with, ``None`` where there was no note. Raises
    ``EditConflict`` if the note moved on, and ``Refused`` if the Beirat does not decide on
    the application, or ``by`` may not see it any more.
    """
    with transaction.atomic(), acting(by):
        cycle = Cycle.objects.select_for_update().get(pk=application.cycle_id)
        stored = (
            Application.objects.visible_to(by)
            .select_for_update(of=("self",))
            .filter(pk=application.pk)
            .first()
        )
        author = posts_of(by).person
        if stored is None or author is None or not cycle.is_open:
            raise Refused("Zu dieser Bewerbung können Sie keine Notiz mehr speichern.")
        stored.cycle = cycle
        if not decides_on(by, stored):
            raise Refused(
                "Zu dieser Bewerbung sind keine Notizen mehr möglich: sie steht nicht mehr zur "
                "Auswahl."
            )
        note = ApplicationNote.objects.filter(application=stored, author=author).first()
        if (note.version if note is not None else None) != version:
            raise EditConflict(note)
        note = note or ApplicationNote(application=stored, author_id=author)
        note.text, note.shared = text, shared
        note.save()
        return note

"""A Rundmail to tandems of which nothing was heard for long: a draft, and no more."""

from collections.abc import Collection

from django.template.loader import render_to_string

from mentoring.accounts.models import User
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle
from programmes.rundmails import domain as rundmails
from programmes.rundmails.domain import Choice
from programmes.rundmails.models import Rundmail
from tandems.meetings.audiences import SILENT, SINGLE, WEEKS, running
from tandems.meetings.counts import silent, with_counts
from tandems.pairs.models import Tandem

SUBJECT = "{programm}: Wie geht es Ihrem Tandem?"
BODY = "meetings/mail/nudge.md"
MOST_SINGLE = 100


def draft_nudge(cycle: Cycle, *, weeks: int, tandems: Collection[Tandem], by: User) -> Rundmail:
    """Store a confidential draft to ``tandems``, silent for ``weeks``; it is not sent by this.

    All of the silent ones: then it goes to whoever still is silent when it is sent. Some of
    them: then to exactly these. Raises ``Refused`` for nobody, and
    for more than a hundred single ones.
    """
    wanted = {tandem.pk for tandem in tandems}
    if not wanted:
        raise Refused(
            "Bitte wählen Sie mindestens ein Tandem. Ohne Auswahl ginge die Mail an niemanden."
        )
    every = set(silent(with_counts(running(cycle, by)), weeks).values_list("pk", flat=True))
    if wanted == every and weeks in WEEKS:
        choices = [Choice(SILENT, str(weeks))]
    elif len(wanted) > MOST_SINGLE:
        raise Refused(
            f"Einzeln lassen sich höchstens {MOST_SINGLE} Tandems anschreiben. Nehmen Sie Filter "
            "heraus, oder engen Sie sie ein. Für alle stillen Tandems gibt es Entwürfe ab "
            f"{', '.join(str(one) for one in WEEKS[:-1])} oder {WEEKS[-1]} Wochen."
        )
    else:
        choices = [Choice(SINGLE, str(pk)) for pk in sorted(wanted)]
    mail = Rundmail(cycle=cycle, subject=SUBJECT, body=render_to_string(BODY))
    return rundmails.create(mail, choices=choices, by=by)

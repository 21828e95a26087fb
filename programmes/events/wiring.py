"""What this room adds to the frame and to earlier rooms."""

from mentoring.jobs.domain import JobKind, kinds
from mentoring.jobs.turns import daily
from mentoring.log.domain import track
from mentoring.ui.navigation import navigation, start_items
from programmes.documents.models import Document
from programmes.documents.registries import document_uses
from programmes.events import (
    frame,
    mails,
    milestones,
)
from programmes.events.domain import delete_due_needs
from programmes.events.models import AgendaItem, Attendee, Event
from programmes.events.retention import SHARE
from programmes.people.retention import erasure
from programmes.roadmap.registries import (
    feed_entries,
    milestone_blockers,
    milestone_followers,
    milestone_sections,
    shown_elsewhere,
)


def _uses(document: Document) -> list[str]:
    """The events that show a document."""
    return [f"Veranstaltung „{event}“" for event in Event.objects.filter(documents=document)]


milestone_followers.add("events", milestones.FOLLOWER)
milestone_sections.add("events", milestones.section)
milestone_blockers.add("events", milestones.blockers)
feed_entries.add("events", milestones.feed)
shown_elsewhere.add("events", milestones.shown_as_event)
document_uses.add("events", _uses)

navigation.add("events", frame.cycle_navigation, order=40)
navigation.add("own events", frame.own_navigation, order=41)
start_items.add("own events", frame.own_items, order=120)

kinds.add(mails.JOB, JobKind("E-Mails einer Veranstaltung", mails.run_job))
daily.add("events.needs", delete_due_needs)
erasure.add("events", SHARE)

# The minutes are the Beirat's alone, and entries of events are read by others too, who are not
# to come in by the online link; needs and notes say things of people that no log may keep.
track(
    Event,
    cycle_of=lambda event: event.cycle_id,
    exclude=("minutes", "online_url"),
    m2m=("documents",),
)
track(AgendaItem, cycle_of=lambda item: item.event.cycle_id)
track(
    Attendee,
    personal=True,
    cycle_of=lambda attendee: attendee.event.cycle_id,
    exclude=("nonce", "note", "diet", "access_needs", "told_sequence"),
)

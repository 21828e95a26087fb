"""The demo's mentors fit what the rooms hold to be true."""

import pytest

from programmes.cycles.models import Participant, ParticipantRole
from tandems.demo.build import build
from tandems.mentors.models import Approach, Mentor, MentorState, PoolEntry
from tandems.profiles.questions import Needed, missing


@pytest.mark.django_db
def test_the_demo_seeks_mentors():
    build()
    agreed = Mentor.objects.filter(state=MentorState.AGREED).select_related("cycle", "person")
    entries = Participant.objects.filter(role=ParticipantRole.MENTOR).exclude(cycle__number=9)
    assert {(row.cycle_id, row.person_id) for row in agreed} == set(
        entries.values_list("cycle", "person")
    )
    for mentor in agreed.filter(cycle__number=10):
        assert missing(mentor, Needed.TO_SUBMIT, mentor.sheet) == []
    open_cycle = Mentor.objects.filter(cycle__number=11)
    assert {row.state for row in open_cycle} == {"idea", "approached", "agreed", "refused"}
    assert not open_cycle.filter(state=MentorState.IDEA, person__isnull=False).exists()
    assert Approach.objects.filter(answer="").count() == 2
    assert PoolEntry.objects.count() == 4

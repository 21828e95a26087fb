"""An exclusion outlasts the seat of whom it concerns, until somebody takes it away."""

from datetime import timedelta

from django.forms.models import model_to_dict
from django.utils import timezone

from programmes.cycles.models import CouncilSeat
from tandems.applications.fields import seat_holders


def test_who_has_lost_the_seat_is_still_offered_and_so_kept(by_hr, cast, second_seat):
    application = by_hr("nominated", excluded=[second_seat], superior=cast.lead)
    past = timezone.localdate() - timedelta(days=1)
    CouncilSeat.objects.filter(person__in=[second_seat, cast.lead]).update(until=past)
    offered = seat_holders(application, cast.user("hr"))
    assert {second_seat, cast.lead} <= set(offered)
    assert model_to_dict(application, ["excluded"])["excluded"] == [second_seat]

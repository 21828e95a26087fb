"""An exclusion outlasts the seat of whom it concerns, until all are deleted and typed anew."""

from datetime import timedelta

from django.utils import timezone

from programmes.cycles.models import CouncilSeat
from tandems.applications import domain
from tandems.applications.models import Application
from tandems.profiles.domain import Naming
from tandems.profiles.fields import seat_holders
from tandems.profiles.models import Exclusion


def test_who_has_lost_the_seat_stays_excluded(by_hr, cast, second_seat):
    application = by_hr("nominated", excluded=[second_seat], superior=cast.lead)
    past = timezone.localdate() - timedelta(days=1)
    CouncilSeat.objects.filter(person__in=[second_seat, cast.lead]).update(until=past)
    # The superior is still offered, and so kept by the next change.
    assert cast.lead in seat_holders(application, cast.user("hr"))
    domain.save_draft(
        application, values={"phone": "0251 3", "excluded": Naming()}, by=cast.user("hr")
    )
    assert [row.person for row in Exclusion.objects.all()] == [second_seat]
    application = Application.objects.select_related("person").get(pk=application.pk)
    domain.save_draft(application, values={"excluded": Naming(clear=True)}, by=cast.user("hr"))
    assert not Exclusion.objects.exists()

"""How many are invited, as far as somebody sees them: a count must not give anybody away."""

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from programmes.events.models import Attendee


def counted(user: Any, **chosen: Any) -> Any:
    """For a query of events: how many of the invitations that ``user`` sees are such."""
    rows = Attendee.objects.visible_to(user).filter(event=OuterRef("pk"), **chosen)
    each = rows.order_by().values("event").annotate(found=Count("pk")).values("found")
    return Coalesce(Subquery(each, output_field=IntegerField()), 0)

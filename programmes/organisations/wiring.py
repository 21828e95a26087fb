"""What this room adds to earlier ones."""

from mentoring.log.domain import track
from programmes.organisations.models import LogisticsPartner, Municipality

track(Municipality)
track(LogisticsPartner)

"""What this room adds to earlier ones."""

from mentoring.jobs.turns import daily
from mentoring.log.domain import track
from mentoring.ui.kept import form_keepers
from programmes.people.retention import erasure
from programmes.privacy.periods import keep
from tandems.links.domain import end_finished
from tandems.links.models import PersonalLink
from tandems.links.proven import KEEPER
from tandems.links.retention import LINKS, SHARE

track(
    PersonalLink,
    cycle_of=lambda link: link.cycle_id,
    confidential=True,
    keep_days=365,
    exclude=("code_hash", "email"),
)
daily.add("links.end", end_finished)
# After the one that gives forms their token.
form_keepers.add("personal links", KEEPER, order=200)
erasure.add("links", SHARE)
keep("links", LINKS, order=80)

"""The access matrix: one table per room, every route of the product in it."""

from tests.access.application_rows import ROWS as APPLICATIONS
from tests.access.billing_rows import ROWS as BILLING
from tests.access.billing_run_rows import ROWS as BILLING_RUN
from tests.access.budget_rows import ROWS as BUDGET
from tests.access.call_rows import ROWS as CALLS
from tests.access.certificate_rows import ROWS as CERTIFICATE
from tests.access.cycle_rows import ROWS as CYCLES
from tests.access.document_rows import ROWS as DOCUMENTS
from tests.access.event_rows import ROWS as EVENTS
from tests.access.ground_rows import ROWS as GROUND
from tests.access.group_rows import ROWS as GROUPS
from tests.access.import_rows import ROWS as IMPORTS
from tests.access.invoice_mail_rows import ROWS as INVOICE_MAIL
from tests.access.link_rows import ROWS as LINKS
from tests.access.matching_rows import ROWS as MATCHING
from tests.access.meeting_rows import ROWS as MEETINGS
from tests.access.mentor_rows import ROWS as MENTORS
from tests.access.pair_rows import ROWS as PAIRS
from tests.access.payment_rows import ROWS as PAYMENT
from tests.access.people_rows import ROWS as PEOPLE
from tests.access.place_rows import ROWS as PLACES
from tests.access.portal_rows import ROWS as PORTAL
from tests.access.privacy_rows import ROWS as PRIVACY
from tests.access.profile_rows import ROWS as PROFILES
from tests.access.ranking_rows import ROWS as RANKING
from tests.access.registration_rows import ROWS as REGISTRATIONS
from tests.access.reveal_rows import ROWS as REVEAL
from tests.access.roadmap_rows import ROWS as ROADMAP
from tests.access.rundmail_rows import ROWS as RUNDMAILS
from tests.access.selection_rows import ROWS as SELECTION
from tests.access.sheet_rows import ROWS as SHEETS
from tests.access.suggestion_rows import ROWS as SUGGESTIONS
from tests.access.supplier_rows import ROWS as SUPPLIER

MATRIX = [
    *GROUND,
    *PEOPLE,
    *CYCLES,
    *DOCUMENTS,
    *ROADMAP,
    *EVENTS,
    *REGISTRATIONS,
    *GROUPS,
    *RUNDMAILS,
    *BILLING,
    *BILLING_RUN,
    *PAYMENT,
    *INVOICE_MAIL,
    *SUPPLIER,
    *BUDGET,
    *CERTIFICATE,
    *SHEETS,
    *CALLS,
    *PRIVACY,
    *PROFILES,
    *LINKS,
    *APPLICATIONS,
    *RANKING,
    *IMPORTS,
    *SELECTION,
    *PLACES,
    *MENTORS,
    *PAIRS,
    *MATCHING,
    *SUGGESTIONS,
    *REVEAL,
    *MEETINGS,
    *PORTAL,
]

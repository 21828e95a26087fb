"""What this room adds to earlier ones."""

from mentoring.jobs.domain import JobKind, kinds
from mentoring.log.domain import track
from mentoring.ui.navigation import navigation, start_items
from programmes.certificates import jobs
from programmes.certificates.domain import copy_to_new_cycle
from programmes.certificates.frame import before_closing, navigation_items, own_items
from programmes.certificates.models import CertificateText
from programmes.cycles.registries import Copier, copied_on_new_cycle, step_warnings

navigation.add("certificates", navigation_items, order=67)
start_items.add("certificates", own_items, order=145)
kinds.add(jobs.KIND, JobKind("Teilnahmebestätigungen und Zertifikate", jobs.run, jobs.readable))
step_warnings.add("certificates", before_closing)
copied_on_new_cycle.add(
    "certificates",
    Copier(
        "Texte der Zertifikate",
        copy_to_new_cycle,
        "Text und Bedingungen von Teilnahmebestätigung und Zertifikat, ohne Datum und "
        "Unterschriften.",
    ),
)
track(CertificateText, cycle_of=lambda text: text.cycle_id)

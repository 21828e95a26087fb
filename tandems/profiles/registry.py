"""What later rooms do when somebody withdraws a consent."""

from collections.abc import Callable

from mentoring.accounts.models import User
from mentoring.registry import Registry
from programmes.cycles.models import Cycle
from tandems.profiles.models import Consent

consent_withdrawn: Registry[Callable[[Consent, User | None], None]] = Registry(
    "when a consent is withdrawn"
)
"""Called in the transaction of the withdrawal, with its cycle locked; the actor is ``None``
for the person's own link. Whoever adds one looks at ``consent.kind`` first."""

version_fixed: Registry[Callable[[Cycle], bool]] = Registry("when the version of a cycle stays")
"""For a cycle, whether its version of the Profilbogen may no longer change."""

"""Who imports applicants."""

from typing import Any

import rules
from django.db.models import Q

from programmes.people.permissions import NOBODY, posts_of
from tandems.imports.models import ApplicantImport


def visible_imports(user: Any) -> Q:
    """The user's own imports for their own Kommune, over ``ApplicantImport``.

    Not those of colleagues: a colleague may be the applicant, or be hidden an application
    that a line resembles (design, rule 2). Their drafts are seen by all who may.
    """
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    return Q(municipality__in=posts_of(user).municipalities, created_by=user)


@rules.predicate
def runs_import(user: Any, run: ApplicantImport | None) -> bool:
    """Whoever sees it: whether anything may still be written says the domain, kindly."""
    return run is not None and run.municipality_id in posts_of(user).municipalities


rules.add_rule("imports.handle", runs_import)

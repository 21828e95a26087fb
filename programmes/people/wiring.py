"""What this room adds to earlier ones, and its own share of its registries."""

from typing import Any

import rules
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from mentoring.jobs.turns import daily
from mentoring.log.domain import track
from mentoring.ui.navigation import NavItem, navigation
from programmes.organisations.models import LogisticsPartner, Municipality
from programmes.organisations.permissions import (
    municipality_editors,
    organisation_readers,
    partner_editors,
)
from programmes.organisations.sections import municipality_sections, partner_sections
from programmes.people.domain import INVITATION_KEEP_DAYS, delete_old_invitations
from programmes.people.models import (
    Invitation,
    LogisticsStaff,
    MunicipalityStaff,
    Person,
)
from programmes.people.permissions import (
    NOBODY,
    invitable,
    person_editors,
    person_visibility,
    posts_of,
    rights_of_others,
    staff_grantors,
)
from programmes.people.retention import (
    DataPeriod,
    PersonalData,
    data_periods,
    delete_due,
    erase_own_share,
    erasure,
    own_share,
)
from programmes.people.roles import posts_in_words, role_words
from programmes.people.sections import municipality_staff, partner_staff


def _organisation_staff(user: Any) -> Q:
    """For an operator: those who hold a post, never applicants."""
    if not user.is_operator:
        return NOBODY
    return Q(pk__in=MunicipalityStaff.objects.values("person")) | Q(
        pk__in=LogisticsStaff.objects.values("person")
    )


def _own_house(user: Any) -> Q:
    posts = posts_of(user)
    return Q(municipality__in=posts.municipalities) if posts.municipalities else NOBODY


def _own_house_staff(user: Any) -> Q:
    posts = posts_of(user)
    staff = MunicipalityStaff.objects.filter(municipality__in=posts.municipalities)
    return Q(pk__in=staff.values("person")) if posts.municipalities else NOBODY


def _present_house_staff(user: Any) -> Q:
    """Only who holds the post today: it must not become a way to invite former colleagues."""
    posts = posts_of(user)
    staff = MunicipalityStaff.objects.current().filter(municipality__in=posts.municipalities)
    return Q(pk__in=staff.values("person")) if posts.municipalities else NOBODY


def _present_institute_staff(user: Any) -> Q:
    posts = posts_of(user)
    staff = LogisticsStaff.objects.current().filter(partner__in=posts.partners)
    return Q(pk__in=staff.values("person")) if posts.partners else NOBODY


def _own_institute(user: Any) -> Q:
    posts = posts_of(user)
    staff = LogisticsStaff.objects.filter(partner__in=posts.partners)
    return Q(pk__in=staff.values("person")) if posts.partners else NOBODY


def _hr_contacts_of_logistics(user: Any) -> Q:
    """The Logistikpartner writes to every Personalstelle."""
    if not posts_of(user).partners:
        return NOBODY
    return Q(pk__in=MunicipalityStaff.objects.current().values("person"))


def _posts_elsewhere(user: Any) -> Q:
    """Posts, also ones to come, at organisations that are not the user's own."""
    own = posts_of(user)
    going_on = Q(until=None) | Q(until__gte=timezone.localdate())
    staff = MunicipalityStaff.objects.filter(going_on).exclude(municipality__in=own.municipalities)
    logistics = LogisticsStaff.objects.filter(going_on).exclude(partner__in=own.partners)
    return Q(pk__in=staff.values("person")) | Q(pk__in=logistics.values("person"))


def _self(user: Any) -> Q:
    return Q(user=user)


def _works_for(user: Any, organisation: Municipality | LogisticsPartner) -> bool:
    posts = posts_of(user)
    own = posts.municipalities if isinstance(organisation, Municipality) else posts.partners
    return organisation.pk in own


def _navigation(request: HttpRequest) -> list[NavItem]:
    found = []
    if rules.test_rule("people.view", request.user):
        found.append(NavItem("Personen", reverse("people"), general=True))
    if rules.test_rule("people.list_invitations", request.user):
        found.append(NavItem("Einladungen", reverse("invitations"), general=True))
    return found


person_visibility.add("self", _self)
person_visibility.add("own house", _own_house)
person_visibility.add("own house staff", _own_house_staff)
person_visibility.add("own institute", _own_institute)
person_visibility.add("HR contacts", _hr_contacts_of_logistics)
person_visibility.add("posts, for operators", _organisation_staff)

person_editors.add("self", _self)
person_editors.add("own house", _own_house)
person_editors.add("own institute", _own_institute)
person_editors.add("posts, for operators", _organisation_staff)

invitable.add("own house staff", _present_house_staff)
invitable.add("own institute", _present_institute_staff)
invitable.add("posts, for operators", _organisation_staff)

rights_of_others.add("posts elsewhere", _posts_elsewhere)
staff_grantors.add("own organisation", _works_for)

organisation_readers.add(
    "staff", lambda user: bool(posts_of(user).municipalities or posts_of(user).partners)
)
municipality_editors.add("own house", _works_for)
partner_editors.add("own institute", _works_for)

navigation.add("people", _navigation, order=70)
municipality_sections.add("staff", municipality_staff, order=10)
partner_sections.add("staff", partner_staff, order=10)
role_words.add("posts", posts_in_words, order=10)

data_periods.add(
    "invitations",
    DataPeriod("Einladungen", "Ende der Gültigkeit", INVITATION_KEEP_DAYS, delete_old_invitations),
)
erasure.add("people", PersonalData("Person und Zugang", own_share, erase_own_share), order=1000)
daily.add("people.periods", delete_due)

track(Person, personal=True)
track(MunicipalityStaff)
track(LogisticsStaff)
track(Invitation, personal=True, exclude=("code_hash",))

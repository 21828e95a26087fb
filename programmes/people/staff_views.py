"""Naming staff of a Kommune or a Logistikpartner, and ending their posts."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import QuerySet
from django.http import Http404

from mentoring.ui.navigation import Crumb
from mentoring.ui.views import CreatePage, ObjectActionPage
from programmes.organisations.models import LogisticsPartner, Municipality
from programmes.organisations.views import MUNICIPALITIES, PARTNERS, crumb
from programmes.people.domain import (
    create_person,
    end_staff,
    invite,
    name_staff,
)
from programmes.people.forms import LastDayForm, StaffForm
from programmes.people.models import (
    Invitation,
    LogisticsStaff,
    MunicipalityStaff,
    Person,
    PostQuerySet,
)
from programmes.people.views import warn_of_shared_mailbox


class StaffAddPage(CreatePage):
    """Name somebody, known or new, and invite them on the way."""

    form_class = StaffForm
    rule = "people.name_staff"
    submit_label = "Eintragen"
    organisation_model: ClassVar[type[models.Model]]
    parent: ClassVar[Crumb]

    @property
    def organisation(self) -> Any:
        """The Kommune or Logistikpartner, if the user may see it."""
        if not hasattr(self, "_organisation"):
            seen = self.organisation_model._default_manager.visible_to(self.request.user)  # type: ignore[attr-defined]  # both have it
            self._organisation = seen.filter(pk=self.kwargs["pk"]).first()
        if self._organisation is None:
            raise Http404
        return self._organisation

    def get_rule_object(self) -> Any:
        """The rule is asked about the organisation."""
        return self.organisation

    def candidates(self) -> QuerySet[Person]:
        """Known people who may be named, as far as the user sees them."""
        raise NotImplementedError

    def breadcrumbs(self) -> list[Crumb]:
        """Below the organisation."""
        return [self.parent, crumb(self.organisation)]

    def get_success_url(self) -> str:
        """Back to the organisation, which lists its staff."""
        return str(self.organisation.get_absolute_url())

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who can be chosen."""
        return {**super().get_form_kwargs(), "candidates": self.candidates()}

    def own_fields(self) -> dict[str, Any]:
        """What a new person has by being named here."""
        return {}

    def save(self, form: StaffForm) -> Person:
        """By way of the domain: the person, the post, the invitation."""
        user: Any = self.request.user
        person = form.cleaned_data.get("person")
        if person is None:
            person = create_person(by=user, **form.new_person(), **self.own_fields())
            warn_of_shared_mailbox(self.request, person)
        post = name_staff(
            self.organisation, person=person, by=user, since=form.cleaned_data["since"]
        )
        self.success_message = f"{person} ist eingetragen."
        # Whoever may name somebody may also invite them, this once.
        wanted = form.cleaned_data["invite"] and person.user_id is None
        if wanted and not Invitation.objects.open().filter(person=person).exists():
            invite(person, role=str(post), by=user)
            self.success_message = f"{person} ist eingetragen und per E-Mail eingeladen."
        return person


class MunicipalityStaffAdd(StaffAddPage):
    """Somebody for the Personalstelle of a Kommune."""

    organisation_model = Municipality
    parent = MUNICIPALITIES

    def get_title(self) -> str:
        """Where."""
        return f"Personalstelle {self.organisation}: Person eintragen"

    def candidates(self) -> QuerySet[Person]:
        """People of this Kommune who do not hold the post."""
        held = MunicipalityStaff.objects.current().filter(municipality=self.organisation)
        house = Person.objects.visible_to(self.request.user).filter(municipality=self.organisation)
        return house.exclude(pk__in=held.values("person"))

    def own_fields(self) -> dict[str, Any]:
        """They belong to the Kommune."""
        return {"municipality": self.organisation}


class LogisticsStaffAdd(StaffAddPage):
    """Somebody for a Logistikpartner."""

    organisation_model = LogisticsPartner
    parent = PARTNERS

    def get_title(self) -> str:
        """Where."""
        return f"{self.organisation}: Person eintragen"

    def candidates(self) -> QuerySet[Person]:
        """People who worked there before."""
        posts = LogisticsStaff.objects.filter(partner=self.organisation)
        held = posts.current()
        former = Person.objects.visible_to(self.request.user).filter(pk__in=posts.values("person"))
        return former.exclude(pk__in=held.values("person"))


class EndStaffPage(ObjectActionPage):
    """End a post, with a last day."""

    rule = "people.name_staff"
    form_class = LastDayForm
    button_label = "Aufgabe beenden"
    danger = True
    parent: ClassVar[Crumb]
    posts: ClassVar[type[MunicipalityStaff] | type[LogisticsStaff]]
    organisation_model: ClassVar[type[models.Model]]
    organisation_field: ClassVar[str]

    def get_queryset(self) -> PostQuerySet:
        """Posts of today at organisations the user may see; the rule decides who may end them."""
        seen = self.organisation_model._default_manager.visible_to(self.request.user)  # type: ignore[attr-defined]  # both have it
        current: PostQuerySet = self.posts.objects.current()
        return current.filter(**{f"{self.organisation_field}__in": seen}).select_related(
            "person", self.organisation_field
        )

    @property
    def organisation(self) -> Any:
        """Whose post it is."""
        return getattr(self.object, self.organisation_field)

    def get_rule_object(self) -> Any:
        """The rule is asked about the organisation."""
        return self.organisation

    def get_title(self) -> str:
        """Whose post."""
        return f"{self.object.person}: Aufgabe beenden"

    def get_question(self) -> str:
        """Which one."""
        return f"{self.object.person} soll nicht mehr für {self.organisation} tätig sein?"

    def consequences(self) -> list[str]:
        """What ends, what stays, and whether nobody is left."""
        lines = [
            "Alle Rechte dieser Aufgabe enden mit dem letzten Tag.",
            "Die Person und ihr Zugang bleiben bestehen; andere Aufgaben auch.",
        ]
        if self.object.person.user_id == self.request.user.pk:
            lines.append("Das sind Sie selbst: danach können Sie hier nichts mehr ändern.")
        others = self.posts.objects.current().filter(**{self.organisation_field: self.organisation})
        if not others.exclude(pk=self.object.pk).exists():
            lines.append(f"Danach ist für {self.organisation} niemand mehr eingetragen.")
        return lines

    def breadcrumbs(self) -> list[Crumb]:
        """Below the organisation."""
        return [self.parent, crumb(self.organisation)]

    def get_success_url(self) -> str:
        """Back to the organisation."""
        return str(self.organisation.get_absolute_url())

    def get_success_message(self) -> str:
        """Who."""
        return f"Die Aufgabe von {self.object.person} ist beendet."

    def perform(self) -> None:
        """By way of the domain."""
        user: Any = self.request.user
        end_staff(self.object, by=user, last_day=self.form.cleaned_data["last_day"])


class MunicipalityStaffEnd(EndStaffPage):
    """End a post in a Personalstelle."""

    model = posts = MunicipalityStaff
    organisation_model = Municipality
    organisation_field = "municipality"
    parent = MUNICIPALITIES


class LogisticsStaffEnd(EndStaffPage):
    """End a post at a Logistikpartner."""

    model = posts = LogisticsStaff
    organisation_model = LogisticsPartner
    organisation_field = "partner"
    parent = PARTNERS

"""Pages of people and of one's own contact data."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy

from mentoring.ui.lists import Column, ListPage
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import SIGNED_IN, Action, DetailPage, UpdatePage
from programmes.organisations.sections import sections_for
from programmes.organisations.views import signed_in
from programmes.people.domain import change, sharing_mailbox
from programmes.people.filters import PersonFilter
from programmes.people.forms import PersonForm
from programmes.people.models import Invitation, Person
from programmes.people.roles import roles_in_words
from programmes.people.sections import person_sections

PEOPLE = Crumb("Personen", reverse_lazy("people"))  # type: ignore[arg-type]  # text once shown


def warn_of_shared_mailbox(request: HttpRequest, person: Person) -> None:
    """Say who else, as far as the user may know, has the same address."""
    names = [str(other) for other in sharing_mailbox(person, seen_by=signed_in(request))[:5]]
    if names:
        messages.warning(
            request,
            f"Die Adresse {person.email} ist auch bei {', '.join(names)} eingetragen. Das ist bei "
            "einem gemeinsamen Postfach in Ordnung; für die Anmeldung braucht jede Person eine "
            "eigene Adresse.",
        )


class PersonList(ListPage):
    """The people the user may see."""

    list_name = "people.people"
    rule = "people.view"
    title = "Personen"
    filterset_class = PersonFilter
    default_sort = "name"
    empty_title = "Noch keine Person"
    empty_text = (
        "Personen entstehen, wo sie gebraucht werden: als Personalstelle einer Kommune, als Sitz "
        "im Beirat, als Bewerbung."
    )
    columns = (
        Column(
            "name",
            "Name",
            lambda person: f"{person.last_name}, {person.first_name}",
            sort="sort_key",
            link=lambda person: person.get_absolute_url(),
        ),
        Column(
            "municipality",
            "Kommune",
            "municipality",
            sort=("municipality__sort_key", "sort_key"),
        ),
        Column("position", "Funktion", "position"),
        Column("email", "E-Mail", "email", sort=("email", "sort_key")),
        Column("phone", "Telefon", "phone"),
        Column("access", "Zugang", lambda person: person.user_id is not None),
    )

    def get_columns(self) -> list[Column]:
        """Without what the Logistikpartner has no business to know."""
        if self.allowed("people.view_details"):
            return list(self.columns)
        return [column for column in self.columns if column.key not in ("position", "access")]

    def get_queryset(self) -> QuerySet[Person]:
        """With the Kommune, which the list shows."""
        return Person.objects.visible_to(self.request.user).select_related("municipality")


class PersonPage(DetailPage):
    """One person: contact data, what they do, their invitation."""

    model = Person
    rule = "people.view"
    template_name = "people/person.html"

    def get_queryset(self) -> QuerySet[Person]:
        """With the Kommune."""
        return super().get_queryset().select_related("municipality")

    def breadcrumbs(self) -> list[Crumb]:
        """Below the list."""
        return [PEOPLE]

    def actions(self) -> list[Action]:
        """Change and invite, where allowed."""
        actions = []
        if self.allowed("people.change", self.object):
            url = reverse("person_change", args=[self.object.pk])
            actions.append(Action("Bearbeiten", url, "primary", "edit"))
        if self.may_invite and self.unanswered is None:
            url = reverse("person_invite", args=[self.object.pk])
            actions.append(Action("Zur Anmeldung einladen", url, icon="mail"))
        return actions

    @property
    def may_invite(self) -> bool:
        """Whether the user may invite this person, who has no sign-in yet."""
        return self.object.user_id is None and self.allowed("people.invite", self.object)

    @cached_property
    def unanswered(self) -> Invitation | None:
        """The invitation that can be sent again or withdrawn; at most one by a constraint."""
        return self.object.invitations.filter(accepted_at=None, withdrawn_at=None).first()

    def details(self) -> list[tuple[str, Any]]:
        """All fields; for the Logistikpartner those of its lists."""
        found: Person = self.object
        rows = [
            ("Anrede", found.get_salutation_display() if found.salutation else ""),
            ("Kommune", found.municipality),
            ("Funktion", found.position),
            ("E-Mail-Adresse", found.email),
            ("Telefon", found.phone),
            ("Aufgaben", roles_in_words(found) or None),
            ("Zugang", found.user_id is not None),
        ]
        if self.allowed("people.view_details", found):
            return rows
        return [row for row in rows if row[0] not in ("Anrede", "Funktion", "Zugang")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Who shares the mailbox, the invitation at hand, and the sections of later rooms."""
        return super().get_context_data(
            sharing=sharing_mailbox(self.object, seen_by=signed_in(self.request)),
            invitation=self.unanswered,
            may_handle=self.allowed("people.handle_invitation", self.unanswered),
            sections=sections_for(person_sections, self.request, self.object),
            **kwargs,
        )


class PersonChange(UpdatePage):
    """Change contact data."""

    model = Person
    form_class = PersonForm
    rule = "people.change"

    def get_title(self) -> str:
        """Whose."""
        return f"{self.object} bearbeiten"

    def breadcrumbs(self) -> list[Crumb]:
        """Below the person."""
        return [PEOPLE, Crumb(str(self.object), self.object.get_absolute_url())]

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form depends on who edits."""
        return {**super().get_form_kwargs(), "editor": self.request.user}

    def save(self, form: Any) -> Person:
        """By way of the domain, with what the editor should know afterwards."""
        person: Person = form.instance
        if change(person, by=signed_in(self.request)):
            messages.warning(
                self.request,
                "Die offene Einladung ging an die alte Adresse und wurde zurückgezogen. Laden "
                "Sie die Person neu ein.",
            )
        warn_of_shared_mailbox(self.request, person)
        return person


class MyDataPage(PersonChange):
    """One's own contact data, for everybody with a sign-in."""

    rule = SIGNED_IN
    title = "Meine Daten"
    template_name = "people/my_data.html"
    success_url = reverse_lazy("my_data")

    def get_title(self) -> str:
        """The same for everybody."""
        return self.title

    def get_queryset(self) -> QuerySet[Person]:
        """Oneself."""
        return Person.objects.filter(user=signed_in(self.request))

    def get_object(self) -> Any:
        """The person of this sign-in, or ``None``: operators are nobody in a programme."""
        if not hasattr(self, "_object"):
            self._object = self.get_queryset().select_related("municipality").first()
        return self._object

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Without a person there is nothing to fill in."""
        if self.object is None:
            self.template_name = "people/no_person.html"
            context = {"title": self.title, "breadcrumbs": []}
            return self.render_to_response(context)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As for any person."""
        if self.object is None:
            return self.get(request, *args, **kwargs)
        return super().post(request, *args, **kwargs)

    def breadcrumbs(self) -> list[Crumb]:
        """At the top."""
        return []

    def get_cancel_url(self) -> str:
        """Back to the start page."""
        return reverse("start")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What cannot be changed here."""
        roles = roles_in_words(self.object)
        return super().get_context_data(
            roles=roles,
            fixed=[
                ("Anmeldung mit", getattr(self.request.user, "email", "")),
                ("Kommune", self.object.municipality),
                ("Aufgaben", roles or None),
            ],
            **kwargs,
        )

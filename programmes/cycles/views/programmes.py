"""Pages of programmes and their ständige Mitglieder."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.accounts.models import User
from mentoring.ui.lists import Column, ListPage
from mentoring.ui.navigation import Crumb
from mentoring.ui.tags import money
from mentoring.ui.views import Action, ActionPage, CreatePage, DetailPage, UpdatePage
from programmes.cycles import domain
from programmes.cycles.domain.figures import with_figures
from programmes.cycles.forms.people import PermanentMemberForm
from programmes.cycles.forms.records import ProgrammeForm
from programmes.cycles.models import Cycle, CycleState, PermanentMember, Programme
from programmes.cycles.registries import programme_actions
from programmes.cycles.views.base import PROGRAMMES, OfProgramme, acting_user, found_or_404
from programmes.organisations.models import Municipality
from programmes.people.models import Person


class ProgrammeList(ListPage):
    """The programmes the user works in."""

    list_name = "cycles.programmes"
    rule = "cycles.list_programmes"
    title = "Programme"
    default_sort = "name"
    empty_title = "Noch kein Programm"
    empty_text = "Ein Programm verbindet Kommunen, die gemeinsam Durchgänge durchführen."
    columns = (
        Column("name", "Name", "name", sort="name", link=lambda row: row.get_absolute_url()),
        Column("kind", "Art", "get_kind_display", sort=("kind", "name")),
        Column("partner", "Logistikpartner", "logistics_partner.name"),
    )

    def get_queryset(self) -> QuerySet[Programme]:
        """All the user may see."""
        return Programme.objects.visible_to(self.request.user).select_related("logistics_partner")

    def actions(self) -> list[Action]:
        """New ones are for operators, cycles for everybody else."""
        actions = [action] if (action := self.get_empty_action()) else []
        if self.allowed("cycles.list_cycles"):
            actions.append(Action("Alle Durchgänge", reverse("cycles:cycles")))
        return actions

    def get_empty_action(self) -> Action | None:
        """The same for an empty list."""
        if not self.allowed("cycles.add_programme"):
            return None
        return Action("Programm anlegen", reverse("cycles:programme_add"), "primary", "add")


class ProgrammePage(DetailPage):
    """A programme, its ständige Mitglieder and its cycles."""

    model = Programme
    rule = "cycles.list_programmes"
    template_name = "cycles/programme.html"

    def get_queryset(self) -> QuerySet[Programme]:
        """With the Logistikpartner."""
        return super().get_queryset().select_related("logistics_partner")

    def breadcrumbs(self) -> list[Crumb]:
        """Below the list."""
        return [PROGRAMMES]

    def actions(self) -> list[Action]:
        """What this user may do with the programme."""
        pk = self.object.pk
        offered = (
            ("cycles.start_cycle", "Neuer Durchgang", "cycle_start", "primary", "add"),
            ("cycles.change_programme", "Bearbeiten", "programme_change", "secondary", "edit"),
            ("cycles.view_history", "Geschichte", "programme_history", "secondary", ""),
        )
        own = [
            Action(label, reverse(f"cycles:{name}", args=[pk]), kind, icon)
            for rule, label, name, kind, icon in offered
            if self.allowed(rule, self.object)
        ]
        user = acting_user(self.request)
        added = (make(user, self.object) for make in programme_actions)
        return [*own, *(action for action in added if action is not None)]

    def details(self) -> list[tuple[str, Any]]:
        """All fields."""
        found: Programme = self.object
        return [
            ("Art", found.get_kind_display()),
            ("Logistikpartner", found.logistics_partner),
            ("Teilnahmegebühr je Mentee", money(found.fee_per_mentee)),
            ("Dauer der Tandemphase", f"{found.tandem_months} Monate"),
            ("Treffen je Tandem", f"{found.meetings_min} bis {found.meetings_max}"),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Members as far as this user knows them, and the cycles they may open."""
        user = self.request.user
        manages = self.allowed("cycles.manage_permanent_members", self.object)
        members = PermanentMember.objects.current().filter(programme=self.object)
        if not manages:
            members = members.filter(person__in=Person.objects.visible_to(user))
        cycles = Cycle.objects.visible_to(user).filter(programme=self.object)
        return super().get_context_data(
            manages=manages,
            members=members.select_related("person__municipality").order_by(
                "person__sort_key", "pk"
            ),
            open_cycles=cycles.exclude(state=CycleState.CLOSED).order_by("-number"),
            **kwargs,
        )


class ProgrammeCreate(CreatePage):
    """A new programme."""

    model = Programme
    form_class = ProgrammeForm
    rule = "cycles.add_programme"
    title = "Programm anlegen"
    success_message = (
        "Das Programm ist angelegt. Benennen Sie jetzt das erste ständige Mitglied: es beginnt "
        "den ersten Durchgang."
    )

    def breadcrumbs(self) -> list[Crumb]:
        """Below the list."""
        return [PROGRAMMES]

    def save(self, form: Any) -> Programme:
        """By way of the domain."""
        return domain.save_programme(form.instance, by=acting_user(self.request))


class ProgrammeChange(UpdatePage):
    """Change a programme."""

    model = Programme
    form_class = ProgrammeForm
    rule = "cycles.change_programme"

    def get_title(self) -> str:
        """What is changed."""
        return f"{self.object} bearbeiten"

    def breadcrumbs(self) -> list[Crumb]:
        """Below the programme."""
        return [PROGRAMMES, Crumb(str(self.object), self.object.get_absolute_url())]

    def save(self, form: Any) -> Programme:
        """By way of the domain."""
        return domain.save_programme(form.instance, by=acting_user(self.request))


class PermanentMemberCreate(OfProgramme, CreatePage):
    """Name a ständiges Mitglied."""

    form_class = PermanentMemberForm
    rule = "cycles.manage_permanent_members"
    title = "Ständiges Mitglied benennen"
    submit_label = "Benennen"

    def get_form_kwargs(self) -> dict[str, Any]:
        """People the user knows who are no member yet."""
        user = self.request.user
        held = PermanentMember.objects.filter(programme=self.programme, until=None)
        people = Person.objects.visible_to(user).exclude(pk__in=held.values("person"))
        return {
            **super().get_form_kwargs(),
            "people": people.select_related("municipality"),
            "municipalities": Municipality.objects.visible_to(user),
        }

    def save(self, form: Any) -> PermanentMember:
        """Person, post and invitation."""
        user = acting_user(self.request)
        person = form.get_person(by=user, municipality=form.cleaned_data["municipality"])
        post = domain.name_permanent_member(self.programme, person=person, by=user)
        role = f"ständiges Mitglied von „{self.programme}“"
        invited = form.send_invitation(person, role=role, by=user)
        self.success_message = f"{person} ist jetzt ständiges Mitglied." + (
            " Die Einladung ist unterwegs." if invited else ""
        )
        return post

    def get_success_url(self) -> str:
        """Back to the programme."""
        return self.programme.get_absolute_url()


class PermanentMemberEnd(OfProgramme, ActionPage):
    """End the post of a ständiges Mitglied."""

    rule = "cycles.manage_permanent_members"
    title = "Ständige Mitgliedschaft beenden"
    button_label = "Mitgliedschaft beenden"
    danger = True
    success_message = "Die Mitgliedschaft ist beendet."

    @cached_property
    def post_held(self) -> PermanentMember:
        """The post of the address, if it belongs to this programme."""
        posts = PermanentMember.objects.visible_to(self.request.user).filter(
            programme=self.programme
        )
        found: PermanentMember = found_or_404(
            posts.select_related("person", "programme"), self.kwargs["member_pk"]
        )
        return found

    def get_rule_object(self) -> Programme:
        """The programme; the post must be one of its."""
        return self.post_held.programme

    def get_question(self) -> str:
        """Whose."""
        return f"Soll {self.post_held.person} kein ständiges Mitglied mehr sein?"

    def consequences(self) -> list[str]:
        """What goes with it."""
        return [
            "Die Person kann sofort keine Durchgänge mehr beginnen oder vertretungsweise leiten.",
            "Sitze im Beirat bleiben davon unberührt.",
        ]

    def perform(self) -> None:
        """By way of the domain."""
        domain.end_permanent_member(self.post_held, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """Back to the programme, or to the list for who ended their own post."""
        # Roles are remembered per user object; this one knows what has just ended.
        user = User.objects.get(pk=self.request.user.pk)
        if not Programme.objects.visible_to(user).filter(pk=self.programme.pk).exists():
            messages.info(self.request, "Sie sehen dieses Programm nun selbst nicht mehr.")
            return reverse("start")
        return self.programme.get_absolute_url()


class ProgrammeHistory(OfProgramme, ListPage):
    """All closed cycles with their published figures."""

    list_name = "cycles.history"
    rule = "cycles.view_history"
    default_sort = "-number"
    empty_title = "Noch kein abgeschlossener Durchgang"
    empty_text = "Sobald ein Durchgang abgeschlossen ist, stehen seine Zahlen hier."
    columns = (
        Column(
            "number",
            "Durchgang",
            lambda row: f"Nr. {row.number}",
            sort="number",
            link=lambda row: row.get_absolute_url(),
        ),
        Column("title", "Titel", "title"),
        Column("years", "Jahre", "years", sort="start_year"),
        Column("houses", "Kommunen", "houses", sort="houses", numeric=True),
        Column("tandems", "Tandems", "published_tandems", sort="published_tandems", numeric=True),
        Column("mentees", "Mentees", "all_mentees", sort="all_mentees", numeric=True),
        Column("mentors", "Mentor/innen", "all_mentors", sort="all_mentors", numeric=True),
    )

    def get_title(self) -> str:
        """Of which programme."""
        return f"Geschichte: {self.programme}"

    def get_queryset(self) -> QuerySet[Cycle]:
        """Closed cycles of this programme."""
        cycles = Cycle.objects.visible_to(self.request.user).with_published_figures()
        return with_figures(cycles.filter(programme=self.programme))

    def actions(self) -> list[Action]:
        """Earlier cycles are entered by ständige Mitglieder."""
        return [action] if (action := self.get_empty_action()) else []

    def get_empty_action(self) -> Action | None:
        """The same for an empty list."""
        if not self.allowed("cycles.start_cycle", self.programme):
            return None
        url = reverse("cycles:past_cycle_add", args=[self.programme.pk])
        return Action("Früheren Durchgang nachtragen", url, "secondary", "add")

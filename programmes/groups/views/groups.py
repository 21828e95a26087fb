"""The groups of a Vernetzungstreffen: as they stand, proposed, changed."""

from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.ui.list_exports import filename
from mentoring.ui.navigation import Crumb
from mentoring.ui.pdf import house_pdf
from mentoring.ui.views import Action, ActionPage, CreatePage, FormPage, PageView
from programmes.cycles.models import Participant
from programmes.cycles.views.base import OfCycle, acting_user, found_or_404
from programmes.events.views.base import file_response
from programmes.groups import domain
from programmes.groups.board import (
    REGION,
    Board,
    GroupRow,
    board,
    holds_groups,
    mentees_of,
    propose,
    unplaced,
    unregioned,
)
from programmes.groups.forms import (
    GroupsForm,
    NewGroupForm,
    ProposalForm,
    TakeOverForm,
)
from programmes.groups.grouping import usual_count
from programmes.groups.models import Group
from programmes.roadmap.models import Milestone

MANY = 400
"""Of more mentees, the page to change them shows one group at a time."""


class OfGroups(OfCycle):
    """A page about the groups of a Vernetzungstreffen of the cycle."""

    request: Any  # its user is signed in by the time a page asks
    rule: ClassVar[str | None] = "groups.form"

    @cached_property
    def milestone(self) -> Milestone:
        """The Vernetzungstreffen of the address."""
        milestones = Milestone.objects.visible_to(self.request.user).filter(cycle=self.cycle)
        found: Milestone = found_or_404(
            milestones.select_related("cycle"), self.kwargs["milestone_pk"]
        )
        if not holds_groups(found):
            raise Http404
        return found

    @cached_property
    def board(self) -> Board:
        """Its groups."""
        return board(self.milestone, self.request.user)

    def get_rule_object(self) -> Any:
        """The cycle; the milestone must be one of its."""
        return self.milestone.cycle

    def page(self, name: str, *args: int) -> str:
        """The address of another page about these groups."""
        return reverse(f"groups:{name}", args=[self.cycle.pk, self.milestone.pk, *args])

    def breadcrumbs(self) -> list[Crumb]:
        """The milestone, and its groups."""
        crumbs = [
            *super().breadcrumbs(),
            Crumb(self.milestone.title, self.milestone.get_absolute_url()),
        ]
        here = self.page("groups")
        return crumbs if self.request.path == here else [*crumbs, Crumb("Gruppen", here)]

    def get_success_url(self) -> str:
        """To the groups."""
        return self.page("groups")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The milestone, for every template."""
        return super().get_context_data(milestone=self.milestone, **kwargs)


class GroupsPage(OfGroups, PageView):
    """The groups as they stand; prints on A4."""

    template_name = "groups/groups.html"

    def get_title(self) -> str:
        """Of which meeting."""
        return f"Gruppen: {self.milestone.title}"

    def actions(self) -> list[Action]:
        """What can be done now."""
        if not self.board.rows:
            return []
        actions = [Action("Gruppen ändern", self.page("change"), "primary", "edit")]
        if any(row.members and row.event is None for row in self.board.rows):
            label = "Veranstaltungen anlegen"
            actions.append(Action(label, self.page("events"), "secondary", "calendar-today"))
        actions.append(Action("PDF", self.page("pdf"), "secondary", "download"))
        return actions

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The groups, and what is to be done about them."""
        rows = self.board.rows
        return super().get_context_data(
            board=self.board,
            changes=sum(len(row.to_invite) + len(row.to_take_back) for row in rows),
            unknown=unplaced(self.board.members),
            proposal_url=self.page("proposal"),
            change_url=self.page("change"),
            settle_url=self.page("settle"),
            discard_url=self.page("discard"),
            planned=any(row.event for row in rows),
            **kwargs,
        )


class ProposalPage(OfGroups, FormPage):
    """A proposal, computed anew for each choice; stored only when it is taken over."""

    title = "Gruppen vorschlagen"
    template_name = "groups/proposal.html"
    form_class = TakeOverForm
    submit_label = "Vorschlag übernehmen"
    success_message = "Die Gruppen sind gebildet. Sie können sie jetzt noch ändern."

    @cached_property
    def mentees(self) -> list[Participant]:
        """Who is shared out."""
        return mentees_of(self.milestone, self.request.user)

    @cached_property
    def chosen(self) -> ProposalForm:
        """How the groups are to be proposed, as asked for in the address."""
        usual = {"nach": REGION, "gruppen": usual_count(len(self.mentees))}
        given = self.request.GET if "gruppen" in self.request.GET else usual
        return ProposalForm(given, mentees=len(self.mentees))

    @cached_property
    def rows(self) -> list[GroupRow]:
        """The proposed groups; none for a choice that cannot be."""
        if not self.mentees or not self.chosen.is_valid():
            return []
        data = self.chosen.cleaned_data
        return propose(self.mentees, by=data["nach"], count=data["gruppen"])

    def get_form_kwargs(self) -> dict[str, Any]:
        """Of which milestone."""
        return {**super().get_form_kwargs(), "milestone_pk": self.milestone.pk}

    def save(self, form: TakeOverForm) -> Any:
        """Exactly what was shown."""
        proposed = form.cleaned_data["proposal"]
        return domain.take_over(self.milestone, proposed, by=acting_user(self.request))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The choice and the proposal."""
        by_region = self.chosen.is_valid() and self.chosen.cleaned_data["nach"] == REGION
        return super().get_context_data(
            chosen=self.chosen,
            rows=self.rows,
            mentees=self.mentees,
            token=TakeOverForm.token(self.milestone.pk, self.rows),
            unknown=unplaced(self.mentees),
            unregioned=unregioned(self.mentees) if by_region else [],
            there_are_some=bool(self.board.rows),
            **kwargs,
        )


class GroupsChange(OfGroups, FormPage):
    """Names of all groups and the place of each mentee, saved together."""

    title = "Gruppen ändern"
    template_name = "groups/change.html"
    form_class = GroupsForm
    success_message = "Die Gruppen sind gespeichert."

    @cached_property
    def everybody(self) -> int:
        """How many mentees there are."""
        return len(self.board.members) + len(self.board.without)

    @cached_property
    def sections(self) -> list[GroupRow]:
        """The groups whose mentees are on this page, with those without a group first."""
        rows = self.board.rows
        if self.board.without:
            rows = [GroupRow("Noch ohne Gruppe", self.board.without), *rows]
        if self.everybody <= MANY:
            return rows
        wanted = self.request.GET.get("gruppe", "")
        chosen = [row for row in rows if str(row.group.pk if row.group else 0) == wanted]
        return chosen[:1] or rows[:1]

    def get_form_kwargs(self) -> dict[str, Any]:
        """The groups and whom this page shows."""
        return {
            **super().get_form_kwargs(),
            "milestone_pk": self.milestone.pk,
            "board": self.board,
            "mentees": [member for row in self.sections for member in row.members],
        }

    def save(self, form: GroupsForm) -> Any:
        """By way of the domain; a contradiction is shown beside what was typed."""
        try:
            domain.save_groups(
                self.milestone,
                opened=form.opened_state,
                wanted=form.wanted,
                by=acting_user(self.request),
            )
        except domain.Contradiction as clash:
            form.show_clash(clash.stored)
            raise

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each group with its name and its mentees as fields."""
        context = super().get_context_data(**kwargs)
        form: GroupsForm = context["form"]
        context["sections"] = [
            {
                "row": row,
                "name": form.name_of(row.group) if row.group else None,
                "meanwhile": form.named_meanwhile(row.group) if row.group else "",
                "delete_url": self.page("delete", row.group.pk) if row.group else "",
                "places": [(m, form.place_of(m), form.meanwhile(m)) for m in row.members],
            }
            for row in self.sections
        ]
        if self.everybody > MANY:
            context["pages"] = [
                (row.name, row.group.pk if row.group else 0, len(row.members))
                for row in [GroupRow("Noch ohne Gruppe", self.board.without), *self.board.rows]
            ]
        context["new_url"] = self.page("new")
        return context


class GroupCreate(OfGroups, CreatePage):
    """A further group, empty at first."""

    title = "Gruppe hinzufügen"
    model = Group
    form_class = NewGroupForm
    submit_label = "Gruppe hinzufügen"

    def save(self, form: NewGroupForm) -> Any:
        """By way of the domain."""
        name = form.cleaned_data["name"]
        self.success_message = f"„{name}“ ist angelegt. Wählen Sie jetzt aus, wer dazugehört."
        return domain.add_group(self.milestone, name, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """On to sharing out the mentees."""
        return self.page("change")


class GroupDelete(OfGroups, ActionPage):
    """Delete one group."""

    title = "Gruppe löschen"
    button_label = "Gruppe löschen"
    danger = True
    success_message = "Die Gruppe ist gelöscht."

    @cached_property
    def group(self) -> Group:
        """The group of the address."""
        groups = Group.objects.visible_to(self.request.user).filter(milestone=self.milestone)
        found: Group = found_or_404(
            groups.select_related("event", "milestone__cycle"), self.kwargs["pk"]
        )
        return found

    def get_rule_object(self) -> Any:
        """The cycle; the group must be one of the milestone's."""
        return self.group.milestone.cycle

    def get_question(self) -> str:
        """Which."""
        return f"Soll „{self.group}“ gelöscht werden?"

    def consequences(self) -> list[str]:
        """What goes with it."""
        return ["Wer in dieser Gruppe ist, steht danach unter „Noch ohne Gruppe“."]

    def perform(self) -> Any:
        """By way of the domain."""
        return domain.delete_group(self.group, by=acting_user(self.request))


class GroupsDiscard(OfGroups, ActionPage):
    """Delete all groups, to begin anew."""

    title = "Gruppen verwerfen"
    question = "Sollen alle Gruppen dieses Treffens verworfen werden?"
    button_label = "Gruppen verwerfen"
    danger = True
    success_message = "Die Gruppen sind verworfen. Sie können sich neue vorschlagen lassen."

    def consequences(self) -> list[str]:
        """What goes with it."""
        return ["Ihre Namen und wer in welcher Gruppe ist, gehen verloren."]

    def perform(self) -> Any:
        """By way of the domain."""
        return domain.discard_groups(self.milestone, by=acting_user(self.request))


class GroupsFile(OfGroups, PageView):
    """The groups of a Vernetzungstreffen as PDF."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file."""
        name = filename(f"Gruppen {self.milestone.title}"[:80], "pdf")
        context = {"milestone": self.milestone, "board": self.board}
        return file_response(house_pdf("groups/groups_pdf.html", context), name)

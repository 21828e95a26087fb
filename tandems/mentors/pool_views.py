"""The pool: who agreed to be asked again, over all cycles of the programme."""

from typing import Any, ClassVar

from django.db.models import QuerySet

from mentoring.log.domain import record_accesses
from mentoring.ui.lists import Badge, Column, ListPage
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import Action, ActionPage, CreatePage, ObjectActionPage, UpdatePage
from programmes.organisations.models import Municipality
from tandems.mentors import domain
from tandems.mentors.filters import PoolFilter
from tandems.mentors.forms import NewEntryForm, PauseForm, PoolForm
from tandems.mentors.models import Mentor, PoolEntry
from tandems.mentors.pages import InPool, OnEntry


def _paused(row: PoolEntry) -> Any:
    return Badge("warning", f"Pause bis {row.paused_until:%d.%m.%Y}") if row.is_paused else ""


class PoolList(InPool, ListPage):
    """Everybody in the pool of the programme, but the reader."""

    rule = "mentors.pool"
    list_name = "mentors.pool"
    title = "Pool der Mentor/innen"
    intro = (
        "Frühere Mentees und Mentor/innen, die eingewilligt haben, wieder gefragt zu werden. Der "
        "Pool gilt für alle Durchgänge des Programms. Wer eine Pause hat, wird nicht vorgesehen."
    )
    filterset_class = PoolFilter
    default_sort = "name"
    empty_title = "Der Pool ist noch leer"
    empty_text = (
        "Einwilligungen früherer Mentees und Mentor/innen werden jede Nacht übernommen. Wer Ihnen "
        "selbst zugestimmt hat, kommt von Hand hinein."
    )

    def get_queryset(self) -> QuerySet[PoolEntry]:
        """The programme's pool as far as the user sees it."""
        return (
            PoolEntry.objects.visible_to(self.request.user)
            .filter(programme=self.cycle.programme_id)
            .select_related("person__municipality", "programme")
        )

    def get_columns(self) -> list[Column]:
        """With how each was asked before, read once for the page."""
        return [
            Column(
                "name",
                "Name",
                lambda row: f"{row.person.last_name}, {row.person.first_name}",
                sort="person__sort_key",
                link=lambda row: self.page("entry", row.pk),
            ),
            Column(
                "house",
                "Kommune",
                "person.municipality.short_name",
                sort="person__municipality__sort_key",
            ),
            Column("position", "Funktion", "person.position", sort="person__position"),
            Column("topics", "Themen", "topic_labels"),
            Column("capacity", "Mentees", "capacity", sort="capacity", numeric=True),
            Column("origin", "kommt aus", "origin", sort="origin"),
            Column("paused", "Pause", _paused, sort="paused_until"),
            Column("asked", "zuletzt angefragt", self._asked),
            Column("consent", "Einwilligung vom", "consent_on", sort="consent_on"),
        ]

    def _asked(self, row: PoolEntry) -> str:
        if not hasattr(self, "_last"):
            # All at once: the rows of an export come in portions, each would ask anew.
            self._last = domain.last_asked(self.filtered())
        found = self._last.get(row.person_id)
        return str(found[0]) if found else ""

    def breadcrumbs(self) -> list[Crumb]:
        """Mentors of the cycle."""
        return super().breadcrumbs()[:-1]

    def actions(self) -> list[Action]:
        """Enter somebody, or take consents over now."""
        return [
            Action("Von Hand eintragen", self.page("entry_new"), "primary", "add"),
            Action("Einwilligungen übernehmen", self.page("pool_fill"), "tertiary"),
        ]

    def get_empty_action(self) -> Action | None:
        """Enter somebody."""
        return self.actions()[0]

    def note_export(self) -> None:
        """Whoever exports the list has read what is in it."""
        record_accesses(self.filtered(), by=self.request.user)


class FillPage(InPool, ActionPage):
    """Take consents over without waiting for the night."""

    rule = "mentors.pool"
    title = "Einwilligungen übernehmen"
    question = "Sollen gültige Einwilligungen jetzt in den Pool übernommen werden?"
    button_label = "Übernehmen"

    def consequences(self) -> list[str]:
        """Who comes in."""
        return [
            "Übernommen werden Mentor/innen sowie Mentees abgeschlossener Durchgänge, die in den "
            "Kontakt als Ehemalige eingewilligt und nicht widerrufen haben.",
            "Das geschieht sonst jede Nacht von selbst.",
        ]

    def perform(self) -> int:
        """Take them over."""
        return domain.take_over_consents(self.cycle.programme)

    def get_success_message(self) -> str:
        """How many."""
        return "Die Einwilligungen sind übernommen."

    def get_success_url(self) -> str:
        """The pool."""
        return self.page("pool")


class NewEntry(InPool, CreatePage):
    """Enter somebody by hand."""

    rule = "mentors.pool"
    title = "In den Pool eintragen"
    submit_label = "Eintragen"
    model = PoolEntry
    form_class = NewEntryForm
    success_message = "Die Person steht im Pool."

    def get_form_kwargs(self) -> dict[str, Any]:
        """Any Kommune: former ones have people, too."""
        return {
            **super().get_form_kwargs(),
            "cycle": self.cycle,
            "user": self.request.user,
            "municipalities": Municipality.objects.visible_to(self.request.user),
        }

    def save(self, form: NewEntryForm) -> PoolEntry:
        """By way of the domain."""
        return domain.enter_by_hand(
            cycle=self.cycle,
            municipality=form.cleaned_data["municipality"],
            kept=form.kept(),
            person=form.person,
            named=form.named,
            by=self.request.user,
        )

    def get_success_url(self) -> str:
        """The pool."""
        return self.page("pool")


class EntryPage(OnEntry, UpdatePage):
    """One entry: what is noted, how they were asked before, what can be done."""

    rule = "mentors.pool"
    form_class = PoolForm
    template_name = "mentors/entry.html"

    def get_title(self) -> str:
        """The name."""
        return self.entry.person.full_name

    def actions(self) -> list[Action]:
        """Mean them for this cycle, let them be, take them out."""
        entry = self.entry
        plan = [] if entry.is_paused or self._planned() else [self._plan()]
        return [
            *plan,
            Action("Pause", self.page("entry_pause", entry.pk)),
            Action("Aus dem Pool nehmen", self.page("entry_remove", entry.pk), "tertiary"),
        ]

    def _plan(self) -> Action:
        label = "Als Mentor/in für diesen Durchgang vorsehen"
        return Action(label, self.page("entry_plan", self.entry.pk), "primary")

    def _planned(self) -> Mentor | None:
        return (
            Mentor.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle, person=self.entry.person_id)
            .first()
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How they were asked before."""
        entry = self.entry
        return super().get_context_data(
            entry=entry,
            asked=domain.last_asked([entry]).get(entry.person_id, []),
            planned=self._planned(),
            **kwargs,
        )

    def save(self, form: PoolForm) -> PoolEntry:
        """By way of the domain."""
        return domain.change_entry(form.instance, by=self.request.user)


class EntryStep(OnEntry, ObjectActionPage):
    """A step of an entry."""

    rule = "mentors.pool"

    def get_question(self) -> str:
        """The question with the name."""
        return self.question.format(name=self.entry.person.full_name)


class PlanPage(EntryStep):
    title = "Für diesen Durchgang vorsehen"
    question = "Soll {name} in diesem Durchgang gefragt werden?"
    button_label = "Vorsehen"
    success_message = "Vorgesehen. Wer fragt, übernimmt jetzt die Anfrage."

    def consequences(self) -> list[str]:
        """What that is, and what it is not."""
        return [
            "Die Person steht dann namentlich als Idee in der Liste: sie hat eingewilligt.",
            "Gefragt ist sie damit noch nicht.",
        ]

    def perform(self) -> Mentor:
        """Plan."""
        return domain.plan(self.entry, cycle=self.cycle, by=self.request.user)

    def get_success_url(self) -> str:
        """The new idea."""
        return self.page("detail", self.saved.pk)


class PausePage(EntryStep):
    title = "Pause"
    question = "Bis wann möchte {name} nicht gefragt werden?"
    button_label = "Speichern"
    form_class = PauseForm
    success_message = "Die Pause ist gespeichert."

    def get_initial(self) -> dict[str, Any]:
        """The present one."""
        return {"until": self.entry.paused_until}

    def perform(self) -> PoolEntry:
        """Save it."""
        return domain.pause(self.entry, until=self.form.cleaned_data["until"], by=self.request.user)


class RemovePage(EntryStep):
    title = "Aus dem Pool nehmen"
    question = "Soll {name} aus dem Pool genommen werden?"
    button_label = "Herausnehmen"
    danger: ClassVar[bool] = True
    success_message = "Die Person ist nicht mehr im Pool."

    def consequences(self) -> list[str]:
        """What goes with it."""
        return [
            "Einwilligung, Themen und Pause werden gelöscht.",
            "Ist die Person irgendwo nur vorgesehen und noch nicht gefragt, wird auch das "
            "gelöscht.",
            "Eine Einwilligung, die in einem Profilbogen steht, muss dort widerrufen werden, sonst "
            "kommt die Person wieder in den Pool.",
        ]

    def perform(self) -> None:
        """Remove."""
        domain.remove(self.entry, by=self.request.user)

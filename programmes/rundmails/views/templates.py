"""The usual mails of a programme, kept by its ständige Mitglieder."""

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.ui.lists import Column, ListPage
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import Action, ActionPage, UpdatePage
from programmes.cycles.views.base import OfProgramme, acting_user, found_or_404
from programmes.roadmap.domain import shipped_template
from programmes.roadmap.models import TemplateMilestone
from programmes.rundmails.forms import TemplateForm
from programmes.rundmails.models import RundmailTemplate
from programmes.rundmails.usual import is_shipped, reset, usual_mails


def shown_distance(template: RundmailTemplate) -> str:
    """Such as "14 Tage vorher"."""
    days = template.days_from_milestone
    number = "1 Tag" if abs(days) == 1 else f"{abs(days)} Tage"
    if days == 0:
        return "am Tag selbst"
    return f"{number} {'danach' if days > 0 else 'vorher'}"


class TemplateList(OfProgramme, ListPage):
    """All usual mails, the shipped ones filled in at first sight."""

    rule = "rundmails.change_templates"
    list_name = "rundmails.templates"
    title = "Vorlagen für Rundmails"
    default_sort = "title"
    exportable = False
    intro = (
        "Diese Vorlagen werden im Fahrplan jedes Durchgangs am passenden Meilenstein angeboten. "
        "Was Sie hier ändern, gilt für neue Rundmails; schon geschriebene bleiben, wie sie sind."
    )

    def get_columns(self) -> list[Column]:
        """With the milestone's title as this programme's Fahrplan calls it."""
        shipped_template(self.programme)
        titles = dict(
            TemplateMilestone.objects.filter(programme=self.programme).values_list("key", "title")
        )
        return [
            Column("title", "Vorlage", "title", sort="sort_key", link=self._edit_url),
            Column("subject", "Betreff", "subject", sort="subject"),
            Column(
                "milestone",
                "Meilenstein",
                lambda row: titles.get(row.milestone_key, row.milestone_key),
            ),
            Column("days", "Wann", shown_distance, sort="days_from_milestone"),
            Column(
                "changed", "Fassung", lambda row: "mitgeliefert" if is_shipped(row) else "eigene"
            ),
        ]

    def _edit_url(self, row: RundmailTemplate) -> str:
        return reverse("rundmails:template", args=[self.programme.pk, row.pk])

    def get_queryset(self) -> Any:
        """Those of the programme."""
        return usual_mails(self.programme)


class OnTemplate(OfProgramme):
    """A page of one usual mail."""

    request: Any

    @cached_property
    def template(self) -> RundmailTemplate:
        """The usual mail of the address, if it belongs to this programme."""
        rows = RundmailTemplate.objects.visible_to(self.request.user).filter(
            programme=self.programme
        )
        found: RundmailTemplate = found_or_404(rows, self.kwargs["template_pk"])
        return found

    def get_object(self) -> RundmailTemplate:
        """The usual mail, for the pages of one object."""
        return self.template

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the list."""
        url = reverse("rundmails:templates", args=[self.programme.pk])
        return [*super().breadcrumbs(), Crumb("Vorlagen für Rundmails", url)]

    def get_success_url(self) -> str:
        """Back to the list."""
        return reverse("rundmails:templates", args=[self.programme.pk])


class TemplateEdit(OnTemplate, UpdatePage):
    """Change a usual mail."""

    template_name = "rundmails/editor.html"
    rule = "rundmails.change_templates"
    form_class = TemplateForm

    def get_rule_object(self) -> Any:
        """The programme."""
        return self.programme

    def get_title(self) -> str:
        """Which one."""
        return f"Vorlage „{self.template}“"

    def actions(self) -> list[Action]:
        """Back to the shipped text."""
        if is_shipped(self.template):
            return []
        url = reverse("rundmails:template_reset", args=[self.programme.pk, self.template.pk])
        return [Action("Auf mitgelieferte Fassung zurücksetzen", url, "tertiary")]


class TemplateReset(OnTemplate, ActionPage):
    """Give a usual mail its shipped text again."""

    rule = "rundmails.change_templates"
    title = "Vorlage zurücksetzen"
    button_label = "Zurücksetzen"
    danger = True
    success_message = "Die Vorlage hat wieder ihre mitgelieferte Fassung."

    def get_question(self) -> str:
        """Which one."""
        return f"„{self.template}“ auf die mitgelieferte Fassung zurücksetzen?"

    def consequences(self) -> list[str]:
        """What is lost."""
        return [
            "Ihr eigener Text dieser Vorlage geht verloren.",
            "Schon geschriebene Rundmails bleiben, wie sie sind.",
        ]

    def perform(self) -> RundmailTemplate:
        """Shipped text in."""
        return reset(self.template, by=acting_user(self.request))

"""What the pages of the Profilbogen of a programme have in common."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.ui.lists import Badge
from mentoring.ui.navigation import Crumb
from programmes.cycles.views.base import OfProgramme
from tandems.profiles.models import ProfileVersion
from tandems.profiles.questions import Kind, Needed, Question, Sheet
from tandems.profiles.version_forms import SHEETS
from tandems.profiles.versions import OWN_KINDS, changed

KINDS = {
    **OWN_KINDS,
    Kind.EMAIL: "E-Mail-Adresse",
    Kind.DATE: "Datum",
    Kind.PROMISE: "Zusage",
    Kind.CHOICES: "mehrere zur Auswahl",
    Kind.SEAT_HOLDER: "Mitglied des Beirats",
    Kind.EXCLUSIONS: "Personen, Kommunen, Ämter",
    Kind.CONSENT: "Einwilligung mit Datum",
}
NEEDED = {
    Needed.NEVER: "freiwillig",
    Needed.TO_SUBMIT: "verpflichtend",
    Needed.TO_NOMINATE: "zur Nominierung",
}


@dataclass(frozen=True)
class ShownQuestion:
    """A question as the preview shows it."""

    question: Question
    kind: str
    needed: str


def shown_sheets(
    changes: dict[str, Any],
) -> list[tuple[str, list[tuple[str, list[ShownQuestion]]]]]:
    """Both sheets as a version asks them: title, sections, questions."""
    return [(title, _shown(changed(kind, changes))) for kind, title in SHEETS.items()]


def _shown(sheet: Sheet) -> list[tuple[str, list[ShownQuestion]]]:
    return [
        (
            section.title,
            [ShownQuestion(q, KINDS[q.kind], NEEDED[q.needed]) for q in section.questions],
        )
        for section in sheet
    ]


class OfProgrammeSheets(OfProgramme):
    """A page of this room below a programme."""

    rule: ClassVar[str | None] = "profiles.read_versions"

    def page(self, name: str, *args: Any) -> str:
        """The address of another page of this programme's Profilbogen."""
        return reverse(f"profiles:{name}", args=[self.programme.pk, *args])

    @property
    def edits(self) -> bool:
        """Whether the user works on versions."""
        return bool(self.allowed("profiles.edit_versions", self.programme))  # type: ignore[attr-defined]  # a page follows

    def versions(self) -> Any:
        """Those the user may read, the newest first."""
        return ProfileVersion.objects.visible_to(self.request.user).filter(programme=self.programme)


class OnVersion(OfProgrammeSheets):
    """A page about one version; number 0 is the shipped sheet."""

    @cached_property
    def version(self) -> ProfileVersion:
        """The version of the address."""
        number = self.kwargs["number"]
        found = self.versions().filter(number=number).first() if number < 10_000 else None
        if found is None:
            raise Http404
        return found

    def get_rule_object(self) -> Any:
        """The programme, once the version is one the user may see."""
        programme = super().get_rule_object()
        _ = self.version
        return programme

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the versions."""
        return [*super().breadcrumbs(), Crumb("Profilbogen", self.page("versions"))]


def badge_of(version: ProfileVersion) -> Badge:
    if version.published_at is None:
        return Badge("warning", "Entwurf")
    return Badge("success", "veröffentlicht")

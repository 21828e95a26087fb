"""Pages of the Profilbogen of a programme: its versions, and the choice of a cycle."""

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.ui.navigation import Crumb
from mentoring.ui.views import Action, ActionPage, FormPage, PageView
from programmes.cycles.views.base import OfCycle, acting_user
from tandems.profiles import domain
from tandems.profiles.models import ProfileVersion, SheetKind
from tandems.profiles.pages import OfProgrammeSheets, OnVersion, badge_of, shown_sheets
from tandems.profiles.version_forms import SHEETS, ChoiceForm
from tandems.profiles.versions import version_of


class VersionsPage(OfProgrammeSheets, PageView):
    """All versions of a programme's Profilbogen."""

    title = "Profilbogen"
    template_name = "profiles/versions.html"

    def actions(self) -> list[Action]:
        """Beginning a new one, for who may and if no draft is open."""
        if not self.edits or self.versions().filter(published_at=None).exists():
            return []
        return [Action("Neue Fassung", self.page("begin"), "primary", "add")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each version with its state, and the shipped sheet below."""
        rows = [
            (version, self.page("version", version.number), badge_of(version))
            for version in self.versions()
        ]
        return super().get_context_data(
            rows=rows, shipped_url=self.page("version", 0), edits=self.edits, **kwargs
        )


class BeginVersion(OfProgrammeSheets, ActionPage):
    """Begin a draft from the newest version."""

    rule = "profiles.edit_versions"
    title = "Neue Fassung"
    question = "Soll eine neue Fassung des Profilbogens beginnen?"
    button_label = "Neue Fassung beginnen"

    def consequences(self) -> list[str]:
        """What changes and what does not."""
        return [
            "Sie beginnt als Entwurf mit allem, was zuletzt galt.",
            "Durchgänge behalten ihre Fassung; Sie wählen die neue im Durchgang selbst aus.",
        ]

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the versions."""
        return [*super().breadcrumbs(), Crumb("Profilbogen", self.page("versions"))]

    def perform(self) -> Any:
        """Begin."""
        return domain.begin_version(self.programme, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """To the editor."""
        return self.page("version", self.saved.number)


class VersionPage(OnVersion, PageView):
    """A version as it is asked: both sheets."""

    template_name = "profiles/version.html"

    @cached_property
    def version(self) -> ProfileVersion | None:  # type: ignore[override]  # 0 is none
        """The version of the address; ``None`` is the shipped sheet."""
        if self.kwargs["number"] == 0:
            return None
        return OnVersion.version.func(self)  # type: ignore[attr-defined]  # the cached property's function

    def get_title(self) -> str:
        """Which one."""
        return str(self.version or "Der mitgelieferte Bogen (Fassung 0)")

    def actions(self) -> list[Action]:
        """Working on a draft."""
        version = self.version
        if version is None or version.published_at is not None or not self.edits:
            return []
        number = version.number
        return [
            Action("Veröffentlichen", self.page("publish", number), "primary"),
            Action("Bearbeiten", self.page("change", number), icon="edit"),
            Action("Eigene Frage", self.page("question_add", number), icon="add"),
            Action("Entwurf löschen", self.page("delete", number), "tertiary", "delete"),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Both sheets; of a draft the own questions with their buttons."""
        version = self.version
        changes = version.changes if version else {}
        own = []
        if version is not None and version.published_at is None and self.edits:
            for kind in SheetKind:
                for entry in changes.get(kind, {}).get("own", []):
                    address = (version.number, kind, entry["key"])
                    own.append(
                        (
                            entry["label"],
                            SHEETS[kind],
                            self.page("question_change", *address),
                            self.page("question_delete", *address),
                        )
                    )
        return super().get_context_data(
            version=version,
            state=badge_of(version) if version else None,
            sheets=shown_sheets(changes),
            own=own,
            **kwargs,
        )


class CycleSheet(OfCycle, FormPage):
    """Which version a cycle uses; a lead chooses until the first application is submitted."""

    rule = "profiles.read_choice"
    title = "Profilbogen des Durchgangs"
    template_name = "profiles/cycle.html"
    form_class = ChoiceForm
    submit_label = "Diese Fassung verwenden"
    success_message = "Die Fassung ist gewählt."

    def check_rule(self) -> None:
        """Reading and choosing are two rights."""
        if self.request.method == "POST":
            self.rule = "profiles.choose"  # type: ignore[misc]  # for this request alone
        super().check_rule()

    def get_form_kwargs(self) -> dict[str, Any]:
        """The published versions."""
        versions = ProfileVersion.objects.visible_to(self.request.user).filter(
            programme=self.cycle.programme, published_at__isnull=False
        )
        return {**super().get_form_kwargs(), "versions": list(versions)}

    def get_initial(self) -> dict[str, Any]:
        """The version used now."""
        version = version_of(self.cycle)
        return {"version": str(version.number if version else 0)}

    def save(self, form: ChoiceForm) -> None:
        """By way of the domain."""
        domain.choose_version(self.cycle, form.chosen, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """Here again."""
        return reverse("profiles:cycle", args=[self.cycle.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Both sheets as this cycle asks them."""
        version = version_of(self.cycle)
        fixed = domain.is_fixed(self.cycle)
        return super().get_context_data(
            version=version,
            fixed=fixed,
            chooses=not fixed and self.allowed("profiles.choose", self.cycle),
            sheets=shown_sheets(version.changes if version else {}),
            **kwargs,
        )

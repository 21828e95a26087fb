"""Pages of an import: template, upload, what the check found, taking over."""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.timezone import localdate

from mentoring.ui.errors import Refused
from mentoring.ui.exports import CONTENT_TYPES
from mentoring.ui.lists import Badge, Column, ListPage
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import Action, ActionPage, CreatePage, PageView
from programmes.cycles.models import ParticipationState
from programmes.cycles.views.base import OfCycle, acting_user, found_or_404
from programmes.organisations.models import Municipality
from programmes.people.permissions import posts_of
from tandems.imports import domain
from tandems.imports.blank import blank_csv, blank_xlsx, explanation
from tandems.imports.checking import MAX_ROWS
from tandems.imports.columns import columns_of
from tandems.imports.filters import LineFilter
from tandems.imports.findings import (
    FIELD,
    FORM,
    Acquaintances,
    Known,
    as_html,
    as_text,
    decision_text,
    select,
)
from tandems.imports.forms import TakeOverForm, UploadForm
from tandems.imports.models import KEEP_DAYS, ApplicantImport, Decision, ImportLine, ImportState

RECENT = 10


class InCycle(OfCycle):
    """A page of this room below ``/durchgaenge/<cycle_pk>/bewerbungen/importieren/``."""

    request: Any  # its user is signed in by the time a page asks: ``PageView`` saw to it

    def page(self, name: str, *args: Any) -> str:
        """The address of a page of this room in the same cycle."""
        return reverse(f"imports:{name}", args=[self.cycle.pk, *args])

    @property
    def list_url(self) -> str:
        """The address of the cycle's applications."""
        return reverse("applications:list", args=[self.cycle.pk])

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle and its applications."""
        return [*super().breadcrumbs(), Crumb("Bewerbungen", self.list_url)]

    def runs(self) -> QuerySet[ApplicantImport]:
        """The runs of this cycle that the user may see."""
        visible: QuerySet[ApplicantImport] = ApplicantImport.objects.visible_to(self.request.user)
        return visible.filter(cycle=self.cycle).select_related("municipality", "job")


class OnRun(InCycle):
    """A page about one run."""

    rule: ClassVar[str | None] = "imports.handle"

    @cached_property
    def run(self) -> ApplicantImport:
        """The run of this page."""
        found: ApplicantImport = found_or_404(self.runs(), self.kwargs["pk"])
        return found

    def get_rule_object(self) -> Any:
        """The rule is asked about the run."""
        return self.run

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the run."""
        return [
            *super().breadcrumbs(),
            Crumb("Bewerbungen importieren", self.page("upload")),
            Crumb(self.run.file_name, self.run.get_absolute_url()),
        ]


class UploadPage(InCycle, CreatePage):
    """The template to download, and the filled table to upload."""

    rule = "applications.add"
    title = "Bewerbungen importieren"
    template_name = "imports/upload.html"
    form_class = UploadForm
    submit_label = "Hochladen und prüfen"
    model = ApplicantImport

    def get_form_kwargs(self) -> dict[str, Any]:
        """Cycle, and the Kommunen the user may enter for."""
        taking_part = self.cycle.participations.filter(state=ParticipationState.CONFIRMED)
        own = posts_of(self.request.user).municipalities
        houses = Municipality.objects.visible_to(self.request.user).filter(
            pk__in=own & set(taking_part.values_list("municipality", flat=True))
        )
        return {**super().get_form_kwargs(), "cycle": self.cycle, "houses": list(houses)}

    def save(self, form: UploadForm) -> ApplicantImport:
        """Check it, or have it checked."""
        if form.table is None:
            raise Refused("Bitte wählen Sie eine Datei.")
        return domain.begin(
            cycle=self.cycle,
            municipality=form.house,
            upload=form.cleaned_data["upload"],
            table=form.table,
            is_short=form.is_short,
            by=acting_user(self.request),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The columns explained, and earlier runs."""
        return super().get_context_data(
            columns=[explanation(column) for column in columns_of(self.cycle)],
            recent=self.runs()[:RECENT],
            max_rows=MAX_ROWS,
            days=KEEP_DAYS,
            **kwargs,
        )


class BlankPage(InCycle, PageView):
    """The empty table as a file."""

    rule = "applications.add"
    form = "xlsx"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file."""
        data = blank_xlsx(self.cycle) if self.form == "xlsx" else blank_csv(self.cycle)
        name = f"bewerbungen-durchgang-{self.cycle.number}-{localdate():%Y-%m-%d}.{self.form}"
        return HttpResponse(
            data,
            content_type=CONTENT_TYPES[self.form],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


class BlankXlsx(BlankPage):
    """With the explanation on a second sheet."""


class BlankCsv(BlankPage):
    """The heading row alone."""

    form = "csv"


class RunPage(OnRun, ListPage):
    """What the check found, line by line, with what is to become of each."""

    list_name = "imports.lines"
    filterset_class = LineFilter
    default_sort = "number"
    empty_title = "Keine Zeilen"

    def get_title(self) -> str:
        """The file's name."""
        return f"Prüfung von „{self.run.file_name}“"

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the upload."""
        return super().breadcrumbs()[:-1]

    @property
    def is_checked(self) -> bool:
        """Whether there is a list to show."""
        return self.run.stands == ImportState.CHECKED

    def get_template_names(self) -> list[str]:
        """The list, or how far it is."""
        return ["imports/run.html" if self.is_checked else "imports/progress.html"]

    def get_queryset(self) -> Any:
        """The lines of the run."""
        return ImportLine.objects.filter(run=self.run)

    def get_columns(self) -> list[Column]:
        """Line, name, findings, choice."""
        url = self.run.get_absolute_url()
        return [
            *self._first_columns(),
            Column("found", "Befund", lambda line: as_html(line, self._known(line))),
            Column("choice", "Auswahl", lambda line: select(line, self._known(line), url)),
        ]

    def export_columns(self) -> list[Column]:
        """The same as text."""
        return [
            *self._first_columns(),
            Column("found", "Befund", lambda line: as_text(line, self._known(line))),
            Column("choice", "Auswahl", lambda line: decision_text(line, self._known(line))),
        ]

    def _first_columns(self) -> list[Column]:
        return [
            Column("number", "Zeile", "number", sort="number"),
            Column("name", "Name", "name", sort="search_key"),
            Column("state", "Prüfung", _badge, sort=("is_faulty", "is_doubtful")),
        ]

    def _known(self, line: ImportLine) -> dict[int, Known]:
        return self._acquaintances.of(line)

    @cached_property
    def _acquaintances(self) -> Acquaintances:
        """For a file: of all its lines."""
        lines = self.filtered().filter(is_doubtful=True).only("known")
        return Acquaintances(self.run, lines, self.request.user)

    def rows(self, page: Page) -> Any:
        """For the page: of its own lines."""
        self._acquaintances = Acquaintances(self.run, page.object_list, self.request.user)
        return super().rows(page)

    def export_until(self) -> Any:
        """A report goes with the run."""
        return self.run.delete_on

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep what was chosen; or start a long export."""
        if "export" in request.POST:
            return super().post(request, *args, **kwargs)
        chosen = {
            int(key): str(value)
            for name, value in request.POST.items()
            if name.startswith(FIELD) and _is_key(key := name.removeprefix(FIELD))
        }
        quiet = bool(request.headers.get("HX-Request"))
        try:
            changed = domain.decide(self.run, chosen, by=acting_user(request))
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            if quiet:
                return HttpResponse(status=204)
            messages.success(request, _changed_message(changed))
        return HttpResponseRedirect(request.get_full_path())

    def actions(self) -> list[Action]:
        """Taking over, another file, throwing away."""
        pk = self.run.pk
        other = Action("Berichtigte Datei hochladen", self.page("upload"), icon="add")
        discard = Action("Verwerfen", self.page("discard", pk), "tertiary", "delete")
        match self.run.stands:
            case ImportState.CHECKED:
                take = Action("Übernehmen", self.page("take_over", pk), "primary")
                return [take, other, discard]
            case ImportState.FAILED:
                return [other, discard]
            case ImportState.WRITTEN:
                return [Action("Zu den Bewerbungen", self.list_url, "primary")]
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How many of each kind, and where the work stands."""
        lines = self.get_queryset()
        counted = {
            "all": lines.count(),
            "takes": lines.takes().count(),
            "faulty": lines.filter(is_faulty=True).count(),
            "open": lines.undecided().count(),
            "skipped": lines.filter(decision=Decision.SKIP).count(),
        }
        return super().get_context_data(
            run=self.run,
            stands=self.run.stands,
            counted=counted,
            form_id=FORM,
            list_url=self.list_url,
            **kwargs,
        )


class TakeOverPage(OnRun, ActionPage):
    """Asks once more, and makes the drafts."""

    once = True
    title = "Zeilen übernehmen"
    button_label = "Übernehmen"
    form_class = TakeOverForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]  # as FormPage
        """The question, while there is something to be asked."""
        if self.run.stands != ImportState.CHECKED:
            return HttpResponseRedirect(self.run.get_absolute_url())
        return super().get(request, *args, **kwargs)

    @cached_property
    def _rest(self) -> int:
        lines = ImportLine.objects.filter(run=self.run)
        return int(lines.left().count() + lines.undecided().count())

    def get_form_kwargs(self) -> dict[str, Any]:
        """How many lines would stay away unchosen."""
        return {**super().get_form_kwargs(), "rest": self._rest}

    def get_question(self) -> str:
        """How many."""
        count = ImportLine.objects.filter(run=self.run).takes().count()
        return f"{_lines(count)} als {'Entwurf' if count == 1 else 'Entwürfe'} übernehmen?"

    def consequences(self) -> list[str]:
        """What goes with it."""
        lines = ImportLine.objects.filter(run=self.run)
        found = [
            "Alle Entwürfe entstehen zusammen. Geht etwas nicht, wird keine Zeile übernommen.",
            "Eingereicht ist damit noch nichts: die Entwürfe lassen sich weiter bearbeiten.",
        ]
        if known := lines.takes().filter(decision=Decision.KNOWN).count():
            found.append(
                f"Bei {known} bekannten Personen gelten künftig die Kontaktdaten der Tabelle."
                if known > 1
                else "Bei 1 bekannten Person gelten künftig die Kontaktdaten der Tabelle."
            )
        if skipped := lines.filter(decision=Decision.SKIP).count():
            found.append(f"{_lines(skipped)} {'bleibt' if skipped == 1 else 'bleiben'} weg.")
        return found

    def perform(self) -> ApplicantImport:
        """Write them, or have them written."""
        skip_rest = bool(self.form.cleaned_data.get("skip_rest"))
        run = domain.start_writing(self.run, skip_rest=skip_rest, by=acting_user(self.request))
        if run.state == ImportState.WRITTEN:
            self.success_message = f"{_drafts(run.written_count)} angelegt."
        return run


class DiscardPage(OnRun, ActionPage):
    """Throw the result of a check away."""

    title = "Prüfung verwerfen"
    question = "Soll das Ergebnis dieser Prüfung verworfen werden?"
    button_label = "Verwerfen"
    danger = True
    success_message = "Die Prüfung ist verworfen."

    def consequences(self) -> list[str]:
        """What goes with it."""
        return ["Von dieser Tabelle bleibt hier nichts übrig. Bewerbungen ändern sich nicht."]

    def perform(self) -> None:
        """Delete it."""
        domain.discard(self.run, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """Back to the upload, or to the list when no more are taken."""
        may_add = self.allowed("applications.add", self.cycle)
        return self.page("upload") if may_add else self.list_url


def _is_key(text: str) -> bool:
    """Whether it is a number that fits into a primary key."""
    return text.isascii() and text.isdigit() and len(text) < 19


def _badge(line: ImportLine) -> Badge:
    if line.is_faulty:
        return Badge("danger", "fehlerhaft")
    if line.decision == Decision.SKIP:
        return Badge("info", "bleibt weg")
    if line.is_doubtful:
        return Badge("warning", "zu klären")
    return Badge("success", "in Ordnung")


def _lines(count: int) -> str:
    return "1 Zeile" if count == 1 else f"{count} Zeilen"


def _drafts(count: int) -> str:
    return "1 Entwurf ist" if count == 1 else f"{count} Entwürfe sind"


def _changed_message(changed: int) -> str:
    if not changed:
        return "An der Auswahl hat sich nichts geändert."
    return f"Die Auswahl für {_lines(changed)} ist gespeichert."

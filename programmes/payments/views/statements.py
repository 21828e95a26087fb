"""Bank statements: read, proposed from, decided about."""

from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.ui.errors import Refused
from mentoring.ui.lists import Badge, Column, ListFilterSet, ListPage
from mentoring.ui.navigation import Crumb
from mentoring.ui.tags import money
from mentoring.ui.views import Action, ActionPage, FormPage
from programmes.billing.models import Issuer
from programmes.cycles.views.base import acting_user, found_or_404
from programmes.payments import domain
from programmes.payments.domain.words import several
from programmes.payments.forms import ImportForm, ShownForm
from programmes.payments.models import BankEntry, BankStatement, EntryState

STATEMENTS = "Kontoauszüge"
NOT_KEPT = (
    "Die Datei selbst wird nicht aufbewahrt. Gespeichert werden nur die Gutschriften; was zu "
    f"keiner Rechnung gehört, wird nach {domain.KEPT_DAYS} Tagen gelöscht."
)
CERTAIN_SHOWN = 20
_KINDS: dict[str, str] = {
    EntryState.OPEN: "warning",
    EntryState.MATCHED: "success",
    EntryState.IGNORED: "info",
}


def statements_crumb() -> Crumb:
    """The list of statements."""
    return Crumb(STATEMENTS, reverse("payments:statements"))


class StatementList(ListPage):
    """The statements that were read."""

    list_name = "payments.statements"
    rule = "payments.statements"
    title = STATEMENTS
    default_sort = "-imported_at"
    intro = NOT_KEPT
    empty_title = "Noch kein Kontoauszug eingelesen"
    empty_text = (
        "Laden Sie bei Ihrer Bank die Kontoauszüge im Format CAMT.053 herunter, einzeln oder als "
        "ZIP. Zu jeder Gutschrift schlagen wir die Rechnung vor; zugeordnet wird nur, was Sie "
        "bestätigen."
    )

    def get_queryset(self) -> QuerySet[BankStatement]:
        """Those of the user's institutes, with how many credits wait."""
        of = {state: Count("entries", filter=Q(entries__state=state)) for state in EntryState}
        found: QuerySet[BankStatement] = (
            BankStatement.objects.visible_to(self.request.user)
            .select_related("imported_by__person")
            .annotate(
                waiting=of[EntryState.OPEN],
                matched=of[EntryState.MATCHED],
                ignored=of[EntryState.IGNORED],
            )
        )
        return found

    def get_columns(self) -> list[Column]:
        """The name leads to the proposals."""
        return [
            Column(
                "name",
                "Auszug",
                lambda row: row.identification or row.file_name,
                link=lambda row: row.get_absolute_url(),
            ),
            Column("first_day", "von", "first_day", sort="first_day"),
            Column("last_day", "bis", "last_day", sort="last_day"),
            Column("waiting", "offen", "waiting", sort="waiting", numeric=True),
            Column("matched", "zugeordnet", "matched", sort="matched", numeric=True),
            Column("ignored", "gehört nicht hierher", "ignored", sort="ignored", numeric=True),
            Column("imported_at", "eingelesen am", "imported_at", sort="imported_at"),
            Column("imported_by", "von", _who),
        ]

    def actions(self) -> list[Action]:
        """Read another one."""
        return [Action("Kontoauszug einlesen", reverse("payments:import"), "primary", "add")]

    def get_empty_action(self) -> Action:
        """The first one."""
        return self.actions()[0]


def _who(statement: BankStatement) -> str:
    user = statement.imported_by
    return str(getattr(user, "person", None) or user) if user is not None else ""


class ImportPage(FormPage):
    """Read a statement."""

    rule = "payments.statements"
    title = "Kontoauszug einlesen"
    form_class = ImportForm
    template_name = "payments/import.html"
    submit_label = "Einlesen"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The institutes the user works for."""
        issuers = Issuer.objects.visible_to(self.request.user).order_by("pk")
        return {**super().get_form_kwargs(), "issuers": issuers}

    def save(self, form: ImportForm) -> BankStatement:
        """By way of the domain; nothing of the file is kept."""
        if "issuer" not in form.cleaned_data:
            raise Refused(
                "Es gibt noch keine Rechnungen, zu denen ein Kontoauszug passen könnte. Rechnen "
                "Sie zuerst einen Durchgang ab."
            )
        try:
            self.imported = domain.import_statement(
                form.cleaned_data["upload"],
                form.cleaned_data["issuer"],
                by=acting_user(self.request),
            )
        except domain.Unreadable as refusal:
            # Said beside the field, where the other file is chosen.
            raise ValidationError({"upload": str(refusal)}) from refusal
        return self.imported.statement

    def get_success_message(self) -> str:
        """How many were new; of none it is no success to tell."""
        if self.imported.is_empty:
            messages.info(self.request, self.imported.said)
            return ""
        return self.imported.said

    def breadcrumbs(self) -> list[Crumb]:
        """The list."""
        return [statements_crumb()]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is kept."""
        return super().get_context_data(not_kept=NOT_KEPT, **kwargs)


class EntryFilter(ListFilterSet):
    """By what was decided."""

    state = django_filters.ChoiceFilter(label="Stand", choices=EntryState.choices)

    class Meta:
        model = BankEntry
        fields: tuple[str, ...] = ()


class OnStatement:
    """A page about one statement of an institute the user works for."""

    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def statement(self) -> BankStatement:
        """The statement of the address; raises ``Http404``."""
        statements = BankStatement.objects.visible_to(self.request.user)
        found: BankStatement = found_or_404(
            statements.select_related("issuer__partner"), self.kwargs["pk"]
        )
        return found

    def get_rule_object(self) -> BankStatement:
        """It must be there before anything is said about it."""
        return self.statement

    @cached_property
    def matcher(self) -> domain.Matcher:
        """The invoices its credits are compared with, read once."""
        return domain.Matcher(self.statement.issuer)


class StatementPage(OnStatement, ListPage):
    """The credits of one statement, each with what it seems to be for."""

    list_name = "payments.entries"
    rule = "payments.statements"
    template_name = "payments/statement.html"
    filterset_class = EntryFilter
    default_sort = "booked_on"
    exportable = False
    empty_title = "Keine neuen Gutschriften"
    empty_text = (
        "Dieser Auszug enthielt keine Gutschriften, oder sie waren schon aus einem anderen "
        "bekannt, oder ihre Frist ist abgelaufen."
    )

    def get_title(self) -> str:
        """Which one."""
        return str(self.statement)

    def breadcrumbs(self) -> list[Crumb]:
        """The list."""
        return [statements_crumb()]

    def get_queryset(self) -> QuerySet[BankEntry]:
        """Its credits with their payments."""
        found: QuerySet[BankEntry] = (
            BankEntry.objects.visible_to(self.request.user)
            .filter(statement=self.statement)
            .prefetch_related("payments__invoice")
        )
        return found

    def get_columns(self) -> list[Column]:
        """What came in, from whom, and what it seems to be for."""
        return [
            Column("booked_on", "gebucht am", "booked_on", sort="booked_on"),
            Column("amount", "Betrag (Euro)", "amount", sort="amount", numeric=True),
            Column("payer", "von", "payer", sort="payer"),
            Column("text", "Verwendungszweck", "text"),
            Column("proposal", "Vorschlag", self._proposal),
            Column("state", "Stand", state_badge, sort="state"),
            Column("act", "Was tun?", _act, link=lambda row: entry_url(row)),
        ]

    def _proposal(self, entry: BankEntry) -> str:
        if entry.state == EntryState.MATCHED:
            return ", ".join(
                f"{one.invoice.number}: {money(one.amount)}" for one in entry.payments.all()
            )
        if entry.state == EntryState.IGNORED:
            return ""
        suggestion = self.matcher.suggest(entry)
        shares = [f"{one.invoice.number}: {money(one.amount)}" for one in suggestion.shares]
        return ". ".join([*([", ".join(shares)] if shares else []), suggestion.why])

    @cached_property
    def certain(self) -> list[Any]:
        """The matches that can be confirmed together."""
        return domain.certain(self.statement)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Confirm all certain matches, as the page has shown them."""
        form = ShownForm(request.POST)
        try:
            shown = form.cleaned_data["shown"] if form.is_valid() else ""
            number = domain.confirm_certain(self.statement, shown=shown, by=acting_user(request))
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            done = several(number, "Gutschrift ist", "Gutschriften sind")
            messages.success(request, f"{done} zugeordnet.")
        return HttpResponseRedirect(self.statement.get_absolute_url())

    def actions(self) -> list[Action]:
        """Say of all the rest that it is none of ours."""
        if not self.statement.entries.filter(state=EntryState.OPEN).exists():
            return []
        url = reverse("payments:rest", args=[self.statement.pk])
        return [Action("Übrige aussortieren", url)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The statement, and what can be confirmed together."""
        statement = self.statement
        return super().get_context_data(
            statement=statement,
            details=[
                ("Konto", f"{statement.iban[:4]} … {statement.iban[-4:]}"),
                ("Zeitraum", _period(statement)),
                ("eingelesen am", statement.imported_at),
                ("Datei", statement.file_name),
            ],
            certain=[
                (entry, suggestion.shares) for entry, suggestion in self.certain[:CERTAIN_SHOWN]
            ],
            certain_count=len(self.certain),
            more=max(len(self.certain) - CERTAIN_SHOWN, 0),
            seen=domain.seen(self.certain),
            not_kept=NOT_KEPT,
            **kwargs,
        )


def _period(statement: BankStatement) -> str:
    days = [f"{day:%d.%m.%Y}" for day in (statement.first_day, statement.last_day) if day]
    return " bis ".join(dict.fromkeys(days))


def state_badge(entry: BankEntry) -> Badge:
    """What was decided about a credit."""
    return Badge(_KINDS[entry.state], entry.get_state_display())


def _act(entry: BankEntry) -> str:
    word = "entscheiden" if entry.state == EntryState.OPEN else "ansehen"
    return f"{word}: {money(entry.amount)} vom {entry.booked_on:%d.%m.%Y}"


def entry_url(entry: BankEntry) -> str:
    """Where it is decided about."""
    return reverse("payments:entry", args=[entry.pk])


class RestPage(OnStatement, ActionPage):
    """Say of every credit no invoice fits that it is none of ours."""

    rule = "payments.statements"
    title = "Übrige Gutschriften aussortieren"
    button_label = "Aussortieren"
    form_class = ShownForm
    danger = True

    @cached_property
    def rest(self) -> list[BankEntry]:
        """The open credits nothing fits to."""
        return domain.unmatched(self.statement)

    def get_initial(self) -> dict[str, Any]:
        """What is shown."""
        return {"shown": domain.rest_seen(self.rest)}

    def form_invalid(self, form: Any) -> Any:
        """Shown anew, so from now on this is what was seen."""
        del self.rest
        form.data = form.data.copy()
        form.data["shown"] = domain.rest_seen(self.rest)
        return super().form_invalid(form)

    def get_question(self) -> str:
        """How many."""
        number = several(len(self.rest), "Gutschrift", "Gutschriften")
        return f"{number}, zu denen keine Rechnung passt, aussortieren?"

    def consequences(self) -> list[str]:
        """What is forgotten."""
        return [
            "Absender und Verwendungszweck dieser Gutschriften werden gelöscht.",
            "Gutschriften, zu denen eine Rechnung vorgeschlagen wird, bleiben offen.",
        ]

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the statement."""
        return [statements_crumb(), Crumb(str(self.statement), self.statement.get_absolute_url())]

    def perform(self) -> int:
        """By way of the domain."""
        return domain.ignore_rest(
            self.statement, shown=self.form.cleaned_data["shown"], by=acting_user(self.request)
        )

    def get_success_message(self) -> str:
        """How many."""
        done = several(self.saved, "Gutschrift ist", "Gutschriften sind")
        return f"{done} aussortiert."

    def get_success_url(self) -> str:
        """Back to the statement."""
        return self.statement.get_absolute_url()

"""Who gets which certificate."""

from typing import Any
from urllib.parse import urlencode

import django_filters
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mentoring.ui.lists import Badge, Column, ListPage
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import Action
from programmes.certificates.attendance import ROLES, candidates
from programmes.certificates.domain import events_at_least
from programmes.certificates.models import CertificateKind
from programmes.certificates.pages import InCycle, slug_of
from programmes.cycles.models import Cycle, Participant
from programmes.cycles.views.participants import ParticipantFilter
from programmes.organisations.models import Municipality

GETS, NOT = "", "-"


class CertificateFilter(ParticipantFilter):
    """As the list of participants, and by what somebody gets."""

    role = django_filters.ChoiceFilter(
        label="Rolle", choices=[(role.value, role.label) for role in ROLES], empty_label="alle"
    )
    gets = django_filters.ChoiceFilter(
        label="Bekommt",
        choices=[
            (f"{sign}{kind.value}", f"{words}: {kind.label}")
            for kind in CertificateKind
            for sign, words in ((GETS, "ja"), (NOT, "nein"))
        ],
        empty_label="alle",
        method="entitled",
    )
    least: dict[CertificateKind, int]

    def entitled(self, queryset: Any, name: str, value: str) -> Any:
        """Those who were at enough events for a kind, or at too few."""
        least = self.least[CertificateKind(value.removeprefix(NOT))]
        if value.startswith(NOT):
            return queryset.filter(attended__lt=least)
        return queryset.filter(attended__gte=least)


def prepared(
    found: CertificateFilter, cycle: Cycle, least: dict[CertificateKind, int]
) -> CertificateFilter:
    """A filter that knows the numbers asked for and offers the Kommunen of those on the list."""
    found.least = least
    seen = Participant.objects.visible_to(found.request.user).filter(cycle=cycle, role__in=ROLES)
    found.filters["municipality"].queryset = Municipality.objects.filter(
        pk__in=seen.values("municipality")
    )
    return found


class CertificateList(InCycle, ListPage):
    """Mentees and mentors, what they were at, and what they get for it."""

    list_name = "certificates.people"
    rule = "certificates.print"
    title = "Teilnahmebestätigungen und Zertifikate"
    filterset_class = CertificateFilter
    default_sort = "name"
    empty_title = "Noch keine Mentees und Mentor/innen"
    empty_text = (
        "Wer einen Platz bekommen hat und davon weiß und wer als Mentor/in zugesagt hat, "
        "erscheint hier von selbst. Was jemand besucht hat, tragen Sie bei den Veranstaltungen ein."
    )

    @cached_property
    def least(self) -> dict[CertificateKind, int]:
        """How many events each kind asks for."""
        return events_at_least(self.cycle)

    @property
    def intro(self) -> str:  # type: ignore[override]  # computed here
        """What is asked for."""
        attendance, certificate = (self.least[kind] for kind in CertificateKind)
        return (
            f"Eine Teilnahmebestätigung bekommt, wer mindestens {_events(attendance)} besucht hat, "
            f"ein Zertifikat, wer mindestens {_events(certificate)} besucht hat."
        )

    def get_queryset(self) -> QuerySet[Participant]:
        """Those the user may see, with what they were at."""
        return candidates(self.cycle, self.request.user)

    def filterset(self, queryset: Any = None) -> Any:
        """With the numbers asked for, and the Kommunen of those on the list."""
        fresh = not hasattr(self, "_filterset")
        found = super().filterset(queryset)
        return prepared(found, self.cycle, self.least) if fresh else found

    def get_columns(self) -> list[Column]:
        """For each kind whether somebody gets it, and the files."""
        return [
            Column(
                "name",
                "Name",
                lambda row: f"{row.person.last_name}, {row.person.first_name}",
                sort="person__sort_key",
            ),
            Column(
                "municipality",
                "Kommune",
                "municipality.short_name",
                sort=("municipality__sort_key", "person__sort_key"),
            ),
            Column("role", "Rolle", "get_role_display", sort=("role", "person__sort_key")),
            Column("left", "Ausgeschieden am", "left_on", sort=("left_on", "person__sort_key")),
            Column(
                "attended",
                "Besucht",
                "attended",
                sort=("attended", "person__sort_key"),
                numeric=True,
            ),
            Column("invited", "Eingeladen", "invited", numeric=True),
            *(Column(kind.value, kind.label, self._badge(kind)) for kind in CertificateKind),
            Column("files", "PDF", self._files, export=False),
        ]

    def _badge(self, kind: CertificateKind) -> Any:
        least = self.least[kind]

        def badge(row: Any) -> Badge:
            lacking = least - row.attended
            if lacking <= 0:
                return Badge("success", "Ja")
            return Badge("info", f"Nein, {'es fehlt' if lacking == 1 else 'es fehlen'} {lacking}")

        return badge

    def _files(self, row: Any) -> SafeString | str:
        kinds = [kind for kind in CertificateKind if row.attended >= self.least[kind]]
        links = format_html_join(
            ", ",
            '<a class="kern-link" href="{}">{}<span class="kern-sr-only"> für {}</span></a>',
            (
                (
                    self.page("single", row.pk, slug_of(kind)),
                    "Bestätigung" if kind == CertificateKind.ATTENDANCE else kind.label,
                    row.person.full_name,
                )
                for kind in kinds
            ),
        )
        return format_html("{}", links)

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle; this page is the room's first."""
        return super().breadcrumbs()[:-1]

    def actions(self) -> list[Action]:
        """Make them for those the filters show; the words."""
        kept = {name: value for name, value in self.request.GET.items() if value}
        for name in ("sort", "page", "export"):
            kept.pop(name, None)
        query = f"?{urlencode(kept)}" if kept else ""
        return [
            Action(
                f"{'Bestätigungen' if kind == CertificateKind.ATTENDANCE else 'Zertifikate'} "
                "erstellen",
                self.page("make", slug_of(kind)) + query,
                "primary" if kind == CertificateKind.ATTENDANCE else "secondary",
            )
            for kind in CertificateKind
        ] + [Action("Texte", self.page("texts"), "tertiary")]


def _events(number: int) -> str:
    return "eine Veranstaltung" if number == 1 else f"{number} Veranstaltungen"

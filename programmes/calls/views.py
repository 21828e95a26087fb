"""The Ausschreibung to read, to edit and to take away; the involvement in a Kommune."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from mentoring.ui.navigation import Crumb
from mentoring.ui.pdf import house_pdf
from mentoring.ui.views import Action, PageView, UpdatePage
from programmes.calls import domain
from programmes.calls.forms import CallForm, InvolvementForm
from programmes.calls.models import Call, Involvement
from programmes.calls.pages import InCycle, OnInvolvement
from programmes.calls.permissions import involved_houses
from programmes.calls.placeholders import PLACEHOLDERS
from programmes.calls.word import CONTENT_TYPE, as_word
from programmes.calls.written import Written, written
from programmes.cycles.views.base import acting_user, found_or_404
from programmes.organisations.models import Municipality

NONE_YET = (
    "Der Beirat hat die Ausschreibung dieses Durchgangs noch nicht geschrieben. Fragen Sie die "
    "Treiber/innen, wenn Sie sie schon brauchen."
)


class CallPage(InCycle, PageView):
    """The Ausschreibung as it is published."""

    rule = "calls.read"
    title = "Ausschreibung"
    template_name = "calls/call.html"

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle; this page is the room's first."""
        return super().breadcrumbs()[:-1]

    @property
    def writes(self) -> bool:
        """Whether the user may edit it."""
        return self.allowed("calls.write", self.cycle) and self.cycle.is_open

    def actions(self) -> list[Action]:
        """Taking it away, for the own Kommune; editing and the list for the Beirat."""
        found = []
        if self.call is not None:
            # One Kommune is the rule; of several each has its own line on the page.
            suffix = f"?kommune={self.own_houses[0].pk}" if self.own_houses else ""
            found = [
                Action("Word", self.page("word") + suffix, "primary", "download"),
                Action("PDF", self.page("pdf") + suffix, "secondary", "download"),
            ]
        if self.writes:
            label = "Bearbeiten" if self.call else "Ausschreibung beginnen"
            kind = "secondary" if self.call else "primary"
            found.append(Action(label, self.page("change"), kind, "edit"))
        if self.allowed("calls.list_involvements", self.cycle):
            found.append(Action("Beteiligung", self.page("involvements"), "tertiary"))
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """As the own Kommune publishes it; the Beirat is told which dates are missing."""
        call = self.call or (domain.proposed_call(self.cycle) if self.writes else None)
        house = self.own_houses[0] if self.own_houses else None
        text = written(call, house) if call else None
        return super().get_context_data(
            text=text,
            body=text.text_html(2) if text else "",
            begun=self.call is not None,
            none_yet=NONE_YET,
            writes=self.writes,
            houses=self.own_houses if len(self.own_houses) > 1 else [],
            involvements=self._own_involvements(),
            **kwargs,
        )

    def _own_involvements(self) -> list[tuple[str, str, list[str]]]:
        """For HR staff: each own Kommune with the address of its note and what is missing."""
        rows = involved_houses(self.request.user, self.cycle).select_related(
            "municipality", "involvement", "cycle"
        )
        return [
            (
                str(row.municipality),
                self.page("involvement", row.pk),
                missing_of(getattr(row, "involvement", None)),
            )
            for row in rows.filter(municipality__in=[house.pk for house in self.own_houses])
            if self.allowed("calls.note_involvement", row)
        ]


class CallChange(InCycle, UpdatePage):
    """Write the Ausschreibung; the first time the shipped text stands there."""

    rule = "calls.write"
    model = Call
    form_class = CallForm
    title = "Ausschreibung bearbeiten"
    template_name = "calls/edit.html"
    success_message = "Die Ausschreibung ist gespeichert."

    def get_object(self) -> Call:
        """The cycle's, or the proposal that nobody has saved yet."""
        return self.call or domain.proposed_call(self.cycle)

    def get_rule_object(self) -> Any:
        """The cycle."""
        return self.cycle

    def save(self, form: Any) -> Call:
        """By way of the domain."""
        return domain.save_call(form.instance, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """To the page that shows it."""
        return self.page("call")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the list of placeholders."""
        return super().get_context_data(
            placeholders=[(f"{{{name}}}", one) for name, one in PLACEHOLDERS.items()], **kwargs
        )


class CallFile(InCycle, PageView):
    """The Ausschreibung as a file, in the name of a Kommune of the user's or of none."""

    rule = "calls.read"
    suffix = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file, or the page that says that there is none yet."""
        house = self._house(request.GET.get("kommune", ""))
        if self.call is None:
            messages.info(request, NONE_YET)
            return HttpResponseRedirect(self.page("call"))
        answer = self.made(written(self.call, house))
        name = f"ausschreibung-durchgang-{self.cycle.number}.{self.suffix}"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    def _house(self, wanted: str) -> Municipality | None:
        if not wanted:
            return None
        own = Municipality.objects.filter(pk__in=[house.pk for house in self.own_houses])
        found: Municipality = found_or_404(own, wanted if wanted.isdecimal() else 0)
        return found

    def made(self, text: Written) -> HttpResponse:
        """The file's bytes and type."""
        raise NotImplementedError


class CallWord(CallFile):
    """As Word, to be adapted for the own intranet."""

    suffix = "docx"

    def made(self, text: Written) -> HttpResponse:
        """The .docx."""
        return HttpResponse(as_word(text), content_type=CONTENT_TYPE)


class CallPdf(CallFile):
    """As PDF."""

    suffix = "pdf"

    def made(self, text: Written) -> HttpResponse:
        """The PDF."""
        pdf = house_pdf(
            "calls/call_pdf.html",
            {
                "title": text.title,
                "text": text,
                "body": text.text_html(2),
                "conditions": text.conditions_html(3),
            },
        )
        return HttpResponse(pdf, content_type="application/pdf")


class InvolvementChange(OnInvolvement, UpdatePage):
    """The Personalstelle notes when Personalrat and Gleichstellung were involved."""

    rule = "calls.note_involvement"
    model = Involvement
    form_class = InvolvementForm
    success_message = "Die Beteiligung ist eingetragen."

    def get_object(self) -> Involvement:
        """What is noted, or an empty note."""
        return self.involvement

    def get_title(self) -> str:
        """Of which Kommune."""
        return f"Beteiligung in {self.participation.municipality}"

    def save(self, form: Any) -> Involvement:
        """By way of the domain."""
        return domain.save_involvement(form.instance, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """Back to the Ausschreibung."""
        return self.page("call")


def missing_of(involvement: Involvement | None) -> list[str]:
    """Who was not involved yet, as a person reads it."""
    wanted = (("staff_council_on", "Personalrat"), ("equality_on", "Gleichstellung"))
    return [label for name, label in wanted if getattr(involvement, name, None) is None]

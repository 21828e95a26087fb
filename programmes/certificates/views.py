"""Making certificates, their words, and one's own."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from mentoring.jobs.domain import start_job
from mentoring.ui.errors import Refused
from mentoring.ui.versions import FIELD as VERSION
from mentoring.ui.views import SIGNED_IN, Action, ActionPage, FormPage, PageView, UpdatePage
from programmes.certificates import domain, jobs
from programmes.certificates.attendance import candidates, events_of
from programmes.certificates.forms import MakeForm, TextForm
from programmes.certificates.lists import CertificateFilter, prepared
from programmes.certificates.making import (
    CONTENT_TYPES,
    batch_name,
    holders_of,
    in_order,
    made,
    stem_of,
)
from programmes.certificates.models import CertificateKind, CertificateText
from programmes.certificates.own import Own, own_certificates
from programmes.certificates.pages import InCycle, OnKind, OnText, kind_of, pdf_response, slug_of
from programmes.certificates.pdf import single_pdf
from programmes.certificates.placeholders import PLACEHOLDERS, facts_of, sample_holder
from programmes.cycles.models import Participant
from programmes.cycles.views.base import acting_user, found_or_404

DIRECT = 20
"""Up to so many certificates are made while the user waits."""


class MakePage(OnKind, FormPage):
    """Of those the filters of the address show and who fulfil it: whose, and as what."""

    rule = "certificates.print"
    template_name = "certificates/make.html"
    form_class = MakeForm
    submit_label = "Erstellen"

    def get_title(self) -> str:
        """Which kind."""
        return f"{self.kind.label} erstellen"

    @cached_property
    def shown(self) -> Any:
        """Everybody the filters show, whether they fulfil it or not."""
        everybody = candidates(self.cycle, self.request.user)
        found = CertificateFilter(self.request.GET, everybody, request=self.request)
        return prepared(found, self.cycle, domain.events_at_least(self.cycle)).qs

    @cached_property
    def rows(self) -> list[Participant]:
        """Those of them who fulfil it."""
        return in_order(self.shown.filter(attended__gte=self.text.events_at_least))

    def get_form_kwargs(self) -> dict[str, Any]:
        """Those who fulfil it, all of them chosen."""
        return {**super().get_form_kwargs(), "rows": self.rows}

    def form_valid(self, form: Any) -> HttpResponse:
        """The file, or the page of the job."""
        user, people, wanted = acting_user(self.request), form.chosen, form.cleaned_data["form"]
        if len(people) <= DIRECT:
            data = made(self.cycle, self.kind, people, user, wanted)
            domain.note_made(people, by=user)
            name = batch_name(self.text, self.cycle, wanted)
            return HttpResponse(
                data,
                content_type=CONTENT_TYPES[wanted],
                headers={"Content-Disposition": f'attachment; filename="{name}"'},
            )
        try:
            job = start_job(
                jobs.KIND,
                by=user,
                params=jobs.params(self.cycle, self.kind, people, wanted),
                title=f"{self.kind.label}, Durchgang Nr. {self.cycle.number}",
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        return HttpResponseRedirect(job.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Who is left out, and that many take a while."""
        context = super().get_context_data(
            text=self.text,
            number=len(self.rows),
            left_out=self.shown.count() - len(self.rows),
            in_background=len(self.rows) > DIRECT,
            direct=DIRECT,
            list_url=self.page("people"),
            **kwargs,
        )
        # It may answer with a file, after which the page still stands there.
        context["form"].helper.attrs = {"data-again": ""}
        return context


class SingleFile(OnKind, PageView):
    """One person's certificate."""

    rule = "certificates.print"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file, or the list with the reason why there is none."""
        row = found_or_404(candidates(self.cycle, request.user), self.kwargs["pk"])
        if row.attended < self.text.events_at_least:
            messages.info(
                request,
                f"{row.person} war bei {row.attended} Veranstaltungen; nötig sind "
                f"{self.text.events_at_least}.",
            )
            return HttpResponseRedirect(self.page("people"))
        user = acting_user(request)
        [holder] = holders_of(self.cycle, [row], user)
        domain.note_made([row], by=user)
        data = single_pdf(self.text, facts_of(self.cycle), holder)
        return pdf_response(data, f"{stem_of(self.text, row)}.pdf")


# --- The words --------------------------------------------------------------------------
class TextsPage(InCycle, PageView):
    """The words of both kinds, and who may fetch their own."""

    rule = "certificates.print"
    title = "Texte der Zertifikate"
    template_name = "certificates/texts.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Both, as they are now."""
        writes = self.allowed("certificates.write", self.cycle) and self.cycle.is_open
        texts = domain.texts_of(self.cycle)
        return super().get_context_data(
            entries=[self._entry(kind, text, writes) for kind, text in texts.items()], **kwargs
        )

    def _entry(self, kind: CertificateKind, text: CertificateText, writes: bool) -> dict[str, Any]:
        slug = slug_of(kind)
        buttons = [Action("Vorschau", self.page("preview", slug), "secondary", "download")]
        if writes:
            turn = "withdraw" if text.released_at else "release"
            label = "Freigabe zurücknehmen" if text.released_at else "Zum Abholen freigeben"
            buttons = [
                Action("Bearbeiten", self.page("text", slug), "secondary", "edit"),
                *buttons,
                Action(label, self.page(turn, slug), "tertiary"),
            ]
        return {
            "slug": slug,
            "label": kind.label,
            "buttons": buttons,
            "rows": [
                ("Überschrift", text.heading),
                ("Mindestens besucht", text.events_at_least),
                ("Besuchte Veranstaltungen aufzählen", text.lists_events),
                ("Ort", text.place),
                ("Datum", text.dated_on),
                ("Unterschriften", text.signatures.splitlines()),
                ("Mit den Logos aller Kommunen", text.with_logos),
                ("Freigegeben am", text.released_at),
            ],
            "body": text.text,
            "begun": text.pk is not None,
        }


class TextChange(OnText, UpdatePage):
    """Write the words of one kind; the first time ours stand there."""

    rule = "certificates.write"
    model = CertificateText
    form_class = TextForm
    template_name = "certificates/text.html"
    success_message = "Der Text ist gespeichert."

    def get_title(self) -> str:
        """Of which kind."""
        return f"{self.kind.label}: Text bearbeiten"

    def get_object(self) -> CertificateText:
        """The cycle's, or what it begins with, which nobody has saved yet.

        A form that was filled from the beginning is about a new text, even if somebody has
        saved one meanwhile: the domain then tells, and both are shown.
        """
        if self.request.method == "POST" and not self.request.POST.get(VERSION):
            return domain.proposed_text(self.cycle, self.kind)
        return self.text

    def save(self, form: Any) -> CertificateText:
        """By way of the domain."""
        return domain.save_text(form.instance, by=acting_user(self.request))

    def form_valid(self, form: Any) -> HttpResponse:
        """Saved; or, for who only wants to look, the sheet as it was typed."""
        if "vorschau" in self.request.POST:
            return preview(form.instance, self.request)
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the list of placeholders; the preview opens beside the form."""
        context = super().get_context_data(
            placeholders=[(f"{{{name}}}", one) for name, one in PLACEHOLDERS.items()], **kwargs
        )
        helper = context["form"].helper
        helper.form_id, helper.attrs = "text", {"data-again": ""}
        return context


class TextPreview(OnText, PageView):
    """The sheet of somebody invented."""

    rule = "certificates.print"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file."""
        return preview(self.text, request)


def preview(text: CertificateText, request: HttpRequest) -> HttpResponse:
    """``text``, saved or not, for somebody invented who was at every event of the cycle."""
    holder = sample_holder(events_of(text.cycle, request.user))
    data = single_pdf(text, facts_of(text.cycle), holder)
    return pdf_response(data, f"vorschau-{slug_of(text.kind)}.pdf")


class TextRelease(OnText, ActionPage):
    """Let mentees and mentors fetch their own."""

    rule = "certificates.write"
    button_label = "Freigeben"

    def get_title(self) -> str:
        """Of which kind."""
        return f"{self.kind.label} freigeben"

    def get_question(self) -> str:
        """Who then fetches what."""
        return (
            "Sollen Mentees und Mentor/innen dieses Blatt selbst herunterladen können, sobald "
            "die Abschlussveranstaltung vorbei ist?"
        )

    def consequences(self) -> list[str]:
        """What they find, and when."""
        return [
            "Alle mit genug besuchten Veranstaltungen finden es auf ihrer Startseite, nur das "
            "eigene und ohne Unterschrift von Hand.",
            "Ändern Sie danach den Text, laden sie den geänderten herunter.",
        ]

    def perform(self) -> CertificateText:
        """By way of the domain."""
        return domain.release(self.cycle, self.kind, by=acting_user(self.request))


class TextWithdraw(OnText, ActionPage):
    """End that."""

    rule = "certificates.write"
    button_label = "Freigabe zurücknehmen"

    def get_title(self) -> str:
        """Of which kind."""
        return f"{self.kind.label}: Freigabe zurücknehmen"

    def get_question(self) -> str:
        """What is asked."""
        return "Sollen Mentees und Mentor/innen es nicht mehr selbst herunterladen können?"

    def perform(self) -> CertificateText:
        """By way of the domain."""
        return domain.withdraw(self.cycle, self.kind, by=acting_user(self.request))


class OwnFile(PageView):
    """One's own, once it was released and the closing event is over."""

    rule = SIGNED_IN

    @cached_property
    def mine(self) -> Own:
        """The one of the address; what is not one's own or not to be had yet is not there."""
        kind, pk = kind_of(self.kwargs["kind"]), self.kwargs["pk"]
        for one in own_certificates(self.request.user):
            if one.row.pk == pk and one.text.kind == kind:
                return one
        raise Http404

    def get_rule_object(self) -> Any:
        """Whose it is."""
        return self.mine.row

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file."""
        text, row = self.mine.text, self.mine.row
        [holder] = holders_of(text.cycle, [row], request.user)
        data = single_pdf(text, facts_of(text.cycle), holder)
        return pdf_response(data, f"{stem_of(text, row)}.pdf", attachment=True)

"""Writing a mailing: which invoices, and what the mail says."""

import copy
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from mentoring.ui.views import CreatePage, FormPage
from programmes.cycles.views.base import acting_user
from programmes.invoice_mails import domain
from programmes.invoice_mails.forms import MailingForm
from programmes.invoice_mails.models import InvoiceMailing, MailingKind
from programmes.invoice_mails.pages import InCycle, OnMailing
from programmes.invoice_mails.texts import listed, usual_text

ALL = "alle"


class Editor(FormPage):
    """The form with its list of placeholders.

    Nothing is ticked; with ``?alle=1``, which is a link above the form, everything is.
    """

    form_class = MailingForm
    template_name = "invoice_mails/editor.html"
    submit_label = "Entwurf speichern"
    kind: Any

    def get_form(self, form_class: Any = None) -> Any:
        """Ticked as the address asks for."""
        form = super().get_form(form_class)
        if ALL in self.request.GET:
            form.initial["invoices"] = [value for value, _ in form.fields["invoices"].choices]
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What may stand in braces, and the way to have every invoice ticked."""
        query = self.request.GET.copy()
        query[ALL] = "1"
        return super().get_context_data(
            placeholders=listed(),
            is_reminder=self.kind == MailingKind.REMINDER,
            all_url="" if ALL in self.request.GET else f"?{query.urlencode()}",
            **kwargs,
        )


class MailingCreate(InCycle, Editor, CreatePage):
    """Begin a mailing of invoices, or with ``?art=reminder`` of payment reminders."""

    rule = "invoice_mails.send"
    success_message = "Der Entwurf ist gespeichert. Versandt wird erst nach Ihrer Freigabe."

    @property
    def kind(self) -> str:
        """Of the address; raises ``Http404`` for one there is not."""
        found = self.request.GET.get("art", MailingKind.INVOICES)
        if found not in MailingKind.values:
            raise Http404
        return str(found)

    def get_title(self) -> str:
        """By its kind."""
        if self.kind == MailingKind.REMINDER:
            return "Zahlungserinnerung schreiben"
        return "Rechnungen versenden"

    def get_form_kwargs(self) -> dict[str, Any]:
        """A new mailing with the usual text; nothing is chosen."""
        subject, body = usual_text(self.kind)
        partner = self.cycle.programme.logistics_partner
        mailing = InvoiceMailing(
            cycle=self.cycle,
            kind=self.kind,
            subject=subject,
            body=body,
            reply_to=partner.contact_email if partner is not None else "",
        )
        return {
            **super().get_form_kwargs(),
            "instance": mailing,
            "cycle": self.cycle,
            "kind": self.kind,
        }

    def save(self, form: MailingForm) -> InvoiceMailing:
        """By way of the domain."""
        return domain.create(form.instance, invoices=form.keys, by=acting_user(self.request))


class MailingEdit(OnMailing, Editor):
    """Change a draft."""

    rule = "invoice_mails.send"
    title = "Entwurf bearbeiten"
    success_message = "Der Entwurf ist gespeichert."

    @property
    def kind(self) -> str:
        """As it was begun."""
        return str(self.mailing.kind)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A draft only."""
        if not self.is_draft:
            return HttpResponseRedirect(self.page_of_mailing)
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The stored draft, of which a form changes a copy."""
        return {
            **super().get_form_kwargs(),
            "instance": copy.copy(self.mailing),
            "cycle": self.cycle,
            "kind": self.kind,
        }

    def save(self, form: MailingForm) -> InvoiceMailing:
        """By way of the domain."""
        return domain.save_draft(form.instance, invoices=form.keys, by=acting_user(self.request))

"""Writing a mail: a new draft, and changing one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.http import urlencode

from mentoring.ui.views import CreatePage, UpdatePage
from programmes.cycles.views.base import acting_user
from programmes.rundmails import domain
from programmes.rundmails.forms import RundmailForm
from programmes.rundmails.forms.layout import FIND_BUTTON, MORE_BUTTON, STAY_BUTTON
from programmes.rundmails.models import Rundmail, RundmailState
from programmes.rundmails.placeholders import listed_placeholders
from programmes.rundmails.proposals import Proposal, propose
from programmes.rundmails.views.base import InCycle, OnMail

EDITOR = "rundmails/editor.html"


class Editor:
    """What writing a new mail and changing a draft have in common."""

    submit_label = ""
    request: Any

    def get_cancel_url(self) -> str:
        """None here: the layout's own row of buttons holds it."""
        return ""

    def get_form_kwargs(self) -> dict[str, Any]:
        """Cycle and user, and the name that is searched for."""
        return {
            **super().get_form_kwargs(),  # type: ignore[misc]  # a page follows in the order
            "cycle": self.cycle,  # type: ignore[attr-defined]  # likewise
            "user": self.request.user,
            "searched": self.request.GET.get("person", "").replace("\0", "")[:200],
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The list of placeholders beside the text."""
        crumbs = self.breadcrumbs()  # type: ignore[attr-defined]  # likewise
        return super().get_context_data(  # type: ignore[misc]  # likewise
            placeholders=listed_placeholders(self.cycle, self.request.user),  # type: ignore[attr-defined]  # likewise
            back_url=crumbs[-1].url,
            **kwargs,
        )

    def store_files(self, mail: Rundmail, form: RundmailForm) -> None:
        """Attach the new files and take off those that are to go."""
        by = acting_user(self.request)
        for attachment in form.removed():
            domain.remove_attachment(attachment, by=by)
        try:
            for upload in form.cleaned_data["files"]:
                domain.add_attachment(mail, upload, by=by)
        except ValidationError as error:
            raise ValidationError({"files": error.messages}) from error

    def next_url(self, mail: Rundmail) -> str:
        """To the mail, or back to the editor where the button asked for more."""
        editor: str = self.page("edit", mail.pk)  # type: ignore[attr-defined]  # likewise
        data = self.request.POST
        if FIND_BUTTON in data:
            return f"{editor}?{urlencode({'person': data.get('person_name', '')[:200]})}#personen"
        if MORE_BUTTON in data:
            return f"{editor}#empfaenger"
        return editor if STAY_BUTTON in data else mail.get_absolute_url()


class RundmailCreate(Editor, InCycle, CreatePage):
    """A new draft, perhaps begun from a usual mail, a milestone or an event."""

    rule = "rundmails.create"
    template_name = EDITOR
    form_class = RundmailForm
    title = "Rundmail schreiben"
    model = Rundmail
    success_message = "Der Entwurf ist gespeichert. Versandt ist noch nichts."

    def proposal(self) -> Proposal:
        """What the address proposes."""
        asked = self.request.GET
        return propose(
            self.cycle,
            self.request.user,
            template=asked.get("vorlage", ""),
            milestone=asked.get("meilenstein", ""),
            event=asked.get("veranstaltung", ""),
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        """With what is proposed."""
        proposal = self.proposal()
        return {
            **super().get_form_kwargs(),
            "instance": Rundmail(cycle=self.cycle, template_key=proposal.template_key),
            "initial": proposal.initial,
            "proposed": proposal.choices,
        }

    def save(self, form: RundmailForm) -> Rundmail:
        """The draft with its files."""
        mail = domain.create(form.mail(), choices=form.choices(), by=acting_user(self.request))
        self.store_files(mail, form)
        return mail

    def get_success_url(self) -> str:
        """To the mail, or on with writing."""
        return self.next_url(self.saved)


class RundmailEdit(Editor, OnMail, UpdatePage):
    """Go on writing a draft."""

    rule = "rundmails.write"
    template_name = EDITOR
    form_class = RundmailForm
    success_message = "Der Entwurf ist gespeichert."

    def get_title(self) -> str:
        """What is being done."""
        return "Rundmail bearbeiten"

    def get_form_kwargs(self) -> dict[str, Any]:
        """With what still stands in the way of its release, beside the fields."""
        mail = self.mail
        shown = mail.state == RundmailState.DRAFT and self.request.method == "GET"
        problems = domain.check(mail, self.request.user) if shown and mail.body else []
        return {**super().get_form_kwargs(), "problems": problems}

    def save(self, form: RundmailForm) -> Rundmail:
        """Draft and files."""
        by = acting_user(self.request)
        mail = domain.save_draft(form.mail(), choices=form.choices(), by=by)
        self.store_files(mail, form)
        return mail

    def get_success_url(self) -> str:
        """To the mail, or on with writing."""
        return self.next_url(self.saved)

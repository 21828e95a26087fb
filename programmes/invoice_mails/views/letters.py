"""One letter: as it went out, and deciding about what became of it."""

from typing import Any

from django.utils.functional import cached_property

from mentoring.ui.views import ActionPage, PageView
from programmes.cycles.views.base import acting_user, found_or_404
from programmes.invoice_mails import domain
from programmes.invoice_mails.models import InvoiceLetter
from programmes.invoice_mails.pages import OnMailing, outcome, reason
from programmes.rundmails.archive import sent_message
from programmes.rundmails.forms.acts import UnclearForm


class OnLetter(OnMailing):
    """A page about one letter."""

    @cached_property
    def letter(self) -> InvoiceLetter:
        """The letter of the address, of this mailing."""
        letters = self.mailing.letters.select_related("invoice__municipality", "delivery")
        found: InvoiceLetter = found_or_404(letters, self.kwargs["letter_pk"])
        return found

    def get_rule_object(self) -> Any:
        """The cycle; the letter must be one of the mailing's."""
        self.letter  # noqa: B018  # raises 404
        return super().get_rule_object()


class LetterPage(OnLetter, PageView):
    """One letter as it went out."""

    rule = "invoice_mails.list"
    template_name = "invoice_mails/letter.html"

    def get_title(self) -> str:
        """Whose."""
        return f"E-Mail an {self.letter.invoice.municipality}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The frozen message, as long as it is kept."""
        letter = self.letter
        rows: list[tuple[str, Any]] = [
            ("Rechnung", str(letter.invoice.number)),
            ("an", letter.email),
            ("Stand", outcome(letter)),
            ("versandt am", letter.delivery.sent_at if letter.delivery else None),
            ("Grund", reason(letter)),
        ]
        return super().get_context_data(
            letter=letter,
            details=[(label, value) for label, value in rows if value not in ("", None)],
            sent=sent_message(letter.delivery),
            **kwargs,
        )


class ActOnLetter(OnLetter, ActionPage):
    """An act about what became of one letter."""

    rule = "invoice_mails.send"
    once = True

    def consequences(self) -> list[str]:
        """What is known of it."""
        letter = self.letter
        lines = [f"{letter.invoice.number} an {letter.invoice.municipality} ({letter.email})"]
        return [*lines, f"Grund: {reason(letter)}"] if reason(letter) else lines


class RetryPage(ActOnLetter):
    """Send a letter that failed again."""

    title = "Erneut senden"
    question = "Diese E-Mail noch einmal senden?"
    button_label = "Erneut senden"
    success_message = "Die E-Mail wird erneut gesendet."

    def perform(self) -> None:
        """By way of the domain."""
        domain.retry(self.letter, by=acting_user(self.request))


class DecidePage(ActOnLetter):
    """Decide about a letter nobody knows the fate of."""

    title = "Kam die E-Mail an?"
    question = "Beim Versand brach die Verbindung ab: Es ist unklar, ob diese E-Mail ankam."
    button_label = "Speichern"
    form_class = UnclearForm
    success_message = "Ihre Entscheidung ist gespeichert."

    def perform(self) -> None:
        """By way of the domain."""
        arrived = self.form.cleaned_data["fate"] == "arrived"
        domain.resolve_unclear(self.letter, sent=arrived, by=acting_user(self.request))

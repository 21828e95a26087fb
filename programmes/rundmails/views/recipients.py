"""Who gets or got a mail, what became of it, and deciding about what went wrong."""

from typing import Any

from django.utils.functional import cached_property

from mentoring.ui.lists import Badge, Column, ListPage
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import PageView
from programmes.cycles.views.base import acting_user, found_or_404
from programmes.outbox.models import STOPPED, DeliveryState
from programmes.rundmails import domain
from programmes.rundmails.archive import sent_message
from programmes.rundmails.filters import RecipientFilter
from programmes.rundmails.forms.acts import UnclearForm
from programmes.rundmails.models import Recipient, RecipientState, RundmailState
from programmes.rundmails.render import preview_for
from programmes.rundmails.views.acts import ActOnMail
from programmes.rundmails.views.base import OnMail

_KINDS: dict[str, str] = {
    DeliveryState.SENT: "success",
    DeliveryState.FAILED: "danger",
    DeliveryState.UNCLEAR: "warning",
}


def outcome(row: Recipient) -> Badge:
    """What became of the mail to somebody."""
    if was_stopped(row):
        return Badge("info", "nicht mehr versandt")
    if row.delivery is not None:
        if row.delivery.bounced_at is not None:
            return Badge("danger", "zurückgekommen")
        state = row.delivery.state
        return Badge(_KINDS.get(state, "info"), row.delivery.get_state_display())
    if row.state == RecipientState.FIXED:
        return Badge("info", "wartet")
    return Badge("info", row.get_state_display())


def was_stopped(row: Recipient) -> bool:
    """Whether the mail was stopped before it went out to somebody."""
    if row.delivery is not None:
        return row.delivery.state == DeliveryState.FAILED and row.delivery.error == STOPPED
    return row.state == RecipientState.FIXED and row.rundmail.state == RundmailState.STOPPED


def reason(row: Recipient) -> str:
    """Why it did not arrive, if it is known; that it was stopped is said as its outcome."""
    if row.delivery is None or was_stopped(row):
        return ""
    return row.delivery.bounce or row.delivery.error


class RecipientList(OnMail, ListPage):
    """Everybody on a mail's list."""

    rule = "rundmails.view"
    list_name = "rundmails.recipients"
    title = "Empfänger/innen"
    filterset_class = RecipientFilter
    default_sort = "name"
    empty_title = "Noch keine Empfänger/innen"
    empty_text = "Die Liste steht fest, sobald die Rundmail freigegeben ist."

    def get_columns(self) -> list[Column]:
        """Whoever may release decides about what failed, too."""
        columns = [
            Column("name", "Name", "name", sort="sort_key", link=self._message_url),
            Column("email", "E-Mail", "email", sort="email"),
            Column("state", "Stand", outcome, sort=("delivery__state", "state")),
            Column("time", "Zeit", "delivery.sent_at", sort="delivery__sent_at"),
            Column("reason", "Grund", reason),
        ]
        if self.allowed("rundmails.release", self.mail):
            columns.append(Column("act", "Was tun?", self._act, link=self._act_url, export=False))
        return columns

    def _message_url(self, row: Recipient) -> str:
        return self.page("message", self.mail.pk, row.pk)

    def _act_url(self, row: Recipient) -> str | None:
        if not self._act(row) or row.delivery is None:
            return None
        name = {DeliveryState.FAILED: "retry", DeliveryState.UNCLEAR: "decide"}.get(
            DeliveryState(row.delivery.state)
        )
        return self.page(name, self.mail.pk, row.pk) if name else None

    def _act(self, row: Recipient) -> str:
        """What there is to decide; a stopped mail sends nothing again."""
        if row.delivery is None:
            return ""
        if row.delivery.state == DeliveryState.UNCLEAR:
            return f"entscheiden: {row.name}"
        failed = row.delivery.state == DeliveryState.FAILED
        again = failed and self.mail.state != RundmailState.STOPPED
        return f"erneut senden: {row.name}" if again else ""

    def get_queryset(self) -> Any:
        """Those the user may see."""
        return (
            Recipient.objects.visible_to(self.request.user)
            .filter(rundmail=self.mail)
            .select_related("delivery", "rundmail")
        )


class OnRecipient(OnMail):
    """A page about one recipient of the mail."""

    @cached_property
    def recipient(self) -> Recipient:
        """The recipient of the address, if the user may see them."""
        rows = (
            Recipient.objects.visible_to(self.request.user)
            .filter(rundmail=self.mail)
            .select_related("delivery", "person__municipality")
        )
        found: Recipient = found_or_404(rows, self.kwargs["recipient_pk"])
        return found

    def get_rule_object(self) -> Any:
        """The mail; the recipient must be one of its."""
        self.recipient  # noqa: B018  # raises 404
        return self.mail

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the recipients."""
        url = self.page("recipients", self.mail.pk)
        return [*super().breadcrumbs(), Crumb("Empfänger/innen", url)]


class MessagePage(OnRecipient, PageView):
    """The mail as one recipient got it, or will get it."""

    rule = "rundmails.view"
    template_name = "rundmails/message.html"

    def get_title(self) -> str:
        """Whose."""
        return f"Rundmail an {self.recipient.name}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The frozen message, or a preview while nothing is frozen."""
        row = self.recipient
        preview = None
        if row.delivery is None and row.person is not None:
            preview = preview_for(self.mail, row.person)
        return super().get_context_data(
            recipient=row,
            outcome=outcome(row),
            reason=reason(row),
            sent=sent_message(row.delivery),
            preview=preview,
            **kwargs,
        )


class ActOnRecipient(OnRecipient, ActOnMail):
    """An act about the message to one recipient."""

    rule = "rundmails.release"

    def consequences(self) -> list[str]:
        """What is known of it."""
        row = self.recipient
        lines = [f"Empfänger/in: {row.name} ({row.email})"]
        return [*lines, f"Grund: {reason(row)}"] if reason(row) else lines


class RetryPage(ActOnRecipient):
    """Send a message that failed again."""

    title = "Erneut senden"
    question = "Diese Mail noch einmal senden?"
    button_label = "Erneut senden"
    success_message = "Die Mail wird erneut gesendet."

    def perform(self) -> None:
        """By way of the domain."""
        domain.retry(self.recipient, by=acting_user(self.request))


class DecidePage(ActOnRecipient):
    """Decide about a message nobody knows the fate of."""

    title = "Kam die Mail an?"
    question = "Beim Versand brach die Verbindung ab: Es ist unklar, ob diese Mail ankam."
    button_label = "Speichern"
    form_class = UnclearForm
    success_message = "Ihre Entscheidung ist gespeichert."

    def perform(self) -> None:
        """By way of the domain."""
        domain.resolve_unclear(
            self.recipient,
            sent=self.form.cleaned_data["fate"] == "arrived",
            by=acting_user(self.request),
        )


class RetryAllPage(ActOnMail):
    """Send everything that failed again."""

    rule = "rundmails.release"
    title = "Alle fehlgeschlagenen erneut senden"
    button_label = "Alle erneut senden"

    def get_question(self) -> str:
        """How many."""
        number = domain.progress(self.mail, self.request.user).failed
        mails = "1 fehlgeschlagene Mail" if number == 1 else f"{number} fehlgeschlagene Mails"
        return f"{mails} noch einmal senden?"

    def perform(self) -> int:
        """By way of the domain."""
        return domain.retry_all_failed(self.mail, by=acting_user(self.request))

    def get_success_message(self) -> str:
        """How many."""
        if self.saved == 1:
            return "1 Mail wird erneut gesendet."
        return f"{self.saved} Mails werden erneut gesendet."


class SendAddedPage(ActOnMail):
    """Send the mail to those who came later."""

    rule = "rundmails.release"
    title = "Nachträglich senden"
    button_label = "Senden"

    @cached_property
    def added(self) -> list[Recipient]:
        """Those who wait."""
        return list(
            Recipient.objects.visible_to(self.request.user).filter(
                rundmail=self.mail, state=RecipientState.ADDED
            )
        )

    def get_question(self) -> str:
        """To how many."""
        people = "1 Person" if len(self.added) == 1 else f"{len(self.added)} Personen"
        return f"Die Mail auch an {people} senden, die später dazugekommen sind?"

    def consequences(self) -> list[str]:
        """To whom."""
        return [row.name for row in self.added]

    def perform(self) -> int:
        """By way of the domain."""
        return domain.send_added(self.mail, by=acting_user(self.request))

    def get_success_message(self) -> str:
        """To how many."""
        people = "1 Person" if self.saved == 1 else f"{self.saved} Personen"
        return f"Die Mail geht jetzt auch an {people}."

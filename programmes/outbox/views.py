"""The outbox as its operator sees it: counts, what is stuck and why, never a text."""

from typing import Any, ClassVar

from django.conf import settings
from django.db.models import Count
from django.urls import reverse

from mentoring.ui.lists import Badge, Column, ListPage
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import ObjectActionPage
from programmes.outbox import gate
from programmes.outbox.domain import resolve_unclear, retry_failed
from programmes.outbox.models import Delivery, DeliveryQuerySet, DeliveryState
from programmes.outbox.transport import mail_folder

CONCEALED = "vertraulich"
_KINDS = {DeliveryState.FAILED: "danger", DeliveryState.UNCLEAR: "warning"}


def _recipient(delivery: Delivery) -> str:
    return CONCEALED if delivery.confidential else delivery.to_email


def _subject(delivery: Delivery) -> str:
    return CONCEALED if delivery.confidential else delivery.subject


def _state(delivery: Delivery) -> Badge:
    return Badge(_KINDS[DeliveryState(delivery.state)], delivery.get_state_display())


def counts() -> list[tuple[str, int]]:
    """How many deliveries are in each state, in the order of the states."""
    found = dict(Delivery.objects.order_by().values_list("state").annotate(number=Count("pk")))
    return [(str(state.label), found.get(state.value, 0)) for state in DeliveryState]


class OutboxList(ListPage):
    """What could not be sent, under the counts of everything."""

    rule = "outbox.operate"
    list_name = "outbox.trouble"
    title = "Postausgang"
    template_name = "outbox/list.html"
    exportable = False
    default_sort = "-ended"
    columns = (
        Column("state", "Stand", _state, sort="state"),
        Column("recipient", "An", _recipient),
        Column("subject", "Betreff", _subject),
        Column("purpose", "Zweck", "purpose", sort="purpose"),
        Column("error", "Grund", "error"),
        Column("ended", "Zeit", "ended_at", sort="ended_at"),
    )
    empty_title = "Alles in Ordnung"
    empty_text = "Keine Nachricht ist fehlgeschlagen, und bei keiner ist unklar, ob sie ankam."

    def get_columns(self) -> list[Column]:
        """The columns, and the way to what can be done about each."""
        return [
            *self.columns,
            Column(
                "decide",
                "Was tun?",
                lambda delivery: (
                    "erneut senden" if delivery.state == DeliveryState.FAILED else "entscheiden"
                ),
                link=_decide_url,
                export=False,
            ),
        ]

    def get_queryset(self) -> DeliveryQuerySet:
        """Failed and unclear deliveries."""
        return Delivery.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Counts, the server's trouble, and where mail goes while there is no server."""
        return super().get_context_data(
            counts=counts(),
            trouble=gate.trouble(),
            folder=None if settings.SMTP else mail_folder(),
            per_minute=settings.MAIL_PER_MINUTE,
            **kwargs,
        )


def _decide_url(delivery: Delivery) -> str:
    name = "retry" if delivery.state == DeliveryState.FAILED else "arrived"
    return reverse(f"outbox:{name}", kwargs={"pk": delivery.pk})


class DeliveryAction(ObjectActionPage):
    """What the three decisions about a delivery have in common."""

    rule = "outbox.operate"
    model = Delivery
    expected: ClassVar[DeliveryState]

    def get_queryset(self) -> DeliveryQuerySet:
        """Only deliveries about which this can be decided."""
        return Delivery.objects.visible_to(self.request.user).filter(state=self.expected)

    def breadcrumbs(self) -> list[Crumb]:
        """The outbox."""
        return [Crumb("Postausgang", reverse("outbox:list"))]

    def get_success_url(self) -> str:
        """Back to the outbox."""
        return reverse("outbox:list")

    def consequences(self) -> list[str]:
        """What is known about the delivery."""
        return [
            f"Empfänger/in: {_recipient(self.object)}",
            f"Betreff: {_subject(self.object)}",
            f"Grund: {self.object.error}",
        ]


class RetryPage(DeliveryAction):
    """Sends a failed delivery again."""

    title = "Erneut senden"
    question = "Möchten Sie diese Nachricht noch einmal senden?"
    button_label = "Erneut senden"
    success_message = "Die Nachricht wird erneut gesendet."
    expected = DeliveryState.FAILED

    def perform(self) -> None:
        """Queue it again."""
        retry_failed(self.object, by=self.request.user)


class ArrivedPage(DeliveryAction):
    """Notes that an unclear delivery arrived; the other choice stands beside it."""

    title = "Kam die Nachricht an?"
    template_name = "outbox/unclear.html"
    question = "Kam diese Nachricht an? Bitte fragen Sie im Zweifel nach."
    button_label = "Ja, kam an"
    success_message = "Die Nachricht gilt als versandt."
    expected = DeliveryState.UNCLEAR

    def perform(self) -> None:
        """It was sent."""
        resolve_unclear(self.object, by=self.request.user, sent=True)


class ResendPage(DeliveryAction):
    """Sends an unclear delivery again."""

    title = "Unklare Nachricht erneut senden"
    question = "Möchten Sie diese Nachricht noch einmal senden?"
    button_label = "Erneut senden"
    success_message = "Die Nachricht wird erneut gesendet."
    expected = DeliveryState.UNCLEAR

    def consequences(self) -> list[str]:
        """That there may be two of them."""
        return [
            *super().consequences(),
            "Kam sie doch schon an, dann kommt sie ein zweites Mal an.",
        ]

    def perform(self) -> None:
        """Queue it again."""
        resolve_unclear(self.object, by=self.request.user, sent=False)

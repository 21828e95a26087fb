"""The mailings of a cycle: list, page, preview, release, and what became of each letter."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property

from mentoring.ui.lists import Column, ListPage
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import Action, ActionPage, DetailPage, PageView
from programmes.cycles.views.base import acting_user
from programmes.invoice_mails import domain
from programmes.invoice_mails.forms import ReleaseForm
from programmes.invoice_mails.models import (
    FILE_LOST,
    LOST,
    NOT_ARRIVED,
    InvoiceLetter,
    InvoiceMailing,
    MailingKind,
)
from programmes.invoice_mails.pages import InCycle, OnMailing, outcome, reason, state_badge
from programmes.outbox.models import DeliveryState
from programmes.payments.domain.words import several
from programmes.rundmails.views.base import user_name

TROUBLE = Q(letters__delivery__state__in=(DeliveryState.FAILED, DeliveryState.UNCLEAR)) | Q(
    letters__delivery__bounced_at__isnull=False
)


class MailingList(InCycle, ListPage):
    """Every mailing of the cycle, the newest first."""

    list_name = "invoice_mails.mailings"
    rule = "invoice_mails.list"
    title = "Rechnungsversand und Zahlungserinnerungen"
    default_sort = "-created"
    empty_title = "Noch nichts versandt"
    empty_text = (
        "Von hier gehen ausgestellte Rechnungen und Zahlungserinnerungen per E-Mail an die "
        "Kommunen, jede mit ihren eigenen Dateien. Ohne Freigabe wird nichts versandt."
    )

    def get_queryset(self) -> QuerySet[InvoiceMailing]:
        """With how many letters there are, and how they went."""
        sent = Q(letters__left_out="")
        found: QuerySet[InvoiceMailing] = (
            InvoiceMailing.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related("created_by__person", "released_by__person")
            .annotate(
                number=Count("letters", filter=sent),
                arrived=Count(
                    "letters",
                    filter=sent
                    & Q(
                        letters__delivery__state=DeliveryState.SENT,
                        letters__delivery__bounced_at=None,
                    ),
                ),
                trouble=Count("letters", filter=TROUBLE | Q(letters__left_out__in=LOST)),
            )
        )
        return found

    def get_columns(self) -> list[Column]:
        """The subject leads to the mailing."""
        return [
            Column(
                "subject",
                "Betreff",
                lambda row: row.subject or "(ohne Betreff)",
                sort="subject",
                link=lambda row: row.get_absolute_url(),
            ),
            Column("kind", "Art", "get_kind_display", sort="kind"),
            Column("state", "Stand", state_badge, sort="state"),
            Column("number", "Briefe", "number", sort="number", numeric=True),
            Column("arrived", "versandt", "arrived", sort="arrived", numeric=True),
            Column("trouble", "nicht angekommen", "trouble", sort="trouble", numeric=True),
            Column("released", "freigegeben am", "released_at", sort="released_at"),
            Column("author", "angelegt von", lambda row: user_name(row.created_by)),
            Column("created", "angelegt am", "created_at", sort="created_at"),
        ]

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the invoices."""
        return super().breadcrumbs()[:-1]

    def actions(self) -> list[Action]:
        """Begin one of either kind."""
        if not self.allowed("invoice_mails.send", self.cycle):
            return []
        new = self.page("create")
        return [
            Action("Rechnungen versenden", new, "primary", "add"),
            Action("Zahlungserinnerung schreiben", f"{new}?art={MailingKind.REMINDER}"),
        ]

    def get_empty_action(self) -> Action | None:
        """The first one."""
        return next(iter(self.actions()), None)


class MailingPage(OnMailing, DetailPage):
    """One mailing: the text, and its letters with what becomes or became of them."""

    rule = "invoice_mails.list"
    template_name = "invoice_mails/mailing.html"

    @property
    def object(self) -> InvoiceMailing:
        """The mailing."""
        return self.mailing

    def get_object(self) -> InvoiceMailing:
        """The mailing."""
        return self.mailing

    def get_title(self) -> str:
        """Its kind and day."""
        return str(self.mailing)

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the list."""
        return super().breadcrumbs()[:-1]

    def details(self) -> list[tuple[str, Any]]:
        """What is known; empty lines are left out."""
        mailing = self.mailing
        rows = [
            ("Stand", state_badge(mailing)),
            ("Betreff", mailing.subject),
            ("Antworten an", mailing.reply_to),
            ("angelegt von", user_name(mailing.created_by)),
            ("freigegeben von", user_name(mailing.released_by)),
            ("freigegeben am", mailing.released_at),
        ]
        return [(label, value) for label, value in rows if value not in ("", None)]

    @cached_property
    def may_send(self) -> bool:
        """Whether the user writes and releases."""
        return self.allowed("invoice_mails.send", self.cycle)

    @cached_property
    def plan(self) -> domain.Plan | None:
        """What a draft would send."""
        return domain.plan_of(self.mailing) if self.is_draft else None

    def actions(self) -> list[Action]:
        """The next step of a draft first."""
        if not self.is_draft:
            return []
        pk, found = self.mailing.pk, []
        plan = self.plan
        if self.may_send and plan is not None and plan.going and not plan.all_problems:
            found.append(Action("Freigeben", self.page("release", pk), "primary", "check"))
        found.append(Action("Vorschau", self.page("preview", pk), "secondary", "visibility"))
        if self.may_send:
            found.append(Action("Bearbeiten", self.page("edit", pk), icon="edit"))
            found.append(Action("Entwurf löschen", self.page("delete", pk), "tertiary", "delete"))
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The plan of a draft, or the letters of what was released."""
        letters = list(
            self.mailing.letters.select_related("invoice__municipality", "delivery").order_by(
                "invoice__municipality__sort_key", "pk"
            )
            if not self.is_draft
            else ()
        )
        return super().get_context_data(
            plan=self.plan,
            rows=[
                (letter, outcome(letter), reason(letter), self._act(letter)) for letter in letters
            ],
            edit_url=self.page("edit", self.mailing.pk),
            preview_url=self.page("preview", self.mailing.pk),
            advice=self._advice() if not self.is_draft else [],
            live=any(not letter.sent_out and not letter.left_out for letter in letters),
            may_send=self.may_send,
            **kwargs,
        )

    def _advice(self) -> list[str]:
        """What to do about letters that did not arrive."""
        trouble = list(self.mailing.letters.in_trouble().select_related("delivery"))
        lines = []
        if any(_came_back(letter) for letter in trouble):
            lines.append(
                "Stimmt eine Adresse nicht, berichtigen Sie bei der Kommune die E-Mail für "
                "Rechnungen. Die Rechnung steht dann wieder zur Auswahl: Versenden Sie sie neu. "
                "„Erneut senden“ geht noch einmal an dieselbe Adresse."
            )
        if any(letter.left_out == FILE_LOST for letter in trouble):
            lines.append(
                "Zu einer Rechnung fehlt eine Datei oder ist verändert. Bitten Sie die Betreuung "
                "des Systems, sie aus der Sicherung wiederherzustellen, und versenden Sie die "
                "Rechnung dann neu."
            )
        return lines

    def _act(self, letter: InvoiceLetter) -> tuple[str, str] | None:
        """Label and address of what is to be decided about a letter."""
        if letter.delivery is None or not self.may_send:
            return None
        args = (self.mailing.pk, letter.pk)
        if letter.delivery.state == DeliveryState.UNCLEAR:
            return "entscheiden, ob sie ankam", self.page("decide", *args)
        if letter.delivery.state == DeliveryState.FAILED:
            return "erneut senden", self.page("retry", *args)
        if letter.delivery.bounced_at is not None:
            return "neu versenden", f"{self.page('create')}?art={self.mailing.kind}"
        return None


def _came_back(letter: InvoiceLetter) -> bool:
    delivery = letter.delivery
    if delivery is None:
        return letter.left_out == NOT_ARRIVED
    return delivery.state == DeliveryState.FAILED or delivery.bounced_at is not None


class PreviewPage(OnMailing, PageView):
    """Every letter with its address and files, and one of them as the Kommune reads it."""

    rule = "invoice_mails.list"
    title = "Vorschau"
    template_name = "invoice_mails/preview.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """After the release there is nothing to preview: see what went out."""
        if not self.is_draft:
            return HttpResponseRedirect(self.page_of_mailing)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The plan, and the letter asked for or the first."""
        plan = domain.plan_of(self.mailing)
        return super().get_context_data(
            plan=plan,
            shown=_shown(plan, self.request.GET.get("brief", "")),
            sender=settings.DEFAULT_FROM_EMAIL,
            edit_url=self.page("edit", self.mailing.pk),
            may_send=self.allowed("invoice_mails.send", self.cycle),
            release_url=self.page("release", self.mailing.pk),
            **kwargs,
        )


def _shown(plan: domain.Plan, asked: str) -> domain.Planned | None:
    if not asked:
        return plan.going[0] if plan.going else None
    found = next((one for one in plan.going if str(one.letter.pk) == asked), None)
    if found is None:
        raise Http404
    return found


class ReleasePage(OnMailing, ActionPage):
    """Release the letters exactly as they are shown."""

    rule = "invoice_mails.send"
    button_label = "Freigeben"
    template_name = "invoice_mails/release.html"
    form_class = ReleaseForm
    once = True

    @cached_property
    def plan(self) -> domain.Plan:
        """What would happen now."""
        return domain.plan_of(self.mailing)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A draft only."""
        if not self.is_draft:
            return self._released()
        return super().get(request, *args, **kwargs)

    def _released(self) -> HttpResponse:
        """What went out, instead of a question that is answered already."""
        messages.info(self.request, domain.RELEASED)
        return HttpResponseRedirect(self.page_of_mailing)

    def get_title(self) -> str:
        """By its kind."""
        if self.mailing.kind == MailingKind.REMINDER:
            return "Zahlungserinnerung freigeben"
        return "Rechnungsversand freigeben"

    def get_initial(self) -> dict[str, Any]:
        """What is shown."""
        return {"seen": self.plan.seen}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Ask again only where it is called for."""
        return {**super().get_form_kwargs(), "asks": bool(self.plan.again)}

    def form_invalid(self, form: Any) -> Any:
        """Shown anew, so from now on this is what was seen; not once it is released."""
        del self.mailing
        if not self.is_draft:
            return self._released()
        del self.plan
        form.data = form.data.copy()
        form.data["seen"] = self.plan.seen
        return super().form_invalid(form)

    def get_question(self) -> str:
        """How many."""
        number = len(self.plan.going)
        return f"{several(number, 'E-Mail', 'E-Mails')} freigeben?"

    def consequences(self) -> list[str]:
        """When they go out, and with what."""
        return [
            "Jede Kommune bekommt eine E-Mail mit den Dateien ihrer eigenen Rechnung.",
            "Die E-Mails gehen sofort hinaus und lassen sich nicht zurückholen.",
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Who gets what, who is left out, and what is in the way."""
        return super().get_context_data(
            plan=self.plan,
            problems=self.plan.all_problems,
            preview_url=self.page("preview", self.mailing.pk),
            edit_url=self.page("edit", self.mailing.pk),
            **kwargs,
        )

    def perform(self) -> InvoiceMailing:
        """By way of the domain."""
        return domain.release(
            self.mailing,
            seen=self.form.cleaned_data["seen"],
            remind_again=self.form.cleaned_data.get("remind_again", False),
            by=acting_user(self.request),
        )

    def get_success_message(self) -> str:
        """What goes out, and what does not."""
        released = self.saved.letters
        out = released.exclude(left_out="").count()
        number = several(released.filter(left_out="").count(), "E-Mail geht", "E-Mails gehen")
        said = f"{number} jetzt hinaus."
        return f"{said} {out} weggefallen: siehe unten." if out else said


class DeletePage(OnMailing, ActionPage):
    """Delete a draft."""

    rule = "invoice_mails.send"
    title = "Entwurf löschen"
    question = "Soll dieser Entwurf gelöscht werden?"
    button_label = "Entwurf löschen"
    danger = True
    success_message = "Der Entwurf ist gelöscht."

    def consequences(self) -> list[str]:
        """What goes with it, and what does not."""
        return ["Text und Auswahl gehen verloren. Die Rechnungen bleiben, wie sie sind."]

    def perform(self) -> None:
        """By way of the domain."""
        domain.delete_draft(self.mailing, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """To the list."""
        return self.page("mailings")

"""The acts about a mail, each with its page that asks before it acts."""

from typing import Any, ClassVar

from django.utils.functional import cached_property

from mentoring.ui.views import ActionPage
from programmes.cycles.views.base import acting_user
from programmes.roadmap.models import Move
from programmes.rundmails import domain
from programmes.rundmails.forms.acts import ApproveForm, SeenForm
from programmes.rundmails.forms.timing import in_words
from programmes.rundmails.models import ConfirmReason, Rundmail
from programmes.rundmails.subjects import shown_subject
from programmes.rundmails.views.base import OnMail

NAMES_SHOWN = 10


class ActOnMail(OnMail, ActionPage):
    """Asks about one mail; posted twice, it acts once."""

    once = True

    def breadcrumbs(self) -> list[Any]:
        """Down to the mail."""
        return super().breadcrumbs()

    def get_cancel_url(self) -> str:
        """Back to the mail."""
        return self.page("rundmail", self.mail.pk)


class TrialPage(ActOnMail):
    """Send the mail to oneself."""

    rule = "rundmails.write"
    title = "Probe an mich"
    button_label = "Probe senden"
    success_message = "Die Probe ist unterwegs zu Ihnen."

    def get_question(self) -> str:
        """To whose address."""
        return f"Soll eine Probe an {acting_user(self.request).email} gehen?"

    def consequences(self) -> list[str]:
        """That nobody else gets it, and what it is filled with."""
        return [
            "Nur Sie bekommen die Mail; der Betreff beginnt mit „Probe:“.",
            "Platzhalter werden mit Ihren eigenen Angaben gefüllt, sonst mit einem Beispiel.",
            "Sie gilt nicht als Versand, und der Entwurf bleibt ein Entwurf.",
        ]

    def perform(self) -> Any:
        """By way of the domain."""
        return domain.send_test(self.mail, by=acting_user(self.request))


class DeletePage(ActOnMail):
    """Delete a draft."""

    rule = "rundmails.write"
    title = "Entwurf löschen"
    button_label = "Entwurf löschen"
    danger = True
    success_message = "Der Entwurf ist gelöscht."

    def get_question(self) -> str:
        """Which one."""
        return f"Soll der Entwurf „{shown_subject(self.mail)}“ gelöscht werden?"

    def consequences(self) -> list[str]:
        """What goes with it."""
        files = self.mail.attachments.count()
        gone = ["Text und Empfängerkreis gehen verloren."]
        if files:
            gone.append("Der Anhang geht mit." if files == 1 else f"Die {files} Anhänge gehen mit.")
        return gone

    def perform(self) -> None:
        """By way of the domain."""
        domain.delete_draft(self.mail, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """To the list."""
        return self.page("rundmails")


class SeenPage(ActOnMail):
    """An act on exactly what the page has shown: if that changed, it is shown anew."""

    form_class = SeenForm

    @property
    def seen(self) -> str:
        """What stands for all that this page shows now."""
        raise NotImplementedError

    def get_initial(self) -> dict[str, Any]:
        """What is shown."""
        return {"seen": self.seen}

    def form_invalid(self, form: Any) -> Any:
        """Shown anew, so from now on this is what was seen."""
        form.data = form.data.copy()
        form.data["seen"] = self.seen
        return super().form_invalid(form)


class ReleasePage(SeenPage):
    """Release the mail to those shown."""

    rule = "rundmails.release"
    title = "Rundmail freigeben"
    button_label = "Freigeben"
    template_name = "rundmails/release.html"

    @cached_property
    def resolution(self) -> domain.Resolution:
        """Who gets it, as shown."""
        return domain.resolve_audience(self.mail, self.request.user)

    @property
    def seen(self) -> str:
        """The list and the version of the mail."""
        return self.resolution.seen

    def get_question(self) -> str:
        """To how many."""
        number = len(self.resolution.people)
        people = "1 Person" if number == 1 else f"{number} Personen"
        return f"„{shown_subject(self.mail)}“ an {people} freigeben?"

    def consequences(self) -> list[str]:
        """When it goes out, and what cannot be taken back."""
        lines = [f"Versand: {in_words(self.mail)}."]
        if domain.planned_send_at(self.mail) is None:
            lines.append("Die Mail geht sofort hinaus und lässt sich nicht zurückholen.")
        else:
            lines.append("Bis zum Versand können Sie die Freigabe zurücknehmen.")
        if self.mail.confidential:
            lines.append(
                "Die Mail ist vertraulich: Außer den Empfänger/innen liest sie nur der Beirat."
            )
        return lines

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The first names, those left out, and what is still in the way."""
        people = self.resolution.people
        return super().get_context_data(
            people=people[:NAMES_SHOWN],
            more=max(len(people) - NAMES_SHOWN, 0),
            left_out=self.resolution.left_out,
            problems=domain.check(self.mail, self.request.user, resolution=self.resolution),
            preview_url=self.page("preview", self.mail.pk),
            edit_url=self.page("edit", self.mail.pk),
            **kwargs,
        )

    def perform(self) -> Rundmail:
        """By way of the domain."""
        return domain.release(
            self.mail, seen=self.form.cleaned_data["seen"], by=acting_user(self.request)
        )

    def get_success_message(self) -> str:
        """When it goes out."""
        if domain.planned_send_at(self.mail) is None:
            return "Die Rundmail ist freigegeben und geht jetzt hinaus."
        return f"Die Rundmail ist freigegeben. Versand: {in_words(self.mail)}."


class ApprovePage(ActOnMail):
    """Say as the second person that the mail may go out."""

    rule = "rundmails.approve"
    title = "Der Rundmail zustimmen"
    button_label = "Zustimmen"
    form_class = ApproveForm
    success_message = "Sie haben zugestimmt."

    def get_initial(self) -> dict[str, Any]:
        """The version that is shown."""
        return {"version": self.mail.version}

    def get_question(self) -> str:
        """To what."""
        return f"Darf „{shown_subject(self.mail)}“ so hinausgehen, wie sie jetzt ist?"

    def consequences(self) -> list[str]:
        """What the approval is about."""
        return [
            "Dieser Durchgang verlangt für vertrauliche Rundmails ein zweites Paar Augen.",
            "Bitte lesen Sie vorher die Vorschau. Ändert danach jemand die Mail, gilt Ihre "
            "Zustimmung nicht mehr.",
        ]

    def perform(self) -> None:
        """By way of the domain."""
        domain.approve(
            self.mail, version=self.form.cleaned_data["version"], by=acting_user(self.request)
        )

    def form_invalid(self, form: Any) -> Any:
        """Shown anew, so from now on this version was read."""
        form.data = form.data.copy()
        form.data["version"] = str(self.mail.version)
        return super().form_invalid(form)


class ConfirmPage(SeenPage):
    """Confirm a released mail that waits for it."""

    rule = "rundmails.release"
    title = "Rundmail bestätigen"
    button_label = "Bestätigen"
    template_name = "rundmails/confirm.html"
    success_message = "Die Rundmail ist bestätigt."

    @cached_property
    def changes(self) -> domain.Changes:
        """Who came and went."""
        return domain.changes_since_release(self.mail, self.request.user)

    @property
    def seen(self) -> str:
        """The differences shown."""
        return self.changes.seen

    def get_question(self) -> str:
        """Which one."""
        return f"„{shown_subject(self.mail)}“ bestätigen?"

    def consequences(self) -> list[str]:
        """Why it waits, and when it goes out."""
        mail, lines = self.mail, []
        if mail.confirm_reason:
            lines.append(str(ConfirmReason(mail.confirm_reason).label))
        if mail.confirm_reason == ConfirmReason.MOVED and mail.milestone is not None:
            lines.append(self._moved())
        lines.append(f"Versand: {in_words(mail)}.")
        return lines

    def _moved(self) -> str:
        """The milestone's date, and the one before."""
        milestone = self.mail.milestone
        assert milestone is not None
        moves = Move.objects.filter(milestone=milestone, undone_at=None)
        last = moves.order_by("-moved_at", "-pk").first()
        before = f" statt am {last.from_on:%d.%m.%Y}" if last else ""
        return f"„{milestone}“ ist jetzt am {milestone.starts_on:%d.%m.%Y}{before}."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Who came and who went, by name."""
        return super().get_context_data(
            added=self.changes.added,
            gone=self.changes.gone,
            preview_url=self.page("preview", self.mail.pk),
            **kwargs,
        )

    def perform(self) -> Rundmail:
        """By way of the domain."""
        return domain.confirm(
            self.mail, seen=self.form.cleaned_data["seen"], by=acting_user(self.request)
        )


class WithdrawPage(ActOnMail):
    """Make a released mail a draft again."""

    rule = "rundmails.release"
    title = "Freigabe zurücknehmen"
    button_label = "Freigabe zurücknehmen"
    success_message = "Die Freigabe ist zurückgenommen, die Mail ist wieder ein Entwurf."
    consequence: ClassVar[str] = (
        "Niemand bekommt die Mail, bis sie neu freigegeben ist. Die Liste der Empfänger/innen "
        "wird dann neu bestimmt."
    )

    def get_question(self) -> str:
        """Which one."""
        return f"Die Freigabe von „{shown_subject(self.mail)}“ zurücknehmen?"

    def consequences(self) -> list[str]:
        """What it means."""
        return [self.consequence]

    def perform(self) -> Rundmail:
        """By way of the domain."""
        return domain.withdraw_release(self.mail, by=acting_user(self.request))


class StopPage(ActOnMail):
    """Stop a mail, whoever sees that it should not go out."""

    rule = "rundmails.write"
    title = "Rundmail anhalten"
    button_label = "Anhalten"
    danger = True
    success_message = "Die Rundmail ist angehalten."

    def get_question(self) -> str:
        """Which one."""
        return f"„{shown_subject(self.mail)}“ anhalten?"

    def consequences(self) -> list[str]:
        """What is out stays out."""
        return [
            "Was noch nicht versandt ist, wird nicht mehr versandt.",
            "Was schon hinaus ist, bleibt es und wird weiter gezählt.",
            "Eine angehaltene Rundmail lässt sich nicht fortsetzen.",
        ]

    def perform(self) -> Rundmail:
        """By way of the domain."""
        return domain.stop(self.mail, by=acting_user(self.request))

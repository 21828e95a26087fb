"""What the pages of this room have in common: a cycle above, a mail in it."""

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.ui.lists import Badge
from mentoring.ui.navigation import Crumb
from programmes.cycles.permissions import roles_of
from programmes.cycles.views.base import OfCycle, found_or_404
from programmes.rundmails.models import Rundmail, RundmailState
from programmes.rundmails.subjects import shown_subject, with_subjects

CONFIDENTIAL = Badge("warning", "vertraulich")
_KINDS: dict[str, str] = {
    RundmailState.RELEASED: "info",
    RundmailState.SENDING: "info",
    RundmailState.SENT: "success",
    RundmailState.STOPPED: "danger",
}


def shown_state(mail: Rundmail) -> str:
    """The state in words; a released mail that waits for a second look says so."""
    if mail.state == RundmailState.RELEASED and mail.confirm_reason:
        return "bestätigen"
    return str(mail.get_state_display())


def state_badge(mail: Rundmail) -> Badge:
    """As ``shown_state``, with its colour."""
    if mail.state == RundmailState.DRAFT or mail.confirm_reason:
        return Badge("warning", shown_state(mail))
    return Badge(_KINDS[mail.state], shown_state(mail))


def user_name(user: Any) -> str:
    """Who acted, by the name the programme knows; "" for nobody (any more)."""
    if user is None:
        return ""
    person = getattr(user, "person", None)
    return str(person or user)


class InCycle(OfCycle):
    """A page of this room below ``/durchgaenge/<cycle_pk>/``."""

    request: Any  # its user is signed in by the time a page asks: ``PageView`` saw to it

    def page(self, name: str, *args: Any) -> str:
        """The address of a page of this room in the same cycle."""
        return reverse(f"rundmails:{name}", args=[self.cycle.pk, *args])

    def templates_url(self) -> str:
        """The usual mails of the programme."""
        return reverse("rundmails:templates", args=[self.cycle.programme_id])

    @property
    def inside(self) -> bool:
        """Whether the user belongs to the cycle's Beirat, and may know of confidential mails."""
        return self.cycle.pk in roles_of(self.request.user).inside

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle and its mails."""
        return [*super().breadcrumbs(), Crumb("Rundmails", self.page("rundmails"))]


class OnMail(InCycle):
    """A page about one mail of the cycle that the user may see."""

    @cached_property
    def mail(self) -> Rundmail:
        """The mail of the address, with what every page of a mail names."""
        mails = (
            with_subjects(Rundmail.objects.visible_to(self.request.user))
            .filter(cycle=self.cycle)
            .select_related(
                "cycle__programme",
                "event",
                "milestone",
                "created_by__person",
                "released_by__person",
                "approved_by__person",
                "stopped_by__person",
            )
        )
        found: Rundmail = found_or_404(mails, self.kwargs["pk"])
        return found

    def get_object(self) -> Rundmail:
        """The mail, for the pages of one object."""
        return self.mail

    def get_rule_object(self) -> Any:
        """The rule is asked about the mail."""
        return self.mail

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the mail."""
        address = self.page("rundmail", self.mail.pk)
        return [*super().breadcrumbs(), Crumb(shown_subject(self.mail), address)]

    def get_success_url(self) -> str:
        """Back to the mail."""
        return self.page("rundmail", self.mail.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The mail, for every template."""
        kwargs.setdefault("mail", self.mail)
        return super().get_context_data(**kwargs)

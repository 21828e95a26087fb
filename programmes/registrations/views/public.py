"""The pages outsiders open without signing in: register, confirm, withdraw."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from mentoring.ui.errors import Refused
from mentoring.ui.forms import ConfirmForm
from mentoring.ui.views import FormPage, PageView
from programmes.events.calendar import place
from programmes.events.domain import places_left
from programmes.events.models import Event
from programmes.events.wording import when
from programmes.registrations import domain as doors
from programmes.registrations.forms import RegistrationForm
from programmes.registrations.links import CONFIRM_WITHIN, to_confirm, to_withdraw
from programmes.registrations.models import Interest, InterestState
from programmes.registrations.retention import KEPT_FOR
from programmes.registrations.throttle import may_register

TOO_MANY = (
    "Von Ihrem Anschluss oder für diese E-Mail-Adresse kamen in kurzer Zeit sehr viele "
    "Anmeldungen. Bitte versuchen Sie es in einer Stunde noch einmal, spätestens morgen."
)


class PublicPage(PageView):
    """A page for everybody. One that is not there says so kindly, without asking to sign in."""

    public = True

    def gone(self, title: str, reason: str, status: int = 404) -> HttpResponse:
        """The page that says why there is nothing to do here."""
        response = self.response_class(
            request=self.request,
            template=["registrations/gone.html"],
            context={"title": title, "reason": reason},
            using=self.template_engine,
            status=status,
        )
        add_never_cache_headers(response)
        return response


class OfOpenEvent(PublicPage):
    """A page of an event whose public registration is open."""

    event: Event

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A kind 404, the same whatever the reason is: nobody learns of other events here."""
        try:
            found = (
                doors.open_events()
                .filter(pk=kwargs["pk"])
                .select_related("cycle__programme__logistics_partner")
                .first()
            )
        except OverflowError:
            found = None
        if found is None:
            return self.gone("Hier ist keine Anmeldung möglich", "closed")
        self.event = found
        response = super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is said about the event; never the link to take part online."""
        return super().get_context_data(
            event=self.event,
            programme=self.event.cycle.programme,
            when=when(self.event),
            place=place(self.event),
            agenda=list(self.event.agenda.all()),
            **kwargs,
        )


class RegistrationPage(OfOpenEvent, FormPage):
    """What the event is about, and the form."""

    template_name = "registrations/register.html"
    form_class = RegistrationForm
    submit_label = "Zur Veranstaltung anmelden"
    once = True
    repeated_message = "Ihre Anmeldung ist bei uns angekommen."

    def get_title(self) -> str:
        """The event's."""
        return self.event.title

    def save(self, form: RegistrationForm) -> None:
        """By way of the domain. Known address or not, the answer is the same."""
        if not may_register(self.request, form.typed.email):
            raise Refused(TOO_MANY)
        doors.register(self.event, form.typed)

    def get_success_url(self) -> str:
        """To the page that says: look into your mail."""
        return reverse("registrations:sent", args=[self.event.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether there are places, and how long what is typed is kept."""
        return super().get_context_data(
            full=places_left(self.event) == 0,
            kept_days=KEPT_FOR.days,
            confirm_days=CONFIRM_WITHIN.days,
            **kwargs,
        )


class SentPage(OfOpenEvent):
    """Look into your mail: the same for everybody."""

    template_name = "registrations/sent.html"
    title = "Bitte sehen Sie in Ihr Postfach"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How long the link is good."""
        return super().get_context_data(confirm_days=CONFIRM_WITHIN.days, **kwargs)


class ByLink(PublicPage, FormPage):
    """A page behind a personal link. A GET shows, only a POST acts (rule 8)."""

    form_class = ConfirmForm
    template_name = "registrations/link.html"
    interest: Interest

    def find(self, token: str) -> Interest | None:
        """Whose link it is."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A kind page for a link that is not good (any more)."""
        found = self.find(kwargs["token"])
        if found is None:
            return self.gone("Dieser Link gilt nicht mehr", "link", 410)
        self.interest = found
        response = super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    def get_success_url(self) -> str:
        """The same page, which then says what stands."""
        return self.request.path

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The registration, and what is said about its event."""
        event = self.interest.event
        return super().get_context_data(
            interest=self.interest,
            event=event,
            confirmed=self.interest.state == InterestState.CONFIRMED,
            withdrawn=self.interest.state == InterestState.WITHDRAWN,
            still_open=doors.open_events().filter(pk=event.pk).exists(),
            details=[
                ("Veranstaltung", event.title),
                ("Wann", when(event)),
                ("Wo", place(event) or ("online" if event.online_url else "")),
                ("Name", self.interest.full_name),
                ("Kommune", self.interest.municipality),
                ("E-Mail-Adresse", self.interest.email),
            ],
            **kwargs,
        )


class ConfirmPage(ByLink):
    """Confirm a registration."""

    submit_label = "Anmeldung bestätigen"
    success_message = "Ihre Anmeldung ist bestätigt. Wir haben Ihnen eine E-Mail geschickt."

    def find(self, token: str) -> Interest | None:
        """By the link to confirm."""
        return to_confirm(token)

    def get_title(self) -> str:
        """What is to be done, or what stands."""
        titles: dict[str, str] = {
            InterestState.CONFIRMED: "Sie sind angemeldet",
            InterestState.WITHDRAWN: "Sie haben sich abgemeldet",
        }
        return titles.get(self.interest.state, "Anmeldung bestätigen")

    def save(self, form: Any) -> Interest:
        """By way of the domain."""
        return doors.confirm(self.interest)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """There is something to do while it is pending."""
        pending = self.interest.state == InterestState.PENDING
        return super().get_context_data(has_form=pending, **kwargs)


class WithdrawPage(ByLink):
    """Withdraw a registration."""

    submit_label = "Abmelden"
    success_message = "Sie sind abgemeldet."

    def find(self, token: str) -> Interest | None:
        """By the link to withdraw."""
        return to_withdraw(token)

    def get_title(self) -> str:
        """What is to be done, or what stands."""
        if self.interest.state == InterestState.WITHDRAWN:
            return "Sie sind abgemeldet"
        return "Von der Veranstaltung abmelden"

    def save(self, form: Any) -> Interest:
        """By way of the domain."""
        return doors.withdraw(self.interest)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """There is something to do until it is withdrawn."""
        stands = self.interest.state != InterestState.WITHDRAWN
        return super().get_context_data(has_form=stands, leaving=stands, **kwargs)

"""Pages of sign-in, of one's own sessions, and of the sign-ins an operator manages."""

from typing import Any

from allauth.account.views import LoginView
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from mentoring.accounts import domain, sessions
from mentoring.accounts.demo import shown_signins
from mentoring.accounts.filters import UserFilterSet
from mentoring.accounts.forms import FirstOperatorForm, OperatorForm
from mentoring.accounts.models import KeptForm, User
from mentoring.accounts.setup import code_is_ours
from mentoring.accounts.signin import send_welcome, sign_in, signed_in
from mentoring.ui.lists import Badge, Column, ListPage
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import (
    SIGNED_IN,
    Action,
    ActionPage,
    CreatePage,
    DetailPage,
    FormPage,
    ObjectActionPage,
    PageView,
)

OPERATORS = "accounts.manage_users"


class SignInView(LoginView):
    """allauth's, with the sign-ins of the demo in a demo."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds ``demo_signins``."""
        return super().get_context_data(demo_signins=shown_signins(), **kwargs)


@method_decorator(sensitive_post_parameters("password", "password_again"), name="dispatch")
class SetupPage(FormPage):
    """Makes the first operator. There is no such page once there is one."""

    public = True
    title = "Erste Einrichtung"
    form_class = FirstOperatorForm
    template_name = "accounts/setup.html"
    submit_label = "Zugang anlegen"
    success_url = reverse_lazy("start")
    success_message = "Ihr Betreiberzugang ist angelegt, und Sie sind angemeldet."

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """404 for a foreign code and as soon as an operator exists."""
        if not code_is_ours(kwargs["code"]) or domain.operator_exists():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def save(self, form: FirstOperatorForm) -> User:
        """Make the operator and sign them in."""
        user = domain.create_first_operator(
            email=form.cleaned_data["email"], password=form.cleaned_data["password"]
        )
        sign_in(self.request, user)
        return user


# --- One's own sessions ---------------------------------------------------------------
class SessionsPage(PageView):
    """The browsers one is signed in with."""

    rule = SIGNED_IN
    title = "Meine Sitzungen"
    template_name = "accounts/sessions.html"

    def actions(self) -> list[Action]:
        """To end all others, if there are any."""
        if len(self.sessions()) < 2:
            return []
        return [Action("Alle anderen beenden", reverse("sessions_end_others"))]

    def sessions(self) -> list[UserSession]:
        """The sessions of the user, fetched once."""
        if not hasattr(self, "_sessions"):
            self._sessions = sessions.current_sessions(signed_in(self.request))
        return self._sessions

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each session with its device and whether it is the one at hand."""
        current = self.request.session.session_key
        rows = [
            {
                "session": session,
                "device": sessions.device_name(session.user_agent),
                "current": session.session_key == current,
            }
            for session in self.sessions()
        ]
        return super().get_context_data(rows=rows, **kwargs)


class EndSessionPage(ObjectActionPage):
    """Signs one other browser out."""

    rule = SIGNED_IN
    model = UserSession
    title = "Sitzung beenden"
    question = "Möchten Sie diese Sitzung beenden?"
    button_label = "Sitzung beenden"
    success_url = reverse_lazy("sessions")
    success_message = "Die Sitzung ist beendet."

    def get_queryset(self) -> QuerySet:
        """One's own sessions but the one at hand, for which there is "Abmelden"."""
        alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
        return UserSession.objects.filter(user=self.request.user, session_key__in=alive).exclude(
            session_key=self.request.session.session_key
        )

    def breadcrumbs(self) -> list[Crumb]:
        """Below the list of sessions."""
        return [Crumb("Meine Sitzungen", reverse("sessions"))]

    def consequences(self) -> list[str]:
        """Which one it is, and what is lost."""
        return [
            f"Gerät: {sessions.device_name(self.object.user_agent)}, "
            f"Adresse im Netz: {self.object.ip}.",
            "Wer dort gerade etwas eingibt, muss sich neu anmelden; die Eingaben bleiben dabei "
            "erhalten.",
        ]

    def perform(self) -> None:
        """End it."""
        domain.end_session(self.object, by=signed_in(self.request))


class EndOtherSessionsPage(ActionPage):
    """Signs all other browsers out."""

    rule = SIGNED_IN
    title = "Andere Sitzungen beenden"
    question = "Möchten Sie alle anderen Sitzungen beenden?"
    button_label = "Alle anderen beenden"
    success_url = reverse_lazy("sessions")
    success_message = "Alle anderen Sitzungen sind beendet."

    def breadcrumbs(self) -> list[Crumb]:
        """Below the list of sessions."""
        return [Crumb("Meine Sitzungen", reverse("sessions"))]

    def consequences(self) -> list[str]:
        """This one goes on."""
        return ["In diesem Browser bleiben Sie angemeldet, überall sonst werden Sie abgemeldet."]

    def perform(self) -> None:
        """End them."""
        domain.end_other_sessions(
            current_key=self.request.session.session_key, by=signed_in(self.request)
        )


# --- What was kept of forms whose session ended ---------------------------------------
class KeptFormsPage(PageView):
    """Forms that were not sent because the session had ended."""

    rule = SIGNED_IN
    title = "Nicht gesendete Eingaben"
    template_name = "accounts/kept_forms.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is still kept for the user."""
        kept = KeptForm.objects.visible_to(self.request.user).defer("data")
        return super().get_context_data(kept_forms=kept, **kwargs)


class DiscardKeptFormPage(ObjectActionPage):
    """Forgets one of them."""

    rule = SIGNED_IN
    model = KeptForm
    title = "Eingaben verwerfen"
    question = "Möchten Sie diese Eingaben verwerfen?"
    button_label = "Eingaben verwerfen"
    danger = True
    success_url = reverse_lazy("kept_forms")
    success_message = "Die Eingaben sind verworfen."

    def breadcrumbs(self) -> list[Crumb]:
        """Below the list."""
        return [Crumb("Nicht gesendete Eingaben", reverse("kept_forms"))]

    def consequences(self) -> list[str]:
        """They are gone for good."""
        return ["Was Sie in dieses Formular eingegeben hatten, lässt sich nicht wiederherstellen."]

    def perform(self) -> None:
        """Delete it."""
        self.object.delete()


# --- Sign-ins, for operators ----------------------------------------------------------
def _state(user: User) -> Badge:
    return Badge("success", "aktiv") if user.is_active else Badge("danger", "gesperrt")


def _kind(user: User) -> str:
    return "Betreiber/in" if user.is_superuser else "Zugang"


class UserListPage(ListPage):
    """All sign-ins of the installation."""

    list_name = "accounts.users"
    rule = OPERATORS
    title = "Zugänge"
    intro = (
        "Ein Zugang ist eine E-Mail-Adresse, mit der sich jemand anmeldet. Wer das im Programm "
        "ist, steht bei den Personen."
    )
    filterset_class = UserFilterSet
    default_sort = "email"
    empty_title = "Keine Zugänge gefunden"
    empty_text = "Ändern Sie den Filter."
    columns = (
        Column(
            "email",
            "E-Mail-Adresse",
            "email",
            sort="email",
            link=lambda user: reverse("user", args=[user.pk]),
        ),
        Column("kind", "Art", _kind, sort="is_superuser"),
        Column("state", "Stand", _state, sort="is_active"),
        Column("last_login", "Letzte Anmeldung", "last_login", sort="last_login"),
        Column("date_joined", "Angelegt am", "date_joined", sort="date_joined"),
    )

    def get_queryset(self) -> QuerySet:
        """What the operator may see: all."""
        return User.objects.visible_to(self.request.user)

    def actions(self) -> list[Action]:
        """A further operator; everybody else is invited as a person."""
        return [Action("Betreiberzugang anlegen", reverse("operator_create"))]


class UserPage(DetailPage):
    """One sign-in."""

    rule = OPERATORS
    model = User

    def breadcrumbs(self) -> list[Crumb]:
        """Below the list."""
        return [Crumb("Zugänge", reverse("users"))]

    def details(self) -> list[tuple[str, Any]]:
        """State, times and the reason of the last change of state."""
        user = self.object
        return [
            ("E-Mail-Adresse", user.email),
            ("Art", _kind(user)),
            ("Stand", _state(user)),
            ("Grund der letzten Sperrung oder Freigabe", user.status_reason),
            ("Passwort festgelegt", user.has_usable_password()),
            ("Letzte Anmeldung", user.last_login),
            ("Angelegt am", user.date_joined),
            ("Offene Sitzungen", len(sessions.current_sessions(user))),
        ]

    def actions(self) -> list[Action]:
        """To deactivate or reactivate it, as its state allows."""
        if self.object.is_active:
            return [Action("Zugang sperren", reverse("user_deactivate", args=[self.object.pk]))]
        return [Action("Zugang freigeben", reverse("user_reactivate", args=[self.object.pk]))]


class _UserActionPage(ObjectActionPage):
    rule = OPERATORS
    model = User
    reason_field = "required"

    def breadcrumbs(self) -> list[Crumb]:
        """Below the sign-in."""
        return [
            Crumb("Zugänge", reverse("users")),
            Crumb(self.object.email, reverse("user", args=[self.object.pk])),
        ]

    def get_success_url(self) -> str:
        """Back to the sign-in."""
        return reverse("user", args=[self.object.pk])


class UserDeactivatePage(_UserActionPage):
    """Ends the sessions of a sign-in and lets it sign in no more."""

    title = "Zugang sperren"
    button_label = "Zugang sperren"
    danger = True
    success_message = "Der Zugang ist gesperrt."

    def get_question(self) -> str:
        """Names the sign-in."""
        return f"Möchten Sie den Zugang {self.object.email} sperren?"

    def consequences(self) -> list[str]:
        """What goes with it."""
        found = [
            "Alle Sitzungen dieses Zugangs enden sofort; eine Anmeldung ist nicht mehr möglich.",
            "Die Person, ihre Aufgaben und was sie eingegeben hat, bleiben erhalten.",
        ]
        if self.object.pk == self.request.user.pk:
            found.insert(0, "Das ist Ihr eigener Zugang: Sie werden sofort abgemeldet.")
        return found

    def perform(self) -> None:
        """Deactivate it."""
        domain.deactivate(self.object, reason=self.reason, by=signed_in(self.request))


class UserReactivatePage(_UserActionPage):
    """Lets a deactivated sign-in sign in again."""

    title = "Zugang freigeben"
    button_label = "Zugang freigeben"
    success_message = "Der Zugang ist wieder freigegeben."

    def get_question(self) -> str:
        """Names the sign-in."""
        return f"Möchten Sie den Zugang {self.object.email} wieder freigeben?"

    def consequences(self) -> list[str]:
        """What goes with it."""
        return ["Die Anmeldung ist wieder möglich, mit allen Rechten, die die Person heute hat."]

    def perform(self) -> None:
        """Reactivate it."""
        domain.reactivate(self.object, reason=self.reason, by=signed_in(self.request))


class OperatorCreatePage(CreatePage):
    """A further operator, who sets a password by a link."""

    rule = OPERATORS
    model = User
    title = "Betreiberzugang anlegen"
    form_class = OperatorForm
    submit_label = "Zugang anlegen"

    def breadcrumbs(self) -> list[Crumb]:
        """Below the list."""
        return [Crumb("Zugänge", reverse("users"))]

    def save(self, form: OperatorForm) -> User:
        """Make the operator and mail the link."""
        user = domain.create_operator(email=form.cleaned_data["email"], by=signed_in(self.request))
        send_welcome(user)
        return user

    def get_success_url(self) -> str:
        """To the new sign-in."""
        return reverse("user", args=[self.saved.pk])

    def get_success_message(self) -> str:
        """Says where the link went and how long it is good."""
        return (
            f"Der Zugang ist angelegt. An {self.saved.email} ist eine E-Mail mit einem Link "
            "unterwegs, mit dem das Passwort innerhalb von 24 Stunden festgelegt wird."
        )

"""The page behind the link of an invitation. A GET shows, only a POST acts (rule 8)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from mentoring.accounts.signin import sign_in
from mentoring.ui.forms import ConfirmForm
from mentoring.ui.views import FormPage
from programmes.people import acceptance, domain
from programmes.people.acceptance import Situation, find_invitation, situation_of
from programmes.people.forms import ConfirmAddressForm, NewSignInForm, OwnAddressForm
from programmes.people.models import Invitation, InvitationState

_FORMS: dict[Situation, tuple[Any, str]] = {
    Situation.NEW_SIGN_IN: (NewSignInForm, "Einladung annehmen"),
    Situation.LINK: (ConfirmForm, "Einladung annehmen"),
    Situation.OWN_ADDRESS: (OwnAddressForm, "Code an diese Adresse schicken"),
    Situation.CONFIRM_ADDRESS: (ConfirmAddressForm, "Einladung annehmen"),
}


@method_decorator(sensitive_post_parameters("password", "password_again"), name="dispatch")
class InvitationAcceptPage(FormPage):
    """Shows who is invited as what, and leads through the step that is next."""

    public = True
    template_name = "people/accept.html"
    invitation: Invitation
    next_step = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A page of its own for each way in which a link can be dead."""
        invitation = find_invitation(kwargs["code"])
        if invitation is None:
            return self._dead("unknown", None, 404)
        self.invitation = invitation
        mine = request.user.is_authenticated and invitation.person.user_id == request.user.pk
        if mine and invitation.state == InvitationState.ACCEPTED and request.method == "POST":
            # The same form a second time: it has done what it should.
            return HttpResponseRedirect(reverse("start"))
        if not invitation.is_open or invitation.person.user_id is not None:
            return self._dead(invitation.state.value, invitation, 410)
        self.situation = situation_of(invitation, request)
        response = super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Act, where there is something to do; another address may be named again."""
        if "_other_address" in request.POST:
            acceptance.forget_address(request)
            return HttpResponseRedirect(request.path)
        if self.situation not in _FORMS:
            return self.render_to_response(self.get_context_data())
        return super().post(request, *args, **kwargs)

    def get_title(self) -> str:
        """What the page is about."""
        return "Ihre Einladung"

    @property
    def email(self) -> str:
        """The address the new sign-in will have."""
        waiting = acceptance.own_address(self.invitation, self.request)
        if self.situation == Situation.CONFIRM_ADDRESS and waiting is not None:
            return waiting.email
        return self.invitation.email

    def get_form_class(self) -> Any:
        """The form of the next step."""
        return _FORMS.get(self.situation, (ConfirmForm, ""))[0]

    def get_form_kwargs(self) -> dict[str, Any]:
        """A password is compared with the address."""
        kwargs = super().get_form_kwargs()
        if issubclass(self.get_form_class(), NewSignInForm):
            kwargs["email"] = self.email
        return kwargs

    def get_success_url(self) -> str:
        """The next step, or the start page."""
        return self.next_step or reverse("start")

    def save(self, form: Any) -> None:
        """The next step, by way of the domain."""
        if self.situation == Situation.OWN_ADDRESS:
            address = form.cleaned_data["email"]
            acceptance.ask_for_proof(self.invitation, self.request, email=address)
            self.next_step = self.request.path
            messages.info(self.request, f"Wir haben einen Code an {address} geschickt.")
            return
        if self.situation == Situation.LINK:
            user: Any = self.request.user
            domain.accept(self.invitation, by=user)
        else:
            email = None
            if self.situation == Situation.CONFIRM_ADDRESS:
                email = acceptance.proven_address(
                    self.invitation, self.request, form.cleaned_data["digits"]
                )
            user = domain.accept_with_new_sign_in(
                self.invitation, password=form.chosen_password, email=email
            )
            acceptance.forget_address(self.request)
            sign_in(self.request, user)
        messages.success(
            self.request,
            f"Willkommen, {self.invitation.person}! Sie melden sich ab jetzt mit {user.email} an.",
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Who, as what, for which address, and the situation by name."""
        self.submit_label = _FORMS.get(self.situation, (None, ""))[1]
        person = self.invitation.person
        return super().get_context_data(
            invitation=self.invitation,
            situation=self.situation.name,
            email=self.email,
            has_form=self.situation in _FORMS,
            details=[
                ("Für", person.full_name),
                ("Kommune", str(person.municipality or "")),
                ("Als", self.invitation.role),
                ("E-Mail-Adresse", self.invitation.email),
                ("Gültig bis", self.invitation.expires_at),
            ],
            **kwargs,
        )

    def _dead(self, reason: str, invitation: Invitation | None, status: int) -> HttpResponse:
        titles = {
            "unknown": "Diese Einladung gibt es nicht",
            "accepted": "Diese Einladung ist schon angenommen",
            "expired": "Diese Einladung ist abgelaufen",
            "withdrawn": "Diese Einladung wurde zurückgezogen",
            # Open by its times, but the person has a sign-in by now.
            "open": "Diese Einladung ist schon angenommen",
        }
        context = {"title": titles[reason], "reason": reason, "invitation": invitation}
        response = self.response_class(
            request=self.request,
            template=["people/invitation_dead.html"],
            context=context,
            using=self.template_engine,
            status=status,
        )
        add_never_cache_headers(response)
        return response

"""The pages before the sheet: ask for a code, type it, leave. A GET shows, only a POST acts."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from mentoring.ui.forms import ConfirmForm
from mentoring.ui.views import FormPage
from tandems.links import proven
from tandems.links.forms import DigitsForm
from tandems.links.pages import LinkAddress, masked
from tandems.links.registry import purposes


class Before(LinkAddress, FormPage):
    """A page of the way to the sheet; who is through already goes straight there."""

    request: Any

    def open(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """On to the sheet, for who has proven the link."""
        if proven.is_proven(self.link, request):
            return HttpResponseRedirect(self.sheet_url())
        return super().open(request, *args, **kwargs)

    def sheet_url(self) -> str:
        """The sheet, or the page of it whose form was kept."""
        kept = proven.page_with_typed(self.link, self.request)
        return self.go(kept or purposes.get(self.link.purpose).page)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which programme, and a hint at the address; not who, and nothing of the sheet."""
        context = super().get_context_data(
            programme=self.link.cycle.programme,
            label=purposes.get(self.link.purpose).label,
            address=masked(self.link.email),
            until=self.link.expires_at,
            **kwargs,
        )
        context["kept_token"] = ""
        return context


class FrontPage(Before):
    """Where the link leads: a button that sends the code."""

    template_name = "links/front.html"
    title = "Ihr persönlicher Link"
    form_class = ConfirmForm
    submit_label = "Code anfordern"

    def save(self, form: Any) -> None:
        """Send the code to the address the link was sent to, and to no other."""
        proven.ask_for_proof(self.link, self.request)

    def get_success_message(self) -> str:
        """Where to look."""
        return f"Wir haben einen Code an {masked(self.link.email)} geschickt."

    def get_success_url(self) -> str:
        """To type it."""
        return self.go("links:code")


@method_decorator(sensitive_post_parameters("digits"), name="dispatch")
class CodePage(Before):
    """Where the code is typed."""

    template_name = "links/code.html"
    title = "Code eingeben"
    form_class = DigitsForm
    submit_label = "Weiter zum Bogen"

    def open(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Without a code on its way there is nothing to type."""
        if not proven.is_proven(self.link, request) and not proven.waits_for_code(
            self.link, request
        ):
            if request.method == "POST":
                messages.warning(
                    request, "Der Code gilt nicht mehr. Bitte fordern Sie einen neuen an."
                )
            return HttpResponseRedirect(self.go("links:front"))
        return super().open(request, *args, **kwargs)

    def save(self, form: Any) -> None:
        """Compare it."""
        proven.prove(self.link, self.request, form.cleaned_data["digits"])

    def get_success_url(self) -> str:
        """The sheet."""
        return self.sheet_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The way to another code."""
        return super().get_context_data(again_url=self.go("links:front"), **kwargs)


class LeavePage(LinkAddress, FormPage):
    """Ends the proof in this browser: somebody else may sit at this computer next."""

    form_class = ConfirmForm
    title = "Bogen schließen"
    template_name = "links/leave.html"
    submit_label = "Bogen schließen"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nothing to see here."""
        return HttpResponseRedirect(self.go("links:front"))

    def save(self, form: Any) -> None:
        """Forget the proof."""
        proven.forget_proof(self.link, self.request)

    def get_success_message(self) -> str:
        """What that means."""
        return (
            "Der Bogen ist geschlossen. Was Sie gespeichert haben, ist noch da: öffnen Sie den "
            "Link einfach wieder."
        )

    def get_success_url(self) -> str:
        """Where the link leads."""
        return reverse("links:front", args=[self.kwargs["code"]])

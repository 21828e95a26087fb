"""What later rooms build their pages on: pages behind a link, and pages that send one."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from mentoring.ui.errors import Refused
from mentoring.ui.lists import Badge
from programmes.cycles.models import Cycle
from programmes.people.models import Person
from tandems.links import domain, proven
from tandems.links.forms import SendLinkForm
from tandems.links.models import PersonalLink
from tandems.links.registry import purposes

PROVE_AGAIN = (
    "Zur Sicherheit brauchen wir noch einmal einen Code. Es wurde noch nichts gespeichert, Ihre "
    "Eingaben sind aber aufbewahrt: sobald Sie den Code eingegeben haben, stehen sie wieder im "
    "Formular."
)
TOO_LONG = (
    "Zur Sicherheit brauchen wir noch einmal einen Code. Ihre Eingaben sind zu lang, um sie "
    "aufzubewahren: gehen Sie in Ihrem Browser zurück und kopieren Sie sie heraus."
)


def masked(email: str) -> str:
    """Enough of an address for who knows it: "e…@ahausen.example"."""
    name, _, host = email.partition("@")
    return f"{name[:1]}…@{host}"


class LinkAddress:
    """A page whose address holds the code of a link: a secret that no cache or log learns.

    ``link`` is set before the page answers; a link that leads nowhere gets the same answer
    whether it is wrong, ended or unknown, except to who had proven it in this session.
    """

    public: ClassVar[bool] = True
    keeps_typed: ClassVar[bool] = True
    """Whether a form that comes too late is kept; not for what a script posts by the way."""
    link: PersonalLink
    request: HttpRequest
    kwargs: dict[str, Any]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the link, answer, and keep the answer out of caches."""
        link = domain.find_link(kwargs["code"])
        if link is None or not self.takes(link):
            response: HttpResponseBase = self._dead()
        elif not domain.leads_on(link):
            response = self._ended(link) if proven.is_proven(link, request) else self._dead()
        else:
            self.link = link
            response = self.open(request, *args, **kwargs)
        add_never_cache_headers(response)
        # Its address is a secret: no other site and no search engine learns of it. Not
        # "no-referrer", for then browsers hide the origin that the CSRF check compares.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def takes(self, link: PersonalLink) -> bool:
        """Whether this page is for links like ``link``."""
        return True

    def open(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer for a link that leads somewhere."""
        response: HttpResponseBase = super().dispatch(  # type: ignore[misc]  # a page follows
            request, *args, **kwargs
        )
        return response

    def go(self, route: str) -> str:
        """The address of another page behind the same link."""
        return reverse(route, args=[self.kwargs["code"]])

    def _dead(self) -> HttpResponseBase:
        return TemplateResponse(
            self.request,
            "links/dead.html",
            {"title": "Dieser Link führt nicht weiter", "breadcrumbs": []},
            status=404,
        )

    def _ended(self, link: PersonalLink) -> HttpResponseBase:
        """What became of the sheet, and what was just typed: that is nowhere else."""
        context: dict[str, Any] = {
            "title": "Ihr persönlicher Link ist beendet",
            "breadcrumbs": [],
            "text": purposes.get(link.purpose).ended(link),
            "typed": [],
        }
        if self.request.method == "POST" and self.keeps_typed:
            context["typed"] = self.typed(self.request)
            proven.keep_typed(link, self.request)
        return TemplateResponse(self.request, "links/ended.html", context)

    def typed(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Label and value of what was posted, for who cannot save it any more."""
        return []


class ByLink(LinkAddress):
    """A page of a purpose, for who has proven the link; put it first among the bases.

    ``purpose`` names its entry in the registry. Without proof the visitor is led to the
    front page, and what they posted is shown again after it.
    """

    purpose: ClassVar[str]

    def takes(self, link: PersonalLink) -> bool:
        """Only links of this purpose."""
        return link.purpose == self.purpose

    def open(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer who has proven the link; keep what others posted."""
        if proven.is_proven(self.link, request):
            return super().open(request, *args, **kwargs)
        if request.method == "POST" and self.keeps_typed:
            kept = proven.keep_typed(self.link, request)
            messages.warning(request, PROVE_AGAIN if kept else TOO_LONG)
        return HttpResponseRedirect(self.go("links:front"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Until when there is time, and the way to leave."""
        context: dict[str, Any] = super().get_context_data(  # type: ignore[misc]  # a page follows
            link_until=self.link.expires_at, leave_url=self.go("links:leave"), **kwargs
        )
        # The forms of signed-in people are kept under their address, which is secret here.
        context["kept_token"] = ""
        return context


# --- For who sends links --------------------------------------------------------------
@dataclass(frozen=True)
class LinkShown:
    """The state of a record's last link, for the page of the record."""

    rows: list[tuple[str, Any]]
    is_open: bool
    send_url: str = ""
    end_url: str = ""


def last_link(purpose: str, record: int, user: Any) -> PersonalLink | None:
    """The newest link of a record, as far as ``user`` handles it."""
    found: PersonalLink | None = (
        PersonalLink.objects.visible_to(user)
        .filter(purpose=purpose, record=record)
        .select_related("cycle", "person")
        .order_by("-created_at", "-pk")
        .first()
    )
    return found


def shown(link: PersonalLink, *, send_url: str = "", end_url: str = "") -> LinkShown:
    """What the page of a record says of ``link``; without an address there is no button."""
    is_open = domain.leads_on(link)
    if is_open and link.opened_at:
        state = Badge("success", "geöffnet")
    elif is_open:
        state = Badge("info", "verschickt, noch nicht geöffnet")
    elif link.closed_at is None and link.expires_at <= timezone.now():
        state = Badge("warning", "abgelaufen")
    else:
        state = Badge("info", "beendet")
    rows: list[tuple[str, Any]] = [
        ("Stand", state),
        ("geschickt an", link.email),
        ("geschickt am", link.created_at),
        ("gültig bis", timezone.localtime(link.expires_at).date()),
    ]
    if link.opened_at:
        rows.append(("zuerst geöffnet am", link.opened_at))
    return LinkShown(rows, is_open, send_url, end_url if is_open else "")


class SendLink:
    """A confirm page that sends a link; put it before ``ObjectActionPage``.

    Say whom (``get_person()``), to what (``object``) and with which ``purpose``.
    """

    purpose: ClassVar[str]
    title = "Persönlichen Link senden"
    button_label = "Link senden"
    form_class: Any = SendLinkForm
    request: Any
    form: Any
    object: Any

    def get_title(self) -> str:
        """What is asked."""
        return self.title

    def get_person(self) -> Person:
        """Who gets the link."""
        found: Person = self.object.person
        return found

    def get_cycle(self) -> Cycle:
        """Its cycle."""
        found: Cycle = self.object.cycle
        return found

    def get_question(self) -> str:
        """Whom it goes to."""
        person = self.get_person()
        return f"Soll {person.full_name} einen persönlichen Link bekommen?"

    def consequences(self) -> list[str]:
        """Where it goes, and what becomes of the one before."""
        person = self.get_person()
        if not person.email:
            return ["Es ist keine E-Mail-Adresse eingetragen. Bitte tragen Sie sie zuerst ein."]
        lines = [
            f"Der Link geht an {person.email}. Beim Öffnen wird ein Code verlangt, der ebenfalls "
            "dorthin geschickt wird.",
        ]
        before = last_link(self.purpose, self.object.pk, self.request.user)
        if before is not None and domain.leads_on(before):
            lines.append("Der bisherige Link gilt dann nicht mehr. Gespeichertes bleibt erhalten.")
        return lines

    def perform(self) -> PersonalLink:
        """Send it."""
        return domain.open_link(
            purpose=self.purpose,
            record=self.object.pk,
            cycle=self.get_cycle(),
            person=self.get_person(),
            until=self.form.cleaned_data["until"],
            by=self.request.user,
        )

    def get_success_message(self) -> str:
        """Where it went."""
        person = self.get_person()
        return f"Der persönliche Link ist an {person.email} unterwegs."


class EndLink:
    """A confirm page that ends the link of ``object``; put it before ``ObjectActionPage``."""

    purpose: ClassVar[str]
    title = "Persönlichen Link beenden"
    question = "Soll der persönliche Link beendet werden?"
    button_label = "Link beenden"
    success_message = "Der persönliche Link ist beendet."
    request: Any
    object: Any

    def get_title(self) -> str:
        """What is asked."""
        return self.title

    def consequences(self) -> list[str]:
        """What stays."""
        return [
            "Wer den Link hat, kommt nicht mehr zum Bogen. Was schon gespeichert ist, bleibt.",
            "Sie können jederzeit einen neuen Link senden.",
        ]

    def perform(self) -> PersonalLink:
        """End it."""
        link = last_link(self.purpose, self.object.pk, self.request.user)
        if link is None:
            raise Refused("Es wurde noch kein persönlicher Link geschickt.")
        return domain.close_link(link, by=self.request.user)

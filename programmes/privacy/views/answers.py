"""Auskunft (Art. 15 and 20 DSGVO) and erasure on request (Art. 17 DSGVO)."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy

from mentoring.ui.forms import KernForm
from mentoring.ui.list_exports import filename
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import SIGNED_IN, Action, ObjectActionPage, ObjectMixin, PageView
from programmes.cycles.views.base import acting_user
from programmes.people.models import Person
from programmes.people.retention import erasure
from programmes.people.views import PEOPLE
from programmes.privacy import domain
from programmes.privacy.answer import Part, answer_for, as_json, as_pdf, own_answer

MY_DATA = Crumb("Meine Daten", reverse_lazy("my_data"))  # type: ignore[arg-type]  # text once shown
TYPES = {"pdf": "application/pdf", "json": "application/json"}


class AnswerBase(PageView):
    """The answer on the screen; ``parts()`` says about whom."""

    title = "Auskunft"
    template_name = "privacy/answer.html"

    def parts(self) -> list[Part]:
        """What is known."""
        raise NotImplementedError

    def name(self) -> str:
        """About whom."""
        raise NotImplementedError

    def file_url(self, form: str) -> str:
        """The address of the answer as a file."""
        raise NotImplementedError

    def actions(self) -> list[Action]:
        """As a file."""
        return [
            Action("Als PDF", self.file_url("pdf"), "primary", "download"),
            Action("Maschinenlesbar (JSON)", self.file_url("json"), icon="download"),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The parts."""
        return super().get_context_data(parts=self.parts(), name=self.name(), **kwargs)


class AnswerFile(AnswerBase):
    """The answer as a file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file in the form of the address."""
        form = self.kwargs["form"]
        if form not in TYPES:
            raise Http404
        made = (as_pdf if form == "pdf" else as_json)(self.parts(), self.name())
        response = HttpResponse(made, content_type=TYPES[form])
        # The name of the person would stand in the list of downloads for all to see.
        name = filename("Auskunft", form)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class OwnAnswer(AnswerBase):
    """What is known of oneself: for everybody with a sign-in."""

    rule = SIGNED_IN
    title = "Auskunft über meine Daten"

    def parts(self) -> list[Part]:
        """Person and sign-in."""
        return own_answer(acting_user(self.request))

    def name(self) -> str:
        """The person, or the sign-in of somebody who is none."""
        user = acting_user(self.request)
        person = Person.objects.filter(user=user).first()
        return person.full_name if person is not None else user.email

    def file_url(self, form: str) -> str:
        """Its file."""
        return reverse("privacy:own_file", args=[form])

    def breadcrumbs(self) -> list[Crumb]:
        """Below the own data."""
        return [MY_DATA]


class OwnAnswerFile(AnswerFile, OwnAnswer):
    """The own answer as a file."""


class PersonAnswer(ObjectMixin, AnswerBase):
    """What the own Personalstelle answers for somebody of its house."""

    model = Person
    rule = "privacy.answer"
    title = ""

    def get_title(self) -> str:
        """About whom."""
        return f"Auskunft: {self.object}"

    def parts(self) -> list[Part]:
        """What the reader may answer."""
        return answer_for(self.object, by=acting_user(self.request))

    def name(self) -> str:
        """The person."""
        return str(self.object.full_name)

    def file_url(self, form: str) -> str:
        """Its file."""
        return reverse("privacy:file", args=[self.object.pk, form])

    def breadcrumbs(self) -> list[Crumb]:
        """Below the person."""
        return [PEOPLE, Crumb(str(self.object), self.object.get_absolute_url())]


class PersonAnswerFile(AnswerFile, PersonAnswer):
    """The answer for somebody as a file."""


class EraseForm(KernForm):
    """The two things that must be typed."""

    reference = forms.CharField(
        label="Aktenzeichen des Antrags",
        max_length=100,
        help_text="Bleibt als Nachweis drei Jahre erhalten; deshalb ohne den Namen.",
    )
    typed_name = forms.CharField(
        label="Name der Person", max_length=250, help_text="Zur Bestätigung, wie er oben steht."
    )


class PersonErase(ObjectActionPage):
    """Erase a person on their request."""

    model = Person
    rule = "privacy.erase"
    form_class = EraseForm
    template_name = "privacy/erase.html"
    button_label = "Endgültig löschen"
    danger = True
    success_url = reverse_lazy("people")
    success_message = "Die Person und alles, was über sie gespeichert war, ist gelöscht."

    def get_title(self) -> str:
        """Whom."""
        return f"{self.object} löschen"

    def get_question(self) -> str:
        """Whom."""
        return f"Sollen alle Daten über {self.object} gelöscht werden?"

    def consequences(self) -> list[str]:
        """The same for everybody: what there is about this person must not be seen here."""
        return [
            "Gelöscht wird überall, was es über die Person gibt: "
            + ", ".join(share.label for share in erasure)
            + ".",
            "Dazu gehören Fotos, unterschriebene Bögen, ihre Einträge im Protokoll und fertige "
            "Exporte, in denen sie vorkommen könnte.",
            "War die Person Hälfte eines Tandems, geht auch dessen Jahr: die andere Hälfte sieht "
            "das Tandem und seine Treffen dann nicht mehr.",
            "Erhalten bleiben veröffentlichte Zahlen, die niemanden nennen, und der Nachweis, dass "
            "zu diesem Aktenzeichen gelöscht wurde.",
            "Ausgestellte Rechnungen müssen aufbewahrt werden (§ 147 AO). Gibt es eine, die die "
            "Person nennt, wird nichts gelöscht, und Sie lesen hier den Grund.",
            "Das lässt sich nicht rückgängig machen.",
        ]

    def breadcrumbs(self) -> list[Crumb]:
        """Below the person."""
        return [PEOPLE, Crumb(str(self.object), self.object.get_absolute_url())]

    def perform(self) -> Any:
        """By way of the domain."""
        return domain.erase_on_request(
            self.object,
            reference=self.form.cleaned_data["reference"],
            typed_name=self.form.cleaned_data["typed_name"],
            by=acting_user(self.request),
        )

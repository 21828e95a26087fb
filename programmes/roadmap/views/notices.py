"""Which reminders somebody wants: a page of the own account."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property

from mentoring.ui.views import SIGNED_IN, FormPage
from programmes.cycles.permissions import roles_of
from programmes.cycles.views.base import acting_user
from programmes.people.models import Person
from programmes.roadmap.domain.notices import choose_notices
from programmes.roadmap.forms.tasks import NoticeForm
from programmes.roadmap.models import NoticeChoice


class NoticePage(FormPage):
    """Switch reminders on and off, for everybody with a sign-in."""

    rule = SIGNED_IN
    title = "Meine Erinnerungen"
    template_name = "roadmap/notices.html"
    form_class = NoticeForm
    success_url = reverse_lazy("roadmap:notices")
    success_message = "Ihre Wahl ist gespeichert."

    @cached_property
    def person(self) -> Person | None:
        """The person of this sign-in; operators are nobody in a programme."""
        return Person.objects.filter(user=acting_user(self.request)).first()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Without a person there is nothing to choose."""
        if self.person is None:
            self.template_name = "people/no_person.html"
            return self.render_to_response({"title": self.title, "breadcrumbs": []})
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As a GET without a person."""
        if self.person is None:
            return self.get(request, *args, **kwargs)
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The choice as it stands; without one everything is wanted."""
        found = NoticeChoice.objects.filter(person=self.person).first()
        return {
            **super().get_form_kwargs(),
            "instance": found or NoticeChoice(person=self.person),
            "weekly": self.may_lead,
        }

    @property
    def may_lead(self) -> bool:
        """Whether the summary for Treiber/innen may come: now, or with the next Durchgang."""
        roles = roles_of(self.request.user)
        return bool(roles.leading or roles.permanent)

    def save(self, form: Any) -> NoticeChoice:
        """By way of the domain."""
        data, person = form.cleaned_data, self.person
        assert person is not None  # post() saw to it
        return choose_notices(
            person,
            reminders=data["reminders"],
            # Not asked, it stays as it was.
            weekly=data.get("weekly", form.instance.weekly),
            by=acting_user(self.request),
        )

    def get_cancel_url(self) -> str:
        """Back to the start page."""
        return reverse("start")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Where the mails go."""
        return super().get_context_data(person=self.person, **kwargs)

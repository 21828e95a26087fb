"""The page of an idea or mentor, entering and changing ideas, what to say to somebody."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from mentoring.log.domain import record_access
from mentoring.ui.lists import Badge
from mentoring.ui.navigation import Crumb
from mentoring.ui.pdf import house_pdf
from mentoring.ui.views import Action, CreatePage, DetailPage, PageView, UpdatePage
from programmes.cycles.models import ParticipationState
from programmes.organisations.models import Municipality
from programmes.people.permissions import posts_of
from tandems.mentors import domain
from tandems.mentors.forms import IdeaForm
from tandems.mentors.guide import guide_of
from tandems.mentors.models import Approach, Mentor, MentorState, PoolEntry
from tandems.mentors.pages import STATE_BADGES, InCycle, OnMentor
from tandems.mentors.registries import mentor_actions, mentor_sections
from tandems.mentors.steps import open_steps
from tandems.profiles.questions import Needed, missing, read


class MentorDetail(OnMentor, DetailPage):
    """Where the search stands with somebody; with the Profilbogen once they agreed."""

    rule = "mentors.view"
    template_name = "mentors/detail.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it, and log that it was shown."""
        record_access(self.mentor, by=request.user)
        return super().get(request, *args, **kwargs)

    def get_title(self) -> str:
        """The name, or the function."""
        return self.mentor.called

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the list."""
        return super().breadcrumbs()[:-1]

    def details(self) -> list[tuple[str, Any]]:
        """What is noted, and no more than is."""
        mentor, person = self.mentor, self.mentor.person
        rows: list[tuple[str, Any]] = [
            ("Stand", Badge(STATE_BADGES.get(mentor.state, "info"), mentor.get_state_display())),
            ("Kommune", mentor.municipality),
            ("Funktion", mentor.position),
        ]
        further: tuple[tuple[str, Any], ...] = (
            ("Fachbereich oder Amt", mentor.department),
            ("Themen", mentor.topic_labels),
            ("Idee von", mentor.had_by),
            ("E-Mail-Adresse", person.email if person else ""),
            ("Telefon", person.phone if person else ""),
            ("pausiert bis", mentor.paused_until),
            ("zugesagt am", mentor.agreed_on),
        )
        rows += [(label, value) for label, value in further if value]
        if mentor.state == MentorState.AGREED:
            rows.append(("so viele Mentees", mentor.capacity))
            handed_in = mentor.handed_in_at
            rows.append(
                (
                    "Profilbogen",
                    f"abgegeben am {timezone.localtime(handed_in):%d.%m.%Y}"
                    if handed_in
                    else Badge("warning", "noch nicht abgegeben"),
                )
            )
        return rows

    def actions(self) -> list[Action]:
        """The steps that are open now to this user."""
        mentor = self.mentor
        own = [
            Action(step.label, self.page(step.name, mentor.pk), step.kind, step.icon)
            for step in open_steps(mentor, self.allowed)
        ]
        further = (make(self.request.user, mentor) for make in mentor_actions)
        order = ("primary", "secondary", "tertiary")
        found = [*own, *(action for action in further if action is not None)]
        return sorted(found, key=lambda action: order.index(action.kind))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The approaches, and the Profilbogen as this reader may read it."""
        mentor = self.mentor
        agreed = mentor.state == MentorState.AGREED
        parts = (make(self.request.user, mentor) for make in mentor_sections)
        return super().get_context_data(
            approaches=Approach.objects.visible_to(self.request.user)
            .filter(mentor=mentor)
            .select_related("by"),
            earlier=self._earlier(),
            further_sections=[part for part in parts if part is not None],
            sections=read(mentor, self.reader, mentor.sheet) if agreed else [],
            missing=[q.label for q in missing(mentor, Needed.TO_SUBMIT, mentor.sheet)]
            if agreed and not mentor.handed_in_at
            else [],
            **kwargs,
        )

    def _earlier(self) -> list[domain.Asked]:
        """How somebody of the pool was asked before, for the Beirat."""
        entries = PoolEntry.objects.visible_to(self.request.user).filter(
            programme=self.cycle.programme_id, person=self.mentor.person_id
        )
        found = domain.last_asked(entries).get(self.mentor.person_id or 0, [])
        return [asked for asked in found if asked.number != self.cycle.number]


class NewIdea(InCycle, CreatePage):
    """Enter an idea: a function and a house."""

    rule = "mentors.add"
    title = "Idee eintragen"
    submit_label = "Idee eintragen"
    model = Mentor
    form_class = IdeaForm
    success_message = "Die Idee ist eingetragen."

    def get_form_kwargs(self) -> dict[str, Any]:
        """For HR staff the own Kommune, for the Beirat all that take part."""
        return {
            **super().get_form_kwargs(),
            "cycle": self.cycle,
            "user": self.request.user,
            "municipalities": self._municipalities(),
        }

    def get_initial(self) -> dict[str, Any]:
        """The own Kommune first: there one knows people best."""
        person = getattr(self.request.user, "person", None)
        return {"municipality": person.municipality_id if person is not None else None}

    def _municipalities(self) -> list[Municipality]:
        taking_part = self.cycle.participations.filter(state=ParticipationState.CONFIRMED)
        houses = Municipality.objects.filter(pk__in=taking_part.values("municipality"))
        if not self.allowed("mentors.pool", self.cycle):
            houses = houses.filter(pk__in=posts_of(self.request.user).municipalities)
        return list(houses)

    def save(self, form: IdeaForm) -> Mentor:
        """By way of the domain."""
        values = form.cleaned_data
        return domain.add_idea(
            cycle=self.cycle,
            municipality=values["municipality"],
            position=values["position"],
            department=values["department"],
            topics=values["topics"],
            by=self.request.user,
        )

    def get_success_url(self) -> str:
        """The new idea."""
        return self.page("detail", self.saved.pk)


class EditIdea(OnMentor, UpdatePage):
    """Change an idea."""

    rule = "mentors.change_idea"
    title = "Idee bearbeiten"
    form_class = IdeaForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """The Kommune stays: an idea for another one is another idea."""
        return {**super().get_form_kwargs(), "cycle": self.cycle, "user": self.request.user}

    def save(self, form: IdeaForm) -> Mentor:
        """By way of the domain."""
        return domain.change_idea(form.instance, by=self.request.user)


class GuidePage(InCycle, PageView):
    """What to say to somebody, and a text to copy. It knows of no mentee."""

    rule = "mentors.guide"
    title = "Anfragetext und Gesprächsleitfaden"
    template_name = "mentors/guide.html"

    def actions(self) -> list[Action]:
        """To take along."""
        return [Action("Als PDF", self.page("guide_pdf"), "secondary", "download")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Dates and tasks."""
        return super().get_context_data(guide=guide_of(self.cycle, self.request.user), **kwargs)


class GuidePdf(GuidePage):
    """The same on paper."""

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The PDF."""
        return HttpResponse(
            house_pdf("mentors/guide_pdf.html", context),
            content_type="application/pdf",
            headers={"Content-Disposition": 'inline; filename="gespraechsleitfaden.pdf"'},
        )

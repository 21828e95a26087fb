"""The form of the Profilbogen for mentors."""

from typing import Any

import rules
from crispy_forms.layout import HTML

from tandems.mentors import domain
from tandems.mentors.models import Mentor
from tandems.profiles.forms import SheetForm, note
from tandems.profiles.questions import Question

HINT = (
    "Zwischenspeichern geht jederzeit. Alles, was nicht „optional“ heißt, brauchen Sie erst zum "
    "Abgeben. Nennen Sie am Telefon keine Bewerberin und keinen Bewerber."
)


class MentorSheetForm(SheetForm):
    """The Profilbogen of one mentor.

    For the mentor's own link: ``MentorSheetForm(own=True, instance=…)``, with a subclass for
    its own buttons and words.
    """

    buttons = "mentors/parts/buttons.html"

    class Meta:
        model = Mentor
        fields: tuple[str, ...] = ()

    def changeable(self, instance: Mentor) -> list[Question]:
        """As the state says."""
        return domain.changeable(instance)

    def may_change_person(self, instance: Mentor) -> bool:
        """Who acts in the programme keeps their contact data by their own sign-in."""
        person = instance.person
        if person is None:
            return False
        if self.own:
            return person.user_id is None
        return bool(rules.test_rule("people.change", self.user, person))

    def before(self) -> list[Any]:
        """What the buttons do."""
        return [] if self.own else [note(HINT)]

    def after(self) -> list[Any]:
        """The row of buttons."""
        return [HTML(f'{{% include "{self.buttons}" %}}')] if self.buttons else []

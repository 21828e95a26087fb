"""People on whom nothing hangs any more: they go with the last record about them."""

from collections import defaultdict
from collections.abc import Collection

from django.db import models

from mentoring.log.domain import forget
from mentoring.registry import Registry
from programmes.events.models import Attendee
from programmes.outbox.models import Delivery
from programmes.people import retention
from programmes.people.models import Invitation, Person
from programmes.roadmap.models import NoticeChoice, Reminder, Task, WeeklySummary
from programmes.rundmails.models import Recipient

Relation = tuple[type[models.Model], str]

loose: Registry[Relation] = Registry("relations that keep no person")
"""Model and field: what goes along when a person goes, and is no reason to keep them."""

evidence: Registry[Relation] = Registry("relations that prove something about a person")
"""Model and field: what keeps a person's name and Kommune, and nothing else of them."""

for _model in (
    Attendee,
    Delivery,
    Invitation,
    NoticeChoice,
    Recipient,
    Reminder,
    Task,
    WeeklySummary,
):
    loose.add(_model._meta.label_lower, (_model, "person"))


def release(people: Collection[int]) -> int:
    """Erase those of ``people`` on whom nothing else hangs; returns how many.

    A sign-in, a post, a seat, a place among the participants, another application keep a
    person whole; who is kept by evidence alone loses the contact data.
    """
    people = {pk for pk in people if pk is not None}
    held = held_by(people)
    proofs = {model for model, _ in evidence}
    count = 0
    for person in Person.objects.filter(pk__in=people).order_by("pk"):
        kept_by = held[person.pk]
        if person.user_id is not None or kept_by - proofs:
            continue
        if kept_by:
            _forget_contact(person)
        else:
            retention.erase(person, by=None)
            count += 1
    return count


def held_by(people: Collection[int]) -> dict[int, set[type[models.Model]]]:
    """For each of these people the models whose records keep them.

    Asks every relation that points to ``Person``, also those of rooms not yet built; not
    those that are emptied or that go along when a person goes.
    """
    weak = set(loose)
    found: dict[int, set[type[models.Model]]] = defaultdict(set)
    for relation in Person._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel):
            continue
        field = relation.field
        model = field.model
        if field.many_to_many or model._meta.auto_created or (model, field.name) in weak:
            continue
        if getattr(relation, "on_delete", None) is models.SET_NULL:
            continue
        rows = model._base_manager.filter(**{f"{field.name}__in": list(people)})
        for pk in rows.order_by().values_list(field.name, flat=True).distinct():
            found[pk].add(model)
    return found


def _forget_contact(person: Person) -> None:
    """Leave name and Kommune, by which a consent can still be shown to be theirs."""
    gone = ("salutation", "email", "phone", "position")
    if any(getattr(person, name) for name in gone):
        for name in gone:
            setattr(person, name, "")
        person.save()
    invitations = list(person.invitations.values_list("pk", flat=True))
    person.invitations.all().delete()
    forget(Person, [person.pk])
    forget(Invitation, invitations)

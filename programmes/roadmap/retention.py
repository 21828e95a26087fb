"""What this room knows of a person, how long it keeps it, and how it is erased on request."""

from datetime import timedelta

from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from programmes.people.models import Person
from programmes.people.retention import DataPeriod, PersonalData
from programmes.roadmap.models import NoticeChoice, Reminder, Task, WeeklySummary

KEEP_DAYS = 180
"""A reminder is long past by then: it is only looked at around its date."""


def known(person: Person) -> list[tuple[str, str]]:
    """Their tasks, what they were reminded of, and what mail they want."""
    rows = [
        ("Aufgabe", f"{task}, {task.cycle}, {task.get_state_display()}")
        for task in Task.objects.filter(person=person).select_related("cycle").order_by("pk")
    ]
    reminders = Reminder.objects.filter(person=person).select_related("milestone", "task")
    rows += [
        (f"Erinnerung vom {timezone.localtime(row.created_at):%d.%m.%Y}", about)
        for row in reminders.order_by("created_at", "pk")
        if (about := str(row.milestone or row.task))
    ]
    rows += [
        ("Wochenübersicht", f"Woche ab {row.monday:%d.%m.%Y}")
        for row in WeeklySummary.objects.filter(person=person).order_by("monday")
    ]
    choice = NoticeChoice.objects.filter(person=person).first()
    if choice is not None:
        for label, wanted in (
            ("Erinnerungen", choice.reminders),
            ("Wöchentliche Übersicht", choice.weekly),
        ):
            rows.append((label, "erwünscht" if wanted else "abbestellt"))
    return rows


def erase(person: Person, by: User) -> None:
    """Leave the tasks without a person; delete reminders and what mail was wanted."""
    with acting(by):
        Task.objects.filter(person=person).update(person=None)
        for model in (Reminder, WeeklySummary, NoticeChoice):
            model._default_manager.filter(person=person).delete()


def delete_old() -> int:
    """Delete the rows of reminders whose date is long past; returns how many."""
    before = timezone.localdate() - timedelta(days=KEEP_DAYS)
    reminders: int = Reminder.objects.filter(due_on__lt=before).delete()[0]
    summaries: int = WeeklySummary.objects.filter(monday__lt=before).delete()[0]
    return reminders + summaries


SHARE = PersonalData("Aufgaben und Erinnerungen", known, erase)
PERIOD = DataPeriod("Erinnerungen", "Datum, an das erinnert wurde", KEEP_DAYS, delete_old)

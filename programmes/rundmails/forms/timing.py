"""When a mail goes out: at once, at a time, or so many days from a milestone."""

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils import timezone

from programmes.cycles.models import Cycle
from programmes.roadmap.models import Milestone
from programmes.rundmails.models import Rundmail

MORNING = time(8, 0)
MAX_DAYS = 366
LAST_YEAR = 2100


class When(TextChoices):
    """The three ways to say when."""

    NOW = "now", "sofort nach der Freigabe"
    AT = "at", "zu einem festen Zeitpunkt"
    HUNG = "hung", "an einem Meilenstein (und verschiebt sich mit ihm)"


class Side(TextChoices):
    """On which side of a milestone."""

    BEFORE = "before", "vor dem Meilenstein"
    AFTER = "after", "nach dem Meilenstein"


def timing_fields(cycle: Cycle, user: Any) -> dict[str, forms.Field]:
    """The fields, for a cycle's milestones as far as ``user`` may see them."""
    milestones = Milestone.objects.visible_to(user).filter(cycle=cycle)
    return {
        "when": forms.ChoiceField(label="Versand", choices=When.choices, widget=forms.RadioSelect),
        "send_on": forms.DateField(
            label="Am", required=False, help_text="Nur bei einem festen Zeitpunkt."
        ),
        "milestone": forms.ModelChoiceField(
            milestones,
            label="Meilenstein",
            required=False,
            empty_label="– keiner –",
            help_text="Die Mail steht dann auch auf der Seite des Meilensteins.",
        ),
        "days": forms.IntegerField(
            label="Tage", required=False, min_value=0, max_value=MAX_DAYS, initial=14
        ),
        "side": forms.ChoiceField(
            label="Davor oder danach?", required=False, choices=Side.choices, initial=Side.BEFORE
        ),
        "clock": forms.TimeField(
            label="Uhrzeit",
            required=False,
            initial=MORNING,
            help_text="Beim festen Zeitpunkt und am Meilenstein.",
        ),
    }


def initial_of(mail: Rundmail) -> dict[str, Any]:
    """What the fields show for a stored mail."""
    values: dict[str, Any] = {
        "when": When.NOW,
        "milestone": mail.milestone_id,
        "clock": mail.send_time or MORNING,
    }
    if mail.days_from_milestone is not None:
        values["when"] = When.HUNG
        values["days"] = abs(mail.days_from_milestone)
        values["side"] = Side.AFTER if mail.days_from_milestone > 0 else Side.BEFORE
    elif mail.send_at is not None and mail.send_at > timezone.now():
        local = timezone.localtime(mail.send_at)
        values.update(when=When.AT, send_on=local.date(), clock=local.time().replace(second=0))
    return values


def problems_of(values: dict[str, Any]) -> dict[str, str]:
    """What is wrong with the typed values, by field."""
    found = {}
    if values.get("when") == When.AT:
        day = values.get("send_on")
        if day is None:
            found["send_on"] = "Bitte geben Sie an, an welchem Tag die Mail hinausgehen soll."
        elif day < timezone.localdate() or day.year > LAST_YEAR:
            found["send_on"] = "Bitte wählen Sie einen Tag ab heute."
        else:
            try:
                local_moment(day, values.get("clock") or MORNING)
            except ValidationError as error:
                found["clock"] = error.messages[0]
    if values.get("when") == When.HUNG:
        if values.get("milestone") is None:
            found["milestone"] = "Bitte wählen Sie den Meilenstein, an dem die Mail hängt."
        if values.get("days") is None:
            found["days"] = "Bitte geben Sie die Zahl der Tage an, 0 für den Tag selbst."
    return found


def local_moment(day: Any, clock: time) -> datetime:
    """Day and time in Germany; raises ``ValidationError`` where the clock leaps over it.

    An hour that comes twice (in October) means its first turn.
    """
    moment = timezone.make_aware(datetime.combine(day, clock))
    back = timezone.localtime(moment.astimezone(UTC))
    if back.replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise ValidationError(
            "Diese Uhrzeit gibt es an dem Tag nicht: Die Uhr wird dann auf Sommerzeit "
            "umgestellt. Bitte wählen Sie eine andere."
        )
    return moment


def fill(mail: Rundmail, values: dict[str, Any]) -> None:
    """Write the checked values into ``mail``; what was not chosen is emptied."""
    when, clock = values["when"], values.get("clock") or MORNING
    mail.milestone = values.get("milestone")
    mail.send_at = mail.send_time = mail.days_from_milestone = None
    if when == When.AT:
        mail.send_at = local_moment(values["send_on"], clock)
    elif when == When.HUNG:
        sign = -1 if values.get("side") != Side.AFTER else 1
        mail.days_from_milestone = sign * values["days"]
        mail.send_time = clock


def in_words(mail: Rundmail) -> str:
    """Such as "14 Tage vor dem Meilenstein „Startworkshop“, um 08:00 Uhr"."""
    if mail.days_from_milestone is not None and mail.send_time is not None:
        number = abs(mail.days_from_milestone)
        side = "nach" if mail.days_from_milestone > 0 else "vor"
        days = "1 Tag" if number == 1 else f"{number} Tage"
        title = f" „{mail.milestone}“" if mail.milestone else " (gibt es nicht mehr)"
        where = (
            f"am ersten Tag des Meilensteins{title}"
            if number == 0
            else f"{days} {side} dem Meilenstein{title}"
        )
        return f"{where}, um {mail.send_time:%H:%M} Uhr"
    if mail.send_at is not None:
        return f"am {timezone.localtime(mail.send_at):%d.%m.%Y um %H:%M} Uhr"
    return "sofort nach der Freigabe"

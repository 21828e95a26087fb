"""The Celery application. Its messages only wake: see `mentoring.jobs.sweep`."""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")

app = Celery("mentoring")
app.config_from_object("django.conf:settings", namespace="CELERY")


def _rooms() -> list[str]:
    from mentoring.rooms import all_rooms

    return all_rooms()


app.autodiscover_tasks(_rooms)
app.conf.beat_schedule = {
    "sweep": {
        "task": "mentoring.jobs.tasks.sweep",
        "schedule": settings.SWEEP_SECONDS,
        "options": {"expires": settings.SWEEP_SECONDS},
    },
}
app.conf.beat_schedule_filename = str(settings.DATA_DIR / "beat")

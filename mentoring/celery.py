"""The Celery application. Its messages only wake: see `mentoring.jobs.sweep`."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

TRANSPORT_ALIASES["folder"] = "mentoring.jobs.broker:Transport"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")

app = Celery("mentoring")
app.config_from_object("django.conf:settings", namespace="CELERY")


def _rooms() -> list[str]:
    from mentoring.rooms import all_rooms

    return all_rooms()


app.autodiscover_tasks(_rooms)

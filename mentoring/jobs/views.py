"""A user's own long work: what runs, how far it is, and what came of it."""

from typing import Any

from django.urls import reverse

from mentoring.jobs.domain import RESULT_DAYS, stop_job
from mentoring.jobs.models import Job, JobQuerySet, JobState
from mentoring.ui.lists import Badge, Column, ListPage
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import SIGNED_IN, DetailPage, ObjectActionPage

_KINDS = {
    JobState.QUEUED: "info",
    JobState.RUNNING: "info",
    JobState.DONE: "success",
    JobState.FAILED: "danger",
    JobState.STOPPED: "warning",
}


def state_badge(job: Job) -> Badge:
    """Where the job stands, as shown."""
    return Badge(_KINDS[JobState(job.state)], job.get_state_display())


def _trail() -> list[Crumb]:
    return [Crumb("Meine Aufträge", reverse("jobs:list"))]


class JobList(ListPage):
    """All of the user's own jobs, the newest first."""

    rule = SIGNED_IN
    list_name = "jobs.mine"
    title = "Meine Aufträge"
    exportable = False
    default_sort = "-created"
    columns = (
        Column("title", "Auftrag", "title", link=lambda job: job.get_absolute_url()),
        Column("state", "Stand", state_badge),
        Column("created", "Beauftragt am", "created_at", sort="created_at"),
        Column("finished", "Beendet am", "finished_at"),
        Column(
            "result",
            "Ergebnis",
            lambda job: job.result.name if job.result else "",
            link=lambda job: job.result.get_absolute_url() if job.result else None,
        ),
    )
    empty_title = "Sie haben noch keine Aufträge"
    empty_text = (
        "Was länger dauert, etwa der Export einer langen Liste, läuft im Hintergrund und steht "
        "dann hier."
    )

    def get_queryset(self) -> JobQuerySet:
        """The user's own jobs."""
        return Job.objects.visible_to(self.request.user).select_related("result")


class JobPage(DetailPage):
    """One job with its progress; while it is open the page fetches itself anew."""

    rule = SIGNED_IN
    model = Job
    template_name = "jobs/detail.html"
    breadcrumbs = staticmethod(_trail)

    def get_queryset(self) -> JobQuerySet:
        """The user's own jobs."""
        return Job.objects.visible_to(self.request.user).select_related("result")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The state as a badge, and how long a result is kept."""
        return super().get_context_data(badge=state_badge(self.object), days=RESULT_DAYS, **kwargs)


class StopPage(ObjectActionPage):
    """Asks whether the job shall end, and ends it."""

    rule = "jobs.stop"
    model = Job
    title = "Auftrag stoppen"
    question = "Möchten Sie diesen Auftrag stoppen?"
    button_label = "Auftrag stoppen"
    success_message = "Der Auftrag wird gestoppt."

    def breadcrumbs(self) -> list[Crumb]:
        """The list and the job."""
        return [*_trail(), Crumb(self.object.title, self.object.get_absolute_url())]

    def consequences(self) -> list[str]:
        """What goes with it."""
        return ["Was bisher entstanden ist, wird verworfen. Sie können ihn neu beauftragen."]

    def perform(self) -> Job:
        """Stop it."""
        stop_job(self.object, by=self.request.user)
        return self.object

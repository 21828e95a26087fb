"""Addresses of the Fahrplan, its Aufgaben, the calendar feed and the reminders."""

from django.urls import URLPattern, URLResolver, include, path

from programmes.roadmap.views import (
    feed,
    load,
    milestones,
    notices,
    planning,
    table,
    tasks,
    template,
    timeline,
)

app_name = "roadmap"

_milestone: list[URLPattern | URLResolver] = [
    path("", milestones.MilestonePage.as_view(), name="milestone"),
    path("bearbeiten/", milestones.MilestoneChange.as_view(), name="milestone_change"),
    path("verschieben/", planning.MovePage.as_view(), name="milestone_move"),
    path("erledigt/", milestones.MilestoneDone.as_view(), name="milestone_done"),
    path("entfaellt/", milestones.MilestoneDrop.as_view(), name="milestone_drop"),
    path("wieder-oeffnen/", milestones.MilestoneReopen.as_view(), name="milestone_reopen"),
]
_roadmap: list[URLPattern | URLResolver] = [
    path("tabelle/", table.MilestoneTable.as_view(), name="table"),
    path("anlegen/", planning.PlanPage.as_view(), name="plan"),
    path("neu/", milestones.MilestoneCreate.as_view(), name="milestone_add"),
    path("verschiebungen/", table.MoveList.as_view(), name="moves"),
    path("verschiebungen/<int:pk>/zuruecknehmen/", table.MoveUndo.as_view(), name="move_undo"),
    path("<int:pk>/", include(_milestone)),
]
_template: list[URLPattern | URLResolver] = [
    path("", template.TemplatePage.as_view(), name="template"),
    path("zuruecksetzen/", template.TemplateReset.as_view(), name="template_reset"),
    path(
        "meilensteine/neu/",
        template.TemplateMilestoneCreate.as_view(),
        name="template_milestone_add",
    ),
    path(
        "meilensteine/<int:entry_pk>/",
        template.TemplateMilestoneChange.as_view(),
        name="template_milestone",
    ),
    path(
        "meilensteine/<int:entry_pk>/loeschen/",
        template.TemplateMilestoneDelete.as_view(),
        name="template_milestone_delete",
    ),
    path("aufgaben/neu/", template.TemplateTaskCreate.as_view(), name="template_task_add"),
    path(
        "aufgaben/<int:entry_pk>/",
        template.TemplateTaskChange.as_view(),
        name="template_task",
    ),
    path(
        "aufgaben/<int:entry_pk>/loeschen/",
        template.TemplateTaskDelete.as_view(),
        name="template_task_delete",
    ),
]
_task: list[URLPattern | URLResolver] = [
    path("", tasks.TaskPage.as_view(), name="task"),
    path("bearbeiten/", tasks.TaskChange.as_view(), name="task_change"),
    path("erledigt/", tasks.TaskDone.as_view(), name="task_done"),
    path("wieder-oeffnen/", tasks.TaskReopen.as_view(), name="task_reopen"),
    path("uebernehmen/", tasks.TaskTakeOver.as_view(), name="task_take_over"),
    path("loeschen/", tasks.TaskDelete.as_view(), name="task_delete"),
]
_tasks: list[URLPattern | URLResolver] = [
    path("", tasks.TaskList.as_view(), name="tasks"),
    path("neu/", tasks.TaskCreate.as_view(), name="task_add"),
    path("verteilung/", load.LoadPage.as_view(), name="load"),
    path("<int:pk>/", include(_task)),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path(
        "durchgaenge/<int:cycle_pk>/fahrplan/",
        timeline.TimelinePage.as_view(),
        name="timeline",
    ),
    path(
        "durchgaenge/<int:cycle_pk>/fahrplan/pdf/",
        timeline.TimelinePdf.as_view(),
        name="pdf",
    ),
    path("konto/kalender/", feed.CalendarPage.as_view(), name="calendar"),
    path("konto/kalender/neu/", feed.CalendarLinkCreate.as_view(), name="calendar_link_create"),
    path(
        "konto/kalender/abschalten/",
        feed.CalendarLinkRevoke.as_view(),
        name="calendar_link_revoke",
    ),
    path("kalender/<str:token>.ics", feed.Feed.as_view(), name="feed"),
    path("durchgaenge/<int:cycle_pk>/fahrplan/", include(_roadmap)),
    path("programme/<int:pk>/fahrplan/", include(_template)),
    path("durchgaenge/<int:cycle_pk>/aufgaben/", include(_tasks)),
    path("konto/erinnerungen/", notices.NoticePage.as_view(), name="notices"),
]

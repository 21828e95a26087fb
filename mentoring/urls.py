"""The one map of addresses. A room's own addresses stand in its `urls.py`."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("mentoring.ui.urls")),
    path("", include("mentoring.accounts.urls")),
    path("", include("mentoring.files.urls")),
    path("", include("mentoring.jobs.urls")),
    path("", include("programmes.organisations.urls")),
    path("", include("programmes.people.urls")),
    path("", include("programmes.outbox.urls")),
    path("", include("programmes.cycles.urls")),
    path("", include("tandems.applications.urls")),
    path("verwaltung/", admin.site.urls),
]

handler400 = "mentoring.ui.errors.bad_request"
handler403 = "mentoring.ui.errors.permission_denied"
handler404 = "mentoring.ui.errors.page_not_found"
handler500 = "mentoring.ui.errors.server_error"

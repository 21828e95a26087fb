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
    path("", include("programmes.documents.urls")),
    path("", include("programmes.roadmap.urls")),
    path("", include("programmes.events.urls")),
    path("", include("programmes.registrations.urls")),
    path("", include("programmes.groups.urls")),
    path("", include("programmes.rundmails.urls")),
    path("", include("programmes.billing.urls")),
    path("", include("programmes.payments.urls")),
    path("", include("programmes.invoice_mails.urls")),
    path("", include("programmes.suppliers.urls")),
    path("", include("programmes.budget.urls")),
    path("", include("programmes.certificates.urls")),
    path("", include("programmes.sheets.urls")),
    path("", include("programmes.calls.urls")),
    path("", include("programmes.privacy.urls")),
    path("", include("tandems.profiles.urls")),
    path("", include("tandems.links.urls")),
    path("", include("tandems.applications.urls")),
    path("", include("tandems.imports.urls")),
    path("", include("tandems.selection.urls")),
    path("", include("tandems.places.urls")),
    path("", include("tandems.mentors.urls")),
    path("", include("tandems.pairs.urls")),
    path("", include("tandems.matching.urls")),
    path("", include("tandems.suggestions.urls")),
    path("", include("tandems.reveal.urls")),
    path("", include("tandems.meetings.urls")),
    path("", include("tandems.portal.urls")),
    path("verwaltung/", admin.site.urls),
]

handler400 = "mentoring.ui.errors.bad_request"
handler403 = "mentoring.ui.errors.permission_denied"
handler404 = "mentoring.ui.errors.page_not_found"
handler500 = "mentoring.ui.errors.server_error"

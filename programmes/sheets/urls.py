"""Addresses of the sheets of an event, and of the lists and sheets of a Durchgang."""

from django.urls import include, path

from programmes.sheets import cycle_views, lists, views, workshop_views

app_name = "sheets"
_SHEETS = "durchgaenge/<int:cycle_pk>/veranstaltungen/<int:pk>/blaetter/"

cycle = [
    path("", cycle_views.ListsPage.as_view(), name="lists"),
    path("anwesenheit/", lists.AttendanceOverview.as_view(), name="attendance"),
    path("catering/", lists.CateringList.as_view(), name="catering"),
    path("kontakte/", lists.ContactList.as_view(), name="contacts"),
    path("etiketten/", cycle_views.LabelsPage.as_view(), name="labels"),
    path("etiketten/<slug:form>/", cycle_views.LabelsFile.as_view(), name="labels_file"),
    path("namensschilder/", cycle_views.BadgesPage.as_view(), name="badges"),
    path("namensschilder/<slug:form>/", cycle_views.BadgesFile.as_view(), name="badges_file"),
    path("startworkshop/", workshop_views.WorkshopPage.as_view(), name="workshop"),
]

urlpatterns = [
    path(_SHEETS, views.SheetsPage.as_view(), name="sheets"),
    path(f"{_SHEETS}<slug:sheet>/<slug:form>/", views.SheetFile.as_view(), name="sheet"),
    path("durchgaenge/<int:cycle_pk>/listen/", include(cycle)),
]

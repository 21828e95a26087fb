from django.urls import URLPattern, URLResolver, include, path

from tandems.applications import steps, views

app_name = "applications"

_one: list[URLPattern | URLResolver] = [
    path("", views.ApplicationDetail.as_view(), name="detail"),
    path("bogen.pdf", views.ApplicationSheet.as_view(), name="sheet"),
    path("bearbeiten/", views.EditApplication.as_view(), name="edit"),
    path("einreichen/", steps.SubmitPage.as_view(), name="submit"),
    path("zurueckholen/", steps.ReturnPage.as_view(), name="return"),
    path("nominieren/", steps.NominatePage.as_view(), name="nominate"),
    path("rang/", steps.RankPage.as_view(), name="rank"),
    path("nicht-nominieren/", steps.NotNominatePage.as_view(), name="not_nominate"),
    path("neu-entscheiden/", steps.ReconsiderPage.as_view(), name="reconsider"),
    path("zurueckziehen/", steps.WithdrawPage.as_view(), name="withdraw"),
    path("loeschen/", steps.DeletePage.as_view(), name="delete"),
]
_all: list[URLPattern | URLResolver] = [
    path("", views.ApplicationList.as_view(), name="list"),
    path("neu/", views.NewApplication.as_view(), name="new"),
    path("<int:pk>/", include(_one)),
]
urlpatterns = [path("durchgaenge/<int:cycle_pk>/bewerbungen/", include(_all))]

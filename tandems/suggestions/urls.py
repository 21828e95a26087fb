"""Addresses of the suggestions."""

from django.urls import URLPattern, URLResolver, include, path

from tandems.suggestions import views

app_name = "suggestions"

_matching: list[URLPattern | URLResolver] = [
    path("vorschlaege/", views.SuggestionsPage.as_view(), name="suggestions"),
    path("vorschlaege/berechnen/", views.ComputePage.as_view(), name="compute"),
    path("vorschlaege/beste/", views.BestPage.as_view(), name="best"),
    path(
        "vorschlaege/<int:application_pk>/<int:mentor_pk>/",
        views.TakePage.as_view(),
        name="take",
    ),
    path("gewichte/", views.WeightsPage.as_view(), name="weights"),
    path("gewichte/standard/", views.ResetWeightsPage.as_view(), name="reset_weights"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("durchgaenge/<int:cycle_pk>/matching/", include(_matching)),
]

"""Addresses of the periods of deletion, of the Auskunft and of the erasure."""

from django.urls import URLPattern, URLResolver, path

from programmes.privacy.views import answers, periods

app_name = "privacy"

urlpatterns: list[URLPattern | URLResolver] = [
    path(
        "durchgaenge/<int:cycle_pk>/loeschfristen/", periods.PeriodsPage.as_view(), name="periods"
    ),
    path(
        "durchgaenge/<int:cycle_pk>/loeschfristen/<str:key>/",
        periods.PeriodChange.as_view(),
        name="period",
    ),
    path("meine-daten/auskunft/", answers.OwnAnswer.as_view(), name="own"),
    path("meine-daten/auskunft/<str:form>/", answers.OwnAnswerFile.as_view(), name="own_file"),
    path("personen/<int:pk>/auskunft/", answers.PersonAnswer.as_view(), name="answer"),
    path("personen/<int:pk>/auskunft/<str:form>/", answers.PersonAnswerFile.as_view(), name="file"),
    path("personen/<int:pk>/loeschen/", answers.PersonErase.as_view(), name="erase"),
]

"""Addresses of the Profilbogen of a programme, and of the choice of a cycle."""

from django.urls import URLPattern, URLResolver, include, path

from tandems.profiles import drafts, views

app_name = "profiles"

_question: list[URLPattern | URLResolver] = [
    path("bearbeiten/", drafts.ChangeQuestion.as_view(), name="question_change"),
    path("loeschen/", drafts.DeleteQuestion.as_view(), name="question_delete"),
]
_version: list[URLPattern | URLResolver] = [
    path("", views.VersionPage.as_view(), name="version"),
    path("bearbeiten/", drafts.ChangeVersion.as_view(), name="change"),
    path("frage/", drafts.AddQuestion.as_view(), name="question_add"),
    path("frage/<str:kind>/<str:key>/", include(_question)),
    path("veroeffentlichen/", drafts.PublishVersion.as_view(), name="publish"),
    path("loeschen/", drafts.DeleteVersion.as_view(), name="delete"),
]
_versions: list[URLPattern | URLResolver] = [
    path("", views.VersionsPage.as_view(), name="versions"),
    path("neu/", views.BeginVersion.as_view(), name="begin"),
    path("<int:number>/", include(_version)),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("programme/<int:pk>/profilbogen/", include(_versions)),
    path("durchgaenge/<int:cycle_pk>/profilbogen/", views.CycleSheet.as_view(), name="cycle"),
]

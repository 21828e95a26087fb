"""Addresses of the budget of a Durchgang."""

from django.urls import URLPattern, URLResolver, include, path

from programmes.budget import views

app_name = "budget"

budget: list[URLPattern | URLResolver] = [
    path("", views.BudgetPage.as_view(), name="budget"),
    path("neu/", views.LineCreate.as_view(), name="create"),
    path("<int:pk>/bearbeiten/", views.LineChange.as_view(), name="change"),
    path("<int:pk>/loeschen/", views.LineDelete.as_view(), name="delete"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("durchgaenge/<int:cycle_pk>/budget/", include(budget)),
]

"""Addresses of the reveal."""

from django.urls import URLPattern, URLResolver, include, path

from tandems.reveal import views

app_name = "reveal"

_reveal: list[URLPattern | URLResolver] = [
    path("", views.RevealPage.as_view(), name="reveal"),
    path("mentorinnen/", views.MentorsPage.as_view(), name="mentors"),
    path("reihenfolge/", views.OrderPage.as_view(), name="order"),
    path("<int:pk>/", views.SinglePage.as_view(), name="single"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("durchgaenge/<int:cycle_pk>/matching/bekanntgabe/", include(_reveal)),
]

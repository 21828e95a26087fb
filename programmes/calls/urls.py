"""Addresses of the Ausschreibung of a Durchgang."""

from django.urls import URLPattern, URLResolver, include, path

from programmes.calls import views
from programmes.calls.lists import InvolvementList

app_name = "calls"

_call: list[URLPattern | URLResolver] = [
    path("", views.CallPage.as_view(), name="call"),
    path("bearbeiten/", views.CallChange.as_view(), name="change"),
    path("ausschreibung.docx", views.CallWord.as_view(), name="word"),
    path("ausschreibung.pdf", views.CallPdf.as_view(), name="pdf"),
    path("beteiligung/", InvolvementList.as_view(), name="involvements"),
    path("beteiligung/<int:pk>/", views.InvolvementChange.as_view(), name="involvement"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("durchgaenge/<int:cycle_pk>/ausschreibung/", include(_call)),
]

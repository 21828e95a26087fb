"""Addresses of the documents of a Durchgang."""

from django.urls import URLPattern, URLResolver, include, path

from programmes.documents import views
from programmes.documents.lists import DocumentList

app_name = "documents"

document: list[URLPattern | URLResolver] = [
    path("", views.DocumentPage.as_view(), name="document"),
    path("bearbeiten/", views.DocumentChange.as_view(), name="change"),
    path("neue-fassung/", views.VersionCreate.as_view(), name="version"),
    path("loeschen/", views.DocumentDelete.as_view(), name="delete"),
]

documents: list[URLPattern | URLResolver] = [
    path("", DocumentList.as_view(), name="documents"),
    path("neu/", views.DocumentCreate.as_view(), name="create"),
    path("<int:pk>/", include(document)),
]

urlpatterns = [
    path("durchgaenge/<int:cycle_pk>/unterlagen/", include(documents)),
    path("unterlagen/", views.OwnDocuments.as_view(), name="own"),
]

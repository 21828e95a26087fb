"""Addresses of the certificates of a Durchgang."""

from django.urls import URLPattern, URLResolver, include, path

from programmes.certificates import views
from programmes.certificates.lists import CertificateList

app_name = "certificates"

text: list[URLPattern | URLResolver] = [
    path("", views.TextChange.as_view(), name="text"),
    path("vorschau.pdf", views.TextPreview.as_view(), name="preview"),
    path("freigeben/", views.TextRelease.as_view(), name="release"),
    path("zuruecknehmen/", views.TextWithdraw.as_view(), name="withdraw"),
]

certificates: list[URLPattern | URLResolver] = [
    path("", CertificateList.as_view(), name="people"),
    path("erstellen/<slug:kind>/", views.MakePage.as_view(), name="make"),
    path("texte/", views.TextsPage.as_view(), name="texts"),
    path("texte/<slug:kind>/", include(text)),
    path("<int:pk>/<slug:kind>.pdf", views.SingleFile.as_view(), name="single"),
]

urlpatterns = [
    path("durchgaenge/<int:cycle_pk>/zertifikate/", include(certificates)),
    path("meine-zertifikate/<int:pk>/<slug:kind>.pdf", views.OwnFile.as_view(), name="own"),
]

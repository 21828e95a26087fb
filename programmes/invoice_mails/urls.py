"""Addresses of mails with invoices."""

from django.urls import URLPattern, URLResolver, include, path

from programmes.invoice_mails.views import editor, letters, mailings

app_name = "invoice_mails"

_letter: list[URLPattern | URLResolver] = [
    path("", letters.LetterPage.as_view(), name="letter"),
    path("erneut/", letters.RetryPage.as_view(), name="retry"),
    path("entscheiden/", letters.DecidePage.as_view(), name="decide"),
]
_mailing: list[URLPattern | URLResolver] = [
    path("", mailings.MailingPage.as_view(), name="mailing"),
    path("bearbeiten/", editor.MailingEdit.as_view(), name="edit"),
    path("vorschau/", mailings.PreviewPage.as_view(), name="preview"),
    path("freigeben/", mailings.ReleasePage.as_view(), name="release"),
    path("loeschen/", mailings.DeletePage.as_view(), name="delete"),
    path("brief/<int:letter_pk>/", include(_letter)),
]
_mailings: list[URLPattern | URLResolver] = [
    path("", mailings.MailingList.as_view(), name="mailings"),
    path("neu/", editor.MailingCreate.as_view(), name="create"),
    path("<int:pk>/", include(_mailing)),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("durchgaenge/<int:cycle_pk>/rechnungen/versand/", include(_mailings)),
]

"""Addresses of payments and bank statements."""

from django.urls import URLPattern, URLResolver, include, path

from programmes.payments.lists import OpenList
from programmes.payments.views import entries, payments, statements

app_name = "payments"

_invoices: list[URLPattern | URLResolver] = [
    path("offen/", OpenList.as_view(), name="overdue"),
    path("<int:invoice_pk>/zahlung/", payments.RecordPage.as_view(), name="record"),
    path("<int:invoice_pk>/zahlung/<int:pk>/loeschen/", payments.UndoPage.as_view(), name="undo"),
]
_statements: list[URLPattern | URLResolver] = [
    path("", statements.StatementList.as_view(), name="statements"),
    path("neu/", statements.ImportPage.as_view(), name="import"),
    path("<int:pk>/", statements.StatementPage.as_view(), name="statement"),
    path("<int:pk>/uebrige/", statements.RestPage.as_view(), name="rest"),
    path("umsatz/<int:pk>/", entries.EntryPage.as_view(), name="entry"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("durchgaenge/<int:cycle_pk>/rechnungen/", include(_invoices)),
    path("kontoauszuege/", include(_statements)),
]

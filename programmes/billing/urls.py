"""Addresses of the invoices of a Durchgang and of how they are written."""

from django.urls import URLPattern, URLResolver, include, path

from programmes.billing import invoice_urls, run_urls

app_name = "billing"

BASE = "durchgaenge/<int:cycle_pk>/rechnungen/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(BASE, include([*run_urls.in_cycle, *invoice_urls.in_cycle])),
    *run_urls.beside,
]

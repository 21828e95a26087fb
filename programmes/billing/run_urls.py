"""Addresses of the billing run, of the lists of invoices and of what is set about them."""

from django.urls import URLPattern, URLResolver, path

from programmes.billing.lists import InvoiceList, Journal
from programmes.billing.views import run, settings

in_cycle: list[URLPattern | URLResolver] = [
    path("", InvoiceList.as_view(), name="invoices"),
    path("journal/", Journal.as_view(), name="journal"),
    path("lauf/", run.RunPage.as_view(), name="run"),
    path("lauf/ausstellen/", run.IssueRun.as_view(), name="run_issue"),
    path("kosten/", settings.FeePage.as_view(), name="fee"),
    path(
        "bestellnummer/<int:participation_pk>/",
        settings.OrderNumberPage.as_view(),
        name="order_number",
    ),
]

beside: list[URLPattern | URLResolver] = [
    path(
        "logistikpartner/<int:pk>/rechnungsstellung/",
        settings.IssuerSettings.as_view(),
        name="settings",
    ),
    path("kommunen/<int:pk>/rechnungsangaben/", settings.BuyerPage.as_view(), name="buyer"),
]

"""Addresses of drafts and invoices."""

from django.urls import URLPattern, URLResolver, include, path

from programmes.billing.views import drafts, invoices, steps, zips

invoice: list[URLPattern | URLResolver] = [
    path("", invoices.InvoicePage.as_view(), name="invoice"),
    path("bearbeiten/", drafts.DraftChange.as_view(), name="change"),
    path("zeilen/", drafts.DraftLines.as_view(), name="lines"),
    path("vorschau.pdf", drafts.DraftPreview.as_view(), name="preview"),
    path("loeschen/", drafts.DraftDelete.as_view(), name="delete"),
    path("ausstellen/", steps.InvoiceIssue.as_view(), name="issue"),
    path("extern/", steps.InvoiceElsewhere.as_view(), name="elsewhere"),
    path("storno/", steps.InvoiceCancel.as_view(), name="cancel"),
    path("neu/", steps.InvoiceAgain.as_view(), name="again"),
]

in_cycle: list[URLPattern | URLResolver] = [
    path("neu/", drafts.DraftCreate.as_view(), name="create"),
    path("zip/", zips.InvoiceZip.as_view(), name="zip"),
    path("<int:pk>/", include(invoice)),
]

"""Addresses of Referent/innen, Aufträge and their invoices."""

from django.urls import URLPattern, URLResolver, include, path

from programmes.suppliers.lists import CommissionList, InvoiceList, SpeakerList
from programmes.suppliers.views import commissions, entering, invoices, speakers

app_name = "suppliers"

speaker: list[URLPattern | URLResolver] = [
    path("", SpeakerList.as_view(), name="speakers"),
    path("neu/", speakers.SpeakerCreate.as_view(), name="speaker_create"),
    path("<int:pk>/", speakers.SpeakerPage.as_view(), name="speaker"),
    path("<int:pk>/bearbeiten/", speakers.SpeakerChange.as_view(), name="speaker_change"),
    path("<int:pk>/loeschen/", speakers.SpeakerDelete.as_view(), name="speaker_delete"),
]

commission: list[URLPattern | URLResolver] = [
    path("", CommissionList.as_view(), name="commissions"),
    path("neu/", commissions.CommissionCreate.as_view(), name="commission_create"),
    path("<int:pk>/", commissions.CommissionPage.as_view(), name="commission"),
    path("<int:pk>/bearbeiten/", commissions.CommissionChange.as_view(), name="commission_change"),
    path("<int:pk>/zusagen/", commissions.CommissionAgree.as_view(), name="commission_agree"),
    path("<int:pk>/absagen/", commissions.CommissionCancel.as_view(), name="commission_cancel"),
    path("<int:pk>/loeschen/", commissions.CommissionDelete.as_view(), name="commission_delete"),
]

invoice: list[URLPattern | URLResolver] = [
    path("", InvoiceList.as_view(), name="invoices"),
    path("neu/", entering.Enter.as_view(), name="enter"),
    path("neu/ohne-datei/", entering.EnterPlain.as_view(), name="enter_plain"),
    path("neu/<int:file_pk>/", entering.EnterForm.as_view(), name="enter_form"),
    path("<int:pk>/", invoices.InvoicePage.as_view(), name="invoice"),
    path("<int:pk>/e-rechnung/", invoices.InvoiceReadable.as_view(), name="readable"),
    path("<int:pk>/bearbeiten/", entering.InvoiceChange.as_view(), name="change"),
    path("<int:pk>/pruefen/", invoices.InvoiceCheck.as_view(), name="check"),
    path("<int:pk>/freigeben/", invoices.InvoiceApprove.as_view(), name="approve"),
    path("<int:pk>/bezahlen/", invoices.InvoicePay.as_view(), name="pay"),
    path("<int:pk>/zurueckweisen/", invoices.InvoiceReject.as_view(), name="reject"),
    path("<int:pk>/zuruecknehmen/", invoices.InvoiceBack.as_view(), name="back"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("durchgaenge/<int:cycle_pk>/referenten/", include(speaker)),
    path("durchgaenge/<int:cycle_pk>/auftraege/", include(commission)),
    path("durchgaenge/<int:cycle_pk>/lieferantenrechnungen/", include(invoice)),
]

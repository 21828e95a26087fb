"""Addresses of the pages of mentee and mentor."""

from django.urls import URLPattern, URLResolver, include, path

from tandems.portal import acts, pages

app_name = "portal"

_tandem: list[URLPattern | URLResolver] = [
    path("", pages.TandemPage.as_view(), name="tandem"),
    path("treffen/neu/", acts.MeetingAdd.as_view(), name="meeting_add"),
    path("treffen/<int:meeting_pk>/", acts.MeetingChange.as_view(), name="meeting"),
    path("treffen/<int:meeting_pk>/loeschen/", acts.MeetingDelete.as_view(), name="meeting_delete"),
    path("vereinbarung.pdf", pages.AgreementPdf.as_view(), name="agreement"),
    path("vereinbarung/", acts.AgreementPage.as_view(), name="agreement_signed"),
    path("hilfe/", acts.HelpPage.as_view(), name="help"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("mein-tandem/", pages.OwnPage.as_view(), name="own"),
    path("mein-tandem/<int:pk>/", include(_tandem)),
]

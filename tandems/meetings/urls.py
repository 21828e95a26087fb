"""Addresses of the tandems' year."""

from django.urls import URLPattern, URLResolver, include, path

from tandems.meetings.views import acts, nudge, overview, tandem

app_name = "meetings"

_tandem: list[URLPattern | URLResolver] = [
    path("", tandem.TandemPage.as_view(), name="tandem"),
    path("ich-begleite/", acts.MinePage.as_view(), name="mine"),
    path("begleitung-abgeben/", acts.HandBackPage.as_view(), name="hand_back"),
    path("begleitung/", acts.CompanionPage.as_view(), name="companion"),
    path("abschliessen/", acts.CompletePage.as_view(), name="complete"),
    path("beenden/", acts.EndPage.as_view(), name="end"),
    path("hilfe/<int:call_pk>/", acts.SettlePage.as_view(), name="settle"),
]
_tandems: list[URLPattern | URLResolver] = [
    path("", overview.OverviewPage.as_view(), name="overview"),
    path("anstoss/", nudge.NudgePage.as_view(), name="nudge"),
    path("abschliessen/", acts.CompleteAllPage.as_view(), name="complete_all"),
    path("<int:pk>/", include(_tandem)),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("durchgaenge/<int:cycle_pk>/tandems/", include(_tandems)),
]

"""Addresses of the tandems while they are decided, and how a cycle matches."""

from django.urls import URLPattern, URLResolver, include, path

from tandems.pairs.views import pair, review, rules, tandem

app_name = "pairs"

_pair: list[URLPattern | URLResolver] = [
    path("", pair.PairPage.as_view(), name="pair"),
    path("vorschlagen/", tandem.ProposePage.as_view(), name="propose"),
    # What a rule is called comes last: any other word would be taken for one.
    path("<slug:rule>/", pair.OverrulePage.as_view(), name="overrule"),
    path("<slug:rule>/zuruecknehmen/", pair.TakeBackPage.as_view(), name="take_back"),
]
_tandem: list[URLPattern | URLResolver] = [
    path("", tandem.TandemPage.as_view(), name="tandem"),
    path("stimmen/", tandem.VoicePage.as_view(), name="voice"),
    path("beschliessen/", tandem.AgreePage.as_view(), name="agree"),
    path("oeffnen/", tandem.ReopenPage.as_view(), name="reopen"),
    path("aufloesen/", tandem.DissolvePage.as_view(), name="dissolve"),
]
_matching: list[URLPattern | URLResolver] = [
    path("regeln/", rules.RulesPage.as_view(), name="rules"),
    path("paar/<int:application_pk>/<int:mentor_pk>/", include(_pair)),
    path("tandems/<int:pk>/", include(_tandem)),
    path("pruefen/", review.ReviewPage.as_view(), name="review"),
    path("versiegeln/", review.SealPage.as_view(), name="seal"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("durchgaenge/<int:cycle_pk>/matching/", include(_matching)),
]

from django.urls import URLPattern, URLResolver, include, path

from tandems.applications import (
    consents,
    editing,
    moving_views,
    own,
    own_sheet,
    papers_views,
    ranking_views,
    steps,
    views,
)

app_name = "applications"

_one: list[URLPattern | URLResolver] = [
    path("", views.ApplicationDetail.as_view(), name="detail"),
    path("bogen.pdf", views.ApplicationSheet.as_view(), name="sheet"),
    path("bearbeiten/", editing.EditApplication.as_view(), name="edit"),
    path("speichern/", editing.AutosaveApplication.as_view(), name="autosave"),
    path("unterschrift.pdf", editing.SigningSheet.as_view(), name="signing"),
    path("einreichen/", steps.SubmitPage.as_view(), name="submit"),
    path("zurueckholen/", steps.ReturnPage.as_view(), name="return"),
    path("nominieren/", steps.NominatePage.as_view(), name="nominate"),
    path("rang/", steps.RankPage.as_view(), name="rank"),
    path("nicht-nominieren/", steps.NotNominatePage.as_view(), name="not_nominate"),
    path("neu-entscheiden/", steps.ReconsiderPage.as_view(), name="reconsider"),
    path("zurueckziehen/", steps.WithdrawPage.as_view(), name="withdraw"),
    path("loeschen/", steps.DeletePage.as_view(), name="delete"),
    path("kommune-wechseln/", moving_views.MovePage.as_view(), name="move"),
    path("einwilligungen/", consents.ConsentsPage.as_view(), name="consents"),
    path("einwilligungen/<str:kind>/", consents.ConsentDay.as_view(), name="consent_day"),
    path(
        "einwilligungen/<str:kind>/widerrufen/",
        consents.ConsentWithdraw.as_view(),
        name="consent_withdraw",
    ),
    path("link/", own_sheet.SendOwnSheet.as_view(), name="send_link"),
    path("link-beenden/", own_sheet.EndOwnSheet.as_view(), name="end_link"),
    path("foto/", papers_views.PhotoPage.as_view(), name="photo"),
    path("foto-loeschen/", papers_views.RemovePhoto.as_view(), name="remove_photo"),
    path("unterschrift/", papers_views.SignedSheetPage.as_view(), name="signed_sheet"),
    path(
        "unterschrift-loeschen/",
        papers_views.RemoveSignedSheet.as_view(),
        name="remove_signed_sheet",
    ),
]
_all: list[URLPattern | URLResolver] = [
    path("", views.ApplicationList.as_view(), name="list"),
    path("neu/", editing.NewApplication.as_view(), name="new"),
    path("rangfolge/", ranking_views.RankingPage.as_view(), name="ranking"),
    path("<int:pk>/", include(_one)),
]
_by_link: list[URLPattern | URLResolver] = [
    path("", own_sheet.OwnSheetPage.as_view(), name="own_sheet"),
    path("abgeben/", own_sheet.HandInPage.as_view(), name="own_hand_in"),
    path("zwischenspeichern/", own_sheet.OwnAutosave.as_view(), name="own_autosave"),
    path("foto/", own_sheet.OwnPhotoPage.as_view(), name="own_photo"),
    path("foto/bild/", own_sheet.OwnPicture.as_view(), name="own_picture"),
    path("foto/loeschen/", own_sheet.RemoveOwnPhoto.as_view(), name="remove_own_photo"),
]
urlpatterns = [
    path("durchgaenge/<int:cycle_pk>/bewerbungen/", include(_all)),
    path("bogen/<str:code>/bewerbung/", include(_by_link)),
    path("meine-bewerbung/", own.OwnApplications.as_view(), name="own"),
]

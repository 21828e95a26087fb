from django.urls import URLPattern, URLResolver, include, path

from tandems.mentors import lists, own_sheet, pool_views, sheet_views, steps, views

app_name = "mentors"

_one: list[URLPattern | URLResolver] = [
    path("", views.MentorDetail.as_view(), name="detail"),
    path("bearbeiten/", views.EditIdea.as_view(), name="edit"),
    path("loeschen/", steps.DeletePage.as_view(), name="delete"),
    path("anfragen/", steps.ClaimPage.as_view(), name="claim"),
    path("zurueckgeben/", steps.ReleasePage.as_view(), name="release"),
    path("zusage/", steps.AgreePage.as_view(), name="agree"),
    path("absage/", steps.RefusePage.as_view(), name="refuse"),
    path("ein-andermal/", steps.PostponePage.as_view(), name="postpone"),
    path("wieder-oeffnen/", steps.AskAgainPage.as_view(), name="again"),
    path("zahl-der-mentees/", steps.CapacityPage.as_view(), name="capacity"),
    path("kommune/", steps.HousePage.as_view(), name="house"),
    path("ausscheiden/", steps.EndPage.as_view(), name="end"),
    path("link/", own_sheet.InviteMentor.as_view(), name="invite_link"),
    path("link-beenden/", own_sheet.EndMentorLink.as_view(), name="end_link"),
    path("profilbogen/", sheet_views.EditSheet.as_view(), name="sheet_edit"),
    path("bogen.pdf", sheet_views.SheetPdf.as_view(), name="sheet"),
    path("steckbrief.pdf", sheet_views.ProfilePdf.as_view(), name="profile"),
]
_entry: list[URLPattern | URLResolver] = [
    path("", pool_views.EntryPage.as_view(), name="entry"),
    path("vorsehen/", pool_views.PlanPage.as_view(), name="entry_plan"),
    path("pause/", pool_views.PausePage.as_view(), name="entry_pause"),
    path("herausnehmen/", pool_views.RemovePage.as_view(), name="entry_remove"),
]
_all: list[URLPattern | URLResolver] = [
    path("", lists.MentorList.as_view(), name="list"),
    path("neu/", views.NewIdea.as_view(), name="new"),
    path("anfragen/", lists.ApproachList.as_view(), name="approaches"),
    path("kommunen/", lists.HouseOverview.as_view(), name="overview"),
    path("anfragetext/", views.GuidePage.as_view(), name="guide"),
    path("anfragetext.pdf", views.GuidePdf.as_view(), name="guide_pdf"),
    path("pool/", pool_views.PoolList.as_view(), name="pool"),
    path("pool/neu/", pool_views.NewEntry.as_view(), name="entry_new"),
    path("pool/uebernehmen/", pool_views.FillPage.as_view(), name="pool_fill"),
    path("pool/<int:pk>/", include(_entry)),
    path("<int:pk>/", include(_one)),
]
_by_link: list[URLPattern | URLResolver] = [
    path("", own_sheet.OwnMentorSheet.as_view(), name="own_sheet"),
    path("abgeben/", own_sheet.OwnMentorHandIn.as_view(), name="own_hand_in"),
    path("zwischenspeichern/", own_sheet.OwnMentorAutosave.as_view(), name="own_autosave"),
]
urlpatterns = [
    path("durchgaenge/<int:cycle_pk>/mentoren/", include(_all)),
    path("bogen/<str:code>/mentorin-mentor/", include(_by_link)),
]

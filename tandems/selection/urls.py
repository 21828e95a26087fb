from django.urls import URLPattern, URLResolver, include, path

from tandems.selection import compare, notes, views

app_name = "selection"

_one: list[URLPattern | URLResolver] = [
    path("steckbrief.pdf", views.ProfileSheetFile.as_view(), name="sheet"),
    path("anonym/", views.AnonymousPage.as_view(), name="anonymous"),
    path("notiz/", notes.NotePage.as_view(), name="note"),
]
_all: list[URLPattern | URLResolver] = [
    path("vergleich/", compare.Comparison.as_view(), name="compare"),
    path("vergleich/auswahl/", compare.CompareChoice.as_view(), name="choose"),
    path("heft/", views.BookletPage.as_view(), name="booklet"),
    path("notizen/", notes.NotesOverview.as_view(), name="notes"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("durchgaenge/<int:cycle_pk>/bewerbungen/<int:pk>/", include(_one)),
    path("durchgaenge/<int:cycle_pk>/bewerbungen/", include(_all)),
]

from django.urls import URLPattern, URLResolver, include, path

from tandems.imports import views

app_name = "imports"

_one: list[URLPattern | URLResolver] = [
    path("", views.RunPage.as_view(), name="run"),
    path("uebernehmen/", views.TakeOverPage.as_view(), name="take_over"),
    path("verwerfen/", views.DiscardPage.as_view(), name="discard"),
]
_all: list[URLPattern | URLResolver] = [
    path("", views.UploadPage.as_view(), name="upload"),
    path("vorlage.xlsx", views.BlankXlsx.as_view(), name="blank_xlsx"),
    path("vorlage.csv", views.BlankCsv.as_view(), name="blank_csv"),
    path("<int:pk>/", include(_one)),
]
urlpatterns = [path("durchgaenge/<int:cycle_pk>/bewerbungen/importieren/", include(_all))]

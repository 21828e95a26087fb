"""Addresses of the Platzvergabe."""

from django.urls import URLPattern, URLResolver, include, path

from tandems.places.views import closing, meeting, minutes, telling, texts, voices

app_name = "places"

_council: list[URLPattern | URLResolver] = [
    path("", meeting.MeetingPage.as_view(), name="meeting"),
    path("beginnen/", meeting.StartPage.as_view(), name="start"),
    path("vorschlag/", meeting.AnewPage.as_view(), name="anew"),
    path("plaetze/", meeting.FramePage.as_view(), name="frame"),
    path("sitzung/", meeting.SittingPage.as_view(), name="sitting"),
    path("zeilen/<int:pk>/", meeting.LinePage.as_view(), name="line"),
    path("gleichstand/<int:number>/", meeting.TiePage.as_view(), name="tie"),
    path("stimmen/", voices.VoicesPage.as_view(), name="voices"),
    path("beschliessen/", closing.ClosePage.as_view(), name="close"),
    path("spaeter/<int:pk>/", closing.LaterPage.as_view(), name="later"),
    path("protokoll.pdf", minutes.MinutesFile.as_view(), name="minutes"),
    path("texte/", texts.TextsPage.as_view(), name="texts"),
    path("texte/<slug:outcome>/", texts.TextPage.as_view(), name="text"),
    path("texte/<slug:outcome>/zuruecksetzen/", texts.ResetTextPage.as_view(), name="reset_text"),
]
_house: list[URLPattern | URLResolver] = [
    path("", telling.OutcomesPage.as_view(), name="outcomes"),
    path("<int:pk>/mitgeteilt/", telling.TellPage.as_view(), name="tell"),
    path("<int:pk>/brief.pdf", telling.LetterFile.as_view(), name="letter"),
    path(
        "texte/<int:house_pk>/<slug:outcome>/",
        texts.HouseTextPage.as_view(),
        name="house_text",
    ),
    path(
        "texte/<int:house_pk>/<slug:outcome>/zuruecksetzen/",
        texts.ResetHouseTextPage.as_view(),
        name="reset_house_text",
    ),
    path("briefe/<int:house_pk>/", telling.LettersPage.as_view(), name="letters"),
]
urlpatterns = [
    path("durchgaenge/<int:cycle_pk>/platzvergabe/", include(_council)),
    path("durchgaenge/<int:cycle_pk>/ergebnisse/", include(_house)),
]

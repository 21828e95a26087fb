"""Addresses of the public registration for an information event."""

from django.urls import path

from programmes.registrations.views import interests, public

app_name = "registrations"
_LIST = "durchgaenge/<int:cycle_pk>/veranstaltungen/<int:pk>/anmeldungen/"

urlpatterns = [
    path("anmeldung/<int:pk>/", public.RegistrationPage.as_view(), name="public"),
    path("anmeldung/<int:pk>/gesendet/", public.SentPage.as_view(), name="sent"),
    path(
        "anmeldung/bestaetigen/<str:token>/",
        public.ConfirmPage.as_view(),
        name="confirm",
    ),
    path("anmeldung/abmelden/<str:token>/", public.WithdrawPage.as_view(), name="withdraw"),
    path(_LIST, interests.InterestList.as_view(), name="registrations"),
    path(
        f"{_LIST}<int:interest_pk>/einladen/",
        interests.InviteHouse.as_view(),
        name="invite",
    ),
    path(f"{_LIST}mitteilen/", interests.TellChange.as_view(), name="tell"),
]

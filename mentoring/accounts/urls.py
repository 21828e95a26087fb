"""Addresses of sign-in and sign-ins. Only what we offer of allauth, under its own names."""

from allauth.account import views as allauth
from django.urls import path, re_path

urlpatterns = [
    path("anmelden/", allauth.login, name="account_login"),
    path("anmelden/abmelden/", allauth.logout, name="account_logout"),
    path("anmelden/gesperrt/", allauth.account_inactive, name="account_inactive"),
    path("anmelden/code/", allauth.request_login_code, name="account_request_login_code"),
    path(
        "anmelden/code/eingeben/", allauth.confirm_login_code, name="account_confirm_login_code"
    ),
    path("anmelden/passwort/", allauth.password_change, name="account_change_password"),
    path("anmelden/passwort/festlegen/", allauth.password_set, name="account_set_password"),
    path("anmelden/passwort/vergessen/", allauth.password_reset, name="account_reset_password"),
    path(
        "anmelden/passwort/vergessen/unterwegs/",
        allauth.password_reset_done,
        name="account_reset_password_done",
    ),
    path(
        "anmelden/passwort/neu/fertig/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^anmelden/passwort/neu/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
]

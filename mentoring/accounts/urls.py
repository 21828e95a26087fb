"""Addresses of sign-in and sign-ins. Only what we offer of allauth, under its own names."""

from allauth.account import views as allauth
from django.urls import path, re_path

from mentoring.accounts import views


def titled(title: str) -> dict[str, dict[str, str]]:
    """What gives a page of allauth its heading in our frame."""
    return {"extra_context": {"title": title}}


urlpatterns = [
    path("anmelden/", views.SignInView.as_view(**titled("Anmelden")), name="account_login"),
    path(
        "anmelden/abmelden/",
        allauth.LogoutView.as_view(**titled("Abmelden")),
        name="account_logout",
    ),
    path(
        "anmelden/gesperrt/",
        allauth.AccountInactiveView.as_view(**titled("Zugang gesperrt")),
        name="account_inactive",
    ),
    path(
        "anmelden/code/",
        allauth.RequestLoginCodeView.as_view(**titled("Anmelden mit Code")),
        name="account_request_login_code",
    ),
    path(
        "anmelden/code/eingeben/",
        allauth.ConfirmLoginCodeView.as_view(**titled("Code eingeben")),
        name="account_confirm_login_code",
    ),
    path(
        "anmelden/passwort/",
        allauth.PasswordChangeView.as_view(**titled("Passwort ändern")),
        name="account_change_password",
    ),
    path(
        "anmelden/passwort/festlegen/",
        allauth.PasswordSetView.as_view(**titled("Passwort festlegen")),
        name="account_set_password",
    ),
    path(
        "anmelden/passwort/vergessen/",
        allauth.PasswordResetView.as_view(**titled("Passwort vergessen")),
        name="account_reset_password",
    ),
    path(
        "anmelden/passwort/vergessen/unterwegs/",
        allauth.PasswordResetDoneView.as_view(**titled("E-Mail ist unterwegs")),
        name="account_reset_password_done",
    ),
    path(
        "anmelden/passwort/neu/fertig/",
        allauth.PasswordResetFromKeyDoneView.as_view(**titled("Passwort gespeichert")),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^anmelden/passwort/neu/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        allauth.PasswordResetFromKeyView.as_view(**titled("Neues Passwort")),
        name="account_reset_password_from_key",
    ),
    path("einrichtung/<str:code>/", views.SetupPage.as_view(), name="setup"),
    path("konto/sitzungen/", views.SessionsPage.as_view(), name="sessions"),
    path(
        "konto/sitzungen/andere/beenden/",
        views.EndOtherSessionsPage.as_view(),
        name="sessions_end_others",
    ),
    path("konto/sitzungen/<int:pk>/beenden/", views.EndSessionPage.as_view(), name="session_end"),
    path("konto/eingaben/", views.KeptFormsPage.as_view(), name="kept_forms"),
    path(
        "konto/eingaben/<int:pk>/verwerfen/",
        views.DiscardKeptFormPage.as_view(),
        name="kept_form_discard",
    ),
    path("zugaenge/", views.UserListPage.as_view(), name="users"),
    path("zugaenge/betreiber/neu/", views.OperatorCreatePage.as_view(), name="operator_create"),
    path("zugaenge/<int:pk>/", views.UserPage.as_view(), name="user"),
    path("zugaenge/<int:pk>/sperren/", views.UserDeactivatePage.as_view(), name="user_deactivate"),
    path(
        "zugaenge/<int:pk>/freigeben/", views.UserReactivatePage.as_view(), name="user_reactivate"
    ),
]

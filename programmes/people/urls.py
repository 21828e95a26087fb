"""Addresses of people, staff and invitations."""

from django.urls import path

from programmes.people import accept_views, invitation_views, staff_views, views

urlpatterns = [
    path("personen/", views.PersonList.as_view(), name="people"),
    path("personen/<int:pk>/", views.PersonPage.as_view(), name="person"),
    path("personen/<int:pk>/bearbeiten/", views.PersonChange.as_view(), name="person_change"),
    path(
        "personen/<int:pk>/einladen/",
        invitation_views.PersonInvite.as_view(),
        name="person_invite",
    ),
    path("meine-daten/", views.MyDataPage.as_view(), name="my_data"),
    path(
        "kommunen/<int:pk>/personalstelle/neu/",
        staff_views.MunicipalityStaffAdd.as_view(),
        name="municipality_staff_add",
    ),
    path(
        "personalstelle/<int:pk>/beenden/",
        staff_views.MunicipalityStaffEnd.as_view(),
        name="municipality_staff_end",
    ),
    path(
        "logistikpartner/<int:pk>/mitarbeitende/neu/",
        staff_views.LogisticsStaffAdd.as_view(),
        name="partner_staff_add",
    ),
    path(
        "mitarbeitende/<int:pk>/beenden/",
        staff_views.LogisticsStaffEnd.as_view(),
        name="partner_staff_end",
    ),
    path("einladungen/", invitation_views.InvitationList.as_view(), name="invitations"),
    path(
        "einladungen/<int:pk>/erneut-senden/",
        invitation_views.InvitationResend.as_view(),
        name="invitation_resend",
    ),
    path(
        "einladungen/<int:pk>/zurueckziehen/",
        invitation_views.InvitationWithdraw.as_view(),
        name="invitation_withdraw",
    ),
    path(
        "einladung/<str:code>/",
        accept_views.InvitationAcceptPage.as_view(),
        name="invitation_accept",
    ),
]

"""Addresses of Kommunen and Logistikpartner."""

from django.urls import path

from programmes.organisations import views

urlpatterns = [
    path("kommunen/", views.MunicipalityList.as_view(), name="municipalities"),
    path("kommunen/neu/", views.MunicipalityCreate.as_view(), name="municipality_add"),
    path("kommunen/<int:pk>/", views.MunicipalityPage.as_view(), name="municipality"),
    path(
        "kommunen/<int:pk>/bearbeiten/",
        views.MunicipalityChange.as_view(),
        name="municipality_change",
    ),
    path(
        "kommunen/<int:pk>/loeschen/",
        views.MunicipalityDelete.as_view(),
        name="municipality_delete",
    ),
    path("logistikpartner/", views.PartnerList.as_view(), name="partners"),
    path("logistikpartner/neu/", views.PartnerCreate.as_view(), name="partner_add"),
    path("logistikpartner/<int:pk>/", views.PartnerPage.as_view(), name="partner"),
    path(
        "logistikpartner/<int:pk>/bearbeiten/",
        views.PartnerChange.as_view(),
        name="partner_change",
    ),
]

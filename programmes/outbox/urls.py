"""Addresses of the outbox."""

from django.urls import path

from programmes.outbox import views

app_name = "outbox"
urlpatterns = [
    path("postausgang/", views.OutboxList.as_view(), name="list"),
    path("postausgang/<int:pk>/wiederholen/", views.RetryPage.as_view(), name="retry"),
    path("postausgang/<int:pk>/kam-an/", views.ArrivedPage.as_view(), name="arrived"),
    path("postausgang/<int:pk>/erneut-senden/", views.ResendPage.as_view(), name="resend"),
]

from django.urls import path

from mentoring.ui import pages

urlpatterns = [
    path("", pages.StartPage.as_view(), name="start"),
    path("impressum/", pages.ImprintPage.as_view(), name="imprint"),
    path("datenschutz/", pages.PrivacyPage.as_view(), name="privacy"),
    path("barrierefreiheit/", pages.AccessibilityPage.as_view(), name="accessibility"),
    path("healthz", pages.LivePage.as_view(), name="healthz"),
    path("readyz", pages.ReadyPage.as_view(), name="readyz"),
]

from django.urls import URLPattern, URLResolver, path

from tandems.links import views

app_name = "links"

urlpatterns: list[URLPattern | URLResolver] = [
    path("bogen/<str:code>/", views.FrontPage.as_view(), name="front"),
    path("bogen/<str:code>/code/", views.CodePage.as_view(), name="code"),
    path("bogen/<str:code>/schliessen/", views.LeavePage.as_view(), name="leave"),
]

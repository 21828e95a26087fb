from django.urls import path

from mentoring.jobs import views

app_name = "jobs"
urlpatterns = [
    path("auftraege/", views.JobList.as_view(), name="list"),
    path("auftraege/<int:pk>/", views.JobPage.as_view(), name="detail"),
    path("auftraege/<int:pk>/stoppen/", views.StopPage.as_view(), name="stop"),
]

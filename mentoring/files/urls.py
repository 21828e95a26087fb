from django.urls import path

from mentoring.files.views import FilePage

app_name = "files"
urlpatterns = [path("dateien/<int:pk>/", FilePage.as_view(), name="file")]

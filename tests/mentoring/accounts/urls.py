"""The product's addresses and a form to type into."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from mentoring.ui.forms import KernForm
from mentoring.ui.views import SIGNED_IN, FormPage
from django import forms


class NoteForm(KernForm):
    title = forms.CharField(label="Titel", required=False)
    note = forms.CharField(label="Notiz", widget=forms.Textarea)
    tags = forms.MultipleChoiceField(
        label="Themen", required=False, choices=[("a", "A"), ("b", "B")]
    )
    attachment = forms.FileField(label="Anlage", required=False)


class NotePage(FormPage):
    """Saves nothing but that it was asked to."""

    rule = SIGNED_IN
    title = "Notiz"
    form_class = NoteForm
    success_url = "/konto/sitzungen/"
    saved_notes: list[str] = []

    def save(self, form):
        self.saved_notes.append(form.cleaned_data["note"])


ROOMS = (
    "mentoring.ui",
    "mentoring.accounts",
    "mentoring.files",
    "mentoring.jobs",
    "programmes.organisations",
    "programmes.outbox",
)
urlpatterns = [
    *(path("", include(f"{room}.urls")) for room in ROOMS if find_spec(f"{room}.urls")),
    path("verwaltung/", admin.site.urls),
    path("probe/notiz/", NotePage.as_view(), name="probe_note"),
    path("probe/andere/", NotePage.as_view(), name="probe_other"),
]
if not find_spec("programmes.outbox.urls"):
    outbox = ([path("postausgang/", RedirectView.as_view(url="/"), name="list")], "outbox")
    urlpatterns.append(path("", include(outbox)))

handler404 = "mentoring.ui.errors.page_not_found"
handler403 = "mentoring.ui.errors.permission_denied"

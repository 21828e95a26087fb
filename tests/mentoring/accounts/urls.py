"""The product's addresses and a form to type into."""

from typing import ClassVar

from django import forms
from django.urls import path

import mentoring.urls
from mentoring.ui.forms import KernForm
from mentoring.ui.views import SIGNED_IN, FormPage


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
    saved_notes: ClassVar[list[str]] = []

    def save(self, form):
        self.saved_notes.append(form.cleaned_data["note"])


urlpatterns = [
    *mentoring.urls.urlpatterns,
    path("probe/notiz/", NotePage.as_view(), name="probe_note"),
    path("probe/andere/", NotePage.as_view(), name="probe_other"),
]

handler400 = mentoring.urls.handler400
handler403 = mentoring.urls.handler403
handler404 = mentoring.urls.handler404
handler500 = mentoring.urls.handler500

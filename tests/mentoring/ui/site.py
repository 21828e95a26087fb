"""A small website of this room's pages, for its tests alone."""

from typing import Any, ClassVar

import django_filters
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from mentoring.accounts.models import User
from mentoring.ui.errors import Refused
from mentoring.ui.forms import KernForm, KernModelForm, VersionedModelForm
from mentoring.ui.lists import Badge, Column, ListFilterSet, ListPage
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import (
    SIGNED_IN,
    Action,
    CreatePage,
    DetailPage,
    FormPage,
    ObjectActionPage,
    PageView,
    UpdatePage,
)
from programmes.organisations.models import Municipality, MunicipalityKind

HOME = Crumb("Zugänge", "/probe/")


class UserFilter(ListFilterSet):
    email = django_filters.CharFilter(label="E-Mail enthält", lookup_expr="icontains")
    is_active = django_filters.BooleanFilter(label="aktiv")
    state = django_filters.ChoiceFilter(
        label="Art", choices=[("staff", "Verwaltung"), ("other", "alle anderen")], method="by_state"
    )

    class Meta:
        model = User
        fields: ClassVar[list[str]] = []

    def by_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(is_staff=value == "staff")


class UserList(ListPage):
    list_name = "ui_tests.users"
    rule = SIGNED_IN
    title = "Zugänge"
    columns = (
        Column("email", "E-Mail-Adresse", "email", sort="email", link=lambda u: f"/probe/{u.pk}/"),
        Column(
            "state",
            "Stand",
            lambda u: Badge("success", "aktiv") if u.is_active else Badge("warning", "gesperrt"),
            sort="is_active",
        ),
        Column("joined", "angelegt am", "date_joined", sort="date_joined"),
        Column("last", "zuletzt angemeldet", "last_login", sort=("last_login", "email")),
        Column("number", "Nr.", "pk", numeric=True),
        Column("button", "Knopf", lambda u: "öffnen", export=False),
    )
    filterset_class = UserFilter
    default_sort = "email"
    empty_title = "Noch kein Zugang"
    empty_action = Action("Zugang anlegen", "/probe/neu/")

    def get_queryset(self) -> QuerySet:
        return User.objects.all()

    def actions(self) -> list[Action]:
        return [Action("Zugang anlegen", "/probe/neu/", "primary", "add")]


class UserForm(KernModelForm):
    class Meta:
        model = User
        fields = ("email", "is_active")


class UserCreate(CreatePage):
    rule = SIGNED_IN
    title = "Zugang anlegen"
    form_class = UserForm
    success_url = "/probe/"
    success_message = "Der Zugang ist angelegt."

    def breadcrumbs(self) -> list[Crumb]:
        return [HOME]

    def save(self, form: Any) -> User:
        if "verboten" in form.cleaned_data["email"]:
            raise Refused("Für diese Adresse darf kein Zugang angelegt werden.")
        return form.save()


class AllUsers:
    def get_queryset(self) -> QuerySet:
        return User.objects.all()


class UserPage(AllUsers, DetailPage):
    rule = SIGNED_IN
    model = User

    def details(self) -> list[tuple[str, Any]]:
        return [("E-Mail", self.object.email), ("zuletzt angemeldet", self.object.last_login)]


class UserLock(AllUsers, ObjectActionPage):
    rule = SIGNED_IN
    model = User
    title = "Zugang sperren"
    button_label = "Zugang sperren"
    danger = True
    reason_field = "required"
    success_url = "/probe/"
    success_message = "Der Zugang ist gesperrt."

    def breadcrumbs(self) -> list[Crumb]:
        return [HOME]

    def get_question(self) -> str:
        return f"Möchten Sie den Zugang {self.object.email} wirklich sperren?"

    def consequences(self) -> list[str]:
        return ["Alle Sitzungen enden sofort.", "Angefangene Formulare gehen verloren."]

    def perform(self) -> None:
        if not self.object.is_active:
            raise Refused("Dieser Zugang ist schon gesperrt.")
        User.objects.filter(pk=self.object.pk).update(is_active=False)


class PlaceForm(VersionedModelForm):
    layout = Layout(
        Fieldset(
            "Kommune", "name", "short_name", Div("kind", "regional_group", css_class="app-row")
        ),
        Fieldset("Kontakt", "email", "permanent_since"),
    )

    class Meta:
        model = Municipality
        fields = ("name", "short_name", "kind", "regional_group", "email", "permanent_since")


class PlaceUpdate(UpdatePage):
    rule = SIGNED_IN
    model = Municipality
    form_class = PlaceForm
    success_url = "/probe/"

    def get_queryset(self) -> QuerySet:
        return Municipality.objects.all()


class EverythingForm(KernForm):
    """Every widget of the product."""

    name = forms.CharField(label="Name", help_text="Wie er auf dem Namensschild stehen soll.")
    about = forms.CharField(label="Über Sie", widget=forms.Textarea, required=False)
    places = forms.IntegerField(label="Plätze", min_value=1)
    fee = forms.DecimalField(label="Gebühr", decimal_places=2, initial="1500.50")
    day = forms.DateField(label="Datum", required=False)
    moment = forms.DateTimeField(label="Zeitpunkt", required=False)
    mail = forms.EmailField(label="E-Mail")
    kind = forms.ChoiceField(label="Art", choices=MunicipalityKind.choices)
    kinds = forms.MultipleChoiceField(label="Mehrere Arten", choices=MunicipalityKind.choices)
    agree = forms.BooleanField(label="Ich bin einverstanden", help_text="Jederzeit widerrufbar.")
    way = forms.ChoiceField(
        label="Weg", choices=[("a", "Post"), ("b", "E-Mail")], widget=forms.RadioSelect
    )
    ways = forms.MultipleChoiceField(
        label="Tage",
        choices=[("mo", "Montag"), ("di", "Dienstag")],
        widget=forms.CheckboxSelectMultiple,
        help_text="An welchen Tagen können Sie?",
    )
    file = forms.FileField(label="Lebenslauf", required=False)
    secret = forms.CharField(label="Kennwort", widget=forms.PasswordInput)
    token = forms.CharField(widget=forms.HiddenInput, initial="unsichtbar")


class EverythingPage(FormPage):
    rule = SIGNED_IN
    title = "Alle Felder"
    form_class = EverythingForm
    success_url = "/probe/"

    def save(self, form: Any) -> None:
        return None


class ForbiddenPage(PageView):
    rule = "ui_tests.nobody"
    title = "Verboten"


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken")


def faulty(request: HttpRequest) -> HttpResponse:
    from django.db import OperationalError

    raise OperationalError("connection refused")


urlpatterns = [
    path("probe/", UserList.as_view()),
    path("probe/neu/", UserCreate.as_view()),
    path("probe/alles/", EverythingPage.as_view()),
    path("probe/kaputt/", broken),
    path("probe/datenbank/", faulty),
    path("probe/ort/<int:pk>/", PlaceUpdate.as_view()),
    path("probe/<int:pk>/", UserPage.as_view()),
    path("probe/<int:pk>/sperren/", UserLock.as_view()),
    path("", include("mentoring.ui.urls")),
    path("", include("mentoring.accounts.urls")),
    path("", include("mentoring.jobs.urls")),
]

handler400 = "mentoring.ui.errors.bad_request"
handler403 = "mentoring.ui.errors.permission_denied"
handler404 = "mentoring.ui.errors.page_not_found"
handler500 = "mentoring.ui.errors.server_error"

"""Forms of people, their posts and their invitations."""

from typing import Any, ClassVar

from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from mentoring.accounts.domain import TAKEN
from mentoring.accounts.models import User
from mentoring.ui.forms import KernForm, VersionedModelForm
from programmes.organisations.models import Municipality
from programmes.people.models import Person, Salutation

SIGN_IN_STAYS = "Die Anmeldung ändert sich dadurch nicht: sie bleibt bei ihrer eigenen Adresse."
STRENGTH_HINT = "Mindestens 12 Zeichen, nicht nur Ziffern und kein gebräuchliches Wort."
OWN_MAILBOX = "Hierhin gehen Rundmails und Erinnerungen."


class PersonForm(VersionedModelForm):
    """Contact data. The Kommune is changed by operators alone: who is seen hangs on it."""

    class Meta:
        model = Person
        fields = (
            "salutation",
            "title",
            "first_name",
            "last_name",
            "municipality",
            "position",
            "email",
            "phone",
        )
        help_texts: ClassVar = {
            "title": "Akademischer Grad, zum Beispiel „Dr.“.",
            "position": "Zum Beispiel „Sachgebietsleitung Personalentwicklung“.",
            "email": OWN_MAILBOX,
            "municipality": "Wer zu einer Kommune gehört, wird von deren Personalstelle betreut.",
        }

    def __init__(self, *args: Any, editor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        house = ["municipality"]
        if editor.is_operator and self.instance.user_id != editor.pk:
            choices = Municipality.objects.visible_to(editor)
            self.fields["municipality"].queryset = choices  # type: ignore[attr-defined]  # a model choice
        else:
            del self.fields["municipality"]
            house = []
        if self.instance.user_id is not None:
            self.fields["email"].help_text = f"{OWN_MAILBOX} {SIGN_IN_STAYS}"
        self.layout = Layout(
            Fieldset("Name", "salutation", "title", "first_name", "last_name"),
            Fieldset("Im Haus", *house, "position"),
            Fieldset("Erreichbar", "email", "phone"),
        )


class StaffForm(KernForm):
    """Name somebody known, or somebody new, as staff."""

    person = forms.ModelChoiceField(
        label="Person",
        queryset=Person.objects.none(),
        required=False,
        empty_label="– neue Person –",
    )
    salutation = forms.ChoiceField(label="Anrede", choices=Salutation.choices, required=False)
    title = forms.CharField(label="Titel", max_length=40, required=False)
    first_name = forms.CharField(label="Vorname", max_length=80, required=False)
    last_name = forms.CharField(label="Nachname", max_length=80, required=False)
    position = forms.CharField(label="Funktion", max_length=160, required=False)
    email = forms.EmailField(label="E-Mail-Adresse", max_length=254, required=False)
    phone = forms.CharField(label="Telefon", max_length=40, required=False)
    since = forms.DateField(label="ab", initial=timezone.localdate)
    invite = forms.BooleanField(
        label="gleich zur Anmeldung einladen",
        required=False,
        initial=True,
        help_text="Die Person bekommt eine E-Mail mit einem Link, der 14 Tage gilt.",
    )

    NEEDED = ("first_name", "last_name", "email")
    NEW = ("salutation", "title", "first_name", "last_name", "position", "email", "phone")

    def __init__(self, *args: Any, candidates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = candidates  # type: ignore[attr-defined]  # a model choice
        known = [Fieldset("Jemand, den das Programm schon kennt", "person")]
        if not candidates.exists():
            del self.fields["person"]
            known = []
            for name in self.NEEDED:
                self.fields[name].required = True
        hint = HTML(
            '<p class="kern-body">Nur ausfüllen, wenn oben niemand gewählt ist. Nötig sind dann '
            "Vorname, Nachname und E-Mail-Adresse.</p>"
        )
        self.layout = Layout(
            *known,
            Fieldset("Neue Person", *([hint] if known else []), *self.NEW),
            Fieldset("Aufgabe", "since", "invite"),
        )

    def clean(self) -> dict[str, Any]:
        """Either somebody known or the name and address of somebody new."""
        data = super().clean() or self.cleaned_data
        typed = [name for name in self.NEW if data.get(name)]
        if data.get("person"):
            if typed:
                self.add_error(
                    "person",
                    "Wählen Sie entweder eine bekannte Person, oder füllen Sie die Felder für "
                    "eine neue aus, nicht beides.",
                )
            return data
        for name in self.NEEDED:
            if name in data and not data[name]:
                self.add_error(name, "Dieses Feld wird für eine neue Person gebraucht.")
        return data

    def new_person(self) -> dict[str, Any]:
        """The fields of somebody new."""
        return {name: self.cleaned_data[name] for name in self.NEW}


class LastDayForm(KernForm):
    """When a post ends."""

    last_day = forms.DateField(
        label="letzter Tag",
        initial=timezone.localdate,
        help_text="Mit Ablauf dieses Tages enden die Rechte der Aufgabe.",
    )


class NewSignInForm(KernForm):
    """A password for a new sign-in, or none: then a code is mailed at each sign-in."""

    password = forms.CharField(
        label="Passwort",
        required=False,
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=f"{STRENGTH_HINT} Lassen Sie beide Felder leer, wenn Sie lieber bei jeder "
        "Anmeldung einen Code per E-Mail bekommen.",
    )
    password_again = forms.CharField(
        label="Passwort wiederholen",
        required=False,
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """Both the same, and strong enough."""
        data = super().clean() or self.cleaned_data
        first, again = data.get("password"), data.get("password_again")
        if first is None or again is None:
            return data
        if first != again:
            self.add_error("password_again", "Die beiden Passwörter sind verschieden.")
        elif first:
            try:
                validate_password(first, User(email=self.email))
            except ValidationError as fault:
                self.add_error("password", fault)
        return data

    @property
    def chosen_password(self) -> str | None:
        """The password, or ``None`` to sign in by code."""
        return self.cleaned_data["password"] or None


class OwnAddressForm(KernForm):
    """An address of one's own, where the invited one is somebody else's sign-in."""

    email = forms.EmailField(
        label="Ihre eigene E-Mail-Adresse",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text="Damit melden Sie sich später an. Wir schicken gleich einen Code dorthin.",
    )

    def clean_email(self) -> str:
        """In lower case, and nobody's sign-in yet."""
        email: str = self.cleaned_data["email"].strip().lower()
        if User.objects.filter(email=email).exists():
            raise ValidationError(f"{TAKEN} Bitte nehmen Sie eine andere Adresse.")
        return email


class ConfirmAddressForm(NewSignInForm):
    """The six digits from the mail, with the password."""

    digits = forms.CharField(
        label="Code aus der E-Mail",
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text="Sechs Ziffern.",
    )
    field_order = ("digits", "password", "password_again")

    def clean_digits(self) -> str:
        """Blanks go."""
        return "".join(self.cleaned_data["digits"].split())

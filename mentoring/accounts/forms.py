"""The forms of sign-in: allauth's, in the look and the words of the house."""

from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account import forms as allauth
from django import forms

from mentoring.ui.forms import KernForm, KernFormHelper, KernFormMixin

# A mixin that a form follows: for the types it is one already.
if TYPE_CHECKING:
    _FormBase = forms.BaseForm
else:
    _FormBase = object


class _DataByName(_FormBase):
    """Some of allauth's forms take the user where all others take the data."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data=data, **kwargs)


class SignInFormMixin(KernFormMixin, _DataByName):
    """Labels instead of placeholders, and a helper with the button's words."""

    submit_label = "Weiter"
    labels: ClassVar[dict[str, str]] = {}
    hints: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            if isinstance(field.widget, forms.PasswordInput):
                # allauth's hints are a link and a list, which no hint of ours holds.
                field.help_text = ""
            if name in self.hints:
                field.help_text = self.hints[name]
        # Without the form tag: the template writes it, with the address to go on to.
        self.helper = KernFormHelper(submit_label=self.submit_label)
        self.helper.form_tag = False


HINT = "Mindestens 12 Zeichen, nicht nur Ziffern und kein gebräuchliches Wort."
PASSWORD_LABELS = {
    "oldpassword": "Bisheriges Passwort",
    "password1": "Neues Passwort",
    "password2": "Neues Passwort wiederholen",
}


class LoginForm(SignInFormMixin, allauth.LoginForm):
    """E-mail address and password."""

    submit_label = "Anmelden"
    labels: ClassVar = {"login": "E-Mail-Adresse", "password": "Passwort"}


class RequestLoginCodeForm(SignInFormMixin, allauth.RequestLoginCodeForm):
    """The address a sign-in code is sent to."""

    submit_label = "Code senden"
    labels: ClassVar = {"email": "E-Mail-Adresse"}


class ConfirmLoginCodeForm(SignInFormMixin, allauth.ConfirmLoginCodeForm):
    """The code from the mail."""

    submit_label = "Anmelden"
    labels: ClassVar = {"code": "Code aus der E-Mail"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(inputmode="numeric", maxlength="40")


class ResetPasswordForm(SignInFormMixin, allauth.ResetPasswordForm):
    """The address a reset link is sent to."""

    submit_label = "Link senden"
    labels: ClassVar = {"email": "E-Mail-Adresse"}


class ResetPasswordKeyForm(SignInFormMixin, allauth.ResetPasswordKeyForm):
    """The new password after following the link."""

    submit_label = "Passwort speichern"
    labels: ClassVar = PASSWORD_LABELS
    hints: ClassVar = {"password1": HINT}


class ChangePasswordForm(SignInFormMixin, allauth.ChangePasswordForm):
    """A new password for who knows the old one."""

    submit_label = "Passwort ändern"
    labels: ClassVar = PASSWORD_LABELS
    hints: ClassVar = {"password1": HINT}


class SetPasswordForm(SignInFormMixin, allauth.SetPasswordForm):
    """The first password of somebody who signed in by code."""

    submit_label = "Passwort speichern"
    labels: ClassVar = PASSWORD_LABELS
    hints: ClassVar = {"password1": HINT}


class FirstOperatorForm(KernForm):
    """The operator of a new installation."""

    email = forms.EmailField(
        label="Ihre E-Mail-Adresse",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label="Passwort",
        strip=False,
        max_length=500,
        help_text=HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label="Passwort wiederholen",
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Both passwords are the same; whether it is strong enough says the domain."""
        data = super().clean() or {}
        password, again = data.get("password"), data.get("password_again")
        if password and again and password != again:
            self.add_error("password_again", "Die beiden Passwörter stimmen nicht überein.")
        return data


class OperatorForm(KernForm):
    """The address of a further operator."""

    email = forms.EmailField(
        label="E-Mail-Adresse",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="An diese Adresse geht ein Link, mit dem das Passwort festgelegt wird.",
    )

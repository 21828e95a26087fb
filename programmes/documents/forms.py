"""The forms of documents."""

from typing import Any, ClassVar

from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms
from django.core.validators import URLValidator

from mentoring.files.forms import CheckedFileField
from mentoring.ui.forms import KernForm, KernModelForm, VersionedModelForm
from programmes.documents.models import AUDIENCES, Document

READERS = "Wer liest sie außer dem Beirat?"
ALWAYS = '<p class="kern-body">Der Beirat liest immer alle Unterlagen.</p>'
ALWAYS_WITH_LOGISTICS = (
    '<p class="kern-body">Der Beirat liest immer alle Unterlagen, und was Sie ablegen, lesen '
    "auch Sie. Später ändert nur der Beirat, wer sie liest.</p>"
)
ONE_OF_BOTH = "Wählen Sie eine Datei aus oder geben Sie einen Link ein, nicht beides."


class LinkField(forms.URLField):
    """An address on the web; nothing a browser would run or open with another program."""

    default_validators = [URLValidator(schemes=["http", "https"])]  # noqa: RUF012  # as Django's
    default_error_messages: ClassVar = {
        "invalid": "Geben Sie eine vollständige Adresse ein, die mit https:// oder http:// beginnt."
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            assume_scheme="https",
            max_length=500,
            label="Link",
            help_text="Zum Beispiel die Adresse einer TaskCard.",
            **kwargs,
        )


class DocumentMeta:
    """Fields of a document as every form shows them."""

    model = Document
    fields = ("title", "description", "url", *AUDIENCES)
    widgets: ClassVar = {"description": forms.Textarea(attrs={"rows": 3})}


class NewDocumentForm(KernModelForm):
    """A file or a link, and who reads it."""

    upload = CheckedFileField(label="Datei", required=False)
    url = LinkField(required=False)

    Meta = DocumentMeta

    def __init__(self, *args: Any, chooses_audience: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        always, readers = ALWAYS, list(AUDIENCES)
        if not chooses_audience:
            del self.fields["for_logistics"]
            readers.remove("for_logistics")
            always = ALWAYS_WITH_LOGISTICS
        self.layout = Layout(
            "title",
            "description",
            Fieldset("Datei oder Link", "upload", "url"),
            Fieldset(READERS, HTML(always), *readers),
        )

    def clean(self) -> dict[str, Any]:
        """Exactly one of file and link."""
        super().clean()
        # A file or link with an error of its own was given; it needs no second one.
        given = [bool(self.cleaned_data.get(n)) or n in self.errors for n in ("upload", "url")]
        if given.count(True) != 1:
            self.add_error("upload" if not any(given) else "url", ONE_OF_BOTH)
        return self.cleaned_data


class DocumentForm(VersionedModelForm):
    """Title, description, the address of a link, and for the Beirat who reads it."""

    url = LinkField()

    Meta = DocumentMeta

    def __init__(self, *args: Any, chooses_audience: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names: list[Any] = ["title", "description", "url"]
        if not self.instance.is_link:
            del self.fields["url"]
            names.remove("url")
        if chooses_audience:
            names.append(Fieldset(READERS, HTML(ALWAYS), *AUDIENCES))
        else:
            for name in AUDIENCES:
                del self.fields[name]
        self.layout = Layout(*names)


class VersionForm(KernForm):
    """A newer file."""

    upload = CheckedFileField(label="Datei")
    note = forms.CharField(
        label="Was ist neu?",
        max_length=300,
        required=False,
        help_text="Ein Satz für alle, die die vorige Fassung kennen.",
    )

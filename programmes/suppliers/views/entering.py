"""Entering an invoice: first its file, then what it says; or without a file."""

from typing import Any

from django.core.exceptions import ValidationError

from mentoring.files.models import StoredFile
from mentoring.text import search_key
from mentoring.ui.views import CreatePage, UpdatePage
from programmes.cycles.models import Cycle
from programmes.cycles.views.base import found_or_404
from programmes.einvoices.reading import Incoming, Unreadable, read
from programmes.suppliers.domain import invoices
from programmes.suppliers.forms import InvoiceForm, UploadForm
from programmes.suppliers.models import Commission, CommissionState, SupplierInvoice
from programmes.suppliers.pages import OfInvoices, OnInvoice, one_of


class Enter(OfInvoices, CreatePage):
    """Upload the file of an invoice."""

    model = SupplierInvoice
    form_class = UploadForm
    rule = "suppliers.enter"
    title = "Rechnung erfassen"
    submit_label = "Weiter"
    template_name = "suppliers/enter.html"

    def save(self, form: Any) -> StoredFile:
        """Kept for a day until the form is filled in; an XML must be an e-invoice."""
        upload = form.cleaned_data["upload"]
        if upload.name.lower().endswith(".xml"):
            upload.seek(0)
            try:
                read(upload.read())
            except Unreadable as problem:
                raise ValidationError({"upload": str(problem)}) from problem
        return invoices.keep_upload(upload, by=self.user)

    def get_success_url(self) -> str:
        """On to what it says."""
        return self._onward("enter_form", self.saved.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The way for who has no file."""
        return super().get_context_data(plain_url=self._onward("enter_plain"), **kwargs)

    def _onward(self, name: str, *args: int) -> str:
        commission = self.request.GET.get("auftrag", "")
        url = self.page(name, *args)
        return f"{url}?auftrag={commission}" if commission.isdecimal() else url


class EnterPlain(OfInvoices, CreatePage):
    """What an invoice on paper says."""

    model = SupplierInvoice
    form_class = InvoiceForm
    rule = "suppliers.enter"
    title = "Rechnung erfassen"
    submit_label = "Rechnung erfassen"
    success_message = "Die Rechnung ist erfasst. Jetzt muss sie geprüft werden."
    template_name = "suppliers/enter_form.html"

    @property
    def file(self) -> StoredFile | None:
        """The file uploaded before, if there is one."""
        return None

    def get_initial(self) -> dict[str, Any]:
        """The commission from whose page somebody came."""
        initial = super().get_initial()
        if wanted := self.request.GET.get("auftrag", ""):
            rows = Commission.objects.visible_to(self.request.user).filter(cycle=self.cycle)
            initial["commission"] = one_of(rows, wanted)
        return initial

    def get_form_kwargs(self) -> dict[str, Any]:
        """Of this cycle, with the file."""
        return {
            **super().get_form_kwargs(),
            "instance": SupplierInvoice(cycle=self.cycle),
            "cycle": self.cycle,
            "user": self.user,
            "file": self.file,
        }

    def save(self, form: Any) -> SupplierInvoice:
        """By way of the domain."""
        return invoices.enter(
            form.instance, file=self.file, another=form.cleaned_data["another"], by=self.user
        )


class EnterForm(EnterPlain):
    """What the uploaded file says: filled in from an e-invoice, and all of it to be changed."""

    @property
    def file(self) -> StoredFile:
        """The one of the address, which only its uploader sees."""
        if not hasattr(self, "_file"):
            # Those already used too: a form sent twice is led to what the first one made.
            uploaded = StoredFile.objects.filter(
                created_by=self.request.user, purpose__in=(invoices.UPLOADED, invoices.PURPOSE)
            )
            self._file = found_or_404(uploaded, self.kwargs["file_pk"])
        found: StoredFile = self._file
        return found

    def get_rule_object(self) -> Cycle:
        """The cycle, once the file is found."""
        self.file  # noqa: B018  # raises 404
        return self.cycle

    @property
    def read(self) -> tuple[Incoming | None, str]:
        """What the e-invoice says, or why it cannot be read. Read once per request."""
        if not hasattr(self, "_read"):
            self._read = incoming_of(self.file)
        return self._read

    def get_initial(self) -> dict[str, Any]:
        """What the e-invoice says."""
        initial, (found, _) = super().get_initial(), self.read
        if found is None:
            return initial
        initial |= initial_of(found)
        if not initial.get("commission"):
            initial["commission"] = likely_commission(self.cycle, found.supplier)
        return initial

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The file, and what became of reading it."""
        found, problem = self.read
        return super().get_context_data(
            file=self.file,
            incoming=found,
            problem=problem,
            used=self.file.purpose == invoices.PURPOSE,
            **kwargs,
        )


class InvoiceChange(OnInvoice, UpdatePage):
    """Change what was entered, until somebody has checked it."""

    form_class = InvoiceForm
    rule = "suppliers.enter"
    title = "Rechnung bearbeiten"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Of this cycle, with its file."""
        return {
            **super().get_form_kwargs(),
            "cycle": self.cycle,
            "user": self.user,
            "file": self.invoice.file,
        }

    def save(self, form: Any) -> SupplierInvoice:
        """By way of the domain."""
        return invoices.save(form.instance, another=form.cleaned_data["another"], by=self.user)


def incoming_of(file: StoredFile) -> tuple[Incoming | None, str]:
    """What a stored e-invoice says; ``None`` and the reason (German) where it is none."""
    try:
        with file.content.open("rb") as content:
            return read(content.read()), ""
    except Unreadable as problem:
        return None, str(problem)
    except FileNotFoundError:
        return None, "Die Datei ist nicht mehr da."


def initial_of(found: Incoming) -> dict[str, Any]:
    """What an e-invoice says, as the form's fields hold it."""
    return {
        "supplier": found.supplier[:160],
        "number": found.number[:60],
        "invoiced_on": found.invoiced_on,
        "due_on": found.due_on,
        "amount": found.amount,
        "iban": found.iban,
        "note": found.text[:2000],
    }


def likely_commission(cycle: Cycle, supplier: str) -> Commission | None:
    """The one agreed commission of that supplier without an invoice, if there is just one."""
    wanted = search_key(supplier)
    rows = (
        Commission.objects.filter(cycle=cycle, state=CommissionState.AGREED, invoices=None)
        .select_related("speaker")
        .order_by("pk")
    )
    fitting = [row for row in rows if wanted and search_key(row.supplier_name) == wanted]
    return fitting[0] if len(fitting) == 1 else None

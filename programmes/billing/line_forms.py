"""The form of a draft's lines: those that are there, and empty ones below.

One form with the fields of all lines instead of Django's formset, so that the house's own
machinery does the rest: two who edit at once, what was typed, the summary of errors.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from crispy_forms.layout import HTML, Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError

from mentoring.ui.forms import VersionedModelForm
from mentoring.ui.money import MoneyField
from programmes.billing.domain import LineData
from programmes.billing.models import Invoice, InvoiceLine, Issuer, TaxCategory
from programmes.billing.shown import plain
from programmes.einvoices.amounts import rounded

EMPTY = 4
"""So many empty lines stand below; saved and opened again, there are as many new ones."""

MOST = 200
"""More lines than any invoice of a programme has, and few enough to be laid out at once."""

NOT_POSITIVE = (
    "Bitte geben Sie eine Zahl über 0 ein. Was zu viel berechnet wurde, nimmt ein Storno zurück."
)
PRICE_LOW = (
    "Bitte geben Sie einen Preis über 0 ein. Was zu viel berechnet wurde, nimmt ein Storno zurück."
)
TOO_LITTLE = "Menge mal Einzelpreis ergibt gerundet 0,00 €. Bitte prüfen Sie beide."
NEEDED = {
    "name": "Bitte schreiben Sie, wofür der Betrag ist.",
    "quantity": "Bitte geben Sie die Menge ein.",
    "price": "Bitte geben Sie den Preis ein.",
}
"""What a line cannot do without, and how that is said."""
EXEMPT_KEY = TaxCategory.EXEMPT.value
RATES = (Decimal("19.00"), Decimal("7.00"))
"""§ 12 (1) and (2) UStG."""


class QuantityField(MoneyField):
    """A quantity with up to two decimals, typed in German and shown without empty ones."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # as MoneyField's
        """The number; raises ``ValidationError``, which speaks of no euros."""
        try:
            return super().to_python(value)
        except ValidationError:
            raise ValidationError(
                "Bitte geben Sie eine Zahl mit höchstens zwei Stellen nach dem Komma ein.",
                code="invalid",
            ) from None

    def prepare_value(self, value: Any) -> Any:
        """ "2" for two, "2,5" for two and a half."""
        shown = super().prepare_value(value)
        if isinstance(value, Decimal):
            return shown.rstrip("0").rstrip(",")
        return shown


def tax_key(category: str, rate: Decimal) -> str:
    """The choice that stands for category and rate: "E", "S:19.00"."""
    return EXEMPT_KEY if category == EXEMPT_KEY else f"{TaxCategory.STANDARD}:{rate:.2f}"


def tax_choices(issuer: Issuer, lines: Sequence[InvoiceLine]) -> list[tuple[str, str]]:
    """Exempt, the rates of the law, the issuer's own, and what lines have already."""
    rates = {*RATES, issuer.tax_rate}
    rates |= {line.tax_rate for line in lines if line.tax_category == TaxCategory.STANDARD}
    shown = [(tax_key("S", rate), rate) for rate in sorted(rates, reverse=True)]
    return [
        (EXEMPT_KEY, "umsatzsteuerfrei"),
        *((key, f"{plain(rate)} %") for key, rate in shown),
    ]


class LinesForm(VersionedModelForm):
    """All lines of a draft at once."""

    class Meta:
        model = Invoice
        fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        invoice = kwargs["instance"]
        self._lines: list[InvoiceLine] = list(invoice.lines.all())
        self._issuer: Issuer = invoice.issuer
        self.count = min(MOST, max(len(self._lines) + EMPTY, _posted(data)))
        kwargs["initial"] = self._values(self._lines)
        self._made: dict[str, forms.Field] = self._make_fields()
        # Django copies them from here: each draft has fields of its own.
        self.base_fields = self._made  # type: ignore[misc]  # not the class's any more
        super().__init__(data, *args, **kwargs)
        self.layout = Layout(*(self._group(number) for number in range(self.count)))

    @property
    def lines(self) -> list[LineData]:
        """The lines that stay, in order, once the form is valid."""
        return [
            self._line(number)
            for number in range(self.count)
            if self._used(number) and not self.cleaned_data[f"{number}-delete"]
        ]

    def clean(self) -> dict[str, Any]:
        """A line is given as a whole or not at all; one that is to go may be anything."""
        super().clean()
        for number in range(self.count):
            if self.cleaned_data.get(f"{number}-delete"):
                for name in ("name", "quantity", "price", "tax"):
                    self.errors.pop(f"{number}-{name}", None)
            elif self._used(number):
                self._require(number)
        return self.cleaned_data

    def _require(self, number: int) -> None:
        for name, text in NEEDED.items():
            key = f"{number}-{name}"
            if self.cleaned_data.get(key) in (None, "") and key not in self.errors:
                self.add_error(key, text)
        quantity, price = (self.cleaned_data.get(f"{number}-{n}") for n in ("quantity", "price"))
        if quantity is not None and price is not None and not rounded(quantity * price):
            self.add_error(f"{number}-price", TOO_LITTLE)

    def _used(self, number: int) -> bool:
        """Whether something stands in the line; the preset quantity and tax are nothing."""
        return any(
            self.cleaned_data.get(key) not in (None, "") or key in self.errors
            for key in (f"{number}-name", f"{number}-price")
        )

    def _line(self, number: int) -> LineData:
        found = self.cleaned_data
        tax = found[f"{number}-tax"]
        quantity = found[f"{number}-quantity"]
        category, _, rate = tax.partition(":")
        return LineData(
            name=found[f"{number}-name"],
            quantity=quantity,
            price=found[f"{number}-price"],
            tax_category=category,
            tax_rate=Decimal(rate or "0.00"),
            mentees=self._mentees(number, quantity),
        )

    def _mentees(self, number: int, quantity: Decimal) -> int | None:
        """How many mentees the line bills: it follows the quantity where it was the same."""
        before = self._lines[number] if number < len(self._lines) else None
        if before is None or before.mentees is None:
            return None
        if before.quantity == before.mentees and quantity == int(quantity):
            return int(quantity)
        return before.mentees

    def _make_fields(self) -> dict[str, forms.Field]:
        choices = tax_choices(self._issuer, self._lines)
        made: dict[str, forms.Field] = {}
        for number in range(self.count):
            which = f" (Zeile {number + 1})"
            # A line that is there stays whole or is deleted; the empty ones may stay empty.
            saved = number < len(self._lines)
            made[f"{number}-name"] = forms.CharField(
                label=f"Bezeichnung{which}",
                max_length=200,
                required=saved,
                error_messages={"required": NEEDED["name"]},
            )
            made[f"{number}-quantity"] = QuantityField(
                label=f"Menge{which}",
                max_digits=8,
                required=saved,
                min_value=Decimal("0.01"),
                error_messages={"min_value": NOT_POSITIVE, "required": NEEDED["quantity"]},
            )
            made[f"{number}-price"] = MoneyField(
                label=f"Einzelpreis netto in Euro{which}",
                required=saved,
                min_value=Decimal("0.01"),
                error_messages={"min_value": PRICE_LOW, "required": NEEDED["price"]},
            )
            made[f"{number}-tax"] = forms.ChoiceField(label=f"Umsatzsteuer{which}", choices=choices)
            made[f"{number}-delete"] = forms.BooleanField(
                label=f"Zeile {number + 1} löschen", required=False
            )
        return made

    def _group(self, number: int) -> Fieldset:
        is_new = number >= len(self._lines)
        parts: list[Any] = [
            f"{number}-name",
            Row(
                Column(f"{number}-quantity"),
                Column(f"{number}-price"),
                Column(f"{number}-tax"),
            ),
        ]
        if not is_new:
            parts.append(f"{number}-delete")
        elif number == len(self._lines):
            parts.insert(0, HTML('<p class="kern-body">Leere Zeilen werden nicht gespeichert.</p>'))
        return Fieldset(f"Zeile {number + 1}{' (neu)' if is_new else ''}", *parts)

    # --- What the versions compare: the lines instead of columns of the invoice ---------
    def _compared(self) -> list[str]:
        return list(self._made)

    def _initial_of(self, instance: Any) -> dict[str, Any]:
        return self._values(list(instance.lines.all()))

    def _values(self, lines: Sequence[InvoiceLine]) -> dict[str, Any]:
        standard = self._issuer.tax_category == TaxCategory.STANDARD
        preset = tax_key(
            self._issuer.tax_category, self._issuer.tax_rate if standard else Decimal(0)
        )
        values: dict[str, Any] = {}
        for number in range(self.count):
            line = lines[number] if number < len(lines) else None
            values[f"{number}-name"] = line.name if line else ""
            values[f"{number}-quantity"] = line.quantity if line else Decimal(1)
            values[f"{number}-price"] = line.price if line else None
            values[f"{number}-tax"] = tax_key(line.tax_category, line.tax_rate) if line else preset
            values[f"{number}-delete"] = False
        return values


def _posted(data: Any) -> int:
    """How many lines were posted."""
    found = (key.removesuffix("-name") for key in data or () if key.endswith("-name"))
    # Python refuses to read a number of thousands of digits.
    numbers = (int(number) for number in found if number.isdecimal() and len(number) < 5)
    return max(numbers, default=-1) + 1

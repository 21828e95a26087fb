"""Payment codes: what a banking app reads off an invoice."""

from decimal import Decimal

from segno import QRCode
from segno.helpers import make_epc_qr

UTF_8 = 1
NAME_LENGTH = 70
TEXT_LENGTH = 140


def epc_code(*, name: str, iban: str, bic: str, amount: Decimal, text: str) -> QRCode:
    """The code of a SEPA transfer of ``amount`` euros, version 002 with correction level M.

    Source: European Payments Council, EPC069-12 v3. A longer name or text is cut, for the
    bank goes by the IBAN. Raises ``ValueError`` for an amount below a cent or from a billion on.
    """
    return make_epc_qr(
        name=name[:NAME_LENGTH].strip(),
        iban=iban.replace(" ", ""),
        amount=amount,
        text=text[:TEXT_LENGTH],
        bic=bic or None,
        encoding=UTF_8,
    )


def epc_svg(*, name: str, iban: str, bic: str, amount: Decimal, text: str) -> str:
    """The same as a drawing, for a page or a PDF: no size of its own, none of its white rim."""
    code = epc_code(name=name, iban=iban, bic=bic, amount=amount, text=text)
    return str(code.svg_inline(border=0, omitsize=True, svgclass=None, lineclass=None))

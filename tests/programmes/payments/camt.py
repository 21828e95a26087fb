"""A bank for tests: CAMT.053 files as German banks deliver them, in both versions."""

import io
import zipfile
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from django.core.files.uploadedfile import SimpleUploadedFile

IBAN = "DE89370400440532013000"
"""That of the partner the makers of billing fill in."""


@dataclass(frozen=True)
class Transfer:
    """One payment of a booking."""

    amount: str
    payer: str = "Stadt Ahausen"
    text: str | tuple[str, ...] = ""
    end_to_end: str = "NOTPROVIDED"
    debit: bool = False
    structured: str = ""


@dataclass(frozen=True)
class Booking:
    """One entry; with several transfers a collective booking."""

    transfers: tuple[Transfer, ...]
    day: date = date(2026, 11, 20)
    debit: bool = False
    status: str = "BOOK"
    currency: str = "EUR"
    reference: str = "NONREF"
    total: str = ""
    amounts: bool = True
    """Whether the transfers say how much each is."""

    extra: str = ""


def credit(
    amount: str, text: str | tuple[str, ...] = "", payer: str = "Stadt Ahausen", **more: object
) -> Booking:
    """One payment that came in."""
    return Booking((Transfer(amount, payer, text),), **more)  # type: ignore[arg-type]  # a test's words


@dataclass
class Bank:
    """Writes statements of an account, in version 2 or 8."""

    version: int = 8
    iban: str = IBAN
    number: int = 17

    def statement(self, *bookings: Booking) -> str:
        """One ``Stmt``."""
        entries = "".join(map(self._entry, bookings))
        return (
            f"<Stmt><Id>AUSZUG-{self.number}</Id><ElctrncSeqNb>{self.number}</ElctrncSeqNb>"
            "<CreDtTm>2026-11-21T06:00:00+01:00</CreDtTm>"
            f"<Acct><Id><IBAN>{self.iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
            f"{entries}</Stmt>"
        )

    def file(self, *bookings: Booking) -> bytes:
        """A file with one statement."""
        return self.document(self.statement(*bookings))

    def document(self, *statements: str) -> bytes:
        """A file with these statements."""
        name = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{self.version:02}"
        body = "".join(statements)
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{name}"><BkToCstmrStmt>'
            "<GrpHdr><MsgId>1</MsgId><CreDtTm>2026-11-21T06:00:00+01:00</CreDtTm></GrpHdr>"
            f"{body}</BkToCstmrStmt></Document>"
        ).encode()

    def _entry(self, booking: Booking) -> str:
        total = booking.total or str(
            sum((Decimal(t.amount) * (-1 if t.debit else 1) for t in booking.transfers), Decimal(0))
        )
        status = f"<Cd>{booking.status}</Cd>" if self.version >= 8 else booking.status
        several = len(booking.transfers) > 1
        details = "".join(self._details(one, booking, several) for one in booking.transfers)
        return (
            f'<Ntry><Amt Ccy="{booking.currency}">{total}</Amt>'
            f"<CdtDbtInd>{'DBIT' if booking.debit else 'CRDT'}</CdtDbtInd><Sts>{status}</Sts>"
            f"<BookgDt><Dt>{booking.day}</Dt></BookgDt><ValDt><Dt>{booking.day}</Dt></ValDt>"
            f"<AcctSvcrRef>{booking.reference}</AcctSvcrRef><BkTxCd/>"
            f"<NtryDtls>{details}</NtryDtls>{booking.extra}</Ntry>"
        )

    def _details(self, one: Transfer, booking: Booking, several: bool) -> str:
        amount = f'<Amt Ccy="{booking.currency}">{one.amount}</Amt>'
        sign = f"<CdtDbtInd>{'DBIT' if one.debit else 'CRDT'}</CdtDbtInd>"
        said = ""
        if several and booking.amounts:
            said = (
                f"{amount}{sign}"
                if self.version >= 8
                else f"<AmtDtls><TxAmt>{amount}</TxAmt></AmtDtls>"
            )
        name = f"<Nm>{escape(one.payer)}</Nm>"
        payer = f"<Pty>{name}</Pty>" if self.version >= 8 else name
        texts = (one.text,) if isinstance(one.text, str) else one.text
        free = "".join(f"<Ustrd>{escape(text)}</Ustrd>" for text in texts if text)
        if one.structured:
            free += f"<Strd><CdtrRefInf><Ref>{one.structured}</Ref></CdtrRefInf></Strd>"
        return (
            f"<TxDtls><Refs><EndToEndId>{one.end_to_end}</EndToEndId></Refs>{said}"
            f"<RltdPties><Dbtr>{payer}</Dbtr></RltdPties><RmtInf>{free}</RmtInf></TxDtls>"
        )


def upload(data: bytes, name: str = "auszug.xml") -> SimpleUploadedFile:
    """As a browser sends it."""
    return SimpleUploadedFile(name, data, "application/x-claimed")


def zipped(
    *files: bytes, names: tuple[str, ...] = (), packing: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """A ZIP of files as a bank delivers it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for number, data in enumerate(files):
            archive.writestr(names[number] if names else f"C53_{number}.xml", data)
    return out.getvalue()

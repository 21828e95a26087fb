"""Importing a bank statement: its credits are kept, the file is not."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.files.base import File
from django.db import transaction

from mentoring.accounts.models import User
from mentoring.files.checks import check_upload
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.billing.models import Issuer
from programmes.organisations.checks import compact
from programmes.payments.camt import Credit, NoStatement, Statement
from programmes.payments.domain.words import several
from programmes.payments.models import BankEntry, BankStatement
from programmes.payments.unpacking import MAX_BYTES, statements_in

KINDS = ("xml", "zip")
NO_IBAN = (
    "Beim Logistikpartner ist noch keine IBAN eingetragen. Tragen Sie sie dort ein: Nur Auszüge "
    "dieses Kontos werden gelesen."
)


class Unreadable(Refused):
    """The file itself is what is wrong: another one would do."""


@dataclass(frozen=True)
class Imported:
    """What became of an upload. ``known`` credits had come with another file before.

    ``again`` says that this very file was imported before, so that nothing was done.
    """

    statement: BankStatement
    new: int = 0
    known: int = 0
    not_booked: int = 0
    other_currency: int = 0
    other_accounts: int = 0
    again: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is no credit in it, known ones neither."""
        return not (self.again or self.new or self.known)

    @property
    def said(self) -> str:
        """The result in German sentences."""
        if self.again:
            return (
                "Diese Datei ist schon eingelesen. Es wurde nichts doppelt gezählt: hier sehen Sie "
                "den Auszug."
            )
        lines = [several(self.new, "neue Gutschrift", "neue Gutschriften") + " eingelesen."]
        if self.is_empty:
            # There may be some we do not read: the lines below say which.
            but = ", die wir lesen" if self.not_booked or self.other_currency else ""
            lines = [f"Der Kontoauszug enthält keine Gutschriften{but}."]
        if self.known:
            were = several(self.known, "war", "waren")
            lines.append(f"{were} schon aus einem anderen Auszug bekannt.")
        if self.other_accounts:
            other = several(self.other_accounts, "Auszug", "Auszüge")
            lines.append(f"{other} eines anderen Kontos: nicht gelesen.")
        if self.not_booked:
            lines.append(
                several(self.not_booked, "Buchung", "Buchungen")
                + " noch nicht endgültig gebucht: Lesen Sie dafür den nächsten Auszug ein."
            )
        if self.other_currency:
            lines.append(
                several(self.other_currency, "Gutschrift", "Gutschriften")
                + " in einer anderen Währung als Euro: nicht gelesen."
            )
        return " ".join(lines)


def import_statement(upload: "File[bytes]", issuer: Issuer, *, by: User) -> Imported:
    """Read a CAMT.053 file, or a ZIP of such, and keep the credits that are new.

    A credit is known again by its fingerprint, whatever file it comes with. Raises
    ``ValidationError`` for a file that is not allowed, ``Unreadable`` for one that is no
    statement of the issuer's own account, and ``Refused`` where that account is not known.
    """
    checked = check_upload(upload, allowed=KINDS, max_bytes=MAX_BYTES)
    sha256 = _digest_of(upload)
    with transaction.atomic(), acting(by):
        # One import of an issuer after the other: both would find the same credits new.
        held = Issuer.objects.select_for_update(of=("self",)).select_related("partner")
        issuer = held.get(pk=issuer.pk)
        own_iban = compact(issuer.partner.iban)
        if not own_iban:
            raise Refused(NO_IBAN)
        stored = BankStatement.objects.filter(issuer=issuer, sha256=sha256).first()
        if stored is not None:
            return Imported(stored, again=True)
        try:
            found = statements_in(upload, checked.kind)
        except NoStatement as refusal:
            raise Unreadable(f"Die Datei „{checked.name}“ {refusal}.") from refusal
        own = [statement for statement in found if statement.iban == own_iban]
        if not own:
            raise Unreadable(_foreign(found, own_iban))
        return _keep(own, issuer, checked.name, sha256, len(found) - len(own), by)


def _keep(
    statements: Sequence[Statement],
    issuer: Issuer,
    name: str,
    sha256: str,
    other_accounts: int,
    by: User,
) -> Imported:
    days = [day for one in statements for day in (one.first_day, one.last_day) if day is not None]
    first = statements[0].identification
    stored = BankStatement.objects.create(
        issuer=issuer,
        file_name=name,
        sha256=sha256,
        iban=statements[0].iban,
        identification=first if len(statements) == 1 else f"{len(statements)} Auszüge",
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        imported_by=by,
    )
    # Alike are counted within a statement: an archive may hold a day twice.
    credits = {key: credit for one in statements for key, credit in fingerprinted(one.credits)}
    known = _known(issuer, list(credits))
    new = [(key, credit) for key, credit in credits.items() if key not in known]
    BankEntry.objects.bulk_create(
        (
            BankEntry(
                issuer=issuer,
                statement=stored,
                fingerprint=key,
                booked_on=credit.booked_on,
                amount=credit.amount,
                payer=credit.payer,
                text=credit.text,
            )
            for key, credit in new
        ),
        batch_size=500,
    )
    return Imported(
        stored,
        new=len(new),
        known=len(credits) - len(new),
        not_booked=sum(one.not_booked for one in statements),
        other_currency=sum(one.other_currency for one in statements),
        other_accounts=other_accounts,
    )


def _known(issuer: Issuer, keys: Sequence[str]) -> set[str]:
    """Which of ``keys`` are kept already; in parts, for SQLite takes so many words at once."""
    found: set[str] = set()
    for start in range(0, len(keys), 500):
        some = keys[start : start + 500]
        entries = BankEntry.objects.filter(issuer=issuer, fingerprint__in=some)
        found |= set(entries.values_list("fingerprint", flat=True))
    return found


def fingerprinted(credits: Iterable[Credit]) -> list[tuple[str, Credit]]:
    """The credits of one statement with what each is known again by.

    Of two that are alike in everything (same day, payer, amount, text and no reference of the
    bank's) the second is another payment, and is so in every statement of that day.
    """
    alike: Counter[str] = Counter()
    found = []
    for credit in credits:
        parts = (
            credit.booked_on.isoformat(),
            str(credit.amount),
            "".join(credit.payer.upper().split()),
            "".join(credit.text.upper().split()),
            credit.reference,
        )
        same = "\x1f".join(parts)
        alike[same] += 1
        key = hashlib.sha256(f"{same}\x1f{alike[same]}".encode()).hexdigest()
        found.append((key, credit))
    return found


def _digest_of(upload: "File[bytes]") -> str:
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def _foreign(found: Sequence[Statement], own: str) -> str:
    others = ", ".join(dict.fromkeys(_masked(one.iban) for one in found))
    return (
        f"Dieser Kontoauszug gehört zu einem anderen Konto ({others}). Gelesen werden nur Auszüge "
        f"des eigenen Kontos {_masked(own)}. Stimmt es nicht, ändern Sie die IBAN beim "
        "Logistikpartner."
    )


def _masked(iban: str) -> str:
    """So much of an IBAN that its owner knows it: "DE12 … 3456"."""
    return f"{iban[:4]} … {iban[-4:]}" if len(iban) > 8 else (iban or "ohne IBAN")

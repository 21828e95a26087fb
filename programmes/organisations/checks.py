"""Checks of numbers that others issued, and the form we keep them in."""

import re

from django.core.exceptions import ValidationError
from stdnum import bic, iban
from stdnum.de import vat
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as NumberError
from stdnum.iso7064 import mod_97_10

# Written out instead of \d and \w, which also match the digits of other scripts.
_LEITWEG = re.compile(r"([0-9]{2,12})(?:-([A-Za-z0-9]{1,30}))?-([0-9]{2})")
_PLAIN = re.compile(r"[A-Za-z0-9]+")
_BLANKS = re.compile(r"[\s\u200b\ufeff]+")


def compact(value: str) -> str:
    """``value`` without any blanks and in upper case: the form we keep numbers in."""
    return _BLANKS.sub("", value).upper()


def validate_leitweg_id(value: str) -> None:
    """Check form and check digits of a Leitweg-ID; raises ``ValidationError``.

    Source: KoSIT, Formatspezifikation Leitweg-ID 2.0.2: coarse address of 2 to 12 digits,
    optional fine address, two check digits by ISO 7064 MOD 97-10 over all of it.
    """
    match = _LEITWEG.fullmatch(value)
    if not match:
        raise ValidationError(
            "Eine Leitweg-ID besteht aus Grobadresse, gegebenenfalls Feinadresse und zwei "
            "Prüfziffern, getrennt durch Bindestriche, zum Beispiel 04011000-12345-03."
        )
    if not mod_97_10.is_valid("".join(part for part in match.groups() if part)):
        raise ValidationError(
            "Die Prüfziffern der Leitweg-ID stimmen nicht. Bitte vergleichen Sie die Nummer "
            "mit Ihrer Vorlage, oft sind zwei Ziffern vertauscht."
        )


def validate_iban(value: str) -> None:
    """Check an IBAN (ISO 13616) with its check digits; raises ``ValidationError``."""
    wrong_form = ValidationError(
        "Das ist keine gültige IBAN. Eine deutsche IBAN beginnt mit DE und hat 22 Stellen."
    )
    if not _PLAIN.fullmatch(value.replace(" ", "")):
        raise wrong_form
    try:
        iban.validate(value)
    except InvalidChecksum:
        raise ValidationError(
            "Die Prüfziffern der IBAN stimmen nicht. Bitte vergleichen Sie sie Stelle für Stelle."
        ) from None
    except NumberError:
        raise wrong_form from None


def validate_bic(value: str) -> None:
    """Check the form of a BIC (ISO 9362); raises ``ValidationError``."""
    if not _PLAIN.fullmatch(value) or not bic.is_valid(value):
        raise ValidationError("Ein BIC hat 8 oder 11 Zeichen, zum Beispiel WELADED1MST.")


def validate_vat_id(value: str) -> None:
    """Check a German USt-IdNr. (§ 27a UStG) with its check digit; raises ``ValidationError``."""
    if not re.fullmatch(r"DE[0-9]{9}", value):
        raise ValidationError("Eine USt-IdNr. besteht aus DE und neun Ziffern.")
    if not vat.is_valid(value):
        raise ValidationError("Die Prüfziffer der USt-IdNr. stimmt nicht.")


def validate_tax_number(value: str) -> None:
    """Check the form of a Steuernummer; raises ``ValidationError``.

    Each Land writes it in its own way, so only characters and length are checked.
    """
    digits = re.sub(r"[ /]", "", value)
    if not re.fullmatch(r"[0-9]{10,13}", digits):
        raise ValidationError(
            "Eine Steuernummer hat 10 bis 13 Ziffern, zum Beispiel 337/5901/1234."
        )


def validate_postal_code(value: str) -> None:
    """Check a German post code; raises ``ValidationError``."""
    if not re.fullmatch(r"[0-9]{5}", value):
        raise ValidationError("Eine Postleitzahl hat fünf Ziffern.")


def validate_ags(value: str) -> None:
    """Check the form of an AGS (Destatis, Gemeindeverzeichnis); raises ``ValidationError``."""
    if not re.fullmatch(r"[0-9]{8}", value):
        raise ValidationError(
            "Ein Gemeindeschlüssel hat acht Ziffern, zum Beispiel 05515000 für Münster. Bei "
            "Kreisen sind die letzten drei Ziffern Nullen."
        )

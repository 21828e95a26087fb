"""Checks of numbers that others issued: Leitweg-ID, IBAN, BIC, post code."""

import re

from django.core.exceptions import ValidationError
from stdnum import bic, iban
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as NumberError
from stdnum.iso7064 import mod_97_10

_LEITWEG = re.compile(r"^(\d{2,12})(?:-([A-Z0-9]{1,30}))?-(\d{2})$")


def validate_leitweg_id(value: str) -> None:
    """Check form and check digits of a Leitweg-ID; raises ``ValidationError``.

    Source: KoSIT, Formatspezifikation Leitweg-ID 2.0.2: coarse address of 2 to 12 digits,
    optional fine address, two check digits by ISO 7064 MOD 97-10 over all of it.
    """
    match = _LEITWEG.match(value.upper())
    if not match:
        raise ValidationError(
            "Eine Leitweg-ID besteht aus Grobadresse, gegebenenfalls Feinadresse und zwei "
            "Prüfziffern, getrennt durch Bindestriche, zum Beispiel 05515000-1234-56."
        )
    if not mod_97_10.is_valid("".join(part for part in match.groups() if part)):
        raise ValidationError(
            "Die Prüfziffern der Leitweg-ID stimmen nicht. Bitte vergleichen Sie die Nummer "
            "mit Ihrer Vorlage, oft sind zwei Ziffern vertauscht."
        )


def validate_iban(value: str) -> None:
    """Check an IBAN (ISO 13616) with its check digits; raises ``ValidationError``."""
    try:
        iban.validate(value)
    except InvalidChecksum:
        raise ValidationError(
            "Die Prüfziffern der IBAN stimmen nicht. Bitte vergleichen Sie sie Stelle für Stelle."
        ) from None
    except NumberError:
        raise ValidationError(
            "Das ist keine gültige IBAN. Eine deutsche IBAN beginnt mit DE und hat 22 Stellen."
        ) from None


def validate_bic(value: str) -> None:
    """Check the form of a BIC (ISO 9362); raises ``ValidationError``."""
    if not bic.is_valid(value):
        raise ValidationError("Ein BIC hat 8 oder 11 Zeichen, zum Beispiel WELADED1MST.")


def validate_postal_code(value: str) -> None:
    """Check a German post code; raises ``ValidationError``."""
    if not re.fullmatch(r"[0-9]{5}", value):
        raise ValidationError("Eine Postleitzahl hat fünf Ziffern.")

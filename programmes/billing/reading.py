"""Who reads the files of invoices, and that what they read is what was made."""

from typing import Any

from django.db.models import Q

from mentoring.files.models import StoredFile
from mentoring.ui.errors import Forbidden
from programmes.billing.domain import whole
from programmes.billing.models import Invoice

CHANGED = (
    "Diese Datei ist nicht mehr die, die mit der Rechnung erzeugt wurde. Deshalb geben wir sie "
    "nicht heraus."
)
ADVICE = (
    "Bitte wenden Sie sich an die Betreuung des Systems: sie holt die Datei aus der Sicherung "
    "zurück. Was auf der Rechnung steht, sehen Sie weiter auf ihrer Seite."
)


def reads_file(user: Any, stored: StoredFile) -> bool:
    """Whoever sees the invoice; raises ``Forbidden`` if the file is not the one made for it."""
    invoice = (
        Invoice.objects.visible_to(user).filter(Q(pdf=stored) | Q(xml=stored)).distinct().first()
    )
    if invoice is None:
        return False
    if whole(stored, invoice) is None:
        raise Forbidden(CHANGED, ADVICE)
    return True

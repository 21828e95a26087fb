"""The words with which a Kommune tells an outcome: shipped ones, placeholders, who adapted them."""

import re
from collections.abc import Iterable
from typing import Any

from programmes.cycles.models import Cycle
from tandems.applications.models import Application
from tandems.places.models import Outcome, OutcomeText

PLACEHOLDERS: dict[str, str] = {
    "vorname": "Vorname",
    "nachname": "Nachname",
    "kommune": "Name der Kommune",
    "programm": "Name des Programms",
    "durchgang": "Durchgang mit Nummer und Jahren",
    "startworkshop": "Tag des Startworkshops",
}
_FIELD = re.compile(r"\{([^{}\n]{0,40})\}")

DEFAULTS: dict[str, str] = {
    Outcome.PLACED: """Guten Tag {vorname} {nachname},

wir freuen uns sehr: Sie haben einen Platz im Programm „{programm}“, {durchgang}.

Der Beirat aller beteiligten Kommunen hat gemeinsam über die Plätze beraten. Ihre Bewerbung hat \
gezeigt, womit Sie sich auseinandersetzen und wohin Sie möchten. Dabei begleiten wir Sie gern.

So geht es weiter: Der Beirat sucht nun eine Mentorin oder einen Mentor, die oder der zu Ihren \
Zielen passt. Wer das ist, erfahren Sie zum Startworkshop am {startworkshop}. Bitte halten Sie \
sich diesen Tag frei. Eine Einladung mit allen Einzelheiten bekommen Sie rechtzeitig.

Falls sich bei Ihnen etwas ändert und Sie den Platz nicht antreten können, sagen Sie uns bitte \
früh Bescheid. Dann kann jemand anderes nachrücken.

Herzlichen Glückwunsch und auf eine gute gemeinsame Zeit!

Ihre Personalstelle
{kommune}""",
    Outcome.WAITING: """Guten Tag {vorname} {nachname},

vielen Dank für Ihre Bewerbung für das Programm „{programm}“, {durchgang}.

Der Beirat aller beteiligten Kommunen hat gemeinsam über die Plätze beraten. Es gab mehr gute \
Bewerbungen als Plätze. Im Augenblick können wir Ihnen deshalb noch keinen Platz zusagen, Sie \
stehen aber auf der Warteliste.

Das heißt: Wird ein Platz frei, entscheidet der Beirat, wer nachrückt. Wir melden uns dann sofort \
bei Ihnen. Sie müssen nichts weiter tun. Der Startworkshop ist am {startworkshop}; halten Sie sich \
diesen Tag bitte, wenn es Ihnen möglich ist, noch frei.

Wir wissen, dass Warten nicht leicht ist. Wenn Sie lieber nicht mehr warten möchten oder Fragen \
haben, sprechen Sie uns gern an.

Mit freundlichen Grüßen

Ihre Personalstelle
{kommune}""",
    Outcome.DECLINED: """Guten Tag {vorname} {nachname},

Sie haben sich für das Programm „{programm}“, {durchgang}, beworben und sich dafür viel Zeit \
genommen. Dafür danken wir Ihnen herzlich.

Leider können wir Ihnen in diesem Durchgang keinen Platz anbieten. Das hätten wir Ihnen gern \
anders geschrieben.

Wichtig ist uns: Diese Entscheidung ist kein Urteil über Sie, Ihre Leistung oder Ihre Eignung. \
Die Kommunen hatten mehr gute Bewerbungen als Plätze, und der Beirat musste sie auf alle \
beteiligten Verwaltungen verteilen. Dass wir Sie nominiert haben, zeigt, was wir Ihnen zutrauen. \
Daran ändert sich nichts.

Was Sie in Ihrer Bewerbung über Ihre Ziele geschrieben haben, möchten wir nicht liegen lassen. \
Wenn Sie mögen, sprechen wir mit Ihnen in Ruhe darüber, was Sie weiterbringt: andere Angebote, \
eine Hospitation, ein Gespräch mit einer erfahrenen Führungskraft oder eine neue Bewerbung im \
nächsten Durchgang. Melden Sie sich einfach bei uns, wann es für Sie passt.

Wir wünschen Ihnen für Ihren weiteren Weg alles Gute und freuen uns, wenn wir ein Stück davon \
begleiten dürfen.

Mit herzlichen Grüßen

Ihre Personalstelle
{kommune}""",
}


def unknown_placeholders(text: str) -> list[str]:
    """What stands in braces in ``text`` and is no placeholder."""
    return [name for name in _FIELD.findall(text) if name not in PLACEHOLDERS]


def fill(text: str, application: Application, cycle: Cycle) -> str:
    """``text`` with the placeholders filled in for one applicant; all else stays."""
    workshop = cycle.start_workshop_on
    values = {
        "vorname": application.person.first_name,
        "nachname": application.person.last_name,
        "kommune": application.municipality.name,
        "programm": cycle.programme.name,
        "durchgang": str(cycle),
        "startworkshop": f"{workshop:%d.%m.%Y}" if workshop else "(Termin folgt)",
    }
    return _FIELD.sub(lambda found: values.get(found[1], found[0]), text)


class Texts:
    """The texts that hold in a cycle, read once: a Kommune's own, else the Beirat's, else ours."""

    def __init__(self, cycle: Cycle, user: Any) -> None:
        rows: Iterable[OutcomeText] = OutcomeText.objects.visible_to(user).filter(cycle=cycle)
        self._cycle = cycle
        self._rows = {(row.municipality_id, row.outcome): row for row in rows}

    def row(self, outcome: str, municipality: int | None) -> OutcomeText | None:
        """The adapted version of exactly this level."""
        return self._rows.get((municipality, outcome))

    def of(self, outcome: str, municipality: int | None = None) -> str:
        """The text that holds for a Kommune, or for the whole cycle."""
        for level in (municipality, None):
            if (row := self.row(outcome, level)) is not None:
                return str(row.text)
        return DEFAULTS[outcome]

    def letter(self, application: Application) -> str:
        """The words for one decided applicant of the cycle."""
        text = self.of(application.state, application.municipality_id)
        return fill(text, application, self._cycle)

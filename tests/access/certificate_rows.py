"""The access matrix: the certificates of a Durchgang."""

from typing import Any

from django.utils import timezone

from programmes.certificates.models import CertificateKind, CertificateText
from programmes.cycles.models import Participant, ParticipantRole
from tests.access.grammar import row
from tests.conftest import Cast, Stage

BASE = "durchgaenge/<int:cycle_pk>/zertifikate/"
OUTSIDE = "404: mentee mentor stranger operator former"
PRINTS = f"{OUTSIDE} | 403: permanent hr other_hr | 200: *"
WRITES = f"{OUTSIDE} | 403: member permanent hr other_hr | 200: *"
NOBODY = "404: *"


def of(kind="", **more):
    def kwargs(world):
        found = {"cycle_pk": world.stage.cycle.pk, **({"kind": kind} if kind else {})}
        return {**found, **{name: get(world) for name, get in more.items()}}

    return kwargs


def foreign(kind=""):
    return lambda w: {"cycle_pk": w.foreign_cycle.pk, **({"kind": kind} if kind else {})}


def mentee(world):
    return world.certified.pk


ATTENDANCE, CERTIFICATE = "teilnahmebestaetigung", "zertifikat"

ROWS = [
    row(BASE, of(), get=PRINTS),
    row(BASE, foreign(), get=NOBODY, label="foreign"),
    row(f"{BASE}erstellen/<slug:kind>/", of(ATTENDANCE), get=PRINTS, post=PRINTS),
    row(f"{BASE}erstellen/<slug:kind>/", foreign(ATTENDANCE), get=NOBODY, label="foreign"),
    row(f"{BASE}texte/", of(), get=PRINTS),
    row(f"{BASE}texte/<slug:kind>/", of(CERTIFICATE), get=WRITES, post=WRITES),
    row(f"{BASE}texte/<slug:kind>/", foreign(CERTIFICATE), get=NOBODY, label="foreign"),
    row(f"{BASE}texte/<slug:kind>/vorschau.pdf", of(ATTENDANCE), get=PRINTS),
    row(
        f"{BASE}texte/<slug:kind>/freigeben/",
        of(CERTIFICATE),
        get=WRITES,
        post=WRITES.replace("200", "ok"),
    ),
    row(
        f"{BASE}texte/<slug:kind>/zuruecknehmen/",
        of(ATTENDANCE),
        get=WRITES,
        post=WRITES.replace("200", "ok"),
    ),
    row(f"{BASE}<int:pk>/<slug:kind>.pdf", of(ATTENDANCE, pk=mentee), get=PRINTS),
    row(
        f"{BASE}<int:pk>/<slug:kind>.pdf",
        lambda w: {"cycle_pk": w.foreign_cycle.pk, "pk": w.certified.pk, "kind": ATTENDANCE},
        get=NOBODY,
        label="foreign",
    ),
    row(
        "meine-zertifikate/<int:pk>/<slug:kind>.pdf",
        lambda w: {"pk": w.certified.pk, "kind": ATTENDANCE},
        get="200: mentee | 404: *",
    ),
]


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """A released text that asks for no event, and the participant who fulfils it."""
    CertificateText.objects.create(
        cycle=stage.cycle,
        kind=CertificateKind.ATTENDANCE,
        heading="Teilnahmebestätigung",
        text="{name}",
        released_at=timezone.now(),
    )
    return {
        "certified": Participant.objects.get(
            cycle=stage.cycle, person=cast.mentee, role=ParticipantRole.MENTEE
        )
    }

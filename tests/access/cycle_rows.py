"""Programmes, cycles, Beirat, participants, log."""

from tests.access.grammar import row

WORKS = "403: mentee mentor stranger operator | 200: *"
UNSEEN = "404: mentee mentor stranger operator former"
INSIDE = f"{UNSEEN} permanent | 200: *"


def cycle(world):
    return {"cycle_pk": world.stage.cycle.pk}


def foreign_cycle(world):
    return {"cycle_pk": world.foreign_cycle.pk}


def closed_cycle(world):
    return {"cycle_pk": world.closed_cycle.pk}


def participation(world):
    return {
        **cycle(world),
        "pk": world.stage.cycle.participations.get(municipality=world.stage.own).pk,
    }


def seat(world):
    return {**cycle(world), "pk": world.member_seat.pk}


def programme(world):
    return {"pk": world.stage.programme.pk}


def foreign_programme(world):
    return {"pk": world.foreign_programme.pk}


LEAD_ONLY = f"{UNSEEN} | 200: lead | 403: *"
LEAD_ACTS = f"{UNSEEN} | ok: lead | 403: *"
NOBODY_BUT = "404: mentee mentor stranger | 200: operator permanent | 403: *"
MEMBERS_END = "200: operator permanent | 404: *"

ROWS = [
    row("durchgaenge/", get=WORKS),
    row("durchgaenge/<int:cycle_pk>/", cycle, get=f"{UNSEEN} | 200: *"),
    row("durchgaenge/<int:cycle_pk>/", foreign_cycle, get="404: *", label="foreign"),
    row(
        "durchgaenge/<int:cycle_pk>/",
        closed_cycle,
        get="404: mentee mentor stranger operator | 200: *",
        label="closed: figures",
    ),
    row("durchgaenge/<int:cycle_pk>/bearbeiten/", cycle, get=LEAD_ONLY, post=LEAD_ONLY),
    row(
        "durchgaenge/<int:cycle_pk>/absagen/",
        cycle,
        get=LEAD_ONLY,
        post=LEAD_ACTS,
        data=lambda w: {"reason": "zu wenige Kommunen"},
    ),
    row("durchgaenge/<int:cycle_pk>/stand/", cycle, get=LEAD_ONLY),
    row(
        "durchgaenge/<int:cycle_pk>/stand/<slug:step>/",
        lambda w: {**cycle(w), "step": "matching-beginnen"},
        get=LEAD_ONLY,
        post=LEAD_ACTS,
    ),
    row(
        "durchgaenge/<int:cycle_pk>/beirat/",
        cycle,
        get=f"{UNSEEN} | 403: permanent | 200: *",
    ),
    row(
        "durchgaenge/<int:cycle_pk>/beirat/",
        closed_cycle,
        get="404: mentee mentor stranger operator | 403: *",
        label="closed",
    ),
    row("durchgaenge/<int:cycle_pk>/beirat/<int:pk>/", seat, get=LEAD_ONLY, post=LEAD_ONLY),
    row(
        "durchgaenge/<int:cycle_pk>/beirat/<int:pk>/",
        lambda w: {**cycle(w), "pk": w.foreign_seat.pk},
        get="refused: *",
        post="refused: *",
        label="foreign seat",
    ),
    row("durchgaenge/<int:cycle_pk>/beirat/<int:pk>/beenden/", seat, get=LEAD_ONLY, post=LEAD_ACTS),
    row(
        "durchgaenge/<int:cycle_pk>/kommunen/",
        cycle,
        get=f"{UNSEEN} | 403: permanent | 200: *",
    ),
    row("durchgaenge/<int:cycle_pk>/kommunen/neu/", cycle, get=LEAD_ONLY, post=LEAD_ONLY),
    row(
        "durchgaenge/<int:cycle_pk>/kommunen/neu/",
        lambda w: {"cycle_pk": w.planned_cycle.pk},
        get="404: mentee mentor stranger operator former | 200: permanent | refused: *",
        post="404: mentee mentor stranger operator former | 200: permanent | refused: *",
        label="planning",
    ),
    row(
        "durchgaenge/<int:cycle_pk>/kommunen/<int:pk>/",
        participation,
        get=LEAD_ONLY,
        post=LEAD_ONLY,
    ),
    row(
        "durchgaenge/<int:cycle_pk>/kommunen/<int:pk>/herausnehmen/",
        lambda w: {**cycle(w), "pk": w.removable.pk},
        get=LEAD_ONLY,
        post=LEAD_ACTS,
    ),
    row(
        "durchgaenge/<int:cycle_pk>/kommunen/<int:pk>/ausscheiden/",
        participation,
        get=LEAD_ONLY,
        post=LEAD_ACTS,
        data=lambda w: {"reason": "Haushaltssperre"},
    ),
    row(
        "durchgaenge/<int:cycle_pk>/kommunen/<int:pk>/ausscheiden/",
        lambda w: {**cycle(w), "pk": w.foreign_participation.pk},
        get="refused: *",
        post="refused: *",
        label="foreign",
    ),
    row(
        "durchgaenge/<int:cycle_pk>/kommunen/<int:pk>/sitz/",
        participation,
        get=LEAD_ONLY,
        post=LEAD_ONLY,
    ),
    row(
        "durchgaenge/<int:cycle_pk>/kommunen/<int:pk>/sitz/",
        lambda w: {**cycle(w), "pk": w.foreign_participation.pk},
        get="refused: *",
        post="refused: *",
        label="foreign",
    ),
    row(
        "durchgaenge/<int:cycle_pk>/teilnehmende/",
        cycle,
        get=f"{UNSEEN} | 403: permanent | 200: *",
    ),
    row(
        "durchgaenge/<int:cycle_pk>/teilnehmende/",
        closed_cycle,
        get="404: mentee mentor stranger operator | 403: *",
        label="closed",
    ),
    row("durchgaenge/<int:cycle_pk>/zugaenge/", cycle, get=LEAD_ONLY),
    row(
        "durchgaenge/<int:cycle_pk>/zugaenge/einladen/",
        cycle,
        get=LEAD_ONLY,
        post=LEAD_ACTS,
    ),
    row("programme/", get="403: mentee mentor stranger | 200: *"),
    row("programme/neu/", get="200: operator | 403: *", post="200: operator | 403: *"),
    row("programme/<int:pk>/", programme, get="404: mentee mentor stranger | 200: *"),
    row(
        "programme/<int:pk>/",
        foreign_programme,
        get="200: operator | 404: *",
        label="foreign",
    ),
    row("programme/<int:pk>/bearbeiten/", programme, get=NOBODY_BUT, post=NOBODY_BUT),
    row("programme/<int:pk>/mitglieder/neu/", programme, get=NOBODY_BUT, post=NOBODY_BUT),
    row(
        "programme/<int:pk>/mitglieder/<int:member_pk>/beenden/",
        lambda w: {**programme(w), "member_pk": w.permanent_post.pk},
        get=MEMBERS_END,
        post=MEMBERS_END.replace("200", "ok"),
    ),
    row(
        "programme/<int:pk>/geschichte/",
        programme,
        get="404: mentee mentor stranger | 403: operator | 200: *",
    ),
    row(
        "programme/<int:pk>/geschichte/neu/",
        programme,
        get="404: mentee mentor stranger | 200: permanent | 403: *",
        post="404: mentee mentor stranger | 200: permanent | 403: *",
    ),
    row(
        "programme/<int:pk>/durchgang-beginnen/",
        programme,
        get="404: mentee mentor stranger | 200: permanent | 403: *",
        post="404: mentee mentor stranger | 200: permanent | 403: *",
    ),
    row(
        "programme/<int:pk>/durchgang-beginnen/",
        foreign_programme,
        get="403: operator | 404: *",
        post="403: operator | 404: *",
        label="foreign",
    ),
    row("protokoll/", get="200: lead permanent operator | 403: *"),
]

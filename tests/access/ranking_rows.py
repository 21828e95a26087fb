"""The access matrix: ranking by the own Kommune, the change of Kommune by a lead."""

from tests.access.grammar import row

BASE = "durchgaenge/<int:cycle_pk>/bewerbungen/"
OUTSIDE = "404: mentee mentor stranger operator former"
OF_A_HOUSE = f"{OUTSIDE} | 200: hr other_hr | 403: *"


def of(name):
    return lambda world: {
        "cycle_pk": getattr(world, name).cycle_id,
        "pk": getattr(world, name).pk,
    }


ROWS = [
    row(
        f"{BASE}rangfolge/",
        lambda w: {"cycle_pk": w.stage.cycle.pk},
        get=OF_A_HOUSE,
        post=OF_A_HOUSE,
    ),
    row(
        f"{BASE}rangfolge/",
        lambda w: {"cycle_pk": w.foreign_cycle.pk},
        get="404: *",
        post="404: *",
        label="foreign",
    ),
    row(
        f"{BASE}<int:pk>/kommune-wechseln/",
        of("nominated"),
        get="200: lead | 403: hr member | 404: *",
        post="ok: lead | 403: hr member | 404: *",
        data=lambda w: {
            "municipality": w.stage.other.pk,
            "rank": 2,
            "agreed": "on",
            "reason": "Neue Stelle",
        },
        label="nominated",
    ),
    row(
        f"{BASE}<int:pk>/kommune-wechseln/",
        of("submitted"),
        get="403: hr | 404: *",
        post="403: hr | 404: *",
        label="submitted",
    ),
    row(
        f"{BASE}<int:pk>/kommune-wechseln/",
        of("foreign_application"),
        get="404: *",
        post="404: *",
        label="foreign",
    ),
]

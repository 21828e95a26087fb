"""The Profilbogen: own Kommune, then the Beirat."""

from tests.access.grammar import row

BASE = "durchgaenge/<int:cycle_pk>/bewerbungen/"
OUTSIDE = "404: mentee mentor stranger operator former"
OWN_HR = "200: hr | 404: *"
OWN_HR_ACTS = "ok: hr | 404: *"


def cycle(world):
    return {"cycle_pk": world.stage.cycle.pk}


def of(name):
    return lambda world: {
        "cycle_pk": getattr(world, name).cycle_id,
        "pk": getattr(world, name).pk,
    }


def consent_of(name, kind):
    return lambda world: {**of(name)(world), "kind": kind}


def action(name, record, *, post="200: hr | 404: *", get=OWN_HR, data=None):
    return row(f"{BASE}<int:pk>/{name}/", of(record), get=get, post=post, data=data)


ROWS = [
    row(BASE, cycle, get=f"{OUTSIDE} | 403: permanent logistics | 200: *"),
    row(BASE, lambda w: {"cycle_pk": w.foreign_cycle.pk}, get="404: *", label="foreign"),
    row(
        f"{BASE}neu/",
        cycle,
        get=f"{OUTSIDE} | 200: hr other_hr | 403: *",
        post=f"{OUTSIDE} | 200: hr other_hr | 403: *",
    ),
    row(f"{BASE}<int:pk>/", of("draft"), get=OWN_HR, label="draft"),
    row(f"{BASE}<int:pk>/", of("submitted"), get=OWN_HR, label="submitted"),
    row(f"{BASE}<int:pk>/", of("nominated"), get="200: hr lead member | 404: *", label="nominated"),
    row(f"{BASE}<int:pk>/", of("foreign_application"), get="404: *", label="foreign"),
    row(f"{BASE}<int:pk>/bogen.pdf", of("submitted"), get=OWN_HR, label="submitted"),
    row(
        f"{BASE}<int:pk>/bogen.pdf",
        of("nominated"),
        get="200: hr lead member | 404: *",
        label="nominated",
    ),
    action("bearbeiten", "draft"),
    action(
        "bearbeiten",
        "nominated",
        get="200: hr | 403: lead member | 404: *",
        post="200: hr | 403: lead member | 404: *",
    ),
    action(
        "speichern",
        "draft",
        get="405: hr | 404: *",
        post="200: hr | 404: *",
    ),
    row(f"{BASE}<int:pk>/unterschrift.pdf", of("draft"), get=OWN_HR),
    row(
        f"{BASE}<int:pk>/unterschrift.pdf",
        of("nominated"),
        get="200: hr | 403: lead member | 404: *",
        label="nominated",
    ),
    row(
        f"{BASE}<int:pk>/einwilligungen/",
        of("nominated"),
        get="200: hr | 403: lead member | 404: *",
    ),
    row(f"{BASE}<int:pk>/einwilligungen/", of("draft"), get=OWN_HR, label="draft"),
    row(
        f"{BASE}<int:pk>/einwilligungen/<str:kind>/",
        consent_of("draft", "photo"),
        get=OWN_HR,
        post=OWN_HR_ACTS,
        data=lambda w: {"on": "2026-01-10"},
    ),
    row(
        f"{BASE}<int:pk>/einwilligungen/<str:kind>/",
        consent_of("draft", "discretion"),
        get="404: *",
        label="not asked",
    ),
    row(
        f"{BASE}<int:pk>/einwilligungen/<str:kind>/widerrufen/",
        consent_of("nominated", "forward"),
        get="200: hr | 403: lead member | 404: *",
        post="ok: hr | 403: lead member | 404: *",
    ),
    action("einreichen", "complete_draft", post=OWN_HR_ACTS),
    action("loeschen", "draft", post=OWN_HR_ACTS),
    action("zurueckholen", "submitted", post=OWN_HR_ACTS),
    action("nominieren", "submitted", post=OWN_HR_ACTS, data=lambda w: {"rank": "1"}),
    action("nicht-nominieren", "submitted", post=OWN_HR_ACTS),
    action("neu-entscheiden", "not_nominated", post=OWN_HR_ACTS),
    action(
        "rang",
        "nominated",
        get="200: hr | 403: lead member | 404: *",
        post="ok: hr | 403: lead member | 404: *",
        data=lambda w: {"rank": "2"},
    ),
    action("zurueckziehen", "draft", post=OWN_HR_ACTS, data=lambda w: {"reason": "Elternzeit"}),
]

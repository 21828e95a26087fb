"""Kommunen, Logistikpartner, people and invitations."""

from tests.access.grammar import row

KNOWN = "403: mentee mentor stranger | 200: *"
OPERATOR = "200: operator | 403: *"


def own(world):
    return {"pk": world.stage.own.pk}


def partner(world):
    return {"pk": world.stage.partner.pk}


HOUSE_OPEN = "404: mentee mentor stranger"

ROWS = [
    row("kommunen/", get=KNOWN),
    row("kommunen/neu/", get=OPERATOR, post=OPERATOR),
    row("kommunen/<int:pk>/", own, get=f"{HOUSE_OPEN} | 200: *"),
    row(
        "kommunen/<int:pk>/bearbeiten/",
        own,
        get=f"{HOUSE_OPEN} | 200: hr operator | 403: *",
        post=f"{HOUSE_OPEN} | 200: hr operator | 403: *",
    ),
    row(
        "kommunen/<int:pk>/bearbeiten/",
        lambda w: {"pk": w.foreign_house.pk},
        get=f"{HOUSE_OPEN} | 200: operator | 403: *",
        post=f"{HOUSE_OPEN} | 200: operator | 403: *",
        label="foreign",
    ),
    row(
        "kommunen/<int:pk>/loeschen/",
        lambda w: {"pk": w.unused_house.pk},
        get=f"{HOUSE_OPEN} | 200: operator | 403: *",
        post=f"{HOUSE_OPEN} | ok: operator | 403: *",
    ),
    row(
        "kommunen/<int:pk>/personalstelle/neu/",
        own,
        get=f"{HOUSE_OPEN} | 200: hr operator | 403: *",
        post=f"{HOUSE_OPEN} | 200: hr operator | 403: *",
    ),
    row(
        "kommunen/<int:pk>/personalstelle/neu/",
        lambda w: {"pk": w.removable.municipality_id},
        get=f"{HOUSE_OPEN} | 200: lead permanent operator | 403: *",
        post=f"{HOUSE_OPEN} | 200: lead permanent operator | 403: *",
        label="no staff yet",
    ),
    row(
        "kommunen/<int:pk>/personalstelle/neu/",
        lambda w: {"pk": w.foreign_house.pk},
        get=f"{HOUSE_OPEN} | 200: operator | 403: *",
        post=f"{HOUSE_OPEN} | 200: operator | 403: *",
        label="foreign",
    ),
    row(
        "personalstelle/<int:pk>/beenden/",
        lambda w: {"pk": w.hr_post.pk},
        get=f"{HOUSE_OPEN} | 200: hr operator | 403: *",
        post=f"{HOUSE_OPEN} | ok: hr operator | 403: *",
    ),
    row(
        "personalstelle/<int:pk>/beenden/",
        lambda w: {"pk": w.foreign_post.pk},
        get=f"{HOUSE_OPEN} | 200: operator | refused: *",
        post=f"{HOUSE_OPEN} | ok: operator | refused: *",
        label="foreign",
    ),
    row("logistikpartner/", get=KNOWN),
    row("logistikpartner/neu/", get=OPERATOR, post=OPERATOR),
    row("logistikpartner/<int:pk>/", partner, get=f"{HOUSE_OPEN} | 200: *"),
    row(
        "logistikpartner/<int:pk>/bearbeiten/",
        partner,
        get=f"{HOUSE_OPEN} | 200: logistics operator | 403: *",
        post=f"{HOUSE_OPEN} | 200: logistics operator | 403: *",
    ),
    row(
        "logistikpartner/<int:pk>/mitarbeitende/neu/",
        partner,
        get=f"{HOUSE_OPEN} | 200: logistics operator | 403: *",
        post=f"{HOUSE_OPEN} | 200: logistics operator | 403: *",
    ),
    row(
        "mitarbeitende/<int:pk>/beenden/",
        lambda w: {"pk": w.logistics_post.pk},
        get=f"{HOUSE_OPEN} | 200: logistics operator | 403: *",
        post=f"{HOUSE_OPEN} | ok: logistics operator | 403: *",
    ),
    row("personen/", get=KNOWN),
    row(
        "personen/<int:pk>/",
        lambda w: {"pk": w.cast.hr.pk},
        get="200: hr lead member permanent logistics operator | refused: *",
    ),
    row(
        "personen/<int:pk>/",
        lambda w: {"pk": w.draft.person.pk},
        get="200: hr | refused: *",
        label="applicant before nomination",
    ),
    row(
        "personen/<int:pk>/",
        lambda w: {"pk": w.foreign_person.pk},
        get="refused: *",
        label="foreign",
    ),
    row(
        "personen/<int:pk>/bearbeiten/",
        lambda w: {"pk": w.draft.person.pk},
        get="200: hr | refused: *",
        post="200: hr | refused: *",
    ),
    row(
        "personen/<int:pk>/einladen/",
        lambda w: {"pk": w.uninvited.pk},
        get="200: hr operator | refused: *",
        post="ok: hr operator | refused: *",
    ),
    row("meine-daten/", get="200: *", post="200: *"),
    row("einladungen/", get="200: hr other_hr logistics lead permanent operator | 403: *"),
    *[
        row(
            f"einladungen/<int:pk>/{action}/",
            lambda w: {"pk": w.invitation.pk},
            get="200: hr operator | refused: *",
            post="ok: hr operator | refused: *",
        )
        for action in ("erneut-senden", "zurueckziehen")
    ],
    row(
        "einladung/<str:code>/",
        lambda w: {"code": w.invitation_code},
        get="200: *",
        post="ok: anonymous | 200: *",
        public=True,
    ),
    row(
        "einladung/<str:code>/",
        lambda w: {"code": "x" * 40},
        get="404: *",
        post="404: *",
        public=True,
        label="unknown",
    ),
]

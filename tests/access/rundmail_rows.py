"""The access matrix: Rundmails and their templates."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from programmes.rundmails.usual import usual_mails
from tests.access.grammar import Row, row
from tests.conftest import Cast, Stage
from tests.factories import make_cycle, make_person, make_programme
from tests.programmes.rundmails.page_makers import make_mail, make_recipient

BASE = "durchgaenge/<int:cycle_pk>/rundmails/"
TEMPLATES = "programme/<int:pk>/mailvorlagen/"
UNSEEN = "404: mentee mentor stranger operator former"
WRITERS = f"{UNSEEN} | 200: lead member logistics | 403: *"
BOTH = "200: lead member logistics | 404: *"
BOTH_ACT = "ok: lead member logistics | 404: *"
COUNCIL = "200: lead member | 404: *"
LEAD = "200: lead | 403: member | 404: *"
PERMANENT = "404: mentee mentor stranger | 200: permanent | 403: *"


def cycle(world: Any) -> dict[str, Any]:
    return {"cycle_pk": world.stage.cycle.pk}


def of(name: str) -> Any:
    """The mail called ``name`` in its cycle."""

    def kwargs(world: Any) -> dict[str, Any]:
        mail = getattr(world, name)
        return {"cycle_pk": mail.cycle_id, "pk": mail.pk}

    return kwargs


def to(name: str) -> Any:
    """The recipient called ``name`` of a mail."""

    def kwargs(world: Any) -> dict[str, Any]:
        found = getattr(world, name)
        mail = found.rundmail
        return {"cycle_pk": mail.cycle_id, "pk": mail.pk, "recipient_pk": found.pk}

    return kwargs


def template(world: Any) -> dict[str, Any]:
    return {"pk": world.stage.programme.pk, "template_pk": world.mail_template.pk}


def foreign_template(world: Any) -> dict[str, Any]:
    return {"pk": world.stage.programme.pk, "template_pk": world.foreign_mail_template.pk}


def pages(name: str, get: str = BOTH, post: str = "", *, draft: str = "mail_draft") -> list[Row]:
    """The rows of a page of one mail: organisational, confidential, of a foreign cycle."""
    route = f"{BASE}<int:pk>/{name}"
    secret = COUNCIL if get == BOTH else get
    kept = secret.replace("200", "ok") if post else ""
    return [
        row(route, of(draft), get=get, post=post),
        row(route, of(f"secret_{draft}"), get=secret, post=kept, label="confidential"),
        row(route, of(f"foreign_{draft}"), get="404: *", post="404: *", label="foreign"),
    ]


ROWS: list[Row] = [
    row(BASE, cycle, get=WRITERS),
    row(BASE, lambda w: {"cycle_pk": w.foreign_cycle.pk}, get="404: *", label="foreign"),
    row(
        BASE,
        lambda w: {"cycle_pk": w.closed_cycle.pk},
        get="404: mentee mentor stranger operator | 403: *",
        label="closed",
    ),
    row(
        f"{BASE}neu/",
        cycle,
        get=WRITERS,
        post=WRITERS.replace("200", "ok"),
        data=lambda w: {"when": "now"},
    ),
    row(
        f"{BASE}person/<int:person_pk>/",
        lambda w: {**cycle(w), "person_pk": w.cast.mentee.pk},
        get="404: mentor stranger operator former mentee other_hr permanent"
        " | 200: lead member logistics | 403: hr",
    ),
    row(
        f"{BASE}person/<int:person_pk>/",
        lambda w: {**cycle(w), "person_pk": w.foreign_person.pk},
        get="404: *",
        label="foreign",
    ),
    *pages(""),
    *pages("vorschau/"),
    *pages("empfaenger/", draft="mail_sent"),
    *pages("bearbeiten/", post=BOTH_ACT),
    *pages("probe/", post=BOTH_ACT),
    *pages("loeschen/", post=BOTH_ACT),
    *pages("anhalten/", post=BOTH_ACT, draft="mail_released"),
    row(f"{BASE}<int:pk>/freigeben/", of("mail_draft"), get=BOTH, post=BOTH),
    row(
        f"{BASE}<int:pk>/freigeben/",
        of("secret_mail_draft"),
        get=LEAD,
        post=LEAD,
        label="confidential",
    ),
    row(
        f"{BASE}<int:pk>/zustimmen/",
        of("secret_mail_draft"),
        get=COUNCIL,
        post=COUNCIL,
        label="confidential",
    ),
    row(
        f"{BASE}<int:pk>/zustimmen/",
        of("mail_draft"),
        get="200: lead member | 403: logistics | 404: *",
        post="200: lead member | 403: logistics | 404: *",
    ),
    row(f"{BASE}<int:pk>/bestaetigen/", of("mail_released"), get=BOTH, post=BOTH),
    row(
        f"{BASE}<int:pk>/bestaetigen/",
        of("secret_mail_released"),
        get=LEAD,
        post=LEAD,
        label="confidential",
    ),
    row(f"{BASE}<int:pk>/zuruecknehmen/", of("mail_released"), get=BOTH, post=BOTH_ACT),
    row(
        f"{BASE}<int:pk>/zuruecknehmen/",
        of("secret_mail_released"),
        get=LEAD,
        post=LEAD.replace("200", "ok"),
        label="confidential",
    ),
    row(f"{BASE}<int:pk>/erneut-senden/", of("mail_sent"), get=BOTH, post=BOTH),
    row(
        f"{BASE}<int:pk>/erneut-senden/",
        of("secret_mail_sent"),
        get=LEAD,
        post=LEAD,
        label="confidential",
    ),
    row(f"{BASE}<int:pk>/nachsenden/", of("mail_sent"), get=BOTH, post=BOTH),
    row(
        f"{BASE}<int:pk>/nachsenden/",
        of("secret_mail_sent"),
        get=LEAD,
        post=LEAD,
        label="confidential",
    ),
    row(f"{BASE}<int:pk>/empfaenger/<int:recipient_pk>/", to("mail_recipient"), get=BOTH),
    row(
        f"{BASE}<int:pk>/empfaenger/<int:recipient_pk>/",
        to("secret_mail_recipient"),
        get=COUNCIL,
        label="confidential",
    ),
    row(
        f"{BASE}<int:pk>/empfaenger/<int:recipient_pk>/",
        lambda w: {**to("mail_recipient")(w), "recipient_pk": w.secret_mail_recipient.pk},
        get="404: *",
        label="of another mail",
    ),
    row(
        f"{BASE}<int:pk>/empfaenger/<int:recipient_pk>/erneut/",
        to("mail_recipient"),
        get=BOTH,
        post=BOTH,
    ),
    row(
        f"{BASE}<int:pk>/empfaenger/<int:recipient_pk>/erneut/",
        to("secret_mail_recipient"),
        get=LEAD,
        post=LEAD,
        label="confidential",
    ),
    row(
        f"{BASE}<int:pk>/empfaenger/<int:recipient_pk>/entscheiden/",
        to("mail_recipient"),
        get=BOTH,
        post=BOTH_ACT,
        data=lambda w: {"fate": "arrived"},
    ),
    row(
        f"{BASE}<int:pk>/empfaenger/<int:recipient_pk>/entscheiden/",
        to("secret_mail_recipient"),
        get=LEAD,
        post=LEAD.replace("200", "ok"),
        data=lambda w: {"fate": "arrived"},
        label="confidential",
    ),
    row(TEMPLATES, lambda w: {"pk": w.stage.programme.pk}, get=PERMANENT),
    row(
        TEMPLATES,
        lambda w: {"pk": w.foreign_programme.pk},
        get="403: operator | 404: *",
        label="foreign",
    ),
    row(f"{TEMPLATES}<int:template_pk>/", template, get=PERMANENT, post=PERMANENT),
    row(
        f"{TEMPLATES}<int:template_pk>/",
        foreign_template,
        get="refused: *",
        post="refused: *",
        label="foreign",
    ),
    row(
        f"{TEMPLATES}<int:template_pk>/zuruecksetzen/",
        template,
        get=PERMANENT,
        post=PERMANENT.replace("200", "ok"),
    ),
]


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """What the rows point at, by the name they use."""
    foreign = make_cycle(make_programme(name="Ganz anderes Programm"), number=1)
    later = timezone.now() + timedelta(days=30)
    found: dict[str, Any] = {
        "mail_template": usual_mails(stage.programme).get(key="start"),
        "foreign_mail_template": usual_mails(foreign.programme).get(key="start"),
    }
    for prefix, home, confidential in (
        ("", stage.cycle, False),
        ("secret_", stage.cycle, True),
        ("foreign_", foreign, False),
    ):
        person = cast.mentee if home == stage.cycle else make_person()
        for state in ("draft", "released", "sent"):
            when = {"send_at": later} if state == "released" else {}
            mail = make_mail(home, "mentees", state=state, confidential=confidential, **when)
            found[f"{prefix}mail_{state}"] = mail
        found[f"{prefix}mail_recipient"] = make_recipient(
            found[f"{prefix}mail_sent"], person, "unclear"
        )
    return found

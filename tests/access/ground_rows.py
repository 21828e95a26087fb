"""Start page, public pages, own account, jobs, files, outbox, sign-ins."""

from tests.access.grammar import row

EVERYBODY = "200: *"
# Everybody sees their own sign-in, and still may not manage it.
SIGN_INS = "200: operator | 403: hr | 404: *"
SETUP = "einrichtung/<str:code>/"
OPERATOR = "200: operator | 403: *"

ROWS = [
    row("", get=EVERYBODY),
    row("impressum/", get=EVERYBODY, public=True),
    row("datenschutz/", get=EVERYBODY, public=True),
    row("barrierefreiheit/", get=EVERYBODY, public=True),
    row("healthz", get=EVERYBODY, public=True),
    # No worker runs in this test and the page says so: that is its success.
    row("readyz", get="503: *", post="405: *", public=True),
    # There is an operator, so nobody gets in; test_setup.py has the case in which there is none.
    row(SETUP, lambda w: {"code": "x"}, get="404: *", post="404: *", public=True),
    row("auftraege/", get=EVERYBODY),
    row("auftraege/<int:pk>/", lambda w: {"pk": w.job.pk}, get="200: hr | 404: *"),
    row(
        "auftraege/<int:pk>/stoppen/",
        lambda w: {"pk": w.job.pk},
        get="200: hr | 404: *",
        post="ok: hr | 404: *",
    ),
    row(
        "dateien/<int:pk>/", lambda w: {"pk": w.own_file.pk}, get="200: hr | 404: *", post="405: *"
    ),
    row(
        "dateien/<int:pk>/",
        lambda w: {"pk": w.logo.pk},
        get=EVERYBODY,
        post="405: *",
        label="logo",
    ),
    row("konto/eingaben/", get=EVERYBODY),
    row(
        "konto/eingaben/<int:pk>/verwerfen/",
        lambda w: {"pk": w.kept.pk},
        get="200: hr | 404: *",
        post="ok: hr | 404: *",
    ),
    row("konto/sitzungen/", get=EVERYBODY),
    row(
        "konto/sitzungen/<int:pk>/beenden/",
        lambda w: {"pk": w.session.pk},
        get="200: hr | 404: *",
        post="ok: hr | 404: *",
    ),
    row("konto/sitzungen/andere/beenden/", get=EVERYBODY, post="ok: *"),
    row("postausgang/", get=OPERATOR),
    *[
        row(
            f"postausgang/<int:pk>/{action}/",
            lambda w, made=made: {"pk": getattr(w, made).pk},
            get="200: operator | 404: *",
            post="ok: operator | 404: *",
        )
        for action, made in (
            ("erneut-senden", "unclear_mail"),
            ("kam-an", "unclear_mail"),
            ("wiederholen", "failed_mail"),
        )
    ],
    row("zugaenge/", get=OPERATOR),
    row("zugaenge/betreiber/neu/", get=OPERATOR, post=OPERATOR),
    row("zugaenge/<int:pk>/", lambda w: {"pk": w.cast.hr.user.pk}, get=SIGN_INS),
    row(
        "zugaenge/<int:pk>/sperren/",
        lambda w: {"pk": w.cast.hr.user.pk},
        get=SIGN_INS,
        post=SIGN_INS.replace("200", "ok"),
        data=lambda w: {"reason": "ausgeschieden"},
    ),
    row(
        "zugaenge/<int:pk>/freigeben/",
        lambda w: {"pk": w.locked.pk},
        get="200: operator | 404: *",
        post="ok: operator | 404: *",
        data=lambda w: {"reason": "zurück aus der Elternzeit"},
    ),
]

"""The answer to "Was wissen Sie über mich?" (Art. 15 DSGVO), to read and for machines (Art. 20)."""

import json
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max, Min
from django.utils import timezone

from mentoring.accounts.models import KeptForm, User
from mentoring.accounts.sessions import current_sessions, device_name
from mentoring.jobs.models import Job
from mentoring.log.domain import record_access
from mentoring.log.models import LogEntry
from mentoring.ui.pdf import house_pdf
from programmes.people.models import Person
from programmes.people.retention import known_about
from programmes.roadmap.models import FeedToken

Part = tuple[str, list[tuple[str, str]]]


def own_answer(user: User) -> list[Part]:
    """All that is known of ``user``: of the person, if they are one, and of the sign-in."""
    person = Person.objects.filter(user=user).first()
    # Fetched: the request's user is a lazy stand-in, of whose class no log knows.
    record_access(person or User.objects.get(pk=user.pk), by=user)
    parts = known_about(person) if person is not None else []
    return [*parts, ("Anmeldung und Protokoll", known_of_signin(user))]


def answer_for(person: Person, *, by: User) -> list[Part]:
    """What the own Personalstelle answers for ``person``; how they sign in is theirs alone."""
    record_access(person, by=by)
    return known_about(person, to=by)


def known_of_signin(user: User) -> list[tuple[str, str]]:
    """What accounts, sessions and log know of a sign-in; never a password or key."""
    rows = [
        ("Zugang", user.email),
        ("angelegt am", _moment(user.date_joined)),
        ("zuletzt angemeldet", _moment(user.last_login) if user.last_login else ""),
        ("Aufgabe", "Betrieb der Anwendung" if user.is_operator else ""),
        ("Kennwort", "gesetzt, nur als Prüfsumme" if user.has_usable_password() else ""),
        ("Grund der letzten Sperrung oder Freigabe", user.status_reason),
    ]
    for session in current_sessions(user):
        rows.append(
            (
                "Angemeldeter Browser",
                f"{device_name(session.user_agent)}, Adresse {session.ip}, zuletzt "
                f"{_moment(session.last_seen_at)}",
            )
        )
    for token in FeedToken.objects.filter(user=user):
        rows.append(("Kalenderadresse", f"eingerichtet am {_moment(token.created_at)}"))
    kept = KeptForm.objects.visible_to(user).count()
    rows.append(("Nicht gesendete Eingaben", str(kept) if kept else ""))
    jobs = Job.objects.visible_to(user).count()
    rows.append(("Aufträge (Exporte)", str(jobs) if jobs else ""))
    rows += _of_log(user)
    return [(label, value) for label, value in rows if value]


def _of_log(user: User) -> list[tuple[str, str]]:
    """How often and when, not what: that would tell of others (Art. 15 Abs. 4 DSGVO)."""
    entries = LogEntry.objects.filter(actor=user)
    span = entries.aggregate(first=Min("timestamp"), last=Max("timestamp"))
    rows = []
    if span["first"]:
        rows.append(
            (
                "Protokoll",
                f"{entries.count()} Einträge über das, was Sie getan haben, vom "
                f"{_moment(span['first'])} bis {_moment(span['last'])}",
            )
        )
    addresses = entries.exclude(remote_addr=None).order_by().values_list("remote_addr", flat=True)
    if found := sorted(set(addresses)):
        rows.append(("Netzadressen im Protokoll", ", ".join(found)))
    kind = ContentType.objects.get_for_model(User)
    about = LogEntry.objects.filter(content_type=kind, object_id=user.pk).count()
    if about:
        rows.append(("Protokoll über Ihren Zugang", f"{about} Einträge"))
    return rows


def as_pdf(parts: list[Part], name: str) -> bytes:
    """The answer as one readable file."""
    return house_pdf("privacy/answer_pdf.html", {"title": "Auskunft", "name": name, "parts": parts})


def as_json(parts: list[Part], name: str) -> bytes:
    """The same for machines: a list of parts, each with its rows (Art. 20 DSGVO)."""
    found: dict[str, Any] = {
        "auskunft_ueber": name,
        "erstellt_am": timezone.localtime().isoformat(timespec="seconds"),
        "teile": [
            {"titel": title, "angaben": [{"angabe": label, "wert": value} for label, value in rows]}
            for title, rows in parts
        ],
    }
    return json.dumps(found, ensure_ascii=False, indent=2).encode()


def _moment(value: Any) -> str:
    return f"{timezone.localtime(value):%d.%m.%Y %H:%M}"

"""Making certificates: one PDF of all, or one for each person in a ZIP."""

import io
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.utils.text import slugify

from mentoring.text import sort_key
from programmes.certificates.attendance import attended_by, candidates
from programmes.certificates.domain import events_at_least, text_of
from programmes.certificates.models import CertificateKind, CertificateText
from programmes.certificates.pdf import anchor_of, laid_out, title_of
from programmes.certificates.placeholders import Holder, facts_of, holder_of
from programmes.cycles.models import Cycle, Participant

FORMS = {
    "pdf": "eine PDF-Datei mit allen, zum Drucken",
    "zip": "eine ZIP-Datei mit einer PDF-Datei je Person, zum Verschicken",
}
CONTENT_TYPES = {"pdf": "application/pdf", "zip": "application/zip"}
Progress = Callable[[int, int], None]

_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ı": "i", "ħ": "h", "ð": "d", "þ": "th", "ŋ": "n", "ə": "e"}
)
"""Those of names that a sort key writes otherwise, or keeps as no letter of a file name."""


def entitled(cycle: Cycle, user: Any, kind: CertificateKind) -> Any:
    """The participants ``user`` may see who were at as many events as the text asks for."""
    least = events_at_least(cycle)[kind]
    return candidates(cycle, user).filter(attended__gte=least)


def in_order(rows: Any) -> list[Participant]:
    """As they are printed: by name, whoever belongs together."""
    return list(rows.order_by("person__sort_key", "person", "role"))


def made(
    cycle: Cycle,
    kind: CertificateKind,
    people: Sequence[Participant],
    user: Any,
    form: str,
    *,
    progress: Progress = lambda done, total: None,
) -> bytes:
    """The certificates of ``people``, of whom ``user`` may see everything, in ``form``.

    ``progress`` is told how many of how many steps are done, and may raise to stop.
    """
    text = text_of(cycle, kind)
    holders = holders_of(cycle, people, user)
    # Measured with 17 logos: laying out takes two thirds of the time, writing one third.
    steps = len(holders) * (2 if form == "zip" else 1) + len(holders) // 2
    batch = laid_out(text, facts_of(cycle), holders, progress=lambda done: progress(done, steps))
    if form == "pdf":
        return batch.whole(f"{text} {cycle.programme}, Durchgang Nr. {cycle.number}")
    # Written again from one layout, which keeps each file's tags. Splitting the one PDF would
    # keep the tags of all or of none, and laying out each alone takes three times as long.
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as folder:  # PDFs are packed already
        for at, (name, holder) in enumerate(zip(file_names(text, people), holders, strict=True)):
            progress(len(holders) + at, steps)
            folder.writestr(name, batch.single(anchor_of(at), title_of(text, holder)))
    return out.getvalue()


def holders_of(cycle: Cycle, people: Sequence[Participant], user: Any) -> list[Holder]:
    """What the certificates of ``people`` say of them; one query."""
    attended = attended_by(cycle, user, people)
    return [holder_of(row, attended.get(row.person_id, ())) for row in people]


def stem_of(text: CertificateText, row: Participant) -> str:
    """The name of a file without its ending: the kind and the person's name, nothing else."""
    words = f"{text} {row.person.last_name} {row.person.first_name}"
    return _slug(words)[:100]


def file_names(text: CertificateText, people: Iterable[Participant]) -> Iterator[str]:
    """A name for each of ``people``, no two alike."""
    taken: set[str] = set()
    for row in people:
        stem = name = stem_of(text, row)
        number = 1
        while name in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name)
        yield f"{name}.pdf"


def batch_name(text: CertificateText, cycle: Cycle, form: str) -> str:
    """The name of the file with all of them."""
    return f"{_slug(str(text))}-durchgang-{cycle.number}.{form}"


def _slug(words: str) -> str:
    """``words`` in the letters every mail program and archive takes, none of them left out."""
    whole = unicodedata.normalize("NFC", words).lower()
    return slugify(sort_key(whole.translate(_LETTERS)))

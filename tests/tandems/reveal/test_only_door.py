"""Nobody but the reveal says from when a pair is known (design, rule 1)."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ALLOWED = ("tandems/reveal/", "tandems/demo/", "tandems/migrations/")
FIELDS = r"(revealed_at|mentor_told_at)"
WRITES = (
    # tandem.revealed_at = …, update(revealed_at=…), create(revealed_at=…)
    re.compile(rf"\.{FIELDS}\s*(=(?!=)|\+=)"),
    re.compile(rf"\b(update|create|Tandem|get_or_create|defaults=dict|replace)\([^()]*\b{FIELDS}="),
    re.compile(rf"setattr\([^)]*[\"']{FIELDS}[\"']"),
    re.compile(rf"(update_fields|bulk_update)[^\n]*[\"']{FIELDS}[\"']"),
    # fields of a form, defaults of a dictionary
    re.compile(rf"[\"']{FIELDS}[\"']\s*:"),
)
READS = re.compile(rf"(filter|exclude|Q|get)\([^()]*\b{FIELDS}=")


def sources():
    for wing in ("mentoring", "programmes", "tandems"):
        for path in sorted((ROOT / wing).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(ALLOWED):
                yield name, path.read_text(encoding="utf-8")


def found_in(text):
    return [match.group() for pattern in WRITES for match in pattern.finditer(text)]


def test_only_the_reveal_sets_the_times():
    assert {name: found for name, text in sources() if (found := found_in(text))} == {}


def test_the_look_would_find_it():
    for text in (
        "tandem.revealed_at = timezone.now()",
        "tandem.mentor_told_at=None",
        "rows.update(state=REVEALED, revealed_at=now)",
        "rows.update(\n    state=REVEALED,\n    mentor_told_at=now,\n)",
        "Tandem.objects.create(cycle=cycle, revealed_at=now)",
        'setattr(tandem, "revealed_at", now)',
        'tandem.save(update_fields=["state", "revealed_at"])',
        'defaults={"revealed_at": now}',
    ):
        assert found_in(text), text
    for text in (
        "Tandem.objects.filter(revealed_at=None)",
        "Q(mentee_person=person, revealed_at__isnull=False)",
        "if tandem.revealed_at == now:",
        "return self.revealed_at is not None",
    ):
        assert not found_in(text), text


def test_and_it_does_so_by_a_conditional_update():
    """One place for each field, and both look at what is stored."""
    text = (ROOT / "tandems/reveal/domain.py").read_text(encoding="utf-8")
    assert len(re.findall(r"\.update\([^()]*revealed_at=now", text)) == 1
    assert len(re.findall(r"mentor_told_at=timezone\.now\(\)", text)) == 1
    assert not re.search(rf"\.{FIELDS}\s*=(?!=)", text)
    assert READS.search(text)

"""What was typed into a sheet that cannot be saved any more, as a person reads it."""

from django.http.request import QueryDict

from tandems.profiles.questions import Kind, Sheet, questions

_SKIPPED = (Kind.CONSENT, Kind.PROMISE)


def posted_lines(sheet: Sheet, data: QueryDict) -> list[tuple[str, str]]:
    """Label and value of each answer in ``data``, in the order of the sheet."""
    lines: list[tuple[str, str]] = []
    for question in questions(sheet):
        labels = dict(question.choices)
        if question.kind in _SKIPPED:
            continue
        names = [question.key]
        if question.kind == Kind.EXCLUSIONS:
            names = [name for name in data if name.startswith(f"{question.key}_name_")]
        typed = [value.strip() for name in names for value in data.getlist(name)]
        if text := ", ".join(labels.get(value, value) for value in typed if value):
            lines.append((question.label, text))
    return lines

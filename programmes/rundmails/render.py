"""From the text that was typed to the messages as each recipient gets them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from programmes.outbox.messages import one_line
from programmes.people.models import Person
from programmes.rundmails.markdown import Slot, Template, Where, compile_line, compile_markdown
from programmes.rundmails.models import Rundmail
from programmes.rundmails.placeholders import Use, Values, missing_in, uses_of, values_of

SUBJECT_LENGTH = 250

# Written into each mail: mail programs load no style sheets, and ours load nothing at all.
_PAGE = """<!DOCTYPE html>
<html lang="de">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
</head>
<body style="margin:0;padding:16px;background:#ffffff;color:#171a2b;\
font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5">
<div style="max-width:640px">
{content}
<p style="margin-top:32px;padding-top:8px;border-top:1px solid #6b7280;font-size:14px">{foot}</p>
</div>
</body>
</html>
"""


@dataclass(frozen=True)
class Message:
    """The mail as one person gets it.

    ``html`` is a complete page and ``content`` its inner part, for pages of our own;
    ``missing`` are placeholders that have no value for this person; ``unknown`` are those of
    them that nobody has a value for, because there is no such placeholder.
    """

    person: Person
    subject: str
    text: str
    html: str
    content: str
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def sampled(self) -> tuple[str, ...]:
        """The placeholders that say nothing to this person, but would to another."""
        return tuple(written for written in self.missing if written not in self.unknown)


def render(mail: Rundmail, people: Sequence[Person]) -> list[Message]:
    """``mail`` as each of ``people`` gets it, in their order."""
    return list(Letter(mail).messages(people))


def preview_for(mail: Rundmail, person: Person) -> Message:
    """``mail`` as ``person`` would get it, for others to look at.

    A placeholder without a value shows its sample, and so does a personal one: with
    somebody's own link another could answer for them.
    """
    return next(Letter(mail).messages([person], samples=True))


class Letter:
    """A mail parsed once, to be filled for many."""

    def __init__(self, mail: Rundmail) -> None:
        self.mail = mail
        self.uses = uses_of(mail)
        self._subject = compile_line(mail.subject)
        body = compile_markdown(mail.body)
        self._html, self._text = body.html, body.text
        self._foot = f"{mail.cycle.programme}, {mail.cycle}"

    def values(self, people: Sequence[Person]) -> Values:
        """What the placeholders say to ``people``."""
        return values_of(self.mail, people, self.uses)

    def messages(
        self, people: Sequence[Person], values: Values | None = None, *, samples: bool = False
    ) -> Iterator[Message]:
        """The messages; with ``samples`` nothing stays empty, and nothing is personal."""
        if values is None:
            values = self.values(people)
        unknown = tuple(use.written for use in self.uses if use.placeholder is None)
        lacking: dict[int, list[str]] = {}
        for use, concerned in missing_in(values, people).items():
            for person in concerned:
                lacking.setdefault(person.pk, []).append(use.written)
        for person in people:
            said = _sayings(values, person.pk, samples=samples)
            subject = one_line(fill(self._subject, said))[:SUBJECT_LENGTH]
            content = fill(self._html, said)
            yield Message(
                person,
                subject,
                signed(fill(self._text, said), self._foot),
                framed(subject, content, self._foot),
                content,
                tuple(lacking.get(person.pk, ())),
                unknown,
            )


def _sayings(values: Values, person: int, *, samples: bool) -> Callable[[Use], str]:
    """What a placeholder says to one person: its value, its sample, or itself if unknown."""

    def said(use: Use) -> str:
        text = values.get(use, {}).get(person, "")
        entry = use.placeholder
        if text and not (samples and entry is not None and entry.conceal):
            return text
        if entry is None:
            return use.written
        return entry.sample if samples else ""

    return said


def framed(subject: str, content: str, foot: str) -> str:
    """The HTML page of a mail around ``content``, which is HTML already."""
    page = _PAGE.replace("{foot}", escape(foot)).replace("{title}", escape(subject))
    return page.replace("{content}", content)


def signed(text: str, foot: str) -> str:
    """The plain text of a mail with its foot."""
    return f"{text}\n\n-- \n{foot}\n"


def fill(template: Template, said: Callable[[Use], str]) -> str:
    """``template`` with what ``said`` says for each of its places, escaped where it must be."""
    return "".join(
        _written(part, said(part.use)) if isinstance(part, Slot) else part for part in template
    )


def _written(slot: Slot, value: str) -> str:
    """``value`` as it may stand in its place, never as markup."""
    entry = slot.use.placeholder
    link = entry is not None and entry.link and value.startswith(("https://", "http://"))
    if slot.where is Where.PLAIN:
        return value
    if slot.where is Where.ADDRESS:
        return value if link else quote(value, safe="@")
    if slot.where is Where.HREF:
        return escape(value) if link else quote(value, safe="@")
    if link and slot.where is Where.HTML:
        return f'<a href="{escape(value)}">{escape(value)}</a>'
    return escape(value)

"""From Markdown to HTML and to plain text, with the places where values are put in later.

The text is parsed once for all recipients. While that is done a word that no text contains
stands for each placeholder; values come in afterwards, escaped, so none of them becomes
markup (a first name "<b>" or "[x](y)" stays what it is).
"""

import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from programmes.rundmails.placeholders import Use, parse

_TAGS = {"p", "br", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "a"} | {
    "blockquote",
    "hr",
    "pre",
    "code",
}
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_TAG = re.compile(r"(<[^>]*>)")
_ADDRESS = re.compile(r"(https?://[^\s<>\"]*[^\s<>\"'.,;:!?)\]])")


def _link_addresses(state: StateCore) -> None:
    """Make links of the addresses that stand in the text as they are."""
    for token in state.tokens:
        if token.type == "inline":
            token.children = list(_with_links(token.children or []))


def _with_links(tokens: Sequence[Token]) -> Iterator[Token]:
    in_link = False
    for token in tokens:
        if token.type in ("link_open", "link_close"):
            in_link = token.type == "link_open"
        if token.type != "text" or in_link:
            yield token
            continue
        for part in _ADDRESS.split(token.content):
            if _ADDRESS.fullmatch(part):
                # Written the way Markdown itself wants it.
                yield from _PARSER.parseInline(f"<{part}>")[0].children or []
            elif part:
                yield token.copy(content=part)


# No images: they would be fetched from elsewhere and tell who reads when.
_PARSER = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable("image")
_PARSER.core.ruler.push("addresses", _link_addresses)


class Where(Enum):
    """Where a value stands, which decides how it is written."""

    PLAIN = "in plain text"
    HTML = "in HTML"
    LINK = "in the words of a link, in HTML"
    HREF = "in a link's address, in HTML"
    ADDRESS = "in a link's address, in plain text"


@dataclass(frozen=True)
class Slot:
    """A place for a value."""

    use: Use
    where: Where


Template = list[str | Slot]


@dataclass(frozen=True)
class Compiled:
    """A text with places for values, once as HTML and once as plain text."""

    html: Template
    text: Template


def compile_markdown(source: str) -> Compiled:
    """Parse ``source``; the HTML is sanitised and holds no address of its own to be fetched."""
    marks = _Marks()
    tokens = _PARSER.parse(marks.put(source))
    root = SyntaxTreeNode(tokens)
    text = "\n\n".join("\n".join(_block(node, marks)) for node in root.children)
    html = nh3.clean(
        _PARSER.renderer.render(tokens, _PARSER.options, {}),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    return Compiled(_html_template(html, marks), marks.cut(text, Where.PLAIN))


@dataclass(frozen=True)
class Parsed:
    """A text as a tree of blocks, for who writes it into a format of their own.

    ``cut`` makes of the content of a node, or of a link's address, the text with its slots.
    """

    root: SyntaxTreeNode
    cut: Callable[[str], Template]


def parse_markdown(source: str) -> Parsed:
    """Parse ``source`` into its blocks. Addresses are those Markdown itself lets through."""
    marks = _Marks()
    root = SyntaxTreeNode(_PARSER.parse(marks.put(source)))
    return Parsed(root, lambda text: marks.cut(text, Where.PLAIN))


def compile_line(source: str) -> Template:
    """``source`` as one line without any markup: a subject."""
    pieces = parse(source)
    return [Slot(piece, Where.PLAIN) if isinstance(piece, Use) else piece for piece in pieces]


class _Marks:
    """Words that stand for placeholders while the text around them is parsed.

    Only lower-case letters and digits, so that neither Markdown nor the clean-up of
    addresses touches them; the key keeps them apart from anything typed.
    """

    def __init__(self) -> None:
        self._key = secrets.token_hex(8)
        self._uses: list[Use] = []
        self._pattern = re.compile(rf"(zq{self._key}[na]\d+e)")

    def put(self, source: str) -> str:
        """``source`` with marks in place of its placeholders."""
        return "".join(
            self._mark(piece) if isinstance(piece, Use) else piece for piece in parse(source)
        )

    def _mark(self, use: Use) -> str:
        if use not in self._uses:
            self._uses.append(use)
        return f"zq{self._key}n{self._uses.index(use)}e"

    def in_address(self, address: str) -> str:
        """``address`` with its marks saying that they stand in one."""
        return address.replace(f"zq{self._key}n", f"zq{self._key}a")

    def cut(self, text: str, where: Where) -> Template:
        """``text`` cut at its marks."""
        template: Template = []
        for part in self._pattern.split(text):
            if self._pattern.fullmatch(part):
                kind, number = part[18], int(part[19:-1])
                place = Where.ADDRESS if kind == "a" else where
                template.append(Slot(self._uses[number], place))
            elif part:
                template.append(part)
        return template


def _html_template(html: str, marks: _Marks) -> Template:
    template: Template = []
    in_link = False
    for part in _TAG.split(html):
        if part.startswith("<"):
            template += marks.cut(part, Where.HREF)
            in_link = part.startswith("<a ") or (in_link and part != "</a>")
        else:
            template += marks.cut(part, Where.LINK if in_link else Where.HTML)
    return template


def _block(node: SyntaxTreeNode, marks: _Marks) -> list[str]:
    """The lines of a block in plain text."""
    if node.type in ("paragraph", "heading"):
        return "".join(_words(child, marks) for child in node.children).split("\n")
    if node.type in ("bullet_list", "ordered_list"):
        return _list(node, marks)
    if node.type == "hr":
        return ["-" * 20]
    if node.type in ("code_block", "fence"):
        return node.content.rstrip("\n").split("\n")
    lines: list[str] = []
    for child in node.children:
        # A paragraph that follows another is set off; a list below its point is not.
        if lines and child.type == "paragraph":
            lines.append("")
        lines += _block(child, marks)
    return [f"> {line}" for line in lines] if node.type == "blockquote" else lines


def _list(node: SyntaxTreeNode, marks: _Marks) -> list[str]:
    lines = []
    first = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else 0
    for number, item in enumerate(node.children, first):
        point = f"{number}. " if node.type == "ordered_list" else "- "
        content = _block(item, marks) or [""]
        lines.append(point + content[0])
        lines += [" " * len(point) + line if line else "" for line in content[1:]]
    return lines


def _words(node: SyntaxTreeNode, marks: _Marks) -> str:
    """Inline content in plain text; links are written out."""
    if node.type in ("softbreak", "hardbreak"):
        return "\n"
    if node.type in ("text", "code_inline"):
        return node.content
    inside = "".join(_words(child, marks) for child in node.children)
    if node.type != "link":
        return inside
    address = str(node.attrs.get("href", "")).removeprefix("mailto:")
    return inside if address == inside else f"{inside} ({marks.in_address(address)})"

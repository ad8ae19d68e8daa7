"""From pieces to words: where a span starts and ends, layer by layer.

A span never starts or ends inside a word. Which marks belong to it is a custom of those who annotated: names and slots are
bare; an attributed content keeps its quotation marks, a source the comma that closes what explains it, a cue its colon. Exact F1
of contents on PolNeAR (dev) was 0.31 when they were bare as names are, and 0.57 with their own marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from sayso.model import Span
from sayso.reader.decode import Tagged
from sayso.reader.tokens import Pieces, Window


class Edges(NamedTuple):
    """Marks that a span does not start with, and marks that it does not end with."""

    opening: str
    closing: str


NAMES = Edges("\"'“”‘’«»,;:.([", '"“”‘«»,;:')
PARTS: Mapping[str, Edges] = MappingProxyType(
    {
        "source": Edges(NAMES.opening, '"“”‘«»;:'),
        "cue": Edges(NAMES.opening, '"“”‘«»,;'),
        "content": Edges(",;:.)!?", ",;:-—"),
    }
)
_OPENS = re.compile(r"(?:[\"“«]|''|(?<!\w)['‘])[\[(]?\Z")
_CLOSES = re.compile(r"[,.?!;]?(?:[\"”»]|'')")

# Words that fill no slot alone: a claim's slot holds words that name somebody or something, never "it" or "the".
_NAMELESS = frozenset(
    ("a an the this that these those its his her their our my your it he she they we i you them him us who whom which what all "
     "both some any others another and or of to by in on at for with from as new around about nearly almost least most").split()
)  # fmt: skip

_HALF_BOUND = re.compile(r"(?<=\bat )(?:least|most)\b", re.IGNORECASE)  # "at least 20 soldiers" is one phrase


class Speller:
    """Windows of pieces to spans of one text."""

    def __init__(self, text: str, pieces: Pieces) -> None:
        self.text, self.pieces = text, pieces

    def __call__(self, window: Window, edges: Edges = NAMES) -> Span | None:
        """The whole words of `window` without the marks that `edges` keeps out; None where no letter or figure is left."""
        start, end = self.pieces.span(window)
        text = self.text
        while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
            start -= 1
        while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
            end += 1
        while start < end and (text[start].isspace() or text[start] in edges.opening):
            start += 1
        while start < end and (text[end - 1].isspace() or text[end - 1] in edges.closing):
            end -= 1
        if _HALF_BOUND.match(text, start):
            start -= len("at ")
        return Span(start, end) if any(map(str.isalnum, text[start:end])) else None

    def spans(self, found: Iterable[Tagged], first: int = 0) -> Iterator[tuple[Tagged, Span]]:
        """Tagged stretches, counted from piece `first`, with their words; of two in one word only the one that comes first."""
        last = 0
        for item in found:
            span = self(Window(item.window.start + first, item.window.end + first))
            if span and span.start >= last:
                last = span.end
                yield item, span

    def parts(self, found: Iterable[Tagged], names: tuple[str, ...]) -> list[tuple[str, Span]]:
        """Parts of attributions in order: their own marks kept, and neighbours of one name within a line made one."""
        parts: list[tuple[str, Span]] = []
        for item in found:
            name = names[item.part]
            span = self(item.window, PARTS[name])
            last = parts[-1][1].end if parts else 0
            if span is None or span.start < last:
                continue
            if name == "content":
                span = self._with_quotation_marks(span, last)
            if parts and parts[-1][0] == name and _only_blanks(self.text[last : span.start]):
                parts[-1] = name, Span(parts[-1][1].start, span.end)
            else:
                parts.append((name, span))
        return parts

    def _with_quotation_marks(self, span: Span, last: int) -> Span:
        """`span` with the mark that opens the quotation before it, and the one that closes a quotation begun in it."""
        start, end = span
        if opens := _OPENS.search(self.text, max(start - 3, last), start):
            start -= len(opens.group())
        if is_open(self.text[start:end]) and (closes := _CLOSES.match(self.text, end)):
            end += len(closes.group())
        return Span(start, end)

    def names(self, span: Span) -> bool:
        """Whether the words could name something: more than articles and pronouns. A speaker's pronoun is settled later."""
        return not set(re.findall(r"\w+", span.of(self.text).lower())) <= _NAMELESS


def _only_blanks(between: str) -> bool:
    return not between.strip() and "\n" not in between


def is_open(text: str) -> bool:
    """Whether a quotation that starts in `text` does not end there."""
    return (
        text.count("“") > text.count("”")
        or text.count("«") > text.count("»")
        or text.count('"') % 2 == 1
        or text.count("''") % 2 == 1
    )

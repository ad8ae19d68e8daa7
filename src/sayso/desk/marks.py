"""A report's text cut at every edge of a span: nested and crossing spans can all be seen, and the text stays text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sayso.model import Claim, Report, Span

# What decides how a piece looks where several spans lie on it: the first of these that it has.
ORDER = ("trigger", "source", "actor", "recipient", "place", "date", "count", "speaker", "cue", "content")
SLOTS = ORDER[:7]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text on which the same spans lie: `start` in characters, what it is of which claims.

    `number` is that of the claim whose trigger begins here, from 1 in the order of the report; None elsewhere.
    """

    start: int
    text: str
    slots: tuple[str, ...]
    claims: tuple[str, ...]
    number: int | None = None
    claim: str | None = None  # the one to show when it is chosen

    @property
    def style(self) -> str:
        """Names of classes: the leading slot, and whether it is said by somebody."""
        leading = next((slot for slot in ORDER if slot in self.slots), "")
        said = " said" if "content" in self.slots and leading != "content" else ""
        return f"{leading}{said}"


def pieces(report: Report) -> list[Piece]:
    """The whole text in pieces, in order; put together they are the text."""
    spans = list(_spans(report))
    text = report.text
    edges = sorted({0, len(text), *(edge for _, span, _ in spans for edge in span if 0 <= edge <= len(text))})
    over: dict[int, list[tuple[str, str | None]]] = {edge: [] for edge in edges}
    position = {edge: index for index, edge in enumerate(edges)}
    for slot, span, claim in spans:
        if span.start not in position or span.end not in position:
            continue
        for edge in edges[position[span.start] : position[span.end]]:
            over[edge].append((slot, claim))
    triggers = {
        claim.trigger.start: (number, claim.id) for number, claim in reversed(list(enumerate(report.claims, 1)))
    }
    ends = edges[1:]
    return [
        _piece(start, text[start:end], over[start], triggers.get(start))
        for start, end in zip(edges, ends, strict=False)
    ]


def _piece(start: int, text: str, over: list[tuple[str, str | None]], trigger: tuple[int, str] | None) -> Piece:
    slots = tuple(dict.fromkeys(slot for slot, _ in over))
    claims = tuple(dict.fromkeys(claim for _, claim in over if claim))
    number, leading = trigger or (None, None)
    if "trigger" in slots and leading is None:
        leading = next(claim for slot, claim in over if slot == "trigger")
    return Piece(start, text, slots, claims, number, leading)


def _spans(report: Report) -> Iterator[tuple[str, Span, str | None]]:
    for claim in report.claims:
        for slot, span in slots(claim):
            yield slot, span, claim.id
    for attribution in report.attributions:
        for slot, stretches in (
            ("speaker", attribution.source),
            ("cue", attribution.cue),
            ("content", attribution.content),
        ):
            for span in stretches:
                yield slot, span, None


def slots(claim: Claim) -> Iterable[tuple[str, Span]]:
    """Every slot of a claim that has words, with its span."""
    yield "trigger", claim.trigger
    yield from (("actor", argument.span) for argument in claim.actor)
    yield from (("recipient", argument.span) for argument in claim.recipient)
    for slot, argument in (("place", claim.place), ("date", claim.date), ("count", claim.count)):
        if argument is not None:
            yield slot, argument.span
    if claim.source.span is not None:
        yield "source", claim.source.span

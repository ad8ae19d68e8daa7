"""A claim as it leaves: anonymous informants as their class, unless their descriptions were asked for.

By what words a report describes an informant it does not name is enough to find him in a small place. So these words stay here: the
cell of the source says that it is anonymous, and where a quotation holds them they are put in brackets. The spans stay true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Any

from sayso import layout
from sayso.model import Actor, Argument, Claim, Report, SourceKind, Span, Telling

ANONYMOUS = "anonymous source"


@dataclass(frozen=True)
class Told:
    """A claim with its report, and the spans of the text whose words stay here."""

    telling: Telling
    hidden: tuple[Span, ...] = ()

    @property
    def report(self) -> Report:
        """The report that makes the claim."""
        return self.telling.report

    @property
    def claim(self) -> Claim:
        """The claim."""
        return self.telling.claim

    def words(self, span: Span | None) -> str | None:
        """The words at a span, those of an anonymous informant put in brackets; None without a span."""
        if span is None:
            return None
        parts, start = [], span.start
        for hidden in self.hidden:
            if hidden.overlaps(span) and hidden.end > start:
                parts += [self.report.text[start : max(start, hidden.start)], f"[{ANONYMOUS}]"]
                start = hidden.end
        return "".join([*parts, self.report.text[start : max(start, span.end)]])

    @property
    def sentence(self) -> str:
        """The sentence that the claim stands on."""
        return self.words(self.claim.sentence) or ""

    @property
    def source(self) -> str | None:
        """Who says so: the words of the report, or the class of an informant who is not named."""
        span = self.claim.source.span
        if span is not None and self.claim.source.kind is SourceKind.ANONYMOUS and self.hides(span):
            return ANONYMOUS
        return self.words(span)

    def hides(self, span: Span) -> bool:
        """Whether some of these words stay here."""
        return any(hidden.overlaps(span) for hidden in self.hidden)

    def name(self, argument: Argument[Actor]) -> str | None:
        """The fullest name of a party; the words themselves where nothing was resolved."""
        if self.hides(argument.span):
            return ANONYMOUS
        return argument.value.name if argument.value else self.words(argument.span)

    @cached_property
    def row(self) -> Mapping[str, Any]:
        """The columns of ``sayso claims --csv``, with what stays here left out; made once for all formats."""
        report = replace(self.report, claims=(self.claim,))
        row = next(iter(layout.rows(report)))
        return row | self._masked() if self.hidden else row

    def _masked(self) -> dict[str, Any]:
        """The cells that quote the report."""
        claim = self.claim
        slots = {"place": claim.place, "date_words": claim.date, "count_words": claim.count}
        found: dict[str, Any] = {cell: self.words(slot.span) for cell, slot in slots.items() if slot is not None}
        found |= {"trigger": self.words(claim.trigger), "source": self.source, "sentence": self.sentence}
        for side in ("actor", "recipient"):
            arguments: tuple[Argument[Actor], ...] = getattr(claim, side)
            if any(self.hides(argument.span) for argument in arguments):
                found[side] = "; ".join(self.words(argument.span) or "" for argument in arguments)
                named = [self.name(argument) if argument.value else None for argument in arguments]
                found[f"{side}_name"] = "; ".join(name or "" for name in named) if any(named) else None
        return found

    def around(self, span: Span, reach: int) -> tuple[str, str]:
        """Up to `reach` characters before and behind a span, ending early where words are hidden."""
        first = max([span.start - reach, 0, *(one.end for one in self.hidden if one.end <= span.start)])
        last = min([span.end + reach, *(one.start for one in self.hidden if one.start >= span.end)])
        return self.report.text[first : span.start], self.report.text[span.end : last]


Informants = Callable[
    [Report], Iterable[Span]
]  # where a report describes informants, whether or not those claims leave too


def told(tellings: Iterable[Telling], *, descriptors: bool, informants: Informants = lambda _: ()) -> Iterator[Told]:
    """Claims as they leave, those of one report side by side: what one of them hides is hidden in all."""
    for _, group in groupby(tellings, key=lambda one: (one.report.id, one.report.outlet)):
        together = list(group)
        own = (one.claim.source.span for one in together if _secret(one.claim))
        hidden = () if descriptors else _merged((*own, *informants(together[0].report)))
        yield from (Told(one, hidden) for one in together)


def _secret(claim: Claim) -> bool:
    return claim.source.kind is SourceKind.ANONYMOUS


def _merged(spans: Iterable[Span | None]) -> tuple[Span, ...]:
    """Spans in order, those that overlap made one."""
    merged: list[Span] = []
    for span in sorted(span for span in spans if span):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)

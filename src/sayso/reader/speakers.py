"""The words that name a speaker: whole names for fragments, and for a pronoun the nearest name before it.

Both stay within one report and its own words. A speaker whom the report leaves unnamed ("a security source") stays so: only
pronouns are followed, and only to who is quoted or named last.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from sayso.model import Claim, Mention, MentionKind, Source, SourceKind, Span

_ONE = frozenset({"he", "she", "him", "her", "i", "himself", "herself", "who"})
_SEVERAL = frozenset({"they", "them", "we", "it", "its", "themselves", "which", "both", "others"})
REACH = 12  # sources or names before a pronoun that it may stand for
LONGEST = 120  # characters of a name with its title; longer source parts hold clauses


class Speakers:
    """The words of one report that name somebody who could speak: sources of attributions, persons, organisations."""

    def __init__(self, text: str, sources: Sequence[Span], mentions: Sequence[Mention]) -> None:
        self._text = text
        self._persons = sorted(m.span for m in mentions if m.kind is MentionKind.PERSON)
        bodies = [
            m.span for m in mentions if m.kind in (MentionKind.ORGANIZATION, MentionKind.NORP, MentionKind.LOCATION)
        ]
        self._sources = sorted(_bare(text, span) for span in sources if span.end - span.start <= LONGEST)
        self._names = sorted([*self._persons, *bodies])

    def settle(self, claim: Claim) -> Claim:
        """`claim` with the words of its source made whole."""
        span = claim.source.span
        if claim.source.kind is SourceKind.REPORT or span is None:
            return claim
        return replace(claim, source=self._settled(claim.source, span))

    def _settled(self, source: Source, span: Span) -> Source:
        if self._is_pronoun(span):
            antecedent = self._antecedent(span)
            return replace(source, span=antecedent) if antecedent else source
        return replace(source, span=self._whole(span))

    def _is_pronoun(self, span: Span) -> bool:
        return span.of(self._text).lower() in _ONE | _SEVERAL

    def _whole(self, span: Span) -> Span:
        """The name or source part of which `span` is only a piece."""
        around = [name for name in (*_near(self._sources, span), *_near(self._names, span)) if name.overlaps(span)]
        start, end = (
            min([span.start, *(name.start for name in around)]),
            max([span.end, *(name.end for name in around)]),
        )
        return Span(start, end) if end - start <= LONGEST else span

    def _antecedent(self, span: Span) -> Span | None:
        """Who was quoted last before the pronoun, or failing that named last; a person for one who is a person."""
        single = span.of(self._text).lower() in _ONE
        quoted = [source for source in _before(self._sources, span) if not self._is_pronoun(source)]
        people = [source for source in quoted if any(n.overlaps(source) for n in _near(self._persons, source))]
        if single and people:
            return self._whole(people[-1])
        if quoted:
            return self._whole(quoted[-1])
        named = _before(self._persons if single else self._names, span)
        return named[-1] if named else None


def _before(spans: Sequence[Span], span: Span) -> Sequence[Span]:
    """The last few of sorted `spans` that end before `span`."""
    at = bisect_left(spans, span)
    return [before for before in spans[max(at - REACH, 0) : at] if before.end <= span.start]


def _near(spans: Sequence[Span], span: Span) -> Sequence[Span]:
    """The few of sorted `spans` that can overlap `span`: none is longer than a name."""
    return spans[bisect_left(spans, Span(span.start - LONGEST, 0)) : bisect_left(spans, Span(span.end, 0))]


def _bare(text: str, span: Span) -> Span:
    """A source without the comma that ends its apposition."""
    return Span(span.start, span.end - 1) if span.of(text).endswith(",") and span.end - span.start > 1 else span

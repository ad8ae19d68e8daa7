"""Who says so: the source of each claim, from what the network points at and from the attributions around it.

Everything stays within one report and its own words. A speaker whom the report leaves unnamed ("a security source") stays so:
only pronouns are followed, and only to who is quoted or named last.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sayso.model import Argument, Attribution, Mention, MentionKind, Source, SourceKind, Span

_ONE = frozenset({"he", "she", "him", "her", "i", "himself", "herself", "who"})
_SEVERAL = frozenset({"they", "them", "we", "it", "its", "themselves", "which", "both", "others"})
# What follows the noun phrase that names a speaker: with it, source_f1 on gold dev is 0.65, without it 0.77 (train 0.71, 0.79).
_REST = re.compile(r",|\s[\[–—]|\s(?:who|which|that|whose|whom)\s|\s-+\s|\s*[\r\n]")
# Heads that say what kind of source a phrase is, where no preposition or genitive makes it somebody of that body.
_PLAIN = r"(?:(?!(?:of|in|within|inside|from|at|for|to|some|many|several|other|rival|critics)\b)[\w.-]+\s+)*"
_BODY = re.compile(
    rf"(?:the\s+)?{_PLAIN}(?:army|police|government|ministry|authorities|party|court|parliament|committee|senate|cabinet|junta|"
    r"navy|air force|embassy|observatory|federation|association|newspaper|military)$",
    re.IGNORECASE,
)
_UNNAMED = re.compile(
    rf"(?!the\b){_PLAIN}(?:sources|officials|witnesses|residents|activists|analysts|experts|diplomats|observers|rights groups|"
    r"critics|protesters|villagers|survivors|relatives|lawmakers|local media)$",
    re.IGNORECASE,
)
# Somebody not said before is nobody by name, unless the name follows: "another activist, Tep Vanny".
_SOMEBODY = re.compile(r"(?:an?|one|another)\s", re.IGNORECASE)
_NAME_FOLLOWS = 40  # characters
REACH = 12  # sources or names before a pronoun that it may stand for
LONGEST = 120  # characters of a name with its title; longer source parts hold clauses


@dataclass(frozen=True, slots=True)
class Said:
    """What the network says of the speaker of one event: the chance of each kind, the words it points at, the likeliest words."""

    kinds: Mapping[SourceKind, float]
    pointed: Argument[Any] | None = None
    likely: Argument[Any] | None = None


class Speakers:
    """The words of one report that name somebody who could speak: sources of attributions, persons, organisations."""

    def __init__(self, text: str, attributions: Sequence[Attribution], mentions: Sequence[Mention]) -> None:
        self._text = text
        self._persons = sorted(m.span for m in mentions if m.kind is MentionKind.PERSON)
        self._bodies = {m.span for m in mentions if m.kind is MentionKind.ORGANIZATION}
        others = [m.span for m in mentions if m.kind in (MentionKind.NORP, MentionKind.LOCATION)]
        sources = [span for one in attributions for span in one.source]
        self._sources = sorted(_bare(text, span) for span in sources if span.end - span.start <= LONGEST)
        self._names = sorted([*self._persons, *self._bodies, *others])
        self._attributions = attributions

    def source(self, trigger: Span, said: Said) -> Source:
        """Kind and words together: the outlet's own voice has no words; any other speaker has the likeliest there are."""
        kind, chance = max(said.kinds.items(), key=lambda item: item[1])
        best = said.pointed
        if kind is SourceKind.REPORT and (best is None or best.confidence <= chance):
            return Source(kind, None, round(chance, 3))
        if kind is SourceKind.REPORT:
            others = [item for item in said.kinds.items() if item[0] is not SourceKind.REPORT]
            kind, chance = max(others, key=lambda item: item[1])
        best = best or self._quoted(trigger, chance) or said.likely
        if best is None:
            return Source(kind, None, round(chance, 3))
        span = self._short(self._settled(best.span))
        kind = self._told_by(span) or (SourceKind.ANONYMOUS if self._is_somebody(kind, span) else kind)
        return Source(kind, span, round(min(best.confidence, chance), 3))

    def _quoted(self, trigger: Span, chance: float) -> Argument[Any] | None:
        """The source of the closest attribution that has `trigger` in its content."""
        around = [
            (content.end - content.start, min(one.source, key=trigger.gap))
            for one in self._attributions
            for content in one.content
            if one.source and content.start <= trigger.start and trigger.end <= content.end
        ]
        if not around:
            return None
        return Argument(_bare(self._text, min(around)[1]), confidence=chance)

    def _told_by(self, span: Span) -> SourceKind | None:
        """The kind of source that words are by themselves: a bare name, a body, unnamed people; None where they do not say."""
        words = span.of(self._text)
        if span in self._persons:
            return SourceKind.PERSON
        if span in self._bodies or _BODY.match(words):
            return SourceKind.ORGANISATION
        return SourceKind.ANONYMOUS if _UNNAMED.match(words) else None

    def _is_somebody(self, kind: SourceKind, span: Span) -> bool:
        """Whether a person is spoken of without a name: "an opposition lawmaker"."""
        around = Span(span.start, span.end + _NAME_FOLLOWS)
        named = any(name.overlaps(around) for name in _near(self._persons, around))
        return kind is SourceKind.PERSON and not named and bool(_SOMEBODY.match(span.of(self._text)))

    def _settled(self, span: Span) -> Span:
        if self._is_pronoun(span):
            return self._antecedent(span) or span
        return self._whole(span)

    def _short(self, span: Span) -> Span:
        """The noun phrase alone, without an apposition or a relative clause."""
        rest = _REST.search(self._text, span.start + 1, span.end)
        short = Span(span.start, rest.start()) if rest else span
        return short if any(map(str.isalnum, short.of(self._text))) else span

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

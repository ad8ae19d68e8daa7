"""Tagged parts to attributions: which source said which content by which cue.

The network tags each word as source, cue or content; this groups them. A cue is the middle of an attribution: of the cues before
and after it, a source or content goes to the one in its sentence, and quoted sentences that follow carry on until the next cue.
Given the tags of PolNeAR (training part), 0.99 of sources and 0.97 of contents come to a cue of their own attribution.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

from sayso.model import Attribution, Span
from sayso.reader.spelling import is_open

Part = tuple[str, Span]
QUOTE_REACH = 3000  # characters after its cue in which a quotation may carry on


def group(text: str, parts: Sequence[Part], sentences: Sequence[Span]) -> tuple[Attribution, ...]:
    """Attributions in the order of their first word; parts that no cue claims stand alone rather than being dropped."""
    ordered = sorted(parts, key=lambda part: part[1])
    cues = [index for index, (name, _) in enumerate(ordered) if name == "cue"]
    if not cues:
        return tuple(_attribution([part]) for part in ordered)
    owners = _Owners(text, ordered, cues, sentences)
    owned: dict[int, list[Part]] = {cue: [ordered[cue]] for cue in cues}
    for index, part in enumerate(ordered):
        if part[0] != "cue":
            owned[owners.of(index)].append(part)
    found = [_attribution(sorted(group, key=lambda part: part[1])) for group in owned.values()]
    return tuple(sorted(found, key=_first))


class _Owners:
    """The cue of each source and content: the one before it or the one after it."""

    def __init__(self, text: str, parts: Sequence[Part], cues: Sequence[int], sentences: Sequence[Span]) -> None:
        self._text, self._parts, self._cues = text, parts, cues
        self._starts = [sentence.start for sentence in sentences]
        self._contents = [0, *accumulate(name == "content" for name, _ in parts)]

    def of(self, index: int) -> int:
        """Index of the cue in fewer sentences' distance, with fewer parts of the same name between, then the nearer."""
        at = bisect_left(self._cues, index)
        before, after = (self._cues[near] if 0 <= near < len(self._cues) else None for near in (at - 1, at))
        if before is None or after is None:
            return self._cues[0] if before is None else before
        nearest = min((before, after), key=lambda cue: self._cost(index, cue))
        apart, *_ = self._cost(index, nearest)
        return before if apart and self._goes_on(index, before) else nearest

    def _cost(self, index: int, cue: int) -> tuple[int, int, int]:
        (name, span), (_, said) = self._parts[index], self._parts[cue]
        left, right = min(span.end, said.end), max(span.start, said.start)
        apart = max(bisect_right(self._starts, right) - bisect_left(self._starts, left), 0)
        between = self._between(index, cue)
        return apart, between if name == "content" else abs(index - cue) - 1 - between, max(said.gap(span), 0)

    def _between(self, one: int, other: int) -> int:
        """Contents between two parts."""
        first, last = sorted((one, other))
        return self._contents[last] - self._contents[first + 1]

    def _goes_on(self, index: int, cue: int) -> bool:
        """Whether only contents stand between the cue and this content, which starts or stays inside quotation marks."""
        name, span = self._parts[index]
        said = self._parts[cue][1]
        if name != "content" or self._between(cue, index) != index - cue - 1 or said.gap(span) > QUOTE_REACH:
            return False
        opens = any(mark in self._text[max(span.start - 1, 0) : span.start + 1] for mark in "\"“«'‘")
        return opens or is_open(self._text[said.end : span.start])


def _attribution(parts: Sequence[Part]) -> Attribution:
    spans = {name: tuple(span for part, span in parts if part == name) for name in ("source", "cue", "content")}
    return Attribution(**spans)


def _first(attribution: Attribution) -> Span:
    return min((*attribution.source, *attribution.cue, *attribution.content))

"""Tagged parts to attributions: which source said which content by which cue.

The network tags each word as source, cue or content; this groups them. A cue is the middle of an attribution: it takes the
nearest source and the contents next to it in its sentence, and quoted sentences that follow carry on until the next cue.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from sayso.model import Attribution, Span

Part = tuple[str, Span]


def group(text: str, parts: Sequence[Part], sentences: Sequence[Span]) -> tuple[Attribution, ...]:
    """Attributions in the order of their first word; parts that no cue claims stand alone rather than being dropped."""
    ordered = sorted(parts, key=lambda part: part[1])
    cues = [index for index, (name, _) in enumerate(ordered) if name == "cue"]
    if not cues:
        return tuple(_attribution([part]) for part in ordered)
    starts = [sentence.start for sentence in sentences]
    owned: dict[int, list[Part]] = {cue: [ordered[cue]] for cue in cues}
    for index, part in enumerate(ordered):
        if part[0] != "cue":
            owned[_owner(text, ordered, index, cues, starts)].append(part)
    found = [_attribution(sorted(group, key=lambda part: part[1])) for group in owned.values()]
    return tuple(sorted(found, key=_first))


def _owner(text: str, parts: Sequence[Part], index: int, cues: Sequence[int], starts: Sequence[int]) -> int:
    """The cue before or the cue after a part: the one in fewer sentences' distance, then the nearer."""
    at = bisect_left(cues, index)
    before, after = cues[at - 1] if at else None, cues[at] if at < len(cues) else None
    if before is None or after is None:
        return after if before is None and after is not None else cues[-1]
    if parts[index][0] == "content" and _goes_on(text, parts, index, before):
        return before

    def cost(cue: int) -> tuple[int, int]:
        first, last = sorted((parts[index][1].start, parts[cue][1].start))
        return bisect_right(starts, last) - bisect_right(starts, first), parts[cue][1].gap(parts[index][1])

    return min((before, after), key=cost)


def _goes_on(text: str, parts: Sequence[Part], index: int, cue: int) -> bool:
    """Whether only contents stand between the cue and this content, which starts or stays inside quotation marks."""
    quoted = text[max(parts[index][1].start - 1, 0) : parts[index][1].start + 1]
    return all(name == "content" for name, _ in parts[cue + 1 : index]) and any(mark in quoted for mark in "\"“«'‘")


def _attribution(parts: Sequence[Part]) -> Attribution:
    spans = {name: tuple(span for part, span in parts if part == name) for name in ("source", "cue", "content")}
    return Attribution(**spans)


def _first(attribution: Attribution) -> Span:
    return min((*attribution.source, *attribution.cue, *attribution.content))

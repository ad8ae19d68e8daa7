"""Tagged parts to attributions: which source said which content by which cue.

The network tags each word as source, cue or content; this groups them. A cue is the middle of an attribution: it takes the
nearest source and the contents next to it in its sentence, and quoted sentences that follow carry on until the next cue.
"""

from __future__ import annotations

from collections.abc import Sequence

from sayso.model import Attribution, Span

Part = tuple[str, Span]


def group(text: str, parts: Sequence[Part], sentences: Sequence[Span]) -> tuple[Attribution, ...]:
    """Attributions in the order of their first word; parts that no cue claims stand alone rather than being dropped."""
    ordered = sorted(parts, key=lambda part: part[1])
    cues = [index for index, (name, _) in enumerate(ordered) if name == "cue"]
    if not cues:
        return tuple(_attribution([part]) for part in ordered)
    owned: dict[int, list[Part]] = {cue: [ordered[cue]] for cue in cues}
    for index, part in enumerate(ordered):
        if part[0] != "cue":
            owned[_owner(text, ordered, index, cues, sentences)].append(part)
    found = [_attribution(sorted(group, key=lambda part: part[1])) for group in owned.values()]
    return tuple(sorted(found, key=_first))


def _owner(text: str, parts: Sequence[Part], index: int, cues: Sequence[int], sentences: Sequence[Span]) -> int:
    span = parts[index][1]

    def cost(cue: int) -> tuple[int, int]:
        between = _breaks(min(span.start, parts[cue][1].start), max(span.start, parts[cue][1].start), sentences)
        return between, max(parts[cue][1].gap(span), 0)

    before = [cue for cue in cues if cue < index]
    if parts[index][0] == "content" and before and _goes_on(text, parts, index, before[-1]):
        return before[-1]
    return min(cues, key=cost)


def _goes_on(text: str, parts: Sequence[Part], index: int, cue: int) -> bool:
    """Whether only contents stand between the cue and this content, which starts or stays inside quotation marks."""
    quoted = text[max(parts[index][1].start - 1, 0) : parts[index][1].start + 1]
    return all(name == "content" for name, _ in parts[cue + 1 : index]) and any(mark in quoted for mark in "\"“«'‘")


def _breaks(start: int, end: int, sentences: Sequence[Span]) -> int:
    return sum(start < sentence.start <= end for sentence in sentences)


def _attribution(parts: Sequence[Part]) -> Attribution:
    spans = {name: tuple(span for part, span in parts if part == name) for name in ("source", "cue", "content")}
    return Attribution(**spans)


def _first(attribution: Attribution) -> Span:
    return min((*attribution.source, *attribution.cue, *attribution.content))

"""Who did it and to whom: what the network tags as actor or recipient, made into a list of noun phrases.

A tagger is asked for each word alone and tags too much: a second phrase elsewhere in the sentence is seldom a second actor. So a
list is the surest phrase and those joined to it ("the army, the police and Ivo Sanca"). On gold dev that raised claim_f1 from 0.20
to 0.27 and recipient_f1 from 0.62 to 0.67; on gold train from 0.31 to 0.37 and from 0.69 to 0.72.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sayso.model import Argument, Span

LEAST = 0.3  # confidence below which a phrase is left out: claim_f1 +0.005 on gold dev and train; at 0.4 it falls
LONGEST = 120  # characters of a name
_JOINT = re.compile(r"(?:\s*,|\s*,?\s*(?:and|or|as well as|&))?\s*(?:the |a |an |some |other )?", re.IGNORECASE)
_AND = re.compile(r"\s*,?\s+and\s+")
_SMALL = r"(?:of|in|on|at|to|for|from|by|with|and|or|the|a|an|that|who|which|as|was|were|is|are|had|has)"
_TAIL = re.compile(rf"(?:\s+{_SMALL}|\s*['’\-–(,])+\Z", re.IGNORECASE)
_HEAD = re.compile(r"(?:(?:and|or|of|in|by|to|with|for|from|as|that|at|on)\s+)+", re.IGNORECASE)
_HYPHENS, _INNER = "-", "-’'"


def settled(text: str, found: Sequence[Argument[Any]], names: Sequence[Span]) -> list[Argument[Any]]:
    """The surest phrase and those joined to it, each whole; `names` are the sorted spans of persons, bodies and places."""
    whole = [replace(one, span=_tidy(text, _hyphenated(text, one.span))) for one in found]
    single: list[Argument[Any]] = []
    for one in sorted((part for one in whole for part in _split(text, one, names)), key=lambda one: one.span):
        if not single or not single[-1].span.overlaps(one.span):
            single.append(one)
    return [one for one in _joined(text, single) if one.confidence >= LEAST]


def _hyphenated(text: str, span: Span) -> Span:
    """With the rest of a hyphenated word: "vice-president" for "president"."""
    start, end = span
    while start > 1 and text[start - 1] in _INNER and text[start - 2].isalnum() and text[start].isalnum():
        start -= 2
        while start > 0 and text[start - 1].isalnum():
            start -= 1
    while end + 1 < len(text) and text[end] in _HYPHENS and text[end + 1].isalnum():
        end += 2
        while end < len(text) and text[end].isalnum():
            end += 1
    return Span(start, end)


def _tidy(text: str, span: Span) -> Span:
    """Without small words at its edges: "a court" for "a court in"."""
    start, end = span
    if tail := _TAIL.search(text, start, end):
        end = tail.start()
    if head := _HEAD.match(text, start, end):
        start = head.end()
    return Span(start, end) if any(map(str.isalnum, text[start:end])) else span


def _split(text: str, argument: Argument[Any], names: Sequence[Span]) -> list[Argument[Any]]:
    """Two of "X and Y", where X ends in a name and Y has one of its own."""
    start, end = argument.span
    near = names[bisect_left(names, Span(start - LONGEST, 0)) : bisect_left(names, Span(end, 0))]
    parts: list[Argument[Any]] = []
    for joint in _AND.finditer(text, start, end):
        left, right = Span(start, joint.start()), Span(joint.end(), end)
        named = any(left.start <= name.start and name.end == left.end for name in near)
        if (
            named
            and any(name.overlaps(right) for name in near)
            and not any(name.overlaps(Span(*joint.span())) for name in near)
        ):
            parts.append(replace(argument, span=left))
            start = right.start
    return [*parts, replace(argument, span=Span(start, end))]


def _joined(text: str, found: Sequence[Argument[Any]]) -> list[Argument[Any]]:
    """Of phrases in order, the surest and all that stand in one list with it."""
    if not found:
        return []
    first = last = max(range(len(found)), key=lambda index: found[index].confidence)
    while first > 0 and _JOINT.fullmatch(text, found[first - 1].span.end, found[first].span.start):
        first -= 1
    while last + 1 < len(found) and _JOINT.fullmatch(text, found[last].span.end, found[last + 1].span.start):
        last += 1
    return list(found[first : last + 1])

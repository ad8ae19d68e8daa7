"""Counts of right answers to precision, recall and F1: the arithmetic that all tasks share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

from sayso.model import Span

_TOKEN = re.compile(r"\w+|[^\w\s]")


class Matches(NamedTuple):
    """Right answers among those given and those wanted; sums of these are micro averages."""

    right: int = 0
    given: int = 0
    wanted: int = 0

    def plus(self, other: Matches) -> Matches:
        """Both together."""
        return Matches(self.right + other.right, self.given + other.given, self.wanted + other.wanted)

    @property
    def precision(self) -> float:
        """Share of the given that is right."""
        return self.right / self.given if self.given else 0.0

    @property
    def recall(self) -> float:
        """Share of the wanted that was given."""
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two; 0 where nothing was wanted and nothing given, so that an empty task never looks perfect."""
        return 2 * self.right / (self.given + self.wanted) if self.given + self.wanted else 0.0


def same(given: Iterable[Hashable], wanted: Iterable[Hashable]) -> Matches:
    """Exact matches: each wanted item is matched by one equal given item, and repeated items count once.

    CoNLL's definition of span F1 when items are spans or (span, type).
    """
    left, right = set(given), set(wanted)
    return Matches(len(left & right), len(left), len(right))


def total(parts: Iterable[Matches]) -> Matches:
    """The sum: micro average over documents."""
    summed = Matches()
    for part in parts:
        summed = summed.plus(part)
    return summed


def tokens(text: str) -> list[Span]:
    """Words and single marks of `text`: close to the tokens that annotators of news were shown."""
    return [Span(match.start(), match.end()) for match in _TOKEN.finditer(text)]


def covered(tokens: Sequence[Span], spans: Iterable[Span]) -> set[int]:
    """Indices of the tokens that share a character with one of `spans`."""
    inside: set[int] = set()
    for span in spans:
        inside.update(index for index, token in enumerate(tokens) if token.overlaps(span))
    return inside


def macro_f1(pairs: Iterable[tuple[str | None, str]]) -> float:
    """Mean F1 over the wanted types of (given, wanted); None is no answer. Types that nobody wanted cost precision nowhere."""
    pairs = list(pairs)
    given, wanted = Counter(g for g, _ in pairs), Counter(w for _, w in pairs)
    right = Counter(w for g, w in pairs if g == w)
    each = [Matches(right[kind], given[kind], count).f1 for kind, count in wanted.items()]
    return sum(each) / len(each) if each else 0.0


def accuracy(pairs: Iterable[tuple[object, object]]) -> float:
    """Share of (given, wanted) that are equal."""
    equal = [given == wanted for given, wanted in pairs]
    return sum(equal) / len(equal) if equal else 0.0

"""What belongs together, from scores of pairs and people's judgements.

Single links chain: on generated data they made one incident of 3,132 reports where the truth was 150. So links only say which
claims are weighed against one another; inside such a connected part, groups join while the average over all pairs between
them is a link. The result is a function of the sets given: scores are summed as integers, ties go to the lower key, and no
part depends on another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from typing import NamedTuple

LINK = 0.0  # log-odds from which two claims are judged to tell of one event
UNSEEN = -0.5  # what a pair that never met counts in an average: little, for blocks miss every seventh true pair
_UNIT = 1000  # scores are summed in thousandths, as integers: a sum of floats depends on its order

Pair = tuple[str, str]


class Bounds(NamedTuple):
    """What an average must reach, and what a pair that never met counts in it."""

    link: float = LINK
    unseen: float = UNSEEN


_SHIPPED = Bounds()


def partition(
    keys: Iterable[str],
    edges: Iterable[tuple[str, str, float]],
    must: Iterable[Pair] = (),
    cannot: Iterable[Pair] = (),
    bounds: Bounds = _SHIPPED,
) -> list[list[str]]:
    """The groups of `keys`, each sorted, in the order of their first keys.

    `edges` are pairs with their scores, those below the link too: they weigh in averages. Of a pair given twice the higher score
    counts. What `must` joins stays together whatever else is said; of the rest no group holds a pair of `cannot`. Pairs with a
    key that is not in `keys` are left out.
    """
    known = set(keys)
    link, unseen = (round(value * _UNIT) for value in bounds)
    group_of = connected(known, must)
    sizes: dict[str, int] = defaultdict(int)
    for group in group_of.values():
        sizes[group] += 1
    sums, linked = _between(_scores(edges), group_of, link)
    apart = {(group_of[a], group_of[b]) for a, b in cannot if a in known and b in known}
    part_of = connected(sizes, linked)
    parts: dict[str, _Part] = {}
    for group, size in sizes.items():
        parts.setdefault(part_of[group], _Part(link, unseen)).sizes[group] = size
    for (one, other), (total, met) in sums.items():
        if part_of[one] == part_of[other]:
            parts[part_of[one]].weigh(one, other, total, met)
    for one, other in apart:
        if one != other and part_of[one] == part_of[other]:
            parts[part_of[one]].keep_apart(one, other)
    final = {group: name for part in parts.values() for group, name in part.settled()}
    found: dict[str, list[str]] = defaultdict(list)
    for key in sorted(known):
        found[final[group_of[key]]].append(key)
    return sorted(found.values())


def connected(keys: Iterable[str], links: Iterable[Pair]) -> dict[str, str]:
    """Each key with the lowest key of its connected part: union-find, without recursion."""
    parent = {key: key for key in keys}

    def root(key: str) -> str:
        while parent[key] != key:
            parent[key] = key = parent[parent[key]]
        return key

    for one, other in links:
        if one in parent and other in parent:
            low, high = sorted((root(one), root(other)))
            parent[high] = low
    return {key: root(key) for key in parent}


def _scores(edges: Iterable[tuple[str, str, float]]) -> dict[Pair, int]:
    """The score of each pair, in thousandths; the higher of two."""
    scores: dict[Pair, int] = {}
    for one, other, score in edges:
        pair = (one, other) if one < other else (other, one)
        rounded = round(score * _UNIT)
        if rounded > scores.get(pair, rounded - 1):
            scores[pair] = rounded
    return scores


def _between(
    scores: dict[Pair, int], group_of: dict[str, str], link: int
) -> tuple[dict[Pair, tuple[int, int]], list[Pair]]:
    """Sum and number of scores between any two groups, and the pairs of groups that a link connects."""
    sums: dict[Pair, tuple[int, int]] = {}
    linked = []
    for (one, other), score in scores.items():
        first, second = group_of.get(one), group_of.get(other)
        if first is None or second is None or first == second:
            continue
        pair = (first, second) if first < second else (second, first)
        total, met = sums.get(pair, (0, 0))
        sums[pair] = total + score, met + 1
        if score >= link:
            linked.append(pair)
    return sums, linked


class _Part:
    """The groups of one connected part, joined best average first."""

    def __init__(self, link: int, unseen: int) -> None:
        self.link, self.unseen = link, unseen
        self.sizes: dict[str, int] = {}
        self.sums: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
        self.apart: dict[str, set[str]] = defaultdict(set)
        self.age: dict[str, int] = defaultdict(
            int
        )  # grows when a group does, so that older entries of the heap are void
        self.heap: list[tuple[float, str, str, int, int]] = []

    def weigh(self, one: str, other: str, total: int, met: int) -> None:
        """The sum of the scores between two groups, and how many pairs they are of."""
        self.sums[one][other] = self.sums[other][one] = total, met

    def keep_apart(self, one: str, other: str) -> None:
        """Two groups that never join."""
        self.apart[one].add(other)
        self.apart[other].add(one)

    def settled(self) -> Iterator[Pair]:
        """Each group with the name of the one that it ended in."""
        ends = {group: group for group in self.sizes}
        for one in self.sums:
            self._offer(one, (other for other in self.sums[one] if one < other))
        while self.heap:
            _, low, high, low_age, high_age = heappop(self.heap)
            if (self.age[low], self.age[high]) == (low_age, high_age):
                ends[high] = low
                self._join(low, high)
                self._offer(low, self.sums[low])
        return ((group, _end(ends, group)) for group in ends)

    def _offer(self, one: str, others: Iterable[str]) -> None:
        """Puts on the heap which of `others` could join `one`."""
        sums, apart = self.sums[one], self.apart.get(one, ())
        for other in others:
            total, met = sums[other]
            pairs = self.sizes[one] * self.sizes[other]
            average = (total + (pairs - met) * self.unseen) / pairs
            if average >= self.link and other not in apart:
                low, high = (one, other) if one < other else (other, one)
                heappush(self.heap, (-average, low, high, self.age[low], self.age[high]))

    def _join(self, low: str, high: str) -> None:
        """`high` becomes part of `low`."""
        self.age[low] += 1
        self.age[high] += 1
        self.sizes[low] += self.sizes.pop(high)
        mine, theirs = self.sums[low], self.sums.pop(high)
        for sums in (mine, theirs):
            sums.pop(high, None)
            sums.pop(low, None)
        for other, (total, met) in theirs.items():
            own_total, own_met = mine.get(other, (0, 0))
            mine[other] = self.sums[other][low] = total + own_total, met + own_met
            del self.sums[other][high]
        for other in self.apart.pop(high, ()):
            self.apart[other].discard(high)
            self.keep_apart(low, other)


def _end(ends: dict[str, str], group: str) -> str:
    while ends[group] != group:
        ends[group] = group = ends[ends[group]]
    return group

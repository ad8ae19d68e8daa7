"""What belongs together, from scores of pairs and people's judgements.

Single links chain: on generated data they made one incident of 3,132 reports where the truth was 150. So links only say which
claims are weighed against one another; inside such a connected part, groups join while the average over all pairs between
them is a link. The result is a function of the sets given: scores are summed as integers, ties go to the lower key, and no
part depends on another.

The best pair of all need not be known: of two groups that are each other's best, neither gets a better one by what joins
elsewhere, for an average of averages is never above both. So chains of best neighbours are followed to such a pair
(nearest-neighbour chains, Benzécri 1982), which takes no queue and gives what joining the best pair of all gives.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

LINK = 0.0  # log-odds from which two claims are judged to tell of one event
UNSEEN = -0.5  # what a pair that never met counts in an average: little, for blocks miss every seventh true pair
_UNIT = 1000  # scores are summed in thousandths, as integers: a sum of floats depends on its order

Pair = tuple[str, str]
Numbers = tuple[int, int]
Ints = npt.NDArray[np.int64]
K = TypeVar("K", str, int)


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
    key that is not in `keys` are left out. `bounds.unseen` is below `bounds.link`.
    """
    names = sorted(set(keys))
    number = {name: at for at, name in enumerate(names)}  # lower numbers are lower names
    link, unseen = (round(value * _UNIT) for value in bounds)
    group_of = connected(range(len(names)), _within(must, number))
    groups = _Groups(group_of.values(), link, unseen)
    for one, other, total, met in _between(_scores(edges, number), group_of, link):
        groups.weigh(one, other, total, met)
    for one, other in _within(cannot, number):
        groups.keep_apart(group_of[one], group_of[other])
    ends = groups.joined()
    found: dict[int, list[str]] = defaultdict(list)
    for name, at in number.items():
        found[ends.get(group_of[at], group_of[at])].append(name)
    return sorted(found.values())


def connected(keys: Iterable[K], links: Iterable[tuple[K, K]]) -> dict[K, K]:
    """Each key with the lowest key of its connected part: union-find, without recursion."""
    parent = {key: key for key in keys}

    def root(key: K) -> K:
        while parent[key] != key:
            parent[key] = key = parent[parent[key]]
        return key

    for one, other in links:
        if one in parent and other in parent:
            low, high = sorted((root(one), root(other)))
            parent[high] = low
    return {key: root(key) for key in parent}


def _within(pairs: Iterable[Pair], number: dict[str, int]) -> Iterator[Numbers]:
    """The pairs as numbers, without those that have an unknown key."""
    return ((number[one], number[other]) for one, other in pairs if one in number and other in number)


def _scores(edges: Iterable[tuple[str, str, float]], number: dict[str, int]) -> Ints:
    """Lower end, higher end and score in thousandths of each pair, (pairs, 3); of two scores the higher."""
    rows = [
        (number[one], number[other], round(score * _UNIT))
        for one, other, score in edges
        if one in number and other in number
    ]
    one, other, score = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return _gathered(np.minimum(one, other), np.maximum(one, other), score, np.maximum)[:, :3]


def _between(scores: Ints, group_of: dict[int, int], link: int) -> Iterator[tuple[int, int, int, int]]:
    """Two groups, and sum and number of the scores between them, for groups in one part that links connect."""
    group = np.fromiter(group_of.values(), dtype=np.int64, count=len(group_of))
    one, other, score = group[scores[:, 0]], group[scores[:, 1]], scores[:, 2]
    links = score >= link
    part_of = connected(group_of.values(), zip(one[links].tolist(), other[links].tolist(), strict=True))
    part = np.fromiter((part_of[at] for at in group_of.values()), dtype=np.int64, count=len(group_of))
    kept = (one != other) & (part[one] == part[other])
    one, other, score = one[kept], other[kept], score[kept]
    found = _gathered(np.minimum(one, other), np.maximum(one, other), score, np.add)
    yield from zip(*(column.tolist() for column in found.T), strict=True)


def _gathered(one: Ints, other: Ints, values: Ints, gather: np.ufunc) -> Ints:
    """Each pair once with its values gathered, and how many they were: (pairs, 4)."""
    order = np.lexsort((other, one))
    one, other, values = one[order], other[order], values[order]
    starts = np.flatnonzero((np.diff(one, prepend=-1) != 0) | (np.diff(other, prepend=-1) != 0))
    if not len(starts):
        return np.empty((0, 4), dtype=np.int64)
    counts = np.diff(starts, append=len(one))
    return np.stack([one[starts], other[starts], gather.reduceat(values, starts), counts], axis=1)


class _Groups:
    """Groups that join, best average first; the lower number is that of the two together."""

    def __init__(self, members: Iterable[int], link: int, unseen: int) -> None:
        """`members` holds the group of each key."""
        self._link, self._unseen = link, unseen
        self._sizes = Counter(members)
        self._sums: dict[int, dict[int, tuple[int, int]]] = {group: {} for group in self._sizes}
        self._apart: dict[int, set[int]] = defaultdict(set)
        self._ends: dict[int, int] = {}

    def weigh(self, one: int, other: int, total: int, met: int) -> None:
        """The sum of the scores between two groups, and how many pairs they are of."""
        self._sums[one][other] = self._sums[other][one] = total, met

    def keep_apart(self, one: int, other: int) -> None:
        """Two groups that never join; what is one group already stays."""
        if one != other:
            self._apart[one].add(other)
            self._apart[other].add(one)

    def joined(self) -> dict[int, int]:
        """Joins what belongs together; what each group that ended is part of."""
        for first in sorted(self._sums):
            chain = [first] if first not in self._ends else []
            while chain:
                best = self._best(chain[-1])
                if best is None:  # and none will be: averages only fall
                    chain.pop()
                elif len(chain) > 1 and chain[-2] == best:
                    self._join(*sorted((chain.pop(), chain.pop())))
                    chain = chain or ([first] if first not in self._ends else [])
                else:
                    chain.append(best)
        ends: dict[int, int] = {}
        for high in sorted(self._ends):
            ends[high] = ends.get(self._ends[high], self._ends[high])
        return ends

    def _best(self, one: int) -> int | None:
        """The group with the highest average to `one`, the lowest among equals; None where none reaches the link."""
        size, sizes, unseen, apart = self._sizes[one], self._sizes, self._unseen, self._apart.get(one, ())
        highest, best = float(self._link), None
        for other, (total, met) in self._sums[one].items():
            pairs = size * sizes[other]
            average = (total + (pairs - met) * unseen) / pairs
            if average < highest or other in apart:
                continue
            if average > highest or best is None or other < best:
                highest, best = average, other
        return best

    def _join(self, low: int, high: int) -> None:
        """`high` becomes part of `low`."""
        self._ends[high] = low
        self._sizes[low] += self._sizes.pop(high)
        mine, theirs = self._sums[low], self._sums.pop(high)
        del mine[high], theirs[low]
        for other, (total, met) in theirs.items():
            own_total, own_met = mine.get(other, (0, 0))
            mine[other] = self._sums[other][low] = total + own_total, met + own_met
            del self._sums[other][high]
        for other in self._apart.pop(high, ()):
            self._apart[other].discard(high)
            self.keep_apart(low, other)

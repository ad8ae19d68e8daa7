"""Claims as columns of numbers, so that a pair costs some array operations instead of a walk through two objects.

All sums are of integers: what a pair comes to never depends on what else is asked in the same breath.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from functools import lru_cache
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from sayso.reconcile import words
from sayso.reconcile.facts import Facts, Party

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NONE = -1  # the number of what a claim does not say
NO_DAY = -(1 << 40)
_MOST = 1 << 40  # counts beyond it are as good as endless
_UNIT = 1000  # weights of words are summed in thousandths
_TABLE = 1 << 18  # cells of the table in which bags meet: what a processor's cache holds
_EXACT = frozenset({"town", "admin2"})

T = TypeVar("T", bound=Hashable)


class Claims:
    """Claims, a column (claims,) for each thing that is compared.

    Equal numbers stand for equal values, `NONE` and `NO_DAY` for what is not said; degrees are NaN where they are not known.
    """

    def __init__(self, facts: Sequence[Facts]) -> None:
        self.report = _codes(one.report for one in facts)
        self.origin = _codes(one.origin for one in facts)
        self.first = _ints(NO_DAY if one.first is None or one.last is None else one.first for one in facts)
        self.last = _ints(NO_DAY if one.first is None or one.last is None else one.last for one in facts)
        self.about = _ints(map(_about, facts))
        self.type = _codes(one.type for one in facts)
        self.mode = _codes(one.mode for one in facts)
        self.status = _codes(one.status for one in facts)
        self.historical = _truths(one.historical for one in facts)
        self.country = _codes(one.country for one in facts)
        self.stated = _truths(one.stated for one in facts)
        self.exact = _truths(one.precision in _EXACT for one in facts)
        self.admin1 = _codes(one.admin1 for one in facts)
        self.geonameid = _codes(one.geonameid for one in facts)
        self.latitude = _floats(one.latitude for one in facts)
        self.longitude = _floats(one.longitude for one in facts)
        self.counted = _codes(one.counted if _most(one) else None for one in facts)
        self.least = _ints(min((one.low if one.low is not None else one.high) or 0, _MOST) for one in facts)
        self.most = _ints(min(_most(one), _MOST) for one in facts)
        self.lemma = _Many((one.lemma,) for one in facts).number
        self.rarity = _floats(_rarity(one.lemma) for one in facts)  # as `words.share`
        self.lemma_words: Bags = Bags(_stems(one.lemma) for one in facts)
        self.actors: Sides = Sides(one.actors for one in facts)
        self.recipients: Sides = Sides(one.recipients for one in facts)
        self.everybody: Bags = Bags(_everybody(one.actors, one.recipients) for one in facts)
        self.sentence: Bags = Bags((one.words for one in facts), words.weight)
        self.names: Bags = Bags(one.names for one in facts)
        self.title: Bags = Bags((one.title for one in facts), words.weight)
        self.topic: Bags = Bags((one.topic for one in facts), words.weight)
        self.marks: Bags = Bags((one.marks for one in facts), words.weight)
        self.views = _Views([one.vector for one in facts])


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _truths(values: Iterable[bool]) -> Bools:
    return np.fromiter(values, dtype=np.bool_)


def _floats(values: Iterable[float | None]) -> Floats:
    return np.fromiter((math.nan if value is None else value for value in values), dtype=np.float64)


def _codes(values: Iterable[Hashable]) -> Ints:
    """A number for each distinct value, `NONE` for None and the empty string."""
    known: dict[Hashable, int] = {None: NONE, "": NONE}
    return _ints(known.setdefault(value, len(known)) for value in values)


def _about(facts: Facts) -> int:
    """The day around which it happened: its own, else that of a report that does not tell it as past."""
    if facts.first is not None and facts.last is not None:
        return facts.last if facts.last - facts.first <= 31 else NO_DAY
    return NO_DAY if facts.historical or facts.told is None else facts.told


def _most(facts: Facts) -> int:
    return (facts.high if facts.high is not None else facts.low) or 0


@lru_cache(1 << 14)
def _rarity(lemma: str) -> float:
    """In how many of a thousand reports its rarest word stands."""
    return min(map(words.share, lemma.split()), default=1000.0)


@lru_cache(1 << 16)
def _stems(name: str) -> frozenset[str]:
    """The stems of a name that tell it from others: "police" is shared by too many."""
    found = map(words.stem, name.split())
    return frozenset(stemmed for stemmed in found if words.share(stemmed) < words.STOP)


@lru_cache(1 << 16)
def _everybody(actors: tuple[Party, ...], recipients: tuple[Party, ...]) -> frozenset[str]:
    return frozenset[str]().union(*(_stems(party.name) for party in (*actors, *recipients)))


class _Views:
    """The encoder's views of claims; `width` (claims,) is how many numbers each has, 0 where there is none."""

    def __init__(self, vectors: Sequence[bytes]) -> None:
        self.width = _ints(map(len, vectors))
        widest = int(self.width.max(initial=0))
        rows = b"".join(one.ljust(widest, b"\0") for one in vectors)
        # Products of two numbers of eight bits hold in sixteen.
        self._rows = np.frombuffer(rows, dtype=np.int8).reshape(len(vectors), widest).astype(np.int16)
        squares = np.square(self._rows, dtype=np.int64).sum(axis=1)
        self._length: Floats = np.maximum(np.sqrt(squares.astype(np.float64)), 1.0)

    def cosines(self, one: Ints, other: Ints) -> Floats:
        """How alike the views of each pair of claims are: (pairs,)."""
        products = np.einsum("ij,ij->i", self._rows[one], self._rows[other], dtype=np.int32)
        found: Floats = products / (self._length[one] * self._length[other])
        return found


# --- several values a claim ---


class _Many(Generic[T]):
    """Several values for each claim. Claims with the same ones share a number, so that these are met once."""

    def __init__(self, found: Iterable[Collection[T]]) -> None:
        known: dict[Collection[T], int] = {}
        self.number = _ints(known.setdefault(values, len(known)) for values in found)
        place: dict[T, int] = {}
        self._members = _ints(place.setdefault(value, len(place)) for values in known for value in values)
        self._sizes = _ints(map(len, known))
        self._starts = np.cumsum(self._sizes) - self._sizes
        self.values = list(place)
        self.said: Bools = self._sizes[self.number] > 0

    def _once(self, measure: Callable[[Ints, Ints], Ints], one: Ints, other: Ints) -> Ints:
        """A symmetric measure of pairs of numbers, for pairs of claims; worked out once for those that come more than once."""
        first, second, count = self.number[one], self.number[other], max(len(self._sizes), 1)
        distinct, place = np.unique(np.minimum(first, second) * count + np.maximum(first, second), return_inverse=True)
        return measure(distinct // count, distinct % count)[place]


def _runs(starts: Ints, sizes: Ints) -> Ints:
    """start, start + 1, ... for each start, as many as its size."""
    before = np.cumsum(sizes) - sizes
    found: Ints = np.repeat(starts - before, sizes) + np.arange(int(sizes.sum()))
    return found


class Bags(_Many[str]):
    """A set of words for each claim; without weights every word counts one thousandth.

    `number` (claims,) tells equal sets, `said` (claims,) the empty from others, `mass` (claims,) is the weight of a whole set.
    """

    def __init__(self, bags: Iterable[frozenset[str]], weight: Callable[[str], float] | None = None) -> None:
        super().__init__(bags)
        self._weights = _ints(round(weight(word) * _UNIT) if weight else 1 for word in self.values)
        totals = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(self._weights[self._members])])
        self.mass: Ints = (totals[self._starts + self._sizes] - totals[self._starts])[self.number]

    def shared(self, one: Ints, other: Ints) -> Ints:
        """The weight of the words that both claims have, in thousandths, for each pair of claims: (pairs,)."""
        return self._once(self._met, one, other)

    def _met(self, one: Ints, other: Ints) -> Ints:
        """The same for distinct pairs of sets, the first ones in ascending order.

        As many of these as fit are spread out as rows of a table, and the words of those that they meet are looked up there.
        """
        found = np.zeros(len(one), dtype=np.int64)
        rows = max(_TABLE // max(len(self._weights), 1), 1)
        table = np.zeros((rows, len(self._weights)), dtype=np.int64)
        firsts, row = np.unique(one, return_inverse=True)
        for begin in range(0, len(firsts), rows):
            at, spread = self._spread(firsts[begin : begin + rows])
            table[at, spread] = self._weights[spread]
            low, high = np.searchsorted(row, (begin, begin + rows))
            full = low + np.flatnonzero(self._sizes[other[low:high]])
            if len(full):
                at, met = self._spread(other[full])
                weights = table[row[full[at]] - begin, met]
                found[full] = np.add.reduceat(weights, np.flatnonzero(np.diff(at, prepend=-1)))
            table[: len(firsts) - begin].fill(0)
        return found

    def _spread(self, bags: Ints) -> tuple[Ints, Ints]:
        """The words of some sets one after the other, and beside each the place of its set in `bags`."""
        sizes = self._sizes[bags]
        return np.repeat(np.arange(len(bags)), sizes), self._members[_runs(self._starts[bags], sizes)]


class Sides(_Many[Party]):
    """Who plays a role in each claim; `said` (claims,) where anybody does."""

    def __init__(self, sides: Iterable[tuple[Party, ...]]) -> None:
        super().__init__(sides)
        self._name = _codes(party.name for party in self.values)
        self._country = _codes(party.country for party in self.values)
        self._sector = _codes(party.sector for party in self.values)
        self._words: Bags = Bags(_stems(party.name) for party in self.values)

    def closest(self, one: Ints, other: Ints) -> Ints:
        """How close the two closest parties of each pair of claims are, 0 for one name to 5 for other countries: (pairs,).

        Each side of a pair has somebody.
        """
        return self._once(self._closest, one, other)

    def _closest(self, one: Ints, other: Ints) -> Ints:
        mine, theirs = self._sizes[one], self._sizes[other]
        crossed = mine * theirs
        pair = np.repeat(np.arange(len(one)), crossed)
        step = _runs(np.zeros_like(crossed), crossed)
        first = self._members[self._starts[one][pair] + step // theirs[pair]]
        second = self._members[self._starts[other][pair] + step % theirs[pair]]
        found: Ints = np.minimum.reduceat(self._kinship(first, second), np.cumsum(crossed) - crossed)
        return found

    def _kinship(self, one: Ints, other: Ints) -> Ints:
        name, country, sector = self._name, self._country, self._sector
        known = (country[one] != NONE) & (country[other] != NONE)
        same = country[one] == country[other]
        return np.select(
            [
                (name[one] == name[other]) & (name[one] != NONE),
                known & ~same,
                self._words.shared(one, other) > 0,
                (sector[one] == sector[other]) & (sector[one] != NONE),
                known & same,
            ],
            [0, 5, 1, 2, 3],
            default=4,
        )

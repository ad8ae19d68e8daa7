"""What belongs together: against a naive reference, whatever the order, with judgements honoured."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from sayso.reconcile.partition import UNSEEN, Pair, connected, partition

KEYS = [f"k{number:02}" for number in range(12)]
SIDES = st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)).filter(lambda pair: pair[0] != pair[1])
EDGES = st.lists(st.tuples(SIDES, st.integers(-3000, 3000)), max_size=40).map(
    lambda found: [(*pair, score / 1000) for pair, score in found]
)
JUDGED = st.lists(SIDES, max_size=5)
Edge = tuple[str, str, float]


def naive(edges: Sequence[Edge], must: Sequence[Pair], cannot: Sequence[Pair]) -> list[list[str]]:
    """The same by its definition: groups with the highest average join first, the lowest names first among equals."""
    scores: dict[frozenset[str], int] = {}
    for one, other, score in edges:
        pair = frozenset((one, other))
        scores[pair] = max(round(score * 1000), scores.get(pair, -(10**9)))
    roots = connected(KEYS, must)
    groups = [{key for key in KEYS if roots[key] == root} for root in sorted(set(roots.values()))]
    apart = [pair for pair in cannot if roots[pair[0]] != roots[pair[1]]]

    def average(one: set[str], other: set[str]) -> float:
        met = [scores.get(frozenset(pair), round(UNSEEN * 1000)) for pair in itertools.product(one, other)]
        return sum(met) / len(met)

    def barred(one: set[str], other: set[str]) -> bool:
        return any((a in one and b in other) or (b in one and a in other) for a, b in apart)

    while True:
        able = [
            (-average(one, other), min(one), min(other))
            for one, other in itertools.combinations(sorted(groups, key=min), 2)
            if not barred(one, other) and average(one, other) >= 0
        ]
        if not able:
            return sorted(sorted(group) for group in groups)
        _, low, high = min(able)
        joining = [group for group in groups if low in group or high in group]
        groups = [group for group in groups if group not in joining] + [joining[0] | joining[1]]


@given(EDGES, JUDGED, JUDGED)
def test_it_equals_the_naive_reference(edges: list[Edge], must: list[Pair], cannot: list[Pair]) -> None:
    assert partition(KEYS, edges, must, cannot) == naive(edges, must, cannot)


@given(EDGES, JUDGED, JUDGED, st.randoms(use_true_random=False))
def test_the_order_of_what_is_given_does_not_matter(
    edges: list[Edge], must: list[Pair], cannot: list[Pair], chance: random.Random
) -> None:
    turned = [(b, a, score) if chance.random() < 0.5 else (a, b, score) for a, b, score in edges]
    for pairs in (turned, must, cannot):
        chance.shuffle(pairs)

    mixed = partition(chance.sample(KEYS, len(KEYS)), turned, must, cannot)

    assert mixed == partition(KEYS, edges, sorted(must), sorted(cannot))


@given(EDGES, JUDGED, JUDGED)
def test_each_connected_part_alone_gives_the_same(edges: list[Edge], must: list[Pair], cannot: list[Pair]) -> None:
    roots = connected(KEYS, [*((a, b) for a, b, score in edges if score >= 0), *must])
    parts = [[key for key in KEYS if roots[key] == root] for root in sorted(set(roots.values()))]

    alone = [group for part in parts for group in partition(part, edges, must, cannot)]

    assert sorted(alone) == partition(KEYS, edges, must, cannot)


@given(EDGES, JUDGED, JUDGED)
def test_judgements_are_honoured(edges: list[Edge], must: list[Pair], cannot: list[Pair]) -> None:
    group_of = {key: number for number, group in enumerate(partition(KEYS, edges, must, cannot)) for key in group}
    roots = connected(KEYS, must)

    assert all(group_of[one] == group_of[other] for one, other in must)
    assert all(group_of[one] != group_of[other] for one, other in cannot if roots[one] != roots[other])


def test_a_chain_of_links_is_no_incident() -> None:
    chain = [(one, other, 1.0) for one, other in itertools.pairwise(KEYS)]

    assert [len(group) for group in partition(KEYS, chain)] == [2] * 6


def test_of_a_pair_given_twice_the_higher_score_counts() -> None:
    assert partition(["a", "b"], [("a", "b", -1.0), ("b", "a", 0.5)]) == [["a", "b"]]


def test_pairs_with_a_key_that_is_not_given_are_left_out() -> None:
    assert partition(["a", "b"], [("a", "x", 2.0), ("x", "b", 2.0)], [("a", "x")], [("x", "y")]) == [["a"], ["b"]]


def test_long_chains_need_no_recursion() -> None:
    keys = [f"{number:06}" for number in range(20_000)]

    assert len(partition(keys, [], list(itertools.pairwise(keys)))) == 1

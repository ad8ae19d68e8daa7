"""Decoding: the best legal path, found against every path there is, and spans that follow from it."""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sayso.reader.decode import Floats, best_paths, log_softmax, softmax, tagged
from sayso.reader.tokens import Window

SCORES = st.floats(-8, 8, width=32)


def scores(sequences: int = 3, length: int = 12, parts: int = 3) -> st.SearchStrategy[Floats]:
    """Scores of up to so many sequences, pieces and parts."""
    shapes = st.tuples(
        st.integers(1, sequences), st.integers(1, length), st.integers(1, parts).map(lambda part: 1 + 2 * part)
    )
    return shapes.flatmap(lambda shape: arrays.arrays(np.float32, shape, elements=SCORES))


def is_legal(path: tuple[int, ...]) -> bool:
    """Whether every I (an even tag but 0) follows the B or the I of its own part."""
    return all(
        tag == 0 or tag % 2 == 1 or before in (tag - 1, tag) for before, tag in zip((0, *path), path, strict=False)
    )


def worth(logs: Floats, path: tuple[int, ...]) -> float:
    return float(sum(logs[at, tag] for at, tag in enumerate(path)))


@given(scores(sequences=2, length=4, parts=2))
def test_the_path_is_worth_as_much_as_the_best_of_all_legal_ones(values: Floats) -> None:
    logs = log_softmax(values)
    for sequence, path in zip(logs, best_paths(logs), strict=True):
        legal = filter(is_legal, product(range(sequence.shape[1]), repeat=sequence.shape[0]))

        assert worth(sequence, tuple(path.tolist())) == pytest.approx(
            max(worth(sequence, one) for one in legal), abs=1e-4
        )


@given(scores())
def test_no_path_steps_into_a_span_that_has_not_begun(values: Floats) -> None:
    assert all(is_legal(tuple(path.tolist())) for path in best_paths(log_softmax(values)))


@given(scores())
def test_a_sequence_is_decoded_the_same_alone_and_among_others(values: Floats) -> None:
    together = tagged(values)

    assert together == [tagged(sequence[None])[0] for sequence in values]


@given(scores(), st.floats(0, 3), st.floats(0, 3))
def test_more_keenness_never_tags_fewer_pieces(values: Floats, one: float, more: float) -> None:
    def pieces(keenness: float) -> int:
        return sum(item.window.end - item.window.start for item in tagged(values[:1], keenness=keenness)[0])

    assert pieces(one) <= pieces(one + more)


@given(scores(), st.floats(-3, 3))
def test_keenness_may_be_given_for_each_sequence(values: Floats, keenness: float) -> None:
    each = np.full(len(values), keenness, dtype=np.float32)

    assert tagged(values, keenness=each) == tagged(values, keenness=float(each[0]))


@given(scores())
def test_spans_are_in_order_and_apart_with_a_probability_each(values: Floats) -> None:
    for found in tagged(values):
        edges = [edge for item in found for edge in item.window]

        assert edges == sorted(edges)
        assert all(0 <= item.confidence <= 1 + 1e-6 for item in found)


def one_hot(tags: list[int], width: int) -> npt.NDArray[np.float32]:
    values = np.zeros((1, len(tags), width), dtype=np.float32)
    values[0, np.arange(len(tags)), tags] = 12
    return values


def test_tags_become_spans_of_their_parts() -> None:
    found = tagged(one_hot([0, 1, 2, 2, 3, 0, 1, 1], width=5))[0]

    assert [(item.window, item.part) for item in found] == [
        (Window(1, 4), 0), (Window(4, 5), 1), (Window(6, 7), 0), (Window(7, 8), 0)
    ]  # fmt: skip


def test_an_inside_without_a_beginning_begins_or_is_dropped() -> None:
    """Taken each by itself these tags would be I without B."""
    found = tagged(one_hot([0, 2, 2, 0], width=3))[0]

    assert [item.window for item in found] in ([Window(1, 3)], [])


def test_confidence_is_the_mean_probability_of_the_part() -> None:
    values = np.log(np.array([[[0.2, 0.5, 0.3], [0.1, 0.3, 0.6]]], dtype=np.float32))

    [found] = tagged(values)[0]

    assert (found.window, found.part) == (Window(0, 2), 0)
    assert found.confidence == pytest.approx(0.85, abs=1e-5)


def test_nothing_in_nothing_out() -> None:
    assert tagged(np.zeros((0, 4, 3), dtype=np.float32)) == []
    assert tagged(np.zeros((2, 0, 3), dtype=np.float32)) == [[], []]


@given(scores())
def test_softmax_is_a_distribution(values: Floats) -> None:
    np.testing.assert_allclose(softmax(values).sum(axis=-1), 1, rtol=1e-5)


def test_a_cost_on_starts_makes_one_span_of_two() -> None:
    values = np.array([[[0, 4, 0], [0, 3, 2], [0, 0, 4], [4, 0, 0]]], dtype=np.float32)

    assert [item.window for item in tagged(values)[0]] == [Window(0, 1), Window(1, 3)]
    assert [item.window for item in tagged(values, whole=(2.0,))[0]] == [Window(0, 3)]

"""The best legal path is the best of all legal paths, and the spans are what it says."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.reader import decode
from sayso.reader.decode import Floats
from sayso.reader.tokens import Window


def legal(path: tuple[int, ...]) -> bool:
    """O, B, I, B, I, ...: an I follows only the B or I of its own part."""
    return all(tag == 0 or tag % 2 == 1 or (at > 0 and path[at - 1] in (tag - 1, tag)) for at, tag in enumerate(path))


def best_by_trying_all(logs: Floats) -> float:
    length, width = logs.shape
    paths = (path for path in itertools.product(range(width), repeat=length) if legal(path))
    return max(sum(float(logs[at, tag]) for at, tag in enumerate(path)) for path in paths)


def scores(seed: int, *shape: int) -> Floats:
    return np.random.default_rng(seed).normal(scale=2, size=shape).astype(np.float32)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5), st.sampled_from([3, 5]))
def test_finds_the_best_of_all_legal_paths(seed: int, length: int, width: int) -> None:
    logs = decode.log_softmax(scores(seed, 3, length, width))

    for sequence, path in zip(logs, decode.best_paths(logs), strict=True):
        assert legal(tuple(path.tolist()))
        assert sum(float(sequence[at, tag]) for at, tag in enumerate(path)) == pytest.approx(
            best_by_trying_all(sequence), abs=1e-4
        )


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 30), st.sampled_from([3, 7, 19]))
def test_sequences_do_not_touch_one_another(seed: int, length: int, width: int) -> None:
    together = scores(seed, 4, length, width)

    assert decode.tagged(together) == [decode.tagged(one[None])[0] for one in together]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 30))
def test_more_keenness_never_covers_less(seed: int, length: int) -> None:
    one = scores(seed, 1, length, 3)

    def covered(keenness: float) -> int:
        return sum(found.window.end - found.window.start for found in decode.tagged(one, keenness=keenness)[0])

    assert covered(0.0) <= covered(1.0) <= covered(50.0) == length


def test_says_what_each_span_is_and_how_sure() -> None:
    likely = np.full((1, 5, 5), -9.0, dtype=np.float32)  # O, B and I of part 0, B and I of part 1
    for at, tag in enumerate((1, 2, 0, 3, 1)):
        likely[0, at, tag] = 9.0

    found = decode.tagged(likely)[0]

    assert [(span.window, span.part) for span in found] == [(Window(0, 2), 0), (Window(3, 4), 1), (Window(4, 5), 0)]
    assert all(span.confidence == pytest.approx(1.0, abs=1e-3) for span in found)


@pytest.mark.parametrize("shape", [(0, 4, 3), (2, 0, 3)])
def test_nothing_in_gives_nothing_out(shape: tuple[int, int, int]) -> None:
    assert decode.tagged(np.zeros(shape, dtype=np.float32)) == [[] for _ in range(shape[0])]

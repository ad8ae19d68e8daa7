"""Pieces and windows: what the network sees is the whole text, cut where sentences start."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from sayso.model import Span
from sayso.reader import sentences, tokens
from sayso.reader.network import TOKENIZER
from sayso.reader.tokens import Pieces, Window

STORY = "Police ARRESTED 12 men in Lyon.\nDiallo said nothing. 😢 “Élodie” left: é, 7.5%…\r\nEnd"
WORDS = st.lists(
    st.sampled_from(["police", "Arrested", "x", ".", " ", "\n", "é", "😢", "12", "—", "Bamako. "]), max_size=80
)


@pytest.fixture(scope="module")
def tokenizer(toy_weights: Path) -> Tokenizer:
    return Tokenizer.from_file(str(toy_weights / TOKENIZER))


def pieces_of(count: int) -> Pieces:
    """`count` pieces of two characters, with a space after each."""
    starts = np.arange(count, dtype=np.int64) * 3
    return Pieces(np.zeros(count, np.int64), np.zeros(count, np.int64), starts, starts + 2)


def test_a_known_word_is_one_piece_with_its_offsets(tokenizer: Tokenizer) -> None:
    text = "Police arrested protests."
    pieces = tokens.encode(tokenizer, text)

    assert [pieces.span(Window(at, at + 1)).of(text) for at in range(len(pieces))] == [
        "Police", "arrested", "prot", "ests", "."
    ]  # fmt: skip


def test_nothing_but_white_space_has_no_pieces(tokenizer: Tokenizer) -> None:
    assert len(tokens.encode(tokenizer, "")) == len(tokens.encode(tokenizer, " \r\n\t ")) == 0


@given(WORDS.map("".join))
def test_pieces_are_in_order_and_hold_every_letter(tokenizer: Tokenizer, text: str) -> None:
    pieces = tokens.encode(tokenizer, text)
    spans = [pieces.span(Window(at, at + 1)) for at in range(len(pieces))]
    covered = {at for span in spans for at in range(*span)}

    assert all(left.end <= right.start for left, right in pairwise(spans))
    assert {at for at, letter in enumerate(text) if letter.isalnum()} <= covered


@given(st.integers(1, 40), st.data())
def test_the_pieces_that_cover_the_words_of_a_window_are_that_window(count: int, data: st.DataObject) -> None:
    pieces = pieces_of(count)
    start = data.draw(st.integers(0, count - 1))
    window = Window(start, data.draw(st.integers(start + 1, count)))

    assert pieces.cover(pieces.span(window)) == window


@given(st.integers(1, 40), st.integers(0, 130), st.integers(0, 130))
def test_a_span_is_covered_by_just_the_pieces_that_share_a_character_with_it(count: int, one: int, other: int) -> None:
    pieces, span = pieces_of(count), Span(min(one, other), max(one, other))
    sharing = [at for at in range(count) if set(range(*span)) & set(range(3 * at, 3 * at + 2))]

    assert pieces.cover(span) == (Window(sharing[0], sharing[-1] + 1) if sharing else None)


SIZES = st.tuples(st.integers(1, 50), st.integers(0, 20))


@given(st.integers(0, 300), SIZES, st.sets(st.integers(0, 900), max_size=40))
def test_windows_cover_every_piece_and_none_is_too_long(count: int, sizes: tuple[int, int], ends: set[int]) -> None:
    size, overlap = sizes
    edges = sorted({0, *(end for end in ends if end < 3 * count)})
    split = [Span(start, end) for start, end in pairwise([*edges, 3 * count])]
    windows = tokens.windows(pieces_of(count), split, size=size, overlap=overlap)

    assert sorted({at for window in windows for at in range(*window)}) == list(range(count))
    assert all(0 < window.end - window.start <= size for window in windows)
    assert all(left.start < right.start <= left.end < right.end for left, right in pairwise(windows))


@given(st.integers(1, 300), st.integers(4, 50), st.data())
def test_neighbouring_windows_share_the_overlap(count: int, size: int, data: st.DataObject) -> None:
    overlap = data.draw(st.integers(0, size // 2 - 1))
    split = [Span(3 * at, 3 * at + 2) for at in sorted(data.draw(st.sets(st.integers(0, count - 1))))]
    windows = tokens.windows(pieces_of(count), split, size=size, overlap=overlap)

    assert all(left.end - right.start >= overlap for left, right in pairwise(windows))


@given(st.integers(0, 300), st.integers(1, 80), st.sets(st.integers(0, 299), max_size=40))
def test_stretches_follow_one_another_through_all_pieces(count: int, size: int, starts: set[int]) -> None:
    split = [Span(3 * at, 3 * at + 2) for at in sorted(at for at in starts if at < count)]
    stretches = tokens.stretches(pieces_of(count), split, size=size)

    assert [at for stretch in stretches for at in range(*stretch)] == list(range(count))
    assert all(stretch.end - stretch.start <= size for stretch in stretches)
    assert all(left.end == right.start for left, right in pairwise(stretches))


def test_a_stretch_ends_before_a_sentence_that_would_not_fit() -> None:
    split = [Span(0, 23), Span(24, 41), Span(42, 89)]  # pieces 0, 8, 14

    assert tokens.stretches(pieces_of(30), split, size=16) == [Window(0, 14), Window(14, 30)]


def test_windows_start_and_end_at_sentences_where_one_is_near() -> None:
    pieces = pieces_of(30)
    split = [Span(0, 23), Span(24, 41), Span(42, 89)]  # pieces 0, 8, 14

    assert tokens.windows(pieces, split, size=16, overlap=4) == [Window(0, 14), Window(8, 24), Window(14, 30)]


def test_a_text_within_one_window_is_one_window(tokenizer: Tokenizer) -> None:
    pieces = tokens.encode(tokenizer, STORY)

    assert tokens.windows(pieces, sentences.split(STORY), size=190, overlap=64) == [Window(0, len(pieces))]


def test_shapes_tell_capitals_digits_and_paragraphs(tokenizer: Tokenizer) -> None:
    shapes = tokens.encode(tokenizer, "Police 12\nUN police").shapes.tolist()

    assert (shapes[0], shapes[-1]) == (tokens.CAPITALISED + 4, tokens.LOWER)
    assert tokens.DIGITS in shapes
    assert any(shape >= 4 for shape in shapes[2:])

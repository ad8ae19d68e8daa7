"""Sentences keep every word, pieces keep their place, and windows leave nothing out."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.model import Span
from sayso.reader import sentences, tokens
from sayso.reader.reader import OVERLAP, WINDOW, default_network
from sayso.reader.tokens import Pieces, Window

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)
NEWS = st.lists(
    st.sampled_from(["Police fired.", "Gen. Goita said:", '"No."', "U.S. troops", "on Aug. 5", "left.\n", "He", "3.5"])
).map(" ".join)

SPLITS = [
    ("two", "Police fired. Protesters fled.", ["Police fired.", "Protesters fled."]),
    ("title", "Gen. Goita spoke. He left.", ["Gen. Goita spoke.", "He left."]),
    ("country", "The U.S. Army left. It was late.", ["The U.S. Army left.", "It was late."]),
    ("initial", "J. Smith left. He ran.", ["J. Smith left.", "He ran."]),
    ("number", "It cost 3.5 million. He paid.", ["It cost 3.5 million.", "He paid."]),
    ("quotation", '"We won." He left.', ['"We won."', "He left."]),
    ("curly quotation", "“We won.” He left.", ["“We won.”", "He left."]),
    ("month", "On Aug. 5 he left. He ran.", ["On Aug. 5 he left.", "He ran."]),
    ("paragraph", "A headline\n\nPolice fired.", ["A headline", "Police fired."]),
    ("line", "- one\r\n- two", ["- one", "- two"]),
    ("question", "Who fired? Nobody knows!", ["Who fired?", "Nobody knows!"]),
    ("ellipsis", "He waited … and left.", ["He waited … and left."]),
    ("lower case after a stop", "Approx. ten men came.", ["Approx. ten men came."]),
    ("empty", " \n ", []),
]


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in SPLITS], ids=[case[0] for case in SPLITS])
def test_splits_news_into_sentences(text: str, expected: list[str]) -> None:
    assert [span.of(text) for span in sentences.split(text)] == expected


@settings(deadline=None)
@given(TEXTS | NEWS)
def test_sentences_keep_every_word_in_order(text: str) -> None:
    split = sentences.split(text)

    assert all(one.end <= other.start for one, other in itertools.pairwise(split))
    assert "".join("".join(span.of(text) for span in split).split()) == "".join(text.split())


def pieces(text: str) -> Pieces:
    return tokens.encode(default_network().tokenizer, text)


@settings(deadline=None)
@given(TEXTS | NEWS)
def test_every_piece_stands_where_it_says(text: str) -> None:
    found = pieces(text)

    for index in range(len(found)):
        span = found.span(Window(index, index + 1))
        assert span.of(text).strip()
        covered = found.cover(span)
        assert covered is not None
        assert covered.start <= index < covered.end


@settings(deadline=None)
@given(st.integers(0, 400), st.integers(20, 80), st.integers(0, 19))
def test_windows_leave_no_piece_out(words: int, size: int, overlap: int) -> None:
    text = " ".join("Police fired." if index % 7 == 0 else "and" for index in range(words))
    found = pieces(text)

    windows = tokens.windows(found, sentences.split(text), size=size, overlap=overlap)

    assert {at for window in windows for at in range(window.start, window.end)} == set(range(len(found)))
    assert all(0 < window.end - window.start <= size for window in windows)
    assert all(one.start < other.start for one, other in itertools.pairwise(windows))


def test_windows_start_at_sentences_where_they_can() -> None:
    text = "Police fired at the crowd in the square. " * 60
    found = pieces(text)
    starts = {cover.start for span in sentences.split(text) if (cover := found.cover(span))}

    windows = tokens.windows(found, sentences.split(text), size=WINDOW, overlap=OVERLAP)

    assert len(windows) > 1
    assert {window.start for window in windows} <= starts


def test_shapes_tell_capitals_digits_and_paragraphs() -> None:
    found = pieces("Mali 20\nUN troops")

    assert found.shapes.tolist()[:4] == [
        tokens.CAPITALISED + 4,
        tokens.DIGITS,
        tokens.CAPITALS + 4,
        tokens.LOWER,
    ]


def test_white_space_is_covered_by_no_piece() -> None:
    assert pieces("Mali  fired").cover(Span(4, 6)) is None

"""Sentences: the table of cases, and what holds for every text."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.reader import sentences

TABLE = Path(__file__).parents[1] / "cases" / "sentences.toml"
CASES: list[dict[str, Any]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))["case"]
PIECES = st.sampled_from(
    [
        "Police",
        "U.S.",
        "No.",
        "p.m.",
        " ",
        ". ",
        ".",
        "… ",
        "?!",
        "“",
        "”",
        '"',
        "\n",
        "\r\n",
        "\u200f",
        "\u00a0",
        "😢",
        "É",
        "12",
    ]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=30).map("".join))


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_a_text_falls_into_its_sentences(case: dict[str, Any]) -> None:
    text = case.get("joint", " ").join(case["sentences"])

    assert [span.of(text) for span in sentences.split(text)] == case["sentences"]


@given(TEXTS)
def test_sentences_are_in_order_and_apart(text: str) -> None:
    split = sentences.split(text)

    assert all(span.start < span.end for span in split)
    assert all(left.end <= right.start for left, right in pairwise(split))


@given(TEXTS)
def test_sentences_hold_all_that_is_not_white_space(text: str) -> None:
    split = sentences.split(text)
    between = [text[left.end : right.start] for left, right in pairwise(split)]
    outside = [text[: split[0].start], *between, text[split[-1].end :]] if split else [text]

    assert not "".join(outside).strip()
    assert all(span.of(text) == span.of(text).strip() for span in split)


@given(TEXTS)
def test_a_line_break_always_ends_a_sentence(text: str) -> None:
    assert not any("\n" in span.of(text) for span in sentences.split(text))


@given(TEXTS, TEXTS)
def test_paragraphs_are_split_each_by_itself(one: str, other: str) -> None:
    first = sentences.split(one)
    shifted = [type(span)(span.start + len(one) + 2, span.end + len(one) + 2) for span in sentences.split(other)]

    assert sentences.split(f"{one}\n\n{other}") == [*first, *shifted]


@pytest.mark.parametrize(
    "text", [". " + "-" * 20_000, '."' * 20_000, "a." * 20_000, ". " + "- " * 20_000, " " * 40_000 + "."]
)
def test_the_time_stays_in_proportion_to_the_text(text: str) -> None:
    """A pattern with a repeat inside a repeat took a second on twenty dashes."""
    assert sum(span.end - span.start for span in sentences.split(text)) <= len(text)

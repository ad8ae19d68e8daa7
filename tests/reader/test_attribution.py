"""Attributions: the table of cases, and what holds however parts are tagged."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.model import Attribution, Span
from sayso.reader import sentences
from sayso.reader.attribution import Part, group

TABLE = Path(__file__).parents[1] / "cases" / "attribution.toml"
CASES: list[dict[str, Any]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))["case"]
NAMES = {"s": "source", "q": "cue", "c": "content"}
MARK = re.compile(r"\{([sqc])(\d) ([^}]*)\}")


def unmarked(marked: str) -> tuple[str, list[tuple[int, Part]]]:
    """The text without marks, and its parts with the number of the attribution they belong to."""
    text, parts, at = "", [], 0
    for mark in MARK.finditer(marked):
        text += marked[at : mark.start()]
        span = Span(len(text), len(text) + len(mark[3]))
        parts.append((int(mark[2]), (NAMES[mark[1]], span)))
        text, at = text + mark[3], mark.end()
    return text + marked[at:], parts


def expected(parts: list[tuple[int, Part]]) -> set[Attribution]:
    together: dict[int, dict[str, list[Span]]] = defaultdict(lambda: {name: [] for name in NAMES.values()})
    for index, (number, (name, span)) in enumerate(parts):
        together[number or -1 - index][name].append(span)
    return {Attribution(**{name: tuple(spans) for name, spans in found.items()}) for found in together.values()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_parts_come_to_the_attribution_they_belong_to(case: dict[str, Any]) -> None:
    text, parts = unmarked(case["text"])
    found = group(text, [part for _, part in parts], sentences.split(text))

    assert set(found) == expected(parts)
    assert list(found) == sorted(found, key=lambda one: min((*one.source, *one.cue, *one.content)))


TEXT = "“One two,” three said. Four: “five six. Seven” eight. Nine ten.\n\n“Eleven twelve.” Thirteen!"
WORDS = [Span(*match.span()) for match in re.finditer(r"\w+", TEXT)]


@given(
    st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(list(NAMES.values()))), unique_by=lambda part: part[0])
)
def test_every_part_is_in_just_one_attribution_and_every_cue_has_its_own(tags: list[tuple[Span, str]]) -> None:
    parts = [(name, span) for span, name in tags]
    found = group(TEXT, parts, sentences.split(TEXT))
    out = [(name, span) for one in found for name in NAMES.values() for span in getattr(one, name)]

    assert sorted(out) == sorted(parts)
    assert all(len(one.cue) == 1 for one in found) or not any(name == "cue" for name, _ in parts)
    assert group(TEXT, parts[::-1], sentences.split(TEXT)) == found


def test_ten_thousand_parts_are_grouped_at_once() -> None:
    """Every part asked every cue, and a long quotation was read anew for each of its sentences."""
    text = "“a. " * 20_000
    parts: list[Part] = [("cue", Span(0, 1)), *(("content", Span(at, at + 2)) for at in range(5, 60_000, 4))]

    assert len(group(text, parts, sentences.split(text))) >= 1

"""Counts: the table of cases, and what holds for every number."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.model import Counted
from sayso.resolve import counts

CASES: dict[str, Any] = tomllib.loads((Path(__file__).parents[1] / "cases" / "counts.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES["resolve"], ids=lambda case: str(case["id"]))
def test_words_give_the_bounds_they_say_or_the_reason_why_not(case: dict[str, Any]) -> None:
    bounds, reason = counts.resolve(case["words"], case.get("before", ""), case.get("after", ""))

    if "reason" in case:
        assert bounds is None
        assert case["reason"] in (reason or "")
    else:
        assert bounds == tuple(None if case[side] == "open" else case[side] for side in ("low", "high"))
        assert reason is None


@pytest.mark.parametrize("case", CASES["find"], ids=lambda case: str(case["id"]))
def test_finds_counts_and_no_other_numbers(case: dict[str, Any]) -> None:
    assert [span.of(case["text"]) for span in counts.find(case["text"])] == case["found"]


@pytest.mark.parametrize("case", CASES["what"], ids=lambda case: str(case["id"]))
def test_says_what_is_counted(case: dict[str, Any]) -> None:
    around = {"before": case.get("before", ""), "after": case.get("after", "")}

    assert counts.what(case["trigger"], case["type"], case.get("mode"), **around) is Counted(case["counted"])


@given(st.integers(0, 10**9))
def test_a_number_in_figures_is_itself(number: int) -> None:
    assert counts.resolve(f"{number:,}") == ((number, number), None)


@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=20))
def test_any_words_give_bounds_or_a_reason(words: str, before: str, after: str) -> None:
    bounds, reason = counts.resolve(words, before, after)

    assert (bounds is None) != (reason is None)
    assert all(0 <= span.start < span.end <= len(words) for span in counts.find(words))

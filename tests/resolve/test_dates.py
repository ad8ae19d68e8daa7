"""Dates: the table of cases, and what holds for every text and day."""

from __future__ import annotations

import datetime as dt
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.model import Span
from sayso.resolve import dates

CASES: dict[str, Any] = tomllib.loads((Path(__file__).parents[1] / "cases" / "dates.toml").read_text(encoding="utf-8"))
PUBLISHED: dt.date = CASES["defaults"]["published"]


@pytest.mark.parametrize("case", CASES["resolve"], ids=lambda case: str(case["id"]))
def test_words_resolve_to_their_date_or_say_why_not(case: dict[str, Any]) -> None:
    date, reason = dates.resolve(
        case["words"],
        case.get("published", PUBLISHED),
        context=case.get("context", ""),
        future=case.get("future"),
        anchor=case.get("anchor"),
    )

    assert (date.value if date else None) == case.get("value"), reason
    assert (date is None) == (reason is not None)
    if "reason" in case:
        assert case["reason"] in (reason or "")


@pytest.mark.parametrize("case", CASES["find"], ids=lambda case: str(case["id"]))
def test_finds_time_expressions_and_nothing_else(case: dict[str, Any]) -> None:
    assert [span.of(case["text"]) for span in dates.find(case["text"])] == case["found"]


@pytest.mark.parametrize(
    "words", ["Sunday", "last week", "in July", "three days ago", "since July", "the past 24 hours"]
)
def test_relative_words_need_a_day_of_publication(words: str) -> None:
    assert dates.resolve(words, None) == (None, "no publication date to count from")


@pytest.mark.parametrize(
    ("words", "value"), [("2012", "2012"), ("15 August 2020", "2020-08-15"), ("the 1990s", "1990/1999")]
)
def test_full_dates_need_no_day_of_publication(words: str, value: str) -> None:
    date, _ = dates.resolve(words, None)

    assert date is not None
    assert date.value == value


def test_a_value_says_by_which_rule_it_came() -> None:
    date, _ = dates.resolve("Sunday", PUBLISHED)

    assert date is not None
    assert date.how == "the weekday on or before publication"


def test_words_that_stand_twice_in_the_context_are_not_widened() -> None:
    """Of "July" and "last July" the wrong one might be meant."""
    date, _ = dates.resolve("July", PUBLISHED, context="July was calm, unlike last July.")

    assert date is not None
    assert date.value == "2025-07"


def test_a_stretch_without_a_day_to_count_to_is_dated_by_when_it_began() -> None:
    date, reason = dates.resolve("since June 2, 2021", None)

    assert date is not None
    assert (date.value, reason) == ("2021-06-02", None)
    assert date.how.startswith("when it began")


@given(st.sampled_from(range(7)), st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31)))
def test_a_weekday_is_within_the_week_before_publication_or_after_it(weekday: int, published: dt.date) -> None:
    name = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[weekday]
    for future in (False, True):
        date, _ = dates.resolve(name, published, future=future)

        assert date is not None
        away = (dt.date.fromisoformat(date.value) - published).days
        assert 0 <= (away if future else -away) <= 6
        assert dt.date.fromisoformat(date.value).weekday() == weekday


@given(
    st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31)),
    st.sampled_from(["%d %B %Y", "%B %d, %Y", "%Y-%m-%d", "%a. %d %b. %Y"]),
)
def test_a_written_date_comes_back(day: dt.date, form: str) -> None:
    words = day.strftime(form)
    date, reason = dates.resolve(words, None)

    assert date is not None, reason
    assert date.value == day.isoformat()


PIECES = st.sampled_from(
    [
        "on ",
        "Sunday",
        " last",
        " week",
        "May",
        " 3",
        " to ",
        "2012",
        ", ",
        "since ",
        "early ",
        "a day",
        " earlier",
        "\n",
        "31 June",
        "'s",
        "é",
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join), st.dates())
def test_any_words_resolve_or_give_a_reason(text: str, published: dt.date) -> None:
    for words in (text, *(span.of(text) for span in dates.find(text))):
        date, reason = dates.resolve(words, published, context=text)

        assert (date is None) != (reason is None)


@given(st.lists(PIECES, max_size=20).map("".join))
def test_spans_are_in_order_and_apart(text: str) -> None:
    spans = [Span(0, 0), *dates.find(text), Span(len(text), len(text))]

    assert all(left.end <= right.start for left, right in pairwise(spans))

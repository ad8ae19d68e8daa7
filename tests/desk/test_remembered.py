"""What the desk keeps: drawn once for all readers, and again as soon as it is another thing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from sayso.desk.remembered import Drawn

Asked = Mapping[str, int]
LISTS = st.lists(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 2), max_size=5), max_size=12)


@given(LISTS)
def test_shows_what_each_key_is_now_in_the_order_asked_for(lists: list[Asked]) -> None:
    kept = Drawn[tuple[str, int]](most=4)

    for wanted in lists:
        shown = kept.all(wanted, partial(_drawn, wanted))

        assert shown == list(wanted.items())


def _drawn(now: Asked, missing: list[str]) -> list[tuple[str, int]]:
    return [(key, now[key]) for key in missing]


def test_draws_nothing_twice_while_its_stamp_is_the_same() -> None:
    kept, drawn = Drawn[str](), list[str]()

    def draw(missing: list[str]) -> list[str]:
        drawn.extend(missing)
        return missing

    for wanted in ({"a": 1, "b": 1}, {"b": 1, "a": 1}, {"a": 2, "b": 1, "c": 1}):
        kept.all(wanted, draw)

    assert drawn == ["a", "b", "a", "c"]


def test_forgets_what_was_asked_for_longest_ago() -> None:
    kept, drawn = Drawn[str](most=2), list[str]()

    def draw(missing: list[str]) -> list[str]:
        drawn.extend(missing)
        return missing

    for key in ("a", "b", "a", "c", "a", "b"):
        kept.all({key: 1}, draw)

    assert drawn == ["a", "b", "c", "b"]

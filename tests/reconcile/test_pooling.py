"""Marked events put together, with the trees that ship and as the encoder that ships sees them."""

from __future__ import annotations

import itertools

import pytest
from tests.reconcile.marking import TOPIC, marked

from sayso.pipeline import events_together, pool_of
from sayso.reader.reader import default_network
from sayso.reconcile.evidence import Pool
from sayso.reconcile.marked import marks_of, text_of
from sayso.reconcile.pooling import scores, together

GROUPS = events_together(TOPIC)
GROUP_OF = {key: number for number, group in enumerate(GROUPS) for key in group}


def test_every_mark_is_in_one_group() -> None:
    assert sorted(itertools.chain(*GROUPS)) == sorted(name for one in TOPIC for name in one.events)


@pytest.mark.parametrize(
    "events",
    [
        ("quake:earthquake", "again:quake"),
        ("quake:earthquake", "quake:tremor"),
        ("quake:killed", "again:died"),
        ("deal:buy", "more:bought"),
        ("deal:takeover", "more:takeover"),
    ],
)
def test_other_words_for_one_event_of_one_story_are_put_together(events: tuple[str, str]) -> None:
    assert GROUP_OF[events[0]] == GROUP_OF[events[1]]


@pytest.mark.parametrize(
    "events", [("quake:said", "deal:said"), ("quake:killed", "deal:buy"), ("quake:earthquake", "quake:killed")]
)
def test_other_events_stay_apart(events: tuple[str, str]) -> None:
    assert GROUP_OF[events[0]] != GROUP_OF[events[1]]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[5::6])
def test_the_order_of_texts_changes_nothing(order: tuple[int, ...]) -> None:
    assert events_together([TOPIC[at] for at in order]) == GROUPS


def test_where_no_sentences_are_given_the_reader_finds_them() -> None:
    text = "A quake hit Padang on Monday. Officials said 40 people died."
    split = marked("a", text, ["quake", "said", "died"])
    pool = pool_of([type(split)(split.id, split.text, split.events)], default_network())

    assert [(mark.key, mark.sentence) for mark in pool.marks] == [("a:died", 1), ("a:quake", 0), ("a:said", 1)]


def test_one_mark_is_a_group_and_no_pair() -> None:
    one = marked("a", "Acme bought Bolt.", ["bought"])
    alone = Pool([text_of(one.id, one.text)], marks_of(one, [b""]))

    assert (together(alone), scores(alone)) == ([["a:bought"]], [])


def test_no_marks_make_no_groups() -> None:
    assert events_together([]) == []

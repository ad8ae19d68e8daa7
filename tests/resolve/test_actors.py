"""Who an actor is: the table of `tests/cases/actors.toml`, and what holds for every text."""

from __future__ import annotations

import datetime as dt
import re
import time
import tomllib
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.model import Mention, MentionKind, Span
from sayso.ontology import SECTORS
from sayso.resolve import known
from sayso.resolve.actors import Actors
from sayso.resolve.names import data, fold, tokens_of
from sayso.resolve.roles import roles_of

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parents[1] / "cases/actors.toml").read_text("utf-8"))[
    "case"
]


def place(text: str, words: str) -> Span:
    """Where `words` stand; ``Banda#3`` is their third place."""
    words, _, count = words.partition("#")
    starts = [match.start() for match in re.finditer(re.escape(words), text)]
    start = starts[int(count or 1) - 1]
    return Span(start, start + len(words))


def actors_of(case: dict[str, Any]) -> Actors:
    """The case's report, with the Person that it says the reader found."""
    mentions = [Mention(place(case["text"], case["person"]), MentionKind.PERSON)] if "person" in case else []
    published = dt.date.fromisoformat(case["published"]) if "published" in case else None
    return Actors(case["text"], mentions, published)


def named(cases: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in cases]


@pytest.mark.parametrize("case", named([case for case in CASES if "home" not in case]))
def test_resolves(case: dict[str, Any]) -> None:
    actor, reason = actors_of(case).resolve(place(case["text"], case["span"]))

    if "reason" in case:
        assert actor is None, actor
        assert reason is not None
        assert case["reason"] in reason
    else:
        assert actor is not None, reason
        assert (actor.name, actor.country, actor.sector) == (case["name"], case.get("country"), case.get("sector")), (
            actor.how
        )
        assert case.get("how", "") in actor.how


@pytest.mark.parametrize("case", named([case for case in CASES if "home" in case]))
def test_finds_the_home_of_a_domestic_role(case: dict[str, Any]) -> None:
    home = actors_of(case).home(place(case["text"], case["span"]))

    assert (home or "-") == case["home"]


def test_case_ids_are_unique() -> None:
    ids = [case["id"] for case in CASES]

    assert len(ids) == len(set(ids))
    assert len(ids) >= 80


def test_outlet_country_supports_a_ruler_whom_the_report_does_not_place() -> None:
    text = "President Macron left early."

    alone = Actors(text, (), dt.date(2019, 8, 1)).resolve(Span(0, 16))[0]
    at_home = Actors(text, (), dt.date(2019, 8, 1), outlet_country="FR").resolve(Span(0, 16))[0]

    assert alone is not None
    assert at_home is not None
    assert (alone.country, at_home.country) == (None, "FR")


MIXED = (
    "President Malian the a , . and of to Dembele Abass ( CMT ) 's Congo soldiers Kenyan police - U.S. Saudi led junta "
    "former Georgia Jordan minister “ al Assad army who said in for Kremlin"
)
HEADS = (
    "A source",
    "An aide",
    "One official",
    "A figure",
    "Soldiers",
    "Two officers",
    "The officer",
    "A spokesman",
    "Relatives",
)
TIES = (
    "close to",
    "to",
    "of",
    "near",
    "for",
    "in the army of",
    "from the party of",
    "at the United Nations of",
    "of the Republic of",
)
NAMES = ("Abass Dembele", "General Abass Dembele", "Malian Abass Dembele", "Malian President Abass Dembele", "Dembele")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("tie", TIES)
@pytest.mark.parametrize("head", HEADS)
def test_never_takes_an_unnamed_person_for_a_named_one(head: str, tie: str, name: str) -> None:
    """An aide to Dembele is not Dembele, however the words stand."""
    text = f"Malian General Abass Dembele was held. {head} {tie} {name} said so."
    span = place(text, f"{head} {tie} {name}")

    for words in (span, place(text, head)):
        actor, _ = Actors(text).resolve(words)

        assert actor is None or "Dembele" not in actor.name or actor.name in words.of(text)
        assert actor is None or actor.name not in NAMES
    assert Actors(text).resolve(place(text, head))[0] == Actors(f"{head} said so.").resolve(Span(0, len(head)))[0]


WORDS = st.sampled_from([*MIXED.split(), "\n"])


@given(st.lists(WORDS, max_size=30), st.integers(0, 200), st.integers(0, 200))
@settings(max_examples=300, deadline=None)
def test_never_raises_and_names_verbatim(words: list[str], one: int, other: int) -> None:
    text = " ".join(words)
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    actors = Actors(text, (), dt.date(2020, 5, 1))

    actor, reason = actors.resolve(Span(start, end))
    home = actors.home(Span(start, end))

    assert (actor is None) != (reason is None)
    assert home is None or len(home) == 2
    if actor:
        assert actor.name in text
        assert actor.sector is None or actor.sector in SECTORS
        assert actor.how


@given(st.text(max_size=80), st.integers(0, 80), st.integers(0, 80))
@settings(max_examples=200, deadline=None)
def test_never_raises_on_any_text(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))

    actor, reason = Actors(text).resolve(Span(start, end))

    assert (actor is None) != (reason is None)
    assert actor is None or actor.name in text


@given(st.text(max_size=60))
def test_tokens_keep_their_places(text: str) -> None:
    for token in tokens_of(text):
        assert not text[token.start : token.end].isspace()
        assert token.start < token.end


def test_sectors_of_the_table_are_the_ontology_s() -> None:
    assert set(data("sectors.toml")["strong"]) <= set(SECTORS)
    assert set(data("sectors.toml")["weak"]["words"].values()) <= set(SECTORS) | {""}


def test_plural_and_phrase_are_one_role() -> None:
    tokens = tokens_of("the opposition leaders and human rights activists")

    assert [(role.first, role.last, role.sector) for role in roles_of(tokens)] == [(1, 3, "OPP"), (4, 7, "CVL")]


@pytest.mark.parametrize(
    ("name", "folded"), [("Al-Nusra", "al nusra"), ("N'Djamena", "ndjamena"), ("U.N.", "un"), ("Goïta", "goita")]
)
def test_folds(name: str, folded: str) -> None:
    assert fold(name) == folded


def test_facts_load_fast_and_light() -> None:
    """Under 0.25 s and 25 MB, as the reader's start needs."""
    known._lines.cache_clear()
    tracemalloc.start()
    began = time.process_time()
    known._lines()
    took = time.process_time() - began
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert held < 25e6
    assert took < 1.0  # tracing itself slows this fivefold


def test_facts_end_where_their_list_ends() -> None:
    obama = next(fact for fact in known.facts("barack obama") if fact.ruler)

    sectors = [obama.sector(day) for day in (dt.date(2012, 1, 1), dt.date(2018, 1, 1), dt.date(2024, 1, 1), None)]

    assert sectors == ["GOV", "ELI", None, None]

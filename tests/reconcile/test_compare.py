"""How alike two claims are: the same either way round, with reasons that add up."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.reconcile.compare import compare, levels_of, scores, weights
from sayso.reconcile.facts import Facts, Party
from sayso.reconcile.levels import LEVELS

WORDS = st.frozensets(st.sampled_from("bamako plot mutini barrack colonel kati diallo strike".split()))
DAYS = st.none() | st.tuples(st.integers(739_000, 739_020), st.sampled_from([0, 0, 1, 30, 365, 3000]))
PARTIES = st.lists(
    st.builds(
        Party,
        st.sampled_from(["", "police", "soldiers", "colonel diallo", "teachers union"]),
        st.sampled_from([None, "ML", "NE"]),
        st.sampled_from([None, "COP", "MIL"]),
    ),
    max_size=2,
).map(lambda parties: tuple(sorted(parties, key=str)))
PLACES = st.sampled_from(
    [
        (None, False, None, None, None, None, None, None),
        ("ML", False, None, None, None, None, None, None),
        ("ML", True, "Mali", None, None, None, None, "country"),
        ("ML", True, "Bamako", "Bamako", 2460596, 12.65, -8.0, "town"),
        ("ML", True, "Kati", "Koulikoro", 2456048, 12.74, -8.07, "town"),
        ("ML", True, "Koulikoro Region", "Koulikoro", 2454532, 13.5, -7.5, "admin1"),
        ("NE", True, "Niamey", "Niamey", 2440485, 13.51, 2.11, "town"),
    ]
)
COUNTS = st.none() | st.tuples(
    st.none() | st.integers(1, 60), st.none() | st.integers(60, 99), st.sampled_from(["arrested", "killed"])
)


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    """Any claim."""
    days, place, count = draw(DAYS), draw(PLACES), draw(COUNTS) or (None, None, None)
    names = ("country", "stated", "place", "admin1", "geonameid", "latitude", "longitude", "precision")
    return Facts(
        key=draw(st.sampled_from("abcd")),
        report=draw(st.sampled_from(["r1", "r2", "r3"])),
        origin=draw(st.sampled_from([None, "o1"])),
        start=0,
        type=draw(st.sampled_from(["COERCE", "ASSAULT", "COUP", "PROTEST"])),
        mode=draw(st.sampled_from([None, "arrest", "demo"])),
        status=draw(st.sampled_from(["actual", "alleged"])),
        historical=draw(st.booleans()),
        first=days[0] if days else None,
        last=sum(days) if days else None,
        told=draw(st.none() | st.integers(739_000, 739_020)),
        **dict(zip(names, place, strict=True)),  # type: ignore[arg-type]
        actors=draw(PARTIES),
        recipients=draw(PARTIES),
        low=count[0],
        high=count[1],
        counted=count[2],
        lemma=draw(st.sampled_from(["arrest", "kill", "take power"])),
        words=draw(WORDS),
        names=draw(WORDS),
        title=draw(WORDS),
        topic=draw(WORDS),
        marks=draw(WORDS),
        heads=tuple(sorted(draw(WORDS))),
        vector=draw(st.just(b"") | st.binary(min_size=8, max_size=8)),
    )


@given(facts(), facts())
def test_it_is_the_same_either_way_round(one: Facts, other: Facts) -> None:
    assert scores([one, other], [(0, 1)]) == scores([one, other], [(1, 0)])
    assert levels_of(one, other) == levels_of(other, one)
    if one.key != other.key:
        assert compare(one, other) == compare(other, one)


@given(st.lists(facts(), min_size=2, max_size=6))
def test_a_pair_comes_to_the_same_whatever_others_are_asked_with_it(claims: list[Facts]) -> None:
    pairs = list(itertools.product(range(len(claims)), repeat=2))

    alone = [scores([claims[one], claims[other]], [(0, 1)])[0] for one, other in pairs]

    assert scores(claims, pairs) == alone
    assert scores(claims, []) == []


@given(facts(), facts())
def test_the_weights_of_the_reasons_add_up_to_the_score(one: Facts, other: Facts) -> None:
    found = compare(one, other)

    assert sum(feature.weight for feature in found.features) == pytest.approx(found.score, abs=0.001)
    assert found.same == (found.score >= 0)
    assert all(feature.value and "None" not in feature.value for feature in found.features)


@given(facts())
def test_bytes_give_the_same_claim_back(one: Facts) -> None:
    assert Facts.from_bytes(one.to_bytes()) == one


@given(facts(), facts())
def test_what_is_missing_is_no_evidence(one: Facts, other: Facts) -> None:
    silent = dataclasses.replace(
        one, first=None, last=None, told=None, country=None, actors=(), recipients=(), counted=None, vector=b"",
        words=frozenset(), names=frozenset(), title=frozenset(), topic=frozenset(), marks=frozenset(),
    )  # fmt: skip

    assert levels_of(silent, other).keys() <= {"kind", "trigger", "report", "status"}


def test_a_level_further_off_never_weighs_more() -> None:
    """Weights were learnt; where the data are few they must still follow the order that the words promise."""
    ordered = ("title", "topic", "marks", "meaning")
    table = weights().levels

    assert [
        (name, level, lower)
        for name in ordered
        for level, lower in itertools.pairwise(LEVELS[name])
        if table[name][level] < table[name][lower]
    ] == []

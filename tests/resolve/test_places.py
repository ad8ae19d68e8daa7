"""Places: the table of cases, and what holds for every report."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.model import Mention, MentionKind, Place, Precision, Span
from sayso.resolve import gazetteer
from sayso.resolve.places import Places, distance_km

TABLE = Path(__file__).parents[1] / "cases" / "places.toml"
CASES: list[dict[str, Any]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))["case"]
MARK = re.compile(r"\[([^\]]*)\]|<([^>]*)>|\{([^}]*)\}")
KINDS = (MentionKind.LOCATION, MentionKind.NORP)


def unmarked(marked: str) -> tuple[str, list[Mention]]:
    """The text without marks, and what they mark."""
    text, mentions, at = "", [], 0
    for mark in MARK.finditer(marked):
        text += marked[at : mark.start()]
        words = next(group for group in mark.groups() if group is not None)
        span = Span(len(text), len(text) + len(words))
        mentions += [
            Mention(span, kind) for kind, group in zip(KINDS, mark.groups(), strict=False) if group is not None
        ]
        text, at = text + words, mark.end()
    return text + marked[at:], mentions


def places(marked: str, **options: Any) -> tuple[str, Places]:
    text, mentions = unmarked(marked)
    return text, Places(text, mentions, gazetteer.default(), **options)


def resolve(marked: str, words: str) -> tuple[Place | None, str | None]:
    text, found = places(marked)
    start = text.index(words)
    return found.resolve(Span(start, start + len(words)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_words_stand_for_their_place_or_say_why_not(case: dict[str, Any]) -> None:
    place, reason = resolve(case["text"], case["ask"])

    if "reason" in case:
        assert place is None
        assert case["reason"] in (reason or "")
        return
    assert reason is None
    expected = {name: case[name] for name in ("name", "country", "admin1", "precision", "geonameid") if name in case}
    assert {name: getattr(place, name) for name in expected} == expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_only_entries_of_the_gazetteer_have_coordinates(case: dict[str, Any]) -> None:
    place, _ = resolve(case["text"], case["ask"])

    if place:
        known = (place.geonameid, place.latitude, place.longitude)
        assert all(part is not None for part in known) or known == (None, None, None)
        assert (place.geonameid is None) == (place.precision is Precision.AREA)


def test_a_value_says_on_what_grounds_it_stands() -> None:
    how = {
        words: place.how
        for words in ("Kati", "northern Mali")
        if (place := resolve("[Kati], [northern Mali]", words)[0])
    }

    assert how == {
        "Kati": '"Kati" in GeoNames',
        "northern Mali": '"Mali" in GeoNames, point is the middle of its towns',
    }


MAIN = [
    ("[Bamako], [Kati] and [Gao]; <French> officials said.", "ML"),
    ("<Malian> troops left [Gao].", "ML"),
    ("[northern Mali]", "ML"),
    ("In [Niger] state, [Nigeria], gunmen attacked.", "NG"),
    ("Police in [Georgia] and [Atlanta]; a [U.S.] court ruled.", "US"),
    ("[Mali] and [Niger]", None),
    ("[Congo]", None),
    ("Nothing is named.", None),
]


@pytest.mark.parametrize(("marked", "country"), MAIN)
def test_the_main_country_is_the_one_that_stands_out(marked: str, country: str | None) -> None:
    assert places(marked)[1].main_country == country


def test_the_outlets_country_counts_where_the_report_says_nothing() -> None:
    text = "Police in [Xyzzyville] arrested two."

    assert places(text)[1].main_country is None
    assert places(text, outlet_country="US")[1].main_country == "US"


def test_the_order_of_mentions_does_not_matter() -> None:
    text, mentions = unmarked("Gunmen attacked [Kati], near [Bamako], <Malian> officials said in [Paris].")
    forwards, backwards = (Places(text, found, gazetteer.default()) for found in (mentions, mentions[::-1]))

    assert forwards.votes == backwards.votes
    assert all(forwards.resolve(mention.span) == backwards.resolve(mention.span) for mention in mentions)


NAMES = [
    "Kati",
    "Bamako",
    "Paris",
    "Texas",
    "Georgia",
    "Mali",
    "the Sahel",
    "Congo",
    "Mopti region",
    "Springfield",
    "Xyzzy",
    "D.C.",
]
JOINTS = [" ", ", ", " (", ") ", ". ", "'s ", " and ", " near the ", "\n"]
REPORTS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from("LNu"), st.sampled_from(JOINTS)), max_size=12)


@given(REPORTS, st.data())
def test_any_span_of_any_report_stands_for_a_place_or_a_reason(
    parts: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    forms = {"L": "[{}]{}", "N": "<{}>{}", "u": "{}{}"}
    text, found = places("".join(forms[kind].format(name, joint) for name, kind, joint in parts))
    start = data.draw(st.integers(0, len(text)))
    place, reason = found.resolve(Span(start, data.draw(st.integers(start, len(text)))))

    assert (place is None) != (reason is None)


def test_two_thousand_names_are_judged_at_once() -> None:
    """Every name was held against every other, and a word of thirty thousand letters was tried in every way."""
    towns = gazetteer.default()._db.execute("SELECT name FROM places WHERE population > 5000 ORDER BY id LIMIT 2000")
    text, found = places(
        "".join(f"In [{name}] police fired. " for (name,) in towns) + "[Cairo], Jordan, " + "A" * 30_000
    )

    assert found.resolve(Span(0, len(text)))[0] is not None


def test_distances_are_great_circles() -> None:
    bamako, kati = resolve("[Bamako]", "Bamako")[0], resolve("[Kati], [Mali]", "Kati")[0]
    sahel = resolve("[the Sahel]", "the Sahel")[0]

    assert bamako
    assert kati
    assert sahel
    assert distance_km(bamako, kati) == pytest.approx(18, abs=2)
    assert distance_km(bamako, bamako) == 0
    assert distance_km(bamako, sahel) == float("inf")

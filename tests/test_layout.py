"""The layout of a report as JSON and of a claim as a row: all of it, for slots of every kind, filled and left open."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.factory import claim, report, span

from sayso import layout
from sayso.model import (
    Actor,
    Attribution,
    Claim,
    Count,
    Counted,
    Date,
    Mention,
    MentionKind,
    Place,
    Precision,
    Report,
    Source,
    SourceKind,
    Span,
    Status,
)

TEXT = (
    "Police arrested at least 20 protesters in Lyon on Sunday, the teachers' union said.\n"
    "Unknown men may have hit dozens somewhere in the Sahel recently."
)
FIRST, SECOND = TEXT.split("\n")
POLICE = Actor("National Police", "FR", "COP", "sector COP: by role, 'Police'")
LYON = Place(2996944, "Lyon", "FR", "Auvergne-Rhône-Alpes", 45.74846, 4.84671, Precision.TOWN, '"Lyon" in GeoNames')
SAHEL = Place(None, "Sahel", None, None, None, None, Precision.AREA, "area without a point")


def filled() -> Claim:
    """A claim with every slot filled and known."""
    return claim(
        TEXT,
        "arrested",
        "COERCE",
        mode="arrest",
        id="c1",
        sentence=span(TEXT, FIRST),
        actor={"Police": POLICE},
        recipient={"protesters": Actor("protesters", None, "CVL", "by role"), "20": "a number"},
        place=("Lyon", LYON),
        date=("Sunday", Date("2025-08-10", "the weekday on or before publication")),
        count=("at least 20", Count(20, None, Counted.ARRESTED)),
        said_by="the teachers' union",
        country="FR",
        country_how="place",
        confidence=0.75,
    )


def left_open() -> Claim:
    """A claim with every slot filled by words that stand for nothing known."""
    return claim(
        TEXT,
        "hit",
        "ASSAULT",
        id="c2",
        sentence=span(TEXT, SECOND),
        status=Status.HYPOTHETICAL,
        historical=True,
        source=Source(SourceKind.ANONYMOUS, None, 0.5),
        actor={"Unknown men": "described, not named"},
        recipient={"dozens": "described, not named"},
        place=("the Sahel", SAHEL),
        date=("recently", "too vague for a date"),
        count=("dozens", "no number is said"),
        country_how="no country named",
        confidence=0.5,
    )


def bare() -> Claim:
    """A claim with no slot filled."""
    return claim(TEXT, "said", "ACCUSE", id="c3", confidence=0.5)


@pytest.fixture
def whole() -> Report:
    return report(
        TEXT,
        filled(),
        left_open(),
        bare(),
        title="Arrests",
        outlet="Harbour Wire",
        published=dt.date(2025, 8, 12),
        language="en",
        url="https://a.example/1",
        mentions=(Mention(span(TEXT, "Lyon"), MentionKind.LOCATION),),
        attributions=(Attribution((span(TEXT, "the teachers' union"),), (span(TEXT, "said"),), (Span(0, 56),)),),
        issues=("a sentence was cut",),
    )


GOLDEN: dict[str, Any] = {
    "id": "r1",
    "title": "Arrests",
    "outlet": "Harbour Wire",
    "published": "2025-08-12",
    "language": "en",
    "url": "https://a.example/1",
    "text": TEXT,
    "claims": [
        {
            "id": "c1",
            "trigger": [7, 15],
            "sentence": [0, 83],
            "type": "COERCE",
            "mode": "arrest",
            "status": "actual",
            "historical": False,
            "actor": [[0, 6]],
            "recipient": [[28, 38], [25, 27]],
            "place": [42, 46],
            "country": "FR",
            "date": "2025-08-10",
            "count": {"span": [16, 27], "low": 20, "high": None, "what": "arrested"},
            "source": {"kind": "organisation", "span": [58, 77], "confidence": 0.8},
            "confidence": 0.75,
            "resolved": {
                "actor": [
                    {
                        "name": "National Police",
                        "country": "FR",
                        "sector": "COP",
                        "how": "sector COP: by role, 'Police'",
                        "confidence": 0.9,
                    }
                ],
                "recipient": [
                    {"name": "protesters", "country": None, "sector": "CVL", "how": "by role", "confidence": 0.9},
                    {"name": None, "country": None, "sector": None, "why_not": "a number", "confidence": 0.9},
                ],
                "place": {
                    "geonameid": 2996944,
                    "name": "Lyon",
                    "country": "FR",
                    "admin1": "Auvergne-Rhône-Alpes",
                    "latitude": 45.74846,
                    "longitude": 4.84671,
                    "precision": "town",
                    "how": '"Lyon" in GeoNames',
                    "confidence": 0.9,
                },
                "country": {"how": "place"},
                "date": {
                    "span": [50, 56],
                    "value": "2025-08-10",
                    "how": "the weekday on or before publication",
                    "confidence": 0.9,
                },
                "count": {"span": [16, 27], "confidence": 0.9},
            },
        },
        {
            "id": "c2",
            "trigger": [105, 108],
            "sentence": [84, 148],
            "type": "ASSAULT",
            "mode": None,
            "status": "hypothetical",
            "historical": True,
            "actor": [[84, 95]],
            "recipient": [[109, 115]],
            "place": [129, 138],
            "country": None,
            "date": None,
            "count": None,
            "source": {"kind": "anonymous", "span": None, "confidence": 0.5},
            "confidence": 0.5,
            "resolved": {
                "actor": [
                    {
                        "name": None,
                        "country": None,
                        "sector": None,
                        "why_not": "described, not named",
                        "confidence": 0.9,
                    }
                ],
                "recipient": [
                    {
                        "name": None,
                        "country": None,
                        "sector": None,
                        "why_not": "described, not named",
                        "confidence": 0.9,
                    }
                ],
                "place": {
                    "geonameid": None,
                    "name": "Sahel",
                    "country": None,
                    "admin1": None,
                    "latitude": None,
                    "longitude": None,
                    "precision": "area",
                    "how": "area without a point",
                    "confidence": 0.9,
                },
                "country": {"how": "no country named"},
                "date": {"span": [139, 147], "why_not": "too vague for a date", "confidence": 0.9},
                "count": {"span": [109, 115], "why_not": "no number is said", "confidence": 0.9},
            },
        },
        {
            "id": "c3",
            "trigger": [78, 82],
            "sentence": [0, 148],
            "type": "ACCUSE",
            "mode": None,
            "status": "actual",
            "historical": False,
            "actor": [],
            "recipient": [],
            "place": None,
            "country": None,
            "date": None,
            "count": None,
            "source": {"kind": "report", "span": None, "confidence": 1.0},
            "confidence": 0.5,
            "resolved": {
                "actor": [],
                "recipient": [],
                "place": None,
                "country": {"how": None},
                "date": None,
                "count": None,
            },
        },
    ],
    "attributions": [{"source": [[58, 77]], "cue": [[78, 82]], "content": [[0, 56]]}],
    "issues": ["a sentence was cut"],
}


def test_a_report_is_laid_out_as_ever(whole: Report) -> None:
    assert layout.report_json(whole) == GOLDEN


def test_the_layout_is_json_and_comes_back_from_it(whole: Report) -> None:
    assert json.loads(json.dumps(layout.report_json(whole), ensure_ascii=False)) == GOLDEN


def test_a_place_that_is_not_known_says_why() -> None:
    unknown = claim(TEXT, "hit", place=("somewhere", "described, not named"))
    laid_out = layout.claim_json(unknown)

    assert laid_out["place"] == list(span(TEXT, "somewhere"))
    assert laid_out["resolved"]["place"] == {
        "span": list(span(TEXT, "somewhere")), "why_not": "described, not named", "confidence": 0.9
    }  # fmt: skip


def test_an_empty_report_has_every_key() -> None:
    empty = layout.report_json(Report("r2", ""))

    assert list(empty) == list(GOLDEN)
    assert [key for key, value in empty.items() if value] == ["id"]


ROW = {
    "report_id": "r1",
    "outlet": "Harbour Wire",
    "published": "2025-08-12",
    "title": "Arrests",
    "claim_id": "c1",
    "type": "COERCE",
    "mode": "arrest",
    "status": "actual",
    "historical": False,
    "trigger": "arrested",
    "actor": "Police",
    "actor_name": "National Police",
    "actor_country": "FR",
    "actor_sector": "COP",
    "recipient": "protesters; 20",
    "recipient_name": "protesters; ",
    "recipient_country": None,
    "recipient_sector": "CVL; ",
    "place": "Lyon",
    "place_name": "Lyon",
    "geonameid": 2996944,
    "admin1": "Auvergne-Rhône-Alpes",
    "latitude": 45.74846,
    "longitude": 4.84671,
    "precision": "town",
    "country": "FR",
    "country_how": "place",
    "date": "2025-08-10",
    "date_words": "Sunday",
    "count_low": 20,
    "count_high": None,
    "count_what": "arrested",
    "count_words": "at least 20",
    "source_kind": "organisation",
    "source": "the teachers' union",
    "sentence": FIRST,
    "start": 7,
    "end": 15,
    "confidence": 0.75,
}


def test_a_claim_is_one_flat_row(whole: Report) -> None:
    assert next(iter(layout.rows(whole))) == ROW


def test_every_row_has_the_columns_in_their_order_and_nothing_but_plain_values(whole: Report) -> None:
    rows = list(layout.rows(whole))

    assert [row["claim_id"] for row in rows] == ["c1", "c2", "c3"]
    for row in rows:
        assert list(row) == [name for name, _ in layout.COLUMNS]
        assert {type(value) for value in row.values()} <= {str, int, float, bool, type(None)}


def test_every_column_says_what_it_holds() -> None:
    names = [name for name, _ in layout.COLUMNS]

    assert len(set(names)) == len(names)
    assert all(said and not said.endswith(".") for _, said in layout.COLUMNS)


def test_a_row_of_an_open_claim_keeps_its_words(whole: Report) -> None:
    row = list(layout.rows(whole))[1]
    words = {name: row[name] for name in ("actor", "recipient", "place", "date_words", "count_words", "sentence")}
    values = {
        name: row[name] for name in ("actor_name", "geonameid", "latitude", "date", "count_low", "count_what", "source")
    }

    assert words == {
        "actor": "Unknown men", "recipient": "dozens", "place": "the Sahel", "date_words": "recently", "count_words": "dozens",
        "sentence": SECOND,
    }  # fmt: skip
    assert set(values.values()) == {None}


def test_a_place_at_zero_degrees_is_a_place() -> None:
    """Zero is a coordinate and no gap."""
    null_island = dataclasses.replace(LYON, latitude=0.0, longitude=0.0, geonameid=0)
    row = next(iter(layout.rows(report(TEXT, claim(TEXT, "hit", place=("somewhere", null_island))))))

    assert (row["latitude"], row["longitude"], row["geonameid"]) == (0.0, 0.0, 0)


def spans(value: Any) -> Iterator[list[int]]:
    """Every [start, end] of a JSON value."""
    if isinstance(value, list) and len(value) == 2 and all(isinstance(part, int) for part in value):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from spans(item)


def test_every_span_of_the_layout_quotes_the_text(whole: Report) -> None:
    found = [Span(*pair).of(TEXT) for pair in spans(layout.report_json(whole))]

    assert {
        "arrested",
        "Police",
        "Lyon",
        "the teachers' union",
        "at least 20",
        "the Sahel",
        "recently",
        FIRST,
        SECOND,
    } <= set(found)
    assert all(found)

"""What of a claim is compared: stable keys, days as intervals, and never its source."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace

import pytest
from tests.factory import claim, report, span

from sayso.model import Actor, Count, Counted, Date, Place, Precision, Source, SourceKind, Telling
from sayso.reconcile.blocks import blocks
from sayso.reconcile.compare import compare
from sayso.reconcile.facts import Facts, Party, days_of, facts_of

TEXT = "A security source said police arrested at least 20 soldiers in Bamako on Sunday over a plot."
BAMAKO = Place(2460596, "Bamako", "ML", "Bamako", 12.65, -8.0, Precision.TOWN, "in GeoNames")
CLAIM = claim(
    TEXT,
    "arrested",
    "COERCE",
    mode="arrest",
    actor={"police": Actor("police", "ML", "COP", "listed")},
    recipient={"soldiers": "nobody known by these words"},
    place=("Bamako", BAMAKO),
    date=("Sunday", Date("2025-08-10", "weekday")),
    count=("at least 20", Count(20, None, Counted.ARRESTED)),
    country="ML",
)
REPORT = report(TEXT, title="Arrests over plot", outlet="Daily Sahel", published=dt.date(2025, 8, 11))
FACTS = facts_of(Telling(REPORT, CLAIM), "report-1")
AUGUST_10 = dt.date(2025, 8, 10).toordinal()


def test_it_holds_what_is_compared() -> None:
    assert (FACTS.type, FACTS.mode, FACTS.lemma) == ("COERCE", "arrest", "arrest")
    assert (FACTS.first, FACTS.last, FACTS.told) == (AUGUST_10, AUGUST_10, AUGUST_10 + 1)
    assert (FACTS.country, FACTS.admin1, FACTS.geonameid, FACTS.stated) == ("ML", "Bamako", 2460596, True)
    assert FACTS.actors == (Party("police", "ML", "COP"),)
    assert FACTS.recipients == (Party("soldiers", None, None),)
    assert (FACTS.low, FACTS.high, FACTS.counted) == (20, None, "arrested")


def test_it_comes_back_from_bytes_as_it_was() -> None:
    facts = replace(FACTS, vector=bytes(range(256)))

    assert Facts.from_bytes(facts.to_bytes()) == facts


def test_who_says_so_is_not_compared() -> None:
    """A source is no evidence of sameness, and an anonymous one must never be linked across reports."""
    kinds = [
        Source(SourceKind.REPORT),
        Source(SourceKind.ANONYMOUS, span(TEXT, "A security source")),
        Source(SourceKind.PERSON, span(TEXT, "A security source"), 0.5),
    ]
    made = {facts_of(Telling(REPORT, replace(CLAIM, source=source)), "report-1") for source in kinds}

    assert made == {FACTS}
    assert not [field.name for field in fields(Facts) if "source" in field.name]


def test_the_key_of_a_claim_depends_on_report_trigger_and_type_alone() -> None:
    read_again = replace(CLAIM, id="other weights", actor=(), place=None, confidence=0.4)

    assert facts_of(Telling(REPORT, read_again), "report-1").key == FACTS.key
    assert facts_of(Telling(REPORT, replace(CLAIM, type="ASSAULT")), "report-1").key != FACTS.key
    assert facts_of(Telling(REPORT, CLAIM), "report-2").key != FACTS.key


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2025-08-10", "2025-08-10", "2025-08-10"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2020", "2020-01-01", "2020-12-31"),
        ("2025-08-10/2025-08-12", "2025-08-10", "2025-08-12"),
        ("2019/2020-03", "2019-01-01", "2020-03-31"),
    ],
)
def test_days_are_intervals(value: str, first: str, last: str) -> None:
    assert days_of(value) == (dt.date.fromisoformat(first).toordinal(), dt.date.fromisoformat(last).toordinal())


def test_a_claim_with_nothing_in_it_can_be_compared() -> None:
    bare = facts_of(Telling(report("Ok."), claim("Ok.", "Ok", "AGREE")), "report-2")

    assert blocks(bare) == ()
    assert Facts.from_bytes(bare.to_bytes()) == bare
    assert not compare(bare, FACTS).same

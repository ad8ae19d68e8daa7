"""Pairs of claims that people would judge alike at once, as a table: `tests/cases/pairs.toml`."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.factory import claim

from sayso.model import Actor, Count, Counted, Date, Place, Precision, Report, Status, Telling
from sayso.reconcile.blocks import blocks
from sayso.reconcile.compare import compare
from sayso.reconcile.facts import Facts, facts_of

CASES = tomllib.loads((Path(__file__).parents[1] / "cases/pairs.toml").read_text("utf-8"))["pair"]
SIDES = ("actor", "recipient")
PLACES = {
    "Bamako": Place(2460596, "Bamako", "ML", "Bamako", 12.65, -8.0, Precision.TOWN, "in GeoNames"),
    "Gao": Place(2457161, "Gao", "ML", "Gao", 16.27, -0.04, Precision.TOWN, "in GeoNames"),
    "Mali": Place(2453866, "Mali", "ML", None, 18.0, -2.0, Precision.COUNTRY, "in GeoNames"),
    "Dakar": Place(2253354, "Dakar", "SN", "Dakar", 14.69, -17.44, Precision.TOWN, "in GeoNames"),
    "Senegal": Place(2245662, "Senegal", "SN", None, 14.5, -14.25, Precision.COUNTRY, "in GeoNames"),
    "Niamey": Place(2440485, "Niamey", "NE", "Niamey", 13.51, 2.11, Precision.TOWN, "in GeoNames"),
}


def told(short: dict[str, Any], key: str) -> Facts:
    """The facts of a claim in short notation; slots whose words the sentence lacks point at its trigger."""
    said, trigger = short["said"], short["trigger"]
    place = PLACES.get(short.get("at", ""))
    number, _, what = short.get("count", "").partition(" ")
    sides = [{trigger: Actor(short[side], None, None, "listed")} if side in short else None for side in SIDES]
    made = claim(
        said,
        trigger,
        short["type"],
        mode=short["mode"],
        status=Status(short.get("status", "actual")),
        historical=short.get("historical", False),
        country=place.country if place else short.get("country"),
        place=(trigger, place) if place else None,
        date=(trigger, Date(short["on"], "as written")) if "on" in short else None,
        count=(trigger, Count(int(number), int(number), Counted(what))) if number else None,
        actor=sides[0],
        recipient=sides[1],
    )
    report = Report(key, said, short["title"], "Outlet", dt.date.fromisoformat(short["told"]))
    return facts_of(Telling(report, made), key)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_pairs_are_judged_as_people_would(case: dict[str, Any]) -> None:
    one, other = told(case["one"], "r1"), told(case["other"], "r2")
    found = compare(one, other)

    assert found.same is case["same"], [found.score, *found.features]


@pytest.mark.parametrize("case", [case for case in CASES if case["same"]], ids=lambda case: case["id"])
def test_what_tells_of_one_event_shares_a_key(case: dict[str, Any]) -> None:
    assert set(blocks(told(case["one"], "r1"))) & set(blocks(told(case["other"], "r2")))

"""What is drawn, as values: a region is never a point, a country never a pin, a vague date never a day."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factory import claim, report

from sayso.desk import charts, maps, marks, words
from sayso.desk.world import world
from sayso.errors import ConfigError
from sayso.ledger.facets import Spot
from sayso.model import Attribution, Span

DAYS = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))


def spot(precision: str, latitude: float = 12.0, longitude: float = -15.0) -> Spot:
    return Spot(1, "X", "GW", precision, latitude, longitude, 3)


# --- the map ---


@pytest.mark.parametrize(
    ("precision", "drawn"),
    [("town", [False]), ("admin1", [True]), ("admin2", [True]), ("area", [True]), ("country", [])],
)
def test_only_a_town_is_a_point_and_a_country_is_none(precision: str, drawn: list[bool]) -> None:
    found = maps.draw({"GW": 3}, [spot(precision)], None, maps.Links())

    assert [mark.area for mark in found.marks] == drawn
    assert [land.name for land in found.lands if land.tint] == ["Guinea-Bissau"]


def test_a_region_is_drawn_as_large_as_it_is_however_close_one_looks() -> None:
    near, far = (maps.draw({}, [spot("admin1")], maps.View(12, -15, zoom), maps.Links()).marks[0] for zoom in (40, 10))

    assert near.radius == far.radius


def test_the_map_fits_what_there_is_to_see_and_keeps_its_place_in_the_address() -> None:
    found = maps.draw({"GW": 1}, [spot("town")], None, maps.Links())
    again = maps.draw({"GW": 1}, [spot("town")], maps.view(found.view.said), maps.Links())

    left, top, wide, high = map(float, found.box.split())
    x, y = world().at(12.0, -15.0)
    assert left < x < left + wide
    assert top < y < top + high
    assert [round(float(side)) for side in again.box.split()] == pytest.approx([left, top, wide, high], abs=12)


@pytest.mark.parametrize("said", ["", "a,b,c", "1,2", "91,0,1", "0,181,1", "0,0,0.5", "0,0,1000", "nan,0,1", "0,0,inf"])
def test_a_place_of_the_map_that_there_is_not_is_refused(said: str) -> None:
    with pytest.raises(ConfigError, match="no place of the map"):
        maps.view(said)


@given(st.floats(-56, 83), st.floats(-180, 180))
def test_the_plane_and_the_earth_are_one_to_one(latitude: float, longitude: float) -> None:
    assert world().of(*world().at(latitude, longitude)) == pytest.approx((latitude, longitude), abs=1e-6)


# --- the timeline ---


@given(st.dictionaries(DAYS, st.integers(1, 1000), min_size=1, max_size=30))
def test_a_timeline_has_no_gaps_and_loses_nothing(days: dict[dt.date, int]) -> None:
    drawn = charts.timeline(days)

    assert sum(bar.claims for bar in drawn.bars) == sum(days.values())
    assert len({bar.key for bar in drawn.bars}) == len(drawn.bars)
    assert max(bar.height for bar in drawn.bars) == 1


@pytest.mark.parametrize(
    ("last", "unit"), [(dt.date(2026, 1, 31), "day"), (dt.date(2026, 12, 31), "month"), (dt.date(2036, 1, 1), "year")]
)
def test_a_timeline_takes_the_unit_that_can_be_told_apart(last: dt.date, unit: str) -> None:
    assert charts.timeline({dt.date(2026, 1, 1): 1, last: 1}).unit == unit


# --- dates ---


def test_a_month_is_drawn_as_a_month() -> None:
    drawn, first, last = charts.stretches(
        [("Mar 2026", "2026-03-01", "2026-03-31"), ("8 Mar", "2026-03-08", "2026-03-08")]
    )

    assert (first, last) == ("1 Mar 2026", "31 Mar 2026")
    assert [(one.start, one.width) for one in drawn] == [(0, 100), (22.58, 3.23)]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026-03-08", "8 Mar 2026"),
        ("2026-03", "Mar 2026"),
        ("2026", "2026"),
        ("2026-03-06/2026-03-08", "6 Mar 2026 to 8 Mar 2026"),
        (None, "no day given"),
    ],
)
def test_dates_are_said_no_better_than_they_are_known(value: str | None, said: str) -> None:
    assert words.day(value) == said


# --- the text ---

TEXT = "Police said soldiers arrested 20 people in Lyon. <b>&amp; it</b> went on."


def test_pieces_put_together_are_the_text_and_keep_every_span() -> None:
    one = claim(
        TEXT, "arrested", actor={"soldiers": "x"}, recipient={"20 people": "x"}, count=("20", "x"), said_by="Police"
    )
    given = report(TEXT, one, attributions=(Attribution((Span(0, 6),), (Span(7, 11),), (Span(12, 48),)),))

    cut = marks.pieces(given)

    assert "".join(piece.text for piece in cut) == TEXT
    twenty = next(piece for piece in cut if piece.text == "20")
    assert set(twenty.slots) == {"recipient", "count", "content"}
    assert [piece.text for piece in cut if piece.number] == ["arrested"]


SPANS = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted).filter(lambda pair: pair[0] < pair[1])


@given(st.text(max_size=40), st.lists(SPANS, max_size=6))
def test_any_text_with_any_spans_can_be_cut(text: str, spans: list[list[int]]) -> None:
    given = report(text, attributions=tuple(Attribution((Span(*pair),), (), ()) for pair in spans))

    assert "".join(piece.text for piece in marks.pieces(given)) == text

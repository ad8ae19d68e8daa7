"""Cells of the layouts of others: each from what claims say, empty where they do not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from sayso.export import FORMATS, acled, cline, codes, gdelt, ucdp
from sayso.export.declared import Column, cells
from sayso.export.event import Event
from sayso.model import Actor, Count, Counted, Date, Incident, Place, Precision, Status, Telling
from tests import factory

KATI = Place(2456048, "Kati", "ML", "Koulikoro", 12.7441, -8.0726, Precision.TOWN, "x")
SEGOU = Place(2451184, "Ségou Region", "ML", "Ségou", 13.9, -6.0, Precision.ADMIN1, "x")
MALI = Place(2453866, "Mali", "ML", None, 17.0, -4.0, Precision.COUNTRY, "x")
REBELS, ARMY = Actor("rebels", "ML", "REB", "x"), Actor("the army", "ML", "MIL", "x")
FARMERS = Actor("farmers", "ML", "CVL", "x")


def telling(number: int = 1, words: str = "12", count: Count | None = None, **fields: Any) -> Telling:
    """One report in which rebels killed so many in Kati."""
    text = f"Report {number}: rebels killed {words} people in Kati on Sunday, the army said."
    made: dict[str, Any] = {
        "mode": None,
        "country": "ML",
        "actor": {"rebels": REBELS},
        "recipient": {"people": FARMERS},
        "place": ("Kati", KATI),
        "date": ("Sunday", Date("2025-08-10", "x")),
        "id": f"{number:016x}",
        "count": (words, count or Count(12, 12, Counted.KILLED)),
        "said_by": "the army",
    }
    claim = factory.claim(text, "killed", fields.pop("kind", "ASSAULT"), **{**made, **fields})
    return Telling(factory.report(text, claim, id=f"r{number}", outlet=f"Wire {number}"), claim)


def event(*tellings: Telling) -> Event:
    return Event(
        Incident("3f2a", tellings or (telling(),), "2025-08-11T00:00:00.000000Z", "2025-08-12T06:30:00.000000Z")
    )


def row(columns: Iterable[Column], of: Any) -> dict[str, Any]:
    listed = tuple(columns)
    return dict(zip((column.name for column in listed), cells(listed, of), strict=True))


def acled_row(*tellings: Telling) -> dict[str, Any]:
    (found,) = acled.rows(event(*tellings))
    return row(acled.COLUMNS, found)


def ucdp_row(*tellings: Telling) -> dict[str, Any]:
    (found,) = ucdp.rows(event(*tellings))
    return row(ucdp.COLUMNS, found)


# --- ACLED ---


@pytest.mark.parametrize(
    ("fields", "event_type", "sub"),
    [
        ({}, "Violence against civilians", "Attack"),
        ({"recipient": {"people": ARMY}}, "Battles", "Armed clash"),
        ({"mode": "drone"}, "Explosions/Remote violence", "Air/drone strike"),
        ({"mode": "explosives"}, "Explosions/Remote violence", "Remote explosive/landmine/IED"),
        ({"mode": "abduct"}, "Violence against civilians", "Abduction/forced disappearance"),
        ({"kind": "PROTEST", "mode": "demo"}, "Protests", "Peaceful protest"),
        ({"kind": "PROTEST", "mode": "riot"}, "Riots", "Violent demonstration"),
        ({"kind": "COUP", "mode": "attempt"}, "Strategic developments", "Other"),
    ],
)
def test_acled_types_follow_the_table(fields: dict[str, Any], event_type: str, sub: str) -> None:
    found = acled_row(telling(**fields))

    assert (found["event_type"], found["sub_event_type"]) == (event_type, sub)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "CONSULT"},
        {"kind": "PROTEST", "mode": "strike"},
        {"recipient": {"people": "nobody known"}},
        {"status": Status.PLANNED},
        {"status": Status.NEGATED},
    ],
    ids=["talks", "strike", "unknown victim", "planned", "denied"],
)
def test_what_acled_would_not_code_has_no_row(fields: dict[str, Any]) -> None:
    assert list(acled.rows(event(telling(**fields)))) == []


def test_demonstrators_stand_before_those_who_disperse_them() -> None:
    police = Actor("rebels", "ML", "COP", "x")
    found = acled_row(telling(mode="crowd-control", actor={"rebels": police}))

    assert (found["actor1"], found["inter1"], found["actor2"], found["inter2"]) == (
        "farmers",
        "Protesters",
        "rebels",
        "State forces",
    )
    assert found["disorder_type"] == "Demonstrations"


def test_forces_of_another_state_are_external() -> None:
    found = acled_row(telling(actor={"rebels": Actor("the army", "FR", "MIL", "x")}))

    assert (found["inter1"], found["interaction"]) == ("External/Other forces", "External/Other forces-Civilians")
    assert found["civilian_targeting"] == "Civilian targeting"


@pytest.mark.parametrize(
    ("words", "count", "deaths"),
    [
        ("12", Count(12, 12, Counted.KILLED), 12),
        ("dozens", Count(24, None, Counted.KILLED), 12),
        ("tens", Count(20, None, Counted.KILLED), 10),
        ("hundreds", Count(200, None, Counted.KILLED), 100),
        ("two dozen", Count(24, 24, Counted.KILLED), 24),
        ("12", Count(12, 12, Counted.INJURED), None),
    ],
)
def test_acled_counts_words_in_its_own_way_and_unknown_deaths_are_not_none(
    words: str, count: Count, deaths: int | None
) -> None:
    assert acled_row(telling(words=words, count=count))["fatalities"] == deaths


def test_acled_takes_the_lowest_number() -> None:
    low, high = telling(1, "12", said_by="rebels"), telling(2, "20", Count(20, 20, Counted.KILLED))

    assert acled_row(low, high)["fatalities"] == 12


@pytest.mark.parametrize(
    ("date", "day", "precision"),
    [
        ("2025-08-10", "2025-08-10", 1),
        ("2025-08-04/2025-08-10", "2025-08-04", 2),
        ("2025-08", "2025-08-01", 3),
        ("2025", None, None),
    ],
)
def test_a_day_is_as_precise_as_it_was_said(date: str, day: str | None, precision: int | None) -> None:
    found = acled_row(telling(date=("Sunday", Date(date, "x"))))

    assert (found["event_date"], found["time_precision"]) == (day, precision)


# --- UCDP ---


def test_ucdp_has_low_best_and_high() -> None:
    found = ucdp_row(telling(1, "12", said_by="rebels"), telling(2, "20", Count(20, 20, Counted.KILLED)))

    assert (found["low"], found["best"], found["high"], found["deaths_unknown"]) == (12, 12, 20, 12)
    assert (found["deaths_a"], found["deaths_b"], found["deaths_civilians"]) == (None, None, None)
    assert (found["number_of_sources"], found["source_office"]) == (2, "Wire 1;Wire 2")


@pytest.mark.parametrize(
    ("actor", "recipient", "kind"),
    [
        (REBELS, FARMERS, 3),
        (REBELS, ARMY, 1),
        (ARMY, REBELS, 1),
        (REBELS, Actor("militia", "ML", "PRM", "x"), 2),
        (Actor("gunmen", None, None, "x"), FARMERS, None),
    ],
)
def test_ucdp_tells_violence_by_the_sectors_of_both_sides(actor: Actor, recipient: Actor, kind: int | None) -> None:
    assert ucdp_row(telling(actor={"rebels": actor}, recipient={"people": recipient}))["type_of_violence"] == kind


@pytest.mark.parametrize(
    ("place", "precision", "wkt", "grid"),
    [
        (KATI, 1, "POINT (-8.0726 12.7441)", 147944),
        (SEGOU, 4, "POINT (-6.0 13.9)", 149389),
        (MALI, 6, None, None),
    ],
)
def test_ucdp_says_how_exactly_a_place_is_known(
    place: Place, precision: int, wkt: str | None, grid: int | None
) -> None:
    found = ucdp_row(telling(place=("Kati", place)))

    assert (found["where_prec"], found["geom_wkt"], found["priogrid_gid"]) == (precision, wkt, grid)


@pytest.mark.parametrize(
    ("date", "precision"),
    [("2025-08-10", 1), ("2025-08-08/2025-08-10", 2), ("2025-08-04/2025-08-10", 3), ("2025-08", 4), ("2025", 5)],
)
def test_ucdp_says_how_exactly_a_day_is_known(date: str, precision: int) -> None:
    assert ucdp_row(telling(date=("Sunday", Date(date, "x"))))["date_prec"] == precision


def test_ucdp_numbers_states_by_gleditsch_and_ward() -> None:
    found = ucdp_row(telling(recipient={"people": ARMY}))

    assert (found["country_id"], found["gwnoa"], found["gwnob"], found["region"]) == (432, None, 432, "Africa")


# --- Cline Center, GDELT ---


def test_a_coup_id_is_country_and_day() -> None:
    found = row(cline.COLUMNS, event(telling(kind="COUP", mode="realized")))

    assert (found["coup_id"], found["event_type"], found["realized"], found["unrealized"]) == (
        "43208102025",
        "coup",
        1,
        0,
    )
    assert (found["rebel"], found["military"], found["foreign"]) == (1, None, None)


def test_gdelt_codes_are_roots_and_numbers_come_from_the_id() -> None:
    found = row(gdelt.EVENT_COLUMNS, event())

    assert found["GlobalEventID"] == codes.number("3f2a") < 2**52
    assert (found["Day"], found["EventRootCode"], found["QuadClass"], found["GoldsteinScale"]) == (
        20250810,
        "18",
        4,
        -9,
    )
    assert (found["Actor1Code"], found["ActionGeo_CountryCode"], found["ActionGeo_Type"]) == ("MLIREB", "ML", 4)
    assert (found["AvgTone"], found["IsRootEvent"]) == (None, None)


# --- what holds of all ---


@pytest.mark.parametrize("name", ["acled", "ucdp", "cline", "gdelt", "incidents.csv", "geojson"])
def test_an_incident_of_which_little_is_known_leaves_cells_empty_and_invents_none(name: str) -> None:
    bare = telling(
        kind="COUP" if name == "cline" else "ASSAULT",
        country=None,
        place=None,
        date=None,
        actor={},
        recipient={"people": FARMERS},
        said_by=None,
    )
    of: Any = event(bare)
    rows_of = {"acled": acled.rows, "ucdp": ucdp.rows}.get(name)
    of = next(iter(rows_of(of))) if rows_of else of
    found = row(FORMATS[name].files[0].columns if name != "geojson" else FORMATS["incidents.csv"].files[0].columns, of)
    empty = (
        "latitude",
        "longitude",
        "country",
        "location",
        "event_date",
        "date_start",
        "coup_id",
        "Day",
        "SOURCEURL",
        "place",
        "first_day",
    )

    assert {found[column] for column in empty if column in found} == {None}


def test_countries_are_found_by_the_names_that_others_give_them() -> None:
    assert {codes.by_name(name) for name in ("Mali", "MLI", "mali ")} == {"ML"}
    assert codes.by_name("Kingdom of eSwatini (Swaziland)") == "SZ"
    assert codes.by_name("Atlantis") is None
    assert (codes.countries()["GW"].cow, codes.countries()["YE"].gw) == (404, 678)


def test_numbers_made_of_digests_do_not_meet_by_chance() -> None:
    assert len({codes.number(number) for number in range(20_000)}) == 20_000


def test_a_cell_that_is_not_what_its_column_declares_ends_the_export() -> None:
    from sayso.errors import ExportError
    from sayso.export.declared import Kind
    from sayso.export.tables import check_cells

    file = replace(FORMATS["claims.csv"].files[0], columns=(Column("a", "x", kind=Kind.WHOLE, required=True),))
    check_cells(file, [1])
    with pytest.raises(ExportError, match="a is empty"):
        check_cells(file, [None])
    with pytest.raises(ExportError, match="a is no whole number: True"):
        check_cells(file, [True])

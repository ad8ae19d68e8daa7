"""The gazetteer: what is looked up is found in any spelling, and a file that is none is refused."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import DataError
from sayso.resolve import gazetteer
from sayso.resolve.gazetteer import CAPITALS, Entry, Gazetteer, normal


@pytest.fixture(scope="module")
def known() -> Gazetteer:
    return gazetteer.default()


SPELLINGS = [
    ("Ségou", "segou"),
    ("SEGOU", "segou"),
    ("Port-au-Prince", "port au prince"),
    ("Port‑au‑Prince", "port au prince"),
    ("N'Djamena", "n djamena"),
    ("N’Djamena", "n djamena"),
    ("St. Louis", "st louis"),
    ("  St  Louis ", "st louis"),
    ("Kāti", "kati"),
    ("Straße", "strasse"),
    ("", ""),
]


@pytest.mark.parametrize(("written", "form"), SPELLINGS)
def test_names_are_folded_to_one_form(written: str, form: str) -> None:
    assert normal(written) == form


@given(st.text(max_size=20))
def test_a_form_is_its_own_form(written: str) -> None:
    assert normal(normal(written)) == normal(written)


@pytest.mark.parametrize("written", ["Ségou", "segou", "SÉGOU"])
def test_a_name_is_found_in_any_spelling(known: Gazetteer, written: str) -> None:
    assert {(entry.name, entry.country, entry.kind) for entry in known.named(written)} >= {
        ("Ségou", "ML", "admin1"), ("Ségou", "ML", "town")
    }  # fmt: skip


def test_the_largest_comes_first(known: Gazetteer) -> None:
    people = [entry.population for entry in known.named("Paris")]

    assert people == sorted(people, reverse=True)
    assert known.named("Paris")[0].country == "FR"


def test_an_entry_says_what_is_known_of_it(known: Gazetteer) -> None:
    assert known.named("Kati")[0] == Entry(
        geonameid=2455558,
        name="Kati",
        kind="town",
        country="ML",
        admin1="07",
        latitude=12.74409,
        longitude=-8.07257,
        population=130254,
        own_point=True,
        own_name=True,
    )


def test_the_middle_of_its_towns_is_not_a_places_own_point(known: Gazetteer) -> None:
    texas = known.division("US", "TX")

    assert texas is not None
    assert (texas.name, texas.kind, texas.own_point) == ("Texas", "admin1", False)


def test_what_is_not_there_is_none(known: Gazetteer) -> None:
    assert known.named("Xyzzyville") == ()
    assert known.named("") == ()
    assert known.country("ZZ") is None
    assert known.division("US", "ZZ") is None
    assert known.capital("ZZ") is None
    assert known.division_size("ZZ") == 0


def test_quotation_marks_are_letters_like_others(known: Gazetteer) -> None:
    assert known.named('"; DROP TABLE names; --') == ()


def test_a_country_is_found_by_its_code(known: Gazetteer) -> None:
    mali = known.country("ML")

    assert mali is not None
    assert (mali.name, mali.kind) == ("Mali", "country")


def test_every_capital_is_a_town_of_its_country(known: Gazetteer) -> None:
    found = {code: known.capital(code) for code in CAPITALS}

    assert [
        code for code, entry in found.items() if entry is None or entry.kind != "town" or entry.country != code
    ] == []
    assert found["US"] is not None
    assert found["US"].admin1 == "DC"


@pytest.mark.parametrize("code", ["BO", "EH", "IL", "PS"])
def test_a_disputed_capital_is_none(known: Gazetteer, code: str) -> None:
    assert known.capital(code) is None


def test_divisions_are_as_large_as_their_country_makes_them(known: Gazetteer) -> None:
    assert known.division_size("JM") < 300_000
    assert known.division_size("US") > 5_000_000


def test_every_area_has_the_form_in_which_it_is_looked_up(known: Gazetteer) -> None:
    assert {name for name in gazetteer.areas() if name != normal(name)} == set()
    assert {code for code in gazetteer.areas().values() if code and known.country(code) is None} == set()


def test_refuses_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="gazetteer is missing; install Sayso anew"):
        Gazetteer(tmp_path / "none.db")


@pytest.mark.parametrize("schema", [None, "CREATE TABLE other (x)", "CREATE TABLE names (name, place, own)"])
def test_refuses_a_file_that_is_no_gazetteer(tmp_path: Path, schema: str | None) -> None:
    """One with names and no places was found out at the first look-up only."""
    path = tmp_path / "gazetteer.db"
    if schema is None:
        path.write_text("not a database, but some words that are long enough to be a header of one" * 20)
    else:
        with sqlite3.connect(path) as db:
            db.execute(schema)
        db.close()

    with pytest.raises(DataError, match=r"not a gazetteer .*; install Sayso anew"):
        Gazetteer(path)


def test_a_path_with_marks_of_addresses_is_a_path(tmp_path: Path) -> None:
    path = tmp_path / "with ?mode=rw and #marks%20.db"
    with sqlite3.connect(path) as db:
        for table in ("names (name, place, own)", "places (id)", "divisions (country)"):
            db.execute(f"CREATE TABLE {table}")
    db.close()

    Gazetteer(path)

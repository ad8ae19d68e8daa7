"""Another coder's events are matched with incidents: which both have, which are missed, which are only here."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from sayso.errors import InputError
from sayso.export import compare as comparing
from sayso.export import export, others
from sayso.export.compare import MATCHED, MISSED, ONLY_HERE, compare, row
from sayso.export.others import Coded
from sayso.ledger import Ledger
from sayso.ledger.incidents import find
from sayso.model import Actor, Argument, Claim, Count, Counted, Date, Incident, Place, Precision, Span, Telling
from tests import factory

TEXT = "Gunmen killed 12 farmers in Kati on Sunday."
KATI = Place(2456048, "Kati", "ML", "Koulikoro", 12.7441, -8.0726, Precision.TOWN, "x")
BAMAKO = Place(2460596, "Bamako", "ML", "Bamako", 12.65, -8.0, Precision.TOWN, "x")
SIKASSO = Place(2451185, "Sikasso", "ML", "Sikasso", 11.3175, -5.6665, Precision.TOWN, "x")
MALI = Place(2453866, "Mali", "ML", None, 17.0, -4.0, Precision.COUNTRY, "x")


def incident(name: str, day: str = "2025-08-10", place: Place | None = KATI, sector: str = "CVL") -> Incident:
    claim: Claim = factory.claim(
        TEXT,
        "killed",
        "ASSAULT",
        id=name,
        mode="firearms",
        country="ML",
        actor={"Gunmen": Actor("Gunmen", None, "REB", "x")},
        recipient={"farmers": Actor("farmers", "ML", sector, "x")},
        date=("Sunday", Date(day, "x")),
        count=("12", Count(12, 12, Counted.KILLED)),
    )
    if place is not None:
        claim = replace(claim, place=Argument(Span(28, 32), place))
    return Incident(
        name, (Telling(factory.report(TEXT, id=name), claim),), "2025-08-11T00:00:00Z", "2025-08-11T00:00:00Z"
    )


def coded(
    name: str, day: str = "2025-08-10", point: tuple[float, float] | None = (12.74, -8.07), **fields: object
) -> Coded:
    first = dt.date.fromisoformat(day)
    made = Coded(name, first, first, "ML", "Kati", point, "Violence against civilians")
    return replace(made, **fields)  # type: ignore[arg-type]


def outcomes(theirs: list[Coded], here: list[Incident], **how: int) -> list[tuple[str, str | None, str | None]]:
    done = compare(theirs, here, "ACLED", **how)
    return [
        (pair.outcome, pair.theirs.id if pair.theirs else None, pair.here.id if pair.here else None)
        for pair in done.pairs
    ]


def test_the_same_event_is_matched_with_how_far_apart_it_is() -> None:
    (pair,) = compare([coded("X1", "2025-08-12")], [incident("a")], "ACLED").pairs

    assert (pair.outcome, pair.days, pair.kilometres, pair.same_type) == (MATCHED, 2, 0.5, True)
    assert row(pair) == {
        "outcome": "matched",
        "their_id": "X1",
        "incident": "a",
        "their_first_day": "2025-08-12",
        "their_last_day": "2025-08-12",
        "first_day": "2025-08-10",
        "last_day": "2025-08-10",
        "days_apart": 2,
        "country": "ML",
        "their_place": "Kati",
        "place": "Kati",
        "kilometres_apart": 0.5,
        "their_type": "Violence against civilians",
        "type": "Violence against civilians",
        "same_type": True,
    }


@pytest.mark.parametrize(
    ("theirs", "here", "how"),
    [
        (coded("X1", "2025-08-14"), incident("a"), {}),
        (coded("X1"), incident("a", place=SIKASSO), {}),
        (coded("X1", country="NE"), incident("a"), {}),
        (coded("X1", "2025-08-11"), incident("a"), {"days": 0}),
        (coded("X1"), incident("a", place=BAMAKO), {"kilometres": 5}),
    ],
    ids=["too many days", "too far", "another country", "no day allowed", "few kilometres allowed"],
)
def test_what_is_too_far_apart_is_not_matched(theirs: Coded, here: Incident, how: dict[str, int]) -> None:
    assert (MATCHED, "X1", "a") not in outcomes([theirs], [here], **how)


def test_a_place_without_a_point_does_not_keep_them_apart() -> None:
    (pair,) = compare([coded("X1")], [incident("a", place=MALI)], "ACLED").pairs

    assert (pair.outcome, pair.kilometres) == (MATCHED, None)


def test_each_is_matched_once_the_nearest_first() -> None:
    theirs = [coded("X1"), coded("X2", "2025-08-11"), coded("X3", "2025-08-13")]
    here = [incident("a"), incident("b", "2025-08-11"), incident("c", "2025-08-12", BAMAKO)]

    assert outcomes(theirs, here) == [(MATCHED, "X1", "a"), (MATCHED, "X2", "b"), (MATCHED, "X3", "c")]


def test_another_type_is_matched_and_said_but_comes_behind_the_same_type() -> None:
    theirs = [coded("X1", type="Battles"), coded("X2")]
    done = compare(theirs, [incident("a"), incident("b", sector="MIL")], "ACLED")

    assert [(pair.theirs and pair.theirs.id, pair.here and pair.here.id, pair.same_type) for pair in done.pairs] == [
        ("X1", "b", True),
        ("X2", "a", True),
    ]
    assert compare(theirs[:1], [incident("a")], "ACLED").pairs[0].same_type is False


def test_what_is_missed_and_what_is_only_here_are_told_apart() -> None:
    theirs = [coded("X1"), coded("X2", "2025-09-20", (13.5, -6.0))]
    here = [incident("a"), incident("b", "2025-09-01")]

    assert outcomes(theirs, here) == [(MATCHED, "X1", "a"), (MISSED, "X2", None), (ONLY_HERE, None, "b")]


def test_what_the_file_does_not_cover_is_no_fault_of_it() -> None:
    undated = incident("d")
    claim = replace(undated.tellings[0].claim, date=None)
    here = [
        incident("a"),
        incident("b", "2024-01-01"),
        replace(undated, tellings=(replace(undated.tellings[0], claim=claim),)),
    ]
    done = compare([coded("X1")], here, "ACLED")

    assert (len(done.pairs), done.outside, done.without_day_or_country) == (1, 1, 1)


def test_the_result_depends_on_no_order() -> None:
    theirs = [coded("X1"), coded("X2"), coded("X3", "2025-08-12")]
    here = [incident("a"), incident("b", "2025-08-11"), incident("c", "2025-08-12")]
    wanted = outcomes(theirs, here)

    for one, other in itertools.product(itertools.permutations(theirs), itertools.permutations(here)):
        assert outcomes(list(one), list(other)) == wanted


def test_nothing_matches_nothing() -> None:
    assert outcomes([], []) == []
    assert outcomes([], [incident("a")]) == []
    assert outcomes([coded("X1")], []) == [(MISSED, "X1", None)]


# --- files ---

ACLED = (
    "\ufeffevent_id_cnty,event_date,year,time_precision,event_type,sub_event_type,country,location,latitude,longitude,fatalities\n"
    "MLI1,10 August 2025,2025,1,Violence against civilians,Attack,Mali,Kati,12.7441,-8.0726,12\n"
    "MLI2,2025-08-01,2025,3,Battles,Armed clash,Mali,Kidal,18.44,1.41,0\n"
    "MLI3,sometime,2025,1,Battles,Armed clash,Mali,Kidal,18.44,1.41,0\n"
)


def test_acled_files_are_read_with_their_precision(tmp_path: Path) -> None:
    (tmp_path / "acled.csv").write_text(ACLED, "utf-8")
    layout, events, failed = others.read(tmp_path / "acled.csv")

    assert layout.name == "ACLED"
    assert [(one.id, one.first.isoformat(), one.last.isoformat(), one.country) for one in events] == [
        ("MLI1", "2025-08-10", "2025-08-10", "ML"),
        ("MLI2", "2025-08-01", "2025-08-31", "ML"),
    ]
    assert [str(error) for error in failed] == [
        f"{tmp_path / 'acled.csv'}:4: cannot be read as ACLED: 'sometime' is no day"
    ]


@pytest.mark.parametrize("header", [True, False])
def test_ucdp_files_are_read_with_and_without_a_header(tmp_path: Path, header: bool) -> None:
    from sayso.export.ucdp import COLUMNS

    cells = {
        "id": "7",
        "type_of_violence": "3",
        "date_start": "2025-08-10 00:00:00.000",
        "date_end": "2025-08-11 00:00:00.000",
        "country": "DR Congo (Zaire)",
        "where_prec": "6",
        "latitude": "-2.5",
        "longitude": "23.5",
        "where_coordinates": "DR Congo",
    }
    names = [column.name for column in COLUMNS]
    lines = [",".join(names)] * header + [",".join(cells.get(name, "") for name in names)]
    (tmp_path / "ged.csv").write_text("\n".join(lines) + "\n", "utf-8")
    layout, events, failed = others.read(tmp_path / "ged.csv")

    assert (layout.name, failed) == ("UCDP GED", [])
    assert [(one.id, one.country, one.point, one.type) for one in events] == [("7", "CD", None, "one-sided")]


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n"])
def test_a_file_in_no_known_layout_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.csv").write_text(content, "utf-8")

    with pytest.raises(InputError, match=r"has not the columns of ACLED \(event_id_cnty"):
        others.read(tmp_path / "x.csv")


def test_what_sayso_exports_matches_itself(book: Ledger, tmp_path: Path) -> None:
    export(book, ["acled"], tmp_path / "out")
    layout, events, failed = others.read(tmp_path / "out" / "acled-like.csv")
    done = compare(events, find(book), layout.name)

    assert [(pair.outcome, pair.days, pair.kilometres, pair.same_type) for pair in done.pairs] == [
        (MATCHED, 0, 0.0, True)
    ]
    assert [str(error).rpartition(": ")[2] for error in failed] == ["'' is no day"]  # the coup has none
    assert comparing.DAYS == 3

"""What the claims of one incident say together: updates apart from disagreements, origins counted once, nobody anonymous linked."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from tests.factory import claim, report

from sayso.cli.incidents import Counts
from sayso.model import Count, Counted, Date, Place, Precision, Source, SourceKind, Status, Telling
from sayso.summary import RULES, Days, summarise, voice, witnesses

BAMAKO = Place(2460596, "Bamako", "ML", "Bamako", 12.65, -8.0, Precision.TOWN, "named")
KATI = Place(2456048, "Kati", "ML", "Koulikoro", 12.74, -8.07, Precision.TOWN, "named")
MALI = Place(2453866, "Mali", "ML", None, 17.0, -4.0, Precision.COUNTRY, "named")


def said(  # noqa: PLR0913 - one name a slot
    low: int | None,
    by: str = "the police",
    day: int = 1,
    *,
    high: int | None = None,
    kind: SourceKind = SourceKind.ORGANISATION,
    outlet: str | None = None,
    origin: str | None = None,
    status: Status = Status.ACTUAL,
    place: Place | None = None,
    date: str | None = None,
    what: Counted = Counted.KILLED,
) -> Telling:
    """`by` says on that day of March that so many were killed."""
    text = f"In Bamako on Sunday number were killed, {by} said."
    made: dict[str, Any] = {"status": status}
    if low is not None or high is not None:
        made["count"] = ("number", Count(low, high, what))
    if place:
        made["place"] = ("Bamako", place)
    if date:
        made["date"] = ("Sunday", Date(date, "weekday"))
    one = claim(text, "killed", "ASSAULT", said_by=by, **made)
    source = Source(kind, one.source.span if kind is not SourceKind.REPORT else None)
    outlet = outlet or f"Outlet {by} {day}"
    whole = report(text, id=f"{outlet} {day}", outlet=outlet, published=dt.date(2026, 3, day))
    return Telling(whole, replace(one, source=source), origin)


def exactly(number: int, *args: Any, **fields: Any) -> Telling:
    return said(number, *args, high=number, **fields)


def figures(*told: Telling) -> dict[str, tuple[int, int | None, int]]:
    """(low, best, high) by each rule."""
    found = {}
    for rule in RULES:
        (numbers,) = summarise(told, counts=rule).numbers
        found[rule] = (numbers.figure.low, numbers.figure.best, numbers.figure.high)
        assert numbers.figure.rule == rule
    return found


def test_a_later_number_of_the_same_source_is_an_update() -> None:
    told = [exactly(12, day=1), exactly(27, day=3), exactly(20, day=2)]
    (numbers,) = summarise(told).numbers

    assert numbers.figure.words == "27"
    assert [(one.low, one.replaced_by and one.replaced_by.claim.count) for one in numbers.statements] == [
        (12, told[2].claim.count),
        (20, told[1].claim.count),
        (27, None),
    ]
    assert summarise(told).differs == ()


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("the police", "Police", True),
        ("a police spokesman", "Police Chief Moussa Traore", True),
        ("Interior Minister Celestina Mane", "the interior ministry", True),
        ("the interior ministry", "the defence ministry", False),
        ("Nelio Cabral", "Nelio  Cabral", True),
        ("Nelio Cabral", "Rita Valadas", False),
        ("he", "he", False),
    ],
)
def test_who_is_the_same_source(first: str, second: str, same: bool) -> None:
    one, other = (exactly(n, by, day=n, kind=SourceKind.PERSON) for n, by in ((1, first), (2, second)))

    assert (voice(one) == voice(other)) == same
    assert (summarise([one, other]).numbers[0].figure.low == 2) == same


def test_different_sources_at_one_time_disagree() -> None:
    told = [exactly(20, "the police"), exactly(50, "the union")]
    found = summarise(told)

    assert found.numbers[0].figure.words == "20 to 50"
    assert found.numbers[0].figure.low_by == (told[0],)
    assert found.numbers[0].figure.high_by == (told[1],)
    assert found.differs == ("numbers",)


@pytest.mark.parametrize(
    ("bounds", "rule", "words"),
    [
        ([(20, 20)], "range", "20"),
        ([(20, None)], "range", "at least 20"),
        ([(None, 30)], "range", "up to 30"),
        ([(20, 30)], "range", "20 to 30"),
        ([(20, None), (20, 20)], "range", "20"),
        ([(20, None), (None, 20)], "range", "20"),
        ([(20, None), (50, 50)], "range", "20 to 50"),
        ([(20, 20), (50, None)], "range", "20 to 50 or more"),
        ([(20, None), (50, 50)], "lowest", "at least 20"),
        ([(20, 20), (50, None)], "highest", "at least 50"),
        ([(None, 30), (50, 50)], "lowest", "up to 30"),
        ([(20, None)], "acled", "at least 20"),
        ([(20, None)], "ucdp", "at least 20"),
        ([(20, 20), (50, None)], "ucdp", "20 (20 to 50 or more)"),
    ],
)
def test_a_figure_says_which_of_its_ends_is_open(
    bounds: list[tuple[int | None, int | None]], rule: str, words: str
) -> None:
    told = [said(low, f"source {number}", high=high) for number, (low, high) in enumerate(bounds)]
    (numbers,) = summarise(told, counts=rule).numbers

    assert numbers.figure.words == words


def test_numbers_that_fit_each_other_are_no_disagreement() -> None:
    assert summarise([said(20, "the police"), exactly(50, "the union")]).differs == ()


def test_an_anonymous_source_is_never_that_of_another_text() -> None:
    told = [exactly(n, "a security source", day=n, kind=SourceKind.ANONYMOUS) for n in (1, 2, 3)]
    found = summarise(told)

    assert len({voice(one) for one in told}) == 3
    assert (found.anonymous, found.named) == (3, ())
    assert found.numbers[0].figure.words == "1 to 3"


def test_copies_of_one_text_are_one_witness() -> None:
    copies = [
        exactly(20, "a security source", kind=SourceKind.ANONYMOUS, outlet=f"Paper {n}", origin="wire")
        for n in range(30)
    ]
    found = summarise([*copies, exactly(50, "the union")])

    assert found.witnesses == "31 outlets, 2 origins, 1 named and 1 anonymous informants whose independence is unknown"
    assert found.events[0].by == (*copies, found.events[0].by[-1])
    assert len(found.numbers[0].statements) == 2


def test_the_outlets_own_later_number_replaces_that_of_all_prints() -> None:
    copies = [exactly(12, outlet=f"Paper {n}", origin="wire", kind=SourceKind.REPORT) for n in range(3)]
    found = summarise([*copies, exactly(20, outlet="Paper 1", day=2, kind=SourceKind.REPORT)])

    assert found.numbers[0].figure.words == "20"


def test_each_rule_makes_its_own_figure() -> None:
    told = [
        exactly(10, "the police", day=1),
        exactly(14, "the police", day=3),
        said(20, "the union", day=2, high=30),
        exactly(60, "the rebels", day=4),
        exactly(25, "the hospital", day=4),
    ]

    assert figures(*told) == {
        "range": (14, None, 60),
        "lowest": (14, 14, 14),
        "highest": (60, 60, 60),
        "median-of-origins": (20, 20, 20),
        "ucdp": (14, 14, 60),
        "acled": (25, 25, 25),
    }


def test_the_options_of_the_command_are_the_rules() -> None:
    assert [str(one) for one in Counts] == list(RULES)
    assert all(rule.says.endswith(".") and name == rule.name for name, rule in RULES.items())


@pytest.mark.parametrize("status", [Status.NEGATED, Status.PLANNED, Status.HYPOTHETICAL])
def test_a_number_of_what_did_not_happen_counts_nothing(status: Status) -> None:
    assert summarise([exactly(9, status=status)]).numbers == ()


def test_an_open_end_is_no_number() -> None:
    assert figures(said(20))["range"] == (20, None, 20)
    assert figures(said(None, high=30))["range"] == (30, None, 30)


def test_things_counted_are_kept_apart() -> None:
    told = [exactly(3), exactly(9, "the union", what=Counted.INJURED), exactly(4, "the hospital")]

    assert [(one.what, one.figure.words) for one in summarise(told).numbers] == [("killed", "3 to 4"), ("injured", "9")]


def test_a_denial_beside_a_claim_is_a_disagreement() -> None:
    told = [exactly(3), said(None, "the army", status=Status.NEGATED)]
    found = summarise(told)

    assert [(one.value, len(one.by)) for one in found.statuses] == [("actual", 1), ("negated", 1)]
    assert found.differs == ("status",)


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        ([], None),
        (["2026-03-08"], Days("2026-03-08", "2026-03-08", False)),
        (["2026-03-08", "2026-03"], Days("2026-03-08", "2026-03-08", False)),
        (["2026-03-06/2026-03-09", "2026-03-08/2026-03-12"], Days("2026-03-08", "2026-03-09", False)),
        (["2026-03-08", "2026-03-10"], Days("2026-03-08", "2026-03-10", True)),
        (["2024-02", "2024"], Days("2024-02-01", "2024-02-29", False)),
    ],
)
def test_days_are_those_that_all_dates_have_in_common(dates: list[str], days: Days | None) -> None:
    found = summarise([said(None, date=date) for date in dates] or [said(None)])

    assert found.days == days
    assert ("day" in found.differs) == bool(days and days.disputed)


def test_the_most_exact_place_comes_first_and_two_towns_disagree() -> None:
    told = [said(None, f"source {n}", place=place) for n, place in enumerate((MALI, MALI, BAMAKO))]

    assert [one.value.name for one in summarise(told).places] == ["Bamako", "Mali"]
    assert summarise(told).differs == ()
    assert summarise([*told, said(None, place=KATI)]).differs == ("place",)


@pytest.mark.parametrize(
    ("counted", "words"),
    [
        ((1, 1, 0, 0), "1 outlet, 1 origin"),
        ((2, 1, 1, 0), "2 outlets, 1 origin, 1 named informant"),
        ((31, 2, 1, 2), "31 outlets, 2 origins, 1 named and 2 anonymous informants whose independence is unknown"),
        ((1, 1, 0, 2), "1 outlet, 1 origin, 2 anonymous informants whose independence is unknown"),
    ],
)
def test_witnesses_are_counted_apart(counted: tuple[int, int, int, int], words: str) -> None:
    assert witnesses(*counted) == words


def test_order_does_not_matter() -> None:
    told = [exactly(n % 4 + 1, f"source {n % 3}", day=n % 5 + 1, place=(BAMAKO, MALI)[n % 2]) for n in range(20)]
    one, other = summarise(told), summarise(told[::-1])

    assert [(n.what, n.figure.words, [s.low for s in n.statements]) for n in one.numbers] == [
        (n.what, n.figure.words, [s.low for s in n.statements]) for n in other.numbers
    ]
    assert [said.value for said in one.places] == [said.value for said in other.places]
    assert one.witnesses == other.witnesses

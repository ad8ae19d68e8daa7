"""Every filter keeps exactly what a loop over the same values would keep, in the same order, on both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from tests.ledger import invented

from sayso.errors import ConfigError
from sayso.ledger import Ledger, Writer, claims, conditions, open_ledger, reports, schema
from sayso.ledger.filters import BY_NAME, FILTERS, wanted
from sayso.ledger.query import claims_page
from sayso.ledger.values import report_key
from sayso.ledger.words import fts5, tsquery, words
from sayso.model import Argument, Report, Telling

READ = [invented.read(report) for report in invented.reports(80)]
NOON = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)
Keeps = Callable[[Telling], bool]


def resolved(arguments: tuple[Argument[Any], ...], field: str) -> set[str]:
    return {getattr(argument.value, field) for argument in arguments if argument.value}


def happened(found: Telling) -> str:
    return found.claim.date.value.value if found.claim.date and found.claim.date.value else ""


def place(found: Telling) -> str:
    """The name of the place, "?" for one that stayed unresolved, "" for none."""
    if found.claim.place is None:
        return ""
    return found.claim.place.value.name if found.claim.place.value else "?"


def published(found: Telling) -> str:
    return found.report.published.isoformat() if found.report.published else ""


def said(found: Telling) -> list[str]:
    return words(found.claim.sentence.of(found.report.text))


CASES: list[tuple[dict[str, Any], Keeps]] = [
    ({}, lambda _: True),
    ({"type": "coerce"}, lambda x: x.claim.type == "COERCE"),
    ({"type": ["COERCE", "ASSAULT"]}, lambda x: x.claim.type in ("COERCE", "ASSAULT")),
    ({"mode": "arrest"}, lambda x: x.claim.mode == "arrest"),
    ({"country": ["ml", "FR"]}, lambda x: x.claim.country in ("ML", "FR")),
    ({"since": "2025-08"}, lambda x: published(x) >= "2025-08-01"),
    ({"until": "2025"}, lambda x: "" < published(x) <= "2025-12-31"),
    ({"since": "2025-03-04", "until": dt.date(2025, 8, 9)}, lambda x: "2025-03-04" <= published(x) <= "2025-08-09"),
    ({"happened_since": "2025-11"}, lambda x: happened(x) >= "2025-11-01"),
    ({"happened_until": "2025-03"}, lambda x: "" < happened(x) <= "2025-03-31"),
    ({"source_kind": "anonymous"}, lambda x: x.claim.source.kind == "anonymous"),
    ({"status": ["alleged", "negated"]}, lambda x: x.claim.status in ("alleged", "negated")),
    ({"historical": True}, lambda x: x.claim.historical),
    ({"historical": False}, lambda x: not x.claim.historical),
    ({"outlet": "l'echo"}, lambda x: x.report.outlet == "L'Écho"),
    ({"actor": "Police"}, lambda x: "police" in resolved(x.claim.actor, "name")),
    ({"recipient": "the union"}, lambda x: "the union" in resolved(x.claim.recipient[1:], "name")),  # named as the actor
    ({"involving": ["soldiers", "GUNMEN"]}, lambda x: bool({"soldiers", "gunmen"} & resolved(x.claim.actor, "name"))),
    ({"actor_country": "NE"}, lambda x: "NE" in resolved(x.claim.actor, "country")),
    ({"actor_sector": "COP"}, lambda x: "COP" in resolved(x.claim.actor, "sector")),
    ({"recipient_country": ["FR", "ML"]}, lambda x: bool({"FR", "ML"} & resolved(x.claim.recipient, "country"))),
    ({"recipient_sector": "mil"}, lambda x: "MIL" in resolved(x.claim.recipient, "sector")),
    ({"place": "SEGOU"}, lambda x: place(x) == "Ségou"),
    ({"place": "the capital"}, lambda x: place(x) == "?"),
    ({"geonameid": "2460596"}, lambda x: place(x) == "Bamako"),
    ({"text": "arrested soldiers"}, lambda x: {"arrested", "soldiers"} <= set(said(x))),
    ({"text": '"the union" ségou'}, lambda x: "the union" in " ".join(said(x)) and "segou" in said(x)),
    ({"text": "attack* Segou"}, lambda x: "attacked" in said(x) and "segou" in said(x)),
    ({"text": "2025-11-30"}, lambda x: "2025 11 30" in " ".join(said(x))),
    ({"text": 'no; "such* OR (word'}, lambda _: False),
    ({"min_confidence": 0.9}, lambda x: x.claim.confidence >= 0.9),
    ({"as_of": "2025-06-01"}, lambda _: True),
    ({"as_of": NOON}, lambda _: True),
    ({"as_of": "2025-05-31"}, lambda _: False),
    ({"type": "COERCE", "country": "ML", "source_kind": "anonymous", "text": "arrested", "as_of": "2025-06-01T12:00Z"},
     lambda x: (x.claim.type, x.claim.country, x.claim.source.kind) == ("COERCE", "ML", "anonymous")),
]  # fmt: skip


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def full(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A ledger that holds `READ`, known at `NOON`."""
    from tests.ledger.conftest import fresh_database

    where = str(tmp_path_factory.mktemp("full") / "sayso.db")
    if request.param == "postgresql":
        where = fresh_database(request.getfixturevalue("postgres"))
    with open_ledger(where, create=True) as book:
        for report in READ:
            Writer(book, "1", now=lambda: NOON).add(report)
        yield book


def in_order(kept: list[Report]) -> list[Report]:
    return sorted(kept, key=lambda report: (-(report.published or dt.date.min).toordinal(), report_key(report)))


@pytest.mark.parametrize(("asked", "keeps"), CASES, ids=[repr(case[0]) for case in CASES])
def test_claims_are_those_that_a_loop_keeps(full: Ledger, asked: dict[str, Any], keeps: Keeps) -> None:
    expected = [claim for report in in_order(READ) for claim in report.claims if keeps(Telling(report, claim))]

    assert [found.claim for found in claims(full, **asked)] == expected


@pytest.mark.parametrize("few", [True, False])
@pytest.mark.parametrize("table", ["claims", "reports"])
def test_answers_do_not_depend_on_how_they_are_looked_up(full: Ledger, few: bool, table: str) -> None:
    for asked, _ in CASES:
        chosen, on = wanted(asked), full.on_sqlite
        counts = dict.fromkeys([*asked, "claims"], few)
        if table == "claims":
            given, other = (
                conditions.on_claims(chosen, on_sqlite=on),
                conditions.on_claims(chosen, on_sqlite=on, counts=counts),
            )
        else:
            given, other = (
                conditions.on_reports(chosen, on_sqlite=on),
                conditions.on_reports(chosen, on_sqlite=on, counts=counts),
            )
        number = schema.metadata.tables[table].c.number
        with full.read() as connection:
            found, again = (set(connection.execute(select(number).where(such)).scalars()) for such in (given, other))

        assert found == again, asked


def test_a_page_counts_what_few_claims_meet(full: Ledger) -> None:
    with full.read() as connection:
        on_claims = conditions.counted(connection, wanted({"text": "arrested", "type": "COERCE"}), "claims")
        on_reports = conditions.counted(connection, wanted({"actor_country": "NE", "outlet": "x"}), "reports")

    assert on_claims == {"text": True}
    assert on_reports == {"actor_country": True, "claims": True}


ABOUT_CLAIMS = [case for case in CASES if not any(BY_NAME[name].about_reports for name in case[0])]


@pytest.mark.parametrize(("asked", "keeps"), ABOUT_CLAIMS, ids=[repr(case[0]) for case in ABOUT_CLAIMS])
def test_reports_are_those_with_such_a_claim(full: Ledger, asked: dict[str, Any], keeps: Keeps) -> None:
    expected = (
        [report for report in in_order(READ) if any(keeps(Telling(report, claim)) for claim in report.claims)]
        if asked
        else in_order(READ)
    )

    assert [stored.report for stored in reports(full, **asked)] == expected


def test_text_of_reports_is_title_and_text(full: Ledger) -> None:
    assert [stored.report.title for stored in reports(full, text='"report 11" dispatch unicode')] == ["Report 11"]


def test_every_filter_is_tried() -> None:
    assert {name for asked, _ in CASES for name in asked} == set(BY_NAME)


def test_pages_join_to_the_whole(full: Ledger) -> None:
    everything = list(claims(full))
    found: list[Telling] = []
    after = None
    while True:
        page = claims_page(full, wanted({}), limit=7, after=after)
        found += page.found
        after = page.after
        if after is None:
            break

    assert found == everything
    assert list(claims(full, limit=11)) == everything[:11]
    assert [stored.report for stored in reports(full, limit=3)] == in_order(READ)[:3]


def test_a_page_goes_on_where_it_stopped_whatever_was_added(book: Ledger) -> None:
    known, later = READ[:20], READ[20:40]
    for report in known:
        Writer(book, "1").add(report)
    first = claims_page(book, wanted({}), limit=10)
    for report in later:
        Writer(book, "1").add(report)

    rest = list(claims(book, after=first.after))

    seen = [found.claim.id for found in (*first.found, *rest)]
    assert {claim.id for report in known for claim in report.claims} <= set(seen)
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(
    ("asked", "phrase"),
    [
        ({}, ""),
        ({"country": ["ML", "NE"], "type": "COERCE"}, "of type COERCE, in ML or NE"),
        ({"country": ["xk", "AN"]}, "in XK or AN"),
        ({"since": "2025-08", "historical": False}, "published since 2025-08, told as background: no"),
        ({"as_of": "2025-02", "text": "coup"}, "with the words coup, as known at 2025-02-28T23:59:59.999999Z"),
    ],
)
def test_filters_say_in_words_what_they_keep(asked: dict[str, Any], phrase: str) -> None:
    assert wanted(asked).phrase == phrase


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"kind": "COERCE"}, "there is no filter 'kind'"),
        ({"type": "WAR"}, "'WAR' is no event type; known are ACCUSE,"),
        ({"country": "Mali"}, "ISO 3166 code of two letters"),
        ({"country": "XX"}, "'XX' is no country; write its ISO 3166 code"),
        ({"actor_country": "TA"}, "'TA' is no country"),
        ({"since": "August"}, "write it as 2025-08-10"),
        ({"since": "2025-02-30"}, "is no day"),
        ({"since": ["2025", "2026"]}, "since takes one value, not 2"),
        ({"min_confidence": "nan"}, "number from 0 to 1"),
        ({"text": "?!"}, "no word to look for"),
        ({"as_of": "yesterday"}, "is no moment"),
        ({"historical": "perhaps"}, "neither true nor false"),
        ({"geonameid": "Bamako"}, "no GeoNames id"),
        ({"place": "..."}, "no word in"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_would(asked: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        wanted(asked)


@pytest.mark.parametrize("cursor", ["", "1", "x.y", "1.2.3", "-1.2", "٣.1", "9" * 50 + ".1"])
def test_a_cursor_that_is_none_is_refused(full: Ledger, cursor: str) -> None:
    with pytest.raises(ConfigError, match="no place to go on from"):
        list(claims(full, after=cursor))


def test_options_are_named_after_arguments() -> None:
    assert [row.option for row in FILTERS][:3] == ["--type", "--mode", "--country"]
    assert BY_NAME["source_kind"].option == "--source-kind"


def test_searches_are_written_for_each_database() -> None:
    search = 'Écho "a security source" arrest* U.S.'

    assert fts5(search) == '"echo" AND "a security source" AND "arrest"* AND "u s"'
    assert tsquery(search) == "('echo') & ('a' <-> 'security' <-> 'source') & ('arrest':*) & ('u' <-> 's')"

"""What goes into a ledger comes out as it was, and nothing changes when it comes again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from tests.ledger import invented

from sayso import layout
from sayso.errors import InputError
from sayso.ledger import Fate, Kept, Ledger, Writer, add, claims, failures, reports, schema
from sayso.ledger.values import report_key
from sayso.model import Argument, Count, Counted, Report, Span


def contents(book: Ledger) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with book.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in schema.metadata.sorted_tables
        }


def order(report: Report) -> tuple[int, str]:
    """The order in which a ledger gives its reports: newest first."""
    return -(report.published.toordinal() if report.published else 0), report_key(report)


def test_reports_come_back_as_they_were_read(book: Ledger) -> None:
    read = [invented.read(report) for report in invented.reports(40)]
    writer = Writer(book, "1")

    assert all(writer.add(report) for report in read)
    assert [stored.report for stored in reports(book)] == sorted(read, key=order)


def test_rows_of_claims_are_those_of_reading(book: Ledger) -> None:
    read = [invented.read(report) for report in invented.reports(40)]
    for report in read:
        Writer(book, "1").add(report)

    rows = [row for found in claims(book) for row in layout.rows(replace(found.report, claims=(found.claim,)))]

    assert rows == [row for report in sorted(read, key=order) for row in layout.rows(report)]


def test_adding_again_changes_no_row(book: Ledger) -> None:
    first = add(Writer(book, "1"), invented.reports(30), invented.read_all)
    before = contents(book)
    asked: list[Report] = []

    def listening(given: Iterator[Report]) -> Iterator[Report]:
        for report in given:
            asked.append(report)
            yield invented.read(report)

    again = add(Writer(book, "1"), invented.reports(30), listening)

    assert (first[Fate.READ], again[Fate.READ], again[Fate.THERE]) == (30, 0, 30)
    assert asked == []
    assert contents(book) == before


def test_a_report_of_same_text_and_outlet_is_there_whatever_its_id(book: Ledger) -> None:
    report = invented.read(invented.report(1))
    writer = Writer(book, "1")

    assert writer.add(report)
    assert not writer.add(replace(report, id="another"))
    assert writer.add(replace(report, outlet="Another"))


def test_different_texts_may_come_with_one_id(book: Ledger) -> None:
    writer = Writer(book, "1")
    for number in (1, 2):
        assert writer.add(invented.read(replace(invented.report(number), id="1")))

    assert {stored.report.text for stored in reports(book)} == {invented.report(number).text for number in (1, 2)}


def test_a_report_that_no_database_can_hold_fails_alone(book: Ledger) -> None:
    bad = replace(invented.report(1), text=invented.report(1).text + " \0")
    tally = add(Writer(book, "1"), [bad, invented.report(2)], invented.read_all)

    assert (tally[Fate.READ], tally[Fate.FAILED]) == (1, 1)
    assert [failure.message for failure in failures(book)] == [
        "its text holds a NUL character, which a ledger cannot store"
    ]


def test_a_number_beyond_the_database_fails_alone(book: Ledger) -> None:
    report = invented.read(invented.report(1))
    claim = replace(report.claims[0], count=Argument(Span(0, 1), Count(10**30, None, Counted.OTHER)))

    with pytest.raises(InputError, match="more than a ledger can store"):
        Writer(book, "1").add(replace(report, claims=(claim,)))
    assert list(reports(book)) == []


def test_raw_bytes_are_kept_once_and_unaltered(book: Ledger) -> None:
    writer = Writer(book, "1")
    for number in (1, 2):
        writer.add(invented.read(invented.report(number)), Kept(raw=b"\0\xff bytes"))

    with book.read() as connection:
        assert connection.execute(select(schema.raw.c.content)).scalars().all() == [b"\0\xff bytes"]
    assert len({stored.raw for stored in reports(book)}) == 1


def test_the_report_keeps_the_issues_it_came_with(book: Ledger) -> None:
    add(
        Writer(book, "1"),
        [replace(invented.report(1), issues=("no day",))],
        invented.read_all,
        kept=lambda report: Kept(report.issues),
    )

    with book.read() as connection:
        assert connection.execute(select(schema.reports.c.issues)).scalar() == '["no day"]'
    assert [stored.report.issues for stored in reports(book)] == [("no day", "read by version 1")]


def test_a_long_text_is_stored_whole(book: Ledger) -> None:
    words = " ".join(f"word{number}" for number in range(200_000))
    report = replace(invented.report(1), text=words, id="long")

    assert Writer(book, "1").add(report)
    assert next(reports(book, text="word99")).report.text == words


def test_failures_are_noted_once(book: Ledger) -> None:
    for _ in range(2):
        Writer(book, "1").fail("a\udcff.html", "no\0 text")

    assert [(failure.source, failure.message) for failure in failures(book)] == [("a\\udcff.html", "no\\0 text")]


def test_no_table_could_link_a_source_across_reports(book: Ledger) -> None:
    """Sources are characters of one report: no column of the schema holds their words, or refers to them."""
    columns = {
        f"{table.name}.{column.name}"
        for table in schema.metadata.sorted_tables
        for column in table.columns
        if "source" in column.name
    }

    assert columns == {
        "claims.source_kind",
        "claims.source_start",
        "claims.source_stop",
        "claims.source_confidence",
        "failures.source",
    }
    with book.read() as connection:
        assert connection.execute(select(func.count()).select_from(schema.claims)).scalar() == 0

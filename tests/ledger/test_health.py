"""What the doctor says of a ledger, in words that fit how many there are."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from tests.ledger import invented

from sayso.ledger import Ledger, Writer, health, schema
from sayso.ledger.team import audit


def said(where: str) -> dict[str, tuple[bool, str]]:
    return {check.name: (check.ok, check.said) for check in health.ledger_checks(where)}


@pytest.mark.parametrize(("count", "words"), [(1, "1 report without one"), (2, "2 reports without one")])
def test_says_how_many_reports_have_no_reading(where: str, book: Ledger, count: int, words: str) -> None:
    """It said "1 reports without one"."""
    for report in invented.read_all(invented.reports(3)):
        Writer(book, "1").add(report)
    readings = schema.readings.c
    some = select(readings.number).order_by(readings.number).limit(count)
    with book.write() as connection:
        numbers = connection.execute(some).scalars().all()
        gone = update(schema.readings).where(readings.number.in_(numbers))
        connection.execute(gone.values(superseded_at="2025-01-01T00:00:00.000000Z"))

    assert said(where)["readings"] == (False, words)


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 reports, 0 claims"), (1, "1 report, 3 claims"), (2, "2 reports, 6")]
)
def test_says_what_a_ledger_holds(where: str, book: Ledger, count: int, words: str) -> None:
    for report in invented.read_all(invented.reports(count)):
        Writer(book, "1").add(report)

    assert words in said(where)["ledger"][1]


@pytest.mark.parametrize(
    ("rows", "words"), [(1, "1 row, and it is as it was written;"), (2, "2 rows fit one another;")]
)
def test_says_how_many_rows_the_audit_log_has(where: str, book: Ledger, rows: int, words: str) -> None:
    for _ in range(rows):
        audit.note(book, "ana", "export")

    assert said(where)["audit log"][1].startswith(words)

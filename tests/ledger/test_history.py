"""What was known at any moment can be asked, whatever was added and read anew in whatever order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from tests.ledger import invented
from tests.ledger.conftest import fresh_database

from sayso.ledger import Fate, Kept, Ledger, Writer, add, claims, open_ledger, outdated, reports, reread
from sayso.model import Report

START = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
VERSIONS = st.sampled_from(["1", "2", "3"])


def by(version: str) -> Callable[[Iterator[Report]], Iterator[Report]]:
    """A reader of that version."""
    return lambda given: (invented.read(report, version) for report in given)


class History(RuleBasedStateMachine):
    """Adds and rereads at moments of its own, and compares every moment's answer with a plain list of readings."""

    def __init__(self, book: Ledger) -> None:
        super().__init__()
        self.book = book
        self.hour = 0
        self.readings: list[tuple[int, str, int, int | None]] = []  # number of the report, version, from hour, to hour

    def teardown(self) -> None:
        self.book.close()

    def writer(self, version: str) -> Writer:
        self.hour += 1
        now = START + dt.timedelta(hours=self.hour)
        return Writer(self.book, version, now=lambda: now)

    @rule(numbers=st.lists(st.integers(0, 8), max_size=4), version=VERSIONS)
    def add(self, numbers: list[int], version: str) -> None:
        tally = add(
            self.writer(version),
            [invented.report(number) for number in numbers],
            by(version),
            kept=lambda report: Kept(report.issues),
        )
        new = sorted(set(numbers) - {number for number, *_ in self.readings})
        self.readings += [(number, version, self.hour, None) for number in new]

        assert (tally[Fate.READ], tally[Fate.THERE]) == (len(new), len(numbers) - len(new))

    @rule(version=VERSIONS)
    def reread(self, version: str) -> None:
        stale = [row for row in self.readings if row[3] is None and row[1] != version]
        assert outdated(self.book, version) == len(stale)
        tally = reread(self.writer(version), by(version))
        for number, former, since, _ in stale:
            self.readings.remove((number, former, since, None))
            self.readings += [(number, former, since, self.hour), (number, version, self.hour, None)]

        assert tally[Fate.READ] == len(stale)

    @rule(share=st.floats(0, 1))
    def ask_as_of(self, share: float) -> None:
        hour = round(share * self.hour)
        known = [row for row in self.readings if row[2] <= hour and (row[3] is None or row[3] > hour)]
        moment = START + dt.timedelta(hours=hour)

        assert sorted(found.claim.id for found in claims(self.book, as_of=moment)) == self.ids(known)
        assert sorted((s.report.id, s.version, s.report) for s in reports(self.book, as_of=moment)) == sorted(
            (invented.report(n).id, version, invented.read(invented.report(n), version)) for n, version, *_ in known
        )

    @invariant()
    def now_is_what_stands(self) -> None:
        assert sorted(found.claim.id for found in claims(self.book)) == self.ids(
            [row for row in self.readings if row[3] is None]
        )

    @staticmethod
    def ids(readings: list[tuple[int, str, int, int | None]]) -> list[str]:
        return sorted(
            claim.id for n, version, *_ in readings for claim in invented.read(invented.report(n), version).claims
        )


@pytest.mark.parametrize(("database", "examples"), [("sqlite", 10), ("postgresql", 5)])
def test_every_moment_keeps_its_answer(
    database: str, examples: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    made = iter(range(10_000))

    def machine() -> History:
        if database == "sqlite":
            return History(open_ledger(tmp_path / f"{next(made)}.db", create=True))
        return History(open_ledger(fresh_database(request.getfixturevalue("postgres")), create=True))

    run_state_machine_as_test(
        cast("type[RuleBasedStateMachine]", machine),
        settings=settings(max_examples=examples, stateful_step_count=12, deadline=None, derandomize=True),
    )


def test_a_stopped_rereading_goes_on(book: Ledger) -> None:
    add(Writer(book, "1"), invented.reports(10), by("1"))

    def breaks(given: Iterator[Report]) -> Iterator[Report]:
        for index, report in enumerate(given):
            if index == 4:
                raise KeyboardInterrupt
            yield invented.read(report, "2")

    with pytest.raises(KeyboardInterrupt):
        reread(Writer(book, "2"), breaks)

    assert outdated(book, "2") == 6
    assert reread(Writer(book, "2"), by("2"))[Fate.READ] == 6
    assert reread(Writer(book, "2"), by("2")).counts == dict.fromkeys(Fate, 0)


def test_rereading_starts_from_the_issues_that_the_report_came_with(book: Ledger) -> None:
    add(Writer(book, "1"), [invented.report(1)], by("1"), kept=lambda report: Kept(report.issues))
    reread(Writer(book, "2"), by("2"))

    assert [stored.report for stored in reports(book)] == [invented.read(invented.report(1), "2")]

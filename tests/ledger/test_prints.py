"""Prints of one text share an origin in the ledger, whatever the order, the batches, and how many programs add them at once."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from tests.ledger import invented
from tests.ledger.test_interrupted import COPIES, FORK

from sayso.ingest.origins import Origins, signature
from sayso.ledger import Ledger, Writer, add, claims, open_ledger, reports, schema
from sayso.ledger.values import report_key
from sayso.model import Report

DAY = dt.date(2025, 8, 10)


def prose(seed: int, words: int = 240) -> str:
    """Sentences of words that no other seed has in the same order."""
    chance = random.Random(seed)
    return " ".join(
        " ".join(f"word{chance.randrange(400)}" for _ in range(15)).capitalize() + "." for _ in range(words // 15)
    )


def printed(said: str, outlet: str | None, days: int | None = 0) -> Report:
    """A report of that text, `days` after `DAY`."""
    return Report(
        id=outlet or "", text=said, outlet=outlet, published=None if days is None else DAY + dt.timedelta(days)
    )


def family(story: int) -> list[Report]:
    """One story as six papers print it: whole, cut at either end, with a credit; two cuts that only the whole one joins."""
    words = prose(story).split()
    first, last = " ".join(words[:150]), " ".join(words[90:])
    return [
        printed(" ".join(words), f"{story} Whole", 2),
        printed(first, f"{story} Beginning", 1),
        printed(last, f"{story} End", 3),
        printed(f"PARIS, Aug 10 (AFP) - {' '.join(words)}", f"{story} Credit", 2),
        printed(f"{' '.join(words)} Own words at the end.", f"{story} Undated", None),
        printed(" ".join(words), f"{story} A month later", 40),
    ]


EVERYTHING = [report for story in range(6) for report in family(story)] + [
    printed(prose(100 + number), f"Alone {number}") for number in range(4)
]


def expected(given: list[Report]) -> dict[str, str]:
    """Key of each report to that of its origin, as found in memory."""
    index = Origins()
    for report in given:
        index.add(report_key(report), signature(report))
    return {report_key(report): index.origin(report_key(report)) for report in given}


def held(book: Ledger) -> dict[str, str | None]:
    """The same, as the ledger has it."""
    return {report_key(stored.report): stored.origin for stored in reports(book)}


def adds(where: str, given: list[Report]) -> None:
    with open_ledger(where, create=True) as book:
        add(Writer(book, "1", copies=COPIES), given, invented.read_all)


@pytest.mark.parametrize("seed", range(3))
def test_origins_do_not_depend_on_the_order_nor_on_batches(book: Ledger, where: str, seed: int) -> None:
    shuffled = random.Random(seed).sample(EVERYTHING, len(EVERYTHING))
    for start in range(0, len(shuffled), 11):
        adds(where, shuffled[start : start + 11])

    assert held(book) == expected(EVERYTHING)


def test_eight_processes_at_once_lose_no_union(where: str) -> None:
    with open_ledger(where, create=True):
        pass
    shares = [random.Random(seed).sample(EVERYTHING, len(EVERYTHING)) for seed in range(8)]
    children = [FORK.Process(target=adds, args=(where, share)) for share in shares]
    for child in children:
        child.start()
    for child in children:
        child.join()

    assert [child.exitcode for child in children] == [0] * 8
    with open_ledger(where) as book:
        assert held(book) == expected(EVERYTHING)


def test_a_report_that_is_like_two_groups_makes_them_one(book: Ledger) -> None:
    whole, first, last, *_ = family(1)
    writer = Writer(book, "1", copies=COPIES)
    for report in (last, first):
        writer.add(report)
    apart = held(book)
    writer.add(whole)

    assert len(set(apart.values())) == 2
    assert set(held(book).values()) == {report_key(first)}


def test_a_round_up_joins_no_two_stories(book: Ledger) -> None:
    stories = [printed(prose(number), f"Story {number}") for number in range(20, 23)]
    round_up = printed("\n".join(story.text for story in stories), "Round-up")
    add(Writer(book, "1", copies=COPIES), [*stories, round_up], invented.read_all)

    origins = held(book)
    assert len({origins[report_key(story)] for story in stories}) == 3


def test_an_agency_story_in_thirty_papers_is_one_origin(book: Ledger) -> None:
    story = prose(7)
    papers = [
        printed(story if number % 3 else f"NIAMEY, Aug 10 (AFP) - {story}\n© AFP", f"Paper {number}")
        for number in range(30)
    ]
    add(Writer(book, "1", copies=COPIES), [*papers, printed(prose(8), "Paper 31")], invented.read_all)

    stored = list(reports(book))
    assert sorted({(one.origin, one.prints) for one in stored}, key=lambda pair: pair[1]) == [
        (report_key(printed(prose(8), "Paper 31")), 1),
        (min(map(report_key, papers)), 30),
    ]


def test_claims_know_the_origin_of_their_report(book: Ledger) -> None:
    one = replace(invented.report(1), published=DAY)
    other = replace(one, outlet="Another", published=DAY + dt.timedelta(1))
    add(Writer(book, "1", copies=COPIES), [other, one, invented.report(2)], invented.read_all)

    assert {(found.report.outlet, found.origin) for found in claims(book)} == {
        (one.outlet, report_key(one)),
        ("Another", report_key(one)),
        (invented.report(2).outlet, report_key(invented.report(2))),
    }


def test_a_writer_that_cannot_tell_copies_leaves_each_report_its_own_origin(book: Ledger) -> None:
    add(Writer(book, "1"), EVERYTHING, invented.read_all)

    assert held(book) == {report_key(report): report_key(report) for report in EVERYTHING}


def test_reports_without_a_signature_get_theirs_when_something_is_added(book: Ledger) -> None:
    add(Writer(book, "1"), EVERYTHING[:-1], invented.read_all)
    add(Writer(book, "1", copies=COPIES), EVERYTHING[-1:], invented.read_all)

    assert held(book) == expected(EVERYTHING)
    with book.read() as connection:
        assert connection.execute(select(func.count()).select_from(schema.signatures)).scalar_one() == len(EVERYTHING)


def test_an_origin_is_named_after_the_earliest_print(book: Ledger) -> None:
    writer = Writer(book, "1", copies=COPIES)
    late, early, undated = (printed(prose(9), name, days) for name, days in (("A", 5), ("B", 1), ("C", None)))
    names = []
    for report in (undated, late, early):
        writer.add(report)
        names.append(set(held(book).values()))

    assert names == [{report_key(undated)}, {report_key(late)}, {report_key(early)}]

"""The audit log and what it tells of are one: where the database refuses either, neither is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select, text
from tests.ledger import invented

from sayso import pipeline
from sayso.errors import LedgerError
from sayso.ledger import Ledger, Writer, add, filters, incidents, open_ledger, schema
from sayso.ledger.judgements import coding, merging, review
from sayso.ledger.judgements.review import Reviewer
from sayso.ledger.judgements.slots import Correction
from sayso.ledger.team import audit, searches
from sayso.model import Incident

# All that an act may write, but for what was worked out before it.
WRITTEN = (
    schema.judgements, schema.reviewed, schema.claims, schema.memberships, schema.turns, schema.samples, schema.sampled,
    schema.codings, schema.missed, schema.searches, schema.desk_log,
)  # fmt: skip
_ON_SQLITE = "CREATE TRIGGER refuse_{event} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, 'refused here'); END"
_REFUSAL = (
    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused here'; END $$"
)
_ON_POSTGRESQL = "CREATE TRIGGER refuse_{event} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()"


def refuse(book: Ledger, table: str) -> None:
    """Makes the database refuse every row that is added to a table, changed in it, or taken out."""
    with book.write() as connection:
        if not book.on_sqlite:
            connection.execute(text(_REFUSAL))
        for event in ("INSERT", "UPDATE", "DELETE"):
            statement = _ON_SQLITE if book.on_sqlite else _ON_POSTGRESQL
            connection.execute(text(statement.format(event=event, table=table)))


def state(book: Ledger) -> dict[str, list[Any]]:
    """Every row of what acts write."""
    with book.read() as connection:
        return {table.name: sorted(map(repr, connection.execute(select(table)))) for table in WRITTEN}


@pytest.fixture
def told(where: str) -> Iterator[Ledger]:
    """Two tellings of one event and three of another, brought together; one claim judged and two incidents merged by ana."""
    with open_ledger(where, create=True, rules=pipeline.rules()) as book:
        reports = [invented.event(*one) for one in ((0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 0), (3, 0))]
        add(Writer(book, "1"), reports, invented.read_all)
        ana(book).accept(*first(book))
        one, other, *_ = sorted(found.id for found in incidents.find(book) if len(found.tellings) == 1)
        merging.merge(book, one, other, by="ana")
        yield book


def ana(book: Ledger) -> Reviewer:
    return Reviewer(book, "ana", pipeline.resolve_claim)


def first(book: Ledger) -> tuple[str, str]:
    """Key of a report, and a claim of it that nobody has judged."""
    key, telling = review.queue(book, filters.wanted({}), limit=1).found[0]
    return key, telling.claim.id


def of(book: Ledger, size: int) -> Incident:
    """The incident with so many claims, and ids of its claims."""
    return next(found for found in incidents.find(book) if len(found.tellings) == size)


def missed(book: Ledger) -> None:
    key, claim = first(book)
    report = review.reviewed(book, key).report
    trigger = next(one.trigger for one in report.claims if one.id == claim)
    ana(book).add(key, trigger, {"type": Correction(value="COUP")})


def drawn(book: Ledger) -> coding.Item:
    """A claim of a new sample, as bea has it."""
    sample = coding.draw(book, 1, by="ana")
    found = coding.following(book, sample.id, coder="bea")
    assert found is not None
    return found


def code(book: Ledger, item: coding.Item) -> None:
    coding.finish(book, item, kept=True)


def recode(book: Ledger, item: coding.Item) -> None:
    coding.correct(book, item, {"historical": Correction(value=True)}, resolve=pipeline.resolve_claim)


def overlooked(book: Ledger, item: coding.Item) -> coding.Added:
    given = {"type": Correction(value="COUP")}
    return coding.add(book, item, item.claim.trigger, given, resolve=pipeline.resolve_claim)


@dataclass(frozen=True)
class Deed:
    """What somebody does, what the log calls it, and the table that it is kept in; `before` prepares what it is done to."""

    does: Callable[[Ledger, Any], object]
    what: str
    table: str = "judgements"
    before: Callable[[Ledger], object] = lambda _: None
    who: str = "ana"


DEEDS = {
    "accept": Deed(lambda book, _: ana(book).accept(*first(book)), "claim accepted"),
    "reject": Deed(lambda book, _: ana(book).reject(*first(book)), "claim rejected"),
    "correct": Deed(
        lambda book, _: ana(book).correct(*first(book), {"status": Correction(value="planned")}), "claim corrected"
    ),
    "add": Deed(lambda book, _: missed(book), "claim added"),
    "undo a judgement": Deed(lambda book, _: ana(book).undo(), "judgement undone"),
    "merge": Deed(
        lambda book, _: merging.merge(book, of(book, 2).id, of(book, 3).id, by="ana", why="one raid"),
        "incidents merged",
    ),
    "split": Deed(
        lambda book, _: merging.split(book, of(book, 3).id, [of(book, 3).tellings[0].claim.id], by="ana"),
        "incident split",
    ),
    "undo a merge": Deed(lambda book, _: merging.undo(book, by="ana"), "incidents undone"),
    "draw": Deed(lambda book, _: coding.draw(book, 1, by="ana"), "sample drawn", "samples"),
    "code": Deed(code, "claim coded", "codings", drawn, "bea"),
    "recode": Deed(recode, "coding corrected", "codings", drawn, "bea"),
    "add for a sample": Deed(overlooked, "missed claim added", "missed", drawn, "bea"),
    "take out of a sample": Deed(
        lambda book, given: coding.withdraw(book, given[0].sample, given[1].number, coder="bea"),
        "missed claim withdrawn",
        "missed",
        lambda book: (item := drawn(book), overlooked(book, item)),
        "bea",
    ),
    "save a search": Deed(lambda book, _: searches.save(book, "Mali", {}, owner="ana"), "search saved", "searches"),
    "end a search": Deed(
        lambda book, search: searches.end(book, search.id, by="ana"),
        "search ended",
        "searches",
        lambda book: searches.save(book, "Mali", {}, owner="ana"),
    ),
}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_an_act_leaves_one_row_that_says_who_did_what(told: Ledger, deed: Deed) -> None:
    given = deed.before(told)
    before = audit.chain(told).rows

    deed.does(told, given)

    assert [(one.number, one.who, one.what) for one in audit.entries(told, limit=1)] == [
        (before + 1, deed.who, deed.what)
    ]
    assert audit.chain(told).broken is None


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
@pytest.mark.parametrize("side", ["the log", "what was done"])
def test_neither_an_act_nor_its_row_is_there_without_the_other(told: Ledger, deed: Deed, side: str) -> None:
    """A stop between the two used to lose the row of the log."""
    given = deed.before(told)
    before = state(told)
    refuse(told, "desk_log" if side == "the log" else deed.table)

    with pytest.raises(LedgerError, match="refused here"):
        deed.does(told, given)

    assert state(told) == before


def test_the_log_holds_what_a_correction_put_in_and_why(told: Ledger) -> None:
    key, claim = first(told)
    act = ana(told).correct(key, claim, {"status": Correction(value="planned")}, why="for tomorrow")

    (row,) = audit.entries(told, limit=1)

    said = {"report": key, "claim": claim, "batch": act.batch, "why": "for tomorrow"}
    assert dict(row.about) == said | {"judged": {"status": {"slot": "planned"}}}


def test_who_acts_in_the_name_of_another_is_who_the_log_names(told: Ledger) -> None:
    one, other = of(told, 2).id, of(told, 3).id
    done = merging.merge(told, one, other, by="ana", who="root")

    (row,) = audit.entries(told, limit=1)

    assert (row.who, row.what) == ("root", "incidents merged")
    assert dict(row.about) == {"incident": one, "other": other, "batch": done.batch, "by": "ana"}

"""Incidents follow from claims and judgements alone: whatever the order, the batches, the stops, and at every moment."""

from __future__ import annotations

import contextlib
import datetime as dt
import multiprocessing
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from tests.ledger import invented
from tests.ledger.conftest import fresh_database
from tests.ledger.invented import event

from sayso import pipeline
from sayso.errors import ConfigError
from sayso.ingest import origins
from sayso.ledger import Copies, Ledger, Writer, add, claims, filters, incidents, open_ledger, reread, schema
from sayso.ledger.grouping import settling
from sayso.ledger.incidents import Redirected, Withdrawn
from sayso.ledger.judgements.review import Reviewer
from sayso.ledger.values import report_key
from sayso.model import Incident, Report
from sayso.reconcile.facts import Facts

RULES = pipeline.rules()
COPIES = Copies(origins.sign, origins.alike, origins.DAYS_APART)
START = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
FORK = multiprocessing.get_context("fork")
MANY = 60
Groups = dict[str, list[str]]


def groups(book: Ledger, as_of: dt.datetime | None = None) -> Groups:
    """Ids of claims by incident, as users get them."""
    return {one.id: sorted(telling.claim.id for telling in one.tellings) for one in incidents.find(book, as_of=as_of)}


def partition(book: Ledger) -> list[list[str]]:
    """Which claims stand together, whatever their incidents are called."""
    return sorted(groups(book).values())


def adding(book: Ledger, reports: list[Report], version: str = "1") -> None:
    add(Writer(book, version, copies=COPIES), reports, lambda given: (invented.read(one, version) for one in given))


@pytest.fixture
def kept(where: str) -> Iterator[Ledger]:
    """An empty ledger that brings claims together."""
    with open_ledger(where, create=True, rules=RULES) as book:
        yield book


@pytest.fixture
def told(kept: Ledger) -> Ledger:
    """Two tellings of event 0, three of event 1, one of event 2."""
    adding(kept, [event(0), event(0, 1), event(1), event(1, 1), event(1, 2), event(2)])
    return kept


def ids(book: Ledger) -> list[str]:
    """Ids of the incidents of `told`: that of two, of three, and of one telling."""
    by_size = {len(claims): name for name, claims in groups(book).items()}
    return [by_size[2], by_size[3], by_size[1]]


# --- order ---


def expected(folder: Path, reports: list[Report]) -> list[list[str]]:
    with open_ledger(folder / "calm.db", create=True, rules=RULES) as book:
        adding(book, reports)
        return partition(book)


def test_tellings_of_one_event_are_one_incident(told: Ledger) -> None:
    assert sorted(map(len, groups(told).values())) == [1, 2, 3]


@pytest.mark.parametrize(("database", "orders"), [("sqlite", 9), ("postgresql", 3)])
def test_any_order_in_any_batches_gives_one_partition(
    database: str, orders: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    reports = list(invented.reports(MANY))
    wanted = expected(tmp_path, reports)
    for seed in range(orders):
        shuffled = random.Random(seed).sample(reports, len(reports))
        where = str(tmp_path / f"{seed}.db")
        if database == "postgresql":
            where = fresh_database(request.getfixturevalue("postgres"))
        with open_ledger(where, create=True, rules=RULES) as book:
            size = (1, 10, MANY)[seed % 3]
            for first in range(0, MANY, size):
                adding(book, shuffled[first : first + size])

            assert partition(book) == wanted
    assert max(map(len, wanted)) > 3


def adds(where: str, seed: int) -> None:
    """Adds all in an order of its own."""
    with open_ledger(where, create=True, rules=RULES) as book:
        adding(book, random.Random(seed).sample(list(invented.reports(MANY)), MANY))


def test_programs_that_add_at_once_give_the_same(where: str, tmp_path: Path) -> None:
    children = [FORK.Process(target=adds, args=(where, seed)) for seed in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join()

    assert [child.exitcode for child in children] == [0, 0, 0]
    with open_ledger(where) as book:
        assert settling.unsettled(book) == 0
        assert partition(book) == expected(tmp_path, list(invented.reports(MANY)))


def test_what_a_stop_left_over_is_done_at_the_next_start(where: str, tmp_path: Path) -> None:
    reports = list(invented.reports(MANY))
    with open_ledger(where, create=True) as book:
        adding(book, reports)
        assert settling.unsettled(book) > MANY
        assert groups(book) == {}
    with open_ledger(where, rules=RULES) as book:
        adding(book, [])

        assert settling.unsettled(book) == 0
        assert partition(book) == expected(tmp_path, reports)


def test_working_all_out_anew_changes_nothing(kept: Ledger) -> None:
    reports = list(invented.reports(MANY))
    for report in reports:
        adding(kept, [report])
    before = groups(kept)

    settling.rebuild(kept)

    assert groups(kept) == before


def test_other_rules_compare_everything_anew(told: Ledger) -> None:
    told.rules = replace(RULES, version="other", link=1000.0)
    adding(told, [])

    assert sorted(map(len, groups(told).values())) == [1] * 6


def test_copies_found_later_are_compared_as_copies(kept: Ledger) -> None:
    """A report that turns out to be a copy changes what its claims weigh."""
    long = " ".join(f"word{number}" for number in range(300))
    first, second = (
        Report(
            id=str(n), text=f"{event(n).text} {long}", outlet=f"Outlet {n}", published=event(0).published, language="en"
        )
        for n in (0, 1)
    )
    add(Writer(kept, "1"), [first, second], invented.read_all)
    adding(kept, [])
    before = groups(kept)
    with kept.read() as connection:
        assert len(set(connection.execute(select(schema.origins.c.origin)).scalars())) == 1

    settling.rebuild(kept)

    assert groups(kept) == before


# --- every moment ---


class History(RuleBasedStateMachine):
    """Adds, rereads, merges, splits and undoes, each at an hour of its own, and remembers what there was then."""

    def __init__(self, book: Ledger) -> None:
        super().__init__()
        self.book = book
        self.hour = 0
        self.remembered: dict[int, Groups] = {0: {}}
        self.version = "1"

    def teardown(self) -> None:
        wanted = partition(self.book)
        settling.rebuild(self.book, now=self.now)
        assert partition(self.book) == wanted
        self.book.close()

    def now(self) -> dt.datetime:
        return START + dt.timedelta(hours=self.hour)

    def writer(self) -> Writer:
        self.hour += 1
        return Writer(self.book, self.version, copies=COPIES, now=self.now)

    def remember(self) -> None:
        self.remembered[self.hour] = groups(self.book)

    @rule(events=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=1, max_size=5))
    def add(self, events: list[tuple[int, int]]) -> None:
        version = self.version
        add(
            self.writer(), [event(*one) for one in events], lambda given: (invented.read(one, version) for one in given)
        )
        self.remember()

    @rule(version=st.sampled_from(["1", "3"]))
    def reread(self, version: str) -> None:
        before = {name: len(claims) for name, claims in groups(self.book).items()}
        self.version = version
        reread(self.writer(), lambda given: (invented.read(one, version) for one in given))
        self.remember()

        assert {name: len(claims) for name, claims in groups(self.book).items()} == before

    @rule(data=st.data(), back=st.booleans())
    def merge(self, data: st.DataObject, back: bool) -> None:
        before = groups(self.book)
        if len(before) < 2:
            return
        one, other = data.draw(st.lists(st.sampled_from(sorted(before)), min_size=2, max_size=2, unique=True))
        self.hour += 1
        incidents.merge(self.book, one, other, by="ana", now=self.now)
        after = groups(self.book)
        self.remember()

        larger = one if len(before[one]) >= len(before[other]) and one in after else other
        assert after == {
            **{name: claims for name, claims in before.items() if name not in (one, other)},
            larger: sorted(before[one] + before[other]),
        }
        gone = {one: other, other: one}[larger]
        assert getattr(incidents.incident(self.book, gone), "to", None) == larger
        if back:
            self.undo()
            assert groups(self.book) == before

    @rule(data=st.data(), back=st.booleans())
    def split(self, data: st.DataObject, back: bool) -> None:
        before = groups(self.book)
        large = sorted(name for name, claims in before.items() if len(claims) > 1)
        if not large:
            return
        name = data.draw(st.sampled_from(large))
        leaving = data.draw(
            st.lists(st.sampled_from(before[name]), min_size=1, max_size=len(before[name]) - 1, unique=True)
        )
        self.hour += 1
        incidents.split(self.book, name, leaving, by="ana", now=self.now)
        self.remember()

        staying = sorted(set(before[name]) - set(leaving))
        others = [claims for other, claims in before.items() if other != name]
        assert partition(self.book) == sorted([*others, sorted(leaving), staying])
        if back:
            self.undo()
            assert groups(self.book) == before

    @rule()
    def undo(self) -> None:
        self.hour += 1
        with contextlib.suppress(ConfigError):  # nothing to undo
            incidents.undo(self.book, by="ana", now=self.now)
        self.remember()

    @rule(share=st.floats(0, 1))
    def ask_as_of(self, share: float) -> None:
        hour = max(known for known in self.remembered if known <= round(share * self.hour))

        assert groups(self.book, START + dt.timedelta(hours=hour)) == self.remembered[hour]

    @invariant()
    def every_id_that_ever_was_leads_somewhere(self) -> None:
        now = groups(self.book)
        for name in {name for known in self.remembered.values() for name in known}:
            found = incidents.incident(self.book, name)
            assert isinstance(found, (Incident, Withdrawn)) or found.to in now
            assert isinstance(found, Incident) == (name in now)


@pytest.mark.parametrize(("database", "examples"), [("sqlite", 12), ("postgresql", 4)])
def test_every_moment_keeps_its_incidents(
    database: str, examples: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    made = iter(range(10_000))

    def machine() -> History:
        where = str(tmp_path / f"{next(made)}.db")
        if database == "postgresql":
            where = fresh_database(request.getfixturevalue("postgres"))
        return History(open_ledger(where, create=True, rules=RULES))

    run_state_machine_as_test(
        cast("type[RuleBasedStateMachine]", machine),
        settings=settings(max_examples=examples, stateful_step_count=12, deadline=None, derandomize=True),
    )


# --- judgements ---


def test_the_larger_keeps_its_id_and_the_other_leads_to_it(told: Ledger) -> None:
    two, three, _ = ids(told)
    incidents.merge(told, two, three, by="ana", why="one raid")

    found = incidents.incident(told, two)

    assert isinstance(found, Redirected)
    assert found.to == three
    assert sorted(map(len, groups(told).values())) == [1, 5]


def test_the_later_of_two_judgements_holds_and_undone_the_earlier_again(told: Ledger) -> None:
    two, three, _ = ids(told)
    before = groups(told)
    incidents.merge(told, two, three, by="ana")
    merged = groups(told)
    incidents.split(told, three, before[two], by="ben")
    split = groups(told)

    incidents.undo(told, by="ben")
    again = groups(told)
    incidents.undo(told, by="ana")

    assert partition_of(split) == partition_of(before)
    assert (again, groups(told)) == (merged, before)


def partition_of(given: Groups) -> list[list[str]]:
    return sorted(given.values())


def test_judgements_hold_after_a_new_reading(told: Ledger) -> None:
    two, three, one = ids(told)
    incidents.merge(told, two, three, by="ana")
    incidents.split(told, three, groups(told)[three][:1], by="ana")
    sizes = sorted(map(len, groups(told).values()))

    reread(Writer(told, "3", copies=COPIES), lambda given: (invented.read(report, "3") for report in given))

    assert sorted(map(len, groups(told).values())) == sizes == [1, 1, 4]
    assert {one, three} <= set(groups(told))


def test_a_rejected_claim_leaves_and_comes_back_to_the_same_incident(told: Ledger) -> None:
    *_, alone = ids(told)
    reviewer = Reviewer(told, "ana", pipeline.resolve_claim)
    before = groups(told)
    reviewer.reject(report_key(event(2)), before[alone][0])

    gone = incidents.incident(told, alone)
    reviewer.undo()

    assert isinstance(gone, Withdrawn)
    assert groups(told) == before


def test_judgements_say_who_when_and_why_and_are_only_revoked(told: Ledger) -> None:
    two, three, _ = ids(told)
    done = incidents.merge(told, two, three, by="ana", why="one raid", now=lambda: START)
    incidents.undo(told, by="ana", now=lambda: START + dt.timedelta(hours=1))

    with told.read() as connection:
        rows = connection.execute(select(schema.judgements)).mappings().all()
    assert {(row["kind"], row["by"], row["why"], row["batch"]) for row in rows} == {
        ("same", "ana", "one raid", done.batch)
    }
    assert {row["made_at"] for row in rows} == {"2025-01-01T00:00:00.000000Z"}
    assert {(row["revoked_at"], row["revoked_by"]) for row in rows} == {("2025-01-01T01:00:00.000000Z", "ana")}


def test_unsure_is_kept_and_changes_nothing(told: Ledger) -> None:
    before = groups(told)
    with told.read() as connection:
        one, other = connection.execute(select(schema.claims.c.number).limit(2)).scalars()
    incidents.judge(told, "unsure", one, other, by="ana", why="two reports in doubt")

    assert groups(told) == before
    kinds = [act.kind for pair in _pairs(told) for act in pair.judged]
    assert kinds in ([], ["unsure"])


def _pairs(book: Ledger) -> list[Any]:
    return [pair for name in groups(book) for pair in incidents.why(book, name)]


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda book, two: incidents.merge(book, two, two, by="a"), "are one incident already"),
        (lambda book, two: incidents.merge(book, two, "nothing", by="a"), "there is no incident 'nothing'"),
        (lambda book, two: incidents.split(book, two, ["x"], by="a"), "has no claim x"),
        (lambda book, two: incidents.split(book, two, groups(book)[two], by="a"), "leave it some"),
        (lambda book, _: incidents.undo(book, by="a"), "a judged nothing that still holds"),
        (lambda book, _: incidents.incident(book, "nothing"), "there is no incident 'nothing'"),
        (lambda book, two: incidents.incident(book, two, as_of="2001"), "was not yet known then"),
        (lambda book, _: incidents.history(book, "nothing"), "there is no incident"),
        (lambda book, _: list(incidents.find(book, after="x")), "no place to go on from"),
    ],
)
def test_what_makes_no_sense_is_refused(told: Ledger, act: Any, message: str) -> None:
    two, _, _ = ids(told)
    before = groups(told)

    with pytest.raises(ConfigError, match=message):
        act(told, two)
    assert groups(told) == before


def test_a_ledger_opened_without_rules_is_asked_and_not_judged(told: Ledger) -> None:
    two, three, _ = ids(told)
    told.rules = None

    assert len(groups(told)) == 3
    with pytest.raises(ConfigError, match=r"open it with sayso\.pipeline\.open_ledger"):
        incidents.merge(told, two, three, by="ana")


# --- asking ---


def test_filters_keep_incidents_with_such_a_claim(kept: Ledger) -> None:
    adding(kept, list(invented.reports(MANY)))
    everything = list(incidents.find(kept))
    for asked in (
        {"type": "COERCE"},
        {"country": ["ML", "NE"], "source_kind": "anonymous"},
        {"text": "arrested soldiers"},
    ):
        kept_claims = defaultdict(set)
        for telling in claims(kept, **asked):
            kept_claims[telling.incident].add(telling.claim.id)
        found = list(incidents.find(kept, **asked))

        assert found == [one for one in everything if one.id in kept_claims]
        assert incidents.count_incidents(kept, filters.wanted(asked)) == len(found)


def test_pages_join_to_the_whole_with_the_last_change_first(kept: Ledger) -> None:
    for report in invented.reports(20):
        adding(kept, [report])
    everything = list(incidents.find(kept))
    found: list[Incident] = []
    after = None
    while True:
        page = incidents.incidents_page(kept, filters.wanted({}), limit=7, after=after)
        found += page.found
        after = page.after
        if after is None:
            break

    assert found == everything
    assert [one.changed_at for one in everything] == sorted((one.changed_at for one in everything), reverse=True)


def test_history_tells_what_happened_in_order(kept: Ledger) -> None:
    hour = 1

    def now() -> dt.datetime:
        return START + dt.timedelta(hours=hour)

    add(Writer(kept, "1", copies=COPIES, now=now), [event(1)], invented.read_all)
    hour = 2
    add(Writer(kept, "1", copies=COPIES, now=now), [event(1, 1), event(1, 2), event(0)], invented.read_all)
    name = next(name for name, told in groups(kept).items() if len(told) == 3)
    other = next(one for one in groups(kept) if one != name)
    hour = 3
    incidents.merge(kept, name, other, by="ana", now=now)

    found = [(change.at[12:13], change.kind) for change in incidents.history(kept, name)]

    assert found[0] == ("1", "begun")
    assert {("1", "joined"), ("2", "joined"), ("2", "number"), ("3", "merged"), ("3", "joined")} <= set(found)
    assert [at for at, _ in found] == sorted(at for at, _ in found)
    assert [change.said for change in incidents.history(kept, other) if change.kind == "merged"] == [
        f"merged into {name}"
    ]


def test_reasons_add_up_for_every_pair(told: Ledger) -> None:
    _, three, _ = ids(told)
    found = incidents.why(told, three)

    assert len(found) == 3
    for pair in found:
        assert sum(feature.weight for feature in pair.comparison.features) == pytest.approx(
            pair.comparison.score, abs=0.01
        )
        assert pair.one.incident == pair.other.incident == three


def test_of_a_large_incident_the_linked_pairs_are_told(told: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    _, three, _ = ids(told)
    every = {
        frozenset((pair.one.claim.id, pair.other.claim.id))
        for pair in incidents.why(told, three)
        if pair.comparison.same
    }
    monkeypatch.setattr("sayso.ledger.history._WHOLE", 1)

    assert {frozenset((pair.one.claim.id, pair.other.claim.id)) for pair in incidents.why(told, three)} == every


def test_nothing_that_is_compared_says_who_said_it() -> None:
    """Facts are the only form in which claims of two reports meet."""
    assert not {
        name for name in Facts.__dataclass_fields__ if "source" in name or "said_by" in name or "speaker" in name
    }

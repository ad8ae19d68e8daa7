"""Judgements of single claims: what stands follows from them, nothing is edited, and a new reading loses none of them."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from typing import Any

import pytest
from tests.ledger import invented
from tests.ledger.kati import ATTACK, REPORT, TEXT, arrest

from sayso import pipeline
from sayso.errors import ConfigError
from sayso.ledger import Ledger, Writer, adding, claims, filters, reports, values
from sayso.ledger.judgements import review
from sayso.ledger.judgements.review import Reviewer
from sayso.ledger.judgements.revising import Kind
from sayso.ledger.judgements.slots import Correction
from sayso.model import Argument, Claim, Count, Counted, Report, Span, Status
from tests import factory

SUNDAY = dt.datetime(2025, 8, 10, 12, tzinfo=dt.UTC)
KEY = values.report_key(REPORT)
ARREST, ATTACKED = arrest().id, ATTACK.id


class Clock:
    """Moments a minute apart."""

    def __init__(self) -> None:
        self.now = SUNDAY

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(minutes=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kept(book: Ledger, clock: Clock) -> Ledger:
    """A ledger with one report of two claims."""
    Writer(book, "1", now=clock).add(REPORT)
    return book


@pytest.fixture
def ana(kept: Ledger, clock: Clock) -> Reviewer:
    return Reviewer(kept, "ana", pipeline.resolve_claim, now=clock)


def at(words: str) -> tuple[Span, ...]:
    return (factory.span(TEXT, words),)


def listed(book: Ledger, **asked: Any) -> list[Claim]:
    return [found.claim for found in claims(book, **asked)]


# --- single acts ---


def test_keeps_an_accepted_claim_as_it_is(ana: Reviewer, kept: Ledger) -> None:
    act = ana.accept(KEY, ARREST, why="read twice")

    found = review.reviewed(kept, KEY)
    assert found.report.claims == REPORT.claims
    assert [(d.kind, d.by, d.why, d.claim, d.batch) for d in found.decisions] == [
        (Kind.ACCEPT, "ana", "read twice", ARREST, act.batch)
    ]


def test_lets_a_rejected_claim_stand_no_longer_and_keeps_it_to_be_seen(ana: Reviewer, kept: Ledger) -> None:
    ana.reject(KEY, ATTACKED, why="a sports report")

    assert listed(kept) == [arrest()]
    assert review.reviewed(kept, KEY).rejected == (ATTACK,)
    assert [stored.report.claims for stored in reports(kept)] == [(arrest(),)]


def test_accepts_what_was_rejected_before(ana: Reviewer, kept: Ledger) -> None:
    ana.reject(KEY, ATTACKED)
    ana.accept(KEY, ATTACKED)

    assert listed(kept) == [arrest(), ATTACK]


def test_resolves_the_words_that_were_selected_as_the_reader_does(ana: Reviewer, kept: Ledger) -> None:
    ana.correct(KEY, ATTACKED, {"place": Correction(at("Bamako"))})

    (found,) = listed(kept, type="ASSAULT")
    assert found.place is not None
    assert found.place.value is not None
    assert (found.place.value.name, found.country, found.country_how) == ("Bamako", "ML", "place")
    assert listed(kept, place="bamako") == [found]
    assert listed(kept, country="ML", text="attacked post", type="ASSAULT") == [found]


def test_corrects_several_slots_in_one_act_whatever_their_order(ana: Reviewer, kept: Ledger) -> None:
    ana.correct(KEY, ATTACKED, {"mode": Correction(value="arrest"), "type": Correction(value="COERCE")})

    found = [(claim.type, claim.mode) for claim in listed(kept) if claim.id == ATTACKED]
    assert found == [("COERCE", "arrest")]
    ana.undo()
    assert listed(kept) == [arrest(), ATTACK]


def test_keeps_a_country_that_was_set_when_another_slot_changes(ana: Reviewer, kept: Ledger) -> None:
    ana.correct(KEY, ATTACKED, {"country": Correction(value="NE")})
    ana.correct(KEY, ATTACKED, {"place": Correction(at("Bamako"))})

    assert [claim.country for claim in listed(kept, type="ASSAULT")] == ["NE"]


def test_adds_a_claim_that_was_missed_in_the_order_of_the_text(ana: Reviewer, kept: Ledger) -> None:
    act = ana.add(
        KEY,
        factory.span(TEXT, "arrests"),
        {
            "type": Correction(value="COERCE"),
            "mode": Correction(value="arrest"),
            "count": Correction(at("50")),
            "source": Correction(at("A lawmaker"), "anonymous"),
        },
    )

    found = review.reviewed(kept, KEY).report.claims
    assert [claim.id for claim in found] == [ARREST, act.claim, ATTACKED]
    added = found[1]
    assert added.sentence.of(TEXT) == "A lawmaker spoke of 50 arrests."
    assert added.count == Argument(at("50")[0], Count(50, 50, Counted.ARRESTED), None, 1.0)
    assert listed(kept, text="lawmaker", min_confidence=1) == [added]
    ana.undo()
    assert listed(kept) == [arrest(), ATTACK]


def test_refuses_to_add_a_claim_twice(ana: Reviewer, kept: Ledger) -> None:
    with pytest.raises(ConfigError, match="already"):
        ana.add(KEY, factory.span(TEXT, "arrested"), {"type": Correction(value="COERCE")})
    with pytest.raises(ConfigError, match="of which type"):
        ana.add(KEY, factory.span(TEXT, "condemned"), {})


def test_refuses_reports_and_claims_that_there_are_not(ana: Reviewer, kept: Ledger) -> None:
    with pytest.raises(ConfigError, match="no report"):
        ana.accept("nothing", ARREST)
    with pytest.raises(ConfigError, match="no claim"):
        ana.reject(KEY, "nothing")


def test_refuses_a_correction_of_what_somebody_else_has_changed_meanwhile(kept: Ledger, clock: Clock) -> None:
    bea = Reviewer(kept, "bea", pipeline.resolve_claim, now=clock)

    def slow(report: Report, claim: Claim) -> Claim:
        if not review.reviewed(kept, KEY).decisions:
            bea.correct(KEY, ARREST, {"status": Correction(value="alleged")})
        return claim

    with pytest.raises(ConfigError, match="somebody else"):
        Reviewer(kept, "ana", slow, now=clock).correct(KEY, ARREST, {"place": Correction(at("Bamako"))})

    assert [d.by for d in review.reviewed(kept, KEY).decisions] == ["bea"]


# --- undoing and history ---


def test_undoes_the_last_act_of_the_one_who_asks(ana: Reviewer, kept: Ledger, clock: Clock) -> None:
    ana.reject(KEY, ARREST)
    Reviewer(kept, "bea", pipeline.resolve_claim, now=clock).reject(KEY, ATTACKED)

    undone = ana.undo()

    assert undone is not None
    assert undone.claim == ARREST
    assert listed(kept) == [arrest()]
    assert ana.undo() is None


def test_undoes_any_act_by_name_and_keeps_what_came_after(ana: Reviewer, kept: Ledger) -> None:
    first = ana.correct(KEY, ARREST, {"status": Correction(value="alleged")})
    ana.correct(KEY, ARREST, {"historical": Correction(value=True)})
    ana.undo(first.batch)

    assert listed(kept, type="COERCE") == [arrest(historical=True)]


def test_says_what_was_known_at_every_moment(ana: Reviewer, kept: Ledger, clock: Clock) -> None:
    moments = [clock.now]
    ana.correct(KEY, ARREST, {"status": Correction(value="alleged")})
    moments.append(clock.now)
    ana.undo()
    moments.append(clock.now)

    known = [[str(c.status) for c in listed(kept, as_of=moment, type="COERCE")] for moment in moments]
    assert known == [["actual"], ["alleged"], ["actual"]]
    stored = [[str(s.report.claims[0].status) for s in reports(kept, as_of=moment)] for moment in moments]
    assert stored == known


def test_stores_nothing_new_where_an_act_changes_nothing(ana: Reviewer, kept: Ledger) -> None:
    ana.accept(KEY, ARREST)
    ana.correct(KEY, ARREST, {"status": Correction(value="actual")})

    assert len(listed(kept)) == 2
    assert _rows(kept) == 2


def _rows(book: Ledger) -> int:
    from sqlalchemy import text

    with book.read() as connection:
        return int(connection.execute(text("SELECT count(*) FROM claims")).scalar_one())


# --- new readings ---


def again(book: Ledger, clock: Clock, *claims: Claim, version: str = "2") -> None:
    """Reads the report anew, with these claims found."""
    adding.reread(Writer(book, version, now=clock), lambda found: (replace(r, claims=claims) for r in found))


def test_applies_what_stands_to_a_new_reading_by_place_and_type(ana: Reviewer, kept: Ledger, clock: Clock) -> None:
    ana.correct(KEY, ARREST, {"status": Correction(value="alleged")})
    ana.reject(KEY, ATTACKED)
    moved = arrest(id="new-1", trigger=factory.span(TEXT, "arrested 20"), confidence=0.9)

    again(kept, clock, moved, replace(ATTACK, id="new-2"))

    assert listed(kept) == [replace(moved, status=Status.ALLEGED)]
    found = review.reviewed(kept, KEY)
    assert [claim.id for claim in found.rejected] == ["new-2"]
    assert [decision.claim for decision in found.decisions] == ["new-1", "new-2"]


def test_loses_no_judgement_that_fits_no_claim_of_a_new_reading(ana: Reviewer, kept: Ledger, clock: Clock) -> None:
    ana.correct(KEY, ATTACKED, {"place": Correction(at("Bamako"))}, why="near it")
    again(kept, clock, arrest(id="new-1"))

    (lost,) = review.reviewed(kept, KEY).unattached
    assert (lost.kind, lost.field, lost.why, lost.claim) == (Kind.CORRECT, "place", "near it", None)

    again(kept, clock, arrest(id="new-3"), replace(ATTACK, id="new-4"), version="3")
    assert review.reviewed(kept, KEY).unattached == ()
    assert [claim.id for claim in listed(kept, place="Bamako")] == ["new-4"]


def test_follows_a_corrected_type_into_a_new_reading_that_has_it(ana: Reviewer, kept: Ledger, clock: Clock) -> None:
    ana.correct(KEY, ATTACKED, {"type": Correction(value="COERCE")})
    ana.correct(KEY, ATTACKED, {"status": Correction(value="alleged")})

    again(kept, clock, replace(ATTACK, id="new-1", type="COERCE"))

    assert [(claim.type, str(claim.status)) for claim in listed(kept)] == [("COERCE", "alleged")]
    assert review.reviewed(kept, KEY).unattached == ()


def test_keeps_an_added_claim_through_readings_that_miss_it_and_that_find_it(
    ana: Reviewer, kept: Ledger, clock: Clock
) -> None:
    act = ana.add(KEY, factory.span(TEXT, "condemned"), {"type": Correction(value="ACCUSE")})
    (added,) = listed(kept, type="ACCUSE")
    again(kept, clock, arrest(id="new-1"))
    assert listed(kept, type="ACCUSE") == [added]

    own = factory.claim(TEXT, "condemned", "ACCUSE", id="new-2", status="alleged")
    again(kept, clock, own, version="3")
    assert listed(kept, type="ACCUSE") == [added]

    ana.undo(act.batch)
    assert listed(kept, type="ACCUSE") == [own]


# --- the queue ---


@pytest.fixture
def many(book: Ledger) -> Ledger:
    writer = Writer(book, "1")
    for number in range(30):
        writer.add(invented.read(invented.report(number)))
    return book


def test_queues_what_nobody_has_judged_least_sure_first(many: Ledger) -> None:
    everything = filters.wanted({})
    bea = Reviewer(many, "bea", pipeline.resolve_claim)
    seen: list[float] = []
    after = None
    while True:
        page = review.queue(many, everything, limit=7, after=after)
        seen += [telling.claim.confidence for _, telling in page.found]
        after = page.after
        if after is None:
            break
    assert seen == sorted(found.claim.confidence for found in claims(many))

    key, first = review.queue(many, everything, limit=1).found[0]
    bea.accept(key, first.claim.id)

    assert review.queue(many, everything, limit=1).found[0][1].claim.id != first.claim.id
    assert review.count_waiting(many, everything) == len(seen) - 1
    assert review.count_waiting(many, everything, most=5) == 5


def test_queues_by_filter(many: Ledger) -> None:
    page = review.queue(many, filters.wanted({"type": "COERCE", "country": ["ML"]}), limit=500)

    expected = sorted(found.claim.confidence for found in claims(many, type="COERCE", country=["ML"]))
    assert [telling.claim.confidence for _, telling in page.found] == expected


def test_refuses_a_cursor_of_another_listing(many: Ledger) -> None:
    with pytest.raises(ConfigError, match="no place to go on from"):
        review.queue(many, filters.wanted({}), limit=5, after="x")


def test_says_what_was_decided_in_words(ana: Reviewer, kept: Ledger) -> None:
    ana.accept(KEY, ARREST)
    ana.correct(KEY, ARREST, {"status": Correction(value="alleged")}, why="suspected only")

    assert review.in_words(review.reviewed(kept, KEY).decisions) == [
        "ana accepted it",
        "ana corrected the status: suspected only",
    ]


# --- any order of acts ---


@pytest.mark.parametrize("seed", range(4))
def test_undoing_everything_brings_back_what_was_read_and_every_moment_stays_known(
    ana: Reviewer, kept: Ledger, clock: Clock, seed: int
) -> None:
    chance = random.Random(seed)
    known = [(clock.now, listed(kept))]
    batches = []
    for _ in range(12):
        batches += _any_act(ana, kept, chance)
        known.append((clock.now, listed(kept)))
    for batch in chance.sample(batches, len(batches)):
        ana.undo(batch)

    assert listed(kept) == [arrest(), ATTACK]
    assert review.reviewed(kept, KEY).decisions == ()
    assert [listed(kept, as_of=moment) for moment, _ in known] == [found for _, found in known]


def _any_act(ana: Reviewer, book: Ledger, chance: random.Random) -> list[str]:
    """Something that a reviewer might do, and the name of the act; nothing where it makes no sense just then."""
    state = review.reviewed(book, KEY)
    claim = chance.choice([*state.report.claims, *state.rejected]).id
    try:
        return [
            chance.choice(
                (
                    lambda: ana.accept(KEY, claim),
                    lambda: ana.reject(KEY, claim),
                    lambda: ana.correct(KEY, claim, {"place": Correction(at("Bamako"))}),
                    lambda: ana.correct(KEY, claim, {"type": Correction(value=chance.choice(["PROTEST", "COERCE"]))}),
                    lambda: ana.correct(KEY, claim, {"status": Correction(value=chance.choice(list(Status)))}),
                    lambda: ana.add(KEY, factory.span(TEXT, "condemned"), {"type": Correction(value="ACCUSE")}),
                )
            )().batch
        ]
    except ConfigError:
        return []

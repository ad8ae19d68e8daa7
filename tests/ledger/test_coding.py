"""Second coding: blind to the first, kept apart from the ledger, compared field by field."""

from __future__ import annotations

import pytest
from tests.ledger import invented

from sayso import pipeline
from sayso.errors import ConfigError
from sayso.ledger import Ledger, Writer, claims, filters
from sayso.ledger.judgements import coding, review
from sayso.ledger.judgements.review import Reviewer
from sayso.ledger.judgements.slots import Correction


@pytest.fixture
def judged(book: Ledger) -> Ledger:
    """Ten claims judged by ana: one corrected, one rejected, the others accepted."""
    writer = Writer(book, "1")
    for number in range(6):
        writer.add(invented.read(invented.report(number)))
    ana = Reviewer(book, "ana", pipeline.resolve_claim)
    waiting = review.queue(book, filters.wanted({}), limit=10).found
    for number, (key, telling) in enumerate(waiting):
        claim = telling.claim.id
        if number == 0:
            ana.correct(key, claim, {"status": Correction(value="planned"), "type": Correction(value="THREATEN")})
        elif number == 1:
            ana.reject(key, claim)
        else:
            ana.accept(key, claim)
    return book


def test_draws_what_was_judged_and_shows_it_as_it_was_read(judged: Ledger) -> None:
    sample = coding.draw(judged, 50, by="ana")

    assert sample.size == 10
    shown = [coding.item(judged, sample.id, position, coder="bea").claim for position in range(1, 11)]
    assert all(claim.type != "THREATEN" for claim in shown)
    assert coding.draw(judged, 3, by="ana").size == 3
    assert [one.size for one in coding.samples(judged)] == [3, 10]


def test_draws_by_filter_as_read(judged: Ledger) -> None:
    sample = coding.draw(judged, 50, by="ana", asked={"type": ["COERCE", "ASSAULT"]})

    kinds = {coding.item(judged, sample.id, n, coder="bea").claim.type for n in range(1, sample.size + 1)}
    assert kinds <= {"COERCE", "ASSAULT"}
    with pytest.raises(ConfigError, match="nobody has judged"):
        coding.draw(judged, 5, by="ana", asked={"type": ["COUP"]})


def test_never_asks_a_coder_for_what_the_coder_judged_first(judged: Ledger) -> None:
    sample = coding.draw(judged, 5, by="ana")

    assert coding.following(judged, sample.id, coder="ana") is None
    with pytest.raises(ConfigError, match="judged by you first"):
        coding.item(judged, sample.id, 1, coder="ana")


def test_keeps_second_coding_apart_from_the_ledger_and_compares_it(judged: Ledger) -> None:
    before = [found.claim for found in claims(judged)]
    sample = coding.draw(judged, 10, by="ana")
    done = 0
    while (item := coding.following(judged, sample.id, coder="bea")) is not None:
        if done == 0:
            item = coding.correct(judged, item, {"historical": Correction(value=True)}, resolve=pipeline.resolve_claim)
            assert coding.following(judged, sample.id, coder="bea") == item
        coding.finish(judged, item, kept=True)
        done += 1

    assert done == 10
    assert [found.claim for found in claims(judged)] == before
    assert coding.sample(judged, sample.id).done == {"bea": 10}
    found = {one.field: one for one in coding.agreed(judged, sample.id)}
    assert (found["is it an event"].units, found["is it an event"].share) == (10, 0.9)
    assert found["type"].units == 9
    assert found["type"].share == pytest.approx(8 / 9)
    assert found["place"].share == 1.0


def test_gives_the_raw_table_with_a_row_for_each_claim_and_coder(judged: Ledger) -> None:
    sample = coding.draw(judged, 10, by="ana")
    item = coding.following(judged, sample.id, coder="bea")
    assert item is not None
    coding.finish(judged, item, kept=False)

    rows = list(coding.table(judged, sample.id))

    assert [(row["position"], row["coder"]) for row in rows] == [(1, "ana (first)"), (1, "bea")]
    assert rows[1]["verdict"] == "rejected"
    assert set(rows[0]) == {"sample", "position", "report", "claim", "coder", "verdict", *slots_compared()}


def slots_compared() -> set[str]:
    from sayso.ledger.judgements import agreement

    return set(agreement.FIELDS)


@pytest.mark.parametrize("size", [0, 9_999])
def test_refuses_samples_of_no_use(judged: Ledger, size: int) -> None:
    with pytest.raises(ConfigError, match="a sample has from"):
        coding.draw(judged, size, by="ana")


def test_refuses_samples_and_claims_that_there_are_not(judged: Ledger) -> None:
    sample = coding.draw(judged, 2, by="ana")

    with pytest.raises(ConfigError, match="no sample"):
        coding.sample(judged, "nothing")
    with pytest.raises(ConfigError, match="has no claim 3"):
        coding.item(judged, sample.id, 3, coder="bea")

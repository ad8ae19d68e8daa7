"""Second coding: blind to the first, kept apart from the ledger, compared field by field."""

from __future__ import annotations

import pytest
from tests.ledger import invented

from sayso import pipeline
from sayso.errors import ConfigError
from sayso.ledger import Ledger, Writer, claims, filters, values
from sayso.ledger.judgements import coding, review
from sayso.ledger.judgements.review import Reviewer
from sayso.ledger.judgements.slots import Correction
from tests import factory


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


# What the reader missed in one report, as words of its text: what ana added before, what bea adds to the sample, whether bea goes
# through all of the report; then how many events were missed, in which share of them both agree, and that of all verdicts.
Missed = tuple[list[str], list[str], bool, tuple[int, float] | None, tuple[int, float]]
MISSED: dict[str, Missed] = {
    "nobody adds anything": ([], [], True, None, (3, 1.0)),
    "both find the same event": (["Dispatch"], ["Dispatch"], True, (1, 1.0), (4, 1.0)),
    "the second finds one more": ([], ["Dispatch"], True, (1, 0.0), (4, 0.75)),
    "the second finds one less": (["Dispatch"], [], True, (1, 0.0), (4, 0.75)),
    "each finds another": (["Dispatch"], ["Ünïcode"], True, (2, 0.0), (5, 0.6)),
    "words that overlap are one event": (["Dispatch 0"], ["Dispatch"], True, (1, 1.0), (4, 1.0)),
    "a report that the second is not done with": (["Dispatch"], ["Ünïcode"], False, None, (2, 1.0)),
}


@pytest.mark.parametrize("case", MISSED.values(), ids=MISSED)
def test_counts_what_coders_add_because_the_reader_missed_it(book: Ledger, case: Missed) -> None:
    before, then, all_of_it, missed, verdicts = case
    report = invented.read(invented.report(0))
    Writer(book, "1").add(report)
    ana, key = Reviewer(book, "ana", pipeline.resolve_claim), values.report_key(report)
    for claim in report.claims:
        ana.accept(key, claim.id)
    for words in before:
        ana.add(key, factory.span(report.text, words), {"type": Correction(value="COUP")})
    sample = coding.draw(book, 10, by="ana")
    for number in range(sample.size if all_of_it else sample.size - 1):
        item = coding.following(book, sample.id, coder="bea")
        assert item is not None
        for words in then if number == 0 else ():
            coding.add(book, item, factory.span(report.text, words), COUP, resolve=pipeline.resolve_claim)
        coding.finish(book, item, kept=True)

    found = {one.field: (one.units, one.share) for one in coding.agreed(book, sample.id)}

    assert found.get("missed by the reader") == missed
    assert found["is it an event"] == verdicts
    rows = [row for row in coding.table(book, sample.id) if row["position"] == ""]
    assert len(rows) == 2 * (missed[0] if missed else 0)
    assert [found.claim for found in claims(book) if found.claim.type == "COUP"] == [
        one for one in review.reviewed(book, key).report.claims if one.type == "COUP"
    ]


COUP = {"type": Correction(value="COUP")}


def test_adds_nothing_twice_and_nothing_that_the_reader_found(judged: Ledger) -> None:
    sample = coding.draw(judged, 1, by="ana")
    item = coding.item(judged, sample.id, 1, coder="bea")
    again = {"type": Correction(value=item.claim.type)}

    with pytest.raises(ConfigError, match="is known already"):
        coding.add(judged, item, item.claim.trigger, again, resolve=pipeline.resolve_claim)
    one = coding.add(judged, item, item.claim.trigger, COUP, resolve=pipeline.resolve_claim)
    with pytest.raises(ConfigError, match="is known already"):
        coding.add(judged, item, item.claim.trigger, COUP, resolve=pipeline.resolve_claim)
    with pytest.raises(ConfigError, match="of which type"):
        coding.add(judged, item, item.claim.trigger, {}, resolve=pipeline.resolve_claim)

    assert coding.added(judged, item) == [one]
    assert coding.added(judged, coding.item(judged, sample.id, 1, coder="cid")) == []


def test_takes_out_what_a_coder_added_for_that_coder_alone(judged: Ledger) -> None:
    sample = coding.draw(judged, 1, by="ana")
    item = coding.item(judged, sample.id, 1, coder="bea")
    one = coding.add(judged, item, item.claim.trigger, COUP, resolve=pipeline.resolve_claim)

    with pytest.raises(ConfigError, match="added no such claim"):
        coding.withdraw(judged, sample.id, one.number, coder="cid")
    coding.withdraw(judged, sample.id, one.number, coder="bea")
    with pytest.raises(ConfigError, match="added no such claim"):
        coding.withdraw(judged, sample.id, one.number, coder="bea")

    assert coding.added(judged, item) == []


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

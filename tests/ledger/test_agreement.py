"""Agreement of coders: against worked examples that are in print."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sayso.ledger.judgements import agreement
from sayso.model import Claim, Status
from tests import factory

# Krippendorff 2011: two observers, ten units, two values, alpha 0.095; four observers, five values, some missing, alpha 0.743.
TWO_VALUES = ["01", "11", "01", "00", "00", "01", "00", "00", "10", "00"]
FOUR_OBSERVERS = ["111", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", "555", "11", "3"]


@pytest.mark.parametrize(("units", "expected"), [(TWO_VALUES, 0.095), (FOUR_OBSERVERS, 0.743)])
def test_gives_the_alpha_that_is_in_print(units: list[str], expected: float) -> None:
    assert agreement.agreement(units).alpha == pytest.approx(expected, abs=0.0005)


def test_counts_pairs_that_agree_and_leaves_out_what_only_one_has_coded() -> None:
    found = agreement.agreement(["aa", "ab", "b"], "type")

    assert (found.field, found.units, found.share) == ("type", 2, 0.5)
    assert found.alpha == pytest.approx(0.0)


def test_says_nothing_about_chance_where_nothing_varies() -> None:
    assert agreement.agreement(["aa", "aa"]).alpha is None
    assert agreement.agreement([]) == agreement.Agreement("", 0, None, None)


TEXT = "Police arrested 20 people in Kati."


def claim(**fields: object) -> Claim:
    return replace(factory.claim(TEXT, "arrested", "COERCE", mode="arrest"), **fields)  # type: ignore[arg-type]


def test_compares_claims_by_field_where_nobody_rejected_them() -> None:
    units: list[list[Claim | None]] = [[claim(), claim()], [claim(), None], [claim(), claim(status=Status.ALLEGED)]]

    found = {one.field: one for one in agreement.on_claims(units)}

    assert found["is it an event"].units == 3
    assert found["is it an event"].share == pytest.approx(2 / 3)
    assert (found["status"].units, found["status"].share) == (2, 0.5)
    assert found["type"].share == 1.0


# Claims that two coders add to one report, as "trigger TYPE", and the events that they come to: what each has of it.
LONG = "Police arrested 20 people, beat others and closed the road."
ADDED = {
    "nobody adds anything": ([], [], []),
    "both add the same": (["beat ASSAULT"], ["beat ASSAULT"], ["beat ASSAULT | beat ASSAULT"]),
    "only the first adds one": (["beat ASSAULT"], [], ["beat ASSAULT | -"]),
    "only the second adds one": ([], ["beat ASSAULT"], ["- | beat ASSAULT"]),
    "the same in other words": (["beat others ASSAULT"], ["beat ASSAULT"], ["beat others ASSAULT | beat ASSAULT"]),
    "the same as another type": (["closed COERCE"], ["closed PROTEST"], ["closed COERCE | closed PROTEST"]),
    "two of one word, by type": (
        ["closed COERCE", "closed PROTEST"],
        ["closed PROTEST"],
        ["closed COERCE | -", "closed PROTEST | closed PROTEST"],
    ),
    "others": (["beat ASSAULT"], ["closed COERCE"], ["beat ASSAULT | -", "- | closed COERCE"]),
    "each at most once": (
        ["beat others ASSAULT"],
        ["beat ASSAULT", "others ASSAULT"],
        ["beat others ASSAULT | others ASSAULT", "- | beat ASSAULT"],
    ),
}


@pytest.mark.parametrize(("first", "second", "expected"), ADDED.values(), ids=ADDED)
def test_brings_added_claims_together_event_by_event(first: list[str], second: list[str], expected: list[str]) -> None:
    def made(listed: list[str]) -> list[Claim]:
        return [factory.claim(LONG, *one.rsplit(" ", 1)) for one in listed]

    def written(one: Claim | None) -> str:
        return f"{one.trigger.of(LONG)} {one.type}" if one else "-"

    found = agreement.events({"ana": made(first), "bea": made(second)})

    assert [" | ".join(map(written, event.values())) for event in found] == expected
    assert all(list(event) == ["ana", "bea"] for event in found)


def test_counts_what_the_reader_missed_with_the_rest_and_by_itself() -> None:
    missed: list[list[Claim | None]] = [[claim(), claim(status=Status.ALLEGED)], [None, claim()]]

    found = {one.field: one for one in agreement.on_claims([[claim(), claim()], [claim(), None]], missed)}

    assert (found["is it an event"].units, found["is it an event"].share) == (4, 0.5)
    assert found["missed by the reader"] == agreement.Agreement("missed by the reader", 2, 0.5, None)
    assert (found["status"].units, found["status"].share) == (2, 0.5)
    assert "missed by the reader" not in {one.field for one in agreement.on_claims([[claim(), claim()]])}


def test_says_in_words_what_a_coder_made_of_a_claim() -> None:
    made = claim(actor=(factory.slot(TEXT, "Police"),), place=factory.slot(TEXT, "Kati"))

    row = agreement.said(made, TEXT)

    assert (row["verdict"], row["actor"], row["place"], row["count"]) == ("an event", "Police", "Kati", "")
    assert agreement.said(None, TEXT)["verdict"] == "rejected"

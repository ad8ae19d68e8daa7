"""Confidence as a share of right answers: curves, their error, what a threshold costs, and the tables of the weights that ship."""

from __future__ import annotations

import json
import random
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from training.calibrate import Answer, Held, curve, expected_error, held_out, tables, threshold_rows

import sayso
from sayso.reader.calibration import CLAIM, SLOTS, Calibration
from tests import factory

CARD = Path(sayso.__file__).parent / "data/weights/card.json"


def boastful(number: int, *, seed: int = 1) -> list[Answer]:
    """Answers of a network that says 0.9 where 0.6 are right, and 0.5 where 0.3 are."""
    rng = random.Random(seed)
    said = [(0.9, 0.6), (0.5, 0.3)]
    return [
        Answer(index % 10, CLAIM, sure, rng.random() < right)
        for index in range(number)
        for sure, right in [said[index % 2]]
    ]


def test_a_curve_learns_what_confidence_is_worth() -> None:
    found = curve(boastful(2000), np.array([0.5, 0.9]))

    assert found == pytest.approx([0.3, 0.6], abs=0.05)


def test_a_curve_without_examples_changes_nothing() -> None:
    assert curve([], np.array([0.2, 0.7])).tolist() == [0.2, 0.7]


def test_a_few_examples_move_a_curve_little() -> None:
    [moved] = curve([Answer(0, CLAIM, 0.9, False)], np.array([0.9]))

    assert 0.2 < moved < 0.9


def test_a_curve_never_falls() -> None:
    backwards = [Answer(0, CLAIM, sure, sure < 0.5) for sure in (0.1, 0.2, 0.3, 0.7, 0.8, 0.9)] * 20

    assert np.all(np.diff(curve(backwards, np.linspace(0, 1, 11))) >= 0)


def test_a_report_is_judged_by_curves_that_have_not_seen_it() -> None:
    odd = [Answer(0, CLAIM, 0.9, False)] * 30 + [Answer(1, CLAIM, 0.9, True)] * 30
    held = held_out(odd, 60)

    assert held.chances[0] > 0.9
    assert held.chances[-1] < 0.4


def test_held_out_answers_are_calibrated() -> None:
    held = held_out(boastful(2000), 2000)
    before = np.array([answer.confidence for answer in held.answers])

    assert expected_error(before, held.right) > 0.2
    assert expected_error(held.chances, held.right) < 0.05


def test_the_error_is_the_distance_of_chance_and_share() -> None:
    assert expected_error(np.array([0.85, 0.85, 0.15]), np.array([1.0, 0.0, 0.0])) == pytest.approx((0.7 + 0.15) / 3)
    assert expected_error(np.array([]), np.array([])) == 0


def test_a_threshold_keeps_less_of_which_more_is_right() -> None:
    answers = [Answer(0, CLAIM, 0.95, True), Answer(0, CLAIM, 0.45, False), Answer(0, "actor", 0.65, True)]
    rows = threshold_rows(Held(answers, np.array([0.95, 0.45, 0.65]), wanted=4))

    assert rows[0] == (0.0, 1.0, 0.5, 0.25, 1.0, 1.0)
    assert rows[-1] == (0.9, 0.5, 1.0, 0.25, 0.0, 0.0)


def test_every_confidence_of_a_claim_goes_through_the_table_of_its_name() -> None:
    text = "Police arrested protesters in Lyon, the union said."
    claim = factory.claim(
        text, "arrested", "COERCE", actor={"Police": "?"}, recipient={"protesters": "?"}, place=("Lyon", "?"),
        said_by="the union", confidence=0.8,
    )  # fmt: skip
    halved = Calibration({name: ([0.0, 1.0], [0.0, 0.5]) for name in (CLAIM, "actor")}).claim(claim)

    assert halved.confidence == round(claim.confidence / 2, 3)
    assert [one.confidence for one in halved.actor] == [round(one.confidence / 2, 3) for one in claim.actor]
    assert (halved.source, halved.recipient, halved.place) == (claim.source, claim.recipient, claim.place)
    assert Calibration().claim(claim) == claim


def test_the_weights_that_ship_have_a_rising_table_for_each_kind_of_answer() -> None:
    card = json.loads(CARD.read_text("utf-8"))

    assert set(card["calibration"]) == {CLAIM, *SLOTS}
    for given, right in card["calibration"].values():
        assert all(one < other for one, other in pairwise(given))
        assert all(0 <= one <= other <= 1 for one, other in pairwise(right))
    assert max(card["calibration_error"][name] for name in ("claims", "arguments")) <= 0.05


def test_tables_are_made_for_every_name() -> None:
    made = tables(boastful(100))

    assert set(made) == {CLAIM, *SLOTS}
    assert made["actor"][0] == made["actor"][1]

"""The ontology: PLOVER's types as its manual has them, COUP beside them, and how each is written for PLOVER."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from sayso import ontology
from sayso.ontology import TYPES

MODES = {
    "AGREE": set(),
    "CONSULT": {"visit", "third-party", "multilateral", "phone"},
    "SUPPORT": set(),
    "CONCEDE": set(),
    "COOPERATE": set(),
    "AID": set(),
    "RETREAT": {"withdraw", "release", "disarm", "ceasefire", "access", "resign"},
    "REQUEST": {"assist", "change", "yield", "meet"},
    "ACCUSE": {"disapprove", "investigate", "allege"},
    "REJECT": {"assist", "change", "yield", "meet"},
    "THREATEN": {"restrict", "arrest", "relations", "expel", "territory", "violence"},
    "PROTEST": {"demo", "riot", "strike", "hunger", "boycott", "obstruct", "vandalize"},
    "SANCTION": {"convict", "expel", "withdraw", "discontinue"},
    "MOBILIZE": {"troops", "weapons", "police", "militia"},
    "COERCE": {
        "seize", "restrict", "censor", "curfew", "martial-law", "arrest", "deport", "withhold", "misinformation", "cyber"
    },
    "ASSAULT": {
        "abduct", "beat", "torture", "sexual", "targeted", "destroy", "primitive", "firearms", "explosives",
        "suicide-attack", "aerial", "drone", "heavy-weapons", "crowd-control", "unconventional",
    },
    "COUP": {"conspiracy", "attempt", "realized"},
}  # fmt: skip


def test_there_are_plovers_sixteen_types_and_coup_with_their_modes() -> None:
    assert {key: set(kind.modes) for key, kind in TYPES.items()} == MODES


@pytest.mark.parametrize("key", TYPES)
def test_every_type_and_mode_is_defined_under_its_own_key(key: str) -> None:
    kind = TYPES[key]

    assert kind.key == key
    assert kind.definition
    assert all(mode.key == name and mode.definition for name, mode in kind.modes.items())


@pytest.mark.parametrize("key", [key for key in TYPES if key != "COUP"])
def test_plovers_types_have_a_quadrant_and_scores_on_its_scale(key: str) -> None:
    kind = TYPES[key]

    assert kind.quad
    assert kind.score is not None
    assert all(
        score is not None and -10 <= score <= 10 for score in (kind.score, *(m.score for m in kind.modes.values()))
    )
    assert kind.plover == {}


def test_cooperation_scores_above_conflict() -> None:
    cooperation = {"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT"}
    scores = {key: kind.score for key, kind in TYPES.items() if kind.score is not None}

    assert {key for key, score in scores.items() if score > 0} == cooperation


def test_coup_is_written_for_plover_by_how_far_it_went() -> None:
    assert TYPES["COUP"].plover == {
        "conspiracy": ("ACCUSE", "allege"), "attempt": ("ASSAULT", None), "realized": ("COERCE", "seize")
    }  # fmt: skip


def test_what_is_written_for_plover_is_in_plover() -> None:
    written = [target for kind in TYPES.values() for target in kind.plover.values()]

    assert all(kind != "COUP" and (mode is None or mode in TYPES[kind].modes) for kind, mode in written)


def test_coup_has_no_score_of_its_own() -> None:
    coup = TYPES["COUP"]

    assert {coup.score, *(mode.score for mode in coup.modes.values())} == {None}


def test_sectors_and_contexts_are_closed_lists() -> None:
    assert {"GOV", "MIL", "REB", "CVL", "COP", "UAF", "IGO", "NGO"} <= set(ontology.SECTORS)
    assert all(len(code) == 3 and code.isupper() and said for code, said in ontology.SECTORS.items())
    assert len(set(ontology.CONTEXTS)) == len(ontology.CONTEXTS) == 37


def test_nobody_can_change_it() -> None:
    tables: list[Any] = [TYPES, ontology.SECTORS, TYPES["PROTEST"].modes, TYPES["COUP"].plover]
    for table in tables:
        with pytest.raises(TypeError, match="item assignment"):
            table["NEW"] = None
    with pytest.raises(dataclasses.FrozenInstanceError):
        TYPES["COUP"].key = "NEW"  # type: ignore[misc]

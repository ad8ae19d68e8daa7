"""Evidence that two marked events are one."""

from __future__ import annotations

import random

import numpy as np
import numpy.typing as npt
import pytest
from tests.reconcile.marking import TOPIC, marked

from sayso.reconcile import senses
from sayso.reconcile.evidence import EVIDENCE, SILENT, Pool, evidence, standard
from sayso.reconcile.marked import MarkedText, marks_of, text_of


def pool(*texts: MarkedText, vectors: bool = False) -> Pool:
    seen = [[bytes([at + 1, 5, 7, 9]) if vectors else b"" for at in range(len(one.events))] for one in texts]
    marks = [mark for one, own in zip(texts, seen, strict=True) for mark in marks_of(one, own)]
    return Pool([text_of(one.id, one.text) for one in texts], marks)


def between(found: Pool, kind: str, one: str, other: str) -> float:
    keys = [mark.key for mark in found.marks]
    return float(EVIDENCE[kind](found)[keys.index(one), keys.index(other)])


WHOLE = pool(*TOPIC, vectors=True)


@pytest.mark.parametrize("kind", EVIDENCE)
def test_evidence_is_the_same_either_way_round_and_always_a_number(kind: str) -> None:
    found = EVIDENCE[kind](WHOLE)

    assert found.shape == (WHOLE.size, WHOLE.size)
    assert np.isfinite(found).all()
    assert np.allclose(found, found.T, atol=1e-5)


def test_the_order_of_texts_and_marks_changes_nothing() -> None:
    shuffled = list(TOPIC)
    random.Random(3).shuffle(shuffled)
    marks = [mark for one in shuffled for mark in reversed(marks_of(one, [b""] * len(one.events)))]

    other = Pool([text_of(one.id, one.text) for one in shuffled], marks)

    assert np.array_equal(evidence(other), evidence(pool(*TOPIC)))


def test_a_silent_side_is_no_likeness_of_nought() -> None:
    assert between(WHOLE, "times", "quake:earthquake", "deal:buy") == pytest.approx(SILENT)
    assert between(WHOLE, "places", "quake:earthquake", "more:takeover") == pytest.approx(0)


def test_words_that_all_reports_use_say_little() -> None:
    """All of three reports say "said", two "Padang", one "London"."""
    assert WHOLE.rarity("say") < WHOLE.rarity("padang") < WHOLE.rarity("london")


def test_reports_of_one_story_are_alike() -> None:
    for kind in ("telling words", "marks", "story", "company"):
        assert between(WHOLE, kind, "quake:killed", "again:died") > between(WHOLE, kind, "quake:killed", "deal:buy")


def test_actives_and_passives_meet_crosswise() -> None:
    """Acme stands before the one and after the other."""
    found = pool(
        marked("a", "Acme bought Bolt.", ["bought"], parties=["Acme", "Bolt"]),
        marked("b", "Bolt was bought by Acme.", ["bought"], parties=["Bolt", "Acme"]),
        marked("c", "Cobalt bought Dynamo.", ["bought"], parties=["Cobalt", "Dynamo"]),
    )

    assert between(found, "crosswise", "a:bought", "b:bought") > 0.9
    assert between(found, "crosswise", "a:bought", "c:bought") == pytest.approx(0)


def test_triggers_that_stand_in_one_sentence_are_known_everywhere() -> None:
    assert between(WHOLE, "triggers in one sentence", "quake:killed", "again:said") == 1
    assert between(WHOLE, "triggers in one sentence", "quake:killed", "deal:buy") == 0


def test_what_two_triggers_share_anywhere_counts_for_each_of_their_pairs() -> None:
    all_of = EVIDENCE["parties, all"](WHOLE)
    keys = [mark.key for mark in WHOLE.marks]
    said = [keys.index(f"{name}:said") for name in ("quake", "again", "deal")]
    buy = keys.index("deal:buy")

    assert len({round(float(all_of[at, buy]), 5) for at in said}) == 1


def test_senses_bring_together_what_means_the_same() -> None:
    def cosine(one: str, other: str) -> float:
        a, b = (senses.of([word]) for word in (one, other))
        return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))

    assert cosine("quak", "earthquak") > 0.5 > cosine("quak", "meet")


def test_a_word_without_a_sense_has_none() -> None:
    found: npt.NDArray[np.float32] = senses.of(["xyzzyplugh"])

    assert not found.any()


def test_one_mark_makes_no_pair() -> None:
    assert evidence(pool(marked("a", "Acme bought Bolt.", ["bought"]))).shape == (0, len(EVIDENCE))


def test_a_matrix_without_spread_stays_finite() -> None:
    assert not standard(np.ones((3, 3), dtype=np.float32)).any()

"""Windows: framed as their vocabulary has it, drawn by share, rare types more often where that is wanted."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest
from tokenizers import Tokenizer, models, processors

from sayso.errors import DataError
from sayso.reader import labels
from sayso.reader.tokens import Pieces, Window
from training.batches import Mix, Sampler, Special, draw
from training.corpora import Document, Trigger

SPECIAL = Special(first=901, last=902, mask=903)
COMMON, RARE = labels.TYPES.index("ACCUSE"), labels.TYPES.index("AID")


def document(kinds: dict[int, int], *, length: int = 400) -> Document:
    """A text of `length` pieces, a sentence every ten, with a trigger of each type at its place."""
    numbers = np.arange(length)
    return Document(
        corpus="gold",
        id="r",
        pieces=Pieces(numbers, np.zeros(length, dtype=np.int64), 2 * numbers, 2 * numbers + 1),
        sentence_starts=tuple(range(0, length, 10)),
        events=np.zeros(length, dtype=np.int64),
        triggers=tuple(Trigger(Window(at, at + 1), kind=kind) for at, kind in kinds.items()),
    )


def test_takes_special_pieces_from_the_tokenizer() -> None:
    made = Tokenizer(models.WordLevel({"<s>": 0, "</s>": 2, "<mask>": 7, "?": 1}, unk_token="?"))
    made.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])

    assert Special.of(made) == Special(first=0, last=2, mask=7)


def test_refuses_a_tokenizer_that_frames_nothing() -> None:
    with pytest.raises(DataError, match=r"name an encoder whose tokenizer\.json opens and closes"):
        Special.of(Tokenizer(models.WordLevel({"?": 1}, unk_token="?")))


def test_frames_a_window_and_hides_pieces_with_the_vocabulary_s_own() -> None:
    rng = random.Random(1)

    drawn = [draw(document({}), rng, SPECIAL) for _ in range(20)]

    assert {int(example.ids[0]) for example in drawn} == {901}
    assert {int(example.ids[-1]) for example in drawn} == {902}
    hidden = sum(int((example.ids == 903).sum()) for example in drawn)
    assert 0 < hidden < sum(len(example.ids) for example in drawn) / 5


def test_a_window_around_a_claim_starts_at_a_sentence_and_shows_it() -> None:
    rng = random.Random(2)
    whole = document({217: RARE})

    for _ in range(50):
        (shown,) = draw(whole, rng, Special(901, 902, 217), around=whole.triggers[0]).triggers
        assert shown.kind == RARE
        assert (217 - (shown.window.start - 1)) % 10 == 0


def test_shows_a_claim_that_no_sentence_leads_to() -> None:
    whole = Document(
        corpus="gold",
        id="r",
        pieces=document({}).pieces,
        sentence_starts=(0,),
        triggers=(Trigger(Window(390, 391), RARE),),
    )

    (shown,) = draw(whole, random.Random(3), SPECIAL, around=whole.triggers[0]).triggers

    assert shown.kind == RARE


@pytest.mark.parametrize(("balance", "least", "most"), [(0.0, 0.0, 0.03), (0.9, 0.05, 0.6)])
def test_balance_draws_rare_types_more_often(balance: float, least: float, most: float) -> None:
    documents = {
        "gold": [document(dict.fromkeys(range(5, 395, 10), COMMON)) for _ in range(30)] + [document({205: RARE})]
    }
    sampler = Sampler(documents, Mix({"gold": 1.0}, budget=6000, seed=4, balance=balance), SPECIAL)

    batches = [sampler.batch() for _ in range(6)]

    rows = Counter(any(trigger.kind == RARE for trigger in row) for batch in batches for row in batch.triggers)
    assert least <= rows[True] / rows.total() <= most


def test_draws_only_from_corpora_that_are_there() -> None:
    sampler = Sampler({"gold": [document({})]}, Mix({"gold": 0.1, "absent": 0.9}, budget=300, seed=5), SPECIAL)

    assert int(sampler.batch().mask.sum()) >= 300

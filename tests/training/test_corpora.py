"""Corpora to labels: what a corpus says becomes a tag, what it does not say is masked, and no text is taken for another."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from sayso.errors import DataError
from sayso.model import Span
from sayso.reader import labels
from sayso.reader.tokens import Window
from training import corpora

TEXT = 'Soldiers arrested 20 officers on Sunday. "They fired," a source said.'


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    """Whole words and marks as pieces."""
    made = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return made


def span(words: str) -> list[int]:
    at = TEXT.index(words)
    return [at, at + len(words)]


def claim(trigger: str, **slots: Any) -> dict[str, Any]:
    """An annotated claim with nothing in its slots but what is given."""
    empty: dict[str, Any] = {
        "type": "COERCE", "mode": "arrest", "status": "actual", "historical": False, "actor": [], "recipient": [], "place": None,
        "country": None, "date": None, "count": None, "source": {"kind": "report", "span": None}, "minor": False,
    }  # fmt: skip
    return {**empty, "trigger": span(trigger), **slots}


def report(*claims: dict[str, Any]) -> dict[str, Any]:
    return {"id": "r", "text": TEXT, "published": "2025-08-10", "claims": list(claims)}


def test_tags_triggers_and_masks_minor_ones(tokenizer: Tokenizer) -> None:
    read = corpora.gold(
        report(claim("arrested"), claim("fired", type="ASSAULT", mode="firearms", minor=True)), tokenizer
    )

    assert read.events is not None
    assert read.events.tolist() == [0, 1, *[0] * 7, corpora.IGNORED, *[0] * 6]
    assert [labels.TYPES[trigger.kind] for trigger in read.triggers] == ["COERCE", "ASSAULT"]


def test_points_from_a_trigger_to_all_that_fills_its_slots(tokenizer: Tokenizer) -> None:
    count = {"span": span("20"), "low": 20, "high": 20, "what": "arrested"}
    slots = {"actor": [span("Soldiers")], "recipient": [span("20 officers")], "count": count, "date": "2025-08-10"}

    [trigger] = corpora.gold(report(claim("arrested", **slots)), tokenizer, find_date=corpora.find_date).triggers

    assert trigger.roles == {
        "actor": (Window(0, 1),),
        "recipient": (Window(2, 4),),
        "place": (),
        "date": (Window(5, 6),),
        "count": (Window(2, 3),),
        "source": (),
    }
    assert labels.COUNTED[trigger.counted] == "arrested"


def test_masks_a_date_that_no_words_of_the_text_give(tokenizer: Tokenizer) -> None:
    [trigger] = corpora.gold(report(claim("arrested", date="1999")), tokenizer, find_date=corpora.find_date).triggers

    assert trigger.roles is not None
    assert trigger.roles["date"] is None


def test_finds_the_words_of_a_date_beside_the_trigger() -> None:
    found = corpora.find_date(TEXT, Span(*span("arrested")), "2025-08-10", dt.date(2025, 8, 12))

    assert found is not None
    assert "Sunday" in found.of(TEXT)


def test_reads_attributions_as_tags_and_as_words_with_their_sources(tokenizer: Tokenizer) -> None:
    record = {
        "id": "p",
        "text": TEXT,
        "attributions": [{"source": [span("a source")], "cue": [span("said")], "content": [span('"They fired,"')]}],
    }

    read = corpora.polnear(record, tokenizer)

    names = [labels.ATTRIBUTION_TAGS[tag] for tag in read.attribution.tolist()] if read.attribution is not None else []
    assert names[7:] == ["B-content", *["I-content"] * 4, "B-source", "I-source", "B-cue", "O"]
    assert read.events is None
    assert read.contents == ((Window(7, 12), (Window(12, 14),)),)


def test_joins_stand_off_annotation_with_its_text(tmp_path: Path) -> None:
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    path = tmp_path / "annotation.jsonl"
    path.write_text(json.dumps({"id": "r", "sha256": digest, "claims": []}))

    assert [record["text"] for record in corpora.annotated(path, {"r": {"text": TEXT}})] == [TEXT]


@pytest.mark.parametrize(
    ("texts", "told"),
    [({}, "no text for report r"), ({"r": {"text": TEXT + " "}}, "not the one that was annotated")],
)
def test_refuses_annotation_of_another_text(tmp_path: Path, texts: dict[str, Any], told: str) -> None:
    path = tmp_path / "annotation.jsonl"
    path.write_text(json.dumps({"id": "r", "sha256": hashlib.sha256(TEXT.encode()).hexdigest(), "claims": []}))

    with pytest.raises(DataError, match=told):
        list(corpora.annotated(path, texts))


@pytest.mark.parametrize("name", ["own.jsonl"])
def test_every_span_of_our_own_reports_holds_words(name: str) -> None:
    for record in corpora.read_lines(Path(corpora.__file__).parent / "annotation" / name):
        for one in record["claims"]:
            spans = [one["trigger"], *one["actor"], *one["recipient"], one["place"], one["source"]["span"]]
            assert all(Span(*s).of(record["text"]).strip() for s in spans if s)

"""The reader's own part in a reading, on a network whose every word always means the same (`toy.py`)."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reader import toy

from sayso.model import Claim, MentionKind, Report, SourceKind, Span, Status
from sayso.reader import labels
from sayso.reader.network import Network
from sayso.reader.reader import Reader, trigger_inputs
from sayso.reader.tokens import Window

STORY = "Police arrested 12 protests in Bamako on Sunday, Diallo said. Soldiers left."
FILLER = "Nobody knew what would come of it. "


@pytest.fixture(scope="module")
def reader(toy_network: Network) -> Reader:
    return Reader(toy_network)


def read(reader: Reader, text: str) -> Report:
    return reader.read(Report("r1", text))


def words(report: Report, claim: Claim) -> dict[str, object]:
    """A claim in words: what fills each of its slots."""
    slots = {"place": claim.place, "date": claim.date, "count": claim.count}
    return {
        "trigger": claim.trigger.of(report.text),
        "actor": [slot.span.of(report.text) for slot in claim.actor],
        "recipient": [slot.span.of(report.text) for slot in claim.recipient],
        **{name: slot and slot.span.of(report.text) for name, slot in slots.items()},
    }


def spans(report: Report) -> list[Span]:
    """Every span that a reading holds."""
    found = [mention.span for mention in report.mentions]
    for attribution in report.attributions:
        found += [*attribution.source, *attribution.cue, *attribution.content]
    for claim in report.claims:
        slots = [*claim.actor, *claim.recipient, claim.place, claim.date, claim.count, claim.source]
        found += [claim.trigger, claim.sentence, *(slot.span for slot in slots if slot and slot.span)]
    return found


def test_a_sentence_is_read_into_a_claim_with_all_its_slots(reader: Reader) -> None:
    report = read(reader, STORY)
    [claim] = report.claims

    assert words(report, claim) == {
        "trigger": "arrested",
        "actor": ["Police"],
        "recipient": ["protests"],
        "place": "Bamako",
        "date": "Sunday",
        "count": "12",
    }
    assert (claim.type, claim.mode, claim.source.kind) == ("COERCE", "arrest", SourceKind.REPORT)
    assert claim.sentence.of(STORY) == STORY[: STORY.index(" Soldiers")]
    assert [mention.span.of(STORY) for mention in report.mentions] == ["Police", "Bamako", "Diallo", "Soldiers"]
    assert [[span.of(STORY) for span in one.source + one.cue] for one in report.attributions] == [["Diallo", "said"]]


def test_a_speaker_is_the_source_of_the_claim(reader: Reader) -> None:
    report = read(reader, "Protesters marched in Lyon, Ndiaye told us.")
    source = report.claims[0].source

    assert source.kind is SourceKind.PERSON
    assert source.span is not None
    assert source.span.of(report.text) == "Ndiaye"


def test_reading_twice_gives_the_same(reader: Reader, toy_weights: Path) -> None:
    once = read(reader, STORY * 3)

    assert read(reader, STORY * 3) == once
    assert Reader(Network(toy_weights)).read(Report("r1", STORY * 3)) == once


def test_ids_of_claims_hang_on_the_report_and_the_weights(reader: Reader, tmp_path: Path) -> None:
    here = read(reader, STORY).claims[0].id
    elsewhere = reader.read(Report("r2", STORY)).claims[0].id
    otherwise = Reader(Network(toy.write(tmp_path, {"version": "other"}))).read(Report("r1", STORY)).claims[0].id

    assert len({here, elsewhere, otherwise}) == 3


@pytest.mark.parametrize("text", ["", " ", "\r\n\r\n", "\u200f"])
def test_a_text_without_words_has_nothing_in_it(reader: Reader, text: str) -> None:
    report = read(reader, text)

    assert (report.mentions, report.attributions, report.claims) == ((), (), ())


def test_one_word_is_a_claim_with_empty_slots(reader: Reader) -> None:
    report = read(reader, "Arrested")

    assert [words(report, claim) for claim in report.claims] == [
        {"trigger": "Arrested", "actor": [], "recipient": [], "place": None, "date": None, "count": None}
    ]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\n\n"])
def test_line_ends_change_nothing_but_offsets(reader: Reader, line_end: str) -> None:
    text = line_end.join([STORY, "“Lies!” Ndiaye told the union.", "Protesters marched."])
    plain = read(reader, text.replace(line_end, "\n"))
    report = read(reader, text)

    assert [span.of(text) for span in spans(report)] == [span.of(plain.text) for span in spans(plain)]


def test_emoji_and_marks_of_direction_shift_nothing(reader: Reader) -> None:
    text = "\u200f👮🏽 Police\u200f arrested 🔥 12 protests 👨‍👩‍👧 in Bamako."
    report = read(reader, text)

    assert words(report, report.claims[0]) | {"trigger": ""} == {
        "trigger": "", "actor": ["Police"], "recipient": ["protests"], "place": "Bamako", "date": None, "count": "12"
    }  # fmt: skip
    assert report.claims[0].trigger.of(text) == "arrested"


def test_a_slot_far_from_its_trigger_stays_empty(reader: Reader) -> None:
    report = read(reader, "Police arrested protesters. " + "x " * 20 + "Bamako.")

    assert report.claims[0].place is None
    assert [mention.span.of(report.text) for mention in report.mentions] == ["Police", "Bamako"]


@pytest.mark.parametrize("times", [2, 7, 40])
def test_windows_of_a_long_text_lose_nothing(reader: Reader, times: int) -> None:
    """Every sentence gives what it gives alone, wherever the windows are cut."""
    text = (FILLER + STORY + " " + FILLER * 3) * times
    report = read(reader, text)
    one = read(reader, STORY)

    assert [words(report, claim) for claim in report.claims] == [words(one, one.claims[0])] * times
    assert len(report.mentions) == len(one.mentions) * times
    assert len(report.attributions) == times


def test_a_text_longer_than_a_stretch_is_read_to_its_end(toy_network: Network) -> None:
    """Hidden states of 2 MB of text took 2.4 GB at once."""
    text = "Police arrested 12 protests in Bamako.\n" * 100
    report = read(Reader(toy_network, stretch=200), text)

    assert [claim.trigger.start for claim in report.claims] == [m.start() for m in re.finditer("arrested", text)]


def test_a_sentence_longer_than_a_window_is_read_to_its_end(reader: Reader) -> None:
    text = "police in lyon, " * 200 + "arrested protesters"
    report = read(reader, text)

    assert len(report.mentions) == 400
    assert [claim.trigger.of(text) for claim in report.claims] == ["arrested"]
    assert report.claims[0].sentence == Span(0, len(text))


def test_two_tags_in_one_word_are_one_mention(reader: Reader) -> None:
    """Both pieces of "BamakoKati" begin a place, and each was spelt out to the whole word."""
    text = "Police arrested protesters in BamakoKati."
    report = read(reader, text)

    assert [mention.span.of(text) for mention in report.mentions] == ["Police", "BamakoKati"]


def test_a_span_stands_at_whole_words_without_the_marks_around_them(reader: Reader) -> None:
    text = "“Police” (arrested) «protests» in Bamako's streets."
    report = read(reader, text)

    assert words(report, report.claims[0]) | {"date": 0} == {
        "trigger": "arrested", "actor": ["Police"], "recipient": ["protests"], "place": "Bamako", "date": 0, "count": None
    }  # fmt: skip


def test_claims_less_sure_than_the_card_allows_are_left_out(tmp_path: Path) -> None:
    doubtful = Reader(Network(toy.write(tmp_path, {"least_confidence": 0.99})))

    assert read(doubtful, STORY).claims == ()
    assert len(read(doubtful, STORY).mentions) == 4


def test_other_fields_of_the_report_stay_as_they_were(reader: Reader) -> None:
    before = Report("r1", STORY, title="Title", outlet="Wire", language="en", url="https://a.example", issues=("x",))
    after = reader.read(before)

    assert replace(after, mentions=(), attributions=(), claims=()) == before


PIECES = [
    *("Police", "arrested", "protests", "marched", "Bamako", "BamakoKati", "Diallo", "said", "lies", "12", "on Sunday"),
    *(" ", ", ", ". ", ".\r\n", "\n", "“", "”", "'s ", "-", "😢", "\u200f", "é", "x", "(", ")"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_whatever_is_read_reproduces_words_of_the_text(reader: Reader, text: str) -> None:
    report = read(reader, text)

    for span in spans(report):
        assert 0 <= span.start < span.end <= len(text)
        assert any(letter.isalnum() for letter in span.of(text))
        assert not (text[span.start - 1 : span.start] + text[span.start]).isalnum() or span.start == 0
        assert span.of(text) == span.of(text).strip()
    for found in ([mention.span for mention in report.mentions], [claim.trigger for claim in report.claims]):
        assert all(left.end <= right.start for left, right in pairwise(found))
    for claim in report.claims:
        assert claim.sentence.start <= claim.trigger.start < claim.sentence.end


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_a_mention_is_of_the_kind_that_its_words_mean(reader: Reader, text: str) -> None:
    meant = {"police": MentionKind.ORGANIZATION, "bamako": MentionKind.LOCATION, "diallo": MentionKind.PERSON}

    for mention in read(reader, text).mentions:
        said = mention.span.of(text).lower()
        assert mention.kind in [kind for word, kind in meant.items() if word in said] or "kati" in said


def test_a_trigger_across_the_edge_of_a_window_is_pooled_within_it() -> None:
    """The part before the window was taken for pieces at its end."""
    pooling, distances = trigger_inputs([Window(2, 6)], Window(4, 10))

    assert pooling.tolist() == [[0.5, 0.5, 0.0, 0.0, 0.0, 0.0]]
    assert distances[0].tolist() == labels.distance_buckets(np.array([0, 0, 1, 2, 3, 4])).tolist()


@pytest.mark.parametrize(
    ("text", "triggers"),
    [
        pytest.param("Police detained arrested men.", ["detained arrested"], id="touching words"),
        pytest.param("Police marched arrested men.", ["marched arrested"], id="touching words of two types"),
        pytest.param("Police arrested the detained.", ["arrested"], id="near words of one type"),
        pytest.param("Police arrested and detained men.", ["arrested", "detained"], id="two acts"),
        pytest.param("Police arrested, detained men.", ["arrested", "detained"], id="a list of acts"),
        pytest.param("Police arrested\ndetained men.", ["arrested", "detained"], id="two lines"),
        pytest.param("Police arrested the men who marched.", ["arrested", "marched"], id="two types"),
        pytest.param("Police arrested all of the men detained.", ["arrested", "detained"], id="far words of one type"),
    ],
)
def test_two_words_for_one_event_are_one_claim(reader: Reader, text: str, triggers: list[str]) -> None:
    assert [claim.trigger.of(text) for claim in read(reader, text).claims] == triggers


def test_a_date_is_the_whole_of_its_time_expression(toy_network: Network) -> None:
    text = "Police arrested protests early on Sunday."
    found = Span(text.index("early"), text.index("."))
    reader = Reader(toy_network, find_days=lambda _: [found])

    [claim] = read(reader, text).claims

    assert claim.date is not None
    assert claim.date.span.of(text) == "early on Sunday"


def test_words_before_a_trigger_decide_its_status(reader: Reader) -> None:
    report = read(reader, "Police reportedly arrested men. Men were not detained. Union marched.")

    assert [claim.status for claim in report.claims] == [Status.ALLEGED, Status.NEGATED, Status.ACTUAL]


def test_confidence_goes_through_the_tables_of_the_card(toy_weights: Path, tmp_path: Path) -> None:
    before = read(Reader(Network(toy_weights)), STORY).claims[0].confidence
    halved = Network(toy.write(tmp_path, {"calibration": {"claim": [[0, 1], [0, 0.5]]}}))

    assert read(Reader(halved), STORY).claims[0].confidence == pytest.approx(before / 2, abs=0.001)

"""All stages together, on the weights that ship: any text gives an answer or a clear error, the same every time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sayso
from sayso import pipeline
from sayso.errors import ConfigError, InputError
from sayso.layout import report_json
from sayso.model import Report, Span

SAMPLES = sorted((Path(sayso.__file__).parent / "data/samples").glob("*.md"))
STORY = SAMPLES[0].read_text("utf-8").split("---\n")[2].strip()

HARD_TEXTS = {
    "one word": "Arrests",
    "one letter": "x",
    "punctuation": "?!… — «»",
    "emoji": "Police \U0001f46e\U0001f3fd arrested \U0001f525 12 men \U0001f468‍\U0001f469‍\U0001f467 in Lyon.",
    "right-to-left marks": "\u200fThe army\u200e arrested \u202b12 officers\u202c in Tripoli.",
    "CRLF": STORY.replace("\n", "\r\n"),
    "no space between sentences": "Troops fired.Police fled.The minister resigned.",
    "nested quotation": 'He said: "She told me \'the general had said "we will seize power"\' on Monday."',
    "unclosed quotation": '"Soldiers came early, he said, "and took him.',
    "capitals": STORY.upper(),
    "no capitals": STORY.lower(),
    "zero width": "Po\u200blice arr\u00adested 12 men.",
    "combining": "Poli\u0301ce arrested Goi\u0308ta.",
    "marks without a letter": "Police \u0301 fired \ufe0f at \u20e3 12 men.",
    "control characters": "Police\x0barrested\x0c12\x1fmen.",
    "one endless word": "a" * 20_000,
    "one endless sentence": "the police arrested the men and " * 3_000,
    "thousands of lines": "Police fired.\n" * 2_000,
}


@pytest.fixture(scope="module")
def read_story() -> Report:
    return sayso.read(STORY, published="2026-03-08", outlet="Harbour Wire")


def spans(report: Report) -> list[Span]:
    """Every span that a reading holds."""
    found = [mention.span for mention in report.mentions]
    for attribution in report.attributions:
        found += [*attribution.source, *attribution.cue, *attribution.content]
    for claim in report.claims:
        slots = [*claim.actor, *claim.recipient, claim.place, claim.date, claim.count, claim.source]
        found += [claim.trigger, claim.sentence, *(slot.span for slot in slots if slot and slot.span)]
    return found


@pytest.mark.parametrize("text", HARD_TEXTS.values(), ids=HARD_TEXTS.keys())
def test_any_text_is_read_within_its_own_bounds(text: str) -> None:
    report = sayso.read(text)

    assert report.text == text
    assert all(0 <= span.start < span.end <= len(text) and span.of(text).strip() for span in spans(report))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300).filter(str.strip))
def test_no_text_breaks_a_reading(text: str) -> None:
    report = pipeline.read_report(Report(id="x", text=text))

    assert all(0 <= span.start < span.end <= len(text) for span in spans(report))


def test_reads_the_same_twice(read_story: Report) -> None:
    again = sayso.read(STORY, published="2026-03-08", outlet="Harbour Wire")

    assert report_json(again) == report_json(read_story)


def test_what_stands_around_a_report_does_not_change_it(read_story: Report) -> None:
    """A text's reading must not depend on what was read before it."""
    for other in HARD_TEXTS.values():
        if len(other) < 500:
            sayso.read(other)

    assert report_json(sayso.read(STORY, published="2026-03-08", outlet="Harbour Wire")) == report_json(read_story)


def test_three_numbers_by_three_sources_stay_three_claims() -> None:
    said = {
        (claim.count.value.low, claim.count.value.high, str(claim.source.kind))
        for path in SAMPLES
        for claim in sayso.read(path).claims
        if claim.mode == "arrest" and claim.count and claim.count.value
    }

    assert said == {(20, None, "anonymous"), (31, 31, "person"), (50, 50, "anonymous")}


def test_relative_days_stay_open_without_a_day_of_publication() -> None:
    report = sayso.read("Soldiers arrested General Dembele in Kati, Mali, on Sunday.")

    assert all(claim.date is None or claim.date.value is None for claim in report.claims)
    assert any("no day of publication" in issue for issue in report.issues)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_reads_a_file_as_it_reads_its_text(path: Path) -> None:
    report = sayso.read(path)

    assert report.outlet in ("Harbour Wire", "Bissau Observer", "Atlantic Dispatch")
    assert len(report.claims) >= 5


def test_takes_a_long_line_for_a_text_and_a_file_name_for_a_file(tmp_path: Path) -> None:
    assert sayso.read("Police arrested men. " * 40).text.startswith("Police")
    with pytest.raises(InputError, match="no such file"):
        sayso.read(str(tmp_path / "missing.jsonl"))


def test_refuses_a_file_of_several_reports(tmp_path: Path) -> None:
    path = tmp_path / "two.jsonl"
    path.write_text('{"id": "1", "text": "Police fired."}\n{"id": "2", "text": "Police fled."}\n')

    with pytest.raises(InputError, match=r"holds 2 reports; read them with sayso\.read_sources"):
        sayso.read(path)


@pytest.mark.parametrize("text", ["", "   \n"])
def test_refuses_a_text_without_words(text: str) -> None:
    with pytest.raises(InputError, match="there is no text in it"):
        sayso.read(text)


def test_refuses_a_day_that_is_none() -> None:
    with pytest.raises(ConfigError, match="is no day"):
        sayso.read(STORY, published="8 March")


def test_the_function_read_outlives_the_modules_behind_it() -> None:
    """A package of the same name once took its place after the first call."""
    for _ in range(2):
        assert sayso.read("Police fired.").text == "Police fired."


def test_reading_gives_tables(read_story: Report) -> None:
    frame, table = read_story.to_pandas(), read_story.to_arrow()

    assert len(frame) == table.num_rows == len(read_story.claims)
    assert list(frame.columns) == table.column_names
    assert frame["trigger"].tolist() == [claim.trigger.of(STORY) for claim in read_story.claims]
    assert str(frame["count_low"].dtype) == "Int64"


def test_a_notebook_shows_text_as_text() -> None:
    shown = sayso.read('<script>alert("x")</script> Police arrested 12 men.')._repr_html_()

    assert "<script>" not in shown
    assert ">arrested</mark>" in shown


def test_claims_below_the_least_confidence_are_left_out(read_story: Report) -> None:
    sure = sorted(claim.confidence for claim in read_story.claims)
    least = sure[len(sure) // 2]
    kept = pipeline.read_report(replace(read_story, claims=()), min_confidence=least)

    assert kept.claims == tuple(claim for claim in read_story.claims if claim.confidence >= least)
    with pytest.raises(ConfigError, match="from 0 to 1"):
        pipeline.read_report(read_story, min_confidence=1.5)

"""`sayso read` as a user meets it: what stands on standard output, what on standard error, and the exit code."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sayso.layout import COLUMNS

STORY = "Police arrested 12 protesters in Lyon on Sunday, a union leader said.\n"


def sayso(*arguments: str | Path, stdin: str = "", width: int = 120) -> subprocess.CompletedProcess[bytes]:
    """Runs the command in a process of its own, as a shell would."""
    command = [sys.executable, "-m", "sayso", *map(str, arguments)]
    environment = {**os.environ, "COLUMNS": str(width)}
    return subprocess.run(command, input=stdin.encode(), capture_output=True, check=False, timeout=120, env=environment)


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_text(STORY, "utf-8")
    return path


def test_prints_a_table_that_names_event_and_quotation(story: Path) -> None:
    result = sayso("read", story, "--published", "2025-08-10", "--outlet", "Lyon Matin")

    assert result.returncode == 0
    shown = result.stdout.decode()
    assert "Lyon Matin · 2025-08-10" in shown
    assert "COERCE arrest" in shown
    assert "arrested" in shown


@pytest.mark.parametrize("width", [40, 80, 99])
def test_stacks_claims_where_a_table_would_not_fit(story: Path, width: int) -> None:
    shown = sayso("read", story, width=width).stdout.decode()

    assert "COERCE arrest  actual" in shown
    assert max(map(len, shown.splitlines())) <= width


def test_writes_one_json_object_a_report_with_spans_into_its_text(story: Path) -> None:
    result = sayso("read", "--json", "--published", "2025-08-10", story)

    [line] = result.stdout.decode().splitlines()
    report = json.loads(line)
    [claim] = report["claims"]
    assert report["text"] == STORY
    assert STORY[slice(*claim["trigger"])] == "arrested"
    assert claim["count"] == {"span": [16, 18], "low": 12, "high": 12, "what": "arrested"}
    assert claim["country"] == "FR"


def test_writes_csv_with_the_declared_columns(story: Path) -> None:
    result = sayso("read", "--csv", story)

    rows = list(csv.DictReader(io.StringIO(result.stdout.decode())))
    assert list(rows[0]) == [name for name, _ in COLUMNS]
    assert rows[0]["trigger"] == "arrested"


def test_keeps_a_spreadsheet_from_running_what_a_report_says(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"id": "=1+1", "outlet": "@cmd", "text": STORY}))

    rows = list(csv.DictReader(io.StringIO(sayso("read", "--csv", tmp_path / "a.json").stdout.decode())))

    assert (rows[0]["report_id"], rows[0]["outlet"]) == ("'=1+1", "'@cmd")


def test_marks_the_text_in_brackets_that_need_no_colour(story: Path) -> None:
    shown = sayso("read", "--quotes", story).stdout.decode()

    assert "Police(actor 1) [1 arrested]" in " ".join(shown.split())


def test_reads_standard_input(story: Path) -> None:
    by_pipe = sayso("read", "--json", "-", stdin=STORY)

    assert by_pipe.stdout == sayso("read", "--json", story).stdout


def test_gives_the_same_bytes_twice_and_on_two_processes() -> None:
    samples = Path(__file__).parents[2] / "src/sayso/data/samples"

    once, twice, side_by_side = (sayso("read", "--json", samples, "--jobs", jobs).stdout for jobs in ("1", "1", "2"))

    assert once == twice == side_by_side
    assert len(once.splitlines()) == 3


def test_keeps_ids_and_texts_of_json_lines_to_the_character(tmp_path: Path) -> None:
    records = [
        {"id": "ä/1", "text": "Line one.\r\nLine\u2028two \u200f\U0001f525.", "published": "2025-08-10"},
        {"id": "2", "text": "  Police\tarrested\u00a012 men.  ", "outlet": "Börsenblatt"},
    ]
    path = tmp_path / "reports.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))

    read = [json.loads(line) for line in sayso("read", "--json", path).stdout.decode().split("\n") if line]

    assert [(report["id"], report["text"]) for report in read] == [(record["id"], record["text"]) for record in records]


def test_lists_what_failed_at_the_end_and_reads_the_rest(tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_text(STORY)
    (tmp_path / "2.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    (tmp_path / "3.jsonl").write_text('[1]\n{"id": "good", "text": "Troops seized the airport."}\nnot json\n')

    result = sayso("read", "--json", tmp_path)

    assert result.returncode == 1
    assert len(result.stdout.splitlines()) == 2
    told = result.stderr.decode()
    assert "2.txt" in told
    assert "3.jsonl:1" in told
    assert "3.jsonl:3" in told
    assert "3 of the sources gave no report" in told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("read", "--json", "--csv", "x.txt"), "--json and --csv cannot go together"),
        (("read", "x.txt", "--published", "yesterday"), "'yesterday' is no day; write it as 2025-08-10"),
        (("read", "x.txt", "--encoder", "/nowhere"), "/nowhere: no card.json there"),
    ],
)
def test_refuses_what_makes_no_sense_with_exit_code_2(tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    (tmp_path / "x.txt").write_text(STORY)

    result = sayso(*(str(tmp_path / part) if part == "x.txt" else part for part in arguments))

    assert result.returncode == 2
    assert told in result.stderr.decode()
    assert result.stdout == b""


def test_says_that_a_file_is_missing(tmp_path: Path) -> None:
    result = sayso("read", tmp_path / "missing.txt")

    assert result.returncode == 1
    assert "there is no such file or folder" in result.stderr.decode()


def test_says_which_language_it_cannot_read(tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text(
        "L'armée a annoncé dimanche l'arrestation de vingt officiers soupçonnés de complot contre la junte."
    )

    report = json.loads(sayso("read", "--json", path).stdout)

    assert report["language"] == "fr"
    assert report["claims"] == []
    assert any("the reader knows en only" in issue for issue in report["issues"])


def test_stops_quietly_when_its_reader_has_seen_enough(story: Path) -> None:
    command = f"{sys.executable} -m sayso read --json {story} {story.parent} | head -c 10 >/dev/null"

    result = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, check=False, timeout=120)

    assert b"Traceback" not in result.stderr


def test_demo_ends_with_one_incident_of_three_outlets_that_disagree() -> None:
    reports, _, last = sayso("demo").stdout.decode().partition("one incident, and what they say of it")

    for outlet in ("Harbour Wire", "Bissau Observer", "Atlantic Dispatch"):
        assert outlet in reports
        assert f"· {outlet}, 2026-03-" in last
    for words in (
        "COERCE arrest",
        "3 outlets, 3 origins",
        "They disagree on how many",
        "How many arrested: 20 to 50",
        "a military source (anonymous)",
        "Interior Minister Celestina Mane",
        "Two diplomats (anonymous)",
    ):
        assert words in last


def test_help_answers_without_loading_the_reader() -> None:
    code = (
        "import sys; sys.argv = ['sayso', '--help']\n"
        "import sayso.cli\n"
        "try:\n    sayso.cli.main()\n"
        "finally:\n    print(sorted({'onnxruntime', 'lxml', 'httpx'} & set(sys.modules)))"
    )

    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True, timeout=60)

    assert result.stdout.splitlines()[-1] == "[]"


def test_leaves_out_claims_below_a_confidence(story: Path) -> None:
    [line] = sayso("read", "--json", story).stdout.decode().splitlines()
    [claim] = json.loads(line)["claims"]

    for least, kept in ((claim["confidence"], 1), (min(claim["confidence"] + 0.001, 1.0), 0)):
        [line] = sayso("read", "--json", "--min-confidence", str(least), story).stdout.decode().splitlines()
        assert len(json.loads(line)["claims"]) == kept


def test_reads_with_weights_from_a_folder(story: Path, toy_weights: Path) -> None:
    """The folder that training writes: an encoder, heads, a tokenizer and a card."""
    [line] = sayso("read", "--json", "--encoder", toy_weights, story).stdout.decode().splitlines()
    [claim] = json.loads(line)["claims"]

    assert (claim["type"], claim["mode"], STORY[slice(*claim["trigger"])]) == ("COERCE", "arrest", "arrested")

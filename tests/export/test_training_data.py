"""What reviewers judged as training data: only what was judged, as it now stands, in the layout of the guidelines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.ledger import invented
from typer.testing import CliRunner

from sayso import pipeline
from sayso.cli import app
from sayso.export import training_data
from sayso.ledger import Writer, open_ledger, values
from sayso.ledger.judgements.review import Reviewer
from sayso.ledger.judgements.slots import Correction

REPORT = invented.read(invented.report(3))
KEY = values.report_key(REPORT)
FIELDS = {
    "trigger", "type", "mode", "status", "historical", "actor", "recipient", "place", "country", "date", "count",
    "source", "minor",
}  # fmt: skip


@pytest.fixture
def where(tmp_path: Path) -> Path:
    """A ledger of two reports, one of which was reviewed in part: one claim corrected, one rejected, one left."""
    path = tmp_path / "sayso.db"
    with open_ledger(path, create=True) as book:
        for number in (3, 4):
            Writer(book, "1").add(invented.read(invented.report(number)))
        ana = Reviewer(book, "ana", pipeline.resolve_claim)
        ana.correct(KEY, REPORT.claims[0].id, {"status": Correction(value="planned")})
        ana.reject(KEY, REPORT.claims[1].id)
    return path


def test_gives_reports_that_were_reviewed_in_part_with_what_was_judged(where: Path) -> None:
    with open_ledger(where) as book:
        (line,) = training_data.lines(book)

    found = json.loads(line)
    assert (found["id"], found["text"], found["reviewed"]) == (REPORT.id, REPORT.text, "part")
    assert found["unreviewed"] == [list(REPORT.claims[2].trigger)]
    assert [(claim["trigger"], claim["status"]) for claim in found["claims"]] == [
        (list(REPORT.claims[0].trigger), "planned")
    ]
    assert set(found["claims"][0]) == FIELDS
    assert found["reviewers"] == ["ana"]


def test_marks_a_report_whose_every_claim_was_judged(where: Path) -> None:
    with open_ledger(where) as book:
        Reviewer(book, "bea", pipeline.resolve_claim).accept(KEY, REPORT.claims[2].id)
        found = json.loads(next(iter(training_data.lines(book))))

    assert (found["reviewed"], found["unreviewed"], found["reviewers"]) == ("all", [], ["ana", "bea"])
    assert len(found["claims"]) == 2


def test_the_command_writes_it_to_a_file_and_to_standard_output(where: Path, tmp_path: Path) -> None:
    out = tmp_path / "reviewed.jsonl"
    told = CliRunner().invoke(app, ["training-data", "--ledger", str(where), "-o", str(out)])
    shown = CliRunner().invoke(app, ["training-data", "--ledger", str(where)])

    assert (told.exit_code, shown.exit_code) == (0, 0)
    assert out.read_text("utf-8") == shown.stdout
    assert "reports that people have reviewed: 1" in told.stderr


def test_the_command_says_where_it_cannot_write(where: Path, tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["training-data", "--ledger", str(where), "-o", str(tmp_path / "no" / "file")])

    assert (told.exit_code, "cannot be written" in told.stderr) == (2, True)


def test_the_command_for_messages_says_how_many_arrived(where: Path) -> None:
    told = CliRunner().invoke(app, ["notify", "--ledger", str(where), "--webhook-to", "https://hooks.example.org/"])
    wrong = CliRunner().invoke(app, ["notify", "--ledger", str(where), "--webhook-to", "hooks"])

    assert (told.exit_code, told.stderr) == (0, "messages: 0 arrived, 0 did not\n")
    assert (wrong.exit_code, "not the beginning of an address" in wrong.stderr) == (2, True)

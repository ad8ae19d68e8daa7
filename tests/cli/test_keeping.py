"""The commands that work with a ledger, run as a user runs them (with the weights that ship)."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

import sayso
from sayso.ledger.filters import FILTERS

SAMPLES = Path(sayso.__file__).parent / "data" / "samples"


def run(*arguments: str | Path, folder: Path, expect: int = 0) -> subprocess.CompletedProcess[str]:
    """`sayso` with these arguments, in a folder."""
    environment = {key: value for key, value in os.environ.items() if key != "SAYSO_LEDGER"} | {
        "COLUMNS": "160",
        "NO_COLOR": "1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "sayso", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        check=False,
    )
    assert done.returncode == expect, done.stderr
    return done


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with a ledger of the samples, and what the command said."""
    folder = tmp_path_factory.mktemp("kept")
    return folder, run("add", SAMPLES, "--keep-raw", folder=folder).stderr


def test_add_says_what_it_did_and_what_comes_next(kept: tuple[Path, str]) -> None:
    assert kept[1].splitlines()[-1] == "3 read, 0 already there, 0 failed; see them with: sayso claims"


def test_rows_are_those_of_read(kept: tuple[Path, str]) -> None:
    listed = run("claims", "--csv", folder=kept[0]).stdout.splitlines()
    read = run("read", "--csv", SAMPLES, folder=kept[0]).stdout.splitlines()

    assert listed[0] == f"{read[0]},origin"
    assert sorted(row.rpartition(",")[0] for row in listed) == sorted(read)
    assert len({row.rpartition(",")[2] for row in listed[1:]}) == 3


def test_reports_are_those_of_read_with_their_origins(kept: tuple[Path, str]) -> None:
    listed = [json.loads(line) for line in run("reports", "--json", folder=kept[0]).stdout.splitlines()]
    read = [json.loads(line) for line in run("read", "--json", SAMPLES, folder=kept[0]).stdout.splitlines()]

    assert len({report.pop("origin") for report in listed}) == 3
    assert {report.pop("prints") for report in listed} == {1}
    assert sorted(listed, key=str) == sorted(read, key=str)


def test_prints_of_one_text_are_counted(tmp_path: Path) -> None:
    said = " ".join(
        f"On day {day} the ministry said that {day + 3} people had gone home from Kati." for day in range(12)
    )
    rows = [{"text": said, "outlet": f"Paper {number}", "published": "2025-08-10"} for number in range(3)]
    (tmp_path / "papers.jsonl").write_text("\n".join(map(json.dumps, rows)))
    run("add", "papers.jsonl", folder=tmp_path)

    listed = list(csv.DictReader(io.StringIO(run("reports", "--csv", folder=tmp_path).stdout)))
    shown = run("reports", folder=tmp_path).stdout.splitlines()

    assert [(row["prints"], row["origin"]) for row in listed] == [("3", listed[0]["origin"])] * 3
    assert "prints" in shown[0].split()


def test_adding_again_changes_nothing_and_fails_only_for_what_is_new(kept: tuple[Path, str]) -> None:
    folder = kept[0]
    (folder / "bad.jsonl").write_text('{"id": 1}\n')
    before = run("claims", "--csv", folder=folder).stdout

    said = run("add", SAMPLES, "bad.jsonl", folder=folder, expect=1).stderr.splitlines()

    assert said[0] == 'failed: bad.jsonl:1: it has no "text" that is a string'
    assert said[-1] == "0 read, 3 already there, 1 failed; see them with: sayso claims"
    assert run("claims", "--csv", folder=folder).stdout == before
    assert run("reports", "--failed", folder=folder).stdout == 'bad.jsonl:1: it has no "text" that is a string\n'


def test_raw_bytes_are_those_of_the_files(kept: tuple[Path, str]) -> None:
    with closing(sqlite3.connect(kept[0] / "sayso.db")) as book:
        found = {content for (content,) in book.execute("SELECT content FROM raw")}

    assert found == {path.read_bytes() for path in SAMPLES.iterdir()}


def test_claims_are_listed_in_each_form(kept: tuple[Path, str]) -> None:
    shown = run("claims", "--outlet", "harbour wire", folder=kept[0])
    as_json = [
        json.loads(line)
        for line in run("claims", "--outlet", "Harbour Wire", "--json", folder=kept[0]).stdout.splitlines()
    ]
    rows = list(csv.DictReader(io.StringIO(run("claims", "--outlet", "Harbour Wire", "--csv", folder=kept[0]).stdout)))

    assert "Guinea-Bissau arrests soldiers" in shown.stdout
    assert shown.stderr == f"{len(rows)} claims published by harbour wire\n"
    assert [claim["id"] for claim in as_json] == [row["claim_id"] for row in rows]
    assert {claim["outlet"] for claim in as_json} == {"Harbour Wire"}
    assert [claim["words"] for claim in as_json] == [row["sentence"] for row in rows]


def test_a_listing_goes_on_after_its_cursor(kept: tuple[Path, str]) -> None:
    everything = run("claims", "--csv", folder=kept[0]).stdout.splitlines()[1:]
    first = run("claims", "--limit", "2", folder=kept[0])
    cursor = first.stderr.split("--after ")[1].split(",")[0]

    rest = run("claims", "--csv", "--after", cursor, folder=kept[0]).stdout.splitlines()[1:]

    assert first.stderr.startswith("the first 2 claims; more with --after ")
    assert rest == everything[2:]


def test_reports_are_listed_with_how_many_claims_they_make(kept: tuple[Path, str]) -> None:
    rows = list(csv.DictReader(io.StringIO(run("reports", "--csv", "--since", "2026-03-09", folder=kept[0]).stdout)))

    assert [row["published"] for row in rows] == ["2026-03-10", "2026-03-09"]
    assert all(int(row["claims"]) > 0 and row["raw"] and row["reader"] for row in rows)
    assert run("reports", "--since", "2026-03-09", folder=kept[0]).stderr == "2 reports published since 2026-03-09\n"


def test_rereading_with_the_same_reader_reads_nothing(kept: tuple[Path, str]) -> None:
    before = run("claims", "--csv", folder=kept[0]).stdout

    assert run("reread", folder=kept[0]).stderr.startswith("0 reports read anew with reader ")
    assert run("claims", "--csv", folder=kept[0]).stdout == before


def test_doctor_finds_all_well_and_then_what_is_not(kept: tuple[Path, str], tmp_path: Path) -> None:
    well = [json.loads(line) for line in run("doctor", "--json", folder=kept[0]).stdout.splitlines()]
    (tmp_path / "sayso.db").write_text("no ledger")
    ill = run("doctor", folder=tmp_path, expect=1).stdout

    assert [check["check"] for check in well] == [
        "versions",
        "extras",
        "model",
        "gazetteer",
        "pages",
        "sqlite",
        "ledger",
        "integrity",
        "audit log",
        "readings",
        "origins",
    ]
    assert all(check["ok"] for check in well)
    assert "PROBLEM  ledger: sayso.db: not a ledger, nor any SQLite database" in ill


def test_what_a_newcomer_should_know_is_said_when_adding(tmp_path: Path) -> None:
    """Days that nobody gave, days that come too late, the same text in two files."""
    (tmp_path / "news").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "news" / name).write_text(
            "Police in Bamako arrested at least 20 protesters on Sunday, a minister said."
        )

    first = run("add", "news", folder=tmp_path).stderr.splitlines()
    late = run("add", "news/a.txt", "--published", "2025-08-11", folder=tmp_path).stderr.splitlines()
    dated = [
        run("add", "news/a.txt", "--published", "2025-08-11", "--ledger", "new.db", folder=tmp_path).stderr.splitlines()
        for _ in range(2)
    ]
    listed = run("incidents", folder=tmp_path)

    assert first[0].startswith("1 without a day of publication: ")
    assert "--published" in first[0]
    assert first[1:] == ["1 read, 1 already there, 0 failed; see them with: sayso claims"]
    assert late[0].startswith("1 already there with another day of publication or none, and left so: ")
    assert late[1:] == ["0 read, 1 already there, 0 failed; see them with: sayso claims"]
    assert [len(said) for said in dated] == [1, 1]
    assert listed.stderr == "1 incident\n"
    assert "at least 20 arrested" in " ".join(listed.stdout.split())
    assert run("claims", folder=tmp_path).stderr == "1 claim\n"
    assert run("reports", folder=tmp_path).stderr == "1 report\n"


@pytest.mark.parametrize("command", ["add", "read"])
def test_a_folder_without_anything_to_read_is_said(tmp_path: Path, command: str) -> None:
    (tmp_path / "empty").mkdir()

    said = run(command, "empty", folder=tmp_path, expect=1).stderr

    assert said.startswith("nothing to read was found in empty; files that are read: .txt, .md, ")


def test_a_stopped_add_goes_on(tmp_path: Path) -> None:
    """The whole command, killed while it works, then run again; `-` stays open, so that it cannot end by itself."""
    with subprocess.Popen(
        [sys.executable, "-m", "sayso", "add", *sorted(SAMPLES.iterdir()), "-"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
    ) as child:
        while not _held(tmp_path / "sayso.db"):
            assert child.poll() is None
        child.kill()
    stored = _held(tmp_path / "sayso.db")

    said = run("add", SAMPLES, "--jobs", "2", folder=tmp_path).stderr

    assert said.splitlines()[-1].startswith(f"{3 - stored} read, {stored} already there, 0 failed")


def _held(path: Path) -> int:
    """How many reports a file holds so far."""
    if not path.exists():
        return 0
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=5)) as book:
            return int(book.execute("SELECT count(*) FROM reports").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["claims"], "sayso: sayso.db: there is no such ledger; `sayso add SOURCE... --ledger sayso.db` makes one\n"),
        (["claims", "--json", "--csv"], "sayso: --json and --csv cannot go together; choose one\n"),
        (["claims", "--ledger", "mysql://there"], "an address that begins with postgresql://\n"),
        (["add", "x.txt", "--published", "Sunday"], "sayso: 'Sunday' is no day; write it as 2025-08-10\n"),
    ],
)
def test_a_command_that_makes_no_sense_says_what_would(arguments: list[str], message: str, tmp_path: Path) -> None:
    assert run(*arguments, folder=tmp_path, expect=2).stderr.endswith(message)
    assert list(tmp_path.iterdir()) == []


def test_a_value_that_there_is_not_is_refused(kept: tuple[Path, str]) -> None:
    assert "'WAR' is no event type; known are " in run("claims", "--type", "WAR", folder=kept[0], expect=2).stderr


@pytest.mark.parametrize("command", ["claims", "reports"])
def test_every_filter_is_an_option(command: str, tmp_path: Path) -> None:
    shown = run(command, "--help", folder=tmp_path).stdout

    assert [row.option for row in FILTERS if row.option not in shown] == []

"""The commands that take a ledger to other programs, run as a user runs them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.test_keeping import run
from tests.export.test_compare import ACLED
from tests.ingest.test_annotated import WHOLE, label_studio
from tools.example_ledger import ARRESTS, example

from sayso.export import FORMATS
from sayso.ledger import Ledger


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    with example(tmp_path) as ledger:
        yield ledger


def test_export_says_what_it_wrote(book: Ledger, tmp_path: Path) -> None:
    done = run(
        "export", "claims.csv", "geojson", "-o", "out", "--ledger", "example.db", "--type", "COERCE", folder=tmp_path
    )

    assert done.stdout == ""
    assert done.stderr == "out: 3 claims and 1 incident; claims.csv, datapackage.json, incidents.geojson\n"
    with (tmp_path / "out" / "claims.csv").open(newline="") as lines:
        assert {row["type"] for row in csv.DictReader(lines)} == {"COERCE"}


def test_a_pack_of_evidence_is_one_file(book: Ledger, tmp_path: Path) -> None:
    run("export", "evidence", "--incident", ARRESTS, "-o", "pack.zip", "--ledger", "example.db", folder=tmp_path)

    assert (tmp_path / "pack.zip").read_bytes().startswith(b"PK")


def test_what_cannot_be_exported_is_refused_and_nothing_written(book: Ledger, tmp_path: Path) -> None:
    done = run("export", "excel", "-o", "out", "--ledger", "example.db", folder=tmp_path, expect=2)

    assert done.stderr.startswith("sayso: there is no format 'excel'; known are claims.csv, ")
    assert not (tmp_path / "out").exists()


def test_formats_lists_all_and_tells_one_in_full(tmp_path: Path) -> None:
    listed = run("formats", folder=tmp_path).stdout.splitlines()
    told = run("formats", "acled", folder=tmp_path).stdout
    described = [json.loads(line) for line in run("formats", "--json", folder=tmp_path).stdout.splitlines()]

    heads = [line.split()[0] for line in listed if not line.startswith(" ")]
    assert heads == [form["name"] for form in described] == list(FORMATS)
    assert sum(line.startswith("    terms: ") for line in listed) == len(FORMATS)
    assert "latitude (degrees, WGS84)" in " ".join(" ".join(listed).split())
    assert "  fatalities: lowest of the most recent numbers killed" in told
    assert "What is lost:" in told
    assert "Terms: " in told
    assert len(described[10]["files"][0]["columns"]) == 31


def test_compare_tells_matched_missed_and_only_here(book: Ledger, tmp_path: Path) -> None:
    (tmp_path / "acled.csv").write_text(ACLED, "utf-8")
    run("export", "acled", "-o", "out", "--ledger", "example.db", "--type", "COERCE", folder=tmp_path)
    same = run("compare", "out/acled-like.csv", "--ledger", "example.db", folder=tmp_path)
    other = run("compare", "acled.csv", "--ledger", "example.db", "--csv", folder=tmp_path, expect=1)

    assert same.stdout.startswith("matched    2026-03-06 Bissau, GW · Strategic developments · GNB")
    assert same.stderr.startswith(
        "1 matched (1 on the same days, 1 of 1 within 5 km, 1 of the same type); 0 of ACLED missed; 0 only here"
    )
    assert [row["outcome"] for row in csv.DictReader(io.StringIO(other.stdout))] == ["missed", "missed"]
    assert "failed: acled.csv:4: cannot be read as ACLED: 'sometime' is no day" in other.stderr


def test_import_takes_what_was_marked_and_nothing_twice(tmp_path: Path) -> None:
    (tmp_path / "project.json").write_text(label_studio(*WHOLE), "utf-8")
    first = run("import", "project.json", folder=tmp_path)
    again = run("import", "project.json", folder=tmp_path)
    rows = list(csv.DictReader(io.StringIO(run("claims", "--type", "COERCE", "--csv", folder=tmp_path).stdout)))

    assert "1 added" in first.stderr or "1 corrected" in first.stderr
    assert again.stderr.startswith("claims 1 already there")
    assert [(row["mode"], row["status"], row["source"], row["source_kind"]) for row in rows] == [
        ("arrest", "alleged", "a union official", "anonymous")
    ]


def test_import_refuses_what_is_no_project(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{")

    assert (
        "not the JSON of a Label Studio or doccano project" in run("import", "x.json", folder=tmp_path, expect=2).stderr
    )

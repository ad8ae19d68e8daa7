"""The commands about incidents, run as a user runs them, on a ledger of invented tellings."""

from __future__ import annotations

import csv
import io
import json
import os
import pwd
import re
from pathlib import Path

import pytest
from tests.cli.test_keeping import run
from tests.ledger import invented

from sayso import layout, pipeline
from sayso.ledger import Writer, add, open_ledger
from sayso.ledger.team import audit
from sayso.summary import RULES


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a ledger: three tellings of one event, two of another."""
    folder = tmp_path_factory.mktemp("incidents")
    with pipeline.open_ledger(folder / "sayso.db", create=True) as book:
        tellings = [(1, 0), (1, 1), (1, 2), (0, 0), (0, 1)]
        add(Writer(book, "1"), [invented.event(*one) for one in tellings], invented.read_all)
    return folder


def listed(kept: Path, *options: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(run("incidents", "--csv", *options, folder=kept).stdout)))


def larger(kept: Path) -> str:
    """The id of the incident of three tellings."""
    return next(row["incident_id"] for row in listed(kept) if row["claims"] == "3")


def test_a_line_says_what_where_when_how_many_by_whom_and_where_they_differ(kept: Path) -> None:
    shown = run("incidents", "--place", "Kati", folder=kept)

    assert shown.stderr == "1 incident at Kati\n"
    for words in (
        "COERCE arrest",
        "Kati (ML)",
        "2025-01-14",
        "how many (range)",
        "13 to 16 arrested",
        "3 outlets, 3 origins",
    ):
        assert words in shown.stdout, words
    assert "how many" in shown.stdout.splitlines()[0]


def test_rows_have_the_documented_columns(kept: Path) -> None:
    rows = listed(kept)

    assert list(rows[0]) == [name for name, _ in layout.INCIDENT_COLUMNS]
    assert sorted(row["claims"] for row in rows) == ["2", "3"]


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_of_a_figure_stands_beside_it(rule: str, kept: Path) -> None:
    row = next(row for row in listed(kept, "--counts", rule) if row["claims"] == "3")
    line = json.loads(run("incident", larger(kept), "--counts", rule, "--json", folder=kept).stdout)

    assert row["count_rule"] == line["numbers"][0]["rule"] == rule
    assert (row["count_low"], row["count_high"]) == (str(line["numbers"][0]["low"]), str(line["numbers"][0]["high"]))


def test_an_incident_is_shown_with_every_claim_in_its_words(kept: Path) -> None:
    shown = run("incident", larger(kept), folder=kept).stdout

    assert shown.splitlines()[0].startswith("COERCE arrest · Kati (ML) · 2025-01-14   incident ")
    assert "3 outlets, 3 origins, 2 named and 1 anonymous informants whose independence is unknown" in shown
    assert "How many arrested: 13 to 16  (range)" in shown
    assert "●" in shown
    for number in range(3):
        assert re.search(rf"Outlet {number}(,| ·) 2025-01-14", shown)
    assert "a security source (anonymous)" in shown


def test_json_lists_the_same_incidents_one_a_line(kept: Path) -> None:
    lines = [json.loads(line) for line in run("incidents", "--json", folder=kept).stdout.splitlines()]

    assert [line["id"] for line in lines] == [row["incident_id"] for row in listed(kept)]
    assert all(claim["incident"] == line["id"] for line in lines for claim in line["claims"])


def test_reasons_are_features_with_weights_in_words(kept: Path) -> None:
    shown = run("incident", larger(kept), "--why", folder=kept).stdout
    pairs = [
        json.loads(line) for line in run("incident", larger(kept), "--why", "--json", folder=kept).stdout.splitlines()
    ]

    assert "alike enough to link" in shown
    assert len(pairs) == 3
    for pair in pairs:
        assert sum(feature["weight"] for feature in pair["features"]) == pytest.approx(pair["score"], abs=0.01)


def test_history_and_earlier_moments(kept: Path) -> None:
    lines = run("incident", larger(kept), "--history", folder=kept).stdout.splitlines()

    assert "begun" in lines[0]
    assert sum("joined" in line for line in lines) == 3
    message = run("incident", larger(kept), "--as-of", "2001", folder=kept, expect=2).stderr
    assert "was not yet known then" in message


def test_merging_splitting_and_taking_it_back(kept: Path) -> None:
    before = run("incidents", "--json", folder=kept).stdout
    large = larger(kept)
    small = next(row["incident_id"] for row in listed(kept) if row["claims"] == "2")

    merged = run("merge", small, large, "--why", "one raid", "--by", "ana", folder=kept)
    assert f"it is incident {large} now" in merged.stderr
    led = run("incident", small, "--json", folder=kept)
    assert f"{small} was merged into {large}" in led.stderr
    claims = [claim["id"] for claim in json.loads(led.stdout)["claims"]]
    assert len(claims) == 5
    assert "ana judged them same" in run("incident", large, "--why", folder=kept).stdout
    run("split", large, claims[0], "--by", "ben", folder=kept)
    assert sorted(row["claims"] for row in listed(kept)) == ["1", "4"]
    for by in ("ben", "ana"):
        assert "undone" in run("undo", "--by", by, folder=kept).stderr
    after = run("incidents", "--json", folder=kept).stdout

    assert _without_moments(after) == _without_moments(before)
    assert "ana judged nothing that still holds" in run("undo", "--by", "ana", folder=kept, expect=2).stderr


def test_what_commands_judge_stands_in_the_audit_log_with_the_user_of_the_machine(kept: Path) -> None:
    large = larger(kept)
    small = next(row["incident_id"] for row in listed(kept) if row["claims"] == "2")
    run("merge", small, large, "--why", "one raid", folder=kept)
    claim = json.loads(run("incident", large, "--json", folder=kept).stdout)["claims"][0]["id"]
    run("split", large, claim, "--by", "ben", folder=kept)
    run("undo", "--by", "ben", folder=kept)
    run("undo", folder=kept)

    with open_ledger(kept / "sayso.db") as book:
        rows = audit.entries(book, limit=4)[::-1]

    me = pwd.getpwuid(os.getuid()).pw_name
    assert [(row.who, row.what, row.about.get("by")) for row in rows] == [
        (me, "incidents merged", None),
        (me, "incident split", "ben"),
        (me, "incidents undone", "ben"),
        (me, "incidents undone", None),
    ]
    assert (rows[0].about["incident"], rows[0].about["other"], rows[0].about["why"]) == (small, large, "one raid")
    assert rows[1].about["claims"] == [claim]
    assert [row.about["batch"] for row in rows] == [rows[at].about["batch"] for at in (0, 1, 1, 0)]


def _without_moments(lines: str) -> list[dict[str, object]]:
    found = [json.loads(line) for line in lines.splitlines()]
    return sorted(({**line, "changed_at": None} for line in found), key=lambda line: str(line["id"]))


def test_working_it_all_out_anew_changes_nothing(kept: Path) -> None:
    before = run("incidents", "--csv", folder=kept).stdout

    assert "5 claims compared and brought together" in run("reconcile", folder=kept).stderr
    assert run("incidents", "--csv", folder=kept).stdout == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["incident", "nothing"], "there is no incident 'nothing'; `sayso incidents` lists those there are"),
        (["incident", "x", "--why", "--history"], "--why and --history cannot go together"),
        (["incidents", "--json", "--csv"], "--json and --csv cannot go together"),
        (["merge", "x", "y"], "there is no incident 'x' to judge"),
    ],
)
def test_a_command_that_makes_no_sense_says_what_would(arguments: list[str], message: str, kept: Path) -> None:
    assert message in run(*arguments, folder=kept, expect=2).stderr

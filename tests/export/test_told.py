"""Anonymous informants leave as their class, and no cell is run by a spreadsheet."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.export.conftest import ALL
from tools.example_ledger import fill, group, reports

from sayso.export import FORMATS, Options, export
from sayso.export.told import ANONYMOUS, Told, told
from sayso.ledger import Ledger, open_ledger
from sayso.model import Actor, Source, SourceKind, Span, Telling
from tests import factory

TEXT = "A colonel near the palace said on Monday that police beat miners. The colonel near the palace fled, he said."


def spoken(trigger: str, source: str, kind: SourceKind = SourceKind.ANONYMOUS, **fields: Any) -> Telling:
    claim = factory.claim(TEXT, trigger, source=Source(kind, factory.span(TEXT, source)), **fields)
    return Telling(factory.report(TEXT), claim)


@pytest.mark.parametrize("name", [*ALL])
def test_no_format_lets_out_the_words_of_an_informant(out: Path, name: str) -> None:
    described = [
        claim.source.span.of(report.text).encode()
        for report in reports()
        for claim in report.claims
        if claim.source.kind is SourceKind.ANONYMOUS and claim.source.span
    ]
    content = b""
    for file in FORMATS[name].files:
        content += (out / file.name).read_bytes()
        if zipfile.is_zipfile(out / file.name):
            with zipfile.ZipFile(out / file.name) as packed:
                content += b"".join(packed.read(entry) for entry in packed.namelist())

    assert described == [b"a military source", b"a military source", b"Two diplomats"]
    assert all(words not in content for words in described)


def test_they_leave_with_their_words_where_that_is_asked_for(book: Ledger, tmp_path: Path) -> None:
    export(book, ["claims.jsonl"], tmp_path / "out", options=Options(with_descriptors=True))
    rows = [json.loads(line) for line in (tmp_path / "out" / "claims.jsonl").read_text("utf-8").splitlines()]
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text("utf-8"))

    assert {row["source"] for row in rows if row["source_kind"] == "anonymous"} == {
        "a military source",
        "Two diplomats",
    }
    assert package["sayso:descriptors"].startswith("with the words")


def test_a_quotation_keeps_its_place_and_loses_only_the_informant() -> None:
    (one,) = told([spoken("beat", "A colonel near the palace")], descriptors=False)

    assert one.source == ANONYMOUS
    assert one.words(Span(0, 65)) == f"[{ANONYMOUS}] said on Monday that police beat miners."
    assert one.words(one.claim.trigger) == "beat"
    assert one.around(one.claim.trigger, 100)[0] == " said on Monday that police "


def test_what_one_claim_hides_is_hidden_in_the_others_of_its_report() -> None:
    first = spoken("beat", "A colonel near the palace")
    second = spoken(
        "fled",
        "he",
        SourceKind.PERSON,
        actor={"A colonel near the palace": Actor("A colonel near the palace", None, "MIL", "x")},
    )

    _, other = told([first, second], descriptors=False)

    assert other.name(other.claim.actor[0]) == ANONYMOUS
    assert other.words(other.claim.actor[0].span) == f"[{ANONYMOUS}]"


def test_informants_of_other_reports_hide_nothing() -> None:
    one = spoken("beat", "A colonel near the palace")
    other = Telling(factory.report(TEXT, id="r2"), factory.claim(TEXT, "beat"))

    assert [found.hidden for found in told([one, other], descriptors=False)] == [(Span(0, 25),), ()]


def test_named_sources_keep_their_words() -> None:
    assert Told(spoken("beat", "The colonel", SourceKind.PERSON)).source == "The colonel"


HOSTILE = (
    '=HYPERLINK("http://x","y")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\tx",
    "＝1+1",
    'a "quote", a comma',
    "line\nbreak",
    "\u202ertl",
    "\u2028",
)


def test_a_spreadsheet_runs_no_cell(tmp_path: Path) -> None:
    text = " ".join(("hit", *HOSTILE))
    claims = [
        factory.claim(
            text, "hit", "ASSAULT", id=f"{number:016x}", mode="beat", said_by=words,
            actor={words: Actor(words, None, "MIL", "x")}, recipient={words: Actor(words, None, "CVL", "x")},
        )
        for number, words in enumerate(HOSTILE)
    ]  # fmt: skip
    with open_ledger(tmp_path / "hostile.db", create=True) as book:
        fill(book, [factory.report(text, *claims, title=HOSTILE[0], outlet=HOSTILE[1])])
        group(book, {claim.id: [claim.id] for claim in claims})
        export(book, ALL, tmp_path / "out")

    for path in (tmp_path / "out").glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            table = list(csv.reader(lines))
        assert len({len(row) for row in table}) == 1
        assert not [cell for row in table for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "＝"))]
    for path in (tmp_path / "out").glob("*.xlsx"):
        cells = [cell for row in openpyxl.load_workbook(path).active for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n", "b", "inlineStr"}
        assert not [cell.value for cell in cells if str(cell.value).startswith(("=", "+", "@"))]
    for path in [*(tmp_path / "out").glob("*.tsv"), *(tmp_path / "out").glob("*.CSV")]:
        assert len({line.count("\t") for line in path.read_text("utf-8").rstrip("\n").split("\n")}) == 1


def test_what_is_not_exported_hides_its_informant_all_the_same(book: Ledger, tmp_path: Path) -> None:
    """A filter once kept the claim on an informant's word back, and let him out in the sentence of another claim."""
    text = "Police beat miners, a colonel near the palace said."
    first = factory.claim(
        text,
        "beat",
        "ASSAULT",
        id="1" * 16,
        source=Source(SourceKind.ANONYMOUS, Span(20, 45)),
    )
    second = factory.claim(text, "said", "ACCUSE", id="2" * 16)
    with open_ledger(tmp_path / "x.db", create=True) as other:
        fill(other, [factory.report(text, first, second)])
        group(other, {"a": [first.id], "b": [second.id]})
        export(other, ["claims.jsonl", "acled", "incidents.jsonl"], tmp_path / "out", type="ACCUSE")
    (row,) = [json.loads(line) for line in (tmp_path / "out" / "claims.jsonl").read_text("utf-8").splitlines()]

    assert row["sentence"] == f"Police beat miners, [{ANONYMOUS}] said."


def test_an_informant_who_is_only_a_pronoun_stops_no_export(tmp_path: Path) -> None:
    """The check once looked for the letters "he" in "The minister"."""
    text = "The minister fled, he said."
    first = factory.claim(text, "fled", "RETREAT", id="1" * 16, source=Source(SourceKind.ANONYMOUS, Span(19, 21)))
    second = factory.claim(text, "said", "ACCUSE", id="2" * 16, source=Source(SourceKind.PERSON, Span(0, 12)))
    with open_ledger(tmp_path / "x.db", create=True) as other:
        fill(other, [factory.report(text, first, second)])
        export(other, ["claims.jsonl"], tmp_path / "out")
    rows = [json.loads(line) for line in (tmp_path / "out" / "claims.jsonl").read_text("utf-8").splitlines()]

    assert {row["source"] for row in rows} == {ANONYMOUS, "The minister"}

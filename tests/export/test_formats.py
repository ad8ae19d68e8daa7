"""Every format has the columns that its publisher has, says what it loses, and can be read by somebody else's reader."""

from __future__ import annotations

import csv
import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

import frictionless
import geojson
import hxl
import networkx
import openpyxl
import pandas
import polars
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest
from followthemoney import model as ftm
from followthemoney.dataset import Dataset
from followthemoney.statement import StatementEntity
from followthemoney.statement.serialize import read_path_statements
from rocrate.rocrate import ROCrate
from tools.example_ledger import ARRESTS, COUP, reports

from sayso.export import FORMATS, Options, export
from sayso.export.declared import Kind
from sayso.ledger import Ledger

PUBLISHED: dict[str, Any] = tomllib.loads(Path(__file__).with_name("published.toml").read_text("utf-8"))
FILES = {file.name: (form, file) for form in FORMATS.values() for file in form.files}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def tabbed(path: Path) -> list[dict[str, str]]:
    names = [column.name for column in FILES[path.name][1].columns]
    return [dict(zip(names, line.split("\t"), strict=True)) for line in path.read_text("utf-8").splitlines()]


# --- what a publisher's list says ---


@pytest.mark.parametrize("name", [name for name in PUBLISHED if name not in ("hxl", "plover.jsonl")])
def test_columns_are_those_of_the_publisher_in_their_order(name: str) -> None:
    assert [column.name for column in FILES[name][1].columns] == PUBLISHED[name]["columns"]


def test_plover_uses_the_manuals_field_names_and_never_lacks_what_is_required(out: Path) -> None:
    records = lines(out / "plover.jsonl")

    assert {key for record in records for key in record} <= set(PUBLISHED["plover.jsonl"]["columns"])
    assert all({"id", "date", "actor", "event"} <= set(record) for record in records)
    assert {key for record in records for key in record} == {column.name for column in FILES["plover.jsonl"][1].columns}


def test_acled_carries_the_tags_that_hdx_used() -> None:
    tags = {column.name: column.hxl for column in FILES["acled-like.csv"][1].columns if column.hxl}

    assert tags == PUBLISHED["hxl"]


@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda form: form.name)
def test_every_format_says_what_it_is_what_it_loses_and_under_what_terms(form: Any) -> None:
    assert all((form.title, form.about, form.lost, form.terms, form.files))
    assert all(column.about for file in form.files for column in file.columns)


def test_those_of_others_are_never_called_theirs() -> None:
    theirs = [form for form in FORMATS.values() if form.name in ("polecat", "acled", "ucdp", "cline", "gdelt")]

    assert all("-like" in form.title for form in theirs)
    assert all("-like" in file.name for form in theirs for file in form.files)


# --- read by others ---


def test_pandas_polars_arrow_and_openpyxl_read_the_same_claims(out: Path) -> None:
    names = [column.name for column in FILES["claims.csv"][1].columns]
    whole = [json.loads(line) for line in (out / "claims.jsonl").read_text("utf-8").splitlines()]
    table = pq.read_table(out / "claims.parquet")
    sheet = openpyxl.load_workbook(out / "claims.xlsx").active
    shown = [["" if cell is None else cell for cell in line] for line in sheet.iter_rows(values_only=True)]

    assert table.column_names == names
    assert table.to_pylist() == whole
    assert polars.read_parquet(out / "claims.parquet").to_dicts() == whole
    assert shown == [names, *[["" if cell is None else cell for cell in row.values()] for row in whole]]
    assert pandas.read_csv(out / "claims.csv", dtype=str, keep_default_na=False).to_dict("records") == [
        {name: "" if cell is None else str(cell) for name, cell in row.items()} for row in whole
    ]


def test_incidents_are_the_same_in_every_kind_of_table(out: Path) -> None:
    whole = lines(out / "incidents.jsonl")
    sheet = openpyxl.load_workbook(out / "incidents.xlsx").active
    shown = [list(line) for line in sheet.iter_rows(min_row=2, values_only=True)]

    assert pq.read_table(out / "incidents.parquet").to_pylist() == whole
    assert shown == [list(row.values()) for row in whole]
    assert rows(out / "incidents.csv") == [
        {name: "" if cell is None else str(cell) for name, cell in row.items()} for row in whole
    ]


def test_a_claim_comes_back_as_it_was_but_for_what_the_format_says_is_lost(book: Ledger, tmp_path: Path) -> None:
    export(book, ["claims.jsonl"], tmp_path / "out", options=Options(with_descriptors=True))
    found = {row["claim_id"]: row for row in lines(tmp_path / "out" / "claims.jsonl")}
    wanted = {claim.id: (report, claim) for report in reports() for claim in report.claims}

    assert set(found) == set(wanted)
    for number, (report, claim) in wanted.items():
        row = found[number]
        assert (row["type"], row["mode"], row["status"]) == (claim.type, claim.mode, claim.status)
        assert report.text[row["start"] : row["end"]] == row["trigger"] == claim.trigger.of(report.text)
        assert row["sentence"] == claim.sentence.of(report.text)
        assert row["source"] == (claim.source.span.of(report.text) if claim.source.span else None)
        count = claim.count.value if claim.count else None
        assert (row["count_low"], row["count_high"]) == ((count.low, count.high) if count else (None, None))


def test_claims_are_child_rows_of_incidents(out: Path) -> None:
    claims, incidents = rows(out / "claims.csv"), rows(out / "incidents.csv")

    assert {row["incident"] for row in claims} == {row["incident"] for row in incidents} == {ARRESTS, COUP}
    assert {row["incident"]: row["claims"] for row in incidents} == {ARRESTS: "3", COUP: "4"}


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_the_manifest_is_a_data_package_whose_digests_and_tables_hold(out: Path) -> None:
    package = json.loads((out / "datapackage.json").read_text("utf-8"))
    report = frictionless.validate(str(out / "datapackage.json"))

    assert {resource["path"] for resource in package["resources"]} == {path.name for path in out.iterdir()} - {
        "datapackage.json"
    }
    assert all(
        resource["hash"] == f"sha256:{hashlib.sha256((out / resource['path']).read_bytes()).hexdigest()}"
        for resource in package["resources"]
    )
    found = {(task.name, error.type) for task in report.tasks for error in task.errors}
    assert found == {
        (f"{what}.parquet", "byte-count") for what in ("claims", "incidents")
    }  # its reader cannot count them
    assert len(report.tasks) == len(package["resources"])


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_the_manifest_holds_with_a_row_of_hxl_tags(book: Ledger, tmp_path: Path) -> None:
    export(book, ["claims.csv", "acled"], tmp_path / "out", options=Options(hxl=True))
    report = frictionless.validate(str(tmp_path / "out" / "datapackage.json"))

    assert report.valid, report.flatten(["name", "type", "message"])


def test_geojson_has_a_point_only_where_a_place_is_known(out: Path) -> None:
    found = geojson.loads((out / "incidents.geojson").read_text("utf-8"))
    by_id = {feature["id"]: feature for feature in found["features"]}

    assert found.is_valid
    assert by_id[ARRESTS]["geometry"]["coordinates"] == [-15.5977, 11.8636]
    assert by_id[ARRESTS]["properties"]["stands_for"] == "a town: the point is GeoNames' for it"
    assert by_id[COUP]["geometry"] is None
    assert by_id[COUP]["properties"]["stands_for"] == "a country: no point, the event can be anywhere in it"


def test_hxl_reads_the_tags(book: Ledger, tmp_path: Path) -> None:
    export(book, ["acled", "incidents.csv"], tmp_path / "out", options=Options(hxl=True))
    acled, own = (cells(tmp_path / "out" / name) for name in ("acled-like.csv", "incidents.csv"))

    assert [row.get("#event+type") for row in hxl.data(acled)] == ["Strategic developments"] * 2
    assert "#affected+arrested+max" in hxl.data(own).display_tags


def test_every_annotation_points_to_its_words(out: Path) -> None:
    texts = {report.url: report.text for report in reports()}
    page = json.loads((out / "annotations.jsonld").read_text("utf-8"))

    assert page["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert len(page["items"]) == sum(len(report.claims) for report in reports())
    for item in page["items"]:
        text = texts[item["target"]["source"]]
        quoted, position = item["target"]["selector"]
        assert text[position["start"] : position["end"]] == quoted["exact"]
        assert text[: position["start"]].endswith(quoted["prefix"])
        assert text[position["end"] :].startswith(quoted["suffix"])
        assert (quoted["type"], position["type"]) == ("TextQuoteSelector", "TextPositionSelector")


def test_followthemoney_takes_every_statement(out: Path) -> None:
    statements = list(read_path_statements(out / "statements.ftm.jsonl", "json"))
    dataset = Dataset.make({"name": "sayso", "title": "Sayso"})
    by_entity: dict[str, list[Any]] = {}
    for statement in statements:
        by_entity.setdefault(statement.entity_id, []).append(statement)
        if statement.prop != "id":
            prop = ftm.get(statement.schema).get(statement.prop)  # type: ignore[union-attr]
            assert prop is not None
            assert prop.type.clean(statement.value) == statement.value, statement
        assert statement.id == statement.generate_key()
    entities = [StatementEntity.from_statements(dataset, given) for given in by_entity.values()]

    assert sorted({entity.schema.name for entity in entities}) == ["Article", "Documentation", "Event", "Mention"]
    assert {entity.first("recordId") for entity in entities if entity.schema.name == "Event"} == {ARRESTS, COUP}
    assert len({statement.id for statement in statements}) == len(statements)


def test_networkx_reads_who_acts_on_whom(out: Path) -> None:
    graph = networkx.read_gexf(out / "actors.gexf")

    assert dict(graph.nodes(data="incidents")) == {"GNB GOV": 2, "GNB MIL": 2}
    assert [(one, other, data["weight"], data["types"]) for one, other, data in graph.edges(data=True)] == [
        ("GNB GOV", "GNB MIL", 1, "COERCE 1"),
        ("GNB MIL", "GNB GOV", 1, "COUP 1"),
    ]


def test_rocrate_reads_the_pack_and_finds_every_report(pack: Path) -> None:
    crate = ROCrate(str(pack))
    articles = [entity for entity in crate.get_entities() if "NewsArticle" in entity.type]

    assert sorted(entity["headline"] for entity in articles) == sorted(report.title or "" for report in reports())
    assert {(pack / entity.id).read_text("utf-8") for entity in articles} == {report.text for report in reports()}
    assert all((pack / entity.id).is_file() for entity in crate.get_entities() if "File" in entity.type)
    assert len(rows(pack / "claims.csv")) == 3


# --- cells of the layouts of others ---


def test_acled_takes_its_type_from_the_table_and_leaves_unknown_deaths_empty(out: Path) -> None:
    found = {row["sub_event_type"]: row for row in rows(out / "acled-like.csv")}

    arrests = found["Arrests"]
    assert (arrests["event_type"], arrests["event_date"], arrests["time_precision"]) == (
        "Strategic developments",
        "2026-03-06",
        "2",
    )
    assert (arrests["inter1"], arrests["inter2"], arrests["interaction"]) == (
        "State forces",
        "State forces",
        "State forces-State forces",
    )
    assert (arrests["iso"], arrests["region"], arrests["country"]) == ("624", "Western Africa", "Guinea-Bissau")
    assert (arrests["fatalities"], arrests["geo_precision"]) == ("", "1")
    assert arrests["event_id_cnty"].startswith("GNB")
    assert (out / "acled-like.csv").read_bytes().startswith("\ufeff".encode())


def test_gdelt_has_a_mention_for_each_report(out: Path) -> None:
    events = tabbed(out / "gdelt-like.export.CSV")
    mentions = tabbed(out / "gdelt-like.mentions.CSV")

    assert {row["GlobalEventID"]: row["NumArticles"] for row in events} == {row["GlobalEventID"]: "3" for row in events}
    assert sorted(row["GlobalEventID"] for row in mentions) == sorted(
        row["GlobalEventID"] for row in events for _ in range(3)
    )
    assert {row["EventRootCode"] for row in events} == {"17", "11"}


def test_cline_leaves_what_it_does_not_know_empty(out: Path) -> None:
    (coup,) = rows(out / "cline-coups-like.csv")

    assert (coup["coup_id"], coup["cowcode"], coup["event_type"]) == ("", "404", "conspiracy")
    assert (coup["military"], coup["rebel"], coup["conspiracy"], coup["realized"]) == ("1", "", "1", "0")


def test_ucdp_has_no_row_where_nobody_was_killed(out: Path) -> None:
    assert rows(out / "ucdp-ged-like.csv") == []


def test_polecat_has_a_row_for_each_claim_told_as_having_happened(out: Path) -> None:
    lines_ = (out / "polecat-like.tsv").read_text("utf-8").splitlines()
    told = [claim for report in reports() for claim in report.claims if claim.status in ("actual", "alleged")]

    assert len(lines_) == 1 + len(told)
    assert all(len(line.split("\t")) == 40 for line in lines_)


def test_kinds_of_columns_have_their_types_in_every_table() -> None:
    assert {column.kind for _, file in FILES.values() for column in file.columns} == set(Kind)

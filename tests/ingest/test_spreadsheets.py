"""A table of texts gives a report a row."""

from __future__ import annotations

import datetime as dt
import gzip
from pathlib import Path

import pytest

from sayso.ingest import Failure, read
from sayso.model import Report


def outcomes(path: Path, content: bytes) -> list[Report | Failure]:
    path.write_bytes(content)
    return list(read([str(path)]))


def test_columns_are_called_as_the_keys_of_json(tmp_path: Path) -> None:
    content = 'id,Text,Outlet,date,url\n7,"Miners marched,\nin Ayr.",Example Wire,2025-08-12,https://x.example/1\n'
    (report,) = outcomes(tmp_path / "texts.csv", content.encode())

    assert isinstance(report, Report)
    assert (report.id, report.text, report.outlet) == ("7", "Miners marched,\nin Ayr.", "Example Wire")
    assert (report.published, report.url) == (dt.date(2025, 8, 12), "https://x.example/1")


@pytest.mark.parametrize(("name", "delimiter"), [("t.csv", ";"), ("t.tsv", "\t"), ("t.csv", "|")])
def test_delimiters_are_told_by_the_first_line(tmp_path: Path, name: str, delimiter: str) -> None:
    content = f"title{delimiter}body\r\nOne{delimiter}Miners marched, in Ayr.\r\n"
    (report,) = outcomes(tmp_path / name, b"\xef\xbb\xbf" + content.encode())

    assert isinstance(report, Report)
    assert (report.title, report.text) == ("One", "Miners marched, in Ayr.")


def test_a_damaged_row_stops_no_other(tmp_path: Path) -> None:
    content = b'text,outlet\nMiners marched.,A\nonly one cell\n"a"b,C\n,D\nTeachers marched.,E\n'
    found = outcomes(tmp_path / "texts.csv", content)

    assert [one.outlet for one in found if isinstance(one, Report)] == ["A", "E"]
    assert [(one.source.rpartition(":")[2], one.message) for one in found if isinstance(one, Failure)] == [
        ("3", "a row of 1 cells; the first line names 2"),
        ("4", "a damaged row: ',' expected after '\"'"),
        ("5", "there is no text in it"),
    ]


@pytest.mark.parametrize("content", [b"", b"title,outlet\nx,y\n", b"\n\n"], ids=["empty", "without text", "blank"])
def test_a_table_without_texts_is_a_failure(tmp_path: Path, content: bytes) -> None:
    (failure,) = outcomes(tmp_path / "texts.csv", content)

    assert isinstance(failure, Failure)
    assert failure.message.startswith('no column is called "text"')


def test_a_gigabyte_in_one_cell_is_refused_before_it_is_held(tmp_path: Path) -> None:
    path = tmp_path / "texts.csv.gz"
    with gzip.open(path, "wb", compresslevel=1) as packed:
        packed.write(b'text\n"')
        for _ in range(64):
            packed.write(b"a" * 2**20)
    (failure,) = read([str(path)])

    assert isinstance(failure, Failure)
    assert "longer than 20,000,000 bytes" in failure.message


def test_of_two_rows_with_one_id_the_second_is_a_failure(tmp_path: Path) -> None:
    found = outcomes(tmp_path / "texts.csv", b"id,text\n1,Miners marched.\n1,Teachers marched.\n")

    assert [type(one) for one in found] == [Report, Failure]

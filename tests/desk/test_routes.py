"""Every page as HTML and as JSON, its exports, and the words of its refusals."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from sayso.desk import pages
from sayso.ledger import Ledger, query

Client = Callable[..., TestClient]
LISTS = [page.path for page in pages.PAGES if "{" not in page.path]


def test_every_list_answers_as_a_page_and_as_json(client: Client, invented_book: Ledger) -> None:
    desk = client(invented_book)

    for path in LISTS:
        page, twin = desk.get(path), desk.get(f"{path}.json")
        assert (path, page.status_code, page.headers["content-type"]) == (path, 200, "text/html; charset=utf-8")
        assert (path, twin.status_code, isinstance(twin.json(), dict)) == (path, 200, True)


def test_filters_are_parameters_and_said_in_words(client: Client, invented_book: Ledger) -> None:
    desk = client(invented_book)

    answer = desk.get("/claims.json?type=COERCE&country=ML&country=NE").json()

    assert answer["shows"] == "of type COERCE, in ML or NE"
    assert {claim["type"] for claim in answer["claims"]} == {"COERCE"}
    assert {claim["country"] for claim in answer["claims"]} <= {"ML", "NE"}
    assert "of type COERCE, in ML or NE" in desk.get("/claims?type=COERCE&country=ML&country=NE").text


def test_exports_hold_every_claim_that_the_filters_keep(client: Client, invented_book: Ledger) -> None:
    desk = client(invented_book)
    wanted = [found.claim.id for found in query.claims(invented_book, type="COERCE")]

    table = list(csv.DictReader(io.StringIO(desk.get("/claims.csv?type=COERCE").text)))
    lines = [json.loads(line) for line in desk.get("/claims.jsonl?type=COERCE").text.splitlines()]

    assert [row["claim_id"] for row in table] == wanted
    assert [line["id"] for line in lines] == wanted


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/claims.json?colour=red", "no parameter 'colour'"),
        ("/claims.json?type=MURDER", "is no event type"),
        ("/claims.json?since=tomorrow", "is no day"),
        ("/claims.json?after=x", "is no place to go on from"),
        ("/claims.json?after=1.1&after=2.2", "takes one value"),
    ],
)
def test_what_makes_no_sense_is_refused_with_words(
    client: Client, invented_book: Ledger, address: str, said: str
) -> None:
    answer = client(invented_book).get(address)

    assert answer.status_code == 400
    assert said in answer.json()["error"]


def test_a_claim_leads_to_its_place_in_its_report(client: Client, invented_book: Ledger) -> None:
    desk = client(invented_book)
    found = query.claims(invented_book)[0]

    moved = desk.get(f"/claims/{found.claim.id}", follow_redirects=False)
    page = desk.get(moved.headers["location"])

    assert page.status_code == 200
    assert f'id="c-{found.claim.id}"' in page.text
    assert desk.get("/claims/none").status_code == 404
    assert desk.get("/reports/none").status_code == 404


def test_the_documentation_names_every_address_for_programs(client: Client, invented_book: Ledger) -> None:
    desk = client(invented_book)
    described: dict[str, Any] = desk.get("/openapi.json").json()["paths"]
    wanted = {
        route.path
        for route in desk.app.routes  # type: ignore[attr-defined]
        if isinstance(route, APIRoute)
        and route.path.endswith((".json", ".csv", ".jsonl"))
        and route.path != "/openapi.json"
    }

    assert wanted <= set(described)


def test_every_other_format_leaves_as_an_archive_with_its_manifest(client: Client, invented_book: Ledger) -> None:
    desk = client(invented_book)
    listed = desk.get("/export.json?type=COERCE").json()["formats"]

    sent = desk.get(next(one["file"] for one in listed if one["name"] == "claims.csv"))
    with zipfile.ZipFile(io.BytesIO(sent.content)) as archive:
        names = archive.namelist()
        rows = archive.read("claims.csv").decode().count("\n") if "claims.csv" in names else 0

    assert len(listed) > 10
    assert "datapackage.json" in names
    assert rows > len(list(query.claims(invented_book, type="COERCE")))
    assert desk.get("/export/none").status_code == 404

"""Actors, their network, coups and saved searches at the desk."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.desk.conftest import Client, Running, Window, account, sign_in

from sayso.desk import graph
from sayso.ledger import Ledger

Serve = Callable[..., Running]
Open = Callable[..., Window]
ATOM = "{http://www.w3.org/2005/Atom}"
WORDS = "long enough words"


# --- in a browser ---


def test_an_actor_is_found_with_what_was_done_to_it(demo: Ledger, serve: Serve, window: Open) -> None:
    seen = window(serve(demo))
    seen.enter()
    page = seen.go("/actors")
    assert seen.accessible() == []
    with page.expect_navigation():
        page.get_by_role("link", name="Braima Tchuda").click()

    assert page.get_by_role("heading", level=1).inner_text() == "Braima Tchuda"
    assert "Colonel Braima Tchuda" in page.get_by_role("region", name="Ways of writing").inner_text()
    assert page.locator(".card.claim").count() >= 2
    assert seen.accessible() == []
    page = seen.go("/actors?name=brai")
    assert page.locator(".people tbody tr").count() == 1


def test_a_network_is_drawn_with_a_table_that_says_the_same(demo: Ledger, serve: Serve, window: Open) -> None:
    seen = window(serve(demo))
    seen.enter()
    page = seen.go("/network?country=GW")

    assert page.locator(".network .tie").count() == page.locator(".people tbody tr").count() > 0
    assert seen.accessible() == []
    with page.expect_navigation():
        page.locator(".people td.stat a").first.click()
    assert page.locator(".card.claim").count() > 0


def test_coups_are_listed_by_country_and_year_with_their_sources(demo: Ledger, serve: Serve, window: Open) -> None:
    seen = window(serve(demo))
    seen.enter()
    page = seen.go("/coups")
    assert seen.accessible() == []
    page.get_by_role("link", name="Guinea-Bissau, 2026").click()

    page.get_by_role("heading", name="Guinea-Bissau, 2026").wait_for()
    assert page.locator(".coup .sources li").count() > 0
    assert "says" in page.locator(".coup").first.inner_text()
    assert seen.accessible() == []


def test_a_denied_plot_stands_with_who_denies_it(demo: Ledger, serve: Serve, window: Open) -> None:
    """The page left denials out, so that a plot that was denied looked like one that nobody disputes."""
    seen = window(serve(demo))
    seen.enter()
    page = seen.go("/coups?at=NE&year=2026")
    card = page.locator(".coup", has_text="Colonel Issa Garba")

    assert card.locator(".chip.warn").inner_text() == "sources differ: denied by Colonel Issa Garba"
    denial = card.get_by_role("list", name="Who denies it").inner_text()
    assert "denied by Colonel Issa Garba" in denial
    assert "plotting" in denial
    assert "Garba" not in card.locator(".sources:not(.denials)").inner_text()
    assert page.locator("tr.lit-row td").all_inner_texts()[:6] == ["1", "·", "·", "·", "1", "3"]
    assert seen.accessible() == []


def test_what_is_only_denied_is_said_to_be_told_by_nobody(demo: Ledger, client: Client) -> None:
    desk = client(demo)
    (plot,) = [one for one in desk.get("/coups.json?at=NE&year=2026").json()["coups"] if one["denied_by"]]
    for claim in plot["claims"]:
        desk.post(f"{claim_address(desk, claim['id'])}/reject.json", json={})

    (left,) = [one for one in desk.get("/coups.json?at=NE&year=2026").json()["coups"] if one["denied_by"]]
    page = desk.get("/coups?at=NE&year=2026").text

    assert (left["claims"], left["denied_by"]) == ([], ["Colonel Issa Garba"])
    assert "nobody tells of it: denied by <bdi>Colonel Issa Garba</bdi>" in page
    year = next(one for one in desk.get("/coups.json").json()["years"] if one["country"] == "NE")
    assert (year["incidents"], year["denied"], year["claims"]) == ({}, 1, 1)


def claim_address(desk: TestClient, claim: str) -> str:
    """Where a claim is judged."""
    report = desk.get(f"/claims/{claim}", follow_redirects=False).headers["location"].partition("?")[0]
    return f"{report}/claims/{claim}"


def test_a_search_is_saved_from_its_results_and_read_as_a_feed(demo: Ledger, serve: Serve, window: Open) -> None:
    seen = window(serve(demo))
    seen.enter()
    page = seen.go("/claims?type=COERCE&country=GW")
    with page.expect_navigation():
        page.get_by_role("link", name="Save this search").click()
    assert seen.accessible() == []
    page.get_by_label("Name").fill("Arrests <b>here</b>")
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    assert seen.accessible() == []
    feed = page.get_by_label("Feed").input_value()

    answer = seen.context.request.get(feed)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    found = ET.fromstring(answer.text())
    assert found.findtext(f"{ATOM}title") == "Arrests <b>here</b>"
    assert len(found.findall(f"{ATOM}entry")) == page.locator(".rows li").count() > 0


def test_narrow_and_dark_pages_are_usable_too(demo: Ledger, serve: Serve, window: Open) -> None:
    seen = window(serve(demo), viewport={"width": 400, "height": 800}, color_scheme="dark")
    seen.enter()

    for path in ("/actors", "/network", "/coups", "/searches", "/review", "/second-coding"):
        page = seen.go(path)
        assert seen.accessible() == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), path


# --- in process ---


def saved(desk: Any, **sent: Any) -> dict[str, Any]:
    answer = desk.post("/searches.json", json={"name": "Mali", **sent})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_feed_opens_by_its_key_and_by_no_other(demo: Ledger, client: Client) -> None:
    made = saved(client(demo))
    stranger = client(demo, entered=False)
    path, _, key = made["feed"].removeprefix("http://127.0.0.1:8750").partition("?")

    assert stranger.get(f"{path}?{key}").status_code == 200
    assert stranger.get(f"{path}?key=guessed").status_code == 404
    assert stranger.get(path).status_code == 404
    assert stranger.get(made["page"], follow_redirects=False).status_code == 303
    assert stranger.get(f"/searches/none.atom?{key}").status_code == 404


def test_keys_and_secrets_are_shown_to_the_owner_and_admins_only(demo: Ledger, client: Client) -> None:
    for name, role in (("vera", "viewer"), ("carl", "coder"), ("ada", "admin")):
        account(demo, name, role)
    vera, carl, ada = (sign_in(client(demo, team=True), name, WORDS) for name in ("vera", "carl", "ada"))
    made = saved(vera, country=["GW"])

    assert "feed" in vera.get(f"{made['page']}.json").json()
    assert {"feed", "secret"} & set(carl.get(f"{made['page']}.json").json()) == set()
    assert made["feed"].split("key=")[1] not in carl.get(made["page"]).text
    assert carl.post(f"{made['page']}/end.json", json={}).status_code == 403
    assert ada.post(f"{made['page']}/end.json", json={}).status_code == 200
    assert vera.get("/searches.json").json()["searches"] == []


def test_only_addresses_that_are_allowed_can_be_told(demo: Ledger, client: Client) -> None:
    desk = client(demo, webhooks=("https://hooks.example.org/",))

    assert saved(desk, webhook="https://hooks.example.org/mali")["webhook"] == "https://hooks.example.org/mali"
    refused = desk.post("/searches.json", json={"name": "x", "webhook": "http://127.0.0.1:22/"})
    assert (refused.status_code, "--webhook-to" in refused.text) == (400, True)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/actors/nobody-at-all.json", 404),
        ("/actors/nobody-at-all.csv", 404),
        ("/actors/%04.csv", 404),
        ("/coups.csv?at=GW", 400),
        ("/actors.json?name=%3F", 400),
        ("/coups.json?at=GW", 400),
        ("/coups.json?at=GW&year=next", 400),
        ("/coups.json?at=ZZ&year=1999", 200),
        ("/network.json?type=COUP", 200),
        ("/searches/none.json", 400),
    ],
)
def test_says_what_there_is_not(demo: Ledger, client: Client, path: str, status: int) -> None:
    assert client(demo).get(path).status_code == status


def test_pages_answer_as_json_and_their_claims_leave_as_files(demo: Ledger, client: Client) -> None:
    desk = client(demo)
    listed = desk.get("/actors.json").json()["actors"]
    one = desk.get(f"{listed[0]['page']}.json").json()
    assert len(one["did"]) == listed[0]["acts"]
    assert len(desk.get(f"{listed[0]['page']}.jsonl").text.splitlines()) >= len(one["did"])
    coups = desk.get("/coups.json").json()
    assert sum(year["claims"] for year in coups["years"]) == coups["claims_looked_at"]
    assert len(desk.get("/coups.jsonl").text.splitlines()) == coups["claims_looked_at"]


# --- the drawing ---


def test_a_layout_is_the_same_every_time_within_the_plane_and_without_covering_names() -> None:
    edges = [(number, (number * 7 + 3) % 30, 1.0) for number in range(30)]
    found = graph.layout(30, edges)

    assert found == graph.layout(30, edges)
    assert all(0 < at.x < graph.WIDE and 0 < at.y < graph.HIGH for at in found)
    covered = [
        (one, other)
        for one in range(30)
        for other in range(one)
        if abs(found[one].x - found[other].x) < 60 and abs(found[one].y - found[other].y) < 10
    ]
    assert covered == []


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_layout_of_few_is_one_too(count: int) -> None:
    assert len(graph.layout(count, [(0, 1, 1.0)] if count == 2 else [])) == count

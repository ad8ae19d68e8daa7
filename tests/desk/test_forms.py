"""A form that is refused comes back as it was sent, with what to do: nothing that was typed is lost."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient
from tests.desk.conftest import Client, Running, Window, account, sign_in

from sayso import pipeline
from sayso.ledger import Ledger, filters, incidents, values
from sayso.ledger.judgements import coding, review
from sayso.ledger.judgements.review import Reviewer

WORDS = "long enough words"
Held = dict[str, list[str]]


class Forms(HTMLParser):
    """What the fields of every form of a page hold, as a browser would send it, by the address that the form goes to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.held: dict[str, Held] = {}
        self.alerts: list[str] = []
        self._form: Held = {}
        self._select = ""
        self._alert = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._form = self.held.setdefault(given.get("action") or "", {})
        if tag == "select" and "disabled" not in given:
            self._select = given.get("name") or ""
        if tag == "option" and self._select and "selected" in given:
            self._form.setdefault(self._select, []).append(given.get("value") or "")
        ticked = given.get("type") not in ("checkbox", "radio") or "checked" in given
        if tag == "input" and "disabled" not in given and ticked and given.get("value"):
            self._form.setdefault(given.get("name") or "", []).append(given["value"] or "")
        self._alert = self._alert or given.get("role") == "alert"

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "form":
            self._form = {}
        if tag == "p":
            self._alert = False

    def handle_data(self, data: str) -> None:
        if self._alert:
            self.alerts.append(data)


def refused(desk: TestClient, address: str, sent: dict[str, Any], status: int = 400) -> Forms:
    """The page that answers a form that is refused."""
    answer = desk.post(address, data=sent, follow_redirects=False)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    return Forms(answer.text)


@pytest.fixture
def kept(demo_file: Path, tmp_path: Path) -> Iterator[Ledger]:
    """The demo ledger with the rules by which claims are brought together, as `sayso serve` opens it."""
    shutil.copy(demo_file, tmp_path / "kept.db")
    with pipeline.open_ledger(tmp_path / "kept.db") as book:
        yield book


def of_report(book: Ledger) -> tuple[str, str]:
    """The address of the claims of a report, and a claim of it."""
    key, telling = review.queue(book, filters.wanted({}), limit=1).found[0]
    return f"/reports/{key[:16]}/claims", telling.claim.id


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"words": "Atlantis", "value": "COERCE arrest", "status": "alleged", "why": '"it sank"'}, "does not say"),
        ({"value": "COERCE arrest", "status": "planned", "why": "missed"}, "select the one or few words"),
        ({"span": "4-2", "value": "ASSAULT", "status": "negated", "then": "/review"}, "characters"),
    ],
)
def test_a_refused_claim_that_was_missed_comes_back_with_what_was_typed(
    demo: Ledger, client: Client, sent: dict[str, str], said: str
) -> None:
    """What was typed was lost before: the answer was a page with the words of the refusal alone."""
    address, _ = of_report(demo)
    page = refused(client(demo), address, sent)

    held = page.held[address]
    assert said in "".join(page.alerts)
    assert {name: held.get(name) for name in sent if name != "span"} == {
        name: [value] for name, value in sent.items() if name != "span"
    }


def test_words_that_were_selected_for_a_missed_claim_come_back(demo: Ledger, client: Client) -> None:
    address, _ = of_report(demo)
    held = refused(client(demo), address, {"span": "0-4", "value": "MURDER", "why": "missed"}).held[address]

    assert (held["span"], held["why"]) == (["0-4"], ["missed"])


def test_a_refused_claim_that_was_missed_is_mended_in_the_browser(
    demo: Ledger, serve: Callable[..., Running], window: Callable[..., Window]
) -> None:
    seen = window(serve(demo))
    seen.expected.append("status of 400")
    seen.enter()
    address, _ = of_report(demo)
    page = seen.go(address.removesuffix("/claims"))
    first = page.locator("#text").inner_text().split()[0]
    page.get_by_role("button", name="Add a missed claim").click()
    page.select_option('#editor [data-slots="type add"] select', "COUP attempt")
    page.locator('#editor [name="why"]').fill("the reader missed it")
    for words in ("Atlantis", first):
        page.locator('#editor [name="words"]').fill(words)
        with page.expect_navigation():
            page.get_by_role("button", name="Save").click()
        if words == "Atlantis":
            assert page.locator('#editor [name="words"]').input_value() == "Atlantis"
            assert page.locator('#editor [data-slots="type add"] select').input_value() == "COUP attempt"
            assert page.locator('#editor [role="alert"]').is_visible()
            assert not page.locator(".slot-choice").is_visible()
            assert seen.accessible() == []

    assert "added it: the reader missed it" in page.locator(".claims-side").inner_text()


def test_a_refused_split_comes_back_with_its_ticks(kept: Ledger, client: Client) -> None:
    one = next(found for found in incidents.find(kept) if len(found.tellings) > 1)
    every = [telling.claim.id for telling in one.tellings]

    page = refused(client(kept), f"/incidents/{one.id}/split", {"claim": every, "why": "two raids"})

    held = page.held[f"/incidents/{one.id}/split"]
    assert "leave it some" in "".join(page.alerts)
    assert (sorted(held["claim"]), held["why"]) == (sorted(every), ["two raids"])


def test_a_split_of_nothing_keeps_its_reason(kept: Ledger, client: Client) -> None:
    one = next(found for found in incidents.find(kept) if len(found.tellings) > 1)

    page = refused(client(kept), f"/incidents/{one.id}/split", {"why": "two raids"})

    assert page.alerts == ["claim is missing"]
    assert page.held[f"/incidents/{one.id}/split"] == {"why": ["two raids"]}


@pytest.mark.parametrize("method", ["see them together", "merge"])
def test_an_incident_that_cannot_be_merged_is_asked_for_again(kept: Ledger, client: Client, method: str) -> None:
    one = next(iter(incidents.find(kept)))
    desk, address, sent = client(kept), f"/incidents/{one.id}/merge", {"other": "no-such-one", "why": "one raid"}

    answer = desk.post(address, data=sent) if method == "merge" else desk.get(address, params=sent)
    page = Forms(answer.text)

    assert answer.status_code == 400
    assert "there is no incident 'no-such-one'" in "".join(page.alerts)
    assert page.held[address] == {name: [value] for name, value in sent.items()}
    assert (
        desk.get(f"{address}.json", params={"other": "no-such-one"}).json()["error"].startswith("there is no incident")
    )


def test_the_reason_of_a_merge_is_carried_on_to_the_preview(kept: Ledger, client: Client) -> None:
    one, other, *_ = incidents.find(kept)
    page = client(kept).get(f"/incidents/{one.id}/merge", params={"other": other.id, "why": "one raid"}).text

    assert Forms(page).held[f"/incidents/{one.id}/merge"] == {"other": [other.id], "why": ["one raid"]}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": "Mali", "webhook": "http://127.0.0.1:22/", "country": "ML", "text": "arrest*"}, "--webhook-to"),
        ({"name": "Mali", "country": "ML", "since": "tomorrow"}, "is no day"),
        ({"webhook": "https://hooks.example.org/mali", "status": "alleged"}, "name is missing"),
    ],
)
def test_a_refused_search_comes_back_with_its_filters(
    demo: Ledger, client: Client, sent: dict[str, str], said: str
) -> None:
    page = refused(client(demo, webhooks=("https://hooks.example.org/",)), "/searches", sent)

    assert said in "".join(page.alerts)
    assert page.held["/searches"] == {name: [value] for name, value in sent.items()}


def test_filters_with_several_values_come_back_too(demo: Ledger, client: Client) -> None:
    sent = {"name": "Mali", "webhook": "http://x", "country": ["ML", "NE"], "actor": ["a", "b"]}
    page = refused(client(demo), "/searches", sent)

    assert page.held["/searches"] == sent | {"name": ["Mali"], "webhook": ["http://x"]}


def test_a_refused_token_comes_back_with_what_it_is_for(demo: Ledger, client: Client) -> None:
    account(demo, "ada", "viewer")
    label = "nightly export " * 10
    page = refused(sign_in(client(demo, team=True), "ada", WORDS), "/account/tokens", {"label": label})

    assert "up to 100 characters" in "".join(page.alerts)
    assert page.held["/account/tokens"] == {"label": [label]}


def test_who_mistypes_the_password_need_not_write_the_name_again(demo: Ledger, client: Client) -> None:
    account(demo, "ada", "viewer")
    page = refused(client(demo, team=True), "/sign-in", {"name": "ada", "password": "guess"}, 401)

    assert page.held["/sign-in"] == {"name": ["ada"]}


def test_a_refused_sample_comes_back_with_its_filters(demo: Ledger, client: Client) -> None:
    page = refused(client(demo), "/second-coding", {"size": "many", "country": "ML", "since": "2025"})

    assert "is no number of claims" in "".join(page.alerts)
    assert page.held["/second-coding"] == {"size": ["many"], "country": ["ML"], "since": ["2025"]}


def test_a_refused_correction_of_a_second_coder_comes_back(demo: Ledger, client: Client) -> None:
    address, claim = of_report(demo)
    key = next(
        values.report_key(telling.report) for _, telling in review.queue(demo, filters.wanted({}), limit=1).found
    )
    Reviewer(demo, "cora", pipeline.resolve_claim).accept(key, claim)
    sample = coding.draw(demo, 1, by="cora")
    address = f"/second-coding/{sample.id}/claims"

    page = refused(client(demo), f"{address}/1/correct", {"slot": "place", "words": "Atlantis", "name": "Atlantis"})

    assert "does not say" in "".join(page.alerts)
    sent = {"slot": ["place"], "words": ["Atlantis"], "name": ["Atlantis"]}
    assert page.held[f"{address}/1/correct"] == sent | {"then": [address]}


def test_an_error_without_its_form_says_what_was_typed(demo: Ledger, client: Client) -> None:
    address, claim = of_report(demo)
    desk = client(demo)
    with demo.write() as connection:
        refusal = "CREATE TRIGGER refuse BEFORE INSERT ON judgements BEGIN SELECT RAISE(ABORT, 'closed'); END"
        connection.execute(text(refusal))

    answer = desk.post(f"{address}/{claim}/correct", data={"slot": "status", "value": "alleged", "why": "<b>a guess"})

    assert answer.status_code == 503
    shown = dict(re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", answer.text))
    assert shown == {"Slot": "status", "Value": "alleged", "Why": "&lt;b&gt;a guess"}

"""Second coding at the desk: drawn by an editor, coded blind by another, compared on a page and as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from tests.desk.conftest import Client, Running, Window, account, sign_in

from sayso import pipeline
from sayso.ledger import Ledger, filters
from sayso.ledger.judgements import coding, review
from sayso.ledger.judgements.review import Reviewer
from sayso.ledger.judgements.slots import Correction

Serve = Callable[..., Running]
Open = Callable[..., Window]
WORDS = "long enough words"


def judged(book: Ledger, by: str = "cora") -> None:
    """Four claims judged: one corrected, one rejected, two accepted."""
    cora = Reviewer(book, by, pipeline.resolve_claim)
    for number, (key, telling) in enumerate(review.queue(book, filters.wanted({}), limit=4).found):
        if number == 0:
            cora.correct(key, telling.claim.id, {"historical": Correction(value=not telling.claim.historical)})
        elif number == 1:
            cora.reject(key, telling.claim.id)
        else:
            cora.accept(key, telling.claim.id)


def test_a_second_coder_codes_blind_and_agreement_is_shown(demo: Ledger, serve: Serve, window: Open) -> None:
    judged(demo)
    account(demo, "edda", "editor")
    seen = window(serve(demo, team=True))
    page = seen.go("/sign-in")
    page.get_by_label("Name").fill("edda")
    page.get_by_label("Password").fill(WORDS)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    page = seen.go("/second-coding")
    assert seen.accessible() == []
    page.get_by_label("How many claims").fill("4")
    with page.expect_navigation():
        page.get_by_role("button", name="Draw").click()
    with page.expect_navigation():
        page.get_by_role("link", name="Code this sample").click()
    assert "cora" not in page.locator("main").inner_text()
    assert seen.accessible() == []

    for key in ("a", "a", "r", "a"):
        with page.expect_navigation():
            page.keyboard.press(key)
    with page.expect_navigation():
        page.get_by_role("link", name="See how far you agree").click()

    assert page.locator(".agreement tbody tr").count() == 14
    assert seen.accessible() == []
    with page.expect_navigation():
        page.get_by_role("link", name="The raw table").click()
    assert page.locator("tbody tr").count() == 8
    assert seen.accessible() == []
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8"))))
    assert {row["coder"] for row in rows} == {"cora (first)", "edda"}


def test_a_correction_of_the_second_coder_stays_in_the_sample(demo: Ledger, client: Client) -> None:
    judged(demo, "somebody")
    desk = client(demo)
    sample = desk.post("/second-coding.json", json={"size": "4", "status": ["actual", "negated", "alleged"]}).json()
    address = f"/second-coding/{sample['sample']}"
    first = desk.get(f"{address}/claims.json").json()["claim"]
    answer = desk.post(
        f"{address}/claims/{first['position']}/correct.json", json={"slot": "status", "value": "hypothetical"}
    )
    assert answer.status_code == 200, answer.text
    again = desk.get(f"{address}/claims.json").json()["claim"]
    assert (again["position"], again["status"]) == (first["position"], "hypothetical")
    assert desk.post(f"{address}/claims/{first['position']}/accept.json", json={}).status_code == 200

    found = {one["field"]: one for one in desk.get(f"{address}.json").json()["agreement"]}
    assert found["is it an event"]["claims"] == 1
    assert coding.sample(demo, sample["sample"]).done == {"you": 1}


def test_a_second_coder_adds_what_was_missed_and_takes_it_out(demo: Ledger, serve: Serve, window: Open) -> None:
    judged(demo)
    sample = coding.draw(demo, 1, by="cora")
    seen = window(serve(demo))
    seen.enter()
    page = seen.go(f"/second-coding/{sample.id}/claims")
    words = page.locator("#text").inner_text().split()[0]

    for _ in range(2):
        page.keyboard.press("m")
        page.locator('#editor [name="words"]').fill(words)
        page.select_option('#editor [data-slots="type add"] select', "COUP attempt")
        with page.expect_navigation():
            page.get_by_role("button", name="Save").click()
        added = page.get_by_role("region", name="You added to this report")
        assert f"on “{words}”" in added.inner_text()
        assert seen.accessible() == []
        with page.expect_navigation():
            added.get_by_role("button", name="Take out").click()
        assert added.count() == 0

    assert coding.sample(demo, sample.id).done == {}


def test_samples_are_for_those_who_code_and_drawn_by_editors(demo: Ledger, client: Client) -> None:
    judged(demo)
    for name, role in (("vera", "viewer"), ("carl", "coder")):
        account(demo, name, role)
    vera, carl = (sign_in(client(demo, team=True), name, WORDS) for name in ("vera", "carl"))

    assert vera.get("/second-coding").status_code == 403
    assert carl.get("/second-coding").status_code == 200
    assert carl.post("/second-coding.json", json={"size": "2"}).status_code == 403
    assert carl.get("/second-coding/nothing.json").status_code == 400

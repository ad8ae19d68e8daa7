"""Reviewing at the desk: by keyboard, by selecting words, for programs, by role; and what leaves as a file follows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.desk.conftest import Client, Running, Window, account, sign_in

from sayso.ledger import Ledger, claims, filters, query, values
from sayso.ledger.judgements import review
from sayso.model import Telling

Serve = Callable[..., Running]
Open = Callable[..., Window]


def dispatch(book: Ledger) -> Telling:
    """The first claim of the demo's report that names Lisbon."""
    found = query.claims_page(book, filters.wanted({"outlet": "Atlantic Dispatch"}), limit=500).found
    return next(one for one in found if "Lisbon" in one.report.text)


def key_of(book: Ledger) -> str:
    """Key of that report."""
    return values.report_key(dispatch(book).report)


def first_claim(book: Ledger) -> tuple[str, str]:
    """Key of that report, and id of its first claim."""
    return key_of(book), dispatch(book).claim.id


# --- in process ---


def test_a_program_judges_claims_and_undoes_it(demo: Ledger, client: Client) -> None:
    desk, (key, claim) = client(demo), first_claim(demo)
    before = len(list(claims(demo)))

    done = desk.post(f"/reports/{key[:16]}/claims/{claim}/reject.json", json={"why": "no event"}).json()
    assert len(list(claims(demo))) == before - 1
    said = desk.get(f"/reports/{key[:16]}.json").json()
    assert [(one["kind"], one["why"], one["claim"]) for one in said["judgements"]] == [("reject", "no event", claim)]
    assert [one["id"] for one in said["rejected"]] == [claim]

    undone = desk.post("/review/undo.json", json={"batch": done["batch"]}).json()
    assert undone["claim"] == claim
    assert len(list(claims(demo))) == before
    assert desk.post("/review/undo.json", json={}).status_code == 409


def test_a_program_corrects_by_words_and_every_list_and_file_follows(demo: Ledger, client: Client) -> None:
    desk, (key, claim) = client(demo), first_claim(demo)

    answer = desk.post(f"/reports/{key[:16]}/claims/{claim}/correct.json", json={"slot": "place", "words": "Lisbon"})

    assert answer.status_code == 200, answer.text
    rows = list(csv.DictReader(io.StringIO(desk.get("/claims.csv?place=Lisbon").text)))
    assert [(row["claim_id"], row["place"], row["country"]) for row in rows if row["claim_id"] == claim] == [
        (claim, "Lisbon", "PT")
    ]
    listed = desk.get("/claims.json?place=Lisbon").json()["claims"]
    assert claim in [one["id"] for one in listed]


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"slot": "colour", "value": "red"}, 400, "no slot"),
        ({"slot": "place", "words": "Atlantis"}, 400, "does not say"),
        ({"slot": "place", "span": "x"}, 400, "40-44"),
        ({"slot": "status", "value": "sure"}, 400, "no status"),
        ({"value": "red"}, 400, "slot is missing"),
        ({"slot": "status", "value": "alleged", "then": "//evil.example/"}, 400, "page of this desk"),
    ],
)
def test_nonsense_is_refused_with_what_to_do(
    demo: Ledger, client: Client, sent: dict[str, Any], status: int, said: str
) -> None:
    desk, (key, claim) = client(demo), first_claim(demo)

    answer = desk.post(f"/reports/{key[:16]}/claims/{claim}/correct.json", json=sent)

    assert (answer.status_code, said in answer.text) == (status, True), answer.text


def test_viewers_see_judgements_and_make_none(demo: Ledger, client: Client) -> None:
    account(demo, "vera", "viewer")
    account(demo, "cora", "coder")
    key, claim = first_claim(demo)
    cora = sign_in(client(demo, team=True), "cora", "long enough words")
    assert cora.post(f"/reports/{key[:16]}/claims/{claim}/accept.json", json={}).status_code == 200
    vera = sign_in(client(demo, team=True), "vera", "long enough words")

    page = vera.get(f"/reports/{key[:16]}").text
    assert "cora</bdi>" not in page
    assert "cora accepted it" in page
    assert "data-key=" not in page
    assert vera.get("/review").status_code == 403
    assert vera.post(f"/reports/{key[:16]}/claims/{claim}/reject.json", json={}).status_code == 403


def test_a_list_shows_what_was_corrected_and_what_was_again_undone(demo: Ledger, client: Client) -> None:
    desk, (key, claim) = client(demo), first_claim(demo)
    before = desk.get("/claims").text

    sent = {"slot": "place", "words": "Lisbon"}
    done = desk.post(f"/reports/{key[:16]}/claims/{claim}/correct.json", json=sent).json()
    corrected = desk.get("/claims").text
    desk.post("/review/undo.json", json={"batch": done["batch"]})

    assert corrected != before
    assert desk.get("/claims").text == before


def test_coders_undo_their_own_acts_only(demo: Ledger, client: Client) -> None:
    for name in ("cora", "carl"):
        account(demo, name, "coder")
    key, claim = first_claim(demo)
    cora, carl = (sign_in(client(demo, team=True), name, "long enough words") for name in ("cora", "carl"))
    batch = cora.post(f"/reports/{key[:16]}/claims/{claim}/accept.json", json={}).json()["batch"]

    assert carl.post("/review/undo.json", json={"batch": batch}).status_code == 403
    assert cora.post("/review/undo.json", json={"batch": batch}).status_code == 200


def test_the_queue_gives_programs_the_next_claim(demo: Ledger, client: Client) -> None:
    desk = client(demo)
    first = desk.get("/review.json").json()
    desk.post(f"/reports/{first['claim']['report'][:16]}/claims/{first['claim']['id']}/accept.json", json={})
    second = desk.get("/review.json").json()

    assert second["waiting"] == first["waiting"] - 1
    assert second["claim"]["confidence"] >= first["claim"]["confidence"]
    assert desk.get("/review.json", params={"type": "COUP"}).json()["claim"]["type"] == "COUP"


def test_a_refused_correction_shows_the_form_again_with_what_was_typed(demo: Ledger, client: Client) -> None:
    desk, (key, claim) = client(demo), first_claim(demo)
    sent = {"slot": "place", "words": "Atlantis", "why": "<b>it sank", "then": "/review"}

    answer = desk.post(f"/reports/{key[:16]}/claims/{claim}/correct", data=sent, follow_redirects=False)
    form = answer.text[answer.text.index('<form id="editor"') :].partition("</form>")[0]

    assert answer.status_code == 400
    assert 'role="alert"' in form
    assert "the report does not say" in form
    assert all(f'value="{said}"' in form for said in ("Atlantis", "&lt;b&gt;it sank", "/review"))
    assert 'value="place" checked' in form
    assert f'href="/reports/{key[:16]}?claim={claim}#c-{claim}">Back to the claim' in form
    assert dispatch(demo).claim.id == claim


def test_a_slot_is_corrected_without_scripts(demo: Ledger, client: Client) -> None:
    desk, (key, claim) = client(demo), first_claim(demo)
    page = desk.get(f"/reports/{key[:16]}").text
    assert f'href="/reports/{key[:16]}?claim={claim}&amp;correct=type#editor"' in page

    forms = [desk.get(f"/reports/{key[:16]}?claim={claim}&correct={slot}").text for slot in ("count", "place")]
    assert ['data-slots="count" hidden' in form for form in forms] == [False, True]
    assert ['<input name="low" disabled' in form for form in forms] == [False, True]
    sent = {"slot": "place", "words": "Lisbon", "name": "", "country": "", "why": "", "then": ""}
    done = desk.post(f"/reports/{key[:16]}/claims/{claim}/correct", data=sent, follow_redirects=False)
    assert done.status_code == 303, done.text


# --- in a browser ---


def select(page: Page, words: str) -> None:
    """Selects words of the report as a mouse does."""
    page.evaluate(
        """(words) => {
          const text = document.getElementById("text");
          const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
          for (let node; (node = walker.nextNode()); ) {
            const at = node.data.indexOf(words);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + words.length);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
            text.dispatchEvent(new MouseEvent("mouseup", { bubbles: true }));
            return;
          }
          throw new Error(`not there: ${words}`);
        }""",
        words,
    )


def test_ten_claims_are_reviewed_by_keyboard_with_one_undo(demo: Ledger, serve: Serve, window: Open) -> None:
    seen = window(serve(demo))
    seen.enter()
    page = seen.go("/review")
    waiting = review.count_waiting(demo, filters.wanted({}))
    assert seen.accessible() == []

    for number in range(10):
        with page.expect_navigation():
            page.keyboard.press("a" if number % 3 else "r")
    with page.expect_navigation():
        page.keyboard.press("u")
    with page.expect_navigation():
        page.keyboard.press("a")

    assert review.count_waiting(demo, filters.wanted({})) == waiting - 10
    assert seen.accessible() == []


def test_an_argument_is_corrected_by_selecting_words_and_seen_in_the_export(
    demo: Ledger, serve: Serve, window: Open
) -> None:
    seen = window(serve(demo))
    seen.enter()
    page = seen.go(f"/reports/{key_of(demo)[:16]}")
    page.keyboard.press("j")
    claim = page.locator(".claim.chosen").get_attribute("data-claim")
    page.keyboard.press("c")
    page.keyboard.press("6")
    select(page, "Lisbon")
    assert page.locator(".chosen-words button").all_inner_texts() == ["Lisbon"]
    assert seen.accessible() == []
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()

    assert "corrected the place" in page.locator(f'[data-claim="{claim}"]').inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    rows = csv.DictReader(io.StringIO(download.value.path().read_text("utf-8")))
    assert [row["place"] for row in rows if row["claim_id"] == claim] == ["Lisbon"]


def test_a_missed_claim_is_added_from_selected_words(demo: Ledger, serve: Serve, window: Open) -> None:
    seen = window(serve(demo))
    seen.enter()
    page = seen.go(f"/reports/{key_of(demo)[:16]}")
    select(page, "lists")
    page.keyboard.press("m")
    page.select_option('#editor [data-slots="type add"] select', "COERCE arrest")
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()

    added = page.locator(".claim .verdict", has_text="added it")
    assert added.count() == 1
    with page.expect_navigation():
        page.keyboard.press("u")
    assert page.locator(".claim .verdict").count() == 0


def test_a_rejected_claim_is_listed_and_can_be_taken_back(demo: Ledger, serve: Serve, window: Open) -> None:
    seen = window(serve(demo))
    seen.enter()
    page = seen.go(f"/reports/{key_of(demo)[:16]}")
    claims_before = page.locator(".claim").count()
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("r")
    page = seen.go(f"/reports/{key_of(demo)[:16]}")

    assert page.locator(".claim").count() == claims_before - 1
    assert page.get_by_role("heading", name="Rejected").count() == 1
    assert seen.accessible() == []
    with page.expect_navigation():
        page.get_by_role("button", name="Accept after all").click()
    assert page.locator("[data-claim]").count() == claims_before


def test_keys_are_shown_and_can_be_changed(demo: Ledger, serve: Serve, window: Open) -> None:
    seen = window(serve(demo))
    seen.enter()
    page = seen.go("/review")
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()
    assert seen.accessible() == []
    page.get_by_label("Key: accept the claim, and go on").fill("y")
    page.get_by_label("Key: accept the claim, and go on").blur()
    page.keyboard.press("Escape")
    page = seen.go("/review")

    assert page.locator('[data-shows="accept"]').first.inner_text() == "y"
    with page.expect_navigation():
        page.keyboard.press("y")
    assert review.last(demo, "you") is not None


def test_only_the_fields_of_the_chosen_slot_are_seen(demo: Ledger, serve: Serve, window: Open) -> None:
    seen = window(serve(demo))
    seen.enter()
    page = seen.go(f"/reports/{key_of(demo)[:16]}")
    page.keyboard.press("j")
    page.keyboard.press("c")
    least = page.locator('#editor [name="low"]')
    assert not least.is_visible()
    page.keyboard.press("9")
    assert least.is_visible()


def test_a_refused_correction_is_mended_in_the_browser(demo: Ledger, serve: Serve, window: Open) -> None:
    seen = window(serve(demo))
    seen.expected.append("status of 400")
    seen.enter()
    page = seen.go(f"/reports/{key_of(demo)[:16]}")
    page.keyboard.press("j")
    page.keyboard.press("c")
    page.keyboard.press("6")
    words = page.locator('#editor [name="words"]')
    for said in ("Atlantis", "Lisbon"):
        words.fill(said)
        with page.expect_navigation():
            page.get_by_role("button", name="Save").click()
        if said == "Atlantis":
            assert words.input_value() == said
            assert seen.accessible() == []

    assert "corrected the place" in page.locator(".claims-side").inner_text()

"""The desk as people use it, in a real browser, which fails on console errors and on requests that leave the machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect
from tests.desk import plot
from tests.desk.conftest import Running, Window, account

from sayso.desk import pages
from sayso.ledger import Ledger, incidents

Serve = Callable[..., Running]
Open = Callable[..., Window]
PASSWORD = "long enough words"


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    with plot.ledger(tmp_path / "plot.db") as made:
        yield made


@pytest.fixture
def arrests(book: Ledger) -> str:
    return next(incidents.find(book, type="COERCE")).id


def asked(address: str) -> dict[str, list[str]]:
    """The parameters of an address."""
    return parse_qs(urlsplit(address).query)


def test_the_demo_opens_on_what_is_new_and_leads_to_the_words(demo: Ledger, serve: Serve, window: Open) -> None:
    seen = window(serve(demo, demo=True))
    page = seen.enter()

    assert urlsplit(page.url).path == "/now"
    assert page.locator("article.incident").count() > 5
    first = page.locator("article.incident").first
    expect(first).to_contain_text("20 to 50")
    assert first.locator("a.said-number").count() >= 3
    first.locator("a.said-number").first.click()

    page.wait_for_selector(".claim.chosen")
    assert urlsplit(page.url).path.startswith("/reports/")
    expect(page.locator("#text .lit.trigger").first).to_be_visible()


def test_sources_that_disagree_are_found_explained_split_and_put_together_again(
    book: Ledger, serve: Serve, window: Open
) -> None:
    seen = window(serve(book))
    page = seen.enter()

    page.locator("article.incident", has_text="numbers differ").locator("h2 a").click()
    expect(page.locator("table.statements tbody tr")).to_have_count(4)
    expect(page.locator(".chart .said")).to_have_count(4)

    page.get_by_role("link", name="Why together").click()
    expect(page.locator(".pair .features tbody tr", has_text="place").first).to_be_visible()
    page.get_by_role("link", name="History").click()
    expect(page.locator(".history .denial")).to_have_count(1)

    page.get_by_role("link", name="What is said").click()
    page.get_by_label("A spokesman").check()
    page.get_by_label("Why (kept").fill("another region")
    page.get_by_role("button", name="Split off").click()
    expect(page.locator(".choosable")).to_have_count(4)
    expect(page.locator("main")).not_to_contain_text("some deny it")

    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".choosable")).to_have_count(5)
    expect(page.locator("main")).to_contain_text("some deny it")


def test_a_merge_is_shown_before_it_is_made(book: Ledger, serve: Serve, window: Open, arrests: str) -> None:
    seen = window(serve(book))
    seen.enter()
    other = next(incidents.find(book, type="PROTEST")).id

    page = seen.go(f"/incidents/{arrests}")
    page.get_by_label("Address or id").fill(f"{seen.desk.address}/incidents/{other}")
    page.get_by_role("button", name="See them together").click()
    expect(page.locator("article.incident")).to_have_count(3)
    page.get_by_role("button", name="They are one event").click()

    expect(page.locator(".choosable")).to_have_count(6)
    seen.go(f"/incidents/{other}")
    assert page.url.endswith(f"/incidents/{arrests}")


def test_the_map_filters_and_its_place_is_in_an_address_that_a_second_browser_follows(
    book: Ledger, serve: Serve, window: Open
) -> None:
    desk = serve(book)
    first, second = window(desk), window(desk)
    page = first.enter()

    page.locator(".map a", has=page.locator(".land")).first.dispatch_event("click")
    page.wait_for_url("**country=GW**")
    expect(page.locator("article.incident")).to_have_count(1)
    page.get_by_label("Closer").click()
    page.locator(".timeline a").nth(0).dispatch_event("click")
    page.wait_for_url("**since=**")
    page.locator(".map svg").focus()
    with page.expect_response(lambda answer: "/now" in answer.url):
        page.keyboard.press("ArrowRight")
    address = page.url.removeprefix(desk.address)
    assert {"country", "map", "since", "until"} == set(asked(address))

    second.enter()
    there = second.go(address)
    views = [one.locator(".map svg").get_attribute("data-view") for one in (page, there)]
    assert views[0] == views[1] == asked(address)["map"][0]
    expect(there.locator("main")).to_contain_text("in GW, published since 2026-03-08")
    assert there.locator("article.incident").count() == page.locator("article.incident").count()


def test_every_filter_can_be_set_and_taken_out_by_hand(book: Ledger, serve: Serve, window: Open) -> None:
    seen = window(serve(book))
    seen.enter()
    page = seen.go("/claims")

    page.keyboard.press("/")
    page.keyboard.type("arrested Bissau")
    page.keyboard.press("Enter")
    page.wait_for_url("**text=arrested**")
    expect(page.locator("article.claim")).to_have_count(4)
    page.get_by_text("More filters").click()
    page.get_by_label("On whose word").select_option("anonymous")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("article.claim")).to_have_count(2)

    page.get_by_label("Take out: on the word of").click()
    expect(page.locator("article.claim")).to_have_count(4)


def test_people_sign_in_and_what_their_role_does_not_cover_is_refused(
    book: Ledger, serve: Serve, window: Open, arrests: str
) -> None:
    for name, role in (("vera", "viewer"), ("edith", "editor")):
        account(book, name, role)
    desk = serve(book, team=True)
    seen = window(desk)
    page = seen.go(f"/incidents/{arrests}")
    assert page.url.endswith("/sign-in")

    seen.expected.append("401")
    for password in ("wrong", PASSWORD):
        page.get_by_label("Name").fill("vera")
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_load_state()
    page.wait_for_url("**/now")
    seen.go(f"/incidents/{arrests}")
    expect(page.get_by_role("button", name="Split off")).to_have_count(0)
    refused = page.request.post(
        f"{desk.address}/incidents/{arrests}/split", form={"claim": "denial"}, headers={"Origin": desk.address}
    )
    assert refused.status == 403

    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Name").fill("edith")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/now")
    seen.go(f"/incidents/{arrests}")
    expect(page.get_by_role("button", name="Split off")).to_have_count(1)


def test_text_runs_the_way_its_letters_do(book: Ledger, serve: Serve, window: Open) -> None:
    seen = window(serve(book))
    seen.enter()
    page = seen.go("/reports/wire")

    assert page.locator("#text").evaluate("one => getComputedStyle(one).unicodeBidi") == "plaintext"


def test_the_documentation_for_programs_is_drawn_from_here(book: Ledger, serve: Serve, window: Open) -> None:
    seen = window(serve(book))
    seen.enter()
    page = seen.go("/api")

    page.wait_for_selector(".opblock")
    expect(page.locator(".opblock").nth(20)).to_be_attached()


# --- for everybody ---


def addresses(arrests: str) -> list[str]:
    """One address of every page, with something on it."""
    words = {"{incident}": arrests, "{report}": "observer"}
    found = []
    for page in pages.PAGES:
        path = page.path
        for word, value in words.items():
            path = path.replace(word, value)
        if "{" not in path and not path.endswith("/merge"):
            found.append(path)
    return [
        *found,
        "/now?type=COERCE&country=GW",
        "/reports/observer?claim=denial",
        "/claims?text=nothing+such",
        "/nothing",
    ]


@pytest.mark.parametrize(
    "options",
    [{}, {"color_scheme": "dark"}, {"viewport": {"width": 360, "height": 740}}],
    ids=["light", "dark", "narrow"],
)
def test_every_page_is_for_everybody(
    book: Ledger, serve: Serve, window: Open, arrests: str, options: dict[str, object]
) -> None:
    """Nothing that axe finds, nothing wider than the window, one main heading, and words for the title."""
    seen = window(serve(book), **options)
    seen.expected.append("404")
    seen.enter()
    wrong: dict[str, object] = {}

    for path in addresses(arrests):
        page = seen.go(path)
        found: list[object] = list(seen.accessible())
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        headings = page.locator("h1").count()
        if found or wide > 1 or headings != 1 or not page.title():
            wrong[path] = found or (wide, headings, page.title())

    assert wrong == {}


def test_the_door_is_for_everybody(book: Ledger, serve: Serve, window: Open) -> None:
    account(book, "ada", "viewer")
    seen = window(serve(book, team=True))
    seen.go("/sign-in")

    assert seen.accessible() == []


def test_a_narrow_screen_shows_every_point_of_the_chart(book: Ledger, serve: Serve, window: Open, arrests: str) -> None:
    seen = window(serve(book), viewport={"width": 390, "height": 800})
    seen.enter()
    page = seen.go(f"/incidents/{arrests}")

    boxes = [one.bounding_box() for one in page.locator(".said circle").all()]

    assert len(boxes) == 4
    assert all(box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)
    assert page.evaluate("document.documentElement.scrollWidth") == 390

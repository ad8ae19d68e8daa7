"""The desk as people use it, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

from tests.desk.conftest import Running, Window

from sayso.ledger import Ledger

Serve = Callable[..., Running]
Open = Callable[..., Window]


def test_a_claim_is_found_and_read_in_its_report(demo: Ledger, serve: Serve, window: Open) -> None:
    seen = window(serve(demo))
    page = seen.enter()
    page = seen.go("/claims")
    page.fill('input[name="text"]', "arrested")
    page.press('input[name="text"]', "Enter")

    page.click(".claim .byline a >> nth=0")

    assert "/reports/" in page.url
    assert page.locator(".claim.chosen").count() == 1
    page.locator("#text a.trigger").last.click()
    assert "claim=" in page.url

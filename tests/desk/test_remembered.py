"""What the desk keeps: drawn once for all readers, and again as soon as it is another thing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.desk.conftest import sign_in
from tests.ledger import invented

from sayso import pipeline
from sayso.desk.remembered import Drawn
from sayso.ledger import Ledger, Writer, incidents
from sayso.ledger.judgements import merging
from sayso.ledger.team import accounts
from sayso.ledger.team.accounts import Role, User

Client = Callable[..., TestClient]
Asked = Mapping[str, int]
LISTS = st.lists(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 2), max_size=5), max_size=12)


@given(LISTS)
def test_shows_what_each_key_is_now_in_the_order_asked_for(lists: list[Asked]) -> None:
    kept = Drawn[tuple[str, int]](most=4)

    for wanted in lists:
        shown = kept.all(wanted, partial(_drawn, wanted))

        assert shown == list(wanted.items())


def _drawn(now: Asked, missing: list[str]) -> list[tuple[str, int]]:
    return [(key, now[key]) for key in missing]


def test_draws_nothing_twice_while_its_stamp_is_the_same() -> None:
    kept, drawn = Drawn[str](), list[str]()

    def draw(missing: list[str]) -> list[str]:
        drawn.extend(missing)
        return missing

    for wanted in ({"a": 1, "b": 1}, {"b": 1, "a": 1}, {"a": 2, "b": 1, "c": 1}):
        kept.all(wanted, draw)

    assert drawn == ["a", "b", "a", "c"]


def test_forgets_what_was_asked_for_longest_ago() -> None:
    kept, drawn = Drawn[str](most=2), list[str]()

    def draw(missing: list[str]) -> list[str]:
        drawn.extend(missing)
        return missing

    for key in ("a", "b", "a", "c", "a", "b"):
        kept.all({key: 1}, draw)

    assert drawn == ["a", "b", "c", "b"]


def test_what_does_not_fit_is_drawn_each_time() -> None:
    kept, drawn = Drawn[str](fits=lambda one: len(one) < 2), list[str]()

    def draw(missing: list[str]) -> list[str]:
        drawn.extend(missing)
        return missing

    for _ in range(2):
        kept.all({"a": 1, "bb": 1}, draw)

    assert drawn == ["a", "bb", "bb"]


def test_a_kept_page_is_another_as_soon_as_a_report_comes(client: Client, invented_book: Ledger) -> None:
    desk, writer = client(invented_book), Writer(invented_book, "1")
    before = {path: desk.get(path).text for path in ("/claims", "/reports")}
    same = {path: desk.get(path).text for path in before}
    newest = replace(invented.report(1000), published=dt.date(2030, 1, 1))
    writer.add(invented.read(newest))

    after = {path: desk.get(path).text for path in before}

    assert same == before
    assert all(after[path] != before[path] for path in before)


def test_a_kept_page_is_another_when_its_claims_are_judged_and_when_that_is_undone(
    client: Client, demo: Ledger
) -> None:
    demo.rules = pipeline.rules()
    desk, one = client(demo), max(incidents.find(demo), key=lambda incident: len(incident.tellings))
    before = desk.get(f"/incidents/{one.id}").text
    merging.split(demo, one.id, [one.tellings[0].claim.id], by="ada")
    split = desk.get(f"/incidents/{one.id}").text
    merging.undo(demo, by="ada")

    assert split != before
    assert desk.get(f"/incidents/{one.id}").text == before


def test_a_kept_page_is_never_shown_to_another_user(client: Client, demo: Ledger) -> None:
    words = "a long enough secret"
    for name, role in (("vera", Role.VIEWER), ("ada", Role.EDITOR)):
        accounts.add_user(demo, User(name, role), words, by="test")
    desk, (one,) = client(demo, team=True), incidents.find(demo, limit=1)
    seen = {}
    for name in ("ada", "vera", "ada"):
        sign_in(desk, name, words)
        seen[name] = desk.get(f"/incidents/{one.id}").text
        desk.post("/sign-out")

    assert [(f">{name}<" in page, "/split" in page) for name, page in seen.items()] == [(True, True), (True, False)]
    assert ">ada<" not in seen["vera"]
    assert desk.get(f"/incidents/{one.id}", follow_redirects=False).status_code == 303

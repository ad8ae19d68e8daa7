"""Who comes in and who does not: guards, sign-in, roles, tokens, and the log of it all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import text
from starlette.testclient import TestClient
from tests.desk.conftest import TOKEN, account, sign_in

from sayso import pipeline
from sayso.desk import Settings, create_app, pages, words
from sayso.desk.doors import BY_NAME
from sayso.errors import ConfigError
from sayso.ledger import Ledger, health
from sayso.ledger.team import accounts, audit

Client = Callable[..., TestClient]
# What answers to nobody: it lets in, leads to where one is let in, or asks for a key of its own.
OPEN = {"/", "/sign-in", "/enter", "/sign-out", "/searches/{search}.atom"}
PASSWORD = "long enough words"


def routes(desk: TestClient) -> list[tuple[str, str]]:
    """Every method and address, words in it filled in."""
    found = []
    for route in desk.app.routes:  # type: ignore[attr-defined]
        if isinstance(route, APIRoute) and route.path not in OPEN:
            path = route.path
            for word in route.param_convertors:
                path = path.replace(f"{{{word}}}", "x")
            found += [(method, path) for method in sorted(route.methods or ())]
    return found


# --- nobody ---


def test_nothing_answers_to_somebody_who_is_not_let_in(client: Client, invented_book: Ledger) -> None:
    desk = client(invented_book, entered=False)

    answered = [
        (method, path, answer.status_code)
        for method, path in routes(desk)
        if (answer := desk.request(method, path, follow_redirects=False)).status_code not in (401, 303)
        or (answer.status_code == 303 and answer.headers["location"] != "/sign-in")
    ]

    assert len(routes(desk)) > 20
    assert answered == []


def test_a_token_of_another_start_lets_nobody_in(client: Client, invented_book: Ledger) -> None:
    desk = client(invented_book, entered=False)

    answer = desk.get("/enter?token=another", follow_redirects=False)

    assert (answer.status_code, dict(answer.cookies)) == (401, {})
    assert desk.get("/claims.json").status_code == 401
    assert desk.get("/claims.json", headers={"Authorization": "Bearer another"}).status_code == 401


def test_the_start_up_token_becomes_a_cookie_that_scripts_cannot_read(client: Client, invented_book: Ledger) -> None:
    desk = client(invented_book, entered=False)

    cookie = desk.get(f"/enter?token={TOKEN}", follow_redirects=False).headers["set-cookie"]

    assert TOKEN not in cookie
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert desk.get("/claims.json").status_code == 200


# --- other sites ---


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:1", "localhost.evil.example:8750", ""])
def test_a_desk_called_by_another_name_does_not_answer(client: Client, invented_book: Ledger, host: str) -> None:
    desk = client(invented_book)

    assert desk.get("/claims.json", headers={"Host": host}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "", "Sec-Fetch-Site": "cross-site"},
        {"Origin": ""},
    ],
)
def test_what_another_site_sends_is_not_done(client: Client, invented_book: Ledger, headers: dict[str, str]) -> None:
    desk = client(invented_book)

    answer = desk.post("/undo", data={}, headers=headers, follow_redirects=False)

    assert answer.status_code == 403
    assert "another site" in answer.text


@pytest.mark.parametrize(
    "path", ["/claims", "/claims.json", "/sign-in", "/nothing", "/static/desk.css", "/claims?colour=red"]
)
def test_every_answer_carries_the_rules_for_browsers(client: Client, invented_book: Ledger, path: str) -> None:
    headers = client(invented_book).get(path).headers

    policy = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_the_world_is_only_served_with_accounts() -> None:
    with pytest.raises(ConfigError, match="make accounts first"):
        Settings(host="0.0.0.0", token="t")
    with pytest.raises(ConfigError, match="make accounts first"):
        Settings(public="https://desk.example.org", token="t")


def test_behind_a_proxy_cookies_only_travel_encrypted(invented_book: Ledger) -> None:
    account(invented_book, "ada", "viewer")
    settings = Settings(host="0.0.0.0", public="https://desk.example.org")
    with TestClient(create_app(invented_book, settings), base_url="https://desk.example.org") as desk:
        desk.headers["Origin"] = "https://desk.example.org"
        cookie = desk.post("/sign-in", data={"name": "ada", "password": PASSWORD}, follow_redirects=False).headers[
            "set-cookie"
        ]

        assert cookie.startswith("__Host-sayso=")
        assert "Secure" in cookie
        assert desk.get("/claims.json").status_code == 200


def test_nobody_is_led_to_another_site_after_an_act() -> None:
    from sayso.desk.page import local

    assert local("/incidents/x?a=1", "/now") == "/incidents/x?a=1"
    for elsewhere in (
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/x\r\ny",
        None,
        "",
    ):
        assert local(elsewhere, "/now") == "/now"


# --- a team ---


# What a role gets for reading, for an act upon an incident that there is not (400: it was looked at), and for the log.
ROLES = {"viewer": (200, 403, 403), "coder": (200, 403, 403), "editor": (200, 400, 403), "admin": (200, 400, 200)}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_what_it_is_for(client: Client, invented_book: Ledger, role: str) -> None:
    account(invented_book, "ada", role)
    desk = sign_in(client(invented_book, team=True), "ada", PASSWORD)

    read = desk.get("/claims.json").status_code
    acted = desk.post("/incidents/none/split.json", json={"claim": ["x"]}).status_code

    assert (read, acted, desk.get("/log.json").status_code) == ROLES[role]


def test_a_wrong_password_is_refused_and_soon_nobody_may_guess(client: Client, invented_book: Ledger) -> None:
    account(invented_book, "ada", "viewer")
    desk = client(invented_book, team=True)

    tried = [desk.post("/sign-in", data={"name": "ada", "password": "guess"}).status_code for _ in range(BY_NAME + 1)]
    right = desk.post("/sign-in", data={"name": "ada", "password": PASSWORD})

    assert tried == [401] * BY_NAME + [429]
    assert right.status_code == 429


def test_who_signs_out_is_out_and_so_is_whose_account_is_closed(client: Client, invented_book: Ledger) -> None:
    for name in ("ada", "grace"):
        account(invented_book, name, "viewer")
    ada, grace = (sign_in(client(invented_book, team=True), name, PASSWORD) for name in ("ada", "grace"))
    cookie = dict(ada.cookies)

    ada.post("/sign-out")
    accounts.close_user(invented_book, "grace", by="test")

    ada.cookies.update(cookie)
    assert ada.get("/claims.json").status_code == 401
    assert grace.get("/claims.json").status_code == 401


def test_tokens_of_an_account_serve_programs_until_they_are_revoked(client: Client, invented_book: Ledger) -> None:
    account(invented_book, "ada", "viewer")
    desk, program = sign_in(client(invented_book, team=True), "ada", PASSWORD), client(invented_book, team=True)

    made = desk.post("/account/tokens.json", json={"label": "nightly export"}).json()
    headers = {"Authorization": f"Bearer {made['made']}"}

    assert program.get("/claims.json", headers=headers).status_code == 200
    desk.post("/account/tokens/revoke.json", json={"key": made["tokens"][0]["key"]})
    assert program.get("/claims.json", headers=headers).status_code == 401


def test_the_ledger_holds_nothing_that_lets_anybody_in(client: Client, invented_book: Ledger) -> None:
    account(invented_book, "ada", "viewer")
    desk = sign_in(client(invented_book, team=True), "ada", PASSWORD)
    token = desk.post("/account/tokens.json", json={"label": "x"}).json()["made"]
    secrets = [PASSWORD, token, *desk.cookies.values()]

    with invented_book.read() as connection:
        tables = ("desk_users", "desk_sessions", "desk_tokens", "desk_log")
        stored = "\n".join(str(row) for table in tables for row in connection.execute(text(f"SELECT * FROM {table}")))

    assert "argon2id" in stored
    assert [secret for secret in secrets if secret in stored] == []


def test_a_password_must_be_long_enough_and_a_name_a_name(invented_book: Ledger) -> None:
    for name, password in (("ada", "short"), ("<script>", PASSWORD), ("", PASSWORD), ("ada", "x" * 1001)):
        with pytest.raises(ConfigError):
            accounts.add_user(invented_book, accounts.User(name, accounts.Role.VIEWER), password, by="test")


# --- the log ---


def test_sign_ins_exports_and_acts_are_logged_by_whom(client: Client, invented_book: Ledger) -> None:
    account(invented_book, "ada", "admin")
    desk = client(invented_book, team=True)
    desk.post("/sign-in", data={"name": "ada", "password": "guess"})
    sign_in(desk, "ada", PASSWORD)
    desk.get("/claims.csv?type=COERCE")
    desk.post("/account/tokens.json", json={"label": "x"})
    desk.post("/sign-out")

    done = [(entry.who, entry.what) for entry in reversed(audit.entries(invented_book))]

    assert done == [
        ("test", "account set"),
        ("ada", "sign-in refused"),
        ("ada", "signed in"),
        ("ada", "export"),
        ("ada", "token made"),
        ("ada", "signed out"),
    ]


def test_a_judgement_that_the_log_cannot_take_is_not_made(client: Client, demo: Ledger) -> None:
    desk = client(demo)
    claim = desk.get("/review.json").json()["claim"]
    with demo.write() as connection:
        refusal = "CREATE TRIGGER refuse BEFORE INSERT ON desk_log BEGIN SELECT RAISE(ABORT, 'the log is closed'); END"
        connection.execute(text(refusal))

    answer = desk.post(f"/reports/{claim['report'][:16]}/claims/{claim['id']}/reject.json", json={"why": "no event"})

    assert (answer.status_code, "the log is closed" in answer.text) == (503, True)
    assert desk.get("/review.json").json()["claim"] == claim
    assert desk.get(f"/reports/{claim['report'][:16]}.json").json()["judgements"] == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("one raid", "one raid"),
        (3, "3"),
        (["ML", "NE"], "ML, NE"),
        ({"status": {"slot": "planned"}, "place": None}, "status, place"),
        ({"type": "COUP", "mode": "attempt", "trigger": [0, 4], "place": None}, "COUP attempt"),
        ("7e13b416c850dc82" * 4, "7e13b416c850dc82…"),
        ("words of a reason that go on and on and on", "words of a reason that go on and on and on"),
    ],
)
def test_the_log_says_briefly_what_a_row_is_about(value: object, shown: str) -> None:
    assert words.briefly(value) == shown


def _acts(desk: TestClient) -> dict[str, tuple[str, dict[str, Any]]]:
    """For every action of the desk, by its path, an address and what to send so that it is done, in an order that makes sense."""
    queue = desk.get("/review.json").json()["claim"]
    here = f"/reports/{queue['report'][:16]}/claims"
    one, other = [row["id"] for row in desk.get("/now.json").json()["incidents"]][:2]
    claim = json.loads(desk.get(f"/incidents/{one}.jsonl").text.splitlines()[0])["id"]
    return {
        "/reports/{report}/claims/{claim}/accept": (f"{here}/{queue['id']}/accept", {}),
        "/reports/{report}/claims/{claim}/reject": (f"{here}/{queue['id']}/reject", {}),
        "/reports/{report}/claims/{claim}/correct": (
            f"{here}/{queue['id']}/correct", {"slot": "historical", "value": "yes"},
        ),
        "/reports/{report}/claims": (here, {"span": "0-4", "value": "COUP"}),
        "/review/undo": ("/review/undo", {}),
        "/incidents/{incident}/merge": (f"/incidents/{one}/merge", {"other": other}),
        "/incidents/{incident}/split": (f"/incidents/{one}/split", {"claim": [claim]}),
        "/undo": ("/undo", {}),
        "/second-coding": ("/second-coding", {"size": "1"}),
        "/searches": ("/searches", {"name": "Mali"}),
        "/account/tokens": ("/account/tokens", {"label": "nightly export"}),
    }  # fmt: skip


def _later(desk: TestClient, second: TestClient) -> dict[str, tuple[TestClient, str, dict[str, Any]]]:
    """The actions that need what the others have made."""
    sample = desk.get("/second-coding.json").json()["samples"][0]["page"]
    search = desk.get("/searches.json").json()["searches"][0]["page"]
    token = desk.get("/account.json").json()["tokens"][0]["key"]
    item = "/second-coding/{sample}/claims/{position}"
    return {
        f"{item}/correct": (second, f"{sample}/claims/1/correct", {"slot": "historical", "value": "yes"}),
        f"{item}/accept": (second, f"{sample}/claims/1/accept", {}),
        f"{item}/reject": (second, f"{sample}/claims/1/reject", {}),
        f"{item}/missed": (second, f"{sample}/claims/1/missed", {"span": "5-9", "value": "COUP"}),
        "/second-coding/{sample}/missed/{number}/withdraw": (second, f"{sample}/missed/1/withdraw", {}),
        "/searches/{search}/end": (desk, f"{search}/end", {}),
        "/account/tokens/revoke": (desk, "/account/tokens/revoke", {"key": token}),
    }


def test_every_action_of_the_desk_leaves_one_row_of_the_log(client: Client, demo_file: Path, tmp_path: Path) -> None:
    shutil.copy(demo_file, tmp_path / "demo.db")
    with pipeline.open_ledger(tmp_path / "demo.db") as book:
        for name in ("ada", "grace"):
            account(book, name, "admin")
        ada, grace = (sign_in(client(book, team=True), name, PASSWORD) for name in ("ada", "grace"))
        first = {path: (ada, *sent) for path, sent in _acts(ada).items()}
        left: dict[str, int] = {}
        for acts in (first, None):
            for path, (desk, address, sent) in (acts or _later(ada, grace)).items():
                before = audit.chain(book).rows
                answer = desk.post(f"{address}.json", json=sent)
                assert (path, answer.status_code) == (path, 200), answer.text
                left[path] = audit.chain(book).rows - before

    assert left == {action.path: 1 for action in pages.ACTIONS}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE desk_log SET who = 'nobody' WHERE number = 3", "row 3"),
        ("DELETE FROM desk_log WHERE number = 3", "row 3"),
        ("UPDATE desk_log SET about = '{}' WHERE number = 1", "row 1"),
        ("SELECT 1", "5 rows fit"),
    ],
)
def test_a_changed_log_is_found_by_the_doctor(invented_book: Ledger, change: str, said: str) -> None:
    for number in range(5):
        audit.note(invented_book, "ada", "export", {"number": number})
    with invented_book.write() as connection:
        connection.execute(text(change))

    check = next(check for check in health.ledger_checks(invented_book.name) if check.name == "audit log")

    assert said in check.said
    assert check.ok is ("fit" in said)


def test_secrets_of_forms_do_not_reach_the_log(client: Client, invented_book: Ledger) -> None:
    account(invented_book, "ada", "viewer")
    sign_in(client(invented_book, team=True), "ada", PASSWORD)

    logged = [dict(entry.about) for entry in audit.entries(invented_book)]

    assert PASSWORD not in str(logged)


def test_every_page_that_changes_something_needs_more_than_to_look(client: Client) -> None:
    own: set[Any] = {"/account/tokens", "/account/tokens/revoke", "/searches", "/searches/{search}/end"}

    assert [a.path for a in pages.ACTIONS if a.role == "viewer" and a.path not in own] == []

"""`sayso serve` and `sayso desk-user` as commands: what they print, whom they let in, what they refuse."""

from __future__ import annotations

import http.client
import re
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.ledger import invented
from typer.testing import CliRunner

from sayso.cli import app
from sayso.ledger import Writer, open_ledger
from sayso.ledger.team import accounts

RUN = CliRunner()
PASSWORD = {"SAYSO_DESK_PASSWORD": "long enough words"}


@pytest.fixture
def ledger(tmp_path: Path) -> str:
    path = tmp_path / "small.db"
    with open_ledger(path, create=True) as book:
        writer = Writer(book, "1")
        for report in invented.read_all(invented.reports(3)):
            writer.add(report)
    return str(path)


def test_a_desk_prints_an_address_that_lets_its_reader_in(ledger: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "sayso", "serve", ledger, "--port", "0"], stderr=subprocess.PIPE, text=True
    ) as desk:
        assert desk.stderr is not None
        printed = desk.stderr.readline()
        address = urlsplit(re.findall(r"http://\S+", printed)[0])
        with closing(http.client.HTTPConnection(address.netloc, timeout=30)) as connection:
            connection.request("GET", f"{address.path}?{address.query}")
            answer = connection.getresponse()
            answer.read()
        desk.terminate()
        left = desk.wait(60)

    assert ledger in printed
    assert left == 0
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert "HttpOnly" in str(answer.headers["set-cookie"])


def test_other_machines_are_only_served_with_accounts(ledger: str) -> None:
    said = RUN.invoke(app, ["serve", ledger, "--host", "0.0.0.0", "--port", "0"])

    assert said.exit_code == 2
    assert "make accounts first" in said.output


def test_a_port_in_use_is_said_with_what_to_do(ledger: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        said = RUN.invoke(app, ["serve", ledger, "--port", str(taken.getsockname()[1])])

    assert said.exit_code == 2
    assert "name another with --port" in said.output


def test_accounts_are_made_changed_and_closed(ledger: str) -> None:
    made = RUN.invoke(app, ["desk-user", "ada", "--role", "admin", "--ledger", ledger], env=PASSWORD)
    changed = RUN.invoke(app, ["desk-user", "ada", "--role", "viewer", "--ledger", ledger], env=PASSWORD)
    with open_ledger(ledger) as book:
        there = accounts.users(book)
    closed = RUN.invoke(app, ["desk-user", "ada", "--close", "--ledger", ledger])
    with open_ledger(ledger) as book:
        left = accounts.users(book)

    assert (made.exit_code, changed.exit_code, closed.exit_code) == (0, 0, 0)
    assert there == [accounts.User("ada", accounts.Role.VIEWER)]
    assert left == []


@pytest.mark.parametrize(
    ("options", "password", "said"),
    [
        (["ada", "--role", "king"], "long enough words", "is no role"),
        (["ada"], "short", "a password needs"),
        (["no name"], "long enough words", "is no name of an account"),
        (["ada", "--close"], "", "there is no open account"),
    ],
)
def test_what_makes_no_account_is_refused(ledger: str, options: list[str], password: str, said: str) -> None:
    refused = RUN.invoke(app, ["desk-user", *options, "--ledger", ledger], env={"SAYSO_DESK_PASSWORD": password})

    assert refused.exit_code == 2
    assert said in refused.output

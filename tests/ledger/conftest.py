"""Ledgers to test with: every test that asks for `where` or `book` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from sayso.ledger import Ledger, open_ledger  # noqa: E402

SERVER = ROOT / "tools" / "postgres_for_tests.sh"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a PostgreSQL of our own, started for these tests; a failure to start fails them."""
    with tempfile.TemporaryDirectory(prefix="sayso-postgres-", ignore_cleanup_errors=True) as folder:
        started = subprocess.run([SERVER, "start", folder], capture_output=True, text=True, check=False)
        if started.returncode != 0:
            pytest.fail(f"PostgreSQL did not start (apt-get install postgresql): {started.stderr}", pytrace=False)
        yield started.stdout.strip()
        subprocess.run([SERVER, "stop", folder], capture_output=True, check=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a ledger can be made: a new file, and a new database."""
    return (
        str(tmp_path / "sayso.db") if request.param == "sqlite" else fresh_database(request.getfixturevalue("postgres"))
    )


def fresh_database(address: str) -> str:
    """Address of an empty database on the server of `address`."""
    import psycopg

    name = f"ledger_{uuid.uuid4().hex}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return address.replace("/postgres?", f"/{name}?")


@pytest.fixture
def book(where: str) -> Iterator[Ledger]:
    """An empty ledger."""
    with open_ledger(where, create=True) as ledger:
        yield ledger

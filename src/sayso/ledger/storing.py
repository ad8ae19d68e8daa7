"""Rows into tables, in words that both databases understand. The transaction is the caller's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Insert, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.schema import Table

from sayso.ledger import schema, values, words
from sayso.ledger.naming import Names
from sayso.model import Claim, Report


class Place(NamedTuple):
    """Where claims belong: the reading and the report by their numbers, the key of the report, and from when on they are known."""

    reading: int
    report: int
    key: str
    known_from: str


def claims(
    connection: Connection,
    place: Place,
    report: Report,
    numbered: Iterable[tuple[int, Claim]],
    *,
    revised: bool = False,
) -> None:
    """Stores claims with their parties and the words of their sentences, each with its place in the order of the report.

    `report` is asked for its text and for who is named in it; `revised` claims are what people made of those that were read.
    """
    listed = list(numbered)
    common = {
        "reading": place.reading,
        "report": place.report,
        "known_from": place.known_from,
        "revised": revised,
    }
    many(
        connection,
        schema.claims,
        [values.claim_row(report, claim, place.key, index) | common for index, claim in listed],
    )
    columns = schema.claims.c
    standing = (columns.reading == place.reading) & columns.superseded_at.is_(None)
    numbers = dict(connection.execute(select(columns.id, columns.number).where(standing)).all())
    stored = [(numbers[claim.id], claim) for _, claim in listed]
    names = Names(report)
    parties = [party for number, claim in stored for party in values.party_rows(names, claim, number)]
    many(connection, schema.parties, parties)
    index(connection, schema.CLAIMS_TEXT, [(number, claim.sentence.of(report.text)) for number, claim in stored])
    unsettle(connection, (number for number, _ in stored))


def supersede(connection: Connection, such: ColumnElement[bool], now: str) -> list[int]:
    """Lets the standing claims that meet a condition stand no longer; gives their numbers."""
    columns = schema.claims.c
    standing = update(schema.claims).where(such, columns.superseded_at.is_(None)).values(superseded_at=now)
    gone = list(connection.execute(standing.returning(columns.number)).scalars())
    unsettle(connection, gone)
    return gone


def unsettle(connection: Connection, claims: Iterable[int]) -> None:
    """Notes that these claims came, went, changed or were judged: which incidents they belong to is to be worked out anew."""
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(schema.unsettled)
    again = statement.on_conflict_do_update(index_elements=["claim"], set_={"compared": False})
    rows = [
        {"claim": claim, "compared": False} for claim in sorted(claims)
    ]  # in one order, so that no two writers cross
    if rows:
        connection.execute(again, rows)


def many(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Adds rows, if there are any."""
    if rows:
        connection.execute(insert(table), rows)


def once(connection: Connection, table: Table, row: dict[str, Any]) -> Insert:
    """An insert that does nothing where the row is there; both databases say it in the same words."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).values(row).on_conflict_do_nothing()
    return sqlite.insert(table).values(row).on_conflict_do_nothing()


def index(connection: Connection, table: str, texts: list[tuple[int, str]]) -> None:
    """Makes texts findable under their numbers."""
    if not texts:
        return
    if connection.dialect.name == "postgresql":
        statement = f"INSERT INTO {table} (number, words) VALUES (:number, CAST(:words AS tsvector))"  # noqa: S608
        rows = [{"number": number, "words": words.tsvector(words.searchable(said))} for number, said in texts]
    else:
        statement = f"INSERT INTO {table} (rowid, words) VALUES (:number, :words)"  # noqa: S608
        rows = [{"number": number, "words": " ".join(words.searchable(said))} for number, said in texts]
    connection.execute(text(statement), rows)

"""Putting into a ledger: one transaction a report, and nothing changes when the same thing comes twice."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from sayso.ledger import origins, schema, storing, values
from sayso.ledger.connect import Ledger
from sayso.ledger.judgements import revising
from sayso.ledger.origins import Copies
from sayso.model import Report


def utc_now() -> dt.datetime:
    """The moment at which something becomes known to the ledger."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is stored beside a report.

    The issues it had before it was read (those of the report itself where None), and the bytes it came from.
    """

    issues: tuple[str, ...] | None = None
    raw: bytes | None = None


class Writer:
    """Writes what one version of the reader reads. Methods raise `LedgerError`.

    `copies` tells which reports were printed from one text; without it, each stays by itself until a writer comes that can tell.
    `now` gives the moments that `--as-of` goes by.
    """

    def __init__(
        self,
        ledger: Ledger,
        version: str,
        *,
        copies: Copies | None = None,
        now: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        self.ledger = ledger
        self.version = version
        self.copies = copies
        self.now = now

    def holds(self, report: Report) -> bool:
        """Whether a report of the same text and outlet is stored, so that it need not be read."""
        with self.ledger.read() as connection:
            found = connection.execute(
                select(schema.reports.c.number).where(schema.reports.c.key == values.report_key(report))
            )
            return found.first() is not None

    def published(self, report: Report) -> dt.date | None:
        """The day of publication that the report of the same text and outlet is stored with."""
        columns = schema.reports.c
        wanted = select(columns.published).where(columns.key == values.report_key(report))
        with self.ledger.read() as connection:
            day = connection.execute(wanted).scalar()
        return dt.date.fromisoformat(day) if day else None

    def add(self, report: Report, kept: Kept | None = None) -> bool:
        """Stores a report with what was read in it; False, and nothing done, where it is there already.

        Raises `InputError` for a report that no database can hold.
        """
        kept = kept or Kept()
        key = values.report_key(report)
        row = values.report_row(report, key)
        if kept.issues is not None:
            row["issues"] = values.issues_json(kept.issues)
        signed = self.copies.sign(report) if self.copies else None
        with self.ledger.write() as connection:
            row["known_from"] = values.moment(self.now())
            row["raw"] = _keep_raw(connection, kept.raw) if kept.raw is not None else None
            number = connection.execute(
                storing.once(connection, schema.reports, row).returning(schema.reports.c.number)
            ).scalar()
            if number is None:
                return False
            origins.place(connection, number, key)
            storing.index(connection, schema.REPORTS_TEXT, [(number, f"{report.title or ''}\n{report.text}")])
            self._reading(connection, number, key, report, row["known_from"])
            if self.copies and signed:
                origins.sign(connection, number, report, signed, self.copies)
        return True

    def reread(self, number: int, report: Report) -> bool:
        """Puts a new reading of the report that is stored as `number` in the place of the current one, which stays as superseded.

        What people judged of its claims is applied to the new ones (`sayso.ledger.judgements.revising`).
        False, and nothing done, where the current one is by this version already. Raises `InputError` as `add` does.
        """
        with self.ledger.write() as connection:
            now = values.moment(self.now())
            current = (schema.readings.c.report == number) & schema.readings.c.superseded_at.is_(None)
            older = (
                update(schema.readings)
                .where(current, schema.readings.c.version != self.version)
                .values(superseded_at=now)
            )
            if connection.execute(older).rowcount == 0:
                return False
            storing.supersede(connection, schema.claims.c.report == number, now)
            key = values.report_key(report)
            self._reading(connection, number, key, report, now)
            revising.revise(connection, key, now)
        return True

    def fail(self, source: str, message: str) -> None:
        """Notes that a source gave no report; once, however often it is tried."""
        source, message = source.replace("\0", "\\0"), message.replace("\0", "\\0")
        digest = hashlib.sha256(f"{source}\n{message}".encode("utf-8", "backslashreplace")).hexdigest()
        row = {
            "id": digest,
            "source": _storable(source),
            "message": _storable(message),
            "first_seen": values.moment(self.now()),
        }
        with self.ledger.write() as connection:
            connection.execute(storing.once(connection, schema.failures, row))

    def _reading(self, connection: Connection, number: int, key: str, report: Report, now: str) -> None:
        """Stores one reading: its claims, their parties and words, its mentions and attributions."""
        row = {
            "report": number,
            "version": self.version,
            "issues": values.issues_json(report.issues),
            "known_from": now,
        }
        reading = connection.execute(insert(schema.readings).returning(schema.readings.c.number), row).scalar_one()
        storing.claims(connection, storing.Place(reading, number, key, now), report, enumerate(report.claims))
        storing.many(connection, schema.mentions, values.mention_rows(report, reading))
        storing.many(connection, schema.attributions, values.attribution_rows(report, reading))


def _keep_raw(connection: Connection, content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    connection.execute(storing.once(connection, schema.raw, {"digest": digest, "content": content}))
    return digest


def _storable(said: str) -> str:
    """A name of a file as text: bytes that are no UTF-8 are written out."""
    return said.encode("utf-8", "backslashreplace").decode()

"""Blind second coding: others judge claims that one person has judged, without seeing what that person made of them.

A sample keeps each claim as it was read and as the first coder left it. What others make of it stays in the sample: it measures how
far people agree and changes no claim of the ledger.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, insert, select, update

from sayso.errors import ConfigError
from sayso.ledger import conditions, filters, query, schema, storing, values
from sayso.ledger.connect import Ledger
from sayso.ledger.judgements import agreement, revising, slots
from sayso.ledger.judgements.revising import Stand
from sayso.ledger.judgements.slots import Correction, Resolve
from sayso.ledger.team import audit
from sayso.ledger.writer import utc_now
from sayso.model import Claim, Report

MOST = 2_000  # claims of one sample
LEAST = 1


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample of judged claims: how many it has, and how many each second coder has done."""

    id: str
    asked: Mapping[str, list[str]]
    made_by: str
    made_at: str
    size: int
    done: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Item:
    """One claim of a sample as a second coder has it so far: `claim` is as it was read until the coder changes it."""

    sample: str
    position: int
    coder: str
    report: Report
    claim: Claim


# --- drawing ---


def draw(ledger: Ledger, size: int, *, by: str, asked: Mapping[str, list[str]] | None = None) -> Sample:
    """Draws up to `size` claims that people have judged and that meet the filters; which ones, no one can choose.

    Raises `ConfigError` where nothing that was judged meets them.
    """
    if not LEAST <= size <= MOST:
        raise ConfigError(f"a sample has from {LEAST} to {MOST:,} claims, not {size:,}")
    wanted = filters.wanted(asked or {})
    moment = values.moment(utc_now())
    sample = hashlib.sha256(f"{by} {moment}".encode()).hexdigest()[:12]
    with ledger.write() as connection:
        found = list(_judged(connection, wanted, on_sqlite=ledger.on_sqlite))
        if not found:
            raise ConfigError("nobody has judged a claim that meets these filters; review some first")
        found.sort(key=lambda row: hashlib.sha256(f"{sample} {row['report']} {row['claim']}".encode()).digest())
        kept = json.dumps(dict(asked or {}), ensure_ascii=False)
        connection.execute(insert(schema.samples), {"id": sample, "asked": kept, "made_by": by, "made_at": moment})
        rows = [row | {"sample": sample, "position": number} for number, row in enumerate(found[:size], 1)]
        storing.many(connection, schema.sampled, rows)
        audit.note_within(
            connection, by, "sample drawn", {"sample": sample, "size": len(rows), **(asked or {})}, at=moment
        )
    return Sample(sample, dict(asked or {}), by, moment, len(rows), {})


def _judged(connection: Connection, wanted: filters.Wanted, *, on_sqlite: bool) -> Iterator[dict[str, str | None]]:
    """Judged claims that were read and not added; the filters are held against the claim as it was read."""
    such = conditions.as_read(wanted, on_sqlite=on_sqlite)
    keys = select(schema.reports.c.key).join(schema.reviewed, schema.reviewed.c.report == schema.reports.c.number)
    for key in connection.execute(keys.distinct().order_by(schema.reports.c.key)).scalars().all():
        there = revising.stand(connection, key)
        if there is not None:
            columns = schema.claims.c
            fitting = set(
                connection.execute(select(columns.id).where(columns.reading == there.reading, such)).scalars()
            )
            yield from (row for row in _items(there) if row["claim"] in fitting)


def _items(there: Stand) -> Iterator[dict[str, str | None]]:
    last = {decision.claim: decision for decision in there.decisions if decision.claim}
    stands = {claim.id: claim for claim in there.report.claims}
    for _, claim in there.read:
        if claim.id in last:
            first = stands.get(claim.id)
            yield {
                "report": there.key,
                "claim": claim.id,
                "read": slots.dumps(slots.whole(claim)),
                "first": slots.dumps(slots.whole(first)) if first else None,
                "first_by": last[claim.id].by,
            }


def samples(ledger: Ledger) -> list[Sample]:
    """All samples, the newest first."""
    counted = select(schema.sampled.c.sample, func.count()).group_by(schema.sampled.c.sample)
    coded = schema.codings.c
    done = (
        select(coded.sample, coded.coder, func.count()).where(coded.done.is_(True)).group_by(coded.sample, coded.coder)
    )
    with ledger.read() as connection:
        sizes: dict[str, int] = dict(connection.execute(counted).all())
        by_sample: dict[str, dict[str, int]] = {}
        for sample, coder, number in connection.execute(done):
            by_sample.setdefault(sample, {})[coder] = number
        rows = connection.execute(
            select(schema.samples).order_by(schema.samples.c.made_at.desc(), schema.samples.c.id)
        ).mappings().all()  # fmt: skip
    return [
        Sample(
            row["id"], json.loads(row["asked"]), row["made_by"], row["made_at"], sizes.get(row["id"], 0),
            by_sample.get(row["id"], {}),
        )
        for row in rows
    ]  # fmt: skip


def sample(ledger: Ledger, id: str) -> Sample:  # noqa: A002
    """The sample of that id. Raises `ConfigError` where there is none."""
    found = next((one for one in samples(ledger) if one.id == id), None)
    if found is None:
        raise ConfigError(f"there is no sample {id!r}")
    return found


# --- coding ---


def following(ledger: Ledger, id: str, *, coder: str) -> Item | None:  # noqa: A002
    """The next claim that this coder has not done, None when all are. What the coder judged first is never asked again."""
    asked, coded = schema.sampled.c, schema.codings.c
    done = select(coded.position).where(coded.sample == id, coded.coder == coder, coded.done.is_(True))
    wanted = select(asked.position).where(asked.sample == id, asked.first_by != coder, asked.position.not_in(done))
    with ledger.read() as connection:
        position = connection.execute(wanted.order_by(asked.position).limit(1)).scalar()
    return None if position is None else item(ledger, id, position, coder=coder)


def item(ledger: Ledger, id: str, position: int, *, coder: str) -> Item:  # noqa: A002
    """One claim of a sample as this coder has it. Raises `ConfigError` where there is none, and for one's own first coding."""
    with ledger.read() as connection:
        row = _sampled(connection, id, position)
        if row["first_by"] == coder:
            raise ConfigError("this claim was judged by you first; somebody else codes it a second time")
        report = _report(connection, row["report"])
        coded = connection.execute(_coding(id, position, coder)).mappings().first()
    said = coded["value"] if coded and coded["value"] else row["read"]
    return Item(id, position, coder, report, slots.from_whole(json.loads(said)))


def correct(ledger: Ledger, item: Item, corrections: Mapping[str, Correction], *, resolve: Resolve) -> Item:
    """Changes slots of a claim for this coder alone. Raises `ConfigError` as `review.Reviewer.correct` does."""
    claim = item.claim
    for field in slots.ordered(corrections):
        claim, _ = slots.corrected(item.report, claim, field, corrections[field], resolve)
    _keep(ledger, item, slots.dumps(slots.whole(claim)), done=False)
    return replace(item, claim=claim)


def finish(ledger: Ledger, item: Item, *, kept: bool) -> None:
    """Ends the coding of a claim: kept as it now is for this coder, or rejected."""
    _keep(ledger, item, slots.dumps(slots.whole(item.claim)) if kept else None, done=True)


def _keep(ledger: Ledger, item: Item, value: str | None, *, done: bool) -> None:
    moment = values.moment(utc_now())
    row = {"value": value, "done": done, "made_at": moment}
    key = {"sample": item.sample, "position": item.position, "coder": item.coder}
    coded = schema.codings.c
    with ledger.write() as connection:
        changed = update(schema.codings).where(*(coded[name] == said for name, said in key.items())).values(row)
        if connection.execute(changed).rowcount == 0:
            connection.execute(insert(schema.codings), key | row)
        about = {"sample": item.sample, "position": item.position, "coded": json.loads(value) if value else "rejected"}
        audit.note_within(connection, item.coder, "claim coded" if done else "coding corrected", about, at=moment)


def _coding(id: str, position: int, coder: str) -> Select[Any]:  # noqa: A002
    coded = schema.codings.c
    return select(schema.codings).where(coded.sample == id, coded.position == position, coded.coder == coder)


def _sampled(connection: Connection, id: str, position: int) -> RowMapping:  # noqa: A002
    asked = schema.sampled.c
    wanted = select(schema.sampled).where(asked.sample == id, asked.position == position)
    row = connection.execute(wanted).mappings().first()
    if row is None:
        raise ConfigError(f"sample {id!r} has no claim {position}")
    return row


def _report(connection: Connection, key: str) -> Report:
    """The report without its claims: what others made of them is not for second coders."""
    there = revising.stand(connection, key)
    if there is None:
        raise ConfigError(f"the ledger has no report with the key {key!r}")
    return replace(there.report, claims=())


# --- comparing ---


@dataclass(frozen=True, slots=True)
class Coded:
    """One claim of a sample as everybody coded it who is done with it: the first coder, then the others by name."""

    position: int
    report: Report
    claim: str
    coders: Mapping[str, Claim | None]


def coded(ledger: Ledger, id: str) -> list[Coded]:  # noqa: A002
    """Every claim of a sample that somebody besides the first coder is done with."""
    asked, others = schema.sampled.c, schema.codings.c
    rows = (
        select(schema.sampled, others.coder, others.value)
        .join(schema.codings, (others.sample == asked.sample) & (others.position == asked.position))
        .where(asked.sample == id, others.done.is_(True))
        .order_by(asked.position, others.coder)
    )
    with ledger.read() as connection:
        found: dict[int, Coded] = {}
        reports = schema.reports.c
        for row in connection.execute(rows).mappings().all():
            if row["position"] not in found:
                text = query.rows_of(connection, schema.reports, reports.key, [row["report"]])[0]
                coders = {f"{row['first_by']} (first)": _claim(row["first"])}
                found[row["position"]] = Coded(row["position"], values.report(text), row["claim"], coders)
            one = found[row["position"]]
            found[row["position"]] = replace(one, coders={**one.coders, row["coder"]: _claim(row["value"])})
    return list(found.values())


def _claim(said: str | None) -> Claim | None:
    return slots.from_whole(json.loads(said)) if said else None


def agreed(ledger: Ledger, id: str) -> tuple[agreement.Agreement, ...]:  # noqa: A002
    """How far the coders of a sample agree, field by field."""
    return agreement.on_claims([list(one.coders.values()) for one in coded(ledger, id)])


def table(ledger: Ledger, id: str) -> Iterator[dict[str, object]]:  # noqa: A002
    """The raw table: a row for each claim and coder."""
    for one in coded(ledger, id):
        for coder, claim in one.coders.items():
            row = {"sample": id, "position": one.position, "report": one.report.id, "claim": one.claim, "coder": coder}
            yield row | agreement.said(claim, one.report.text)

"""Blind second coding: others judge claims that one person has judged, without seeing what that person made of them.

A sample keeps each claim as it was read and as the first coder left it, and what that coder added to its reports. What others make
of it, and what they add, stays in the sample: it measures how far people agree and changes no claim of the ledger.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, func, insert, select, update

from sayso.errors import ConfigError
from sayso.ledger import conditions, filters, query, schema, storing, values
from sayso.ledger.connect import Ledger
from sayso.ledger.judgements import agreement, review, revising, slots
from sayso.ledger.judgements.revising import Kind, Stand
from sayso.ledger.judgements.slots import Correction, Resolve
from sayso.ledger.team import audit
from sayso.ledger.writer import utc_now
from sayso.model import Claim, Report, Span

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
        _keep_added(connection, sample, sorted({str(row["report"]) for row in rows}), moment)
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


def _keep_added(connection: Connection, sample: str, keys: list[str], moment: str) -> None:
    """Keeps what people have added to the reports of a sample, as it stands."""
    for key in keys:
        there = revising.stand(connection, key)
        assert there is not None  # it was drawn from
        by = {decision.claim: decision.by for decision in there.decisions if decision.kind is Kind.ADD}
        known = {"sample": sample, "report": key, "first": True, "made_at": moment}
        added = [claim for claim in there.report.claims if claim.id in by and not _known(claim, there)]
        rows = [known | {"coder": by[claim.id], "value": slots.dumps(slots.whole(claim))} for claim in added]
        storing.many(connection, schema.missed, rows)


def _known(claim: Claim, there: Stand) -> bool:
    """Whether the reader has found a claim by now."""
    return any(_alike(claim, one) for _, one in there.read)


def _alike(one: Claim, other: Claim) -> bool:
    return one.type == other.type and one.trigger.overlaps(other.trigger)


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


@dataclass(frozen=True, slots=True)
class Added:
    """A claim that a coder added to a report of a sample; `number` takes it out again."""

    number: int
    claim: Claim


def add(ledger: Ledger, item: Item, trigger: Span, corrections: Mapping[str, Correction], *, resolve: Resolve) -> Added:
    """Adds a claim that the reader missed in the report of an item, for this coder alone, as `review.Reviewer.add` does.

    Raises `ConfigError` for what the reader found: it is asked by itself if it is in the sample, whatever people made of it.
    """
    key = values.report_key(item.report)
    claim = review.drafted(key, item.report, trigger, corrections, resolve)
    moment, value = values.moment(utc_now()), slots.whole(claim)
    with ledger.write() as connection:
        there = revising.stand(connection, key)
        own = [one.claim for one in _added(connection, item)]
        if there is None or _known(claim, there) or any(_alike(claim, one) for one in own):
            raise ConfigError(f"a claim of type {claim.type} on these words is known already; add what was missed")
        row = {"sample": item.sample, "report": key, "coder": item.coder, "first": False, "made_at": moment}
        stored = insert(schema.missed).values(row | {"value": slots.dumps(value)}).returning(schema.missed.c.number)
        number = connection.execute(stored).scalar_one()
        about = {"sample": item.sample, "report": key, "added": value}
        audit.note_within(connection, item.coder, "missed claim added", about, at=moment)
    return Added(number, claim)


def withdraw(ledger: Ledger, id: str, number: int, *, coder: str) -> None:  # noqa: A002
    """Takes out a claim that this coder added to a sample. Raises `ConfigError` where there is none."""
    kept = schema.missed.c
    with ledger.write() as connection:
        mine = (kept.sample == id) & (kept.number == number) & (kept.coder == coder) & kept.first.is_(False)
        gone = connection.execute(delete(schema.missed).where(mine).returning(kept.report, kept.value)).first()
        if gone is None:
            raise ConfigError("you have added no such claim to this sample, or have taken it out already")
        about = {"sample": id, "report": gone.report, "added": json.loads(gone.value)}
        audit.note_within(connection, coder, "missed claim withdrawn", about, at=values.moment(utc_now()))


def added(ledger: Ledger, item: Item) -> list[Added]:
    """What this coder has added to the report of an item, in the order of the text."""
    with ledger.read() as connection:
        found = _added(connection, item)
    return sorted(found, key=lambda one: (one.claim.trigger, one.number))


def _added(connection: Connection, item: Item) -> list[Added]:
    kept = schema.missed.c
    wanted = select(kept.number, kept.value).where(
        kept.sample == item.sample,
        kept.report == values.report_key(item.report),
        kept.coder == item.coder,
        kept.first.is_(False),
    )
    return [Added(number, slots.from_whole(json.loads(value))) for number, value in connection.execute(wanted)]


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
    """One claim of a sample as everybody coded it who is done with it: the first coder, then the others by name.

    `position` is None where the reader missed it and some of them added it; who did not has None.
    """

    position: int | None
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
                coders = {_first(row["first_by"]): _claim(row["first"])}
                found[row["position"]] = Coded(row["position"], values.report(text), row["claim"], coders)
            one = found[row["position"]]
            found[row["position"]] = replace(one, coders={**one.coders, row["coder"]: _claim(row["value"])})
    return list(found.values())


def missed(ledger: Ledger, id: str) -> list[Coded]:  # noqa: A002
    """What the reader missed in the reports of a sample, as the first coder added it or not, and each who is done with a report."""
    kept = schema.missed.c
    with ledger.read() as connection:
        done = _done(connection, id)
        wanted = select(schema.missed).where(kept.sample == id).order_by(kept.report, kept.number)
        rows = connection.execute(wanted).mappings().all()
        found: list[Coded] = []
        for key, listed in groupby(rows, key=lambda row: str(row["report"])):
            first_by, others = done.get(key, ("", ()))
            added = _by_coder(list(listed), first_by, others)
            if len(added) > 1:
                text = values.report(query.rows_of(connection, schema.reports, schema.reports.c.key, [key])[0])
                found += [Coded(None, text, _id_of(event), event) for event in agreement.events(added)]
    return found


def _by_coder(rows: list[RowMapping], first_by: str, others: tuple[str, ...]) -> dict[str, list[Claim]]:
    """What each coder of a report added, the first before the others; who added then is not compared with himself."""
    firsts = [row["coder"] for row in rows if row["first"]] or [first_by]
    first = _first(firsts[0])
    found: dict[str, list[Claim]] = {first: [], **{coder: [] for coder in others if coder not in firsts}}
    for row in rows:
        found.get(first if row["first"] else row["coder"], []).append(slots.from_whole(json.loads(row["value"])))
    return found


def _done(connection: Connection, id: str) -> dict[str, tuple[str, tuple[str, ...]]]:  # noqa: A002
    """For each report of a sample who judged it first, and who else is done with every claim of it that the sample asks for."""
    asked, coded = schema.sampled.c, schema.codings.c
    items = connection.execute(
        select(asked.report, asked.position, asked.first_by).where(asked.sample == id).order_by(asked.position)
    ).all()
    finished = select(coded.coder, coded.position).where(coded.sample == id, coded.done.is_(True))
    by_coder: dict[str, set[int]] = {}
    for coder, position in connection.execute(finished):
        by_coder.setdefault(coder, set()).add(position)
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for key in dict.fromkeys(item.report for item in items):
        of = [item for item in items if item.report == key]
        others = tuple(
            coder
            for coder, done in sorted(by_coder.items())
            if (left := {item.position for item in of if item.first_by != coder}) and left <= done
        )
        found[key] = (of[0].first_by, others)
    return found


def _first(coder: str) -> str:
    return f"{coder} (first)"


def _id_of(event: Mapping[str, Claim | None]) -> str:
    return next(claim.id for claim in event.values() if claim is not None)


def _claim(said: str | None) -> Claim | None:
    return slots.from_whole(json.loads(said)) if said else None


def agreed(ledger: Ledger, id: str) -> tuple[agreement.Agreement, ...]:  # noqa: A002
    """How far the coders of a sample agree, field by field."""
    units, others = ([list(one.coders.values()) for one in kind(ledger, id)] for kind in (coded, missed))
    return agreement.on_claims(units, others)


def table(ledger: Ledger, id: str) -> Iterator[dict[str, object]]:  # noqa: A002
    """The raw table: a row for each claim and coder, at the end those that the reader missed, which have no position."""
    for one in (*coded(ledger, id), *missed(ledger, id)):
        for coder, claim in one.coders.items():
            row: dict[str, object] = {
                "sample": id,
                "position": one.position or "",
                "report": one.report.id,
                "claim": one.claim,
                "coder": coder,
            }
            yield row | agreement.said(claim, one.report.text)

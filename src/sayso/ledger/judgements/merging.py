"""Merging and splitting incidents, and taking it back: what people do to incidents, as judgements about their claims.

Each act and its row in the audit log are one transaction, whether it came from the desk, a command or a program. `by` is who
judges; `who` stands in the audit log, where that is somebody else: the user of the machine, who judges in another's name.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update

from sayso.errors import ConfigError
from sayso.ledger import query, schema, values
from sayso.ledger.connect import Ledger
from sayso.ledger.grouping import settling
from sayso.ledger.grouping.rules import needed
from sayso.ledger.judgements import judging
from sayso.ledger.judgements.judging import BETWEEN, DIFFERENT, SAME, Anchor
from sayso.ledger.team import audit
from sayso.ledger.writer import utc_now

Clock = Callable[[], dt.datetime]


@dataclass(frozen=True, slots=True)
class Done:
    """What one act came to: its `batch`, and the ids of the incidents that it changed, where they stand now."""

    batch: str
    incidents: tuple[str, ...]


def merge(  # noqa: PLR0913 - which, by whom, why, and when
    ledger: Ledger,
    a: str,
    b: str,
    *,
    by: str,
    why: str | None = None,
    who: str | None = None,
    now: Clock = utc_now,
) -> Done:
    """Judges that two incidents are one: each claim of either is the same as the first of `a`.

    Raises `ConfigError` where one of them is none, or both are one already.
    """

    def judged(connection: Connection) -> list[tuple[str, int, int]]:
        one, other = (_claims(connection, name) for name in (a, b))
        if one == other:
            raise ConfigError(f"{a} and {b} are one incident already; `sayso incident {a}` shows it")
        return _together([*one, *other])

    return _act(ledger, judged, _Deed("incidents merged", {"incident": a, "other": b}, by, why, who), now)


def split(  # noqa: PLR0913 - which, by whom, why, and when
    ledger: Ledger,
    id: str,  # noqa: A002
    claims: Sequence[str],
    *,
    by: str,
    why: str | None = None,
    who: str | None = None,
    now: Clock = utc_now,
) -> Done:
    """Judges that these claims (by their ids) of an incident tell of another one, and the rest of it of one.

    Raises `ConfigError` where a claim is not of that incident, or none would be left in it.
    """

    def judged(connection: Connection) -> list[tuple[str, int, int]]:
        numbers = _claims(connection, id)
        told = query.tellings(connection, numbers)
        leaving = [number for number, telling in told.items() if telling.claim.id in set(claims)]
        strange = set(claims) - {telling.claim.id for telling in told.values()}
        if strange:
            raise ConfigError(
                f"{id} has no claim {', '.join(sorted(strange))}; `sayso incident {id} --json` lists those it has"
            )
        staying = [number for number in told if number not in leaving]
        if not leaving or not staying:
            raise ConfigError(f"name some claims of {id}, and leave it some; `sayso incident {id} --json` lists them")
        return [*_together(leaving), *_together(staying), (DIFFERENT, staying[0], leaving[0])]

    return _act(ledger, judged, _Deed("incident split", {"incident": id, "claims": list(claims)}, by, why, who), now)


def judge(  # noqa: PLR0913 - a judgement is about two claims, by whom, why, and when
    ledger: Ledger, kind: str, one: int, other: int, *, by: str, why: str | None = None, now: Clock = utc_now
) -> Done:
    """Judges two claims by their numbers: same, different, or unsure, which changes nothing but is kept."""
    if kind not in BETWEEN or one == other:
        raise ConfigError(f"two claims are {', '.join(BETWEEN)}; {kind!r} of {one} and {other} is no judgement")
    return _act(ledger, lambda _: [(kind, one, other)], _Deed("claims compared", {"judged": kind}, by, why), now)


def undo(ledger: Ledger, *, by: str, who: str | None = None, now: Clock = utc_now) -> Done:
    """Takes back the last merge, split or judgement between claims of `by` that still holds. Incidents get back the ids they had.

    Raises `ConfigError` where there is none.
    """
    rules = needed(ledger.rules)
    settling.settle(ledger, now=now)
    columns = schema.judgements.c
    with ledger.write() as connection:
        settling.lock(connection)
        moment = values.moment(now())
        last = connection.execute(_holding().where(columns.by == by).order_by(columns.number.desc()).limit(1)).first()
        if last is None:
            raise ConfigError(f"{by} judged nothing that still holds; there is nothing to undo")
        meant = judging.ties(connection).judged
        revoked = update(schema.judgements).where(columns.batch == last.batch, columns.revoked_at.is_(None))
        connection.execute(revoked.values(revoked_at=moment, revoked_by=by))
        changed = settling.regroup(connection, rules, set(meant), moment, before=last.made_at)
        _Deed("incidents undone", {}, by, None, who).note(connection, last.batch, moment)
        return Done(last.batch, tuple(changed))


def _holding() -> Select[Any]:
    columns = schema.judgements.c
    return select(columns.batch, columns.made_at).where(columns.kind.in_(BETWEEN), columns.revoked_at.is_(None))


@dataclass(frozen=True, slots=True)
class _Deed:
    """What is done, as the audit log has it: by whom and why, and `who` did it in the name of `by`."""

    what: str
    about: Mapping[str, Any]
    by: str
    why: str | None
    who: str | None = None

    def note(self, connection: Connection, batch: str, at: str) -> None:
        """Adds the row of the audit log; the last thing that a transaction does."""
        who = self.who or self.by
        about = {**self.about, "batch": batch, "by": self.by if who != self.by else None, "why": self.why}
        audit.note_within(connection, who, self.what, about, at=at)


def _act(ledger: Ledger, judged: Callable[[Connection], list[tuple[str, int, int]]], deed: _Deed, now: Clock) -> Done:
    """Appends what `judged` gives as one batch, and works out the incidents that follow from it."""
    rules = needed(ledger.rules)
    settling.settle(ledger, now=now)
    with ledger.write() as connection:
        settling.lock(connection)
        moment, batch = values.moment(now()), uuid.uuid4().hex
        listed = judged(connection)
        concerned = {number for _, one, other in listed for number in (one, other)}
        anchors = judging.anchors(connection, sorted(concerned))
        common = {"batch": batch, "by": deed.by, "why": deed.why, "made_at": moment}
        rows = list(_rows(listed, anchors, common))
        connection.execute(insert(schema.judgements), rows)
        changed = settling.regroup(connection, rules, concerned, moment)
        deed.note(connection, batch, moment)
        return Done(batch, tuple(changed))


def _rows(
    listed: Iterable[tuple[str, int, int]], anchors: dict[int, Anchor], common: dict[str, Any]
) -> Iterable[dict[str, Any]]:
    for kind, one, other in listed:
        if one not in anchors or other not in anchors:
            raise ConfigError("one of the claims is not in this ledger")
        yield judging.row(kind, anchors[one], anchors[other]) | common


def _together(claims: Sequence[int]) -> list[tuple[str, int, int]]:
    return [(SAME, claims[0], other) for other in claims[1:]]


def _claims(connection: Connection, id: str) -> list[int]:  # noqa: A002
    """The claims of an incident, or of the one it was merged into, in the order of all."""
    incidents, members = schema.incidents.c, schema.memberships.c
    row = connection.execute(select(incidents.number, incidents.successor).where(incidents.id == id)).first()
    while row is not None and row.successor is not None:
        row = connection.execute(
            select(incidents.number, incidents.successor).where(incidents.number == row.successor)
        ).first()
    found = [] if row is None else connection.execute(
        select(members.claim).where(members.incident == row.number, members.superseded_at.is_(None))
    ).scalars().all()  # fmt: skip
    if not found:
        raise ConfigError(f"there is no incident {id!r} to judge; `sayso incidents` lists those there are")
    return list(query.tellings(connection, found))

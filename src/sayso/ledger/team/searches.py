"""Saved searches: filters under a name, that tell of incidents that are new, changed or contradicted.

A search has a feed, made from `news`, and perhaps an address that is told. What is to be told is noted first (`note_due`) and
sent by somebody else (`sayso.notices`), so that nothing is lost where an address does not answer, and no page waits for one.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import RowMapping, insert, select, update

from sayso import summary
from sayso.errors import ConfigError
from sayso.ledger import filters, incidents, schema, storing, values
from sayso.ledger.connect import Ledger
from sayso.ledger.team import audit
from sayso.ledger.writer import utc_now
from sayso.model import Incident

LONGEST_NAME = 120
_AT_ONCE = 50
AT_MOST = 500  # incidents told of in one go; the others follow the next time


class News(StrEnum):
    """What became of an incident."""

    NEW = "new"
    CHANGED = "changed"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class Search:
    """Filters that somebody saved. `feed_key` opens its feed; `webhook` is told, signed with `secret`."""

    id: str
    name: str
    asked: Mapping[str, list[str]]
    owner: str
    made_at: str
    feed_key: str
    webhook: str | None
    secret: str | None

    @property
    def wanted(self) -> filters.Wanted:
        """Its filters, checked."""
        return filters.wanted(self.asked)


@dataclass(frozen=True, slots=True)
class Item:
    """An incident of a search with what became of it, in words."""

    incident: Incident
    news: News
    title: str
    said: str


def save(
    ledger: Ledger, name: str, asked: Mapping[str, Sequence[str]], *, owner: str, webhook: str | None = None
) -> Search:
    """Saves filters under a name. Raises `ConfigError` for filters that there are not, and for one that names a moment."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise ConfigError(f"a search needs a name of up to {LONGEST_NAME} characters")
    if "as_of" in asked:
        raise ConfigError("a search that is told of news cannot be as of a moment; take that filter out")
    kept = {key: [str(one) for one in given] for key, given in asked.items() if given}
    filters.wanted(kept)
    search = Search(
        secrets.token_hex(6),
        name,
        kept,
        owner,
        values.moment(utc_now()),
        secrets.token_urlsafe(24),
        webhook,
        secrets.token_hex(32) if webhook else None,
    )
    row = {"told_until": search.made_at, "asked": json.dumps(kept, ensure_ascii=False)}
    plain = ("id", "name", "owner", "made_at", "feed_key", "webhook", "secret")
    with ledger.write() as connection:
        connection.execute(insert(schema.searches), row | {field: getattr(search, field) for field in plain})
        about = {"search": search.id, "name": name, "webhook": webhook, **kept}
        audit.note_within(connection, owner, "search saved", about, at=search.made_at)
    return search


def saved(ledger: Ledger) -> list[Search]:
    """All searches that have not ended, by name."""
    table = schema.searches.c
    wanted = select(schema.searches).where(table.ended_at.is_(None)).order_by(table.name, table.id)
    with ledger.read() as connection:
        return [_search(row) for row in connection.execute(wanted).mappings()]


def search(ledger: Ledger, id: str) -> Search:  # noqa: A002
    """The search of that id. Raises `ConfigError` where there is none, or no longer."""
    table = schema.searches.c
    with ledger.read() as connection:
        wanted = select(schema.searches).where(table.id == id, table.ended_at.is_(None))
        row = connection.execute(wanted).mappings().first()
    if row is None:
        raise ConfigError(f"there is no saved search {id!r}")
    return _search(row)


def end(ledger: Ledger, id: str, *, by: str) -> None:  # noqa: A002
    """Ends a search: its feed and its messages stop; it stays on record."""
    table, moment = schema.searches.c, values.moment(utc_now())
    with ledger.write() as connection:
        connection.execute(
            update(schema.searches).where(table.id == id, table.ended_at.is_(None)).values(ended_at=moment)
        )
        waiting = update(schema.notices).where(schema.notices.c.search == id, schema.notices.c.sent_at.is_(None))
        connection.execute(waiting.values(next_at=None, problem="the search was ended"))
        audit.note_within(connection, by, "search ended", {"search": id}, at=moment)


def _search(row: RowMapping) -> Search:
    plain = ("id", "name", "owner", "made_at", "feed_key", "webhook", "secret")
    return Search(asked=json.loads(row["asked"]), **{field: row[field] for field in plain})


# --- news ---


def news(ledger: Ledger, search: Search, *, limit: int = 50) -> list[Item]:
    """What became of the incidents of a search, the last change first."""
    page = incidents.incidents_page(ledger, search.wanted, limit=limit)
    return [item(incident) for incident in page.found]


def item(incident: Incident) -> Item:
    """What became of an incident: it is new, its sources contradict each other, or it changed otherwise."""
    summed = summary.summarise(incident.tellings)
    kind = News.CONTRADICTED if summed.differs else News.CHANGED
    if incident.known_from == incident.changed_at:
        kind = News.NEW
    return Item(incident, kind, _title(incident, summed), _said(summed))


def _title(incident: Incident, summed: summary.Summary) -> str:
    first = incident.tellings[0]
    event = summed.events[0].value if summed.events else first.claim.type
    words = " ".join(first.claim.sentence.of(first.report.text).split())
    return f"{event}: {words[:140]}{'…' if len(words) > 140 else ''}"


def _said(summed: summary.Summary) -> str:
    differing = f" They differ on: {', '.join(summed.differs)}." if summed.differs else ""
    return f"{summed.witnesses}.{differing}"


def _since(ledger: Ledger, search: Search, moment: str) -> Iterator[Incident]:
    """Incidents of a search that changed after a moment, the last change first."""
    after, left = None, AT_MOST
    while left > 0:
        page = incidents.incidents_page(ledger, search.wanted, limit=_AT_ONCE, after=after)
        for incident in page.found:
            if incident.changed_at <= moment:
                return
            yield incident
        left -= len(page.found)
        after = page.after
        if after is None:
            return


# --- what is to be told ---


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that waits to be sent to the address of its search."""

    number: int
    search: str
    webhook: str
    secret: str
    body: str
    tries: int


def note_due(ledger: Ledger) -> int:
    """Notes a message for every incident that changed since its search was last told, and says how many."""
    noted = 0
    for one in saved(ledger):
        if one.webhook is None:
            continue
        table = schema.searches.c
        with ledger.read() as connection:
            until = connection.execute(select(table.told_until).where(table.id == one.id)).scalar_one()
        found = list(_since(ledger, one, until))
        if not found:
            continue
        with ledger.write() as connection:
            for incident in reversed(found):
                row = _notice(one, item(incident))
                noted += connection.execute(storing.once(connection, schema.notices, row)).rowcount
            last = max(incident.changed_at for incident in found)
            connection.execute(update(schema.searches).where(table.id == one.id).values(told_until=last))
    return noted


def _notice(search: Search, found: Item) -> dict[str, object]:
    incident = found.incident
    body = {
        "search": {"id": search.id, "name": search.name},
        "incident": incident.id,
        "news": str(found.news),
        "changed_at": incident.changed_at,
        "title": found.title,
        "said": found.said,
        "page": f"/incidents/{incident.id}",
    }
    return {
        "search": search.id,
        "incident": incident.id,
        "kind": str(found.news),
        "at": incident.changed_at,
        "body": json.dumps(body, ensure_ascii=False),
        "tries": 0,
        "next_at": incident.changed_at,
    }


def waiting(ledger: Ledger, *, now: dt.datetime, limit: int = 100) -> list[Notice]:
    """Messages whose time has come, the oldest first."""
    told, table = schema.notices.c, schema.searches.c
    wanted = (
        select(told.number, told.search, table.webhook, table.secret, told.body, told.tries)
        .join(schema.searches, told.search == table.id)
        .where(told.next_at.is_not(None), told.next_at <= values.moment(now))
        .order_by(told.next_at, told.number)
        .limit(limit)
    )
    with ledger.read() as connection:
        return [Notice(*row) for row in connection.execute(wanted)]


def settle(ledger: Ledger, notice: Notice, *, now: dt.datetime, problem: str | None, again: dt.datetime | None) -> None:
    """Notes what became of an attempt: sent where there was no problem, else to be tried `again`, or given up."""
    done = {
        "tries": notice.tries + 1,
        "problem": problem,
        "sent_at": values.moment(now) if problem is None else None,
        "next_at": values.moment(again) if problem is not None and again else None,
    }
    with ledger.write() as connection:
        connection.execute(update(schema.notices).where(schema.notices.c.number == notice.number).values(done))


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one message."""

    incident: str
    kind: str
    at: str
    tries: int
    sent_at: str | None
    problem: str | None


def told(ledger: Ledger, id: str, *, limit: int = 20) -> list[Told]:  # noqa: A002
    """The last messages of a search, the newest first."""
    table = schema.notices.c
    wanted = (
        select(table.incident, table.kind, table.at, table.tries, table.sent_at, table.problem)
        .where(table.search == id)
        .order_by(table.number.desc())
        .limit(limit)
    )
    with ledger.read() as connection:
        return [Told(*row) for row in connection.execute(wanted)]

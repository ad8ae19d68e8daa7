"""Feeds watched as a service: asked when they are due, and each new entry handed on once as a report.

A feed is asked for changes only, and less often the longer it fails. What was seen is written to a small file after
every feed, so a stop at any moment loses nothing: an entry may then be handed on a second time, which a ledger, whose
ids are digests, does not notice.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
import time
import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sayso.errors import ConfigError, FetchError, InputError
from sayso.ingest import feeds
from sayso.ingest.manners import Answer, Manners
from sayso.ingest.pages import PageReader
from sayso.ingest.reports import Options, build
from sayso.ingest.sources import Failure
from sayso.model import Report

if TYPE_CHECKING:
    from sayso.ingest.feeds import Entry, Feed

Sink = Callable[[Report | Failure], None]

_SHORTEST_MINUTES = 1.0
_LONGEST_BACK_OFF = 86_400.0  # seconds
_TRIES = 3  # polls in which an entry's page may fail before the entry is given up
_MOST_SEEN = 5_000  # keys kept of a feed's entries; the largest feeds list a thousand


@dataclass(frozen=True, slots=True)
class Watched:
    """One feed of the file: its address, the outlet whose name its reports get, and the minutes between two polls."""

    url: str
    outlet: str | None = None
    every: float = 15.0


@dataclass(frozen=True, slots=True)
class Plan:
    """All feeds to watch, and the seconds between two requests to one host."""

    feeds: tuple[Watched, ...]
    pause: float = 2.0
    allow_private: frozenset[str] = frozenset()


@dataclass
class Remembered:
    """What is known of a feed from before: how to ask for changes, when it is due (seconds since 1970), what was seen."""

    etag: str | None = None
    modified: str | None = None
    due: float = 0.0
    failures: int = 0
    seen: list[str] = field(default_factory=list)
    tries: dict[str, int] = field(default_factory=dict)


class State(Protocol):
    """Where a watch keeps what it knows between two runs."""

    def load(self) -> dict[str, Remembered]:
        """What was saved last, by feed."""

    def save(self, known: dict[str, Remembered]) -> None:
        """Keep `known` in place of what was saved before."""


class FileState:
    """State in a JSON file, replaced as a whole, so that a stop in the middle leaves the old one."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> dict[str, Remembered]:
        """What was saved last; nothing if there is no file. Raises `ConfigError` for a file that is not ours."""
        try:
            saved = json.loads(self._path.read_text(encoding="utf-8"))
            return {url: Remembered(**values) for url, values in saved["feeds"].items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as exc:
            raise ConfigError(f"{self._path} is not what a watch remembers; remove it to begin anew") from exc

    def save(self, known: dict[str, Remembered]) -> None:
        """Replace the file. Raises `ConfigError` where it cannot be written."""
        written = json.dumps({"feeds": {url: asdict(values) for url, values in known.items()}}, indent=1)
        beside = self._path.with_name(f".{self._path.name}.new")
        try:
            beside.write_text(written, encoding="utf-8")
            os.replace(beside, self._path)
        except OSError as exc:
            raise ConfigError(f"{self._path} cannot be written: {exc.strerror or exc}") from exc


def load_plan(path: Path) -> Plan:
    """The plan in a feeds.toml. Raises `ConfigError`, naming the feed and the key, for one that makes no sense."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise ConfigError(f"{path} cannot be read: {exc.strerror or exc}") from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise ConfigError(f"{path} is no TOML: {exc}") from exc
    listed = values.pop("feed", [])
    if not isinstance(listed, list) or not listed:
        raise ConfigError(f"{path} names no feed; each is a [[feed]] with its url")
    if unknown := set(values) - {"pause", "every", "allow_private"}:
        raise ConfigError(
            f"{path}: unknown: {', '.join(sorted(unknown))}; known are pause, every, allow_private, [[feed]]"
        )
    every = _number(values, "every", 15.0, _SHORTEST_MINUTES, str(path))
    watched = tuple(_watched(row, every, f"{path}, feed {number}") for number, row in enumerate(listed, 1))
    if len({feed.url for feed in watched}) < len(watched):
        raise ConfigError(f"{path} names a feed twice")
    return Plan(
        watched, _number(values, "pause", 2.0, 0.0, str(path)), frozenset(map(str, values.get("allow_private", ())))
    )


def _watched(row: Any, every: float, place: str) -> Watched:
    known = {entry.name for entry in fields(Watched)}
    if not isinstance(row, dict) or set(row) - known:
        raise ConfigError(f"{place}: known are {', '.join(sorted(known))}")
    url, outlet = row.get("url"), row.get("outlet")
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise ConfigError(f"{place}: its url is no http or https address")
    if outlet is not None and not isinstance(outlet, str):
        raise ConfigError(f"{place}: its outlet is no string")
    return Watched(url, outlet, _number(row, "every", every, _SHORTEST_MINUTES, place))


def _number(values: dict[str, Any], key: str, default: float, least: float, place: str) -> float:
    value = values.get(key, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= least:
        raise ConfigError(f"{place}: {key} is a number of at least {least:g}")
    return float(value)


class _StoppedError(Exception):
    """The watch was asked to stop while it waited."""


class Watch:
    """Polls the feeds of a plan and gives every new report, and every failure, to a sink.

    `now` gives the seconds since 1970. Setting `stop` ends `run` after the request under way.
    """

    def __init__(
        self,
        plan: Plan,
        sink: Sink,
        state: State,
        *,
        stop: threading.Event | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._plan = plan
        self._sink = sink
        self._state = state
        self._now = now
        self.stop = stop or threading.Event()
        self._manners = Manners(self._wait, pause=plan.pause, allow_private=plan.allow_private)
        self._known = state.load()

    def run(self) -> None:
        """Poll until `stop` is set. Raises what the sink raises, and `ConfigError` where the state cannot be saved."""
        with contextlib.suppress(_StoppedError):
            while not self.stop.is_set():
                self._poll_due()
                due = min(self._remembered(feed).due for feed in self._plan.feeds)
                self._wait(max(due - self._now(), 1.0))

    def once(self) -> None:
        """Poll every feed that is due, one time."""
        with contextlib.suppress(_StoppedError):
            self._poll_due()

    def _poll_due(self) -> None:
        with PageReader() as pages:
            for watched in sorted(self._plan.feeds, key=lambda feed: self._remembered(feed).due):
                if self.stop.is_set():
                    return
                if self._remembered(watched).due <= self._now():
                    self._poll(watched, pages)

    def _remembered(self, watched: Watched) -> Remembered:
        return self._known.setdefault(watched.url, Remembered())

    def _wait(self, seconds: float) -> None:
        if self.stop.wait(seconds):
            raise _StoppedError

    def _poll(self, watched: Watched, pages: PageReader) -> None:
        """Ask one feed, hand on what is new, and note when it is due again."""
        known = self._remembered(watched)
        wait = 60.0 * watched.every
        try:
            answer = self._manners.get(watched.url, etag=known.etag, modified=known.modified)
            self._take(watched, answer, pages)
            known.failures = 0
        except InputError as exc:
            known.failures += 1
            wait = max(min(wait * 2.0**known.failures, _LONGEST_BACK_OFF), getattr(exc, "retry_after", None) or 0.0)
            self._sink(Failure(watched.url, f"{exc.message}; asked again in {wait / 60:.0f} minutes"))
        known.due = self._now() + wait
        self._state.save(self._known)

    def _take(self, watched: Watched, answer: Answer, pages: PageReader) -> None:
        if answer.status == 304:
            return
        if answer.status != 200:
            failure = FetchError(f"the server answered {answer.status}", source=watched.url)
            failure.retry_after = answer.retry_after  # type: ignore[attr-defined]
            raise failure
        known = self._remembered(watched)
        feed = feeds.parse(answer.content, url=answer.url, charset=answer.charset)
        told = replace(feed, title=watched.outlet or feed.title)
        for entry in reversed(feed.entries):  # oldest first, as they were published
            if self.stop.is_set():
                raise _StoppedError
            key = hashlib.sha256(entry.key.encode("utf-8", "replace")).hexdigest()[:16]
            if key not in known.seen:
                self._hand_on(watched, entry, told, (key, pages))
        known.seen = known.seen[-max(_MOST_SEEN, 2 * len(feed.entries)) :]
        # Without an entry that failed the feed counts as unchanged next time, and nobody would try that entry again.
        known.etag, known.modified = (None, None) if known.tries else (answer.etag, answer.modified)

    def _hand_on(self, watched: Watched, entry: Entry, feed: Feed, where: tuple[str, PageReader]) -> None:
        key, pages = where
        known = self._remembered(watched)
        options = Options(outlet=watched.outlet)
        try:
            report = build(feeds.report(entry, feed, lambda url: self._page(url, pages)), options)
        except InputError as exc:
            known.tries[key] = known.tries.get(key, 0) + 1
            if known.tries[key] < _TRIES and isinstance(exc, FetchError):
                return
            self._sink(Failure(entry.url or f"{watched.url}#{entry.key}", exc.message))
        else:
            self._sink(report)
        known.tries.pop(key, None)
        known.seen.append(key)

    def _page(self, url: str, pages: PageReader) -> Report:
        answer = self._manners.get(url)
        if answer.status != 200:
            raise FetchError(f"the server answered {answer.status}", source=url)
        page = pages.read(answer.content, url=answer.url, charset=answer.charset)
        return Report(
            id="",
            text=page.text,
            title=page.title,
            outlet=page.outlet,
            published=page.published,
            url=answer.url,
            canonical=page.canonical,
            issues=page.issues,
        )

"""One export: the ledger is gone through once, every check and every format hears of what goes by, and files appear at the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sayso
from sayso.errors import ConfigError, ExportError
from sayso.export import manifest
from sayso.export.checks import Checker
from sayso.export.declared import Format, Grain, Options, Sink
from sayso.export.event import Event
from sayso.export.placing import placed
from sayso.export.registry import FORMATS
from sayso.export.told import ANONYMOUS, Informants, told
from sayso.ledger import filters, incidents, query
from sayso.ledger.connect import Ledger
from sayso.ledger.edition import Edition, edition, informants, original
from sayso.ledger.history import Change
from sayso.model import Incident, Report, SourceKind, Telling
from sayso.summary import RULES

_CLAIMS_AT_ONCE = 500
_INCIDENTS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export came to."""

    claims: int
    incidents: int
    files: tuple[str, ...]


Heard = Callable[[int], None]


def formats(names: Sequence[str]) -> tuple[Format, ...]:
    """The formats of these names, each once, in the order of the registry. Raises `ConfigError` for one that there is not."""
    for name in names:
        if name not in FORMATS:
            raise ConfigError(f"there is no format {name!r}; known are {', '.join(FORMATS)} (see `sayso formats`)")
    if not names:
        raise ConfigError(f"name a format: {', '.join(FORMATS)} (see `sayso formats`)")
    return tuple(form for name, form in FORMATS.items() if name in names)


def export(  # noqa: PLR0913 - options are by name
    ledger: Ledger,
    names: Sequence[str],
    target: Path | str,
    *,
    options: Options | None = None,
    incident: str | None = None,
    heard: Heard = lambda _: None,
    **asked: Any,
) -> Exported:
    """Writes the formats of these names to `target`, a folder or a ``.zip`` file, with a manifest beside them.

    `asked` are filters, as of `ledger.claims`; `incident` takes one incident alone. `heard` is told how many claims went by.
    The same state of a ledger gives the same bytes. Raises `ConfigError` for what there is not, and `ExportError` where a check
    fails, the ledger changes meanwhile, or the files cannot be written; nothing is written then.
    """
    chosen = formats(names)
    wanted = filters.wanted(asked)
    options = options or Options()
    options = replace(options, beside=_Beside(ledger, options.with_descriptors))
    _sensible(chosen, options, incident)
    source = _One(ledger, incident, wanted) if incident else _All(ledger, wanted)
    state = edition(ledger, wanted.as_of)
    with placed(Path(target)) as folder:
        with _opened(chosen, folder, options) as sinks:
            traversal = _Traversal(ledger, source, options, heard, wanted.as_of)
            traversal.run(sinks)
        if edition(ledger, wanted.as_of) != state:
            raise ExportError(
                f"{ledger.name} changed while it was exported, so that its parts may not fit together; nothing was written. "
                "Export it again, or as it was at a moment: --as-of"
            )
        counts = (traversal.claims, traversal.incidents)
        made = _made(state, wanted, options, incident, counts)
        written = manifest.manifest(folder, chosen, options, made)
        (folder / manifest.NAME).write_bytes(written)
        files = tuple(sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()))
    return Exported(*counts, files)


def _sensible(chosen: Sequence[Format], options: Options, incident: str | None) -> None:
    if options.counts not in RULES:
        raise ConfigError(f"{options.counts!r} is no count rule; known are {', '.join(RULES)}")
    single = [form.name for form in chosen if form.one_incident]
    if single and incident is None:
        raise ConfigError(f"{single[0]} is made of one incident; name it with --incident")


@contextmanager
def _opened(chosen: Sequence[Format], folder: Path, options: Options) -> Iterator[list[Sink]]:
    """The files of the formats, finished at the end; where it does not end well they are let go of."""
    sinks: list[Sink] = []
    try:
        sinks.extend(file.open(file, folder / file.name, options) for form in chosen for file in form.files)
        yield sinks
        while sinks:
            sinks[0].close()
            sinks.pop(0)
    finally:
        for sink in sinks:
            with suppress(Exception):
                sink.abandon()


def _hears(sink: Sink, of: str) -> bool:
    """Whether a sink does anything with claims, or with incidents; a table says so itself."""
    asked = getattr(sink, "hears", None)
    return of in asked if asked is not None else getattr(type(sink), of) is not getattr(Sink, of)


# --- the one traversal ---


class _All:
    """All that meets the filters, a page at a time."""

    def __init__(self, ledger: Ledger, wanted: filters.Wanted) -> None:
        self._ledger, self._wanted = ledger, wanted

    def claims(self) -> Iterator[tuple[Telling, ...]]:
        """Claims, newest report first."""
        after: str | None = None
        while True:
            page = query.claims_page(self._ledger, self._wanted, limit=_CLAIMS_AT_ONCE, after=after)
            yield page.found
            after = page.after
            if after is None:
                return

    def incidents(self) -> Iterator[tuple[Incident, ...]]:
        """Incidents, the last changed first."""
        after: str | None = None
        while True:
            page = incidents.incidents_page(self._ledger, self._wanted, limit=_INCIDENTS_AT_ONCE, after=after)
            yield page.found
            after = page.after
            if after is None:
                return


class _One:
    """One incident, and its claims."""

    def __init__(self, ledger: Ledger, incident: str, wanted: filters.Wanted) -> None:
        found = incidents.incident(ledger, incident, as_of=wanted.as_of)
        if isinstance(found, incidents.Redirected):
            found = incidents.incident(ledger, found.to, as_of=wanted.as_of)
        if not isinstance(found, Incident):
            raise ConfigError(f"incident {incident!r} has no claims any more; `sayso incidents` lists those there are")
        self._found = found

    def claims(self) -> Iterator[tuple[Telling, ...]]:
        """Its claims."""
        yield self._found.tellings

    def incidents(self) -> Iterator[tuple[Incident, ...]]:
        """Itself."""
        yield (self._found,)


class _Traversal:
    """Claims past all that hear of claims, then incidents past all that hear of incidents; nothing is gone through twice."""

    def __init__(self, ledger: Ledger, source: _All | _One, options: Options, heard: Heard, as_of: str | None) -> None:
        self._ledger, self._source, self._options, self._heard = ledger, source, options, heard
        self._as_of = as_of
        self._checker = Checker()
        self.claims = self.incidents = 0

    def run(self, sinks: Sequence[Sink]) -> None:
        """Feeds the files."""
        for_claims, for_incidents = ([sink for sink in sinks if _hears(sink, of)] for of in ("claim", "incident"))
        for claims in self._source.claims() if for_claims else ():
            self._past(claims, for_claims)
        for found in self._source.incidents() if for_incidents else ():
            self._told_of(found, for_incidents)

    def _past(self, page: Sequence[Telling], sinks: Sequence[Sink]) -> None:
        informants = self._informants(page)
        for one in told(page, descriptors=self._options.with_descriptors, informants=informants):
            self._checker.claim(one)
            for sink in sinks:
                sink.claim(one)
            self.claims += 1
            self._heard(self.claims)

    def _told_of(self, page: Sequence[Incident], sinks: Sequence[Sink]) -> None:
        options = self._options
        informants = self._informants([one for incident in page for one in incident.tellings])
        for incident in page:
            event = Event(incident, counts=options.counts, descriptors=options.with_descriptors, informants=informants)
            self._checker.incident(event)
            for sink in sinks:
                sink.incident(event)
            self.incidents += 1
            self._heard(self.claims + self.incidents)

    def _informants(self, page: Sequence[Telling]) -> Informants:
        if self._options.with_descriptors:
            return lambda _: ()
        return informants(self._ledger, (one.report for one in page), self._as_of)


# --- what is said of it ---


@dataclass(frozen=True, slots=True)
class _Beside:
    """What a pack of evidence asks of a ledger."""

    ledger: Ledger
    descriptors: bool

    def history(self, incident: str) -> Sequence[Mapping[str, object]]:
        """What changed, by moment."""
        return [
            {
                "at": change.at,
                "kind": change.kind,
                "said": self._said(change),
                "claim": change.telling.claim.id if change.telling else None,
                "other": change.other,
            }
            for change in incidents.history(self.ledger, incident)
        ]

    def _said(self, change: Change) -> str:
        """What happened, in words; an informant who is not named as his class."""
        source = change.telling.claim.source if change.telling else None
        if self.descriptors or not change.telling or not source or source.kind is not SourceKind.ANONYMOUS:
            return change.said
        words = " ".join(source.span.of(change.telling.report.text).split()) if source.span else ""
        return re.sub(rf"(?<!\w){re.escape(words)}(?!\w)", ANONYMOUS, change.said) if words else change.said

    def original(self, report: Report) -> bytes | None:
        """The bytes it was read from."""
        return original(self.ledger, report)


def _made(
    state: Edition, wanted: filters.Wanted, options: Options, incident: str | None, counts: tuple[int, int]
) -> dict[str, Any]:
    """What a manifest says of the export as a whole."""
    kept = wanted.phrase or "everything"
    return {
        "description": f"Claims and incidents of a ledger: {f'incident {incident}' if incident else kept}.",
        "version": state.moment or "",
        **({"created": state.moment} if state.moment else {}),
        "sayso:filters": kept,
        "sayso:incident": incident,
        "sayso:counts": f"{options.counts}: {RULES[options.counts].says}",
        "sayso:descriptors": "with the words by which reports describe anonymous informants"
        if options.with_descriptors
        else "anonymous informants as their class",
        "sayso:claims": counts[0],
        "sayso:incidents": counts[1],
        "sayso:release": sayso.__version__,
        "sayso:ledger": {"schema": state.schema, "known_from": state.moment},
        "sayso:readers": list(state.readers),
    }


__all__ = ["Exported", "Grain", "export", "formats"]

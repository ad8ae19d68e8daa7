"""What costs much, kept until the ledger changes: most readers ask for the same few."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from sayso.ledger import Ledger, facets, filters, history
from sayso.ledger.facets import Facets
from sayso.ledger.grouping import changing
from sayso.ledger.history import Change
from sayso.model import Incident

KEPT = 256
KEPT_CHANGES = 5_000
MOST_CLAIMS = 60  # of an incident whose changes are worked out for a list
_TELLING = (history.NUMBER, history.SOURCE, history.DENIAL, *changing.TURNS)
PATIENT = 20  # counts are kept for so many times as long as they took, so that counting never takes all the time
LONGEST = 60.0  # seconds, for what changes without a new claim or judgement


@dataclass(frozen=True, slots=True)
class _Kept:
    """Counts of a version of the ledger: when they were made, and how long that took, in seconds."""

    version: tuple[int, int]
    facets: Facets
    made: float
    took: float

    def holds(self, version: tuple[int, int], patient: float) -> bool:
        """Whether they may still be shown."""
        age = time.monotonic() - self.made
        return age < patient * self.took or (self.version == version and age < LONGEST)


class Remembered:
    """Counts by question, and the last changes of incidents. Several threads may ask; each question is counted by one of them."""

    def __init__(self, patient: float = PATIENT) -> None:
        self._patient = patient
        self._lock = threading.Lock()
        self._found: OrderedDict[str, _Kept] = OrderedDict()
        self._asking: dict[str, threading.Lock] = {}
        self._changes: OrderedDict[str, tuple[str, tuple[Change, ...]]] = OrderedDict()

    def facets(self, ledger: Ledger, wanted: filters.Wanted) -> Facets:
        """The facets of a question, counted now or kept from before. Raises as `facets.facets` does."""
        key = repr([(row.name, given) for row, given in wanted.chosen])
        version = facets.version(ledger)
        with self._lock:
            found = self._found.get(key)
            asking = self._asking.setdefault(key, threading.Lock())
        if found and found.holds(version, self._patient):
            return found.facets
        with asking:
            again = self._found.get(key)
            if again and again.holds(version, self._patient):
                return again.facets
            began = time.monotonic()
            counted = facets.facets(ledger, wanted)
        with self._lock:
            self._found[key] = _Kept(version, counted, time.monotonic(), time.monotonic() - began)
            self._found.move_to_end(key)
            while len(self._found) > KEPT:
                gone, _ = self._found.popitem(last=False)
                self._asking.pop(gone, None)
        return counted

    def changes(self, ledger: Ledger, incident: Incident) -> tuple[Change, ...]:
        """What the last change of an incident was. Nothing for one of very many claims, which takes too long to work out."""
        if len(incident.tellings) > MOST_CLAIMS:
            return ()
        with self._lock:
            found = self._changes.get(incident.id)
        if found is None or found[0] != incident.changed_at:
            last = [one for one in history.history(ledger, incident.id) if one.at == incident.changed_at]
            began = [one for one in last if one.kind == history.BEGUN]
            telling = began or [one for one in last if one.kind in _TELLING] or last[:1]
            found = (incident.changed_at, tuple(telling))
            with self._lock:
                self._changes[incident.id] = found
                while len(self._changes) > KEPT_CHANGES:
                    self._changes.popitem(last=False)
        return found[1]

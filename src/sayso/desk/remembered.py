"""Facets kept until the ledger changes: most readers ask for the same few."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

from sayso.ledger import Ledger, facets, filters
from sayso.ledger.facets import Facets

KEPT = 256
LONGEST = 60.0  # seconds, for what changes without a new claim or judgement


class Remembered:
    """Counts by question. Several threads may ask at once; each question is counted by one of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[str, tuple[tuple[int, int], float, Facets]] = OrderedDict()
        self._asking: dict[str, threading.Lock] = {}

    def facets(self, ledger: Ledger, wanted: filters.Wanted) -> Facets:
        """The facets of a question, counted now or kept from before. Raises as `facets.facets` does."""
        key = repr([(row.name, given) for row, given in wanted.chosen])
        version = facets.version(ledger)
        with self._lock:
            found = self._found.get(key)
            asking = self._asking.setdefault(key, threading.Lock())
        if found and found[0] == version and found[1] > time.monotonic() - LONGEST:
            return found[2]
        with asking:
            again = self._found.get(key)
            if again and again is not found and again[0] == version:
                return again[2]
            counted = facets.facets(ledger, wanted)
        with self._lock:
            self._found[key] = (version, time.monotonic(), counted)
            self._found.move_to_end(key)
            while len(self._found) > KEPT:
                gone, _ = self._found.popitem(last=False)
                self._asking.pop(gone, None)
        return counted

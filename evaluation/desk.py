"""How quickly the desk answers over a ledger: sixteen readers at once, each page asked in many ways, on loopback.

    python -m evaluation.desk million.db

Says for each kind of page the median and the 95th percentile of what readers waited, and the processor time of the desk a request:
for questions that nobody has asked before, and for the same asked again, which the desk answers with what it drew until the ledger
changes. Times of a busy machine are those of a busy machine; processor time is not.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from sayso.ledger import incidents
from sayso.pipeline import open_ledger

READERS, REQUESTS = 16, 200
TOKEN = "measured"  # noqa: S105 - of a desk that lives for a minute
_SERVE = (
    "import sys, uvicorn; from sayso.desk import Settings, create_app; from sayso.pipeline import open_ledger\n"
    "port = int(sys.argv[2])\n"
    "app = create_app(open_ledger(sys.argv[1]), Settings(port=port, token=sys.argv[3]))\n"
    "uvicorn.run(app, port=port, log_level='warning')\n"
)


def questions(ledger: Path) -> dict[str, Callable[[random.Random], str]]:
    """Kinds of pages, each with a way to ask for one at random."""
    with open_ledger(ledger) as book:
        found = list(incidents.find(book, limit=200))
    told = [one.claim for incident in found for one in incident.tellings]
    known = {
        "country": sorted({claim.country for claim in told if claim.country}),
        "type": sorted({claim.type for claim in told}),
        "status": sorted({str(claim.status) for claim in told}),
    }
    often = {"country": 0.6, "type": 0.5, "status": 0.3}

    def asked(chance: random.Random) -> str:
        chosen = {name: chance.choice(known[name]) for name in known if known[name] and chance.random() < often[name]}
        return urlencode(chosen)

    return {
        "claims": lambda chance: f"/claims?{asked(chance)}",
        "now": lambda chance: f"/now?{asked(chance)}",
        "incident": lambda chance: f"/incidents/{chance.choice(found).id}",
    }


@contextmanager
def served(ledger: Path) -> Iterator[tuple[int, int]]:
    """Port and process of a desk over a ledger."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    desk = subprocess.Popen([sys.executable, "-c", _SERVE, str(ledger), str(port), TOKEN])  # noqa: S603 - ours
    try:
        while True:
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port, desk.pid
    finally:
        desk.terminate()
        desk.wait()


def asked_by_all(port: int, paths: list[str]) -> list[float]:
    """What each of `paths` took, in seconds, asked by all readers at once."""
    waiting, times, lock = iter(paths), list[float](), threading.Lock()

    def reader() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        while True:
            with lock:
                path = next(waiting, None)
            if path is None:
                return
            began = time.perf_counter()
            connection.request("GET", path, headers={"Authorization": f"Bearer {TOKEN}"})
            answer = connection.getresponse()
            answer.read()
            if answer.status != http.HTTPStatus.OK:
                raise SystemExit(f"{path} answered {answer.status}")
            with lock:
                times.append(time.perf_counter() - began)

    threads = [threading.Thread(target=reader) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(times)


def processor_time(process: int) -> float:
    """Seconds of processor time that a process has had, by Linux's account."""
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measures, and prints one line a kind of page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ledger", type=Path)
    ledger = parser.parse_args().ledger
    with served(ledger) as (port, process):
        for kind, ask in questions(ledger).items():
            chance = random.Random(5)
            paths = list(dict.fromkeys(ask(chance) for _ in range(REQUESTS)))
            for turn in ("first", "again"):
                before = processor_time(process)
                times = asked_by_all(port, paths)
                spent = (processor_time(process) - before) / len(paths)
                half, most = times[len(times) // 2], times[int(len(times) * 0.95)]
                print(
                    f"{kind:9} {turn}  {len(paths):3} pages  p50 {half * 1000:6.0f} ms   p95 {most * 1000:6.0f} ms   "
                    f"processor {spent * 1000:5.1f} ms a request",
                    flush=True,
                )


if __name__ == "__main__":
    main()

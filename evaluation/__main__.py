"""Run the benchmark, write its table, and hold it against the pinned floors.

    python -m evaluation                                  all tasks whose data is at hand, with the weights that ship
    python -m evaluation --only polnear worldwide         some of them; the table is printed, and written only with --output
    python -m evaluation --update                         pin data anew and raise floors; refuses to lower one
    python -m evaluation --update --allow-regression      lower floors too: say in the commit why

Exits 1, with a list, where a figure is below its floor or the data changed.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from evaluation import gate, reading, table
from evaluation.bench import Bench, Outcome, Task
from evaluation.tasks import TASKS
from sayso.errors import SaysoError
from sayso.reader.network import Network
from sayso.reader.reader import default_network

HERE = Path(__file__).resolve().parent
FLOORS = HERE / "floors.json"


def main(arguments: Sequence[str] | None = None, *, tasks: Sequence[Task] = TASKS, floors: Path = FLOORS) -> int:
    """Run, print, write, compare; the exit status."""
    args = _options(tasks).parse_args(arguments)
    chosen = [task for task in tasks if not args.only or task.name in args.only]
    left_out = {task.name: missing for task in chosen if (missing := task.missing(args.shared))}
    bench = Bench(args.shared, reading.Readings(args.weights, args.workers))
    try:
        pins = gate.load(floors)
        versions = _versions(args.weights)
        outcomes = [_outcome(task, bench) for task in chosen if task.name not in left_out]
    except (SaysoError, ValueError) as exc:
        print(f"evaluation: {exc}", file=sys.stderr)
        return 1
    if args.update:
        pins, faults = gate.update(pins, outcomes, weights=versions["weights"], allow_regression=args.allow_regression)
        if not faults:
            gate.save(floors, pins)
    else:
        faults = gate.faults(pins, outcomes, [task.name for task in tasks])
    written = table.as_markdown(outcomes, left_out, versions, pins)
    print(written)
    if args.output or not args.only:
        folder = args.output or HERE
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "results.md").write_text(written, "utf-8")
        (folder / "results.json").write_text(
            json.dumps(table.as_json(outcomes, left_out, versions), indent=1) + "\n", "utf-8"
        )
    if not outcomes:
        faults = [*faults, f"no task was run: no data in {args.shared}"]
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


def _options(tasks: Sequence[Task]) -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        "evaluation", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument(
        "--shared", type=Path, default=HERE.parents[1] / "shared", help="folder of gold and corpora (../shared)"
    )
    options.add_argument("--weights", type=Path, help="folder of weights, instead of those that ship")
    options.add_argument(
        "--only", nargs="+", metavar="TASK", choices=[task.name for task in tasks], help="run these tasks alone"
    )
    options.add_argument("--output", type=Path, help="folder for results.md and results.json (evaluation/)")
    options.add_argument("--workers", type=int, default=reading.cores(), help="processes to read with (one a core)")
    options.add_argument("--update", action="store_true", help="pin data anew and raise floors")
    options.add_argument("--allow-regression", action="store_true", help="with --update: lower floors as well")
    return options


def _versions(weights: Path | None) -> dict[str, str]:
    """What the figures are of."""
    network = Network(weights) if weights else default_network()
    return {"sayso": version("sayso"), "weights": network.version, "onnxruntime": version("onnxruntime")}


def _outcome(task: Task, bench: Bench) -> Outcome:
    """One task run, its figures told at once: a run that is stopped has still said what it measured."""
    start = time.perf_counter()
    outcome = Outcome(task, task.digest(bench.shared), task.run(bench))
    shown = "  ".join(f"{name} {value:.3f}" for name, value in outcome.figures.items())
    print(f"{task.name} ({time.perf_counter() - start:.0f} s): {shown}", file=sys.stderr, flush=True)
    return outcome


if __name__ == "__main__":
    sys.exit(main())

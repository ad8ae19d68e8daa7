"""How fast reports go through all stages, as ratios to what the same core can do in the same run.

Reports a second say more about the machine than about Sayso. So the encoder is held against the 8-bit matrix products that it
cannot do without: products of its own shapes, alone, measured in turns with it. Times of one process are of its processor, so that
a busy machine disturbs them little; only two processes together and the cold start are wall time. The best of some rounds counts.
"""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import onnxruntime  # type: ignore[import-untyped]

from evaluation.bench import Bench, Figures
from evaluation.reading import Row, read
from sayso.layout import report_json
from sayso.reader import sentences, tokens
from sayso.reader.network import ENCODER, Network
from sayso.reader.reader import OVERLAP, WINDOW, default_network
from sayso.reader.tokens import Pieces

GOLD = "gold/dev.jsonl"
WORDS = 500
REPORTS = 6
ROUNDS = 3
CEILING_ROWS = 1024  # enough rows to be at the ceiling, few enough to stay in the cache
_REPEATS = 8
_FIRST_CLAIM = """
import json, sys
from pathlib import Path
from sayso.ingest import Options
from sayso.ingest.reports import from_record
from sayso.pipeline import read_report
weights = Path(sys.argv[1]) if sys.argv[1] else None
claims = read_report(from_record(json.loads(sys.stdin.read()), Options()), weights=weights).claims
status = Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else []
print(len(claims), next((line.split()[1] for line in lines if line.startswith("VmRSS")), 0))
"""


def run(bench: Bench) -> Figures:
    """Reports of about 500 words, made of gold paragraphs, through ingest, reading, resolving and JSON.

    `encoder_of_ceiling` is the encoder's rate of 8-bit products over the core's own, `all_of_ceiling` that of all stages with every
    piece of a report counted once; `encoder_share` is its part of the time of all stages. `two_processes` is how many times faster
    two are than one. `resident_mb` and `cold_start_s` are of a fresh process that reads one report.
    """
    rows = list(reports_of(bench.rows(GOLD)))[:REPORTS]
    weights = bench.readings.weights
    network = Network(weights) if weights else default_network()
    shapes = encoder_shapes(network.folder / ENCODER)
    per_piece = 2 * sum(inner * outer for inner, outer in shapes)
    windows = [window for row in rows for window in _windows(network, row["text"])]
    pieces = sum(len(tokens.encode(network.tokenizer, row["text"])) for row in rows)
    ceiling, encoder, everything = _in_turns(
        [_product(shape) for shape in sorted(set(shapes))],
        lambda: [network.see(window.ids, window.shapes) for window in windows],
        lambda: [through(row, weights) for row in rows],
    )
    cold_start, resident = _fresh_process(rows[0], weights)
    return {
        "encoder_of_ceiling": sum(len(window) + 2 for window in windows) * per_piece / encoder / ceiling,
        "all_of_ceiling": pieces * per_piece / everything / ceiling,
        "encoder_share": encoder / everything,
        "two_processes": _two_processes(rows, weights),
        "resident_mb": resident,
        "cold_start_s": cold_start,
        "reports_per_s": len(rows) / everything,
        "ceiling_gops": ceiling / 1e9,
    }


def reports_of(gold: Sequence[Row], words: int = WORDS) -> Iterator[Row]:
    """Reports of `words` words, to the next paragraph, made of the paragraphs of all gold texts in their order."""
    lines: list[str] = []
    count = number = 0
    for line in (line for row in gold for line in row["text"].split("\n")):
        lines.append(line)
        count += len(line.split())
        if count >= words:
            yield {"id": f"speed-{number}", "published": gold[0]["published"], "text": "\n".join(lines)}
            lines, count, number = [], 0, number + 1


def _windows(network: Network, text: str) -> Iterator[Pieces]:
    """The windows of a report as the reader cuts them; the encoder sees each between two special pieces."""
    pieces = tokens.encode(network.tokenizer, text)
    for start, end in tokens.windows(pieces, sentences.split(text), size=WINDOW, overlap=OVERLAP):
        yield Pieces(pieces.ids[start:end], pieces.shapes[start:end], pieces.starts[start:end], pieces.ends[start:end])


def encoder_shapes(path: Path) -> list[tuple[int, int]]:
    """(in, out) of every 8-bit weight that each piece is multiplied with."""
    import onnx  # noqa: PLC0415 - not among Sayso's own packages

    graph = onnx.load(str(path)).graph
    weights = {
        tensor.name: tuple(tensor.dims) for tensor in graph.initializer if tensor.data_type == onnx.TensorProto.INT8
    }
    return [(shape[0], shape[1]) for shape in weights.values() if len(shape) == 2]


def _in_turns(
    products: Sequence[Callable[[], float]], encoder: Callable[[], object], everything: Callable[[], object]
) -> tuple[float, float, float]:
    """The best rate of `products`, and the least processor seconds of each of the two others."""
    rates, encoders, wholes = [], [], []
    for _ in range(ROUNDS):
        rates += [product() for product in products]
        encoders.append(_seconds(encoder))
        wholes.append(_seconds(everything))
    return max(rates), min(encoders), min(wholes)


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def through(row: Row, weights: Path | None) -> int:
    """One report through all stages; the length of its JSON."""
    return len(json.dumps(report_json(read(row, weights))))


def _product(shape: tuple[int, int]) -> Callable[[], float]:
    """A measurement of unsigned by signed 8-bit products of that shape, in operations a second on one thread."""
    from onnx import TensorProto, helper, numpy_helper  # noqa: PLC0415

    inner, outer = shape
    rng = np.random.default_rng(0)
    weight = numpy_helper.from_array(rng.integers(-64, 64, (inner, outer), dtype=np.int8), "weight")
    names = [f"product{index}" for index in range(_REPEATS)]
    inputs = [
        helper.make_tensor_value_info(f"x{index}", TensorProto.UINT8, [CEILING_ROWS, inner])
        for index in range(_REPEATS)
    ]
    outputs = [helper.make_tensor_value_info(name, TensorProto.INT32, [CEILING_ROWS, outer]) for name in names]
    nodes = [helper.make_node("MatMulInteger", [f"x{index}", "weight"], [name]) for index, name in enumerate(names)]
    graph = helper.make_graph(nodes, "ceiling", inputs, outputs, [weight])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    feed = {f"x{index}": rng.integers(0, 255, (CEILING_ROWS, inner), dtype=np.uint8) for index in range(_REPEATS)}

    def measure() -> float:
        start = time.process_time()
        session.run(None, feed)
        return 2 * CEILING_ROWS * inner * outer * _REPEATS / (time.process_time() - start)

    return measure


def _two_processes(rows: Sequence[Row], weights: Path | None) -> float:
    """Wall time of one process over that of two for the same reports, both started and warm."""
    work = partial(through, weights=weights)
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as one, ProcessPoolExecutor(2, mp_context=spawn) as two:
        for pool in (one, two, two):
            list(pool.map(work, rows))
        times = [(_wall(one, work, rows), _wall(two, work, rows)) for _ in range(ROUNDS)]
    return min(first for first, _ in times) / min(second for _, second in times)


def _wall(pool: ProcessPoolExecutor, work: Callable[[Row], int], rows: Sequence[Row]) -> float:
    start = time.perf_counter()
    list(pool.map(work, rows))
    return time.perf_counter() - start


def _fresh_process(row: Row, weights: Path | None) -> tuple[float, float]:
    """Seconds from the start of a process to the claims of its first report, and megabytes resident then."""
    command = [sys.executable, "-c", _FIRST_CLAIM, str(weights or "")]

    def once() -> tuple[float, float]:
        start = time.perf_counter()
        done = subprocess.run(  # noqa: S603 - our own program
            command, input=json.dumps(row), check=True, capture_output=True, text=True
        )
        return time.perf_counter() - start, int(done.stdout.split()[1]) / 1024

    results = [once() for _ in range(3)]
    return min(seconds for seconds, _ in results), max(megabytes for _, megabytes in results)

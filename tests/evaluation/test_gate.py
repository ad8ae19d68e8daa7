"""The gate opens where every floor holds on the pinned data, and floors go down only when told to."""

import json
from pathlib import Path

import pytest
from evaluation.bench import Bench, Figures, Outcome, Task
from evaluation.gate import Pin

from evaluation import gate


def task(name: str = "toy", margin: float = 0.01) -> Task:
    return Task(name, "a toy", ("toy.jsonl",), lambda _: {}, floors=("f1",), ceilings=("seconds",), margin=margin)


def outcome(f1: float, seconds: float = 1.0, data: str = "digest") -> Outcome:
    return Outcome(task(), data, {"f1": f1, "seconds": seconds})


PINS = {"toy": Pin("digest", "v1", {"f1": 0.7, "max:seconds": 2.0})}


def test_it_opens_where_figures_stand_at_their_floors_and_ceilings() -> None:
    assert gate.faults(PINS, [outcome(0.7, 2.0)], ["toy"]) == []


def test_it_names_each_figure_below_its_floor_or_above_its_ceiling() -> None:
    assert gate.faults(PINS, [outcome(0.69, 2.1)], ["toy"]) == [
        "toy: f1 is 0.6900, below its floor 0.7000",
        "toy: seconds is 2.1000, above its ceiling 2.0000",
    ]


def test_it_stays_shut_on_other_data_even_where_the_figures_hold() -> None:
    (fault,) = gate.faults(PINS, [outcome(0.9, data="other")], ["toy"])

    assert "data changed" in fault


def test_it_misses_a_figure_a_floor_and_a_task_that_are_gone() -> None:
    silent = Outcome(task(), "digest", {"seconds": 1.0})
    new = Outcome(task("new"), "digest", {"f1": 1.0, "seconds": 1.0})
    bare = {"toy": Pin("digest", "v1", {"f1": 0.7})}

    assert gate.faults(PINS, [silent], ["toy"]) == ["toy: f1 is no longer measured"]
    assert gate.faults(PINS, [new], ["new"]) == [
        "toy: has floors but is no task any more",
        "new: has no floors; pin them with --update",
    ]
    assert gate.faults(bare, [outcome(0.7)], ["toy"]) == ["toy: seconds has no floor; pin it with --update"]


def test_it_lets_a_task_be_that_was_not_run() -> None:
    assert gate.faults(PINS, [], ["toy"]) == []


def test_an_update_raises_floors_to_the_value_less_its_margin_and_pins_the_data() -> None:
    renewed, refused = gate.update(PINS, [outcome(0.8, 1.0, "new")], weights="v2", allow_regression=False)

    assert refused == []
    assert renewed == {"toy": Pin("new", "v2", {"f1": 0.792, "max:seconds": 1.01})}


def test_an_update_leaves_a_floor_that_holds_but_would_fall_by_the_margin() -> None:
    renewed, refused = gate.update(PINS, [outcome(0.701, 1.999)], weights="v2", allow_regression=False)

    assert refused == []
    assert renewed["toy"].floors == {"f1": 0.7, "max:seconds": 2.0}


def test_an_update_refuses_to_lower_a_floor_or_to_lose_one() -> None:
    pins = {"toy": Pin("digest", "v1", {"f1": 0.7, "max:seconds": 2.0, "recall": 0.5})}

    _, refused = gate.update(pins, [outcome(0.6)], weights="v2", allow_regression=False)

    assert refused == ["toy: f1 would go from 0.7000 to 0.5940", "toy: recall would lose its floor 0.5000"]


def test_an_update_lowers_a_floor_when_told_to() -> None:
    renewed, refused = gate.update(PINS, [outcome(0.6, 3.0)], weights="v2", allow_regression=True)

    assert refused == []
    assert renewed["toy"].floors == {"f1": 0.594, "max:seconds": 3.03}


def test_an_update_keeps_tasks_that_were_not_run() -> None:
    renewed, _ = gate.update(
        PINS, [Outcome(task("new"), "d", {"f1": 1.0, "seconds": 1.0})], weights="v2", allow_regression=False
    )

    assert renewed["toy"] == PINS["toy"]
    assert renewed["new"].floors == {"f1": 0.99, "max:seconds": 1.01}


def test_a_pinned_value_passes_its_own_gate_however_it_is_rounded() -> None:
    for value in (1 / 3, 2 / 3, 0.12345678, 0.0, 1.0):
        exact = Outcome(task(margin=0.0), "d", {"f1": value, "seconds": value})
        renewed, _ = gate.update({}, [exact], weights="v", allow_regression=False)

        assert gate.faults(renewed, [exact], ["toy"]) == []


def test_pins_are_read_back_as_written(tmp_path: Path) -> None:
    gate.save(tmp_path / "floors.json", PINS)

    assert gate.load(tmp_path / "floors.json") == PINS
    assert gate.load(tmp_path / "none.json") == {}


@pytest.mark.parametrize("broken", ["", "[]", '{"tasks": {"toy": {"data": "d"}}}', '{"tasks": {"toy": 1}}'])
def test_a_malformed_file_of_floors_is_refused_by_name(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "floors.json"
    path.write_text(broken)

    with pytest.raises(ValueError, match=r"floors\.json"):
        gate.load(path)


def test_the_digest_follows_names_and_bytes_of_the_data(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    (tmp_path / "b").write_text("1")

    def digest(*files: str) -> str:
        return Task("t", "", files, lambda _: {}, floors=()).digest(tmp_path)

    first = digest("a")
    assert first == digest("a")
    assert len({first, digest("b"), digest("a", "b"), digest("b", "a")}) == 4
    (tmp_path / "a").write_text("2")
    assert digest("a") != first


def test_the_floors_of_the_repository_fit_its_tasks() -> None:
    """A task or figure that was added or renamed needs its floor in the same commit."""
    from evaluation.__main__ import FLOORS
    from evaluation.tasks import TASKS

    pinned = {name: set(pin.floors) for name, pin in gate.load(FLOORS).items()}

    assert pinned == {each.name: {*each.floors, *(gate.MAX + name for name in each.ceilings)} for each in TASKS}


def test_a_row_that_is_no_json_is_named(tmp_path: Path) -> None:
    from evaluation.reading import Readings

    (tmp_path / "toy.jsonl").write_text('{"id": 1}\n\n{"id"\n')

    with pytest.raises(ValueError, match=r"toy\.jsonl, line 3"):
        Bench(tmp_path, Readings()).rows("toy.jsonl")


def measured(value: float) -> Task:
    def run(bench: Bench) -> Figures:
        return {"f1": value * len(bench.rows("toy.jsonl"))}

    return Task("toy", "a toy", ("toy.jsonl",), run, floors=("f1",))


def test_the_command_pins_passes_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from evaluation.__main__ import main

    (tmp_path / "toy.jsonl").write_text("{}\n")
    floors, asked = tmp_path / "floors.json", ["--shared", str(tmp_path), "--output", str(tmp_path / "out")]

    def status(value: float, *more: str) -> int:
        return main([*asked, *more], tasks=[measured(value)], floors=floors)

    assert status(0.5) == 1
    assert status(0.5, "--update") == 0
    assert status(0.5) == 0
    assert status(0.4) == 1
    assert "toy: f1 is 0.4000, below its floor 0.4950" in capsys.readouterr().err
    assert status(0.4, "--update") == 1
    assert gate.load(floors)["toy"].floors == {"f1": 0.495}
    assert status(0.4, "--update", "--allow-regression") == 0
    assert gate.load(floors)["toy"].floors == {"f1": 0.396}
    assert "| toy | f1 | 0.400 | 0.396 |" in (tmp_path / "out" / "results.md").read_text()
    assert json.loads((tmp_path / "out" / "results.json").read_text())["tasks"]["toy"]["figures"] == {"f1": 0.4}


def test_the_command_says_which_tasks_have_no_data_and_fails_where_none_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from evaluation.__main__ import main

    status = main(
        ["--shared", str(tmp_path), "--output", str(tmp_path)], tasks=[measured(1.0)], floors=tmp_path / "floors.json"
    )

    printed = capsys.readouterr()
    assert status == 1
    assert "- toy: toy.jsonl" in printed.out
    assert "no task was run" in printed.err


def test_a_report_that_breaks_the_pipeline_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from evaluation import reading

    def broken(*_: object, **__: object) -> None:
        raise IndexError("string index out of range")

    monkeypatch.setattr(reading, "read_report", broken)
    with pytest.raises(IndexError) as caught:
        reading.read({"id": "r7", "text": "Soldiers fired."}, None)

    assert caught.value.__notes__ == ["while reading report r7"]

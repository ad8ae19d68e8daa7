"""An export is whole or it is not there, and the same state of a ledger gives the same bytes."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from tests.export.conftest import ALL
from tools.example_ledger import ARRESTS, example, reports

from sayso.errors import ConfigError, ExportError
from sayso.export import FORMATS, Options, export
from sayso.export.checks import CHECKS, Checker
from sayso.export.event import Event
from sayso.export.told import Told
from sayso.ledger import Ledger, schema
from sayso.model import Argument, Count, Counted, Date, Incident, Place, Precision, Span, Telling

REPORT = reports()[0]
CLAIM = REPORT.claims[0]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- to the byte ---


def test_two_exports_of_one_state_are_the_same_to_the_byte(book: Ledger, out: Path, tmp_path: Path) -> None:
    export(book, ALL, tmp_path / "again")

    assert contents(tmp_path / "again") == contents(out)


def test_another_process_with_other_hashes_writes_the_same_bytes(book: Ledger, tmp_path: Path) -> None:
    """Order of sets differs from process to process; nothing that is written may depend on it."""
    export(book, ["evidence", *ALL], tmp_path / "here.zip", incident=ARRESTS)
    code = (
        "import sys; from sayso.export import export; from sayso.ledger import open_ledger\n"
        "with open_ledger(sys.argv[1]) as book: export(book, sys.argv[4:], sys.argv[2], incident=sys.argv[3])"
    )
    arguments = [book.name, str(tmp_path / "there.zip"), ARRESTS, "evidence", *ALL]
    subprocess.run(
        [sys.executable, "-c", code, *arguments],
        check=True,
        env=os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
    )

    assert (tmp_path / "here.zip").read_bytes() == (tmp_path / "there.zip").read_bytes()


def test_the_order_in_which_formats_are_named_changes_nothing(book: Ledger, tmp_path: Path) -> None:
    export(book, ["acled", "claims.csv"], tmp_path / "one")
    export(book, ["claims.csv", "acled", "acled"], tmp_path / "other")

    assert contents(tmp_path / "one") == contents(tmp_path / "other")


def test_an_export_as_of_a_moment_stays_the_same_when_the_ledger_grows(tmp_path: Path) -> None:
    import datetime as dt

    from sayso.ledger import Writer

    names = ["claims.csv", "plover", "incidents.csv", "acled"]
    with example(tmp_path) as grown:
        export(grown, names, tmp_path / "before", as_of="2026-03-12")
        later = Writer(grown, "example", now=lambda: dt.datetime(2026, 4, 1, tzinfo=dt.UTC))
        later.add(dataclasses.replace(REPORT, outlet="Another Wire"))
        export(grown, names, tmp_path / "after", as_of="2026-03-12")

    assert contents(tmp_path / "before") == contents(tmp_path / "after")


def test_no_clock_is_in_the_manifest(out: Path) -> None:
    package = json.loads((out / "datapackage.json").read_text("utf-8"))

    assert package["created"] == "2026-03-11T08:00:00.000000Z"
    assert package["sayso:filters"] == "everything"
    assert package["sayso:readers"] == ["example"]
    assert package["sayso:counts"].startswith("range: ")


# --- whole or nothing ---


def test_nothing_is_written_where_a_check_fails(tmp_path: Path) -> None:
    with example(tmp_path) as broken:
        with broken.write() as connection:
            connection.execute(update(schema.claims).where(schema.claims.c.id == CLAIM.id).values(trigger_stop=99_999))
        with pytest.raises(ExportError, match="words of it lie outside its report; nothing was written"):
            export(broken, ALL, tmp_path / "out")

    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith("example.db")] == []


def test_a_ledger_that_changes_meanwhile_gives_no_export_but_one_as_of_a_moment(tmp_path: Path) -> None:
    """Pages are read one after the other, so that writers need not wait: what is added between two of them would be half there."""
    import datetime as dt

    from sayso.ledger import Writer

    with example(tmp_path) as growing:
        writer = Writer(growing, "example", now=lambda: dt.datetime(2026, 4, 1, tzinfo=dt.UTC))

        def grow(count: int) -> None:
            writer.add(dataclasses.replace(REPORT, outlet=f"Wire {count}"))

        with pytest.raises(ExportError, match="changed while it was exported"):
            export(growing, ["claims.csv"], tmp_path / "out", heard=grow)
        assert not (tmp_path / "out").exists()
        assert export(growing, ["claims.csv"], tmp_path / "out", heard=grow, as_of="2026-03-12").claims == 7


def test_an_interrupted_export_leaves_what_was_there(book: Ledger, tmp_path: Path) -> None:
    export(book, ["claims.csv"], tmp_path / "out")
    before = contents(tmp_path)

    def stop(count: int) -> None:
        if count == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(book, ALL, tmp_path / "out", heard=stop)

    assert contents(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


# Exports to a place, tells when the first claim goes by, and goes on once it is told to.
_SLOWLY = (
    "import sys; from sayso.export import export; from sayso.ledger import open_ledger\n"
    "def heard(count):\n"
    "    if count == 1: print('begun', flush=True); sys.stdin.readline()\n"
    "with open_ledger(sys.argv[1]) as book: export(book, ['claims.csv'], sys.argv[2], heard=heard)"
)


@contextmanager
def at_work(book: Ledger, target: Path) -> Iterator[subprocess.Popen[str]]:
    """A process in the middle of an export."""
    with subprocess.Popen(
        [sys.executable, "-c", _SLOWLY, book.name, str(target)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        try:
            yield process
        finally:
            process.kill()


def hidden(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_the_next_export_takes_away_what_a_killed_one_left(book: Ledger, tmp_path: Path, name: str) -> None:
    with at_work(book, tmp_path / name) as process:
        process.kill()
        process.wait()
    assert [path.suffix for path in hidden(tmp_path)] == [".part"]

    export(book, ["claims.csv"], tmp_path / "another")
    assert len(hidden(tmp_path)) == 1
    export(book, ["claims.csv"], tmp_path / name)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["another", name]


def test_an_export_that_is_still_at_work_is_left_alone(book: Ledger, tmp_path: Path) -> None:
    with at_work(book, tmp_path / "out") as process:
        export(book, ["claims.csv"], tmp_path / "out")
        assert len(hidden(tmp_path)) == 1
        process.communicate("go on\n", timeout=60)

        assert process.returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_earlier_export_that_a_killed_one_had_moved_aside_is_put_back(book: Ledger, tmp_path: Path) -> None:
    """A kill between the two moves left the earlier export in the hidden folder, and nothing in its place."""
    export(book, ["claims.csv"], tmp_path / "out")
    before = contents(tmp_path)
    left = tmp_path / ".out.a1b2c3d4.part"
    left.mkdir()
    (tmp_path / "out").rename(left / "former")

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(book, ALL, tmp_path / "out", heard=stop)

    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    "path",
    [".out.a1b2c3d4.part/notes.txt", ".out.mine.part/made", ".output.a1b2c3d4.part/made", ".out.x.a1b2c3d4.part/made"],
)
def test_folders_of_others_are_left_alone_whatever_they_are_called(book: Ledger, tmp_path: Path, path: str) -> None:
    (tmp_path / path).parent.mkdir()
    (tmp_path / path).write_text("mine", "utf-8")

    export(book, ["claims.csv"], tmp_path / "out")

    assert (tmp_path / path).read_text("utf-8") == "mine"


def test_a_link_that_is_called_like_a_leftover_is_not_followed(book: Ledger, tmp_path: Path) -> None:
    (tmp_path / "kept" / "made").mkdir(parents=True)
    (tmp_path / ".out.a1b2c3d4.part").symlink_to(tmp_path / "kept")

    export(book, ["claims.csv"], tmp_path / "out")

    assert (tmp_path / "kept" / "made").is_dir()


def test_a_disk_that_takes_no_more_leaves_nothing(book: Ledger, tmp_path: Path) -> None:
    """The limit on the size of files stands for a full disk: writing fails in the same way, in whichever format comes first."""
    code = (
        "import resource, sys\n"
        "from sayso.errors import ExportError; from sayso.export import export; from sayso.ledger import open_ledger\n"
        "with open_ledger(sys.argv[1]) as book:\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (64, -1))\n"
        "    for name in sys.argv[3:]:\n"
        "        try: export(book, [name], sys.argv[2])\n"
        "        except ExportError as error: print(name, error)"
    )
    arguments = [book.name, str(tmp_path / "out"), *ALL]
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)

    said = f"{tmp_path / 'out'}: the file grows larger than is allowed; nothing was written"
    assert done.stdout.splitlines() == [f"{name} {said}" for name in ALL]
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_export_is_replaced_as_a_whole(book: Ledger, tmp_path: Path) -> None:
    export(book, ["claims.csv", "acled"], tmp_path / "out")
    export(book, ["geojson"], tmp_path / "out")

    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["datapackage.json", "incidents.geojson"]


def test_files_of_no_export_are_left_alone(book: Ledger, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    with pytest.raises(ExportError, match="holds files that are of no earlier export; name another folder"):
        export(book, ["claims.csv"], tmp_path)
    with pytest.raises(ExportError, match=r"a file; an export is a folder, or a \.zip file"):
        export(book, ["claims.csv"], tmp_path / "notes.txt")

    assert contents(tmp_path) == {"notes.txt": b"mine"}


# --- what is refused ---


@pytest.mark.parametrize(
    ("names", "more", "said"),
    [
        (["acledd"], {}, "there is no format 'acledd'"),
        ([], {}, "name a format"),
        (["evidence"], {}, "evidence is made of one incident; name it with --incident"),
        (["claims.csv"], {"options": Options(counts="mean")}, "'mean' is no count rule"),
        (["claims.csv"], {"country": "Mali"}, "'Mali' is no country"),
        (["claims.csv"], {"incident": "nothing"}, "there is no incident 'nothing'"),
    ],
)
def test_what_there_is_not_is_refused_in_words(
    book: Ledger, tmp_path: Path, names: list[str], more: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigError, match=said):
        export(book, names, tmp_path / "out", **more)

    assert list(tmp_path.iterdir()) == []


# --- checks ---

LYON = Place(1, "Lyon", "FR", None, 45.0, 4.8, Precision.TOWN, "x")
BROKEN = {
    "words of it lie outside its report": {"trigger": Span(0, 10**6)},
    "its type or mode is not in the ontology": {"mode": "tickle"},
    "its place is not on earth": {"place": Argument(Span(0, 4), dataclasses.replace(LYON, latitude=145.0))},
    "its lowest number is above its highest": {"count": Argument(Span(0, 4), Count(9, 3, Counted.KILLED))},
    "its date is no date": {"date": Argument(Span(0, 4), Date("2025-02-30", "x"))},
    "its country is no code of two letters": {"country": "GNB"},
}


@pytest.mark.parametrize(("says", "fields"), BROKEN.items(), ids=BROKEN)
def test_every_check_finds_what_it_is_for(says: str, fields: dict[str, Any]) -> None:
    with pytest.raises(ExportError, match=says):
        Checker().claim(Told(Telling(REPORT, dataclasses.replace(CLAIM, **fields))))


def test_every_check_but_that_on_informants_has_a_broken_claim() -> None:
    assert {check.says for check in CHECKS} - set(BROKEN) == {"it lets out the words of an anonymous informant"}


def test_an_incident_without_claims_or_with_the_number_of_another_is_refused() -> None:
    checker = Checker()
    whole = Event(Incident("a", (Telling(REPORT, CLAIM),), "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"))
    checker.incident(whole)

    with pytest.raises(ExportError, match="another one has the same number"):
        checker.incident(whole)
    with pytest.raises(ExportError, match="has no claims"):
        checker.incident(Event(Incident("b", (), "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z")))


def test_filters_are_those_of_claims(book: Ledger, tmp_path: Path) -> None:
    done = export(book, ["claims.jsonl", "incidents.jsonl"], tmp_path / "out", type="COUP", outlet="Harbour Wire")
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text("utf-8"))

    assert (done.claims, done.incidents) == (1, 1)
    assert package["sayso:filters"] == "of type COUP, published by Harbour Wire"


def test_one_traversal_feeds_all_formats(book: Ledger, tmp_path: Path) -> None:
    """However many formats are asked for, no page of the ledger is asked for twice."""
    from sqlalchemy import event

    asked: list[str] = []
    event.listen(book.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    export(book, ["claims.csv", "acled"], tmp_path / "two")
    two, asked[:] = len(asked), []
    export(book, ALL, tmp_path / "all")

    assert len(asked) == two
    assert len(ALL) == len(FORMATS) - 1


# --- what is not installed ---

WITHOUT = (
    "import sys\n"
    "for name in ('pyarrow', 'pandas', 'polars', 'xlsxwriter', 'openpyxl', 'followthemoney', 'rocrate'): sys.modules[name] = None\n"
    "from sayso.errors import ConfigError; from sayso.export import export; from sayso.ledger import open_ledger\n"
    "with open_ledger(sys.argv[1]) as book:\n"
    "    for name in sys.argv[3:]:\n"
    "        try: export(book, [name], sys.argv[2])\n"
    "        except ConfigError as error: print(f'{name}: {error}')"
)


def test_only_parquet_and_excel_need_more_than_sayso_and_they_say_what(book: Ledger, tmp_path: Path) -> None:
    arguments = [book.name, str(tmp_path / "out"), *ALL]
    done = subprocess.run([sys.executable, "-c", WITHOUT, *arguments], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == [
        f"{what}.{suffix}: {said}: pip install 'sayso[export]'"
        for what in ("claims", "incidents")
        for suffix, said in (("parquet", "Parquet needs pyarrow"), ("xlsx", "Excel files need XlsxWriter"))
    ]
    assert [name for name, form in FORMATS.items() if form.needs == "export"] == [
        "claims.parquet", "claims.xlsx", "incidents.parquet", "incidents.xlsx",
    ]  # fmt: skip


def test_a_pack_tells_its_history_without_the_words_of_informants(book: Ledger, tmp_path: Path) -> None:
    export(book, ["evidence"], tmp_path / "pack", incident=ARRESTS)
    export(book, ["evidence"], tmp_path / "told", incident=ARRESTS, options=Options(with_descriptors=True))
    masked, whole = ((tmp_path / name / "history.json").read_text("utf-8") for name in ("pack", "told"))

    assert "Two diplomats" in whole
    assert "Two diplomats" not in masked
    assert "anonymous source" in masked

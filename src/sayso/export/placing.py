"""Writing a whole or nothing: files are made in a hidden folder beside their place, and moved there at the end."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sayso.errors import ExportError
from sayso.export import manifest

_BLOCK = 1 << 20
_PARTS = frozenset({"made", "made.zip", "former"})  # all that a working folder ever holds
_MADE = (1980, 1, 1, 0, 0, 0)  # a zip wants a moment for every file; this one makes no two packs differ


@contextmanager
def placed(target: Path) -> Iterator[Path]:
    """A folder to write into; what is in it when the block ends comes to lie at `target`, a folder or a ``.zip`` file.

    Where the block does not end well nothing is left, and what was at `target` stays. What a killed export to the same place left
    is taken away first. Raises `ExportError` where there is no room or no right, and where `target` holds something that is no
    earlier export.
    """
    _clear(target)
    _check(target)
    with _told(target):
        target.absolute().parent.mkdir(parents=True, exist_ok=True)
        working, held = _working(target)
    try:
        with _told(target):
            made = working / "made"
            made.mkdir()
            yield made
            if target.suffix == ".zip":
                made = _zipped(made, working / "made.zip")
            _synced(made)
            _move(made, target, working)
    finally:
        shutil.rmtree(working, ignore_errors=True)
        _let_go(held)


# --- working folders: held while they are worked in, so that what a killed export left is told from one that is still at work ---


def _working(target: Path) -> tuple[Path, int | None]:
    """A new folder to work in, and what it is held by."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.absolute().parent))
        held = _hold(folder, wait=True)
        if folder.is_dir():  # else another export took it for a leftover before it was held
            return folder, held
        _let_go(held)


def _clear(target: Path) -> None:
    """Takes away the working folders of exports to this place that nobody holds any more.

    Where one was killed after the earlier export had been moved aside and before the new one was in its place, the earlier one is
    put back. A folder that holds anything else is none of ours, whatever it is called.
    """
    ours = re.compile(rf"\.{re.escape(target.name)}\.[a-z0-9_]{{8}}\.part")
    with suppress(OSError):  # a folder that cannot be looked at says so when it is written to
        for folder in sorted(target.absolute().parent.iterdir()):
            if ours.fullmatch(folder.name) and folder.is_dir() and not folder.is_symlink():
                _clear_one(folder, target)


def _clear_one(folder: Path, target: Path) -> None:
    held = _hold(folder, wait=False)
    if held is None:
        return
    try:
        if {path.name for path in folder.iterdir()} <= _PARTS:
            if (folder / "former").is_dir() and not os.path.lexists(target):
                (folder / "former").replace(target)
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        _let_go(held)


def _hold(folder: Path, *, wait: bool) -> int | None:
    """Holds a folder until the process ends or lets go; None where another holds it, or where it cannot be held at all."""
    try:
        import fcntl  # noqa: PLC0415 - not on Windows, where leftovers stay
    except ImportError:
        return None
    try:
        held = os.open(folder, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(held)
        return None
    return held


def _let_go(held: int | None) -> None:
    if held is not None:
        os.close(held)


# --- checking and moving ---


def _check(target: Path) -> None:
    """An earlier export is replaced, an empty folder is filled, anything else is left alone."""
    if target.suffix == ".zip" or not target.exists():
        if target.is_dir():
            raise ExportError(f"{target}: a folder; name a .zip file, or a folder to write into")
        return
    if not target.is_dir():
        raise ExportError(f"{target}: a file; an export is a folder, or a .zip file")
    there = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    if there - _exported(target):
        raise ExportError(f"{target}: holds files that are of no earlier export; name another folder")


def _exported(target: Path) -> set[str]:
    """The files that the manifest of an earlier export lists."""
    try:
        package = json.loads((target / manifest.NAME).read_text("utf-8"))
        return {manifest.NAME, *(resource["path"] for resource in package["resources"])}
    except (OSError, ValueError, TypeError, KeyError):
        return set()


@contextmanager
def _told(target: Path) -> Iterator[None]:
    """What the system refuses, in words."""
    try:
        yield
    except OSError as exc:
        why = {
            errno.ENOSPC: "there is no room on the disk",
            errno.EFBIG: "the file grows larger than is allowed",
            errno.EDQUOT: "your quota of the disk is used up",
            errno.EACCES: "you may not write there",
            errno.EROFS: "the disk can only be read",
        }.get(exc.errno or 0, exc.strerror or str(exc))
        raise ExportError(f"{target}: {why}; nothing was written") from exc


def _zipped(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as pack:
        for file in sorted(found for found in folder.rglob("*") if found.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), _MADE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            with file.open("rb") as source, pack.open(entry, "w", force_zip64=True) as sink:
                shutil.copyfileobj(source, sink, _BLOCK)
    return path


def _synced(made: Path) -> None:
    """Makes sure that the disk has it all before anything is moved: a full disk may say so only now."""
    for path in [made] if made.is_file() else [found for found in made.rglob("*") if found.is_file()]:
        with path.open("rb") as stream:
            os.fsync(stream.fileno())


def _move(made: Path, target: Path, working: Path) -> None:
    if not target.is_dir():
        made.replace(target)
        return
    former = working / "former"
    target.replace(former)
    try:
        made.replace(target)
    except BaseException:
        former.replace(target)
        raise

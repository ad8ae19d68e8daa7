"""Writing a whole or nothing: files are made in a hidden folder beside their place, and moved there at the end."""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sayso.errors import ExportError
from sayso.export import manifest

_BLOCK = 1 << 20
_MADE = (1980, 1, 1, 0, 0, 0)  # a zip wants a moment for every file; this one makes no two packs differ


@contextmanager
def placed(target: Path) -> Iterator[Path]:
    """A folder to write into; what is in it when the block ends comes to lie at `target`, a folder or a ``.zip`` file.

    Where the block does not end well nothing is left, and what was at `target` stays. Raises `ExportError` where there is no room
    or no right, and where `target` holds something that is no earlier export.
    """
    _check(target)
    with _told(target):
        target.absolute().parent.mkdir(parents=True, exist_ok=True)
        working = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.absolute().parent))
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

"""HTML to text, title, outlet and day of publication, in a child process that cannot take the parent with it.

One tag with 100,000 attributes was still being parsed after four minutes, and no parser can be interrupted from within.
So one small process parses, under a limit of memory, and is killed when a page takes too long; the next page gets a new
one. The parent imports nothing heavy.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sayso.errors import ConfigError, InputError

if TYPE_CHECKING:
    from types import TracebackType
    from typing import IO, Self

LARGEST_PAGE = 20_000_000  # bytes
_SECONDS = 8.0
_START_SECONDS = 60.0  # importing the parser takes half a second here; a cold and busy machine gets its time
_MEMORY = 1_500_000_000  # bytes; 100 MB of flat HTML took 700 MB to parse
_LONGEST_ANSWER = 6 * LARGEST_PAGE


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says: its article's text and particulars; None where it says nothing of a kind.

    `published_how` tells where the day of publication was stated, `canonical` the address that the page gives itself.
    """

    text: str
    title: str | None
    outlet: str | None
    published: dt.date | None
    published_how: str | None
    canonical: str | None
    issues: tuple[str, ...] = ()


class PageReader:
    """Reads pages one after the other; its process starts with the first and lasts until `close`, or an overrun.

    Use it as a context manager. It is for one thread.
    """

    def __init__(self, *, seconds: float = _SECONDS, memory: int = _MEMORY) -> None:
        """`seconds` a page may take, `memory` in bytes that the process may map."""
        self._seconds = seconds
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process is None:
            return
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):  # of bytes that a process that is gone never read
                cast("IO[bytes]", pipe).close()
        self._process.wait()
        self._process = None

    def read(self, html: bytes, *, url: str | None = None, charset: str | None = None) -> Page:
        """The page of `html`; `url` is where it came from, `charset` what its server said.

        Raises `InputError` for pages that are too large, take too long or too much memory, cannot be parsed, or hold no
        article.
        """
        if len(html) > LARGEST_PAGE:
            raise InputError(f"the page has {len(html):,} bytes; {LARGEST_PAGE:,} are the limit")
        request = {"size": len(html), "url": url, "charset": charset}
        answer = self._ask(json.dumps(request).encode() + b"\n" + html)
        if error := answer.get("error"):
            if answer.get("fatal"):
                self.close()
            raise InputError(str(error))
        return _page(answer["page"])

    def _ask(self, request: bytes) -> dict[str, Any]:
        process = self._running()
        line, overran = _exchange(process, request, self._seconds)
        if line.endswith(b"\n"):
            return cast("dict[str, Any]", json.loads(line))
        self.close()
        if overran:
            raise InputError(f"the page took longer than {self._seconds:g} seconds to parse")
        raise InputError("the page broke the parser, most likely for want of memory")

    def _running(self) -> subprocess.Popen[bytes]:
        """The process, started if need be; `-P` keeps the working directory off its path."""
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.close()
        command = [
            sys.executable,
            "-P",
            "-m",
            "sayso.ingest.worker",
            str(self._memory),
            str(int(2 * self._seconds) + 2),
        ]
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        line, _ = _exchange(self._process, b"", _START_SECONDS)
        answer = json.loads(line) if line.endswith(b"\n") else {"error": "it did not start"}
        if "error" in answer:
            self.close()
            raise ConfigError(f"pages cannot be read: {answer['error']}")
        return self._process


def _exchange(process: subprocess.Popen[bytes], request: bytes, seconds: float) -> tuple[bytes, bool]:
    """One line of answer to `request` and whether the time ran out; a process that takes longer is killed.

    Killing closes both its pipes, which wakes a write or a read that waits for it on every system.
    """
    overran = threading.Event()

    def overrun() -> None:
        overran.set()
        process.kill()

    timer = threading.Timer(seconds, overrun)
    timer.start()
    line = b""
    try:
        stdin, stdout = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        stdin.write(request)
        stdin.flush()
        line = stdout.readline(_LONGEST_ANSWER)
    except BrokenPipeError:
        pass
    finally:
        timer.cancel()
        timer.join()
    return line, overran.is_set()


def _page(answer: dict[str, Any]) -> Page:
    if not answer["text"].strip():
        raise InputError("no article was found on the page")
    published = answer["published"]
    return Page(
        text=answer["text"],
        title=answer["title"],
        outlet=answer["outlet"],
        published=dt.date.fromisoformat(published) if published else None,
        published_how=answer["published_how"],
        canonical=answer["canonical"],
        issues=tuple(answer["issues"]),
    )

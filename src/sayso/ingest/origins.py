"""Which reports were printed from one text: copies, cut copies and lightly edited ones share an origin and count once.

Bylines alone do not show it (in a study of the British press half of all stories were wire copy and one in a hundred said
so), so the words decide. A report becomes a `Signature`: the hashes of its runs of four words, and a few keys under which
likely copies meet. Two signatures are then compared exactly: how much of the shorter text stands, word for word, in the
longer one. The verdict depends on the two signatures alone, the groups on the set of reports, never on the order in
which they came.

What counts is containment, not likeness: a story cut to 40 % has all its words in the whole one and is 40 % like it.
Thresholds were measured by `python evaluation/origins.py` on copies made of news of 200 and more words; its figures
stand in docs/sources.md.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import json
import re
import unicodedata
import zlib
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import numpy as np

from sayso.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sayso.model import Report

# Measured on 110 texts and 16 reports made of each, all in one ledger (docs/sources.md). What counts there is that a false pair
# makes one group of two: without MOSTLY, round-ups did so, and of a report's group 0.70 belonged there; with 0.5 it was 0.95, with
# 0.6 and 0.7 0.97. COVERED at 0.33 is no more precise and loses copies that were cut to 40 %.
DAYS_APART = 7
CONTAINED = 0.55
CONTAINED_SAME_AGENCY = (
    0.35  # this and the next are chosen, not measured: the texts at hand name their agency too rarely
)
CONTAINED_OTHER_AGENCY = 0.75
COVERED = 0.28
MOSTLY = (
    0.5  # covered less than that, the shorter text must have the beginning of the longer one: papers cut from the end
)
BEGINNING_SHARED = 0.25
FEWEST_SHARED = 20  # runs; chosen, so that a quotation of two sentences is none
_LINKED = 0.1

_RUN = 4  # words
_BEGINNING = 40  # runs
_MOST_WORDS = 20_000  # of one text; no report has more
_KEYS = 48
_KEY_HASHES = 2
_FORMAT = 2


@dataclass(frozen=True)
class Signature:
    """What is kept of a report to find its copies: about four bytes a word, and the keys of a sketch.

    `runs` are the hashes of its runs of four words, sorted, little-endian, four bytes each, `beginning` those of its first runs;
    `link` is the canonical address without what only counts readers, `agency` the news agency that the text credits. Reports that
    share one of the `keys` are candidates.
    """

    published: dt.date | None
    link: str | None
    agency: str | None
    beginning: bytes
    runs: bytes
    keys: tuple[int, ...]

    @cached_property
    def hashes(self) -> NDArray[np.uint32]:
        """The runs as an array."""
        return np.frombuffer(self.runs, dtype="<u4")

    def to_bytes(self) -> bytes:
        """The signature as a ledger stores it."""
        day = self.published.isoformat() if self.published else None
        head = [_FORMAT, day, self.link, self.agency, len(self.keys), len(self.beginning)]
        keys = np.array(self.keys, dtype="<u8").tobytes()
        return json.dumps(head).encode() + b"\n" + keys + self.beginning + self.runs

    @classmethod
    def from_bytes(cls, data: bytes) -> Signature:
        """The signature that `to_bytes` made. Raises `DataError` for anything else."""
        head, _, rest = data.partition(b"\n")
        try:
            version, published, link, agency, keys, begin = json.loads(head)
            if version != _FORMAT or begin % 4 or len(rest) < 8 * keys + begin or len(rest) % 4:
                raise ValueError(f"format {version}")
            day = dt.date.fromisoformat(published) if published else None
        except (ValueError, TypeError) as exc:
            raise DataError(
                "this is no signature of a report, or of another version: make it again from the text"
            ) from exc
        sketch, begin, runs = rest[: 8 * keys], rest[8 * keys : 8 * keys + begin], rest[8 * keys + begin :]
        return cls(day, link, agency, begin, runs, tuple(map(int, np.frombuffer(sketch, dtype="<u8"))))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether two reports share an origin, why or why not in words, and how much of the shorter stands in the longer (0 to 1)."""

    same: bool
    reason: str
    contained: float = 0.0


def signature(report: Report) -> Signature:
    """The signature of `report`."""
    agency = credit(report)
    runs = _runs(words(report.text))
    beginning, hashes = np.unique(runs[:_BEGINNING]), np.unique(runs)
    link = _link(report.canonical or report.url)
    return Signature(report.published, link, agency, beginning.tobytes(), hashes.tobytes(), _keys(hashes))


def same_origin(one: Signature, other: Signature) -> Verdict:
    """Whether two reports were printed from one text. Which comes first makes no difference."""
    if not _near(one.published, other.published):
        return Verdict(False, f"published more than {DAYS_APART} days apart")
    shared = _shared(one.hashes, other.hashes)
    shorter, longer = sorted((one.hashes.size, other.hashes.size))
    if not shorter:
        return Verdict(False, "one of them has no words")
    if shared == longer:
        return Verdict(True, "the same text, word for word", 1.0)
    contained, covered = shared / shorter, shared / longer
    if one.link and one.link == other.link and contained >= _LINKED:
        return Verdict(
            True, f"both give {one.link} as their address and share {contained:.0%} of the shorter text", contained
        )
    said = f"{contained:.0%} of the shorter text stands word for word in the longer"
    wanted, why = _wanted(one.agency, other.agency)
    if shared < FEWEST_SHARED:
        wanted, why = 2.0, "; too few words to tell"
    elif covered < COVERED or (covered < MOSTLY and not _begins(one, other)):
        wanted, why = (
            2.0,
            f" and makes up {covered:.0%} of it{'' if covered < COVERED else ', not its beginning'}: a round-up or a quotation",
        )
    return Verdict(contained >= wanted, said + why, contained)


def sign(report: Report) -> tuple[bytes, tuple[int, ...]]:
    """The signature of a report as bytes, and the keys under which its likely copies meet: what a ledger keeps of it."""
    made = signature(report)
    return made.to_bytes(), tuple(_number(place) for place in _places(made))


def alike(one: bytes, other: bytes) -> bool:
    """Whether the reports with these signatures (`sign`) share an origin. Raises `DataError` for other bytes."""
    return same_origin(Signature.from_bytes(one), Signature.from_bytes(other)).same


def _number(place: int | str) -> int:
    """A key, or an address, as a number that a signed column of 64 bits can hold."""
    return place if isinstance(place, int) else int.from_bytes(hashlib.sha256(place.encode()).digest()[:8]) >> 1


def _begins(one: Signature, other: Signature) -> bool:
    """Whether the shorter text has the beginning of the longer one."""
    shorter, longer = sorted((one, other), key=lambda signature: len(signature.runs))
    beginning = np.frombuffer(longer.beginning, dtype="<u4")
    return _shared(beginning, shorter.hashes) >= BEGINNING_SHARED * beginning.size


def _wanted(one: str | None, other: str | None) -> tuple[float, str]:
    """How much must be the same, by what the two reports credit."""
    if one and other:
        if one == other:
            return CONTAINED_SAME_AGENCY, f"; both credit {one}"
        return CONTAINED_OTHER_AGENCY, "; they credit {} and {}".format(*sorted((one, other)))
    return CONTAINED, ""


def _shared(one: NDArray[np.uint32], other: NDArray[np.uint32]) -> int:
    """How many hashes are in both; each array is sorted and has each hash once."""
    if one.size > other.size:
        one, other = other, one
    if not one.size:
        return 0
    at = np.searchsorted(other, one)
    at[at == other.size] = 0
    return int(np.count_nonzero(other[at] == one))


class Origins:
    """Many reports and who among them shares an origin: the connected parts of all verdicts "same".

    The same reports give the same groups whatever the order in which they were added.
    """

    def __init__(self) -> None:
        self._signatures: dict[str, Signature] = {}
        self._by_key: defaultdict[int | str, list[str]] = defaultdict(list)
        self._parents: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._signatures)

    def candidates(self, wanted: Signature) -> list[str]:
        """Ids of reports that may be copies and were published within the days allowed, sorted."""
        found = set(itertools.chain.from_iterable(self._by_key.get(key, ()) for key in _places(wanted)))
        return sorted(key for key in found if _near(self._signatures[key].published, wanted.published))

    def add(self, report_id: str, added: Signature) -> dict[str, Verdict]:
        """Put a report among the others; the ones that share its origin, and why. An id that is known changes nothing."""
        if report_id in self._signatures:
            return {}
        verdicts = {other: same_origin(added, self._signatures[other]) for other in self.candidates(added)}
        self._signatures[report_id] = added
        self._parents[report_id] = report_id
        for key in _places(added):
            self._by_key[key].append(report_id)
        same = {other: verdict for other, verdict in verdicts.items() if verdict.same}
        for other in same:
            self._join(report_id, other)
        return same

    def origin(self, report_id: str) -> str:
        """The id that stands for the origin of a report: of the earliest published in its group, of those the smallest."""
        root = report_id
        while self._parents[root] != root:
            root = self._parents[root]
        while self._parents[report_id] != root:
            self._parents[report_id], report_id = root, self._parents[report_id]
        return root

    def groups(self) -> list[list[str]]:
        """All ids by origin, sorted; a report without copies is a group of its own."""
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for report_id in self._signatures:
            groups[self.origin(report_id)].append(report_id)
        return sorted(sorted(group) for group in groups.values())

    def _join(self, one: str, other: str) -> None:
        first, second = sorted((self.origin(one), self.origin(other)), key=self._age)
        self._parents[second] = first

    def _age(self, report_id: str) -> tuple[dt.date, str]:
        return self._signatures[report_id].published or dt.date.max, report_id


def _places(wanted: Signature) -> Iterator[int | str]:
    yield from wanted.keys
    if wanted.link:
        yield wanted.link


def _near(one: dt.date | None, other: dt.date | None) -> bool:
    return one is None or other is None or abs((one - other).days) <= DAYS_APART


# --- words and hashes ---

# Scripts without spaces between words count by characters.
_WORD = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|[^\W_]+(?:['’][^\W_]+)*")


def words(text: str) -> list[str]:
    """The words of a text as they are compared: lower-cased, without marks, without dateline and credits around them."""
    body = _without_credits(text[: 40 * _MOST_WORDS])
    found = _WORD.findall(unicodedata.normalize("NFKC", body).casefold().replace("’", "'"))
    return found[:_MOST_WORDS]


def _without_credits(text: str) -> str:
    """Only the ends are looked at: patterns with open ends take the square of what they are given."""
    head, tail = _ends(text, 2 * _TAIL)
    for _ in range(3):
        tail = _CREDIT_LINE.sub("", _CREDITS_AT_END.sub("", tail))
    if len(text) <= _HEAD + 2 * _TAIL:
        return _DATELINE.sub("", tail, count=1)
    return _DATELINE.sub("", head, count=1) + text[_HEAD : -2 * _TAIL] + tail


def _ends(text: str, last: int) -> tuple[str, str]:
    """The beginning and the `last` characters of a text, every run of blanks in the latter as one line end or space."""
    tail = re.sub(
        r"\s+", lambda blank: "\n" if "\n" in blank[0] else " ", text[-last:] if len(text) > _HEAD + last else text
    )
    return text[:_HEAD].strip(), tail.rstrip()


def _runs(text: list[str]) -> NDArray[np.uint32]:
    """Hashes of all runs of four words, in their order; a shorter text is one run."""
    if not text:
        return np.empty(0, dtype="<u4")
    codes = np.array([zlib.crc32(word.encode("utf-8", "replace")) for word in text], dtype=np.uint64)
    codes = np.pad(codes, (0, max(0, _RUN - codes.size)))
    mixed = np.zeros(codes.size - _RUN + 1, dtype=np.uint64)
    for offset in range(_RUN):
        mixed = _mixed(mixed ^ codes[offset : codes.size - _RUN + 1 + offset])
    return (mixed >> np.uint64(32)).astype("<u4")


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Every bit of the result depends on every bit given (the finish of splitmix64); wraps on purpose."""
    values = (values + np.uint64(0x9E3779B97F4A7C15)) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


_SEEDS = _mixed(np.arange(1, _KEYS * _KEY_HASHES + 1, dtype=np.uint64))
_PIECE = 2_048  # runs hashed at once: 1.5 MB


def _keys(hashes: NDArray[np.uint32]) -> tuple[int, ...]:
    """The sketch: of 96 orders of all runs the first of this text's, taken two by two.

    Two texts of which a share s of all runs is common meet under one key at least with 1 - (1 - s²)^48: 0.99 at s = 0.3.
    """
    if not hashes.size:
        return ()
    least = np.full(_SEEDS.size, np.iinfo(np.uint64).max, dtype=np.uint64)
    for start in range(0, hashes.size, _PIECE):
        piece = hashes[start : start + _PIECE].astype(np.uint64)
        least = np.minimum(least, _mixed(piece[:, None] ^ _SEEDS[None, :]).min(axis=0))
    pairs = least.reshape(_KEYS, _KEY_HASHES)
    keys = _mixed(pairs[:, 0] ^ _mixed(pairs[:, 1] ^ np.arange(_KEYS, dtype=np.uint64))) >> np.uint64(
        1
    )  # fits a signed column
    return tuple(int(key) for key in keys)


# --- credits ---

# Names under which agencies are credited. Names of three letters count in capitals only.
_AGENCIES: dict[str, tuple[str, ...]] = {
    "AFP": ("AFP", "Agence France-Presse", "Agence France Presse"),
    "AP": ("AP", "Associated Press", "The Associated Press"),
    "Reuters": ("Reuters", "REUTERS", "Thomson Reuters"),
    "dpa": ("dpa", "DPA", "Deutsche Presse-Agentur"),
    "EFE": ("EFE", "Agencia EFE"),
    "ANSA": ("ANSA",),
    "Xinhua": ("Xinhua", "XINHUA", "Xinhua News Agency"),
    "TASS": ("TASS", "ITAR-TASS", "Itar-Tass"),
    "Interfax": ("Interfax",),
    "RIA Novosti": ("RIA Novosti",),
    "PTI": ("PTI", "Press Trust of India"),
    "ANI": ("ANI", "Asian News International"),
    "IANS": ("IANS", "Indo-Asian News Service"),
    "UPI": ("UPI", "United Press International"),
    "Anadolu": ("Anadolu Agency", "Anadolu"),
    "APA": ("APA", "African Press Agency"),
    "PANA": ("PANA", "Panapress", "Pan-African News Agency"),
    "Kyodo": ("Kyodo", "KYODO", "Kyodo News"),
    "Yonhap": ("Yonhap", "YONHAP", "Yonhap News Agency"),
    "PA": ("PA Media", "Press Association"),
    "Bloomberg": ("Bloomberg",),
    "Bernama": ("Bernama", "BERNAMA"),
    "Belga": ("Belga", "BELGA"),
    "ANP": ("ANP",),
    "NAN": ("NAN", "News Agency of Nigeria"),
    "GNA": ("GNA", "Ghana News Agency"),
    "MENA": ("Middle East News Agency",),
    "SANA": ("SANA",),
    "IRNA": ("IRNA",),
    "WAM": ("WAM",),
}
_AGENCY_BY_NAME = {name: agency for agency, names in _AGENCIES.items() for name in names}
_NAMES = "|".join(sorted(map(re.escape, _AGENCY_BY_NAME), key=len, reverse=True))
_CREDITS_AT_END = re.compile(
    r"\s?\((?:additional |with )?(?:reporting|writing|editing|edited|compiled|written|reported)\b[^()]{0,400}\)[\s.]{0,3}\Z",
    re.IGNORECASE,
)
# "PARIS, Aug 10 (AFP) - " or "BAMAKO (Reuters) — " at the beginning; a dash must close it.
_DATELINE = re.compile(
    rf"\A\s*(?:[^\W\d_][^\n()]{{0,80}}?[\s,/]*)?[(/\[]\s*(?:{_NAMES})(?:\s*[/,&]\s*[\w .-]{{1,30}})?\s*[)/\]]\s*[-–—:]{{1,2}}\s*"
    rf"|\A\s*(?:[A-Z][^\n()a-z]{{1,40}},?[^\n()]{{0,25}}?[\s,]+)?(?:{_NAMES})\s*[-–—:]{{1,2}}\s+"
)
_CREDIT_LINE = re.compile(
    rf"\s?(?:^|\n|[-–—(\[©/|]|\.\s)\s?(?:©\s?|Copyright\s?(?:\(c\)|©)?\s?)?(?:\d{{4}}\s)?(?:The\s)?"
    rf"(?:Source[s]?:\s?|With\s|Agencies[,/ ]{{0,2}}|By\s)?(?:{_NAMES})(?:\s?[/,&]\s?[\w .-]{{1,30}})?\s?[)\]/.]{{0,3}}\s?\Z"
)
_BYLINE = re.compile(rf"\A[^\n]{{0,120}}?\bBy\s[^\n]{{0,80}}?\b(?:{_NAMES})\b")
_NAME = re.compile(rf"\b(?:{_NAMES})\b")
_HEAD, _TAIL = 250, 300  # characters in which credits stand


def credit(report: Report) -> str | None:
    """The news agency that a report credits, as outlet, in its dateline, its byline or its last line; None for none.

    Example: "NIAMEY, Aug 10 (Reuters) - Soldiers said ..." -> "Reuters"
    """
    if report.outlet and (agency := _AGENCY_BY_NAME.get(report.outlet.strip())):
        return agency
    head, tail = _ends(report.text, _TAIL)
    for pattern, text in ((_DATELINE, head), (_CREDIT_LINE, _CREDITS_AT_END.sub("", tail)), (_BYLINE, head)):
        if (found := pattern.search(text)) and (name := _NAME.search(found[0])):
            return _AGENCY_BY_NAME[name[0]]
    return None


# --- links ---

_COUNTERS = re.compile(
    r"utm_\w+|fbclid|gclid|mc_[ce]id|ref|cmp|ns_\w+|amp|outputtype|at_\w+|ocid|smid|src", re.IGNORECASE
)


def _link(url: str | None) -> str | None:
    """An address as two reports are compared by: without scheme, "www.", counters and fragment; None if it leads to no story."""
    if not url:
        return None
    try:
        parts: Any = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.").removeprefix("amp.").removeprefix("m.")
    except ValueError:
        return None
    path = parts.path.rstrip("/").removesuffix("/amp")
    query = urlencode(sorted((key, value) for key, value in parse_qsl(parts.query) if not _COUNTERS.fullmatch(key)))
    if not host or (len(path) < 2 and not query):
        return None
    return f"{host}{path}{'?' + query if query else ''}"

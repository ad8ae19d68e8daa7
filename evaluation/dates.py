"""Measure the rules for dates and counts against annotated text.

    python evaluation/dates.py --wikiwars wikiwars-train.jsonl --gold train.jsonl [--meantime meantime.jsonl] [--misses]

Prints one figure a line: precision, recall and F1 of time expressions with the right TIMEX3 value on WikiWars (in
narrative, the last date told stands in for the day of publication) and on news (MEANTIME), with spans given and end to
end; the share of dated gold claims whose trigger's sentence holds an expression that resolves to the claim's date; and
the share of gold counts whose bounds and counted thing come out right.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sayso.model import Span
from sayso.resolve import counts, dates

if TYPE_CHECKING:
    from collections.abc import Iterator

Row = dict[str, Any]
# Values that a date or an interval can be compared with: days to centuries, with weeks, seasons and parts of years.
_COMPARABLE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?(?:T.*)?|-W\d\d(?:-WE)?|-[HQ]\d|-(?:SP|SU|FA|WI))?|\d{2,3}")
_SENTENCE_END = re.compile(r"\n+|(?<=[.!?])[\"”’)]*\s+(?=[“\"(]?[A-Z])")
_ABBREVIATION = re.compile(
    r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|St|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|Lt|Col|Janv)\.$"
)


class Figure(NamedTuple):
    """Right answers among those given and those wanted."""

    name: str
    right: int
    given: int
    wanted: int

    def __str__(self) -> str:
        precision, recall = self.right / max(1, self.given), self.right / max(1, self.wanted)
        f1 = 2 * self.right / max(1, self.given + self.wanted)
        shares = f"f1 {f1:.3f}  p {precision:.3f}  r {recall:.3f}"
        return f"{self.name:28} {shares}  ({self.right} right, {self.given} given, {self.wanted} wanted)"


def rows(path: Path) -> Iterator[Row]:
    """Objects of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def sentence_around(text: str, place: Span) -> Span:
    """The sentence that holds `place`; abbreviations do not end one."""
    start, end = 0, len(text)
    for match in _SENTENCE_END.finditer(text):
        if "\n" not in match.group() and _ABBREVIATION.search(text[: match.start()][-8:]):
            continue
        if match.end() <= place.start:
            start = match.end()
        elif match.start() >= place.end:
            end = match.start()
            break
    return Span(start, end)


def as_interval(timex: str) -> str | None:
    """A TIMEX3 value as days, months or years in the form that `dates.resolve` gives; None where it has none.

    Example: "2009-W49" -> "2009-11-30/2009-12-06"; "1943-SU" -> "1943"; "193" -> "1930/1939"
    """
    if not _COMPARABLE.fullmatch(timex):
        return None
    if match := re.fullmatch(r"(\d{4})-W(\d\d)(-WE)?", timex):
        monday = dt.date.fromisocalendar(int(match[1]), int(match[2]), 1)
        first = monday + dt.timedelta(days=5) if match[3] else monday
        return f"{first}/{monday + dt.timedelta(days=6)}"
    if match := re.fullmatch(r"(\d{4})-([HQ])(\d)", timex):
        months = 6 if match[2] == "H" else 3
        last = int(match[3]) * months
        return f"{match[1]}-{last - months + 1:02d}/{match[1]}-{last:02d}"
    if len(timex) == 3:
        return f"{timex}0/{timex}9"
    if len(timex) == 2:
        return f"{timex}01/{int(timex) + 1}00"
    return re.split(r"T|-[SFW]", timex, maxsplit=1)[0]


def _last_day(value: str) -> dt.date | None:
    """The day that the next words of a narrative count from: the end of the last date told."""
    end = value.rsplit("/", maxsplit=1)[-1]
    try:
        return dt.date.fromisoformat(end) if len(end) == 10 else dt.date(int(end[:4]), 12, 31)
    except ValueError:
        return None


def _narrative(text: str, spans: list[Span]) -> Iterator[tuple[Span, str | None]]:
    """Each span with its value, where months and days without a year are of the year last told."""
    told: dt.date | None = None
    for span in spans:
        value = _in_year(span.of(text), told)
        yield span, value
        if value and (last := _last_day(value)):
            told = last


def _in_year(words: str, told: dt.date | None) -> str | None:
    """The value of `words` as counted from two days of the year told, of which one leaves every month in that year."""
    values = []
    for month, day in ((12, 31), (10, 27)):
        reference = dt.date(told.year, month, day) if told else None
        value, _ = dates.resolve(words, reference, anchor=told, future=False)
        values.append(value.value if value else None)
    return next((value for value in values if value and told and value.startswith(str(told.year))), values[0])


def _news(text: str, spans: list[Span], published: dt.date) -> Iterator[tuple[Span, str | None]]:
    for span in spans:
        sentence = sentence_around(text, span)
        value, _ = dates.resolve(span.of(text), published, context=sentence.of(text))
        yield span, value.value if value else None


def _compare(name: str, wanted: dict[Span, str], given: dict[Span, str | None], misses: list[str], text: str) -> Figure:
    """Values right where spans overlap; each gold expression is matched once."""
    right, answers, left = 0, 0, dict(wanted)
    for span, value in given.items():
        if not value:
            continue
        gold = [other for other in left if other.overlaps(span)]
        # TIMEX3 marks the ends of "from A to B" one by one, and "since A" as A.
        ends = (
            value.split("/")
            if len(gold) > 1
            else [value, value.split("/")[0]]
            if re.match("since ", span.of(text), re.IGNORECASE)
            else [value]
        )
        hits = [other for other in gold if left[other] in ends]
        right += len(hits)
        answers += max(1, len(gold))
        if len(hits) < max(1, len(gold)):
            misses.append(f"{name}: {span.of(text)!r} is {value}, wanted {[left[other] for other in gold]}")
        for other in hits:
            del left[other]
    misses.extend(f"{name}: missed {span.of(text)!r} = {value}" for span, value in left.items())
    return Figure(name, right, answers, len(wanted))


def _summed(name: str, figures: list[Figure]) -> Figure:
    return Figure(name, sum(f.right for f in figures), sum(f.given for f in figures), sum(f.wanted for f in figures))


def timexes(path: Path, name: str, misses: list[str]) -> list[Figure]:
    """Value F1 with spans given and end to end, over the values that a calendar interval can have."""
    given_spans, end_to_end = [], []
    for row in rows(path):
        text, news = row["text"], "fully_annotated" in row
        wanted: dict[Span, str] = {}
        for timex in row["timexes"]:
            spans = timex["spans"] if news else [timex["span"]]
            value = as_interval(timex["value"] or "") if spans and timex.get("function") != "CREATION_TIME" else None
            if value:
                wanted[Span(spans[0][0], spans[-1][1])] = value
        found = dates.find(text)
        if news:
            try:
                published = dt.date.fromisoformat(row["published"])
            except ValueError:
                continue
            first, last = row["fully_annotated"]
            found = [span for span in found if first <= span.start < last and span.start > len(row["title"]) + 20]
            resolved = [dict(_news(text, spans, published)) for spans in (list(wanted), found)]
        else:
            resolved = [dict(_narrative(text, spans)) for spans in (sorted(wanted), found)]
        given_spans.append(_compare(f"{name}, spans given", wanted, resolved[0], misses, text))
        end_to_end.append(_compare(f"{name}, end to end", wanted, resolved[1], misses, text))
    return [_summed(f"{name}, spans given", given_spans), _summed(f"{name}, end to end", end_to_end)]


def gold_dates(path: Path, misses: list[str]) -> list[Figure]:
    """Dated claims whose trigger's sentence has an expression of their date; and whether the nearest one is it."""
    n: Counter[str] = Counter()
    for row in rows(path):
        text = row["text"]
        published = dt.date.fromisoformat(row["published"]) if row["published"] else None
        for claim in row["claims"]:
            if not claim["date"]:
                continue
            n["dated"] += 1
            trigger = Span(*claim["trigger"])
            sentence = sentence_around(text, trigger)
            spans = [Span(s.start + sentence.start, s.end + sentence.start) for s in dates.find(sentence.of(text))]
            if not spans:
                continue
            n["with words"] += 1
            future = True if claim["status"] == "planned" else None
            values = {
                span: dates.resolve(span.of(text), published, context=sentence.of(text), future=future)
                for span in spans
            }
            given = {span: value.value for span, (value, _) in values.items() if value}
            n["any"] += claim["date"] in given.values()
            n["answered"] += bool(given)
            if given:
                nearest = min(given, key=trigger.gap)
                n["nearest"] += given[nearest] == claim["date"]
            if claim["date"] not in given.values():
                told = {span.of(text): value.value if value else reason for span, (value, reason) in values.items()}
                misses.append(
                    f"gold {published}: {claim['date']} {trigger.of(text)!r} not in {told}: {sentence.of(text)[:300]}"
                )
    return [
        Figure("gold, any in the sentence", n["any"], n["answered"], n["with words"]),
        Figure("gold, the nearest to trigger", n["nearest"], n["answered"], n["with words"]),
        Figure("gold, of all dated claims", n["any"], n["answered"], n["dated"]),
    ]


def gold_counts(path: Path, misses: list[str]) -> list[Figure]:
    """Bounds and counted thing of gold counts, their spans given."""
    n: Counter[str] = Counter()
    for row in rows(path):
        text = row["text"]
        found = counts.find(text)
        for claim in row["claims"]:
            if not (count := claim["count"]):
                continue
            n["counts"] += 1
            span = Span(*count["span"])
            before, after = text[max(0, span.start - 80) : span.start], text[span.end : span.end + 80]
            bounds, _ = counts.resolve(span.of(text), before, after)
            trigger = Span(*claim["trigger"]).of(text)
            what = counts.what(trigger, claim["type"], claim["mode"], before=before, after=after)
            n["answered"] += bounds is not None
            n["bounds"] += bounds == (count["low"], count["high"])
            n["what"] += what == count["what"]
            n["found"] += any(other.overlaps(span) for other in found)
            if bounds != (count["low"], count["high"]) or what != count["what"]:
                misses.append(f"count {span.of(text)!r} is {bounds} {what}, wanted {count}, trigger {trigger!r}")
    return [
        Figure("gold counts, bounds", n["bounds"], n["answered"], n["counts"]),
        Figure("gold counts, what", n["what"], n["counts"], n["counts"]),
        Figure("gold counts, found", n["found"], n["found"], n["counts"]),
    ]


def main() -> None:
    """Print the figures of every corpus that was named."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--wikiwars", type=Path)
    options.add_argument("--meantime", type=Path)
    options.add_argument("--gold", type=Path)
    options.add_argument("--misses", action="store_true", help="list on standard error what came out wrong")
    args = options.parse_args()
    misses: list[str] = []
    figures: list[Figure] = []
    if args.wikiwars:
        figures += timexes(args.wikiwars, "wikiwars", misses)
    if args.meantime:
        figures += timexes(args.meantime, "meantime", misses)
    if args.gold:
        figures += gold_dates(args.gold, misses) + gold_counts(args.gold, misses)
    sys.stdout.writelines(f"{figure}\n" for figure in figures)
    if args.misses:
        sys.stderr.writelines(f"{miss}\n" for miss in misses)


if __name__ == "__main__":
    main()

"""Time expressions of news English to days, months, years and intervals: "early Monday", "the weekend", "since 2012".

A grammar of intervals: every rule of `_RULES` is one form of words with the function that turns a match into a period
of whole days, months or years. What general parsers read wrongly in news is decided here, by the habits of the
annotated reports:

- a weekday is the one on or before the day of publication, or on or after it where the words speak of what is to come;
- a week runs from Monday to Sunday; "this week" ends with the day of publication, "late last week" is Thursday on;
- "early June" and "late 2016" are June and 2016, for ISO 8601 has no part of them;
- "three months ago" is a month, "four years ago" a year; "the past three days" and "since July" end at publication.

A guess is never a value: without a day of publication relative words stay open, "recently" and 03/04/2020 stay open
always, and each says why. Month names and weekdays that are also words or names (May, March, Sunday Times) count only
where what stands around them makes them dates.

Measured by ``python evaluation/dates.py``: WikiWars (training part, calendar values) F1 0.90 with spans given and 0.89
end to end; MEANTIME news 0.70 and 0.75 ("since 2004" is 2004 there, an interval here); of the dated training claims
whose trigger's sentence has time words, 0.88 have their date among them, and the expression nearest to the trigger
has it in 0.85.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from sayso.model import Date, Span
from sayso.resolve.counts import value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_DAY = dt.timedelta(days=1)
Unit = Literal["day", "month", "year"]


class _NoDateError(Exception):
    """Words that name no certain date; the message is the reason that `resolve` returns."""


class _Period(NamedTuple):
    """Whole days `first` to `last`, to be written in `unit`s; `how` says by which rule."""

    first: dt.date
    last: dt.date
    unit: Unit
    how: str

    def iso(self) -> str:
        """A day, month or year in ISO 8601, or "start/end" of the same precision."""
        digits = {"day": 10, "month": 7, "year": 4}[self.unit]
        start, end = self.first.isoformat()[:digits], self.last.isoformat()[:digits]
        return start if start == end else f"{start}/{end}"


@dataclass(frozen=True, slots=True)
class _Frame:
    """What relative words count from: the day of publication, whether the words look ahead, and a date told before."""

    published: dt.date | None
    future: bool = False
    anchor: dt.date | None = None
    perfect: bool = False

    @property
    def day(self) -> dt.date:
        """The day of publication, without which relative words name nothing."""
        if self.published is None:
            raise _NoDateError("no publication date to count from")
        return self.published

    @property
    def told(self) -> dt.date:
        """The date that "a day earlier" counts from."""
        if self.anchor is None:
            raise _NoDateError("counts from another date, which the words do not give")
        return self.anchor


# --- the vocabulary ---

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTH = (
    r"(?:(?:january|february|march|april|june|july|august|september|october|november|december)\b|may\b(?:\.(?= \d))?|"
    r"(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
)
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_WEEKDAY_SHORT = r"(?:mon|tues?|wed|thurs?|thu|fri|sat|sun)\b\.?"
_D = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\d:])"
_Y = r"(?:1[0-9]\d\d|20\d\d)(?!\d|,\d)"
_SMALL = (
    r"an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
)
_N = rf"(?:\d{{1,3}}|(?:{_SMALL})(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?)"
_UNIT = r"(?:day|week|month|year|decade)"
_EDGE = r"(?:early|late|mid|(?:the )?(?:very )?(?:end|beginning|start|middle) of|the middle of|later in|earlier in)"
_PART = r"(?:(?:early|late|mid)[ -]?)?(?:morning|afternoon|evening|night|midday|noon|midnight|lunchtime|dawn)"
_SEASON = r"(?:spring|summer|autumn|fall|winter)"
_REL = r"(?:last|this past|this coming|this|next)"
_S = r"(?:['’]s)?"


def _month_of(name: str) -> int:
    return _MONTH_NAMES.index(name[:3].lower()) + 1


def _weekday_of(name: str) -> int:
    """0 for Monday."""
    return _DAY_NAMES.index(name[:3].lower())


def _number(words: str) -> int:
    value = 1 if words.lower() in ("a", "an") else value_of(words)
    if not value:
        raise _NoDateError(f"{words!r} is no number")
    return value


# --- periods ---


def _one_day(day: dt.date, how: str) -> _Period:
    return _Period(day, day, "day", how)


def _month_period(year: int, month: int, how: str) -> _Period:
    last = calendar.monthrange(year, month)[1]
    return _Period(dt.date(year, month, 1), dt.date(year, month, last), "month", how)


def _year_period(year: int, how: str, last: int | None = None) -> _Period:
    return _Period(dt.date(year, 1, 1), dt.date(last or year, 12, 31), "year", how)


def _week_period(day: dt.date, how: str) -> _Period:
    monday = day - day.weekday() * _DAY
    return _Period(monday, monday + 6 * _DAY, "day", how)


def _plus_months(day: dt.date, months: int) -> dt.date:
    """The first of the month `months` after that of `day`."""
    index = day.year * 12 + day.month - 1 + months
    return dt.date(index // 12, index % 12 + 1, 1)


def _shifted(day: dt.date, number: int, unit: str, how: str) -> _Period:
    """The day, week, month or year that lies `number` of them from `day`."""
    if unit == "day":
        return _one_day(day + number * _DAY, how)
    if unit == "week":
        return _week_period(day + 7 * number * _DAY, f"{how}, its week from Monday to Sunday")
    if unit == "month":
        target = _plus_months(day, number)
        return _month_period(target.year, target.month, how)
    if unit == "year":
        return _year_period(day.year + number, how)
    raise _NoDateError(f"a {unit} is too vague for a date")


def _stretch(day: dt.date, number: int, unit: str, how: str) -> _Period:
    """The `number` units that end (or, below 0, begin) at `day`; one year is told in months, as annotators do."""
    if unit == "year" and abs(number) == 1:
        number, unit = 12 * number, "month"
    if unit == "decade":
        number, unit = 10 * number, "year"
    if unit == "month":
        first = _plus_months(day, -number)
        ends = sorted((first, day.replace(day=1)))
        return _Period(ends[0], ends[1], "month", how)
    if unit == "year":
        years = sorted((day.year - number, day.year))
        return _year_period(years[0], how, years[1])
    days = sorted((day - number * (7 if unit == "week" else 1) * _DAY, day))
    return _Period(days[0], days[1], "day", how)


def _calendar_day(year: int, month: int, day: int, how: str) -> _Period:
    try:
        return _one_day(dt.date(year, month, day), how)
    except ValueError:
        raise _NoDateError(f"there is no day {year}-{month:02d}-{day:02d}") from None


# --- one function a form of words ---

_Match = re.Match[str]


def _iso(match: _Match, _: _Frame) -> _Period:
    year, month, day = (int(match[name]) for name in ("y", "m", "d"))
    return _calendar_day(year, month, day, "calendar date as written")


def _slashed(match: _Match, _: _Frame) -> _Period:
    first, second, year = int(match["a"]), int(match["b"]), int(match["y"])
    if first != second and first <= 12 and second <= 12:
        raise _NoDateError(f"{match.group()!r} may be day-month or month-day")
    day, month = (second, first) if second > 12 else (first, second)
    if month > 12:
        raise _NoDateError(f"{match.group()!r} is no calendar date")
    return _calendar_day(year, month, day, "calendar date as written")


def _year_named(match: _Match, frame: _Frame) -> int | None:
    """The year that the match gives itself, as digits or as "last year"."""
    groups = match.groupdict()
    if groups.get("y"):
        return int(match["y"])
    if groups.get("rely"):
        return frame.day.year + {"last": -1, "this": 0, "next": 1}[match["rely"].lower()]
    return None


def _month_day(match: _Match, frame: _Frame) -> _Period:
    month, day = _month_of(match["m"]), int(re.sub(r"\D", "", match["d"]))
    year = _year_named(match, frame)
    if year is not None:
        return _calendar_day(year, month, day, "calendar date as written")
    return _without_year(month, day, frame, match.groupdict().get("w"))


# News names the year of what lies a year back: "15 August" in a report of 12 August is three days ahead.
# On MEANTIME this sets four dates right, on the training gold one wrong. Months alone stay in the past: there "In
# September" of a report of August is last year's.
_LONG_PAST, _NEAR_AHEAD = 300 * _DAY, 65 * _DAY


def _without_year(month: int, day: int, frame: _Frame, weekday: str | None = None) -> _Period:
    """A day and month without a year: the last up to publication, or the next where the words look ahead.

    A weekday beside them decides alone, where only one year about publication has it on that weekday.
    """
    years = [y for y in range(frame.day.year - 1, frame.day.year + 2) if day <= calendar.monthrange(y, month)[1]]
    candidates = [dt.date(year, month, day) for year in years]
    if weekday:
        fitting = [c for c in candidates if c.weekday() == _weekday_of(weekday)]
        if len(fitting) == 1:
            return _one_day(fitting[0], "day and month as written, in the year that has them on that weekday")
    past = max((c for c in candidates if c <= frame.day), default=None)
    ahead = min((c for c in candidates if c >= frame.day), default=None)
    if ahead and (frame.future or past is None or (frame.day - past > _LONG_PAST and ahead - frame.day < _NEAR_AHEAD)):
        return _one_day(ahead, "day and month as written, the next from publication")
    if past is None:
        raise _NoDateError(f"no day {month:02d}-{day:02d} near the publication date")
    return _one_day(past, "day and month as written, the last up to publication")


def _day_range(match: _Match, frame: _Frame) -> _Period:
    """Days of "May 27-28", "July 30 to August 2, 2020"; a month or year named once holds for both."""
    month2 = _month_of(match["m2"] or match["m"])
    month1 = _month_of(match["m"] or match["m2"])
    day1, day2 = (int(re.sub(r"\D", "", match[name])) for name in ("d", "d2"))
    year = _year_named(match, frame)
    end = (_calendar_day(year, month2, day2, "") if year is not None else _without_year(month2, day2, frame)).first
    start_year = end.year if (month1, day1) <= (month2, day2) else end.year - 1
    start = _calendar_day(start_year, month1, day1, "").first
    return _Period(start, end, "day", "days as written" if year else "days as written, the year from publication")


def _month(match: _Match, frame: _Frame) -> _Period:
    month = _month_of(match["m"])
    year = _year_named(match, frame)
    if year is not None:
        return _month_period(year, month, "month and year as written")
    which = (match.groupdict().get("which") or "").lower()
    day = frame.day
    if which in ("next", "this coming") or (frame.future and not which):
        return _month_period(
            day.year + (month < day.month or (which == "next" and month == day.month)), month, "the next such month"
        )
    past = month > day.month or (which == "last" and month == day.month)
    return _month_period(day.year - past, month, "the last such month up to publication")


def _year(match: _Match, _: _Frame) -> _Period:
    return _year_period(int(match["y"]), "year as written")


def _years(match: _Match, _: _Frame) -> _Period:
    first, end = int(match["y"]), match["y2"]
    last = int(end) if len(end) == 4 else first - first % 100 + int(end)
    if last <= first:
        raise _NoDateError(f"{match.group()!r} is no range of years")
    return _year_period(first, "years as written", last)


def _decade(match: _Match, _: _Frame) -> _Period:
    digits = match["d"]
    start = int(digits) if len(digits) == 4 else 1900 + int(digits)
    return _year_period(start, "decade as written", start + 9)


def _century(match: _Match, _: _Frame) -> _Period:
    number = int(re.sub(r"\D", "", match["c"]))
    return _year_period(100 * number - 99, "century as written", 100 * number)


_ORDINALS = {"first": 1, "second": 2, "latter": 2, "third": 3, "fourth": 4}


def _part_of_year(match: _Match, frame: _Frame) -> _Period:
    """Halves and quarters: "the second half of 2022", "Q3 2020"."""
    year = _year_named(match, frame)
    if year is None:
        raise _NoDateError("the words give no year")
    word = (match.groupdict().get("o") or match["q"]).lower()
    months = 6 if (match.groupdict().get("p") or "").lower() == "half" else 3
    number = int(word) if word.isdigit() else 12 // months if word in ("last", "final") else _ORDINALS[word]
    if number * months > 12:
        raise _NoDateError(f"a year has no {word} half")
    first = dt.date(year, (number - 1) * months + 1, 1)
    return _Period(first, dt.date(year, number * months, 28), "month", "part of a year as written")


def _weekday(match: _Match, frame: _Frame) -> _Period:
    target, which, day = _weekday_of(match["w"]), (match["which"] or "").lower(), frame.day
    week = (match.groupdict().get("wk") or "").lower()
    if week:
        monday = day - day.weekday() * _DAY + 7 * {"last": -1, "this": 0, "next": 1}[week] * _DAY
        return _one_day(monday + target * _DAY, f"that weekday of {week} week")
    if which in ("the following", "the previous"):
        told, step = frame.told, 1 if which == "the following" else -1
        return _one_day(told + step * ((step * (target - told.weekday()) - 1) % 7 + 1) * _DAY, f"{which} such weekday")
    if which in ("next", "this", "this coming") or (frame.future and not which):
        ahead = (target - day.weekday()) % 7
        return _one_day(day + (ahead or 7 * (which == "next")) * _DAY, "the weekday on or after publication")
    back = (day.weekday() - target) % 7
    if which in ("last", "this past"):
        return _one_day(day - (back or 7) * _DAY, "the last such weekday before publication")
    return _one_day(day - back * _DAY, "the weekday on or before publication")


def _day_word(offset: int, how: str) -> Callable[[_Match, _Frame], _Period]:
    return lambda _, frame: _one_day(frame.day + offset * _DAY, how)


def _overnight(_: _Match, frame: _Frame) -> _Period:
    return _Period(frame.day - _DAY, frame.day, "day", "the night before publication")


def _ago(match: _Match, frame: _Frame) -> _Period:
    """What lies back: "three days ago" is a day, "two weeks ago" a week, "three months ago" a month, and so on."""
    number, unit = _number(match["n"]), match["u"].lower()
    period = _shifted(frame.day, -number, unit, f"{unit}s back from publication")
    if match["now"] and unit == "year":
        year = period.first.year
        if match["now"].lower() == "today":
            return _calendar_day(year, frame.day.month, frame.day.day, "years back from publication")
        return _month_period(year, frame.day.month, "years back from publication")
    return period


def _bound(match: _Match, _: _Frame) -> _Period:
    raise _NoDateError(f"{match.group()!r} is only a bound")


def _from_anchor(match: _Match, frame: _Frame) -> _Period:
    """For "a day earlier", "the previous day", "two weeks later": counted from the date told before."""
    groups = match.groupdict()
    number = _number(groups.get("n") or "one")
    back = (groups.get("dir") or groups["which"]).lower() in (
        "earlier",
        "before",
        "previous",
        "preceding",
        "previously",
    )
    same = (groups.get("which") or "").lower() in ("same", "that")
    return _shifted(
        frame.told, 0 if same else -number if back else number, match["u"].lower(), "counted from the date told before"
    )


def _past_stretch(match: _Match, frame: _Frame) -> _Period:
    """For "the past three days", "over the last week": so many units, ending at publication."""
    number, unit = _number(match["n"] or "one"), match["u"].lower()
    if unit == "hour":
        number, unit = max(1, number // 24), "day"
    return _stretch(frame.day, number, unit, "the stretch that ends at publication")


def _coming_stretch(match: _Match, frame: _Frame) -> _Period:
    number, unit = _number(match["n"]), match["u"].lower()
    if unit == "hour":
        number, unit = max(1, number // 24), "day"
    return _stretch(frame.day, -number, unit, "the stretch that begins at publication")


def _duration(match: _Match, frame: _Frame) -> _Period:
    """For "for 12 years": a stretch up to publication only where a perfect tense says that it still lasts."""
    if not frame.perfect:
        raise _NoDateError("says how long, not when")
    return _past_stretch(match, frame)


def _week(match: _Match, frame: _Frame) -> _Period:
    which, edge = match["which"].lower(), (match["edge"] or "").lower()
    if which in ("this", "the current"):
        week, day = _week_period(frame.day, ""), frame.day
        if edge.startswith("later") or (frame.future and not edge):
            return _Period(day, week.last, "day", "the week of publication, from that day on")
        return _Period(week.first, day, "day", "the week of publication, up to that day")
    if which == "this past":
        return _stretch(frame.day, 1, "week", "the seven days up to publication")
    back = which == "last"
    week = _week_period(
        frame.day + (-7 if back else 7) * _DAY, f"the week {'before' if back else 'after'} that of publication"
    )
    if edge.startswith("late"):
        return week._replace(first=week.first + 3 * _DAY, how=f"Thursday to Sunday of {week.how}")
    if edge.startswith("early"):
        return week._replace(last=week.first + 2 * _DAY, how=f"Monday to Wednesday of {week.how}")
    return week


def _weekend(match: _Match, frame: _Frame) -> _Period:
    """The weekend on or before publication; "this weekend" from Tuesday on is the coming one."""
    which, day = (match["which"] or "").lower(), frame.day
    saturday = day - ((day.weekday() - 5) % 7) * _DAY
    if which in ("next", "this coming", "the coming") or (
        day.weekday() < 5 and (frame.future or (which == "this" and day.weekday() > 0))
    ):
        saturday += 7 * _DAY
    elif which == "last" and day.weekday() >= 5:
        saturday -= 7 * _DAY
    return _Period(saturday, saturday + _DAY, "day", "Saturday and Sunday")


def _month_or_year(match: _Match, frame: _Frame) -> _Period:
    which, unit = match["which"].lower(), match["u"].lower()
    if which == "this past":
        return _stretch(frame.day, 1, unit, "the stretch that ends at publication")
    step = -1 if which == "last" else 0 if which in ("this", "the current") else 1
    return _shifted(frame.day, step, unit, f"the {unit} counted from publication")


def _holiday(match: _Match, frame: _Frame) -> _Period:
    words = re.sub(r"[^a-z]+", " ", match.group("h").lower())
    month, day = next(date for name, date in _HOLIDAYS.items() if words.startswith(name))
    year = _year_named(match, frame)
    return _without_year(month, day, frame) if year is None else _calendar_day(year, month, day, "fixed holiday")


# Only feasts with a fixed day that everybody who names them so keeps on it.
_HOLIDAYS = {
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "boxing day": (12, 26),
    "new year s day": (1, 1),
    "new year s eve": (12, 31),
    "new years day": (1, 1),
    "new years eve": (12, 31),
}


def _reason(reason: str) -> Callable[[_Match, _Frame], _Period]:
    def refuse(_: _Match, __: _Frame) -> _Period:
        raise _NoDateError(reason)

    return refuse


def _nine_eleven(_: _Match, __: _Frame) -> _Period:
    return _one_day(dt.date(2001, 9, 11), "name of a day")


# --- the rules: of several that match at one place the longest counts, then the first of the table ---


class _Rule(NamedTuple):
    """One form of words. `absolute` periods need no day of publication to be known."""

    name: str
    pattern: re.Pattern[str]
    period: Callable[[_Match, _Frame], _Period]


_YEAR_TAIL = rf"(?:,? (?:of )?(?P<y>{_Y})|,? (?P<rely>last|this|next) year\b)"
_TO = r" ?(?:-|–|—|to|and|or|through|until) ?"
_ON = rf"(?:(?P<w>{_WEEKDAY}|{_WEEKDAY_SHORT}),? )?"
_OVER = r"(?:(?:over|during|in|within|for|throughout) )?"
_SHIFT = r"(?:(?:early|late|earlier|later)(?: on)? )?"
_WITHIN = r"(?:(?P<edge>early|late|earlier|later|the (?:start|beginning|end) of)(?: in)? )?"
_WHICH = rf"(?P<which>{_REL}|the current|the coming)"
_ABOUT = "about|around|roughly|some|nearly|almost|more than|over|less than|at least|well over"
_FEAST = "good friday|easter(?: sunday| monday)?|ash wednesday|palm sunday|ramadan|eid(?: al-\\w+)?|diwali"
_VAGUE_N = "(?:several|some|many|a few|few|a couple of|a number of|countless|recent|past|coming|the coming|those|these)"
_UNITS = "(?:days|weeks|months|years|decades|centuries)"
_FUZZY = "recently|lately|in the (?:recent )?past|in (?:the near )?future|decades of|long ago|nowadays"
_too_vague = _reason("too vague for a date")
# fmt: off
_TABLE: tuple[tuple[str, str, Callable[[_Match, _Frame], _Period]], ...] = (
    ("iso", rf"(?P<y>{_Y})-(?P<m>0[1-9]|1[0-2])-(?P<d>[0-3]\d)(?!\d)", _iso),
    ("slashed", rf"(?<![\d/.])(?P<a>\d{{1,2}})(?P<sep>[/.-])(?P<b>\d{{1,2}})(?P=sep)(?P<y>{_Y})", _slashed),
    ("nine-eleven", r"(?<![\d/])9/11(?![/\d])", _nine_eleven),
    ("month day to day",
     rf"(?P<m>{_MONTH}) (?P<d>{_D}){_TO}(?:(?P<m2>{_MONTH}) )?(?P<d2>{_D})(?:{_YEAR_TAIL})?", _day_range),
    ("day to day month",
     rf"(?<![\d,.])(?P<d>{_D})(?: (?P<m>{_MONTH}))?{_TO}(?:the )?(?P<d2>{_D}) (?:of )?(?P<m2>{_MONTH})"
     rf"(?:{_YEAR_TAIL})?",
     _day_range),
    ("month day",
     rf"{_ON}(?:(?:{_PART}|{_EDGE}|this) (?:of )?)?(?P<m>{_MONTH}) (?:the )?(?P<d>{_D})(?:{_YEAR_TAIL})?", _month_day),
    ("day month",
     rf"{_ON}(?:the )?(?<![\d,.$€£])(?P<d>{_D})[ -](?:of )?(?P<m>{_MONTH})(?:{_YEAR_TAIL})?", _month_day),
    ("month year", rf"(?:{_EDGE}[ -])?(?P<m>{_MONTH}){_YEAR_TAIL}", _month),
    ("month", rf"(?:{_EDGE}[ -])?(?:(?P<which>{_REL}) )?(?P<m>{_MONTH}){_S}", _month),
    ("weekday",
     rf"{_SHIFT}(?:(?P<which>{_REL}|the following|the previous) )?(?P<w>{_WEEKDAY}){_S}(?: {_PART}{_S})?"
     r"(?:,? (?:of )?(?P<wk>last|this|next) week)?", _weekday),
    ("movable feast", rf"(?:{_FEAST})", _reason("a feast without a fixed day")),
    ("holiday", rf"(?P<h>christmas (?:day|eve)|boxing day|new year['’]?s (?:day|eve))(?:{_YEAR_TAIL})?", _holiday),
    ("today", rf"{_SHIFT}(?:today|tonight|this (?:morning|afternoon|evening)){_S}",
     _day_word(0, "the day of publication")),
    ("yesterday", rf"{_SHIFT}(?:yesterday{_S}(?: {_PART})?|last night{_S})",
     _day_word(-1, "the day before publication")),
    ("two days before", r"the day before yesterday", _day_word(-2, "two days before publication")),
    ("tomorrow", rf"{_SHIFT}tomorrow{_S}(?: {_PART})?", _day_word(1, "the day after publication")),
    ("two days after", r"the day after tomorrow", _day_word(2, "two days after publication")),
    ("overnight", r"overnight", _overnight),
    ("ago",
     rf"(?:just |exactly |only )?(?P<n>{_N})[ -](?P<u>{_UNIT})s? ago(?: (?P<now>today|this (?:week|month)))?", _ago),
    ("roughly ago", rf"(?:{_ABOUT}) {_N} {_UNIT}s? (?:ago|earlier|later|before)", _bound),
    ("from another date", rf"(?P<n>{_N}) (?P<u>{_UNIT})s? (?P<dir>earlier|later|previously|afterwards?)", _from_anchor),
    ("next to another date",
     r"(?:the|that) (?P<which>previous|preceding|following|next|same) (?P<u>day|week|month|year)", _from_anchor),
    ("that day", r"(?P<which>that) (?:same )?(?P<u>day|week|month|year)", _from_anchor),
    ("the day before", r"the (?P<u>day|week|month|year) (?P<dir>before|after|earlier)(?=\s*(?:[.,;:)]|$))",
     _from_anchor),
    ("past stretch",
     rf"{_OVER}the (?:last|past) (?:(?P<n>{_N}) )?(?P<u>hour|day|week|month|year|decade)s?\b(?! of)", _past_stretch),
    ("coming stretch",
     rf"{_OVER}the (?:next|coming) (?P<n>{_N}) (?P<u>hour|day|week|month|year)s?", _coming_stretch),
    ("duration", rf"for (?:(?:{_ABOUT}) )?(?P<n>{_N}) (?P<u>{_UNIT})s?", _duration),
    ("week", rf"{_WITHIN}{_WHICH} week{_S}(?!end|\w| of )", _week),
    ("weekend", rf"(?:(?:over|during|on|at) )?(?:(?P<which>{_REL}|the coming)|the|a) weekend{_S}", _weekend),
    ("month or year", rf"(?:{_SHIFT}|{_EDGE} ){_WHICH} (?P<u>month|year){_S}(?!\w|-old| of )", _month_or_year),
    ("season of a year", rf"(?:the )?(?:(?:early|late|mid)[ -])?{_SEASON} (?:of )?(?P<y>{_Y})", _year),
    ("season", rf"{_REL} {_SEASON}\b", _reason("a season is half a year apart north and south")),
    ("part of a year",
     r"(?:the )?(?P<o>first|second|latter|third|fourth|last|final)[ -](?P<p>half|quarter)(?: of)?"
     rf"(?: (?P<y>{_Y})| (?P<rely>last|this|next) year)", _part_of_year),
    ("quarter", rf"q(?P<q>[1-4])(?: of)? (?P<y>{_Y})", _part_of_year),
    ("years", rf"(?P<y>{_Y}) ?(?:-|–|—|/) ?(?P<y2>{_Y}|\d\d(?!\d))", _years),
    ("year", rf"(?:{_EDGE}[ -](?:the year )?)?(?P<y>{_Y}){_S}", _year),
    ("decade", r"(?:the )?(?:(?:early|mid|late)[ -])?(?P<d>1[5-9]\d0|20[0-2]0)['’]?s(?!\w)", _decade),
    ("short decade", r"(?:the )(?:(?:early|mid|late)[ -])?['’]?(?P<d>[5-9]0)['’]?s(?!\w)", _decade),
    ("century", r"(?:the )?(?:(?:early|mid|late)[ -])?(?P<c>1\d|20|21|[2-9])(?:st|nd|rd|th)[ -]century", _century),
    ("vague ago", rf"(?:(?:{_VAGUE_N}|just|only) )?{_UNITS} (?:ago|earlier|later|before|previously)", _too_vague),
    ("vague stretch", rf"{_OVER}(?:the )?(?:(?:last|past|next) )?{_VAGUE_N} {_UNITS}\b", _too_vague),
    ("for ages", rf"for {_UNITS}\b", _reason("says how long, not when")),
    ("vague", rf"(?:{_FUZZY})", _too_vague),
)
# fmt: on
_RULES = tuple(
    _Rule(name, re.compile(rf"(?<![\w’'-])(?:{pattern})", re.IGNORECASE), period) for name, pattern, period in _TABLE
)
# Nearly every character of a report is far from a date: this prefilter says where it pays to try the rules at all.
_HINT = re.compile(
    r"\d|(?:day|night|morning|noon|evening|week|month|year|decade|centur|hour)|ago\b|earlier|later|recent|lately|past\b|future|"
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|spring|summer|autumn|fall|winter|season|easter|christmas|ramadan|tomorrow|today|eid|diwali|nowadays|quarter",
    re.IGNORECASE,
)


# --- what only looks like a date ---

_SURE_BEFORE = re.compile(
    r"\b(?:in|of|since|until|till|by|from|to|during|through|between|before|after|last|next|this|early|late|mid|every|each|on|and|"
    r"for|ahead of|end|beginning|start|middle)[ -](?:the )?$",
    re.IGNORECASE,
)
_NAME_BEFORE = re.compile(
    r"\b(?:Black|Bloody|Super|Ash|Good|Palm|Easter|Holy|Cyber|Girl|Man|Red|Casual|Ruby|Maundy|Women['’]s|Fat|Shrove)\s$"
)
_NAME_AFTER = re.compile(
    r"(?:['’]s)?\s(?:Times|Telegraph|Mirror|Express|Mail|Herald|Post|Star|Independent|Tribune|Mosque|Club|School|newspaper|tabloid|Revolution|"
    r"Agreement|Movement|Alliance|Program|Islands?)\b"
)
_NAMES_TOO = frozenset({"april", "august", "june", "may", "march", "sept", *_MONTH_NAMES})
_YEAR_UNIT_AFTER = re.compile(
    r"\s(?:(?!(?:when|after|that|and|in|on|as|by|the|to|for|coup|war|election|protest|attack)\b)[a-z]+\s)?"
    r"(?:people|persons|soldiers|troops|men|women|children|dollars|euros|pounds|metres|meters|feet|miles|km|kilomet\w+|"
    r"tons|tonnes|votes|homes|houses|members|jobs|cases|civilians|refugees|fighters|students|workers|square|acres|"
    r"hectares|seats|times|barrels|megawatts|MW|words|police|supporters|protesters)\b|%|\s?per\s?cent|[.,]\d"
)
_YEAR_NOT_BEFORE = re.compile(
    r"(?:[$€£¥₦#№]\s?|\b(?:about|around|some|nearly|almost|over|more than|at least|than|approximately|roughly|no\.?|"
    r"number|resolution|boeing|airbus|flight|another|up to|only|total of|page|US\$|rs\.?|tk|highway|route|"
    r"room)\s|[\d.,/:-])$",
    re.IGNORECASE,
)
_OLD_YEAR_BEFORE = re.compile(
    r"\b(?:in|of|since|until|by|from|to|during|between|after|before|early|late|mid|year|and|around|circa|the)[ -]$",
    re.IGNORECASE,
)


def _is_time(rule: _Rule, match: _Match, text: str, *, strict: bool) -> bool:
    """Whether what stands around a match leaves it a time expression, rather than a name, a verb or a number.

    Words that a reader has tagged as a date already need not prove it: then `strict` is False.
    """
    before, after = text[max(0, match.start() - 24) : match.start()], text[match.end() : match.end() + 40]
    if after[:1].isalnum():
        return False
    if rule.name == "weekday":
        return not (_NAME_BEFORE.search(before) or _NAME_AFTER.match(after))
    if not strict:
        return True
    if rule.name == "month":
        return _is_month(match, before, after)
    if rule.name in ("year", "years"):
        return _is_year(match, before, after)
    month = match.groupdict().get("m") or ""
    return not month[:1].islower() or month.lower().rstrip(".") not in _NAMES_TOO


def _is_month(match: _Match, before: str, after: str) -> bool:
    """A month without a day or year: "May", "March" and "April" need a sign that they are no verb and nobody's name."""
    name = match["m"].lower().rstrip(".")
    unmarked = len(name) == 3 and name != "may" and not match["m"].endswith(".")
    if not match["m"][0].isupper() or unmarked:
        return False
    if _NAME_BEFORE.search(before) or _NAME_AFTER.match(after):
        return False
    if match.group() != match["m"]:  # "last May", "early March"
        return True
    sure = bool(_SURE_BEFORE.search(before))
    if name in ("may", "march"):
        return sure and not re.match(r"\s(?:on|to|in|for|through|against|organi)\b", after) if name == "march" else sure
    if name in _NAMES_TOO and re.match(r"\s[A-Z]", after):
        return sure
    return True


def _is_year(match: _Match, before: str, after: str) -> bool:
    year = int(match["y"])
    if not match.group().startswith(match["y"]):  # "late 2016"
        return True
    if _YEAR_NOT_BEFORE.search(before) or _YEAR_UNIT_AFTER.match(after) or re.match(r"[-–]\d|-[a-z]", after):
        return bool(re.match(r"-(?:era|style)", after))
    if year >= 1900 or match.groupdict().get("y2"):
        return True
    return bool(_OLD_YEAR_BEFORE.search(before))


# --- scanning ---

_JOIN = re.compile(r"\s?(?:to|and|through|until|till|or|-|–|—)\s?")
_LEAD = re.compile(r"\b(?:ever )?(?P<lead>since|between|from)\s(?:about\s|at least\s|around\s)?$", re.IGNORECASE)
_JOINABLE = {
    "month day",
    "day month",
    "month year",
    "month",
    "weekday",
    "year",
    "iso",
    "decade",
    "month or year",
    "today",
    "yesterday",
    "tomorrow",
}


class _Expression(NamedTuple):
    """A time expression: one match, or two that bound it ("from A to B"), perhaps led by "since"."""

    span: Span
    parts: tuple[tuple[_Rule, _Match], ...]
    since: bool = False


def _matches(text: str, *, strict: bool) -> list[tuple[_Rule, _Match]]:
    """Longest matches from left to right that do not overlap."""
    found = [
        (match.start(), -match.end(), order, rule, match)
        for order, rule in enumerate(_RULES)
        for match in rule.pattern.finditer(text)
        if _is_time(rule, match, text, strict=strict)
    ]
    kept: list[tuple[_Rule, _Match]] = []
    for start, _, _, rule, match in sorted(found, key=lambda row: row[:3]):
        if not kept or start >= kept[-1][1].end():
            kept.append((rule, match))
    return kept


def _expressions(text: str, *, strict: bool = True) -> Iterator[_Expression]:
    """Time expressions of `text` in order; neighbours of one kind joined by "to" or "and" are one."""
    matches = _matches(text, strict=strict) if _HINT.search(text) else []
    index = 0
    while index < len(matches):
        parts = [matches[index]]
        if index + 1 < len(matches) and _joined(text, matches[index], matches[index + 1]):
            index += 1
            parts.append(matches[index])
        start, end = parts[0][1].start(), parts[-1][1].end()
        lead = _LEAD.search(text, max(0, start - 24), start)
        if lead and (lead["lead"].lower() == "since" or len(parts) == 2):
            start = lead.start()
        yield _Expression(Span(start, end), tuple(parts), bool(lead and lead["lead"].lower() == "since"))
        index += 1


def _joined(text: str, left: tuple[_Rule, _Match], right: tuple[_Rule, _Match]) -> bool:
    between = text[left[1].end() : right[1].start()]
    return bool(_JOIN.fullmatch(between)) and left[0].name in _JOINABLE and right[0].name in _JOINABLE


def find(text: str) -> list[Span]:
    """All time expressions of `text`, vague ones included, in order and without overlaps.

    Example: "The army said on Sunday that it may act" -> the span of "Sunday"
    """
    return [expression.span for expression in _expressions(text)]


# --- resolving ---

_AHEAD = re.compile(
    r"\b(?:will|won['’]t|shall|would(?!-)|"
    r"(?:is|are|was|were|be) (?:due|set|scheduled|expected|slated|planned|poised|going|to be held|to)\b|"
    r"scheduled (?:to|for)|plans? to|planned for|expected to|intends? to|upcoming|coming)\b|['’]ll\b",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:said|says|told|announced|reported|stated|added|confirmed|warned|tweeted|wrote|declared|after|since)\b",
    re.IGNORECASE,
)
_PERFECT = re.compile(
    r"\b(?:has|have|had|['’]s|['’]ve)\s(?:\w+\s){0,2}?(?:been|\w+ed|held|led|fought|kept|run|seen)\b", re.IGNORECASE
)
_CLEAN = re.compile(r"^[\s(\[\"'“‘,;:.–—-]+|[\s)\]\"'”’,;:–—-]+$")


def resolve(
    words: str,
    published: dt.date | None,
    *,
    context: str = "",
    future: bool | None = None,
    anchor: dt.date | None = None,
) -> tuple[Date | None, str | None]:
    """What `words` date, and how; or None and the reason why they date nothing.

    `context` is the sentence around the words: it widens them where it says more ("July" in "since last July") and
    tells whether they look ahead, unless `future` says so. `anchor` is the date that "a day earlier" counts from.
    The value is a day, month or year in ISO 8601, or an interval "start/end" of two of one kind.
    """
    words, before, after = _in_context(words, context)
    future = _looks_ahead(before, after) if future is None else future
    frame = _Frame(published, future, anchor, bool(_PERFECT.search(context)))
    expressions = list(_expressions(words, strict=False))
    if not expressions:
        return None, f"{words!r} is no time expression that Sayso knows"
    periods: list[_Period] = []
    reason = None
    for expression in expressions:
        try:
            periods.append(_period(expression, frame))
        except _NoDateError as exc:
            reason = reason or str(exc)
        except (OverflowError, ValueError):
            reason = reason or "out of the calendar"
    if not periods:
        return None, reason
    best = _most_exact(periods)
    return (Date(best.iso(), best.how), None) if best else (None, f"{words!r} names more than one date")


def _in_context(words: str, context: str) -> tuple[str, str, str]:
    """The words, widened to the whole expression of `context` that holds them, and the text before and after them.

    Only words that stand once in the context are widened: of two the wrong one might be meant.
    """
    words = re.sub(r"\s+", " ", _CLEAN.sub("", words))
    context = re.sub(r"\s+", " ", context)
    start = context.find(words) if words else -1
    if start < 0 or context.find(words, start + 1) >= 0:
        return words, "", ""
    here = Span(start, start + len(words))
    for expression in _expressions(context):
        span = expression.span
        if span.start <= here.start and here.end <= span.end:
            return span.of(context), context[: span.start], context[span.end :]
    return words, context[:start], context[here.end :]


def _looks_ahead(before: str, after: str) -> bool:
    """Whether the words speak of what is to come: "will meet on", but not "will meet, he said on".

    Where the sentence begins with them, its verb follows: "On Monday, lawmakers will vote".
    """
    if len(before.split()) <= 3 and not _REPORTED.search(before):
        ahead = _AHEAD.search(after)
        return (
            ahead is not None and not _REPORTED.search(after, 0, ahead.start()) and "," not in after[1 : ahead.start()]
        )
    found = list(_AHEAD.finditer(before))
    return bool(found) and not _REPORTED.search(before, found[-1].end())


def _period(expression: _Expression, frame: _Frame) -> _Period:
    """The period of one expression: of its part, from its first to its second, or from it to publication."""
    rule, match = expression.parts[-1]
    last = rule.period(match, frame)
    if len(expression.parts) == 2:
        first = _first_of_two(expression.parts[0], last, frame)
        if first.first > last.last or first.unit != last.unit:
            raise _NoDateError("its two ends make no interval")
        return _Period(first.first, last.last, last.unit, f"from the first to the second: {last.how}")
    if expression.since and frame.published is None:
        return last._replace(how=f"when it began, for the report has no day to count to: {last.how}")
    if expression.since:
        if last.first > frame.day:
            raise _NoDateError("begins after publication")
        return _Period(last.first, frame.day, last.unit, f"from then to publication: {last.how}")
    return last


def _first_of_two(part: tuple[_Rule, _Match], last: _Period, frame: _Frame) -> _Period:
    """The first of two ends; a year named only with the second holds for both ("from June to August 2020")."""
    rule, match = part
    absolute = not any(match.groupdict().get(name) for name in ("y", "rely"))
    if absolute and "m" in match.groupdict():
        frame = _Frame(last.last, False, frame.anchor)
    return rule.period(match, frame)


def _most_exact(periods: list[_Period]) -> _Period | None:
    """The shortest of the periods if all the others hold it ("Sunday" of "Sunday, in early May"), or None."""
    best = min(periods, key=lambda period: period.last - period.first)
    return best if all(other.first <= best.first and best.last <= other.last for other in periods) else None

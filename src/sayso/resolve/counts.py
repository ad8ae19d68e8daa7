"""Count words to bounds: "at least around 20" is at least 20, "dozens" at least 24, and "many" is no number.

What vague words stand for is the annotation guidelines' table (dozens 24, scores 40, hundreds 200, thousands 2000):
low bounds all of them, since nobody who writes "hundreds" has said how many at most. "around", "nearly" and "some"
leave the number as it was said. Words that name no number ("many", "several", "a group") give a reason, no value.

On the 205 counts of the training gold, given their spans, all bounds are right on both sides and 0.97 of the counted
things; `find` has 0.89 of the spans (it leaves out "a man"). ``python evaluation/dates.py`` measures them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sayso.model import Counted, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: value for value, word in enumerate(_ONES.split())} | {
    word: 10 * value for value, word in enumerate(_TENS.split(), 2)
}
_SCALES = {
    "dozen": 12,
    "score": 20,
    "hundred": 100,
    "thousand": 1_000,
    "lakh": 100_000,
    "million": 1_000_000,
    "crore": 10_000_000,
    "billion": 1_000_000_000,
}
# A plural is at least two of its kind: "tens of thousands" is at least 20,000.
_PLURALS = {f"{word}s": 2 * value for word, value in _SCALES.items()} | {"tens": 20}
_FRACTIONS = {"half": 0.5, "quarter": 0.25}
_PAIRS = {"twin": 2, "twins": 2, "both": 2, "pair": 2, "couple": 2, "duo": 2, "trio": 3, "none": 0, "nobody": 0}

_DIGITS = r"\d{1,3}(?:,\d{2,3})+(?!\d)|\d{1,3}(?:\.\d{3})+(?![\d.])|\d{1,3}(?:[   ]\d{3})+(?!\d)|\d+(?:\.\d+)?"
_SCALE = "|".join(_SCALES)
_PLURAL = "|".join(_PLURALS)
_SMALL_WORD = "|".join(sorted(_SMALL, key=len, reverse=True))
_JOIN = r"(?:[\s-]+(?:and\s+)?)"
_NUMBER = (
    rf"(?:(?:half\s+|quarter\s+of\s+)?an?\s+(?:{_SCALE})(?:{_JOIN}(?:{_SCALE}))*"
    rf"|(?:(?:{_DIGITS})|(?:{_SMALL_WORD}))(?:{_JOIN}(?:{_SMALL_WORD}|{_SCALE}))*)\b"
)
# "a few dozen" is vague as "dozens" is; "several" alone names no number.
_VAGUE = (
    rf"(?:(?:(?:several|many|(?:a\s+)?few|some\s+few|a\s+couple\s+of)\s+)(?:{_SCALE})|{_PLURAL})"
    rf"(?:\s+of\s+(?:{_PLURAL}))*\b"
)
_LOWER = (
    "at least|(?:(?:well|slightly|just|far|a little) )?(?:more than|over|above)|upwards? of|no (?:fewer|less) than|"
    "not (?:fewer|less) than|a minimum of|in excess of|exceeding|greater than"
)
_UPPER = (
    "up to|as (?:many|much) as|at most|(?:(?:just|slightly) )?(?:fewer than|less than|under|below)|a maximum of|"
    "no more than|not more than"
)
_ABOUT = (
    "around|about|some|approximately|roughly|nearly|almost|close to|an? estimated|estimated|circa|a total of|exactly|"
    "just|only|all|other|another|the|these|those|their|its|his|her|our|an? additional|additional|an? record|first"
)
_LEAD = re.compile(rf"(?:(?:\b(?P<lower>{_LOWER})|\b(?P<upper>{_UPPER})|\b(?:{_ABOUT})|[~>≥<≤])\s*)+$")
_CORE = re.compile(rf"(?<![\w.,]){_VAGUE}|(?<![\w.,])(?<!\d-){_NUMBER}")
_RANGE = re.compile(rf"\s*(?:to|or|and|-|–|—)\s*(?:an?\s+(?:estimated\s+)?)?(?P<high>{_NUMBER})")
_MORE = re.compile(r"\+|-?\s?plus\b|(?:\s+\w+)?\s+or\s+more\b|(?:\s+\w+)?\s+and\s+(?:more|counting)\b")
_LESS = re.compile(r"(?:\s+\w+)?\s+or\s+(?:fewer|less)\b")
_SCALE_AFTER = re.compile(rf"^[\s-]*(?P<scale>{_SCALE})\b")
_BETWEEN = re.compile(r"\b(?:between|from)\s+(?:an?\s+estimated\s+)?$")
_ARTICLE = re.compile(r"^(?:an?|one|another)\b")
_GROUP = re.compile(
    r"^an?\s+(?:\w+\s+)?(?:group|crowd|number|handful|series|lot|few|band|team|party|majority|minority|bunch|mob|convoy|family|"
    r"share|quarter|third|half|delegation|column|wave)\b"
)
_NOT_A_COUNT = re.compile(r"^[\s-]*(?:%|per\s?cent\b|percentage\b)")
_AGE = re.compile(r"^[\s-]*(?:years?|months?)[\s-]olds?\b")

Bounds = tuple[int | None, int | None]


class _Number(NamedTuple):
    """A number as said: its low bound, whether it is vague ("dozens"), and where its words stand."""

    value: int
    vague: bool
    span: Span


def value_of(words: str) -> int | None:
    """The number that `words` spell in full ("1.2 million", "two dozen", "14-thousand"), or None.

    Example: "two hundred and five thousand" -> 205_000
    """
    total, current, seen = 0.0, 0.0, False
    for part in re.findall(rf"(?:{_DIGITS})|[a-z]+", words.lower()):
        if part in ("and", "a", "an", "of"):
            continue
        if part in _FRACTIONS:
            current = _FRACTIONS[part]
        elif part in _SCALES:
            current = (current if seen or current else 1) * _SCALES[part]
            if _SCALES[part] >= _SCALES["thousand"]:
                total, current = total + current, 0.0
        elif part in _SMALL:
            current += _SMALL[part]
        elif part[0].isdigit():
            current += _digits(part)
        else:
            return None
        seen = True
    value = total + current
    return round(value) if seen and abs(value - round(value)) < 1e-6 else None


def _digits(token: str) -> float:
    """A figure with separators: "2,000", "1,50,000", "14.000" and "14 000" are thousands, "1.2" is not."""
    grouped = re.fullmatch(r"\d{1,3}(?:\.\d{3})+", token)
    return float(re.sub(r"[^\d]" if grouped else r"[^\d.]", "", token))


def _vague_value(words: str) -> int:
    """Low bound of a vague number: "several hundred" 200, "tens of thousands" 20,000."""
    tokens = re.findall(r"[a-z]+", words)
    value = 1
    for token in tokens:
        if token in _SCALES:
            value *= 2 * _SCALES[token]
        elif token in _PLURALS:
            value = _PLURALS[token] if value == 1 else value * _PLURALS[token] // 2
    return value


def _numbers(text: str) -> Iterator[_Number]:
    """The numbers of lower-cased `text` from left to right, without their qualifiers."""
    for match in _CORE.finditer(text):
        words = match.group()
        if re.match(_VAGUE, words):
            yield _Number(_vague_value(words), True, Span(*match.span()))
        elif (value := value_of(words)) is not None:
            yield _Number(value, False, Span(*match.span()))


def resolve(words: str, context_before: str = "", context_after: str = "") -> tuple[Bounds | None, str | None]:
    """Bounds of the number that `words` say, or the reason why there is none.

    Qualifiers and scale words that stand just outside `words` count too: "at least" before, "million" after. Of two
    numbers in one span the first counts, as the guidelines have it.
    """
    low = words.lower()
    before, after = context_before.lower()[-40:], context_after.lower()[:40]
    text = f"{before}{low}{after}"
    here = Span(len(before), len(before) + len(low))
    found = next((n for n in _numbers(text) if n.span.overlaps(here) and not _AGE.match(text[n.span.end :])), None)
    if found is None:
        return _without_number(low.strip())
    if _NOT_A_COUNT.match(text[found.span.end :]):
        return None, "a share, not a count"
    return _bounds(text, found), None


def _bounds(text: str, number: _Number) -> Bounds:
    """Bounds of `number` under the qualifiers around it in lower-cased `text`."""
    head, tail = text[: number.span.start], text[number.span.end :]
    lead = _LEAD.search(head)
    second = None if number.vague else _RANGE.match(tail)
    high = _high(second, tail, between=bool(_BETWEEN.search(head))) if second else None
    if high is not None and (low := _low_of_range(number.value, high)) < high:
        return low, high
    if number.vague or (lead and lead["lower"]) or _MORE.match(tail):
        return number.value, None
    if (lead and lead["upper"]) or _LESS.match(tail):
        return None, number.value
    return number.value, number.value


def _high(second: re.Match[str], tail: str, *, between: bool) -> int | None:
    """High end of a range, or None where "and" joins two things rather than two bounds ("10 men and 12 women")."""
    if (not between and re.match(r"\s*and\b", tail)) or _NOT_A_COUNT.match(tail[second.end() :]):
        return None
    return value_of(second["high"])


def _low_of_range(low: int, high: int) -> int:
    """In "2 to 3 million" the scale belongs to both ends."""
    for scale in (1_000_000_000, 1_000_000, 1_000):
        if high % scale == 0 and 0 < low < 1_000 and low < high // scale:
            return low * scale
    return low


def _without_number(words: str) -> tuple[Bounds | None, str | None]:
    """Bounds of words without any number: "a man" is one, "twin" two; "many" gives a reason."""
    for word in re.findall(r"[a-z]+", words)[:3]:
        if word in _PAIRS:
            return (_PAIRS[word], _PAIRS[word]), None
    if _GROUP.match(words):
        return None, f"{words!r} names a group, not how many"
    if _ARTICLE.match(words):
        return (1, 1), None
    if re.match(r"(?:no|zero)\b", words):
        return (0, 0), None
    return None, f"{words!r} says no number"


# What follows or precedes a number that does not count people, things or acts.
_TIME = r"(?:second|minute|hour|day|night|week|month|year|decade|centur|year-old|o'clock|a\.?m\b|p\.?m\b)"
_OTHER_UNIT = (
    r"(?:%|per\s?cent|percent|km\b|kilomet|mile|met(?:er|re)|feet\b|foot\b|inch|hectare|acre|ton(?:ne)?s?\b|kg\b|kilo|degree|"
    r"dollar|euro|pound|yen\b|yuan|rupee|naira|shilling|cfa|francs?\b|peso|barrel|st\b|nd\b|rd\b|th\b|:\d|/\d|\.\d|[-–]?"
    r"(?:mm|point)\b)"
)
_UNIT_AFTER = re.compile(
    rf"[\s-]*(?:{_TIME}|{_OTHER_UNIT})|\s+(?:in|out of)\s+\d|-(?!strong|plus|odd)[a-z]|\s+times\b", re.IGNORECASE
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_MONTH_AFTER = re.compile(rf"\s+(?:of\s+)?{_MONTH}(?![a-z])", re.IGNORECASE)
_NOT_BEFORE = re.compile(
    r"(?:[$€£¥₦#]|\b(?:Rs\.?|US|aged?|ages|article|section|chapter|resolution|flight|no\.?|number|page|channel|route|"
    r"highway|g|grade|room|phase|part|version|item|day|week|year|round|level|world war|"
    rf"{_MONTH}|:)[\s-]*|\d[/:.–-]|\w-)$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"1[89]\d\d|20\d\d")
_PEOPLE_AFTER = re.compile(
    r"\s+(?:\w+\s+)?(?:people|men|women|soldiers|troops|persons|police|civilians|protesters)\b", re.IGNORECASE
)
_AGE_BEFORE, _AGE_AFTER = re.compile(r"[a-z](?:, | \()$"), re.compile(r"[,)]")
_PRONOUN = re.compile(r"\bone\s+(?:day\b|another\b|can\b|must\b|way\b|thing\b|side\b|hand\b)", re.IGNORECASE)


def find(text: str) -> list[Span]:
    """Number expressions of `text` that can count people, things or acts, qualifiers included ("at least 20").

    Dates, ages, money, shares, lengths of time and names with numbers ("Flight 370") are left out.
    """
    low = text.lower()
    if len(low) != len(text):  # a few letters lower to two characters: then case stays, so that offsets hold
        low = text
    spans: list[Span] = []
    for number in _numbers(low):
        if spans and number.span.start < spans[-1].end:
            continue
        if _counts_things(text, number):
            spans.append(_with_qualifiers(low, number))
    return spans


def _counts_things(text: str, number: _Number) -> bool:
    """Whether the words around `number` leave it a count."""
    start, end = number.span
    before, after = text[max(0, start - 24) : start], text[end : end + 40]
    if _UNIT_AFTER.match(after) or _MONTH_AFTER.match(after) or _NOT_BEFORE.search(before):
        return False
    if _AGE_BEFORE.search(before) and _AGE_AFTER.match(after) and not number.vague:
        return False
    words = number.span.of(text)
    if _YEAR.fullmatch(words) and not _PEOPLE_AFTER.match(after):
        return False
    return not (words.lower() == "one" and (_PRONOUN.match(words + after) or not re.match(r"\s+[a-z]", after)))


def _with_qualifiers(text: str, number: _Number) -> Span:
    """The span of `number` widened by what qualifies it ("at least", "or more", "to 30")."""
    start, end = number.span
    if lead := re.search(
        rf"(?:\b(?:{_LOWER}|{_UPPER}|between|around|about|some|nearly|almost|an? estimated)\s+)+$", text[:start]
    ):
        start = lead.start()
    tail = text[end:]
    if not number.vague and (second := _RANGE.match(tail)):
        between = text[start:].startswith("between") or re.search(r"\bbetween\s+$", text[: number.span.start])
        if _high(second, tail, between=bool(between)):
            end += second.end()
    elif more := re.match(r"\+|-plus\b|\s+or\s+(?:more|fewer|less)\b", tail):
        end += more.end()
    return Span(start, end)


# Words of the trigger, or else next to the count, that say what is counted; of several the nearest decides.
_CUES: dict[Counted, re.Pattern[str]] = {
    counted: re.compile(rf"\b(?:{words})", re.IGNORECASE)
    for counted, words in (
        (Counted.OTHER, r"(?:kill\w+|dead) (?:or|and) (?:wound|injur)\w+"),
        (
            Counted.KILLED,
            r"kill|dead\b|death|die[ds]?\b|dying|murder|massacre|slain|slaughter|execut|assassinat|behead|fatal|lives\b|lost\b|"
            r"losing|bodies|corpse|lynch|hanged|perish|genocide|martyr|gunned down|claimed the li",
        ),
        (Counted.INJURED, r"injur|wound|hurt\b|maim|stabb|hospitali[sz]"),
        (Counted.ABDUCTED, r"abduct|kidnap|hostage|capturing\b|disappear"),
        (
            Counted.ARRESTED,
            r"arrest|detain|detention|custody|jail|imprison|prison\b|captured (?:alive|by police)|rounded up",
        ),
        (Counted.RELEASED, r"releas|freed\b|pardon|amnest|transfer|set free|liberat"),
        (
            Counted.DISPLACED,
            r"displac|fled\b|flee|refugees?\b|evacuat|homeless|uproot|driven from|desert|forced|departure",
        ),
    )
}
# What a type can count at all: the wounded man who is put on trial is not "injured" in the trial.
_CAN_COUNT: dict[str, frozenset[Counted]] = {
    "ASSAULT": frozenset({Counted.OTHER, Counted.KILLED, Counted.INJURED, Counted.ABDUCTED, Counted.ARRESTED}),
    "SANCTION": frozenset({Counted.DISPLACED}),
    "RETREAT": frozenset({Counted.RELEASED}),
    "CONCEDE": frozenset({Counted.RELEASED}),
    "AID": frozenset({Counted.DISPLACED}),
}
# Types, and modes where named, whose count is of one thing always: who marches takes part, whatever else is said.
_ALWAYS: dict[tuple[str, str | None], Counted] = {
    ("PROTEST", None): Counted.PARTICIPANTS,
    ("CONSULT", None): Counted.PARTICIPANTS,
    ("MOBILIZE", None): Counted.FORCES,
    ("COERCE", "arrest"): Counted.ARRESTED,
    ("RETREAT", "release"): Counted.RELEASED,
    ("ASSAULT", "beat"): Counted.OTHER,
    ("ASSAULT", "destroy"): Counted.OTHER,
}
_BY_MODE = {("ASSAULT", "abduct"): Counted.ABDUCTED}
_NOUN = r"^\W*(?:[\w’'-]+\s+){0,2}(?:[\w’'-]+\s+)?"
_FORCES = re.compile(
    rf"{_NOUN}(?:militants|fighters|troops|soldiers|rebels|gunmen|insurgents|commandos|militiamen|mercenaries|taliban)\b",
    re.IGNORECASE,
)
_THINGS = re.compile(
    rf"{_NOUN}(?:houses|homes|mosques|churches|buildings|vehicles|villages|schools|shops|bridges|rockets|strikes|airstrikes)\b",
    re.IGNORECASE,
)
_DISMISSAL = re.compile(r"\b(?:suspend|fire[ds]?\b|dismiss|sack|expel|purge|ban)", re.IGNORECASE)
_NEAR = 60  # characters each side of a count in which a cue is looked for


def what(trigger: str, event: str, mode: str | None, *, before: str = "", after: str = "") -> Counted:
    """What a count counts, from the words of the trigger, the event's type and mode, and the words around the count.

    `before` and `after` are the text that ends and begins at the count; cues further than a clause away do not speak
    about it. Where nothing tells, `Counted.OTHER`.
    """
    if always := _ALWAYS.get((event, mode)) or _ALWAYS.get((event, None)):
        return always
    allowed = _CAN_COUNT.get(event, frozenset())
    if not allowed or _THINGS.match(after) or (event == "SANCTION" and _DISMISSAL.search(trigger)):
        return Counted.OTHER
    if (told := _nearest_cue(trigger, "", allowed)) or (told := _nearest_cue(after, before, allowed)):
        return told
    if event == "ASSAULT" and _FORCES.match(after):
        return Counted.FORCES
    return _BY_MODE.get((event, mode or ""), Counted.OTHER)


def _nearest_cue(after: str, before: str, allowed: frozenset[Counted]) -> Counted | None:
    """The counted thing whose cue stands nearest to the place between `before` and `after`, in the same sentence."""
    after = re.split(r"[.!?;\n]\s", after[:_NEAR])[0]
    before = re.split(r"[.!?;\n]\s", before[-_NEAR:])[-1]
    distances = [
        (distance, order, counted)
        for order, (counted, cue) in enumerate(_CUES.items())
        if counted in allowed
        for distance in (
            *(m.start() for m in cue.finditer(after)),
            *(len(before) - m.end() for m in cue.finditer(before)),
        )
    ]
    return min(distances)[2] if distances else None

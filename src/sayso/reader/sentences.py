"""Sentences with stable offsets.

A short abbreviation-aware expression: on 765 sentences of news such a splitter scores F1 0.99, level with dead or far slower
libraries. Sentences never overlap, hold every character that is not white space, and end at the end of a paragraph.
"""

from __future__ import annotations

import re

from sayso.model import Span

# Words whose full stop never ends a sentence: more always follows.
_TITLES = frozenset(
    (
        "adm asst att atty brig capt cmdr col const cpl dep det dist dr e.g fr gen gov hon i.e insp lt maj messrs mr mrs ms "
        "msgr mt pfc pres prof pvt rep reps rev sen sens sgt ste supt vs viz brig.gen maj.gen lt.gen lt.col"
    ).split()
)
_NUMBERED = frozenset(("art", "ch", "fig", "no", "nos", "op", "pp", "vol"))  # their stop ends nothing before a figure
# These may well end a sentence; they do where the next word is one that sentences start with and names do not.
_ABBREVIATIONS = frozenset(
    (
        "al apr assn aug ave bros co corp dec dept etc ex feb ft inc jan jr jul jun ltd mar ph.d nov oct sept sep sr st u.s u.k "
        "u.n u.s.a d.c est approx"
    ).split()
)
_STARTERS = frozenset(
    (
        "a after all also although an and another as at because before both but by despite during each earlier for "
        "from he her here his how however i if in instead it its later many meanwhile most my nearly no nobody nor "
        "not now on once one only or other our several she since so some still such that the their then there these "
        "they this those though three two we what when where which while who why with yet you your"
    ).split()
)
_FIGURE = re.compile(r"\s+\w*\d")
_HOURS = frozenset(("a.m", "p.m"))
# What goes on after "at 8 p.m.": a day, a zone, a month, a place of the clock.
_AFTER_HOURS = re.compile(
    r"\s+[(\[]|\s+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\s+(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b|\s+[A-Z]{2,4}\b"
    r"|\s+(?:Eastern|Central|Pacific|Mountain|Greenwich|Moscow|Local|Universal|Standard)\b"
    r"|\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z.]*\s+\d"
)
_BOUNDARY = re.compile(r"""[.!?…]+["'”’)\]»]*(?=\s)|[.!?]["”’»]+(?=[A-Z])|\n\s*\n|\n""")
_LAST_WORD = re.compile(r"([\w.]+)\.$")
_NEXT_WORD = re.compile(r"\s+([A-Za-z]+)")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")  # L.A, J.D
# The first letter or figure after brackets, quotation marks, dashes, bullets, emoji and marks of direction.
_FIRST_LETTER = re.compile(r"[^\S\n](?:[^\w\n]|_)*([^\W_])")


def split(text: str) -> list[Span]:
    """Sentences of `text` in order, without surrounding white space; a line break always ends one."""
    sentences: list[Span] = []
    start = 0
    for boundary in _BOUNDARY.finditer(text):
        if _ends_sentence(text, start, boundary):
            _keep(text, start, boundary.end(), sentences)
            start = boundary.end()
    _keep(text, start, len(text), sentences)
    return sentences


def _ends_sentence(text: str, start: int, boundary: re.Match[str]) -> bool:
    if boundary.group()[0] == "\n":
        return True
    end = boundary.end()
    if not _starts_sentence(text, end):
        return False
    if boundary.group() != ".":
        return True
    word = _LAST_WORD.search(text, max(start, boundary.start() - 24), end)
    if word is None:
        return True
    if word.group(1).isdigit() and not text[start : word.start()].strip():
        return False  # "1. First item"
    return _ends_after(word.group(1), text, end)


def _starts_sentence(text: str, at: int) -> bool:
    """Whether what follows `at` in its line can start a sentence: anything but a letter in lower case."""
    if text[at : at + 1].isupper():
        return True
    first = _FIRST_LETTER.match(text, at, at + 24)
    return bool(first and not first.group(1).islower())


def _ends_after(last: str, text: str, end: int) -> bool:
    """Whether the full stop after the word `last` ends a sentence, given what follows at `end`."""
    low = last.lower()
    following = _NEXT_WORD.match(text, end, end + 24)
    if low in _TITLES or (len(last) == 1 and last.isupper()):
        return False
    if low in _NUMBERED:
        return not _FIGURE.match(text, end)
    if low in _HOURS:
        return not _AFTER_HOURS.match(text, end)
    if low in _ABBREVIATIONS or _INITIALS.fullmatch(last):
        return following is not None and following.group(1).lower() in _STARTERS
    return True


def _keep(text: str, start: int, end: int, sentences: list[Span]) -> None:
    piece = text[start:end]
    lead = len(piece) - len(piece.lstrip())
    if piece.strip():
        sentences.append(Span(start + lead, start + lead + len(piece.strip())))

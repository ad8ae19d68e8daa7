"""Fifty reports that try to be more than text: script in every field, formulas, words without end, marks of every kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sayso.model import (
    Actor,
    Argument,
    Claim,
    Count,
    Counted,
    Date,
    Place,
    Precision,
    Report,
    Source,
    SourceKind,
    Span,
    Status,
)

ATTACKS = (
    "<script>document.title='pwned'</script>",
    "<img src=x onerror=document.title='pwned'>",
    "\"><svg onload=document.title='pwned'>",
    "' onmouseover='document.title=\"pwned\"' x='",
    "</title><script>document.title='pwned'</script>",
    "</textarea></select></option><script>document.title='pwned'</script>",
    "javascript:document.title='pwned'",
    "{{ 7 * 7 }}{% include '/etc/passwd' %}${7*7}",
    "<iframe srcdoc='<script>parent.document.title=1</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a><base href='https://evil.example/'>",
    "<style>*{display:none}</style><link rel=stylesheet href=https://evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    '=HYPERLINK("https://evil.example","x")',
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "W" * 20_000,
    "a\u0300" * 3_000,
    "\u202e\u202dtxet desrever\u202c",
    "\u200f\u200e\u2066\u2067\u2069 مرحبا שלום",
    "\ufeff\u0001\u0002\u001b[31m red",
    "😀" * 500,
    "..\\..\\../../etc/passwd%00%0d%0aSet-Cookie: x=1",
)


def _argument(value: object) -> Argument:  # type: ignore[type-arg]
    return Argument(Span(0, 5), value, None, 0.9)


def _claim(number: int, text: str, attack: str) -> Claim:
    place = Place(number, attack[:200], "ML", attack[:200], 12.6, -8.0, Precision.TOWN, attack)
    return Claim(
        id=f"hostile-{number}",
        trigger=Span(0, min(5, len(text))),
        sentence=Span(0, len(text)),
        type="COERCE",
        mode="arrest",
        status=Status.ACTUAL,
        historical=False,
        source=Source(SourceKind.PERSON, Span(0, len(text)), 0.5),
        actor=(_argument(Actor(attack, "ML", "MIL", attack)), Argument(Span(0, 5), None, attack, 0.5)),
        recipient=(_argument(Actor(attack, None, None, attack)),),
        place=_argument(place),
        country="ML",
        country_how=attack,
        date=_argument(Date("2026-03-08", attack)),
        count=_argument(Count(number, number + 1, Counted.ARRESTED)),
        confidence=0.5,
    )


def reports() -> Iterator[Report]:
    """Two reports an attack: one full of it, one whose id and outlet are it too."""
    for number, attack in enumerate(ATTACKS):
        for twice in (False, True):
            text = f"{attack} {attack if twice else 'said'} {number}"
            yield Report(
                id=attack[:300] if twice else f"hostile-{number}",
                text=text,
                title=attack,
                outlet=attack[:500] if twice else "Hostile Herald",
                published=dt.date(2026, 3, 1 + number),
                language=attack[:20],
                url=attack,
                claims=(_claim(2 * number + twice, text, attack),),
                issues=(attack,),
            )

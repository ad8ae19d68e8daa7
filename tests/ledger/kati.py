"""A report of an arrest and an attack in Kati, for the tests of what people judge and correct."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from sayso.model import Actor, Claim, Count, Counted, Date, Place, Precision
from tests import factory

TEXT = (
    "Soldiers arrested 20 officers in Kati on Sunday, a ministry said. A lawmaker spoke of 50 arrests. "
    "Gunmen attacked a post near Bamako, and the union condemned it."
)
KATI = Place(2456048, "Kati", "ML", None, 12.74, -8.07, Precision.TOWN, "in GeoNames")


def arrest(**fields: object) -> Claim:
    made = factory.claim(
        TEXT,
        "arrested",
        "COERCE",
        actor={"Soldiers": Actor("Soldiers", None, "MIL", "in its own words")},
        place=("Kati", KATI),
        date=("Sunday", Date("2025-08-10", "the day of publication")),
        count=("20", Count(20, 20, Counted.ARRESTED)),
        said_by="a ministry",
        mode="arrest",
        country="ML",
        country_how="place",
        confidence=0.6,
    )
    return replace(made, **fields)  # type: ignore[arg-type]


ATTACK = factory.claim(TEXT, "attacked", "ASSAULT", actor={"Gunmen": "nobody known by these words"}, confidence=0.3)
REPORT = factory.report(TEXT, arrest(), ATTACK, outlet="Harbour Wire", published=dt.date(2025, 8, 10), language="en")

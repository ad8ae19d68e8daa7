"""A generated world whose incidents are known: thousands of events, retold by outlets with the noise of real reports.

Towns and people are in the news by Zipf's law; some events are told once and a few a hundred times; a quarter follow another of
the same kind in the same town within days or months, for unrest comes in series. What a report says of its event may be missing, coarse or
wrong; figures grow from day to day; some reports are printed from one text; some recall an event months later by month or year.
Everything is drawn from the seed given, so that weights can be learnt on one world and measured on another.
"""

# ruff: noqa: E501 - the table of kinds reads best with a kind a line or two
from __future__ import annotations

import bisect
import datetime as dt
import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

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
    Telling,
)
from sayso.reconcile import words

START = dt.date(2024, 1, 1)
COUNTRIES = ("ML NE NG SD UA SY IQ IL US GB FR DE RU CN IN PK AF IR TR EG LY TN DZ MA SN CI BF TD CM CD ET SO KE UG RW TZ MZ ZW ZA VE CO "
             "BR AR PE CL MX HT CU MM TH PH ID BD LK NP KR JP PL HU").split()  # fmt: skip
TOWNS = 2_500


class Kind(NamedTuple):
    """A kind of event: how often, by which words, who does it to whom, and what is counted."""

    share: float
    type: str
    mode: str | None
    triggers: tuple[str, ...]
    actors: tuple[str, ...]
    recipients: tuple[str, ...]
    counted: Counted


KINDS = (
    Kind(14, "ASSAULT", "firearms", ("killed", "shot dead", "gunned down", "attacked", "ambushed"),
         ("gunmen:UAF", "militants:REB", "soldiers:MIL", "bandits:CRM"), ("villagers:CVL", "soldiers:MIL", "police:COP"), Counted.KILLED),
    Kind(8, "ASSAULT", "explosives", ("bombed", "blew up", "killed", "attacked", "blast"),
         ("militants:REB", "the insurgents:REB", "suspected jihadists:REB"), ("civilians:CVL", "worshippers:CVL", "soldiers:MIL"), Counted.KILLED),
    Kind(6, "ASSAULT", "abduct", ("kidnapped", "abducted", "seized", "took"),
         ("gunmen:UAF", "bandits:CRM", "militants:REB"), ("pupils:CVL", "travellers:CVL", "aid workers:NGO"), Counted.ABDUCTED),
    Kind(5, "ASSAULT", "aerial", ("struck", "bombed", "air raid", "hit"), ("the air force:MIL", "warplanes:MIL"),
         ("rebels:REB", "a market:CVL", "a hospital:MED"), Counted.KILLED),
    Kind(14, "COERCE", "arrest", ("arrested", "detained", "arrest", "rounded up", "held"), ("police:COP", "security forces:MIL", "agents:SPY"),
         ("protesters:OPP", "journalists:JRN", "officers:MIL", "opposition figures:OPP"), Counted.ARRESTED),
    Kind(4, "COERCE", "seize", ("raided", "searched", "raid"), ("police:COP", "soldiers:MIL"), ("a newspaper:JRN", "party offices:PTY"), Counted.OTHER),
    Kind(3, "COERCE", "curfew", ("curfew", "imposed"), ("the governor:GOV", "the authorities:GOV"), ("residents:CVL",), Counted.OTHER),
    Kind(13, "PROTEST", "demo", ("marched", "protest", "demonstrated", "rallied", "took to the streets"),
         ("students:EDU", "opposition supporters:OPP", "residents:CVL"), ("the government:GOV", "the president:GOV"), Counted.PARTICIPANTS),
    Kind(7, "PROTEST", "strike", ("strike", "walked out", "stopped work"), ("teachers:LAB", "doctors:MED", "dockers:LAB", "miners:LAB"),
         ("the government:GOV", "the ministry:GOV"), Counted.PARTICIPANTS),
    Kind(9, "ACCUSE", "allege", ("accused", "charged", "indicted", "blamed"), ("prosecutors:JUD", "the government:GOV", "the opposition:OPP"),
         ("a former minister:ELI", "rebels:REB", "a general:MIL"), Counted.OTHER),
    Kind(8, "CONSULT", "visit", ("met", "visited", "visit", "talks"), ("the foreign minister:GOV", "the president:GOV", "an envoy:IGO"),
         ("the prime minister:GOV", "the junta:MIL"), Counted.OTHER),
    Kind(4, "AGREE", None, ("signed", "agreed", "deal"), ("the government:GOV", "rebels:REB"), ("rebels:REB", "unions:LAB"), Counted.OTHER),
    Kind(3, "RETREAT", "release", ("freed", "released", "release"), ("kidnappers:CRM", "the court:JUD", "the junta:MIL"),
         ("hostages:CVL", "activists:OPP"), Counted.RELEASED),
    Kind(2, "COUP", "attempt", ("coup", "mutiny", "seized power", "coup attempt"), ("soldiers:MIL", "officers:MIL"), ("the president:GOV",), Counted.KILLED),
)  # fmt: skip
# What a reader takes one type for, where it errs.
TAKEN_FOR = {
    "ASSAULT": "COERCE", "COERCE": "ASSAULT", "PROTEST": "REQUEST", "ACCUSE": "SANCTION", "CONSULT": "AGREE", "AGREE": "CONSULT",
    "RETREAT": "CONCEDE", "COUP": "ASSAULT",
}  # fmt: skip


class Town(NamedTuple):
    """A town as a gazetteer has it."""

    number: int
    name: str
    country: str
    admin1: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Event:
    """What happened."""

    town: Town
    day: int
    kind: Kind
    actor: str
    recipient: str
    count: int
    names: tuple[str, ...]
    about: tuple[str, ...]


class Zipf:
    """Draws numbers below `size`, each the rarer the larger."""

    def __init__(self, size: int, power: float = 1.0) -> None:
        self.sums = list(itertools.accumulate((rank + 1) ** -power for rank in range(size)))

    def draw(self, chance: random.Random) -> int:
        """One number."""
        return bisect.bisect(self.sums, chance.random() * self.sums[-1])


class World:
    """The events of one seed; `tellings` retells them."""

    def __init__(self, seed: int, events: int, days: int) -> None:
        self.chance = random.Random(seed)
        self.days = days
        self.vocabulary = [word for word in words.listed() if words.weight(word)]
        self.common, self.famous = Zipf(len(self.vocabulary), 0.7), Zipf(400, 0.9)
        self.towns = [self._town(number) for number in range(TOWNS)]
        self.near = Zipf(TOWNS)
        self.people = {country: [self._name(2) for _ in range(400)] for country in COUNTRIES}
        self.events: list[Event] = []
        for _ in range(events):
            self.events.append(self._event())

    def _town(self, number: int) -> Town:
        country = COUNTRIES[int(len(COUNTRIES) * self.chance.random() ** 2)]
        middle = random.Random(country)
        latitude, longitude = middle.uniform(-30, 55), middle.uniform(-100, 120)
        admin1 = f"{country} division {self.chance.randrange(12)}"
        east, north = self.chance.gauss(0, 3), self.chance.gauss(0, 3)
        return Town(1000 + number, self._name(3), country, admin1, latitude + north, longitude + east)

    def _name(self, syllables: int) -> str:
        return "".join(
            self.chance.choice("ba ke di mo fa nu sa li to ra gu ze yo wi cha".split()) for _ in range(syllables)
        ).capitalize() + (self.chance.choice("nrslkm"))

    def _event(self) -> Event:
        chance = self.chance
        if self.events and chance.random() < 0.25:
            before = chance.choice(self.events[-200:])
            fresh = tuple(name if chance.random() < 0.5 else self._person(before.town.country) for name in before.names)
            about = tuple(word if chance.random() < 0.5 else self._word() for word in before.about)
            day = before.day + (chance.randint(1, 9) if chance.random() < 0.6 else chance.randint(10, 150))
            return replace(before, day=day, names=fresh, about=about, count=self._count(before.kind))
        kind = chance.choices(KINDS, [kind.share for kind in KINDS])[0]
        town = self.towns[self.near.draw(chance)]
        return Event(
            town=town,
            day=chance.randrange(self.days),
            kind=kind,
            actor=chance.choice(kind.actors),
            recipient=chance.choice(kind.recipients),
            count=self._count(kind),
            names=tuple(self._person(town.country) for _ in range(3)),
            about=tuple(self._word() for _ in range(10)),
        )

    def _person(self, country: str) -> str:
        return self.people[country][self.famous.draw(self.chance)] if self.chance.random() < 0.6 else self._name(3)

    def _word(self) -> str:
        return words.shown(self.vocabulary[self.common.draw(self.chance)])

    def _count(self, kind: Kind) -> int:
        return max(1, int(self.chance.lognormvariate(7 if kind.counted is Counted.PARTICIPANTS else 2.2, 1.1)))

    def tellings(self) -> Iterator[tuple[int, Telling]]:
        """Every claim of every report, with the number of the event that it tells."""
        for number, event in enumerate(self.events):
            for copy, written in self._written(event):
                yield number, replace(written, origin=copy)

    def _written(self, event: Event) -> Iterator[tuple[str | None, Telling]]:
        chance = self.chance
        times = min(int(chance.paretovariate(1.1)), 150)
        story: tuple[str, Telling] | None = None
        for _ in range(times):
            if story and chance.random() < 0.25:
                yield story[0], _printed(story[1], chance)
                continue
            told = _Writer(self, event).telling()
            story = (f"origin-{chance.getrandbits(60):x}", told)
            yield story[0] if chance.random() < 0.9 else None, told


def _printed(original: Telling, chance: random.Random) -> Telling:
    """A wire story in another paper, with its own title."""
    report = original.report
    outlet = f"Outlet {chance.randrange(60)}"
    title = report.title if chance.random() < 0.5 else " ".join((report.title or "").split()[::-1])
    return replace(original, report=replace(report, id=f"r{chance.getrandbits(60):x}", outlet=outlet, title=title))


class _Writer:
    """Writes one report of one event."""

    def __init__(self, world: World, event: Event) -> None:
        self.world, self.event, self.chance = world, event, world.chance
        self.text = ""
        self.recalled = self.chance.random() < 0.04
        late = self.chance.randint(40, 400) if self.recalled else int(self.chance.expovariate(1.2))
        self.day = START + dt.timedelta(event.day)
        self.told = self.day + dt.timedelta(late)
        self.late = late

    def telling(self) -> Telling:
        """The report and its claim."""
        event, chance, kind = self.event, self.chance, self.event.kind
        actor = self._party(event.actor, 0.7)
        trigger = self._say(chance.choice(kind.triggers))
        count = self._count()
        recipient = self._party(event.recipient, 0.65)
        place = self._place()
        date = self._date()
        said = [word for word in event.about if chance.random() < 0.35]
        said += [name for name in event.names if chance.random() < 0.45]
        said += [self.world._word() for _ in range(chance.randint(3, 9))]
        chance.shuffle(said)
        self._say(" ".join(said))
        self.text = self.text.strip() + "."
        sentence = Span(0, len(self.text))
        report = Report(
            id=f"r{chance.getrandbits(60):x}",
            text=self.text + "\n" + self._background(),
            title=self._title(),
            outlet=f"Outlet {chance.randrange(60)}",
            published=self.told,
            language="en",
        )
        erring = chance.random()
        claim = Claim(
            id=f"c{report.id}",
            trigger=trigger,
            sentence=sentence,
            type=TAKEN_FOR[kind.type] if erring < 0.06 else chance.choice(KINDS).type if erring < 0.08 else kind.type,
            mode=kind.mode if erring > 0.25 else None,
            status=Status.ALLEGED if chance.random() < 0.1 else Status.ACTUAL,
            historical=self.recalled and chance.random() < 0.8,
            source=Source(SourceKind.REPORT),
            actor=actor,
            recipient=recipient,
            place=place,
            country=self._country(place),
            country_how="place",
            date=date,
            count=count,
        )
        return Telling(report, claim)

    def _say(self, said: str) -> Span:
        start = len(self.text)
        self.text += f"{said} "
        return Span(start, start + len(said))

    def _party(self, party: str, how_often: float) -> tuple[Argument[Actor], ...]:
        name, sector = party.split(":")
        if self.chance.random() > how_often:
            return ()
        known = self.chance.random()
        if known < 0.25:
            return (Argument(self._say(f"men of {self.world._name(2)}"), None, "nobody known by these words"),)
        country = self.event.town.country if known < 0.75 else None
        return (Argument(self._say(name), Actor(name, country, sector, "listed")),)

    def _count(self) -> Argument[Count] | None:
        kind, chance = self.event.kind, self.chance
        if kind.counted is Counted.OTHER or chance.random() < 0.45:
            return None
        grown = min(1.0, 0.35 + 0.3 * self.late + 0.35 * chance.random())
        low = max(1, round(self.event.count * (grown if kind.counted is Counted.KILLED else chance.uniform(0.7, 1.2))))
        high = None if chance.random() < 0.2 else low
        return Argument(self._say(str(low)), Count(low, high, kind.counted))

    def _place(self) -> Argument[Place] | None:
        town, draw = self.event.town, self.chance.random()
        if draw < 0.3:
            return None
        if draw < 0.33:
            town = self.world.towns[self.world.near.draw(self.chance)]
        if draw < 0.45:
            place = Place(None, town.country, town.country, None, None, None, Precision.COUNTRY, "named")
        elif draw < 0.57:
            code = sum(map(ord, town.admin1))
            place = Place(
                code, town.admin1, town.country, town.admin1, town.latitude, town.longitude, Precision.ADMIN1, "named"
            )
        else:
            place = Place(
                town.number,
                town.name,
                town.country,
                town.admin1,
                town.latitude,
                town.longitude,
                Precision.TOWN,
                "named",
            )
        self._say("in")
        return Argument(self._say(place.name), place)

    def _country(self, place: Argument[Place] | None) -> str | None:
        if place and place.value:
            return place.value.country
        draw = self.chance.random()
        return self.event.town.country if draw < 0.8 else self.chance.choice(COUNTRIES) if draw < 0.88 else None

    def _date(self) -> Argument[Date] | None:
        draw = self.chance.random()
        if draw < (0.1 if self.recalled else 0.4):
            return None
        day = self.day
        if draw > 0.95:
            day += dt.timedelta(self.chance.choice([-7, -2, -1, 1, 2, 7]))
        value = day.isoformat()
        if self.recalled:
            value = value[: self.chance.choice([4, 7, 7, 10])]
        self._say("on")
        return Argument(self._say(value), Date(value, "as written"))

    def _background(self) -> str:
        event, chance = self.event, self.chance
        said = [word for word in (*event.about, *event.names, event.town.name) if chance.random() < 0.5]
        said += [self.world._word() for _ in range(chance.randint(40, 120))]
        said += [name for name in event.names for _ in range(chance.randrange(3))]
        said += [self.world._person(event.town.country) for _ in range(3)]
        chance.shuffle(said)
        return " ".join(said) + "."

    def _title(self) -> str | None:
        event, chance = self.event, self.chance
        if chance.random() < 0.05:
            return None
        said = [chance.choice(event.kind.triggers)] + [
            word for word in (event.town.name, *event.names, *event.about[:4]) if chance.random() < 0.35
        ]
        return " ".join(said + [self.world._word() for _ in range(2)]).capitalize()


def truth(numbers: Sequence[int], keys: Sequence[str]) -> list[set[str]]:
    """The keys of each event."""
    groups: dict[int, set[str]] = {}
    for number, key in zip(numbers, keys, strict=True):
        groups.setdefault(number, set()).add(key)
    return list(groups.values())

"""Packs who is known into `src/sayso/data/actors.tsv.gz`: officials, leaders, organisations, armed groups, towns.

    python tools/pack_actors.py CORPORA

reads, below CORPORA, the PETRARCH-2 dictionaries (`coding/petrarch-dictionaries`, MIT), the REIGN leaders
(`leaders/reign-leaders.csv`, MIT) and, only to leave out ambiguous town names, GeoNames' cities15000.
The output is one line a name: ``name, kind, country, spells``, tab-separated, sorted, the same on every run.

- `name` is folded as `sayso.resolve.names.fold` folds it, so that the reader's words meet it;
- `kind`: o organisation, p official, r ruler, l ruler whom REIGN follows, s a ruler's surname, c town or province;
- `country`: ISO 3166 alpha-2, or empty for what belongs to none;
- `spells`: ``SECTOR:start-end`` joined by ``;``, days as YYYYMMDD, open where the list ends before the office does.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rigour.territories import get_territories

from sayso.ontology import SECTORS
from sayso.resolve.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

OUTPUT = Path(__file__).parents[1] / "src/sayso/data/actors.tsv.gz"

# CAMEO writes a few roles otherwise than PLOVER.
_AGENTS = {"MED": "JRN", "HLH": "MED", "INS": "REB", "RAD": "REB", "SEP": "REB", "HRI": "NGO", "DEV": "", "ENV": ""}
_MANY = ("IGO", "NGO", "NGM", "IMG", "MNC", "INT")
_OTHER_ISO3 = {"KSV": "XK", "TMP": "TL", "ROM": "RO", "KNT": "KN", "SUN": "RU", "DDR": "DE"}

# Correlates of War's abbreviations where they are not ISO's; states that are gone are left out.
_COW_PAIRS = (
    "AAB:AG ALG:DZ ANG:AO AUL:AU AUS:AT BAH:BH BAR:BB BFO:BF BHM:BS BHU:BT BNG:BD BOS:BA BOT:BW BRU:BN BUI:BI "
    "BUL:BG CAM:KH CAO:CM CAP:CV CDI:CI CEN:CF CHA:TD CON:CG COS:CR CRO:HR CZR:CZ DEN:DK DRC:CD DRV:VN EQG:GQ "
    "ETM:TL FIJ:FJ FRN:FR GAM:GM GFR:DE GMY:DE GRG:GE GRN:GD GUA:GT GUI:GN HAI:HT HON:HN ICE:IS INS:ID IRE:IE "
    "KOS:XK KUW:KW KYR:KG KZK:KZ LAT:LV LEB:LB LES:LS LIB:LR LIT:LT MAA:MR MAC:MK MAD:MV MAG:MG MAL:MY MAS:MU "
    "MAW:MW MLD:MD MNC:MC MON:MN MOR:MA MSI:MH MYA:MM MZM:MZ NAU:NR NEP:NP NEW:NZ NIG:NG NIR:NE NTH:NL OMA:OM "
    "PAL:PW PAR:PY PHI:PH POR:PT ROK:KR SAF:ZA SAL:SV SEY:SC SIE:SL SIN:SG SKN:KN SLO:SK SLU:LC SLV:SI SNM:SM "
    "SOL:SB SPN:ES SRI:LK SUD:SD SUR:SR SVG:VC SWA:SZ SWD:SE SWZ:CH TAJ:TJ TAZ:TZ THI:TH TOG:TG TRI:TT UAE:AE "
    "UKG:GB URU:UY VAN:VU YAR:YE ZAM:ZM ZIM:ZW "
)
_COW = dict(pair.split(":") for pair in _COW_PAIRS.split())
_GONE = {"CZE", "GDR", "RVN", "YPR", "YUG"}

# Names in the dictionaries that are also plain words, given names or other things; none of them may resolve by itself.
_PLAIN_WORDS = (
    "youth maverick mavericks organization tiger tigers zero falcon fps eta amal shahin boogeymen hm eyal camo "
    "hisba tanzim bersatu avenismo venceremos clandestini clandestinu machetero emgann nasrallah zawahiri awlaqi "
    "aulaqi contra contras sandinistas provos kach kakh plo uda auc ela elan senate assad snowden joulani hambali "
    "hamzah muhannad janjalani isnilon baasyir dulmatin salauddin sungkar thoriqudin zarkasih zulkarnaen "
    "manoharpuri olive aleph yahweh hotaru recontras peykar dzhennet 313 380 39649 pla epa nsc hsm hpg kla ruf "
    "iju ipu icco slmm rira khk rkk fbl flnc mlf puk krg movement front base "
)
_COMMON = frozenset(_PLAIN_WORDS.split()) | {
    "al awlaki",
    "al badr",
    "al nawaz",
    "al jihad",
    "al faran",
    "al qassam",
    "new republic",
    "united states",
    "first american",
}


class Spell(NamedTuple):
    """One office or standing and the days it lasted, YYYYMMDD; empty where open."""

    sector: str
    start: str
    end: str

    def __str__(self) -> str:
        return f"{self.sector}:{self.start}-{self.end}"


class Entry(NamedTuple):
    """One head of a dictionary with its synonyms and codes."""

    names: list[str]
    codes: list[str]


def iso3_codes() -> dict[str, str]:
    """ISO alpha-3 to alpha-2, for countries and their territories."""
    known = {t.alpha3.upper(): t.code.upper() for t in get_territories() if t.alpha3 and len(t.code) == 2}
    return known | _OTHER_ISO3


def entries(path: Path) -> Iterator[Entry]:
    """The dictionary's entries: a head line, ``+`` synonyms, codes in brackets on any of these lines."""
    entry = Entry([], [])
    for raw in path.read_text("utf-8", "replace").splitlines():
        line = raw.split("#")[0].rstrip()
        if not line.strip():
            continue
        codes = re.findall(r"\[([^\]]*)\]", line)
        name = line.split("[")[0].strip(" \t+").replace("_", " ").strip()
        if name and not line.lstrip().startswith("+"):
            yield entry
            entry = Entry([], [])
        if name:
            entry.names.append(name)
        entry.codes.extend(codes)
    yield entry


def day(written: str) -> str:
    """YYMMDD or YYYYMMDD to YYYYMMDD; anything else (the dictionaries have slips) is taken as not said."""
    if len(written) == 6 and written.isdigit():
        return ("19" if int(written[:2]) > 30 else "20") + written
    return written if len(written) == 8 and written[:2] in {"18", "19", "20"} else ""


def spell_days(words: list[str]) -> tuple[str, str] | None:
    """``>070101``, ``<061231`` or ``070101-071231`` to start and end; None where the days are unreadable."""
    written = "".join(words)
    if not written:
        return "", ""
    if written[0] in "<>":
        limit = day(written[1:])
        return None if not limit else ((limit, "") if written[0] == ">" else ("", limit))
    start, _, end = written.partition("-")
    first, last = day(start), day(end)
    return (first, last) if first and last and first <= last else None


def sector_of(agents: str) -> str:
    """The PLOVER sector of CAMEO's role codes: the first that says one; the legislature and the spies over GOV."""
    parts = [_AGENTS.get(agents[i : i + 3], agents[i : i + 3]) for i in range(0, len(agents), 3)]
    if parts[:1] == ["GOV"] and len(parts) > 1 and parts[1] in {"LEG", "SPY", "REB"}:
        return parts[1]
    return next((part for part in parts if part in SECTORS), "")


def reading(code: str, iso3: dict[str, str]) -> tuple[str, Spell] | None:
    """One bracket to country and spell: ``MLIGOV >020608``, ``IGOUNO``, ``NGOUSAHRI``."""
    head, *rest = code.split() or [""]
    days = spell_days(rest)
    if days is None or not head.isalpha():
        return None
    if head[:3] in _MANY:
        kind = "UNO" if head[3:6] == "UNO" else "EUR" if head[3:9] == "EUREEC" else head[:3]
        kind = {"NGM": "NGO", "INT": sector_of(head[3:]) or "IGO"}.get(kind, kind)
        based = "" if kind in {"IGO", "UNO", "EUR", "IMG"} else iso3.get(head[3:6], "")
        return based, Spell(kind, *days)
    if head in {"MED", "ELI"}:
        return "", Spell(_AGENTS.get(head, head), *days)
    country = iso3.get(head[:3])
    if country is None:  # a region: the armed groups of South Asia belong to no one country
        return ("", Spell("IMG" if sector_of(head[3:]) == "REB" else "", *days)) if head[3:] else None
    return country, Spell(sector_of(head[3:]), *days)


Table = dict[tuple[str, str, str], set[Spell]]  # (name, kind, country) -> spells


def add_entry(table: Table, entry: Entry, iso3: dict[str, str], *, people: bool) -> None:
    """One dictionary entry under all its names."""
    read = [found for code in entry.codes if (found := reading(code, iso3)) and (found[0] or found[1].sector)]
    dated = any(spell.start or spell.end for _, spell in read)
    ruler = any(spell.sector == "ELI" for _, spell in read)
    for country, spell in read:
        if spell.sector == "ELI" or (not spell.sector and dated):
            continue  # "former" is worked out from the end of the last office
        kind = "c" if not spell.sector else ("r" if ruler else "p") if people and dated else "o"
        for name in entry.names:
            # "ADEN ABYAN ISLAMIC ARMY (AAIA)" is two names; the one in brackets is too short to stand alone
            if fits(key := fold(re.sub(r"\([^)]*\)", " ", name)).removeprefix("the "), kind):
                table[key, kind, country].add(spell)


def fits(name: str, kind: str) -> bool:
    """Whether a name may resolve without further help: people by two words or more, no plain words."""
    if name in _COMMON or (len(name) < 3 and name not in {"un", "eu", "au"}):
        return False
    words = name.split()
    return {"p": len(words) > 1, "r": len(words) > 1, "c": len(name) > 3 and len(words) < 4}.get(kind, True)


def add_international(table: Table, path: Path, iso3: dict[str, str]) -> None:
    """International actors: companies and associations by two words or more, for "Target" is a word as well."""
    for entry in entries(path):
        plain = all(code.startswith(("MNC", "NGO")) for code in entry.codes)
        names = [name for name in entry.names if not plain or len(fold(name).split()) > 1]
        add_entry(table, Entry(names, entry.codes), iso3, people=True)


class Reign(NamedTuple):
    """One ruler's time in REIGN, months made days; `end` empty for those in office when the list ends."""

    country: str
    leader: str
    born: str
    start: str
    end: str


def reign(path: Path, iso3: dict[str, str]) -> Iterator[Reign]:
    """REIGN's leaders of states that still exist."""
    with path.open(encoding="utf-8", errors="replace", newline="") as lines:
        for row in csv.DictReader(lines):
            code = row["stateabb"]
            country = None if code in _GONE else _COW.get(code) or iso3.get(code)
            if country and row["syear"]:
                start = f"{row['syear']}{int(row['smonth']):02}{int(row['sdate'] or 1):02}"
                end = f"{row['eyear']}{int(row['emonth'] or 12):02}31" if row["eyear"] else ""
                yield Reign(country, fold(row["leader"]), row["birthyear"], start, end)


def add_rulers(table: Table, rulers: Sequence[Reign]) -> None:
    """REIGN's months of office, under the full name where one of the sources gives it, and under the surname."""
    people: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, kind, country in list(table):
        if kind in "pr":
            for word in set(name.split()):
                people[country, word].add(name)
    persons: dict[tuple[str, str, str], list[Reign]] = defaultdict(list)
    for ruler in rulers:
        persons[ruler.country, ruler.leader, ruler.born].append(ruler)
    for (country, leader, _), terms in persons.items():
        spells = {Spell("GOV", term.start, term.end) for term in terms}
        words = leader.split()
        for word in {words[0], words[-1]}:
            table[word, "s", country] |= spells
        for full in full_names(terms, people, table):
            table[full, "l", country] |= spells


def full_names(terms: Sequence[Reign], people: dict[tuple[str, str], set[str]], table: Table) -> set[str]:
    """Names of people who are this ruler: in office from the same month, or the country's only one so named."""
    country, words = terms[0].country, terms[0].leader.split()
    starts = {term.start[:6] for term in terms}
    named = set.intersection(*(people.get((country, word), set()) for word in words))
    same = {name for name in named if any(spell.start[:6] in starts for spell in spells_of(table, name, country))}
    recent = max(starts) > "1990"  # the dictionaries' ministers are of 2003 to 2010: an earlier namesake is another
    surnames = {name for name in named if recent and name.split()[-1] == words[-1]}
    found = same or (surnames if len(surnames) == 1 else set())
    return found | ({terms[0].leader} if len(words) > 1 and len(words[0]) > 2 else set())


def spells_of(table: Table, name: str, country: str) -> set[Spell]:
    """All spells of one person, official or ruler."""
    return table.get((name, "p", country), set()) | table.get((name, "r", country), set())


def ambiguous_towns(table: Table, cities: Path) -> set[str]:
    """Town names that are also words of people's names, or that another country's larger town bears."""
    borne: dict[str, set[str]] = defaultdict(set)
    for line in cities.read_text("utf-8").splitlines():
        fields = line.split("\t")
        if int(fields[14]) >= 50_000:
            for name in (fields[1], fields[2]):
                borne[fold(name)].add(fields[8])
    people = {word for name, kind, _ in table if kind in "prs" for word in name.split()}
    return {name for name, kind, country in table if kind == "c" and (name in people or borne[name] - {country})} | {
        name for name, kind, _ in table if kind == "c" and sum((name, "c", c) in table for c in borne[name]) > 1
    }


def lines_of(table: Table, drop: set[str]) -> Iterator[str]:
    """The packed lines; a ruler whom REIGN follows keeps the offices that the dictionaries add."""
    for (name, kind, country), spells in sorted(table.items()):
        if (kind == "c" and name in drop) or (kind in "pr" and (name, "l", country) in table):
            continue
        if kind == "o" and any((name, person, country) in table for person in "prl"):
            continue  # somebody listed once more without days
        # what the dictionaries leave open REIGN may have ended: Barack Obama is in office there for ever
        every = spells | ({spell for spell in spells_of(table, name, country) if spell.end} if kind == "l" else set())
        written = ";".join(str(spell) for spell in sorted(every) if kind != "c")
        yield f"{name}\t{kind}\t{country}\t{written}\n"


def main() -> None:
    """Read the corpora, write the pack."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    corpora: Path = parser.parse_args().corpora
    dictionaries, iso3 = corpora / "coding/petrarch-dictionaries", iso3_codes()
    table: Table = defaultdict(set)
    for entry in entries(dictionaries / "Phoenix.Countries.actors.txt"):
        add_entry(table, entry, iso3, people=True)
    for entry in entries(dictionaries / "Phoenix.MilNonState.actors.txt"):
        add_entry(table, entry, iso3, people=False)
    add_international(table, dictionaries / "Phoenix.International.actors.txt", iso3)
    add_rulers(table, list(reign(corpora / "leaders/reign-leaders.csv", iso3)))
    text = "".join(lines_of(table, ambiguous_towns(table, corpora / "gazetteer/cities15000.txt")))
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0, compresslevel=9) as out:
        out.write(text.encode())
    OUTPUT.write_bytes(packed.getvalue())


if __name__ == "__main__":
    main()

"""Names, adjectives and demonyms of countries to ISO 3166 alpha-2, from a table packed out of rigour."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

from sayso.resolve.gazetteer import normal

# Read only as written: in lower case these are other words, or too short to mean anything.
_ACRONYMS = {
    "US": "US", "U.S.": "US", "U.S": "US", "USA": "US", "U.S.A.": "US", "UK": "GB", "U.K.": "GB", "U.K": "GB", "UAE": "AE", "DRC": "CD",
    "DR Congo": "CD", "PRC": "CN", "ROK": "KR", "DPRK": "KP", "CAR": "CF", "NZ": "NZ", "KSA": "SA", "PNG": "PG", "USSR": "RU",
}  # fmt: skip
# Names of states that no longer exist or that English news uses alone; rigour leaves them out or to a part of a state.
_ADDED = {
    "holland": "NL", "soviet union": "RU", "soviet": "RU", "zaire": "CD", "great britain": "GB", "scottish": "GB", "welsh": "GB",
    "english": "GB", "scotland": "GB", "england": "GB", "wales": "GB", "northern ireland": "GB", "palestine": "PS", "palestinian": "PS",
    "palestinians": "PS", "gaza": "PS", "gaza strip": "PS", "west bank": "PS", "gazan": "PS", "vatican": "VA", "turk": "TR", "turks": "TR",
    "turkiye": "TR", "syrian arab republic": "SY", "emirati": "AE", "emiratis": "AE", "saudi": "SA", "saudis": "SA", "kiwi": "NZ",
    "afghan": "AF", "afghans": "AF", "british": "GB", "french": "FR", "dutch": "NL", "the gambia": "GM", "ivorian": "CI",
    "ivory coast": "CI", "burkinabe": "BF", "nigerien": "NE", "nigerian": "NG", "argentine": "AR", "filipino": "PH", "filipinos": "PH",
    "philippine": "PH", "philippines": "PH", "tibetan": "CN", "uighur": "CN", "uyghur": "CN", "chechen": "RU", "catalan": "ES",
    "kurd": "", "kurdish": "", "kurds": "", "arab": "", "european": "", "african": "", "asian": "", "israelis": "IL", "israeli": "IL",
    "brazil": "BR", "swiss": "CH", "spanish": "ES", "spaniards": "ES", "danish": "DK", "danes": "DK", "swedes": "SE", "finns": "FI",
    "poles": "PL", "serbs": "RS", "greek": "GR", "greeks": "GR", "hong kong": "HK", "hong konger": "HK", "hong kongers": "HK",
}  # fmt: skip


@cache
def names() -> Mapping[str, str]:
    """Normal name (see `gazetteer.normal`) -> ISO country."""
    found: dict[str, str] = {}
    for line in resources.files("sayso.data").joinpath("countries.tsv").read_text("utf-8").splitlines():
        code, spelt = line.split("\t")
        found.update(dict.fromkeys(spelt.split("|"), code))
    return found | _ADDED


def lookup(words: str) -> str | None:
    """The country that `words` name, as a whole: "Malian", "the Netherlands", "U.S.". None where they name none, or several.

    "Georgia" is answered as the country: whoever asks knows whether the report is about the other one.
    """
    if words in _ACRONYMS:
        return _ACRONYMS[words]
    name = normal(words).removeprefix("the ")
    if len(name) < 4 and words.islower():
        return None
    known = names()
    code = known.get(name)
    if code is None and name.endswith("s"):
        code = known.get(name.removesuffix(" s").removesuffix("s"))
    return code or None

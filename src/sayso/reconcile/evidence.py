"""What speaks for two marked events of a pool being one, as numbers: a square matrix a kind of evidence, all pairs at once.

Likenesses of bags are cosines of stems weighed by how few reports of the pool use them; `SILENT` stands where either says
nothing, so that what is missing is no likeness of nought.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from sayso.reconcile import senses, words
from sayso.reconcile.marked import Bag, Mark, Text

Floats = npt.NDArray[np.float32]
SILENT = -0.15
_LEAST = 0.1  # what a stem weighs that all reports of a pool use


class Pool:
    """Marks that are compared with one another, and their reports; in whatever order they come, a pool is the same.

    `texts` hold every report that has a mark; ids of texts and keys of marks are each given once. There are `size` marks, and
    every square matrix is (size, size) unless it says otherwise.
    """

    def __init__(self, texts: Sequence[Text], marks: Sequence[Mark]) -> None:
        self.texts, self.marks = sorted(texts, key=lambda text: text.id), sorted(marks, key=lambda mark: mark.key)
        self.size = len(marks)
        places = {text.id: at for at, text in enumerate(self.texts)}
        self.report = np.array([places[mark.text] for mark in self.marks], dtype=np.int64)
        self.sentence = np.array([mark.sentence for mark in self.marks], dtype=np.float32)
        self.lemmas = [_lemma(mark.trigger) for mark in self.marks]
        self._met = Counter(stem for text in self.texts for stem in text.all)

    def rarity(self, stem: str) -> float:
        """How much it says here that two texts share a stem, from 0."""
        return max(math.log((len(self.texts) + 1) / (self._met[stem] + 0.5)), 0.0)

    def telling(self, stem: str) -> float:
        """The same, for stems that are rare in other news as well."""
        return self.rarity(stem) * (0.3 + words.weight(stem) / 5)

    def marking(self, stem: str) -> float:
        """The same, for names and figures: never nothing."""
        return max(self.rarity(stem), _LEAST)

    def alike(self, bag_of: Callable[[Mark], Bag], weight: Callable[[str], float]) -> Floats:
        """How alike the bags of marks are; `SILENT` where either is empty."""
        rows = _weighed([bag_of(mark) for mark in self.marks], weight)
        said = np.asarray(rows.any(axis=1))
        return _where_both(said, _cosines(rows))

    def lower(self, values: Floats) -> Floats:
        """The lower value of each pair."""
        return np.minimum(values[:, None], values)

    def higher(self, values: Floats) -> Floats:
        """The higher value of each pair."""
        return np.maximum(values[:, None], values)

    def spread(self, reports: Floats) -> Floats:
        """What holds of two reports (reports, reports), for the marks in them."""
        return reports[np.ix_(self.report, self.report)]

    @cached_property
    def one_report(self) -> npt.NDArray[np.bool_]:
        """Whether both stand in one report."""
        return np.equal.outer(self.report, self.report)

    @cached_property
    def telling_words(self) -> Floats:
        """How alike reports are by the words that tell them apart here (reports, reports)."""
        return _cosines(_weighed([text.said for text in self.texts], self.telling))

    @cached_property
    def names_and_figures(self) -> Floats:
        """How alike reports are by their names and figures (reports, reports)."""
        return _cosines(_weighed([text.marks for text in self.texts], self.marking))

    @cached_property
    def story(self) -> Floats:
        """How alike reports are by both, against the other pairs of reports here (reports, reports)."""
        return standard(standard(self.telling_words) + standard(self.names_and_figures))

    @cached_property
    def company(self) -> Floats:
        """Whether two reports are like the same others (reports, reports)."""
        others = self.story.copy()
        count = len(others)
        if count < 3:
            return np.zeros_like(others)
        np.fill_diagonal(others, 0)
        means = others.sum(axis=1, keepdims=True) / (count - 1)
        others -= means
        np.fill_diagonal(others, 0)
        return _cosines(others)

    @cached_property
    def views(self) -> Floats:
        """How alike the encoder sees the triggers; `SILENT` throughout where it saw none."""
        seen = {len(mark.vector) for mark in self.marks}
        if len(seen) != 1 or seen == {0}:
            return np.full((self.size, self.size), SILENT, dtype=np.float32)
        rows = np.stack([np.frombuffer(mark.vector, dtype=np.int8) for mark in self.marks])
        return _cosines(rows.astype(np.float32))

    @cached_property
    def share(self) -> Floats:
        """In which share of the reports each trigger is marked (size,)."""
        return np.array([len(self._reports[lemma]) / len(self.texts) for lemma in self.lemmas], dtype=np.float32)

    @cached_property
    def gathered(self) -> Floats:
        """How alike the reports are in which each trigger is marked (size,): a word of all stories says less of one."""
        means = {lemma: _mean_between(self.story, sorted(reports)) for lemma, reports in self._reports.items()}
        return np.array([means[lemma] for lemma in self.lemmas], dtype=np.float32)

    def across(self, values: Floats, counted: Floats | None = None) -> Floats:
        """The mean of `values` over all pairs of marks that have the two triggers of a pair, whatever reports they stand in.

        One sentence says little of what "blaze" is to "fire"; forty of them in one topic say more. `counted` are the pairs that
        count, as ones; where no pair of two triggers does, the mean is over all of them.
        """
        apart = 1 - np.eye(self.size, dtype=np.float32)
        means = self._mean(values, apart)
        if counted is not None:
            means = self._mean(values, apart * counted, means)
        return means[np.ix_(self._kin, self._kin)]

    def _mean(self, values: Floats, counted: Floats, otherwise: Floats | None = None) -> Floats:
        """The mean of the values that count, for each two triggers (triggers, triggers)."""
        members = np.zeros((int(self._kin.max()) + 1, self.size), dtype=np.float32)
        members[self._kin, np.arange(self.size)] = 1
        pairs = members @ counted @ members.T
        means: Floats = (members @ (values * counted) @ members.T / np.maximum(pairs, 1)).astype(np.float32)
        return means if otherwise is None else np.where(pairs > 0, means, otherwise).astype(np.float32)

    @cached_property
    def _kin(self) -> npt.NDArray[np.int64]:
        """The number of the trigger of each mark (size,)."""
        known = {lemma: at for at, lemma in enumerate(sorted(set(self.lemmas)))}
        return np.array([known[lemma] for lemma in self.lemmas], dtype=np.int64)

    @cached_property
    def near(self) -> Floats:
        """One where the reports of a pair are more alike than those of most pairs."""
        story = self.spread(self.story)
        pairs = story[np.triu_indices(self.size, 1)]
        return (story > (np.median(pairs) if len(pairs) else 0)).astype(np.float32)

    def met(self, places: npt.NDArray[np.int64]) -> Floats:
        """How often two triggers stand in one of `places` (size,), sentences or reports, by the rarer of them."""
        stands = np.zeros((int(self._kin.max()) + 1, int(places.max()) + 1), dtype=np.float32)
        stands[self._kin, places] = 1
        counts = stands.sum(axis=1)
        shares: Floats = stands @ stands.T / np.minimum(counts[:, None], counts)
        return shares[np.ix_(self._kin, self._kin)]

    @cached_property
    def sentences(self) -> npt.NDArray[np.int64]:
        """The number of the sentence of each mark, counted over all reports (size,)."""
        known: dict[tuple[int, float], int] = {}
        places = zip(self.report.tolist(), self.sentence.tolist(), strict=True)
        return np.array([known.setdefault(place, len(known)) for place in places], dtype=np.int64)

    @cached_property
    def _reports(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for lemma, report in zip(self.lemmas, self.report.tolist(), strict=True):
            found.setdefault(lemma, set()).add(report)
        return found


def _lemma(trigger: Sequence[str]) -> str:
    """The stems of a trigger without the small words among them, if it has others."""
    return " ".join([stem for stem in trigger if words.share(stem) < 2 * words.STOP] or trigger)


def _mean_between(reports: Floats, places: Sequence[int]) -> float:
    if len(places) < 2:
        return 0.0
    part = reports[np.ix_(places, places)]
    return float((part.sum() - np.trace(part)) / (len(places) * (len(places) - 1)))


def _weighed(bags: Sequence[Bag], weight: Callable[[str], float]) -> Floats:
    """Bags as rows (bags, stems)."""
    columns = {stem: at for at, stem in enumerate(sorted({stem for bag in bags for stem in bag}))}
    weights = {stem: weight(stem) for stem in columns}
    rows = np.zeros((len(bags), max(len(columns), 1)), dtype=np.float32)
    for at, bag in enumerate(bags):
        for stem, count in bag.items():
            rows[at, columns[stem]] = (1 + math.log(count)) * weights[stem]
    return rows


def _cosines(rows: Floats) -> Floats:
    unit = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    found: Floats = unit @ unit.T
    return found


def _where_both(said: npt.NDArray[np.bool_], likeness: Floats) -> Floats:
    """`likeness` where both sides say something, else `SILENT`."""
    both = np.outer(said, said)
    return np.where(both, likeness, np.float32(SILENT)).astype(np.float32)


def standard(values: Floats) -> Floats:
    """A symmetric matrix, less its mean off the diagonal and by its spread there."""
    apart = values[np.triu_indices(len(values), 1)]
    if not len(apart):
        return np.zeros_like(values)
    found: Floats = (values - apart.mean()) / (apart.std() + np.float32(1e-6))
    return found


# --- triggers ---


def _grams(lemma: str) -> Bag:
    """Runs of two to four letters of each word, its ends marked: "acquire" and "acquisition" share most."""
    framed = [f"^{word}$" for word in lemma.split()]
    return Counter(word[at : at + size] for word in framed for size in (2, 3, 4) for at in range(len(word) - size + 1))


def _spelling(pool: Pool) -> Floats:
    grams = {lemma: _grams(lemma) for lemma in set(pool.lemmas)}
    return _cosines(_weighed([grams[lemma] for lemma in pool.lemmas], lambda gram: 1.5 if gram[0] == "^" else 1.0))


def _opening(pool: Pool) -> Floats:
    """How much of the longer of two triggers both begin with."""
    known = sorted(set(pool.lemmas))
    table = np.array([[_begin(one, other) for other in known] for one in known], dtype=np.float32)
    places = [known.index(lemma) for lemma in pool.lemmas]
    return table[np.ix_(places, places)]


def _begin(one: str, other: str) -> float:
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return same / max(len(one), len(other), 1)


def _same_words(pool: Pool) -> Floats:
    lemmas = np.array(pool.lemmas)
    found: Floats = (lemmas[:, None] == lemmas).astype(np.float32)
    return found


def _shared_word(pool: Pool) -> Floats:
    rows = _weighed([Counter(set(_own(mark.trigger))) for mark in pool.marks], lambda _: 1.0)
    return (rows @ rows.T > 0).astype(np.float32)


def _own(trigger: Sequence[str]) -> Sequence[str]:
    """The stems of a trigger that few reports use, if it has such."""
    return [stem for stem in trigger if words.share(stem) < words.STOP] or trigger


def _sense(pool: Pool) -> Floats:
    rows = np.stack([senses.of(mark.trigger) for mark in pool.marks])
    known = np.asarray(rows.any(axis=1))
    return _where_both(known, _cosines(rows))


def _rarities(pool: Pool) -> Floats:
    """How rare the rarest word of each trigger is in news."""
    return np.array([max(map(words.weight, mark.trigger), default=0.0) for mark in pool.marks], dtype=np.float32)


def _lengths(pool: Pool) -> Floats:
    counts = np.array([len(mark.trigger) for mark in pool.marks], dtype=np.float32)
    found: Floats = np.abs(counts[:, None] - counts)
    return found


# --- sentences and what is marked in them ---


def _crosswise(pool: Pool) -> Floats:
    """The party nearest before one against the nearest after the other: actives and passives."""
    before, after = [mark.nearest_before for mark in pool.marks], [mark.nearest_after for mark in pool.marks]
    rows = _weighed(before + after, pool.marking)
    said = np.asarray(rows.any(axis=1))
    likeness = _where_both(said, _cosines(rows))
    cross = likeness[: pool.size, pool.size :]
    return np.maximum(cross, cross.T)


def _sentences_apart(pool: Pool) -> Floats:
    """Within one report; -1 across reports."""
    return np.where(pool.one_report, np.abs(pool.sentence[:, None] - pool.sentence), np.float32(-1))


def _denied(pool: Pool) -> Floats:
    denied = np.array([mark.denied for mark in pool.marks])
    found: Floats = (denied[:, None] != denied).astype(np.float32)
    return found


def _everyone(mark: Mark) -> Bag:
    return mark.before + mark.after


Measure = Callable[[Pool], Floats]


def _bag(bag_of: Callable[[Mark], Bag]) -> Measure:
    return lambda pool: pool.alike(bag_of, pool.marking)


# What is compared of two marks once more for all marks with their triggers.
_KINDRED: Mapping[str, Measure] = MappingProxyType(
    {
        "view": lambda pool: pool.views,
        "sentence, every word": _bag(lambda mark: mark.said),
        "parties": _bag(_everyone),
        "around": _bag(lambda mark: mark.around),
        "names": _bag(lambda mark: mark.names),
    }
)


def _for_all(measure: Measure) -> Measure:
    return lambda pool: pool.across(measure(pool))


def _for_near(measure: Measure) -> Measure:
    return lambda pool: pool.across(measure(pool), pool.near)


EVIDENCE: Mapping[str, Measure] = MappingProxyType(
    {
        "same words": _same_words,
        "shared word": _shared_word,
        "spelling": _spelling,
        "opening": _opening,
        "sense": _sense,
        "rarity, lower": lambda pool: pool.lower(_rarities(pool)),
        "rarity, higher": lambda pool: pool.higher(_rarities(pool)),
        "share of reports, lower": lambda pool: pool.lower(pool.share),
        "share of reports, higher": lambda pool: pool.higher(pool.share),
        "gathered": lambda pool: pool.lower(pool.gathered),
        "lengths": _lengths,
        "one report": lambda pool: pool.one_report.astype(np.float32),
        "telling words": lambda pool: pool.spread(pool.telling_words),
        "telling words, standard": lambda pool: pool.spread(standard(pool.telling_words)),
        "words": lambda pool: pool.spread(_cosines(_weighed([text.said for text in pool.texts], words.weight))),
        "marks": lambda pool: pool.spread(pool.names_and_figures),
        "marks, standard": lambda pool: pool.spread(standard(pool.names_and_figures)),
        "story": lambda pool: pool.spread(pool.story),
        "company": lambda pool: pool.spread(pool.company),
        "sentence": lambda pool: pool.alike(lambda mark: mark.said, pool.telling),
        "figures": _bag(lambda mark: mark.figures),
        "others": _bag(lambda mark: mark.others),
        "before": _bag(lambda mark: mark.before),
        "after": _bag(lambda mark: mark.after),
        "nearest before": _bag(lambda mark: mark.nearest_before),
        "nearest after": _bag(lambda mark: mark.nearest_after),
        "crosswise": _crosswise,
        "times": _bag(lambda mark: mark.times),
        "places": _bag(lambda mark: mark.places),
        "parties and places": _bag(lambda mark: _everyone(mark) + mark.places),
        "sentences apart": _sentences_apart,
        "one sentence": lambda pool: (_sentences_apart(pool) == 0).astype(np.float32),
        "earlier": lambda pool: pool.lower(np.minimum(pool.sentence, np.float32(6))),
        "later": lambda pool: pool.higher(np.minimum(pool.sentence, np.float32(12))),
        "denied": _denied,
        "view, standard": lambda pool: standard(pool.views),
        **_KINDRED,
        **{f"{name}, all": _for_all(measure) for name, measure in _KINDRED.items()},
        **{f"{name}, near": _for_near(measure) for name, measure in _KINDRED.items()},
        "triggers in one sentence": lambda pool: pool.met(pool.sentences),
        "triggers in one report": lambda pool: pool.met(pool.report),
    }
)


def evidence(pool: Pool) -> Floats:
    """All evidence of all pairs (pairs, kinds), pairs in the order of `numpy.triu_indices`, kinds in that of `EVIDENCE`."""
    pairs = np.triu_indices(pool.size, 1)
    return np.stack([measure(pool)[pairs] for measure in EVIDENCE.values()], axis=1).astype(np.float32)

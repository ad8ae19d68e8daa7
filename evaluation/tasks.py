"""The benchmark: one row a task. Figures of others are of the same part of the data where not said otherwise."""

from __future__ import annotations

from evaluation import attacks, coded, gold, incidents, police, rules, spans, speed
from evaluation.bench import Task
from evaluation.places import CORPORA
from training import corpora

TASKS: tuple[Task, ...] = (
    Task(
        name="gold",
        about="Sayso's annotated reports, whole pipeline, scored by gold/score.py; types in capitals are F1 of that type.",
        files=(gold.GOLD, gold.SCORER),
        run=gold.run,
        floors=(
            "event_f1", "typed_f1", "claim_f1", "mode", "status", "historical", "date", "count", "country", "place", "source_kind",
            "actor_f1", "recipient_f1", "source_f1",
        ),
        beside={
            "event_f1": "two people 0.92; trigger head alone 0.69", "typed_f1": "two people 0.90; trigger head alone 0.57",
            "claim_f1": "two people 0.73", "mode": "two people 0.96", "status": "two people 0.99", "historical": "two people 0.99",
            "date": "two people 0.83", "count": "two people 1.00", "country": "two people 1.00", "place": "two people 0.88",
            "source_kind": "two people 0.99", "actor_f1": "two people 0.92", "recipient_f1": "two people 0.94",
            "source_f1": "two people 0.99",
        },
    ),
    Task(
        name="newswire",
        about="Sayso's own annotation of 31 reports of newswire (one coder), kept from training; figures as for gold.",
        files=(*(f"corpora/{name}.jsonl" for name in corpora.NEWSWIRE), gold.SCORER),
        run=gold.newswire,
        floors=(
            "event_f1", "typed_f1", "claim_f1", "mode", "status", "historical", "date", "count", "country", "place", "source_kind",
            "actor_f1", "recipient_f1", "source_f1",
        ),
    ),
    Task(
        name="polnear",
        about="PolNeAR dev: source, cue and content of attributions, exact spans and tokens, micro.",
        files=(spans.POLNEAR,),
        run=spans.polnear,
        floors=("source_f1", "cue_f1", "content_f1", "micro_f1", "source_token_f1", "cue_token_f1", "content_token_f1"),
        beside={
            "source_f1": "verb list 0.45; CRF 0.66; CofeNet 0.83; two people 0.78",
            "cue_f1": "verb list 0.45; CRF 0.61; CofeNet 0.75; two people 0.71",
            "content_f1": "verb list 0.37; CRF 0.44; CofeNet 0.73; two people 0.70",
            "source_token_f1": "verb list 0.34; CRF 0.69; two people 0.80",
            "cue_token_f1": "verb list 0.34; CRF 0.58; two people 0.69",
            "content_token_f1": "all content 0.68; verb list 0.73; CRF 0.83; two people 0.92",
        },
    ),
    Task(
        name="worldwide",
        about="Worldwide English Newswire dev: named mentions, span and type exact; then each type.",
        files=(spans.WORLDWIDE,),
        run=spans.worldwide,
        floors=("f1",),
    ),
    Task(
        name="india",
        about="India Police Events dev: F1 of sentences that tell of arrest, killing, force, any action by police; not trained on.",
        files=(police.INDIA,),
        run=police.india,
        floors=tuple(police.LABELS),
        beside={
            "KILL": "keywords 0.53; TF-IDF trained on it 0.73", "ARREST": "keywords 0.64; TF-IDF trained on it 0.75",
            "FORCE": "keywords 0.67; TF-IDF trained on it 0.83", "ANY_ACTION": "keywords 0.67; TF-IDF trained on it 0.75",
        },
    ),
    Task(
        name="plv",
        about="PLV train: type of the event between marked source and target in one sentence; CONCEDE and RETREAT are YIELD.",
        files=(coded.PLV,),
        run=coded.plv,
        floors=("accuracy", "macro_f1", "read"),
        beside={"accuracy": "ZSP on test 0.84", "macro_f1": "ZSP on test 0.82"},
    ),
    Task(
        name="plover",
        about="PLOVER gold records: type of the marked event, one sentence at a time.",
        files=(coded.PLOVER,),
        run=coded.plover,
        floors=("accuracy", "macro_f1", "read"),
        beside={"accuracy": "PETRARCH-2 0.30; TF-IDF within 0.37 (all 322 records)"},
    ),
    Task(
        name="places",
        about="Toponyms to GeoNames, spans given: right id, right or within 161 km, answered with a place.",
        files=rules.TOPONYMS,
        run=rules.toponyms,
        floors=tuple(f"{corpus} {figure}" for corpus in CORPORA for figure in ("exact", "within", "coverage")),
        beside={
            "LGL within": "most populous 0.63; CamCoder 0.76; Mordecai 3 0.83",
            "TR-News within": "most populous 0.78; Mordecai 3 0.87",
            "GWN within": "most populous 0.68; Mordecai 3 0.94",
        },
    ),
    Task(
        name="wikiwars",
        about="WikiWars train: time expressions with the right TIMEX3 value by rules alone, spans given and found.",
        files=(rules.WIKIWARS,),
        run=rules.wikiwars,
        floors=("given_f1", "end_to_end_f1"),
    ),
    Task(
        name="hrds",
        about="HRDsAttack dev: perpetrator mentioned, names of victims, country and year, from claims; not trained on its labels.",
        files=(attacks.HRDS,),
        run=attacks.hrds,
        floors=("perpetrator_f1", "victims_f1", "victims_fuzzy_f1", "country", "year"),
        beside={
            "perpetrator_f1": "T5-large trained on it, test 0.97", "victims_f1": "T5-large trained on it, test 0.47",
            "victims_fuzzy_f1": "T5-large trained on it, test 0.51 (another measure)",
            "country": "T5-large trained on it, test 0.66", "year": "T5-large trained on it, test 0.50",
        },
    ),
    Task(
        name="mentions",
        about="ECB+ dev: marked events of a topic's reports put together, CoNLL F1; `lemma_conll` joins all of one lemma.",
        files=(incidents.ECB_DEV,),
        run=incidents.ecb,
        floors=("conll", "muc", "b_cubed", "ceaf_e"),
        beside={"conll": "on test, within clusters of reports: lemma 0.765; Barhom 2019 0.795; Cattan 2021 0.810; Held 2021 0.857"},
        packages=("scorch",),
    ),
    Task(
        name="meantime",
        about="MEANTIME: the same, pooled by topic of Wikinews; the weights were learnt on it among others.",
        files=(incidents.MEANTIME,),
        run=incidents.meantime,
        floors=("conll",),
        packages=("scorch",),
    ),
    Task(
        name="outlets",
        about="BASIL: sixty US events told by three outlets each, all in one ledger, whole pipeline.",
        files=(incidents.BASIL,),
        run=incidents.outlets,
        floors=("together", "lead_together", "two_of_three"),
        ceilings=("wrong",),
    ),
    Task(
        name="world",
        about="A generated world of 4,000 incidents, retold with noise; the largest incident against the true largest.",
        files=(),
        run=incidents.world,
        floors=("b_cubed", "precision", "recall"),
        ceilings=("largest_ratio",),
    ),
    Task(
        name="speed",
        about="All stages on reports of 500 words against the core's own 8-bit ceiling; memory and start of a fresh process.",
        files=(speed.GOLD,),
        run=speed.run,
        floors=("encoder_of_ceiling", "all_of_ceiling", "two_processes"),
        ceilings=("resident_mb", "cold_start_s"),
        margin=0.25,
        packages=("onnx",),
    ),
)  # fmt: skip

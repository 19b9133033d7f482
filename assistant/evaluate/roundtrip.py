"""A rule, said in the sentence the user confirms, must read back as that rule. Law: the interpreter of the product reads, with no conversation; a question is a failure too.

Each rule is said in both languages, alone and with the dates that faces show beside a window, and compared in canonical form, concepts kept.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import get_args

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import LANGUAGES, Language
from assistant.demo.build import DEFAULT_AS_OF, snapshot_dates
from assistant.evaluate.author import Author, Bank
from assistant.evaluate.features import features
from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context, Interpretation
from assistant.narrate.readback import Dates, read_back
from assistant.policy import Identity
from assistant.rule.canonical import canonical, text
from assistant.rule.tree import AnyNode, Operator
from assistant.rule.window import Absolute, Ago, Calendar, Future, RestOf, Rolling, Shifted, Yearly

DEPTHS = 5
"""Rules take turns to nest 0, 1, … 4 deep."""
RULES_A_PART = 250
REQUIRED: tuple[str, ...] = (
    *(f"node {kind}" for kind in ("tag", "tag_comparison", "record", "sequence", "rank", "concept", "all", "any", "not")),
    *(f"operator {operator}" for operator in get_args(Operator)),
    *(f"window {model.model_fields['kind'].default}" for model in (Rolling, Calendar, Absolute, Future, RestOf, Ago, Yearly, Shifted)),
)
"""What each run must have enough of. Saved segments are not among them: nothing can be saved yet."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Failure:
    """A sentence that was not read as its rule: `wanted` and `found` in canonical form ("" for none), and the issues or questions met."""

    language: Language
    sentence: str
    wanted: str
    found: str
    asked: tuple[str, ...]


@dataclass(frozen=True)
class RoundTripReport:
    """`histogram`: in how many rules each feature occurs."""

    rules: int
    sentences: int
    failures: tuple[Failure, ...]
    histogram: Mapping[str, int]
    seconds: float

    def share(self, feature: str) -> float:
        """The share of rules that have a feature."""
        return self.histogram.get(feature, 0) / self.rules if self.rules else 0.0

    @property
    def rarest(self) -> str:
        """The kind that the fewest rules have."""
        return min(REQUIRED, key=self.share)

    def figures(self) -> dict[str, int | float | str]:
        """What the command's last line says."""
        return {
            "rules": self.rules,
            "sentences": self.sentences,
            "failures": len(self.failures),
            "rarest": self.rarest,
            "rarest_share": round(self.share(self.rarest), 4),
            "seconds": round(self.seconds, 1),
        }


def demo_bank(catalog: TagCatalog) -> Bank:
    """A catalog at the dates of the demo bank, asked by a head-office analyst."""
    return Bank(
        catalog=catalog,
        identity=Identity(role="head_office_analyst"),
        as_of=DEFAULT_AS_OF,
        today=DEFAULT_AS_OF + timedelta(days=1),
        snapshots=snapshot_dates(DEFAULT_AS_OF),
    )


def failure(node: AnyNode, sentence: str, language: Language, bank: Bank) -> Failure | None:
    """What is wrong with the reading of a rule's sentence; None when it is read as the rule, without a question."""
    context = Context(catalog=bank.catalog, as_of=bank.as_of, today=bank.today)
    read = GrammarInterpreter().interpret(sentence, context)
    wanted = text(canonical(node))
    found = "" if read.rule is None else text(canonical(read.rule.node))
    asked = _asked(read)
    return None if found == wanted and not asked else Failure(language, sentence, wanted, found, asked)


def _asked(read: Interpretation) -> tuple[str, ...]:
    unread = ["unread" for entry in read.ledger if entry.kind in ("unread", "ambiguous")]
    return (*(issue.code for issue in read.issues), *(question.code for question in read.questions if question.ask), *unread)


def sentences(node: AnyNode, bank: Bank) -> Iterator[tuple[Language, str]]:
    """A rule's sentence in each language, without and, where that makes a difference, with the dates of its windows."""
    for language in LANGUAGES:
        plain = read_back(node, bank.catalog, language)
        dated = read_back(node, bank.catalog, language, Dates(bank.as_of, bank.today))
        for sentence in dict.fromkeys((plain, dated)):
            yield language, sentence


@dataclass(frozen=True)
class _Part:
    rules: int
    sentences: int
    failures: tuple[Failure, ...]
    histogram: Counter[str]


def _run_part(folder: Path | None, seed: int, number: int, rules: int) -> _Part:
    bank = demo_bank(TagCatalog.load(folder))
    author = Author(Random(seed * 1_000_003 + number), bank)
    histogram: Counter[str] = Counter()
    failures: list[Failure] = []
    said = 0
    for turn in range(rules):
        depth = turn % DEPTHS
        node = author.rule(depth)
        histogram.update({f"depth {depth}", *features(node)})
        for language, sentence in sentences(node, bank):
            said += 1
            found = failure(node, sentence, language, bank)
            if found is not None:
                failures.append(found)
    return _Part(rules, said, tuple(failures), histogram)


def run_roundtrip(
    rules: int, seed: int = 0, folder: Path | None = None, progress: Progress | None = None, workers: int = 1
) -> RoundTripReport:
    """Say and read back `rules` rules over the catalog of a folder (default: the built-in bank) in `workers` processes; the same rules however many there are.

    `progress` is told (done, rules) after each part. UserError as of the catalog.
    """
    started = time.perf_counter()
    sizes = [min(RULES_A_PART, rules - start) for start in range(0, rules, RULES_A_PART)]
    folders, seeds, numbers = [folder] * len(sizes), [seed] * len(sizes), range(len(sizes))
    parts: list[_Part] = []
    with ExitStack() as stack:
        found: Iterator[_Part]
        if workers > 1:
            pool = stack.enter_context(ProcessPoolExecutor(workers, mp_context=get_context("spawn")))
            found = pool.map(_run_part, folders, seeds, numbers, sizes)
        else:
            found = map(_run_part, folders, seeds, numbers, sizes)
        for part in found:
            parts.append(part)
            if progress is not None:
                progress(sum(one.rules for one in parts), rules)
    return RoundTripReport(
        rules=sum(part.rules for part in parts),
        sentences=sum(part.sentences for part in parts),
        failures=tuple(failed for part in parts for failed in part.failures),
        histogram=dict(sorted(sum((part.histogram for part in parts), Counter[str]()).items())),
        seconds=time.perf_counter() - started,
    )

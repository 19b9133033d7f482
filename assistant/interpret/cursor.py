"""Where the parser stands: tokens, what became of each, the doubts met and the choices taken. Law: the only mutable state of an interpretation.

A doubt is a `choose` call: it returns the option to follow (the default, or the one chosen before) and is recorded, so that the same words can be
parsed again with every other option and each reading is a whole rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Text
from assistant.errors import Issue
from assistant.interpret.interpretation import Assumption, Context, Cut, LedgerKind, Measure
from assistant.interpret.lexer import Token
from assistant.language.comparisons import Comparison
from assistant.language.text import Normalised
from assistant.rule.tree import Quote


@dataclass(frozen=True, slots=True)
class Doubt:
    """A point with several readings. `labels` names each option; None = the read-back of what it makes of the rule says it best, with a cut its share."""

    key: str
    code: str
    params: Mapping[str, str]
    quote: Quote
    labels: tuple[Text | Cut | None, ...]
    ask: bool = True


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How many findings of each kind there were, and what had become of each token."""

    doubts: int
    assumptions: int
    issues: int
    kinds: tuple[LedgerKind, ...]
    skipped: frozenset[int]
    settled: frozenset[int]


@dataclass(slots=True)
class Cursor:
    """The state of one parse of one request."""

    context: Context
    normalised: Normalised
    tokens: tuple[Token, ...]
    kinds: list[LedgerKind] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    """Sizes said without a number that nobody has measured yet."""
    limit: int = 0
    skipped: set[int] = field(default_factory=set)
    """Tokens a list of conditions went past without understanding them: unread, even inside the words of a larger condition."""
    preferred: frozenset[str] = frozenset()
    """Tags the words are known to be about (换成北京 where the rule has an organisation): a value of several tags is read as one of these."""

    settled: set[int] = field(default_factory=set)
    """Tokens read by the pattern they are written with: what the readers of numbers and times were unsure of there is sure."""

    def __post_init__(self) -> None:
        self.kinds = ["unread"] * len(self.tokens)
        self.limit = len(self.tokens)

    @property
    def catalog(self) -> TagCatalog:
        return self.context.catalog

    def mark(self, first: int, last: int, kind: LedgerKind) -> None:
        """Tokens [first, last) are accounted for; inside a condition the function words stay marked as such."""
        for index in range(first, last):
            token = self.tokens[index]
            if kind == "condition" and not token.content and not token.window and not token.comparison and not token.rank:
                self.kinds[index] = "connective" if token.phrases("connective.") else ("ignored" if token.phrase("ignored") else kind)
            else:
                self.kinds[index] = kind

    def quote(self, first: int, last: int) -> Quote:
        """Tokens [first, last) as words of the original text."""
        last = max(last, first + 1)
        start, end = self.normalised.span(self.tokens[first].start, self.tokens[last - 1].end)
        return Quote(turn=self.context.turn, start=start, end=end)

    def words(self, quote: Quote) -> str:
        return self.normalised.original[quote.start : quote.end]

    def choose(
        self, what: str, quote: Quote, code: str, params: Mapping[str, str], labels: tuple[Text | Cut | None, ...], ask: bool = True
    ) -> int:
        """Which of the labelled options to follow. The key is made of the words, so that the same words later get the same answer."""
        key = f"{what}:{self.words(quote).casefold()}"
        if all(doubt.key != key for doubt in self.doubts):
            self.doubts.append(Doubt(key, code, params, quote, labels, ask))
        chosen = self.context.choices.get(key, 0)
        return chosen if 0 <= chosen < len(labels) else 0

    def assume(self, code: str, quote: Quote | None = None, **params: str) -> None:
        assumption = Assumption(code, params, quote)
        if assumption not in self.assumptions:
            self.assumptions.append(assumption)

    def checkpoint(self) -> Checkpoint:
        """Where the findings stand, for `restore` when a pattern turns out not to fit."""
        return Checkpoint(
            len(self.doubts), len(self.assumptions), len(self.issues), tuple(self.kinds), frozenset(self.skipped), frozenset(self.settled)
        )

    def restore(self, point: Checkpoint) -> None:
        """Forget all that was found since."""
        del self.doubts[point.doubts :], self.assumptions[point.assumptions :], self.issues[point.issues :]
        self.kinds = list(point.kinds)
        self.skipped, self.settled = set(point.skipped), set(point.settled)

    # --- moving over words; `limit` is where the stretch being read ends ---

    def token(self, index: int) -> Token | None:
        return self.tokens[index] if index < self.limit else None

    def skip(self, index: int, *kinds: str) -> int:
        """The next index that is not one of the given phrase kinds."""
        while index < self.limit and self.tokens[index].phrase(*kinds):
            index += 1
        return index

    def skip_words(self, index: int) -> int:
        return self.skip(index, "ignored", "is")

    def said_of(self, index: int) -> bool:
        """Whether the words from an index on say something of what stands before them: 是上海的, is over 50k."""
        place = self.skip(index, "ignored", "is")
        here = self.token(place)
        between = self.tokens[index:place]
        copula = any(token.phrase("copula") for token in between) and not any(token.phrase("people") for token in between)
        if self.of_somebody(index, place):
            return False
        return here is not None and (here.comparison is not None or (copula and here.content))

    def of_somebody(self, index: int, last: int) -> bool:
        """Whether what is said behind these words is said of people and of no product: with a mortgage who are over 40."""
        return any(token.text == "who" for token in self.tokens[index:last])

    def comparison(self, index: int) -> tuple[Comparison, int] | None:
        token = self.token(index)
        return None if token is None or token.comparison is None else (token.comparison, index + 1)

    def order(self, index: int, prefix: bool) -> tuple[str, int] | None:
        token = self.token(index)
        if token is None:
            return None
        for sign in (">=", "<=", "<=?", ">", "<"):
            if token.phrase(f"order.{sign}_prefix" if prefix else f"order.{sign}"):
                return sign, index + 1
        return None

    def said(self, first: int, last: int) -> tuple[Quote, ...]:
        return (self.quote(first, last),)

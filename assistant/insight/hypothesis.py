"""A guess put to the test: is it because they have mortgages? Law: the verdict follows from the difference, its interval and the customers behind it by fixed
thresholds; what the rule itself says is no evidence, and too few customers are no verdict.

The share of the segment that the guessed condition holds for is compared with that of the baseline, among customers who could be so and of whom it is known whether they are: a missing value
is neither young nor not young (`sql/bounds.py` names the logic, `statistics.py` the methods). Effects are told by Cohen's own marks of h: at least 0.5 clearly, at least 0.2 somewhat, below that no difference worth the name (Cohen 1988, ch. 6).
An interval that leaves out neither nothing nor a medium effect is too few customers. The difference is looked at again within branch, tier, age and activity.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from assistant.catalog.model import Tag
from assistant.facts import FactSheet
from assistant.insight.arrival import looks_before
from assistant.insight.breakdown import cut_points
from assistant.insight.count import whole
from assistant.insight.definition import among_holders, bounded, declared, implied, own_tags, parts, records_of, wholes
from assistant.insight.eligible import eligible
from assistant.insight.persona import MOSTLY, REST, SMALL_SEGMENT, Baseline
from assistant.insight.spread import bucket_of
from assistant.insight.statistics import Stratum, difference_interval, effect_size, p_value, standardised
from assistant.policy import PERSONA_CELL
from assistant.rule.canonical import canonical
from assistant.rule.tree import AllOf, AnyNode, AnyOf, Not, TagCondition, walk
from assistant.sql import profile
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule

Verdict = Literal["clearly", "somewhat", "slightly", "no_difference", "slightly_fewer", "opposite", "by_definition", "bounded", "too_few"]
"""How much more of the segment has what was guessed than of the others. slightly, slightly_fewer: a difference that is no chance, but small. by_definition: the rule says so itself; bounded: all
or none of many are so, which comes with how they were picked."""
Claim = Literal["everyone", "most", "because", "part"]
Partly = Literal["unknown", "exposed"]
SOME_EFFECT, CLEAR_EFFECT = 0.2, 0.5
SIGNIFICANT = 0.05
_CLAIMS: tuple[Claim, ...] = ("everyone", "most", "because", "part")


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """`guess`: the condition guessed. n of the `known` customers of the segment have it, rest_n of the `rest_known` of the baseline; the difference in shares
    with its 95 % interval, effect size h and p-value. `claims`: that all of them are so, that most are, that it is the reason; or nothing, only what part is. `reversed_in`, `explained_by`: tags within whose values the
    difference goes the other way, or is gone."""

    guess: AnyNode
    verdict: Verdict
    n: int
    known: int
    rest_n: int
    rest_known: int
    low: float
    high: float
    effect: float
    p: float
    claims: frozenset[Claim]
    reversed_in: tuple[str, ...]
    explained_by: tuple[str, ...]
    baseline: Baseline
    partly: Partly | None
    """Why some customers may count on neither side: their value is not known, or they could not be so (who never signed up does not leave the app unused)."""
    held: AnyNode
    """Who counts as being so: those the guess surely holds for."""
    query: str

    @property
    def holds(self) -> bool:
        """Whether the segment has what was guessed more often, enough to speak of."""
        return self.verdict in ("clearly", "somewhat")

    @property
    def mostly(self) -> bool:
        """Whether at least half of those of the segment for whom it is known are so."""
        return 2 * self.n >= self.known

    @property
    def small(self) -> bool:
        """Whether either side is so small that its share is uncertain."""
        return self.known < SMALL_SEGMENT or self.rest_known < SMALL_SEGMENT

    def facts(self, sheet: FactSheet) -> None:
        """hypothesis.n, .known, .others (of the segment, without it), .rest_known, .share, .others_share, .rest_share, .index, .difference, .low, .high."""
        cells = [self.n, self.known - self.n, self.rest_n, self.rest_known - self.rest_n]
        smallest = min((size for size in cells if PERSONA_CELL.hides(size)), default=max(cells, default=0))

        sheet.measured("hypothesis.n", self.n, "customers", self.query, smallest, PERSONA_CELL)
        sheet.measured("hypothesis.others", self.known - self.n, "customers", self.query, smallest, PERSONA_CELL)
        sheet.measured("hypothesis.known", self.known, "customers", self.query, cell=PERSONA_CELL)
        sheet.measured("hypothesis.rest_known", self.rest_known, "customers", self.query, cell=PERSONA_CELL)
        share, rest_share = _share(self.n, self.known), _share(self.rest_n, self.rest_known)
        sheet.measured("hypothesis.share", share, "share", self.query, smallest, PERSONA_CELL)
        sheet.measured("hypothesis.others_share", 1 - share, "share", self.query, smallest, PERSONA_CELL)
        sheet.measured("hypothesis.rest_share", rest_share, "share", self.query, smallest, PERSONA_CELL)
        sheet.measured("hypothesis.index", 100 * share / rest_share if rest_share else None, "index", self.query, smallest, PERSONA_CELL)
        sheet.measured("hypothesis.difference", share - rest_share, "points", self.query, smallest, PERSONA_CELL)
        sheet.measured("hypothesis.low", Decimal(repr(self.low)), "points", self.query, smallest, PERSONA_CELL)
        sheet.measured("hypothesis.high", Decimal(repr(self.high)), "points", self.query, smallest, PERSONA_CELL)


def _share(n: int, of: int) -> Decimal:
    return Decimal(n) / of if of else Decimal(0)


def steps(
    rule: ValidatedRule, guess: ValidatedRule, claims: frozenset[Claim], qualifier: tuple[str, ...], baseline: Baseline = REST
) -> Generator[Sequence[Query], Sequence[Table], Hypothesis]:
    """One query."""
    tables = yield plan(rule, guess, qualifier, baseline, claims)
    return read(tables, rule, guess, claims, baseline)


def claimed(detail: str) -> frozenset[Claim]:
    """The claims of a request, as its `detail` has them."""
    return frozenset(claim for claim in _CLAIMS if claim in detail.split())


def plan(
    rule: ValidatedRule, guess: ValidatedRule, qualifier: tuple[str, ...], baseline: Baseline = REST, claims: frozenset[Claim] = frozenset()
) -> tuple[Query]:
    """The four counts within each tag to be held equal. `guess`: the condition as a rule over the same base."""
    by = held_equal(rule, guess)
    cuts = {tag.code: cut_points(tag) for tag in by if tag.numeric}
    against = None if baseline.against is None else baseline.against.expanded
    held, known, _ = _counted(guess, claims)
    return (profile.shares(rule, held, known, by, qualifier, cuts, against),)


def read(
    tables: Sequence[Table], rule: ValidatedRule, guess: ValidatedRule, claims: frozenset[Claim] = frozenset(), baseline: Baseline = REST
) -> Hypothesis:
    """From the table of `plan`."""
    (table,) = tables
    by = held_equal(rule, guess)
    within: dict[str, dict[str, Stratum]] = {tag.code: {} for tag in by} or {"": {}}
    for *cells, n, of, rest_n, rest_of in table.rows:
        place = next((number for number, cell in enumerate(cells) if cell is not None), None)
        code = "" if place is None else by[place].code
        bucket = "" if place is None else bucket_of(rule.catalog, by[place], str(cells[place])) or ""
        before = within[code].get(bucket, Stratum(0, 0, 0, 0))
        counts = (whole(cell) for cell in (n, of, rest_n, rest_of))
        within[code][bucket] = Stratum(
            *(one + more for one, more in zip((before.n, before.of, before.rest_n, before.rest_of), counts, strict=True))
        )
    all_strata = next(iter(within.values())).values()
    total = Stratum(*(sum(getattr(one, name) for one in all_strata) for name in ("n", "of", "rest_n", "rest_of")))
    reversed_in, explained_by = _looked_at_again(within, total)
    among = among_holders(rule) if baseline.kind == "eligible" else frozenset()
    none = Stratum(total.of - total.n, total.of, total.rest_of - total.rest_n, total.rest_of)
    fixed: Verdict | None = "by_definition" if _by_definition(rule, guess, among) else None
    if fixed is None and any(implied(side) or bounded(side) for side in (total, none)):
        fixed = "bounded"
    verdict, low, high, effect, p = _judged(total, fixed)
    held, _, partly = _counted(guess, claims)
    return Hypothesis(
        guess.rule.node, verdict, total.n, total.of, total.rest_n, total.rest_of, low, high, effect, p, claims, reversed_in, explained_by, baseline, partly, held, table.query,
    )  # fmt: skip


def held_equal(rule: ValidatedRule, guess: ValidatedRule) -> tuple[Tag, ...]:
    """Branch, tier, age and activity, but for what the rule's or the guess's own tags settle."""
    header = rule.catalog.header
    settled = {tag for one in (rule, guess) for own in own_tags(one) for tag in (own.code, *own.derived_from)}
    settled |= {tag.code for tag in rule.catalog.tags.values() if settled_by(tag, (rule, guess))}
    codes = [code for code in (*header.matched_on, header.activity_tag) if code is not None and code not in settled]
    return tuple(rule.catalog.tags[code] for code in codes if rule.usable(rule.catalog.tags[code]))


def settled_by(tag: Tag, rules: Sequence[ValidatedRule]) -> bool:
    """Whether the catalog derives a tag from one that the rules speak of."""
    return any(own.code in tag.derived_from for rule in rules for own in own_tags(rule))


def _counted(guess: ValidatedRule, claims: frozenset[Claim]) -> tuple[AnyNode, AnyNode, Partly | None]:
    """Who counts as being so, among whom, and why those are not all. What part of a segment is so is a part of all of it whose value is known, whether they could or not."""
    surely, possibly = _sides(guess.expanded, guess)
    known: list[AnyNode] = [] if surely == possibly else [AnyOf(children=(surely, Not(child=possibly)))]
    could = None if "part" in claims else eligible(guess)
    if could is not None and could.why == "exposed":
        return surely, AllOf(children=(could.node, *known)), "exposed"
    return surely, AllOf(children=tuple(known)), "unknown" if known else None


def _sides(node: AnyNode, guess: ValidatedRule) -> tuple[AnyNode, AnyNode]:
    """For whom a condition surely holds, and for whom it possibly does: it is not false without the values of tags whose absence means nothing."""
    match node:
        case Not(child=child):
            surely, possibly = _sides(child, guess)
            return Not(child=possibly), Not(child=surely)
        case AllOf() | AnyOf():
            sides = [_sides(child, guess) for child in node.children]
            surely, possibly = (node.model_copy(update={"children": tuple(side[end] for side in sides)}) for end in (0, 1))
            return surely, possibly
        case TagCondition() if guess.catalog.tags[node.tag].null_means == "unknown" and node.operator not in ("is_unknown", "is_absent"):
            missing = TagCondition(tag=node.tag, operator="is_unknown", snapshot=node.snapshot)
            return node, AnyOf(children=(node, missing))
        case _:
            return node, node


def _by_definition(rule: ValidatedRule, guess: ValidatedRule, among: frozenset[str] = frozenset()) -> bool:
    """Whether the rule settles the guess: it says the same, or fixes a tag that the guess speaks of. `among`: tags that it settles only in comparison with those who have none."""
    said = rule.expanded.children if isinstance(rule.expanded, AllOf) else (rule.expanded,)
    guessed = guess.expanded.children if isinstance(guess.expanded, AllOf) else (guess.expanded,)
    present = [canonical(node) for node in said]
    counted = {tag.code for tag in guess.catalog.tags.values() if tag.roll_up_of in records_of(guess.expanded)}
    own = {tag.code for tag in own_tags(guess)} - among
    fixed = declared(rule) | wholes(rule)
    more = (parts(rule) - _held(guess)) | looks_before(rule)
    return any(canonical(node) in present for node in guessed) or bool((counted | own) & fixed or own & more)


def _held(guess: ValidatedRule) -> frozenset[str]:
    """The amounts of which a guess asks only for any: that a sum is bounded bounds how much of it there is, not whether."""
    return frozenset(
        node.tag for _, node in walk(guess.expanded) if isinstance(node, TagCondition) and (node.operator, node.value) == (">", 0)
    )


def _judged(total: Stratum, fixed: Verdict | None) -> tuple[Verdict, float, float, float, float]:
    """Verdict, interval, effect and p-value."""
    if PERSONA_CELL.hides(total.of) or PERSONA_CELL.hides(total.rest_of) or not total.of or not total.rest_of:
        return "too_few", 0.0, 0.0, 0.0, 1.0
    share, rest_share = total.n / total.of, total.rest_n / total.rest_of
    low, high = difference_interval(total.n, total.of, total.rest_n, total.rest_of)
    effect, p = effect_size(share, rest_share), p_value(total.n, total.of, total.rest_n, total.rest_of)
    if fixed is not None:
        return fixed, low, high, effect, p
    if p > SIGNIFICANT:
        ends = (effect_size(min(1.0, max(0.0, rest_share + end)), rest_share) for end in (low, high))
        return "too_few" if max(map(abs, ends)) >= CLEAR_EFFECT else "no_difference", low, high, effect, p
    if abs(effect) < SOME_EFFECT:
        return "slightly" if effect > 0 else "slightly_fewer", low, high, effect, p
    if effect < 0:
        return "opposite", low, high, effect, p
    return "clearly" if effect >= CLEAR_EFFECT else "somewhat", low, high, effect, p


def _looked_at_again(within: dict[str, dict[str, Stratum]], total: Stratum) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The tags within whose values the difference mostly goes the other way, and those within which it is gone."""
    difference = total.n * total.rest_of - total.rest_n * total.of
    reversed_in: list[str] = []
    explained_by: list[str] = []
    for code, strata_of in within.items():
        found = standardised(strata_of.values()) if code else None
        if found is None:
            continue
        low, high = found.interval()
        if found.reversed > MOSTLY and (found.share - found.rest_share) * difference < 0:
            reversed_in.append(code)
        elif low <= 0 <= high:
            explained_by.append(code)
    return tuple(reversed_in), tuple(explained_by)

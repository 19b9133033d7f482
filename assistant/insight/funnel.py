"""What each condition costs: attrition in the order said, each condition alone, and the segment without it. Law: all from one mask query, so that
every figure is of the same customers at the same moment (as OHDSI's CohortGenerator counts inclusion rules)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.facts import FactSheet
from assistant.insight.count import whole
from assistant.insight.disclosure import withheld
from assistant.rule.order import in_order
from assistant.rule.tree import AllOf, AnyNode, Path
from assistant.sql import compile
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule


@dataclass(frozen=True, slots=True)
class Condition:
    """One step of the funnel: a top-level condition and its path in the rule. Beyond the widest mask the last one holds all that are left."""

    path: Path
    node: AnyNode


@dataclass(frozen=True, slots=True)
class Step:
    """Customers left after this condition and all before it, with this one alone, and with all but this one."""

    path: Path
    remaining: int
    alone: int
    without: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """`steps` in the order the conditions were said; `count` is what remains after the last."""

    base: int
    count: int
    steps: tuple[Step, ...]
    query: str
    held: tuple[tuple[int, int], ...] = ()
    """Customers by the conditions they meet: (mask, n), where bit i is that of step i."""

    @property
    def emptied_by(self) -> int | None:
        """The step that empties an empty segment: without it most customers would be left. None when it is not empty, or no single step does it."""
        if self.count or not self.steps:
            return None
        number = max(range(len(self.steps)), key=lambda step: (self.steps[step].without, -self.steps[step].alone))
        return number if self.steps[number].without else None

    @property
    def narrows_most(self) -> int | None:
        """The step whose removal would add most customers. None when the segment is empty, has one condition, or no condition takes anyone away."""
        if not self.count or len(self.steps) < 2:
            return None
        number = max(range(len(self.steps)), key=lambda step: self.steps[step].without)
        return number if self.steps[number].without > self.count else None

    def facts(self, sheet: FactSheet) -> None:
        """funnel.base, and funnel.<step>.remaining, .alone, .without. A step whose difference from another figure is a small group is hidden too."""
        hidden = self._withheld(sheet)
        sheet.customers("funnel.base", self.base, self.query, False)
        for number, step in enumerate(self.steps):
            for name, n in (("remaining", step.remaining), ("alone", step.alone), ("without", step.without)):
                sheet.customers(f"funnel.{number}.{name}", n, self.query, f"funnel.{number}.{name}" in hidden)

    def _withheld(self, sheet: FactSheet) -> frozenset[str]:
        """All figures as one system of the customers that meet exactly the same conditions. Guarded are those whom a condition takes away from another figure."""
        everything = (1 << len(self.steps)) - 1
        sizes = {str(mask): n for mask, n in self.held}

        def meeting(wanted: int) -> frozenset[str]:
            return frozenset(str(mask) for mask, _ in self.held if mask & wanted == wanted)

        figures = {}
        for number in range(len(self.steps)):
            this = 1 << number
            for name, wanted in (("remaining", (this << 1) - 1), ("alone", this), ("without", everything & ~this)):
                figures[f"funnel.{number}.{name}"] = meeting(wanted)
        known = {meeting(0), meeting(everything)}
        told = known | set(figures.values())
        guarded = {larger - smaller for larger in told for smaller in told if smaller < larger}
        return withheld(sheet.protection, sizes, figures, known, guarded)


def conditions(rule: ValidatedRule) -> tuple[Condition, ...]:
    """The top-level conditions in the order they were said (the rule's own order where words are missing). Empty for the whole base."""
    found = [Condition(path, node) for path, node in in_order(rule.rule.node)]
    if len(found) > compile.MASK_PARTS:
        kept, rest = found[: compile.MASK_PARTS - 1], found[compile.MASK_PARTS - 1 :]
        found = [*kept, Condition((), AllOf(children=tuple(one.node for one in rest)))]
    return tuple(found)


def plan(rule: ValidatedRule, qualifier: tuple[str, ...]) -> tuple[Query, ...]:
    """One mask query; none for the whole base, which has no conditions."""
    parts = [rule.expand(one.node) for one in conditions(rule)]
    return (compile.mask(rule, parts, qualifier),) if parts else ()


def read(tables: Sequence[Table], rule: ValidatedRule) -> Funnel | None:
    """From the tables of `plan`; None when it planned nothing."""
    if not tables:
        return None
    (table,) = tables
    asked = conditions(rule)
    held = [(whole(mask), whole(n)) for mask, n in table.rows]

    def customers(keep: Callable[[int], bool]) -> int:
        return sum(n for mask, n in held if keep(mask))

    everything = (1 << len(asked)) - 1
    steps = []
    for number, one in enumerate(asked):
        this, so_far = 1 << number, (1 << (number + 1)) - 1
        others = everything & ~this
        steps.append(Step(one.path, _all(customers, so_far), _all(customers, this), _all(customers, others)))
    return Funnel(customers(lambda _: True), steps[-1].remaining, tuple(steps), table.query, tuple(held))


def _all(customers: Callable[[Callable[[int], bool]], int], wanted: int) -> int:
    """Customers for whom every wanted bit is set."""
    return customers(lambda mask: mask & wanted == wanted)

"""Call lists: made, made once more, shown, and what came of each call. Law: a list holds nobody whom its purpose leaves out or its owner may not see now, and nobody twice."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace

from assistant.catalog.instance import instance_of
from assistant.catalog.strategy import Strategy
from assistant.errors import UserError
from assistant.facts import FactSheet
from assistant.insight import call_list
from assistant.insight.contactable import Contactable
from assistant.interpret.interpretation import Conversation, Question, Request
from assistant.pipeline.answer import Answer
from assistant.pipeline.called import LONGEST_NAME, AskedCalls, Calls
from assistant.pipeline.hand_over import reached, spelt_out, those_left
from assistant.pipeline.questions import priced, put
from assistant.pipeline.run import Run, customers_in
from assistant.pipeline.segments import option_names, same_rule, whole_turn
from assistant.policy import Purpose
from assistant.rule.canonical import fingerprint
from assistant.rule.tree import AllOf, SegmentRule
from assistant.sql.compile import reasons as reasons_query
from assistant.sql.listed import listed
from assistant.store.call import CallList, CallRun, MakeCalls
from assistant.store.segment import DECLINED_LIST
from assistant.validation.verdict import ValidatedRule

MOST_ITEMS = 1000


def strategy_of(rule: SegmentRule, run: Run) -> Strategy | None:
    """The template that a rule is an instance of, a saved segment's rule looked into."""
    return instance_of(spelt_out(rule.node, run.library), run.catalog)


def made_of(rule: ValidatedRule, asked: AskedCalls, run: Run) -> Calls:
    """A list, or its next run; what is to be kept of it is in `run.change`. UserError `calls_purpose` for a purpose that contacts nobody, and as of `reached`; Fault as of `those_left`."""
    if rule.purpose == "analysis":
        raise UserError("calls_purpose")
    rules = run.catalog.framework.calls
    strategy = strategy_of(rule.rule, run)
    found, rest = reached(rule, (rules.channel,), () if strategy is None else strategy.exclusions, run)
    there = those_left(found, rest, run)
    before = asked.before
    earlier = () if before is None else run.kept.call_items(before.id)
    on_it = frozenset(one.customer for one in earlier)
    node = spelt_out(rule.rule.node, run.library)
    order = call_list.ranking(run.catalog.expand_all(node), strategy, run.catalog, rule.usable)
    what = call_list.told(node, run.catalog, rule.usable)
    most = min(rules.most if asked.most is None else asked.most, MOST_ITEMS)
    contacts = run.catalog.header.contact_records or ""
    table = run.execute(listed(rest, what.tags, order.tag, order.descending, contacts, most + len(on_it), run.engine.qualifier))
    number = 1 if before is None else before.last.number + 1
    items = call_list.items(table, what, rule, on_it, len(earlier) + 1, number, most, rules.days)
    counted = CallRun(
        number,
        rule.as_of,
        rule.today,
        run.identity.branches,
        found.selected,
        found.reachable,
        len(on_it & set(there)),
        len(items),
        by=run.identity.user,
    )
    if before is None:
        name = (asked.name or " ".join(asked.said.split()))[:LONGEST_NAME]
        code = "" if strategy is None else strategy.code
        made = CallList(
            secrets.token_hex(4),
            name,
            run.identity.user,
            rule.purpose,
            code,
            asked.segment,
            rule.rule.node,
            asked.said,
            order.said,
            (counted,),
        )
    else:
        made = replace(before, runs=(*before.runs, counted))
    run.change = MakeCalls(made, items)
    sheet = FactSheet(run.protection)
    figures(made, found, sheet)
    return Calls(made, items, sheet, found)


def figures(made: CallList, reach: Contactable | None, sheet: FactSheet) -> None:
    """calls.selected, .reachable, .before, .taken, .left of the last run, and calls.<reason>.lost where it was just made."""
    query = "store" if reach is None else reach.query
    for name in ("selected", "before", "taken", "left"):
        sheet.measured(f"calls.{name}", int(getattr(made.last, name)), "customers", query)
    if reach is None:
        sheet.measured("calls.reachable", made.last.reachable, "customers", query)
    else:
        reach.facts(sheet, "calls")


def purpose_of(rule: SegmentRule, said: str, run: Run) -> Purpose | None:
    """What a list is for: as said, else as its template has it; None where neither says."""
    if said in ("service", "marketing"):
        return "service" if said == "service" else "marketing"
    strategy = strategy_of(rule, run)
    return None if strategy is None else strategy.purpose


def shown(made: CallList, run: Run, number: int | None = None) -> Calls:
    """A list of the asker's own: the items of one run, or all, whose customers are theirs as of now."""
    every = [one for one in run.kept.call_items(made.id) if number is None or one.run == number]
    mine = theirs([one.customer for one in every], run)
    seen = tuple(one for one in every if one.customer in mine)
    declined = frozenset(run.kept.members(DECLINED_LIST)) if made.purpose == "marketing" else frozenset()
    withdrawn = frozenset(one.number for one in seen if one.customer in declined and one.result != "declined")
    sheet = FactSheet(run.protection)
    figures(made, None, sheet)
    return Calls(made, seen, sheet, None, withdrawn, len(every) - len(seen))


def theirs(customers: Collection[int], run: Run) -> frozenset[int]:
    """Those of some customers whom the asker sees now."""
    if not customers:
        return frozenset()
    everyone = run.passed(SegmentRule(node=AllOf()), run.as_of)
    query = replace(reasons_query(everyone, [AllOf()], run.engine.qualifier), ids=tuple(sorted(set(customers))))
    return frozenset(customers_in(run.execute(query)))


def named(lists: Sequence[CallList], said: str) -> CallList:
    """A list by its id or name. UserError `calls_not_found`, `calls_name_twice`."""
    found = [one for one in lists if one.id == said] or [one for one in lists if one.name == said]
    if len(found) > 1:
        raise UserError("calls_name_twice", name=said, ids=tuple(one.id for one in found))
    if not found:
        raise UserError("calls_not_found", name=said, names=tuple(one.name for one in lists) or ("-",))
    return found[0]


def before_calling(
    answer: Answer, request: Request, rule: ValidatedRule, conversation: Conversation, run: Run
) -> tuple[Answer, Conversation] | None:
    """What a list is for, asked before it is made; None where that was said, or answered, or its template has it. The run is then for that purpose, and the rule is to be validated for it."""
    key = f"calls {fingerprint(rule.rule.node)}"
    purpose = purpose_of(rule.rule, request.level, run)
    if purpose is None and key in conversation.choices:
        purpose = _ASKED[min(conversation.choices[key], len(_ASKED) - 1)]
    if purpose is not None:
        run.purpose = purpose
        return None
    labels = [option_names(f"option.call_{one}", {}) for one in _ASKED]
    question = Question(key, "calls_purpose_asked", {}, whole_turn(answer.text), same_rule(labels, rule), always=True)
    return put(replace(answer, rule=rule.rule, validated=rule), priced([question], "options", answer.text, run), conversation)


_ASKED: tuple[Purpose, ...] = ("marketing", "service")


def called(answer: Answer, rule: ValidatedRule, conversation: Conversation, run: Run, changed: bool) -> Calls:
    """The list a turn asks for, named after the saved segment that is open, else after the words that say whom it is of. `changed`: the turn says so itself."""
    opened = None if changed else run.library.by_id.get(conversation.opened or "")
    before = (turn.text for turn in reversed(conversation.turns) if turn.changed and not changed)
    words = next(before, answer.text)
    segment = "" if opened is None else f"{opened.id}@{opened.current.number}"
    return made_of(rule, AskedCalls(words, "" if opened is None else opened.name, segment), run)

"""A turn that compares two segments, read side by side. Law: each side is read by itself at its own place in the text; a turn that can be parted in two ways,
or a side that leans on the other in a way that gives other customers, is asked about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.catalog.model import Text
from assistant.errors import Issue, Severity
from assistant.interpret.asked.elided import find_elided, granted
from assistant.interpret.asked.part_of import AMONG, filled
from assistant.interpret.asked.shared import Spoken, find_edge
from assistant.interpret.asked.versus import SAME, Versus, elliptical, find_both_values, find_versus, says_nouns
from assistant.interpret.edits.pointing import about_the_same
from assistant.interpret.edits.preceding import last_time
from assistant.interpret.interpretation import Assumption, Context, Interpretation, LedgerEntry, Question, Reading, Request
from assistant.interpret.lexer import Token
from assistant.language.text import Normalised
from assistant.rule.canonical import canonical, fingerprint
from assistant.rule.tree import AllOf, AnyNode, Not, Quote, RecordCondition, SegmentRef, SegmentRule, TagCondition

Read = Callable[[str, Context], Interpretation]
_WITHIN = Text(zh="都在刚才的客群里比", en="both within the segment so far")
_ANEW = Text(zh="另起，和刚才的客群无关", en="anew, apart from the segment so far")
_OF_THEM = frozenset({"count", "persona"})
"""What may be asked of the first side besides: it is answered with the comparison."""
MOST_MATCHED = 4
"""Tags whose mix can be made equal at once: the strata of more would each hold hardly anybody."""


@dataclass(frozen=True, slots=True)
class _Side:
    """What was read of one side, and its node; `place`: its [start, end) in the original text. `settled`: what it takes over from the other side is known already."""

    found: Interpretation
    node: AnyNode
    place: tuple[int, int]
    settled: bool = False


@dataclass(frozen=True, slots=True)
class _Both:
    versus: Versus
    own: _Side | None
    other: _Side


def read_two(text: str, normalised: Normalised, tokens: Sequence[Token], context: Context, read: Read) -> Interpretation | None:
    """The interpretation of a turn that compares customers with others; None where it does not."""
    opposed = _opposed(text, tokens, context)
    if opposed is not None:
        return opposed
    ways = find_versus(tokens)
    if any(one.against == "unclear" for one in ways):
        return _ask("compare_several", text, normalised, tokens, context)
    plain = next((one for one in ways if one.against in ("everyone", "rest", "matched")), None)
    if plain is not None and len({(one.own, one.against) for one in ways}) == 1:
        return _against(plain, text, normalised, tokens, context, read)
    sides = [both for one in ways if (both := _sides(one, text, normalised, tokens, context, read)) is not None]
    clear = [both for both in sides if not _refused(both)]
    balanced = [both for both in clear or sides if _balanced(both, tokens)]
    told = balanced if balanced else clear or sides
    if not told:
        return None
    if len(told) > 1 or (not balanced and _lists_people(told[0], tokens)):
        return _ask("compare_several", text, normalised, tokens, context)
    return _compared(told[0], text, normalised, tokens, context)


def _opposed(text: str, tokens: Sequence[Token], context: Context) -> Interpretation | None:
    """男女有什么不同: the two values of the one tag named, each of the segment so far. None for a tag of more values."""
    place = find_both_values(tokens)
    codes = () if place is None else tuple(dict.fromkeys(meaning.code for meaning in tokens[place].of("tag")))
    tag = context.catalog.tags[codes[0]] if len(codes) == 1 else None
    if tag is None or len(tag.values) != 2:
        return None
    one, other = (TagCondition(tag=tag.code, operator="in", value=(value.code,)) for value in tag.values)
    among = [] if context.rule is None else [context.rule.node]
    return Interpretation(
        requests=(Request("compare_segments", node=_all([*among, other])),),
        rule=SegmentRule(node=_all([*among, one])),
        ledger=(LedgerEntry(0, len(text), "request"),),
        changed=True,
        edit=context.rule is not None,
    )


def _sides(versus: Versus, text: str, normalised: Normalised, tokens: Sequence[Token], context: Context, read: Read) -> _Both | None:
    """Both sides as they read by themselves; None where one says no customers at all, or asks for something of its own."""
    own = None if versus.own is None else _side(versus.own, text, normalised, tokens, context, read)
    other = _side(versus.other, text, normalised, tokens, context, read)
    base = own.node if own is not None else None if context.rule is None else context.rule.node
    if base is not None and find_elided(tokens[versus.other.start : versus.other.stop]) is not None:
        other = _who_did(versus.other, base, other, text, normalised, tokens, context)
    if own is not None and other is None:
        other = _without(versus.other, own, text, normalised, tokens)
    if other is None or (versus.own is not None and own is None):
        return None
    if any(request.kind == "breakdown" for request in other.found.requests) and _joined(versus, tokens):
        return None  # 白金客户和金卡客户按分行对比: a list, broken down
    return _Both(versus, own, other)


def _side(place: range, text: str, normalised: Normalised, tokens: Sequence[Token], context: Context, read: Read) -> _Side | None:
    start, end = normalised.span(tokens[place.start].start, tokens[place.stop - 1].end)
    said_before = last_time(tokens[: place.start]) or context.standing
    found = read(" " * start + text[start:end], replace(context, rule=None, pending=False, standing=said_before))
    return None if found.rule is None else _Side(found, found.rule.node, (start, end))


def _who_did(
    place: range, base: AnyNode, said: _Side | None, text: str, normalised: Normalised, tokens: Sequence[Token], context: Context
) -> _Side:
    """Those who did, after those who did not: what is denied of the first is granted. Unread where the first are denied nothing, or several things."""
    start, end = normalised.span(tokens[place.start].start, tokens[place.stop - 1].end)
    verb = find_elided(tokens[place.start : place.stop])
    assert verb is not None, "called of a side that ends so"
    found = Interpretation((), None, ()) if said is None else said.found
    verb_start, _ = normalised.span(tokens[place.start + verb].start, tokens[place.start + verb].end)
    kept = tuple(replace(entry, end=min(entry.end, verb_start)) for entry in found.ledger if entry.start < verb_start)
    taken = (*kept, LedgerEntry(verb_start, end, "condition"))
    met = granted(_parts(base), () if said is None else _parts(said.node))
    if met is None:
        issue = Issue("unread", Severity.ASK, quote=(verb_start, end), params={"words": text[verb_start:end]})
        return _Side(replace(found, issues=found.issues or (issue,)), base, (start, end), settled=True)
    leaning, alone = (_all(parts) for parts in met)
    if canonical(leaning) == canonical(alone):
        return _Side(replace(found, ledger=taken), alone, (start, end), settled=True)
    words = text[start:end]
    key = f"compare_shared {fingerprint(base)[:8]}:{words.casefold()}"
    readings = (Reading(None, SegmentRule(node=leaning)), Reading(None, SegmentRule(node=alone)))
    quote = Quote(turn=context.turn, start=start, end=end)
    question = Question(key, "compare_shared", {"words": words}, quote, readings, ask=key not in context.choices)
    node = alone if context.choices.get(key, 0) == 1 else leaning
    return _Side(replace(found, ledger=taken, questions=(*found.questions, question)), node, (start, end), settled=True)


def _without(place: range, own: _Side, text: str, normalised: Normalised, tokens: Sequence[Token]) -> _Side | None:
    """A mortgage and those without, 有房贷的和没有的, 买了理财的和没买的: the one thing that the first have, or did, is what the second have not."""
    said = [tokens[index] for index in place]
    small = ("ignored", "people", "those", "have", "edit.fragment", "edit.those")
    denials = ("negation.not", "negation.at_end", "lack")
    denied = any(token.phrase(*denials) or token.text.split()[0] == "without" for token in said)
    if not denied or not all(token.phrase(*small, *denials) and not token.content for token in said):
        return None
    if any(token.phrase("lack") and token.text[1:] not in text[slice(*own.place)] for token in said):
        return None  # 没买的 of those who did not buy something else
    had = [part for part in _parts(own.node) if _had(part)]
    if len(had) != 1:
        return None  # not the tier of 有房贷的白金客户和没有的
    before, last = [part for part in _parts(own.node) if part is not had[0]], had[0]
    start, end = normalised.span(said[0].start, said[-1].end)
    quote = (Quote(turn=0, start=start, end=end),)
    lacking: AnyNode = Not(child=last)
    if isinstance(last, TagCondition) and last.value is True:
        lacking = TagCondition(tag=last.tag, operator="=", value=False, snapshot=last.snapshot, said=quote)
    ledger = (LedgerEntry(start, end, "condition"),)
    return _Side(Interpretation((), None, ledger), _all([*before, lacking]), (start, end), settled=True)


def _had(node: AnyNode) -> bool:
    """Whether a condition is that they have something or did it, and not of which kind they are."""
    return isinstance(node, RecordCondition) or (
        isinstance(node, TagCondition) and (node.value is True or (node.operator == ">" and node.value == 0))
    )


def _refused(both: _Both) -> bool:
    """Whether a side has an issue; a size that has yet to be measured is none."""
    found = [side.found for side in (both.own, both.other) if side is not None]
    return any(issue.code != "size_unmeasured" for one in found for issue in one.issues)


def _balanced(both: _Both, tokens: Sequence[Token]) -> bool:
    """Whether each side names people at most once, and the second one as often as any other way to part them would."""
    own, other = both.versus.own, both.versus.other
    counts = [says_nouns(tokens[place.start : place.stop]) for place in (own, other) if place is not None]
    return all(count == 1 for count in counts)


def _lists_people(both: _Both, tokens: Sequence[Token]) -> bool:
    """Whether a side joins people with people: 和白金客户和金卡客户比 may mean either of them, or one after the other."""
    sides = [tokens[place.start : place.stop] for place in (both.versus.own, both.versus.other) if place is not None]
    return any(says_nouns(side) > 1 and any(token.phrase("connective.and") for token in side) for side in sides)


def _compared(both: _Both, text: str, normalised: Normalised, tokens: Sequence[Token], context: Context) -> Interpretation:
    """The rule of the first side, and the request to compare it with the second one's. Two saved segments are each what they were saved as, and take over nothing."""
    versus, own, other = both.versus, both.own, both.other
    if own is None and context.rule is None:
        return _ask("compare_nobody", text, normalised, tokens, context)
    asked = [*(() if own is None else own.found.requests), *other.found.requests]
    if any(request.kind not in _OF_THEM for request in asked) or other.found.requests:
        return _ask("compare_alone", text, normalised, tokens, context)
    saved = own is not None and isinstance(own.node, SegmentRef) and isinstance(other.node, SegmentRef)
    if own is not None and versus.listed and not saved and _may_be_a_list(both, tokens):
        return _ask("compare_or_both", text, normalised, tokens, context)
    if own is not None and _three(both, tokens):
        return _ask("compare_several", text, normalised, tokens, context)
    questions: list[Question] = []
    first, second = (None if own is None else own.node), other.node
    if own is not None and first is not None:
        if not other.settled and not saved:
            first, second, questions = _leaning(both, tokens, normalised, context)
    elif context.rule is not None and not versus.others and not other.settled and not _refused(both):
        second, questions = _opposite(other, context.rule, text, context)
    assumptions: list[Assumption] = []
    if own is not None and first is not None and context.rule is not None:
        words = text[own.place[0] : own.place[1]]
        framed = (
            saved or any(token.phrase("frame") for token in tokens[versus.own.start : versus.own.stop]) if versus.own is not None else False
        )
        option = 0 if versus.within else 1
        if not versus.within and not framed:
            key = f"compare_within {fingerprint(context.rule.node)[:8]}:{words.casefold()}"
            option = context.choices.get(key, 0)
            readings = (Reading(_WITHIN, SegmentRule(node=_all([context.rule.node, first]))), Reading(_ANEW, SegmentRule(node=first)))
            quote = Quote(turn=context.turn, start=own.place[0], end=other.place[1])
            questions.append(Question(key, "new_or_narrow", {}, quote, readings, ask=key not in context.choices))
        elif not versus.within:
            assumptions.append(Assumption("new_segment"))
        if option == 0:
            first, second = _all([context.rule.node, first]), _all([context.rule.node, second])
    rule = context.rule if first is None else SegmentRule(node=first)
    if versus.others and rule is not None:
        second = _all([second, Not(child=rule.node)])
    sides = [side for side in (own, other) if side is not None]
    return Interpretation(
        requests=(*_counts(own), Request("compare_segments", node=second)),
        rule=rule,
        ledger=filled([entry for side in sides for entry in _placed(side)], len(text)),
        changed=own is not None,
        questions=(*questions, *(question for side in sides for question in side.found.questions)),
        assumptions=(*assumptions, *(one for side in sides for one in side.found.assumptions)),
        issues=tuple(issue for side in sides for issue in side.found.issues),
        measures=tuple(one for side in sides for one in side.found.measures),
        draft=next((side.found.draft for side in sides if side.found.draft is not None), None),
    )


def _against(
    versus: Versus, text: str, normalised: Normalised, tokens: Sequence[Token], context: Context, read: Read
) -> Interpretation | None:
    """Everyone, the rest, or the rest of the same mix of stated tags: a persona with that baseline."""
    own = None if versus.own is None else _side(versus.own, text, normalised, tokens, context, read)
    if versus.own is not None and own is None:
        return None
    if own is None and context.rule is None:
        return _ask("compare_nobody", text, normalised, tokens, context)
    if own is not None and any(request.kind not in _OF_THEM for request in own.found.requests):
        return _ask("compare_alone", text, normalised, tokens, context)
    issues: tuple[Issue, ...] = () if own is None else own.found.issues
    matched: tuple[str, ...] = ()
    if versus.against == "matched" and not any(tokens[place].phrase("request.versus_matched") for place in versus.other):
        matched, left = _stated(versus.other, tokens, context)
        start, end = normalised.span(tokens[versus.other.start].start, tokens[versus.other.stop - 1].end)
        if left:
            issues = (*issues, Issue("unread", Severity.ASK, quote=(start, end), params={"words": text[start:end]}))
        if len(matched) > MOST_MATCHED:
            issues = (*issues, Issue("match_on_fewer", Severity.ASK, quote=(start, end), params={"limit": MOST_MATCHED}))
    rule, changed = context.rule, own is not None
    if own is not None:
        within = versus.within and context.rule is not None
        rule = SegmentRule(node=_all([context.rule.node, own.node]) if within and context.rule is not None else own.node)
    found = Interpretation((), rule, ()) if own is None else own.found
    detail = "" if versus.against == "rest" else versus.against
    return replace(
        found,
        requests=(*_counts(own), Request("persona", " ".join(matched), detail=detail)),
        rule=rule,
        ledger=filled([] if own is None else _placed(own), len(text)),
        changed=changed,
        assumptions=(
            *found.assumptions,
            *(everyone_within(context) if versus.against == "everyone" else ()),
            *((Assumption("matched_of_all"),) if detail == "matched" and _compared_before(context) else ()),
            *((Assumption("new_segment"),) if changed and context.rule is not None and not versus.within else ()),
        ),
        issues=issues,
    )


def _compared_before(context: Context) -> bool:
    """Whether two segments were compared just before: like ones are then looked for among all, not among the second one."""
    return any(one.kind == "compare_segments" for one in context.asked)


def everyone_within(context: Context) -> tuple[Assumption, ...]:
    """That everyone means those the asker may see, where that is not the whole bank: by the highest units of theirs."""
    units = context.catalog.organisation
    highest = [code for code in context.scope if units[code].parent not in context.scope]
    return (Assumption("everyone_within", {"scope": " ".join(highest)}),) if highest else ()


def _stated(place: range, tokens: Sequence[Token], context: Context) -> tuple[tuple[str, ...], bool]:
    """The tags that customers are to have the same of, in the order said; and whether other words are left. A level of the organisation is its tag."""
    found: list[str] = []
    left = False
    for token in (tokens[index] for index in place):
        tags = [meaning.code for meaning in token.of("tag")] + [context.catalog.header.organisation_tag for _ in token.of("level")]
        if tags:
            found.append(tags[0])
            left = left or len(set(tags)) > 1
        elif (
            not token.phrase("versus.same", "ignored", "people", "connective.and", "connective.comma", "is", "have", "those")
            and token.text != SAME
        ):
            left = True
    return tuple(dict.fromkeys(found)), left or not found


def _contrasted(one: AnyNode, other: AnyNode) -> bool:
    """Whether two conditions stand against each other: of one tag, or of the same records at another time."""
    if not isinstance(one, RecordCondition) or not isinstance(other, RecordCondition):
        return about_the_same(one, other)
    return one.window != other.window and one == other.model_copy(update={"window": one.window})


def _leaning(both: _Both, tokens: Sequence[Token], normalised: Normalised, context: Context) -> tuple[AnyNode, AnyNode, list[Question]]:
    """Both sides, each with what it takes over from the other one: 上海分行的和北京分行的理财客户 share their noun, platinum customers of Shanghai and those of Beijing
    all but the branch. Whether something is taken over is shown, and asked where the two do not speak of the same."""
    own, other, versus = both.own, both.other, both.versus
    assert own is not None, "a side that only points takes nothing over"
    assert versus.own is not None, "and stands somewhere"
    first, second = own.node, other.node
    mine, theirs = _parts(first), _parts(second)
    own_said, other_said = (tokens[place.start : place.stop] for place in (versus.own, versus.other))
    questions: list[Question] = []

    def choose(side: _Side, leaning: AnyNode, alone: AnyNode, ask: bool) -> AnyNode:
        if canonical(leaning) == canonical(alone):
            return alone
        words = normalised.original[side.place[0] : side.place[1]]
        key = f"compare_shared:{words.casefold()}"
        quote = Quote(turn=context.turn, start=side.place[0], end=side.place[1])
        readings = (Reading(None, SegmentRule(node=leaning)), Reading(None, SegmentRule(node=alone)))
        ask = ask and key not in context.choices
        questions.append(Question(key, "compare_shared", {"words": words}, quote, readings, ask=ask))
        return alone if context.choices.get(key, 0) == 1 else leaning

    if elliptical(own_said) and not elliptical(other_said):
        contrasted = [part for part in theirs if any(_contrasted(part, one) for one in mine)]
        shared = [part for part in theirs if part not in contrasted] if contrasted else theirs[1:]
        if shared:
            first = choose(own, _all([*mine, *shared]), first, not contrasted)
    pointing = elliptical(other_said) or any(token.phrase("those", "edit.those") and not token.phrase("frame") for token in other_said[:1])
    among = any(token.phrase("among", "edit.among") or token.text in AMONG for token in own_said)
    if (pointing or among) and not versus.others:  # everyone else takes over nothing of those it leaves out
        contrasted = [part for part in mine if any(_contrasted(part, one) for one in theirs)]
        kept = [part for part in mine if part not in contrasted]
        if kept:
            second = choose(other, _all([*kept, *theirs]), second, not contrasted)
    if questions:
        return first, second, questions
    if versus.others:
        return choose(own, _all([*mine, *theirs]), first, True), second, questions
    own_first = versus.own.start < versus.other.start
    sides = ((versus.own, mine), (versus.other, theirs))
    spoken = [Spoken(parts, _words(place, tokens, normalised)) for place, parts in (sides if own_first else sides[::-1])]
    edge = find_edge(spoken[0], spoken[1], _joined(versus, tokens))
    if edge is None:
        return first, second, questions
    if edge.of_first == own_first:
        second = choose(other, _all([*edge.clause, *theirs]), second, not edge.around)
    else:
        first = choose(own, _all([*mine, *edge.clause]), first, not edge.around)
    return first, second, questions


def _words(place: range, tokens: Sequence[Token], normalised: Normalised) -> list[tuple[Token, int, int]]:
    """The words of a side with their [start, end) in the original text."""
    return [(token, *normalised.span(token.start, token.end)) for token in tokens[place.start : place.stop]]


def _opposite(other: _Side, rule: SegmentRule, text: str, context: Context) -> tuple[AnyNode, list[Question]]:
    """Of women with a mortgage, compared with the men: men with a mortgage, or all men. Asked where a condition of the segment speaks of the same
    as the other side in another way, and others do not."""
    theirs, mine = _parts(other.node), _parts(rule.node)
    contrasted = [part for part in mine if any(_contrasted(part, one) for one in theirs)]
    kept = [part for part in mine if part not in contrasted]
    if not kept or not any(canonical(part) != canonical(one) for part in contrasted for one in theirs if about_the_same(part, one)):
        return other.node, []  # nothing is the other way round: all payroll customers, for women among them, are what is said
    words = text[other.place[0] : other.place[1]]
    key = f"compare_opposite {fingerprint(rule.node)[:8]}:{words.casefold()}"
    both = (_all([*kept, *theirs]), other.node)
    labels = (
        Text(zh=f"其他条件和本客群相同的“{words}”", en=f"“{words}” under the same other conditions"),
        Text(zh=f"全部“{words}”", en=f"all “{words}”"),
    )
    readings = tuple(Reading(label, SegmentRule(node=node)) for label, node in zip(labels, both, strict=True))
    quote = Quote(turn=context.turn, start=other.place[0], end=other.place[1])
    chosen = context.choices.get(key, 0)
    return both[chosen], [Question(key, "compare_shared", {"words": words}, quote, readings, always=True, ask=key not in context.choices)]


def _may_be_a_list(both: _Both, tokens: Sequence[Token]) -> bool:
    """有房贷和信用卡的客户有什么不同: two things that one customer can have, with one noun, may be a list of both. Two values of one tag are nobody's together."""
    own = both.versus.own
    if own is None or both.own is None or not elliptical(tokens[own.start : own.stop]) or tokens[own.stop - 1].text == "的":
        return False
    return not any(about_the_same(one, other) for one in _parts(both.own.node) for other in _parts(both.other.node))


def _three(both: _Both, tokens: Sequence[Token]) -> bool:
    """金卡、白金和钻石客户: a list that a comma goes on with has more than two members."""
    own = both.versus.own
    if own is None or not any(token.phrase("connective.comma") and token.text != "。" for token in tokens[own.start : own.stop - 1]):
        return False
    return _joined(both.versus, tokens) and elliptical(tokens[own.start : own.stop])


def _joined(versus: Versus, tokens: Sequence[Token]) -> bool:
    """Whether the two are parted by a word that joins a list as well."""
    return versus.own is not None and tokens[versus.own.stop].phrase("connective.and") is not None


def _counts(own: _Side | None) -> tuple[Request, ...]:
    return () if own is None else tuple(request for request in own.found.requests if request.kind == "count")


def _ask(code: str, text: str, normalised: Normalised, tokens: Sequence[Token], context: Context) -> Interpretation:
    """A comparison that cannot be told for certain: asked about, the rule as it stands."""
    return Interpretation(
        (Request("compare_segments"),), context.rule, (LedgerEntry(0, len(text), "request"),), issues=(Issue(code, Severity.ASK),)
    )


def _parts(node: AnyNode) -> tuple[AnyNode, ...]:
    return node.children if isinstance(node, AllOf) else (node,)


def _all(nodes: Iterable[AnyNode]) -> AnyNode:
    parts = tuple(part for node in nodes for part in _parts(node))
    return parts[0] if len(parts) == 1 else AllOf(children=parts)


def _placed(side: _Side) -> list[LedgerEntry]:
    """What became of the words of a side, without the blanks in front of it."""
    start, end = side.place
    return [
        replace(entry, start=max(start, entry.start), end=min(end, entry.end))
        for entry in side.found.ledger
        if entry.end > start and entry.start < end
    ]

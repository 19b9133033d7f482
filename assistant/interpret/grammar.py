"""The embedded interpreter: no model, no network, the same words give the same rule. Law: every character ends up in the ledger; a doubt becomes a question with whole readings.

A request is parsed once with the default readings; for each doubt met it is parsed again with every other option, so each reading of a question is a
complete rule that can be counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache, partial

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Text
from assistant.errors import Issue, Severity, UserError
from assistant.interpret.asked.again import (
    asked_again,
    calls_them_customers,
    names_everyone,
    read_offer,
    read_others,
    read_picture,
    read_time_again,
    read_watched_again,
    read_why_again,
)
from assistant.interpret.asked.applying import asks_how_to, read_goal, read_strategies
from assistant.interpret.asked.calling import read_calling, read_contacting
from assistant.interpret.asked.counted_apart import together
from assistant.interpret.asked.dimensions import read_values_apart
from assistant.interpret.asked.guess import HOW, Guess, find_guess
from assistant.interpret.asked.keeping import Keeping, beside_its_version, names_of, read_keeping
from assistant.interpret.asked.nobody import unsaid_them
from assistant.interpret.asked.part_of import counts_the_able, read_part_of
from assistant.interpret.asked.parts import read_part
from assistant.interpret.asked.periods import one_comparison, set_to_unit
from assistant.interpret.asked.requests import read_requests
from assistant.interpret.asked.two_segments import everyone_within, read_two
from assistant.interpret.asked.unbuilt import read_unbuilt
from assistant.interpret.asked.watching import watches_everyone
from assistant.interpret.asked.when_moved import moved_when
from assistant.interpret.asked.why_customer import unsaid_customer
from assistant.interpret.clauses import clause, ends
from assistant.interpret.conditions.as_it_was import as_it_was_before
from assistant.interpret.conditions.every import of_every_one
from assistant.interpret.cursor import Cursor, Doubt
from assistant.interpret.edits.adding import narrowed
from assistant.interpret.edits.follow_up import LEADING, read_follow_up
from assistant.interpret.edits.found import read_upon_found
from assistant.interpret.edits.lasting import still_so
from assistant.interpret.edits.pointing import about_the_same
from assistant.interpret.edits.preceding import counted_from_another, read_preceding
from assistant.interpret.emphasis import without_emphasis
from assistant.interpret.interpretation import (
    QUESTION_LEFT,
    Assumption,
    Context,
    Cut,
    Interpretation,
    Ladder,
    LedgerEntry,
    LedgerKind,
    Measure,
    Question,
    Reading,
    Request,
)
from assistant.interpret.lexer import Token, tokenize
from assistant.interpret.lexicon import lexicon, with_names
from assistant.interpret.month_ends import month_end_said
from assistant.interpret.offered.suggestions import Nearness, Offer, Repair, near_readings, offers_key
from assistant.interpret.offered.tag_drafts import draft_tag, only_spoken
from assistant.interpret.offered.turning import denies, turns_round
from assistant.interpret.own_times import without_own_times
from assistant.interpret.parser import Parser
from assistant.interpret.readback.sentence import Sentence, read_sentence
from assistant.interpret.where_done import without_places
from assistant.language.comparisons import Rank
from assistant.language.dates import NO_SUCH_DAY
from assistant.language.phrases import phrases_of
from assistant.language.text import Normalised, normalise
from assistant.language.time_words import TimeSpan
from assistant.rule.canonical import canonical, canonical_rule, fingerprint
from assistant.rule.order import in_order
from assistant.rule.tree import AllOf, AnyNode, AnyOf, ConceptRef, Quote, SegmentRef, SegmentRule, TagComparison, TagCondition, walk

MAXIMUM_LENGTH = 2000
MAXIMUM_SENTENCE = 10_000
"""A read-back says everything and may be longer than what people type."""
_MOST_DOUBTS = 12
_NARROW = Text(zh="在刚才的客群里再筛选", en="narrow the segment so far")
_GOING_ON = ("connective.and", "connective.also", "connective.but", "connective.or", "negation.is_not")
"""And the women?, not the women: words that cannot begin a request of its own, so that they go on with what stands open."""
_OPENING_DENIALS = ("negation.not", "negation.is_not", "negation.never", "negation.none", "negation.except_open", "lack")
_NOT = "not"
_NAMED_UNDENIED = ("ambiguous_word", "vague_size")
"""Questions whose readings have names of their own, which say nothing of a negation beside the words."""
_ANEW = Text(zh="另起一个新客群", en="start a new segment")


class GrammarInterpreter:
    """Reads requests by the words of the catalog and the grammar of both languages."""

    def interpret(self, text: str, context: Context) -> Interpretation:
        """The interpretation of one turn. Never raises for what a person typed."""
        normalised = normalise(text[:MAXIMUM_SENTENCE])
        sentence = read_sentence(normalised, context) if len(text) <= MAXIMUM_SENTENCE else None
        if sentence is not None:
            return _confirmed(sentence, context)
        if len(text) > MAXIMUM_LENGTH:
            return _refused(text, Issue("too_long", Severity.REFUSE, params={"limit": MAXIMUM_LENGTH}))
        keeping = read_calling(normalised) or read_keeping(normalised, context)
        if keeping is not None:
            return self._kept(text, normalised, keeping, context)
        contacting = read_contacting(normalised)
        if contacting is not None:
            return self._contacting(text, contacting, context)
        part = read_part(normalised, context)
        if part is not None:
            return _answer_first(text, context) if context.pending else part
        template = read_strategies(text, normalised, context, self.interpret)
        if template is not None:
            return template
        context = beside_its_version(normalised, context)
        tokens = tokens_of(normalised, context)
        if not tokens:
            return _refused(text, Issue("empty_request", Severity.ASK))
        goes_on = any(token.content or token.phrases("request.") for token in tokens[1:])
        if context.pending and goes_on and tokens[0].phrase("edit.never_mind"):
            return self._left(text, normalised, tokens, context)
        upon_found = read_upon_found(normalised, tokens, context, partial(self.interpret, text))
        if upon_found is not None:
            return _answer_first(text, context) if context.pending else upon_found
        guess = find_guess(tokens, context.rule is not None)
        if guess is not None and context.pending and not guess.own_segment:
            return _answer_first(text, context)
        guessed = None if guess is None else self._guessed(text, normalised, tokens, guess, context)
        if guessed is not None:
            return guessed
        apart = read_values_apart(Cursor(context, normalised, tokens))
        two = None if apart is not None else read_two(text, normalised, tokens, context, self.interpret)
        if two is not None:
            return two
        others = read_others(text, normalised, tokens, context, self.interpret)
        if others is not None:
            return others
        wanted = read_goal(text, normalised, context) if asks_how_to(normalised) else None
        if wanted is not None:
            return wanted
        first, doubts = _read(normalised, tokens, context)
        spelling: Question | None = None
        near_measures: tuple[Measure, ...] = ()
        kept: list[Assumption] = []
        parted = counts_the_able(tokens) and context.rule is not None
        if (
            parted
            or any(issue.code in ("unread", "several_segments") for issue in first.issues)
            or any(one.kind == "share" for one in first.requests)
        ):
            part_of = read_part_of(text, normalised, tokens, context, self.interpret)
            if part_of is not None:
                return _answer_first(text, context) if context.pending else part_of
        if any(issue.code == "unread" for issue in first.issues):
            goal = read_goal(text, normalised, context)
            if goal is not None:
                return goal
            meant = _as_meant(normalised, first, context)
            normalised, context, spelling, near_measures = meant.text, meant.context, meant.question, meant.measures
            tokens = tokens_of(normalised, context)
            first, doubts = _read(normalised, tokens, context)
            first = _with_repairs(first, meant)
            kept += [_read_as(repair, context) for repair in meant.repairs]
        draft = draft_tag(text, tokens, first.issues, context.catalog)
        first = replace(first, draft=draft, issues=first.issues if draft else only_spoken(first.issues, context.rule is not None))
        found = _with_questions(first, doubts, normalised, tokens, context)
        questions = found.questions if spelling is None else (spelling, *found.questions)
        measures = tuple(dict.fromkeys((*found.measures, *near_measures)))
        return replace(found, questions=questions, assumptions=(*found.assumptions, *kept), measures=measures)

    def _left(self, text: str, normalised: Normalised, tokens: Sequence[Token], context: Context) -> Interpretation:
        """算了，看看代发客户有多少: the open question is dropped, and what follows is read as if none were open."""
        end = normalised.span(tokens[0].start, tokens[0].end)[1]
        found = self.interpret(" " * end + text[end:], replace(context, pending=False, draft=None))
        behind = (replace(one, start=max(end, one.start)) for one in found.ledger if one.end > end)
        return replace(found, ledger=(LedgerEntry(0, end, "edit"), *behind), assumptions=(*found.assumptions, Assumption(QUESTION_LEFT)))

    def _contacting(self, text: str, span: tuple[int, int, str], context: Context) -> Interpretation:
        """我要给理财到期的客户打电话: whom, between the words for what is to be done with them; these pick nobody, which is stated."""
        first, last, words = span
        found = self.interpret(" " * first + text[first:last], context)
        if not found.ledger:
            return found
        inside = (replace(one, start=max(first, one.start)) for one in found.ledger if one.end > first)
        around = (LedgerEntry(0, first, "request"), *inside, LedgerEntry(last, len(text), "request"))
        said = Assumption("contact_meant", {"words": words})
        if [issue.code for issue in found.issues] == ["not_a_request"] and context.rule is not None and not context.pending:
            found = replace(found, issues=(), requests=(Request("count"),), rule=context.rule, changed=False, draft=None)
        return replace(found, ledger=tuple(one for one in around if one.start < one.end), assumptions=(*found.assumptions, said))

    def _kept(self, text: str, normalised: Normalised, keeping: Keeping, context: Context) -> Interpretation:
        """Something asked of saved segments, or a call list: what stands before the words of it is read by itself, what stands behind them is unread."""
        if keeping.behind:
            place = normalised.span(keeping.behind, keeping.behind + 1)[0]
            segment = self.interpret(" " * place + text[place:], context)
            ledger = (
                LedgerEntry(0, place, "request"),
                *(replace(one, start=max(place, one.start)) for one in segment.ledger if one.end > place),
            )
            return replace(segment, requests=(*segment.requests, keeping.request), ledger=ledger)
        head = normalised.span(0, keeping.head)[1] if keeping.head else 0
        segment = self.interpret(text[:head], context) if head else Interpretation((), context.rule, ())
        before = segment.ledger
        if not head and keeping.first:
            before = (LedgerEntry(0, normalised.span(0, keeping.first)[1], "ignored"),)
        start = before[-1].end if before else 0
        end = normalised.span(keeping.first, keeping.last)[1]
        rest = _ended(text, end)
        issues = [*segment.issues, *keeping.issues]
        after = [LedgerEntry(start, len(text) if not rest else end, "request")]
        if rest:
            after.append(LedgerEntry(end, len(text), "unread"))
            issues.append(Issue("unread", Severity.ASK, quote=(end, len(text)), params={"words": rest}))
        requests = (*segment.requests, keeping.request)
        found = replace(segment, requests=requests, ledger=(*before, *after), issues=tuple(issues))
        saved = context.library.by_id.get(keeping.request.code)
        if saved is None or keeping.request.kind not in ("load", "refresh"):
            return found
        node: AnyNode = SegmentRef(segment=saved.id, name=saved.name) if saved.policy == "frozen" else saved.current.node
        return replace(found, rule=SegmentRule(node=context.library.named_in(node)), changed=True)

    def _guessed(self, text: str, normalised: Normalised, tokens: Sequence[Token], guess: Guess, context: Context) -> Interpretation | None:
        """A guess about a segment: both are read by themselves, each at its own place in the text. None where what follows is no condition, or there is nobody
        to guess about."""
        said = normalised.span(tokens[guess.first].start, tokens[guess.first].end)[0]
        place = normalised.span(tokens[guess.last].start, tokens[guess.last].end)[0]
        end = normalised.span(tokens[guess.stop - 1].start, tokens[guess.stop - 1].end)[1] if guess.stop < len(tokens) else len(text)
        condition = self.interpret(" " * place + text[place:end], replace(context, rule=None, pending=False))
        segment = self.interpret(text[:said], context) if guess.own_segment else Interpretation((), context.rule, ())
        if condition.rule is None or condition.requests or segment.rule is None:
            return None
        request = Request("hypothesis", detail=" ".join(one for one in HOW if one in guess.how), node=condition.rule.node)
        before = segment.ledger or ((LedgerEntry(0, said, "ignored"),) if said else ())
        after = (replace(entry, start=max(place, entry.start)) for entry in condition.ledger if entry.end > place)
        return replace(
            segment,
            requests=(*segment.requests, request),
            ledger=(
                *before,
                LedgerEntry(said, place, "request"),
                *after,
                *((LedgerEntry(end, len(text), "request"),) if end < len(text) else ()),
            ),
            questions=(*segment.questions, *(replace(one, within=segment.rule) for one in condition.questions)),
            assumptions=(*segment.assumptions, *condition.assumptions),
            issues=(*segment.issues, *condition.issues),
            measures=(*segment.measures, *condition.measures),
            draft=segment.draft or condition.draft,
        )


@dataclass(frozen=True, slots=True)
class _Meant:
    """A request with unread words as the choices of the conversation say it is meant: what is left to ask, and what was read for what."""

    text: Normalised
    context: Context
    repairs: tuple[Repair, ...] = ()
    question: Question | None = None
    near: Nearness = field(default_factory=Nearness)
    measures: tuple[Measure, ...] = ()


def _as_meant(text: Normalised, first: Interpretation, context: Context) -> _Meant:
    """Follow what was chosen before; ask about the rest. Words a person chose to leave out are ignored, never mended."""

    measures: list[Measure] = []

    def read(words: Normalised) -> tuple[Interpretation, tuple[Token, ...]]:
        tokens = tokens_of(words, context)
        found = _read(words, tokens, context)[0]
        measures.extend(found.measures)
        return found, tokens

    repairs: tuple[Repair, ...] = ()
    while True:
        near = near_readings(text, read, context.catalog)
        offers = near.offers
        if not offers:
            return _Meant(text, context, repairs, near=near)
        unread = [str(issue.params["words"]) for issue in first.issues if issue.code == "unread"]
        chosen = context.choices.get(offers_key(offers), -1)
        if chosen == len(offers):
            return _Meant(text, replace(context, choices={**context.choices, unread_key(unread): 0}), repairs)
        if not 0 <= chosen < len(offers):
            return _Meant(text, context, repairs, _spelling_question(offers, unread, first, context), measures=tuple(measures))
        text, repairs = offers[chosen].text, (*repairs, *offers[chosen].repairs)
        first, _ = read(text)
        if not any(issue.code == "unread" for issue in first.issues):
            return _Meant(text, context, repairs)


def _spelling_question(offers: Sequence[Offer], unread: Sequence[str], first: Interpretation, context: Context) -> Question:
    """Which of the offers is meant; to leave the words out is one option more, where the rest is a rule and nothing else has to be mended."""
    readings = [Reading(Text(zh=offer.meant, en=offer.meant), offer.rule) for offer in offers]
    if first.rule is not None and first.changed and all(may_be_left_out(issue) for issue in first.issues):
        readings.append(Reading(None, first.rule))
    repairs = offers[0].repairs
    params = {"words": " / ".join(repair.said for repair in repairs), "unread": " / ".join(unread)}
    params |= {f"left_{number}": " / ".join(offer.unread) for number, offer in enumerate(offers) if offer.unread}
    quote = Quote(turn=context.turn, start=repairs[0].start, end=repairs[-1].end)
    return Question(offers_key(offers), "unread_near", params, quote, tuple(readings), always=True)


def _read_as(repair: Repair, context: Context) -> Assumption:
    quote = Quote(turn=context.turn, start=repair.start, end=repair.end)
    return Assumption("read_as", {"words": repair.said, "meant": repair.meant}, quote)


def _with_repairs(found: Interpretation, meant: _Meant) -> Interpretation:
    """The ledger with what was typed read as what was meant; unread words that nothing is near are marked so."""
    ledger = tuple(
        replace(entry, read_as=next((one.meant for one in meant.repairs if one.start < entry.end and entry.start < one.end), ""))
        for entry in found.ledger
    )
    if not meant.near.unknown:
        return replace(found, ledger=ledger)
    near = {"near": " / ".join(meant.near.no_data)}
    issues = (
        replace(issue, params={**issue.params, **near}) if issue.code == "unread" and "known" not in issue.params else issue
        for issue in found.issues
    )
    return replace(found, ledger=ledger, issues=tuple(issues))


def read_tokens(text: Normalised, tokens: tuple[Token, ...], context: Context) -> Interpretation:
    """The interpretation of a text by the words it was cut into, nothing in them mended: what they leave unread stays so."""
    first, doubts = _read(text, tokens, context)
    return _with_questions(first, doubts, text, tokens, context)


def _with_questions(
    first: Interpretation, doubts: Sequence[Doubt], text: Normalised, tokens: tuple[Token, ...], context: Context
) -> Interpretation:
    """The default readings with a question for each doubt, whose readings are whole rules."""
    if len(doubts) > _MOST_DOUBTS:
        return replace(first, issues=(*first.issues, Issue("too_complex", Severity.ASK, params={"limit": _MOST_DOUBTS})))
    questions: list[Question] = []
    kept: list[Assumption] = []
    measures = dict.fromkeys(first.measures)
    for doubt in doubts:
        readings = []
        denied = doubt.code in _NAMED_UNDENIED and _beside_a_denial(tokens, text, doubt.quote)
        for option, label in enumerate(doubt.labels):
            other, _ = _read(text, tokens, replace(context, choices={**context.choices, doubt.key: option}))
            measures |= dict.fromkeys(other.measures)
            if other.rule is not None:
                cut = label if isinstance(label, Cut) else None
                readings.append(Reading(None if isinstance(label, Cut) else label, other.rule, cut, denied))
        if _differ(readings, context.catalog):
            chosen = 0 <= context.choices.get(doubt.key, -1) < len(doubt.labels)
            before = context.rule if doubt.code == "edit_fits_two" else None
            ask = doubt.ask and not chosen
            always = any(isinstance(label, Cut) for label in doubt.labels)
            questions.append(
                Question(doubt.key, doubt.code, doubt.params, doubt.quote, tuple(readings), always=always, ask=ask, before=before)
            )
            if chosen and doubt.ask:
                kept.append(Assumption("choice_kept", {"words": _words_of(doubt, text)}, doubt.quote))
    return replace(first, questions=tuple(questions), assumptions=(*first.assumptions, *kept), measures=tuple(measures))


def _beside_a_denial(tokens: Sequence[Token], text: Normalised, quote: Quote) -> bool:
    """Whether a negation stands in the clause of some words: their readings are then named by the rules they make, never by what is denied."""
    inside = [number for number, token in enumerate(tokens) if _overlap(text.span(token.start, token.end), (quote.start, quote.end))]
    if not inside:
        return False
    first, last = inside[0], inside[-1] + 1
    while first and not ends(tokens[first - 1]):
        first -= 1
    while last < len(tokens) and not ends(tokens[last]):
        last += 1
    return any(denies(token) for token in tokens[first:last])


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def tokens_of(text: Normalised, context: Context) -> tuple[Token, ...]:
    """The words a text is cut into, with all that they can mean in the context's catalog and at its dates."""
    words = with_names(lexicon(context.catalog), names_of(context.library, context.opened))
    tokens = tokenize(text.text, words, context.as_of, context.today, _holidays(context.catalog))
    own = without_own_times(without_places(tokens, context.catalog), context.catalog)
    return together(without_emphasis(counted_from_another(own, context.standing)))


def _ended(text: str, end: int) -> str:
    """What is said behind a place; empty where only marks are."""
    return text[end:].strip(" \t\n,，;；。.!！?？、」』”’\"'》】）)")


def _confirmed(sentence: Sentence, context: Context) -> Interpretation:
    """A whole sentence in a read-back's own words: a rule of its own, with nothing to ask."""
    assumptions = [
        Assumption("concept_used", {"concept": node.concept}, node.said[0])
        for _, node in walk(sentence.node)
        if isinstance(node, ConceptRef)
    ]
    if context.rule is not None:
        assumptions.append(Assumption("new_segment"))
    return Interpretation((), SegmentRule(node=sentence.node), sentence.ledger, changed=True, assumptions=tuple(assumptions))


def _words_of(doubt: Doubt, normalised: Normalised) -> str:
    return normalised.original[doubt.quote.start : doubt.quote.end]


def _differ(readings: list[Reading], catalog: TagCatalog) -> bool:
    return len({canonical_rule(reading.rule.node, catalog.expand_all) for reading in readings}) > 1


def _refused(text: str, issue: Issue) -> Interpretation:
    ledger = (LedgerEntry(0, len(text), "unread"),) if text else ()
    return Interpretation((), None, ledger, issues=(issue,))


def _answer_first(text: str, context: Context) -> Interpretation:
    """A turn that leans on the last answer while a question is open: which customers it means follows from that question alone."""
    return Interpretation((), context.rule, (LedgerEntry(0, len(text), "ignored"),), issues=(Issue("answer_first", Severity.ASK),))


@lru_cache(maxsize=8)
def _holidays(catalog: TagCatalog) -> Mapping[str, tuple[tuple[date, date], ...]]:
    """What people call a holiday -> its runs of days off, one a year."""
    spans: dict[str, list[tuple[date, date]]] = {}
    for key, days in catalog.calendar.holidays.items():
        name = catalog.calendar.names[key.split("_")[0]]
        ordered = sorted(days)
        runs: list[tuple[date, date]] = []
        for day in ordered:
            if runs and day - runs[-1][1] <= timedelta(days=1):
                runs[-1] = (runs[-1][0], day)
            else:
                runs.append((day, day))
        for word in (name.zh, name.zh + "节", name.en):
            spans.setdefault(normalise(word).text, []).extend(runs)
    return {word: tuple(sorted(runs)) for word, runs in spans.items()}


def _read(normalised: Normalised, tokens: tuple[Token, ...], context: Context) -> tuple[Interpretation, list[Doubt]]:
    cursor = Cursor(context, normalised, tokens)
    readers = (read_offer, read_picture, read_requests, read_time_again, read_watched_again, read_why_again)
    requests = next((found for read in readers if (found := read(cursor))), ())
    after = _After(context.rule)
    try:
        after = _rule_after(cursor, context, requests)
    except UserError as error:
        cursor.issues.append(Issue(error.code, Severity.ASK, params=dict(error.params)))
    requests = tuple(dict.fromkeys((*requests, *read_unbuilt(cursor))))
    if after.changed and not requests:
        requests = asked_again(cursor, after.rule)
    if after.changed and not after.edit:
        after = replace(after, rule=moved_when(cursor, requests, after.rule))
    requests = one_comparison(cursor, requests, after.rule or context.rule, after.changed)
    cursor.issues.extend(unsaid_customer(cursor, requests))
    if context.rule is None and after.rule is None:
        cursor.issues.extend(unsaid_them(cursor, requests))
    if any(request.kind == "compare_segments" and request.node is None for request in requests):
        cursor.issues.append(Issue("compare_whom", Severity.ASK))
    if after.changed and not after.edit and after.rule is not None:
        _unaccounted(cursor, after.rule.node)
    if all(issue.code != "answer_first" for issue in cursor.issues):
        _readers_doubts(cursor, after.rule)
        _rhetorical(cursor)
        if after.changed and after.rule is not None:
            of_every_one(cursor, after.rule.node)
        _says_more(cursor)
        _unread(cursor)
    if not after.changed and not after.ladders and not requests and not cursor.issues:
        cursor.issues.append(Issue("not_a_request", Severity.ASK))
    interpretation = Interpretation(
        requests=requests,
        rule=after.rule,
        ledger=_ledger(cursor),
        changed=after.changed,
        edit=after.edit,
        assumptions=tuple(cursor.assumptions),
        issues=tuple(cursor.issues),
        ladders=after.ladders,
        measures=tuple(dict.fromkeys(cursor.measures)),
    )
    return interpretation, cursor.doubts


@dataclass(frozen=True, slots=True)
class _After:
    """The rule after a turn, whether the turn changed it, whether by an edit of the old one, and the steps it may go (`Ladder`)."""

    rule: SegmentRule | None
    changed: bool = False
    edit: bool = False
    ladders: tuple[Ladder, ...] = ()


def _rule_after(cursor: Cursor, context: Context, requests: tuple[Request, ...]) -> _After:
    if any(request.kind in ("undo", "redo", "start_over", "what_tags", "explain", "compare_segments") for request in requests):
        _ignore_function_words(cursor)
        return _After(context.rule)
    in_unit = None if context.rule is None else set_to_unit(cursor, context.rule)
    if in_unit is not None:
        _ignore_function_words(cursor)
        return _After(in_unit, True, True)
    if context.draft is not None and not requests:
        sized = _sized(cursor, context.draft)
        if sized is not None:
            return _After(sized, True, context.rule is not None)
    if context.pending and (
        _begins_with_edit(cursor)
        or _begins_with_them(cursor)
        or (requests and not _names_its_own(cursor) and not watches_everyone(requests, context))
    ):
        cursor.issues.append(Issue("answer_first", Severity.ASK))
        _ignore_function_words(cursor)
        return _After(context.rule)
    if context.rule is not None and any(kind != "request" for kind in cursor.kinds):
        before = None if context.pending else read_preceding(cursor, context.rule)
        if before is not None:
            return _After(before, before is not context.rule, True)
        edited = read_follow_up(cursor, context.rule)
        if edited is not None and context.pending and not any(token.phrase("edit.never_mind") for token in cursor.tokens):
            cursor.issues[:] = [Issue("answer_first", Severity.ASK)]
            return _After(context.rule)
        if edited is not None:
            rule = context.rule if edited.rule is None or edited.ladders else still_so(cursor, context.rule, edited.rule)
            _ignore_function_words(cursor)
            return _After(rule, edited.rule is not None and not edited.ladders, True, edited.ladders)
    if context.rule is None:
        _ignore_leading_edit(cursor)
    _ignore_lead(cursor)
    anew = [index for index, token in enumerate(cursor.tokens) if token.phrase("edit.new")]
    for index in anew:
        cursor.mark(index, index + 1, "edit")
    node = _conditions(cursor)
    everyone = any(token.phrase("everyone") and cursor.kinds[index] == "condition" for index, token in enumerate(cursor.tokens))
    if any(token.phrase("whole_bank") for token in cursor.tokens):
        cursor.assumptions.extend(one for one in everyone_within(context) if one not in cursor.assumptions)
    if node is None and not everyone:
        return _After(context.rule)
    new = SegmentRule(node=node if node is not None else AllOf())
    if context.rule is None or anew or any(token.phrase("everyone") for token in cursor.tokens):
        return _After(new, True)
    if any(token.phrase("frame") for token in cursor.tokens):
        cursor.assume("new_segment")
        return _After(new, True)
    said = new.node.children if isinstance(new.node, AllOf) else (new.node,)
    if _goes_on(cursor) and not any(about_the_same(old, one) for _, old in in_order(context.rule.node) for one in said):
        return _After(_inside(cursor, *as_it_was_before(cursor, context.rule, new.node, 0, len(cursor.tokens))), True, True)
    whole = cursor.quote(0, len(cursor.tokens))
    asks_on = not context.pending and _asks_on(cursor)
    key = f"refine {fingerprint(context.rule.node)[:8]}"
    chosen = cursor.choose(key, whole, "new_or_narrow", {}, (_NARROW, _ANEW), ask=not asks_on)
    if chosen != 0:
        return _After(new, True)
    rule, added = context.rule, new.node
    if (
        asks_on or cursor.doubts[-1].key in context.choices
    ):  # what else is in doubt is asked once it is known that the customers spoken of are meant
        rule, added = as_it_was_before(cursor, rule, added, 0, len(cursor.tokens))
    return _After(_inside(cursor, rule, added), True, True)


def _inside(cursor: Cursor, rule: SegmentRule, added: AnyNode) -> SegmentRule:
    """A rule's customers who meet conditions as well, those it has already left out."""
    present = [canonical(node) for _, node in in_order(rule.node)]
    for child in added.children if isinstance(added, AllOf) else (added,):
        if canonical(child) not in present:
            rule = narrowed(rule, child)
    return rule


def _sized(cursor: Cursor, draft: SegmentRule) -> SegmentRule | None:
    """改成50万以上, at least 500k, while it is asked how much is much: the rule with that number. None where the turn says anything else."""
    if any(token.content for token in cursor.tokens):
        return None
    point = cursor.checkpoint()
    found = read_follow_up(cursor, draft)
    issues = len(cursor.issues) > point.issues
    unread = any(
        kind == "unread" and not token.phrase("ignored", "is", "connective.comma", "edit.pronoun")
        for kind, token in zip(cursor.kinds, cursor.tokens, strict=True)
    )
    if (
        found is None
        or found.rule is None
        or found.ladders
        or issues
        or unread
        or found.rule == draft
        or _subjects(found.rule) != _subjects(draft)
    ):
        cursor.restore(point)
        return None
    _ignore_function_words(cursor)
    return found.rule


def _subjects(rule: SegmentRule) -> list[tuple[str, ...]]:
    """What each part of a rule is about, without what is asked of it."""
    return [
        (type(node).__name__, *(str(getattr(node, name, "")) for name in ("tag", "records", "concept", "left")))
        for _, node in walk(rule.node)
    ]


def _goes_on(cursor: Cursor) -> bool:
    """who have a mortgage, without staff, those aged 40 or under: a turn that begins so says more of the customers spoken of, and cannot begin another segment."""
    index = cursor.skip(0, "connective.comma")
    token = cursor.token(index)
    if token is None:
        return False
    if token.text.split()[0] in phrases_of("edit.fragment"):
        return True
    following = cursor.token(index + 1)
    return following is not None and token.text in phrases_of("edit.those") and not following.phrase("too")


def _asks_on(cursor: Cursor) -> bool:
    """女的呢, what about the women: of the customers spoken of. 那按揭客户呢, what about mortgage customers name customers of their own."""
    asked = any(token.phrase("edit.what_about", "edit.what_about_after") for token in cursor.tokens)
    return asked and not calls_them_customers(cursor.tokens)


def _conditions(cursor: Cursor) -> AnyNode | None:
    """The conditions between the requests: each stretch of tokens no request took is parsed, and all must hold."""
    parser = Parser(cursor)
    nodes: list[AnyNode] = []
    start: int | None = None
    for index in range(len(cursor.tokens) + 1):
        taken = index == len(cursor.tokens) or cursor.kinds[index] == "request"
        if not taken and start is None:
            start = index
        if taken and start is not None:
            node = parser.conditions(start, index)
            if node is not None:
                nodes.append(node)
            start = None
    if not nodes:
        return None
    flat = [child for node in nodes for child in (node.children if isinstance(node, AllOf) else (node,))]
    return flat[0] if len(flat) == 1 else AllOf(children=tuple(flat))


def _begins_with_edit(cursor: Cursor) -> bool:
    for token in cursor.tokens:
        if token.phrase(*LEADING, *_GOING_ON) or token.text == _NOT:
            return True
        if not token.phrase("ignored", "connective.comma"):
            return False
    return False


def _begins_with_them(cursor: Cursor) -> bool:
    """他们经常登录吗, do they log in often: said of the customers that are still asked about."""
    for token in cursor.tokens:
        if any(word in phrases_of("them") for word in token.text.split()):
            return True
        if not token.phrase("ignored", "connective.comma", "request.guess"):
            return False
    return False


def _names_its_own(cursor: Cursor) -> bool:
    """Whether a turn has conditions, or says that it is of everyone."""
    return names_everyone(cursor.tokens) or any(
        cursor.kinds[index] == "unread" and (token.content or token.comparison is not None) for index, token in enumerate(cursor.tokens)
    )


def _ignore_leading_edit(cursor: Cursor) -> None:
    """只要女性客户, also must …: with nothing to edit yet, the words of an edit in front say no more than the conditions do."""
    for index, token in enumerate(cursor.tokens):
        if (
            token.phrase("edit.only", "edit.add", "edit.among")
            and not token.phrase("negation.except_open")
            and not _says_nothing_else(cursor, index)
            and cursor.kinds[index] == "unread"
        ):
            cursor.mark(index, index + 1, "ignored")
        if not token.phrase("ignored"):
            break
    last = len(cursor.tokens) - 1
    while last > 0 and cursor.tokens[last].phrase("ignored") and not cursor.tokens[last].phrase("edit.only"):
        last -= 1
    token, before = cursor.tokens[last], cursor.tokens[max(last - 1, 0)]
    people = any(before.text.endswith(word) for word in phrases_of("people"))
    had = bool(before.of("hold") or before.of("tag")) and not people  # with a mortgage only: nothing else, which is asked
    if last > 0 and token.phrase("edit.only") and not token.content and cursor.kinds[last] == "unread" and not had:
        cursor.mark(last, last + 1, "ignored")  # women only


def _says_nothing_else(cursor: Cursor, index: int) -> bool:
    """only have a card, only use the app: that they have or do nothing else, not only them."""
    following = cursor.token(cursor.skip(index + 1, "exactly"))
    alone = following is not None and (following.phrase("have") is not None or bool(following.of("action")))
    return cursor.tokens[index].phrase("exactly") is not None and alone


def _ignore_lead(cursor: Cursor) -> None:
    """那按分行看看, then how many, 他们里面有信用卡的占多少: the small word that joins a request to what was said before says no more."""
    for index, token in enumerate(cursor.tokens):
        if not token.phrase("ignored", "edit.what_about", "edit.among", "edit.pronoun", "connective.then"):
            return
        if (
            token.phrase("edit.what_about", "edit.among", "edit.pronoun", "connective.then")
            and not token.content
            and cursor.kinds[index] == "unread"
        ):
            cursor.mark(index, index + 1, "ignored")


def _ignore_function_words(cursor: Cursor) -> None:
    for index, token in enumerate(cursor.tokens):
        if cursor.kinds[index] == "unread" and token.phrase("ignored", "connective.comma", "edit.pronoun", "edit.never_mind", "is"):
            cursor.mark(index, index + 1, "ignored")


def _unaccounted(cursor: Cursor, node: AnyNode) -> None:
    """A word taken as part of a condition must be among the words of a condition of the rule; one that is not was lost on the way and is unread."""
    spans = [
        (quote.start, quote.end)
        for _, part in walk(node)
        if not isinstance(part, AllOf | AnyOf)
        for quote in part.said
        if quote.turn == cursor.context.turn
    ]
    for index, token in enumerate(cursor.tokens):
        if cursor.kinds[index] != "condition" or not (token.content or token.window or token.comparison or token.rank):
            continue
        quote = cursor.quote(index, index + 1)
        if not any(start <= quote.start and quote.end <= end for start, end in spans):
            cursor.kinds[index] = "unread"


def _readers_doubts(cursor: Cursor, rule: SegmentRule | None) -> None:
    """What the readers of numbers and times were not sure of, or took as read, in the words that were used; a month end that is a point of time was taken for no stretch of days."""
    points = [
        quote
        for _, part in (() if rule is None else walk(rule.node))
        if isinstance(part, TagComparison) or (isinstance(part, TagCondition) and part.snapshot is not None)
        for quote in part.said
        if quote.turn == cursor.context.turn
    ]
    for index, token in enumerate(cursor.tokens):
        asked = cursor.kinds[index] == "request" and token.window is not None and token.window.doubt == NO_SUCH_DAY
        if (cursor.kinds[index] not in ("condition", "edit") and not asked) or index in cursor.settled:
            continue
        for reading in (token.comparison, token.window, token.rank):
            if reading is None:
                continue
            quote = cursor.quote(index, index + 1)
            if reading.doubt is not None:
                params = {"words": cursor.words(quote)}
                cursor.issues.append(Issue(reading.doubt, Severity.ASK, quote=(quote.start, quote.end), params=params))
            assumption = None if isinstance(reading, Rank) else reading.assumption
            ended = isinstance(reading, TimeSpan) and month_end_said(reading, cursor.context.today) is not None
            if ended and any(one.start <= quote.start and quote.end <= one.end for one in points):
                continue
            if assumption is not None:
                cursor.assume(assumption, quote, words=cursor.words(quote))


def may_be_left_out(issue: Issue) -> bool:
    """Whether an issue is only words that could not be read, none of which turns the request round: it may be asked whether to go on without them."""
    return issue.code == "unread" and "turns" not in issue.params


def unread_key(words: Sequence[str]) -> str:
    """The key of the question whether to go on without some words."""
    return "unread:" + "|".join(word.casefold() for word in words)


def _rhetorical(cursor: Cursor) -> None:
    """他们不是按揭客户吗: a denial that is asked may well claim what it denies; AUM比上月多了吗 asks of the whole, not for those whose it is. The word that asks
    stays unread beside either."""
    for index, token in enumerate(cursor.tokens):
        moved = index > 0 and cursor.kinds[index - 1] == "condition" and cursor.tokens[index - 1].phrase("change.up", "change.down")
        if token.phrase("question") and (moved or any(denies(cursor.tokens[place]) for place in clause(cursor, index))):
            cursor.kinds[index] = "unread"


def _says_more(cursor: Cursor) -> None:
    """近30天又买了理财, bought funds again: that it had been so before; 家里买过: who did it; 不是所有: that some are. Passed over elsewhere, such a word is left unread beside what was done, so that it is asked."""
    tokens = cursor.tokens
    for place, token in enumerate(tokens):
        denied = place > 0 and tokens[place - 1].phrases("negation.") and not tokens[place - 1].phrase("negation.except_open")
        if token.phrase("universal") and denied and cursor.kinds[place] not in ("request", "edit"):
            cursor.skipped.add(place)  # 不是所有的理财客户
        if not token.phrase("repeated", "household") or token.content or cursor.kinds[place] in ("request", "edit"):
            continue
        before, after = (
            tokens[one] if 0 <= one < len(tokens) and cursor.kinds[one] == "condition" else None for one in (place - 1, place + 1)
        )
        done = after is not None and bool(after.of("action") or after.of("hold"))
        if token.text.isascii():
            more = (
                done
                or (after is not None and after.comparison is not None)
                or (before is not None and bool(before.of("action") or before.of("hold")))
            )
        else:
            twice = sum(one.text == token.text for one in tokens) > 1  # 又登录又转账: both
            more = done and not twice and (before is None or (before.window is not None and not before.content))
        if more:
            cursor.skipped.add(place)


def _unread(cursor: Cursor) -> None:
    """One issue for each stretch of words that nothing took; an assumption instead when the user chose to go on without them."""
    for place in cursor.skipped:
        cursor.kinds[place] = "unread"
    found: list[tuple[int, int, Quote]] = []
    index = 0
    while index < len(cursor.tokens):
        if cursor.kinds[index] != "unread":
            index += 1
            continue
        last = index
        while last < len(cursor.tokens) and cursor.kinds[last] == "unread":
            last += 1
        found.append((index, last, cursor.quote(index, last)))
        index = last
    turning = any(_turns_round(cursor, first, last) for first, last, _ in found)
    if not turning and unread_key([cursor.words(quote) for _, _, quote in found]) in cursor.context.choices:
        for first, last, quote in found:
            cursor.mark(first, last, "ignored")
            cursor.assume("ignored_words", quote, words=cursor.words(quote))
        return
    for first, last, quote in found:
        params = {"words": cursor.words(quote)}
        words = cursor.tokens[first:last]
        if all(token.read for token in words) and any(token.content for token in words):
            params["known"] = "yes"  # words of the catalog, whose part in the sentence is not understood
        if _turns_round(cursor, first, last):
            params["turns"] = params["words"]
        cursor.issues.append(Issue("unread", Severity.ASK, quote=(quote.start, quote.end), params=params))


def _turns_round(cursor: Cursor, first: int, last: int) -> bool:
    """Whether a request would say the opposite without some words: they deny or compare, a denial right before them would be of what stands behind them (不含20万的女客户), or they are
    one of two times that are compared (去年存款比今年多)."""
    words = cursor.tokens[first:last]
    before = first - 1
    while before > 0 and cursor.kinds[before] != "unread" and cursor.tokens[before].phrase("ignored", "is", "have"):
        before -= 1
    denied = before >= 0 and cursor.kinds[before] != "unread" and cursor.tokens[before].phrase(*_OPENING_DENIALS) is not None
    timed = any(token.window is not None or token.comparison is not None for token in words)
    than = (cursor.tokens[place] for place in clause(cursor, first))
    compared = timed and any(token.phrase("change.than") and not token.phrase("connective.and") for token in than)
    return denied or compared or turns_round(words)


def _ledger(cursor: Cursor) -> tuple[LedgerEntry, ...]:
    """A partition of the original text. A character that folds into several tokens is unread when one of them is."""
    entries: list[LedgerEntry] = []
    place = 0
    size = len(cursor.normalised.original)
    for index, token in enumerate(cursor.tokens):
        start, end = cursor.normalised.span(token.start, token.end)
        kind: LedgerKind = cursor.kinds[index]
        if end <= place:
            if kind == "unread":
                entries[-1] = LedgerEntry(entries[-1].start, entries[-1].end, kind)
            continue
        start = max(start, place)
        if start > place:
            entries.append(LedgerEntry(place, start, "ignored"))
        if entries and entries[-1].kind == kind and entries[-1].end == start and kind in ("ignored", "unread"):
            entries[-1] = LedgerEntry(entries[-1].start, end, kind)
        else:
            entries.append(LedgerEntry(start, end, kind))
        place = end
    if place < size:
        entries.append(LedgerEntry(place, size, "ignored"))
    return tuple(entries)

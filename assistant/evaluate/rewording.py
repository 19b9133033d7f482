"""A request that was understood -> other ways to say the same thing. Law: a rewording never changes what is meant; what might is not offered.

The text is cut where the lexer cuts it. A piece gets alternatives only when it is clear what it stands for: a catalog word that the expected rule
uses, an operator with its number, a rolling or a named window. Clauses change places only where each of them alone says its part of the rule.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Literal, get_args

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.evaluate.spellings import chinese_numeral, english_numeral, full_width, number_spellings, yuan_spellings
from assistant.interpret.lexer import Token
from assistant.interpret.lexicon import Meaning, catalog_words, key_of, lexicon
from assistant.language.comparisons import Comparison
from assistant.language.numbers import read_quantities
from assistant.language.text import normalise
from assistant.language.times import TimeSpan
from assistant.language.words import Grammar, grammars
from assistant.rule.canonical import canonical_rule
from assistant.rule.tree import (
    AllOf,
    AnyNode,
    ConceptRef,
    Filter,
    Not,
    RankCondition,
    RecordCondition,
    SequenceCondition,
    TagComparison,
    TagCondition,
    walk,
)
from assistant.rule.window import Calendar, Future, Rolling

Transformation = Literal[
    "order", "synonym", "comparison", "number", "time", "mixed", "politeness", "punctuation", "traditional", "full_width", "case",
]  # fmt: skip
TRANSFORMATIONS: tuple[Transformation, ...] = get_args(Transformation)
ReadAlone = Callable[[str], AnyNode | None]
"""The rule that a text says by itself, None when it is not answered without a question."""

_CONTENT = frozenset({"tag", "hold", "value", "action", "dated", "concept", "concept_not", "ambiguous", "inexpressible", "level", "phrase"})
_NOUNS = ("customers", "customer", "users", "user", "clients", "client", "holders", "客户", "用户", "客群", "人群", "户", "人")
"""What a name may end in: a name with such a noun is not exchanged for one without."""
_PAST_TENSE = frozenset({"bought", "made", "took", "paid", "sent", "had", "spent", "got", "went", "saw", "held", "put", "drew"})
_VERBAL = ("exceed", "reach", "do ", "does ", "don't", "doesn't", "that ", "surpass", "is ", "not to ")
_CHOOSY = (
    "长于", "older", "younger", "longer", "shorter", "within", "inside", "内", "起", "capped", "or up", "upwards", "better", "as many", "not less",
    "less or", "higher or", "short of", "ranging", "starting", "含以上", "不到", "或超过", "and up", "封顶", "为限", "打底", "or equal", "at the least", "at the most", "tops",
)  # fmt: skip
"""Comparison words that go with some nouns or some places in a sentence only."""
_RELATIVE = frozenset({"当天", "当日", "当周", "当月", "当季", "当年", "去年全年", "今年全年", "这半年内"})
"""Words of the calendar that depend on what was said before, or say more than their unit."""
_ZH_SEPARATOR = re.compile(r"[，,、；;]|并且|而且|且|同时")
_EN_SEPARATOR = re.compile(r",? and (?:also )?|, ")
_ZH_TAIL = re.compile(r"(?:的)?(?:客户|客群|人群|用户|人)?(?:有多少(?:人|户|客户)?)?(?:的)?[。？?]?$")
_EN_HEAD = re.compile(r"^(?:.*?\b(?:customers|clients) )(?:with |who |whose )?")
_EN_OWN_OPENING = re.compile(r"(?:with|without|who|whose|from|of|have|has|are|is)\b")
"""How a clause begins that does not lean on the opening of the list."""
_COUNT = r"(\d+|[一二两三四五六七八九十百]+)(天|日|个月|周|个星期|年)(内|以内|之内)?$"
_LEADS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"^(?:近|最近|过去|过去的|最近的)" + _COUNT), ("近", "最近", "过去")),
    (re.compile(r"^(?:未来|接下来|今后|未来的)" + _COUNT), ("未来", "接下来", "今后")),
)
_EN_COUNT = re.compile(r"^((?:in|over|within|during) )?(the )?(last|past|next) (\d+|[a-z]+) (day|week|month|quarter|year)(s?)$")
_ZH_UNITS: Mapping[str, tuple[str, ...]] = {"day": ("天", "日"), "week": ("周", "个星期"), "month": ("个月",), "year": ("年",)}
_AFFIXED: Mapping[str, str] = {"在": "", "中": "", "里": "", "当中": ""}


@dataclass(frozen=True, slots=True)
class Piece:
    """[start, end) of the original text with other ways to write it, by transformation."""

    start: int
    end: int
    choices: Mapping[Transformation, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wording:
    """A text as its pieces (a partition), and the clauses of it that may change places."""

    text: str
    language: Language
    pieces: tuple[Piece, ...]
    clauses: tuple[tuple[int, int], ...] = ()

    def alternatives(self, transformation: Transformation) -> tuple[int, ...]:
        """The numbers of the pieces that a transformation can change."""
        return tuple(number for number, piece in enumerate(self.pieces) if piece.choices.get(transformation))


@dataclass(frozen=True, slots=True)
class _Uses:
    """What a rule is made of, in the lexicon's terms. `yuan`: every large number in it is a sum in yuan."""

    meanings: frozenset[tuple[str, str]]
    filters: frozenset[tuple[str, str, str]]
    yuan: bool

    def has(self, meaning: Meaning) -> bool:
        if meaning.kind in ("tag", "hold"):
            return ("tag", meaning.code) in self.meanings
        if meaning.kind == "value":
            return (f"value {meaning.code}", meaning.value) in self.meanings
        if meaning.kind in ("action", "dated"):
            said = {(meaning.code, name, code) for name, codes in meaning.filters for code in codes}
            return ("record", meaning.code) in self.meanings and said <= self.filters
        return meaning.kind in ("concept", "concept_not") and ("concept", meaning.code) in self.meanings


def cut(text: str, language: Language, node: AnyNode, catalog: TagCatalog, tokens: Sequence[Token], read_alone: ReadAlone) -> Wording:
    """The pieces of a text whose tokens were read as `node`, and its clauses."""
    normalised = normalise(text)
    uses = _uses(node, catalog)
    pieces: list[Piece] = []
    place = 0
    for index, token in enumerate(tokens):
        start, end = normalised.span(token.start, token.end)
        if end <= place:
            continue
        start = max(start, place)
        if start > place:
            pieces.append(Piece(place, start))
        following = next((other for other in tokens[index + 1 :] if not other.phrase("ignored", "is", "have")), None)
        pieces.append(Piece(start, end, _choices(token, following, text[start:end], uses, catalog, language)))
        place = end
    if place < len(text):
        pieces.append(Piece(place, len(text)))
    clauses = _clauses(text, language, node, catalog, tokens, read_alone)
    pieces = [part for piece in pieces for part in _split(piece, [place for span in clauses for place in span])]
    edges = {piece.start for piece in pieces} | {len(text)}
    return Wording(text, language, tuple(pieces), clauses if all(edge in edges for span in clauses for edge in span) else ())


def _split(piece: Piece, places: Sequence[int]) -> Iterator[Piece]:
    """A piece that nothing can change, cut where a clause begins or ends inside it."""
    inside = sorted({place for place in places if piece.start < place < piece.end}) if not piece.choices else []
    for start, end in pairwise((piece.start, *inside, piece.end)):
        yield Piece(start, end, piece.choices)


def _uses(node: AnyNode, catalog: TagCatalog) -> _Uses:
    meanings: set[tuple[str, str]] = set()
    filters: set[tuple[str, str, str]] = set()
    units: set[str] = set()
    for _, part in walk(node):
        if isinstance(part, TagCondition):
            meanings.add(("tag", part.tag))
            if isinstance(part.value, tuple):
                meanings.update((f"value {part.tag}", code) for code in part.value)
            if catalog.tags[part.tag].numeric:
                units.add(catalog.tags[part.tag].unit)
        elif isinstance(part, TagComparison):
            meanings.update({("tag", part.left), ("tag", part.right)})
            units.add("change")
        elif isinstance(part, RankCondition):
            meanings.add(("tag", part.tag))
            units.add("rank")
        elif isinstance(part, ConceptRef):
            meanings.add(("concept", part.concept))
        elif isinstance(part, RecordCondition):
            record = catalog.records[part.records]
            meanings.add(("record", part.records))
            filters.update(_filters(part.records, part.filters))
            amount = record.property(record.amount) if record.amount else None
            if part.aggregate not in ("count", "days") and amount is not None:
                units.add(amount.unit)
            units.update(prop.unit for each in part.filters if (prop := record.property(each.property)) is not None and prop.numeric)
        elif isinstance(part, SequenceCondition):
            for side in (part.first, part.then):
                meanings.add(("record", side.records))
                filters.update(_filters(side.records, side.filters))
    return _Uses(frozenset(meanings), frozenset(filters), units == {"CNY"})


def _filters(record: str, filters: Sequence[Filter]) -> Iterator[tuple[str, str, str]]:
    for each in filters:
        if isinstance(each.value, tuple):
            for code in each.value:
                yield record, each.property, code


@lru_cache(maxsize=4)
def _said_as(catalog: TagCatalog) -> Mapping[Meaning, tuple[str, ...]]:
    """Every meaning of the catalog -> the phrases that have it, as they are written."""
    found: dict[Meaning, dict[str, None]] = {}
    for phrase, meaning in catalog_words(catalog):
        found.setdefault(meaning, {})[phrase] = None
    return {meaning: tuple(phrases) for meaning, phrases in found.items()}


def _choices(
    token: Token, following: Token | None, said: str, uses: _Uses, catalog: TagCatalog, language: Language
) -> Mapping[Transformation, tuple[str, ...]]:
    found: dict[Transformation, tuple[str, ...]] = {}
    if token.window is not None:
        found["time"], found["mixed"] = _windows(token.window, said, language)
    elif token.comparison is not None:
        found["comparison"], found["mixed"], found["number"] = _comparisons(token, token.comparison, said, uses, language)
    elif any(uses.has(meaning) for meaning in token.meanings):
        found["synonym"], found["mixed"] = _names(token, following, said, uses, catalog, language)
    return {name: kept for name, words in found.items() if (kept := tuple(dict.fromkeys(word for word in words if word != said)))}


# --- catalog words ------------------------------------------------------------------------------------------------------------------------------


def _names(
    token: Token, following: Token | None, said: str, uses: _Uses, catalog: TagCatalog, language: Language
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Other names of what a token stands for: in the language of the text, and in the other one."""
    entries = lexicon(catalog).entries
    allowed = {meaning for meaning in token.meanings if meaning.kind in _CONTENT}
    used = {meaning for meaning in allowed if uses.has(meaning)}
    if following is not None and following.comparison is not None and any(meaning.kind == "tag" for meaning in used):
        used = {meaning for meaning in used if meaning.kind != "hold"}
    own: list[str] = []
    other: list[str] = []
    for phrase in _said_as(catalog).get(next(iter(sorted(used, key=repr))), ()):
        meanings = {meaning for meaning in entries[key_of(phrase)] if meaning.kind in _CONTENT}
        if not used <= meanings <= allowed or _noun(phrase) != _noun(said):
            continue
        chinese = not phrase.isascii()
        if chinese == (language == "zh") or (phrase.isascii() and phrase.isupper()):
            if chinese or any(meaning.kind in ("tag", "value") for meaning in used) or _form(phrase) == _form(said):
                own.append(phrase)
        elif chinese or not any(meaning.kind in ("action", "dated") for meaning in used):
            other.append(phrase)
    return tuple(own), tuple(other)


def _noun(phrase: str) -> bool:
    return phrase.casefold().endswith(_NOUNS)


def _form(phrase: str) -> tuple[str, str]:
    """The grammatical shape of an English phrase: a verb in the past, or its first word with its ending."""
    first, *rest = phrase.casefold().split()
    if first.endswith("ed") or first in _PAST_TENSE:
        return "past", ""
    last = rest[-1] if rest else first
    return ("noun" if not rest or rest[0] not in ("a", "the", "to", "in", "on", "with", "for") else first), "s" if last.endswith(
        "s"
    ) else ""


# --- operators and numbers -----------------------------------------------------------------------------------------------------------------------


def _comparisons(
    token: Token, comparison: Comparison, said: str, uses: _Uses, language: Language
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Other operators with the same number in this language and in the other; the same operator with other spellings of the number."""
    if comparison.doubt is not None or len(said) != len(token.text) or comparison.unit_word in grammars()["en"].numerals.adverbs:
        return (), (), ()
    numbers = _numbers(token, comparison, said, uses, language)
    if comparison.operator in (None, "range") or comparison.assumption or len(comparison.number_spans) != 1:
        return (), (), numbers
    start, end = (place - token.start for place in comparison.number_spans[0])
    if comparison.unit not in (None, "times", "count", "percent", "CNY"):
        return (), (), numbers
    before, number, behind = said[:start].strip(), said[start:end], said[end:].strip()
    if before and behind:
        return (), (), numbers
    operator = comparison.operator
    both = {tongue: _operators(operator, number, before or behind, tongue, grammars()[tongue]) for tongue in ("zh", "en")}
    if not any((before or behind).casefold() in each for each in _operator_words(operator)):
        return (), (), numbers
    other: Language = "en" if language == "zh" else "zh"
    return both[language], both[other], numbers


def _operator_words(operator: str) -> Iterator[tuple[str, ...]]:
    for grammar in grammars().values():
        yield grammar.operators.prefix.get(operator, ())
        yield grammar.operators.postfix.get(operator, ())


def _operators(operator: str, number: str, said: str, language: str, grammar: Grammar) -> tuple[str, ...]:
    gap = "" if language == "zh" else " "
    verbal = said.casefold().startswith(_VERBAL)
    fits = [
        word
        for word in grammar.operators.prefix.get(operator, ())
        if not any(part in word for part in _CHOOSY) and word.startswith(_VERBAL) == verbal and " " + word.strip(">=<") != " > "
    ]
    behind = [] if verbal else [word for word in grammar.operators.postfix.get(operator, ()) if not any(part in word for part in _CHOOSY)]
    return (
        *(f"{word}{gap}{number}" for word in fits),
        *(f"{number}{gap}{word}" for word in behind if word != "+" or number[-1:].isdigit()),
    )


def _numbers(token: Token, comparison: Comparison, said: str, uses: _Uses, language: Language) -> tuple[str, ...]:
    """The comparison with its numbers spelled otherwise: all of them the same way."""
    values = (comparison.low, comparison.high) if comparison.operator == "range" else (comparison.value,)
    spans = comparison.number_spans
    if comparison.assumption is not None or len(spans) != len(values) or comparison.unit in ("percentage_point", "basis_point", "multiple"):
        return ()
    spellings: list[tuple[str, ...]] = []
    for value, (start, end) in zip(values, spans, strict=True):
        written = said[start - token.start : end - token.start]
        alone = read_quantities(normalise(written).text)
        if (
            value is None
            or len(alone) != 1
            or alone[0].value != value
            or (alone[0].start, alone[0].end) != (0, len(written))
            or alone[0].low
        ):
            return ()
        unit = alone[0].unit_word or ""
        if unit and not written.casefold().endswith(unit):
            return ()
        behind = written[len(written) - len(unit) :] if unit else ""
        bare = read_quantities(normalise(written[: len(written) - len(unit)]).text)
        if [each.value for each in bare] != [value]:
            return ()
        gap = " " if behind and language == "en" else ""
        single = value == 1 and behind in ("笔", "一笔")
        found = [] if single else [f"{each}{gap}{behind}" for each in number_spellings(value, language, measured=bool(unit))]
        if not unit and uses.yuan and value >= 1000:
            found += yuan_spellings(value, language)
        spellings.append(tuple(each for each in found if each != written))
    if len(spellings) == 1:
        (start, end) = spans[0]
        return tuple(said[: start - token.start] + each + said[end - token.start :] for each in spellings[0])
    (first, middle), (second, last) = spans
    return tuple(
        said[: first - token.start] + low + said[middle - token.start : second - token.start] + high + said[last - token.start :]
        for low, high in zip(*spellings, strict=False)
        if _alike(low, high)
    )


def _alike(low: str, high: str) -> bool:
    """Whether the two ends are spelled alike: both with a scale word or both without."""
    scales = "万亿wWkKmM"
    return (low[-1] in scales) == (high[-1] in scales) and ("," in low) == ("," in high)


# --- time -----------------------------------------------------------------------------------------------------------------------------------------


def _windows(span: TimeSpan, said: str, language: Language) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Other ways to say a window: in this language, and (for a Chinese text) in English."""
    if span.kind != "window" or span.doubt is not None:
        return (), ()
    window = span.window
    if isinstance(window, Rolling | Future):
        return _counted(window, said, language)
    if isinstance(window, Calendar):
        return _named(said), ()
    return (), ()


def _counted(window: Rolling | Future, said: str, language: Language) -> tuple[tuple[str, ...], tuple[str, ...]]:
    ahead = isinstance(window, Future)
    if language == "zh":
        for pattern, leads in _LEADS:
            match = pattern.match(said)
            if match is None or window.unit not in _ZH_UNITS:
                continue
            numerals = (str(window.n), full_width(str(window.n)), chinese_numeral(window.n, measured=True))
            found = tuple(
                f"{lead}{numeral}{unit}{inside}"
                for lead in leads
                for numeral in numerals
                for unit in _ZH_UNITS[window.unit]
                for inside in ("", "内")
            )
            plural = "s" if window.n > 1 else ""
            return found, tuple(f" {lead} {window.n} {window.unit}{plural} " for lead in (("next",) if ahead else ("last", "past")))
        return (), ()
    match = _EN_COUNT.match(said.casefold())
    if match is None or window.n == 1:
        return (), ()
    before = [match[1]] if match[1] is None else ["in ", "over ", "within ", "during "]
    leads = ("next",) if ahead else ("last", "past")
    numerals = (str(window.n), *((english_numeral(window.n),) if window.n < 1000 else ()))
    return tuple(
        f"{opener or ''}{match[2] or ''}{lead} {numeral} {match[5]}s" for opener in before for lead in leads for numeral in numerals
    ), ()


def _named(said: str) -> tuple[str, ...]:
    """Other names of the same calendar unit: 上个月, 上月."""
    for grammar in grammars().values():
        for names in grammar.times.calendar.values():
            folded = said.casefold()
            if folded in names and folded not in _RELATIVE:
                return tuple(name for name, offset in names.items() if offset == names[folded] and name not in _RELATIVE)
        for words in grammar.times.to_date.values():
            if said in words:
                return tuple(word for word in words if "累计" not in word)
    return ()


# --- clauses --------------------------------------------------------------------------------------------------------------------------------------


def _clauses(
    text: str, language: Language, node: AnyNode, catalog: TagCatalog, tokens: Sequence[Token], read_alone: ReadAlone
) -> tuple[tuple[int, int], ...]:
    """The clauses of a text that may stand in any order: together they are all of it, and each alone says one part of its AllOf.
    None where order tells what an exclusion takes in or a rank ranks within."""
    if not isinstance(node, AllOf) or any(
        isinstance(part, Not | RankCondition | SequenceCondition | TagComparison) for _, part in walk(node)
    ):
        return ()
    spans = _spans(text, language)
    if not 2 <= len(spans) <= 5:
        return ()
    acting = [span for span in spans if _says(text, span, tokens, lambda token: bool(token.of("action")))]
    if len(acting) > 1 and not all(_says(text, span, tokens, lambda token: token.window is not None) for span in acting):
        return ()
    parts: Counter[object] = Counter()
    opening = "" if language == "zh" else text[: spans[0][0]]
    if language == "en" and any(_EN_OWN_OPENING.match(text[start:end]) or " or " in text[start:end] for start, end in spans):
        return ()
    for start, end in spans:
        alone = read_alone(opening + text[start:end])
        if alone is None:
            return ()
        children = alone.children if isinstance(alone, AllOf) else (alone,)
        parts.update(canonical_rule(child, catalog.expand_all) for child in children)
    whole = Counter(canonical_rule(child, catalog.expand_all) for child in node.children)
    return tuple(spans) if parts == whole else ()


def _spans(text: str, language: Language) -> list[tuple[int, int]]:
    if language == "zh":
        tail = _ZH_TAIL.search(text)
        first, last, separator = 0, tail.start() if tail is not None else len(text), _ZH_SEPARATOR
    else:
        head = _EN_HEAD.match(text)
        if head is None:
            return []
        first, last, separator = head.end(), len(text.rstrip(".?! ")), _EN_SEPARATOR
    spans: list[tuple[int, int]] = []
    place = first
    for match in (*separator.finditer(text, first, last), None):
        end = match.start() if match is not None else last
        if end > place:
            spans.append((place, end))
        place = match.end() if match is not None else last
    return [] if any(text[start:end].endswith(tuple(_AFFIXED)) for start, end in spans) else spans


def _says(text: str, span: tuple[int, int], tokens: Sequence[Token], is_one: Callable[[Token], bool]) -> bool:
    normalised = normalise(text)
    return any(is_one(token) and span[0] <= normalised.span(token.start, token.end)[0] < span[1] for token in tokens)

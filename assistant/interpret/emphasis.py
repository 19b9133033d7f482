"""Words that only stress or say again: 保单一张没有, 一次都没登过, 啥都没有, 连手机银行都没开, 碰都没碰过, 刷卡刷了三次. Law: a word is set aside only where it cannot be the number, the object or the
behaviour of something else; what is left says the same without it.

With a word of "even" or "all" between (一张都没有) the stress is sure. Without one, 登录一次没转账 is one login, so that what stands before it decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assistant.interpret.lexer import Token
from assistant.interpret.lexicon import Meaning
from assistant.language.phrases import phrases_of
from assistant.language.words import grammars

_DENYING = ("negation.not", "negation.never", "negation.at_end", "lack")
_LINKS = ("too",)
_OPEN = ("have", "exactly", "is", "must", "negation.not", "negation.never", "negation.is_not", "negation.except_open", "order.>=_prefix")
"""Words in front of a "one" that make it a number, or the object of something."""

_SAID_AS_ONE = "一"
_OF = "的"
_RECENTLY = "近"
_LONGEST_VERB = 2


def without_emphasis(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The tokens, each word of mere stress with no other meaning left than that it may be passed over."""
    found = list(tokens)
    for index in range(len(tokens)):
        if _stresses(tokens, index):
            found[index] = _set_aside(tokens[index])
        elif _of_none_over(tokens, index):
            found[index] = Token(tokens[index].start, tokens[index].end, tokens[index].text)
    return tuple(found)


def _of_none_over(tokens: Sequence[Token], index: int) -> bool:
    """一笔都没有超过5万: none of them over it, which no single one under it says; left unread."""
    behind = _passed(tokens, index + 1, *_LINKS)
    bound = tokens[behind] if behind < len(tokens) else None
    return (
        _one(tokens[index])
        and bound is not None
        and bound.comparison is not None
        and bound.text.startswith(tuple(phrases_of("negation.not")))
    )


def _set_aside(token: Token) -> Token:
    return Token(token.start, token.end, token.text, (Meaning("phrase", "ignored"), Meaning("phrase", "emphatic.stress")))


def _stresses(tokens: Sequence[Token], index: int) -> bool:
    token = tokens[index]
    if token.phrase("emphatic.even"):
        return _even(tokens, index)
    if token.phrase("emphatic.any"):
        return _denied_with_all(tokens, index) or (token.text[0] in "一半" and _none_of_it(tokens, index))
    if _one(token):
        return _denied_with_all(tokens, index) or (token.text.startswith(_SAID_AS_ONE) and _none_of_it(tokens, index))
    return _verb_again(tokens, index) or _verb_copied(tokens, index) or _conceded(tokens, index)


def _one(token: Token) -> bool:
    """一张, 一次, 1个, 一分钱: one of something that is counted, or the least of money; a length of time, or persons, may be meant."""
    number = token.comparison
    if (
        number is None
        or number.operator is not None
        or number.value is None
        or number.unit_word is None
        or number.unit_word.isascii()
        or token.of("segment")
    ):
        return False
    least = number.unit == "CNY" and number.value < 1
    counted = number.unit in ("count", "times", "points") and number.value == 1 and number.unit_word not in _persons()
    return least or counted


@lru_cache(maxsize=1)
def _persons() -> frozenset[str]:
    return frozenset(word for grammar in grammars().values() for word in grammar.person_counters)


def _passed(tokens: Sequence[Token], index: int, *kinds: str) -> int:
    """The next index whose word can be nothing but one of these kinds."""
    while index < len(tokens) and tokens[index].phrase(*kinds) and not tokens[index].content and tokens[index].comparison is None:
        index += 1
    return index


def _denies(tokens: Sequence[Token], index: int) -> bool:
    return index < len(tokens) and tokens[index].phrase(*_DENYING) is not None


def _denied_with_all(tokens: Sequence[Token], index: int) -> bool:
    """一张都没有, 一个定投都没有, 啥也没有: a word of "all" between the one, or the noun it counts, and the denial."""
    for noun in (0, 1):
        at = index + 1 + noun
        if noun and not (index + 1 < len(tokens) and _noun(tokens[index + 1])):
            return False
        end = _passed(tokens, at, *_LINKS)
        if end > at and _denies(tokens, end):
            return not _opened(tokens, index)
    return False


def _none_of_it(tokens: Sequence[Token], index: int) -> bool:
    """保单一张没有, 手机银行一次没登过, 一只基金没有: the denial right behind the one, or behind the noun it counts where the clause ends with it."""
    if _opened(tokens, index):
        return False
    counting = index + 1 < len(tokens) and _noun(tokens[index + 1])
    denial = index + 1 + counting
    if not _denies(tokens, denial):
        return False
    behind = _passed(tokens, denial + 1, "ignored")
    closed = _ends(tokens, behind)
    closed = closed or tokens[behind - 1].text == _OF  # 一只基金没有的白金客户
    if counting:
        return closed or not tokens[behind].content
    before = _before(tokens, index)
    if closed or before is None or before.window is not None or not _counted_itself(before):
        return True
    return not before.of("action") and not before.of("concept") and not tokens[behind].content


def _counted_itself(token: Token) -> bool:
    """Whether the one could be the number of what stands before it: a behaviour, a state, or anything else but a product that one has or has not."""
    return bool(token.of("action") or token.of("concept") or token.of("tag") or token.of("hold")) and not _flagged(token)


def _flagged(token: Token) -> bool:
    return bool(token.of("hold")) and not token.of("tag")


def _noun(token: Token) -> bool:
    return token.comparison is None and token.window is None and bool(token.of("hold") or token.of("tag"))


def _opened(tokens: Sequence[Token], index: int) -> bool:
    """Whether the words of the clause before a one make a number of it: 有一次, 只有一张, 最近一次."""
    place = index - 1
    while place >= 0 and not _ends_clause(tokens[place]):
        token = tokens[place]
        if token.phrase(*_OPEN) or token.phrases("order."):
            return True
        if token.window is not None:
            return token.window.kind == "per_unit" or token.text.endswith(_RECENTLY)
        place -= 1
    return False


def _before(tokens: Sequence[Token], index: int) -> Token | None:
    """The last word before an index, of the same clause, that says something."""
    place = index - 1
    while place >= 0 and tokens[place].phrase("ignored") and not tokens[place].content:
        place -= 1
    return None if place < 0 or _ends_clause(tokens[place]) else tokens[place]


def _ends_clause(token: Token) -> bool:
    return token.phrase("connective.comma") is not None


def _ends(tokens: Sequence[Token], index: int) -> bool:
    return index >= len(tokens) or _ends_clause(tokens[index]) or bool(tokens[index].phrases("request."))


def _even(tokens: Sequence[Token], index: int) -> bool:
    """连手机银行都没开, 连一次都没登过: "even" before what the same clause denies with "all"."""
    place = index + 1
    while place < len(tokens) and not _ends_clause(tokens[place]):
        linked = _passed(tokens, place, *_LINKS)
        if linked > place:
            return _denies(tokens, linked)
        place += 1
    return False


def _verb_again(tokens: Sequence[Token], index: int) -> bool:
    """碰都没碰过, 登都没登过: a verb said before its own denial."""
    verb = tokens[index].text
    linked = _passed(tokens, index + 1, *_LINKS)
    if linked == index + 1 or not _denies(tokens, linked) or len(verb) > _LONGEST_VERB or tokens[index].comparison is not None:
        return False
    again = linked + 1
    return again < len(tokens) and tokens[again].text.startswith(verb) and tokens[linked].phrase("negation.not") is not None


def _verb_copied(tokens: Sequence[Token], index: int) -> bool:
    """刷卡刷了三次, 领权益领了三回: a verb said once more before how often, or how much, it was done."""
    verb = tokens[index].text
    before = tokens[index - 1] if index else None
    behind = _passed(tokens, index + 1, "ignored")
    if before is None or not before.of("action") or not before.text.startswith(verb) or len(verb) > _LONGEST_VERB or before.text == verb:
        return False
    return behind > index + 1 and behind < len(tokens) and tokens[behind].comparison is not None


def _conceded(tokens: Sequence[Token], index: int) -> bool:
    """开是开了, 激活倒是激活了: what is granted before the contrast is said twice; the first saying and its 是 go, or the second where the first is part of a name."""
    token = tokens[index]
    if index + 2 < len(tokens) and _concedes(tokens, index + 1) and _done_again(tokens, index + 2, token.text) and _empty(token):
        return True
    if index and index + 1 < len(tokens) and _concedes(tokens, index):
        return _done_again(tokens, index + 1, tokens[index - 1].text) and _empty(tokens[index - 1])
    named = index > 1 and _concedes(tokens, index - 1) and tokens[index - 2].content and _empty(token)
    return named and tokens[index - 2].text.endswith(token.text) and index + 1 < len(tokens) and tokens[index + 1].text == "了"


def _empty(token: Token) -> bool:
    """Whether it names nothing by itself."""
    return not token.content or token.supporting


def _concedes(tokens: Sequence[Token], index: int) -> bool:
    return tokens[index].text in phrases_of("emphatic.granting")


def _done_again(tokens: Sequence[Token], index: int, verb: str) -> bool:
    token = tokens[index]
    return token.text == verb + "了" or (token.text == verb and index + 1 < len(tokens) and tokens[index + 1].text == "了")

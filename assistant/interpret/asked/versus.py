"""Where a turn compares customers with other customers: 对比A和B, A和B有什么不同, compare A with B, how do these differ from B, 与B相比他们有什么特点. Law: looks at
words only; every place where the two could be parted is named, and which one it is follows from how both sides read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.interpret.clauses import ends, phrase_only
from assistant.interpret.lexer import Token
from assistant.language.phrases import phrases_of
from assistant.language.words import is_latin

Against = Literal["segment", "everyone", "rest", "matched", "unclear"]
"""unclear: words for customers stand where either side could take them."""


@dataclass(frozen=True, slots=True)
class Versus:
    """Tokens [own) are the customers compared, None for the segment so far; [other) those they are compared with. `others`: of these only those not among the
    first. `within`: both are looked for in the segment so far. `listed`: only a word that also joins a list parts them, and no verb of comparing is said."""

    own: range | None
    other: range
    against: Against = "segment"
    others: bool = False
    within: bool = False
    listed: bool = False


SAME = "同"
"""同年龄的客户: too short to be a word of its own, for it begins so many others."""
_FRONT = ("versus.lead", "versus.take", "request.lead", "request.persona_open", "edit.what_about", "connective.then", "connective.comma")
_SIGN = ("versus.close", "versus.differ", "request.compare", "request.compared_with")
_LIKE = ("request.persona", "request.persona_close", "request.difference", "request.explain")
_CLOSING = (
    *_SIGN,
    *_LIKE,
    "ignored",
    "is",
    "request.how_so",
    "connective.comma",
    "connective.also",
    "edit.what_about_after",
    "edit.pronoun",
)
_POINTING = ("ignored", "edit.pronoun", "people", "those", "frame", "is", "have", "edit.among", "request.lead", "connective.comma", *_LIKE)
_NOBODY = ("request.version_before", "request.version")


def find_versus(tokens: Sequence[Token]) -> tuple[Versus, ...]:
    """Every way to read a turn as such a comparison; none where it compares nothing, or only with a time or with an earlier version."""
    combined = next(
        (place for place, token in enumerate(tokens) if token.phrase("request.versus_everyone", "request.versus_matched")), None
    )
    if combined is not None:
        return tuple(_combined(tokens, combined))
    first, opened, within = _front(tokens)
    last = _tail(tokens, first)
    signs = [token for token in tokens[last:] if token.phrase(*_SIGN)]
    found: list[Versus] = []
    alike = (
        first + 1 < last and bool(tokens[first].of("tag")) and _same(tokens[first + 1]) and any(one.phrase("versus.close") for one in signs)
    )
    if not opened and first < last and (_same(tokens[first]) or alike) and signs:
        return tuple(
            _one(tokens, None, range(first, last), within, False)
        )  # 同样年龄的客户相比, 年龄相近的比呢: the word in front is left out
    if first < last and _separates(tokens[first]):
        return tuple(_other_first(tokens, first, last, opened, within))
    for place in range(first + 1, last):
        if not _parted(tokens, place, opened, bool(signs)) or any(map(_same, tokens[first:place])):
            continue  # in 和同样年龄和等级的客户相比 the word joins what is to be the same
        own, other = range(first, place), range(place + 1, last)
        verb = opened or not _joins(tokens[place]) or any(not token.phrase("versus.differ") for token in signs)
        found.extend(_one(tokens, own, other, within, not verb))
    if not found and opened and first < last and not any(token.phrase("versus.rather") for token in tokens[:first]):
        found.extend(_one(tokens, None, range(first, last), within, False))
    return tuple(dict.fromkeys(found))


def find_both_values(tokens: Sequence[Token]) -> int | None:
    """男女有什么不同: where one word names a tag, and nothing else is said but that something differs."""
    first, _, _ = _front(tokens)
    last = _tail(tokens, first)
    said = [
        place
        for place in range(first, last)
        if not (phrase_only(tokens[place]) and tokens[place].phrase("ignored", "edit.pronoun", "people"))
    ]
    differs = any(token.phrase("versus.differ", "versus.close") for token in tokens[last:])
    return said[0] if len(said) == 1 and differs and tokens[said[0]].of("tag") and tokens[said[0]].comparison is None else None


def says_nouns(tokens: Sequence[Token]) -> int:
    """How many times people are named: customers, 代发客户, those."""
    people = tuple(phrases_of("people"))
    return sum(bool(token.phrase("people", "person", "those")) or token.text.endswith(people) for token in tokens)


def elliptical(tokens: Sequence[Token]) -> bool:
    """Whether a side ends without saying that it is people: 上海分行的, Shanghai and."""
    said = [token for token in tokens if not ends(token)]
    people = tuple(phrases_of("people"))
    return not said or not any(token.phrase("people", "person", "those") or token.text.endswith(people) for token in said)


def _combined(tokens: Sequence[Token], place: int) -> Iterator[Versus]:
    """跟全行比, compared with everyone: the word for those compared with is part of the word of comparing."""
    first, _, within = _front(tokens)
    against: Against = "everyone" if tokens[place].phrase("request.versus_everyone") else "matched"
    after = range(place + 1, len(tokens))
    own = range(min(first, place), place)
    if _closes(tokens, after):
        yield Versus(_named(tokens, own), range(place, place + 1), against, within=within)
    elif against == "everyone" and _goes_on(tokens, place):  # 对比全行的白金客户: of everyone only these
        clause = next((index for index in after if ends(tokens[index])), len(tokens))
        last = min(clause, _tail(tokens, place + 1))
        behind = range(clause + 1, _tail(tokens, clause + 1)) if _points(tokens, own) and clause < len(tokens) else own
        yield from _one(tokens, None if _points(tokens, behind) else behind, range(place + 1, last), within, False)
    elif _points(tokens, own):
        yield Versus(_named(tokens, range(place + 1, _tail(tokens, place + 1))), range(place, place + 1), against, within=within)
    elif not _asks_more(tokens, place):
        yield Versus(_named(tokens, own), range(place, place + 1), "unclear", within=within)


def _goes_on(tokens: Sequence[Token], place: int) -> bool:
    """Whether a word of comparing that ends in its noun is narrowed by what follows: 对比全行的白金客户, compared with all customers with a mortgage."""
    token = tokens[place]
    if not token.text.endswith(tuple(phrases_of("everyone") | phrases_of("people"))) or place + 1 == len(tokens):
        return False
    joined = tokens[place + 1].text == "的" or is_latin(token.text[0])
    clause = next((index for index in range(place + 1, len(tokens)) if ends(tokens[index])), len(tokens))
    return joined and any(_says(tokens[index]) for index in range(place + 1, clause))


def _asks_more(tokens: Sequence[Token], place: int) -> bool:
    """Whether nothing but a further request follows: 对比全行,按性别看."""
    behind = [
        token for token in tokens[place + 1 :] if not token.phrase("ignored", "connective.comma", "connective.also", "connective.then")
    ]
    return bool(behind) and any(kind.startswith("request.") for kind in behind[0].phrases("request."))


def _named(tokens: Sequence[Token], places: range | None) -> range | None:
    """The side without the word that closes the question (what are … like); None where it only points at the segment so far."""
    if places is None:
        return None
    last = next((place + 1 for place in reversed(places) if not tokens[place].phrase("request.persona_close")), places.start)
    if last > places.start and all(tokens[place].phrase("people") for place in range(places.start, last)):
        return range(places.start, last)  # customers, by itself, points at nobody
    return None if _points(tokens, range(places.start, last)) else range(places.start, last)


def _front(tokens: Sequence[Token]) -> tuple[int, bool, bool]:
    """Where the words in front end, whether a verb of comparing is among them, and whether they say among whom."""
    place, opened, within = 0, False, False
    while place < len(tokens):
        token = tokens[place]
        opens = token.phrase("versus.open") is not None
        pointing = token.phrase("edit.among") is not None
        plain = (
            token.phrase("ignored")
            and not token.phrase("people", "edit.pronoun", "those", "versus.these", "have")
            and not _separates(token)
        )
        if not phrase_only(token) or not (opens or pointing or plain or token.phrase(*_FRONT)) or (opens and opened):
            break
        opened, within = opened or opens, within or pointing
        place += 1
    return place, opened, within


def _tail(tokens: Sequence[Token], first: int) -> int:
    """Where the words behind both begin: the first sign of comparing, or word for what is asked, from which on nothing else is said."""
    last = len(tokens)
    while last > first and tokens[last - 1].phrase(*_CLOSING) and phrase_only(tokens[last - 1]):
        last -= 1
    return next((place for place in range(last, len(tokens)) if tokens[place].phrase(*_SIGN, *_LIKE)), len(tokens))


def _closes(tokens: Sequence[Token], places: range) -> bool:
    return all(tokens[place].phrase(*_CLOSING, "people") and phrase_only(tokens[place]) for place in places)


def _points(tokens: Sequence[Token], places: range) -> bool:
    """Whether words only point at the segment so far: 这群人, these customers, what are they like."""
    return all(tokens[place].phrase(*_POINTING, *_CLOSING, *_FRONT) and phrase_only(tokens[place]) for place in places)


def _joins(token: Token) -> bool:
    """Whether a word that can part two segments joins a list as well."""
    return token.phrase("connective.and") is not None


def _separates(token: Token) -> bool:
    return phrase_only(token) and token.phrase("versus.between", "versus.with", "versus.with_closed", "connective.and") is not None


def _parted(tokens: Sequence[Token], place: int, opened: bool, signed: bool) -> bool:
    """Whether two segments can be parted at a token: by a word that compares, or one that joins where something else compares."""
    token = tokens[place]
    if not _separates(token):
        return False
    return token.phrase("versus.between") is not None or opened or (signed and _joins(token))


def _other_first(tokens: Sequence[Token], first: int, last: int, opened: bool, within: bool) -> Iterator[Versus]:
    """与B相比(A)有什么特点, compared with B, what are they like; compare with B: those compared with are named first."""
    behind = [place for place in range(first + 2, len(tokens)) if phrase_only(tokens[place])]
    signs = [place for place in behind if tokens[place].phrase("versus.close", "request.compared_with")]
    closers = signs or [place for place in behind if ends(tokens[place]) and tokens[place].text != "、"]
    for closer in closers[:1]:
        after = next((place for place in range(closer, len(tokens)) if not _closing_only(tokens[place])), len(tokens))
        after = next((place for place in range(after, len(tokens)) if not tokens[place].phrase(*_FRONT)), len(tokens))
        own = range(after, max(after, last))
        compares = tokens[first].phrase("versus.between") or not ends(tokens[closer])
        if compares:
            yield from _one(tokens, own, range(first + 1, closer), within, False)
    if not closers and (opened or tokens[first].phrase("versus.between")):
        points = (place for place in range(first + 2, last) if tokens[place].phrase("versus.these") and _points(tokens, range(place, last)))
        yield from _one(tokens, None, range(first + 1, next(points, last)), within, False)


def _closing_only(token: Token) -> bool:
    return phrase_only(token) and token.phrase("versus.close", "request.compared_with", "connective.comma") is not None


def _one(tokens: Sequence[Token], own: range | None, other: range, within: bool, listed: bool) -> Iterator[Versus]:
    """A comparison of these two sides, by whom the second one is; nothing for a time by itself, an earlier version, or no words."""
    other = _trimmed(tokens, other)
    own = _named(tokens, own)
    said = [tokens[place] for place in other]
    lacking = own is not None and _any(said, "negation.at_end", "lack")  # 有房贷的和没有的
    if not said or any(token.phrase(*_NOBODY) for token in said) or not (lacking or any(_says(token) for token in said)):
        return
    if own is not None and _points(tokens, other):  # 白金客户和他们比
        other, own = own, None
        said = [tokens[place] for place in other]
    if any(map(_same, said)):
        yield Versus(own, other, "matched", within=within)
        return
    if all(token.phrase("everyone", "ignored", "people") and phrase_only(token) for token in said) and _any(said, "everyone"):
        yield Versus(own, other, "everyone", within=within)
        return
    if said[0].phrase("versus.other"):
        rest = range(other.start + 1, other.stop)
        named = any(not phrase_only(tokens[place]) for place in rest)
        yield Versus(own, rest, "segment", others=True, within=within) if named else Versus(own, other, "rest", within=within)
        return
    yield Versus(own, other, "segment", within=within, listed=listed and own is not None)


def _same(token: Token) -> bool:
    """Whether it says that something is the same of both."""
    return token.phrase("versus.same") is not None or token.text == SAME


def _says(token: Token) -> bool:
    """Whether a word names customers: something of the catalog, or a word for all or other ones."""
    return token.content or token.comparison is not None or token.phrase("everyone", "versus.other", "edit.pronoun", "people") is not None


def _any(tokens: Sequence[Token], *kinds: str) -> bool:
    return any(token.phrase(*kinds) for token in tokens)


def _trimmed(tokens: Sequence[Token], places: range) -> range:
    """Without the small words and the punctuation round it."""
    first, last = places.start, places.stop
    while first < last and _small(tokens[first]):
        first += 1
    while last > first and ends(tokens[last - 1]):
        last -= 1
    return range(first, last)


def _small(token: Token) -> bool:
    says = token.phrase("people", "have", "those", "edit.pronoun", "edit.fragment", "versus.other", "versus.same")
    return phrase_only(token) and (ends(token) or (token.phrase("ignored") is not None and not says))

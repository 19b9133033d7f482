"""给这批客户建外呼名单, make a marketing call list of these: that a call list is wanted, and what for. Law: such words are a turn, or the end of one; what they are for is never guessed."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.interpret.asked.keeping import Keeping, bare, longest_first, phrase_keys, without
from assistant.interpret.interpretation import Request
from assistant.language.text import Normalised

_WHOSE = re.compile(r"\s*(?:of|for|from)\s+")
_LATIN_EDGE = r"(?<![a-z0-9]){}(?![a-z0-9])"


def read_calling(text: Normalised) -> Keeping | None:
    """The call list that a turn asks for; None where it asks for none."""
    folded = text.text
    found = _pattern().search(folded)
    if found is None:
        return None
    purpose = "marketing" if found["marketing"] else "service" if found["service"] else ""
    last = found.end()
    after = without(folded[last:], phrase_keys("call.these"))
    for kind in ("marketing", "service"):
        if not purpose and bare(after) in phrase_keys(f"call.for_{kind}"):
            purpose, after = kind, ""
    if not bare(without(after, phrase_keys("keep.this"))):
        last = len(folded)
    first = found.start()
    before = without(without(folded[:first], phrase_keys("call.these")), phrase_keys("keep.this"))
    for kind in ("marketing", "service"):
        if not purpose and bare(before) in phrase_keys(f"call.for_{kind}"):
            purpose, before = kind, ""
    head = first if bare(before) else 0
    whose = _WHOSE.match(folded, last) if not head and last < len(folded) else None
    return Keeping(Request("call_list", level=purpose), head, first, last, behind=0 if whose is None else whose.end())


def read_contacting(text: Normalised) -> tuple[int, int, str] | None:
    """我要给…打电话, I want to call …: where those stand who are to be called or written to, in the text as typed, and the words for it. None where nothing is said of whom."""
    found = _contact_pattern().fullmatch(text.text)
    if found is None:
        return None
    group = "whom" if found["whom"] else "customers"
    first, last = text.span(found.start(group), found.end(group))
    return (first, last, found["by"] or found["do"]) if bare(found[group]) else None


@lru_cache(maxsize=1)
def _contact_pattern() -> re.Pattern[str]:
    def one_of(kind: str, latin: bool) -> str:
        return "|".join(_whole(words) for words in longest_first(f"call.{kind}") if words.isascii() == latin)

    chinese = rf"(?:{one_of('to_contact', False)})\s*(?P<whom>.+?)\s*(?P<by>{one_of('contact', False)})"
    english = rf"(?:{one_of('to_contact', True)})\s+(?P<do>{one_of('contact', True)})\s+(?P<customers>.+?)"
    return re.compile(rf"\s*(?:{chinese}|{english})\s*[.!。！]?\s*")


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """A verb, an article or none, what it is for or nothing, and the noun; with blanks between."""

    def one_of(kind: str) -> str:
        return "|".join(_whole(words) for words in longest_first(f"call.{kind}"))

    purposes = f"(?:(?P<marketing>{one_of('marketing')})|(?P<service>{one_of('service')}))?"
    return re.compile(rf"(?:{one_of('verb')})\s*(?:{one_of('article')})?\s*{purposes}\s*(?:{one_of('noun')})")


def _whole(words: str) -> str:
    """Words as a pattern; Latin ones as words of their own."""
    said = re.escape(words)
    return _LATIN_EDGE.format(said) if words.isascii() else said

"""保存为「理财潜客」, open wealth prospects, 刷新, rename it to …: what is done with saved segments. Law: such words are a turn, or the end of one; a name is what was typed.

Names are free text, so these words are looked for in the text before anything else is read; what stands before 保存为 is read by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.errors import Issue, Severity
from assistant.interpret.interpretation import Context, Request, RequestKind
from assistant.interpret.lexicon import key_of, lexicon
from assistant.language.phrases import phrases_of
from assistant.language.text import Normalised, is_cjk, normalise
from assistant.store.segment import LONGEST_NAME, Library, SavedSegment, name_key

_QUOTES = {'"': '"', "'": "'", "「": "」", "『": "』", "《": "》", "【": "】", "<": ">", "[": "]"}
_ENDS = re.compile(r"[,;。.!?、\n]")
_BLANK = " \t\n,;:。.!?~"
_SHORTEST_NAME = 2


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a turn asks of saved segments. [0, `head`) of the folded text says the customers (0: those so far); [`first`, `last`) are the words of it with the name;
    what is behind them is unread."""

    request: Request
    head: int
    first: int
    last: int
    issues: tuple[Issue, ...] = ()
    behind: int = 0
    """Where the words of the customers begin that are said behind it; 0: none are."""


def read_keeping(text: Normalised, context: Context) -> Keeping | None:
    """What a turn asks of saved segments; None where it asks nothing of them."""
    folded = text.text
    whole = bare(folded)
    if whole in phrase_keys("keep.list"):
        return Keeping(Request("segments"), 0, 0, len(folded))
    return _renamed(text, context) or _saved(text, context) or _named(text, whole, context)


def _saved(text: Normalised, context: Context) -> Keeping | None:
    """… 保存为「X」: the first such words with a name behind them."""
    folded = text.text
    places = [(start, end) for words in phrase_keys("keep.save_as") for start, end in _places(folded, words)]
    for start, end in ((start, end) for words in phrase_keys("request.save") for start, end in _places(folded, words)):
        named = end + len(folded[end:]) - len(folded[end:].lstrip(" ,"))  # 存一下，叫潜力客户
        called = next(
            (words for kind in ("keep.called", "keep.save_as") for words in longest_first(kind) if folded.startswith(words, named)), None
        )
        if called is not None and not _joined(folded, named + len(called)):
            places.append((start, named + len(called)))
    if not places:
        return None
    first, last = min(places, key=lambda place: (place[0], -place[1]))
    policy = ""
    start = _skip(folded, last)
    for kind in ("frozen", "living"):
        for words in longest_first(f"keep.{kind}"):
            if not policy and folded.startswith(words, start) and not _joined(folded, start + len(words)):
                policy, last = kind, start + len(words)
    name, end = _name(text, last)
    head = 0 if not bare(without(folded[:first], phrase_keys("keep.this"))) else first
    issues = tuple(_doubts(name, context)) if name else (_issue("segment_name_missing", text, first, last),)
    return Keeping(Request("save", detail=name, level=policy), head, first, end, issues)


def _renamed(text: Normalised, context: Context) -> Keeping | None:
    """把X改名为Y, rename X to Y, 改名为Y."""
    folded = text.text
    for words in sorted(phrase_keys("keep.rename_to"), key=len, reverse=True):
        for start, end in _places(folded, words):
            opening = next((one for one in longest_first("keep.rename") if folded[:start].strip(_BLANK).startswith(one)), None)
            if words in ("to", "as") and opening is None:
                continue
            said = folded[:start].strip(_BLANK)
            said = said[len(opening) :] if opening else said
            found, issues = _whose(bare(without(said, phrase_keys("keep.this"))), text, context)
            if found is None and not issues:
                continue
            name, last = _name(text, end)
            doubts = tuple(_doubts(name, context)) if name else (_issue("segment_name_missing", text, start, end),)
            return Keeping(Request("rename", "" if found is None else found.id, detail=name), 0, 0, last, (*issues, *doubts))
    return None


_VERBS: tuple[tuple[str, RequestKind], ...] = (
    ("keep.open", "load"),
    ("keep.refresh", "refresh"),
    ("keep.archive", "archive"),
    ("keep.delete", "archive"),
    ("keep.restore", "restore"),
    ("keep.history", "history"),
)


def _named(text: Normalised, whole: str, context: Context) -> Keeping | None:
    """打开X, 刷新X, 把X归档, 恢复X, 删掉X, X的历史, 归档: a verb with the name of a saved segment and nothing else, or alone, of the segment that is open."""
    for kind, request in _VERBS:
        for words in longest_first(kind):
            if whole == words and kind in ("keep.delete", "keep.restore"):
                continue  # by itself it may as well be a condition that goes, or what was undone
            if whole == words and request != "load":
                found, issues = _whose("", text, context)
            elif whole.startswith(words) and not _joined(whole, len(words)):
                found, issues = _whose(bare(without(whole[len(words) :], phrase_keys("keep.this"))), text, context)
            elif whole.endswith(words) and (request == "history" or whole.startswith(tuple(phrase_keys("keep.take")))):
                found, issues = _whose(
                    bare(without(whole[: -len(words)], phrase_keys("keep.this") | phrase_keys("keep.look"))), text, context
                )
            else:
                continue
            if found is None and not issues:
                continue
            if found is not None and request != "history" and found.archived is not (request == "restore"):
                issues = (Issue("segment_put_away" if found.archived else "segment_in_use", Severity.ASK, params={"name": found.name}),)
            return Keeping(Request(request, "" if found is None else found.id), 0, 0, len(text.text), issues)
    return None


def _whose(said: str, text: Normalised, context: Context) -> tuple[SavedSegment | None, tuple[Issue, ...]]:
    """The saved segment that words name (none: the one that is open). Nothing at all where they are no name in quotes and name none."""
    library = context.library
    if not said:
        found = library.by_id.get(context.opened or "")
        return (found, ()) if found is not None else (None, (_issue("segment_none_open", text, 0, len(text.text)),))
    quoted = _QUOTES.get(said[0]) == said[-1] and len(said) > 2
    name = said[1:-1] if quoted else said
    fitting = library.named(name) or library.put_away(name)
    if len(fitting) > 1:
        owners = tuple(one.owner for one in fitting)
        return None, (Issue("segment_name_twice", Severity.ASK, params={"name": name, "owners": owners}),)
    if fitting:
        return fitting[0], ()
    if quoted:
        known = tuple(one.name for one in library.active) or ("-",)
        return None, (Issue("segment_not_found", Severity.ASK, params={"name": name, "names": known}),)
    return None, ()


def _name(text: Normalised, start: int) -> tuple[str, int]:
    """The name that is typed from there on, as typed, and where it ends: what is in quotes, else up to the next mark or the words of politeness at the end."""
    folded = text.text
    start = _skip(folded, start)
    for words in longest_first("keep.called"):
        if folded.startswith(words, start) and not _joined(folded, start + len(words)):
            start = _skip(folded, start + len(words))
            break
    closing = _QUOTES.get(folded[start : start + 1], "")
    if closing and folded.find(closing, start + 1) > start:
        end = folded.find(closing, start + 1)
        first, last = text.span(start + 1, end)
        following = end + 1
    else:
        mark = _ENDS.search(folded, start)
        end = len(folded) if mark is None else mark.start()
        spoken = folded[start:end]
        for words in longest_first("keep.polite"):
            if spoken.rstrip().endswith(words) and not _joined(spoken, len(spoken.rstrip()) - len(words)):
                spoken = spoken.rstrip()[: -len(words)]
        end = start + len(spoken.rstrip())
        first, last = text.span(start, end)
        following = end
    if not bare(without(folded[following:], phrase_keys("keep.polite"))):
        following = len(folded)
    return " ".join(text.original[first:last].split()), following


def _doubts(name: str, context: Context) -> Iterator[Issue]:
    """Why something cannot be a name: too long, or a word that means something else already (a business word may be one: it is then asked which is meant)."""
    if len(name) > LONGEST_NAME:
        yield Issue("segment_name_too_long", Severity.ASK, params={"limit": LONGEST_NAME})
    meanings = lexicon(context.catalog).entries.get(key_of(name), ())
    if len(name_key(name)) < _SHORTEST_NAME or any(meaning.kind not in ("concept", "concept_not", "ambiguous") for meaning in meanings):
        yield Issue("segment_name_unfit", Severity.ASK, params={"name": name})


def _issue(code: str, text: Normalised, first: int, last: int) -> Issue:
    return Issue(code, Severity.ASK, quote=text.span(first, last), params={"words": text.original[slice(*text.span(first, last))]})


@lru_cache(maxsize=32)
def phrase_keys(kind: str) -> frozenset[str]:
    """The words of a kind, folded like a request."""
    return frozenset(normalise(words).text for words in phrases_of(kind))


@lru_cache(maxsize=32)
def longest_first(kind: str) -> tuple[str, ...]:
    """The same, longest first."""
    return tuple(sorted(phrase_keys(kind), key=lambda words: (-len(words), words)))


def _joined(text: str, place: int) -> bool:
    """Whether a Latin word goes on across a place."""
    return 0 < place < len(text) and all(one.isalnum() and not is_cjk(one) for one in (text[place - 1], text[place]))


def _places(text: str, words: str) -> Iterator[tuple[int, int]]:
    """Where words stand as words of their own."""
    place = text.find(words)
    while place >= 0:
        if not _joined(text, place) and not _joined(text, place + len(words)):
            yield place, place + len(words)
        place = text.find(words, place + 1)


def _skip(text: str, place: int) -> int:
    while place < len(text) and text[place] in " \t\n:":
        place += 1
    return place


def bare(text: str) -> str:
    """Without blanks and marks around, and without words of politeness at either end."""
    said = text.strip(_BLANK)
    for words in longest_first("keep.polite"):
        for front in (True, False):
            if (said.startswith(words) if front else said.endswith(words)) and not _joined(
                said, len(words) if front else len(said) - len(words)
            ):
                said = (said[len(words) :] if front else said[: -len(words)]).strip(_BLANK)
    return said


def without(text: str, fillers: frozenset[str]) -> str:
    """A text without the words, at either end, that only point at the segment so far."""
    said = text.strip(_BLANK)
    changed = True
    while changed and said:
        changed = False
        for words in sorted(fillers, key=len, reverse=True):
            if said.startswith(words) and not _joined(said, len(words)):
                said, changed = said[len(words) :].strip(_BLANK), True
            elif said.endswith(words) and not _joined(said, len(said) - len(words)):
                said, changed = said[: -len(words)].strip(_BLANK), True
    return said


def names_of(library: Library, opened: str | None = None) -> tuple[tuple[str, str], ...]:
    """The keys by which the saved segments are known in a request, with or without words such as 我的, each with the segment's id, and of its versions id@number; one's own stand before those of others,
    and an archived one is still meant by a name that nothing else goes by. Of the segment that is open a version needs no name."""
    keys = {key_of(one.name) for one in library.segments} - {""}
    found: dict[str, tuple[SavedSegment, ...]] = {key: library.named(key) or library.put_away(key) for key in sorted(keys)}
    led = {key_of(mine) + key: segments for mine in longest_first("keep.mine") for key, segments in found.items()}
    names = [(key, one.id) for key, segments in {**led, **found}.items() for one in segments]
    names += [(key_of(words), code) for segments in found.values() for one in segments for words, code in _versions(one, one.name)]
    own = library.by_id.get(opened or "")
    return (*names, *((key_of(words), code) for words, code in (() if own is None else _versions(own, ""))))


def _versions(segment: SavedSegment, name: str) -> Iterator[tuple[str, str]]:
    """What the versions of a segment are called, where there are several: X第2版, X version 2, version 2 of X."""
    for one in segment.versions if len(segment.versions) > 1 else ():
        for words in (f"{name}第{one.number}版", f"{name}的第{one.number}版", f"{name} version {one.number}", f"{name} v{one.number}"):
            yield words.strip(), f"{segment.id}@{one.number}"
        if name:
            yield f"version {one.number} of {name}", f"{segment.id}@{one.number}"


def beside_its_version(text: Normalised, context: Context) -> Context:
    """The context with the one segment open of which a turn names a version, so that its other versions need no name (比较X第1版和第2版)."""
    said = key_of(text.text)
    named = {
        one.id for one in context.library.segments for words, _ in _versions(one, one.name) if key_of(words) in said and key_of(one.name)
    }
    return replace(context, opened=named.pop()) if len(named) == 1 else context

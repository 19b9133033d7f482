"""Misspelt catalog words put into requests, and words the bank does not know: how often the right word is offered, and how often a wrong one. Law: whatever is
read without a question is counted against the readers, never left out.

A request is made of one word of the catalog that reads without a question; then one character of the word is replaced by one that sounds alike (Chinese) or by
the key beside it (English), left out, written twice, or swapped with its neighbour.
"""

from __future__ import annotations

import random
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.evaluate.injection import Clause
from assistant.interpret.interpretation import Context, Interpretation, Interpreter
from assistant.language.pinyin import sounds
from assistant.language.text import is_cjk
from assistant.rule.canonical import canonical_rule

Slip = Literal["homophone", "key", "dropped", "doubled", "swapped"]
Result = Literal["first", "offered", "missed", "asked", "silent", "same"]
"""first, offered: the right reading is the first offer, or among the offers; missed: asked without the right offer; asked: another question; same: read as what was
meant although misspelt; silent: read as something else without a question."""

_FRAMES: dict[Language, tuple[str, ...]] = {
    "zh": ("{}的客户", "有{}的客户", "{}大于5万的客户", "近30天{}的客户", "{}客户中的女性"),
    "en": ("customers with {}", "{} customers", "customers with {} over 50k", "customers who {} in the last 30 days"),
}
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_USUAL = range(0xB0, 0xD8)
"""Rows of GB 2312 that hold its usual characters."""
_DENYING = "不没未无非"
"""Characters without which the opposite is said, and well."""
_TRIES = 200


@dataclass(frozen=True, slots=True)
class Misspelt:
    """One misspelt request: the text, the right one, and what became of it."""

    text: str
    right: str
    language: Language
    slip: Slip
    result: Result


@dataclass(frozen=True, slots=True)
class MisspellingReport:
    """All misspelt requests, and the unknown words for which something was offered."""

    misspelt: tuple[Misspelt, ...]
    unknown: int
    offered_for: tuple[str, ...]

    def share(self, results: Sequence[Result], language: Language | None = None, slip: Slip | None = None) -> tuple[int, int]:
        """How many of the requests that were asked about ended so, of how many."""
        asked = [
            one
            for one in self.misspelt
            if language in (None, one.language) and slip in (None, one.slip) and one.result not in ("same", "silent")
        ]
        return sum(one.result in results for one in asked), len(asked)

    def count(self, result: Result) -> int:
        return sum(one.result == result for one in self.misspelt)


def run_misspelling(interpreter: Interpreter, context: Context, unknown: Sequence[Clause], count: int, seed: int = 0) -> MisspellingReport:
    """`count` misspelt requests, half Chinese and half English, and every unknown word once. Deterministic for a catalog and a seed."""
    draw = random.Random(seed)
    found: list[Misspelt] = []
    for language in ("zh", "en"):
        tongue: Language = "zh" if language == "zh" else "en"
        words, alike = tuple(_words(context.catalog, tongue)), _alike()
        tries = 0
        while sum(one.language == tongue for one in found) < count // 2 and tries < _TRIES * count:
            tries += 1
            word, frame = draw.choice(words), draw.choice(_FRAMES[tongue])
            slipped = _slipped(word, draw, alike)
            if slipped is None:
                continue
            right = interpreter.interpret(frame.format(word), context)
            if not right.changed or right.issues or any(question.ask for question in right.questions):
                continue
            slip, wrong = slipped
            read = interpreter.interpret(frame.format(wrong), context)
            found.append(Misspelt(frame.format(wrong), frame.format(word), tongue, slip, _result(read, right, context.catalog)))
    offered = tuple(clause.words for clause in unknown if _offers(interpreter.interpret(_said(clause), context)))
    return MisspellingReport(tuple(found), len(unknown), offered)


def _words(catalog: TagCatalog, language: Language) -> Iterator[str]:
    """Names and aliases of everything in use, long enough to be recognised when one character is wrong."""
    for element in (*catalog.tags.values(), *catalog.records.values(), *catalog.concepts.values()):
        if element.status == "online":
            for word in (element.name.get(language), *(element.aliases.zh if language == "zh" else element.aliases.en)):
                letters = [character for character in word if is_cjk(character) or character.isalpha()]
                if len(letters) >= (2 if language == "zh" else 4):
                    yield word


def _alike() -> dict[str, str]:
    """Syllable -> the usual characters first read so."""
    found: dict[str, str] = {}
    for row in _USUAL:
        for cell in range(0xA1, 0xFF):
            character = bytes([row, cell]).decode("gb2312", "ignore")
            if character:
                found[sounds(character)[0]] = found.get(sounds(character)[0], "") + character
    return found


def _slipped(word: str, draw: random.Random, alike: dict[str, str]) -> tuple[Slip, str] | None:
    """The word with one slip, None when the one drawn does not fit it."""
    place = draw.choice([index for index, character in enumerate(word) if is_cjk(character) or character.isalpha()])
    character, chinese = word[place], is_cjk(word[place])
    slip: Slip = draw.choice(("homophone" if chinese else "key", "homophone" if chinese else "key", "dropped", "doubled", "swapped"))
    before, after = word[:place], word[place + 1 :]
    if slip == "homophone":
        others = [one for one in alike.get(sounds(character)[0], "") if one != character]
        wrong = before + draw.choice(others) + after if others else word
    elif slip == "key":
        row = next((row for row in _ROWS if character.lower() in row), string.ascii_lowercase)
        at = row.index(character.lower())
        wrong = before + row[at - 1 if at else 1] + after
    elif slip == "doubled":
        wrong = before + character + character + after
    elif slip == "dropped":
        wrong = before + after if len(word) > 2 and character not in _DENYING else word
    else:
        wrong = before + after[0] + character + after[1:] if after and after[0].isalpha() else word
    return None if wrong == word else (slip, wrong)


def _result(read: Interpretation, right: Interpretation, catalog: TagCatalog) -> Result:
    assert right.rule is not None, "the right request makes a rule"
    meant = canonical_rule(right.rule.node, catalog.expand_all)
    question = next((one for one in read.questions if one.code == "unread_near"), None)
    if question is None:
        if read.issues or any(one.ask for one in read.questions) or read.rule is None:
            return "missed" if any(issue.code == "unread" for issue in read.issues) else "asked"
        return "same" if canonical_rule(read.rule.node, catalog.expand_all) == meant else "silent"
    offered = [canonical_rule(one.rule.node, catalog.expand_all) == meant for one in question.readings if one.label is not None]
    return "first" if offered[0] else "offered" if any(offered) else "missed"


def _offers(read: Interpretation) -> bool:
    return any(question.code == "unread_near" for question in read.questions)


def _said(clause: Clause) -> str:
    if clause.language == "zh":
        return f"有{clause.words}的客户" if clause.thing else f"{clause.words}的客户"
    return f"customers {'with ' if clause.thing else ''}{clause.words}"

"""What every sentence is made with: a message whose placeholders are fact ids, and names put on the sheet. Law: a sentence says only what stands on the sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from assistant.catalog.model import Language
from assistant.facts import FactSheet
from assistant.narrate.messages import message
from assistant.validation.verdict import ValidatedRule


@dataclass(frozen=True, slots=True)
class Writer:
    """The rule and the facts of an answer, and the language it is told in."""

    rule: ValidatedRule
    sheet: FactSheet
    language: Language

    def say(self, key: str, **ids: str) -> str:
        """A sentence whose placeholders are filled with fact ids, to be rendered at the gate."""
        return message(self.language, f"narrative.{key}", {name: f"{{{identifier}}}" for name, identifier in ids.items()})

    def name(self, identifier: str, words: str) -> str:
        """The id under which a name is put on the sheet."""
        return self.sheet.given(f"name.{self.language}.{identifier}", words, "name").id

    def word(self, key: str) -> str:
        """The id of a superlative or another word that is a claim."""
        return self.name(key, message(self.language, f"narrative.word_{key}"))

    def turn(self, before: str, after: str) -> Literal["up", "down", "same"]:
        """Which way the second of two facts lies from the first: a direction is told from the very figures that stand beside it. Both must be numbers and shown."""
        first, second = (self.sheet[identifier].value for identifier in (before, after))
        if not isinstance(first, int | Decimal) or not isinstance(second, int | Decimal):
            raise ValueError(f"no direction from {before} to {after}")
        return "same" if first == second else "up" if second > first else "down"

    def together(self, *said: str) -> str:
        """Sentences that stand or fall as one: an answer has room for few, and a figure is not to stand without what it must be read with."""
        return ("" if self.language == "zh" else " ").join(filter(None, said))

    def tags(self, codes: Sequence[str]) -> str:
        """The names of tags, as one name."""
        names = [self.rule.catalog.tags[code].name.get(self.language) for code in codes]
        return self.name("tags." + ".".join(codes), message(self.language, "narrative.tags_join").join(names))

    def suggest(self, key: str, **params: str) -> str:
        """The id of a sentence the reader may type next, by its message (`say_<key>`). All that are suggested stand on the sheet as `next.<language>.<n>`."""
        place = sum(fact.id.startswith(f"next.{self.language}.") for fact in self.sheet)
        return self.sheet.given(f"next.{self.language}.{place}", message(self.language, f"narrative.say_{key}", params), "name").id

    def level(self, level: int) -> str:
        """What people call a level of the organisation: 分行, sub-branch."""
        header = self.rule.catalog.header
        words = header.level_words.get(str(level))
        said = () if words is None else words.zh if self.language == "zh" else words.en
        return said[0] if said else header.levels[level].get(self.language)

    def hidden(self, identifier: str) -> bool:
        """Whether a fact is too small to be shown."""
        return self.sheet[identifier].suppressed

    def withheld(self, identifier: str) -> bool:
        """Whether a fact is not shown although it is not too small: nothing can be said of it."""
        return self.hidden(identifier) and not self.sheet[identifier].floor

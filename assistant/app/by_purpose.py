"""符合 N → 可触达 M, purpose by purpose, in words and on the wire. Law: every number is a Fact."""

from __future__ import annotations

from assistant.app.shown import Grid, both, figure, number
from assistant.catalog.model import Language
from assistant.facts import FactSheet
from assistant.insight.purposes import ByPurpose
from assistant.narrate.messages import message
from assistant.policy import PURPOSES, Purpose
from assistant.rule.canonical import Json

_NONE = "–"
"""A reason that a purpose does not heed."""


def grid(found: ByPurpose, sheet: FactSheet, language: Language) -> Grid:
    """Purposes beside each other: those selected, each reason with those it leaves out, those who may be contacted."""

    def row(words: str, name: str, heeding: tuple[Purpose, ...] = PURPOSES) -> tuple[str, ...]:
        return (words, *(figure(sheet[name], language) if one in heeding else _NONE for one in PURPOSES))

    heeding = [tuple(one for one in PURPOSES if place in found.heeded(one)) for place in range(len(found.reasons))]
    rows = [row(message(language, "page.strategy_selected"), "purposes.selected")]
    rows += [
        row(message(language, "answer.strategy_lost", {"reason": one.name.get(language)}), f"purposes.{place}.lost", heeding[place])
        for place, one in enumerate(found.reasons)
    ]
    left = ("purposes.selected", "purposes.service", "purposes.marketing")
    rows.append((message(language, "page.strategy_reachable"), *(figure(sheet[name], language) for name in left)))
    header = (message(language, "purposes.reason"), *(message(language, f"purpose.{one}") for one in PURPOSES))
    return Grid(message(language, "purposes.title"), header, tuple(rows), frozenset({1, 2, 3}), message(language, "purposes.help"))


def wire(found: ByPurpose, sheet: FactSheet) -> Json:
    """Selected, and for each purpose the reachable and each reason with those it leaves out."""
    purposes: list[Json] = []
    for one in PURPOSES:
        left_out: list[Json] = [
            {
                "code": found.reasons[place].code,
                "name": both(found.reasons[place].name.get),
                "count": number(sheet[f"purposes.{place}.lost"]),
            }
            for place in found.heeded(one)
        ]
        reachable = "purposes.selected" if one == "analysis" else f"purposes.{one}"
        purposes.append({"purpose": one, "reachable": number(sheet[reachable]), "left_out": left_out})
    return {"selected": number(sheet["purposes.selected"]), "purposes": purposes}

"""What became of a segment since an earlier date, in words. Law: how many then and now first; who came and went, and why, only as far as it may be shown."""

from __future__ import annotations

from datetime import date
from typing import Literal

from assistant.catalog.model import Language
from assistant.insight.compare import WAYS, Comparison, driver_id, newcomers_id
from assistant.insight.definition import own_tags
from assistant.insight.drivers import Drivers, shown
from assistant.narrate.messages import message
from assistant.narrate.render import day
from assistant.narrate.sentences.monitor import driver_phrase, newly_sentence
from assistant.narrate.sentences.persona import trait_name
from assistant.narrate.writer import Writer


def sentences(found: Comparison, writer: Writer) -> list[str]:
    """The two counts, whose days changed or what those who came in share, then who stayed, came in and went out, and why."""
    said = [writer.together(_counts(found, writer), _shared(found, writer)), *_who(found, writer)]
    if found.once and not writer.hidden("compare.entered"):
        said += _once(found, writer)
    elif not writer.hidden("compare.entered"):
        flows = {"entered": _flow("entered", "joined", writer), "left": _flow("left", "left_bank", writer)}
        said.append(message(writer.language, "narrative.compare_flows", {"stayed": "{compare.stayed}", **flows}))
    return said


def _once(found: Comparison, writer: Writer) -> list[str]:
    """Of what happens once nobody stayed and nobody went: only who was a customer by the days of then, and who came since."""
    if found.days is None or not found.count_now:
        return [writer.say("compare_once")]
    ways = {(False, True): "joined", (True, False): "known"}
    which = ways.get((bool(found.entered), bool(found.parts["joined"])), "both")
    counts = {"known": "compare.entered", "joined": "compare.joined"} if which == "both" else {}
    return [writer.say("compare_once"), writer.say(f"compare_once_{which}", until="compare.until", **counts)]


def _who(found: Comparison, writer: Writer) -> list[str]:
    """Of a behaviour whose part of the days changed, which many who were there before can do; of another segment what those who came in share."""
    if found.whose is not None:
        return _driven(found.whose, writer)
    if found.newcomers is not None and found.traits:
        name = newcomers_id(found.traits[0])
        if writer.hidden(f"{name}.share"):
            return []
        ids = {"trait": trait_name(found.traits[0], name, writer), "share": f"{name}.share", "rest": f"{name}.rest_share"}
        return [writer.say("compare_new", marks=writer.word("marks_new"), **ids)]
    for one in found.alike[:1]:
        name = newcomers_id(one.trait)
        if not writer.hidden(f"{name}.share") and not writer.hidden(f"{name}.left_share"):
            ids = {"share": f"{name}.share", "rest": f"{name}.rest_share", "left": f"{name}.left_share"}
            return [writer.say("compare_new_as_left", marks=writer.word("marks_new"), trait=trait_name(one.trait, name, writer), **ids)]
    if found.newcomers is not None and found.newcomers.tested and found.eve is not None:
        return [writer.say("compare_new_alike", eve="compare.eve")]
    return []


def _driven(whose: Drivers, writer: Writer) -> list[str]:
    """The strongest driver against the days before, which are said; nothing where nobody did it then, as the counts say already."""
    if not whose.compared:
        return []
    days = {"first": "compare.before.first", "last": "compare.before.last"}
    newly = newly_sentence("compare", whose.newly, bool(whose.drivers), writer)
    if not whose.drivers:
        return [newly or writer.say("compare_no_driver", **days)]
    told = shown(whose.drivers, "compare", writer.sheet)
    if not told:
        return [newly] if newly else []
    driver = told[0]
    name = driver_id(driver)
    trait = writer.name(name, driver_phrase(driver, writer.rule.catalog, writer.language))
    return [writer.say("compare_driver", trait=trait, share=f"{name}.share", before=f"{name}.before", **days) + newly]


def next_step(found: Comparison, writer: Writer) -> str | None:
    """Who came in, of themselves: a trait of theirs asked of the whole segment would be of other customers."""
    if not found.traits or writer.hidden("compare.entered") or all(name != "entered" for name, _ in found.segments):
        return None
    return writer.say("next_who", sentence=writer.suggest("entered"))


def caution(found: Comparison, writer: Writer) -> list[str]:
    """What the figures must be read with: a trait of the newcomers that goes the other way within strata, or is gone there; a definition that is not the one of then, one tag snapshot for both dates, parts too small to be shown."""
    for trait in found.traits[:1] if not writer.hidden("compare.entered") else ():
        for key, tags in (("trait_reversed", trait.reversed_in), ("trait_explained", trait.explained_by)):
            if tags:
                return [writer.say(key, trait=trait_name(trait, newcomers_id(trait), writer), tags=writer.tags(tags))]
    if found.redefined:
        code, since = found.redefined[0]
        catalog = writer.rule.catalog
        element = catalog.concepts[code] if code in catalog.concepts else catalog.tags[code]
        name = writer.name(f"compare.{code}", element.name.get(writer.language))
        return [writer.say("compare_redefined", name=name, since=writer.sheet.given(f"compare.redefined.{code}", since, "date").id)]
    if found.same_tags:
        return [writer.say("compare_same_tags", tags="compare.tags_now")]
    if writer.hidden("compare.entered"):
        return [writer.say("caution_suppressed")]
    return []


def then_words(found: Comparison, language: Language) -> str:
    """The date whose customers were counted; the days that were counted then, where the rule names days."""
    return day(found.counted_then) if found.days is None else _days(*found.days, language)


def now_words(found: Comparison, language: Language) -> str:
    """The date of now; the days that are counted now, where others were then."""
    return day(found.now) if found.days is None or found.days_now is None else _days(*found.days_now, language)


def _days(first: date, last: date, language: Language) -> str:
    return message(language, "narrative.days", {"first": day(first), "last": day(last)})


def _counts(found: Comparison, writer: Writer) -> str:
    then = "compare.then" if found.days is None else writer.name("compare.days", then_words(found, writer.language))
    counts = {"before": "compare.count_then", "after": "compare.count_now"}
    nearest = found.days is None and found.counted_then != found.then
    day_of = {"tags": "compare.tags_then", "then": then}
    if nearest:
        start = writer.say("compare_nearest", **day_of)
    elif found.people_then is None:
        start = writer.say("compare_date", **day_of)
    else:
        tags = writer.say("compare_between_tags", tags="compare.tags_then", people="compare.people_then")
        others = "" if all(tag.settled for tag in own_tags(writer.rule)) else tags
        said = {"people": "{compare.people_then}", "day": "{compare.then}", "then": f"{{{then}}}", "others": others}
        start = message(writer.language, "narrative.compare_between", said)
    if writer.hidden("compare.net"):
        return start + writer.say("compare_counts", **counts)
    turn = writer.turn("compare.count_then", "compare.count_now")
    if found.claimed not in ("", turn):
        start = writer.say("compare_not", way=writer.word(f"gone_{found.claimed}")) + start
    if turn == "same":
        return start + writer.say("compare_same", same=writer.word("as_many"), **counts)
    return start + writer.say("compare", moved=writer.word("risen" if turn == "up" else "fallen"), change="compare.change", **counts)


def _shared(found: Comparison, writer: Writer) -> str:
    """That some days of a behaviour are counted at both dates: whoever did it then is in both, and the two numbers are less apart than the periods."""
    if found.overlapping is None:
        return ""
    days = {"first": "compare.overlapping.first", "last": "compare.overlapping.last", "shared": "compare.shared"}
    return writer.say("compare_overlapping", **days)


def _flow(side: Literal["entered", "left"], bank: Literal["joined", "left_bank"], writer: Writer) -> str:
    """Those who came in or went out between two base populations, how, and those who are in one base only; nothing is said of nobody."""
    ways = [way for way in WAYS if writer.sheet[f"compare.{side}.{way}"].value]
    said = [writer.say(f"compare_way_{way}", n=f"compare.{side}.{way}") for way in ways]
    if len(ways) == 1:
        said = [message(writer.language, f"narrative.compare_all_{ways[0]}")]
    listed = message(writer.language, "readback.list_join").join(said)
    how = message(writer.language, "narrative.compare_ways", {"ways": listed}) if said else ""
    others = writer.say(f"compare_{bank}", n=f"compare.{bank}") if writer.sheet[f"compare.{bank}"].value else ""
    return message(writer.language, f"narrative.compare_{side}", {"n": f"{{compare.{side}}}", "how": how, "others": others})

"""What is going on, in words. Law: a finding is told with what was expected; what may be the data's fault is said to be so."""

from __future__ import annotations

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.insight.breakdown import cut_points
from assistant.insight.drivers import Driver, Newly, shown
from assistant.insight.monitor import Episode, Monitor, Place
from assistant.narrate.messages import message
from assistant.narrate.readback import condition_phrase, read_back, trait_phrase, value_phrase
from assistant.narrate.writer import Writer


def place_phrase(place: Place, catalog: TagCatalog, language: Language) -> str:
    """What was done: the record set's name, with the value or branch."""
    name = place.records.name.get(language)
    if place.by is None:
        return name
    if place.by.type == "flag":
        more = f"{place.by.name.get(language)} {message(language, 'answer.yes' if place.value == 'true' else 'answer.no')}"
    else:
        more = value_phrase(place.by, place.value, catalog, language, subtree=False)
    return message(language, "page.bracketed", {"text": name, "more": more})


def made_phrases(found: Monitor, catalog: TagCatalog, language: Language) -> list[str]:
    """The conditions by which nothing could be looked at."""
    return [condition_phrase(node, catalog, language) for node in found.made]


def direction(one: Episode, language: Language) -> str:
    """That it went up, or down, or that other customers than usual did it."""
    if one.unusual.shifted:
        return message(language, "narrative.word_shift")
    return message(language, "narrative.word_rise" if one.unusual.rise else "narrative.word_fall")


def driver_phrase(driver: Driver, catalog: TagCatalog, language: Language) -> str:
    """The name of a trait: tag and bucket."""
    tag = catalog.tags[driver.tag]
    return trait_phrase(tag, driver.bucket, cut_points(tag), catalog, language)


def sentences(found: Monitor, writer: Writer) -> list[str]:
    """The most unusual finding, who drives it, and the others by name; that there are none, when there are none."""
    days = {"first": "monitor.first", "last": "monitor.last", "tried": "monitor.tried"}
    only = [place_phrase(place, writer.rule.catalog, writer.language) for place in found.only]
    about = [writer.say("monitor_only", what=writer.name("monitor.only", message(writer.language, "readback.list_join").join(only)))]
    said = about if only else []
    if found.made:
        phrases = made_phrases(found, writer.rule.catalog, writer.language)
        what = writer.name("monitor.made", message(writer.language, "readback.list_join").join(phrases))
        return [*said, writer.say("monitor_made", what=what, sentence=writer.suggest("monitor_all"))]
    if not found.episodes:
        if found.since is not None:
            said.append(writer.say("monitor_since", since="monitor.since", days="monitor.longest", first="monitor.first"))
        return [*said, writer.say("monitor_none" if found.tried else "monitor_nothing", **days)]
    one = found.episodes[0]
    stopped = "" if one.unusual.rise else "_stopped"
    many = "" if writer.hidden("monitor.0.customers") else writer.say(f"monitor_customers{stopped}", n="monitor.0.customers")
    said += [
        writer.say(
            _told_as(one),
            **days,
            most=writer.word("most_unusual"),
            what=_what(0, one, writer),
            direction=writer.word("shift" if one.unusual.shifted else "rise" if one.unusual.rise else "fall"),
            start="monitor.0.first",
            end="monitor.0.last",
            **{name: f"monitor.0.{name}" for name in ("count", "expected", "low", "high")},
        )
        + many,
        _driven(one, writer),
    ]
    others = [_named(place, other, writer) for place, other in enumerate(found.episodes) if place]
    if others and not any(other.unusual.doubts for other in found.episodes):
        names = writer.name("monitor.others", message(writer.language, "readback.list_join").join(others))
        said.append(writer.say("monitor_also", others=names))
    return said


def _told_as(one: Episode) -> str:
    """The sentence for a finding: of a shift whether the total stayed within what was expected."""
    window = one.unusual.window
    return "monitor_shift_steady" if one.unusual.shifted and window.low <= window.count <= window.high else "monitor"


def _what(place: int, one: Episode, writer: Writer) -> str:
    return writer.name(f"monitor.{place}", place_phrase(one.unusual.series.place, writer.rule.catalog, writer.language))


def _named(place: int, one: Episode, writer: Writer) -> str:
    words = {
        "text": place_phrase(one.unusual.series.place, writer.rule.catalog, writer.language),
        "more": direction(one, writer.language),
    }
    return message(writer.language, "page.bracketed", words)


def _driven(one: Episode, writer: Writer) -> str:
    if not one.compared:
        return writer.say("monitor_new")
    told = shown(one.drivers, "monitor.0", writer.sheet)
    newly = newly_sentence("monitor.0", one.newly, bool(one.drivers), writer)
    if not told:
        return (writer.say("monitor_driver_hidden") if one.drivers else "" if newly else _none_found(one, writer)) + newly
    driver = told[0]
    name = f"monitor.0.{driver.tag}.{driver.bucket}"
    plain = driver.bucket == "true"
    tag = writer.rule.catalog.tags[driver.tag]
    words = tag.name.get(writer.language) if plain else driver_phrase(driver, writer.rule.catalog, writer.language)
    trait = writer.name(name, words)
    figures = {"trait": trait, "share": f"{name}.share", "before": f"{name}.before", "customers": f"{name}.customers"}
    if one.tags in (None, writer.rule.snapshot):
        return writer.say("monitor_driver", **figures) + newly
    return writer.say("monitor_driver_dated", tags="monitor.0.tags", **figures) + newly


def _none_found(one: Episode, writer: Writer) -> str:
    """That nothing was found, and among how much: never that everybody is alike, which only a test of equivalence could bear out."""
    if not one.tested:
        return writer.say("monitor_untested")
    return writer.say("monitor_no_driver", tested="monitor.0.tested")


def newly_sentence(prefix: str, newly: Newly | None, driven: bool, writer: Writer) -> str:
    """That many of the days are of customers who had no tags at the eve and are in no comparison: beside what stands out, or in place of that nothing does."""
    if newly is None or not newly.many:
        return ""
    key = "newly" if driven else "no_driver_newly"
    if writer.hidden(f"{prefix}.newly.share"):
        return writer.say(f"{key}_hidden")
    return writer.say(key if newly.rise else f"{key}_fall", share=f"{prefix}.newly.share")


def caution(found: Monitor, writer: Writer) -> list[str]:
    """What was not looked at, since the rule itself makes it; else that a finding may be the data's fault: the first one of which that can be said."""
    if found.apart:
        names = [one.name.get(writer.language) for one in (*found.own, *found.through)]
        own = writer.name("monitor.apart", message(writer.language, "narrative.tags_join").join(names))
        return [writer.say("caution_apart", what=own, n="monitor.apart")]
    for place, one in enumerate(found.episodes):
        for doubt in one.unusual.doubts[:1]:
            return [writer.say(f"caution_{doubt}", what=_what(place, one, writer))]
    return []


def next_step(found: Monitor, writer: Writer) -> str | None:
    """The sentence that opens the first finding as a segment."""
    if not found.episodes:
        return None
    words = read_back(found.episodes[0].rule.node, writer.rule.catalog, writer.language)
    return writer.say(
        "next_monitor" if found.episodes[0].unusual.rise else "next_monitor_fall", sentence=writer.suggest("segment", segment=words)
    )

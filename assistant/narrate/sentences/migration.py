"""Who moved between the values of a tag, in words. Law: a rise or a fall is named with the order it is along."""

from __future__ import annotations

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.insight.migration import TOTALS, UNKNOWN, Migration, Move, Total, kept
from assistant.narrate.messages import message
from assistant.narrate.readback import bucket_phrase, value_phrase
from assistant.narrate.writer import Writer
from assistant.sql.two_dates import ABSENT, OUTSIDE

_ELSEWHERE: tuple[Total, ...] = ("joined", "entered", "left", "gone")


def place_phrase(found: Migration, place: str, start: bool, catalog: TagCatalog, language: Language) -> str:
    """The name of a row (`start`) or a column: a value, unknown, or where those come from or go to who are in the segment at one date only."""
    tag = catalog.tags[found.tag]
    if place in (ABSENT, OUTSIDE):
        return message(
            language, f"answer.{'joined' if start else 'gone'}" if place == ABSENT else f"answer.{'entered' if start else 'left'}"
        )
    return (
        bucket_phrase(tag, None, (), catalog, language) if place == UNKNOWN else value_phrase(tag, place, catalog, language, subtree=False)
    )


def move_phrase(found: Migration, move: Move, catalog: TagCatalog, language: Language) -> str:
    """从…到…: a move by its two ends."""
    ends = {
        "start": place_phrase(found, move.start, True, catalog, language),
        "end": place_phrase(found, move.end, False, catalog, language),
    }
    return message(language, "answer.move", ends)


def sentences(found: Migration, writer: Writer) -> list[str]:
    """Whose moves they are, and how many stayed; who rose and fell; the move most customers made; who is new and who is gone."""
    name = f"migration.{found.tag}"
    whole: Total = "now" if found.followed == "now" else "then"
    if writer.hidden(f"{name}.{whole}") or not found.total(whole):
        return []
    tag = writer.name(f"tag.{found.tag}", writer.rule.catalog.tags[found.tag].name.get(writer.language))
    dates = {"start": f"{name}.dates.then", "end": f"{name}.dates.now"}
    figures = {what: f"{name}.{what}" for what in ("stayed", "moved")} | {"share": f"{name}.stayed.share"}
    said = (
        [] if found.followed == "either" else [writer.say(f"migration_of_{whole}", tag=tag, whole=f"{name}.{whole}", start=dates["start"])]
    )
    if not writer.hidden(figures["stayed"]):
        said = ["".join((*said, writer.say("migration_stayed", tag=tag, **figures, **dates)))]
    for axis in found.axes:
        along = writer.name(f"tag.{axis.tag}", writer.rule.catalog.tags[axis.tag].name.get(writer.language))
        up, down = f"{name}.up.{axis.tag}", f"{name}.down.{axis.tag}"
        said.append(writer.say("migration_axis", tag=along, up=up, down=down, rose=writer.word("rose"), fell=writer.word("fell")))
    parts = [what for what in _ELSEWHERE if what in TOTALS[found.followed] and (writer.hidden(f"{name}.{what}") or found.total(what))]
    if parts:
        listed = message(writer.language, "readback.list_join").join(writer.say(f"migration_{what}", n=f"{name}.{what}") for what in parts)
        said.append(message(writer.language, "narrative.migration_new", {"parts": listed}))
    shown = [
        move for move in found.moves if kept(move) and move.start != move.end and not writer.hidden(f"{found.id(move.start, move.end)}.n")
    ]
    if shown:
        most = max(shown, key=lambda move: move.n)
        words = move_phrase(found, most, writer.rule.catalog, writer.language)
        identifier = found.id(most.start, most.end)
        said.append(
            writer.say(
                "migration_most",
                most=writer.word("most_move"),
                move=writer.name(identifier, words),
                n=f"{identifier}.n",
                share=f"{identifier}.share",
            )
        )
    return said


def caution(found: Migration, writer: Writer) -> list[str]:
    """That both dates read one snapshot, so that nobody can have moved; that some moves are too small to be shown."""
    if found.tags_then == found.tags_now:
        return [writer.say("caution_one_snapshot")]
    return [writer.say("caution_suppressed")] if any(writer.hidden(f"{found.id(move.start, move.end)}.n") for move in found.moves) else []

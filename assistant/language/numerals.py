"""Numerals: digits, Chinese numerals and number words -> a value or an interval of values. Law: a run of words that fits no known shape is not a number.

One accumulation for both orthographies: digits, then tens, hundreds and thousands (`small`), then 万 or million (`scale`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from assistant.language.words import Phrases, Piece, is_latin, merged_list, numeral_pieces

_LONGEST = 24
"""Pieces in one numeral; longer runs are read in parts."""
_LARGEST = Decimal(10) ** 18
"""No amount, count or identifier worth comparing is larger; such a number is not read."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """[start, end) means `value`, or something between `low` and `high` (`value` is then `low`).

    `multiplier`: what the words after the leading coefficient multiply by (5百万 -> 1000000), 1 when there are none or they are mixed;
    `scale`: the largest of 万, thousand and the like, 1 when there is none.
    `tail`: the last digit was taken in the unit below (三万五); `pair`: two bare digits (三五) that are a pair only before a unit.
    """

    start: int
    end: int
    value: Decimal
    low: Decimal | None = None
    high: Decimal | None = None
    low_open: bool = False
    high_open: bool = False
    assumed: str | None = None
    doubt: str | None = None
    multiplier: Decimal = Decimal(1)
    scale: Decimal = Decimal(1)
    scale_said: bool = False
    tail: bool = False
    pair: bool = False
    word: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece at its place. `digits`: how it was written, for numbers in figures."""

    start: int
    end: int
    kind: str
    value: Decimal
    latin: bool = False
    digits: str = ""


@dataclass(frozen=True, slots=True)
class _Tables:
    pieces: Phrases[Piece]
    joiners: Phrases[bool]
    measure: Phrases[bool]
    minus: Phrases[bool]
    guarded: Phrases[bool]
    nouns_before: tuple[str, ...]
    not_numbers: Phrases[bool]
    not_over: Phrases[bool]


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    return _Tables(
        pieces=numeral_pieces(),
        joiners=merged_list(lambda grammar: grammar.numerals.joiners),
        measure=merged_list(lambda grammar: grammar.numerals.measure),
        minus=merged_list(lambda grammar: grammar.numerals.minus),
        guarded=merged_list(lambda grammar: grammar.numerals.several_after_word),
        nouns_before=tuple(merged_list(lambda grammar: grammar.numerals.several_noun_before).meanings),
        not_numbers=merged_list(lambda grammar: grammar.numerals.not_numbers),
        not_over=merged_list(lambda grammar: grammar.numerals.not_over),
    )


def is_figure(character: str) -> bool:
    """One of 0-9; digits of other scripts are not read."""
    return "0" <= character <= "9"


def _skip_spaces(text: str, place: int) -> int:
    while place < len(text) and text[place] == " ":
        place += 1
    return place


def _figures_end(text: str, start: int) -> int:
    end = start
    while end < len(text) and is_figure(text[end]):
        end += 1
    return end


def figures(text: str, start: int) -> tuple[int, Decimal, str, str | None] | None:
    """(end, value, digits, doubt) of a number written in figures at `start`: 50,000  1.5  50 000. None when it is no plain number (1.5.2, 5½).

    Grouping by four or by spaces is read, with doubt.
    """
    end = _figures_end(text, start)
    before = text[start - 1] if start else " "
    if (
        text[start] == "."
        and is_figure(text[start + 1 : start + 2] or " ")
        and not (is_figure(before) or is_latin(before) or before == ".")
    ):
        decimals_end = _figures_end(text, start + 1)
        return decimals_end, Decimal(f"0{text[start:decimals_end]}"), text[start:decimals_end], None
    if end == start:
        return None
    written, doubt = text[start:end], None
    for separator, sizes in ((",", (3, 4)), (" ", (3,))):
        groups = [written]
        place = end
        while place < len(text) and text[place] == separator:
            group_end = _figures_end(text, place + 1)
            if group_end == place + 1:
                break
            groups.append(text[place + 1 : group_end])
            place = group_end
        size = len(groups[-1])
        regular = len(groups) > 1 and size in sizes and len(groups[0]) <= size and all(len(group) == size for group in groups[1:])
        if regular and not groups[0].startswith("0"):
            written, end = "".join(groups), place
            doubt = None if separator == "," and size == 3 else "number_grouping"
            break
        if separator == "," and len(groups) > 1 and any(len(group) > 1 for group in groups):
            doubt = "number_grouping"
    if end < len(text) and text[end] == "." and end + 1 < len(text) and is_figure(text[end + 1]):
        decimals_end = _figures_end(text, end + 1)
        written += text[end:decimals_end]
        end = decimals_end
        if end + 1 < len(text) and text[end] == "." and is_figure(text[end + 1]):
            return None
    exponent = _exponent_end(text, end)
    if exponent is not None:
        return exponent, Decimal(written + text[end:exponent]), written, doubt
    if end < len(text) and unicodedata.category(text[end]) == "No":
        return None
    return end, Decimal(written), written, doubt


def _exponent_end(text: str, place: int) -> int | None:
    """The end of e10, e-4 behind figures; None when the letter begins a word or the exponent is beyond any amount."""
    if text[place : place + 1] != "e":
        return None
    start = place + 2 if text[place + 1 : place + 2] in ("+", "-") else place + 1
    end = _figures_end(text, start)
    return end if 0 < end - start <= 2 and not (end < len(text) and is_latin(text[end])) else None


def _letters_before(text: str, start: int) -> int:
    place = start
    while place > 0 and is_latin(text[place - 1]):
        place -= 1
    return start - place


def _next_part(text: str, place: int, before: Sequence[_Part]) -> tuple[_Part, str | None] | None:
    """The part that continues a numeral at `place` (spaces allowed where they separate words), or None."""
    tables = _tables()
    previous = before[-1] if before else None
    start = place
    if previous is not None:
        spaced = _skip_spaces(text, place)
        if previous.latin and text[place : place + 1] == "-":
            spaced = place + 1
        joined = tables.joiners.match(text, spaced) if previous.latin and previous.kind in ("small", "scale") else None
        candidate = _skip_spaces(text, joined[0]) if joined else spaced
        found = tables.pieces.match(text, candidate)
        if found and candidate > place and not (found[1].latin or found[1].kind in ("small", "scale") or _goes_on(text, found, previous)):
            found = None
        if found and candidate > place and found[1].letter and not is_figure(text[place - 1]):
            found = None
        if found and joined and found[1].kind not in ("digit", "tens", "small"):
            found = None
        if found is None:
            start = place
            measure = tables.measure.match(text, _skip_spaces(text, place))
            if measure and previous.kind in ("digit", "figures", "small", "several"):
                scale = tables.pieces.match(text, _skip_spaces(text, measure[0]))
                above = tables.pieces.match(text, scale[0]) if scale else None
                multiplies = scale and (scale[1].kind == "scale" or (scale[1].kind == "small" and above and above[1].kind == "scale"))
                if scale and multiplies and (not scale[1].latin or scale[1].letter):
                    return _Part(_skip_spaces(text, measure[0]), scale[0], scale[1].kind, scale[1].value), None
        else:
            start = candidate
    if start < len(text) and (is_figure(text[start]) or (text[start] == "." and previous is None)):
        if previous is not None and previous.kind != "point" and (previous.latin or previous.kind in ("figures", "digit") or start > place):
            return None
        read = figures(text, start)
        return (_Part(start, read[0], "figures", read[1], digits=read[2]), read[3]) if read else None
    found = tables.pieces.match(text, start)
    if found is None or (previous is None and tables.not_numbers.match(text, start)):
        return None
    end, piece = found
    if piece.letter and (previous is None or previous.kind != "figures"):
        return None
    if piece.kind == "over" and (previous is None or tables.not_over.match(text, start)):
        return None
    if piece.latin and previous is not None and previous.kind in ("digit", "small") and not previous.latin:
        return None
    after_scale = previous is not None and previous.kind == "scale" and joined_by_word(text, previous.end, start)
    return _Part(start, end, piece.kind, piece.value, piece.latin), "and_in_number" if after_scale else None


def joined_by_word(text: str, start: int, end: int) -> bool:
    """Whether a joining word ("and") stands between two parts."""
    return bool(text[start:end].strip(" -"))


def _goes_on(text: str, found: tuple[int, Piece], previous: _Part) -> bool:
    """Whether a Chinese digit after a space still belongs to the numeral: its own unit follows (三千 八百)."""
    after = (
        _tables().pieces.match(text, _skip_spaces(text, found[0]))
        if found[1].kind == "digit" and previous.kind in ("small", "scale")
        else None
    )
    return after is not None and after[1].kind in ("small", "scale") and not after[1].latin


def _cannot_follow(part: _Part, found: Sequence[_Part]) -> bool:
    """Whether a part ends every numeral it stands behind, so that long runs of nonsense are not tried at full length."""
    if part.kind == "scale":
        return any(earlier.kind == "scale" and earlier.value == part.value for earlier in found)
    return part.kind == "article" or (part.kind == "small" and found[-1].kind == "zero")


def _parts(text: str, start: int) -> tuple[list[_Part], str | None]:
    found: list[_Part] = []
    doubt: str | None = None
    place = start
    while len(found) < _LONGEST:
        step = _next_part(text, place, found)
        if step is None:
            break
        part, hesitation = step
        if found and _cannot_follow(part, found):
            break
        found.append(part)
        doubt = doubt or hesitation
        place = part.end
    return found, doubt


@dataclass(slots=True)
class _Sum:
    """The running total of a numeral: `section` is what stands below the next scale, `current` a digit waiting for its unit."""

    total: Decimal = Decimal(0)
    section: Decimal = Decimal(0)
    current: Decimal | None = None
    section_unit: Decimal | None = None
    scale: Decimal | None = None
    last: Decimal | None = None
    zero: bool = False
    point: bool = False
    tail: bool = False
    tens: bool = False
    figures: str = ""


def _add_digit(state: _Sum, part: _Part) -> bool:
    if state.current is not None:
        fits = state.tens and part.value < 10 and part.kind == "digit"
        if fits:
            state.current += part.value
            state.tens = False
        return fits
    if (
        part.kind == "figures"
        and state.last is not None
        and not (part.value < state.last and (len(part.digits) == 1 or "." not in part.digits))
    ):
        return False
    state.current = part.value
    state.figures = part.digits
    state.tens = part.kind == "tens"
    return True


def _add_small(state: _Sum, part: _Part, first: bool, more: bool) -> bool:
    if state.current is None:
        if not ((part.value == 10 and not part.latin) or (first and more)):
            return False
        state.current = Decimal(1)
    if state.section_unit is not None and part.value >= state.section_unit:
        return False
    state.section += state.current * part.value
    state.section_unit = state.last = part.value
    state.current = None
    state.zero = False
    return True


def _add_scale(state: _Sum, part: _Part) -> bool:
    below = state.section + (state.current or 0)
    if state.scale is None or part.value < state.scale:
        if below == 0 and state.current is None:
            return False
        state.total += below * part.value
    elif part.value > state.scale and (below == 0 or (state.current is None and not state.figures)):
        state.total = (state.total + below) * part.value
    else:
        return False
    state.scale = state.last = part.value
    state.section, state.current, state.section_unit, state.zero = Decimal(0), None, None, False
    return True


def _finish(state: _Sum, latin: bool) -> Decimal | None:
    if state.current is not None:
        if not latin and not state.zero and not state.point and state.last is not None and state.last > 10:
            width = len(state.figures) or 1
            if width == 1 and state.current < 10:
                state.tail = True
                state.current = state.current * state.last / 10
            elif state.last != Decimal(10) ** width:
                return None
        state.section += state.current
    return state.total + state.section


def _value(parts: Sequence[_Part]) -> tuple[Decimal, bool] | None:
    """(value, tail) of plain parts, or None when they do not make one number."""
    if len(parts) > 1 and all(part.kind in ("digit", "zero") and not part.latin for part in parts):
        return Decimal("".join(str(part.value) for part in parts)), False
    state = _Sum()
    place = 0
    while place < len(parts):
        part = parts[place]
        match part.kind:
            case "digit" | "figures" | "tens":
                good = _add_digit(state, part)
            case "article":
                good = place == 0 and len(parts) > 1 and parts[1].kind in ("small", "scale")
                state.current = part.value
            case "zero":
                good = state.current is None and (place == 0 or state.last is not None)
                state.zero = True
                if place == 0:
                    state.current = Decimal(0)
            case "small":
                good = _add_small(state, part, place == 0, place + 1 < len(parts) and parts[place + 1].kind == "scale")
            case "scale":
                good = _add_scale(state, part)
            case "point":
                decimals = ""
                while place + 1 < len(parts) and parts[place + 1].kind in ("digit", "zero", "figures") and parts[place + 1].value % 1 == 0:
                    decimals += parts[place + 1].digits or str(parts[place + 1].value)
                    place += 1
                good = bool(decimals) and (state.current is not None or state.last is not None) and not state.point
                if good:
                    state.current = (state.current or Decimal(0)) + Decimal(f"0.{decimals}")
                    state.point = True
            case "half_after":
                good = state.current is not None
                state.current = (state.current or Decimal(0)) + Decimal("0.5")
            case "half_before":
                good = place == 0 and len(parts) > 1
                state.current = Decimal("0.5")
            case _:
                good = False
        if not good:
            return None
        place += 1
    value = _finish(state, parts[-1].latin)
    return None if value is None else (value, state.tail)


def _is_pair(first: _Part, second: _Part) -> bool:
    kinds = first.kind == second.kind == "digit" and not first.latin and not second.latin
    return kinds and (second.value == first.value + 1 or (first.value == 3 and second.value == 5))


def _place_value(value: Decimal) -> Decimal:
    """The unit of the last non-zero digit: 10 for 120, 0.1 for 1.5."""
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


def _multiplier(parts: Sequence[_Part], tail: bool) -> Decimal:
    """The product of the units that follow the whole coefficient; with a tail (三万五) the unit before it."""
    units = list(parts[:-1]) if tail else list(parts)
    product = Decimal(1)
    while units and (units[-1].kind == "scale" or (units[-1].kind == "small" and units[-1].value > 10)):
        product *= units.pop().value
    if any(part.kind == "small" and part.value > 10 for part in units):
        product = next((part.value for part in reversed(parts) if part is parts[-1] and part.kind == "scale"), Decimal(1))
    return product if units and not any(part.kind == "scale" for part in units) else Decimal(1)


def _evaluate(parts: Sequence[_Part]) -> Numeral | None:
    start, end = parts[0].start, parts[-1].end
    said = any(part.kind == "scale" or (part.kind == "small" and part.value > 10) for part in parts)
    word = not any(part.kind == "figures" for part in parts)
    for place in range(len(parts) - 1):
        if _is_pair(parts[place], parts[place + 1]):
            low, high = _value([*parts[: place + 1], *parts[place + 2 :]]), _value([*parts[:place], *parts[place + 1 :]])
            united = any(part.kind in ("small", "scale") for part in parts)
            if len(parts) == 2 or (united and low and high):
                if low is None or high is None:
                    return None
                scale = _multiplier([*parts[:place], *parts[place + 1 :]], False)
                return Numeral(
                    start,
                    end,
                    low[0],
                    low[0],
                    high[0],
                    assumed="approximate_pair",
                    multiplier=scale,
                    scale_said=said,
                    pair=len(parts) == 2,
                    word=word,
                )
    for place, part in enumerate(parts):
        if part.kind == "several":
            if place + 1 == len(parts) and place == 0:
                return None
            counted = place > 0
            low, high = (
                _value([*parts[:place], replace(part, kind="digit", value=Decimal(edge)), *parts[place + 1 :]])
                if edge
                else _value([*parts[:place], *parts[place + 1 :]])
                for edge in ((0, 9) if counted else (2, 9))
            )
            if low is None or high is None:
                return None
            step = high[0] - _previous(parts, place)
            code = "more_than_ten" if counted else "several"
            return Numeral(start, end, low[0], low[0], high[0] + step, counted, True, code, scale_said=said, word=word)
        if part.kind == "over":
            plain = _value([*parts[:place], *parts[place + 1 :]])
            if plain is None or (place + 1 < len(parts) and any(later.kind not in ("scale", "small") for later in parts[place + 1 :])):
                return None
            scale = _multiplier([*parts[:place], *parts[place + 1 :]], False)
            return Numeral(
                start,
                end,
                plain[0],
                plain[0],
                plain[0] + _place_value(plain[0]),
                True,
                True,
                "a_bit_over",
                multiplier=scale,
                scale_said=said,
                word=word,
            )
    plain = _value(parts)
    if plain is None:
        return None
    return Numeral(start, end, plain[0], multiplier=_multiplier(parts, plain[1]), scale_said=said, tail=plain[1], word=word)


def _previous(parts: Sequence[_Part], place: int) -> Decimal:
    """The value with 8 in place of "several", so that one more step above 9 can be added."""
    eight = _value([*parts[:place], replace(parts[place], kind="digit", value=Decimal(8)), *parts[place + 1 :]])
    return eight[0] if eight else Decimal(0)


def read_numeral(text: str, start: int, tail: bool = True) -> Numeral | None:
    """The longest numeral that begins exactly at `start`, or None. Without `tail`, 5万3 ends after 万."""
    tables = _tables()
    if not 0 <= start < len(text):
        return None
    if is_figure(text[start]):
        if (start > 0 and text[start - 1] in "0123456789.") or _letters_before(text, start) == 1:
            return None
    elif start > 0 and tables.guarded.match(text, start) and text[max(0, start - 4) : start].endswith(tables.nouns_before):
        return None
    parts, doubt = _parts(text, start)
    for count in range(len(parts), 0, -1):
        numeral = _evaluate(parts[:count])
        if numeral is not None and abs(numeral.high or numeral.value) >= _LARGEST:
            return None
        if numeral is not None and (tail or not numeral.tail) and not _glued(text, numeral):
            split = (
                start > 1 and text[start - 1] == "," and is_figure(text[start - 2]) and is_figure(text[start]) and numeral.end - start > 1
            )
            scale = max((part.value for part in parts[:count] if part.kind == "scale"), default=Decimal(1))
            return replace(numeral, scale=scale, doubt=numeral.doubt or doubt or ("number_grouping" if split else None))
    return None


def _glued(text: str, numeral: Numeral) -> bool:
    """Whether the numeral ends inside a word or a number. Letters after figures may still be a unit, which the caller decides."""
    if numeral.end >= len(text):
        return False
    return numeral.word and is_latin(text[numeral.end - 1]) and is_latin(text[numeral.end])


def read_minus(text: str, place: int) -> int | None:
    """The end of a word for minus at `place`, or None."""
    found = _tables().minus.match(text, place)
    return found[0] if found else None

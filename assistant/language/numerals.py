"""Numerals: digits, Chinese numerals and number words -> a value or an interval of values. Law: a run of words that fits no known shape is not a number.

One accumulation for both orthographies: digits, then tens, hundreds and thousands (`small`), then 万 or million (`scale`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from assistant.language.figures import figures, is_figure
from assistant.language.words import Phrases, Piece, is_latin, merged_list, numeral_pieces, skip_spaces

_LONGEST = 24
"""Pieces in one numeral; longer runs are read in parts."""
_DECIMALS = ("digit", "zero", "figures", "tens")
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
    not_decimals: Phrases[bool]


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
        not_decimals=merged_list(lambda grammar: grammar.numerals.not_decimals),
    )


def _letters_before(text: str, start: int) -> int:
    place = start
    while place > 0 and is_latin(text[place - 1]):
        place -= 1
    return start - place


def _next_part(text: str, place: int, before: Sequence[_Part]) -> tuple[_Part, str | None] | None:
    """The part that continues a numeral at `place` (spaces allowed where they separate words), or None."""
    tables = _tables()
    previous = before[-1] if before else None
    start, hesitation = place, None
    if previous is not None:
        spaced = skip_spaces(text, place)
        if previous.latin and text[place : place + 1] == "-":
            spaced = place + 1
        joined = tables.joiners.match(text, spaced) if previous.latin and previous.kind in ("small", "scale") else None
        behind = tables.pieces.match(text, spaced)
        if joined and behind is not None and behind[1].kind == "part_after":
            joined = None
        candidate = skip_spaces(text, joined[0]) if joined else spaced
        found = tables.pieces.match(text, candidate)
        if found and candidate > place and not found[1].latin:
            step = _over_space(text, candidate, found, previous)
            if step is not None and step[0].kind == "figures":
                return step
            hesitation = step[1] if step is not None else None
            found = found if step is not None else None
        if found and candidate > place and found[1].letter and not is_figure(text[place - 1]):
            found = None
        if found and joined and found[1].kind not in ("digit", "tens", "small"):
            found = None
        if found is None:
            start = place
            if candidate > place and (spaced_figures := _spaced_figures(text, candidate, previous, joined is not None)) is not None:
                return spaced_figures
            measure = tables.measure.match(text, skip_spaces(text, place))
            if measure and previous.kind in ("digit", "figures", "small", "several", "part_before"):
                scale = tables.pieces.match(text, skip_spaces(text, measure[0]))
                above = tables.pieces.match(text, scale[0]) if scale else None
                multiplies = scale and (scale[1].kind == "scale" or (scale[1].kind == "small" and above and above[1].kind == "scale"))
                if scale and multiplies and (not scale[1].latin or scale[1].letter):
                    return _Part(skip_spaces(text, measure[0]), scale[0], scale[1].kind, scale[1].value), None
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
    if previous is not None and previous.kind == "point" and tables.not_decimals.match(text, start):
        return None
    if piece.letter and (previous is None or previous.kind != "figures"):
        return None
    if piece.kind == "over" and (previous is None or tables.not_over.match(text, start)):
        return None
    if piece.latin and previous is not None and previous.kind in ("digit", "small") and not previous.latin:
        return None
    after_scale = previous is not None and previous.kind == "scale" and joined_by_word(text, previous.end, start)
    return _Part(start, end, piece.kind, piece.value, piece.latin), "and_in_number" if after_scale else hesitation


def joined_by_word(text: str, start: int, end: int) -> bool:
    """Whether a joining word ("and") stands between two parts."""
    return bool(text[start:end].strip(" -"))


def _over_space(text: str, start: int, found: tuple[int, Piece], previous: _Part) -> tuple[_Part, str | None] | None:
    """A Chinese piece that stands after a space, when it still belongs to the numeral: a unit, a digit whose own unit follows (三千 八百), the digits of
    a decimal (四点 五), 余 before its scale. A last digit (两千 四 百 五) is read with doubt."""
    end, piece = found
    part = _Part(start, end, piece.kind, piece.value)
    after = _tables().pieces.match(text, skip_spaces(text, end))
    unit_follows = after is not None and after[1].kind in ("small", "scale") and not after[1].latin
    figure_follows = is_figure(text[skip_spaces(text, end) : skip_spaces(text, end) + 1] or " ")
    match piece.kind:
        case "small" | "scale":
            return part, None
        case "digit" | "zero" | "several" if previous.kind == "point":
            return part, None
        case "digit" | "several" if previous.kind in ("small", "scale") and unit_follows:
            return part, None
        case "zero" if previous.kind in ("small", "scale") and after is not None and after[1].kind in ("digit", "small"):
            return part, None
        case "digit" if previous.kind in ("small", "scale") and previous.value > 10:
            return part, "number_grouping"
        case "point" if figure_follows or (after is not None and after[1].kind in ("digit", "zero")):
            return (part, None) if previous.kind in ("digit", "zero", "small", "scale") else None
        case "over" if unit_follows and after is not None and after[1].kind == "scale":
            return part, None
    return None


def _spaced_figures(text: str, place: int, previous: _Part, joined: bool) -> tuple[_Part, str | None] | None:
    """Figures after a space that still belong to the numeral: 7万 5千, 1 point 5; 3 hundred and 21 with doubt."""
    if not is_figure(text[place : place + 1] or " "):
        return None
    read = figures(text, place)
    if read is None:
        return None
    part = _Part(place, read[0], "figures", read[1], digits=read[2])
    if previous.kind == "point":
        return part, read[3]
    after = _tables().pieces.match(text, skip_spaces(text, read[0]))
    multiplied = after is not None and after[1].kind in ("small", "scale")
    if joined:
        return (part, "and_in_number") if previous.kind == "small" and not multiplied else None
    multiplied = multiplied and after is not None and not after[1].latin
    return (part, read[3]) if multiplied and previous.kind in ("small", "scale") and not previous.latin else None


def _cannot_follow(part: _Part, found: Sequence[_Part]) -> bool:
    """Whether a part ends every numeral it stands behind, so that long runs of nonsense are not tried at full length."""
    if part.kind == "adverb" or found[-1].kind == "adverb":
        return True  # 500k twice
    if part.latin and part.kind in ("digit", "tens") and any(earlier.kind == "figures" for earlier in found):
        return True  # over 50k three times
    if part.kind == "scale":
        return any(earlier.kind == "scale" and earlier.value == part.value for earlier in found)
    return part.kind == "article" or (part.kind == "small" and found[-1].kind == "zero" and (part.value != 10 or len(found) == 1))


def _parts(text: str, start: int) -> tuple[list[_Part], list[str | None]]:
    """The parts of the longest run that may be a numeral, and what is doubtful about each."""
    found: list[_Part] = []
    doubts: list[str | None] = []
    place = start
    while len(found) < _LONGEST:
        step = _next_part(text, place, found)
        if step is None or (found and _cannot_follow(step[0], found)):
            break
        found.append(step[0])
        doubts.append(step[1])
        place = step[0].end
    return found, doubts


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
            case "adverb":
                good = len(parts) == 1
                state.current = part.value
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
                while place + 1 < len(parts) and parts[place + 1].kind in _DECIMALS and parts[place + 1].value % 1 == 0:
                    tens = parts[place + 1].kind == "tens" and place + 2 < len(parts) and 0 < parts[place + 2].value < 10
                    said = parts[place + 1].value + (parts[place + 2].value if tens else 0)
                    decimals += parts[place + 1].digits or str(said)
                    place += 2 if tens else 1
                good = bool(decimals) and (state.current is not None or state.last is not None) and not state.point
                if good:
                    state.current = (state.current or Decimal(0)) + Decimal(f"0.{decimals}")
                    state.point = True
            case "part_after":
                good = state.current is not None or (place + 1 == len(parts) and state.last is not None)
                if state.current is None and state.last is not None:
                    state.total += part.value * state.last
                else:
                    state.current = (state.current or Decimal(0)) + part.value
            case "part_before":
                good = place == 0 and len(parts) > 1
                state.current = part.value
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
    if not 0 <= start < len(text) or not (is_figure(text[start]) or text[start] == "." or _tables().pieces.may_begin(text, start)):
        return None
    return _read(text, start, tail)


@lru_cache(maxsize=512)
def _read(text: str, start: int, tail: bool) -> Numeral | None:
    """Remembered, because the readers of quantities, dates and lengths of time each ask for the numerals of one request."""
    tables = _tables()
    if is_figure(text[start]):
        if (start > 0 and text[start - 1] in "0123456789.") or _letters_before(text, start) == 1:
            return None
    elif start > 0 and tables.guarded.match(text, start) and text[max(0, start - 4) : start].endswith(tables.nouns_before):
        return None
    parts, doubts = _parts(text, start)
    for count in range(len(parts), 0, -1):
        numeral = _evaluate(parts[:count])
        if numeral is not None and abs(numeral.high or numeral.value) >= _LARGEST:
            return None
        if numeral is not None and (tail or not numeral.tail) and not _glued(text, numeral) and not _cut(text, parts[:count]):
            split = (
                start > 1 and text[start - 1] == "," and is_figure(text[start - 2]) and is_figure(text[start]) and numeral.end - start > 1
            )
            scale = max((part.value for part in parts[:count] if part.kind == "scale"), default=Decimal(1))
            doubt = next((one for one in doubts[:count] if one is not None), None)
            return replace(numeral, scale=scale, doubt=numeral.doubt or doubt or ("number_grouping" if split else None))
    return None


def _glued(text: str, numeral: Numeral) -> bool:
    """Whether the numeral ends inside a word or a number. Letters after figures may still be a unit, which the caller decides."""
    if numeral.end >= len(text):
        return False
    return numeral.word and is_latin(text[numeral.end - 1]) and is_latin(text[numeral.end])


def _cut(text: str, parts: Sequence[_Part]) -> bool:
    """Whether the end belongs to a number that follows: "and a half" to its scale (one billion and a half million), an English hundred to the
    second end of a range (between fifty thousand and two hundred | thousand)."""
    after = _tables().pieces.match(text, skip_spaces(text, parts[-1].end))
    if after is None:
        return False
    if parts[-1].kind == "part_after":
        return after[1].kind == "scale"
    return len(parts) > 1 and parts[-1].latin and after[1].kind in ("scale", "small") and is_latin(text[after[0] - 1])


def read_minus(text: str, place: int) -> int | None:
    """The end of a word for minus at `place`, or None."""
    found = _tables().minus.match(text, place)
    return found[0] if found else None

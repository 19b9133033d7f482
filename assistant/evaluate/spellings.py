"""One number, many spellings. Law: every spelling given is read by people as exactly that number; no unit is added unless asked for."""

from __future__ import annotations

from decimal import Decimal

from assistant.catalog.model import Language

_DIGITS = "零一二三四五六七八九"
_FORMAL = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
    "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WAN, _YI = Decimal(10_000), Decimal(100_000_000)
_THOUSAND, _MILLION = Decimal(1_000), Decimal(1_000_000)
_SPELLED = Decimal(1_000)
"""English numbers from here on are not written out in full without a scale word."""


def full_width(text: str) -> str:
    """ASCII letters, digits and signs as their full-width forms; blanks stay."""
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)


def chinese_numeral(number: int, measured: bool = False) -> str:
    """A whole number from 0 to 9999 in Chinese; `measured`: a measure word follows, so 2 is 两."""
    if not 0 <= number <= 9999:
        raise ValueError(f"only 0 to 9999 are spelled, not {number}")
    if number == 2 and measured:
        return "两"
    if number < 10:
        return _DIGITS[number]
    written, gap = "", False
    for scale, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // scale % 10
        if digit:
            written += ("零" if gap and written else "") + ("" if digit == 1 and scale == 10 and not written else _DIGITS[digit]) + word
            gap = False
        else:
            gap = True
    return written


def english_numeral(number: int) -> str:
    """A whole number from 0 to 999 in English words."""
    if not 0 <= number <= 999:
        raise ValueError(f"only 0 to 999 are spelled, not {number}")
    if number < 20:
        return _SMALL[number]
    if number < 100:
        return _TENS[number // 10] + (f"-{_SMALL[number % 10]}" if number % 10 else "")
    rest = number % 100
    return f"{_SMALL[number // 100]} hundred" + (f" and {english_numeral(rest)}" if rest else "")


def number_spellings(value: Decimal, language: Language, measured: bool) -> tuple[str, ...]:
    """Spellings of a number as people of one language write it. `measured`: a unit stands behind it, so no scale letter may."""
    found: list[str] = []
    plain = format(value.normalize(), "f")
    if value != value.to_integral_value() or value <= 0:
        return (plain, full_width(plain))
    whole = int(value)
    found += [plain, full_width(plain)]
    if whole >= 1000:
        found.append(f"{whole:,}")
    if language == "zh":
        found += _chinese(value, measured)
    else:
        found += _english(value, measured)
    return tuple(dict.fromkeys(found))


def _chinese(value: Decimal, measured: bool) -> list[str]:
    found: list[str] = []
    whole = int(value)
    if whole < 10_000:
        found.append(chinese_numeral(whole, measured and whole == 2))
    for scale, word, letters in ((_YI, "亿", ()), (_WAN, "万", ("W", "w"))):
        count = value / scale
        short = format(count.normalize(), "f")
        if count < 1 or len(short) > 5 or (scale == _WAN and count >= 10_000):
            continue
        found += [short + word, full_width(short) + word]
        if not measured:
            found += [short + letter for letter in letters] + [full_width(short + letter) for letter in letters]
        if count == count.to_integral_value() and count < 1000:
            numeral = chinese_numeral(int(count))
            found += [numeral + word, numeral.translate(_FORMAL) + word]
            if count == 2:
                found.append("两" + word)
    return found


def _english(value: Decimal, measured: bool) -> list[str]:
    found: list[str] = []
    if value < _SPELLED:
        found.append(english_numeral(int(value)))
    for scale, words, letters in ((_MILLION, ("million",), ("m", "M", "mn")), (_THOUSAND, ("thousand",), ("k", "K"))):
        count = value / scale
        short = format(count.normalize(), "f")
        if count < 1 or len(short) > 5 or count >= 1000:
            continue
        found += [f"{short} {word}" for word in words]
        if not measured:
            found += [short + letter for letter in letters]
        if count == count.to_integral_value():
            found += [f"{english_numeral(int(count))} {word}" for word in words]
    return found


def yuan_spellings(value: Decimal, language: Language) -> tuple[str, ...]:
    """Spellings of a sum with its unit said."""
    if value != value.to_integral_value() or value <= 0:
        return ()
    whole = int(value)
    if language == "en":
        return (f"{whole:,} yuan", f"RMB {whole:,}", f"¥{whole:,}", f"CNY {whole:,}", f"{whole} RMB")
    short = format((value / _WAN).normalize(), "f")
    scaled = (f"{short}万元", f"{short}万块", f"{short}万人民币", f"人民币{short}万元") if value >= _WAN and len(short) <= 5 else ()
    return (f"{whole}元", f"{whole:,}元", f"¥{whole:,}", *scaled)

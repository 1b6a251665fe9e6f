"""Numbers in digits and in words, English and Chinese.

“A hundred thousand” is 十万 and 100,000, “half” is 一半, “twice” is 两倍, “a third” is 三分之一.
What has a value in one language and often none in the other, such as “both”, “once”, “first”
or 一个, is told apart; so are idioms in which a numeral counts nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Token:
    """Something that both editions must have: its values, as written, and where."""

    values: frozenset[Fraction | str]
    """More than one if the words have more than one meaning."""
    written: str
    start: int
    end: int
    needed: bool = True
    """Whether the other edition must have it, too."""


_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
_UNITS += " fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = {word: Fraction(at) for at, word in enumerate(_UNITS.split())}
_WORDS |= {word: Fraction(10 * at) for at, word in enumerate(_TENS.split(), start=2)}
_SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "dozen": 12}
_ORDINALS = {word + "th": value for word, value in _WORDS.items() if value > 3}
_ORDINALS |= {"second": Fraction(2), "third": Fraction(3), "fifth": Fraction(5)}
_ORDINALS |= {"eighth": Fraction(8), "ninth": Fraction(9), "twelfth": Fraction(12)}
_ORDINALS |= {word.replace("y", "ieth"): _WORDS[word] for word in _TENS.split()}
_ORDINALS |= {word + "th": Fraction(value) for word, value in _SCALES.items()}
_SHARES = {word: value for word, value in _ORDINALS.items() if word != "second"}
_PARTS_OF_ONE = {"half": 2, "halves": 2, "halve": 2, "halved": 2, "halfway": 2, "halving": 2}
_PARTS_OF_ONE |= {"quarter": 4, "quarters": 4}
_TIMES = {"twice": 2, "double": 2, "doubles": 2, "doubled": 2, "doubling": 2, "thrice": 3}
_TIMES |= {"triple": 3, "triples": 3, "tripled": 3, "tenfold": 10}
_LOOSE = {"once": 1, "first": 1, "one": 1, "ones": 1}
_LOOSE |= dict.fromkeys(("both", "pair", "pairs", "either", "neither"), 2)
_MONTHS = "January February March April May June July August September October November December"


def _any(words: "dict[str, Fraction] | dict[str, int] | str") -> str:
    listed = words.split() if isinstance(words, str) else list(words)
    return "(?:" + "|".join(sorted(map(re.escape, listed), key=len, reverse=True)) + ")"


_DIGITS = r"(?<![A-Za-z\d.,])\d+(?:[.,]\d+)*"
_SMALL = rf"(?:{_any(_TENS)}[ -]{_any(_UNITS)}|{_any(_WORDS)})"
_HAN = "[零〇一二两三四五六七八九十百千万亿]"
# In these, a numeral does not count anything.
_IDIOMS = (
    "再三|千万(?=[别不要记注小]|得)|万一|万能|万物|千变万化|成千上万|成百上千|五颜六色|一五一十"
    "|三三两两|接二连三|三言两语|三心二意|不三不四|七零八落|乱七八糟|四处|四周|四面|四肢|五官"
    "|三原色|三角|二分法|十分(?!之)|十足|十字|百科|百姓|千克|千米|零件|零星|零散|四舍五入|第三方|半导体"
    "|半途|多半|大半|半天|两旁|两可|两难|没有两样|[几数][十百千万亿]+|十[几多来余]"
)
_VALUE_OF_ONE = (
    r"(?:to|is|are|be|been|equals?|above|below|than|volition|by|exactly|out|and) one"
    r"(?=[ ]*(?:[.,;:)?]|$|\n|if\b|in total|everywhere|whatever|as it is|now\b))"
    r"|(?:等于|为|是|到|大于|小于|高于|低于|超过|相差|归|减|加)一(?=[，。；：、？！）\s]|$)"
)
_NUMBERS = re.compile(
    rf"(?P<none>{_IDIOMS}|\b(?:per|each|split) second\b|\bseconds\b|{_any(_SCALES)}s\b)"
    rf"|(?P<date>\b(?:(?P<day>\d+) )?(?P<month>{_any(_MONTHS)}) (?P<year>\d{{4}})\b)"
    r"|(?P<decade>(?P<century>\d+) ?世纪 ?(?P<years>\d+) ?年代|\b(?P<those>\d{3}0)s\b)"
    rf"|(?P<one>{_VALUE_OF_ONE})"
    rf"|(?P<share>\b(?:(?P<many>an?|{_SMALL})[ -])(?P<share_of>{_any(_SHARES)})s?\b)"
    rf"|(?P<scaled>\b(?:(?:(?:half )?an?|{_SMALL}|\d[\d.,]*)[ -])?{_any(_SCALES)}\b"
    rf"(?:[ -](?:and )?(?:{_SMALL}|{_any(_SCALES)})\b)*)"
    rf"|(?P<small>\b(?!one\b){_SMALL}\b)"
    r"|(?P<a_second>\ba second\b)"
    rf"|(?P<part>\b{_any(_PARTS_OF_ONE)}\b)|(?P<times>\b{_any(_TIMES)}\b)"
    rf"|(?P<ordinal>\b{_any(_ORDINALS)}\b)|(?P<loose>\b{_any(_LOOSE)}\b|两者|两(?=[端头边旁侧])|[俩双])"
    rf"|(?P<han_share>(?P<whole>{_HAN}+)分之(?P<piece>{_HAN}+))"
    r"|(?P<half>一?半)|(?P<again>一倍)"
    rf"|(?P<digits>{_DIGITS}) ?(?P<unit>[%％]|per ?cent\b|[百千]?[万亿]|百|千)?"
    r"|(?P<point>(?P<before>[零〇一二三四五六七八九十]+)点(?P<after>[零〇一二三四五六七八九]+))"
    rf"|(?P<han>{_HAN}+)",
    re.IGNORECASE,
)


def numbers(text: str) -> Iterator[Token]:
    """Yield the numbers of a text, in digits and in words of both languages."""
    for match in _NUMBERS.finditer(text):
        said = {name: match[name] for name in match.groupdict() if match[name] is not None}
        for values, needed in _read(said):
            yield Token(frozenset(values), match[0], match.start(), match.end(), needed)


def _read(said: dict[str, str]) -> Iterator[tuple[set[Fraction | str], bool]]:
    """Yield the values of a match, and whether a counterpart is needed."""
    match said:
        case {"none": _}:
            return
        case {"date": _, "month": month, "year": year}:
            yield {Fraction(year)}, True
            yield {Fraction(_MONTHS.lower().split().index(month.lower()) + 1)}, True
            if "day" in said:
                yield {Fraction(said["day"])}, True
        case {"decade": _, "those": decade}:
            yield {Fraction(decade)}, True
        case {"century": century, "years": years}:
            yield {100 * (Fraction(century) - 1) + Fraction(years)}, True
        case {"one": _}:
            yield {Fraction(1)}, True
        case {"share": words, "many": many, "share_of": ordinal}:
            whole, plural = _ORDINALS[ordinal.lower()], words.lower().endswith("s")
            count = Fraction(1) if many.lower() in ("a", "an") else _english(many)
            yield ({count / whole} if plural else {count / whole, whole}), True
        case {"scaled": words} | {"small": words}:
            yield {_english(words)}, True
        case {"part": word}:
            yield {Fraction(1, _PARTS_OF_ONE[word.lower()])}, True
        case {"times": word}:
            yield {Fraction(_TIMES[word.lower()])}, True
        case {"ordinal": word}:
            yield {_ORDINALS[word.lower()]}, True
        case {"a_second": _}:  # 每秒, or 第二个
            yield {Fraction(2)}, False
        case {"loose": word}:
            yield {Fraction(_LOOSE.get(word.lower(), 2))}, False
        case {"whole": whole, "piece": piece}:
            yield {_han(piece) / _han(whole)}, True
        case {"half": _}:
            yield {Fraction(1, 2)}, True
        case {"again": _}:
            yield {Fraction(2)}, True
        case {"digits": digits}:
            yield {_digits(digits, said.get("unit", ""))}, True
        case {"before": before, "after": after}:
            decimals = "".join(str(_HAN_DIGITS[sign]) for sign in after)
            yield {f"{_han(before)}.{decimals}"}, True
        case {"han": numeral}:
            for value in _han_values(numeral):
                yield {value}, value != 1


def _english(words: str) -> Fraction:
    if words.lower().startswith("half "):
        return _english(words[len("half ") :]) / 2
    total = current = Fraction(0)
    for word in re.split(r"[ -]", words.lower()):
        if word in _SCALES:
            current = (current or Fraction(1)) * _SCALES[word]
            if _SCALES[word] >= 1000:
                total, current = total + current, Fraction(0)
                continue
        elif word in _WORDS:
            current += _WORDS[word]
        elif word[0].isdigit():
            current += Fraction(word.replace(",", ""))
    return total + current


def _digits(written: str, unit: str) -> Fraction | str:
    plain = re.sub(r",(?=\d{3}(?!\d))", "", written)
    if not re.fullmatch(r"\d+(?:\.\d+)?", plain):
        return written  # such as a version
    if unit and unit[0] in "%％p":
        return Fraction(plain) / 100
    if not unit and "." in plain:
        return plain  # 3.1 and 3.10 may be versions
    return Fraction(plain) * (_han("一" + unit) if unit else 1)


_HAN_DIGITS = {sign: at for at, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}


def _han_values(numeral: str) -> Iterator[Fraction]:
    """Yield the number that a numeral names, or the two of 两三."""
    if len(numeral) == 2 and not set(numeral) & (_HAN_SCALES.keys() | {"零", "〇"}):
        yield from map(_han, numeral)
    else:
        yield _han(numeral)


def _han(numeral: str) -> Fraction:
    if len(numeral) > 1 and not set(numeral) & _HAN_SCALES.keys():
        return Fraction("".join(str(_HAN_DIGITS[sign]) for sign in numeral))
    total = section = digit = 0
    for sign in numeral:
        if sign in _HAN_DIGITS:
            digit = _HAN_DIGITS[sign]
        elif sign == "万":
            total += (section + digit or 1) * _HAN_SCALES[sign]
            section = digit = 0
        elif sign == "亿":
            total = (total + section + digit or 1) * _HAN_SCALES[sign]
            section = digit = 0
        else:
            section += (digit or 1) * _HAN_SCALES[sign]
            digit = 0
    return Fraction(total + section + digit)

r"""The words that make a sentence a result: it counts, compares, chooses, or says never or all.

The words of a claim are held to its name. `[The cup wins]{claim=cup_wins}`
says *cup* and *wins*, and so does the name `cup_wins`; were the sentence changed to “the book
wins”, its name would not speak of a book, and the build fails. In English that
holds for each word but `LIGHT` ones. Chinese words count as the English that they translate,
so both editions are held to the same names.
"""

import re
from collections.abc import Iterator
from itertools import combinations

from engine.claims import MARK, NAMED, Claims, marks, plain
from engine.facts import Facts
from engine.markup import substitute

WORDS: dict[str, tuple[str, str]] = {
    # Telling by themselves: a sentence with one of these looks like a result.
    "2": ("two|pairs?|2", "(?<!第)[二两2](?!分之|倍)"),
    "3": ("three|3", "(?<!第)[三3](?!分之)"),
    "4": ("four|4", "(?<!第)[四4](?!分之)"),
    "5": ("five|5", "(?<!第)[五5](?!分之)"),
    "6": ("six|sixth|6", "[六6](?!分之)"),
    "7": ("seven|7", "(?<!第)[七7](?!分之)"),
    "8": ("eight|8", "(?<!第)[八8](?!分之)"),
    "9": ("nine|9", "(?<!第)[九9](?!分之)"),
    "10": ("ten|10", "十(?!万|分之)|10"),
    "12": ("twelve|12", "十二|12"),
    "16": ("sixteen|16", "十六|16"),
    "50": ("fifty|50", "五十|50"),
    "100": ("hundreds?|100", "百|十万|100"),
    "1000": ("thousands?|1000", "千|十万|1000"),
    "half": ("half|halves|halved", "一半|半数|减半"),
    "third": ("thirds?", "三分之|第三"),
    "quarter": ("quarters?", "四分之"),
    "fifth": ("fifths?", "五分之"),
    "tenth": ("tenths?", "十分之|九成"),
    "twice": ("twice|doubles?|doubled", "[两二]倍|翻倍|加倍"),
    "more": (
        "more|larger|greater|higher|bigger|rises?|rose|risen|rising|grows?|exceeds?|overtakes?"
        "|increases?|beats?|raises?|raised",
        "更多|更大|更高|大于|高于|多于|超过|胜过|升|增加|增大|变大|反超|多倍",
    ),
    "less": (
        "less|fewer|smaller|lower|falls?|fell|falling|drops?|decreases?|shrinks?|lowers|lowered|reduces?|reduced",
        "更少|更小|更低|小于|低于|少于|不到(?=[一二三四五六七八九十半])|不足|不如|降|减少|减小|变小",
    ),
    "overstates": ("overstates?|overstated", "夸大|高估"),
    "understates": ("understates?|understated", "低估"),
    "most": (
        "most|largest|greatest|highest|biggest|maximum|max|peaks?",
        "最[大高多]|大多|多数",
    ),
    "least": ("least|smallest|lowest|fewest|minimum|min", "最[小低少]"),
    "at least": ("at least", "至少"),
    "at most": ("at most", "至多"),
    "better": ("better|best", "更好|最好"),
    "worse": ("worse|worst", "更差|更糟|最差"),
    "longer": ("longer|longest", "更长|最长"),
    "shorter": ("shorter|shortest", "更短|最短"),
    "stronger": ("stronger|strongest", "更[强浓]|最[强浓]"),
    "weaker": ("weaker|weakest", "更弱|最弱"),
    "wider": ("wider|widest", "更宽|最宽"),
    "narrower": ("narrower|narrowest", "更窄|最窄"),
    "sharper": ("sharper|sharpest", "更尖|最尖"),
    "brighter": ("brighter|brightest", "更亮|最亮"),
    "darker": ("darker|darkest", "更[暗深]|最[暗深]"),
    "all": (
        "all|every|everywhere|everything|each|always|whole|any",
        "总是|全部|所有|每|任何|全(?!连接)",
    ),
    "only": ("only|alone|nothing but", "(?<![一两二三几])只|仅|唯一"),
    "never": (
        "never|none|nobody|nowhere",
        "从不|从未|永不|绝不|没有一|无一|任何.{0,6}都不|都不|都没",
    ),
    "exactly": ("exactly", "恰好|正好|恰恰"),
    "nearly": (
        "nearly|almost|about|roughly|close to|approximately",
        "几乎|差不多|大约|约|左右|将近",
    ),
    "same": (
        "same|equal|equally|equals|identical|unchanged|agrees?",
        "相同|同样|一样|相等|同一|不变|一致",
    ),
    "wins": (
        "wins?|won|winner|chooses?|chosen|picks?|picked|goes to|lands? on|ends? (at|on)",
        "赢|胜出|获胜|选中|选了|选择|选的|落在|落到|看的是|停在",
    ),
    "loses": ("loses?|lost|fails?|misses|missed", "输(?![出入])|落败|失败|找不到|没找到|漏"),
    "finds": ("finds?|found", "找到|找着|找得到"),
    # Telling within a claim: words that many other sentences have, too.
    "not": (
        r"not|no|cannot|without|neither|nor|nothing|\w+n't|un\w+ed",
        "(?<!差)不(?![同过仅但断妨必变到足如])|没|无(?!论)|未|非(?!自主)",
    ),
    "zero": ("zero|0", "零|0"),
    "positive": ("positive", "为正|正数|正值"),
    "negative": ("negative", "为负|负数|负值"),
    "first": ("first(?!,)|1st", "首先|第一|最先|(?<!优)先"),
    "second": ("second(?!,)|2nd", "第二"),
    "last": ("last|end", "最后|末"),
    "left": ("left", "左(?!右)"),
    "right": ("right", "(?<!左)右"),
    "above": ("above|top|upper|up|over", "上方|上面|上边|上半|顶|高出"),
    "below": ("below|bottom|lower|under|beneath|down", "下方|下面|下边|下半|底"),
    "between": ("between|middle|midway|centre|centred", "之间|中间|中心|当中|中央"),
    "diagonal": ("diagonals?", "对角线"),
    "rows": ("rows?", "(?<![一每])行"),
    "columns": ("columns?", "(?<![排陈])列(?![出为进在表只举入])"),
    "early": ("early|earlier|earliest|before|sooner", "早|前期|之前|以前"),
    "late": ("late|later|latest|after", "晚|后期|之后|以后"),
    "faster": ("faster|quicker", r"快(?=\s)|[更较]快"),
    "slower": ("slower", r"慢(?=\s)|[更较]慢"),
    "near": ("near|nearer|nearest|closer|closest", "近"),
    "far": ("far|farther|farthest|further|outside", "远|之外|以外|框外"),
    "sums": ("sums?|adds?|total", "和(?=是|为|等)|加起来|相加|总和"),
    "different": (
        "different|differs?|differences?|others?|else|elsewhere",
        "不同|别的|其他|其它|另|相差",
    ),
    "changes": ("changes?|changed", "改变|变了|变化"),
    "query": ("query|queries", "查询"),
    "key": ("keys?", "键(?!盘)"),
    "feature": ("features?", "特征"),
    "conjunction": ("conjunctions?", "联合"),
    "cup": ("cups?|saucer|coffee", "咖啡杯|杯子|杯|咖啡"),
    "book": ("books?", "(?<![教科读])书(?!桌)"),
    "newspaper": ("newspapers?", "报纸"),
    "notebook": ("notebooks?", "笔记本"),
    "paper": ("papers?", "论文|(?<!报)纸"),
    "red": ("red|reddish|redness", "红"),
    "green": ("green|greenish", "绿"),
    "blue": ("blue|bluish", "蓝"),
    "yellow": ("yellow|yellowish", "黄"),
    "grey": ("gr[ea]y", "灰"),
    "bright": ("bright|brighter|brightest|light|white", "亮|(?<!空)白"),
    "dark": ("dark|darker|darkest|black", "(?<!明)暗|黑|(?<![最更])深(?!度)"),
    "strong": ("strong", "(?<![最更])浓"),
    "faint": ("faint|fainter", "浅|淡"),
    "blank": ("blank", "空白"),
    "spread": ("spreads?|scatters?|scattered", "分散"),
    "gathers": (
        "gathers?|gathered|sharpens?|sharpened|concentrates?|concentrated",
        "集中|聚集|收集",
    ),
    "allowed": ("allowed|allows?", "(?<!不)允许"),
    "forbidden": ("forbidden|forbids?", "禁止"),
    "average": ("averages?|averaged|averaging|mean", "平均"),
    "random": ("random|randomly", "随机"),
    "unguided": ("unguided", "无引导|没有引导"),
    "volitional": ("volitional cues?", "(?<!非)自主性提示"),
    "nonvolitional": ("nonvolitional cues?", "非自主性提示"),
    "soft": ("soft", "软(?!件)"),
    "hard": ("hard(?! to)", "硬(?!盘)"),
    "flat": ("flat", "平的|水平线"),
    "steep": ("steep|steeper", "陡"),
}
"""What a word tells, in English and in Chinese, from the plainest name of it."""

PLACES = ("first", "second", "last", "left", "right", "above", "below", "between")
"""Telling in what is said of a picture."""
RESULTS = tuple(WORDS)[: tuple(WORDS).index("not")]
"""Telling by themselves."""

NAMES = tuple(WORDS)[tuple(WORDS).index("cup") :]
"""What things are called."""

STEADY = {*NAMES, "diagonal", "overstates", "understates"} - {"strong"}
"""Said in both languages, or in neither."""
ORDERED = {
    "at least",
    "at most",
    "more",
    "less",
    "left",
    "right",
    "longer",
    "shorter",
    "wider",
    "narrower",
    "sharper",
}
"""Said in Chinese only if in English, which has more words for them."""

OPPOSITES = (
    ("more", "less"),
    ("longer", "shorter"),
    ("stronger", "weaker"),
    ("wider", "narrower"),
    ("brighter", "darker"),
    ("better", "worse"),
    ("positive", "negative"),
    ("left", "right"),
    ("early", "late"),
    ("faster", "slower"),
    ("near", "far"),
    ("rows", "columns"),
    ("wins", "loses"),
    ("finds", "loses"),
    ("gathers", "spread"),
    ("allowed", "forbidden"),
    ("soft", "hard"),
)
"""Where English says one, Chinese must not say the other instead."""
TURNS = (*OPPOSITES[1:], ("first", "last"), ("above", "below"))
"""Where both editions say each once, they say them in the same order; but for more and less, which
often stand in a condition, and Chinese puts that first."""

IN_ORDER = (*NAMES, *(told for told in WORDS if told.isdigit()), "half", "twice", "one")
"""Who has more than whom, and how many became how many."""

RETAINED = {"zero", "half", "twice", "nearly", "exactly", "never", "more", "less", "most", "least"}
"""What a sentence must say if the name of its claim does."""

AROUND = {*RESULTS, *NAMES, "first", "second"}
"""Held in each sentence that states a fact or a claim, also around it."""

NO_SENTENCES = (
    r"\A---\n(?s:.*?)\n---\n"  # front matter
    r"|^([ ]*)(`{3,})[^\n]*\n(?s:.*?)^[ ]*\2[ ]*$"  # code
    r"|\$\$(?s:.*?)\$\$"
    r"|^#+ .*$|^[ ]*/{3,}.*$|^[ ]{4}(?:type|attrs|options|members|answer): .*$|^!!! .*$"
    r"|^\|[ :|-]+\|$"
    r"|^\([ x]\) .*$"  # options of a question, of which most are wrong
)
NO_WORDS = (
    r"\{\{.*?\}\}|\[[^][]*\]\([^)]*\)|\]\([^)]*\)|\]\[[^]]*\]|\{[^}]*\}|\$[^$]*\$|`[^`]*`|<[^>]*>"
)

RANGE = re.compile(r"(?:between|from) \{\{\s*(\w+)[^}]*\}\} (?:and|to) \{\{\s*(\w+)[^}]*\}\}")

LIGHT = re.compile(
    r"a|an|and|are|as|at|be|become|been|both|but|by|can|cannot|come|comes|could|did|do"
    r"|does|end|ends|for|from|get|gets|had|has|have|he|her|here|his|how|i|in|is|it|its"
    r"|keep|leave|lies|look|looks|may|mean|means|must|name|no|not|of|on|one|ones|or|our"
    r"|own|so|some|still|such|take|takes|tell|than|that|the|their|them|then|there|these"
    r"|they|thing|things|this|those|time|to|too|turn|turns|was|ways|we|were|what"
    r"|whatever|when|where|which|while|who|will|with|work|works|would|you|your",
    re.IGNORECASE,
)
"""Words that any claim may use."""


def _compiled(words: str, language: str) -> re.Pattern[str]:
    bounded = rf"(?<![A-Za-z0-9])(?:{words})(?![A-Za-z0-9])"
    return re.compile(bounded if language == "en" else words, re.IGNORECASE)


THINGS = ("cup", "book", "newspaper", "notebook", "paper", "query", "key", "feature")
WORDS |= {  # who gives and who takes
    f"from {name}": (
        f"from (?:the |a )?(?:{WORDS[name][0]})",
        f"从(?:{WORDS[name][1]})",
    )
    for name in THINGS
}

PATTERNS = {
    language: {
        name: _compiled(pair[place], language)
        for name, pair in (WORDS | {"one": ("one", "一个")}).items()
    }
    for place, language in enumerate(("en", "zh"))
}


def tells(text: str, language: str) -> dict[str, str]:
    """Return what a text tells, with the words that do."""
    found = {}
    for name in WORDS:
        if (match := PATTERNS[language][name].search(text)) is not None:
            found[name] = match[0]
    return found


def places(spoken: dict[str, str], name: str) -> list[int]:
    """Return the places where a text, given as what it says in each language, tells something."""
    found = (PATTERNS[language][name].finditer(text) for language, text in spoken.items())
    return [match.start() for matches in found for match in matches]


def unsupported(claims: Claims, markdown: str, language: str) -> Iterator[tuple[int, str]]:
    """Yield the place of words that no name of a claim or fact supports, and what is wrong.

    The words of a claim are held to its name. What an English sentence says around its claims
    and facts is held to the names of all; of a translation, `parallel.py` sees that it says
    the same.
    """
    for match in marks(markdown):
        if match["kind"] == "claim" and match["name"] in claims.known:
            words = re.sub(r"\{\{.*?\}\}|\$[^$]*\$|`[^`]*`", " ", plain(match["words"]))
            wrong = _beside_name(words, match["name"], language)
            if language == "en" and not wrong:
                sentence = markdown[
                    markdown.rfind("\n", 0, match.start()) + 1 : markdown.find("\n", match.end())
                ]
                wrong = _left_out(match["name"], sentence)
            if wrong:
                yield match.start(), f"“{words}” {wrong}"
    if language == "en":
        yield from _around(claims, markdown)
        yield from _swapped(claims.facts, markdown)


def _beside_name(words: str, name: str, language: str) -> str:
    """Say what the words of a claim and its name do not share."""
    said, named = tells(words, language), tells(_spaced(name), "en")
    supported = named.keys() | ({"not"} if "never" in named else set())
    unknown = {word for told, word in said.items() if told not in supported}
    if language == "en":
        stems = {one[:4] for one in name.split("_")}
        unknown |= {
            word
            for word in re.findall("[A-Za-z]+", words)
            if not LIGHT.fullmatch(word)
            and word[:4].lower() not in stems
            and not tells(word, "en").keys() & supported
        }
    if unknown:
        return f"says {_quoted(unknown)}, and its claim {name} does not"
    if ("not" in said or "never" in said) != ("not" in named or "never" in named):
        return f"and its claim {name} do not agree on what they deny"
    orders = [_order(words, language), _order(_spaced(name), "en")]
    shared = set(orders[0]) & set(orders[1])
    if len({tuple(told for told in one if told in shared) for one in orders}) > 1:
        return f"says this in another order than its claim {name}"
    return ""


def _left_out(name: str, sentence: str) -> str:
    """Say what the name of a claim tells and the sentence around its words does not."""
    said = tells(re.sub(NO_WORDS, " ", sentence), "en").keys()
    named = tells(_spaced(name), "en")
    if missing := {named[told] for told in named.keys() & RETAINED - said}:
        return f"leaves out {_quoted(missing)} of its claim {name}"
    return ""


def _order(text: str, language: str) -> list[str]:
    """Return the things and numbers that a text names, in their order."""
    found = [
        (match.start(), told)
        for told in IN_ORDER
        if (match := PATTERNS[language][told].search(text)) is not None
    ]
    return [told for _, told in sorted(found)]


def _around(claims: Claims, markdown: str) -> Iterator[tuple[int, str]]:
    """Look at what stands outside the marks of sentences that state a fact or a claim."""
    text = sentences(markdown)
    outside = substitute(MARK, _blank, text)
    place = 0
    for line, around in zip(text.splitlines(True), outside.splitlines(), strict=True):
        names = [fact or claim for fact, claim in NAMED.findall(line)]
        values = [claims.facts.values.get(name, "") for name in names]
        supported = tells(_spaced(f"{names} {values}"), "en").keys()
        said = tells(re.sub(NO_WORDS, " ", around), "en")
        unknown = {said[told] for told in said.keys() & AROUND - supported}
        if names and unknown:
            yield (
                place,
                f"“{line.strip()}” says {_quoted(unknown)}, and no fact or claim in it does: "
                f"take the words into a claim, or let one of {', '.join(names)} say it",
            )
        place += len(line)


def _swapped(facts: Facts, markdown: str) -> Iterator[tuple[int, str]]:
    """Look at whether the facts of a sentence stand in the order of the words in their names."""
    place = 0
    for line in sentences(markdown).splitlines(True):
        stems: dict[str, list[int]] = {}
        for word in re.finditer("[A-Za-z]+", re.sub(NO_WORDS, lambda one: " " * len(one[0]), line)):
            stems.setdefault(word[0][:4].lower(), []).append(word.start())
        for one, other in combinations(re.findall(r"\{\{\s*(\w+)", line), 2):
            parts = [{part[:4] for part in name.split("_")} for name in (one, other)]
            first, second = (
                [stems[stem][0] for stem in own if len(stems.get(stem, ())) == 1]
                for own in (parts[0] - parts[1], parts[1] - parts[0])
            )
            if first and second and min(first) > max(second):
                yield (
                    place,
                    f"“{line.strip()}” speaks of {other} before {one}: are they swapped?",
                )
        falls = re.search(r"\b(?:falls?|drops?|shrinks?)\b[]}{=\w]* from", line) is not None
        for one, other in RANGE.findall(line):
            values = [facts.values.get(name) for name in (one, other)]
            numbers = [value for value in values if isinstance(value, int | float)]
            if numbers != sorted(numbers, reverse=falls):
                yield place, f"“{line.strip()}” has {one} before {other}: are they swapped?"
        place += len(line)


def sentences(markdown: str) -> str:
    """Blank what holds no sentences: front matter, code, formulas, headings, options."""
    return re.sub(NO_SENTENCES, _blank, markdown, flags=re.M)


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _quoted(words: set[str]) -> str:
    return ", ".join(f"“{word}”" for word in sorted(words))

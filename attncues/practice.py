"""Check what a reader has written for an exercise, case by case, and say in words what came.

`check` tries the reader's functions on inputs of its own. It knows what common mistakes give
for each of them, so it can name the mistake and not only the difference. A page runs this file
in the reader's browser, by MicroPython, and a notebook runs it with torch.
"""

from collections.abc import Callable
from typing import Any

import torch

from attncues.pooling import attention_pooling, dot_product, gaussian, scaled_dot_product

NEAR = 1e-4
"""How far a number may be from the right one."""

OBJECTS = ("newspaper", "paper", "cup", "notebook", "book", "desk")
"""The places of a desk in the exercise of the query; the last one is bare."""

WORDS = {
    "en": {
        "colon": ": ",
        # The page says these of all cases, or in their place.
        "solved": "Solved: all {1} cases pass.",
        "some": "{0} of {1} cases pass.",
        "early": "Your code stops before the check.",
        "line": "Line {0}",
        "limit": "Stopped after ten seconds. Does the loop end?",
        "reader": "Stopped.",
        "right": "{title}: right.",
        "wrong": "{title}: given {given}, expected {expected}, but got {got}.",
        "raised": "{title}: given {given}, expected {expected}, but it stopped with {error}.",
        "nothing": "{title}: given {given}, expected {expected}, but it returned nothing. "
        "Does the function end with return?",
        "no tensor": "{title}: given {given}, expected {expected}, but got a {got}, "
        "which is no tensor.",
        "missing": "There is nothing called {name}. The checks look for that name.",
        "no function": "{name} is no function. Define it with def {name}(...).",
        "shape": "Its shape is {got}, and should be {expected}.",
        "not a number": "NaN means not a number: somewhere infinity was divided by infinity, "
        "or zero by zero.",
        # softmax
        "one row": "One row",
        "two rows": "Two rows",
        "negative scores": "Negative scores",
        "large scores": "Large scores",
        "very low scores": "Very low scores",
        "rows far apart": "Rows far apart",
        "a batch": "A batch of rows",
        "first axis": "Each column sums to one. It should be each row: exponentials and sums run "
        "along the last axis, dim=-1.",
        "all at once": "All entries together sum to one. It should be each row: sum with dim=-1 "
        "and keepdim=True.",
        "not divided": "These are the exponentials. Divide them by the sum of their row.",
        "not exponentiated": "These are the scores, divided by their sum. Exponentiate them first.",
        "overflow": "The exponentials of such scores are infinity or all zero, and their division "
        "gives no number. Subtract the largest score of each row first.",
        "one shift for all": "The largest score of all was subtracted. In a row far below it all "
        "exponentials are zero. Subtract from each row its own largest score.",
        # pooling
        "no mask": "All keys allowed",
        "a masked key": "One key masked",
        "a mask for each query": "A mask for each query",
        "one key left": "One key left",
        "a strong masked key": "The best key masked",
        "mask forgotten": "The masked keys still have weight. Give them a score of minus infinity "
        "before the softmax.",
        "mask inverted": "The weight went to the keys that are masked. True marks a key that the "
        "query may attend to.",
        "masked afterwards": "The masked keys have no weight, but the other weights sum to less "
        "than one. Mask the scores before the softmax, not the weights after it.",
        "score of zero": "The masked keys have a score of zero, and zero still gets weight. "
        "The score must be minus infinity.",
        "not scaled": "The scores are not divided by the square root of the number of features.",
        "over the queries": "The softmax runs over the queries. Each query spreads its weight over "
        "the keys: dim=-1.",
        "average": "All allowed keys weigh the same. Do the weights depend on the scores?",
        "keys pooled": "The keys were averaged. Average the values.",
        # shades
        "strong and weak": "A strong panel and a weak one",
        "an even panel": "A panel of equal weights",
        "wide panels": "More keys than queries",
        "smallest not zero": "No weight near zero",
        "alone and turned": "Two things mislead: each panel has a scale of its own, and queries "
        "and keys are exchanged.",
        "each alone": "Each panel has a scale of its own, so a weak panel looks as strong as a "
        "strong one. Let all panels share one scale.",
        "turned": "Queries and keys are exchanged. The row of a query should stay its row.",
        "white is not zero": "The smallest weight is drawn white, though it is not zero. White "
        "should mean a weight of zero.",
        "each by its largest": "Each panel is divided by its own largest weight, so a weak panel "
        "looks as strong as a strong one. Divide by the largest weight of all panels.",
        # query
        "six numbers": "Six numbers",
        "query shape": "query should be a tensor of six numbers, one for each map, and is {got}.",
        "desk": "Desk {number}",
        "cup wins": "{title}: the cup wins with a score of {cup}.",
        "another wins": "{title}: expected the cup to have the largest score, but it has {cup}, "
        "and {winner} has {score}. {why}",
        "tie": "{title}: expected the cup to have the largest score, but all have {cup}. {why}",
        "because colour": "On this desk nothing has colour, so asking for colour changes nothing.",
        "because zero": "A query of zeros asks for nothing.",
        "winner newspaper": "the newspaper",
        "winner paper": "the paper",
        "winner notebook": "the notebook",
        "winner book": "the book",
        "winner desk": "a bare place of the desk",
        "because newspaper": "It has the strongest bright places. The cup hardly has any.",
        "because paper": "It has strong bright places. The cup hardly has any.",
        "because notebook": "It has strong bright places. The cup hardly has any.",
        "because book": "It is darker than the cup. But it has bright print, too, and the cup has "
        "not.",
        "because desk": "A place that answers to nothing has a score near zero, so the cup needs "
        "more than that: something must speak for it.",
        # scores
        "dot": "Dot product",
        "dot rectangular": "Dot product, two queries and three keys",
        "scaled": "Scaled dot product",
        "scaled rectangular": "Scaled dot product, nine features",
        "gauss": "Gaussian",
        "gauss rectangular": "Gaussian, two queries and three keys",
        "keys by queries": "Queries and keys are exchanged. A row belongs to a query.",
        "no root": "It is divided by the number of features. Divide by its square root.",
        "product of features": "Features were multiplied, and not summed.",
        "no half": "The squared distance is not halved.",
        "no minus": "It grows with the distance. The nearest key should have the highest score, "
        "so a minus sign is missing.",
        "no half, no minus": "This is the squared distance. Halve it, and give it a minus sign.",
        "not squared": "The distance is not squared.",
        "exponentiated": "This is the exponential of the score. The softmax does that later.",
        "still the dot product": "This is the dot product. The Gaussian score depends on the "
        "distance between query and key.",
    },
    "zh": {
        "colon": "：",
        "solved": "已完成：{1} 个用例全部通过。",
        "some": "{1} 个用例通过了 {0} 个。",
        "early": "代码还没运行到检查就中断了。",
        "line": "第 {0} 行",
        "limit": "运行超过 10 秒，已停止。循环会结束吗？",
        "reader": "已停止。",
        "right": "{title}：正确。",
        "wrong": "{title}：给定 {given}，应得 {expected}，实际得到 {got}。",
        "raised": "{title}：给定 {given}，应得 {expected}，但运行中断：{error}。",
        "nothing": "{title}：给定 {given}，应得 {expected}，但什么也没有返回。"
        "函数末尾写了 return 吗？",
        "no tensor": "{title}：给定 {given}，应得 {expected}，实际得到 {got}，不是张量。",
        "missing": "没有名为 {name} 的东西，检查时要找这个名字。",
        "no function": "{name} 不是函数。请用 def {name}(...) 定义。",
        "shape": "形状是 {got}，应为 {expected}。",
        "not a number": "NaN 表示“不是数”，说明某处用无穷大除以了无穷大，或用 0 除以了 0。",
        "one row": "一行得分",
        "two rows": "两行得分",
        "negative scores": "负的得分",
        "large scores": "很大的得分",
        "very low scores": "很低的得分",
        "rows far apart": "相差很远的两行",
        "a batch": "一批得分",
        "first axis": "现在每一列的和是 1，应当是每一行的和是 1。"
        "求指数之和时，要沿最后一个轴，也就是 dim=-1。",
        "all at once": "现在所有数加起来才是 1，应当每一行各自是 1。"
        "求和时用 dim=-1 和 keepdim=True。",
        "not divided": "这些只是指数，还要除以所在行的和。",
        "not exponentiated": "这是得分除以得分之和。应当先取指数。",
        "overflow": "这样的得分，指数不是无穷大就是全为 0，相除得不到数。"
        "请先减去每一行最大的得分。",
        "one shift for all": "减去的是全体得分中最大的一个，"
        "远低于它的那一行，指数全都成了 0。每一行应当减去自己最大的得分。",
        "no mask": "所有键都能看",
        "a masked key": "遮盖一个键",
        "a mask for each query": "每个查询各有掩码",
        "one key left": "只剩一个键",
        "a strong masked key": "遮盖最匹配的键",
        "mask forgotten": "被遮盖的键仍有权重。请在 softmax 之前把这些键的得分设为负无穷。",
        "mask inverted": "权重给了被遮盖的键。True 标出的是查询可以看的键。",
        "masked afterwards": "被遮盖的键没有权重了，但其余权重之和不到 1。"
        "应当在 softmax 之前遮盖得分，而不是在之后遮盖权重。",
        "score of zero": "被遮盖的键得分是 0，而得分为 0 仍有权重。得分必须是负无穷。",
        "not scaled": "得分没有除以特征数的平方根。",
        "over the queries": "softmax 沿着查询做了。每个查询应当把权重分给各个键：dim=-1。",
        "average": "能看的键权重全都一样。权重用到得分了吗？",
        "keys pooled": "平均的是键。应当对值取平均。",
        "strong and weak": "一幅强，一幅弱",
        "an even panel": "权重全都相等的一幅",
        "wide panels": "键比查询多",
        "smallest not zero": "没有接近 0 的权重",
        "alone and turned": "有两处误导：每幅图各用一套色阶，而且查询和键对调了。",
        "each alone": "每幅图各用一套色阶，弱的看起来和强的一样强。请让所有图共用一套色阶。",
        "turned": "查询和键对调了。一个查询的那一行，画出来还应是那一行。",
        "white is not zero": "最小的权重画成了白色，可那并不是 0。白色应当表示权重为 0。",
        "each by its largest": "每幅图除以的是自己最大的权重，弱的看起来和强的一样强。"
        "请除以所有图中最大的权重。",
        "six numbers": "六个数",
        "query shape": "query 应当是有六个数的张量，每幅特征图对应一个数，现在是 {got}。",
        "desk": "第 {number} 张书桌",
        "cup wins": "{title}：咖啡杯胜出，得分 {cup}。",
        "another wins": "{title}：咖啡杯的得分应当最大，但只有 {cup}，{winner}有 {score}。{why}",
        "tie": "{title}：咖啡杯的得分应当最大，但全都是 {cup}。{why}",
        "because colour": "这张书桌上没有一样带颜色，所以问颜色没有用。",
        "because zero": "全是 0 的查询什么也没有问。",
        "winner newspaper": "报纸",
        "winner paper": "论文",
        "winner notebook": "笔记本",
        "winner book": "书",
        "winner desk": "空桌面",
        "because newspaper": "报纸上有最强的亮处，咖啡杯几乎没有亮处。",
        "because paper": "论文上有很强的亮处，咖啡杯几乎没有亮处。",
        "because notebook": "笔记本上有很强的亮处，咖啡杯几乎没有亮处。",
        "because book": "书比咖啡杯更暗，但书上还有亮的字，咖啡杯没有。",
        "because desk": "什么都不像的地方，得分接近 0，咖啡杯必须更高，"
        "所以总得有点什么替咖啡杯说话。",
        "dot": "点积",
        "dot rectangular": "点积，两个查询、三个键",
        "scaled": "缩放点积",
        "scaled rectangular": "缩放点积，九个特征",
        "gauss": "高斯得分",
        "gauss rectangular": "高斯得分，两个查询、三个键",
        "keys by queries": "查询和键对调了。一行属于一个查询。",
        "no root": "除以的是特征数，应当除以特征数的平方根。",
        "product of features": "特征只是相乘，还没有求和。",
        "no half": "距离的平方还没有除以 2。",
        "no minus": "距离越大，得分反而越高。最近的键应当得分最高，所以少了一个负号。",
        "no half, no minus": "这是距离的平方，还要除以 2，再加上负号。",
        "not squared": "距离还没有取平方。",
        "exponentiated": "这是得分的指数。取指数是 softmax 以后要做的事。",
        "still the dot product": "这是点积。高斯得分取决于查询和键之间的距离。",
    },
}
"""What feedback says, in two languages."""


class Feedback:
    """What became of each case.

    Attributes:
        cases: For each, whether it passed, and a sentence.
    """

    def __init__(self, cases: list[tuple[bool, str]]) -> None:
        self.cases = cases

    @property
    def failed(self) -> int:
        """How many cases did not pass."""
        return sum(not passed for passed, _ in self.cases)

    @property
    def solved(self) -> bool:
        """Whether all cases passed."""
        return self.failed == 0

    def __repr__(self) -> str:
        marks = {True: "✓ ", False: "✗ "}
        return "\n".join(marks[passed] + " ".join(said.split()) for passed, said in self.cases)


def check(exercise: str, space: dict[str, Any], lang: str = "en") -> Feedback:
    """Try what a reader has written on the cases of an exercise.

    Args:
        exercise: One of `EXERCISES`.
        space: What the reader's code has left, by name: `globals()`.
        lang: The language of the feedback, `"en"` or `"zh"`.

    Returns:
        The cases; written out, a line for each.
    """
    cases: list[tuple[bool, str]] = []
    names, judge = EXERCISES[exercise]
    words = WORDS[lang]
    for name in names:
        if name not in space:
            cases.append((False, words["missing"].format(name=name)))
        elif name not in ("query", "desks") and not callable(space[name]):
            cases.append((False, words["no function"].format(name=name)))
    return Feedback(cases or judge(space, words))


def _try(
    function: Callable[..., Any],
    words: dict[str, str],
    title: str,
    given: list[tuple[str, Any]],
    expected: Any,
    mistakes: list[tuple[str, Any]],
) -> tuple[bool, str]:
    """Call a function of a reader, and say what came.

    Args:
        function: What the reader has written.
        words: Of the language.
        title: The key of the words that call the case something.
        given: The arguments by name.
        expected: The right result.
        mistakes: What a mistake would give, after the key of the words that name it.
    """
    told = {
        "title": words[title],
        "given": ", ".join([name + " = " + written(value) for name, value in given]),
        "expected": written(expected),
    }
    try:
        got = function(*[value for _, value in given])
    except Exception as error:
        told["error"] = type(error).__name__ + words["colon"] + str(error)
        return False, words["raised"].format(**told)
    if got is None:
        return False, words["nothing"].format(**told)
    if not isinstance(got, torch.Tensor):
        told["got"] = type(got).__name__
        return False, words["no tensor"].format(**told)
    if same(got, expected):
        return True, words["right"].format(**told)
    told["got"] = written(got)
    said = words["wrong"].format(**told)
    gap = "" if words["colon"] == "：" else " "
    for name, mistaken in mistakes:
        if same(got, mistaken) and not same(expected, mistaken):
            return False, said + gap + words[name]
    if tuple(got.shape) != tuple(expected.shape):
        return False, said + gap + words["shape"].format(
            got=tuple(got.shape), expected=tuple(expected.shape)
        )
    if any(number != number for number in flat(got.tolist())):
        return False, said + gap + words["not a number"]
    return False, said


def flat(value: Any) -> list[Any]:
    """List the numbers of nested lists."""
    if not isinstance(value, list):
        return [value]
    return [number for part in value for number in flat(part)]


def same(one: Any, other: Any) -> bool:
    """Tell whether two tensors have the same shape, and numbers that are near; NaN is like NaN."""
    if tuple(one.shape) != tuple(other.shape):
        return False
    for a, b in zip(flat(one.tolist()), flat(other.tolist())):  # noqa: B905 (MicroPython)
        near = a == b or (a != a and b != b) or abs(a - b) <= NEAR * max(1, abs(b))
        if not near:
            return False
    return True


def written(value: Any) -> str:
    """Write a tensor as nested lists of numbers with three decimals at most."""
    if isinstance(value, torch.Tensor):
        value = value.tolist()
    if isinstance(value, list):
        return "[" + ", ".join([written(part) for part in value]) + "]"
    if isinstance(value, (bool, int)):
        return str(value)
    if value != value:
        return "NaN"
    if value in (torch.inf, -torch.inf):
        return "∞" if value > 0 else "−∞"
    text = f"{value:.3f}"
    while text[-1] == "0":
        text = text[:-1]
    if text[-1] == ".":
        text = text[:-1]
    return "0" if text == "-0" else text.replace("-", "−")


def _softmax(space: dict[str, Any], words: dict[str, str]) -> list[tuple[bool, str]]:
    rows = [
        ("one row", [[1.0, 2.0, 3.0]]),
        ("two rows", [[1.0, 2.0, 3.0], [3.0, 1.0, 1.0]]),
        ("negative scores", [[-1.0, 0.0, 2.0]]),
        ("a batch", [[[0.0, 1.0], [2.0, 0.0]], [[1.0, 1.0], [0.0, 3.0]]]),
        ("large scores", [[1000.0, 1001.0, 1002.0]]),
        ("very low scores", [[-1000.0, -1001.0]]),
        ("rows far apart", [[1000.0, 1001.0], [0.0, 1.0]]),
    ]
    cases = []
    for title, listed in rows:
        scores = torch.tensor(listed)
        exponentials = scores.exp()
        shifted = (scores - scores.max()).exp()
        mistakes = [
            ("overflow", exponentials / exponentials.sum(dim=-1, keepdim=True)),
            ("one shift for all", shifted / shifted.sum(dim=-1, keepdim=True)),
            ("first axis", scores.softmax(dim=-2)),
            ("first axis", scores.softmax(dim=0)),
            ("first axis", exponentials / exponentials.sum(dim=0, keepdim=True)),
            ("all at once", exponentials / exponentials.sum()),
            ("all at once", shifted / shifted.sum()),
            ("not divided", exponentials),
            ("not divided", (scores - scores.amax(dim=-1, keepdim=True)).exp()),
            ("not exponentiated", scores / scores.sum(dim=-1, keepdim=True)),
        ]
        given = [("scores", scores)]
        right = scores.softmax(dim=-1)
        cases.append(_try(space["softmax"], words, title, given, right, mistakes))
    return cases


def _pooling(space: dict[str, Any], words: dict[str, str]) -> list[tuple[bool, str]]:
    queries = torch.tensor([[2.0, 0.0, 0.0, 0.0], [0.0, 0.0, 2.0, 2.0]])
    keys = torch.tensor([[2.0, 0.0, 0.0, 0.0], [1.0, 0.0, 1.0, 0.0], [0.0, 0.0, 1.0, 1.0]])
    values = torch.tensor([[0.0, 10.0], [20.0, 10.0], [20.0, 40.0]])
    both = [True, True, True]
    masks = [
        ("no mask", [both, both]),
        ("a masked key", [[True, True, False], [True, True, False]]),
        ("a mask for each query", [[True, True, False], [False, True, True]]),
        ("a strong masked key", [[False, True, True], [True, True, False]]),
        ("one key left", [[False, True, False], [False, False, True]]),
    ]
    scores = scaled_dot_product(queries, keys)
    plain = dot_product(queries, keys)
    cases = []
    for title, listed in masks:
        mask = torch.tensor(listed)
        shown = scores.where(mask, -torch.inf)
        mistakes = [
            ("not scaled", plain.where(mask, -torch.inf).softmax(dim=-1) @ values),
            ("mask forgotten", scores.softmax(dim=-1) @ values),
            ("mask forgotten", plain.softmax(dim=-1) @ values),
            ("mask inverted", scores.where(~mask, -torch.inf).softmax(dim=-1) @ values),
            ("masked afterwards", scores.softmax(dim=-1).where(mask, 0.0) @ values),
            ("masked afterwards", plain.softmax(dim=-1).where(mask, 0.0) @ values),
            ("score of zero", scores.where(mask, 0.0).softmax(dim=-1) @ values),
            ("score of zero", plain.where(mask, 0.0).softmax(dim=-1) @ values),
            ("over the queries", shown.softmax(dim=0) @ values),
            ("average", torch.zeros(2, 3).where(mask, -torch.inf).softmax(dim=-1) @ values),
            ("keys pooled", shown.softmax(dim=-1) @ keys),
        ]
        given = [("queries", queries), ("keys", keys), ("values", values), ("mask", mask)]
        right, _ = attention_pooling(queries, keys, values, mask=mask)
        cases.append(_try(space["pool"], words, title, given, right, mistakes))
    return cases


def _shades(space: dict[str, Any], words: dict[str, str]) -> list[tuple[bool, str]]:
    drawn = [
        ("strong and weak", [[[0.8, 0.2], [0.0, 1.0]], [[0.4, 0.6], [0.5, 0.5]]]),
        ("wide panels", [[[0.1, 0.2, 0.7], [0.0, 0.5, 0.5]], [[0.3, 0.3, 0.4], [0.4, 0.2, 0.4]]]),
        ("smallest not zero", [[[0.4, 0.6], [0.8, 0.2]]]),
        ("an even panel", [[[0.5, 0.5], [0.5, 0.5]], [[1.0, 0.0], [0.25, 0.75]]]),
    ]
    cases = []
    for title, listed in drawn:
        panels = torch.tensor(listed)
        low, high = panels.amin(dim=(-2, -1), keepdim=True), panels.amax(dim=(-2, -1), keepdim=True)
        alone = (panels - low) / (high - low)
        right = panels / panels.max()
        stretched = (panels - panels.min()) / (panels.max() - panels.min())
        mistakes = [
            ("turned", right.transpose(-2, -1)),
            ("white is not zero", stretched),
            ("white is not zero", stretched.transpose(-2, -1)),
            ("each alone", alone),
            ("each by its largest", panels / high),
            ("alone and turned", alone.transpose(-2, -1)),
        ]
        given = [("panels", panels)]
        cases.append(_try(space["shades"], words, title, given, right, mistakes))
    return cases


def _query(space: dict[str, Any], words: dict[str, str]) -> list[tuple[bool, str]]:
    query = space["query"]
    if not isinstance(query, torch.Tensor):
        return [(False, words["query shape"].format(got=type(query).__name__))]
    if tuple(query.shape) != (6,):
        return [(False, words["query shape"].format(got=tuple(query.shape)))]
    cases = []
    for number, keys in enumerate(space["desks"]):
        scores = (keys @ query.float()).tolist()
        cup = scores.pop(OBJECTS.index("cup"))
        others = [name for name in OBJECTS if name != "cup"]
        best = max(scores)
        winner = others[scores.index(best)]
        told = {
            "title": words["desk"].format(number=number + 1),
            "cup": written(cup),
            "score": written(best),
            "winner": words["winner " + winner],
            "why": words["because " + winner],
        }
        if cup > best:
            cases.append((True, words["cup wins"].format(**told)))
        elif max(scores) == min(scores) == cup:
            told["why"] = words["because colour" if query.any() else "because zero"]
            cases.append((False, words["tie"].format(**told)))
        else:
            cases.append((False, words["another wins"].format(**told)))
    return cases


def _scores(space: dict[str, Any], words: dict[str, str]) -> list[tuple[bool, str]]:
    small = (torch.tensor([[1.0, 2.0, 0.0, 2.0]]), torch.tensor([[3.0, 1.0, 0.0, 0.0]]))
    wide = (
        torch.tensor([[2.0, 0.0], [1.0, 1.0]]),
        torch.tensor([[0.0, 0.0], [2.0, 1.0], [0.0, 3.0]]),
    )
    nine = (torch.tensor([[1.0] * 9, [0.0] * 8 + [6.0]]), torch.tensor([[1.0] * 9, [2.0] * 9]))
    tried = [
        ("dot", "dot", small),
        ("dot rectangular", "dot", wide),
        ("scaled", "scaled", small),
        ("scaled rectangular", "scaled", nine),
        ("gauss", "gauss", small),
        ("gauss rectangular", "gauss", wide),
    ]
    kinds = {"dot": dot_product, "scaled": scaled_dot_product, "gauss": gaussian}
    cases = []
    for title, name, (queries, keys) in tried:
        right, product = kinds[name](queries, keys), dot_product(queries, keys)
        half = gaussian(queries, keys)
        if name == "gauss":
            mistakes = [
                ("no half", 2 * half),
                ("no minus", -half),
                ("no half, no minus", -2 * half),
                ("not squared", -(-2 * half).sqrt()),
                ("not squared", -(-2 * half).sqrt() / 2),
                ("exponentiated", half.exp()),
                ("exponentiated", (2 * half).exp()),
                ("still the dot product", product),
                ("still the dot product", scaled_dot_product(queries, keys)),
            ]
        else:
            mistakes = [
                ("not scaled", product),
                ("no root", product / queries.shape[-1]),
                ("exponentiated", right.exp()),
            ]
            if title == "dot":
                mistakes.append(("product of features", queries * keys))
        mistakes.append(("keys by queries", right.transpose(-2, -1)))
        given = [("queries", queries), ("keys", keys)]
        cases.append(_try(space[name], words, title, given, right, mistakes))
    return cases


EXERCISES: dict[str, Any] = {
    "softmax": (("softmax",), _softmax),
    "pooling": (("pool",), _pooling),
    "shades": (("shades",), _shades),
    "query": (("query", "desks"), _query),
    "scores": (("dot", "scaled", "gauss"), _scores),
}
"""The exercises by name: what a reader writes, and what judges it."""

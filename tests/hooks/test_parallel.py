"""A page and its translation claim the same, or the difference is named.

If one fails, see docs/hooks/book/parallel.py.
"""

import pytest
from book.parallel import differences, sentences

ENGLISH = """\
---
description: Two kinds of cue, and what a model makes of them.
---

# Cues

The optic nerve carries $10^8$ bits a second ([Itti 2000](references.md#itti-2000)).
Others say [about as much]{claim=as-much} ([Koch 2006](references.md#koch-2006)).

It finds {{ found }} of {{ desks }} desks, half of them at once, and three of the five cups.
The gap is {{ gap:.2f }}, and $\\sum_i \\alpha_i = 1$ {formula=softmax}.

/// cell | coffee
    alt: A cup, seen from above

The first four fixations, at most a tenth apart.
///

| output | average of two values |

1. *Move the query.*
   It is twice as large.
2. Then `draw` it.

/// details | Why are there six maps?
    type: question

A hundred thousand draws show it.
///

It forms early in training, and gives less as long as the cup has more than the book.
First it is faster, and at last slower.
"""
CHINESE = """\
---
source: 0123456789abcdef
description: 提示有两种，看看模型怎样对待它们。
---

# 提示 {#cues}

视神经每秒传送 $10^8$ 比特（[Itti 2000](references.md#itti-2000)）。
也有人说[差不多]{claim=as-much}（[Koch 2006](references.md#koch-2006)）。

{{ desks }} 张书桌中找到 {{ found }} 张，一半是一下子找到的，五个杯子中有三个。
差距是 {{ gap:.2f }}，而且 $\\sum_i \\alpha_i = 1$ {formula=softmax}。

/// cell | coffee
    alt: 俯视一只杯子

前四次注视，最多相差十分之一。
///

| 输出 | 两个值的平均 |

1. *移动查询。*
   它大了一倍。
2. 再用 `draw` 画出来。

/// details | 为什么有六张图？
    type: question

抽十万次就看得出来。
///

它在训练早期出现；只要咖啡杯多于书，给出的就小于那么多。
它首先更快，最后更慢。
"""


def named(english: str = ENGLISH, chinese: str = CHINESE) -> list[str]:
    return [one.kind for one in differences(english, chinese)]


def test_a_good_translation_differs_in_nothing() -> None:
    assert named() == []


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("两种，", "三种，", "number"),
        ("10^8", "10^7", "number"),
        ("前四次", "前三次", "number"),
        ("十分之一", "百分之一", "number"),
        ("一半", "两倍", "number"),
        ("大了一倍", "小了一半", "number"),
        ("五个杯子中有三个", "三个杯子中有五个", "number"),
        ("两个值", "三个值", "number"),
        ("六张图", "五张图", "number"),
        ("十万", "一万", "number"),
        ("found }}", "missed }}", "fact"),
        ("gap:.2f", "gap:.1f", "fact"),
        (
            "{{ desks }} 张书桌中找到 {{ found }}",
            "{{ found }} 张书桌中找到 {{ desks }}",
            "fact",
        ),
        (r"\alpha_i = 1$", r"\alpha_j = 1$", "formula"),
        ("#koch-2006", "#itti-2000", "reference"),
        ("claim=as-much", "claim=much-more", "claim"),
        ("{claim=as-much}", "", "claim"),
        (" {formula=softmax}", "", "claim"),
        ("`draw`", "`show`", "code"),
        ("cell | coffee", "cell | tea", "code"),
        ("的平均", "之和", "word"),
        ("训练早期", "训练后期", "word"),
        ("给出的就小于", "给出的就大于", "word"),
        ("首先更快，最后更慢", "首先更慢，最后更快", "word"),
        ("首先更快", "首先较慢", "word"),
    ],
)
def test_what_is_changed_in_one_edition_is_named(old: str, new: str, kind: str) -> None:
    assert CHINESE.count(old) == 1
    assert named(chinese=CHINESE.replace(old, new)) == [kind]
    assert named(chinese=CHINESE.replace(old, new), english=CHINESE) == [kind]


def test_a_difference_names_the_lines_and_shows_both_sentences() -> None:
    (one,) = differences(ENGLISH, CHINESE.replace("前四次", "前三次"))
    assert one.lines == (16, 17)
    told = str(one)
    for said in ("line 17", "line 16", "“four”", "“三”", "The first four fixations", "前三次注视"):
        assert said in told


def test_what_is_left_out_is_shown_beside_the_sentence_that_should_have_it() -> None:
    (one,) = differences(ENGLISH, CHINESE.replace("差距是 {{ gap:.2f }}，而且", "而且"))
    assert "The English page has “{{ gap:.2f }}”, the translation nothing" in str(one)
    assert one.sentences[1].startswith("而且")


def test_a_missing_paragraph_ends_the_comparison_and_is_named() -> None:
    (one,) = differences(ENGLISH, CHINESE.replace("| 输出 | 两个值的平均 |\n\n", ""))
    assert "paragraph" in one.kind
    assert one.sentences[0] == "| output | average of two values |"
    (one,) = differences(ENGLISH, CHINESE + "\n还有一段。\n")
    assert one.sentences[1] == "还有一段。"


def test_a_comment_claims_nothing_to_readers() -> None:
    assert named(ENGLISH.replace("# Cues", "<!-- 2\n\n3 -->\n\n# Cues")) == []


def test_code_may_stand_in_the_order_of_its_language_and_its_numbers_are_no_numbers() -> None:
    assert named("`a 2` is in `b`.\n", "`b` 里有 `a 2`。\n") == []
    assert named("```{.sh}\nrun 2\n```\n", "```{.sh}\nrun 3\n```\n") == ["code"]


def test_sentences_with_a_mark_or_a_fact_stand_beside_their_twins() -> None:
    shown = list(sentences(ENGLISH, CHINESE))
    assert [pair.lines for pair in shown] == [(8, 9), (10, 11), (11, 12)]
    assert shown[0].english.startswith("Others") and shown[0].translated.startswith("也有人说")


def test_a_paragraph_is_shown_whole_where_one_edition_has_more_sentences() -> None:
    (pair,) = sentences("It is {{ a }}.\nSo what?\n", "它是 {{ a }}，那又怎样？\n")
    assert pair.english == "It is {{ a }}.\nSo what?"

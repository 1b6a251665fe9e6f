"""Numbers mean the same in digits and in the words of both languages.

If one fails, see docs/hooks/book/numerals.py.
"""

import pytest
from book.numerals import numbers


def read(text: str) -> list[str]:
    """The numbers of a text; those that need no counterpart stand in brackets."""
    found = ((" or ".join(sorted(map(str, one.values))), one.needed) for one in numbers(text))
    return [value if needed else f"({value})" for value, needed in found]


@pytest.mark.parametrize(
    ("english", "chinese", "value"),
    [
        ("four fixations", "四次注视", "4"),
        ("two numbers", "两个数", "2"),
        ("exercise 2", "练习二", "2"),
        ("the second output", "第二个输出", "2"),
        ("twelve or 12", "十二，也就是 12", "12"),
        ("thirty-two discs", "三十二个圆点", "32"),
        ("twenty-one steps", "二十一步", "21"),
        ("fifty desks", "五十张书桌", "50"),
        ("one hundred and five", "一百零五", "105"),
        ("a hundred thousand draws", "抽了十万次", "100000"),
        ("100,000 draws", "抽了 10 万次", "100000"),
        ("half a million", "五十万", "500000"),
        ("130 million", "一亿三千万", "130000000"),
        ("more than a million characters", "超过一百万个字符", "1000000"),
        ("half of them", "有一半", "1/2"),
        ("each line halves the weight", "每条都减半", "1/2"),
        ("a quarter", "四分之一", "1/4"),
        ("two thirds", "三分之二", "2/3"),
        ("less than a hundredth", "不到百分之一", "1/100"),
        ("5 %, five hundredths", "5%，也就是百分之五", "1/20"),
        ("twice as large", "大一倍", "2"),
        ("twice as large", "是两倍", "2"),
        ("three times the priority", "三倍的优先级", "3"),
        ("0.25", "零点二五", "0.25"),
        ("version 1.6.7", "版本 1.6.7", "1.6.7"),
        ("the 1890s", "19 世纪 90 年代", "1890"),
        ("it sums to one.", "加起来等于一。", "1"),
        ("zero elsewhere", "其余为零", "0"),
    ],
)
def test_both_languages_name_the_same_number(english: str, chinese: str, value: str) -> None:
    for text in (english, chinese):
        found = read(text)
        assert found and all(value in one.split(" or ") for one in found), text


def test_a_date_has_one_order() -> None:
    assert read("on 24 November 2026") == read("2026 年 11 月 24 日") == ["2026", "11", "24"]
    assert read("in November 2026") == read("2026 年 11 月") == ["2026", "11"]


def test_a_third_is_a_part_or_the_next_after_the_second() -> None:
    assert read("a third") == ["1/3 or 3"]
    assert read("the third") == read("第三") == ["3"]


@pytest.mark.parametrize(
    "text",
    [
        "bits per second",
        "for some seconds",
        "hundreds of desks",
        "好几百张书桌",
        "再三考虑",
        "千万别改",
        "万一失败",
        "四处看看",
        "红绿蓝三原色",
        "十分小心",
        "没有两样",
        "VOCUS2",
    ],
)
def test_what_counts_nothing_is_no_number(text: str) -> None:
    assert read(text) == []


def test_versions_are_not_rounded() -> None:
    assert read("Python 3.1") != read("Python 3.10")


@pytest.mark.parametrize(
    "text", ["the first one", "look once", "both cues", "a pair", "一个", "第一", "两者", "双组件"]
)
def test_what_one_language_counts_and_the_other_does_not_needs_no_counterpart(text: str) -> None:
    found = read(text)
    assert found and all(one.startswith("(") for one in found)


def test_two_digits_side_by_side_are_two_numbers_and_more_are_one() -> None:
    assert read("两三个") == ["2", "3"]
    assert read("二〇二六") == ["2026"]

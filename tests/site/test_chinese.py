"""Chinese pages read as Chinese, and are set as Chinese is.

If one fails, see “翻译” in docs/zh/contributing.md. `python docs/hooks/book/chinese.py check`
names line and remedy; docs/hooks/book/typesetting.py sets what no author should mind.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from book.chinese import findings
from book.docstrings import differences, translate
from book.glossary import avoided, terms
from book.typesetting import set_html
from bs4 import BeautifulSoup

from tests.conftest import ROOT, Project

DOCS = ROOT / "docs"
HAN = "[\u4e00-\u9fff]"


def said(page: str) -> list[str]:
    return [str(finding) for finding in findings(page, terms(DOCS, "zh"), avoided(DOCS))]


def test_the_command_finds_nothing_to_mend() -> None:
    command = [sys.executable, "docs/hooks/book/chinese.py", "check"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (result.stdout + result.stderr, result.returncode) == ("", 0)


@pytest.mark.parametrize(
    ("page", "words", "remedy"),
    [
        ("模型只是看看。", "只是看看", "quotes"),
        ("权重加起来等于一。", "等于一", "as 1"),
        ("权重[恰好是零]{claim=zero}。", "零", "as 0"),
        ("方差是[一左右]{claim=one}。", "一左右", "as 1"),
        ("用六个一来提问。", "六个一", "as 1"),
        ("窗口有 {{ a }} 乘 {{ a }} 像素。", "乘", "8×8"),
        ("窗口有 8 乘 8 像素。", "乘", "8×8"),
        ("桌上有五样东西。", "五样东西", "物体"),
        ("这个翻译器很小。", "翻译器", "翻译模型"),
        ("一共六张特征图。", "张特征图", "幅"),
        ("一张图说明不了什么。", "张图", "幅"),
        ("桌上有一个红色咖啡杯。", "个红色咖啡杯", "只"),
        ("先做池化，再看。", "池化", "汇聚"),
        ("先抽样，再看。", "抽样", "采样"),
        ("先看,再说。", "先看,", "full-width"),
        ("它来了。\n它看见。\n它走了。", "它来了", "two are enough"),
        ("只有一条：看：再看。", "一条", "one colon"),
        ("这是*非自主性*提示。", "*非自主性*", "whole word, 非自主性提示"),
        ("**注意力**机制有两种。", "**注意力**", "whole word, 注意力机制"),
        ("赫伯特·西蒙说过。", "赫伯特·西蒙", "original name"),
    ],
)
def test_what_breaks_a_rule_is_named_with_its_line(page: str, words: str, remedy: str) -> None:
    (finding, *others) = said(f"---\ndescription: 一页\n---\n\n# 标题\n\n{page}\n")
    assert others == []
    assert finding.startswith("line 7: ")
    assert words in finding and remedy in finding.partition("”: ")[2]


@pytest.mark.parametrize(
    "page",
    [
        "“只是看看”的人，看的是咖啡杯。",
        "从一开始，每个位置都参与其中；一个零件也不少。",
        "权重等于 1，其余是 0，窗口是 8×8。",
        "书桌有 6 张，图有 6 幅，咖啡杯有一只，物体有一个。",
        "它来了，它走了。",
        "先说一条：看。再说一条：想。",
        "这是*非自主性提示*，那是*查询*、*键*和**值**。",
        "赫伯特·西蒙（Herbert Simon）说过；后来西蒙又说了一遍。",
        "代码里写 `权重为零`。\n\n```{.text}\n六张图：零：一\n```",
    ],
)
def test_what_keeps_the_rules_is_left_alone(page: str) -> None:
    assert said(f"# 标题\n\n{page}\n") == []


# What the build sets


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("用GPU算", "用 GPU 算"),
        ("用 GPU 算", "用 GPU 算"),
        ("得到0.5的权重", "得到 0.5 的权重"),
        ("占80%的图", "占 80% 的图"),
        ("看<em>rouge</em>时", "看 <em>rouge</em> 时"),
        (
            '见<a href="x">API 参考</a>和<code>x</code>里',
            '见 <a href="x">API 参考</a>和 <code>x</code> 里',
        ),
        ("值<math><mi>v</mi></math>是", "值 <math><mi>v</mi></math> 是"),
        ("<p>看</p>\n<p>GPU</p>", "<p>看</p>\n<p>GPU</p>"),
        ("（GPU），看。GPU", "（GPU），看。GPU"),
        ("<code>a中b</code>", "<code>a中b</code>"),
        ("<td>书</td><td>5</td>", "<td>书</td><td>5</td>"),
        ("一句。\n又一句", "一句。又一句"),
    ],
)
def test_one_space_parts_chinese_from_latin_typed_or_not(written: str, seen: str) -> None:
    assert re.sub(' class="foreign"', "", set_html(written)) == seen
    assert set_html(set_html(written)) == set_html(written)


@pytest.mark.thorough
def test_pages_are_set_as_chinese_is(built: Project) -> None:
    dots = 0
    for path in sorted((built.site / "zh").rglob("index.html")):
        article = BeautifulSoup(path.read_text("utf-8"), "html.parser").article
        if article is None:  # a page that holds an explorer for pages of others
            assert path.parent.parent.name == "embed"
            continue
        for tag in article.select("pre, code, script, svg, .claims, .signature, .doc-signature"):
            tag.replace_with("\x00")
        for paragraph in article.select("p, figcaption, td, h2, h3"):
            text = paragraph.get_text()
            name = f"{path.parent.name}: {text[:40]}"
            assert not re.search(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]", text), (
                name
            )
            if paragraph.name in ("p", "figcaption"):
                assert not re.search(r"[。，：]\s+\S", text), f"{name}: no space follows a mark"
            together = sum(tag.get_text().count("·") for tag in paragraph.select(".together"))
            assert together == len(re.findall(r"(?<=[\u4e00-\u9fff])·", text)), name
            dots += together
        for tag in article.select("em"):
            chinese = re.search("[\u4e00-\u9fff]", tag.get_text())
            foreign = "foreign" in (tag.get("class") or ())
            assert foreign != bool(chinese), f"{path.parent.name}: {tag}"
    assert dots > 3


def test_the_reference_is_in_chinese(built: Project) -> None:
    command = [sys.executable, "docs/hooks/book/editions.py", "list"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "docstrings.csv" not in listed, "translate what it names, and delete what is no more"
    assert "stale" not in listed, "translate what changed, and mark it as done"
    pages = sorted((built.site / "zh").glob("api*/index.html"))
    for path in pages:
        article = BeautifulSoup(path.read_text("utf-8"), "html.parser").article
        assert article is not None
        for paragraph in article.select("p"):
            text = paragraph.get_text()
            english = re.search("[A-Za-z]{3,} [a-z]{2,}", text) and not re.search(HAN, text)
            assert not english, f"{path.parent.name} says “{text}”: see docs/docstrings.csv"
        bases = {tag.get_text().strip()[:3] for tag in article.select(".doc-class-bases")}
        assert bases <= {"基类："}, f"{path.parent.name}: see docs/hooks/book/docstrings.py"
    assert len(pages) > 5


def test_a_docstring_that_has_changed_is_named_and_stays_english(tmp_path: Path) -> None:
    (tmp_path / "tides.py").write_text(
        'def high(moon):\n    """Rise with the `moon`.\n\n'
        '    Args:\n        moon: Full, or new.\n    """\n'
    )
    docs = tmp_path / "docs"
    (docs / "en").mkdir(parents=True)
    (docs / "en" / "api.md").write_text("::: tides\n    options:\n      members: [high]\n")
    table = docs / "docstrings.csv"
    table.write_text(
        'English,中文\nRise with the moon.,随 `moon` 上涨。\n"Full, or old.",圆月或残月。\n'
    )
    assert list(differences(docs)) == [
        "tides.high: docs/docstrings.csv has no translation of “Full, or new.”",
        "docs/docstrings.csv: no docstring of the reference says “Full, or old.” any more",
    ]
    html = "<p>Rise with the <code>moon</code>.</p>\n<p>Full, or new.</p>"
    assert translate(html, docs) == "<p>随 <code>moon</code> 上涨。</p>\n<p>Full, or new.</p>"
    bases = '<p class="doc doc-class-bases">\n  {}<code>Moon</code></p>'
    assert translate(bases.format("Bases: "), docs) == bases.format("基类：")
    table.write_text(
        'English,中文\nRise with the moon.,随 `moon` 上涨。\n"Full, or new.",圆月或新月。\n'
    )
    assert list(differences(docs)) == []
    (tmp_path / "tides.py").write_text(
        'def high(moon):\n    """Rise by `g·m / 2`, twice in 25 h."""\n'
    )
    table.write_text('English,中文\n"Rise by g·m / 2, twice in 25 h.",上涨 `g·m`，24 小时两次。\n')
    assert list(differences(docs)) == [
        "tides.high: docs/docstrings.csv leaves 25, / out of the translation of "
        "“Rise by g·m / 2, twice in 25 h.”",
    ]

"""The search finds what explains a word, first, and marks all of what was typed.

If one fails, see how `docs/assets/search.js` scores and marks, and which page `docs/glossary.csv`
says explains the term; docs/hooks/book/search_index.py puts the two together.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Watch
from tests.conftest import thorough

QKV, VISUALISING, HEATMAPS = "queries-keys-values/", "visualising-attention/", "reading-heatmaps/"
CHINESE = {
    "注意力汇聚": f"{QKV}#attention-pooling-as-an-average",
    "自主性提示": "cues/#two-components",
    "非自主性提示": "cues/#two-components",
    "显著性": "cues/#two-components",
    "硬注意力": "hard-attention/",
    "机器翻译": "exercises/#exercise-1",
    "温度": f"{QKV}#from-one-to-all",
    "掩码": f"{QKV}#what-a-mask-does",
    "颜色条": f"{HEATMAPS}#one-bar-two-scales",
    "注意力经济": "cues/#attention-is-scarce",
    "点积": f"{QKV}#which-score",
    "池化": f"{QKV}#only-nonvolitional-cues",
    "热力图": VISUALISING,
    "自注意力": f"{QKV}#a-query-comes-in",
    "返回抑制": "visual-search/#pop-out-and-conjunctions",
    "无偏": "hard-attention/#is-the-estimate-right",
    "采样": "hard-attention/#the-gradient-that-is-not-there",
    "归纳头": "transformers/#an-induction-head",
    "注意力汇点": "transformers/#attention-must-go-somewhere",
    "查询": f"{QKV}#a-query-comes-in",
    "键": f"{QKV}#a-query-comes-in",
    "值": f"{QKV}#a-query-comes-in",
    "softmax": f"{VISUALISING}#from-scores-to-weights",
    "show_heatmaps": f"{VISUALISING}#a-function-to-draw-with",
    "弄错了轴": f"{HEATMAPS}#the-wrong-axis",
}
ENGLISH = {
    "attention pooling": f"{QKV}#attention-pooling-as-an-average",
    "volitional cue": "cues/#two-components",
    "bottom-up": "cues/#two-components",
    "saliency": "cues/#two-components",
    "hard attention": "hard-attention/",
    "machine translation": "exercises/#exercise-1",
    "temperature": f"{QKV}#from-one-to-all",
    "causal mask": f"{HEATMAPS}#not-allowed-or-not-interested",
    "color bar": f"{HEATMAPS}#one-bar-two-scales",
    "attention economy": "cues/#attention-is-scarce",
    "inner product": f"{QKV}#which-score",
    "scaled dot-product attention": f"{QKV}#which-score",
    "max pooling": f"{QKV}#only-nonvolitional-cues",
    "heat map": VISUALISING,
    "self-attention": f"{QKV}#a-query-comes-in",
    "inhibition of return": "visual-search/#pop-out-and-conjunctions",
    "unbiased": "hard-attention/#is-the-estimate-right",
    "REINFORCE": "hard-attention/#rewards-instead-of-gradients",
    "multi-head attention": f"{VISUALISING}#all-heads-of-a-layer",
    "query": f"{QKV}#a-query-comes-in",
    "key": f"{QKV}#a-query-comes-in",
    "softmax": f"{VISUALISING}#from-scores-to-weights",
    "show_heatmaps": f"{VISUALISING}#a-function-to-draw-with",
    "visual search": "visual-search/",
    "induction head": "transformers/#an-induction-head",
    "Posner": "cues-in-the-laboratory/#an-experiment-with-two-boxes",
}


@pytest.fixture(scope="module")
def opened(
    browser: Browser, browser_context_args: dict[str, Any], address: str
) -> Iterator[dict[str, Page]]:
    """Open each edition once, for all that is searched in it."""
    context = browser.new_context(**browser_context_args)
    pages = {edition: context.new_page() for edition in ("", "zh/")}
    for edition, page in pages.items():
        page.goto(address + edition)
    try:
        yield pages
    finally:
        context.close()


def results(page: Page, typed: str) -> Locator:
    box = page.locator(".md-search__input")
    box.click()
    box.fill(typed)
    box.press("End")  # the search listens to keys
    return page.locator(".md-search-result__item")


@pytest.mark.parametrize(
    ("edition", "typed", "place"),
    thorough(
        [("zh/", *pair) for pair in CHINESE.items()] + [("", *pair) for pair in ENGLISH.items()],
        but=[("zh/", "键", CHINESE["键"]), ("", "heat map", ENGLISH["heat map"])],
    ),
)
def test_what_explains_a_word_is_first_and_the_match_is_marked_whole(
    opened: dict[str, Page], address: str, edition: str, typed: str, place: str
) -> None:
    path, hash_, anchor = place.partition("#")
    first = results(opened[edition], typed).first
    ending = re.escape(hash_ + anchor)
    link = first.locator(":scope > a").last  # the page itself stands above its best section
    expect(link).to_have_attribute(
        "href", re.compile(f"^{re.escape(address + edition + path)}\\?h=[^#]+{ending}$")
    )
    whole = re.compile(f"^{re.escape(typed)}", re.IGNORECASE)
    expect(link.locator("mark").filter(has_text=whole).first).to_be_visible()


@pytest.mark.thorough
def test_what_was_typed_is_marked_whole_on_the_page(page: Page, address: str) -> None:
    page.goto(f"{address}zh/")
    results(page, "注意力汇聚").first.locator(":scope > a").last.click()
    expect(page).to_have_url(re.compile(f"{QKV}.*#attention-pooling-as-an-average$"))
    expect(page.locator("article p mark").filter(has_text="注意力汇聚").first).to_be_visible()


@pytest.mark.parametrize("typed", ["显著性", "热图", "硬注意力", "训练"])
def test_pages_for_those_who_build_the_site_come_after_the_chapter(
    opened: dict[str, Page], typed: str
) -> None:
    items = results(opened["zh/"], typed)
    expect(items.first.locator("mark").filter(has_text=typed).first).to_be_attached()
    found = items.locator("a:first-child").evaluate_all("links => links.map(link => link.href)")
    later = [bool(re.search("/(api|references|contributing|maintaining)", link)) for link in found]
    assert later == sorted(later), found


def test_a_question_finds_its_answer(opened: dict[str, Page]) -> None:
    for edition, typed, found in (
        ("zh/", "什么是注意力汇聚", "#attention-pooling-as-an-average"),
        ("", "what is attention pooling?", "#attention-pooling-as-an-average"),
    ):
        link = results(opened[edition], typed).first.locator(":scope > a").last
        expect(link).to_have_attribute("href", re.compile(f"{found}$"))


@pytest.mark.thorough
def test_what_is_not_there_is_not_found_and_nothing_breaks(
    watch: Watch, page: Page, address: str
) -> None:
    page.goto(address)
    for typed in ("zebra", "(", "*", "<b>", '"', "the"):
        results(page, typed)
    expect(results(page, "zebra")).to_have_count(0)
    expect(results(page, "glimpse").first).to_be_visible()
    assert watch.errors == []

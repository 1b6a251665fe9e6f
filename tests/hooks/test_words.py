"""Facts go into sentences, and code is left alone.

If one fails, see docs/hooks/engine/facts.py for what a sentence may name, and markup.py for what
counts as code.
"""

import pytest
from engine.facts import Facts
from engine.markup import fences, substitute

FACTS = Facts.of(
    {
        "peak": 0.5,
        "count": 3,
        "fall": -0.25,
        "thing": "cup",
        "two": 2,
        "third": 1 / 3,
        "endless": float("inf"),
    },
    ["peak = 0.5\ncount = [x for x in y]\ntwo = 1", "two = 2\ndef f():\n    peak = 1\n"],
)


def filled(text: str) -> tuple[str, list[str]]:
    wrong: list[str] = []
    return FACTS.fill(text, wrong.append), wrong


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("It is {{ peak:.2f }}, {{count}} times.", "It is 0.50, 3 times."),
        ("It is {{ third:.4f }}.", "It is 0.3333."),
        ("It is {{ fall:.1f }} for the {{ thing }}.", "It is −0.2 for the cup."),
        ("`{{ other }}` and {{ peak }}", "`{{ other }}` and 0.5"),
        ("```sh\n{{ other }}\n```\n", "```sh\n{{ other }}\n```\n"),
        ("A lone ` tick.\n\nIt is {{ peak }}, says `code`.", None),
    ],
)
def test_facts_are_written_into_sentences(text: str, written: str | None) -> None:
    assert filled(text) == (written or text.replace("{{ peak }}", "0.5"), [])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ peek }}", "names the fact 'peek', which no cell leaves as an int, float, str"),
        ("{{ peek }}", "facts here: peak"),
        ("{{ peak | round }}", "{{ peak | round }} is not a fact"),
        ("{{ peak:d }}", "the fact {{ peak:d }} cannot be written: "),
        ("{{ two }}", "'two' is assigned in two cells"),
        ("{{ endless }}", "'endless' is inf, which no sentence should say"),
    ],
)
def test_a_fact_that_cannot_be_written_is_named_and_left(text: str, message: str) -> None:
    result, [wrong] = filled(text)
    assert result == text
    assert message in wrong


def test_code_is_told_from_words() -> None:
    text = "x `x` ``x ` x``\n\n```{.x}\nx\n```\n\n    ~~~ x\n    x\n    ~~~\n\nx\n"
    changed = substitute("x", lambda _: "o", text)
    assert changed == text.replace("x `", "o `", 1).rstrip()[:-1] + "o\n"
    assert list(fences(text)) == ["{.x}", "x"]

"""A question has one right option, and it is the one that code finds.

If one fails, see docs/hooks/book/questions.py.
"""

import pytest
from book import questions
from engine.facts import Fact

ASKED = """
Before.

/// ask | Which object wins?
    answer: winner

( ) book | The book, as it is dark.

It would have to be wanted.

(x) cup | The cup.

It stands out.

/// cell | count
///
///

After.

````markdown
/// ask | Shown, not asked
///
````
"""
LABELS = {"right": "Right.", "wrong": "Not so."}


def wrong(asked: str, values: dict[str, Fact], language: str = "en") -> list[str]:
    [question] = questions.read(asked)
    return list(questions.wrong(question, values, language))


def test_a_question_is_read_with_its_blocks() -> None:
    [question] = questions.read(ASKED)
    assert (question.text, question.answer) == ("Which object wins?", "winner")
    assert [option.value for option in question.options] == ["book", "cup"]
    assert [option.marked for option in question.options] == [False, True]
    assert question.options[1].reason.endswith("/// cell | count\n///")


def test_what_code_finds_must_be_marked() -> None:
    assert wrong(ASKED, {"winner": "cup"}) == []
    [said] = wrong(ASKED, {"winner": "book"})
    assert "marks cup, but winner is book" in said
    [said] = wrong(ASKED, {"winner": "notebook"})
    assert "marks cup, but winner is notebook" in said


@pytest.mark.parametrize(("value", "found"), [(True, "yes"), (False, "no"), (3, "3")])
def test_an_answer_may_be_a_truth_value_or_a_number(value: Fact, found: str) -> None:
    asked = f"/// ask | Which?\n    answer: it\n\n(x) {found} | A\n\nSo.\n\n( ) 7 | B\n\nNo.\n///"
    assert wrong(asked, {"it": value}) == []
    assert wrong(asked, {"it": 7}) != []


@pytest.mark.parametrize("values", [{}, {"winner": 0.5}])
def test_an_answer_is_left_by_a_cell(values: dict[str, Fact]) -> None:
    [said] = wrong(ASKED, values)
    assert "names winner as its answer" in said


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("(x) cup", "( ) cup", "0 of them marked"),
        ("( ) book", "(x) book", "2 of them marked"),
        ("It stands out.\n\n/// cell | count\n///\n", "", "why that is right or wrong"),
        ("| The cup.", "| The newspaper.", "does not say cup"),
    ],
)
def test_a_question_is_whole(old: str, new: str, told: str) -> None:
    assert old in ASKED
    said = wrong(ASKED.replace(old, new), {"winner": "cup"})
    assert any(told in one for one in said)


def test_words_of_a_translation_are_held_to_their_values() -> None:
    asked = ASKED.replace("The book, as it is dark.", "书，因为它暗。").replace(
        "The cup.", "杯子。"
    )
    assert wrong(asked, {"winner": "cup"}, "zh") == []
    swapped = asked.replace("书，", "杯子，")
    assert len(wrong(swapped, {"winner": "cup"}, "zh")) == 1


def test_both_editions_ask_the_same() -> None:
    assert list(questions.differences(ASKED, ASKED)) == []
    assert list(questions.differences(ASKED.replace("( ) book", "( ) paper"), ASKED)) != []
    [said] = questions.differences("Nothing.", ASKED)
    assert "0 questions, and on the English page 1" in said


def test_options_open_and_tell() -> None:
    written = questions.put_in(ASKED, questions.read(ASKED), LABELS)
    assert "Which object wins?\n{: .asked }" in written
    assert (
        "/// details | The book, as it is dark.\n    type: wrong\n\n**Not so.**\nIt would"
        in written
    )
    assert "/// details | The cup.\n    type: right\n\n**Right.**\nIt stands out." in written
    assert written.startswith("\nBefore.") and "After." in written
    assert "/// ask | Shown, not asked" in written  # in a fence

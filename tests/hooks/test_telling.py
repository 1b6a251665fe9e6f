"""The words of a claim are held to its name and its code, in both languages.

If one fails, see docs/hooks/book/telling.py; a word that it does not know goes into WORDS there.
"""

import claims as command
import pytest
from book.telling import tells, unsupported
from engine.cells import Cell
from engine.claims import Claim, Claims
from engine.facts import Facts


def wrong(words: str, name: str, code: str = "", language: str = "en", value: object = 1) -> str:
    """What is wrong with words that make this claim."""
    cell = Cell("a-cell", "", frozenset(), 1)
    claim = Claim(cell, f"{name} = {code or 'x'}", True, [("x", str(value))])
    claims = Claims({name: claim}, Facts({name: True}, frozenset()), {name: claim.code})
    said = unsupported(claims, f"[{words}]{{claim={name}}}", language)
    return "; ".join(message for _, message in said)


@pytest.mark.parametrize(
    ("words", "name", "language"),
    [
        ("the cup wins", "cup_wins", "en"),
        ("at the bottom all have nearly a fifth", "bottom_all_have_nearly_a_fifth", "en"),
        ("it does not change", "it_does_not_change", "en"),
        ("never, on no desk", "never_on_any_desk", "en"),
        (
            "a longer query is like a lower temperature",
            "longer_query_is_like_lower_temperature",
            "en",
        ),
        ("十万次采样", "hundred_thousand_draws", "zh"),
        ("每个物体差不多各占五分之一", "all_have_nearly_a_fifth", "zh"),
        ("第六个键一次也没有", "sixth_key_is_not_there", "zh"),
        ("不同的权重", "different_weights", "zh"),
        ("两个查询的输出", "two_queries", "zh"),
    ],
)
def test_words_that_the_claim_supports_may_stand(words: str, name: str, language: str) -> None:
    assert wrong(words, name, language=language) == ""


@pytest.mark.parametrize(
    ("words", "name", "language"),
    [
        ("the book wins", "cup_wins", "en"),
        ("nearly a quarter", "nearly_a_fifth", "en"),
        ("a longer query is like a higher temperature", "longer_is_like_lower", "en"),
        ("the cup is left of the book", "cup_is_right_of_book", "en"),
        ("on all desks", "on_most_desks", "en"),
        ("four fixations", "three_fixations", "en"),
        ("it changes", "it_does_not_change", "en"),
        ("it does not win", "it_wins", "en"),
        ("四次注视", "three_fixations", "zh"),
        ("差不多各占四分之一", "nearly_a_fifth", "zh"),
        ("温度更高", "lower_temperature", "zh"),
        ("书胜出", "cup_wins", "zh"),
        ("咖啡杯没有胜出", "cup_wins", "zh"),
        ("会变", "it_does_not_change", "zh"),
        ("在左边", "it_is_right", "zh"),
        ("from the book to the cup", "from_the_cup_to_the_book", "en"),
        ("从书到咖啡杯", "from_the_cup_to_the_book", "zh"),
        ("把它低估了", "bar_overstates_it", "zh"),
        ("only that of the feature", "only_that_of_the_conjunction", "en"),
    ],
)
def test_other_words_fail(words: str, name: str, language: str) -> None:
    said = wrong(words, name, language=language)
    assert words in said and name in said


def test_who_has_more_and_what_became_what_is_held_in_its_order() -> None:
    assert wrong("one word became two words", "one_word_became_two_words") == ""
    assert "order" in wrong("two words became one word", "one_word_became_two_words")
    assert "order" in wrong("the book has more than the cup", "cup_has_more_than_the_book")


def test_what_the_code_says_supports_no_words_of_its_claim() -> None:
    assert "book" in wrong("on all others it looks at the book", "on_all_others_cup", 'on["book"]')


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("It goes to the newspaper in {{ book_in_grey }} scenes.", "newspaper"),
        ("It goes to the book in {{ on_grey_desks }} scenes.", "book"),
        ("[The cup wins]{claim=cup_wins}, and never loses.", "never"),
    ],
)
def test_what_stands_around_a_fact_or_claim_is_held_to_it(sentence: str, word: str) -> None:
    cell = Cell("a-cell", "", frozenset(), 1)
    facts = Facts({"goes_to_book_in_grey": 3, "on_grey_desks": 3, "cup_wins": True}, frozenset())
    cup = Claim(cell, "cup_wins = x", True, ())
    claims = Claims({"cup_wins": cup}, facts, {})
    ((place, said),) = unsupported(claims, f"# All\n\n{sentence}\n", "en")
    assert place == len("# All\n\n") and f"“{word}”" in said
    good = "It goes to the book in {{ goes_to_book_in_grey }} scenes, [for all it is]{definition}."
    assert list(unsupported(claims, good, "en")) == []


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("It has [a fifth]{claim=nearly_a_fifth} of it.", "nearly"),
        ("A scale that [starts at one]{claim=starts_at_zero}.", "zero"),
        ("It goes from {{ latest }} to {{ earliest }}.", "swapped"),
        ("[It falls]{definition} from {{ earliest }} to {{ latest }}.", "swapped"),
        ("It lies between {{ latest }} and {{ earliest }}.", "swapped"),
        ("It comes at {{ latest }} at the earliest, at {{ earliest }} at the latest.", "swapped"),
    ],
)
def test_what_a_name_tells_is_neither_left_out_nor_swapped(sentence: str, word: str) -> None:
    cell = Cell("a-cell", "", frozenset(), 1)
    facts = Facts({"latest": 3, "earliest": 2}, frozenset())
    names = ("nearly_a_fifth", "starts_at_zero")
    claims = Claims({name: Claim(cell, "", True, ()) for name in names}, facts)
    said = [message for _, message in unsupported(claims, f"{sentence}\n", "en")]
    assert len(said) == 1 and word in said[0]


def test_a_way_from_one_thing_to_another_has_no_order_of_numbers() -> None:
    facts = Facts({"first_thing": "cup", "second_thing": "book"}, frozenset())
    said = unsupported(
        Claims({}, facts), "It goes from {{ first_thing }} to {{ second_thing }}.", "en"
    )
    assert list(said) == []


PAGE = """---
description: The cup wins on all desks.
---

# All desks

The cup wins.
[The cup wins]{claim=cup_wins}.
It has {{ share }} of all.
[All sums
are one.]{definition}
James speaks of two kinds ([James 1890](references.md#james-1890)).
Does it always win?

```{.python}
two = 2
```

/// cell | a-cell
    alt: The cup on the left

A cup.
///
"""


def test_sentences_that_nothing_holds_are_found_with_their_line() -> None:
    assert list(command.unheld(PAGE)) == [(7, "The cup wins."), (20, "alt: The cup on the left")]


@pytest.mark.parametrize("chapter_page", command.CHAPTER)
def test_each_result_of_the_chapter_is_held_to_the_code_or_to_a_source(chapter_page: str) -> None:
    text = (command.ENGLISH / chapter_page).read_text(encoding="utf-8")
    found = [f"line {line}: {sentence}" for line, sentence in command.unheld(text)]
    assert found == [], (
        f"docs/en/{chapter_page}: give these a claim or a fact, or say whose statement they are; "
        "see “Results in words” in docs/en/contributing.md"
    )


def test_a_sentence_without_a_result_tells_nothing() -> None:
    assert tells("A viewer brings a task along.", "en") == {}
    assert tells("观看者带来任务。", "zh") == {}

"""The exercises that answer: what is right passes, and what is wrong hears what is wrong with it.

If one fails, mend attncues/practice.py, which knows the cases, the mistakes and the words.
"""

import re
import runpy
import string
import sys
import types
from pathlib import Path
from typing import Any

import pytest
import torch

from attncues.practice import EXERCISES, WORDS, check
from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "docs" / "hooks"))

from book import live, practice
from engine import cells

SCRIPT = ROOT / "attncues" / "chapter" / "practice.py"
CELLS = {cell.name: cell.source for cell in cells.read_cells(SCRIPT, SCRIPT.name)}
DESKS: Any = runpy.run_path(str(SCRIPT))["desks"]
CONFIG: Any = types.SimpleNamespace(config_file_path=str(ROOT / "mkdocs.yml"))

SOFTMAX = "def softmax(scores):\n    "
POOL = """
def pool(queries, keys, values, mask):
    scores = queries @ keys.transpose(-2, -1) / keys.shape[-1] ** 0.5
    """
SHADES = "def shades(panels):\n    "
SCORES = CELLS["scores-solution"] + "\n\n"
DOT = "def dot(queries, keys):\n    return "
SCALED = "def scaled(queries, keys):\n    return "
GAUSS = """
def gauss(queries, keys):
    squared = (queries.unsqueeze(-2) - keys.unsqueeze(-3)).square().sum(dim=-1)
    return """

WRONG = [
    # The name of an exercise, what a reader writes, and the words that say what is wrong.
    ("softmax", SOFTMAX + "return scores.softmax(dim=0)", "first axis"),
    ("softmax", SOFTMAX + "return scores.softmax(dim=-2)", "first axis"),
    (
        "softmax",
        SOFTMAX + "return scores.exp() / scores.exp().sum(dim=0, keepdim=True)",
        "first axis",
    ),
    (
        "softmax",
        SOFTMAX + "return scores.exp() / scores.exp().sum(dim=-1, keepdim=True)",
        "overflow",
    ),
    (
        "softmax",
        SOFTMAX
        + "powers = (scores - scores.max()).exp()\n    "
        + "return powers / powers.sum(dim=-1, keepdim=True)",
        "one shift for all",
    ),
    (
        "softmax",
        SOFTMAX + "return scores.flatten().softmax(dim=0).reshape(scores.shape)",
        "all at once",
    ),
    ("softmax", SOFTMAX + "return scores.exp() / scores.exp().sum()", "all at once"),
    ("softmax", SOFTMAX + "return scores.exp()", "not divided"),
    ("softmax", CELLS["softmax-starter"], "not exponentiated"),
    ("softmax", SOFTMAX + "scores.softmax(dim=-1)", "nothing"),
    ("softmax", SOFTMAX + "return scores.softmax(dim=-1).tolist()", "no tensor"),
    ("softmax", SOFTMAX + "return scores.softmax(dim=-1).sum(dim=-1)", "shape"),
    ("softmax", SOFTMAX + "return scores * torch.nan", "not a number"),
    ("softmax", SOFTMAX + "raise ValueError('no')", "raised"),
    ("softmax", "def soft(scores): return scores", "missing"),
    ("softmax", "softmax = 3", "no function"),
    ("pooling", POOL + "return scores.softmax(dim=-1) @ values", "mask forgotten"),
    ("pooling", CELLS["pooling-starter"], "mask forgotten"),
    (
        "pooling",
        POOL + "return scores.where(~mask, -torch.inf).softmax(dim=-1) @ values",
        "mask inverted",
    ),
    (
        "pooling",
        POOL + "return scores.softmax(dim=-1).where(mask, 0.0) @ values",
        "masked afterwards",
    ),
    ("pooling", POOL + "return (scores.softmax(dim=-1) * mask) @ values", "masked afterwards"),
    ("pooling", POOL + "return (scores * mask).softmax(dim=-1) @ values", "score of zero"),
    (
        "pooling",
        POOL
        + "scores = queries @ keys.T\n    "
        + "return scores.where(mask, -torch.inf).softmax(dim=-1) @ values",
        "not scaled",
    ),
    (
        "pooling",
        POOL + "return scores.where(mask, -torch.inf).softmax(dim=0) @ values",
        "over the queries",
    ),
    ("pooling", POOL + "return mask / mask.sum(dim=-1, keepdim=True) @ values", "average"),
    (
        "pooling",
        POOL + "return scores.where(mask, -torch.inf).softmax(dim=-1) @ keys",
        "keys pooled",
    ),
    ("shades", CELLS["shades-starter"].partition("\n\n\nshow")[0], "alone and turned"),
    ("shades", SHADES + "return (panels / panels.max()).transpose(-2, -1)", "turned"),
    (
        "shades",
        SHADES + "return (panels - panels.min()) / (panels.max() - panels.min())",
        "white is not zero",
    ),
    (
        "shades",
        SHADES + "return panels / panels.amax(dim=(-2, -1), keepdim=True)",
        "each by its largest",
    ),
    (
        "shades",
        SHADES
        + "low = panels.amin(dim=(-2, -1), keepdim=True)\n    "
        + "return (panels - low) / (panels.amax(dim=(-2, -1), keepdim=True) - low)",
        "each alone",
    ),
    ("query", CELLS["query-starter"], "because colour"),
    ("query", "query = torch.zeros(6)", "because zero"),
    ("query", "query = torch.tensor([0.0, 1.0, 0.0, 0.0, 0.0, 0.0])", "because book"),
    ("query", "query = torch.tensor([-1.0, 2.0, 0.0, 0.0, 0.0, 0.0])", "because book"),
    ("query", "query = torch.tensor([1.0, 0.0, 0.0, 0.0, 0.0, 0.0])", "because newspaper"),
    ("query", "query = torch.tensor([-1, 0, 0, 0, 0, 0])", "because desk"),
    ("query", "query = [0, 1, 0, 0, 0, 0]", "query shape"),
    ("query", "query = torch.ones(3)", "query shape"),
    ("query", "wish = torch.ones(6)", "missing"),
    ("scores", CELLS["scores-starter"], "not scaled"),
    ("scores", CELLS["scores-starter"], "still the dot product"),
    ("scores", SCORES + SCALED + "dot(queries, keys) / queries.shape[-1]", "no root"),
    ("scores", SCORES + DOT + "keys @ queries.transpose(-2, -1)", "keys by queries"),
    ("scores", SCORES + DOT + "queries * keys", "product of features"),
    ("scores", SCORES + GAUSS + "-squared", "no half"),
    ("scores", SCORES + GAUSS + "squared / 2", "no minus"),
    ("scores", SCORES + GAUSS + "squared", "no half, no minus"),
    ("scores", SCORES + GAUSS + "-squared.sqrt()", "not squared"),
    ("scores", SCORES + GAUSS + "-squared.sqrt() / 2", "not squared"),
    ("scores", SCORES + GAUSS + "(-squared / 2).exp()", "exponentiated"),
]
RIGHT = [
    *((name, CELLS[f"{name}-solution"].partition("\n\n\nshow")[0]) for name in EXERCISES),
    ("softmax", SOFTMAX + "return torch.softmax(scores, dim=-1)"),
    ("softmax", SOFTMAX + "return (scores - scores.logsumexp(-1, keepdim=True)).exp()"),
    (
        "pooling",
        "from attncues import attention_pooling\n"
        "def pool(queries, keys, values, mask):\n"
        "    return attention_pooling(queries, keys, values, mask=mask)[0]",
    ),
    ("shades", SHADES + "return panels / panels.flatten().max()"),
    ("query", "query = torch.tensor([-5.0, 5.0, 1.0, 2.0, 3.0, -4.0])"),
    (
        "scores",
        "from attncues import dot_product as dot, gaussian as gauss, scaled_dot_product as scaled",
    ),
]


def feedback(exercise: str, code: str, lang: str = "en") -> Any:
    space: dict[str, Any] = {"torch": torch, "desks": DESKS, "keys": DESKS[0]}
    exec(code, space)
    return check(exercise, space, lang)


def sentences(words: str) -> list[str]:
    """What surely stands in a sentence: the pieces between its placeholders."""
    return [piece for piece in re.split(r"\{.*?\}", words) if piece.strip(" :：，,。.")]


@pytest.mark.parametrize(("exercise", "code"), RIGHT)
def test_what_is_right_passes_every_case(exercise: str, code: str) -> None:
    said = feedback(exercise, code)
    assert said.solved, said
    assert len(said.cases) >= 4
    assert "✗" not in repr(said)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("exercise", "code", "words"), WRONG)
def test_what_is_wrong_hears_what_is_wrong_with_it(
    exercise: str, code: str, words: str, lang: str
) -> None:
    said = feedback(exercise, code, lang)
    assert not said.solved
    told = [text for passed, text in said.cases if not passed]
    assert any(all(piece in text for piece in sentences(WORDS[lang][words])) for text in told), (
        f"no case says {WORDS[lang][words]!r}:\n{said}"
    )


def test_each_mistake_that_can_be_named_is_made_here() -> None:
    source = (ROOT / "attncues" / "practice.py").read_text("utf-8")
    named = set(re.findall(r'^ +(?:mistakes.append\()?\("([\w ,]+)", [^"]', source, re.MULTILINE))
    titles = {key for key in named if f'("{key}", [[' in source or f'("{key}", [both' in source}
    assert len(named - titles) > 20
    assert named - titles <= {words for _, _, words in WRONG}


def test_a_part_of_an_answer_passes_a_part_of_the_cases() -> None:
    said = feedback("scores", CELLS["scores-starter"])
    assert [passed for passed, _ in said.cases] == [True, True, False, False, False, False]
    said = feedback("query", "query = torch.tensor([-1.0, 2.0, 0.0, 0.0, 0.0, 0.0])")
    assert {passed for passed, _ in said.cases} == {True, False}


def test_feedback_says_what_was_given_expected_and_came() -> None:
    said = feedback("scores", SCORES + GAUSS + "-squared")
    assert said.cases[4] == (
        False,
        "Gaussian: given queries = [[1, 2, 0, 2]], keys = [[3, 1, 0, 0]], expected [[−4.5]], "
        "but got [[−9]]. The squared distance is not halved.",
    )
    said = feedback("softmax", SOFTMAX + "return scores.lo()")
    assert "it stopped with AttributeError: " in said.cases[0][1]
    assert "\n" not in said.cases[0][1]


def test_both_languages_have_the_same_words_with_the_same_places() -> None:
    english, chinese = WORDS["en"], WORDS["zh"]
    assert list(english) == list(chinese)
    for key, text in english.items():
        one, other = ({name for _, name, *_ in string.Formatter().parse(words) if name}
                      for words in (text, chinese[key]))  # fmt: skip
        assert one == other, key
        assert not re.search("[\u4e00-\u9fff]", text)


@pytest.mark.thorough
def test_micropython_says_what_torch_says() -> None:
    """The one runtime is in a reader's browser, the other in a notebook."""
    before = f"import torch\ndesks = torch.tensor({DESKS.tolist()})\nkeys = desks[0]"
    asked = [
        (exercise, code, ("en", "zh")[number % 2])
        for number, (exercise, code, *_) in enumerate([*RIGHT, *WRONG])
        if "logsumexp" not in code  # which the small torch has not
    ]
    answers = live._run(
        live.python_files(CONFIG),
        [
            {
                "code": f"{code}\n{practice.call(exercise, lang)}",
                "prelude": [before, practice.prelude(CONFIG)],
            }
            for exercise, code, lang in asked
        ],
    )
    for (exercise, code, lang), answer in zip(asked, answers, strict=True):
        assert answer["answer"]["error"] is None, (code, answer)
        assert answer["answer"]["text"] == repr(feedback(exercise, code, lang)), code


@pytest.mark.parametrize(
    ("starter", "solution", "said"),
    [
        (SOFTMAX + "return scores", SOFTMAX + "return scores.softmax(dim=-1)", None),
        (
            SOFTMAX + "return scores.softmax(dim=-1)",
            SOFTMAX + "return scores.softmax(dim=-1)",
            "the starter of the exercise softmax must not pass every case",
        ),
        (
            SOFTMAX + "return scores",
            SOFTMAX + "return scores.softmax(dim=0)",
            "the solution of the exercise softmax must pass every case",
        ),
        (
            SOFTMAX + "return scores",
            "nothing_such",
            "the solution of the exercise softmax raises in MicroPython",
        ),
        (SOFTMAX + "return scores", None, "the exercise softmax needs a cell softmax-solution"),
    ],
)
def test_a_build_fails_if_a_solution_is_wrong_or_a_starter_right(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    starter: str,
    solution: str | None,
    said: str | None,
) -> None:
    script = tmp_path / "page.py"
    last = "" if solution is None else f"# %% softmax-solution\n{solution}\n"
    script.write_text(
        f'"""Cells."""\n\n# %% softmax-starter tags=["live"]\nimport torch\n{starter}\n{last}',
        encoding="utf-8",
    )
    found = {cell.name: cell for cell in cells.read_cells(script, "page.py")}
    state = {"lines": ["import torch"], "absent": []}
    notebook = types.SimpleNamespace(
        wrong=False, cells=found, result=types.SimpleNamespace(states={"softmax-starter": state})
    )
    pages: Any = types.SimpleNamespace(notebooks={"page": notebook})
    monkeypatch.setattr(practice, "cache", lambda config: tmp_path)
    reported: list[str] = []
    monkeypatch.setattr(practice, "report", reported.append)
    for _ in range(2):  # from nothing, and with what was kept
        reported.clear()
        practice.check(pages, CONFIG)
        if said is None:
            assert reported == []
        else:
            assert reported and all(said in one for one in reported), reported

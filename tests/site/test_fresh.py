"""A page shows what today's code computes.

If one fails, something old could be published: look at what counts in docs/hooks/engine/runs.py
(results of cells) and in docs/hooks/speed (whole pages, the search). `rm -rf .cache` helps you
go on, but mends nothing. tests/hooks/test_runs.py tests what each run depends on.
"""

import os
import py_compile
import shutil
from pathlib import Path

import pytest

from tests.conftest import Project, tree


@pytest.mark.thorough
def test_an_edit_runs_the_pages_that_it_can_change_and_no_other(small: Project) -> None:
    # Of prose.
    small.edit("docs/en/third.md", "The largest weight", "Beware: the weight")
    result = small.build()
    assert result.code == 0, result.log
    assert result.ran == set()
    assert "Beware: the weight" in small.html("third")
    # Of a cell.
    small.edit("attncues/chapter/third.py", "0.7", "0.6")
    small.edit("attncues/chapter/second.py", "# %% identity", "# A note.\n\n# %% identity")
    result = small.build()
    assert result.code == 0, result.log
    assert result.ran == {"third"}
    assert "the weight is 0.6" in small.html("third")
    # Of the package, in a module that two pages load.
    before = small.html("third")
    small.append("attncues/heatmaps/grid.py", "\nprint('This is news.')\n")
    result = small.build()
    assert result.code == 0, result.log
    assert result.ran == {"index", "second"}
    assert "This is news." in small.html("")
    assert "This is news." in small.html("zh/second")
    assert small.html("third") == before


@pytest.mark.thorough
def test_a_page_that_no_longer_agrees_with_the_package_is_not_published(small: Project) -> None:
    small.edit(
        "attncues/chapter/index.py",
        "largest = weights",
        "assert attention_weights(2 * queries, queries).max() > 0.9\nlargest = weights",
    )
    assert small.build().code == 0
    small.edit("attncues/pooling.py", "temperature: float = 1.0", "temperature: float = 100.0")
    result = small.build()
    assert result.code != 0
    assert "attncues/chapter/index.py, line 4, cell heatmap: AssertionError" in result.log


@pytest.mark.thorough
def test_compiled_files_of_another_state_do_not_count(small: Project) -> None:
    module = small.folder / "attncues/words/heatmaps.py"
    py_compile.compile(str(module))
    times = module.stat()
    text = module.read_text(encoding="utf-8")
    module.write_text(text.replace("Values run from", "Numbers are at"), encoding="utf-8")
    os.utime(module, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert module.stat().st_size == times.st_size - 1
    module.write_text(module.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    os.utime(module, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert small.build().code == 0
    assert "Numbers are at" in small.html("")


@pytest.mark.thorough
def test_a_page_that_stays_as_it_is_notices_what_it_links_to(small: Project) -> None:
    links = "[one](second.md), [two](third.md#there)"
    for edition in ("en", "zh"):
        small.append(f"docs/{edition}/summary.md", f"\n{links}\n")
        small.append(f"docs/{edition}/third.md", "\n## There\n")
    # With --verbose, MkDocs does not note which anchors a page needs.
    assert small.build("--verbose").code == 0
    for edition in ("en", "zh"):
        small.edit(f"docs/{edition}/third.md", "## There", "## Elsewhere")
    for _ in range(2):
        result = small.build()
        assert result.code != 0
        assert "'en/summary.md' contains a link 'third.md#there'" in result.log
    for edition in ("en", "zh"):
        small.edit(f"docs/{edition}/third.md", "## Elsewhere", "## There")
        (small.folder / f"docs/{edition}/second.md").unlink()
    for _ in range(2):
        result = small.build()
        assert result.code != 0
        assert "'en/summary.md' contains a link 'second.md'" in result.log


@pytest.mark.thorough
def test_after_many_kinds_of_edit_the_site_is_as_if_no_page_were_kept(small: Project) -> None:
    for edition in ("en", "zh"):
        small.append(f"docs/{edition}/second.md", "\nA query asks.\n")
        small.append(f"docs/{edition}/summary.md", "\n::: attncues.heatmaps.draw_heatmaps\n")
    table = "English,中文\nThe lower end of a linear scale.,线性色阶的下端。\n"
    (small.folder / "docs/docstrings.csv").write_text(table, encoding="utf-8")
    assert small.build().code == 0
    before = tree(small.site)
    for file, old, new in (
        ("docs/en/second.md", "asks.", "asks a question."),  # the Chinese page is older now
        ("docs/en/second.md", "# Second", "# The second"),
        ("docs/en/third.md", "with a number", "with one number"),
        ("docs/zh/third.md", "# Third", "## There\n\n# Third"),
        ("docs/docstrings.csv", "线性色阶的下端", "线性色阶的最下端"),
        ("docs/overrides/partials/actions.html", "{% if", "<i>News</i>{% if"),
        ("docs/assets/site.css", "{", "{ --news: 1;"),
        ("mkdocs.yml", "How this was computed", "How it was computed"),
        ("mkdocs.yml", "site_name: Attention", "site_name: News of attention"),
        ("attncues/chapter/third.py", "0.7", "0.6"),
        ("attncues/chapter/index.py", "# %% heatmap", '# %% heatmap tags=["hide-input"]'),
        ("attncues/heatmaps/layout.py", "BAR_WIDTH = 10.0", "BAR_WIDTH = 12.0"),
        ("attncues/heatmaps/__init__.py", "The lower end of", "News: the lower end of"),
        ("docs/hooks/book/page_weight.py", "[npwo]", "[npw]"),
    ):
        small.edit(file, old, new)
        result = small.build()
        assert result.code == 0, result.log
        after = tree(small.site)
        assert after != before, f"{file} changes nothing"
        for kept in (small.folder / ".cache").iterdir():
            if kept.name not in ("runs", "fonts", "cards"):
                shutil.rmtree(kept)
        assert small.build().code == 0
        before = tree(small.site)
        assert after == before, file


@pytest.mark.thorough
def test_explorers_of_one_name_are_named_though_one_of_them_is_as_it_was(small: Project) -> None:
    small.edit("attncues/chapter/index.py", "# %% heatmap", "# %% identity")
    for edition in ("en", "zh"):
        small.edit(f"docs/{edition}/index.md", "cell | heatmap", "cell | identity")
        small.edit(f"docs/{edition}/index.md", "figure=heatmap", "figure=identity")
    for _ in range(2):
        result = small.build()
        assert result.code != 0
        assert "en/second.md: the explorer identity has the name of one of" in result.log


@pytest.mark.thorough
def test_what_pages_tell_each_other_is_told_again(small: Project) -> None:
    for edition in ("en", "zh"):
        small.append(f"docs/{edition}/second.md", "\n## There\n")
        small.append(f"docs/{edition}/third.md", "\n::: attncues.diagrams.query_keys_values\n")
        links = "[there][there], [pool][attncues.diagrams.query_keys_values.draw_framework]"
        small.append(f"docs/{edition}/summary.md", f"\n{links}\n")
    assert small.build().code == 0
    first = tree(small.site)
    assert 'href="../second/#there"' in small.html("summary")
    assert 'href="../third/#attncues.diagrams.query_keys_values.draw_framework"' in small.html(
        "summary"
    )
    assert "objects.inv" in first
    assert small.build().code == 0
    assert tree(small.site) == first

    small.edit("attncues/diagrams/query_keys_values.py", '"""', '"""This is news. ')
    assert small.build().code == 0
    assert "This is news." in small.html("third")
    assert "This is news." in (small.site / "search/search_index.json").read_text()


@pytest.mark.thorough
def test_a_docstring_that_is_wrong_fails_each_build(small: Project) -> None:
    for edition in ("en", "zh"):
        small.append(f"docs/{edition}/summary.md", "\n::: attncues.diagrams.query_keys_values\n")
    small.edit(
        "attncues/diagrams/query_keys_values.py",
        "    Args:\n",
        "    Args:\n        other: Not there.\n",
    )
    for _ in range(2):
        result = small.build()
        assert result.code != 0
        assert "Parameter 'other' does not appear" in result.log


@pytest.mark.thorough
def test_pages_with_the_same_code_run_once(small: Project) -> None:
    for lang in ("en", "zh"):
        twin = small.folder / f"docs/{lang}/twin.md"
        shutil.copy(small.folder / f"docs/{lang}/third.md", twin)
        small.edit(f"docs/{lang}/twin.md", "The largest weight", "Think again: it")
    chapter = small.folder / "attncues" / "chapter"
    shutil.copy(chapter / "third.py", chapter / "twin.py")
    result = small.build()
    assert result.code == 0, result.log
    assert result.ran == set()
    assert "Think again: it is 0.7" in small.html("twin")


@pytest.mark.thorough
def test_without_what_makes_it_quick_the_site_is_the_same(
    small_built: Project, small: Project
) -> None:
    shutil.rmtree(small.folder / "docs" / "hooks" / "speed")
    shutil.rmtree(small.folder / ".cache")
    result = small.build()
    assert result.code == 0, result.log
    assert tree(small.site) == tree(small_built.site)
    assert {path.name for path in (small.folder / ".cache").iterdir()} == {"fonts", "runs"}


@pytest.mark.thorough
def test_two_clean_builds_are_the_same(small_built: Project, tmp_path: Path) -> None:
    other = Project.copy(small_built.folder, tmp_path / "deep" / "in another folder")
    shutil.rmtree(other.folder / ".cache")
    result = other.build()
    assert result.code == 0, result.log
    assert tree(other.site) == tree(small_built.site)


@pytest.mark.thorough
def test_a_second_build_makes_no_page_again(small: Project) -> None:
    kept = [small.folder / ".cache" / name for name in ("pages", "html")]
    for folder in kept:
        shutil.rmtree(folder)
    assert small.build().code == 0
    before = [set(tree(folder)) for folder in kept]
    assert [len(names) for names in before] == [8, 8], "four pages in two languages"
    assert small.build().code == 0
    assert [set(tree(folder)) for folder in kept] == before

"""A page shows what today's code computes.

If one fails, something old could be published: look at what counts in docs/hooks/runs.py (results
of cells), docs/hooks/pages.py (rendered pages) and docs/hooks/search.py. `rm -rf .cache` helps
you go on, but mends nothing.
"""

import json
import os
import py_compile
import shutil
from pathlib import Path

from tests.conftest import ROOT, Project, tree

HEATMAPS = {"index.md", "visualising-attention.md", "reading-heatmaps.md", "exercises.md"}
HEATMAPS |= {"queries-keys-values.md"}
VISION = {"index.md", "cues.md", "visual-search.md", "queries-keys-values.md"}
EXECUTED = HEATMAPS | VISION | {"hard-attention.md"}
USERS = {
    "__init__.py": EXECUTED,
    **dict.fromkeys(["grids.py", "images.py", "style.py"], EXECUTED),
    **dict.fromkeys(["heatmaps.py", "descriptions.py", "layouts.py", "panels.py"], HEATMAPS),
    "readers.py": HEATMAPS,
    "scales.py": HEATMAPS,
    "names.py": HEATMAPS | VISION,
    "pooling.py": HEATMAPS | {"hard-attention.md"},
    "misleading.py": {"reading-heatmaps.md"},
    **dict.fromkeys(["gaze.py", "saliency.py", "scenes.py"], VISION),
    "cues.py": {"index.md", "cues.md"},
    "framework.py": {"queries-keys-values.md"},
    "pools.py": {"queries-keys-values.md"},
    "glimpse.py": {"hard-attention.md"},
    "glimpses.py": {"hard-attention.md"},
    "translation.py": {"exercises.md"},
    # Their figures come from the runs of the pages.
    "figures.py": set(),
    "__main__.py": set(),
}
"""Which pages load which module of the package."""


def address(page: str) -> str:
    return page.removesuffix(".md").removesuffix("index")


def test_a_run_remembers_just_the_modules_that_it_loaded(built: Project) -> None:
    users: dict[str, set[str]] = {path.name: set() for path in (ROOT / "attncues").glob("*.py")}
    for path in built.runs.glob("*.json"):
        body = json.loads(path.read_bytes().partition(b"\n")[2])
        for module in body["sources"].keys() & users.keys():
            users[module].add(body["page"].removeprefix("en/"))
    changed = {
        module: users[module] for module in users if users[module] != USERS.get(module, set())
    }
    assert changed == {}, (
        "these modules are used by these pages: if that is meant, write it into USERS in "
        "tests/site/test_fresh.py"
    )
    assert USERS.keys() <= users.keys(), "take out of USERS what is no module any more"


def test_a_change_in_the_package_reaches_the_pages_that_use_it_and_no_other(
    built: Project, project: Project
) -> None:
    news = {"misleading.py": "a new way to mislead", "framework.py": "a new framework"}
    for module, text in news.items():
        project.append(f"attncues/{module}", f'\nprint("{text}")\n')
    result = project.build()
    assert result.code == 0, result.log
    assert result.ran == {f"en/{page}" for module in news for page in USERS[module]}
    for page in EXECUTED:
        for module, text in news.items():
            assert (text in project.html(address(page))) == (page in USERS[module])
    assert project.html("summary") == built.html("summary")


def test_a_page_that_no_longer_agrees_with_the_package_is_not_published(small: Project) -> None:
    small.edit(
        "docs/en/index.md",
        "largest = weights",
        "assert attention_weights(2 * queries, queries).max() > 0.9\nlargest = weights",
    )
    assert small.build().code == 0
    small.edit("attncues/pooling.py", "temperature: float = 1.0", "temperature: float = 100.0")
    result = small.build()
    assert result.code != 0
    assert "en/index.md, cell" in result.log
    assert "AssertionError" in result.log


def test_an_edit_while_a_page_runs_is_not_mixed_in(small: Project) -> None:
    for edition in ("en", "zh"):
        small.edit(
            f"docs/{edition}/index.md",
            "import torch\n",
            "import time, torch; time.sleep(4)\n",
        )
    module = small.folder / "attncues" / "heatmaps.py"
    right = module.read_text(encoding="utf-8")
    process = small.start("build")
    assert process.stdout is not None
    for line in process.stdout:
        if "Running en/index.md" in line:
            break
    module.write_text(right + '\nprint("a passing state")\n', encoding="utf-8")
    process.communicate(timeout=120)
    module.write_text(right, encoding="utf-8")
    result = small.build()
    assert result.ran == set()
    assert "a passing state" not in small.html("")


def test_compiled_files_of_another_state_do_not_count(small: Project) -> None:
    module = small.folder / "attncues" / "descriptions.py"
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


def test_a_new_data_file_of_the_package_is_noticed(small: Project) -> None:
    (small.folder / "attncues" / "terms.csv").write_text("a,b\n")
    assert len(small.build().ran) == 3
    (small.folder / "attncues" / ".terms.csv.swp").write_text("an editor's own")
    assert small.build().ran == set()


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


def test_what_pages_tell_each_other_is_told_again(small: Project) -> None:
    for edition in ("en", "zh"):
        small.append(f"docs/{edition}/second.md", "\n## There\n")
        small.append(f"docs/{edition}/third.md", "\n::: attncues.framework\n")
        links = "[there][there], [pool][attncues.framework.draw_framework]"
        small.append(f"docs/{edition}/summary.md", f"\n{links}\n")
    assert small.build().code == 0
    first = tree(small.site)
    assert 'href="../second/#there"' in small.html("summary")
    assert 'href="../third/#attncues.framework.draw_framework"' in small.html("summary")
    assert "objects.inv" in first
    assert small.build().code == 0
    assert tree(small.site) == first

    small.edit("attncues/framework.py", '"""', '"""This is news. ')
    assert small.build().code == 0
    assert "This is news." in small.html("third")
    assert "This is news." in (small.site / "search/search_index.json").read_text()


def test_a_docstring_that_is_wrong_fails_each_build(small: Project) -> None:
    for edition in ("en", "zh"):
        small.append(f"docs/{edition}/summary.md", "\n::: attncues.framework\n")
    small.edit("attncues/framework.py", "    Args:\n", "    Args:\n        other: Not there.\n")
    for _ in range(2):
        result = small.build()
        assert result.code != 0
        assert "Parameter 'other' does not appear" in result.log


def test_a_change_of_prose_starts_no_kernel(project: Project) -> None:
    project.edit("docs/en/visualising-attention.md", "Scores are not weights.", "Beware of scores.")
    result = project.build()
    assert result.code == 0, result.log
    assert result.ran == set()
    assert "Beware of scores." in project.html("visualising-attention")


def test_a_changed_cell_runs_and_other_pages_do_not(project: Project) -> None:
    project.edit("docs/en/visualising-attention.md", "manual_seed(1)", "manual_seed(2)")
    result = project.build()
    assert result.code == 0, result.log
    assert result.ran == {"en/visualising-attention.md"}


def test_pages_with_the_same_code_run_once(project: Project) -> None:
    shutil.copy(project.folder / "docs/en/index.md", project.folder / "docs/en/twin.md")
    project.edit("mkdocs.yml", "      - exercises.md", "      - exercises.md\n      - twin.md")
    project.edit("docs/en/twin.md", "Sometimes the thing itself", "Think twice")
    project.edit("docs/en/twin.md", "manual_seed(0)", "manual_seed(7)")
    project.edit("docs/en/index.md", "manual_seed(0)", "manual_seed(7)")
    result = project.build()
    assert result.code == 0, result.log
    assert len(result.ran) == 1
    assert "Think twice" in project.html("twin")


def test_two_clean_builds_are_the_same(built: Project, tmp_path: Path) -> None:
    other = Project.copy(built.folder, tmp_path / "deep" / "in another folder")
    shutil.rmtree(other.folder / ".cache")
    assert other.build().code == 0
    one, two = tree(built.site), tree(other.site)
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []

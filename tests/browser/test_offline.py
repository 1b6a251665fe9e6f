"""The site as a zip, unpacked and opened without a server.

If one fails, make the zip as docs/en/contributing.md says, unpack it, and open its index.html:
docs/hooks/book/offline.py packs it.
"""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Watch
from tests.browser.test_live import edit, run
from tests.conftest import Project


def pack(project: Project) -> Path:
    target = project.folder / "build" / "attention-cues.zip"
    command = [sys.executable, "docs/hooks/book/offline.py", str(target)]
    result = subprocess.run(
        command, cwd=project.folder, env=project.environment(), capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    return target


def search(page: Page, name: str, query: str, found: str) -> None:
    box = page.get_by_role("textbox", name=name)
    box.click()
    box.fill(query)
    box.press("End")  # the search listens to keys
    page.locator(f".md-search-result__item a[href*='{found}?h=']:not([href$='='])").first.click()
    expect(page.locator("article mark").first).to_be_attached()


@pytest.mark.thorough
def test_the_unpacked_zip_works_without_a_server(
    context: BrowserContext, project: Project, tmp_path: Path
) -> None:
    with zipfile.ZipFile(pack(project)) as packed:
        packed.extractall(tmp_path / "elsewhere")
    address = (tmp_path / "elsewhere" / "attention-cues").as_uri()
    watch = Watch(context, address)
    page = context.new_page()
    page.goto(f"{address}/index.html")
    expect(page.get_by_role("img", name="A heatmap of the attention weights").first).to_be_visible()

    page.locator("article").get_by_role("link", name="Queries, keys and values").click()
    expect(page).to_have_url(f"{address}/queries-keys-values.html")
    page.evaluate("document.fonts.ready.then(() => true)")
    assert page.evaluate("document.fonts.check('16px \"STIX Two Math\"')")
    search(page, "Search", "nonvolitional", f"{address}/cues.html")

    page.locator(".md-header .md-select button").hover()
    page.locator(".md-header a[hreflang=zh]").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    assert page.url.startswith(f"{address}/zh/cues.html")
    search(page, "搜索", "自主性", f"{address}/zh/summary.html")
    page.locator(".md-header .md-logo").click()
    expect(page).to_have_url(f"{address}/zh/index.html")

    # A reader changes a cell and runs it, where nothing may be fetched.
    page.goto(f"{address}/visualising-attention.html")
    cell = edit(page, "scores")
    expect(cell).to_contain_text("Python is ready")
    expect(run(cell, "1 + 1")).to_have_text("2")

    assert watch.foreign == []
    assert watch.errors == []


@pytest.mark.thorough
def test_a_page_offers_the_zip_that_lies_beside_it(
    small: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOWNLOAD", "build/attention-cues.zip")
    result = small.build()
    assert result.code != 0
    assert "DOWNLOAD is 'build/attention-cues.zip', which is no file" in result.log

    target = pack(small)
    assert small.build().code == 0
    assert (small.site / "attention-cues.zip").read_bytes() == target.read_bytes()
    assert 'href="../../attention-cues.zip" download' in small.html("zh/second")
    with zipfile.ZipFile(target) as packed:
        assert not any(b"attention-cues.zip" in packed.read(name) for name in packed.namelist())

    before = target.read_bytes()
    os.utime(small.folder / "docs" / "assets" / "site.css", (10**9, 10**9))
    assert pack(small).read_bytes() == before
